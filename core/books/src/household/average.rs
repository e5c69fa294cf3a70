//! Average cost of fund shares (Reg. 1.1012-1(e)).
//!
//! The basis of each share is the average over all shares of the fund in the account, whatever their holding
//! period ((e)(7)(i)). A disallowed loss that went into the basis of replacement shares takes part in the average
//! ((e)(7)(v)). Shares received by gift with a second basis are left out.

use super::LotBook;
use unisleeve_tax::Lot;
use unisleeve_units::{AccountId, Money, SecurityId, Shares};

impl LotBook {
    /// Sets the basis of all shares of a security in an account to their average. The sum stays.
    pub fn average(&mut self, security: SecurityId, account: AccountId) {
        let here = |l: &&Lot| l.account == account && l.gift.is_none();
        let lots: Vec<Lot> = self.lots(security).iter().filter(here).copied().collect();
        let mut left: Money = lots.iter().map(|l| l.basis).sum();
        let mut shares: Shares = lots.iter().map(|l| l.quantity).sum();
        for lot in lots {
            // Each part is a share of what is left, so rounding loses nothing.
            let basis = left.prorate(lot.quantity, shares);
            left -= basis;
            shares -= lot.quantity;
            self.change(security, lot.piece, |l| l.basis = basis);
        }
    }
}
