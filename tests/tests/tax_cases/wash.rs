//! Cases of wash sales, run twice: as a history of trades, which users provide, and through the ledger of a
//! backtest.

use std::collections::BTreeMap;

use serde_json::Value;
use unisleeve_core::books::history::{Sale, Settings};
use unisleeve_core::books::household::{Account, Ledger, Order, Pocket};
use unisleeve_core::books::journal::{CashKind, Reason};
use unisleeve_core::tax::{LotMethod, PriorPurchases};
use unisleeve_core::units::{
    AccountId, AccountKind, LotId, MandateId, Money, PocketId, Price, Rate, SecurityId, Shares, SleeveId,
};
use unisleeve_tests::day;
use unisleeve_tests::history::{booked, file, settings, with_accounts};

use crate::value::{list, money, number, shares, text};

fn household() -> Settings {
    with_accounts(settings(), &[("TAXABLE", AccountKind::Taxable), ("IRA", AccountKind::Ira)])
}

fn quantity(v: &Value) -> String {
    shares(v).to_string()
}

pub(crate) fn through_the_history(case: &Value) {
    // Purchases come first, because the file's order of dates must not matter.
    let mut rows = Vec::new();
    for b in list(&case["buys"]) {
        let (date, account, lot) = (text(&b["date"]), text(&b["acct"]), text(&b["lot"]));
        rows.push(format!("{date},{account},buy,XYZ,{},{},{lot}", quantity(&b["qty"]), money(&b["cost"])));
    }
    for s in list(&case["sells"]) {
        let (date, lot) = (text(&s["date"]), text(&s["lot"]));
        rows.push(format!("{date},TAXABLE,sell,XYZ,{},{},{lot}", quantity(&s["qty"]), money(&s["proceeds"])));
    }
    // No order names a lot here, so the lot method must not change the wash sales.
    for method in [LotMethod::Fifo, LotMethod::Hifo, LotMethod::MinTax] {
        compare(case, &rows, &Settings { method, ..household() });
    }
}

fn compare(case: &Value, rows: &[String], settings: &Settings) {
    booked(file(rows).as_bytes(), settings, |s| {
        let expected = list(&case["expect"]["sales"]);
        for e in expected {
            let of_lot: Vec<Sale<'_>> = s.sales().filter(|r| r.lot == text(&e["lot"])).collect();
            let sum = |f: fn(&Sale<'_>) -> Money| of_lot.iter().map(f).sum::<Money>();
            assert_eq!(of_lot.iter().map(|r| r.quantity).sum::<Shares>(), shares(&e["qty"]), "quantity");
            assert_eq!(sum(|r| r.gain), money(&e["gain"]), "gain");
            assert_eq!(sum(|r| r.disallowed), money(&e["disallowed"]), "disallowed");
            assert_eq!(sum(|r| r.recognized), money(&e["recognized"]), "recognised");
            assert_eq!(sum(|r| r.proceeds - r.basis), money(&e["gain"]), "proceeds less basis");
        }
        let lots: Vec<&str> = expected.iter().map(|e| text(&e["lot"])).collect();
        assert!(s.sales().all(|r| lots.contains(&r.lot)), "sales of other lots");
        // The yearly totals agree with the rows.
        let total: Money = expected.iter().map(|e| money(&e["recognized"])).sum();
        assert_eq!(s.years.iter().map(|y| y.net_short + y.net_long).sum::<Money>(), total, "the years");
        let open = list(&case["expect"]["open_lots"]);
        for e in open {
            let parts: Vec<_> = s.open_lots.iter().filter(|l| l.lot == text(&e["lot"])).collect();
            assert_eq!(parts.iter().map(|l| l.quantity).sum::<Shares>(), shares(&e["qty"]), "open quantity");
            assert_eq!(
                parts.iter().map(|l| l.basis).sum::<Money>(),
                money(&e["adj_basis"]),
                "adjusted basis"
            );
            for part in parts {
                assert_eq!(part.holding_start, day(text(&e["tacked_start"])), "holding period");
            }
        }
        let lots: Vec<&str> = open.iter().map(|e| text(&e["lot"])).collect();
        assert!(s.open_lots.iter().all(|l| lots.contains(&l.lot)), "other lots are open");
    })
    .unwrap_or_else(|faults| panic!("{faults:?}"));
}

pub(crate) fn through_the_ledger(case: &Value) {
    let accounts = vec![
        Account { name: "taxable".to_owned(), kind: AccountKind::Taxable },
        Account { name: "ira".to_owned(), kind: AccountKind::Ira },
    ];
    let pocket =
        |account| Pocket { account: AccountId(account), mandate: MandateId(0), balance: Money::ZERO };
    let mut ledger = Ledger::new(accounts, vec![pocket(0), pocket(1)], vec![0], 1900);
    for p in 0..2 {
        let paid = Money::whole(100_000);
        ledger.book_cash(day("1900-01-02"), PocketId(p), CashKind::Contribution, None, paid).unwrap();
    }
    let order = |date: &Value, pocket: u16, amount: &Value, quantity: Shares| Order {
        date: day(text(date)),
        pocket: PocketId(pocket),
        sleeve: SleeveId(0),
        security: SecurityId(0),
        price: Price::from_f64(number(amount) / quantity.to_f64()).unwrap(),
        cost_rate: Rate::ZERO,
        reason: Reason::default(),
    };
    // In chronological order.
    let mut events: Vec<(&Value, bool)> = list(&case["buys"]).iter().map(|b| (b, true)).collect();
    events.extend(list(&case["sells"]).iter().map(|s| (s, false)));
    events.sort_by_key(|(e, _)| day(text(&e["date"])));
    let mut lots: BTreeMap<String, LotId> = BTreeMap::new();
    for (event, buys) in events {
        let quantity = shares(&event["qty"]);
        let lot = text(&event["lot"]).to_owned();
        if buys {
            let pocket = u16::from(text(&event["acct"]) == "IRA");
            let bought = ledger.buy(&order(&event["date"], pocket, &event["cost"], quantity), quantity);
            lots.insert(lot, bought.unwrap());
        } else {
            let order = order(&event["date"], 0, &event["proceeds"], quantity);
            let pieces = if lot.is_empty() {
                // The method's own order must not matter.
                let rates = settings().rates;
                let open = ledger.lots(SecurityId(0)).iter().filter(|l| l.account == AccountId(0));
                LotMethod::MinTax.choose(open, quantity, order.date, order.price, rates)
            } else {
                let piece = ledger.lots(SecurityId(0)).iter().find(|l| l.id == lots[&lot]).unwrap().piece;
                vec![(piece, quantity)]
            };
            ledger.sell(&order, &pieces).unwrap();
        }
    }
    let expected = list(&case["expect"]["sales"]);
    for e in expected {
        let lot = lots[text(&e["lot"])];
        let rows = ledger.journal().trade_rows();
        let rows: Vec<_> = rows.iter().filter(|r| r.trade.term.is_some() && r.trade.lot == lot).collect();
        assert_eq!(rows.iter().map(|r| r.quantity).sum::<Shares>(), shares(&e["qty"]), "quantity");
        assert_eq!(rows.iter().map(|r| r.gain()).sum::<Money>(), money(&e["gain"]), "gain");
        assert_eq!(rows.iter().map(|r| r.disallowed).sum::<Money>(), money(&e["disallowed"]), "disallowed");
        assert_eq!(rows.iter().map(|r| r.recognized()).sum::<Money>(), money(&e["recognized"]), "recognised");
    }
    // The year's tax return agrees with the rows.
    let total: Money = expected.iter().map(|s| money(&s["recognized"])).sum();
    let income: Money = (1900..2030).map(|y| ledger.income(y)).map(|i| i.net_short + i.net_long).sum();
    assert_eq!(income, total, "the return");
    let open = list(&case["expect"]["open_lots"]);
    for e in open {
        let lot = lots[text(&e["lot"])];
        let pieces: Vec<_> = ledger.lots(SecurityId(0)).iter().filter(|l| l.id == lot).collect();
        assert_eq!(pieces.iter().map(|l| l.quantity).sum::<Shares>(), shares(&e["qty"]), "open quantity");
        assert_eq!(pieces.iter().map(|l| l.basis).sum::<Money>(), money(&e["adj_basis"]), "adjusted basis");
        for piece in pieces {
            assert_eq!(piece.holding_start, day(text(&e["tacked_start"])), "holding period");
        }
    }
    let expected: Vec<LotId> = open.iter().map(|o| lots[text(&o["lot"])]).collect();
    let others = ledger.lots(SecurityId(0)).iter().any(|l| !expected.contains(&l.id));
    assert!(!others, "other lots are open");
}

/// Shares bought within 30 days before a loss, but before the purchase of the shares sold. They are
/// replacements by the wording of the section and none by the other reading. A purchase is written
/// `lot shares date`, the sale `lot shares at a loss date`.
pub(crate) fn policy(case: &Value) {
    let mut rows = Vec::new();
    for buy in list(&case["input"]["buys"]) {
        let mut words = text(buy).split(' ');
        let (lot, shares, date) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
        rows.push(format!("{date},TAXABLE,buy,XYZ,{shares},1000,{lot}"));
    }
    let words: Vec<&str> = text(&case["input"]["sell"]).split(' ').collect();
    assert_eq!(words[2..5], ["at", "a", "loss"]);
    rows.push(format!("{},TAXABLE,sell,XYZ,{},400,{}", words[5], words[1], words[0]));
    let disallowed = |prior| {
        let settings = Settings { prior, ..household() };
        booked(file(&rows).as_bytes(), &settings, |s| s.sales().map(|r| r.disallowed).sum::<Money>()).unwrap()
    };
    for (prior, key) in [(PriorPurchases::Count, "mechanical_broker"), (PriorPurchases::Ignore, "silver")] {
        let expected = match text(&case["expect"][key]).split(':').next() {
            Some("wash") => Money::whole(600),
            Some("no wash") => Money::ZERO,
            other => panic!("{other:?}"),
        };
        assert_eq!(disallowed(prior), expected, "{key}");
    }
    assert_eq!(household().prior, PriorPurchases::default(), "the mechanical reading is the default");
}
