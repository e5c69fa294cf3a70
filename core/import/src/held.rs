//! What current holdings consist of: lots, cash, and what was left out.

use chrono::NaiveDate;
use unisleeve_units::{Money, Shares};

use super::fault::ImportFault;
use super::record::LeftOut;

/// The kind of file that holdings came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Schwab, Positions export.
    SchwabPositions,
    /// Fidelity, Positions export.
    FidelityPositions,
    /// Interactive Brokers, Flex statement.
    IbkrFlex,
    /// A table with Unisleeve's own column names.
    Lots,
}

impl Source {
    /// Name for the user.
    pub fn title(self) -> &'static str {
        match self {
            Self::SchwabPositions => "Schwab positions",
            Self::FidelityPositions => "Fidelity positions",
            Self::IbkrFlex => "IBKR Flex statement",
            Self::Lots => "a table of lots",
        }
    }
}

/// A lot held, or a position if the file does not list its lots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldLot {
    /// Line of the file.
    pub line: u64,
    /// Account.
    pub account: String,
    /// Ticker in normal form, such as `BRK.B`.
    pub symbol: String,
    /// Number of shares, above zero.
    pub quantity: Shares,
    /// Basis of all shares, in dollars.
    pub basis: Money,
    /// Date of purchase, if the file has it.
    pub acquired: Option<NaiveDate>,
    /// Start of the holding period, if it differs from the date of purchase.
    pub holding_start: Option<NaiveDate>,
    /// Market value in dollars, if the file has it.
    pub value: Option<Money>,
}

/// Holdings read from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holdings {
    /// Kind of file.
    pub source: Source,
    /// Lots, in the file's order.
    pub lots: Vec<HeldLot>,
    /// Cash of all accounts in dollars, if the file lists it.
    pub cash: Option<Money>,
    /// Rows left out that are neither lots nor faults.
    pub left_out: Vec<LeftOut>,
    /// Faults of rows that can't be read, sorted by line.
    pub faults: Vec<ImportFault>,
}
