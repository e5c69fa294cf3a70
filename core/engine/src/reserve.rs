//! Cash that must be there after a session's trades.

use unisleeve_units::{AccountId, Money};

/// What must stay in cash after the trades, dollars of each account. Worked out once for a session and passed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserve {
    /// What the account pays today: tax, fees and withdrawals.
    pub needs: Vec<Money>,
    /// Its part of the household's cash buffer.
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

    /// What is left of the buffers once others hold `theirs` of the household's buffer in all.
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

/// Cash that one mandate's pockets keep through its trades, dollars of each account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    /// What purchases leave in the pocket.
    pub all: Vec<Money>,
    /// The part that the household pays today: for it orders are sent however small.
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
