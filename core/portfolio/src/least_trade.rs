//! A smallest order size. Smaller orders are dropped and the rest is solved again, until none is left.
//!
//! The bound of the last solve does not allow the dropped orders; it becomes the answer's second bound. The
//! first bound remains that of the problem with small orders allowed. It is valid here too, since a minimum
//! order size can only raise the optimum.

use super::answer::{Dropped, Optimum, OrderSide};
use super::fault::PortfolioError;
use super::input::Portfolio;
use super::joint::Joint;
use super::model::Model;
use super::optimise::optimise;
use super::terms::NOTHING;

/// Solves again without orders below `least` dollars. The dropped trades are removed from the model.
///
/// # Errors
/// When the constraints can't be met without them.
pub(super) fn without_small(
    p: &Portfolio,
    model: &mut Model,
    joint: &mut Joint,
    optimum: Optimum,
    least: f64,
) -> Result<(Optimum, Vec<Dropped>), PortfolioError> {
    let (mut optimum, mut dropped) = (optimum, Vec::new());
    loop {
        let trades = optimum.plan.trades();
        let small = |i: &usize| trades[*i].abs() > NOTHING && trades[*i].abs() * model.value < least;
        let small: Vec<usize> = (0..model.len()).filter(small).collect();
        if small.is_empty() {
            return Ok((optimum, dropped));
        }
        for i in small {
            let v = &mut model.variables[i];
            dropped.push(Dropped {
                symbol: p.securities[v.security].symbol.clone(),
                account: p.accounts[v.account].id.clone(),
                side: if trades[i] > 0.0 { OrderSide::Buy } else { OrderSide::Sell },
                amount: trades[i].abs() * model.value,
            });
            v.stretches.clear();
            (v.buy_limit, model.capped[i]) = (0.0, false);
        }
        let again = optimise(model, joint, Some(&optimum.prices));
        optimum = again.map_err(|e| PortfolioError::LeastTrade {
            least,
            dropped: dropped.len(),
            because: e.messages().join("; "),
        })?;
    }
}
