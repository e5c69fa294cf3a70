//! Imports files of brokers and index providers: bytes in, rows of Unisleeve's own formats out.
//!
//! | file | becomes |
//! |---|---|
//! | Schwab, Realized Gain/Loss - Lot Details (CSV) | `TRADES.csv`: `buy` and `sell` for each closed lot |
//! | Fidelity, closed lots (CSV) | the same |
//! | Interactive Brokers, Flex statement (XML, CSV) | the same, and a `transfer_in` for each open lot |
//! | iShares, fund holdings (CSV) | a membership file and `securities.csv` |
//!
//! Files are recognized by their content. Schwab's and Fidelity's positions exports have no lots, so
//! [`import`] refuses them; [`holdings()`] reads them as current holdings without a history. Short lots,
//! options and currencies other than the dollar are not modeled: such rows are left out, and are named and
//! counted. Accounts keep the names in the file. If a label states an account's kind (IRA, Roth, HSA,
//! 401(k)), the kind goes into an accounts file ([`accounts_csv`]) and into a note.
//!
//! - [`import`] reads trades or an index, all or nothing, and returns an [`Imported`]. [`trades_csv`],
//!   [`membership_csv`] and [`securities_csv`] write it as CSV.
//! - [`holdings()`] reads row by row, with faults beside the good rows, and returns [`Holdings`].
//! - [`shown()`] and [`escaped()`] make text from files safe to print.
//!
//! The crate takes bytes: it opens no file, and it books nothing.
//!
//! # Limits of imported trades
//! Closed lots are only part of an account's history. The ledger computes wash sales from the purchases in
//! the file. Replacement shares that are still held, or were bought elsewhere, are not in it, so the ledger
//! may disallow less than the broker did. The broker's disallowed losses are not booked, and a basis that may
//! include one is a fault if the ledger would add the loss again: see the module `wash`.

mod account;
mod detect;
mod fault;
mod fidelity;
mod flex;
mod held;
mod holdings;
mod ibkr;
mod imported;
mod ishares;
mod left_out;
mod lots;
mod options;
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

pub use account::{Account, accounts_csv};
pub use fault::ImportFault;
pub use held::{HeldLot, Holdings, Source};
pub use holdings::holdings;
pub use record::{Action, LeftOut, Member, TradeRow, Weight, membership_csv, securities_csv, trades_csv};
pub use shown::{escaped, shown};

use detect::Csv;

/// Imports a file of any kind in the table [above](self).
///
/// ```
/// use unisleeve_import::{Content, ImportOptions, import, trades_csv};
/// let file = b"Symbol(CUSIP),Security Description,Quantity,Date Acquired,Date Sold,Proceeds,Cost Basis,\
/// Short Term Gain/Loss,Long Term Gain/Loss\nABC(000000AB1),AN EXAMPLE,10,01/02/2025,02/03/2025,$120.00,\
/// $100.00,$20.00,--\n";
/// let imported = import(file, &ImportOptions::default()).unwrap();
/// let Content::Trades(rows) = &imported.content else { unreachable!() };
/// assert!(trades_csv(rows).contains("2025-01-02,taxable,buy,ABC,10.000000,100.0000,"));
/// ```
///
/// # Errors
/// All faults of the file, sorted by line. There is no partial result.
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

pub use imported::{Content, Imported, Kind};

use options::DEFAULT_ACCOUNT;
pub use options::ImportOptions;
