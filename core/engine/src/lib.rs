//! The simulated day: runs one setup over a market, session by session, and decides what each mandate trades.
//!
//! - [`run()`] runs an arm and returns an [`ArmResult`]. `run`, `day` and `act` hold its steps in order.
//! - [`rebalance()`] is one rebalancing: it solves the mandates in turn and moves cash between them.
//! - `decide` turns what a mandate may see into the optimizer's problem, and its solution into orders wanted.
//!   `separate` lets several managers act in turn, and `split` divides the advisor's money over sleeves.
//!   `execute` turns orders wanted into exact orders.
//! - [`DecisionContext`] is all that a decision may look at, and what each mandate may see of it.
//! - [`Reserve`] is the cash that each account must keep after the day's trades. `dues` says which account
//!   pays.
//! - [`RiskTimeline`] holds the risk models of a run, shared by all arms.
//! - [`standing()`] measures holdings against policy and restrictions at one close.
//! - [`give`] and [`close_account`] handle shares that leave the household.
//!
//! Only this crate moves a portfolio from one session to the next. A decision gets a view of the market that
//! ends at its session. The crate compares no arms and simulates no markets, reads no files, and changes lots
//! and cash only through the ledger.
//!
//! ```
//! use chrono::{Days, NaiveDate};
//! use unisleeve_engine::{RiskTimeline, run};
//! use unisleeve_mandates::{ArmKind, Config, PolicySleeve, arm};
//! use unisleeve_market::{Market, Panel, Security};
//! use unisleeve_tax::TaxRates;
//! use unisleeve_units::Price;
//!
//! let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
//! let symbols = ["STOCKS", "BONDS"];
//! let panel = Panel {
//!     sessions: first.iter_days().take(90).collect(),
//!     securities: symbols.map(|s| Security { symbol: s.to_owned(), ..Security::default() }).into(),
//!     closes: [Price::whole(100), Price::whole(50)].repeat(90),
//!     ..Panel::default()
//! };
//! let mut market = Market::new(panel).unwrap();
//! let sleeve = |fund: &str, weight| PolicySleeve {
//!     name: fund.to_lowercase(),
//!     weight,
//!     fund: fund.to_owned(),
//!     ..PolicySleeve::default()
//! };
//! let config = Config {
//!     start: first + Days::new(30),
//!     end: first + Days::new(89),
//!     policy: vec![sleeve("STOCKS", 0.6), sleeve("BONDS", 0.4)],
//!     ..Config::default()
//! };
//! let setup = arm(ArmKind::Uma, &config, &mut market).unwrap();
//! let dates = (config.start, config.end);
//! let timeline = RiskTimeline::new(&market, setup.universe(), dates, &config.trading, config.risk);
//! let result = run(&setup, &config, &market, &timeline).unwrap();
//! assert_eq!(result.journal.marks.len(), 60);
//! assert!(result.ruin.is_none());
//! ```

mod act;
mod allot;
mod arm;
mod benchmark;
mod calendar;
mod cells;
mod context;
mod corporate;
mod day;
mod decide;
mod delay;
mod dues;
mod execute;
mod fees;
mod gains_budget;
mod idle;
mod impact;
mod leave;
mod location;
mod marks;
mod money_in;
mod rebalance;
mod requests;
mod required;
mod reserve;
mod result;
mod round;
mod run;
mod separate;
mod sleeves;
mod split;
mod standing;
#[cfg(test)]
mod tests;
mod timeline;
mod under_way;

pub use calendar::{flows_due, is_rebalancing};
pub use context::DecisionContext;
pub use decide::{Memory, lot_is_kept};
pub use gains_budget::budget_parts;
pub use leave::{Emptied, close_account, give};
pub use rebalance::{Outcome, Scope, rebalance};
pub use requests::{Late, Promise, Request};
pub use reserve::Reserve;
pub use result::{ArmResult, Closed, Ruin};
pub use round::{RebalanceError, Turn};
pub use run::{RunError, run};
pub use standing::{Standing, standing};
pub use timeline::RiskTimeline;
