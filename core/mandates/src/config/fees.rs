//! What each manager charges, and what work costs.

use serde::{Deserialize, Serialize};

/// Annual fees as fractions of value, charged on the first session of each quarter for the quarter before.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct FeesConfig {
    /// Fee of the direct-index managers, on what they manage.
    pub direct_index: f64,
    /// Fee of the advisor on the whole portfolio, under separate management and in the arms that hold only
    /// funds.
    pub advisor: f64,
    /// Fee of the one manager in UMA, on the whole portfolio.
    pub uma: f64,
}

impl FeesConfig {
    /// Whether all fees are zero.
    pub fn is_free(&self) -> bool {
        *self == Self::default()
    }
}

/// What work takes, and what it costs. It is not charged to the household.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct WorkloadConfig {
    /// Minutes for a task, the same in every arm. A task is one manager's work on the household on one day. To
    /// rebalance a typical household by hand takes 18 to 20 minutes (G. Daryanani, quoted in Financial Advisor
    /// magazine, fa-mag.com/news/article-1019.html). With meetings, tickets and their review a firm with 123
    /// clients spends 100 to 120 hours on a round, which is 49 to 59 minutes a client ("Saving Time and Money in
    /// Operations - Rebalancing", advisors4advisors.com, 2 October 2009).
    pub minutes_per_task: f64,
    /// Minutes for each instruction from the advisor to another manager, on top of the task. Default: 0, because
    /// the sources above count instructions within the task.
    pub minutes_per_ticket: f64,
    /// Minutes for each transfer of money between managers, on top of the task. Default: 0, as above.
    pub minutes_per_transfer: f64,
    /// Dollars an hour of work costs. Default: none; then work is shown in hours alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hourly_rate: Option<f64>,
}

impl Default for WorkloadConfig {
    fn default() -> Self {
        Self { minutes_per_task: 18.0, minutes_per_ticket: 0.0, minutes_per_transfer: 0.0, hourly_rate: None }
    }
}

impl WorkloadConfig {
    /// Whether all values are the defaults.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Hours for a number of tasks, instructions and transfers. The numbers may be averages.
    pub fn hours(&self, tasks: f64, tickets: f64, transfers: f64) -> f64 {
        let minutes = tasks * self.minutes_per_task
            + tickets * self.minutes_per_ticket
            + transfers * self.minutes_per_transfer;
        minutes / 60.0
    }

    /// What hours of work cost, in dollars. `None` without a rate.
    pub fn dollars(&self, hours: f64) -> Option<f64> {
        self.hourly_rate.map(|rate| hours * rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::float_cmp, reason = "exact in binary")]
    #[test]
    fn minutes_of_all_kinds_add_up() {
        let config = WorkloadConfig {
            minutes_per_task: 20.0,
            minutes_per_ticket: 5.0,
            minutes_per_transfer: 10.0,
            hourly_rate: Some(120.0),
        };
        assert_eq!(config.hours(3.0, 6.0, 1.5), 1.75);
        assert_eq!(config.dollars(1.75), Some(210.0));
        assert_eq!(WorkloadConfig::default().hours(10.0, 6.0, 4.0), 3.0);
        assert_eq!(WorkloadConfig::default().dollars(3.0), None);
    }
}
