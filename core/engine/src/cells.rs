//! What a cell (a sleeve in an account) holds.

use unisleeve_books::household::Ledger;
use unisleeve_units::{Money, SecurityId};

use super::DecisionContext;

/// Value of a cell's holdings in dollars, at the last quotes.
pub(super) fn cell_value(ctx: &DecisionContext<'_>, ledger: &Ledger, cell: usize) -> Money {
    let sleeve = ctx.setup.cells[cell].sleeve;
    // Rounded once for each security, as in the household's value. A manager of everything and a manager of a
    // single sleeve that is everything then get the same figure.
    ctx.sleeves[sleeve.index()].holdings.iter().map(|h| held(ctx, ledger, cell, h.security)).sum()
}

/// Value of a security held in a cell, at the last quote.
pub(super) fn held(ctx: &DecisionContext<'_>, ledger: &Ledger, cell: usize, security: SecurityId) -> Money {
    let cell = ctx.setup.cells[cell];
    let here = ledger.lots(security).iter().filter(|l| l.sleeve == cell.sleeve && l.account == cell.account);
    ctx.worth(here.map(|l| l.quantity).sum(), security)
}
