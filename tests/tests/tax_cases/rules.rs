//! Cases of single rules.

use serde_json::Value;
use unisleeve_core::books::history::Settings;
use unisleeve_core::books::household::{Account, Ledger, Order, Pocket};
use unisleeve_core::books::journal::{CashKind, Reason, Trade};
use unisleeve_core::tax::charity::{Gifts, deduct};
use unisleeve_core::tax::{Carryforward, Law, LotMethod, TaxRates, net, qualified, term};
use unisleeve_core::units::{
    AccountId, AccountKind, MandateId, Money, PocketId, Price, Rate, SecurityId, Shares, SleeveId, Term,
};
use unisleeve_tests::day;
use unisleeve_tests::history::{booked, file, settings};

use crate::value::{list, money, number, shares, status, text};

/// Tests the day count, and the same dividend in a history.
pub(crate) fn qualified_dividend(case: &Value) {
    let (input, expect) = (&case["input"], &case["expect"]);
    let [bought, sold, ex] = ["bought", "sold", "ex_date"].map(|k| text(&input[k]));
    let days = qualified::days_in_window(day(ex), day(bought), day(sold));
    assert_eq!(days, expect["days"].as_i64().unwrap(), "days");
    let is_qualified = expect["qualified"].as_bool().unwrap();
    assert_eq!(qualified::held_long_enough(day(ex), day(bought), day(sold)), is_qualified);
    let [from, to] = [0, 1].map(|i| day(text(&input["window"][i])));
    assert_eq!((day(ex) - from).num_days(), 60, "the window begins 60 days before the ex-date");
    assert_eq!((to - from).num_days(), 120, "and has 121 days");
    let rows = [
        format!("{bought},t,buy,XYZ,5000,50000"),
        format!("{ex},t,dividend,XYZ,,500"),
        format!("{sold},t,sell,XYZ,5000,51000"),
    ];
    booked(file(&rows).as_bytes(), &settings(), |s| {
        let year = &s.years[0];
        let found = (year.dividends_qualified, year.dividends_ordinary);
        let paid = Money::whole(500);
        assert_eq!(found, if is_qualified { (paid, Money::ZERO) } else { (Money::ZERO, paid) });
    })
    .unwrap();
}

/// Gifted shares worth less than the donor's basis, sold above that basis, below the value at the gift, and
/// in between.
pub(crate) fn gift(case: &Value) {
    let (input, expect) = (&case["input"], &case["expect"]);
    let value = number(&input["fmv_at_gift"]) / 100.0;
    for (proceeds, gain) in list(&input["sale"]).iter().zip(list(&expect["gain"])) {
        let rows = [
            format!("2024-03-01,t,gift_in,XYZ,100,{},,2020-01-02,,,{value}", money(&input["donor_basis"])),
            format!("2024-06-03,t,sell,XYZ,100,{}", money(proceeds)),
        ];
        booked(file(&rows).as_bytes(), &settings(), |s| {
            let gains: Vec<Money> = s.sales().map(|r| r.gain).collect();
            assert_eq!(gains, [money(gain)], "sold for {proceeds}");
            assert_eq!(s.years[0].net_short + s.years[0].net_long, money(gain));
        })
        .unwrap();
    }
}

/// The floor does not depend on what is given, as long as no limit applies.
pub(crate) fn charity(case: &Value) {
    let (input, expect) = (&case["input"], &case["expect"]);
    let (income, gift) = (money(&input["agi"]), money(&input["gift"]));
    for gifts in [
        Gifts { cash: gift, ..Gifts::default() },
        Gifts { appreciated: gift, ..Gifts::default() },
        Gifts { other: gift, ..Gifts::default() },
    ] {
        let deduction = deduct(2026, income, gifts);
        assert_eq!(deduction.allowed.total(), money(&expect["deductible"]), "{gifts:?}");
        assert_eq!(deduction.lost.total(), money(&expect["floor"]), "{gifts:?}");
    }
}

/// One lot with several distributions in sequence.
pub(crate) fn return_of_capital(case: &Value) {
    let (input, expect) = (&case["input"], &case["expect"]);
    let mut rows = vec![format!("2024-01-02,t,buy,XYZ,100,{}", money(&input["basis"]))];
    let (mut taxed, dates) = (Money::ZERO, ["2024-06-03", "2024-09-03"]);
    for (i, amount) in list(&input["distributions"]).iter().enumerate() {
        rows.push(format!("{},t,return_of_capital,XYZ,,{}", dates[i], money(amount)));
        taxed += money(&expect["capital_gain"][i]);
        booked(file(&rows).as_bytes(), &settings(), |s| {
            assert_eq!(s.open_lots[0].basis, money(&expect["basis_after"][i]), "basis after {amount}");
            assert_eq!(s.sales().map(|r| r.recognized).sum::<Money>(), taxed, "gain up to {amount}");
            assert_eq!(s.years[0].net_short, taxed);
        })
        .unwrap();
    }
}

/// Tests the rule alone, and a sale in a history.
pub(crate) fn holding(case: &Value) {
    let [acquired, sold] = ["acquired", "sold"].map(|k| text(&case["input"][k]));
    let expected = if case["expect"] == "LT" { Term::Long } else { Term::Short };
    assert_eq!(term(day(acquired), day(sold)), expected);
    let rows = [format!("{acquired},t,buy,XYZ,1,10"), format!("{sold},t,sell,XYZ,1,12")];
    booked(file(&rows).as_bytes(), &settings(), |s| {
        assert_eq!(s.sales().map(|r| r.term).collect::<Vec<_>>(), [expected]);
    })
    .unwrap();
}

pub(crate) fn netting(case: &Value) {
    let (input, expect) = (&case["input"], &case["expect"]);
    let limit = money(&input["limit"]);
    let n = net(money(&input["net_st"]), money(&input["net_lt"]), Carryforward::default(), limit);
    assert_eq!(n.ordinary_offset, money(&expect["ordinary_deduction"]));
    let carry = Carryforward { short: money(&expect["carry_st"]), long: money(&expect["carry_lt"]) };
    assert_eq!(n.carry, carry);
}

pub(crate) fn tax_of_2026(case: &Value) {
    let (input, expect) = (&case["input"], &case["expect"]);
    let law = Law::of(2026, status(text(&input["status"]))).unwrap();
    let ordinary = money(&input["ordinary_taxable"]);
    assert_eq!(law.ordinary_tax(ordinary), money(&expect["ordtax"]));
    let gains = law.gains_tax(ordinary, money(&input["pref_income"]));
    let found = [gains.at(0), gains.at(15), gains.at(20), gains.tax];
    assert_eq!(found, ["at0", "at15", "at20", "cgtax"].map(|k| money(&expect[k])));
    let niit = law.niit(money(&input["net_investment_income"]), money(&input["magi"]));
    assert_eq!(niit, money(&expect["niit"]));
}

pub(crate) fn net_investment_income_tax(case: &Value) {
    let input = &case["input"];
    for year in [2025, 2026] {
        let law = Law::of(year, status(text(&input["status"]))).unwrap();
        let niit = law.niit(money(&input["nii"]), money(&input["agi"]));
        assert_eq!(niit, money(&case["expect"]["niit"]), "{year}");
    }
}

const METHODS: [(LotMethod, &str); 3] =
    [(LotMethod::Fifo, "FIFO"), (LotMethod::Hifo, "SPEC_ID_or_HIFO"), (LotMethod::MinTax, "SPEC_ID_or_HIFO")];

/// Reads a lot written `shares@price date`.
fn lot(v: &Value) -> (Shares, Price, &str) {
    let (quantity, rest) = text(v).split_once('@').unwrap();
    let (price, date) = rest.split_once(' ').unwrap();
    (shares(&quantity.into()), Price::parse(price).unwrap().value, date)
}

pub(crate) fn lot_selection(case: &Value) {
    let row = |action: &str, v: &Value| {
        let (quantity, price, date) = lot(v);
        format!("{date},t,{action},XYZ,{quantity},{}", Money::of(quantity, price))
    };
    let mut rows: Vec<String> = list(&case["input"]["lots"]).iter().map(|l| row("buy", l)).collect();
    rows.push(row("sell", &case["input"]["sell"]));
    for (method, key) in METHODS {
        // No purchase is within 30 days of the sale.
        let settings = Settings { method, rates: TaxRates { short: 0.37, long: 0.2 }, ..settings() };
        let gain = booked(file(&rows).as_bytes(), &settings, |s| s.sales().map(|r| r.gain).sum::<Money>());
        assert_eq!(gain.unwrap(), money(&case["expect"][key]), "{method:?}");
    }
}

pub(crate) fn lot_selection_in_the_ledger(case: &Value) {
    for (method, key) in METHODS {
        let accounts = vec![Account { name: "taxable".to_owned(), kind: AccountKind::Taxable }];
        let pocket = Pocket { account: AccountId(0), mandate: MandateId(0), balance: Money::ZERO };
        let mut ledger = Ledger::new(accounts, vec![pocket], vec![0], 2000);
        let paid = Money::whole(1_000_000);
        ledger.book_cash(day("2000-01-03"), PocketId(0), CashKind::Contribution, None, paid).unwrap();
        let order = |price, date| Order {
            date: day(date),
            pocket: PocketId(0),
            sleeve: SleeveId(0),
            security: SecurityId(0),
            price,
            cost_rate: Rate::ZERO,
            reason: Reason::default(),
        };
        for v in list(&case["input"]["lots"]) {
            let (quantity, price, date) = lot(v);
            ledger.buy(&order(price, date), quantity).unwrap();
        }
        let (quantity, price, date) = lot(&case["input"]["sell"]);
        let rates = TaxRates { short: 0.37, long: 0.2 };
        let pieces = method.choose(ledger.lots(SecurityId(0)).iter(), quantity, day(date), price, rates);
        ledger.sell(&order(price, date), &pieces).unwrap();
        let gain: Money = ledger.journal().trades.iter().filter(|t| t.term.is_some()).map(Trade::gain).sum();
        assert_eq!(gain, money(&case["expect"][key]), "{method:?}");
    }
}
