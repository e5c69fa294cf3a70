//! Nothing in the comparison may make UMA win by assumption. These tests record how often and where SMA wins,
//! so that a bias is noticed: single cases in which SMA wins at all three risk aversions tried, and
//! the frequency over many markets.
//!
//! Results of 400 synthetic markets (seeds 1000 to 1399, three years, $500,000, equal risk aversion), UMA
//! minus SMA. After-tax wealth is in dollars, tax alpha in basis points a year:
//!
//! | situation | figure | SMA ahead | median | mean | its standard error |
//! |---|---|---|---|---|---|
//! | quiet | kept | 204 | -54.2 | 158.3 | 160.1 |
//! | quiet | liquidated | 207 | -60.4 | 78.9 | 125.3 |
//! | quiet | tax alpha kept | 231 | -0.1 | 0.5 | 0.1 |
//! | quiet | tax alpha liquidated | 207 | -0.1 | 0.3 | 0.2 |
//! | savings | kept | 206 | -121.2 | 217.2 | 154.9 |
//! | savings | liquidated | 207 | -81.1 | 181.2 | 126.0 |
//! | savings | tax alpha kept | 284 | -0.3 | 0.1 | 0.1 |
//! | savings | tax alpha liquidated | 239 | -0.4 | 0.0 | 0.1 |
//! | withdrawals | kept | 181 | 164.5 | 453.1 | 148.9 |
//! | withdrawals | liquidated | 187 | 100.5 | 266.6 | 116.7 |
//! | withdrawals | tax alpha kept | 183 | 0.1 | 1.3 | 0.2 |
//! | withdrawals | tax alpha liquidated | 217 | -0.2 | 0.3 | 0.2 |
//! | withdrawals and buffer | kept | 185 | 259.1 | 525.7 | 152.3 |
//! | withdrawals and buffer | liquidated | 193 | 98.7 | 306.7 | 122.3 |
//! | withdrawals and buffer | tax alpha kept | 182 | 0.1 | 1.3 | 0.2 |
//! | withdrawals and buffer | tax alpha liquidated | 221 | -0.3 | 0.0 | 0.2 |
//! | withdrawals and lag | kept | 180 | 307.6 | 541.9 | 148.0 |
//! | withdrawals and lag | liquidated | 185 | 193.2 | 349.9 | 118.1 |
//! | withdrawals and lag | tax alpha kept | 198 | 0.0 | 1.1 | 0.2 |
//! | withdrawals and lag | tax alpha liquidated | 226 | -0.4 | 0.1 | 0.2 |
//! | outside gains | kept | 163 | 807.8 | 1113.1 | 206.6 |
//! | outside gains | liquidated | 181 | 277.7 | 520.2 | 175.4 |
//! | outside gains | tax alpha kept | 116 | 3.9 | 3.4 | 0.4 |
//! | outside gains | tax alpha liquidated | 176 | 1.0 | 0.4 | 0.4 |
//! | two specialists | kept | 198 | 100.5 | 286.9 | 299.4 |
//! | two specialists | liquidated | 199 | 42.9 | 200.2 | 243.4 |
//! | two specialists | tax alpha kept | 231 | -0.1 | 0.1 | 0.2 |
//! | two specialists | tax alpha liquidated | 222 | -0.4 | -0.3 | 0.3 |
//! | subset | kept | 189 | 2698.8 | -4337.3 | 2310.9 |
//! | subset | liquidated | 186 | 2331.5 | -3040.1 | 1866.4 |
//! | subset | tax alpha kept | 390 | -6.1 | -9.7 | 0.6 |
//! | subset | tax alpha liquidated | 266 | -6.0 | -2.8 | 2.4 |
//!
//! On one path, pre-tax differences move the arms apart by thousands of dollars, so by wealth each arm wins
//! about half the time whatever the mechanism is worth. Tax alpha removes the pre-tax difference. UMA has
//! more tax alpha on most paths with outside gains or withdrawals, SMA with savings (by less than UMA's lead on
//! the other paths). A core of six of the eight stocks has less than the specialist's
//! eight on nearly every path. Over 50 seeds with an IRA for bonds in addition, SMA ended ahead on 31.

use unisleeve_core::mandates::{ArmKind, Config, DriftBy, Every, Flow, PolicySleeve, Practice};
use unisleeve_core::tax::Outside;
use unisleeve_core::units::Money;
use unisleeve_tests::day;
use unisleeve_tests::duel::{FIGURES, Figure, Lead, lead, over_seeds, spread};
use unisleeve_tests::markets::Synthetic;

/// A household of $500,000 with 60% in a direct index of 8 stocks, over three years.
fn household(seed: u64, situation: Situation) -> (Synthetic, Config) {
    let synthetic = Synthetic { seed, stocks: 8, end: "2004-12-31", dividends: true };
    let mut config = synthetic.config(0.6);
    // The best managers, with a price of drift instead of the household's risk aversion.
    (config.sma.practice, config.sma.drift_by) = (Some(Practice::Best), Some(DriftBy::Price));
    situation.1(&mut config);
    (synthetic, config)
}

/// A name and its change to the configuration.
type Situation = (&'static str, fn(&mut Config));

fn monthly(dollars: i32) -> Vec<Flow> {
    vec![Flow { amount: Money::whole(dollars), every: Every::Month, from: day("2002-06-01"), to: None }]
}

const QUIET: Situation = ("quiet", |_| ());
const SAVINGS: Situation = ("savings", |c| c.household.flows = monthly(4_000));
const WITHDRAWALS: Situation = ("withdrawals", |c| c.household.flows = monthly(-4_000));
const BUFFER: Situation = ("withdrawals and buffer", |c| {
    c.household.flows = monthly(-4_000);
    c.trading.cash_buffer = 0.02;
});
const LAG: Situation = ("withdrawals and lag", |c| {
    c.household.flows = monthly(-4_000);
    c.trading.cash_buffer = 0.01;
    c.sma.lag = Some(10);
});
const OUTSIDE: Situation = ("outside gains", |c| {
    c.tax.outside.net_short = Money::whole(20_000);
    c.tax.outside.net_long = Money::whole(30_000);
});
/// Two specialists with two stocks in common.
const SPECIALISTS: Situation = ("two specialists", |c| {
    let stocks = c.policy[0].stocks.clone();
    c.policy[0].weight = 0.3;
    c.policy[0].stocks = stocks[..5].to_vec();
    c.policy.push(PolicySleeve {
        name: "second index".to_owned(),
        weight: 0.3,
        stocks: stocks[3..].to_vec(),
        fund: "INDEX".to_owned(),
        manager: "second specialist".to_owned(),
        ..PolicySleeve::default()
    });
});
/// The lowest bracket, little interest, and outside losses that absorb every gain. Trades are free.
const UNTAXED: Situation = ("untaxed", |c| {
    c.trading.spread_bps = 0.0;
    c.household.cash = Money::whole(60_000);
    c.tax.outside = Outside {
        ordinary_taxable: Money::ZERO,
        magi: Money::ZERO,
        net_short: Money::whole(-5_000_000),
        net_long: Money::whole(-5_000_000),
        ..Outside::default()
    };
});
/// A delivered model with the six largest of eight stocks.
const SUBSET: Situation = ("subset", |c| c.policy[0].subset = Some(6));

fn uma_less_sma(seed: u64, situation: Situation, gamma: f64) -> Lead {
    let (synthetic, mut config) = household(seed, situation);
    config.trading.risk_aversion *= gamma;
    let uma = if situation.0 == SUBSET.0 { ArmKind::UmaSubset } else { ArmKind::Uma };
    lead(uma, ArmKind::Sma, &config, &synthetic.market())
}

fn figure(name: &str) -> Figure {
    FIGURES.into_iter().find(|(n, _)| *n == name).expect("a figure")
}

/// Situation, seed, figure and SMA's required lead in dollars or basis points: half the lead when the case
/// was found.
const SMA_AHEAD: [(Situation, u64, &str, f64); 21] = [
    (QUIET, 16, "kept", 1_350.0),
    (QUIET, 16, "liquidated", 1_000.0),
    (QUIET, 50, "tax alpha liquidated", 5.0),
    (SAVINGS, 16, "kept", 1_450.0),
    (SAVINGS, 16, "liquidated", 1_100.0),
    (SAVINGS, 50, "tax alpha liquidated", 3.2),
    (WITHDRAWALS, 47, "kept", 1_800.0),
    (WITHDRAWALS, 47, "liquidated", 1_800.0),
    (WITHDRAWALS, 1, "tax alpha kept", 1.9),
    (BUFFER, 53, "kept", 950.0),
    (BUFFER, 53, "liquidated", 700.0),
    (BUFFER, 50, "tax alpha liquidated", 4.4),
    (LAG, 48, "kept", 1_000.0),
    (LAG, 25, "liquidated", 1_350.0),
    (LAG, 51, "tax alpha kept", 1.3),
    (OUTSIDE, 46, "kept", 1_500.0),
    (OUTSIDE, 46, "liquidated", 1_750.0),
    (OUTSIDE, 33, "tax alpha kept", 5.0),
    (SPECIALISTS, 30, "kept", 5_500.0),
    (SPECIALISTS, 35, "liquidated", 3_750.0),
    (SPECIALISTS, 38, "tax alpha kept", 19.5),
];

/// Checks SMA's lead at the household's risk aversion and at 10% less and more, so that it does not rest on a
/// single order.
fn sma_is_ahead(cases: &[(Situation, u64, &str, f64)]) {
    for (situation, seed, name, margin) in cases {
        for gamma in [0.9, 1.0, 1.1] {
            let lead = figure(name).1(&uma_less_sma(*seed, *situation, gamma));
            println!("{}, seed {seed}, {name}, risk aversion times {gamma}: {lead:.1}", situation.0);
            assert!(lead < -margin, "{}, seed {seed}, {name}: {lead}, not below -{margin}", situation.0);
        }
    }
}

#[test]
fn sma_wins_after_tax() {
    sma_is_ahead(&SMA_AHEAD);
}

#[test]
fn sma_wins_against_a_core_of_fewer_stocks() {
    sma_is_ahead(&[
        (SUBSET, 5, "kept", 150_000.0),
        (SUBSET, 5, "liquidated", 110_000.0),
        (SUBSET, 24, "tax alpha kept", 18.0),
        (SUBSET, 46, "tax alpha liquidated", 43.0),
    ]);
}

/// Number of the table's 400 markets in which SMA was ahead, by figure.
const OF_400: [(Situation, [u32; 4]); 8] = [
    (QUIET, [204, 207, 231, 207]),
    (SAVINGS, [206, 207, 284, 239]),
    (WITHDRAWALS, [181, 187, 183, 217]),
    (BUFFER, [185, 193, 182, 221]),
    (LAG, [180, 185, 198, 226]),
    (OUTSIDE, [163, 181, 116, 176]),
    (SPECIALISTS, [198, 199, 231, 222]),
    (SUBSET, [189, 186, 390, 266]),
];

/// The fraction `p` of wins over `m` other markets predicts the wins in `n` new ones. Both counts are
/// binomial, so the new count is within three standard deviations `sqrt(p (1 - p) (n + n² / m))` of `n p` in
/// 997 of 1,000 unbiased comparisons. A bias toward either arm moves the count outside.
#[test]
fn each_wins_as_often_as_ever() {
    const N: u64 = 60;
    let mut wrong = Vec::new();
    for (situation, counts) in OF_400 {
        let leads = over_seeds(0..N, |seed| uma_less_sma(seed, situation, 1.0));
        for ((name, figure), count) in FIGURES.into_iter().zip(counts) {
            let spread = spread(leads.iter().map(figure));
            let (n, m, sma) = (N as f64, 400.0, (spread.count - spread.ahead) as f64);
            let p = f64::from(count) / m;
            let reach = 3.0 * (p * (1.0 - p) * (n + n * n / m)).sqrt();
            let line = format!(
                "{}, {name}: SMA ahead in {sma} of seeds 0 to {}, expected {:.0} to {:.0}",
                situation.0,
                N - 1,
                n * p - reach,
                n * p + reach
            );
            println!("{line}; median {:.1}", spread.median);
            if (sma - n * p).abs() > reach {
                wrong.push(line);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Without taxes, costs and flows neither manager has an advantage. Over many markets the mean paired
/// difference is zero to two standard errors, and each is ahead as often as a fair coin (three standard
/// deviations). The standard error is less than a dollar on $60,000, so a bias of 0.2 basis points a year
/// would show.
#[test]
fn without_tax_and_cost_the_scale_is_level() {
    const N: u64 = 200;
    let leads = over_seeds(0..N, |seed| uma_less_sma(seed, UNTAXED, 1.0));
    let s = spread(leads.iter().map(|l| l.kept));
    println!("seeds 0 to {}: {s:?}", N - 1);
    assert!(
        s.error > 0.0 && s.error < 2.0,
        "the arms are the same, or differ by luck too large to tell: {s:?}"
    );
    assert!(s.mean.abs() < 2.0 * s.error, "{s:?}");
    let n = N as f64;
    assert!((s.ahead as f64 - 0.5 * n).abs() < 3.0 * 0.5 * n.sqrt(), "{s:?}");
    for l in leads {
        assert!(l.alpha_kept.abs() < 1e-8 && l.alpha_liquidated.abs() < 1e-8, "tax alpha without tax: {l:?}");
    }
}

/// The comparison favors neither side: exchanging the arms changes the sign of every figure and nothing else.
#[test]
fn exchanging_the_arms_changes_the_sign() {
    for situation in [WITHDRAWALS, OUTSIDE] {
        let (synthetic, config) = household(7, situation);
        let of = |a, b| lead(a, b, &config, &synthetic.market());
        let (x, y) = (of(ArmKind::Uma, ArmKind::Sma), of(ArmKind::Sma, ArmKind::Uma));
        assert!(x.kept.abs() > 1.0, "{}: nothing to exchange", situation.0);
        for (name, figure) in FIGURES {
            assert!((figure(&x) + figure(&y)).abs() < 1e-9, "{} {name}: {x:?} {y:?}", situation.0);
        }
    }
}

/// Prints the single cases above: of 60 seeds, the one with SMA's largest lead at all three risk aversions,
/// and half its smallest lead. The command is
/// `cargo test -p unisleeve-tests --test suite sma_wins::clearest -- --ignored --nocapture`.
#[test]
#[ignore = "prints the single cases; a minute"]
fn clearest_cases() {
    for situation in [QUIET, SAVINGS, WITHDRAWALS, BUFFER, LAG, OUTSIDE, SPECIALISTS, SUBSET] {
        let leads = over_seeds(0..60, |seed| [0.9, 1.0, 1.1].map(|g| uma_less_sma(seed, situation, g)));
        for (name, figure) in FIGURES {
            let least = leads.iter().map(|three| {
                three.iter().map(figure).fold(f64::NEG_INFINITY, |a, b| if b > a { b } else { a })
            });
            let clearest = least.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
            if let Some((seed, lead)) = clearest {
                println!("{}, seed {seed}, {name}: {:.1}", situation.0, -lead / 2.0);
            }
        }
    }
}

/// Prints the rows of the table above. The command is
/// `cargo test -p unisleeve-tests --test suite sma_wins -- --ignored --nocapture`.
#[test]
#[ignore = "prints the table; several minutes"]
fn distribution() {
    for (situation, _) in OF_400 {
        let leads = over_seeds(1_000..1_400, |seed| uma_less_sma(seed, situation, 1.0));
        for (name, figure) in FIGURES {
            let s = spread(leads.iter().map(figure));
            let sma = s.count - s.ahead;
            println!(
                "//! | {} | {name} | {sma} | {:.1} | {:.1} | {:.1} |",
                situation.0, s.median, s.mean, s.error
            );
        }
    }
}
