//! A portfolio's rebalance with one kind of constraint at a time, compared with an interior-point solver over
//! all combinations of sides, or by hand. Every objective is recomputed from the orders.

use unisleeve_core::portfolio::{
    AccountIn, Answer, Deferral, GroupIn, LotIn, OrderSide, Portfolio, PortfolioError, ProblemFile, Rounding,
    SecurityIn, dump, rebalance,
};
use unisleeve_core::tax::TaxRates;
use unisleeve_core::units::AccountKind;
use unisleeve_tests::day;
use unisleeve_tests::portfolio_oracle::{Outcome, book, held, lot, optimum};
use unisleeve_tests::random::Random;

fn security(symbol: &str, benchmark_weight: f64, lots: Vec<LotIn>) -> SecurityIn {
    SecurityIn {
        symbol: symbol.to_owned(),
        price: 100.0,
        benchmark_weight,
        exposures: vec![1.0],
        specific_variance: 0.04,
        spread_bps: 10.0,
        max_weight: None,
        can_buy: true,
        can_sell: true,
        lots,
    }
}

/// 100,000 dollars: A at a gain, B at its basis, C at a short-term loss, and 10,000 in cash.
fn base() -> Portfolio {
    Portfolio {
        date: day("2026-03-02"),
        accounts: vec![AccountIn { id: "taxable".to_owned(), kind: AccountKind::Taxable, cash: 10_000.0 }],
        securities: vec![
            security("A", 0.3, vec![lot("a", 400.0, 10_000.0, "2015-03-02")]),
            security("B", 0.3, vec![lot("b", 200.0, 20_000.0, "2020-03-02")]),
            security("C", 0.35, vec![lot("c", 300.0, 36_000.0, "2025-12-01")]),
        ],
        factor_covariance: vec![vec![0.02]],
        rates: TaxRates { short: 0.4, long: 0.2 },
        deferral: None,
        risk_aversion: Some(4.0),
        max_tracking_error: None,
        cash_target: (0.0, 1.0),
        groups: Vec::new(),
        gains_budget: None,
        turnover_cap: None,
        min_trade: None,
        harvest_threshold: 0.0,
    }
}

/// Rebalances and checks everything that holds for any answer.
fn checked(p: &Portfolio, rounding: Rounding) -> (Answer, Outcome) {
    let answer = rebalance(p, rounding).unwrap_or_else(|e| panic!("{:?}", e.messages()));
    let (v, o) = (p.value(), book(p, &answer));
    let near = |a: f64, b: f64, by: f64| assert!((a - b).abs() <= by, "{a} {b}");
    near(answer.tax, o.tax, 1e-9 * v);
    near(answer.cost, o.cost, 1e-9 * v);
    near(answer.tracking_error_after, o.variance.sqrt(), 1e-9);
    let cash: f64 = o.cash.iter().sum();
    near(answer.cash_after, cash, 1e-9 * v);
    assert!(answer.lower_bound <= answer.objective);
    match answer.objective_rounded {
        None => near(answer.objective, o.objective, 1e-9),
        Some(rounded) => near(rounded, o.objective, 1e-9),
    }
    assert!(o.cash.iter().all(|c| *c >= -1e-9 * v) || p.accounts.len() == 1, "{:?}", o.cash);
    assert!(cash / v >= p.cash_target.0 - 1e-9 && cash / v <= p.cash_target.1 + 1e-9, "{cash}");
    for (w, s) in o.weights.iter().zip(&p.securities) {
        assert!(*w >= -1e-9 && *w <= s.max_weight.unwrap_or(10.0) + 1e-9, "{} {w}", s.symbol);
    }
    for group in &p.groups {
        let members = p.securities.iter().zip(&o.weights).filter(|(s, _)| group.symbols.contains(&s.symbol));
        let weight: f64 = members.map(|(_, w)| w).sum();
        assert!(weight >= group.min - 1e-9 && weight <= group.max + 1e-9, "{} {weight}", group.name);
    }
    if let Some(cap) = p.max_tracking_error {
        assert!(o.variance.sqrt() <= cap + 1e-9, "{} {cap}", o.variance.sqrt());
    }
    if let Some(most) = p.turnover_cap {
        let traded: f64 = answer.orders.iter().map(|x| x.amount).sum();
        assert!(traded / 2.0 <= (most + 1e-9) * v, "{traded} {most}");
    }
    if let Some(budget) = p.gains_budget {
        assert!(o.net_gain <= budget + 1e-8 * v, "{} {budget}", o.net_gain);
    }
    (answer, o)
}

/// Checks that the answer is the true optimum and that the bound is below it.
fn is_optimal(p: &Portfolio, tolerance: f64) -> (Answer, Outcome) {
    let (answer, outcome) = checked(p, Rounding::None);
    let true_one = optimum(p).expect("feasible");
    assert!(answer.objective <= true_one + tolerance, "{} is above {true_one}", answer.objective);
    assert!(answer.lower_bound <= true_one + 1e-8, "the bound {} is above {true_one}", answer.lower_bound);
    (answer, outcome)
}

fn random(rng: &mut Random) -> Portfolio {
    let n = 2 + rng.below(5);
    let k = 1 + rng.below(3);
    let mut securities = Vec::new();
    let mut left: f64 = 1.0;
    for i in 0..n {
        let weight = left * rng.between(0.1, 0.6);
        left -= weight;
        let price = rng.between(5.0, 300.0);
        let lots = (0..rng.below(4))
            .map(|j| {
                let quantity = rng.between(10.0, 20_000.0 / price);
                let acquired = if rng.chance(0.5) { "2025-11-03" } else { "2021-05-04" };
                LotIn {
                    disallowed_if_sold: rng.chance(0.15),
                    ..lot(&format!("{i}.{j}"), quantity, quantity * price * rng.between(0.3, 1.4), acquired)
                }
            })
            .collect();
        securities.push(SecurityIn {
            price,
            exposures: (0..k).map(|_| rng.between(-0.5, 1.5)).collect(),
            specific_variance: rng.between(0.01, 0.1),
            spread_bps: rng.between(0.0, 30.0),
            can_buy: rng.chance(0.9),
            can_sell: rng.chance(0.9),
            ..security(&format!("S{i}"), weight, lots)
        });
    }
    let mut factor_covariance = vec![vec![0.0; k]; k];
    for i in 0..k {
        factor_covariance[i][i] = rng.between(0.005, 0.04);
    }
    Portfolio {
        securities,
        factor_covariance,
        accounts: vec![AccountIn {
            id: "taxable".to_owned(),
            kind: AccountKind::Taxable,
            cash: rng.between(100.0, 40_000.0),
        }],
        risk_aversion: Some(rng.between(0.5, 20.0)),
        deferral: rng.chance(0.3).then_some(Deferral { discount: 0.8, rate: 0.2 }),
        ..base()
    }
}

/// Compares with the independent solver on random portfolios with one additional kind of constraint.
fn against_the_oracle(seeds: u64, change: impl Fn(&mut Random, &mut Portfolio)) {
    let (mut solved, mut worst, mut widest) = (0, 0.0_f64, 0.0_f64);
    for seed in 0..seeds {
        let mut rng = Random::new(seed);
        let mut p = random(&mut rng);
        change(&mut rng, &mut p);
        let truth = optimum(&p);
        match (rebalance(&p, Rounding::None), truth) {
            (Ok(answer), Some(truth)) => {
                checked(&p, Rounding::None);
                solved += 1;
                assert!(
                    answer.lower_bound <= truth + 1e-7,
                    "seed {seed}: {} above {truth}",
                    answer.lower_bound
                );
                worst = worst.max(answer.objective - truth);
                widest = widest.max(answer.objective - answer.lower_bound);
                if answer.objective - answer.lower_bound > 2e-6 {
                    println!("seed {seed}: {} not {truth}, bound {}", answer.objective, answer.lower_bound);
                }
            }
            (Err(_), None) => {}
            (Ok(_), None) => {
                checked(&p, Rounding::None);
            }
            (Err(e), Some(truth)) => panic!("seed {seed}: {truth} is possible: {:?}", e.messages()),
        }
    }
    // Shown only when the test fails.
    println!("{solved} solved, worst {worst:e}, widest {widest:e}");
    assert!(solved * 2 > seeds as usize, "{solved} of {seeds} are feasible");
    assert!(worst < 1e-6, "{worst}");
}

#[test]
fn plain_portfolios_at_random() {
    against_the_oracle(60, |_, _| {});
}

#[test]
fn bands_at_random() {
    against_the_oracle(60, |rng, p| {
        let held = held(p);
        let w = held[0] + held[1];
        let symbols = vec!["S0".to_owned(), "S1".to_owned()];
        let min = w + rng.between(-0.1, 0.05);
        p.groups.push(GroupIn { name: "G".to_owned(), symbols, min, max: min + rng.between(0.0, 0.2) });
        p.cash_target = (0.01, 0.02);
        p.securities[1].max_weight = Some(rng.between(0.1, 0.5));
    });
}

#[test]
fn caps_at_random() {
    against_the_oracle(60, |rng, p| {
        p.max_tracking_error = Some(rng.between(0.02, 0.1));
        if rng.chance(0.5) {
            p.risk_aversion = None;
        }
    });
}

#[test]
fn budgets_at_random() {
    against_the_oracle(60, |rng, p| {
        p.gains_budget = Some(rng.between(-2_000.0, 2_000.0));
        p.cash_target = (0.1, 0.3);
    });
}

#[test]
fn caps_and_budgets_at_random() {
    against_the_oracle(60, |rng, p| {
        p.max_tracking_error = Some(rng.between(0.03, 0.1));
        p.gains_budget = Some(rng.between(-1_000.0, 2_000.0));
        p.risk_aversion = None;
    });
}

#[test]
fn two_accounts_at_random() {
    against_the_oracle(60, |rng, p| {
        let cash = p.accounts[0].cash;
        p.accounts[0].cash = 0.5 * cash;
        let kind = AccountKind::Ira;
        p.accounts.push(AccountIn { id: "ira".to_owned(), kind, cash: 0.5 * cash });
        for lot in p.securities.iter_mut().flat_map(|s| &mut s.lots) {
            lot.account = Some(if rng.chance(0.5) { "ira" } else { "taxable" }.to_owned());
        }
    });
}

#[test]
fn turnover_caps_at_random() {
    against_the_oracle(60, |rng, p| {
        p.turnover_cap = Some(rng.between(0.0, 0.3));
        if rng.chance(0.3) {
            p.max_tracking_error = Some(rng.between(0.04, 0.1));
        }
    });
}

#[test]
fn losses_disallowed_in_part_at_random() {
    against_the_oracle(60, |rng, p| {
        p.harvest_threshold = if rng.chance(0.5) { rng.between(0.0, 0.2) } else { 0.0 };
        for l in p.securities.iter_mut().flat_map(|s| &mut s.lots).filter(|l| !l.disallowed_if_sold) {
            l.disallowed_shares = rng.chance(0.5).then(|| l.quantity * rng.unit());
        }
    });
}

fn binds<'a>(answer: &'a Answer, row: &str) -> Option<&'a f64> {
    answer.binding.iter().find(|b| b.row == row).map(|b| &b.shadow_price)
}

fn order<'a>(answer: &'a Answer, symbol: &str) -> Option<&'a unisleeve_core::portfolio::Order> {
    answer.orders.iter().find(|o| o.symbol == symbol)
}

fn refusal(p: &Portfolio) -> PortfolioError {
    rebalance(p, Rounding::None).expect_err("infeasible")
}

/// One name, no factor, free trades at its basis: the optimum is the benchmark weight. With a spread, trading
/// stops `h / (γ d)` short of it.
#[test]
fn one_name_by_hand() {
    let mut p = base();
    let lots = vec![lot("a", 500.0, 50_000.0, "2020-03-02")];
    p.securities = vec![SecurityIn { exposures: Vec::new(), ..security("A", 0.6, lots) }];
    p.factor_covariance = Vec::new();
    p.accounts[0].cash = 50_000.0;
    let (answer, o) = is_optimal(&p, 1e-9);
    let stops = 0.0005 / (4.0 * 0.04);
    assert!((o.weights[0] - (0.6 - stops)).abs() < 1e-9, "{}", o.weights[0]);
    assert!((answer.lower_bound - answer.objective).abs() < 1e-9);
    assert!(answer.binding.is_empty(), "{:?}", answer.binding);
    assert!((answer.tracking_error_before - 0.1 * 0.2).abs() < 1e-12);
}

#[test]
fn tracking_error_cap() {
    let mut p = base();
    p.risk_aversion = None;
    p.max_tracking_error = Some(0.01);
    let (answer, o) = is_optimal(&p, 1e-8);
    assert!((o.variance.sqrt() - 0.01).abs() < 1e-9, "{}", o.variance.sqrt());
    assert!((answer.objective - (answer.tax + answer.cost) / p.value()).abs() < 1e-9);
    assert!(answer.objective - answer.lower_bound < 1e-6);
    assert!(answer.risk_aversion > 0.0 && binds(&answer, "max_tracking_error").is_some_and(|x| *x > 0.0));

    // The cap applies on top of a risk aversion, and the configured one is reported.
    p.risk_aversion = Some(0.1);
    let (answer, o) = is_optimal(&p, 1e-8);
    assert!((o.variance.sqrt() - 0.01).abs() < 1e-9 && answer.risk_aversion <= 0.1);

    // The cap changes nothing where the risk aversion already keeps the tracking error lower.
    p.risk_aversion = Some(200.0);
    let (capped, _) = is_optimal(&p, 1e-8);
    p.max_tracking_error = None;
    assert_eq!(capped, is_optimal(&p, 1e-8).0);

    // Required cash causes a tracking error that no trade removes.
    p.cash_target = (0.5, 0.6);
    p.max_tracking_error = Some(0.01);
    let PortfolioError::TrackingError { cap, least, .. } = refusal(&p) else { panic!("{:?}", refusal(&p)) };
    p.max_tracking_error = Some(least * (1.0 + 1e-6));
    assert!(cap < least);
    checked(&p, Rounding::None);
    p.max_tracking_error = Some(least * (1.0 - 1e-5));
    assert!(optimum(&p).is_none());
}

#[test]
fn wash_sale_block() {
    let mut p = base();
    let (free, _) = is_optimal(&p, 1e-9);
    let sold = order(&free, "C").expect("the loss is harvested");
    assert!(sold.side == OrderSide::Sell && sold.reasons.tax < 0.0);
    p.securities[2].lots[0].disallowed_if_sold = true;
    let (blocked, o) = is_optimal(&p, 1e-9);
    assert!(order(&blocked, "C").is_none_or(|x| x.side == OrderSide::Buy));
    assert!(o.tax >= 0.0 && blocked.objective > free.objective);

    // A disallowed loss that is sold for its risk saves no tax, and its negative gain is still reported.
    p.securities[2].benchmark_weight = 0.0;
    p.risk_aversion = Some(100.0);
    let (answer, _) = is_optimal(&p, 1e-8);
    let lots = &order(&answer, "C").expect("sold").lots;
    assert!(lots[0].gain < 0.0 && lots[0].tax == 0.0);
}

#[test]
fn cash_raise() {
    let mut p = base();
    p.cash_target = (0.2, 0.25);
    p.securities[2].lots[0].disallowed_if_sold = true;
    let (answer, o) = is_optimal(&p, 1e-9);
    assert!((o.cash[0] - 20_000.0).abs() < 1e-6, "{}", o.cash[0]);
    assert!(binds(&answer, "cash_target").is_some_and(|x| *x < 0.0));
    assert!(answer.orders.iter().any(|x| x.reasons.constraints.contains(&"cash_target".to_owned())));

    // An overdraft is covered.
    p.cash_target = (0.0, 1.0);
    p.accounts[0].cash = -5_000.0;
    let (_, o) = is_optimal(&p, 1e-9);
    assert!(o.cash[0] >= -1e-6);

    // More cash than is available.
    p.securities.iter_mut().for_each(|s| s.can_sell = false);
    let PortfolioError::Infeasible(rows) = refusal(&p) else { panic!("{:?}", refusal(&p)) };
    let lacking = 5_000.0 / p.value();
    assert!(rows.len() == 1 && rows[0].row == "cash_target", "{rows:?}");
    assert!((rows[0].possible + lacking).abs() < 1e-8 && rows[0].asked == 0.0, "{rows:?}");
}

fn group(name: &str, symbols: &[&str], min: f64, max: f64) -> GroupIn {
    GroupIn { name: name.to_owned(), symbols: symbols.iter().map(|s| (*s).to_owned()).collect(), min, max }
}

#[test]
fn infeasible_bands() {
    let mut p = base();
    // A and B at least 70%, A and C at least 60%, B and C at least 80%: in sum 210%, while at most 200% is
    // possible.
    p.groups = vec![
        group("one", &["A", "B"], 0.7, 1.0),
        group("two", &["A", "C"], 0.6, 1.0),
        group("three", &["B", "C"], 0.8, 1.0),
    ];
    let error = refusal(&p);
    let PortfolioError::Infeasible(rows) = &error else { panic!("{error:?}") };
    let gives: f64 = rows.iter().map(|r| (r.possible - r.asked).abs()).sum();
    assert!(gives > 0.04 && gives < 0.11, "{rows:?}");
    let mut named: Vec<&str> = rows.iter().map(|r| r.row.as_str()).collect();
    named.extend(rows.iter().flat_map(|r| r.against.iter().map(String::as_str)));
    for row in ["one", "two", "three"] {
        assert!(named.contains(&row), "{named:?}");
    }
    assert_eq!(error.messages().len(), rows.len());

    // With the relaxation that the error names, the problem is feasible.
    for row in rows {
        match row.row.as_str() {
            "cash_target" => p.cash_target = (row.possible.max(0.0), 1.0),
            name => {
                let band = p.groups.iter_mut().find(|g| g.name == name).expect("a group");
                band.min = band.min.min(row.possible - 1e-7);
            }
        }
    }
    checked(&p, Rounding::None);
}

#[test]
fn groups() {
    let mut p = base();
    p.groups = vec![group("two", &["A", "B"], 0.5, 0.52), group("tail", &["C"], 0.3, 0.3)];
    let (answer, o) = is_optimal(&p, 1e-9);
    assert!((o.weights[2] - 0.3).abs() < 1e-9);
    assert!(o.weights[0] + o.weights[1] < 0.52 + 1e-9);
    assert!(binds(&answer, "two").is_some_and(|x| *x > 0.0), "{:?}", answer.binding);
}

#[test]
fn max_weight() {
    // Purchases stop at the cap, which has a shadow price.
    let mut p = base();
    p.securities[1].max_weight = Some(0.22);
    let (answer, o) = is_optimal(&p, 1e-9);
    assert!((o.weights[1] - 0.22).abs() < 1e-9, "{:?}", o.weights);
    assert!(binds(&answer, "max_weight B").is_some_and(|x| *x > 0.0), "{:?}", answer.binding);

    // A holding above the cap is sold down to it.
    p.securities[0].max_weight = Some(0.25);
    let (answer, o) = is_optimal(&p, 1e-9);
    assert!((o.weights[0] - 0.25).abs() < 1e-9);
    let forced = &order(&answer, "A").expect("sold").reasons;
    assert!(forced.forced > 0.0 && forced.constraints == ["max_weight A"], "{forced:?}");

    // If selling it is not allowed, the problem is infeasible.
    p.securities[0].can_sell = false;
    let PortfolioError::Infeasible(rows) = refusal(&p) else { panic!() };
    assert!((rows[0].possible - 0.4).abs() < 1e-8 && rows[0].row == "max_weight A", "{rows:?}");
}

#[test]
fn do_not_buy_or_sell() {
    let mut p = base();
    p.securities[1].can_buy = false;
    p.securities[2].can_sell = false;
    let (answer, _) = is_optimal(&p, 1e-9);
    assert!(order(&answer, "B").is_none_or(|x| x.side == OrderSide::Sell));
    assert!(order(&answer, "C").is_none_or(|x| x.side == OrderSide::Buy));
}

#[test]
fn gains_budget() {
    let mut p = base();
    p.cash_target = (0.4, 0.5);
    // The short-term gain of C has the highest tax and the fewest dollars.
    p.securities[1].lots[0].basis = 14_000.0;
    p.securities[2].lots[0].basis = 24_000.0;
    let (free, unlimited) = is_optimal(&p, 1e-9);
    assert!(unlimited.net_gain > 7_000.0, "{}", unlimited.net_gain);
    p.gains_budget = Some(7_000.0);
    let (answer, o) = is_optimal(&p, 1e-8);
    assert!((o.net_gain - 7_000.0).abs() < 1e-3, "{}", o.net_gain);
    assert!(answer.objective > free.objective && answer.objective - answer.lower_bound < 1e-6);
    assert!(binds(&answer, "gains_budget").is_some_and(|x| *x > 0.0));

    // The smallest possible gain is reported. It is feasible, and nothing below it is.
    p.gains_budget = Some(-50_000.0);
    let PortfolioError::Gains { least, .. } = refusal(&p) else { panic!("{:?}", refusal(&p)) };
    p.gains_budget = Some(least + 1.0);
    checked(&p, Rounding::None);
    p.gains_budget = Some(least - 1.0);
    assert!(optimum(&p).is_none());
}

/// Two lots of one name that the budget makes equally expensive are both sold in part.
#[test]
fn gains_budget_splits_between_lots() {
    let mut p = base();
    p.rates = TaxRates { short: 0.5, long: 0.1 };
    let lots = vec![lot("long", 400.0, 20_000.0, "2015-03-02"), lot("short", 400.0, 36_000.0, "2025-12-01")];
    p.securities = vec![security("A", 0.5, lots)];
    p.cash_target = (0.4, 0.4);
    for budget in [5_000.0, 8_000.0, 10_000.0] {
        p.gains_budget = Some(budget);
        let (answer, o) = is_optimal(&p, 1e-7);
        assert!(o.net_gain <= budget + 1e-3 && answer.objective - answer.lower_bound < 1e-6, "{answer:?}");
    }
}

#[test]
fn deferral() {
    // The same rate applies later without a discount, so a gain costs nothing and a loss earns nothing.
    let mut p = base();
    p.rates = TaxRates { short: 0.2, long: 0.2 };
    p.deferral = Some(Deferral { discount: 1.0, rate: 0.2 });
    let (_, o) = is_optimal(&p, 1e-9);
    assert!(o.tax.abs() < 1e-9);
    // Half of the later tax: each dollar of gain costs ten cents.
    p.deferral = Some(Deferral { discount: 0.5, rate: 0.2 });
    let (answer, o) = is_optimal(&p, 1e-9);
    assert!((o.tax - 0.1 * o.net_gain).abs() < 1e-9);
    p.deferral = None;
    assert!((is_optimal(&p, 1e-9).0.objective - answer.objective).abs() > 1e-6);
}

/// A given start of the holding period decides the term: with the tacked period, the lot of 2025-12-01 is
/// long-term.
#[test]
fn holding_start_decides_the_term() {
    let mut p = base();
    p.securities[2].lots[0].holding_start = Some(day("2025-03-01"));
    p.securities[2].benchmark_weight = 0.0;
    p.risk_aversion = Some(50.0);
    let (answer, _) = is_optimal(&p, 1e-8);
    let sold = &order(&answer, "C").expect("sold").lots[0];
    assert!((sold.tax - 0.2 * sold.gain).abs() < 1e-9, "{sold:?}");
}

#[test]
fn two_accounts() {
    let mut p = base();
    p.accounts[0].cash = 5_000.0;
    p.accounts.push(AccountIn { id: "ira".to_owned(), kind: AccountKind::Ira, cash: 5_000.0 });
    p.securities[0].lots =
        vec![lot("a", 200.0, 5_000.0, "2015-03-02"), lot("x", 200.0, 5_000.0, "2015-03-02")];
    p.securities[0].lots[1].account = Some("ira".to_owned());
    for s in &mut p.securities {
        for l in s.lots.iter_mut().filter(|l| l.account.is_none()) {
            l.account = Some("taxable".to_owned());
        }
    }
    let (answer, o) = is_optimal(&p, 1e-7);
    assert!(o.cash.iter().all(|c| *c >= -1e-6), "{:?}", o.cash);
    // A is sold in the account where its gain costs nothing.
    let sold: Vec<&str> =
        answer.orders.iter().filter(|x| x.symbol == "A").map(|x| x.account.as_str()).collect();
    assert_eq!(sold, ["ira"]);
    // One cap over both accounts.
    p.securities[0].max_weight = Some(0.15);
    let (_, o) = is_optimal(&p, 1e-7);
    assert!(o.weights[0] <= 0.15 + 1e-9);
}

#[test]
fn whole_shares_break_nothing() {
    let mut rounded = 0;
    for seed in 0..60 {
        let mut rng = Random::new(seed);
        let mut p = random(&mut rng);
        p.cash_target = (0.02, 0.1);
        if rng.chance(0.3) {
            p.max_tracking_error = Some(rng.between(0.04, 0.1));
        }
        match rebalance(&p, Rounding::Shares) {
            Ok(_) => {
                let (answer, _) = checked(&p, Rounding::Shares);
                assert!(answer.orders.iter().all(|o| (o.quantity - o.quantity.round()).abs() < 1e-6));
                let objective = answer.objective_rounded.expect("rounded");
                assert!(objective >= answer.lower_bound - 1e-9);
                rounded += 1;
            }
            Err(
                PortfolioError::Rounding { .. }
                | PortfolioError::Infeasible(_)
                | PortfolioError::TrackingError { .. },
            ) => {}
            Err(e) => panic!("seed {seed}: {e}"),
        }
    }
    assert!(rounded > 40, "{rounded}");
}

/// Singular covariance, no specific variance, no spread, no lots: nothing divides by zero.
#[test]
fn degenerate_risk() {
    let mut p = base();
    for s in &mut p.securities {
        s.specific_variance = 0.0;
        s.spread_bps = 0.0;
        s.exposures = vec![1.0, 2.0];
    }
    p.factor_covariance = vec![vec![0.04, 0.02], vec![0.02, 0.01]];
    checked(&p, Rounding::None);
    p.securities.iter_mut().for_each(|s| s.lots.clear());
    checked(&p, Rounding::None);
    p.factor_covariance = vec![vec![0.0; 2]; 2];
    checked(&p, Rounding::None);
}

#[test]
fn turnover_cap() {
    let mut p = base();
    let (free, _) = is_optimal(&p, 1e-9);
    let traded: f64 = free.orders.iter().map(|o| o.amount).sum();
    let cap = 0.25 * traded / p.value();
    p.turnover_cap = Some(cap);
    let (answer, _) = is_optimal(&p, 1e-9);
    let now: f64 = answer.orders.iter().map(|o| o.amount).sum();
    assert!((now / p.value() - 2.0 * cap).abs() < 1e-9);
    let price = *binds(&answer, "turnover_cap").expect("binds");
    // The shadow price predicts the effect of slightly more turnover.
    p.turnover_cap = Some(cap + 1e-5);
    let (more, _) = is_optimal(&p, 1e-9);
    assert!(((answer.objective - more.objective) / 1e-5 - price).abs() < 1e-2 * price, "{price}");

    // Cash must be raised, and the turnover cap does not allow it.
    p.turnover_cap = Some(0.01);
    p.cash_target = (0.3, 0.4);
    let PortfolioError::Infeasible(rows) = refusal(&p) else { panic!("{:?}", refusal(&p)) };
    assert!(rows.iter().any(|r| r.row == "turnover_cap" && r.possible > 0.09), "{rows:?}");
}

#[test]
fn least_trade() {
    for seed in 0..30 {
        let mut rng = Random::new(seed);
        let mut p = random(&mut rng);
        let Ok(free) = rebalance(&p, Rounding::None) else { continue };
        let Some(largest) = free.orders.iter().map(|o| o.amount).max_by(f64::total_cmp) else { continue };
        let least = 0.5 * largest;
        p.min_trade = Some(least);
        match rebalance(&p, Rounding::None) {
            Ok(_) => {
                let (answer, _) = checked(&p, Rounding::None);
                assert!(answer.orders.iter().all(|o| o.amount >= least), "seed {seed}");
                assert!(answer.dropped.is_empty() || free.orders.iter().any(|o| o.amount < least));
                assert!(answer.dropped.iter().all(|d| d.amount > 0.0 && d.amount < least));
                assert!(answer.lower_bound >= free.lower_bound - 1e-9);
                assert!(
                    answer.objective - answer.lower_bound < 1e-6,
                    "seed {seed}: {}",
                    answer.objective - answer.lower_bound
                );
                assert!(answer.objective >= free.objective - 1e-9);
            }
            Err(PortfolioError::LeastTrade { dropped, .. }) => assert!(dropped > 0),
            Err(e) => panic!("seed {seed}: {e}"),
        }
    }
}

/// 300 shares at a loss of 20 a share, of which 100 have a replacement.
#[test]
fn a_loss_disallowed_in_part() {
    let mut p = base();
    p.securities[2].lots[0].disallowed_shares = Some(100.0);
    p.securities[2].benchmark_weight = 0.0;
    // Worth selling for the tax alone. The shares with a replacement are kept.
    p.risk_aversion = Some(1e-3);
    let (answer, _) = is_optimal(&p, 1e-9);
    let sold = &order(&answer, "C").expect("sold").lots;
    assert!(sold.len() == 1 && (sold[0].quantity - 200.0).abs() < 1e-9, "{sold:?}");
    assert!(sold[0].tax < 0.0 && sold[0].disallowed_quantity.is_none());
    // Worth selling for its risk: one row for the lot, with the loss of 100 shares disallowed.
    p.risk_aversion = Some(100.0);
    let (answer, _) = is_optimal(&p, 1e-8);
    let sold = &order(&answer, "C").expect("sold").lots;
    assert!(sold.len() == 1 && sold[0].quantity > 250.0, "{sold:?}");
    let disallowed = sold[0].disallowed_quantity.expect("in part");
    assert!((sold[0].quantity - disallowed - 200.0).abs() < 1e-9);
    assert!((sold[0].tax - 0.4 * sold[0].gain * 200.0 / sold[0].quantity).abs() < 1e-6);
}

#[test]
fn harvest_threshold() {
    let mut p = base();
    // C's loss is one sixth of its basis.
    p.harvest_threshold = 0.15;
    assert!(order(&is_optimal(&p, 1e-9).0, "C").is_some_and(|o| o.side == OrderSide::Sell));
    p.harvest_threshold = 0.2;
    assert!(order(&is_optimal(&p, 1e-9).0, "C").is_none_or(|o| o.side == OrderSide::Buy));
}

/// The dumped problem is the one that was solved, and it reads back to the last bit.
#[test]
fn dumped_problems() {
    for seed in 0..40 {
        let mut rng = Random::new(seed);
        let mut p = random(&mut rng);
        match seed % 4 {
            0 => p.max_tracking_error = Some(0.08),
            1 => p.turnover_cap = Some(0.2),
            2 => p.gains_budget = Some(500.0),
            _ => {}
        }
        let (Ok(file), Ok(answer)) = (dump(&p), rebalance(&p, Rounding::None)) else { continue };
        let text = serde_json::to_string(&file).expect("JSON");
        let again: ProblemFile = serde_json::from_str(&text).expect("the same");
        assert_eq!(again, file);
        let (one, other) = (file.problem().expect("sound"), again.problem().expect("sound"));
        assert_eq!(one, other);
        // The optimum of the dumped problem is no better than the answer's trades.
        let mut trades = vec![0.0; one.len()];
        for o in &answer.orders {
            let at =
                file.names.iter().position(|n| *n == format!("{} {}", o.symbol, o.account)).expect("a name");
            let sign = if o.side == OrderSide::Buy { 1.0 } else { -1.0 };
            trades[at] += sign * o.amount / p.value();
        }
        let solved = unisleeve_core::solver::solve(&one, None).expect("feasible");
        let gap = answer.objective - answer.lower_bound;
        assert!(one.objective(&trades) - solved.lower_bound < 1e-7 + 2.0 * gap, "seed {seed}");
        assert!(one.residual(&trades).0 < 1e-8);
    }
}

/// Two accounts with 200 names each: the certificate is within five basis points.
#[test]
fn two_accounts_at_size() {
    let mut rng = Random::new(3);
    let n = 200;
    let mut p = base();
    p.accounts[0].cash = 20_000.0;
    p.accounts.push(AccountIn { id: "ira".to_owned(), kind: AccountKind::Ira, cash: 20_000.0 });
    p.cash_target = (0.0, 0.02);
    p.factor_covariance =
        (0..10).map(|i| (0..10).map(|j| if i == j { 0.01 } else { 0.001 }).collect()).collect();
    p.securities = (0..n)
        .map(|i| {
            let lots = (0..4)
                .map(|j| {
                    let quantity = rng.between(5.0, 20.0);
                    let basis = quantity * 100.0 * rng.between(0.5, 1.25);
                    let account = if j < 2 { "taxable" } else { "ira" }.to_owned();
                    LotIn {
                        account: Some(account),
                        ..lot(&format!("{i}.{j}"), quantity, basis, "2021-05-04")
                    }
                })
                .collect();
            SecurityIn {
                exposures: (0..10).map(|_| rng.normal()).collect(),
                ..security(&format!("S{i}"), 0.98 / f64::from(n), lots)
            }
        })
        .collect();
    p.max_tracking_error = Some(0.0045);
    p.risk_aversion = None;
    let (answer, _) = checked(&p, Rounding::None);
    let gap = (answer.objective - answer.lower_bound) * 1e4;
    println!("gap {gap:.4} bp");
    assert!(binds(&answer, "max_tracking_error").is_some(), "{:?}", answer.binding);
    assert!(gap < 5.0, "{gap}");
}

/// An exact cash weight is missed by less than one share, and the answer reports by how much.
#[test]
fn whole_shares_and_cash_without_a_range() {
    let mut p = base();
    p.cash_target = (0.2, 0.2);
    let answer = rebalance(&p, Rounding::Shares).expect("the nearest");
    let missed = answer.cash_missed.expect("missed");
    assert!(missed < 100.0 && (answer.cash_after - 0.2 * p.value()).abs() <= missed + 1e-6);
    assert!(answer.orders.iter().all(|o| o.quantity.fract() == 0.0));
    p.cash_target = (0.2, 0.21);
    assert!(rebalance(&p, Rounding::Shares).expect("kept").cash_missed.is_none());
}
