//! What a cell (a sleeve in an account) holds.

use unisleeve_books::household::Ledger;
use unisleeve_units::{Money, SecurityId};

use super::DecisionContext;

/// Value of a cell's holdings at the last closes known.
pub(super) fn cell_value(ctx: &DecisionContext<'_>, ledger: &Ledger, cell: usize) -> Money {
    let cell = ctx.setup.cells[cell];
    let mut value = Money::ZERO;
    for holding in &ctx.sleeves[cell.sleeve.index()].holdings {
        let lots = ledger.lots(holding.security).iter();
        let here = lots.filter(|l| l.sleeve == cell.sleeve && l.account == cell.account);
        // Rounded once, as the household's value is: a manager of everything and a manager of one sleeve that is
        // everything work with the same figure.
        value += ctx.worth(here.map(|l| l.quantity).sum(), holding.security);
    }
    value
}

/// Dollars held of a security in a cell.
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
