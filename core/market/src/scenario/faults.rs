//! Checks of a scenario.

use chrono::{Datelike, Months};
use thiserror::Error;

use super::calendar;
use super::config::{Income, Scenario};
use crate::MarketError;
use unisleeve_numeric::cholesky;

/// The largest seed, 2^53. Above it JavaScript can't represent every whole number.
pub const MAX_SEED: u64 = 1 << 53;

/// A fault of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioFault {
    /// The key, such as `stocks.beta_spread`.
    pub key: String,
    /// The value found and what was expected.
    pub message: String,
}

/// Why no market could be built.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ScenarioError {
    /// All faults of the settings.
    #[error("{}", .faults.iter().map(|f| format!("{}: {}", f.key, f.message)).collect::<Vec<_>>().join("; "))]
    Faults {
        /// One or more.
        faults: Vec<ScenarioFault>,
    },
    /// A simulated panel that is not a valid market. No scenario is known to cause this.
    #[error(transparent)]
    Market(#[from] MarketError),
}

/// The last year that a scenario may reach.
const LAST_YEAR: i32 = 2200;

struct Faults(Vec<ScenarioFault>);

impl Faults {
    fn add(&mut self, key: impl Into<String>, message: String) {
        self.0.push(ScenarioFault { key: key.into(), message });
    }

    fn range(&mut self, key: &str, x: f64, low: f64, high: f64) {
        if !(low..=high).contains(&x) {
            self.add(key, format!("{x}: expected a number from {low} to {high}"));
        }
    }

    fn count(&mut self, key: &str, n: u64, low: u64, high: u64) {
        if !(low..=high).contains(&n) {
            self.add(key, format!("{n}: expected {low} to {high}"));
        }
    }
}

impl Scenario {
    /// Returns every fault; empty where there is none.
    pub fn faults(&self) -> Vec<ScenarioFault> {
        let mut f = Faults(Vec::new());
        f.count("seed", self.seed, 0, MAX_SEED);
        f.count("names", self.names as u64, 20, 1_000);
        f.count("sectors", self.sectors as u64, 1, 30);
        self.time(&mut f);
        self.stock_faults(&mut f);
        self.class_faults(&mut f);
        self.fund_faults(&mut f);
        self.period_faults(&mut f);
        if f.0.is_empty() {
            self.correlation_faults(&mut f);
        }
        f.0
    }

    fn time(&self, f: &mut Faults) {
        if !(self.years > 0.0 && self.years <= 60.0) {
            f.add("years", format!("{}: expected a number above 0 and up to 60", self.years));
            return;
        }
        if let Some(history) = self.history {
            f.count("history", u64::from(history), 21, 5_000);
        }
        let year = self.start.year();
        if !(1900..=LAST_YEAR).contains(&year) {
            f.add("start", format!("{}: expected a date from 1900 to {LAST_YEAR}", self.start));
            return;
        }
        let end = self.start.checked_add_months(Months::new(libm::ceil(self.years * 12.0) as u32));
        if end.is_none_or(|e| e.year() > LAST_YEAR) {
            f.add("years", format!("{} from {}: expected an end up to {LAST_YEAR}", self.years, self.start));
        } else if calendar::future(self.start, self.years, self.step).is_empty() {
            f.add("years", format!("{} from {}: expected at least one session", self.years, self.start));
        }
    }

    fn stock_faults(&self, f: &mut Faults) {
        let (s, v, d, t) = (&self.stocks, &self.volatility, &self.dividends, &self.turnover);
        for (key, x, low, high) in [
            ("stocks.beta_spread", s.beta_spread, 0.0, 1.0),
            ("stocks.sector_volatility", s.sector_volatility, 0.0, 1.0),
            ("stocks.specific_volatility", s.specific_volatility, 0.0, 2.0),
            ("stocks.specific_spread", s.specific_spread, 0.0, 1.0),
            ("stocks.specific_size", s.specific_size, -1.0, 1.0),
            ("stocks.specific_kurtosis", s.specific_kurtosis, 3.0, 60.0),
            ("stocks.specific_follows", s.specific_follows, 0.0, 1.0),
            ("stocks.cap_spread", s.cap_spread, 0.0, 3.0),
            ("stocks.price", s.price, 1.0, 10_000.0),
            ("stocks.leaders_excess", s.leaders_excess, -0.5, 0.5),
            ("volatility.spread", v.spread, 0.0, 1.0),
            ("volatility.half_life", v.half_life, 1.0, 2_520.0),
            ("volatility.leverage", v.leverage, -1.0, 1.0),
            ("volatility.kurtosis", v.kurtosis, 3.0, 60.0),
            ("dividends.payers", d.payers, 0.0, 1.0),
            ("dividends.yield_median", d.yield_median, 0.0, 0.12),
            ("dividends.yield_spread", d.yield_spread, 0.0, 2.0),
            ("dividends.ordinary_payers", d.ordinary_payers, 0.0, 1.0),
            ("turnover.deletions", t.deletions, 0.0, 0.5),
            ("turnover.mergers", t.mergers, 0.0, 0.5),
            ("turnover.merger_premium", t.merger_premium, 0.0, 2.0),
            ("turnover.delistings", t.delistings, 0.0, 0.5),
            ("turnover.delisting_loss", t.delisting_loss, 0.0, 0.99),
            ("turnover.addition_cap", t.addition_cap, 0.01, 100.0),
        ] {
            f.range(key, x, low, high);
        }
        f.count("turnover.merger_months", u64::from(t.merger_months), 0, 36);
        if s.leaders * 2 > self.names {
            f.add(
                "stocks.leaders",
                format!("{}: expected at most half of the names, {}", s.leaders, self.names),
            );
        }
        f.count("stocks.style_volatilities", s.style_volatilities.len() as u64, 0, 8);
        for (i, x) in s.style_volatilities.iter().enumerate() {
            f.range(&format!("stocks.style_volatilities[{i}]"), *x, 0.0, 1.0);
        }
    }

    fn class_faults(&self, f: &mut Faults) {
        f.count("classes", self.classes.len() as u64, 1, 50);
        for (i, c) in self.classes.iter().enumerate() {
            let key = |name: &str| format!("classes[{i}].{name}");
            if c.name.is_empty() || self.classes[..i].iter().any(|o| o.name == c.name) {
                f.add(key("name"), format!("`{}`: expected a name of its own", c.name));
            }
            f.range(&key("expected_return"), c.expected_return, -0.5, 1.0);
            f.range(&key("volatility"), c.volatility, 0.0, 1.5);
            f.range(&key("distribution_yield"), c.distribution_yield, 0.0, 0.3);
            f.range(&key("qualified"), c.qualified, 0.0, 1.0);
            if c.income == Income::Interest && c.qualified > 0.0 {
                f.add(key("qualified"), format!("{}: expected 0 where income is interest", c.qualified));
            }
        }
        let n = self.classes.len();
        if self.correlations.len() != n {
            let rows = self.correlations.len();
            f.add("correlations", format!("{rows} rows: expected one for each of {n} classes"));
            return;
        }
        for (i, row) in self.correlations.iter().enumerate() {
            if row.len() != n {
                f.add(format!("correlations[{i}]"), format!("{} numbers: expected {n}", row.len()));
                return;
            }
        }
        for (i, row) in self.correlations.iter().enumerate() {
            for (j, x) in row.iter().enumerate() {
                let key = format!("correlations[{i}][{j}]");
                let other = self.correlations[j][i];
                if !(-1.0..=1.0).contains(x) {
                    f.add(key, format!("{x}: expected a number from -1 to 1"));
                } else if i == j && (x - 1.0).abs() > 1e-12 {
                    f.add(key, format!("{x}: expected 1 on the diagonal"));
                } else if i < j && (x - other).abs() > 1e-12 {
                    f.add(key, format!("{x} beside {other} in [{j}][{i}]: expected the same number twice"));
                }
            }
        }
    }

    fn correlation_faults(&self, f: &mut Faults) {
        if let Err(at) = cholesky(&self.correlations) {
            let name = &self.classes[at].name;
            let message =
                format!("no returns have these correlations: {name} contradicts the classes before it");
            f.add(format!("correlations[{at}]"), message);
        }
    }

    fn fund_faults(&self, f: &mut Faults) {
        f.count("funds", self.funds.len() as u64, 0, 200);
        for (i, fund) in self.funds.iter().enumerate() {
            let key = |name: &str| format!("funds[{i}].{name}");
            let same = |o: &super::Fund| o.symbol.eq_ignore_ascii_case(&fund.symbol);
            let digits = fund.symbol.strip_prefix(['S', 's']);
            let is_stock = digits.is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()));
            if fund.symbol.is_empty() || is_stock || self.funds[..i].iter().any(same) {
                let message = format!("`{}`: expected a ticker of its own, not S and digits", fund.symbol);
                f.add(key("symbol"), message);
            }
            if !self.classes.iter().any(|c| c.name == fund.class) {
                let known: Vec<&str> = self.classes.iter().map(|c| c.name.as_str()).collect();
                f.add(key("class"), format!("{}: expected one of {}", fund.class, known.join(", ")));
            }
            f.range(&key("expense_ratio"), fund.expense_ratio, 0.0, 0.1);
            f.range(&key("tracking_error"), fund.tracking_error, 0.0, 0.5);
            if ![1, 2, 4, 12].contains(&fund.payments) {
                f.add(key("payments"), format!("{}: expected 1, 2, 4 or 12", fund.payments));
            }
        }
    }

    fn period_faults(&self, f: &mut Faults) {
        let mut end = 0.0;
        for (i, p) in self.periods.iter().enumerate() {
            let key = |name: &str| format!("periods[{i}].{name}");
            if !(p.from >= end && p.from < 60.0) {
                f.add(
                    key("from"),
                    format!(
                        "{}: expected a number from {end}, the end of the period before, to below 60",
                        p.from
                    ),
                );
            }
            f.range(&key("years"), p.years, 0.01, 60.0);
            f.range(&key("volatility"), p.volatility, 0.0, 10.0);
            f.range(&key("specific"), p.specific, 0.0, 10.0);
            end = p.from + p.years;
            for (j, r) in p.returns.iter().enumerate() {
                f.range(&key(&format!("returns[{j}].annual")), r.annual, -0.95, 5.0);
                if !self.classes.iter().any(|c| c.name == r.class) {
                    f.add(
                        key(&format!("returns[{j}].class")),
                        format!("{}: expected an asset class", r.class),
                    );
                }
            }
        }
    }
}
