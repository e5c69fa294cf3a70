//! One rebalancing of one arm: what each mandate is asked for, in which order, and the transfers between them.

use thiserror::Error;

use super::advisor::split;
use super::decide::{Demand, decide};
use super::execute::{execute, top_up};
use super::{DecisionContext, Mandate};
use crate::household::{Ledger, LedgerError};
use crate::journal::SolveRow;
use crate::rebalance::ProblemError;
use crate::rebalance::lp::{LpError, Simplex};
use crate::tax::TaxRates;
use crate::units::{MandateId, Money, PocketId, SleeveId};

/// Why a rebalancing could not be carried out.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum RebalanceError {
    /// The optimisation problem.
    #[error("{mandate}: {error}")]
    Problem {
        /// Mandate.
        mandate: String,
        /// Why.
        error: ProblemError,
    },
    /// The advisor's split.
    #[error(transparent)]
    Lp(#[from] LpError),
    /// The ledger refused an order.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Rebalances an arm so that `need` dollars can be paid from the advisor's pocket afterwards.
///
/// Mandates that give are solved before those that get, otherwise in the setup's order.
///
/// # Errors
/// When a problem can't be solved; orders already sent stay booked.
pub fn rebalance(
    ctx: &DecisionContext<'_>,
    ledger: &mut Ledger,
    rates: TaxRates,
    need: Money,
) -> Result<(), RebalanceError> {
    let mandates = &ctx.setup.mandates;
    // Cash held back is nobody's to invest: every mandate's value is without it.
    let buffer = Money::from_f64(ctx.wealth.to_f64() * ctx.config.trading.cash_buffer).unwrap_or(Money::ZERO);
    if mandates.len() == 1 {
        let pocket = PocketId(0);
        let sleeves: Vec<SleeveId> = mandates[0].sleeves.clone();
        let invest = ledger.balance(pocket) - need - buffer;
        let demands = [Demand { name: "cash".to_owned(), sleeves, dollars: invest.to_f64() }];
        return trade(ctx, ledger, MandateId(0), ctx.wealth - buffer, &demands, need + buffer);
    }
    let values: Vec<Money> =
        (0..ctx.setup.sleeves.len()).map(|s| sleeve_value(ctx, ledger, SleeveId(s as u16))).collect();
    let invest = ledger.cash() - need - buffer;
    let split = split(ctx, ledger, &Simplex, &values, invest, rates)?;
    let advisor = PocketId(ctx.setup.advisor().0);
    // Dollars that each mandate's sleeves are to put to work, the cash that it has at hand included.
    let asks: Vec<(MandateId, Money)> = mandates
        .iter()
        .enumerate()
        .map(|(m, mandate)| {
            let work: Money = mandate.sleeves.iter().map(|s| split[s.index()]).sum();
            (MandateId(m as u16), work - ledger.balance(PocketId(m as u16)))
        })
        .collect();
    // The advisor passes money on, so the order among the others follows their asks: givers, then the advisor, getters.
    let mut order: Vec<usize> = (0..asks.len()).collect();
    order.sort_by_key(|m| {
        let is_advisor = *m == advisor.index();
        (
            if is_advisor {
                1
            } else if asks[*m].1.is_positive() {
                2
            } else {
                0
            },
            *m,
        )
    });
    // What the advisor has to hold back for the getters until they are reached.
    let mut owed: Money =
        asks.iter().filter(|(m, ask)| m.0 != advisor.0 && ask.is_positive()).map(|(_, ask)| *ask).sum();
    for m in order {
        let (mandate, ask) = asks[m];
        let pocket = PocketId(mandate.0);
        if pocket == advisor {
            let demands: Vec<Demand> = mandates[m]
                .sleeves
                .iter()
                .map(|s| Demand {
                    name: ctx.setup.sleeves[s.index()].name.clone(),
                    sleeves: vec![*s],
                    dollars: split[s.index()].to_f64(),
                })
                .collect();
            let value = mandate_value(ctx, ledger, &mandates[m], pocket) - need - buffer - owed;
            trade(ctx, ledger, mandate, value, &demands, need + buffer + owed)?;
            continue;
        }
        if ask.is_positive() {
            let give = ask.min(ledger.balance(advisor) - need).max(Money::ZERO);
            ledger.transfer(ctx.view.date(), advisor, pocket, give)?;
            owed -= ask;
        }
        let give = (-ask).max(Money::ZERO);
        let value = mandate_value(ctx, ledger, &mandates[m], pocket) - give;
        let dollars: Money = ledger.balance(pocket) - give;
        let demands = [Demand {
            name: mandates[m].name.clone(),
            sleeves: mandates[m].sleeves.clone(),
            dollars: dollars.to_f64(),
        }];
        trade(ctx, ledger, mandate, value, &demands, give)?;
        if give.is_positive() {
            let paid = give.min(ledger.balance(pocket));
            ledger.transfer(ctx.view.date(), pocket, advisor, paid)?;
        }
    }
    Ok(())
}

/// Solves one mandate and sends its orders; `keep` stays in its pocket.
fn trade(
    ctx: &DecisionContext<'_>,
    ledger: &mut Ledger,
    mandate: MandateId,
    value: Money,
    demands: &[Demand],
    keep: Money,
) -> Result<(), RebalanceError> {
    let pocket = PocketId(mandate.0);
    let decision = decide(ctx, ledger, mandate, value, demands).map_err(|error| RebalanceError::Problem {
        mandate: ctx.setup.mandates[mandate.index()].name.clone(),
        error,
    })?;
    let orders = execute(ctx, ledger, pocket, &decision.wishes, keep)?;
    top_up(ctx, ledger, pocket, keep)?;
    if let Some(s) = decision.solution {
        ledger.journal_mut().solves.push(SolveRow {
            date: ctx.view.date(),
            mandate,
            objective: s.objective,
            lower_bound: s.lower_bound,
            steps: s.steps,
            orders,
        });
    }
    Ok(())
}

fn sleeve_value(ctx: &DecisionContext<'_>, ledger: &Ledger, sleeve: SleeveId) -> Money {
    let mut value = Money::ZERO;
    for security in &ctx.setup.sleeves[sleeve.index()].holdings {
        let lots = ledger.lots(*security).iter().filter(|l| l.sleeve == sleeve);
        // Rounded once, as the household's value is: a manager of everything and a manager of one sleeve that is
        // everything work with the same figure.
        value +=
            Money::of(lots.map(|l| l.quantity).sum(), ctx.view.last_close(*security).unwrap_or_default());
    }
    value
}

fn mandate_value(ctx: &DecisionContext<'_>, ledger: &Ledger, mandate: &Mandate, pocket: PocketId) -> Money {
    mandate.sleeves.iter().map(|s| sleeve_value(ctx, ledger, *s)).sum::<Money>() + ledger.balance(pocket)
}
