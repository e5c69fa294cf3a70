//! What is wrong with a row of a file.

use chrono::NaiveDate;
use thiserror::Error;

use unisleeve_units::{Money, Shares};

/// A fault and the line it is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Line in the file, from 1.
    pub line: u64,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FaultKind {
    /// A column that must be there is not.
    #[error("no column {name}: expected the columns {expected}")]
    NoColumn {
        /// The column.
        name: &'static str,
        /// All that must be there.
        expected: &'static str,
    },
    /// Not a table of text.
    #[error("{0}")]
    NotCsv(String),
    /// Nothing in it.
    #[error("no rows: expected at least one below the header")]
    Empty,
    /// More fields than the header has.
    #[error("{found} fields: expected {expected}, as many as the header has")]
    TooManyFields {
        /// Fields of the row.
        found: usize,
        /// Fields of the header.
        expected: usize,
    },
    /// A field that can't be read.
    #[error("{column} {value:?}: expected {expected}")]
    Field {
        /// Column.
        column: &'static str,
        /// What stands there.
        value: String,
        /// What should.
        expected: &'static str,
    },
    /// A field that the action needs.
    #[error("{action} without {column}: expected {expected}")]
    Missing {
        /// Action.
        action: &'static str,
        /// Column.
        column: &'static str,
        /// What should stand there.
        expected: &'static str,
    },
    /// An account that the list of accounts does not have.
    #[error("account {0:?}: expected one of the accounts file")]
    UnknownAccount(String),
    /// An account that stands twice in the list.
    #[error("account {0:?} stands twice: expected it once")]
    AccountTwice(String),
    /// A lot that was never bought in that account.
    #[error("lot {lot:?}: expected a lot of {symbol} in account {account:?}")]
    UnknownLot {
        /// Its name.
        lot: String,
        /// Security.
        symbol: String,
        /// Account.
        account: String,
    },
    /// A lot that is bought only later.
    #[error("lot {lot:?} on {date}: expected a date from {bought} on, when the lot comes in (line {line})")]
    BeforeItsLot {
        /// Its name.
        lot: String,
        /// Date of this row.
        date: NaiveDate,
        /// Date of the lot.
        bought: NaiveDate,
        /// Its line.
        line: u32,
    },
    /// A lot name that an open lot of the account has.
    #[error("lot {lot:?} is open already (from line {line}): expected a name of its own")]
    LotTwice {
        /// Its name.
        lot: String,
        /// Line of the other lot.
        line: u32,
    },
    /// More shares than a lot has.
    #[error("{asked} shares from lot {lot:?}: expected at most the {held} that it holds")]
    LotOversold {
        /// Its name.
        lot: String,
        /// Shares asked for.
        asked: Shares,
        /// Shares there.
        held: Shares,
    },
    /// More shares than the account has.
    #[error("{asked} shares of {symbol} from account {account:?}: expected at most the {held} that it holds")]
    Oversold {
        /// Security.
        symbol: String,
        /// Account.
        account: String,
        /// Shares asked for.
        asked: Shares,
        /// Shares there.
        held: Shares,
    },
    /// The shares named by lot are not those of the row.
    #[error("lots of {named} shares in all: expected the row's quantity, {quantity}")]
    LotsDoNotAddUp {
        /// Sum over the lots.
        named: Shares,
        /// The row's quantity.
        quantity: Shares,
    },
    /// An earlier purchase that comes after.
    #[error("{column} {value}: expected a date up to the row's own, {date}")]
    NotEarlier {
        /// Column.
        column: &'static str,
        /// Its date.
        value: NaiveDate,
        /// The row's.
        date: NaiveDate,
    },
    /// Nothing there for a company's action.
    #[error("{action} of {symbol}: expected shares of it in account {account:?} on {date}")]
    NotHeld {
        /// Action.
        action: &'static str,
        /// Security.
        symbol: String,
        /// Account.
        account: String,
        /// Date.
        date: NaiveDate,
    },
    /// Shares that were all bought too late for what is paid on them.
    #[error("{action} of {symbol}: expected shares of it bought before {ex} in account {account:?}")]
    NotEntitled {
        /// Action.
        action: &'static str,
        /// Security.
        symbol: String,
        /// Account.
        account: String,
        /// Ex-date.
        ex: NaiveDate,
    },
    /// Another quantity than is there.
    #[error("{action} of {asked} shares: expected the {held} that the account holds, or nothing")]
    NotAll {
        /// Action.
        action: &'static str,
        /// Shares of the row.
        asked: Shares,
        /// Shares there.
        held: Shares,
    },
    /// An option.
    #[error("{column} {symbol:?}: options are not modelled; expected a share or a fund")]
    Option {
        /// Column.
        column: &'static str,
        /// What stands there.
        symbol: String,
    },
    /// A move from an account to itself.
    #[error("account2 {0:?}: expected another account")]
    SameAccount(String),
    /// A move between an account that is taxed and one that is not.
    #[error(
        "transfer from account {from:?} to {to:?}: expected both taxable or neither; what goes into or comes out of a \
         retirement account is a contribution or a distribution"
    )]
    MixedTransfer {
        /// Account it leaves.
        from: String,
        /// Account it goes to.
        to: String,
    },
    /// Cash for a fraction where there is none.
    #[error("{action} with {cash} of cash_in_lieu: expected a fraction of a share, not {shares} shares")]
    NoFraction {
        /// Action.
        action: &'static str,
        /// The cash.
        cash: Money,
        /// Shares that the accounts get.
        shares: Shares,
    },
    /// More shares replaced than came in.
    #[error("replaced {replaced}: expected at most the row's quantity, {quantity}")]
    ReplacedTooMany {
        /// Shares said to have replaced a loss.
        replaced: Shares,
        /// Shares that come in.
        quantity: Shares,
    },
    /// A second security that is the first.
    #[error("symbol2 {0:?}: expected another security")]
    SameSymbol(String),
    /// A spin-off whose share of the value can't be told.
    #[error(
        "spinoff of {symbol} without the value of its shares: expected a price (of one share after it) or an earlier \
         trade of {symbol}"
    )]
    NoParentValue {
        /// Security.
        symbol: String,
    },
    /// A spin-off worth more than all of the company.
    #[error("spinoff worth {child} for each share: expected less than the share's last price, {parent}")]
    SpunMoreThanAll {
        /// Value for each share.
        child: String,
        /// Price before.
        parent: String,
    },
    /// Sums out of range.
    #[error("the amounts up to here exceed 1,000,000,000,000 dollars or shares in total: expected less")]
    TooLarge,
}
