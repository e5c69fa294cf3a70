//! A history of trades as people keep it (TRADES.csv): read, booked through the lot book as one household's tax return, and
//! told back as sales, wash sales, open lots and years.
//!
//! Rows are booked in order of date, those of one date in the order of the file. Every fault is collected with its line, and
//! a history with a fault is not told at all.
//!
//! | action | quantity | amount | others |
//! |---|---|---|---|
//! | `buy` | shares | total cost | `lot` names it |
//! | `sell` | shares | net proceeds | `lot`: `A` or `A:40;B:60`; without it the method chooses |
//! | `transfer_in` | shares | basis | `acquired`, `holding_start` where it differs |
//! | `dividend` | | dollars | the date counts as ex-date |
//! | `reinvest` | shares bought | the dividend, and their cost | |
//! | `return_of_capital` | | dollars | |
//! | `split` | new shares for an old one | | or `ratio`, such as `3:1` |
//! | `spinoff` | | value of one new share | `symbol2`, `ratio`, `price` of one old share after it |
//! | `merger` | | | `symbol2`, `ratio` |
//! | `cash_merger` | | cash for a share | |
//! | `rename` | | | `symbol2` |
//! | `delist` | | last value of a share; 0 = worthless | |
//! | `gift_in` | shares | donor's basis | `acquired` by the donor, `price` of a share on the day of the gift |
//! | `gift_out` | shares | | `lot`; without it the oldest first (Reg. 1.1012-1(c)(1)) |
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
pub use rows::{DividendKind, History, Names, Row};
pub use statement::{OpenLot, Sale, Statement, Year};
