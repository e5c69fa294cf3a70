//! Management fees: fractions of value a year, charged in arrears by the day.

use chrono::NaiveDate;
use unisleeve_mandates::{ArmKind, Cadence, FeesConfig, Setup, Switch};
use unisleeve_market::View;
use unisleeve_units::Money;

use super::arm::Arm;
use super::is_rebalancing;

/// Days in the year that yearly rates are divided by.
const DAYS: f64 = 365.0;

/// The fee for `days` days on a household worth `value`, of which specialists run `specialists`. Funds-only arms pay the
/// advisor; the shadow portfolio is a yardstick and pays nobody. Fees do not lower anybody's tax (IRC 67(g)).
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
    /// What each account owes in fees today: those that fall due and those still open.
    pub(super) fn fees_due(&mut self, view: &View<'_>, previous: Option<NaiveDate>) -> Vec<Money> {
        let mut fees = self.fees(view, previous);
        for (fee, overdue) in fees.iter_mut().zip(&self.overdue.fees) {
            *fee += *overdue;
        }
        fees
    }

    /// The fee of each account that falls due today.
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
        // What an account is worth, and what specialists run of it.
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
