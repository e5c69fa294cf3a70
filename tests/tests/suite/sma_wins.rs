//! Nothing in the comparison may make UMA win by assumption. These tests record how often and where SMA wins,
//! so that a bias is noticed: single cases in which SMA wins at all three risk aversions tried, and
//! the frequency over many markets.
//!
//! Results of 400 synthetic markets (seeds 1000 to 1399, three years, $500,000, equal risk aversion), UMA
//! minus SMA. After-tax wealth is in dollars, tax alpha in basis points a year:
//!
//! | situation | figure | SMA ahead | median | mean | its standard error |
//! |---|---|---|---|---|---|
//! | quiet | kept | 203 | -67.3 | 159.3 | 167.1 |
//! | quiet | liquidated | 205 | -100.9 | 86.1 | 133.7 |
//! | quiet | tax alpha kept | 218 | -0.1 | 0.7 | 0.1 |
//! | quiet | tax alpha liquidated | 210 | -0.1 | 0.5 | 0.2 |
//! | savings | kept | 217 | -158.1 | 22.4 | 152.3 |
//! | savings | liquidated | 217 | -122.3 | 42.5 | 127.5 |
//! | savings | tax alpha kept | 275 | -0.2 | 0.2 | 0.1 |
//! | savings | tax alpha liquidated | 214 | -0.1 | 0.3 | 0.1 |
//! | withdrawals | kept | 192 | 87.8 | 349.9 | 153.7 |
//! | withdrawals | liquidated | 201 | -23.1 | 187.8 | 119.9 |
//! | withdrawals | tax alpha kept | 160 | 0.2 | 1.3 | 0.2 |
//! | withdrawals | tax alpha liquidated | 204 | -0.0 | 0.6 | 0.2 |
//! | withdrawals and buffer | kept | 197 | 22.3 | 301.7 | 153.5 |
//! | withdrawals and buffer | liquidated | 204 | -46.3 | 154.0 | 123.6 |
//! | withdrawals and buffer | tax alpha kept | 170 | 0.2 | 1.3 | 0.2 |
//! | withdrawals and buffer | tax alpha liquidated | 210 | -0.1 | 0.6 | 0.2 |
//! | withdrawals and lag | kept | 177 | 401.3 | 637.6 | 155.2 |
//! | withdrawals and lag | liquidated | 175 | 301.6 | 463.3 | 124.4 |
//! | withdrawals and lag | tax alpha kept | 294 | -0.7 | 0.4 | 0.2 |
//! | withdrawals and lag | tax alpha liquidated | 251 | -1.0 | -0.4 | 0.2 |
//! | outside gains | kept | 172 | 604.2 | 1044.1 | 245.8 |
//! | outside gains | liquidated | 201 | -2.7 | 405.9 | 205.5 |
//! | outside gains | tax alpha kept | 109 | 3.7 | 3.7 | 0.4 |
//! | outside gains | tax alpha liquidated | 178 | 0.8 | 0.4 | 0.5 |
//! | two specialists | kept | 211 | -375.9 | -56.8 | 262.8 |
//! | two specialists | liquidated | 217 | -309.1 | -101.3 | 215.0 |
//! | two specialists | tax alpha kept | 206 | -0.0 | 0.5 | 0.2 |
//! | two specialists | tax alpha liquidated | 213 | -0.2 | 0.3 | 0.3 |
//! | subset | kept | 191 | 2188.3 | -4454.9 | 2319.1 |
//! | subset | liquidated | 190 | 2061.3 | -3132.4 | 1876.3 |
//! | subset | tax alpha kept | 389 | -6.0 | -9.9 | 0.6 |
//! | subset | tax alpha liquidated | 267 | -6.4 | -2.7 | 2.4 |
//!
//! On one path, pre-tax differences move the arms apart by thousands of dollars, so by wealth each arm wins
//! about half the time whatever the mechanism is worth. Tax alpha removes the pre-tax difference. UMA has
//! more tax alpha on most paths with outside gains or withdrawals, SMA with savings or under a lag (by less
//! than UMA's lead on the other paths). A core of six of the eight stocks has less than the specialist's
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
    (QUIET, 10, "kept", 1_250.0),
    (QUIET, 10, "liquidated", 800.0),
    (QUIET, 50, "tax alpha liquidated", 4.4),
    (SAVINGS, 9, "kept", 1_850.0),
    (SAVINGS, 9, "liquidated", 1_500.0),
    (SAVINGS, 50, "tax alpha liquidated", 3.6),
    (WITHDRAWALS, 18, "kept", 1_250.0),
    (WITHDRAWALS, 18, "liquidated", 1_400.0),
    (WITHDRAWALS, 13, "tax alpha kept", 2.3),
    (BUFFER, 17, "kept", 1_350.0),
    (BUFFER, 47, "liquidated", 1_300.0),
    (BUFFER, 50, "tax alpha liquidated", 4.4),
    (LAG, 10, "kept", 2_250.0),
    (LAG, 10, "liquidated", 1_700.0),
    (LAG, 13, "tax alpha kept", 2.8),
    (OUTSIDE, 35, "kept", 3_250.0),
    (OUTSIDE, 35, "liquidated", 3_200.0),
    (OUTSIDE, 41, "tax alpha kept", 1.8),
    (SPECIALISTS, 30, "kept", 8_500.0),
    (SPECIALISTS, 30, "liquidated", 6_500.0),
    (SPECIALISTS, 38, "tax alpha kept", 18.5),
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
    (QUIET, [203, 205, 218, 210]),
    (SAVINGS, [217, 217, 275, 214]),
    (WITHDRAWALS, [192, 201, 160, 204]),
    (BUFFER, [197, 204, 170, 210]),
    (LAG, [177, 175, 294, 251]),
    (OUTSIDE, [172, 201, 109, 178]),
    (SPECIALISTS, [211, 217, 206, 213]),
    (SUBSET, [191, 190, 389, 267]),
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
