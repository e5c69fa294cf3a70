//! Federal law by year: what the rules in [`brackets`](super::brackets) and [`amt`](super::amt) are computed
//! with. One table a year, one code for all years.

mod before_2013;
mod of_year;
mod since_2013;
mod tables;
mod years;

pub use of_year::{FIRST_YEAR, FilingStatus, FlatRates, LAST_YEAR, Law, UnknownTaxYear};
pub use years::{LawMode, Laws};
