//! Properties of the ledger for every history: it loses nothing and invents nothing, and wash sales follow
//! the rule.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use unisleeve_core::books::household::{Account, Ledger, Order, Pocket};
use unisleeve_core::books::journal::{CashKind, Reason, Side};
use unisleeve_core::units::{
    AccountId, AccountKind, LotId, MandateId, Money, PocketId, Price, Rate, SecurityId, Shares, SleeveId,
    Term,
};
use unisleeve_tests::day;

/// Securities 0 and 1 are substantially identical.
const GROUP_OF: [u32; 4] = [0, 0, 1, 2];
/// Two taxable accounts, an IRA and a Roth.
const KINDS: [AccountKind; 4] =
    [AccountKind::Taxable, AccountKind::Taxable, AccountKind::Ira, AccountKind::Roth];
/// `(account, mandate)` of each pocket.
const POCKETS: [(u16, u16); 6] = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (3, 1)];

#[derive(Debug, Clone)]
struct Step {
    /// Days after the previous step.
    wait: u64,
    pocket: usize,
    security: u32,
    buys: bool,
    /// Shares to buy in 1/1,000 share, or the part of the pieces to sell in 1/1,000.
    amount: i64,
    /// Price in cents.
    cents: i64,
    /// Selects the pieces to sell.
    pick: u64,
}

fn step() -> impl Strategy<Value = Step> {
    // Few days apart, so that most trades are within 30 days of several others.
    (
        0u64..9,
        0..POCKETS.len(),
        0u32..4,
        prop::bool::weighted(0.55),
        1i64..=1_000,
        100i64..10_000,
        any::<u64>(),
    )
        .prop_map(|(wait, pocket, security, buys, amount, cents, pick)| Step {
            wait,
            pocket,
            security,
            buys,
            amount,
            cents,
            pick,
        })
}

/// One sale as the rule sees it, and the shares that were replaced.
#[derive(Debug, Clone)]
struct Sale {
    /// Index of the trade in the journal.
    index: usize,
    /// The order that it belongs to.
    order: usize,
    date: NaiveDate,
    group: u32,
    lot: LotId,
    quantity: Shares,
    loss: Money,
}

#[derive(Debug, Clone)]
struct Purchase {
    order: usize,
    date: NaiveDate,
    group: u32,
    lot: LotId,
    quantity: Shares,
    /// `(order, shares)` sold before they had served as a replacement.
    sold_unused: Vec<(usize, Shares)>,
}

/// A ledger with an independent record of the calls to it.
struct Run {
    ledger: Ledger,
    sales: Vec<Sale>,
    purchases: Vec<Purchase>,
    order: usize,
    paid_in: Money,
}

impl Run {
    fn new() -> Self {
        let accounts =
            KINDS.iter().map(|kind| Account { name: format!("{kind:?}"), kind: *kind }).collect::<Vec<_>>();
        let pockets = POCKETS
            .iter()
            .map(|(a, m)| Pocket { account: AccountId(*a), mandate: MandateId(*m), balance: Money::ZERO })
            .collect();
        let mut ledger = Ledger::new(accounts, pockets, GROUP_OF.to_vec(), 2020);
        let mut paid_in = Money::ZERO;
        for p in 0..POCKETS.len() {
            let amount = Money::whole(40_000);
            ledger
                .book_cash(day("2020-09-01"), PocketId(p as u16), CashKind::Contribution, None, amount)
                .unwrap();
            paid_in += amount;
        }
        Self { ledger, sales: Vec::new(), purchases: Vec::new(), order: 0, paid_in }
    }

    fn order(date: NaiveDate, pocket: usize, security: u32, cents: i64) -> Order {
        Order {
            date,
            pocket: PocketId(pocket as u16),
            sleeve: SleeveId(POCKETS[pocket].1),
            security: SecurityId(security),
            price: Price::from_raw(cents * 10_000),
            cost_rate: Rate::from_raw(700),
            reason: Reason::default(),
        }
    }

    fn buy(&mut self, date: NaiveDate, s: &Step) {
        let order = Self::order(date, s.pocket, s.security, s.cents);
        let quantity = Shares::from_raw(s.amount * 33_333);
        // A refused call must change nothing. The checks at the end would detect a change.
        let before = self.ledger.journal().trades.len();
        match self.ledger.buy(&order, quantity) {
            Ok(lot) => {
                let group = GROUP_OF[s.security as usize];
                let sold_unused = Vec::new();
                self.purchases.push(Purchase { order: self.order, date, group, lot, quantity, sold_unused });
            }
            Err(_) => assert_eq!(self.ledger.journal().trades.len(), before),
        }
        self.order += 1;
    }

    /// Sells a part of the pieces of the pocket's account, several in one order.
    fn sell(&mut self, date: NaiveDate, s: &Step) {
        let account = AccountId(POCKETS[s.pocket].0);
        let held: Vec<_> = self
            .ledger
            .lots(SecurityId(s.security))
            .iter()
            .filter(|l| l.account == account)
            .copied()
            .collect();
        let mut pieces = Vec::new();
        for (i, lot) in held.iter().enumerate() {
            if s.pick >> (i % 64) & 1 == 1 {
                let part = if s.amount > 700 {
                    lot.quantity
                } else {
                    Shares::from_raw(lot.quantity.raw() * s.amount / 1_000)
                };
                if part.is_positive() {
                    pieces.push((*lot, part));
                }
            }
        }
        // In any order of naming.
        if s.pick >> 63 == 1 {
            pieces.reverse();
        }
        self.sell_pieces(date, s, &pieces);
    }

    fn sell_pieces(&mut self, date: NaiveDate, s: &Step, pieces: &[(unisleeve_core::tax::Lot, Shares)]) {
        if pieces.is_empty() {
            return;
        }
        let order = Self::order(date, s.pocket, s.security, s.cents);
        let from = self.ledger.journal().trades.len();
        let named: Vec<(u32, Shares)> = pieces.iter().map(|(l, q)| (l.piece, *q)).collect();
        self.ledger.sell(&order, &named).expect("pieces that are held");
        let mut sales = Vec::new();
        for (i, (lot, quantity)) in pieces.iter().enumerate() {
            let trade = &self.ledger.journal().trades[from + i];
            assert_eq!((trade.lot, trade.quantity, trade.side), (lot.id, *quantity, Side::Sell));
            if lot.may_replace {
                let purchase = self.purchases.iter_mut().find(|p| p.lot == lot.id).expect("a purchase");
                purchase.sold_unused.push((self.order, *quantity));
            }
            let gain = trade.gain();
            if KINDS[lot.account.index()].is_taxable() && gain.is_negative() {
                let sale = Sale {
                    index: from + i,
                    order: self.order,
                    date,
                    group: GROUP_OF[s.security as usize],
                    lot: lot.id,
                    quantity: *quantity,
                    loss: -gain,
                };
                sales.push(((lot.acquired, lot.id, lot.holding_start), sale));
            }
        }
        // Reg. 1.1091-1(b): losses of one order count in order of acquisition.
        sales.sort_by_key(|(turn, _)| *turn);
        self.sales.extend(sales.into_iter().map(|(_, sale)| sale));
        self.order += 1;
    }

    fn liquidate(&mut self, date: NaiveDate) {
        for security in 0..4u32 {
            for account in 0..KINDS.len() as u16 {
                let pocket = POCKETS.iter().position(|(a, _)| *a == account).unwrap();
                let lots = self.ledger.lots(SecurityId(security)).iter().filter(|l| l.account.0 == account);
                let pieces: Vec<_> = lots.map(|l| (*l, l.quantity)).collect();
                let s = Step { wait: 0, pocket, security, buys: false, amount: 0, cents: 2_345, pick: 0 };
                self.sell_pieces(date, &s, &pieces);
            }
        }
    }

    /// Replaced shares of each loss by the rule: losses in order of sale, replacements in order of purchase,
    /// 30 days on both sides, each share once, never shares of the same purchase, and a share bought before
    /// the sale only while it is still held.
    fn replaced_by_rule(&self) -> BTreeMap<usize, Shares> {
        let mut used: Vec<Shares> = vec![Shares::ZERO; self.purchases.len()];
        let mut replaced = BTreeMap::new();
        for sale in &self.sales {
            let mut left = sale.quantity;
            for (p, purchase) in self.purchases.iter().enumerate() {
                let days = (purchase.date - sale.date).num_days();
                if purchase.group != sale.group || purchase.lot == sale.lot || days.abs() > 30 {
                    continue;
                }
                let gone: Shares = purchase
                    .sold_unused
                    .iter()
                    .filter(|(order, _)| purchase.order < sale.order && *order <= sale.order)
                    .map(|(_, q)| *q)
                    .sum();
                let free = purchase.quantity - gone - used[p];
                let take = if free < left { free } else { left };
                if take.is_positive() {
                    used[p] += take;
                    left -= take;
                }
            }
            replaced.insert(sale.index, sale.quantity - left);
        }
        replaced
    }
}

fn run(steps: &[Step]) -> (Run, NaiveDate) {
    let mut run = Run::new();
    let mut date = day("2020-09-01");
    for s in steps {
        date = date + Days::new(s.wait);
        if s.buys { run.buy(date, s) } else { run.sell(date, s) }
    }
    (run, date)
}

fn check(run: &Run, liquidated: bool) -> Result<(), TestCaseError> {
    let (ledger, journal) = (&run.ledger, run.ledger.journal());
    let taxable = |a: AccountId| KINDS[a.index()].is_taxable();
    // Shares.
    for s in 0..4u32 {
        let of = |side| -> Shares {
            journal.trades.iter().filter(|t| t.security.0 == s && t.side == side).map(|t| t.quantity).sum()
        };
        let open: Shares = ledger.lots(SecurityId(s)).iter().map(|l| l.quantity).sum();
        prop_assert_eq!(of(Side::Buy), of(Side::Sell) + open);
        prop_assert_eq!(open, ledger.held(SecurityId(s)));
        prop_assert!(ledger.lots(SecurityId(s)).iter().all(|l| l.quantity.is_positive()));
        prop_assert!(ledger.lots(SecurityId(s)).iter().is_sorted_by_key(|l| l.id));
    }
    // Cash: balances are the sums of their rows, and no day ends below zero.
    for p in 0..POCKETS.len() {
        let mut balance = Money::ZERO;
        for row in journal.cash.iter().filter(|c| c.pocket.index() == p) {
            balance += row.amount;
            prop_assert!(!balance.is_negative(), "pocket {} at {} on {}", p, balance, row.date);
            prop_assert_eq!(row.account.0, POCKETS[p].0);
        }
        prop_assert_eq!(balance, ledger.balance(PocketId(p as u16)));
    }
    prop_assert!(journal.cash.windows(2).all(|w| w[0].date <= w[1].date));
    // Every dollar of a trade is a dollar of cash.
    let sum = |f: &dyn Fn(&unisleeve_core::books::journal::Trade) -> Money| -> Money {
        journal.trades.iter().map(f).sum()
    };
    let sold = |t: &unisleeve_core::books::journal::Trade| t.side == Side::Sell;
    let traded = sum(&|t| if sold(t) { t.amount - t.cost } else { -(t.amount + t.cost) });
    prop_assert_eq!(ledger.cash(), run.paid_in + traded);
    // Basis: the amount paid plus added disallowed losses equals the basis given up plus the open basis.
    let bought = sum(&|t| if sold(t) { Money::ZERO } else { t.basis });
    let given_up = sum(&|t| if sold(t) { t.basis } else { Money::ZERO });
    let open: Money = (0..4u32).flat_map(|s| ledger.lots(SecurityId(s))).map(|l| l.basis).sum();
    let disallowed: Money = journal.washed.iter().map(|w| w.disallowed).sum();
    let for_good: Money = journal.washed.iter().filter(|w| w.for_good).map(|w| w.disallowed).sum();
    prop_assert_eq!(bought + disallowed - for_good, given_up + open);
    // Disallowed losses do not exceed the losses sold.
    let losses: Money = run.sales.iter().map(|s| s.loss).sum();
    prop_assert!(disallowed <= losses);
    for w in &journal.washed {
        let trade = &journal.trades[w.sale.0 as usize];
        let replacement = run.purchases.iter().find(|p| p.lot == w.replacement).unwrap();
        prop_assert!((replacement.date - trade.date).num_days().abs() <= 30);
        prop_assert_eq!(replacement.group, GROUP_OF[trade.security.index()]);
        prop_assert!(trade.lot != w.replacement, "its own replacement");
        prop_assert!(taxable(trade.account));
        prop_assert_eq!(w.date, trade.date.max(replacement.date));
        prop_assert_eq!(w.disallowed, (w.basis + w.cost - w.amount).max(Money::ZERO));
    }
    // Each share replaces at most once, and the pieces that did are marked.
    for p in &run.purchases {
        let replaced: Shares =
            journal.washed.iter().filter(|w| w.replacement == p.lot).map(|w| w.quantity).sum();
        prop_assert!(replaced <= p.quantity);
        let lots = (0..4u32).flat_map(|s| ledger.lots(SecurityId(s))).filter(|l| l.id == p.lot);
        let free: Shares = lots.filter(|l| l.may_replace).map(|l| l.quantity).sum();
        let gone: Shares = p.sold_unused.iter().map(|(_, q)| *q).sum();
        prop_assert_eq!(p.quantity, replaced + free + gone);
    }
    // Wash sales match the rule.
    let by_rule = run.replaced_by_rule();
    for sale in &run.sales {
        let parts: Vec<_> = journal.washed.iter().filter(|w| w.sale.0 as usize == sale.index).collect();
        let quantity: Shares = parts.iter().map(|w| w.quantity).sum();
        prop_assert_eq!(quantity, by_rule[&sale.index], "sale {}", sale.index);
        // The loss is spread evenly over the shares. Each part may round by half of the last decimal in three
        // amounts.
        let amount: Money = parts.iter().map(|w| w.disallowed).sum();
        let expected = sale.loss.to_f64() * quantity.to_f64() / sale.quantity.to_f64();
        let rounding = 2e-4 * parts.len() as f64 + 1e-9;
        prop_assert!((amount.to_f64() - expected).abs() <= rounding, "{amount} for {expected}");
    }
    prop_assert!(journal.washed.iter().all(|w| run.sales.iter().any(|s| s.index == w.sale.0 as usize)));
    // Recognized gains by row, by term and year, and by mandate.
    let rows = journal.trade_rows();
    for row in &rows {
        prop_assert_eq!(row.recognized(), row.gain() + row.disallowed);
    }
    for year in 2020..=2022 {
        let recognised = |term: Term, mandate: Option<u16>| -> Money {
            rows.iter()
                .filter(|r| {
                    r.trade.date.year() == year && r.trade.term == Some(term) && taxable(r.trade.account)
                })
                .filter(|r| mandate.is_none_or(|m| r.trade.mandate.0 == m))
                .map(unisleeve_core::books::journal::TradeRow::recognized)
                .sum()
        };
        prop_assert_eq!(ledger.income(year).net_short, recognised(Term::Short, None));
        prop_assert_eq!(ledger.income(year).net_long, recognised(Term::Long, None));
        for m in 0..2u16 {
            prop_assert_eq!(ledger.income_of(MandateId(m), year).net_short, recognised(Term::Short, Some(m)));
        }
    }
    // With everything sold and every window closed, recognized gains equal earned gains, except for what an
    // IRA made permanent.
    if liquidated {
        let earned = sum(&|t| match (taxable(t.account), t.side) {
            (true, Side::Sell) => t.amount - t.cost,
            (true, _) => -(t.amount + t.cost),
            _ => Money::ZERO,
        });
        let recognised: Money =
            (2020..=2022).map(|y| ledger.income(y)).map(|i| i.net_short + i.net_long).sum();
        prop_assert_eq!(recognised, earned + for_good);
        prop_assert_eq!(open, Money::ZERO);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 3_000,
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn nothing_is_lost_on_the_way(steps in prop::collection::vec(step(), 1..60)) {
        let (run, _) = run(&steps);
        check(&run, false)?;
    }

    #[test]
    fn a_liquidated_history_recognises_what_it_earned(steps in prop::collection::vec(step(), 1..50), long in any::<bool>()) {
        let (mut run, last) = run(&steps);
        run.liquidate(last + Days::new(if long { 500 } else { 31 }));
        check(&run, true)?;
    }
}

/// The histories contain wash sales: before and after the sale, in part, and across accounts.
#[test]
fn the_histories_hold_wash_sales_of_every_kind() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut before, mut after, mut for_good, mut twins, mut partial) = (0, 0, 0, 0, 0);
    for _ in 0..60 {
        let steps = prop::collection::vec(step(), 40..60).new_tree(&mut runner).unwrap().current();
        let (run, _) = run(&steps);
        let journal = run.ledger.journal();
        for w in &journal.washed {
            let trade = &journal.trades[w.sale.0 as usize];
            let bought =
                journal.trades.iter().find(|t| t.side == Side::Buy && t.lot == w.replacement).unwrap();
            before += usize::from(bought.date < trade.date);
            after += usize::from(bought.date > trade.date);
            for_good += usize::from(w.for_good);
            twins += usize::from(bought.security != trade.security);
            partial += usize::from(w.quantity < trade.quantity);
        }
    }
    println!("before {before}, after {after}, for good {for_good}, twins {twins}, partial {partial}");
    for count in [before, after, for_good, twins, partial] {
        assert!(count > 30);
    }
}

fn small() -> (Ledger, Order) {
    let accounts = vec![
        Account { name: "taxable".to_owned(), kind: AccountKind::Taxable },
        Account { name: "ira".to_owned(), kind: AccountKind::Ira },
    ];
    let pocket =
        |account| Pocket { account: AccountId(account), mandate: MandateId(0), balance: Money::ZERO };
    let mut ledger = Ledger::new(accounts, vec![pocket(0), pocket(1)], vec![0], 2020);
    ledger
        .book_cash(day("2020-01-02"), PocketId(0), CashKind::Contribution, None, Money::whole(10_000))
        .unwrap();
    let order = Order {
        date: day("2020-01-02"),
        pocket: PocketId(0),
        sleeve: SleeveId(0),
        security: SecurityId(0),
        price: Price::whole(10),
        cost_rate: Rate::ZERO,
        reason: Reason::default(),
    };
    (ledger, order)
}

fn state(ledger: &Ledger) -> (Vec<unisleeve_core::tax::Lot>, Money, usize, usize) {
    let journal = ledger.journal();
    (
        ledger.lots(SecurityId(0)).iter().copied().collect(),
        ledger.cash(),
        journal.trades.len(),
        journal.cash.len(),
    )
}

/// A refused call changes nothing, even where only the second of two pieces is refused.
#[test]
fn a_refused_sale_changes_nothing() {
    let (mut ledger, order) = small();
    ledger.buy(&order, Shares::whole(100)).unwrap();
    ledger.buy(&order, Shares::whole(100)).unwrap();
    let pieces: Vec<u32> = ledger.lots(SecurityId(0)).iter().map(|l| l.piece).collect();
    let before = state(&ledger);
    for asked in [
        vec![(pieces[0], Shares::whole(50)), (pieces[1], Shares::whole(101))],
        vec![(pieces[0], Shares::whole(60)), (pieces[0], Shares::whole(60))],
        vec![(pieces[0], Shares::whole(50)), (999, Shares::ONE)],
        vec![(pieces[0], Shares::whole(50)), (pieces[1], Shares::ZERO)],
    ] {
        assert!(ledger.sell(&order, &asked).is_err(), "{asked:?}");
        assert_eq!(state(&ledger), before, "{asked:?}");
    }
}

/// Cash from shares of one account can't go to another, which would be an untaxed distribution from an IRA.
#[test]
fn proceeds_stay_in_the_account_of_the_shares() {
    let (mut ledger, order) = small();
    let ira = Order { pocket: PocketId(1), ..order };
    ledger.book_cash(order.date, PocketId(1), CashKind::Contribution, None, Money::whole(1_000)).unwrap();
    ledger.buy(&ira, Shares::whole(100)).unwrap();
    let piece = ledger.lots(SecurityId(0)).iter().next().unwrap().piece;
    let before = state(&ledger);
    assert!(
        ledger.sell(&order, &[(piece, Shares::ONE)]).is_err(),
        "an IRA's shares paid into the taxable pocket"
    );
    assert_eq!(state(&ledger), before);
}

#[test]
fn a_refused_purchase_changes_nothing() {
    let (mut ledger, order) = small();
    let before = state(&ledger);
    assert!(ledger.buy(&order, Shares::whole(1_001)).is_err());
    assert!(ledger.buy(&order, Shares::ZERO).is_err());
    assert!(ledger.buy(&Order { price: Price::ZERO, ..order }, Shares::ONE).is_err());
    assert!(ledger.transfer(order.date, PocketId(0), PocketId(1), Money::whole(10_001)).is_err());
    assert!(
        ledger.book_cash(order.date, PocketId(0), CashKind::Withdrawal, None, -Money::whole(10_001)).is_err()
    );
    assert_eq!(state(&ledger), before);
}
