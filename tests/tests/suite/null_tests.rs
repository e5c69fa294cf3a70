//! Runs with a known result: where nothing can differ, nothing does.

use std::collections::BTreeMap;

use unisleeve_core::books::journal::{CashKind, Mark, Side, Trade};
use unisleeve_core::engine::ArmResult;
use unisleeve_core::mandates::{ArmKind, Cadence, Config, Every, Flow, sample_config};
use unisleeve_core::market::Market;
use unisleeve_core::study::{Scope, study};
use unisleeve_core::tax::Outside;
use unisleeve_core::units::{Money, Price, SecurityId, Shares};
use unisleeve_tests::day;
use unisleeve_tests::markets::{Bench, Synthetic, cash_only, run_arm, sample};

const SHORT: Synthetic = Synthetic { seed: 0, stocks: 10, end: "2005-06-30", dividends: false };

fn flows() -> Vec<Flow> {
    let flow = |dollars, every, from: &str, to: Option<&str>| Flow {
        amount: Money::whole(dollars),
        every,
        from: day(from),
        to: to.map(day),
    };
    vec![
        flow(5_000, Every::Month, "2002-02-01", Some("2003-06-30")),
        flow(-30_000, Every::Year, "2004-01-01", None),
        flow(-12_345, Every::Once, "2003-08-20", None),
        flow(25_000, Every::Once, "2004-05-11", None),
    ]
}

fn money_of(m: &Mark) -> [Money; 5] {
    [m.value, m.cash, m.accrued_tax, m.flow, m.tax_paid]
}

/// The content of a trade without its mandate and reason.
fn essence(t: &Trade) -> (String, SecurityId, Shares, Price, Money, Money) {
    (format!("{} {:?} {:?}", t.date, t.side, t.term), t.security, t.quantity, t.price, t.amount, t.basis)
}

/// The first day on which two arms differ, if any.
fn first_difference(a: &ArmResult, b: &ArmResult) -> Option<String> {
    let (a, b) = (&a.journal, &b.journal);
    if a.marks.len() != b.marks.len() {
        return Some(format!("{} against {} marks", a.marks.len(), b.marks.len()));
    }
    if let Some((x, y)) = a.marks.iter().zip(&b.marks).find(|(x, y)| money_of(x) != money_of(y)) {
        return Some(format!("{}: {:?} against {:?}", x.date, money_of(x), money_of(y)));
    }
    let (x, y): (Vec<_>, Vec<_>) =
        (a.trades.iter().map(essence).collect(), b.trades.iter().map(essence).collect());
    let at = (0..x.len().max(y.len())).find(|i| x.get(*i) != y.get(*i))?;
    Some(format!("trade {at}: {:?} against {:?}", x.get(at), y.get(at)))
}

fn uma_and_sma(config: &Config, market: &Market) -> Option<String> {
    let bench = Bench::new(&[ArmKind::Uma, ArmKind::SmaBest], config, market);
    let uma = bench.run(ArmKind::Uma, config).expect("uma");
    let sma = bench.run(ArmKind::SmaBest, config).expect("sma");
    assert!(uma.ruin.is_none() && sma.ruin.is_none());
    assert!(uma.journal.trades.iter().any(|t| t.side == Side::Sell), "a run without sales tests little");
    first_difference(&uma, &sma)
}

/// A household that holds only the direct index in one account: one manager or two give the same result to
/// the cent.
#[test]
fn one_direct_index_is_the_same_under_either_manager() {
    let mut wrong = Vec::new();
    for seed in 0..4 {
        for dividends in [false, true] {
            for with_flows in [false, true] {
                for cadence in [Cadence::Monthly, Cadence::Quarterly] {
                    let synthetic = Synthetic { seed, dividends, ..SHORT };
                    let mut config = synthetic.config(1.0);
                    config.trading.cadence = cadence;
                    if with_flows {
                        config.household.flows = flows();
                    }
                    if let Some(difference) = uma_and_sma(&config, &synthetic.market()) {
                        wrong.push(format!(
                            "seed {seed}, dividends {dividends}, flows {with_flows}, {cadence:?}: {difference}"
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn one_direct_index_over_the_sample() {
    for with_flows in [false, true] {
        let mut config = sample_config();
        config.policy.truncate(1);
        config.policy[0].weight = 1.0;
        if !with_flows {
            config.household.flows.clear();
        }
        let difference = uma_and_sma(&config, &sample());
        assert_eq!(difference, None, "flows {with_flows}");
    }
}

/// A buffer is the same cash whoever holds it.
#[test]
fn one_direct_index_with_a_buffer() {
    for with_flows in [false, true] {
        let synthetic = Synthetic { seed: 1, ..SHORT };
        let mut config = synthetic.config(1.0);
        config.trading.cash_buffer = 0.02;
        if with_flows {
            config.household.flows = flows();
        }
        assert_eq!(uma_and_sma(&config, &synthetic.market()), None, "flows {with_flows}");
    }
}

/// A household that pays no tax on the portfolio: it is in the lowest bracket, and outside losses absorb
/// every gain.
fn untaxed(synthetic: Synthetic) -> Config {
    let mut config = synthetic.config(1.0);
    config.household.cash = Money::whole(60_000);
    config.tax.outside = Outside {
        ordinary_taxable: Money::ZERO,
        magi: Money::ZERO,
        net_short: Money::whole(-5_000_000),
        net_long: Money::whole(-5_000_000),
        ..Outside::default()
    };
    config
}

#[test]
fn without_tax_there_is_no_tax_alpha() {
    for seed in 0..4 {
        let synthetic = Synthetic { seed, dividends: true, ..SHORT };
        let mut config = untaxed(synthetic);
        config.household.flows = vec![Flow {
            amount: Money::whole(-2_000),
            every: Every::Year,
            from: day("2003-01-01"),
            to: None,
        }];
        let study = study(&config, &synthetic.market(), Scope::Full, &mut |_| {}).unwrap();
        for arm in &study.arms {
            let journal = &arm.result.journal;
            assert!(journal.tax_years.iter().all(|y| y.tax.is_zero()), "seed {seed}, {}: a tax", arm.name);
            assert!(
                journal.marks.iter().all(|m| m.accrued_tax.is_zero() && m.tax_paid.is_zero()),
                "seed {seed}"
            );
            let alpha = arm.tax_alpha.expect("the shadow ran");
            for x in [alpha.before_liquidation, alpha.after_liquidation] {
                assert!(x.expect("defined").abs() < 1e-12, "seed {seed}, {}: {alpha:?}", arm.name);
            }
        }
        assert!(study.arms.iter().any(|a| a.measures.orders > 20));
    }
}

/// Without tax on gains, harvesting gains nothing. The untaxed arms trade only for risk, and a wash sale
/// costs nothing.
#[test]
fn untaxed_arms_hold_what_the_index_holds() {
    let synthetic = Synthetic { seed: 2, ..SHORT };
    let mut config = untaxed(synthetic);
    config.trading.spread_bps = 0.0;
    config.trading.min_trade = Money::ZERO;
    let uma = run_arm(ArmKind::Uma, &config, &synthetic.market()).unwrap();
    let te = unisleeve_core::study::measure::tracking_error(&uma.journal.marks).unwrap();
    assert!(te < 1e-5, "tracking error {te} without tax or cost");
}

/// Every dollar at the end was paid in, earned by prices or received as income, less costs and taxes.
/// Recomputed from the journal and the prices.
fn conserved(result: &ArmResult, market: &Market) {
    let journal = &result.journal;
    let cash = |kinds: &[CashKind]| -> Money {
        journal.cash.iter().filter(|c| kinds.contains(&c.kind)).map(|c| c.amount).sum()
    };
    let first = journal.marks.first().unwrap().date;
    let last = journal.marks.last().unwrap();
    let mut held: BTreeMap<SecurityId, f64> = BTreeMap::new();
    let mut before: BTreeMap<SecurityId, f64> = BTreeMap::new();
    let mut trades = journal.trades.iter().peekable();
    let mut earned = 0.0;
    for view in market.sessions(first, last.date) {
        for (security, quantity) in &held {
            let price = view.last_close(*security).unwrap().to_f64();
            earned += quantity * (price - before[security]);
        }
        while let Some(t) = trades.next_if(|t| t.date == view.date()) {
            let sign = if t.side == Side::Buy { 1.0 } else { -1.0 };
            *held.entry(t.security).or_default() += sign * t.quantity.to_f64();
        }
        for security in held.keys() {
            before.insert(*security, view.last_close(*security).unwrap().to_f64());
        }
        let mark = journal.marks.iter().find(|m| m.date == view.date()).unwrap();
        let value: f64 = held.iter().map(|(s, q)| q * before[s]).sum::<f64>() + mark.cash.to_f64();
        assert!((value - mark.value.to_f64()).abs() < 0.01, "{}: {value} against {}", mark.date, mark.value);
    }
    let flows = cash(&[CashKind::Contribution, CashKind::Withdrawal]);
    let income = cash(&[CashKind::Dividend, CashKind::Interest]);
    let paid = cash(&[CashKind::Cost, CashKind::Fee, CashKind::Tax, CashKind::TaxCredit]);
    assert_eq!(cash(&[CashKind::TransferIn, CashKind::TransferOut]), Money::ZERO);
    let expected = (flows + income + paid).to_f64() + earned;
    // Each amount is rounded to 1/100 cent.
    let rounding = 1e-4 * journal.trades.len() as f64 + 0.01;
    assert!((last.value.to_f64() - expected).abs() < rounding, "{} for {expected}", last.value);
    assert_eq!(journal.marks.iter().map(|m| m.flow).sum::<Money>(), flows);
    let tax = cash(&[CashKind::Tax, CashKind::TaxCredit]);
    assert_eq!(journal.marks.iter().map(|m| m.tax_paid).sum::<Money>(), -tax);
    let filed: Money = journal.tax_years.iter().filter(|y| y.paid_on.is_some()).map(|y| y.tax).sum();
    assert_eq!(filed, -tax, "what is filed is paid");
    let open: Money = journal.tax_years.iter().filter(|y| y.paid_on.is_none()).map(|y| y.tax).sum();
    assert_eq!(open, last.accrued_tax, "what is not paid is accrued");
}

#[test]
fn every_dollar_has_a_source() {
    let kinds = [ArmKind::Uma, ArmKind::SmaBest, ArmKind::Sma, ArmKind::SmaTypical, ArmKind::Funds];
    for seed in 0..3 {
        let synthetic = Synthetic { seed, dividends: true, ..SHORT };
        let market = synthetic.market();
        let mut config = synthetic.config(0.6);
        for flows in [Vec::new(), flows()] {
            config.household.flows = flows;
            let bench = Bench::new(&kinds, &config, &market);
            for kind in kinds {
                conserved(&bench.run(kind, &config).unwrap(), &bench.market);
            }
        }
    }
    let config = sample_config();
    let bench = Bench::new(&kinds, &config, &sample());
    for kind in kinds {
        conserved(&bench.run(kind, &config).unwrap(), &bench.market);
    }
    // Harvested losses offset outside gains, so the household gets money back.
    let synthetic = Synthetic { seed: 1, ..SHORT };
    let mut config = synthetic.config(0.6);
    config.tax.outside.net_long = Money::whole(500_000);
    let bench = Bench::new(&kinds, &config, &synthetic.market());
    let mut credits = 0;
    for kind in kinds {
        let result = bench.run(kind, &config).unwrap();
        credits += result.journal.cash.iter().filter(|c| c.kind == CashKind::TaxCredit).count();
        conserved(&result, &bench.market);
    }
    assert!(credits > 0, "without a credit its sign is not seen");
}

/// Both arms pay the same price and spread for the same security on the same day.
#[test]
fn the_terms_are_equal() {
    let config = sample_config();
    let bench =
        Bench::new(&[ArmKind::Uma, ArmKind::Sma, ArmKind::Funds, ArmKind::Shadow], &config, &sample());
    let rate = unisleeve_core::units::Rate::from_f64(config.trading.spread_bps / 20_000.0).unwrap();
    let mut flows: Option<Vec<(chrono::NaiveDate, Money)>> = None;
    let mut benchmarks: BTreeMap<bool, Vec<u64>> = BTreeMap::new();
    for setup in &bench.setups {
        let result = bench.run(setup.kind, &config).unwrap();
        let closes: BTreeMap<_, _> =
            bench.market.sessions(config.start, config.end).map(|v| (v.date(), v)).collect();
        for t in &result.journal.trades {
            assert_eq!(Some(t.price), closes[&t.date].close(t.security), "{:?} {}", setup.kind, t.date);
            assert_eq!(t.amount, Money::of(t.quantity, t.price));
            assert_eq!(t.cost, t.amount.at(rate));
        }
        let dated: Vec<_> =
            result.journal.marks.iter().filter(|m| !m.flow.is_zero()).map(|m| (m.date, m.flow)).collect();
        assert_eq!(flows.get_or_insert(dated.clone()), &dated, "flows settle on the same dates");
        let benchmark: Vec<u64> = result.journal.marks.iter().map(|m| m.benchmark_return.to_bits()).collect();
        assert!(benchmark.len() > 4_000 && benchmark.iter().any(|r| f64::from_bits(*r) != 0.0));
        // UMA and SMA share one policy mix. The other arms have a mix with a fund in place of the direct
        // index.
        let mix =
            benchmarks.entry(matches!(setup.kind, ArmKind::Uma | ArmKind::Sma)).or_insert(benchmark.clone());
        assert!(*mix == benchmark, "{:?}: another mix", setup.kind);
    }
}

/// The household starts with its assets, and flows arrive when they are due.
#[test]
fn the_first_mark_is_the_money_paid_in() {
    let synthetic = Synthetic { seed: 3, ..SHORT };
    let mut config = synthetic.config(0.5);
    config.household = cash_only(123_456);
    config.trading.spread_bps = 0.0;
    let uma = run_arm(ArmKind::Uma, &config, &synthetic.market()).unwrap();
    let first = uma.journal.marks[0];
    assert!((first.value - Money::whole(123_456)).abs() < Money::ONE, "{}", first.value);
    assert_eq!(first.flow, Money::whole(123_456));
}
