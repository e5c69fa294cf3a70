//! Turns orders wanted in dollars into exact orders in the ledger: first sales, then purchases within the
//! cash at hand.

use super::DecisionContext;
use super::decide::{Piece, Wish, is_kept};
use super::reserve::Kept;
use unisleeve_books::household::{Ledger, LedgerError, Order};
use unisleeve_books::journal::Reason;
use unisleeve_mandates::{Cell, Setup};
use unisleeve_tax::Lot;
use unisleeve_units::{AccountId, MandateId, Money, PocketId, Price, Rate, SecurityId, Shares};

fn order(
    ctx: &DecisionContext<'_>,
    cell: Cell,
    security: SecurityId,
    (quantity, price): (Shares, Price),
    reason: Reason,
) -> Order {
    Order {
        date: ctx.view.date(),
        pocket: pocket(ctx.setup, cell),
        sleeve: cell.sleeve,
        security,
        price,
        cost_rate: ctx.cost_rate(security, Money::of(quantity, price)),
        reason,
    }
}

fn pocket(setup: &Setup, cell: Cell) -> PocketId {
    setup.pocket(cell.account, setup.mandate_of(cell.sleeve))
}

/// Executes the orders of one mandate and returns how many were sent. Purchases leave the cash in `kept` in
/// its pockets.
///
/// Orders below `trading.min_trade` are held back, in every arm. Only sales that a pocket needs for cash that
/// is due are sent all the same. The journal counts both.
pub(super) fn execute(
    ctx: &DecisionContext<'_>,
    ledger: &mut Ledger,
    wishes: &[Wish],
    kept: &Kept,
) -> Result<u32, LedgerError> {
    let least = ctx.config.trading.min_trade;
    let (mut orders, mut held_back, mut forced) = (0, 0, 0);
    let mut sales: Vec<&Wish> = wishes.iter().filter(|w| w.dollars < 0.0).collect();
    let mut small = Vec::new();
    for is_forced in [false, true] {
        for w in core::mem::take(&mut sales) {
            let Some(price) = ctx.view.close(w.security) else { continue };
            let cell = ctx.setup.cells[w.cell];
            let pocket = pocket(ctx.setup, cell);
            if is_forced && ledger.balance(pocket) >= kept.due(cell.account) {
                held_back += 1;
                continue;
            }
            let sold = take(ctx, ledger, w, shares_up(-w.dollars, w.price));
            if sold.is_empty() {
                continue;
            }
            let at = (total(&sold), price);
            if !is_forced && Money::of(at.0, price) < least {
                small.push(w);
                continue;
            }
            ledger.sell(&order(ctx, cell, w.security, at, w.reason), &sold)?;
            orders += 1;
            forced += u32::from(is_forced);
        }
        sales = core::mem::take(&mut small);
    }
    for w in wishes.iter().filter(|w| w.dollars > 0.0) {
        let Some(price) = ctx.view.close(w.security) else { continue };
        let cell = ctx.setup.cells[w.cell];
        let pocket = pocket(ctx.setup, cell);
        let wanted = Money::from_f64(w.dollars).unwrap_or(Money::ZERO);
        let cash = ledger.balance(pocket) - kept.all(cell.account);
        // The cost rate of the whole order is an upper bound, because impact is lower for a smaller order.
        let quantity = wanted.shares_at(w.price);
        let most = Money::of(quantity, price).min(cash);
        let quantity = quantity.min(before_cost(cash, ctx.cost_rate(w.security, most)).shares_at(price));
        let amount = Money::of(quantity, price);
        if amount < least {
            held_back += u32::from(amount.is_positive());
        } else if quantity.is_positive() && amount.is_positive() {
            ledger.buy(&order(ctx, cell, w.security, (quantity, price), w.reason), quantity)?;
            orders += 1;
        }
    }
    let counted = &mut ledger.journal_mut().small_orders;
    counted.held_back += held_back;
    counted.forced += forced;
    Ok(orders)
}

/// Sells to bring a pocket up to `keep` dollars, if rounding left it short. Takes lots in the order of the
/// sleeve's securities and, for each security, of purchase.
pub(super) fn top_up(
    ctx: &DecisionContext<'_>,
    ledger: &mut Ledger,
    (account, mandate): (AccountId, MandateId),
    keep: Money,
) -> Result<(), LedgerError> {
    let at = ctx.setup.pocket(account, mandate);
    let reason = Reason { forced: -1.0, ..Reason::default() };
    for c in ctx.setup.cells_of(mandate).filter(|c| ctx.setup.cells[*c].account == account) {
        let cell = ctx.setup.cells[c];
        for holding in ctx.sleeves[cell.sleeve.index()].holdings.iter().filter(|h| h.can_sell) {
            let Some(price) = ctx.view.close(holding.security) else { continue };
            let missing = keep - ledger.balance(at);
            if !missing.is_positive() {
                return Ok(());
            }
            let mine = |l: &&Lot| l.sleeve == cell.sleeve && l.account == account && !is_kept(ctx, l.id);
            let lots: Vec<(u32, Shares)> =
                ledger.lots(holding.security).iter().filter(mine).map(|l| (l.piece, l.quantity)).collect();
            let rate = 1.0 - ctx.cost_rate(holding.security, missing).to_f64();
            // The amount of each piece is rounded separately.
            let mut roundings = 1;
            let sold = loop {
                let dollars = missing.to_f64() / rate + 1e-4 * roundings as f64;
                let sold = first_of(&lots, shares_up(dollars, price));
                if sold.len() <= roundings {
                    break sold;
                }
                roundings = sold.len();
            };
            if !sold.is_empty() {
                // All pieces of a security go in one order, so that they can't replace each other.
                let at = (total(&sold), price);
                ledger.sell(&order(ctx, cell, holding.security, at, reason), &sold)?;
            }
        }
    }
    Ok(())
}

/// The first pieces that make up `quantity`, or all of them if they are fewer shares.
fn first_of(pieces: &[(u32, Shares)], quantity: Shares) -> Vec<(u32, Shares)> {
    let (mut left, mut first) = (quantity, Vec::new());
    for (piece, held) in pieces {
        if !left.is_positive() {
            break;
        }
        let part = (*held).min(left);
        first.push((*piece, part));
        left -= part;
    }
    first
}

/// Sells what restrictions exclude. Lots with the least gain per dollar go first, as far as the year's gains
/// budget lasts. Returns the number of orders of each mandate.
pub(super) fn exits(ctx: &DecisionContext<'_>, ledger: &mut Ledger) -> Result<Vec<u32>, LedgerError> {
    let mut orders = vec![0; ctx.setup.mandates.len()];
    for (c, cell) in ctx.setup.cells.iter().enumerate() {
        let mandate = ctx.setup.mandate_of(cell.sleeve);
        for holding in ctx.sleeves[cell.sleeve.index()].holdings.iter().filter(|h| h.must_go) {
            let (Some(price), Some(_)) = (ctx.view.close(holding.security), ctx.quote(holding.security))
            else {
                continue;
            };
            let mut position = super::decide::position(ctx, ledger, c, holding, 0, 0.0);
            position.pieces.sort_by(|a, b| a.gain.total_cmp(&b.gain).then(a.id.cmp(&b.id)));
            let mut left = ctx.budget_left(ledger, &[c]);
            let within = |piece: &&Piece| {
                let Some(left) = &mut left else { return true };
                let gain = piece.gain * piece.dollars;
                *left -= gain;
                gain <= 0.0 || *left >= 0.0
            };
            let sold: Vec<(u32, Shares)> =
                position.pieces.iter().take_while(within).map(|p| (p.id, p.quantity)).collect();
            if !sold.is_empty() {
                let reason = Reason { forced: -1.0, ..Reason::default() };
                ledger.sell(&order(ctx, *cell, holding.security, (total(&sold), price), reason), &sold)?;
                orders[mandate.index()] += 1;
            }
        }
    }
    Ok(orders)
}

fn total(pieces: &[(u32, Shares)]) -> Shares {
    pieces.iter().map(|(_, quantity)| *quantity).sum()
}

/// The largest amount that can be spent on shares if trading costs are paid in addition.
fn before_cost(budget: Money, rate: Rate) -> Money {
    let mut amount = Money::from_f64(budget.to_f64() / (1.0 + rate.to_f64())).unwrap_or(Money::ZERO);
    while amount.is_positive() && amount + amount.at(rate) > budget {
        amount -= Money::from_raw(1);
    }
    amount.max(Money::ZERO)
}

/// Shares worth at least `dollars`, rounded up to the smallest unit.
fn shares_up(dollars: f64, price: Price) -> Shares {
    Shares::from_f64(dollars / price.to_f64()).map_or(Shares::ZERO, |s| {
        let raw = s.raw() + i64::from(Money::of(s, price).to_f64() < dollars);
        Shares::from_raw(raw)
    })
}

/// The first pieces that make up `quantity`, or all of them if they are fewer shares. If a sale in another
/// account on the same day has split a piece, other pieces of the cell supply what is missing.
fn take(ctx: &DecisionContext<'_>, ledger: &Ledger, w: &Wish, quantity: Shares) -> Vec<(u32, Shares)> {
    let cell = ctx.setup.cells[w.cell];
    let here: Vec<(u32, Shares)> = ledger
        .lots(w.security)
        .iter()
        .filter(|l| l.sleeve == cell.sleeve && l.account == cell.account && !is_kept(ctx, l.id))
        .map(|l| (l.piece, l.quantity))
        .collect();
    let named = w.pieces.iter().filter_map(|p| {
        here.iter().find(|(id, _)| *id == p.id).map(|(id, held)| (*id, (*held).min(p.quantity)))
    });
    let others = here.iter().filter(|(id, _)| !w.pieces.iter().any(|p| p.id == *id)).copied();
    let (mut left, mut taken) = (quantity, Vec::new());
    for (id, held) in named.chain(others) {
        // Stops early, because the search for each further piece goes through all lots.
        if !left.is_positive() {
            break;
        }
        let q = held.min(left);
        if q.is_positive() {
            taken.push((id, q));
            left -= q;
        }
    }
    taken
}
