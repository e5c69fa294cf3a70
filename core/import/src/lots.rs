//! Converts lots to rows of `TRADES.csv`: purchases, sales and transfers, in booking order.
//!
//! Brokers list one row for each lot closed by each sale, so a purchase sold in two parts takes two rows. The
//! ledger must know that both are one purchase: shares of the same purchase do not replace each other (Rev.
//! Rul. 56-602), but as two lots the second would wash the loss of the first.
//!
//! Rows with the same account, ticker, opening date and cost per share (to the cent on each row) therefore
//! become one `buy`, and each sale names its lot. A part still held belongs to the same `buy`. If the file
//! states orders, transactions or times, those decide which rows belong to one purchase ([`Origin`]).

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::record::{Action, TradeRow};
use unisleeve_units::{LIMIT, Money, Shares};

/// Identifies a purchase among others on the same day, as far as the file tells. An empty text means unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Origin {
    /// Order of the purchase.
    pub order: String,
    /// Transaction of the purchase.
    pub transaction: String,
    /// Time of the purchase.
    pub time: String,
}

impl Origin {
    /// Whether both belong to the same purchase; `None` if the file does not tell.
    pub(super) fn same(&self, other: &Self) -> Option<bool> {
        [(&self.order, &other.order), (&self.transaction, &other.transaction), (&self.time, &other.time)]
            .into_iter()
            .find(|(a, b)| !a.is_empty() && !b.is_empty())
            .map(|(a, b)| a == b)
    }
}

/// A lot, or a part of one, that was bought and sold.
#[derive(Debug, Clone)]
pub(super) struct ClosedLot {
    /// Line of the file.
    pub line: u64,
    /// Account.
    pub account: String,
    /// Ticker in normal form.
    pub symbol: String,
    /// Number of shares.
    pub quantity: Shares,
    /// Date of purchase.
    pub opened: NaiveDate,
    /// Identifies the purchase on that day.
    pub origin: Origin,
    /// Date of sale.
    pub closed: NaiveDate,
    /// Cost in dollars, as far as the file tells.
    pub cost: Money,
    /// Whether `cost` may include the disallowed loss of another sale.
    pub may_be_adjusted: bool,
    /// Proceeds after costs, in dollars.
    pub proceeds: Money,
    /// Loss of this sale that the broker disallowed, in dollars, positive or zero.
    pub disallowed: Option<Money>,
}

/// A lot still held.
#[derive(Debug, Clone)]
pub(super) struct OpenLot {
    /// Line of the file.
    pub line: u64,
    /// Account.
    pub account: String,
    /// Ticker in normal form.
    pub symbol: String,
    /// Number of shares.
    pub quantity: Shares,
    /// Report date of the file.
    pub reported: NaiveDate,
    /// Date of purchase.
    pub opened: NaiveDate,
    /// Identifies the purchase on that day.
    pub origin: Origin,
    /// Start of the holding period, if it differs from the date of purchase.
    pub holding_start: Option<NaiveDate>,
    /// Basis in dollars.
    pub basis: Money,
    /// Market value on the report date in dollars, if the file has it.
    pub value: Option<Money>,
}

/// A purchase, assembled from its parts.
struct Purchase {
    lot: String,
    quantity: Shares,
    cost: Money,
    /// Shares and cost of the first part, with which others are compared.
    first: (Shares, Money),
    origin: Origin,
    opened: NaiveDate,
}

/// Gives each lot a unique name: ticker and date, with a number from the second on.
#[derive(Default)]
struct Names {
    given: BTreeMap<(String, NaiveDate), u32>,
}

impl Names {
    fn next(&mut self, symbol: &str, opened: NaiveDate) -> String {
        let count = self.given.entry((symbol.to_owned(), opened)).or_default();
        *count += 1;
        if *count == 1 { format!("{symbol}@{opened}") } else { format!("{symbol}@{opened}#{count}") }
    }
}

/// Whether two parts have the same cost per share, given that each amount is rounded to the cent.
pub(super) fn same_unit_cost(a: (Shares, Money), b: (Shares, Money)) -> bool {
    const CENT: i128 = 100;
    let (qa, qb) = (i128::from(a.0.raw()), i128::from(b.0.raw()));
    let (ca, cb) = (i128::from(a.1.raw()), i128::from(b.1.raw()));
    (ca * qb - cb * qa).abs() <= CENT * (qa + qb) / 2
}

/// The rows that book these lots, by date. Within a day, transfers and purchases come before sales.
pub(super) fn trades(closed: &[ClosedLot], open: &[OpenLot]) -> Vec<TradeRow> {
    let mut names = Names::default();
    let mut purchases: Vec<(&ClosedLot, Purchase)> = Vec::new();
    let mut by_day: BTreeMap<(&str, &str, NaiveDate), Vec<usize>> = BTreeMap::new();
    let mut sold_from = Vec::with_capacity(closed.len());
    for lot in closed {
        let that_day = by_day.entry((&lot.account, &lot.symbol, lot.opened)).or_default();
        let part = (lot.quantity, lot.cost);
        let found = that_day.iter().copied().find(|at| purchases[*at].1.takes(part, &lot.origin));
        let at = found.unwrap_or_else(|| {
            let purchase = Purchase {
                lot: names.next(&lot.symbol, lot.opened),
                quantity: Shares::ZERO,
                cost: Money::ZERO,
                first: part,
                origin: lot.origin.clone(),
                opened: lot.opened,
            };
            that_day.push(purchases.len());
            purchases.push((lot, purchase));
            purchases.len() - 1
        });
        purchases[at].1.quantity += lot.quantity;
        purchases[at].1.cost += lot.cost;
        sold_from.push(at);
    }
    // The part of a purchase still held is not transferred in separately: as a lot of its own it would
    // replace the part sold.
    let mut transferred = Vec::new();
    for lot in open {
        let part = (lot.quantity, lot.basis);
        let day = (lot.account.as_str(), lot.symbol.as_str(), lot.opened);
        let parts = by_day.get(&day).map(Vec::as_slice).unwrap_or_default();
        let found = parts.iter().copied().find(|at| purchases[*at].1.takes(part, &lot.origin));
        match found.filter(|_| lot.holding_start.is_none()) {
            Some(at) => {
                purchases[at].1.quantity += lot.quantity;
                purchases[at].1.cost += lot.basis;
            }
            None => transferred.push(lot),
        }
    }
    let mut rows: Vec<TradeRow> = purchases
        .iter()
        .map(|(lot, purchase)| TradeRow {
            date: purchase.opened,
            account: lot.account.clone(),
            action: Action::Buy,
            symbol: lot.symbol.clone(),
            quantity: purchase.quantity,
            amount: purchase.cost,
            lot: purchase.lot.clone(),
            acquired: None,
            holding_start: None,
        })
        .collect();
    rows.extend(closed.iter().zip(sold_from).map(|(lot, at)| TradeRow {
        date: lot.closed,
        account: lot.account.clone(),
        action: Action::Sell,
        symbol: lot.symbol.clone(),
        quantity: lot.quantity,
        amount: lot.proceeds,
        lot: purchases[at].1.lot.clone(),
        acquired: None,
        holding_start: None,
    }));
    rows.extend(transferred.into_iter().map(|lot| TradeRow {
        date: lot.reported,
        account: lot.account.clone(),
        action: Action::TransferIn,
        symbol: lot.symbol.clone(),
        quantity: lot.quantity,
        amount: lot.basis,
        lot: names.next(&lot.symbol, lot.opened),
        acquired: Some(lot.opened),
        holding_start: lot.holding_start,
    }));
    rows.sort_by_key(|r| (r.date, r.action));
    rows
}

impl Purchase {
    /// Whether a part belongs to this purchase, and the sums stay within what a file may hold.
    fn takes(&self, part: (Shares, Money), origin: &Origin) -> bool {
        let most = |decimals: u32| i128::from(LIMIT) * 10i128.pow(decimals);
        self.origin.same(origin) != Some(false)
            && same_unit_cost(self.first, part)
            && i128::from(self.quantity.raw()) + i128::from(part.0.raw()) <= most(Shares::DECIMALS)
            && i128::from(self.cost.raw()) + i128::from(part.1.raw()) <= most(Money::DECIMALS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lot(quantity: i32, cost: i32, opened: u32, closed: u32) -> ClosedLot {
        let day = |d| NaiveDate::from_ymd_opt(2025, 3, d).unwrap();
        ClosedLot {
            line: 1,
            account: "taxable".to_owned(),
            symbol: "AAPL".to_owned(),
            quantity: Shares::whole(quantity),
            opened: day(opened),
            origin: Origin::default(),
            closed: day(closed),
            cost: Money::whole(cost),
            may_be_adjusted: false,
            proceeds: Money::whole(cost - 1),
            disallowed: None,
        }
    }

    /// Parts of 30 and 20 from one purchase at 10, and 10 shares of another purchase that day at 11.
    #[test]
    fn one_purchase_sold_in_parts_is_one_lot() {
        let rows = trades(&[lot(30, 300, 3, 5), lot(10, 110, 3, 5), lot(20, 200, 3, 4)], &[]);
        let short: Vec<String> = rows
            .iter()
            .map(|r| format!("{} {} {} {} {}", r.date, r.action.as_str(), r.quantity, r.amount, r.lot))
            .collect();
        assert_eq!(
            short,
            [
                "2025-03-03 buy 50.000000 500.0000 AAPL@2025-03-03",
                "2025-03-03 buy 10.000000 110.0000 AAPL@2025-03-03#2",
                "2025-03-04 sell 20.000000 199.0000 AAPL@2025-03-03",
                "2025-03-05 sell 30.000000 299.0000 AAPL@2025-03-03",
                "2025-03-05 sell 10.000000 109.0000 AAPL@2025-03-03#2",
            ]
        );
    }

    fn held(quantity: i32, basis: i32, opened: u32) -> OpenLot {
        let sold = lot(quantity, basis, opened, opened);
        OpenLot {
            line: 2,
            account: sold.account,
            symbol: sold.symbol,
            quantity: sold.quantity,
            reported: NaiveDate::from_ymd_opt(2025, 6, 30).unwrap(),
            opened: sold.opened,
            origin: Origin::default(),
            holding_start: None,
            basis: sold.cost,
            value: None,
        }
    }

    fn actions(closed: &[ClosedLot], open: &[OpenLot]) -> Vec<String> {
        let row = |r: &TradeRow| format!("{} {} {}", r.action.as_str(), r.quantity, r.amount);
        trades(closed, open).iter().map(row).collect()
    }

    #[test]
    fn what_is_held_of_a_purchase_belongs_to_it() {
        let (sold, kept) = (lot(50, 500, 3, 5), held(50, 500, 3));
        assert_eq!(
            actions(std::slice::from_ref(&sold), std::slice::from_ref(&kept)),
            ["buy 100.000000 1000.0000", "sell 50.000000 499.0000"]
        );
        let apart = ["buy 50.000000 500.0000", "sell 50.000000 499.0000", "transfer_in 50.000000"];
        let is_apart = |sold: &ClosedLot, kept: &OpenLot| {
            let rows = actions(std::slice::from_ref(sold), std::slice::from_ref(kept));
            assert!(
                rows.len() == 3 && rows.iter().zip(apart).all(|(row, want)| row.starts_with(want)),
                "{rows:?}"
            );
        };
        // A different date, cost per share, holding period, account, order or time.
        is_apart(&sold, &held(50, 500, 4));
        is_apart(&sold, &held(50, 510, 3));
        is_apart(&sold, &OpenLot { holding_start: NaiveDate::from_ymd_opt(2025, 1, 2), ..kept.clone() });
        is_apart(&sold, &OpenLot { account: "other".to_owned(), ..kept.clone() });
        let origin = |order: &str, time: &str| Origin {
            order: order.to_owned(),
            transaction: String::new(),
            time: time.to_owned(),
        };
        let of = |origin| ClosedLot { origin, ..sold.clone() };
        is_apart(&of(origin("7", "")), &OpenLot { origin: origin("8", ""), ..kept.clone() });
        is_apart(&of(origin("", "1")), &OpenLot { origin: origin("8", "2"), ..kept.clone() });
        let same = OpenLot { origin: origin("7", "2"), ..kept };
        assert_eq!(actions(&[of(origin("7", "1"))], &[same]).len(), 2);
    }

    #[test]
    fn a_day_begins_with_its_purchases() {
        let rows = trades(&[lot(1, 10, 2, 3), lot(2, 30, 3, 3)], &[]);
        let actions: Vec<&str> = rows.iter().map(|r| r.action.as_str()).collect();
        assert_eq!(actions, ["buy", "buy", "sell", "sell"]);
    }

    #[test]
    fn the_largest_amounts_do_not_overflow() {
        let most = ClosedLot {
            quantity: Shares::from_raw(LIMIT * 1_000_000),
            cost: Money::from_raw(LIMIT * 10_000),
            ..lot(1, 1, 1, 2)
        };
        assert_eq!(trades(&vec![most; 3], &[]).len(), 6);
    }
}
