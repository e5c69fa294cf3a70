//! Cases of measures: timing of a saving, tax alpha, tracking error.

use serde_json::Value;
use unisleeve_core::books::household::{Account, Ledger, Order, Pocket, TaxReturns};
use unisleeve_core::books::journal::{CashKind, Mark, Reason};
use unisleeve_core::study::measure::{active_share, liquidation, tax_alpha};
use unisleeve_core::tax::{Carryforward, FilingStatus, Law, Laws, Outside, TaxRates};
use unisleeve_core::units::{
    AccountId, AccountKind, MandateId, Money, PocketId, Price, Rate, SecurityId, Shares, SleeveId,
};
use unisleeve_tests::day;

use crate::value::{list, money, number, text};

/// `sqrt(a' Σ a)`. Two correlated names are modeled as one factor and specific risk.
pub(crate) fn tracking_error(case: &Value) {
    let input = &case["input"];
    let pair = |key: &str| [number(&input[key][0]), number(&input[key][1])];
    let (active, vol, corr) = (pair("active"), pair("vol"), number(&input["corr"]));
    let model = unisleeve_core::numeric::RiskModel {
        factors: 1,
        exposures: vol.map(|v| v * corr.sqrt()).to_vec(),
        specific: vol.map(|v| v * v * (1.0 - corr)).to_vec(),
    };
    assert!((model.tracking_error(&active) - number(&case["expect"]["te"])).abs() < 1e-9);
}

pub(crate) fn active_share_of(case: &Value) {
    let weights = |key: &str| -> Vec<f64> { list(&case["input"][key]).iter().map(number).collect() };
    let found = active_share(&weights("p"), &weights("b")).expect("as many weights in both");
    assert!((found - number(&case["expect"]["active_share"])).abs() < 1e-12, "{found}");
}

/// A household whose outside gains are taxed at 20% realizes a long-term loss. The saving arrives on April
/// 15.
pub(crate) fn saving_timing(case: &Value) {
    let (input, expect) = (&case["input"], &case["expect"]);
    assert!((number(&input["rate"]) - 0.2).abs() < 1e-12, "the household below pays 20%");
    let accounts = vec![Account { name: "taxable".to_owned(), kind: AccountKind::Taxable }];
    let pocket = Pocket { account: AccountId(0), mandate: MandateId(0), balance: Money::ZERO };
    let mut ledger = Ledger::new(accounts, vec![pocket], vec![0], 2018);
    let paid = Money::whole(10_000);
    ledger.book_cash(day("2018-01-02"), PocketId(0), CashKind::Contribution, None, paid).unwrap();
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
    let piece = ledger.lots(SecurityId(0)).iter().next().unwrap().piece;
    ledger.sell(&order(sold, Price::whole(100) - loss), &[(piece, Shares::whole(100))]).unwrap();
    let outside = Outside {
        ordinary_taxable: Money::whole(700_000),
        // Below the threshold of the net investment income tax.
        magi: Money::ZERO,
        net_long: Money::whole(50_000),
        ..Outside::default()
    };
    let law = Law::of(2026, FilingStatus::Joint).unwrap();
    let mut returns = TaxReturns::new(Laws::fixed(law, 0.0, 2020), outside, 2020, Carryforward::default());
    let saving = money(&expect["saving"]);
    assert_eq!(returns.accrued(&ledger, sold), -saving, "accrued on the day of the trade");
    let due = day(text(&expect["cash_date"]));
    assert!(returns.due(&ledger, due.pred_opt().unwrap()).is_none(), "a day early");
    let row = returns.due(&ledger, due).expect("a return that is due");
    assert_eq!((row.tax, row.paid_on), (-saving, Some(due)));
    returns.file(&ledger);
    assert_eq!(returns.accrued(&ledger, due), Money::ZERO, "nothing is left");
}

/// The same annual returns for four years, which are 1,461 days. The measure annualizes them back.
pub(crate) fn tax_alpha_of(case: &Value) {
    let input = &case["input"];
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
            owed: Money::ZERO,
            flow: Money::whole(1_000_000),
            tax_paid: Money::ZERO,
            benchmark_return: 0.0,
            benchmark_value: 0.0,
            te_ex_ante: 0.0,
        };
        let (value, kept) = (grown(pre), grown(post));
        let end =
            Mark { date: day("2024-01-01"), value, accrued_tax: value - kept, flow: Money::ZERO, ..start };
        [start, end]
    };
    let (arm, shadow) = (marks("port_pre", "port_post"), marks("bench_pre", "bench_post"));
    let rates = TaxRates { short: 0.4, long: 0.2 };
    let none = liquidation(&[], day("2024-01-01"), Carryforward::default(), rates);
    let alpha = tax_alpha((&arm, &none), (&shadow, &none));
    let expected = number(&case["expect"]["tax_alpha"]);
    for found in [alpha.before_liquidation, alpha.after_liquidation] {
        assert!((found.unwrap() - expected).abs() < 1e-9, "{found:?}");
    }
}
