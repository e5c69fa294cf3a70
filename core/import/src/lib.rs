//! Files of brokers and index providers, from bytes to rows of our own formats.
//!
//! | file | becomes |
//! |---|---|
//! | Schwab, Realized Gain/Loss - Lot Details (CSV) | `TRADES.csv`: a `buy` and a `sell` for each closed lot |
//! | Fidelity, closed lots (CSV) | the same |
//! | Interactive Brokers, Flex statement (XML, CSV) | the same, and a `transfer_in` for each open lot |
//! | iShares, fund holdings (CSV) | a membership file and `securities.csv` |
//!
//! Which it is shows in the content. Positions exports of Schwab and Fidelity have no lots and are refused: what is held
//! without its history is read by [`holdings`]. Shorts, options and other currencies than the dollar are not modelled: such
//! rows are left out, named and counted. Accounts keep the names that the file gives them; what a label says of an
//! account's kind (IRA, Roth, HSA, 401(k)) goes into an accounts file ([`accounts_csv`]) and into a note.
//!
//! # What the trades are, and are not
//! Closed lots are a part of an account's history. The ledger figures wash sales from them afresh, by the purchases in
//! the file: replacement shares still held, or bought elsewhere, are not in it, so what it disallows may be less than
//! what the broker did. No disallowed loss of the broker is booked, and none is left inside a basis where it could be
//! added again: see `wash`.

mod account;
mod detect;
mod fault;
mod fidelity;
mod flex;
mod held;
mod ibkr;
mod ishares;
mod left_out;
mod lots;
mod positions;
mod record;
mod row;
mod schwab;
mod shown;
mod symbol;
mod table;
mod text;
mod value;
mod wash;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

pub use account::{Account, accounts_csv};
pub use fault::ImportFault;
pub use held::{HeldLot, Holdings, Source, holdings};
pub use record::{Action, LeftOut, Member, TradeRow, Weight, membership_csv, securities_csv, trades_csv};
pub use shown::{escaped, shown};

use detect::Csv;
use lots::ClosedLot;
use unisleeve_units::Money;

/// Account of files that don't name one.
const DEFAULT_ACCOUNT: &str = "taxable";

/// What an importer can't read in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportOptions {
    /// Account of files that don't name one. Default `taxable`. A name that says IRA, Roth, HSA or 401(k) is of that kind.
    pub account: String,
    /// The basis of every lot is what was paid for it, without disallowed losses. Default false: a lot whose basis may
    /// hold one that the ledger would add again is a fault.
    pub basis_unadjusted: bool,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self { account: DEFAULT_ACCOUNT.to_owned(), basis_unadjusted: false }
    }
}

/// Which file it was.
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
    /// Name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::SchwabRealizedLots => "Schwab Realized Gain/Loss - Lot Details",
            Self::FidelityClosedLots => "Fidelity closed lots",
            Self::IbkrFlex => "IBKR Flex statement",
            Self::IsharesHoldings => "iShares holdings",
        }
    }
}

/// What it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Rows of `TRADES.csv`, in the order in which they are booked.
    Trades(Vec<TradeRow>),
    /// An index on one day, in the file's order.
    Index {
        /// Day of the weights.
        date: NaiveDate,
        /// Members.
        members: Vec<Member>,
    },
}

/// A file's content in our own terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Which file it was.
    pub kind: Kind,
    /// What it holds.
    pub content: Content,
    /// Accounts of the trades, with the kinds that the file's labels tell; none for an index.
    pub accounts: Vec<Account>,
    /// Rows that are no fault but have no place in the output.
    pub left_out: Vec<LeftOut>,
    /// What a reader of the output should know.
    pub notes: Vec<String>,
    /// Losses that the broker reports as disallowed, which are not booked; `None` where the file has no such figure.
    pub disallowed_by_broker: Option<Money>,
}

impl Imported {
    /// Closed and open lots, with the notes that every broker's lots need. `labels` is what the file says of accounts
    /// whose names do not tell what they are.
    fn of_lots(
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

    fn leaving_out(mut self, left_out: LeftOut) -> Self {
        if left_out.rows > 0 {
            self.left_out.push(left_out);
        }
        self
    }
}

/// Reads a file of any kind listed [above](self).
///
/// ```
/// use unisleeve_import::{Content, ImportOptions, import, trades_csv};
/// let file = b"Symbol(CUSIP),Security Description,Quantity,Date Acquired,Date Sold,Proceeds,Cost Basis,\
/// Short Term Gain/Loss,Long Term Gain/Loss\nABC(000000AB1),AN EXAMPLE,10,01/02/2025,02/03/2025,$120.00,$100.00,$20.00,--\n";
/// let imported = import(file, &ImportOptions::default()).unwrap();
/// let Content::Trades(rows) = &imported.content else { unreachable!() };
/// assert!(trades_csv(rows).contains("2025-01-02,taxable,buy,ABC,10.000000,100.0000,"));
/// ```
///
/// # Errors
/// Every fault of the file, by line. There is no partial result.
pub fn import(bytes: &[u8], options: &ImportOptions) -> Result<Imported, Vec<ImportFault>> {
    let mut result = read(bytes, options);
    if let Err(faults) = &mut result {
        faults.sort_by_key(|f| f.line);
    }
    result
}

fn read(bytes: &[u8], options: &ImportOptions) -> Result<Imported, Vec<ImportFault>> {
    let one = |fault| vec![fault];
    let text = text::decode(bytes).map_err(one)?;
    if detect::is_xml(text) {
        detect::xml(text, detect::KNOWN).map_err(one)?;
        return ibkr::import(flex::xml(text).map_err(one)?, options, Vec::new());
    }
    let records = table::records(text).map_err(one)?;
    match detect::csv(&records).map_err(one)? {
        Csv::Schwab => schwab::import(&records, options),
        Csv::Fidelity => fidelity::import(&records, options),
        Csv::Ishares(at) => ishares::import(&records[..at], &records[at], &records[at + 1..]),
        Csv::Ibkr => {
            let mut faults = Vec::new();
            let entries = flex::csv(&records, &mut faults);
            ibkr::import(entries, options, faults)
        }
    }
}

#[cfg(test)]
mod mangled;
