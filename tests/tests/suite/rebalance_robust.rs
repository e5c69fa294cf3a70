//! Random portfolios that are hard for the method: no variance, one name, prices from 1/100 cent to a
//! million, tight caps, contradictory rows, many accounts, thousands of lots. Nothing panics. Every
//! constraint holds to a millionth of the value, and no bound exceeds the objective. Nothing is refused that
//! an independent interior-point solver finds possible. `UNISLEEVE_CASES` sets the number of cases,
//! `UNISLEEVE_SEED` the first seed.

use unisleeve_core::portfolio::{
    AccountIn, Answer, GroupIn, LotIn, Portfolio, PortfolioError, Request, Rounding, SecurityIn, read,
    rebalance,
};
use unisleeve_core::tax::TaxRates;
use unisleeve_core::units::AccountKind;
use unisleeve_tests::day;
use unisleeve_tests::portfolio_oracle::{Aim, Outcome, book, held, least_variance, optimum, relaxed};
use unisleeve_tests::random::Random;

/// Tolerance for constraints, as a fraction of the value.
const KEPT: f64 = 1e-6;
/// Largest number of names for which all combinations of sides are solved.
const ENUMERATED: usize = 5;

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Uniform in the logarithm.
fn magnitude(rng: &mut Random, low: f64, high: f64) -> f64 {
    libm::pow(10.0, rng.between(low, high))
}

#[derive(Clone, Copy)]
struct Size {
    names: usize,
    lots: usize,
    accounts: usize,
}

fn random(rng: &mut Random, size: Size) -> Portfolio {
    let n = if rng.chance(0.1) { 1 } else { size.names };
    let k = if rng.chance(0.25) { 0 } else { 1 + rng.below(3) };
    let value = magnitude(rng, 2.0, 9.0);
    let accounts: Vec<AccountIn> = (0..size.accounts)
        .map(|a| AccountIn {
            id: format!("account {a}"),
            kind: [AccountKind::Taxable, AccountKind::Ira, AccountKind::Roth]
                [if a == 0 { 0 } else { rng.below(3) }],
            cash: value * if rng.chance(0.1) { rng.between(-0.05, 0.0) } else { rng.between(0.0, 0.3) },
        })
        .collect();
    // Specific variance for none, some or all of the names.
    let own = rng.below(3);
    let spread = [0.0, 10.0, 300.0][rng.below(3)];
    let invested = rng.between(0.3, 1.0);
    let mut left = if rng.chance(0.5) { 1.0 } else { rng.between(0.2, 1.0) };
    let mut securities = Vec::new();
    for i in 0..n {
        let weight = if i + 1 == n { left } else { left * rng.between(0.0, 2.0 / n as f64).min(1.0) };
        left -= weight;
        let price = magnitude(rng, -4.0, 6.0);
        let lots = (0..if rng.chance(0.2) { 0 } else { rng.below(size.lots + 1) })
            .map(|j| {
                let dollars = value * invested / n as f64 * rng.between(0.0, 2.0) / size.lots as f64;
                let dollars = if rng.chance(0.05) { dollars * 1e-6 } else { dollars };
                LotIn {
                    // The same ids in every security.
                    id: format!("L{j}"),
                    account: Some(accounts[rng.below(accounts.len())].id.clone()),
                    quantity: (dollars / price).max(1e-9),
                    basis: dollars
                        * if rng.chance(0.1) { magnitude(rng, -3.0, 3.0) } else { rng.between(0.4, 1.4) },
                    acquired: day(["2015-03-02", "2025-11-03"][rng.below(2)]),
                    holding_start: None,
                    disallowed_if_sold: rng.chance(0.1),
                    disallowed_shares: None,
                }
            })
            .collect();
        securities.push(SecurityIn {
            symbol: format!("S{i}"),
            price,
            benchmark_weight: weight,
            exposures: (0..k).map(|_| if rng.chance(0.2) { 0.0 } else { rng.between(-1.0, 1.5) }).collect(),
            specific_variance: if own == 0 || own == 1 && rng.chance(0.5) {
                0.0
            } else {
                magnitude(rng, -4.0, -1.0)
            },
            spread_bps: spread * rng.unit(),
            max_weight: None,
            can_buy: rng.chance(0.9),
            can_sell: rng.chance(0.9),
            lots,
        });
    }
    let scale = magnitude(rng, -4.0, -1.0);
    let is_singular = rng.chance(0.3);
    let factor_covariance = (0..k)
        .map(|i| (0..k).map(|j| if i == j || is_singular { scale } else { 0.3 * scale }).collect())
        .collect();
    let mut p = Portfolio {
        date: day("2026-03-02"),
        accounts,
        securities,
        factor_covariance,
        rates: TaxRates { short: 0.4, long: 0.2 },
        deferral: None,
        risk_aversion: rng.chance(0.6).then(|| magnitude(rng, -3.0, 3.0)),
        max_tracking_error: None,
        cash_target: (0.0, 1.0),
        groups: Vec::new(),
        gains_budget: None,
        turnover_cap: None,
        min_trade: None,
        harvest_threshold: 0.0,
    };
    if p.risk_aversion.is_none() || rng.chance(0.3) {
        p.max_tracking_error = Some(magnitude(rng, -4.0, -0.7));
    }
    match rng.below(6) {
        0 => p.cash_target = (0.0, rng.between(0.0, 0.1)),
        1 => {
            let low = rng.between(0.0, 0.95);
            p.cash_target = (low, low + rng.between(0.0, 0.05));
        }
        2 => {
            let exact = rng.between(0.0, 0.3);
            p.cash_target = (exact, exact);
        }
        _ => {}
    }
    if p.value() > 0.0 {
        let before = held(&p);
        for g in 0..if rng.chance(0.5) { 0 } else { 1 + rng.below(3) } {
            let members: Vec<usize> = (0..n).filter(|_| rng.chance(0.5)).collect();
            let now: f64 = members.iter().map(|i| before[*i]).sum();
            let min = if rng.chance(0.3) { rng.between(0.0, 1.0) } else { now + rng.between(-0.2, 0.1) };
            let width = if rng.chance(0.2) { 0.0 } else { rng.between(0.0, 0.3) };
            let symbols = members.iter().map(|i| p.securities[*i].symbol.clone()).collect();
            p.groups.push(GroupIn { name: format!("group {g}"), symbols, min, max: min + width });
        }
    }
    if rng.chance(0.3) {
        for s in &mut p.securities {
            s.max_weight = rng.chance(0.5).then(|| rng.between(0.0, 0.6));
        }
    }
    if rng.chance(0.2) {
        p.gains_budget = Some(value * rng.between(-0.1, 0.1));
    }
    if rng.chance(0.2) {
        p.turnover_cap = Some(rng.between(0.0, 0.5));
    }
    if rng.chance(0.1) {
        p.min_trade = Some(value * magnitude(rng, -5.0, -1.0));
    }
    p
}

/// The largest violation of a constraint, as a fraction of the value.
fn missed(p: &Portfolio, answer: &Answer, o: &Outcome) -> (f64, String) {
    let v = p.value();
    let mut worst = (0.0, String::new());
    let mut miss = |name: &str, by: f64| {
        assert!(by.is_finite(), "{name}");
        if by > worst.0 {
            worst = (by, name.to_owned());
        }
    };
    let cash: f64 = o.cash.iter().sum::<f64>() / v;
    miss("cash_target, least", p.cash_target.0 - cash);
    miss("cash_target, most", cash - p.cash_target.1);
    for c in &o.cash {
        miss("an account's cash", -c / v);
    }
    for (w, s) in o.weights.iter().zip(&p.securities) {
        miss("a position", -w);
        miss("max_weight", w - s.max_weight.unwrap_or(1e9));
    }
    for g in &p.groups {
        let members = p.securities.iter().zip(&o.weights).filter(|(s, _)| g.symbols.contains(&s.symbol));
        let weight: f64 = members.map(|(_, w)| w).sum();
        miss("a group's least", g.min - weight);
        miss("a group's most", weight - g.max);
    }
    if let Some(cap) = p.max_tracking_error {
        miss("max_tracking_error", o.variance.max(0.0).sqrt() - cap);
    }
    if let Some(most) = p.turnover_cap {
        miss("turnover_cap", answer.orders.iter().map(|x| x.amount).sum::<f64>() / 2.0 / v - most);
    }
    if let Some(budget) = p.gains_budget {
        miss("gains_budget", (o.net_gain - budget) / v);
    }
    worst
}

/// Whether the rows hold at the relaxation's net trades. If so, no security has to be bought and sold at
/// once.
fn holds_net(p: &Portfolio, net: &[Vec<f64>]) -> bool {
    let (v, mut weights) = (p.value(), held(p));
    let mut cash: Vec<f64> = p.accounts.iter().map(|a| a.cash / v).collect();
    for (i, trades) in net.iter().enumerate() {
        let half = p.securities[i].spread_bps / 20_000.0;
        if trades.iter().any(|u| *u > 1e-9) && trades.iter().any(|u| *u < -1e-9) {
            return false;
        }
        for (a, u) in trades.iter().enumerate() {
            cash[a] -= u + u.abs() * half;
            weights[i] += u;
        }
    }
    let all: f64 = cash.iter().sum();
    all <= p.cash_target.1
        && all >= p.cash_target.0
        && cash.iter().all(|c| *c >= 0.0)
        && p.gains_budget.is_none()
}

/// Checks that a refusal is right.
fn check_refusal(p: &Portfolio, error: &PortfolioError, seed: u64) {
    let n = p.securities.len();
    let (v, text) = (p.value(), error.messages().join("; "));
    match error {
        PortfolioError::TrackingError { cap, least, .. }
        | PortfolioError::CapAndBudget { cap, least, .. } => {
            assert!(least > cap, "seed {seed}: {text}");
            if n <= ENUMERATED {
                if let Some(true_one) = least_variance(p).map(|x| x.max(0.0).sqrt()) {
                    assert!(true_one > cap - 1e-6, "seed {seed}: {true_one} is possible: {text}");
                    assert!((least - true_one).abs() < 1e-5, "seed {seed}: {true_one} is the least: {text}");
                }
            } else if let Some(r) = relaxed(p, Aim::Variance)
                && holds_net(p, &r.net)
            {
                let true_one = r.value.max(0.0).sqrt();
                assert!(true_one > cap - 1e-6, "seed {seed}: {true_one} is possible: {text}");
            }
        }
        PortfolioError::Infeasible(rows) => {
            if rows.iter().all(|r| (r.possible - r.asked).abs() < 1e-6) {
                return;
            }
            let free = Portfolio { gains_budget: None, max_tracking_error: None, ..p.clone() };
            possible(&free, &text, seed);
        }
        PortfolioError::Gains { budget, least } => {
            assert!(least > budget, "seed {seed}: {text}");
            if least - budget > 1e-6 * v {
                possible(&Portfolio { max_tracking_error: None, ..p.clone() }, &text, seed);
            }
        }
        PortfolioError::LeastTrade { .. } => assert!(p.min_trade.is_some()),
        other => panic!("seed {seed}: {other}"),
    }
}

/// Panics if the oracle finds a plan for a refused portfolio.
fn possible(p: &Portfolio, text: &str, seed: u64) {
    if p.securities.len() <= ENUMERATED {
        assert!(least_variance(p).is_none(), "seed {seed}: possible: {text}");
    } else if let Some(r) = relaxed(p, Aim::Variance) {
        assert!(!holds_net(p, &r.net), "seed {seed}: possible: {text}");
    }
}

#[derive(Default)]
struct Tally {
    solved: usize,
    refused: usize,
    undecided: usize,
    missed: f64,
    above: f64,
    gap: f64,
}

fn case(seed: u64, size: Size, tally: &mut Tally) {
    let mut rng = Random::new(seed);
    let p = random(&mut rng, size);
    if p.validate().is_err() {
        return;
    }
    match rebalance(&p, Rounding::None) {
        Ok(answer) => {
            let o = book(&p, &answer);
            let (by, name) = missed(&p, &answer, &o);
            assert!(by <= KEPT, "seed {seed}: {name} is missed by {by:e}");
            let scale = 1.0 + answer.objective.abs();
            assert!(
                (answer.objective - o.objective).abs() < 1e-9 * scale,
                "seed {seed}: {} {}",
                answer.objective,
                o.objective
            );
            assert!(answer.lower_bound <= answer.objective, "seed {seed}");
            tally.solved += 1;
            tally.missed = tally.missed.max(by);
            let gap = (answer.objective - answer.lower_bound) / scale;
            if gap > 1e-5 {
                println!(
                    "seed {seed}: gap {gap:e} min_trade {:?} {}x{} cap {:?} budget {:?}",
                    p.min_trade.map(|x| x / p.value()),
                    p.securities.len(),
                    p.accounts.len(),
                    p.max_tracking_error,
                    p.gains_budget
                );
            }
            tally.gap = tally.gap.max(gap);
            if p.securities.len() <= ENUMERATED
                && p.accounts.len() == 1
                && p.min_trade.is_none()
                && let Some(truth) = optimum(&p)
            {
                assert!(
                    answer.lower_bound <= truth + 1e-6 * scale,
                    "seed {seed}: the bound {} is above {truth}",
                    answer.lower_bound
                );
                if p.min_trade.is_none() {
                    let above = (answer.objective - truth) / scale;
                    if above > 1e-6 {
                        println!("seed {seed}: {} above the optimum {truth}", answer.objective);
                    }
                    tally.above = tally.above.max(above);
                }
            }
        }
        Err(PortfolioError::Undecided { cap }) => {
            println!("seed {seed}: undecided {cap:?}");
            tally.undecided += 1;
        }
        Err(error) => {
            check_refusal(&p, &error, seed);
            tally.refused += 1;
        }
    }
}

fn run(every: u64, usual: u64, size: impl Fn(&mut Random) -> Size) {
    let (begin, cases) = (number("UNISLEEVE_SEED", 0), number("UNISLEEVE_CASES", usual * every));
    let mut tally = Tally::default();
    for seed in begin..begin + cases.div_ceil(every) {
        let size = size(&mut Random::new(seed ^ 0x5eed_0000));
        let one = std::panic::catch_unwind(|| {
            let mut one = Tally::default();
            case(seed, size, &mut one);
            one
        });
        let one = one.unwrap_or_else(|_| panic!("seed {seed} failed"));
        tally.solved += one.solved;
        tally.refused += one.refused;
        tally.undecided += one.undecided;
        tally.missed = tally.missed.max(one.missed);
        tally.above = tally.above.max(one.above);
        tally.gap = tally.gap.max(one.gap);
    }
    println!(
        "seeds from {begin}: {} solved, {} refused, {} undecided, missed by {:e}, above the optimum by {:e}, gap {:e}",
        tally.solved, tally.refused, tally.undecided, tally.missed, tally.above, tally.gap
    );
    assert!(tally.solved > 0);
    assert!(tally.undecided * 100 <= cases as usize, "{} undecided", tally.undecided);
}

#[test]
fn small_portfolios() {
    run(1, 100, |rng| Size { names: 2 + rng.below(4), lots: 4, accounts: 1 });
}

#[test]
fn several_accounts() {
    run(2, 30, |rng| Size { names: 2 + rng.below(4), lots: 4, accounts: 2 + rng.below(4) });
}

#[test]
fn some_dozen_names() {
    run(10, 3, |rng| Size { names: 10 + rng.below(40), lots: 4, accounts: 1 + rng.below(3) });
}

#[test]
fn thousands_of_lots() {
    run(100, 1, |rng| Size { names: 100 + rng.below(100), lots: 30, accounts: 1 });
}

fn from_json(text: &str) -> Portfolio {
    match read(text) {
        Ok(Request::Risk(p)) => p,
        other => panic!("{other:?}"),
    }
}

/// No factors, and a cap on tracking error that conflicts with cash of at least 90%. A has 60% of the
/// benchmark and a volatility of 30%. It is at least half of the value underweight, so the smallest tracking
/// error is 15%.
#[test]
fn a_cap_out_of_reach_without_factors() {
    let mut p = from_json(
        r#"{"date":"2024-06-28","cash":100,"securities":[{"symbol":"A","price":100,"benchmark_weight":0.6,"exposures":[],
        "specific_variance":0.09,"spread_bps":0,"lots":[]}],"factor_covariance":[],"rates":{"short":0.4,"long":0.2},
        "max_tracking_error":0.01,"cash_target":[0.9,1]}"#,
    );
    let error = rebalance(&p, Rounding::None).expect_err("out of reach");
    let text = error.messages().join("; ");
    assert!(text.contains("0.01 can't be met beside cash_target") && text.contains("0.150000"), "{text}");
    // The cap that the error names is feasible.
    p.max_tracking_error = Some(0.150_001);
    rebalance(&p, Rounding::None).expect("possible");
}

/// Without specific variance the benchmark can be bought.
#[test]
fn a_cap_without_specific_variance() {
    let p = from_json(
        r#"{"date":"2024-06-28","cash":1000,"securities":[{"symbol":"A","price":10,"benchmark_weight":0.2,"exposures":[1],
        "specific_variance":0,"spread_bps":10,"lots":[{"id":"L0","quantity":5,"basis":100,"acquired":"2022-01-03"}]},
        {"symbol":"B","price":50,"benchmark_weight":0.1,"exposures":[-1],"specific_variance":0,"spread_bps":10,"lots":[]}],
        "factor_covariance":[[0.04]],"rates":{"short":0.4,"long":0.2},"max_tracking_error":0.01}"#,
    );
    let answer = rebalance(&p, Rounding::None).expect("possible");
    let o = book(&p, &answer);
    assert!(o.variance.sqrt() <= 0.01 + 1e-9, "{}", o.variance.sqrt());
    let truth = optimum(&p).expect("possible");
    assert!((answer.objective - truth).abs() < 1e-7, "{} {truth}", answer.objective);
    assert!(answer.lower_bound <= answer.objective);
}

/// Prices of 1/10 cent with fractional holdings: orders are whole shares, and cash and bounds are kept.
#[test]
fn whole_shares_of_next_to_nothing() {
    let mut rounded = 0;
    for seed in 0..60 {
        let mut rng = Random::new(seed);
        let mut p = random(&mut rng, Size { names: 3, lots: 3, accounts: 1 });
        for s in &mut p.securities {
            let price = [1e-4, 1e-3, 1e-2][rng.below(3)];
            for lot in &mut s.lots {
                lot.quantity *= s.price / price;
            }
            s.price = price;
        }
        if p.validate().is_err() {
            continue;
        }
        let Ok(answer) = rebalance(&p, Rounding::Shares) else { continue };
        for order in &answer.orders {
            assert!(order.quantity.fract() == 0.0, "seed {seed}: {}", order.quantity);
        }
        let (by, name) = missed(&p, &answer, &book(&p, &answer));
        let allowed = answer.cash_missed.map_or(KEPT, |c| KEPT + c / p.value());
        assert!(by <= allowed, "seed {seed}: {name} is missed by {by:e}");
        rounded += 1;
    }
    assert!(rounded > 10, "{rounded}");
}

/// Two securities, or two accounts of one security, may use the same lot name. A duplicate in one place is a
/// fault.
#[test]
fn lot_ids_are_unique_in_a_security_and_account() {
    let text = |second: &str, third: &str| {
        format!(
            r#"{{"date":"2024-06-28","accounts":[{{"id":"a","kind":"taxable","cash":100}},{{"id":"b","kind":"ira","cash":100}}],
            "securities":[{{"symbol":"A","price":10,"benchmark_weight":0.5,"exposures":[],"specific_variance":0.04,"spread_bps":0,
            "lots":[{{"id":"1","account":"a","quantity":20,"basis":300,"acquired":"2022-01-03"}},
            {{"id":"1","account":"{second}","quantity":20,"basis":300,"acquired":"2022-01-03"}}]}},
            {{"symbol":"B","price":10,"benchmark_weight":0,"exposures":[],"specific_variance":0.04,"spread_bps":0,
            "lots":[{{"id":"{third}","account":"a","quantity":20,"basis":300,"acquired":"2022-01-03"}}]}}],
            "factor_covariance":[],"rates":{{"short":0.4,"long":0.2}},"risk_aversion":10}}"#
        )
    };
    let p = from_json(&text("b", "1"));
    let answer = rebalance(&p, Rounding::None).expect("possible");
    assert!(!answer.orders.is_empty());
    book(&p, &answer);
    let faults = read(&text("a", "1")).expect_err("twice");
    assert!(faults.len() == 1 && faults[0].key == "securities[0].lots[1].id", "{faults:?}");
}
