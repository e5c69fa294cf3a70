//! What a delay shorter than a session costs.
//!
//! In a weekly or monthly market a delay of a few days moves no session. The money is put to work at once, and
//! at the next session it is charged the policy mix's return on it for the days of the delay: a cost where the
//! mix rises, a gain where it falls.

use unisleeve_books::household::LedgerError;
use unisleeve_books::journal::CashKind;
use unisleeve_market::View;
use unisleeve_units::{AccountId, Money};

use super::arm::Arm;

impl Arm<'_> {
    /// Books the cost of money that was put to work too early at the last session. `mix` is the policy mix's
    /// return since then. What an account's cash can't pay stays due.
    pub(super) fn charge_idle(&mut self, view: &View<'_>, mix: f64) -> Result<(), LedgerError> {
        for late in core::mem::take(&mut self.late) {
            let cost = Money::from_f64(late.amount.to_f64() * late.rest * mix).unwrap_or(Money::ZERO);
            self.idle[late.account.index()] += cost;
        }
        for a in 0..self.idle.len() {
            let account = AccountId(a as u16);
            let cost = self.idle[a].min(self.balance(account).max(Money::ZERO));
            if !cost.is_zero() {
                let pocket = self.setup.pocket(account, self.setup.advisor());
                self.ledger.book_cash(view.date(), pocket, CashKind::Idle, None, -cost)?;
                self.idle[a] -= cost;
            }
        }
        Ok(())
    }
}
