//! The law of taxes on a household's investments: one rule a file, each with its source.

pub mod brackets;
pub mod holding;
pub mod household_return;
pub mod lot;
pub mod netting;
pub mod planning;
pub mod wash;

pub use brackets::{FilingStatus, Law, UnknownTaxYear};
pub use holding::{tacked_start, term};
pub use household_return::{Income, Outside, TaxBill, bill, difference};
pub use lot::{Lot, LotMethod, TaxRates};
pub use netting::{Carryforward, Netted, net};
pub use planning::{Deferral, PlanningRates};
pub use wash::{PendingLoss, WINDOW_DAYS, WashBook};
