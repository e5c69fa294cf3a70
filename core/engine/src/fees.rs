//! Management fees: fractions of value per year, charged in arrears for the days since the last charge.

use chrono::NaiveDate;
use unisleeve_mandates::{ArmKind, Cadence, FeesConfig, Setup, Switch};
use unisleeve_market::View;
use unisleeve_units::Money;

use super::arm::Arm;
use super::is_rebalancing;

/// Days in a year for yearly rates.
const DAYS: f64 = 365.0;

/// Fee in dollars for `days` days on a portfolio worth `value`, of which specialists manage `specialists`.
///
/// Arms that hold only funds pay the advisor. The shadow portfolio is only a yardstick and pays nothing. Fees
/// are not deductible (IRC 67(g)).
fn fee_due(setup: &Setup, fees: &FeesConfig, value: Money, specialists: Money, days: i64) -> Money {
    let (total, theirs) = (value.to_f64(), specialists.to_f64());
    let yearly = match setup.kind {
        ArmKind::Shadow => 0.0,
        ArmKind::Funds | ArmKind::FundPairs => fees.advisor * total,
        _ if setup.switches.has(Switch::Fees) => fees.uma * total,
        _ => fees.advisor * total + fees.direct_index * theirs,
    };
    Money::from_f64(yearly * days as f64 / DAYS).unwrap_or(Money::ZERO).max(Money::ZERO)
}

impl Arm<'_> {
    /// Fees of each account, in dollars: those due today and those still open.
    pub(super) fn fees_due(&mut self, view: &View<'_>, previous: Option<NaiveDate>) -> Vec<Money> {
        let mut fees = self.fees(view, previous);
        for (fee, overdue) in fees.iter_mut().zip(&self.overdue.fees) {
            *fee += *overdue;
        }
        fees
    }

    /// Fees of each account that become due today, in dollars.
    fn fees(&mut self, view: &View<'_>, previous: Option<NaiveDate>) -> Vec<Money> {
        let date = view.date();
        let accounts = self.setup.accounts.len();
        if self.config.fees.is_free()
            || previous.is_none()
            || !is_rebalancing(Cadence::Quarterly, previous, date)
        {
            return vec![Money::ZERO; accounts];
        }
        let days = (date - self.charged).num_days();
        self.charged = date;
        // Value of each account, and the part of it that specialists manage.
        let mut worth = vec![(Money::ZERO, Money::ZERO); accounts];
        for pocket in self.ledger.pockets() {
            worth[pocket.account.index()].0 += pocket.balance;
        }
        for security in self.timeline.universe.iter().filter(|s| self.ledger.held(**s).is_positive()) {
            let price = view.last_close(*security).unwrap_or_default();
            for (a, (all, specialists)) in worth.iter_mut().enumerate() {
                let lots = || self.ledger.lots(*security).iter().filter(|l| l.account.index() == a);
                let theirs = lots().filter(|l| self.setup.mandate_of(l.sleeve) != self.setup.advisor());
                *all += Money::of(lots().map(|l| l.quantity).sum(), price);
                *specialists += Money::of(theirs.map(|l| l.quantity).sum(), price);
            }
        }
        let fee = |(all, theirs)| fee_due(self.setup, &self.config.fees, all, theirs, days);
        worth.into_iter().map(fee).collect()
    }
}
