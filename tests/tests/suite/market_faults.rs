//! Faulty prices: gaps, listings, delistings, and invalid panels.

use unisleeve_core::mandates::ArmKind;
use unisleeve_core::market::{Market, MarketError, Panel};
use unisleeve_core::study::{Scope, StudyError, study};
use unisleeve_core::units::{Price, SecurityId};
use unisleeve_tests::day;
use unisleeve_tests::markets::{Bench, Synthetic};
use unisleeve_tests::random::Random;

const KINDS: [ArmKind; 6] =
    [ArmKind::Uma, ArmKind::SmaBest, ArmKind::Sma, ArmKind::SmaTypical, ArmKind::Funds, ArmKind::Shadow];
const BASE: Synthetic = Synthetic { seed: 31, stocks: 8, end: "2004-06-30", dividends: true };

/// Removes a security's prices from one date to another.
fn gap(panel: &mut Panel, security: usize, from: &str, to: &str) {
    let n = panel.securities.len();
    for (t, date) in panel.sessions.iter().enumerate() {
        if (day(from)..=day(to)).contains(date) {
            panel.closes[t * n + security] = Price::ZERO;
        }
    }
}

/// Runs all arms and checks that no trade happened without a price.
fn runs(what: &str, panel: Panel) {
    let (n, sessions, closes) = (panel.securities.len(), panel.sessions.clone(), panel.closes.clone());
    let config = BASE.config(0.6);
    let bench = Bench::new(&KINDS, &config, &Market::new(panel).unwrap());
    for kind in KINDS {
        let result = bench.run(kind, &config).unwrap_or_else(|e| panic!("{what}, {kind:?}: {e}"));
        for t in &result.journal.trades {
            let at = sessions.iter().position(|d| *d == t.date).unwrap();
            assert_eq!(closes[at * n + t.security.index()], t.price, "{what}, {kind:?}, {}", t.date);
            assert!(t.price.is_positive(), "{what}, {kind:?}: a trade without a price on {}", t.date);
        }
        for w in result.journal.marks.windows(2) {
            let (before, after) = (w[0].value.to_f64(), (w[1].value + w[1].tax_paid).to_f64());
            assert!(
                (0.8..1.25).contains(&(after / before)),
                "{what}, {kind:?}: {before} to {after} on {}",
                w[1].date
            );
        }
        assert!(result.ruin.is_none());
    }
}

#[test]
fn a_gap_over_a_rebalancing_day() {
    let mut panel = BASE.panel();
    gap(&mut panel, 2, "2002-09-20", "2002-10-10");
    gap(&mut panel, 3, "2003-03-03", "2003-03-03");
    runs("a gap", panel);
}

#[test]
fn a_gap_on_the_first_day() {
    let mut panel = BASE.panel();
    gap(&mut panel, 1, "2001-12-28", "2002-01-08");
    runs("a gap on the first day", panel);
}

#[test]
fn a_stock_that_is_delisted() {
    let mut panel = BASE.panel();
    gap(&mut panel, 4, "2002-11-15", "2099-12-31");
    runs("a delisting", panel);
}

#[test]
fn a_stock_that_is_listed_later() {
    let mut panel = BASE.panel();
    gap(&mut panel, 0, "1990-01-01", "2002-05-14");
    runs("a late listing", panel);
}

#[test]
fn a_day_without_any_price() {
    let mut panel = BASE.panel();
    for s in 0..panel.securities.len() {
        gap(&mut panel, s, "2002-08-01", "2002-08-01");
    }
    runs("a day without prices", panel);
}

/// A bill that is due on a day without prices can be paid on the next session.
#[test]
fn a_tax_day_without_any_price() {
    let mut panel = BASE.panel();
    for s in 0..panel.securities.len() {
        gap(&mut panel, s, "2003-04-15", "2003-04-15");
        gap(&mut panel, s, "2004-04-15", "2004-04-15");
    }
    runs("a tax day without prices", panel);
}

#[test]
fn holes_everywhere() {
    for seed in 0..5 {
        let mut panel = BASE.panel();
        let mut rng = Random::new(seed);
        for price in &mut panel.closes {
            if rng.chance(0.1) {
                *price = Price::ZERO;
            }
        }
        runs(&format!("holes, seed {seed}"), panel);
    }
}

/// Constant prices give no variance to estimate.
#[test]
fn a_security_that_never_moves() {
    let mut panel = BASE.panel();
    let n = panel.securities.len();
    for row in panel.closes.chunks_exact_mut(n) {
        row[5] = Price::whole(50);
        row[n - 1] = Price::whole(100);
    }
    panel.distributions.retain(|(_, d)| d.security.index() != 5);
    runs("a flat price", panel);
}

#[test]
fn panels_that_are_refused() {
    let good = BASE.panel();
    let n = good.securities.len();
    let refused = |change: &dyn Fn(&mut Panel)| {
        let mut panel = good.clone();
        change(&mut panel);
        Market::new(panel).expect_err("a fault")
    };
    let e = refused(&|p| p.sessions.swap(10, 11));
    assert!(
        matches!(e, MarketError::Unsorted { previous, found } if previous == good.sessions[11] && found == good.sessions[10])
    );
    assert!(matches!(refused(&|p| p.sessions[11] = p.sessions[10]), MarketError::Unsorted { .. }));
    let e = refused(&|p| p.closes[7 * n + 2] = Price::from_raw(-1));
    assert!(
        matches!(&e, MarketError::BadPrice { symbol, date, .. } if symbol == "S2" && *date == good.sessions[7]),
        "{e}"
    );
    let e = refused(&|p| p.closes.truncate(p.closes.len() - 1));
    assert!(matches!(e, MarketError::Shape { found, expected } if found + 1 == expected));
    assert!(matches!(refused(&|p| p.sessions.clear()), MarketError::Empty { sessions: 0, .. }));
    assert!(matches!(refused(&|p| p.securities.clear()), MarketError::Empty { securities: 0, .. }));
    let e = refused(&|p| p.distributions[0].1.security = SecurityId(99));
    assert!(matches!(e, MarketError::Distribution { security: 99, .. }));
    assert!(matches!(refused(&|p| p.distributions[0].0 = 1_000_000), MarketError::Distribution { .. }));
}

#[test]
fn faults_of_a_configuration_are_collected() {
    let market = BASE.market();
    let mut config = BASE.config(0.6);
    config.policy[0].stocks[1] = "NOBODY".to_owned();
    config.policy[1].fund = "NOTHING".to_owned();
    let Err(StudyError::Config { faults }) = study(&config, &market, Scope::EqualGamma, &mut |_| {}) else {
        panic!("a study with unknown symbols")
    };
    let text: Vec<String> = faults.iter().map(|f| format!("{}: {}", f.key, f.message)).collect();
    for symbol in ["NOBODY", "NOTHING"] {
        assert!(text.iter().any(|t| t.contains(symbol)), "{text:?}");
    }
    let mut config = BASE.config(0.6);
    config.end = config.start;
    config.policy[0].weight = 0.5;
    config.trading.spread_bps = f64::NAN;
    let Err(StudyError::Config { faults }) = study(&config, &market, Scope::EqualGamma, &mut |_| {}) else {
        panic!("a study with faults")
    };
    assert_eq!(faults.len(), 3, "{faults:?}");
}

/// An index of stocks without a price at the start of the run can't be built.
#[test]
fn an_index_without_prices() {
    let mut panel = BASE.panel();
    for s in 0..8 {
        gap(&mut panel, s, "1990-01-01", "2002-05-14");
    }
    let result = study(&BASE.config(0.6), &Market::new(panel).unwrap(), Scope::EqualGamma, &mut |_| {});
    assert!(matches!(result, Err(StudyError::Config { .. })), "no member has a price");
}

#[test]
fn dates_outside_the_prices() {
    let mut config = BASE.config(0.6);
    config.start = day("2010-01-04");
    config.end = day("2011-01-04");
    let result = study(&config, &BASE.market(), Scope::EqualGamma, &mut |_| {});
    assert!(result.is_err(), "no session to run over");
}
