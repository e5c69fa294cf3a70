//! What a household owns and what happened to it: the journal of an arm, tax lots and the ledger, and histories of trades.

pub mod history;
pub mod household;
pub mod journal;
