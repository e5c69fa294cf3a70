//! From wishes in dollars to exact orders in the ledger: sales first, then purchases within the cash that is there.

use super::DecisionContext;
use super::decide::{Piece, Wish};
use crate::household::{Ledger, LedgerError, Order};
use crate::journal::Reason;
use crate::units::{Money, PocketId, Price, Shares};

/// Sends a mandate's orders and leaves at least `keep` in its pocket where the holdings allow it. Returns the number of
/// orders.
pub(super) fn execute(
    ctx: &DecisionContext<'_>,
    ledger: &mut Ledger,
    pocket: PocketId,
    wishes: &[Wish],
    keep: Money,
) -> Result<u32, LedgerError> {
    let mut orders = 0;
    let order = |w: &Wish| Order {
        date: ctx.view.date(),
        pocket,
        sleeve: w.sleeve,
        security: w.security,
        price: w.price,
        cost_rate: ctx.half_spread(),
        reason: w.reason,
    };
    for w in wishes.iter().filter(|w| w.dollars < 0.0) {
        let sold = take(&w.pieces, shares_up(-w.dollars, w.price));
        if !sold.is_empty() {
            ledger.sell(&order(w), &sold)?;
            orders += 1;
        }
    }
    let mut budget = ledger.balance(pocket) - keep;
    for w in wishes.iter().filter(|w| w.dollars > 0.0) {
        let wanted = Money::from_f64(w.dollars).unwrap_or(Money::ZERO);
        let affordable = before_cost(budget, ctx);
        let quantity = wanted.min(affordable).shares_at(w.price);
        if quantity.is_positive() && Money::of(quantity, w.price).is_positive() {
            let before = ledger.balance(pocket);
            ledger.buy(&order(w), quantity)?;
            budget -= before - ledger.balance(pocket);
            orders += 1;
        }
    }
    Ok(orders)
}

/// Sells what is still missing to `keep` after rounding, from the pieces that the mandate holds, in the order in
/// which they were bought.
pub(super) fn top_up(
    ctx: &DecisionContext<'_>,
    ledger: &mut Ledger,
    pocket: PocketId,
    keep: Money,
) -> Result<(), LedgerError> {
    let mandate = ledger.pockets()[pocket.index()].mandate;
    for sleeve in &ctx.setup.mandates[mandate.index()].sleeves {
        for security in &ctx.setup.sleeves[sleeve.index()].holdings {
            let Some(price) = ctx.view.close(*security) else { continue };
            // Looked up anew each time: a sale at a loss may split the pieces that are left.
            while let Some((piece, held)) =
                ledger.lots(*security).iter().find(|l| l.sleeve == *sleeve).map(|l| (l.piece, l.quantity))
            {
                let missing = keep - ledger.balance(pocket);
                if !missing.is_positive() {
                    return Ok(());
                }
                let rate = 1.0 - ctx.half_spread().to_f64();
                let quantity = shares_up(missing.to_f64() / rate + 1e-4, price).min(held);
                let order = Order {
                    date: ctx.view.date(),
                    pocket,
                    sleeve: *sleeve,
                    security: *security,
                    price,
                    cost_rate: ctx.half_spread(),
                    reason: Reason { forced: -1.0, ..Reason::default() },
                };
                ledger.sell(&order, &[(piece, quantity)])?;
            }
        }
    }
    Ok(())
}

/// The largest amount that can be spent on shares when the spread comes on top.
fn before_cost(budget: Money, ctx: &DecisionContext<'_>) -> Money {
    let rate = ctx.half_spread();
    let mut amount = Money::from_f64(budget.to_f64() / (1.0 + rate.to_f64())).unwrap_or(Money::ZERO);
    while amount.is_positive() && amount + amount.at(rate) > budget {
        amount -= Money::from_raw(1);
    }
    amount.max(Money::ZERO)
}

/// Shares worth at least `dollars`, to the last decimal held.
fn shares_up(dollars: f64, price: Price) -> Shares {
    Shares::from_f64(dollars / price.to_f64()).map_or(Shares::ZERO, |s| {
        let raw = s.raw() + i64::from(Money::of(s, price).to_f64() < dollars);
        Shares::from_raw(raw)
    })
}

/// The first pieces that make up `quantity`, or all there is.
fn take(pieces: &[Piece], quantity: Shares) -> Vec<(u32, Shares)> {
    let (mut left, mut taken) = (quantity, Vec::new());
    for p in pieces {
        let q = p.quantity.min(left);
        if q.is_positive() {
            taken.push((p.id, q));
            left -= q;
        }
    }
    taken
}
