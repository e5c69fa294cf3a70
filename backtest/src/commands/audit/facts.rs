//! Reads summary.json: the inputs of the figures (accounts, tax inputs, the configuration) and the figures
//! themselves.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use serde_json::Value;
use unisleeve_core::tax::{
    Carryforward, FilingStatus, IncomeChange, Itemized, Law, LawMode, Laws, Outside, State,
};
use unisleeve_core::units::{AccountKind, Money, Rate, Shares, Term};

use crate::failure::Failure;
use crate::readers::json;

/// The content of summary.json.
#[derive(Debug, Deserialize)]
pub(super) struct Facts {
    pub(super) start: NaiveDate,
    pub(super) end: NaiveDate,
    pub(super) accounts: Vec<Account>,
    pub(super) tax_inputs: Inputs,
    pub(super) seed: u64,
    pub(super) config_hash: String,
    #[serde(default)]
    pub(super) difference: Vec<Value>,
    #[serde(default)]
    pub(super) work: Vec<Value>,
    pub(super) headline: Value,
    #[serde(default)]
    pub(super) ladder: Value,
    #[serde(default)]
    pub(super) vintages: Value,
    pub(super) equal_tracking_error: Option<bool>,
    pub(super) tracking_error_periods: String,
    pub(super) arm_order: Vec<String>,
    pub(super) arms: BTreeMap<String, Value>,
    pub(super) config: Config,
}

/// An account.
#[derive(Debug, Deserialize)]
pub(super) struct Account {
    pub(super) account: String,
    pub(super) kind: AccountKind,
}

/// Inputs of the household's tax.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Inputs {
    #[serde(default)]
    pub(super) law: LawMode,
    pub(super) year: i32,
    pub(super) status: FilingStatus,
    pub(super) inflation: f64,
    pub(super) ordinary_taxable: Money,
    pub(super) magi: Money,
    pub(super) outside_net_investment_income: Money,
    pub(super) outside_net_short: Money,
    pub(super) outside_net_long: Money,
    pub(super) outside_qualified: Money,
    #[serde(default)]
    pub(super) outside_gains: Vec<OutsideGain>,
    #[serde(default)]
    pub(super) outside_income: Vec<IncomeChange>,
    pub(super) state_rate: Rate,
    #[serde(default)]
    pub(super) state: Option<State>,
    #[serde(default)]
    pub(super) state_short: f64,
    #[serde(default)]
    pub(super) state_long: f64,
    #[serde(default)]
    pub(super) deduction: Option<Itemized>,
    #[serde(default)]
    pub(super) amt_preferences: Money,
    pub(super) carry_short: Money,
    pub(super) carry_long: Money,
    pub(super) liquidation_short: f64,
    pub(super) liquidation_long: f64,
    pub(super) charity_share: Rate,
    pub(super) donee_short: f64,
    pub(super) donee_long: f64,
    pub(super) deferral_discount: f64,
    pub(super) carryforward_discount: f64,
}

/// A gain or loss from outside the portfolio on one date.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub(super) struct OutsideGain {
    pub(super) date: NaiveDate,
    pub(super) amount: Money,
    pub(super) term: Term,
}

impl Inputs {
    /// Income of a year from outside the portfolio, with the dated gains up to and including `known`.
    pub(super) fn outside_in(&self, year: i32, known: NaiveDate) -> Outside {
        let mut outside = self.outside().in_year(&self.outside_income, year);
        for gain in self.outside_gains.iter().filter(|g| g.date.year() == year && g.date <= known) {
            match gain.term {
                Term::Short => outside.net_short += gain.amount,
                Term::Long => outside.net_long += gain.amount,
            }
        }
        outside
    }

    /// Income of the household from outside the portfolio, without dated gains.
    pub(super) fn outside(&self) -> Outside {
        Outside {
            ordinary_taxable: self.ordinary_taxable,
            magi: self.magi,
            net_investment_income: self.outside_net_investment_income,
            qualified_dividends: self.outside_qualified,
            net_short: self.outside_net_short,
            net_long: self.outside_net_long,
            state_rate: self.state_rate,
            state: self.state,
            deduction: self.deduction,
            amt_preferences: self.amt_preferences,
        }
    }

    /// The law of each year of a run that starts in `first_year`.
    pub(super) fn laws(&self, first_year: i32) -> Result<Laws, Failure> {
        let unknown = |e| Failure::input(format!("summary.json: tax_inputs.year: {e}"));
        if self.law == LawMode::Dated {
            return Laws::dated(self.status, None, self.inflation, first_year).map_err(unknown);
        }
        let law = Law::of(self.year, self.status).map_err(unknown)?;
        Ok(Laws::fixed(law, self.inflation, first_year))
    }

    /// Losses carried into the first year.
    pub(super) fn opening(&self) -> Carryforward {
        Carryforward { short: self.carry_short, long: self.carry_long }
    }
}

/// The part of the configuration that the audited files depend on.
#[derive(Debug, Deserialize)]
pub(super) struct Config {
    pub(super) seed: u64,
    pub(super) start: NaiveDate,
    pub(super) household: Household,
    pub(super) tax: TaxConfig,
    pub(super) ending: Ending,
    pub(super) trading: Trading,
    #[serde(default)]
    pub(super) fees: Fees,
    #[serde(default)]
    pub(super) workload: WorkloadMinutes,
    #[serde(default)]
    pub(super) identical: Vec<Vec<String>>,
    #[serde(default)]
    pub(super) wash_exempt: Vec<String>,
    #[serde(default)]
    pub(super) restrictions: Restrictions,
    #[serde(default)]
    pub(super) lists: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(super) changes: Vec<Change>,
}

/// Cash, accounts, lots, flows, gifts and closings of the household.
#[derive(Debug, Deserialize)]
pub(super) struct Household {
    pub(super) cash: Money,
    pub(super) flows: Vec<Flow>,
    #[serde(default)]
    pub(super) accounts: Vec<OtherAccount>,
    #[serde(default)]
    pub(super) lots: Vec<OpeningLot>,
    #[serde(default)]
    pub(super) gifts: Vec<Flow>,
    #[serde(default)]
    pub(super) closings: Vec<Closing>,
    #[serde(default)]
    pub(super) outside_gains: Vec<OutsideGain>,
    #[serde(default)]
    pub(super) outside_income: Vec<IncomeChange>,
}

/// An account beside the main one.
#[derive(Debug, Deserialize)]
pub(super) struct OtherAccount {
    pub(super) name: String,
    #[serde(default)]
    pub(super) cash: Money,
    #[serde(default)]
    pub(super) born: Option<NaiveDate>,
}

/// A lot that the household brings in at the start.
#[derive(Debug, Deserialize)]
pub(super) struct OpeningLot {
    #[serde(default)]
    pub(super) account: Option<String>,
    pub(super) symbol: String,
    pub(super) quantity: Shares,
    pub(super) basis: Money,
    pub(super) acquired: NaiveDate,
}

/// A client's flow or gift.
#[derive(Debug, Deserialize)]
pub(super) struct Flow {
    pub(super) amount: Money,
    pub(super) every: Every,
    pub(super) from: NaiveDate,
    #[serde(default)]
    pub(super) to: Option<NaiveDate>,
}

/// How often a flow occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Every {
    Once,
    Month,
    Year,
}

/// An account that is closed.
#[derive(Debug, Deserialize)]
pub(super) struct Closing {
    #[serde(default)]
    pub(super) account: Option<String>,
    pub(super) date: NaiveDate,
}

/// The part of `config.tax` that the tax inputs repeat.
#[derive(Debug, Deserialize)]
pub(super) struct TaxConfig {
    #[serde(default)]
    pub(super) law: LawMode,
    pub(super) year: i32,
    pub(super) status: FilingStatus,
    pub(super) inflation: f64,
    pub(super) outside: Outside,
    pub(super) carry_short: Money,
    pub(super) carry_long: Money,
    pub(super) liquidation_short: Option<f64>,
    pub(super) liquidation_long: Option<f64>,
    pub(super) deferral: unisleeve_core::tax::Deferral,
    #[serde(default = "yes")]
    pub(super) wash_sale_rule: bool,
}

/// Settings of the endings.
#[derive(Debug, Deserialize)]
pub(super) struct Ending {
    pub(super) charity_share: Rate,
    pub(super) donee_short: Option<f64>,
    pub(super) donee_long: Option<f64>,
}

/// How often the household's calendar asks for a rebalancing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Cadence {
    Daily,
    Weekly,
    Monthly,
    Quarterly,
    Yearly,
    Never,
}

impl Cadence {
    /// Whether two dates fall into different periods.
    pub(super) fn separates(self, a: NaiveDate, b: NaiveDate) -> bool {
        let period = |d: NaiveDate| match self {
            Self::Daily => d.num_days_from_ce(),
            // Weeks begin on Monday, as did day 1 of the common era.
            Self::Weekly => (d.num_days_from_ce() - 1) / 7,
            Self::Monthly => 12 * d.year() + d.month0() as i32,
            Self::Quarterly => 4 * d.year() + d.month0() as i32 / 3,
            Self::Yearly => d.year(),
            Self::Never => 0,
        };
        period(a) != period(b)
    }
}

/// Minutes of work, and what an hour costs.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct WorkloadMinutes {
    pub(super) minutes_per_task: f64,
    pub(super) minutes_per_ticket: f64,
    pub(super) minutes_per_transfer: f64,
    pub(super) hourly_rate: Option<f64>,
}

impl Default for WorkloadMinutes {
    fn default() -> Self {
        Self { minutes_per_task: 18.0, minutes_per_ticket: 0.0, minutes_per_transfer: 0.0, hourly_rate: None }
    }
}

/// Costs of trading.
#[derive(Debug, Deserialize)]
pub(super) struct Trading {
    pub(super) risk_aversion: f64,
    pub(super) cadence: Cadence,
    pub(super) spread_bps: f64,
    #[serde(default)]
    pub(super) impact: f64,
}

impl Trading {
    /// Half of the spread, as a fraction. Each trade pays it.
    pub(super) fn half_spread(&self) -> Rate {
        Rate::from_f64(self.spread_bps / 20_000.0).unwrap_or_default()
    }
}

/// Management fees, fractions a year.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
pub(super) struct Fees {
    pub(super) direct_index: f64,
    pub(super) advisor: f64,
    pub(super) uma: f64,
}

/// Names that must not be bought.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Restrictions {
    #[serde(default)]
    pub(super) exclude: Vec<String>,
    #[serde(default)]
    pub(super) exclude_lists: Vec<String>,
}

/// A change of strategy.
#[derive(Debug, Deserialize)]
pub(super) struct Change {
    pub(super) date: NaiveDate,
    #[serde(default)]
    pub(super) restrictions: Option<Restrictions>,
}

impl Facts {
    /// Reads the file. Returns its text too.
    pub(super) fn read(folder: &Path) -> Result<(Self, String), Failure> {
        let path = folder.join("summary.json");
        let bytes = crate::readers::read(&path).map_err(|e| {
            Failure::input(format!("{}: {e}: expected a file of `unisleeve backtest`", path.display()))
        })?;
        let facts = json::from_bytes(&bytes).map_err(|e| Failure::input(e.in_file("summary.json")))?;
        Ok((facts, String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Names that must not be bought on a date.
    pub(super) fn excluded(&self, date: NaiveDate) -> Vec<&str> {
        let mut now = &self.config.restrictions;
        for change in self.config.changes.iter().filter(|c| c.date <= date) {
            now = change.restrictions.as_ref().unwrap_or(now);
        }
        let listed = now.exclude_lists.iter().filter_map(|l| self.config.lists.get(l)).flatten();
        now.exclude.iter().chain(listed).map(String::as_str).collect()
    }

    /// Days on which another strategy starts.
    pub(super) fn changes(&self) -> impl Iterator<Item = NaiveDate> {
        self.config.changes.iter().map(|c| c.date)
    }
}

/// A figure by its path (`endings.keep.wealth`); `None` if it is absent or null.
pub(super) fn figure(arm: &Value, path: &str) -> Option<f64> {
    path.split('.').try_fold(arm, |v, key| v.get(key)).and_then(Value::as_f64)
}

fn yes() -> bool {
    true
}
