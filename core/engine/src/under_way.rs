//! Money that the advisor has asked a specialist to move and that has not moved yet, as a decision counts it.

use unisleeve_books::household::Ledger;
use unisleeve_units::{AccountId, MandateId, Money};

use super::DecisionContext;
use super::cells::cell_value;
use super::requests::Request;

/// What is asked of a specialist in an account, in dollars of zero or more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// To raise today.
    pub raise_now: Money,
    /// To raise on a later day.
    pub raise_later: Money,
    /// Held to be invested today.
    pub invest_now: Money,
    /// Held to be invested on a later day.
    pub invest_later: Money,
}

impl DecisionContext<'_> {
    /// Open requests to a specialist in an account.
    pub(super) fn asked(&self, mandate: MandateId, account: AccountId) -> Asked {
        let mut asked = Asked::default();
        let mine = |r: &&Request| r.mandate == mandate && r.account == account;
        for r in self.requests.iter().filter(mine) {
            let sum = match (r.dollars.is_negative(), r.at <= self.session) {
                (true, true) => &mut asked.raise_now,
                (true, false) => &mut asked.raise_later,
                (false, true) => &mut asked.invest_now,
                (false, false) => &mut asked.invest_later,
            };
            *sum += r.dollars.abs();
        }
        asked
    }

    /// Dollars by which open requests will change each cell of the setup, by the value of the specialist's
    /// cells. A specialist gives no more than its cells are worth.
    pub(super) fn pending(&self, ledger: &Ledger) -> Vec<Money> {
        let setup = self.setup;
        let mut pending = vec![Money::ZERO; setup.cells.len()];
        let places = (0..setup.mandates.len() as u16)
            .flat_map(|m| (0..setup.accounts.len() as u16).map(move |a| (MandateId(m), AccountId(a))));
        for (mandate, account) in places {
            let asked = self.asked(mandate, account);
            if asked == Asked::default() {
                continue;
            }
            let cells: Vec<usize> =
                setup.cells_of(mandate).filter(|c| setup.cells[*c].account == account).collect();
            let values: Vec<Money> = cells.iter().map(|c| cell_value(self, ledger, *c)).collect();
            let all: Money = values.iter().copied().sum();
            let raised = (asked.raise_now + asked.raise_later).min(all);
            let dollars = asked.invest_now + asked.invest_later - raised;
            let mut left = dollars;
            for (c, value) in cells.iter().zip(&values) {
                let share = if all.is_positive() { value.to_f64() / all.to_f64() } else { 0.0 };
                let part = Money::from_f64(share * dollars.to_f64()).unwrap_or(Money::ZERO).max(-*value);
                pending[*c] += part;
                left -= part;
            }
            if let Some(largest) = (0..cells.len()).max_by_key(|i| (values[*i], cells.len() - i)) {
                pending[cells[largest]] += left;
            }
        }
        pending
    }

    /// Cash on its way to the advisor in an account, in dollars.
    pub(super) fn on_its_way(&self, account: AccountId) -> Money {
        let pockets = (0..self.setup.mandates.len() as u16).map(|m| self.setup.pocket(account, MandateId(m)));
        pockets.map(|p| self.promised.get(p.index()).copied().unwrap_or_default()).sum()
    }
}
