//! The whole configuration: what a file of it holds.

use super::{
    Change, DataConfig, EndingConfig, FeesConfig, HouseholdConfig, PolicySleeve, Restrictions,
    SimulationConfig, SmaConfig, TaxConfig, TradingConfig, WorkloadConfig,
};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

use super::json::from_value;
use unisleeve_market::risk::RiskSettings;
use unisleeve_tax::planning::{marginal_rates, state_rates};
use unisleeve_tax::{Laws, Outside, TaxRates};

/// Configuration of a run: everything except prices. Without `data`, keys that are left out come from the
/// configuration of the embedded sample, which has dates, cash, flows and a policy. With `data`, nothing
/// comes from the sample, and `start`, `end` and `policy` are required.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Date of the first session; if it is not a session, the next one.
    pub start: NaiveDate,
    /// Date of the last session; if it is not a session, the one before.
    pub end: NaiveDate,
    /// Seed for all random numbers. A replay of history uses none but still reports the seed.
    pub seed: u64,
    /// The household's accounts, holdings and flows.
    pub household: HouseholdConfig,
    /// Policy mix: sleeves whose weights add up to 1.
    pub policy: Vec<PolicySleeve>,
    /// Restrictions on what is held, bought and sold.
    #[serde(skip_serializing_if = "Restrictions::is_empty")]
    pub restrictions: Restrictions,
    /// Named lists of symbols for use in restrictions, such as `tobacco = ["PM", "MO"]`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<String, Vec<String>>,
    /// Changes of strategy on given dates: another policy mix, or other restrictions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// File with a third party's allocation model: dated weights of the policy's sleeves in the columns
    /// `date,sleeve,weight`. The command reads it and turns it into `changes`; the page can't read files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Groups of symbols that are substantially identical under the wash-sale rule (IRC 1091).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identical: Vec<Vec<String>>,
    /// Symbols that the wash-sale rule does not cover, because they are no stock or security: commodities held
    /// directly, section 1256 contracts (IRC 1256(f)(5)), floating money market funds (Rev. Proc. 2014-45). They
    /// are in no group of `identical`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wash_exempt: Vec<String>,
    /// Tax law, outside income and the value of tax paid later.
    pub tax: TaxConfig,
    /// How the portfolio may end: given to charity or to a person.
    pub ending: EndingConfig,
    /// Trading terms: cadence, costs and risk aversion. They are the same in every arm.
    pub trading: TradingConfig,
    /// Settings for separate management only.
    pub sma: SmaConfig,
    /// Management fees of each setup.
    #[serde(skip_serializing_if = "FeesConfig::is_free")]
    pub fees: FeesConfig,
    /// Cost of work. It is reported and never charged.
    #[serde(skip_serializing_if = "WorkloadConfig::is_default")]
    pub workload: WorkloadConfig,
    /// Settings of the risk model.
    pub risk: RiskSettings,
    /// Simulated futures instead of history, for `unisleeve simulate` and the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simulation: Option<SimulationConfig>,
    /// Price files. Default: the embedded sample. The command reads them; the page can't read files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<DataConfig>,
    /// Other names for columns of the files. Both `close = "px"` and `px = "close"` say that a column `px`
    /// holds closes. If a file has several such columns, the first value that is not empty counts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
}

impl Config {
    /// The household's income from outside the portfolio in a year, without dated gains.
    pub fn outside_in(&self, year: i32) -> Outside {
        self.tax.outside.in_year(&self.household.outside_income, year)
    }

    /// State tax per dollar of a further $10,000 of gain in the first year, by term; zero if the law of the year is
    /// not known.
    pub fn state_rates(&self) -> TaxRates {
        let year = self.start.year();
        let laws = self.tax.laws(year);
        laws.map_or(TaxRates { short: 0.0, long: 0.0 }, |laws| {
            state_rates(&laws.of(year), &self.outside_in(year))
        })
    }

    /// Rates on gains that are realized later or at liquidation, as they seem in a year: those of the
    /// configuration, otherwise the household's marginal ones. Under a fixed law that is indexed, they are
    /// those of its first year, in real terms.
    pub fn later_rates(&self, laws: &Laws, year: i32) -> TaxRates {
        let of_law = if laws.is_dated() { year } else { self.start.year() };
        let rates = marginal_rates(&laws.of(of_law), &self.outside_in(year));
        TaxRates {
            short: self.tax.liquidation_short.unwrap_or(rates.short),
            long: self.tax.liquidation_long.unwrap_or(rates.long),
        }
    }
}

impl Default for Config {
    /// Defaults for any household, without dates and policy. Those of the sample are in [`sample_config`](super::sample_config).
    fn default() -> Self {
        Self {
            start: NaiveDate::default(),
            end: NaiveDate::default(),
            seed: 0,
            household: HouseholdConfig::default(),
            policy: Vec::new(),
            restrictions: Restrictions::default(),
            lists: BTreeMap::new(),
            changes: Vec::new(),
            model: None,
            identical: Vec::new(),
            wash_exempt: Vec::new(),
            tax: TaxConfig::default(),
            ending: EndingConfig::default(),
            trading: TradingConfig::default(),
            sma: SmaConfig::default(),
            fees: FeesConfig::default(),
            workload: WorkloadConfig::default(),
            risk: RiskSettings::default(),
            simulation: None,
            data: None,
            columns: BTreeMap::new(),
        }
    }
}

impl Config {
    /// Reads a configuration from a JSON value. Keys left out take their defaults.
    ///
    /// # Errors
    /// A sentence with the key of a value that does not fit, and the reason.
    // Not generic: one reader for all crates that read configurations.
    pub fn from_value(value: &Value) -> Result<Self, String> {
        from_value(value)
    }

    /// The band of asset classes: `trading.band`, or `sma.band` in files that have the key at its former place.
    pub fn band(&self) -> f64 {
        self.sma.band.unwrap_or(self.trading.band)
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "values as they were given")]
mod tests {
    use super::super::sample_config_with;

    /// The band's former key is read, and not beside the new one.
    #[test]
    fn the_band_is_read_at_both_places() {
        let with = |text: &str| sample_config_with(text).unwrap();
        assert_eq!(with("{}").band(), 0.02);
        assert_eq!(with(r#"{"trading": {"band": 0.03}}"#).band(), 0.03);
        let old = with(r#"{"sma": {"band": 0.04}}"#);
        assert_eq!((old.band(), old.faults()), (0.04, Vec::new()));
        let both = with(r#"{"trading": {"band": 0.03}, "sma": {"band": 0.04}}"#);
        assert_eq!(both.faults().first().map(|f| f.key.as_str()), Some("sma.band"));
    }
}
