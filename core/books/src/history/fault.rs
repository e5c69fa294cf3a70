//! Faults in a file of trades or accounts.

use chrono::NaiveDate;
use thiserror::Error;

use unisleeve_units::{Money, Shares};

/// A fault, and its line.
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
    /// A required column is missing.
    #[error("no column {name}: expected the columns {expected}")]
    NoColumn {
        /// The missing column.
        name: &'static str,
        /// All required columns.
        expected: &'static str,
    },
    /// The text is not CSV in UTF-8.
    #[error("{0}")]
    NotCsv(String),
    /// The file has no rows.
    #[error("no rows: expected at least one below the header")]
    Empty,
    /// The row has more fields than the header.
    #[error("{found} fields: expected {expected}, as many as the header has")]
    TooManyFields {
        /// Fields in the row.
        found: usize,
        /// Fields in the header.
        expected: usize,
    },
    /// A field can't be read.
    #[error("{column} {value:?}: expected {expected}")]
    Field {
        /// Column.
        column: &'static str,
        /// Value found.
        value: String,
        /// What was expected.
        expected: &'static str,
    },
    /// A field that the action needs is missing.
    #[error("{action} without {column}: expected {expected}")]
    Missing {
        /// Action.
        action: &'static str,
        /// Column.
        column: &'static str,
        /// What was expected.
        expected: &'static str,
    },
    /// The account is not in the accounts file.
    #[error("account {0:?}: expected one of the accounts file")]
    UnknownAccount(String),
    /// The account occurs twice in the accounts file.
    #[error("account {0:?} stands twice: expected it once")]
    AccountTwice(String),
    /// No such lot was bought in that account.
    #[error("lot {lot:?}: expected a lot of {symbol} in account {account:?}")]
    UnknownLot {
        /// Name of the lot.
        lot: String,
        /// Security.
        symbol: String,
        /// Account.
        account: String,
    },
    /// The lot is bought only later.
    #[error("lot {lot:?} on {date}: expected a date from {bought} on, when the lot comes in (line {line})")]
    BeforeItsLot {
        /// Name of the lot.
        lot: String,
        /// Date of this row.
        date: NaiveDate,
        /// Date when the lot comes in.
        bought: NaiveDate,
        /// Line where the lot comes in.
        line: u32,
    },
    /// An open lot in the account already has this name.
    #[error("lot {lot:?} is open already (from line {line}): expected a name of its own")]
    LotTwice {
        /// Name of the lot.
        lot: String,
        /// Line of the other lot.
        line: u32,
    },
    /// The lot has fewer shares than asked for.
    #[error("{asked} shares from lot {lot:?}: expected at most the {held} that it holds")]
    LotOversold {
        /// Name of the lot.
        lot: String,
        /// Shares asked for.
        asked: Shares,
        /// Shares available.
        held: Shares,
    },
    /// The account has fewer shares than asked for.
    #[error("{asked} shares of {symbol} from account {account:?}: expected at most the {held} that it holds")]
    Oversold {
        /// Security.
        symbol: String,
        /// Account.
        account: String,
        /// Shares asked for.
        asked: Shares,
        /// Shares available.
        held: Shares,
    },
    /// The shares of the named lots don't add up to the row's quantity.
    #[error("lots of {named} shares in all: expected the row's quantity, {quantity}")]
    LotsDoNotAddUp {
        /// Sum over the named lots.
        named: Shares,
        /// The row's quantity.
        quantity: Shares,
    },
    /// A date that must not be after the row's date is after it.
    #[error("{column} {value}: expected a date up to the row's own, {date}")]
    NotEarlier {
        /// Column.
        column: &'static str,
        /// Date in that column.
        value: NaiveDate,
        /// Date of the row.
        date: NaiveDate,
    },
    /// The account holds no shares for the action.
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
    /// All shares held were bought on the ex-date or later, so none is entitled to the payment.
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
    /// The quantity differs from what the account holds.
    #[error("{action} of {asked} shares: expected the {held} that the account holds, or nothing")]
    NotAll {
        /// Action.
        action: &'static str,
        /// Shares on the row.
        asked: Shares,
        /// Shares held.
        held: Shares,
    },
    /// The symbol is an option.
    #[error("{column} {symbol:?}: options are not modelled; expected a share or a fund")]
    Option {
        /// Column.
        column: &'static str,
        /// Symbol found.
        symbol: String,
    },
    /// A transfer from an account to itself.
    #[error("account2 {0:?}: expected another account")]
    SameAccount(String),
    /// A transfer between a taxable account and one that is not.
    #[error(
        "transfer from account {from:?} to {to:?}: expected both taxable or neither; what goes into or comes out of a \
         retirement account is a contribution or a distribution"
    )]
    MixedTransfer {
        /// Account that the shares leave.
        from: String,
        /// Account that they go to.
        to: String,
    },
    /// Cash in lieu of a fraction, but no account received a fraction.
    #[error("{action} with {cash} of cash_in_lieu: expected a fraction of a share, not {shares} shares")]
    NoFraction {
        /// Action.
        action: &'static str,
        /// The cash, in dollars.
        cash: Money,
        /// Shares that the accounts received.
        shares: Shares,
    },
    /// More shares are marked as replacements than came in.
    #[error("replaced {replaced}: expected at most the row's quantity, {quantity}")]
    ReplacedTooMany {
        /// Shares marked as having replaced a loss.
        replaced: Shares,
        /// Shares that came in.
        quantity: Shares,
    },
    /// The second symbol equals the first.
    #[error("symbol2 {0:?}: expected another security")]
    SameSymbol(String),
    /// A spin-off without a known value of the parent's shares.
    #[error(
        "spinoff of {symbol} without the value of its shares: expected a price (of one share after it) or an earlier \
         trade of {symbol}"
    )]
    NoParentValue {
        /// Security.
        symbol: String,
    },
    /// A taxable merger without the value of what is received.
    #[error(
        "merger: no price of {symbol}: a taxable merger needs the value of a new share in the column price"
    )]
    NoValueReceived {
        /// The security received.
        symbol: String,
    },
    /// A spin-off whose percentage and prices disagree.
    #[error(
        "basis_percent {given}: the prices on the row leave {priced}% with the parent: expected one of the two, or both \
         alike"
    )]
    TwoSplits {
        /// The percentage given.
        given: String,
        /// The percentage by prices.
        priced: String,
    },
    /// A spin-off worth at least as much as the whole company.
    #[error("spinoff worth {child} for each share: expected less than the share's last price, {parent}")]
    SpunMoreThanAll {
        /// Value of the spin-off for each parent share, in dollars.
        child: String,
        /// Price of a parent share, in dollars.
        parent: String,
    },
    /// The sum of all amounts is out of range.
    #[error("the amounts up to here exceed 1,000,000,000,000 dollars or shares in total: expected less")]
    TooLarge,
}
