//! Builds the tables of a result folder that only an auditor needs: what the policy was, what its indices
//! returned, and what happened between managers. With them the figures of summary.json can be recomputed.

use std::collections::BTreeSet;

use unisleeve_core::market::{IndexId, Market};
use unisleeve_core::study::Study;

use super::names::{account, mandate, symbol};
use super::tables::Csv;
use crate::failure::Failure;

/// Name of an index in these tables.
fn index_name(index: IndexId) -> String {
    format!("I{}", index.0 + 1)
}

/// Indices that a sleeve of some arm follows.
fn indices(study: &Study) -> BTreeSet<IndexId> {
    let phases = study.arms.iter().flat_map(|a| &a.result.setup.phases);
    phases.flat_map(|p| &p.sleeves).filter_map(|s| s.index).collect()
}

/// `sleeves.csv`: policy weights by sleeve, from a date on. Weights are fractions of the portfolio.
pub(super) fn sleeves(study: &Study) -> Result<Vec<u8>, Failure> {
    let mut csv = Csv::new("arm,from,sleeve,asset_class,weight,index")?;
    for arm in &study.arms {
        for phase in &arm.result.setup.phases {
            for s in &phase.sleeves {
                csv.row([
                    arm.name.to_owned(),
                    phase.from.to_string(),
                    s.name.clone(),
                    s.asset_class.clone(),
                    s.weight.to_string(),
                    s.index.map(index_name).unwrap_or_default(),
                ])?;
            }
        }
    }
    csv.finish()
}

/// `indices.csv`: return of each index over each session, a fraction. Empty on the market's first session.
pub(super) fn index_returns(study: &Study) -> Result<Vec<u8>, Failure> {
    let mut csv = Csv::new("date,index,return")?;
    let used = indices(study);
    for view in study.bench.market.sessions(study.span.0, study.span.1) {
        for index in &used {
            let earned = view.index_return(*index).map(|r| r.to_string()).unwrap_or_default();
            csv.row([view.date().to_string(), index_name(*index), earned])?;
        }
    }
    csv.finish()
}

/// `index_weights.csv`: weights of the members of each index at the last close; they add up to 1.
pub(super) fn index_weights(study: &Study, market: &Market) -> Result<Vec<u8>, Failure> {
    let mut csv = Csv::new("index,symbol,weight")?;
    let Some(last) = study.bench.market.sessions(study.span.0, study.span.1).last() else {
        return csv.finish();
    };
    for index in indices(study) {
        for (security, weight) in last.index_weights(index) {
            csv.row([index_name(index), symbol(market, security).to_owned(), weight.to_string()])?;
        }
    }
    csv.finish()
}

/// `expenses.csv`: expense ratios of funds, fractions a year. Securities without one are left out.
pub(super) fn expenses(market: &Market) -> Result<Vec<u8>, Failure> {
    let mut csv = Csv::new("symbol,expense_ratio")?;
    for security in market.securities().iter().filter(|s| !s.expense_ratio.is_zero()) {
        csv.row([security.symbol.clone(), security.expense_ratio.to_string()])?;
    }
    csv.finish()
}

/// `rebalancings.csv`: the days on which each arm rebalances by its calendar.
pub(super) fn rebalancings(study: &Study) -> Result<Vec<u8>, Failure> {
    let mut csv = Csv::new("arm,date")?;
    for arm in &study.arms {
        for date in &arm.result.journal.rebalancings {
            csv.row([arm.name, &date.to_string()])?;
        }
    }
    csv.finish()
}

/// `tickets.csv`: instructions from the advisor to other managers. The amount is in dollars, zero if none is
/// concerned.
pub(super) fn tickets(study: &Study) -> Result<Vec<u8>, Failure> {
    let mut csv = Csv::new("arm,date,mandate,kind,amount")?;
    for arm in &study.arms {
        for t in &arm.result.journal.tickets {
            csv.row([
                arm.name,
                &t.date.to_string(),
                mandate(arm, t.mandate.index()),
                t.kind.as_str(),
                &t.amount.to_string(),
            ])?;
        }
    }
    csv.finish()
}

/// `transfers.csv`: money moved from one manager to another within an account, in dollars. A transfer that
/// was arranged and came to nothing has an amount of zero and no rows in `cash.csv`.
pub(super) fn transfers(study: &Study) -> Result<Vec<u8>, Failure> {
    let mut csv = Csv::new("arm,date,account,from,to,amount")?;
    for arm in &study.arms {
        let managers = arm.result.setup.mandates.len().max(1);
        for t in &arm.result.journal.transfers {
            csv.row([
                arm.name,
                &t.date.to_string(),
                account(arm, t.from.index() / managers),
                mandate(arm, t.from.index() % managers),
                mandate(arm, t.to.index() % managers),
                &t.amount.to_string(),
            ])?;
        }
    }
    csv.finish()
}

/// `solves.csv`: the certificate of each optimization, as fractions of the mandate's value:
/// `lower_bound <= true optimum <= objective`.
pub(super) fn solves(study: &Study) -> Result<Vec<u8>, Failure> {
    let mut csv = Csv::new("arm,date,mandate,objective,lower_bound")?;
    for arm in &study.arms {
        for s in &arm.result.journal.solves {
            csv.row([
                arm.name,
                &s.date.to_string(),
                mandate(arm, s.mandate.index()),
                &s.objective.to_string(),
                &s.lower_bound.to_string(),
            ])?;
        }
    }
    csv.finish()
}
