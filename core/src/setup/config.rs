//! What a run is told: household, policy, tax, trading. One type for TOML files and the page's JSON.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::risk::RiskSettings;
use crate::tax::{Deferral, FilingStatus, Law, Outside};
use crate::units::{Money, Rate};

/// Everything a run needs beside prices. Defaults are those of the embedded sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// First session of the run (or the next one).
    pub start: NaiveDate,
    /// Last session of the run (or the one before).
    pub end: NaiveDate,
    /// Seed of everything random. A replay of history uses none; it is reported all the same.
    pub seed: u64,
    /// The household's wealth and flows.
    pub household: HouseholdConfig,
    /// The policy mix: sleeves whose weights add up to 1.
    pub policy: Vec<PolicySleeve>,
    /// Law, outside income and how later tax is valued.
    pub tax: TaxConfig,
    /// How the portfolio may end: what giving it away rests on.
    pub ending: EndingConfig,
    /// Cadence, costs, risk aversion: the same in every arm.
    pub trading: TradingConfig,
    /// What only the separately managed setup needs.
    pub sma: SmaConfig,
    /// Risk model.
    pub risk: RiskSettings,
    /// Price files; none = the embedded sample. Only the command reads files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<DataConfig>,
    /// Other names for columns of the price files: `close = "px"` says that the column `px` holds closes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
}

/// Files to read prices from. Paths are relative to the configuration file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataConfig {
    /// Price files, long or wide.
    pub prices: Vec<PriceFile>,
    /// Names, sectors, asset classes and kinds of the securities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub securities: Option<String>,
}

/// One price file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceFile {
    /// CSV, or CSV compressed with gzip.
    pub file: String,
    /// What its closes contain.
    #[serde(default)]
    pub basis: PriceBasis,
}

/// What closes contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PriceBasis {
    /// As traded.
    Raw,
    /// Adjusted for splits; dividends come beside.
    #[default]
    Split,
    /// Adjusted for splits and dividends: a dividend column beside them would count twice.
    Total,
}

/// Wealth and flows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HouseholdConfig {
    /// Cash that the portfolio starts with.
    pub cash: Money,
    /// Contributions and withdrawals.
    pub flows: Vec<Flow>,
}

/// How often something repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Every {
    /// On one date.
    Once,
    /// On the first session of each month.
    Month,
    /// On the first session of each year.
    Year,
}

/// A client's flow: positive is a contribution, negative a withdrawal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Dollars each time.
    pub amount: Money,
    /// How often.
    pub every: Every,
    /// From this date on (for `once`: on this date or the next session).
    pub from: NaiveDate,
    /// Up to this date; none = to the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

/// A sleeve of the policy: either a direct index (`stocks`) or a fund.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct PolicySleeve {
    /// Name.
    pub name: String,
    /// Share of the portfolio.
    pub weight: f64,
    /// Symbols of a direct index; empty for a fund sleeve.
    pub stocks: Vec<String>,
    /// Weights of the direct index, adding up to 1; empty = equal. They drift with total return.
    pub weights: Vec<f64>,
    /// Date of those weights; none = the start. An index that drifted since an earlier date must say so, or it is not the
    /// index of its fund.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<NaiveDate>,
    /// The fund; for a direct index the fund of the same index, which the control arms hold.
    pub fund: String,
}

/// Law and the household outside the portfolio.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TaxConfig {
    /// Tax year whose law holds through the run: 2025 or 2026.
    pub year: i32,
    /// Filing status.
    pub status: FilingStatus,
    /// Growth of the brackets a year.
    pub inflation: f64,
    /// The household without the portfolio, each year.
    pub outside: Outside,
    /// Short-term loss carried into the first year, positive.
    pub carry_short: Money,
    /// Long-term loss carried into the first year, positive.
    pub carry_long: Money,
    /// Flat rates used for liquidation and for gains taxed later; none = the household's marginal rates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub liquidation_short: Option<f64>,
    /// See `liquidation_short`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub liquidation_long: Option<f64>,
    /// What later tax is worth today.
    pub deferral: Deferral,
}

impl Default for TaxConfig {
    fn default() -> Self {
        Self {
            year: 2026,
            status: FilingStatus::Joint,
            inflation: 0.0,
            outside: Outside::default(),
            carry_short: Money::ZERO,
            carry_long: Money::ZERO,
            liquidation_short: None,
            liquidation_long: None,
            deferral: Deferral::default(),
        }
    }
}

/// How the portfolio may end. Figured beside the run: nothing here changes a trade.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EndingConfig {
    /// Part of the final value that goes to a public charity, 0 to 1.
    pub charity_share: Rate,
    /// Flat rate of a person who is given the portfolio on short-term gain; none = the household's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub donee_short: Option<f64>,
    /// The same on long-term gain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub donee_long: Option<f64>,
}

impl Default for EndingConfig {
    fn default() -> Self {
        Self { charity_share: Rate::from_raw(100_000), donee_short: None, donee_long: None }
    }
}

/// How often the arms rebalance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cadence {
    /// First session of each month.
    Monthly,
    /// First session of each quarter.
    Quarterly,
    /// First session of each year.
    Yearly,
}

/// Trading terms, the same in every arm.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TradingConfig {
    /// When to rebalance.
    pub cadence: Cadence,
    /// `γ` of the household: dollars of cost, as a fraction of value, that it pays to remove half a unit of annual
    /// variance. Each mandate solves with its share of it.
    pub risk_aversion: f64,
    /// Bid–ask spread in basis points; half of it is paid on each trade.
    pub spread_bps: f64,
    /// Orders below this many dollars are not sent.
    pub min_trade: Money,
    /// Cash kept after each rebalancing, as a fraction of the value.
    pub cash_buffer: f64,
}

impl Default for TradingConfig {
    fn default() -> Self {
        Self {
            cadence: Cadence::Monthly,
            risk_aversion: 25.0,
            spread_bps: 4.0,
            min_trade: Money::whole(25),
            cash_buffer: 0.0,
        }
    }
}

/// How the advisor of a separately managed setup steers the sleeves.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SmaConfig {
    /// A sleeve may drift from its policy weight by this fraction of the portfolio before money is moved for it.
    pub band: f64,
    /// Dollars of tax that the advisor pays to remove a dollar of drift inside the band.
    pub drift_price: f64,
}

impl Default for SmaConfig {
    fn default() -> Self {
        Self { band: 0.02, drift_price: 0.01 }
    }
}

/// Stocks of the embedded sample.
const SAMPLE_STOCKS: [&str; 20] = [
    "AAPL", "AMD", "BAC", "BBY", "CVX", "GE", "HD", "JNJ", "JPM", "KO", "LLY", "MRK", "MSFT", "PEP", "PFE",
    "PG", "RRC", "UNH", "WMT", "XOM",
];

impl Default for HouseholdConfig {
    fn default() -> Self {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default();
        Self {
            cash: Money::whole(1_000_000),
            flows: vec![
                Flow {
                    amount: Money::whole(20_000),
                    every: Every::Year,
                    from: day(2001, 1, 1),
                    to: Some(day(2009, 12, 31)),
                },
                Flow { amount: Money::whole(-60_000), every: Every::Year, from: day(2010, 1, 1), to: None },
            ],
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        let fund = |name: &str, weight, symbol: &str| PolicySleeve {
            name: name.to_owned(),
            weight,
            fund: symbol.to_owned(),
            ..PolicySleeve::default()
        };
        Self {
            start: NaiveDate::from_ymd_opt(2000, 1, 3).unwrap_or_default(),
            end: NaiveDate::from_ymd_opt(2016, 12, 30).unwrap_or_default(),
            seed: 0,
            household: HouseholdConfig::default(),
            policy: vec![
                PolicySleeve {
                    stocks: SAMPLE_STOCKS.map(str::to_owned).to_vec(),
                    since: NaiveDate::from_ymd_opt(2000, 1, 3),
                    ..fund("direct index", 0.45, "IDX20")
                },
                fund("S&P 500 fund", 0.15, "SPX"),
                fund("Treasury fund", 0.40, "UST10"),
            ],
            tax: TaxConfig::default(),
            ending: EndingConfig::default(),
            trading: TradingConfig::default(),
            sma: SmaConfig::default(),
            risk: RiskSettings::default(),
            data: None,
            columns: BTreeMap::new(),
        }
    }
}

/// Something a configuration says that can't be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFault {
    /// The key, such as `policy[0].weight`.
    pub key: String,
    /// What is wrong: the value and what was expected.
    pub message: String,
}

impl Config {
    /// Every fault that can be seen without prices; empty when there is none.
    pub fn faults(&self) -> Vec<ConfigFault> {
        let mut faults = Vec::new();
        let mut fault =
            |key: &str, message: String| faults.push(ConfigFault { key: key.to_owned(), message });
        if self.start >= self.end {
            fault("end", format!("{}: expected a date after start, {}", self.end, self.start));
        }
        for (key, date) in [("start", self.start), ("end", self.end)] {
            if !(1900..=2200).contains(&date.year()) {
                fault(key, format!("{date}: expected a date from 1900 to 2200"));
            }
        }
        if !self.household.cash.is_positive() {
            fault("household.cash", format!("{}: expected an amount above zero", self.household.cash));
        }
        if let Err(e) = Law::of(self.tax.year, self.tax.status) {
            fault("tax.year", e.to_string());
        }
        let outside = &self.tax.outside;
        if outside.state_rate.is_negative() || outside.state_rate > Rate::ONE {
            fault(
                "tax.outside.state_rate",
                format!("{}: expected a fraction from 0 to 1", outside.state_rate),
            );
        }
        for (key, money) in [
            ("tax.carry_short", self.tax.carry_short),
            ("tax.carry_long", self.tax.carry_long),
            ("tax.outside.ordinary_taxable", outside.ordinary_taxable),
            ("tax.outside.magi", outside.magi),
            ("trading.min_trade", self.trading.min_trade),
        ] {
            if money.is_negative() {
                fault(key, format!("{money}: expected an amount of zero or more"));
            }
        }
        let deferral = &self.tax.deferral;
        for (key, x, low, high) in [
            ("tax.inflation", self.tax.inflation, -0.05, 0.2),
            ("tax.liquidation_short", self.tax.liquidation_short.unwrap_or(0.0), 0.0, 1.0),
            ("tax.liquidation_long", self.tax.liquidation_long.unwrap_or(0.0), 0.0, 1.0),
            ("ending.charity_share", self.ending.charity_share.to_f64(), 0.0, 1.0),
            ("ending.donee_short", self.ending.donee_short.unwrap_or(0.0), 0.0, 1.0),
            ("ending.donee_long", self.ending.donee_long.unwrap_or(0.0), 0.0, 1.0),
            ("tax.deferral.rate", deferral.rate, 0.0, 0.5),
            ("tax.deferral.years", deferral.years, 0.0, 100.0),
            ("tax.deferral.step_up", deferral.step_up, 0.0, 1.0),
            ("tax.deferral.carryforward_years", deferral.carryforward_years, 0.0, 100.0),
            ("trading.risk_aversion", self.trading.risk_aversion, 1e-6, 1e9),
            ("trading.spread_bps", self.trading.spread_bps, 0.0, 1_000.0),
            ("trading.cash_buffer", self.trading.cash_buffer, 0.0, 0.5),
            ("sma.band", self.sma.band, 0.0, 1.0),
            ("sma.drift_price", self.sma.drift_price, 0.0, 1.0),
        ] {
            if !(low..=high).contains(&x) {
                fault(key, format!("{x}: expected a number from {low} to {high}"));
            }
        }
        if self.risk.window < 20 || self.risk.window > 5_000 {
            fault("risk.window", format!("{}: expected 20 to 5000 sessions", self.risk.window));
        }
        if self.risk.factors > 100 {
            fault("risk.factors", format!("{}: expected at most 100", self.risk.factors));
        }
        self.policy_faults(&mut faults);
        faults
    }

    fn policy_faults(&self, faults: &mut Vec<ConfigFault>) {
        let mut fault = |key: String, message: String| faults.push(ConfigFault { key, message });
        let sum = self.policy.iter().fold(0.0, |sum, s| sum + s.weight);
        if (sum - 1.0).abs() > 1e-9 {
            fault("policy".to_owned(), format!("the weights add up to {sum:.6}: expected 1"));
        }
        let mut symbols: Vec<(&str, String)> = Vec::new();
        for (i, sleeve) in self.policy.iter().enumerate() {
            let key = |name: &str| format!("policy[{i}].{name}");
            if !(0.0..=1.0).contains(&sleeve.weight) {
                fault(key("weight"), format!("{}: expected a number from 0 to 1", sleeve.weight));
            }
            if let Some(since) = sleeve.since.filter(|d| *d > self.start) {
                fault(key("since"), format!("{since}: expected a date up to the start, {}", self.start));
            }
            if sleeve.fund.is_empty() {
                let what =
                    if sleeve.stocks.is_empty() { "the fund's symbol, or stocks" } else { FUND_NEEDED };
                fault(key("fund"), format!("missing: expected {what}"));
            }
            if !sleeve.weights.is_empty() {
                let sum: f64 = sleeve.weights.iter().sum();
                if sleeve.weights.len() != sleeve.stocks.len() {
                    let (found, expected) = (sleeve.weights.len(), sleeve.stocks.len());
                    fault(
                        key("weights"),
                        format!("{found} weights: expected one for each of {expected} stocks"),
                    );
                } else if (sum - 1.0).abs() > 1e-6 || sleeve.weights.iter().any(|w| *w <= 0.0) {
                    fault(
                        key("weights"),
                        format!("they add up to {sum:.6}: expected weights above zero that add up to 1"),
                    );
                }
            }
            let fund = (!sleeve.fund.is_empty()).then_some(&sleeve.fund);
            for (j, symbol) in sleeve.stocks.iter().chain(fund).enumerate() {
                let place =
                    if j < sleeve.stocks.len() { format!("policy[{i}].stocks[{j}]") } else { key("fund") };
                if let Some((_, other)) = symbols.iter().find(|(s, _)| s.eq_ignore_ascii_case(symbol)) {
                    fault(place, format!("{symbol} stands in {other} too: expected each symbol once"));
                } else {
                    symbols.push((symbol, place));
                }
            }
        }
    }
}

const FUND_NEEDED: &str = "the symbol of a fund of the same index, which the control arms hold";
