//! United States tax law for a household's investments: one rule in each module, with its source.
//!
//! The crate holds rules, not books: it never changes a lot or a balance. It knows no market, no mandate's
//! strategy and no file. The law of a year is an argument; there is no clock.
//!
//! # Modeled
//! - [`law`]: federal law of each year from 2000 to 2026 for four filing statuses, one table a year; the law of a
//!   run, either one year's throughout or each year's own.
//! - [`brackets`]: ordinary brackets; net long-term gain and qualified dividends stacked on top at their rates,
//!   never above the tax at ordinary rates; the net investment income tax.
//! - [`amt`]: the alternative minimum tax.
//! - [`netting`], [`household_return`]: netting of gains and losses; up to $3,000 ($1,500 if married filing
//!   separately) of net loss against other income, as far as there is taxable income; the carryforward, which
//!   keeps its character; state tax by the state's rules or at a flat rate.
//! - [`income_change`]: income from outside the portfolio that changes from a year on.
//! - [`required_distribution`]: what must be withdrawn from an IRA from a certain age on.
//! - [`outside_gain`]: dated gains from outside the portfolio, in the return of their year.
//! - [`holding`]: holding periods and tacking.
//! - [`lot`]: tax lots and the order in which they are sold.
//! - [`wash`]: wash sales across all accounts of the household. Losses of one order count in order of
//!   acquisition.
//! - [`qualified`]: qualified dividends, which need more than 60 days of holding in the 121 days around the
//!   ex-date.
//! - [`gift`]: the two bases of shares received by gift below the donor's basis.
//! - [`charity`], [`itemised`]: gifts to public charities in one year: the amount that counts, the limits of
//!   30%, 50% and 60%, the floor and the carryover; the overall limit on itemized deductions. These affect
//!   only how a portfolio ends; no gift is made during a run.
//! - [`state`]: one year's tax of every state, the District of Columbia and New York City, 2025 and 2026.
//! - [`planning`]: what a gain or loss costs or saves today, compared with later. This is an estimate for
//!   decisions, not law.
//!
//! # Not modeled
//! - Phase-outs and floors of deductions, exemptions and credits, such as the senior deduction, the child tax credit
//!   and, before 2018, the phase-outs of personal exemptions and itemized deductions. Taxable income is an input. The limit on itemized deductions applies
//!   to a charitable gift only, not to what the input already deducts.
//! - The 25% rate on unrecaptured depreciation, the 28% rate on collectibles and small business stock,
//!   section 1256 contracts, foreign tax credits.
//! - Short sales, options, straddles, constructive sales, swaps.
//! - Substantially identical securities beyond the groups that are given. The tests of sections 305, 355 and
//!   368: a split, spin-off or merger is tax-free as its row says, except for its cash. Boot that is a
//!   dividend (356(a)(2)). Losses on fund shares held for six months or less after a distribution of gain
//!   (852(b)(4)). The 90-day and preferred-stock variants of the dividend test.
//! - The kiddie tax, trusts and estates, nonresidents; gift and estate tax. Step-up at death and gifts are
//!   possible endings of a whole portfolio (in the `study` layer); step-up is also a probability in
//!   [`planning`].
//! - Penalties for estimated tax, interest, rounding of returns to whole dollars, tax tables.
//! - States: most itemized deductions and credits, carryforwards, city and county taxes other than New York City's,
//!   part-year residence, and what each state's module lists; the law of states before 2025.
//! - Roth conversions, the 10% tax on early distributions, inherited retirement accounts.
//!
//! ```
//! use unisleeve_tax::{Carryforward, net};
//! use unisleeve_units::Money;
//!
//! // A short-term loss of 15,500 and a long-term gain of 7,100:
//! // 3,000 is deducted and 5,400 carries forward as short-term.
//! let none = Carryforward::default();
//! let year = net(Money::whole(-15_500), Money::whole(7_100), none, Money::whole(3_000));
//! assert_eq!(year.ordinary_offset, Money::whole(3_000));
//! assert_eq!(year.carry.short, Money::whole(5_400));
//! ```

pub mod amt;
pub mod brackets;
pub mod charity;
pub mod gift;
pub mod holding;
pub mod household_return;
pub mod income_change;
pub mod itemised;
pub mod law;
pub mod lot;
pub mod netting;
pub mod outside_gain;
pub mod planning;
pub mod qualified;
pub mod required_distribution;
pub mod state;
pub mod wash;

pub use gift::Gift;
pub use holding::{last_long_start, tacked_start, term};
pub use household_return::{Income, Itemized, Outside, TaxBill, bill, difference};
pub use income_change::IncomeChange;
pub use law::{FilingStatus, FlatRates, Law, LawMode, Laws, UnknownTaxYear};
pub use lot::{Lot, LotMethod, TaxRates};
pub use netting::{Carryforward, Netted, net};
pub use outside_gain::OutsideGain;
pub use planning::{Deferral, PlanningRates};
pub use qualified::DividendWatch;
pub use state::{State, StateInput, state_tax};
pub use wash::{PendingLoss, PriorPurchases, WINDOW_DAYS, WashBook};
