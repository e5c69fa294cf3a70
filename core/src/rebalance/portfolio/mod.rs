//! A portfolio's rebalance: typed input, orders by lot, reasons, a certificate.
//!
//! With `V` the value before trading, for each account a and security s, `b` bought and `z` sold of each lot in it as
//! fractions of `V`, `u = b - Σ z`, half spreads `h`, benchmark weights `w`:
//!
//! ```text
//! min   1/2 γ x' Σ x + Σ h (b + Σ z) + Σ tax z          x = Σ over accounts (held + u) - w,  Σ = E F E' + diag d
//! s.t.  cash - Σ (1 + h) b + Σ (1 - h) z in [lo, hi]    and >= 0 in each account
//!       Σ over a group (held + u) in [min, max],  held + u <= max_weight
//!       sqrt(x' Σ x) <= max_tracking_error,  Σ gain z <= gains_budget / V
//!       0 <= z <= the lot,  b >= 0,  a security is bought or sold, in all accounts alike
//! ```
//!
//! `gain = 1 - h - basis / value` of each dollar of a lot, `tax = (rate - discount × deferral rate) × gain` by its term on the
//! trade date; both zero for a loss that would be disallowed and in an IRA or Roth. Without a `γ` asked for, the risk term is
//! absent and the cap alone limits it.
//!
//! The optimiser of the parent module solves it for given `γ`, price `λ` of gain, and spreads (`program`); `search` finds `γ`
//! and `λ`; with the sides it ends with, the problem is solved again exactly. `bound` evaluates the dual of the true problem,
//! and `branch` splits what it leaves open. What can't be met is told from linear programs (`elastic`).

mod answer;
mod bound;
mod branch;
mod elastic;
mod fault;
mod input;
mod keys;
mod model;
mod optimise;
mod plan;
mod program;
mod read;
mod root;
mod round;
mod search;
mod validate;

pub use answer::{Answer, Binding, LotSold, Order, OrderSide, Reasons};
pub use fault::{PortfolioError, PortfolioFault, Relaxation};
pub use input::{AccountIn, Deferral, GroupIn, LotIn, ONLY_ACCOUNT, Portfolio, SecurityIn};
pub use read::read;

use self::model::Model;

/// Whether orders are in whole shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rounding {
    /// Any fraction of a share.
    #[default]
    None,
    /// Whole shares that keep every constraint.
    Shares,
}

/// Rebalances a portfolio.
///
/// # Errors
/// When the portfolio has faults, or its constraints can't be met.
pub fn rebalance(p: &Portfolio, rounding: Rounding) -> Result<Answer, PortfolioError> {
    p.validate().map_err(PortfolioError::Faults)?;
    let model = Model::new(p);
    let optimum = optimise::optimise(&model)?;
    match rounding {
        Rounding::None => Ok(answer::answer(p, &model, &optimum, &optimum.plan)),
        Rounding::Shares => {
            let plan = round::round(p, &model, &optimum)?;
            let mut answer = answer::answer(p, &model, &optimum, &plan);
            answer.snap();
            Ok(Answer { objective_rounded: Some(plan.objective(&model)), ..answer })
        }
    }
}
