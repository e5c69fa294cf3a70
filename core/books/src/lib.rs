//! The books of a household: what it owns, and what happened to it.
//!
//! - [`journal`]: the append-only record of one arm.
//! - [`household`]: the lot book, which alone changes lots; the ledger, which keeps cash around it; the
//!   household's tax returns over the years.
//! - [`history`]: a file of trades (TRADES.csv), read and booked through the lot book.
//!
//! Bookings are exact: money, shares and prices are fixed-point numbers. A refused booking changes nothing.
//! The tax rules come from `unisleeve-tax`. The layer knows no market, no manager's decision and no
//! optimizer.
//!
//! ```
//! use unisleeve_books::history::{Settings, book, parse_trades};
//! use unisleeve_tax::{FilingStatus, LotMethod, PriorPurchases, TaxRates};
//! use unisleeve_units::Money;
//!
//! let file = b"date,account,action,symbol,quantity,amount\n\
//! 2024-01-02,main,buy,ABC,100,5000\n\
//! 2024-03-01,main,sell,ABC,100,4000\n";
//! let (history, faults) = parse_trades(file, None);
//! let settings = Settings {
//!     method: LotMethod::Fifo,
//!     rates: TaxRates { short: 0.408, long: 0.238 },
//!     status: FilingStatus::Single,
//!     prior: PriorPurchases::Count,
//!     accounts: None,
//!     identical: Vec::new(),
//!     dividend_kinds: Vec::new(),
//!     exempt: Vec::new(),
//!     averaged: None,
//! };
//! let statement = book(&history, &settings, faults).unwrap();
//! assert_eq!(statement.sales().next().unwrap().gain, Money::whole(-1_000));
//! assert_eq!(statement.years[0].ordinary_offset, Money::whole(1_000));
//! ```

pub mod history;
pub mod household;
pub mod journal;
