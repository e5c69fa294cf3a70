//! Cash that must be left after a session's trades.

use unisleeve_units::{AccountId, Money};

/// Cash that must be left after the trades, in dollars for each account. It is computed once per session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserve {
    /// Payments of each account today: tax, fees, withdrawals, and cash held back for tax.
    pub needs: Vec<Money>,
    /// Each account's part of the household's cash buffer.
    pub buffers: Vec<Money>,
}

impl Reserve {
    pub(super) fn need(&self, account: AccountId) -> Money {
        self.needs.get(account.index()).copied().unwrap_or_default()
    }

    pub(super) fn of(&self, account: AccountId) -> Money {
        self.need(account) + self.buffers.get(account.index()).copied().unwrap_or_default()
    }

    pub(super) fn buffer(&self) -> Money {
        self.buffers.iter().copied().sum()
    }

    /// What is left of each account's buffer if other mandates hold `theirs` dollars of the household's
    /// buffer. Accounts are filled in order.
    pub(super) fn less(&self, theirs: Money) -> Vec<Money> {
        let mut left = (self.buffer() - theirs).max(Money::ZERO);
        let part = |buffer: &Money| {
            let part = left.min(*buffer);
            left -= part;
            part
        };
        self.buffers.iter().map(part).collect()
    }
}

/// Cash that the pockets of one mandate keep during its trades, in dollars for each account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    /// Cash that purchases must leave in the pocket.
    pub all: Vec<Money>,
    /// The part of it that is due today. Orders for it are sent however small they are.
    pub due: Vec<Money>,
}

impl Kept {
    pub(super) fn all(&self, account: AccountId) -> Money {
        self.all.get(account.index()).copied().unwrap_or_default()
    }

    pub(super) fn due(&self, account: AccountId) -> Money {
        self.due.get(account.index()).copied().unwrap_or_default()
    }
}
