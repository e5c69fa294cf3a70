//! A history of trades as people keep it (TRADES.csv): read, booked through the lot book as one household's tax return, and
//! told back as sales, wash sales, open lots and years.
//!
//! Rows are booked in order of date, those of one date in the order of the file. A file whose dates run backwards is read from
//! its end, with a note. Every fault is collected with its line, and
//! a history with a fault is not told at all.
//!
//! | action | quantity | amount | others |
//! |---|---|---|---|
//! | `buy` | shares | total cost | `lot` names it |
//! | `sell` | shares | net proceeds | `lot`: `A` or `A:40;B:60`; without it the method chooses |
//! | `transfer_in` | shares | basis | `acquired`, `holding_start` where it differs |
//! | `transfer` | shares, or none where `lot` says which | | `account` it leaves, `account2` it goes to; without `lot` the oldest first |
//! | `inherit` | shares | value at death | `acquired`: the day of death, where it is not the row's |
//! | `dividend` | | dollars | `kind`: `qualified`, `ordinary`, `capital_gain` or `interest`; `ex_date`, else the row's date |
//! | `reinvest` | shares bought | the dividend, and their cost | as `dividend` |
//! | `capital_gain` | | dollars of a fund's distribution | `term`: `long` without it; `short` is an ordinary dividend |
//! | `return_of_capital` | | dollars | `ex_date`, else the row's date |
//! | `split` | new shares for an old one | | or `ratio`, such as `3:1`; `cash_in_lieu` |
//! | `spinoff` | | value of one new share | `symbol2`, `ratio`, `price` of one old share after it; `cash_in_lieu` |
//! | `merger` | | cash for an old share (boot) | `symbol2`, `ratio`, `price` of one new share; `cash_in_lieu` |
//! | `cash_merger` | | cash for a share | |
//! | `rename` | | | `symbol2` |
//! | `delist` | | last value of a share; 0 = worthless | |
//! | `gift_in` | shares | donor's basis | `acquired` by the donor, `price` of a share on the day of the gift |
//! | `gift_out` | shares | | `lot`; without it the oldest first (Reg. 1.1012-1(c)(1)) |
//!
//! - `replaced`, on rows that bring shares in: how many of them have replaced shares sold at a loss before the file begins, and so
//!   can't replace others (Reg. 1.1091-1(e)). They and the rest share the row's basis.
//! - A transfer is no purchase and no sale: dates, basis and what has replaced a loss stay. Both accounts are taxable or neither.
//! - Shares bought on the ex-date or later get nothing of a distribution. Of one with a row's own `ex_date` those sold since then get
//!   their part; a return of capital paid after all are sold goes to those sold last, as a gain of their term.
//! - A dividend without `kind` is what its security's `dividend_kind` says, else qualified, with a note.
//! - A company's action works on an account's total, which is rounded once: what the lots lose goes to the largest part.
//!   `cash_in_lieu` is the cash for the fraction of a share, in all: the fraction is sold for it.
//! - Boot is a gain as far as the exchange has one, never a loss (IRC 356). Whether it is a dividend instead (356(a)(2)) is not
//!   tested. Without `price` a trade of the new share within 30 days gives its value, else all of the cash counts as gain.
//!
//! What a company does happens to all who hold its shares: an account without a row of its own within 30 days of another
//! account's takes part in that one, with a note. A second row of one account, or a second one that names none, is another
//! event.

mod accounts;
mod action;
mod book;
mod fault;
mod parse;
mod rows;
mod statement;
mod table;

pub use accounts::{AccountList, Owner, parse_accounts};
pub use action::Action;
pub use book::{Settings, book};
pub use fault::{Fault, FaultKind};
pub use parse::parse_trades;
pub use rows::{DividendKind, History, HistoryRow, Names};
pub use statement::{OpenLot, Sale, Statement, Year};
