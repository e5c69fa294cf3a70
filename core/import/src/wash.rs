//! Finds lots whose basis may include a loss that the ledger would count twice.
//!
//! The ledger finds wash sales by itself: it takes the loss away from the sale and adds it to the basis of
//! the replacement. It therefore needs what was really paid for each lot. A broker's basis already includes
//! the losses that the broker disallowed. If the file gives no unadjusted basis, a lot bought within 30 days
//! of a sale with a disallowed loss may include that loss, and the ledger would add it again. Such a lot is a
//! fault, because the file does not tell how much of its basis is the loss. Lots of the same purchase as the
//! sale do not replace it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::fault::ImportFault;
use super::lots::{ClosedLot, OpenLot, Origin, same_unit_cost};
use unisleeve_units::{Money, Shares};

/// Days before and after a sale within which a purchase replaces the shares sold (IRC 1091).
const WINDOW_DAYS: i64 = 30;

/// What the check needs to know about a lot.
struct Candidate<'a> {
    line: u64,
    symbol: &'a str,
    opened: NaiveDate,
    /// Date of sale; `None` if the lot is still held.
    closed: Option<NaiveDate>,
    part: (Shares, Money),
    origin: &'a Origin,
}

impl Candidate<'_> {
    /// Whether this lot, bought within the window of a sale, may replace the shares sold.
    fn replaces(&self, sale: &ClosedLot) -> bool {
        let held_then = self.closed.is_none_or(|closed| closed >= sale.closed);
        let same_purchase = self.opened == sale.opened
            && self
                .origin
                .same(&sale.origin)
                .unwrap_or_else(|| same_unit_cost(self.part, (sale.quantity, sale.cost)));
        held_then && self.line != sale.line && !same_purchase
    }
}

/// One fault for each lot whose basis may include a loss that the ledger would add again.
pub(super) fn counted_twice(closed: &[ClosedLot], open: &[OpenLot], column: &str) -> Vec<ImportFault> {
    let mut washed: BTreeMap<&str, Vec<&ClosedLot>> = BTreeMap::new();
    for lot in closed.iter().filter(|l| l.disallowed.is_some()) {
        washed.entry(&lot.symbol).or_default().push(lot);
    }
    for sales in washed.values_mut() {
        sales.sort_by_key(|sale| sale.closed);
    }
    let sold = closed.iter().filter(|l| l.may_be_adjusted).map(|l| Candidate {
        line: l.line,
        symbol: &l.symbol,
        opened: l.opened,
        closed: Some(l.closed),
        part: (l.quantity, l.cost),
        origin: &l.origin,
    });
    let held = open.iter().filter(|l| l.holding_start.is_some()).map(|l| Candidate {
        line: l.line,
        symbol: &l.symbol,
        opened: l.opened,
        closed: None,
        part: (l.quantity, l.basis),
        origin: &l.origin,
    });
    sold.chain(held)
        .filter_map(|lot| {
            let sales = washed.get(lot.symbol)?;
            let first = sales.partition_point(|sale| (lot.opened - sale.closed).num_days() > WINDOW_DAYS);
            let sale = sales[first..]
                .iter()
                .take_while(|sale| (sale.closed - lot.opened).num_days() <= WINDOW_DAYS)
                .find(|sale| lot.replaces(sale))?;
            let expected = format!(
                "may hold the loss disallowed on line {}, which the ledger would add again: expected the cost without it \
                 (put that in, then import with --basis-unadjusted)",
                sale.line
            );
            Some(ImportFault::value(lot.line, column, &lot.part.1.to_string(), expected))
        })
        .collect()
}

/// Number of sales with a loss that the broker disallowed, and the sum of those losses in dollars.
pub(super) fn disallowed(closed: &[ClosedLot]) -> (u64, Money) {
    let mut sum = 0_i64;
    let mut count = 0;
    for loss in closed.iter().filter_map(|l| l.disallowed) {
        sum = sum.saturating_add(loss.raw());
        count += 1;
    }
    (count, Money::from_raw(sum))
}
