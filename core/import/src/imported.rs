//! What an imported file holds.

use super::account::Account;
use super::lots::ClosedLot;
use super::record::{LeftOut, Member, TradeRow};
use super::{account, wash};
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::BTreeMap;
use unisleeve_units::Money;

/// The kind of file that was imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Schwab, Realized Gain/Loss - Lot Details.
    SchwabRealizedLots,
    /// Fidelity, closed lots.
    FidelityClosedLots,
    /// Interactive Brokers, Flex statement.
    IbkrFlex,
    /// iShares, fund holdings.
    IsharesHoldings,
}

impl Kind {
    /// Name for the user.
    pub fn title(self) -> &'static str {
        match self {
            Self::SchwabRealizedLots => "Schwab Realized Gain/Loss - Lot Details",
            Self::FidelityClosedLots => "Fidelity closed lots",
            Self::IbkrFlex => "IBKR Flex statement",
            Self::IsharesHoldings => "iShares holdings",
        }
    }
}

/// The content of an imported file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Rows of `TRADES.csv`, in booking order.
    Trades(Vec<TradeRow>),
    /// An index on one day, in the file's order.
    Index {
        /// Date of the weights.
        date: NaiveDate,
        /// Members.
        members: Vec<Member>,
    },
}

/// An imported file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Kind of file.
    pub kind: Kind,
    /// Its content.
    pub content: Content,
    /// Accounts of the trades, with the kinds that the file's labels state; empty for an index.
    pub accounts: Vec<Account>,
    /// Rows that were left out, by kind.
    pub left_out: Vec<LeftOut>,
    /// Notes for the user.
    pub notes: Vec<String>,
    /// Losses that the broker reports as disallowed, in dollars, positive. They are not booked. `None` if the
    /// file has no such figure.
    pub disallowed_by_broker: Option<Money>,
}

impl Imported {
    /// Closed and open lots, with the notes that apply to every broker. `labels` holds the file's
    /// descriptions of accounts, for names that don't state a kind.
    pub(super) fn of_lots(
        kind: Kind,
        rows: Vec<TradeRow>,
        labels: &BTreeMap<String, String>,
        closed: &[ClosedLot],
        mut notes: Vec<String>,
    ) -> Self {
        let (count, sum) = wash::disallowed(closed);
        if count > 0 {
            notes.push(format!(
                "the broker disallowed losses on {count} sales, {sum} in all: they are not booked, the ledger figures wash \
                 sales from the trades"
            ));
        }
        let disallowed_by_broker = (kind != Kind::IbkrFlex).then_some(sum);
        let (accounts, said) = account::told(&rows, labels);
        notes.extend(said);
        let content = Content::Trades(rows);
        Self { kind, content, accounts, left_out: Vec::new(), notes, disallowed_by_broker }
    }

    pub(super) fn leaving_out(mut self, left_out: LeftOut) -> Self {
        if left_out.rows > 0 {
            self.left_out.push(left_out);
        }
        self
    }
}
