//! Worked cases of tax law with their sources (`cases/tax_cases.json`), and the tables of rates
//! (`cases/us_tax_rates_2025_2026.json`).

use std::collections::BTreeMap;

use serde_json::Value;
use unisleeve_core::household::{Account, Ledger, Order, Pocket, Returns};
use unisleeve_core::journal::{CashKind, Mark, Reason, Trade};
use unisleeve_core::measure::{liquidation, tax_alpha};
use unisleeve_core::tax::{
    Carryforward, FilingStatus, Law, LotMethod, Outside, TaxRates, net, tacked_start, term,
};
use unisleeve_core::units::{
    AccountId, AccountKind, LotId, MandateId, Money, PocketId, Price, Rate, SecurityId, Shares, SleeveId,
    Term,
};
use unisleeve_tests::day;

const CASES: &str = include_str!("../cases/tax_cases.json");
const RATES: &str = include_str!("../cases/us_tax_rates_2025_2026.json");

/// Kinds of cases that nothing here can run yet, and why.
const NOT_YET: [(&str, &str); 6] = [
    ("wash-policy", "an unsettled reading; the ledger has the mechanical one and no switch"),
    ("qualified-dividend", "the 61-day holding test is not applied; every report says so"),
    ("gift-dual-basis", "gifts are not modelled"),
    ("charity2026", "gifts are not modelled"),
    ("return-of-capital", "no distribution is a return of capital yet"),
    ("active-share", "not a measure yet"),
];

fn cases() -> Vec<Value> {
    serde_json::from_str(CASES).expect("JSON")
}

fn of_kind(kind: &str) -> Vec<Value> {
    let cases: Vec<Value> = cases().into_iter().filter(|c| c["kind"] == kind).collect();
    assert!(!cases.is_empty(), "no case of kind {kind}");
    cases
}

fn text(v: &Value) -> &str {
    v.as_str().expect("a text")
}

fn number(v: &Value) -> f64 {
    v.as_f64().expect("a number")
}

fn money(v: &Value) -> Money {
    Money::from_f64(number(v)).expect("an amount")
}

fn shares(v: &Value) -> Shares {
    match v {
        Value::String(s) => Shares::parse(s).expect("shares").value,
        _ => Shares::from_f64(number(v)).expect("shares"),
    }
}

fn status(text: &str) -> FilingStatus {
    match text {
        "S" | "SINGLE" => FilingStatus::Single,
        "J" | "JOINT" => FilingStatus::Joint,
        "SEPARATE" => FilingStatus::Separate,
        "HEAD_OF_HOUSEHOLD" => FilingStatus::Head,
        other => panic!("filing status {other}"),
    }
}

#[test]
fn wash_sales() {
    for case in of_kind("wash") {
        let id = text(&case["id"]);
        let accounts = vec![
            Account { name: "taxable".to_owned(), kind: AccountKind::Taxable },
            Account { name: "ira".to_owned(), kind: AccountKind::Ira },
        ];
        let pocket =
            |account| Pocket { account: AccountId(account), mandate: MandateId(0), balance: Money::ZERO };
        let mut ledger = Ledger::new(accounts, vec![pocket(0), pocket(1)], vec![0], 1900);
        for p in 0..2 {
            ledger
                .book_cash(
                    day("1900-01-02"),
                    PocketId(p),
                    CashKind::Contribution,
                    None,
                    Money::whole(100_000),
                )
                .unwrap();
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
        // In order of time.
        let mut events: Vec<(&Value, bool)> =
            case["buys"].as_array().unwrap().iter().map(|b| (b, true)).collect();
        events.extend(case["sells"].as_array().unwrap().iter().map(|s| (s, false)));
        events.sort_by_key(|(e, _)| day(text(&e["date"])));
        let mut lots: BTreeMap<String, LotId> = BTreeMap::new();
        for (event, buys) in events {
            let quantity = shares(&event["qty"]);
            let lot = text(&event["lot"]).to_owned();
            if buys {
                let pocket = u16::from(text(&event["acct"]) == "IRA");
                lots.insert(
                    lot,
                    ledger.buy(&order(&event["date"], pocket, &event["cost"], quantity), quantity).unwrap(),
                );
            } else {
                let piece = ledger.lots(SecurityId(0)).iter().find(|l| l.id == lots[&lot]).unwrap().piece;
                let order = order(&event["date"], 0, &event["proceeds"], quantity);
                ledger.sell(&order, &[(piece, quantity)]).unwrap();
            }
        }
        for expected in case["expect"]["sales"].as_array().unwrap() {
            let lot = lots[text(&expected["lot"])];
            let rows = ledger.journal().trade_rows();
            let rows: Vec<_> = rows.iter().filter(|r| r.trade.term.is_some() && r.trade.lot == lot).collect();
            let quantity: Shares = rows.iter().map(|r| r.quantity).sum();
            assert_eq!(quantity, shares(&expected["qty"]), "{id}: quantity");
            let gain: Money = rows.iter().map(|r| r.gain()).sum();
            assert_eq!(gain, money(&expected["gain"]), "{id}: gain");
            let disallowed: Money = rows.iter().map(|r| r.disallowed).sum();
            assert_eq!(disallowed, money(&expected["disallowed"]), "{id}: disallowed");
            let recognised: Money = rows.iter().map(|r| r.recognized()).sum();
            assert_eq!(recognised, money(&expected["recognized"]), "{id}: recognised");
        }
        // The year's return says the same as the rows.
        let total: Money =
            case["expect"]["sales"].as_array().unwrap().iter().map(|s| money(&s["recognized"])).sum();
        let income: Money = (1900..2030).map(|y| ledger.income(y)).map(|i| i.net_short + i.net_long).sum();
        assert_eq!(income, total, "{id}: the return");
        let open = case["expect"]["open_lots"].as_array().unwrap();
        for expected in open {
            let lot = lots[text(&expected["lot"])];
            let pieces: Vec<_> = ledger.lots(SecurityId(0)).iter().filter(|l| l.id == lot).collect();
            let quantity: Shares = pieces.iter().map(|l| l.quantity).sum();
            assert_eq!(quantity, shares(&expected["qty"]), "{id}: open quantity");
            let basis: Money = pieces.iter().map(|l| l.basis).sum();
            assert_eq!(basis, money(&expected["adj_basis"]), "{id}: adjusted basis");
            for piece in pieces {
                assert_eq!(piece.holding_start, day(text(&expected["tacked_start"])), "{id}: holding period");
            }
        }
        let expected: Vec<LotId> = open.iter().map(|o| lots[text(&o["lot"])]).collect();
        assert!(
            ledger.lots(SecurityId(0)).iter().all(|l| expected.contains(&l.id)),
            "{id}: other lots are open"
        );
    }
}

#[test]
fn holding_periods() {
    for case in of_kind("holding") {
        let (id, input) = (text(&case["id"]), &case["input"]);
        let expected = if case["expect"] == "LT" { Term::Long } else { Term::Short };
        assert_eq!(term(day(text(&input["acquired"])), day(text(&input["sold"]))), expected, "{id}");
    }
}

#[test]
fn netting() {
    for case in of_kind("netting") {
        let (id, input, expect) = (text(&case["id"]), &case["input"], &case["expect"]);
        let limit = money(&input["limit"]);
        let n = net(money(&input["net_st"]), money(&input["net_lt"]), Carryforward::default(), limit);
        assert_eq!(n.ordinary_offset, money(&expect["ordinary_deduction"]), "{id}");
        let carry = Carryforward { short: money(&expect["carry_st"]), long: money(&expect["carry_lt"]) };
        assert_eq!(n.carry, carry, "{id}");
    }
}

#[test]
fn the_tax_of_2026() {
    for case in of_kind("tax2026") {
        let (id, input, expect) = (text(&case["id"]), &case["input"], &case["expect"]);
        let law = Law::of(2026, status(text(&input["status"]))).unwrap();
        let ordinary = money(&input["ordinary_taxable"]);
        assert_eq!(law.ordinary_tax(ordinary), money(&expect["ordtax"]), "{id}");
        let gains = law.gains_tax(ordinary, money(&input["pref_income"]));
        let found = [gains.at0, gains.at15, gains.at20, gains.tax];
        assert_eq!(found, ["at0", "at15", "at20", "cgtax"].map(|k| money(&expect[k])), "{id}");
        let niit = law.niit(money(&input["net_investment_income"]), money(&input["magi"]));
        assert_eq!(niit, money(&expect["niit"]), "{id}");
    }
}

#[test]
fn the_net_investment_income_tax() {
    for case in of_kind("niit") {
        let (id, input) = (text(&case["id"]), &case["input"]);
        for year in [2025, 2026] {
            let law = Law::of(year, status(text(&input["status"]))).unwrap();
            let niit = law.niit(money(&input["nii"]), money(&input["agi"]));
            assert_eq!(niit, money(&case["expect"]["niit"]), "{id} {year}");
        }
    }
}

/// Lots are written `shares@price date`.
#[test]
fn lot_selection() {
    let parse = |text: &str| {
        let (quantity, rest) = text.split_once('@').unwrap();
        let (price, date) = rest.split_once(' ').unwrap();
        (Shares::parse(quantity).unwrap().value, Price::parse(price).unwrap().value, day(date))
    };
    for case in of_kind("lot-selection") {
        let (id, input) = (text(&case["id"]), &case["input"]);
        for (method, key) in [
            (LotMethod::Fifo, "FIFO"),
            (LotMethod::Hifo, "SPEC_ID_or_HIFO"),
            (LotMethod::MinTax, "SPEC_ID_or_HIFO"),
        ] {
            let accounts = vec![Account { name: "taxable".to_owned(), kind: AccountKind::Taxable }];
            let pocket = Pocket { account: AccountId(0), mandate: MandateId(0), balance: Money::ZERO };
            let mut ledger = Ledger::new(accounts, vec![pocket], vec![0], 2000);
            ledger
                .book_cash(
                    day("2000-01-03"),
                    PocketId(0),
                    CashKind::Contribution,
                    None,
                    Money::whole(1_000_000),
                )
                .unwrap();
            let order = |price, date| Order {
                date,
                pocket: PocketId(0),
                sleeve: SleeveId(0),
                security: SecurityId(0),
                price,
                cost_rate: Rate::ZERO,
                reason: Reason::default(),
            };
            for lot in input["lots"].as_array().unwrap() {
                let (quantity, price, date) = parse(text(lot));
                ledger.buy(&order(price, date), quantity).unwrap();
            }
            let (quantity, price, date) = parse(text(&input["sell"]));
            let rates = TaxRates { short: 0.37, long: 0.2 };
            let pieces =
                method.choose(ledger.lots(SecurityId(0)).iter(), quantity, date, price, rates);
            ledger.sell(&order(price, date), &pieces).unwrap();
            let gain: Money =
                ledger.journal().trades.iter().filter(|t| t.term.is_some()).map(Trade::gain).sum();
            assert_eq!(gain, money(&case["expect"][key]), "{id} {method:?}");
        }
    }
}

/// `sqrt(a' Σ a)`: two names with a correlation as one factor and a rest.
#[test]
fn tracking_error_ex_ante() {
    for case in of_kind("te-ex-ante") {
        let (id, input) = (text(&case["id"]), &case["input"]);
        let pair = |key: &str| [number(&input[key][0]), number(&input[key][1])];
        let (active, vol, corr) = (pair("active"), pair("vol"), number(&input["corr"]));
        let model = unisleeve_core::risk::RiskModel {
            factors: 1,
            exposures: vol.map(|v| v * corr.sqrt()).to_vec(),
            specific: vol.map(|v| v * v * (1.0 - corr)).to_vec(),
        };
        assert!((model.tracking_error(&active) - number(&case["expect"]["te"])).abs() < 1e-9, "{id}");
    }
}

/// A household whose gains elsewhere are taxed at 20% realises a long-term loss: the saving comes on 15 April.
#[test]
fn a_saving_comes_with_the_return() {
    for case in of_kind("saving-timing") {
        let (id, input, expect) = (text(&case["id"]), &case["input"], &case["expect"]);
        assert!((number(&input["rate"]) - 0.2).abs() < 1e-12, "{id}: the household below pays 20%");
        let accounts = vec![Account { name: "taxable".to_owned(), kind: AccountKind::Taxable }];
        let pocket = Pocket { account: AccountId(0), mandate: MandateId(0), balance: Money::ZERO };
        let mut ledger = Ledger::new(accounts, vec![pocket], vec![0], 2018);
        ledger
            .book_cash(day("2018-01-02"), PocketId(0), CashKind::Contribution, None, Money::whole(10_000))
            .unwrap();
        let order = |date, price| Order {
            date,
            pocket: PocketId(0),
            sleeve: SleeveId(0),
            security: SecurityId(0),
            price,
            cost_rate: Rate::ZERO,
            reason: Reason::default(),
        };
        let sold = day(text(&input["trade"]));
        let loss = Price::from_f64(number(&input["loss"]) / 100.0).unwrap();
        ledger.buy(&order(day("2018-01-02"), Price::whole(100)), Shares::whole(100)).unwrap();
        let piece = ledger.lots(SecurityId(0))[0].piece;
        ledger.sell(&order(sold, Price::whole(100) - loss), &[(piece, Shares::whole(100))]).unwrap();
        let outside = Outside {
            ordinary_taxable: Money::whole(700_000),
            // Below the threshold of the net investment income tax.
            magi: Money::ZERO,
            net_long: Money::whole(50_000),
            ..Outside::default()
        };
        let law = Law::of(2026, FilingStatus::Joint).unwrap();
        let mut returns = Returns::new(law, outside, 0.0, 2020, Carryforward::default());
        let saving = money(&expect["saving"]);
        assert_eq!(returns.accrued(&ledger, sold), -saving, "{id}: accrued on the day of the trade");
        let due = day(text(&expect["cash_date"]));
        assert!(returns.due(&ledger, due.pred_opt().unwrap()).is_none(), "{id}: a day early");
        let row = returns.due(&ledger, due).expect("a return that is due");
        assert_eq!((row.tax, row.paid_on), (-saving, Some(due)), "{id}");
        returns.file(&ledger);
        assert_eq!(returns.accrued(&ledger, due), Money::ZERO, "{id}: nothing is left");
    }
}

/// The same rates a year for four years, which are 1,461 days: the measure annualises them back.
#[test]
fn tax_alpha_is_a_difference_of_differences() {
    for case in of_kind("tax-alpha") {
        let (id, input) = (text(&case["id"]), &case["input"]);
        let grown = |key: &str| {
            let g = 1.0 + number(&input[key]);
            Money::from_f64(1e6 * g * g * g * g).unwrap()
        };
        let marks = |pre: &str, post: &str| {
            let start = Mark {
                date: day("2020-01-01"),
                value: Money::whole(1_000_000),
                cash: Money::ZERO,
                accrued_tax: Money::ZERO,
                flow: Money::whole(1_000_000),
                tax_paid: Money::ZERO,
                benchmark_return: 0.0,
                benchmark_value: 0.0,
                te_ex_ante: 0.0,
            };
            let (value, kept) = (grown(pre), grown(post));
            let end = Mark {
                date: day("2024-01-01"),
                value,
                accrued_tax: value - kept,
                flow: Money::ZERO,
                ..start
            };
            [start, end]
        };
        let (arm, shadow) = (marks("port_pre", "port_post"), marks("bench_pre", "bench_post"));
        let none =
            liquidation(&[], day("2024-01-01"), Carryforward::default(), TaxRates { short: 0.4, long: 0.2 });
        let alpha = tax_alpha((&arm, &none), (&shadow, &none));
        let expected = number(&case["expect"]["tax_alpha"]);
        for found in [alpha.before_liquidation, alpha.after_liquidation] {
            assert!((found.unwrap() - expected).abs() < 1e-9, "{id}: {found:?}");
        }
    }
}

/// The days that a replacement takes over are those that the sold shares were held, whatever the calendar between.
#[test]
fn tacking_is_a_number_of_days() {
    for (own, sold_start, sold) in
        [("2024-03-10", "2023-02-20", "2024-03-01"), ("2025-01-05", "2024-12-01", "2024-12-31")]
    {
        let start = tacked_start(day(own), day(sold_start), day(sold));
        assert_eq!(day(own) - start, day(sold) - day(sold_start));
    }
}

/// Every bracket, threshold and limit of both years and all statuses, from another publisher's tables.
#[test]
fn rates_and_thresholds() {
    let tables: Value = serde_json::from_str(RATES).expect("JSON");
    for year in ["2025", "2026"] {
        for (name, table) in tables[year].as_object().unwrap() {
            let law = Law::of(year.parse().unwrap(), status(name)).unwrap();
            let list =
                |key: &str| -> Vec<f64> { table[key].as_array().unwrap().iter().map(number).collect() };
            let (rates, tops) = (list("ordinary_rates"), list("ordinary_tops"));
            let tax = |income: f64| -> f64 {
                let mut bottom = 0.0;
                let mut sum = 0.0;
                for (i, rate) in rates.iter().enumerate() {
                    let top = tops.get(i).copied().unwrap_or(f64::INFINITY);
                    sum += rate * (income.min(top) - bottom).max(0.0);
                    bottom = top;
                }
                sum
            };
            for top in tops.iter().copied().chain([5_000_000.0]) {
                for income in [top - 1.0, top, top + 1.0] {
                    let found = law.ordinary_tax(Money::from_f64(income).unwrap()).to_f64();
                    assert!((found - tax(income)).abs() < 1e-4, "{year} {name}: {found} on {income}");
                }
            }
            let (zero, fifteen) = (money(&table["ltcg_0_top"]), money(&table["ltcg_15_top"]));
            let all = law.gains_tax(Money::ZERO, Money::whole(10_000_000));
            assert_eq!((all.at0, all.at0 + all.at15), (zero, fifteen), "{year} {name}");
            let threshold = money(&tables["niit"]["threshold"][name]);
            assert_eq!(law.niit(Money::whole(1_000_000), threshold), Money::ZERO, "{year} {name}");
            let rate = number(&tables["niit"]["rate"]);
            let niit = law.niit(Money::whole(1_000_000), threshold + Money::whole(1_000)).to_f64();
            assert!((niit - 1_000.0 * rate).abs() < 1e-9, "{year} {name}");
            let limit = tables["loss_limit"].get(name).unwrap_or(&tables["loss_limit"]["default"]);
            assert_eq!(law.loss_limit, money(limit), "{year} {name}");
        }
    }
}

/// Every kind in the file is run here or listed with a reason.
#[test]
fn no_kind_of_case_is_passed_over_in_silence() {
    let run = [
        "wash",
        "holding",
        "netting",
        "tax2026",
        "niit",
        "lot-selection",
        "te-ex-ante",
        "saving-timing",
        "tax-alpha",
    ];
    for case in cases() {
        let kind = text(&case["kind"]);
        let reason = NOT_YET.iter().find(|(k, _)| *k == kind);
        assert!(run.contains(&kind) || reason.is_some(), "{}: kind {kind}", case["id"]);
        if let (false, Some((_, reason))) = (run.contains(&kind), reason) {
            println!("NOT RUN: case {} ({kind}): {reason}", text(&case["id"]));
        }
    }
}
