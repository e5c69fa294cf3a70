//! Checks of a portfolio's values. All faults are collected.

use core::fmt;
use std::collections::BTreeSet;

use super::fault::PortfolioFault;
use super::input::{DriftPortfolio, Portfolio, SecurityIn};
use unisleeve_numeric::{NoRoot, root};

/// Largest magnitude of amounts, so that sums of products stay finite.
const LARGEST: f64 = 1e15;
/// Largest meaningful variance, exposure and risk aversion.
const LARGE: f64 = 1e9;
/// Largest price of drift, in dollars per dollar of drift.
const DEAREST: f64 = 1e3;
/// Weights may add up to this much more than one.
const ROUNDING: f64 = 1e-6;

#[derive(Default)]
struct Check {
    faults: Vec<PortfolioFault>,
}

impl Check {
    fn fault(&mut self, key: impl Into<String>, value: impl fmt::Display, expected: impl Into<String>) {
        self.faults.push(PortfolioFault {
            key: key.into(),
            value: value.to_string(),
            expected: expected.into(),
        });
    }

    /// Checks that a number is within bounds, including them.
    fn within(&mut self, key: impl fmt::Display, value: f64, low: f64, high: f64, expected: &str) {
        // Also false for NaN.
        if !(value >= low && value <= high) {
            self.fault(key.to_string(), value, expected);
        }
    }

    fn above_zero(&mut self, key: impl fmt::Display, value: f64, high: f64) {
        if !(value > 0.0 && value <= high) {
            self.fault(key.to_string(), value, format!("a number above zero, at most {high:e}"));
        }
    }

    fn unique<'a, P>(
        &mut self,
        items: impl Iterator<Item = (P, &'a str)> + Clone,
        key: impl Fn(P) -> String,
        expected: &str,
    ) {
        if all_differ(items.clone().map(|(_, name)| name)) {
            return;
        }
        let mut seen = BTreeSet::new();
        for (place, name) in items {
            if name.is_empty() {
                self.fault(key(place), "\"\"", "a text that is not empty");
            } else if !seen.insert(name) {
                self.fault(key(place), format!("\"{name}\" stands more than once"), expected);
            }
        }
    }
}

/// Whether names certainly differ and none is empty, judged by their lengths and first and last eight bytes.
/// This is faster than comparing texts. False means unknown.
fn all_differ<'a>(names: impl Iterator<Item = &'a str>) -> bool {
    let mut marks: Vec<(u64, u64, usize)> = names
        .map(|name| {
            let (bytes, mut first, mut last) = (name.as_bytes(), 0, 0);
            for b in bytes.iter().take(8) {
                first = first << 8 | u64::from(*b);
            }
            for b in bytes.iter().rev().take(8) {
                last = last << 8 | u64::from(*b);
            }
            (first, last, bytes.len())
        })
        .collect();
    marks.sort_unstable();
    marks.windows(2).all(|pair| pair[0] != pair[1]) && marks.first().is_none_or(|m| m.2 > 0)
}

impl Portfolio {
    /// Checks everything that the solver relies on.
    ///
    /// # Errors
    /// All faults.
    pub fn validate(&self) -> Result<(), Vec<PortfolioFault>> {
        let faults = self.faults();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// All faults.
    pub(super) fn faults(&self) -> Vec<PortfolioFault> {
        self.faults_beside(Self::check_risk_terms)
    }

    /// All faults. `check_objective` checks the fields that only this kind of objective needs.
    fn faults_beside(&self, check_objective: impl Fn(&Self, &mut Check)) -> Vec<PortfolioFault> {
        let mut check = Check::default();
        self.check_accounts(&mut check);
        self.check_covariance(&mut check);
        for (i, security) in self.securities.iter().enumerate() {
            self.check_security(&mut check, &format_args!("securities[{i}]"), security);
        }
        let symbols = self.securities.iter().enumerate();
        check.unique(
            symbols.map(|(i, s)| (i, s.symbol.as_str())),
            |i| format!("securities[{i}].symbol"),
            "each symbol once",
        );
        if self.securities.is_empty() {
            check.fault("securities", "none", "at least one security");
        }
        let mut benchmark = 0.0;
        for security in &self.securities {
            benchmark += security.benchmark_weight;
        }
        if benchmark > 1.0 + ROUNDING {
            let key = "securities[].benchmark_weight";
            check.fault(key, format!("{benchmark} in all"), "weights that add up to at most 1");
        }
        self.check_terms(&mut check);
        check_objective(self, &mut check);
        self.check_groups(&mut check);
        let value = self.value();
        if check.faults.is_empty() && !(value > 0.0 && value <= LARGEST) {
            check.fault(
                "cash",
                format!("cash and holdings are worth {value}"),
                "a value above zero, at most 1e15",
            );
        }
        check.faults
    }

    fn check_accounts(&self, check: &mut Check) {
        if self.accounts.is_empty() {
            check.fault("accounts", "none", "at least one account");
        }
        for (i, account) in self.accounts.iter().enumerate() {
            check.within(
                format_args!("accounts[{i}].cash"),
                account.cash,
                -LARGEST,
                LARGEST,
                "dollars, at most 1e15 in magnitude",
            );
        }
        let ids = self.accounts.iter().enumerate();
        check.unique(
            ids.map(|(i, a)| (i, a.id.as_str())),
            |i| format!("accounts[{i}].id"),
            "each account once",
        );
    }

    fn check_covariance(&self, check: &mut Check) {
        let (k, before) = (self.factors(), check.faults.len());
        for (i, row) in self.factor_covariance.iter().enumerate() {
            if row.len() != k {
                let expected = format!("{k}, as there are rows");
                check.fault(format!("factor_covariance[{i}]"), format!("{} numbers", row.len()), expected);
            }
            for (j, x) in row.iter().enumerate() {
                check.within(
                    format_args!("factor_covariance[{i}][{j}]"),
                    *x,
                    -LARGE,
                    LARGE,
                    "a finite number",
                );
            }
        }
        if check.faults.len() > before {
            return;
        }
        match root(&self.factor_covariance) {
            Ok(_) => {}
            Err(NoRoot::NotSymmetric(i, j)) => {
                let f = &self.factor_covariance;
                let expected = format!("{}, as in [{j}][{i}]: a symmetric matrix", f[j][i]);
                check.fault(format!("factor_covariance[{i}][{j}]"), f[i][j], expected);
            }
            Err(NoRoot::NotSemidefinite) => check.fault(
                "factor_covariance",
                "some mix of factors has a variance below zero",
                "a positive semidefinite matrix",
            ),
        }
    }

    fn check_security(&self, check: &mut Check, path: &fmt::Arguments, s: &SecurityIn) {
        check.above_zero(format_args!("{path}.price"), s.price, LARGEST);
        check.within(
            format_args!("{path}.benchmark_weight"),
            s.benchmark_weight,
            0.0,
            1.0,
            "a weight from 0 to 1",
        );
        if s.exposures.len() != self.factors() {
            let expected = format!("{}, one for each row of factor_covariance", self.factors());
            check.fault(format!("{path}.exposures"), format!("{} numbers", s.exposures.len()), expected);
        }
        for (j, x) in s.exposures.iter().enumerate() {
            check.within(format_args!("{path}.exposures[{j}]"), *x, -LARGE, LARGE, "a finite number");
        }
        check.within(
            format_args!("{path}.specific_variance"),
            s.specific_variance,
            0.0,
            LARGE,
            "a number of at least zero",
        );
        check.within(
            format_args!("{path}.spread_bps"),
            s.spread_bps,
            0.0,
            10_000.0,
            "basis points from 0 to 10000",
        );
        if let Some(most) = s.max_weight {
            check.within(format_args!("{path}.max_weight"), most, 0.0, 1.0, "a weight from 0 to 1");
        }
        self.check_lot_ids(check, path, s);
        for (j, lot) in s.lots.iter().enumerate() {
            let path = format_args!("{path}.lots[{j}]");
            check.above_zero(format_args!("{path}.quantity"), lot.quantity, LARGEST);
            check.within(format_args!("{path}.basis"), lot.basis, 0.0, LARGEST, "dollars of at least zero");
            if let Some(shares) = lot.disallowed_shares {
                let most = lot.quantity;
                check.within(
                    format_args!("{path}.disallowed_shares"),
                    shares,
                    0.0,
                    if most > 0.0 { most } else { 0.0 },
                    "shares from 0 to the lot's quantity",
                );
            }
            if lot.acquired > self.date {
                check.fault(
                    format!("{path}.acquired"),
                    lot.acquired,
                    format!("at most the date {}", self.date),
                );
            }
            if let Some(start) = lot.holding_start
                && start > self.date
            {
                check.fault(
                    format!("{path}.holding_start"),
                    start,
                    format!("at most the date {}", self.date),
                );
            }
            if self.account_of(lot).is_none() && !self.accounts.is_empty() {
                let ids: Vec<&str> = self.accounts.iter().map(|a| a.id.as_str()).collect();
                let value =
                    lot.account.as_ref().map_or_else(|| "missing".to_owned(), |id| format!("\"{id}\""));
                check.fault(format!("{path}.account"), value, format!("one of {}", ids.join(", ")));
            }
        }
    }

    /// Checks that a lot's id is unique within its security and account.
    fn check_lot_ids(&self, check: &mut Check, path: &fmt::Arguments, s: &SecurityIn) {
        if all_differ(s.lots.iter().map(|l| l.id.as_str())) {
            return;
        }
        let mut seen = BTreeSet::new();
        for (j, lot) in s.lots.iter().enumerate() {
            let key = || format!("{path}.lots[{j}].id");
            if lot.id.is_empty() {
                check.fault(key(), "\"\"", "a text that is not empty");
            } else if !seen.insert((self.account_of(lot), lot.id.as_str())) {
                let value = format!("\"{}\" stands more than once", lot.id);
                check.fault(key(), value, "each lot once in its security and account");
            }
        }
    }

    fn check_terms(&self, check: &mut Check) {
        check.within("rates.short", self.rates.short, 0.0, 1.0, "a rate from 0 to 1");
        check.within("rates.long", self.rates.long, 0.0, 1.0, "a rate from 0 to 1");
        if let Some(deferral) = self.deferral {
            check.within("deferral.discount", deferral.discount, 0.0, 1.0, "a factor from 0 to 1");
            check.within("deferral.rate", deferral.rate, 0.0, 1.0, "a rate from 0 to 1");
        }
        let (low, high) = self.cash_target;
        if !(low >= 0.0 && low <= high && high <= 1.0) {
            check.fault(
                "cash_target",
                format!("[{low}, {high}]"),
                "two weights from 0 to 1, the lower first",
            );
        }
        if let Some(most) = self.turnover_cap {
            check.within("turnover_cap", most, 0.0, LARGE, "a weight of at least zero");
        }
        if let Some(least) = self.min_trade {
            check.within("min_trade", least, 0.0, LARGEST, "dollars of at least zero");
        }
        check.within(
            "harvest_threshold",
            self.harvest_threshold,
            0.0,
            1.0,
            "a part of the basis from 0 to 1",
        );
        if let Some(budget) = self.gains_budget {
            check.within("gains_budget", budget, -LARGEST, LARGEST, "dollars, at most 1e15 in magnitude");
        }
    }

    fn check_risk_terms(&self, check: &mut Check) {
        if self.risk_aversion.is_none() && self.max_tracking_error.is_none() {
            check.fault("risk_aversion", "missing", "a number above zero, or max_tracking_error");
        }
        if let Some(gamma) = self.risk_aversion {
            check.above_zero("risk_aversion", gamma, LARGE);
        }
        if let Some(cap) = self.max_tracking_error {
            check.above_zero("max_tracking_error", cap, LARGE);
        }
    }

    fn check_groups(&self, check: &mut Check) {
        let symbols: BTreeSet<&str> = self.securities.iter().map(|s| s.symbol.as_str()).collect();
        let names = self.groups.iter().enumerate();
        check.unique(
            names.map(|(i, g)| (i, g.name.as_str())),
            |i| format!("groups[{i}].name"),
            "each name once",
        );
        for (i, group) in self.groups.iter().enumerate() {
            let path = format!("groups[{i}]");
            let members = group.symbols.iter().enumerate();
            check.unique(
                members.map(|(j, s)| (j, s.as_str())),
                |j| format!("{path}.symbols[{j}]"),
                "each symbol once",
            );
            for (j, symbol) in group.symbols.iter().enumerate() {
                if !symbols.contains(symbol.as_str()) && !symbol.is_empty() {
                    let expected = "a symbol of the securities";
                    check.fault(format!("{path}.symbols[{j}]"), format!("\"{symbol}\""), expected);
                }
            }
            check.within(format_args!("{path}.min"), group.min, -LARGE, LARGE, "a weight");
            check.within(format_args!("{path}.max"), group.max, -LARGE, LARGE, "a weight");
            if group.min > group.max {
                check.fault(format!("{path}.max"), group.max, format!("at least min ({})", group.min));
            }
        }
    }
}

impl DriftPortfolio {
    /// Checks everything that the solver relies on.
    ///
    /// # Errors
    /// All faults.
    pub fn validate(&self) -> Result<(), Vec<PortfolioFault>> {
        let faults = self.faults();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// All faults.
    pub(super) fn faults(&self) -> Vec<PortfolioFault> {
        let price = self.drift_price;
        self.portfolio.faults_beside(|p, check| {
            check.above_zero("drift_price", price, DEAREST);
            let has_exposures = p.securities.iter().any(|s| !s.exposures.is_empty());
            let has_variance = p.securities.iter().any(|s| s.specific_variance != 0.0);
            let given = [
                ("factor_covariance", !p.factor_covariance.is_empty()),
                ("risk_aversion", p.risk_aversion.is_some()),
                ("max_tracking_error", p.max_tracking_error.is_some()),
                ("securities[].exposures", has_exposures),
                ("securities[].specific_variance", has_variance),
            ];
            check.faults.extend(beside_drift_price(&given));
        })
    }
}

/// One fault that names all risk model keys given together with a price of drift.
pub(super) fn beside_drift_price(given: &[(&str, bool)]) -> Option<PortfolioFault> {
    let keys: Vec<&str> = given.iter().filter(|(_, is_given)| *is_given).map(|(key, _)| *key).collect();
    (!keys.is_empty()).then(|| PortfolioFault {
        key: "drift_price".to_owned(),
        value: format!("given beside {}", keys.join(", ")),
        expected: "either drift_price, or a risk model with risk_aversion or max_tracking_error".to_owned(),
    })
}
