//! The law of taxes on a household's investments: one rule a file, each with its source.
//!
//! # Modelled
//! - Ordinary brackets of 2025 and 2026 for four filing statuses, net long-term gain and qualified dividends stacked on
//!   top at 0%, 15% and 20% and never taxed above the ordinary schedule (`brackets`).
//! - The net investment income tax (`brackets`).
//! - Netting of gains and losses, the $3,000 ($1,500) against other income as far as there is taxable income, and the
//!   carryforward with its character (`netting`, `household_return`).
//! - Holding periods and tacking (`holding`), lots and their order (`lot`), wash sales across all accounts of the
//!   household, losses of one order in order of acquisition (`wash`).
//! - Qualified dividends: more than 60 of the 121 days around the ex-date (`qualified`).
//! - The two bases of shares received by gift below the donor's basis (`gift`).
//! - Gifts to public charities on one year: what counts, the limits of 30%, 50% and 60%, the floor and the carryover
//!   (`charity`), the overall limit on itemised deductions (`itemised`). They enter the ending of a portfolio alone; no
//!   gift is made during a run.
//! - State tax of CA, NY, MA, WA, TX, NJ, IL and FL on one year (`state`); in a replay, a flat state rate
//!   (`household_return`).
//!
//! # Not modelled
//! - Alternative minimum tax; phase-outs and floors of deductions, exemptions and credits, such as the senior deduction
//!   and the child tax credit. Taxable income is an input; the limit on itemised deductions is applied to a charitable
//!   gift only, not to what the input already deducts.
//! - The 25% rate on unrecaptured depreciation, the 28% rate on collectibles and small business stock, section 1256
//!   contracts, foreign tax credits.
//! - Short sales, options, straddles, constructive sales, swaps.
//! - Substantially identical securities beyond the groups that are given; section 305, 355 and 368 tests: a split,
//!   spin-off or merger is tax-free as its row says, but for its cash; boot that is a dividend (356(a)(2)); losses on fund
//!   shares held six months or less after a distribution of gain (852(b)(4)); the 90-day and preferred-stock variants of the dividend test.
//! - Kiddie tax, trusts and estates, nonresidents; gift and estate tax. Step-up at death and gifts are endings of a whole
//!   portfolio (`measure::endings`) and, for step-up, a probability in planning.
//! - Penalties for estimated tax, interest, rounding of returns to whole dollars and tax tables.
//! - States: itemized deductions, credits beyond exemptions, carryforwards, city and county taxes, part-year residence,
//!   and what each state's file says; states in a replay beyond a flat rate.

pub mod brackets;
pub mod charity;
pub mod gift;
pub mod holding;
pub mod household_return;
pub mod itemised;
pub mod lot;
pub mod netting;
pub mod planning;
pub mod qualified;
pub mod state;
pub mod wash;

pub use brackets::{FilingStatus, FlatRates, Law, UnknownTaxYear};
pub use gift::Gift;
pub use holding::{last_long_start, tacked_start, term};
pub use household_return::{Income, Outside, TaxBill, bill, difference};
pub use lot::{Lot, LotMethod, TaxRates};
pub use netting::{Carryforward, Netted, net};
pub use planning::{Deferral, PlanningRates};
pub use qualified::DividendWatch;
pub use state::{State, StateInput, state_tax};
pub use wash::{PendingLoss, PriorPurchases, WINDOW_DAYS, WashBook};
