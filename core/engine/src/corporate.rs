//! Corporate actions at the open of a session: splits, spin-offs, delistings.
//!
//! They are no manager's orders and cost no spread. Shares of a spin-off without prices are sold on the same
//! day at their stated value. Shares of a delisted company are paid out at its last close.

use super::arm::Arm;
use unisleeve_books::household::{Entry, LedgerError, Order};
use unisleeve_books::journal::Reason;
use unisleeve_market::{Action, View};
use unisleeve_units::{AccountId, MandateId, PocketId, Price, Rate, Ratio, SecurityId, Shares, SleeveId};

impl Arm<'_> {
    /// Books the session's corporate actions.
    pub(super) fn corporate_actions(&mut self, view: &View<'_>) -> Result<(), LedgerError> {
        for action in view.actions() {
            let first = self.ledger.journal().trades.len();
            match *action {
                Action::Split { security, ratio } => {
                    for entry in self.entries(view, security) {
                        self.ledger.split(&entry, ratio)?;
                    }
                    self.ledger.restate_losses(security, ratio);
                }
                Action::SpinOff { security, child, ratio, value, is_priced } => {
                    if !self.ledger.held(security).is_positive() {
                        continue;
                    }
                    let rest = view.close(security).unwrap_or_default();
                    let (part, whole) = (i128::from(value.raw()), i128::from(value.raw() + rest.raw()));
                    // Both are positive: the spin-off has a value and the parent has a price.
                    let fraction = Ratio::new(part, whole).unwrap_or(Ratio::ONE);
                    for entry in self.entries(view, security) {
                        self.ledger.spin_off(&entry, child, ratio, fraction)?;
                    }
                    if !is_priced {
                        self.pay_out(view, child, view.close(child).unwrap_or_default())?;
                    }
                }
                Action::Delisting { security } => {
                    if let Some(last) = view.last_close(security) {
                        self.pay_out(view, security, last)?;
                    }
                }
            }
            // Trades from corporate actions are recorded under the mandates that run the sleeves.
            let setup = self.setup;
            for trade in self.ledger.journal_mut().trades.iter_mut().skip(first) {
                trade.mandate = setup.mandate_of(trade.sleeve);
            }
        }
        Ok(())
    }

    /// One entry for each account.
    fn entries(&self, view: &View<'_>, security: SecurityId) -> Vec<Entry> {
        let entry = |account: usize| Entry {
            date: view.date(),
            account: AccountId(account as u16),
            sleeve: SleeveId(0),
            mandate: MandateId(0),
            security,
            reason: Reason::default(),
        };
        (0..self.ledger.accounts().len()).map(entry).collect()
    }

    /// Sells all shares of a security at a price, without cost.
    fn pay_out(&mut self, view: &View<'_>, security: SecurityId, price: Price) -> Result<(), LedgerError> {
        // One order for each sleeve in each account, in the order of the lots.
        type Pieces = Vec<(u32, Shares)>;
        let mut orders: Vec<(PocketId, SleeveId, Pieces)> = Vec::new();
        for lot in self.ledger.lots(security) {
            let pocket = self.setup.pocket(lot.account, self.setup.mandate_of(lot.sleeve));
            let piece = (lot.piece, lot.quantity);
            match orders.iter_mut().find(|(p, s, _)| (*p, *s) == (pocket, lot.sleeve)) {
                Some((.., pieces)) => pieces.push(piece),
                None => orders.push((pocket, lot.sleeve, vec![piece])),
            }
        }
        for (pocket, sleeve, pieces) in orders {
            let order = Order {
                date: view.date(),
                pocket,
                sleeve,
                security,
                price,
                cost_rate: Rate::ZERO,
                reason: Reason::default(),
            };
            self.ledger.pay_out(&order, &pieces)?;
        }
        Ok(())
    }
}
