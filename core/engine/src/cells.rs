//! What a cell (a sleeve in an account) holds.

use unisleeve_books::household::Ledger;
use unisleeve_units::{Money, SecurityId};

use super::DecisionContext;

/// Value of a cell's holdings in dollars, at the last quotes.
pub(super) fn cell_value(ctx: &DecisionContext<'_>, ledger: &Ledger, cell: usize) -> Money {
    let cell = ctx.setup.cells[cell];
    let mut value = Money::ZERO;
    for holding in &ctx.sleeves[cell.sleeve.index()].holdings {
        let lots = ledger.lots(holding.security).iter();
        let here = lots.filter(|l| l.sleeve == cell.sleeve && l.account == cell.account);
        // Rounded once for each security, as in the household's value. A manager of everything and a manager
        // of a single sleeve that is everything then get the same figure.
        value += ctx.worth(here.map(|l| l.quantity).sum(), holding.security);
    }
    value
}

/// Dollars of a security held in a cell, at the last quote.
pub(super) fn ledger_dollars(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    cell: usize,
    security: SecurityId,
) -> f64 {
    let cell = ctx.setup.cells[cell];
    let here = ledger.lots(security).iter().filter(|l| l.sleeve == cell.sleeve && l.account == cell.account);
    ctx.worth(here.map(|l| l.quantity).sum(), security).to_f64()
}
