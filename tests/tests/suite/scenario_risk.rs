//! A scenario's risk model has the variances of the futures that are drawn from it.

use unisleeve_core::market::Market;
use unisleeve_core::market::risk::{Estimator, RiskSettings, simulated};
use unisleeve_core::market::scenario::{Generator, Scenario, Step};
use unisleeve_core::numeric::RiskModel;
use unisleeve_core::units::SecurityId;
use unisleeve_tests::random::Random;

const NAMES: usize = 40;
const PATHS: u64 = 400;

/// Two years of monthly futures. Mild tails and clustering keep sampling errors small; the variances are the
/// same with any.
fn scenario(seed: u64) -> Scenario {
    let mut scenario =
        Scenario { seed, names: NAMES, years: 2.0, step: Step::Monthly, ..Scenario::default() };
    (scenario.volatility.spread, scenario.volatility.kurtosis) = (0.2, 4.0);
    scenario.stocks.specific_kurtosis = 4.0;
    let turnover = &mut scenario.turnover;
    (turnover.mergers, turnover.delistings, turnover.deletions) = (0.0, 0.0, 0.0);
    scenario
}

fn universe(market: &Market) -> Vec<SecurityId> {
    (0..market.securities().len() as u32).map(SecurityId).collect()
}

fn model(market: &Market) -> RiskModel {
    simulated(market, &universe(market)).expect("a simulated market")
}

/// Annual variance of a mix with constant weights over all months of all futures, and its standard error.
fn found(returns: &[Vec<f64>], mix: &[f64]) -> (f64, f64) {
    let of: Vec<f64> =
        returns.iter().map(|row| row.iter().zip(mix).map(|(r, w)| r * w).sum::<f64>()).collect();
    let n = of.len() as f64;
    let mean = of.iter().sum::<f64>() / n;
    let squares: Vec<f64> = of.iter().map(|r| (r - mean) * (r - mean) * 12.0).collect();
    let variance = squares.iter().sum::<f64>() / n;
    let spread = squares.iter().map(|x| (x - variance) * (x - variance)).sum::<f64>() / n;
    (variance, (spread / n).sqrt())
}

/// Law of large numbers: over all futures the variance of a mix is the model's, for single names, betas,
/// sectors, styles, specific risk and funds.
#[test]
fn variances_of_the_futures_are_the_model_s() {
    let seed = 11;
    let g = Generator::new(scenario(seed)).expect("a scenario");
    let first = g.path(0).expect("a market");
    let all = universe(&first);
    let mut returns = Vec::new();
    for path in 0..PATHS {
        let market = g.path(path).expect("a market");
        assert_eq!(model(&market), model(&first), "without additions all futures have one model");
        returns.extend(
            market.sessions(g.start(), g.end()).map(|v| -> Vec<f64> {
                all.iter().map(|s| v.total_return(*s, 0).expect("a return")).collect()
            }),
        );
    }
    let model = model(&first);
    let check = |what: &str, mix: &[f64], expected: f64| {
        let (variance, error) = found(&returns, mix);
        let off = (variance - expected).abs();
        // Simple monthly returns are slightly more spread out than log returns.
        assert!(off < 4.0 * error + 0.01 * expected, "{what}, seed {seed}: {variance} {error}, {expected}");
    };
    let mix = |of: &dyn Fn(usize) -> f64| -> Vec<f64> { (0..all.len()).map(of).collect() };
    let row = |i: usize| &model.exposures[i * model.factors..(i + 1) * model.factors];
    for s in 0..NAMES {
        let one = mix(&|i| f64::from(u8::from(i == s)));
        assert!((model.variance(&one) - model.variance_of(s)).abs() < 1e-15);
        check(&format!("stock {s}"), &one, model.variance_of(s));
    }
    // The first factor is the market: high betas against low ones.
    let beta = (0..NAMES).map(|i| row(i)[0]).sum::<f64>() / NAMES as f64;
    let by_beta = mix(&|i| if i < NAMES { (row(i)[0] - beta) / beta } else { 0.0 });
    check("betas", &by_beta, model.variance(&by_beta));
    let sectors = |i: usize| first.securities()[i].sector.as_str();
    for s in 1..3 {
        let pair = [sectors(0), sectors(s)];
        let size = pair.map(|p| (0..NAMES).filter(|i| sectors(*i) == p).count() as f64);
        let against = mix(&|i| match i {
            i if i >= NAMES => 0.0,
            i if sectors(i) == pair[0] => 1.0 / size[0],
            i if sectors(i) == pair[1] => -1.0 / size[1],
            _ => 0.0,
        });
        check("a sector against another", &against, model.variance(&against));
    }
    // The last factors are the styles.
    for style in 1..=g.scenario().stocks.style_volatilities.len() {
        let by_style = mix(&|i| if i < NAMES { row(i)[model.factors - style] } else { 0.0 });
        check("a style", &by_style, model.variance(&by_style));
    }
    let mut rng = Random::new(seed);
    for _ in 0..20 {
        let mut active = mix(&|_| 0.0);
        let (a, b) = active.split_at_mut(NAMES / 2);
        for (x, y) in a.iter_mut().zip(b) {
            let z = rng.normal();
            (*x, *y) = (z, -z);
        }
        check("active weights", &active, model.variance(&active));
    }
    let fund = |symbol: &str| first.find(symbol).expect("a fund").index();
    for (what, long) in [
        ("funds", vec![("INTL", 1.0)]),
        ("bonds", vec![("BOND", 1.0)]),
        ("real estate", vec![("REIT", 1.0)]),
        ("two classes", vec![("INTL", 0.5), ("BOND", 0.5)]),
        ("a class against another", vec![("INTL", 1.0), ("REIT", -1.0)]),
        ("a fund against another of its class", vec![("USY", 1.0), ("USX", -1.0)]),
    ] {
        let weights = mix(&|i| long.iter().find(|(s, _)| fund(s) == i).map_or(0.0, |(_, w)| *w));
        check(what, &weights, model.variance(&weights));
    }
    // Stocks and a fund of another class, by the classes' correlation.
    let both =
        mix(&|i| if i < NAMES { 0.6 / NAMES as f64 } else { f64::from(u8::from(i == fund("INTL"))) * 0.4 });
    check("stocks and a fund", &both, model.variance(&both));
    // A stock fund lacks what single names add to it.
    let view = first.sessions(g.start(), g.start()).next().expect("a session");
    let weights = view.index_weights(first.index("US stocks").expect("an index"));
    let names: f64 = weights.iter().map(|(s, w)| w * w * model.specific[s.index()]).sum();
    let usx = mix(&|i| f64::from(u8::from(i == fund("USX"))));
    let left_out = names / model.variance(&usx);
    println!("single names have {left_out:.3} of the stock fund's variance");
    check("a stock fund", &usx, model.variance(&usx) + names);
    // A factor of one security becomes its own variance: the same variances with fewer factors.
    let some: Vec<SecurityId> =
        ["S001", "S017", "INTL", "BOND"].map(|s| first.find(s).expect("a symbol")).into();
    let small = simulated(&first, &some).expect("a simulated market");
    assert!(small.factors < model.factors);
    for weights in [[1.0, 0.0, 0.0, 0.0], [1.0, -1.0, 0.0, 0.0], [0.3, 0.2, 0.1, 0.4], [0.0, 0.0, 1.0, -1.0]]
    {
        let wide = mix(&|i| some.iter().position(|s| s.index() == i).map_or(0.0, |at| weights[at]));
        assert!((small.variance(&weights) - model.variance(&wide)).abs() < 1e-15);
    }
}

/// Names that join later have the variances that the model of their path says.
#[test]
fn names_that_join_are_in_the_model() {
    let seed = 12;
    let mut scenario = Scenario { years: 5.0, ..scenario(seed) };
    scenario.turnover.deletions = 0.2;
    let g = Generator::new(scenario).expect("a scenario");
    let (mut squares, mut expected, mut count) = (0.0, 0.0, 0);
    for path in 0..60 {
        let market = g.path(path).expect("a market");
        let model = model(&market);
        let first = NAMES + g.scenario().funds.len();
        for view in market.sessions(g.start(), g.end()) {
            for i in first..market.securities().len() {
                if let Some(r) = view.total_return(SecurityId(i as u32), 0) {
                    squares += libm::log(1.0 + r) * libm::log(1.0 + r) * 12.0;
                    expected += model.variance_of(i);
                    count += 1;
                }
            }
        }
    }
    assert!(count > 10_000, "{count}");
    let ratio = squares / expected;
    assert!((ratio - 1.0).abs() < 0.05, "seed {seed}: {ratio}");
}

/// With more history, estimates with as many factors come nearer to the scenario's own figures: from a year to
/// a century of weeks, to less than a tenth of the variance of active weights.
#[test]
fn estimates_approach_the_scenario_s_own_figures() {
    let seed = 13;
    let scenario = Scenario { step: Step::Weekly, history: Some(5_000), years: 0.1, ..scenario(seed) };
    let g = Generator::new(scenario).expect("a scenario");
    let market = g.path(0).expect("a market");
    let stocks: Vec<SecurityId> = (0..NAMES as u32).map(SecurityId).collect();
    let own = simulated(&market, &stocks).expect("a simulated market");
    let view = market.sessions(g.start(), g.end()).next().expect("a session");
    let error = |window: usize| {
        let settings = RiskSettings { window, factors: own.factors, ..RiskSettings::default() };
        let model = Estimator::new(&stocks, settings).estimate(&view, &|_| true);
        let mut rng = Random::new(seed);
        let mut sum = 0.0;
        for _ in 0..200 {
            let mut active: Vec<f64> = (0..NAMES).map(|_| rng.normal()).collect();
            let mean = active.iter().sum::<f64>() / NAMES as f64;
            for x in &mut active {
                *x -= mean;
            }
            let ratio = libm::log(model.variance(&active) / own.variance(&active));
            sum += ratio * ratio;
        }
        (sum / 200.0).sqrt()
    };
    let [short, middle, long] = [60, 600, 5_000].map(error);
    println!("root mean square log error of active variances: {short:.3} {middle:.3} {long:.3}");
    assert!(long < middle && middle < short, "seed {seed}: {short} {middle} {long}");
    assert!(long < 0.1 && long < 0.5 * short, "seed {seed}: {short} {long}");
}
