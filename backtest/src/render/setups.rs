//! Names of the setups for readers.

use unisleeve_core::mandates::{Config, Habits, Practice};

/// Names the setups of one configuration. The arm `sma` is called by what it does: diligent, unless the
/// configuration changes a habit. The default does not know the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Setups {
    is_diligent: bool,
}

impl Setups {
    /// The names under a configuration.
    pub(crate) fn of(config: &Config) -> Self {
        Self { is_diligent: Habits::of(config) == Habits::preset(Practice::Diligent, config) }
    }

    /// The name of an arm. An arm without a name for readers keeps its name in files.
    pub(crate) fn name(self, arm: &str) -> &str {
        match arm {
            "uma" => "UMA",
            "sma" if self.is_diligent => "SMA, diligent",
            "sma" => "SMA, as configured",
            "sma_best" => "SMA, best",
            "sma_typical" => "SMA, typical",
            "funds" => "Funds only",
            "fund_pairs" => "Fund pairs",
            "uma_subset" => "UMA, fewer stocks",
            "shadow" => "Shadow portfolio",
            "uma_equal_te" => "UMA, SMA's risk",
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unisleeve_core::mandates::sample_config_with;

    #[test]
    fn a_changed_habit_changes_the_name() {
        let name = |sma: &str| {
            let config = sample_config_with(&format!("{{\"sma\": {sma}}}")).expect("a configuration");
            Setups::of(&config).name("sma").to_owned()
        };
        assert_eq!(name("{}"), "SMA, diligent");
        assert_eq!(name(r#"{"practice": "diligent", "notice": 1}"#), "SMA, diligent");
        assert_eq!(name(r#"{"practice": "typical"}"#), "SMA, as configured");
        assert_eq!(name(r#"{"notice": 5}"#), "SMA, as configured");
    }
}
