//! Shares by sleeve, kind of account and security, as the journal's trades move them.

use unisleeve_books::journal::{Side, TradeRow};
use unisleeve_market::View;
use unisleeve_units::{Money, SecurityId, Shares, SleeveId};

/// Shares of one security in a sleeve, in taxable accounts or in others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub sleeve: SleeveId,
    pub is_taxable: bool,
    pub security: SecurityId,
    pub shares: Shares,
}

impl Position {
    fn key(&self) -> (SecurityId, SleeveId, bool) {
        (self.security, self.sleeve, self.is_taxable)
    }

    /// Value at the last close, dollars.
    pub(super) fn value(&self, view: &View<'_>) -> Money {
        Money::of(self.shares, view.last_close(self.security).unwrap_or_default())
    }
}

/// All positions of an arm, by security, sleeve and kind of account.
#[derive(Debug, Clone, Default)]
pub(super) struct Positions(Vec<Position>);

impl Positions {
    /// Adds the shares of a trade, or takes them away.
    pub(super) fn book(&mut self, row: &TradeRow<'_>, is_taxable: bool) {
        let shares = if row.trade.side == Side::Sell { -row.quantity } else { row.quantity };
        let (sleeve, security) = (row.trade.sleeve, row.trade.security);
        let moved = Position { sleeve, is_taxable, security, shares };
        match self.0.binary_search_by_key(&moved.key(), Position::key) {
            Ok(at) => {
                self.0[at].shares += shares;
                if self.0[at].shares.is_zero() {
                    self.0.remove(at);
                }
            }
            Err(at) if !shares.is_zero() => self.0.insert(at, moved),
            Err(_) => {}
        }
    }

    /// All positions.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Position> {
        self.0.iter()
    }

    /// Positions in one security.
    pub(super) fn of(&self, security: SecurityId) -> impl Iterator<Item = &Position> {
        let from = self.0.partition_point(|p| p.security < security);
        self.0.iter().skip(from).take_while(move |p| p.security == security)
    }
}
