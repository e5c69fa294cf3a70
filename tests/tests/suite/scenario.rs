//! Properties of simulated markets.

use unisleeve_core::mandates::{ArmKind, Config, PolicySleeve, sample_config};
use unisleeve_core::market::scenario::{
    AS_EARNED, Bootstrap, BootstrapSettings, Generator, MAX_SEED, Period, Preset, Scenario, ScenarioError,
    Step,
};
use unisleeve_core::market::{Action, Market};
use unisleeve_core::units::SecurityId;
use unisleeve_tests::markets::{Bench, sample};
use unisleeve_tests::panel_statistics::{correlation, variance};

fn small(step: Step, years: f64) -> Scenario {
    Scenario { names: 30, years, step, ..Scenario::default() }
}

fn generator(scenario: Scenario) -> Generator {
    Generator::new(scenario).expect("a scenario")
}

/// Simple total returns of a security over the sessions of the future.
fn returns(g: &Generator, market: &Market, symbol: &str) -> Vec<f64> {
    let s = market.find(symbol).expect("a security");
    market.sessions(g.start(), g.end()).map(|v| v.total_return(s, 0).expect("a return")).collect()
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let earned = Preset::find(AS_EARNED).expect("a preset");
    let hash = |seed, step| {
        let scenario = earned.apply(Scenario { seed, ..small(step, 2.0) });
        generator(scenario).path(3).expect("a market").hash().to_owned()
    };
    let daily = hash(7, Step::Daily);
    assert_eq!(daily, hash(7, Step::Daily));
    assert_ne!(daily, hash(8, Step::Daily));
    // Pinned to the same bits natively, in WebAssembly and on any machine.
    assert_eq!(&daily[..16], "cb6e60c729976779");
    assert_eq!(&hash(7, Step::Monthly)[..16], "eb029003844ca6bf");
}

#[test]
fn a_path_does_not_depend_on_others() {
    let g = generator(small(Step::Monthly, 3.0));
    let alone = g.path(5).expect("a market").hash().to_owned();
    let all: Vec<String> = (0..8).rev().map(|k| g.path(k).expect("a market").hash().to_owned()).collect();
    assert_eq!(all[2], alone);
    assert_eq!(generator(small(Step::Monthly, 3.0)).path(5).expect("a market").hash(), alone);
    let mut distinct = all.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), 8);
}

#[test]
fn paths_share_their_history() {
    let g = generator(small(Step::Daily, 0.5));
    let (a, b) = (g.path(0).expect("a market"), g.path(1).expect("a market"));
    let s = SecurityId(4);
    let all = |m: &Market| -> Vec<_> { m.sessions(m.dates()[0], g.end()).map(|v| v.close(s)).collect() };
    let (a, b) = (all(&a), all(&b));
    assert_eq!(a[..505], b[..505]);
    assert_ne!(a[505..], b[505..]);
}

#[test]
fn one_more_fund_or_class_changes_no_stock() {
    let closes = |scenario: Scenario| -> Vec<_> {
        let g = generator(scenario);
        let m = g.path(2).expect("a market");
        let stocks = |v: unisleeve_core::market::View<'_>| (0..30).map(|s| v.close(SecurityId(s))).collect();
        m.sessions(m.dates()[0], g.end()).map(stocks).collect::<Vec<Vec<_>>>()
    };
    let plain = small(Step::Weekly, 2.0);
    let mut more = plain.clone();
    let mut fund = more.funds[1].clone();
    fund.symbol = "MORE".to_owned();
    more.funds.push(fund);
    let mut class = more.classes[2].clone();
    class.name = "gold".to_owned();
    more.classes.push(class);
    for row in &mut more.correlations {
        row.push(0.0);
    }
    more.correlations.push(vec![0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!(closes(plain), closes(more));
}

/// Without clustering a path and its mirror have the same variance terms, and their shocks cancel up to
/// rounding.
#[test]
fn odd_paths_mirror_the_factors_of_even_ones() {
    let mut scenario = Scenario { antithetic: true, ..small(Step::Monthly, 5.0) };
    scenario.volatility.spread = 0.0;
    scenario.volatility.kurtosis = 3.0;
    let g = generator(scenario);
    let (a, b, c) = (g.path(4).expect("a"), g.path(5).expect("b"), g.path(6).expect("c"));
    let of = |m: &Market| returns(&g, m, "INTL");
    let class = &g.scenario().classes[1];
    let variance = class.volatility * class.volatility;
    let drift = (libm::log(1.0 + class.expected_return) - 0.5 * variance - 0.001) / 12.0;
    let off = |x: &[f64], y: &[f64]| {
        let each = x.iter().zip(y).map(|(x, y)| libm::log((1.0 + x) * (1.0 + y)) - 2.0 * drift);
        each.fold(0.0, |most: f64, d| most.max(d.abs()))
    };
    // Months differ in length by up to a tenth.
    assert!(off(&of(&a), &of(&b)) < 0.01, "{}", off(&of(&a), &of(&b)));
    assert!(off(&of(&a), &of(&c)) > 0.05);
}

#[test]
fn weights_add_up_and_follow_prices() {
    let g = generator(small(Step::Daily, 2.0));
    let m = g.path(1).expect("a market");
    let index = m.index("US stocks").expect("the stock index");
    let mut before: Vec<(SecurityId, f64)> = Vec::new();
    let mut changes = 0;
    for v in m.sessions(m.dates()[0], g.end()) {
        let now = v.index_weights(index);
        assert_eq!(now.len(), 30, "{}", v.date());
        assert!((now.iter().map(|(_, w)| w).sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(now.iter().all(|(s, _)| v.close(*s).is_some()));
        let same = now.iter().zip(&before).all(|((a, _), (b, _))| a == b);
        if !before.is_empty() && same {
            let grown = now.iter().zip(&before).map(|((s, w), (_, was))| {
                let paid: f64 =
                    v.distributions().filter(|d| d.security == *s).map(|d| d.per_share.to_f64()).sum();
                let close = v.close(*s).expect("a close").to_f64();
                let total = 1.0 + v.total_return(*s, 0).expect("a return");
                w / (was * (total * close / (close + paid)))
            });
            let all: Vec<f64> = grown.collect();
            assert!(all.iter().all(|x| (x / all[0] - 1.0).abs() < 1e-9), "{}", v.date());
        } else if !before.is_empty() {
            changes += 1;
        }
        before = now;
    }
    assert!(changes > 0, "two years without a change of the index");
}

/// The index fund returns the index less its expenses and pays out the dividends.
#[test]
fn the_index_fund_follows_the_index_and_pays_its_dividends() {
    let g = generator(small(Step::Daily, 3.0));
    let m = g.path(0).expect("a market");
    let (index, fund) = (m.index("US stocks").expect("an index"), m.find("USX").expect("a fund"));
    let (mut gap, mut paid, mut dividends) = (0.0, 0.0, 0.0);
    for v in m.sessions(g.start(), g.end()) {
        gap += libm::log(1.0 + v.total_return(fund, 0).expect("a return"));
        gap -= libm::log(1.0 + v.index_return(index).expect("a return"));
        for d in v.distributions() {
            let part = d.per_share.to_f64() / v.close(d.security).expect("a close").to_f64();
            if d.security == fund {
                paid += part;
            } else if let Some((_, w)) = v.index_weights(index).iter().find(|(s, _)| *s == d.security) {
                dividends += part * w;
            }
        }
    }
    assert!((gap + 3.0 * 0.0005).abs() < 2e-5, "{gap}");
    // The last quarter's dividends are still unpaid, and expenses are deducted from dividends.
    assert!((0.85..1.1).contains(&((paid + 0.0015) / dividends)), "{paid} {dividends}");
}

#[test]
fn mergers_and_delistings_are_booked_by_the_engine() {
    let mut scenario = small(Step::Daily, 2.0);
    (scenario.turnover.mergers, scenario.turnover.delistings) = (0.2, 0.1);
    let g = generator(scenario);
    let m = g.path(0).expect("a market");
    let gone: Vec<SecurityId> = m
        .sessions(g.start(), g.end())
        .flat_map(|v| v.actions().map(Action::security).collect::<Vec<_>>())
        .collect();
    assert!(gone.len() > 3, "{gone:?}");
    let config = Config {
        start: g.start(),
        end: g.end(),
        policy: vec![PolicySleeve {
            name: "direct".to_owned(),
            weight: 1.0,
            index: "US stocks".to_owned(),
            fund: "USX".to_owned(),
            ..PolicySleeve::default()
        }],
        ..sample_config()
    };
    let result = Bench::new(&[ArmKind::Uma], &config, &m).run(ArmKind::Uma, &config).expect("a run");
    let sold: Vec<SecurityId> = result.journal.trades.iter().map(|t| t.security).collect();
    assert!(gone.iter().filter(|s| sold.contains(s)).count() > 2);
    assert!(result.lots.iter().all(|(s, _)| !gone.contains(s)));
}

/// Means, volatilities and correlations of simple monthly returns over many paths are within sampling error.
#[test]
fn classes_have_their_means_volatilities_and_correlations() {
    let mut scenario = Scenario { names: 300, years: 5.0, step: Step::Monthly, ..Scenario::default() };
    // Clustering and tails increase the sampling error of a volatility. The mean is exact in any case.
    scenario.volatility.spread = 0.3;
    scenario.volatility.kurtosis = 4.0;
    let g = generator(scenario);
    let symbols = ["USX", "INTL", "BOND", "REIT", "BILL"];
    let fees = [0.0005, 0.001, 0.0005, 0.0012, 0.001];
    let mut all = vec![Vec::new(); 5];
    let mut wealth = vec![Vec::new(); 5];
    for k in 0..200 {
        let m = g.path(k).expect("a market");
        for (i, symbol) in symbols.iter().enumerate() {
            let r = returns(&g, &m, symbol);
            wealth[i].push(r.iter().map(|x| 1.0 + x).product::<f64>());
            all[i].extend(r.iter().map(|x| libm::log(1.0 + x)));
        }
    }
    let s = g.scenario();
    let years = (g.end() - g.start()).num_days() as f64 / 365.25 + 31.0 / 365.25;
    for (i, class) in s.classes.iter().enumerate() {
        let mean = wealth[i].iter().sum::<f64>() / 200.0;
        let error = (variance(&wealth[i]) / 200.0).sqrt();
        let wanted = libm::exp(years * (libm::log(1.0 + class.expected_return) - fees[i]));
        assert!((mean - wanted).abs() < 4.0 * error + 0.002, "{}: {mean} {wanted} {error}", class.name);
        let volatility = (variance(&all[i]) * 12.0).sqrt();
        assert!((volatility / class.volatility - 1.0).abs() < 0.06, "{}: {volatility}", class.name);
        for j in 0..i {
            let (found, wanted) = (correlation(&all[i], &all[j]), s.correlations[i][j]);
            assert!((found - wanted).abs() < 0.05, "{i} {j}: {found} {wanted}");
        }
    }
}

#[test]
fn fixed_periods_bring_what_they_say() {
    let g = generator(Preset::find("2008").expect("a preset").apply(small(Step::Daily, 4.0)));
    for k in 0..3 {
        let m = g.path(k).expect("a market");
        let fund = m.find("BOND").expect("a fund");
        let from = g.scenario().start + chrono::Days::new(366);
        let year = m.sessions(from, from + chrono::Days::new(364));
        let grown: f64 = year.map(|v| 1.0 + v.total_return(fund, 0).expect("a return")).product();
        assert!((grown / (1.079 * (1.0 - 0.0005)) - 1.0).abs() < 0.006, "{grown}");
    }
}

#[test]
fn twenty_and_a_thousand_names() {
    for names in [20, 1_000] {
        let g = generator(Scenario { names, years: 1.0, step: Step::Monthly, ..Scenario::default() });
        let m = g.path(0).expect("a market");
        let index = m.index("US stocks").expect("an index");
        let last = m.sessions(g.end(), g.end()).next().expect("a session");
        assert_eq!(last.index_weights(index).len(), names);
    }
}

/// A change of a scenario, and part of the expected message.
type Case<'a> = (&'a dyn Fn(&mut Scenario), &'a str);

#[test]
fn bad_scenarios_are_refused_with_every_fault() {
    let message = |change: &dyn Fn(&mut Scenario)| {
        let mut s = Scenario::default();
        change(&mut s);
        match Generator::new(s) {
            Err(e @ ScenarioError::Faults { .. }) => e.to_string(),
            other => panic!("{:?}", other.map(|_| ())),
        }
    };
    let cases: [Case<'_>; 14] = [
        (&|s| s.names = 0, "names: 0: expected 20 to 1000"),
        (&|s| s.seed = MAX_SEED + 2, "seed: 9007199254740994: expected 0 to 9007199254740992"),
        (&|s| s.years = 0.0, "years: 0: expected a number above 0 and up to 60"),
        (&|s| s.years = f64::NAN, "years: NaN"),
        (&|s| s.start = "2195-01-01".parse().expect("a date"), "expected an end up to 2200"),
        (
            &|s| s.stocks.specific_volatility = -0.1,
            "stocks.specific_volatility: -0.1: expected a number from 0 to 2",
        ),
        (&|s| s.classes[1].volatility = -0.2, "classes[1].volatility: -0.2: expected a number from 0 to 1.5"),
        (&|s| s.classes[0].volatility = 0.02, "which sectors and single names have"),
        (&|s| s.correlations[0][1] = 0.3, "expected the same number twice"),
        (&|s| s.correlations[2][2] = 0.3, "expected 1 on the diagonal"),
        (
            &|s| {
                for (i, j, x) in [(0, 1, 0.9), (0, 2, 0.9), (1, 2, -0.9)] {
                    (s.correlations[i][j], s.correlations[j][i]) = (x, x);
                }
            },
            "no returns have these correlations: bonds contradicts the classes before it",
        ),
        (&|s| s.correlations.truncate(2), "2 rows: expected one for each of 5 classes"),
        (&|s| s.funds[0].class = "gold".to_owned(), "funds[0].class: gold: expected one of US stocks"),
        (
            &|s| {
                s.periods = vec![
                    Period { years: 3.0, ..Period::default() },
                    Period { from: 2.0, ..Period::default() },
                ];
            },
            "periods[1].from: 2: expected a number from 3, the end of the period before",
        ),
    ];
    for (change, part) in cases {
        let found = message(change);
        assert!(found.contains(part), "{part}: {found}");
    }
    let both = message(&|s| (s.names, s.volatility.spread) = (5, -1.0));
    assert!(both.contains("names: 5") && both.contains("volatility.spread: -1"), "{both}");
}

#[test]
fn a_scenario_survives_its_file() {
    let s = Preset::find("inflation shock").expect("a preset").scenario();
    let text = serde_json::to_string(&s).expect("JSON");
    assert_eq!(serde_json::from_str::<Scenario>(&text).expect("a scenario"), s);
    assert!(serde_json::from_str::<Scenario>("{\"sede\": 1}").is_err());
}

#[test]
fn a_bootstrap_draws_days_as_they_were() {
    let market = sample();
    let settings = BootstrapSettings { seed: 5, years: 3.0, ..BootstrapSettings::default() };
    let b = Bootstrap::new(&market.clone().into(), settings.clone()).expect("a bootstrap");
    let m = b.path(2).expect("a market");
    assert_eq!(m.hash(), b.path(2).expect("a market").hash());
    assert_ne!(m.hash(), b.path(3).expect("a market").hash());
    let (from, to) = (market.dates()[1], *market.dates().last().expect("sessions"));
    let two = |m: &Market| (m.find("XOM").expect("XOM"), m.find("KO").expect("KO"));
    let (x, k) = two(&market);
    let real: Vec<(f64, f64)> = market
        .sessions(from, to)
        .filter_map(|v| Some((v.total_return(x, 0)?, v.total_return(k, 0)?)))
        .collect();
    let (x, k) = two(&m);
    let end = *m.dates().last().expect("sessions");
    for v in m.sessions(b.start(), end).take(200) {
        let day = (v.total_return(x, 0).expect("a return"), v.total_return(k, 0).expect("a return"));
        let near = |r: &&(f64, f64)| (r.0 - day.0).abs() < 1e-6 && (r.1 - day.1).abs() < 1e-6;
        assert!(real.iter().any(|r| near(&r)), "{}: no real day has {day:?}", v.date());
    }
    // The history is the real one.
    let last = m.sessions(to, to).next().expect("the last real session");
    let there = market.sessions(to, to).next().expect("the last session");
    assert!(
        (last.total_return(x, 5).expect("a return")
            - there.total_return(two(&market).0, 5).expect("a return"))
        .abs()
            < 1e-6
    );
    for (change, part) in [
        (BootstrapSettings { block: 0.5, ..settings.clone() }, "block: 0.5"),
        (BootstrapSettings { years: -1.0, ..settings.clone() }, "years: -1"),
        (BootstrapSettings { seed: u64::MAX, ..settings }, "seed: 18446744073709551615"),
    ] {
        let found =
            Bootstrap::new(&market.clone().into(), change).map(|_| ()).expect_err("a fault").to_string();
        assert!(found.contains(part), "{found}");
    }
}
