//! Histories of trades (TRADES.csv): reads a file, books it through the lot book as the tax return of one
//! household, and reports sales, wash sales, open lots and years.
//!
//! Rows are booked by date; rows of one date, in file order. A file whose dates run backwards is read from
//! its end, with a note. Every fault is collected with its line, and a history with a fault is not reported
//! at all.
//!
//! | action | quantity | amount | other columns |
//! |---|---|---|---|
//! | `buy` | shares | total cost | `lot`: its name |
//! | `sell` | shares | net proceeds | `lot`: `A` or `A:40;B:60` |
//! | `transfer_in` | shares | basis | `acquired`; `holding_start` if different |
//! | `transfer` | shares, or none with `lot` | | `account` (from), `account2` (to), `lot` |
//! | `inherit` | shares | value at death | `acquired`: day of death, if not the row's date |
//! | `dividend` | | dollars | `kind`, `ex_date` |
//! | `reinvest` | shares bought | dividend, which is their cost | `kind`, `ex_date` |
//! | `capital_gain` | | dollars distributed by a fund | `term` |
//! | `return_of_capital` | | dollars | `ex_date` |
//! | `split` | new shares per old share | | or `ratio`, such as `3:1`; `cash_in_lieu` |
//! | `spinoff` | | value of a new share | `symbol2`, `ratio`, `price`, `cash_in_lieu`, `basis_percent`, `kind` |
//! | `merger` | | cash per old share (boot) | `symbol2`, `ratio`, `price`, `cash_in_lieu`, `boot_symbol`, `boot_value`, `kind` |
//! | `cash_merger` | | cash per share | |
//! | `rename` | | | `symbol2` |
//! | `delist` | | last value per share; 0: worthless | |
//! | `gift_in` | shares | donor's basis | `acquired` by the donor, `price` on the day of the gift |
//! | `gift_out` | shares | | `lot` |
//!
//! - `lot`: a sale without it takes the lots that the method chooses. A transfer or a gift without it takes
//!   the oldest (Reg. 1.1012-1(c)(1)).
//! - `kind`: `qualified`, `ordinary`, `capital_gain` or `interest`. A dividend without it is of the
//!   security's `dividend_kind`, otherwise qualified, with a note.
//! - `term`: `long` if absent; `short` counts as an ordinary dividend.
//! - `ex_date`: the row's date if absent. Shares bought on the ex-date or later receive nothing. If the row
//!   states an `ex_date`, shares sold since then receive their part. A return of capital paid after all
//!   shares are sold goes to the shares sold last, as a gain of their term.
//! - `price`: for a spin-off, of an old share after it; for a merger, of a new share. A merger with cash and
//!   no `price` takes the value of a new share from a trade within 30 days; without one, all of the cash is
//!   gain.
//! - `basis_percent`, on a spin-off: the part of the basis that stays with the parent, such as `84.48` (Form 8937). It
//!   replaces the values of both shares, or must agree with them.
//! - `kind` on a spin-off says that it is a dividend, `qualified` or `ordinary` (IRC 301): income of the value of what
//!   is received, which is its basis. `kind` `taxable` on a merger: no reorganization, but a sale of the old shares
//!   for the value of all that is received, and a purchase at that value.
//! - `boot_symbol`, `boot_value`: a second security received in a merger, such as a contingent value right, with its
//!   value for each old share. It is taxed like cash, and the value is its basis.
//! - `replaced`, on rows that bring shares in: how many of them replaced shares sold at a loss before the
//!   file begins. They can't replace others (Reg. 1.1091-1(e)). They share the row's basis with the rest.
//! - A transfer is neither a purchase nor a sale: dates, basis, and which shares have replaced a loss stay
//!   the same. Both accounts must be taxable, or neither.
//! - A corporate action applies to an account's total, which is rounded once; differences from rounding the
//!   lots go to the largest part. `cash_in_lieu` is the total cash for fractions of a share, which are sold
//!   for it.
//! - Boot is taxed as far as the exchange has a gain, and a loss is never recognized (IRC 356). Whether boot
//!   is a dividend (356(a)(2)) is not tested.
//!
//! A corporate action applies to all holders. An account without its own row within 30 days takes part in
//! another account's row, with a note. A second row of the same account, or a second row that names no
//! account, is another event.

mod accounts;
mod action;
mod book;
mod fault;
mod one_order;
mod parse;
mod rows;
mod settings;
mod statement;
mod table;
#[cfg(test)]
mod tests;

pub use settings::Settings;

pub use accounts::{AccountList, Owner, parse_accounts};
pub use action::Action;
pub use book::book;
pub use fault::{Fault, FaultKind};
pub use parse::parse_trades;
pub use rows::{DividendKind, History, HistoryRow, Names};
pub use statement::{OpenLot, Sale, Statement, Year};
