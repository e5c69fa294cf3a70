//! The yearly gains budget and each manager's part of it.
//!
//! A manager who does not see the household's gains gets a fixed part at the start of the year. It is
//! proportional to the unrealized gains in the taxable lots that the manager runs, which the custodian's feed
//! shows to the advisor. The parts add up to the budget.

use chrono::Datelike;

use super::DecisionContext;
use super::decide::lot_is_kept;
use unisleeve_books::household::Ledger;
use unisleeve_mandates::{Config, Setup, Switch};
use unisleeve_market::View;
use unisleeve_tax::Income;
use unisleeve_units::{MandateId, Money, SecurityId};

/// Each mandate's part of a year's budget, as fractions that add up to 1. Lots that must never be sold do not
/// count. Without unrealized gains the parts are proportional to policy weights.
pub fn budget_parts(setup: &Setup, config: &Config, ledger: &Ledger, view: &View<'_>) -> Vec<f64> {
    let mut parts = vec![0.0; setup.mandates.len()];
    for security in (0..view.securities().len()).map(|s| SecurityId(s as u32)) {
        let price = view.last_close(security).unwrap_or_default();
        for lot in ledger.lots(security).iter().filter(|l| !lot_is_kept(config, l.id)) {
            let taxable = setup.accounts.get(lot.account.index()).is_some_and(|a| a.kind.is_taxable());
            let gain = lot.gain_at(price);
            if taxable && gain.is_positive() {
                parts[setup.mandate_of(lot.sleeve).index()] += gain.to_f64();
            }
        }
    }
    if parts.iter().all(|p| *p <= 0.0) {
        for (m, mandate) in setup.mandates.iter().enumerate() {
            for s in &mandate.sleeves {
                parts[m] += setup.sleeves(view.date()).get(s.index()).map_or(0.0, |s| s.weight);
            }
        }
    }
    let mut sum = 0.0;
    for p in &parts {
        sum += p;
    }
    for p in &mut parts {
        *p = if sum > 0.0 { *p / sum } else { 0.0 };
    }
    parts
}

impl DecisionContext<'_> {
    /// What is left of the year's gains budget, in dollars of net gain, for each group of mandates that share
    /// a budget. Empty without a budget. Mandates that see the household's gains share one budget.
    pub(super) fn budgets_left(&self, ledger: &Ledger) -> Vec<(Vec<MandateId>, f64)> {
        let Some(budget) = self.config.tax.gains_budget.map(Money::to_f64) else { return Vec::new() };
        let year = self.view.date().year();
        let net = |i: Income| (i.net_short + i.net_long).to_f64();
        let mandates = (0..self.setup.mandates.len() as u16).map(MandateId);
        if self.setup.switches.has(Switch::Gains) {
            return vec![(mandates.collect(), budget - net(ledger.income(year)))];
        }
        let of = |m: MandateId| {
            let part = self.budget_parts.get(m.index()).copied().unwrap_or_default();
            (vec![m], part * budget - net(ledger.income_of(m, year)))
        };
        mandates.map(of).collect()
    }

    /// What is left of the budget for the mandates that run `cells`, in dollars of net gain. `None` without a
    /// budget.
    pub(super) fn budget_left(&self, ledger: &Ledger, cells: &[usize]) -> Option<f64> {
        let runs =
            |m: &MandateId| cells.iter().any(|c| self.setup.mandate_of(self.setup.cells[*c].sleeve) == *m);
        let mut left = None;
        for (mandates, theirs) in self.budgets_left(ledger) {
            if mandates.iter().any(runs) {
                left = Some(left.unwrap_or(0.0) + theirs);
            }
        }
        left
    }
}
