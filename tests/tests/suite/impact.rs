//! Market impact: the square-root law, charged to the cent and considered by the optimizer.

use unisleeve_core::books::journal::{Side, Trade};
use unisleeve_core::mandates::{ArmKind, Config, arm};
use unisleeve_core::market::Market;
use unisleeve_core::units::{Money, Price, Shares};
use unisleeve_tests::markets::{Bench, Synthetic, fingerprint};

const SYNTHETIC: Synthetic = Synthetic { seed: 5, stocks: 12, end: "2003-06-30", dividends: true };

/// A market in which every security trades this many shares a day.
fn market(shares: i64) -> Market {
    let mut panel = SYNTHETIC.panel();
    panel.volumes = vec![Shares::from_raw(shares * 1_000_000); panel.closes.len()];
    Market::new(panel).unwrap()
}

fn config(impact: f64) -> Config {
    let mut config = SYNTHETIC.config(0.6);
    config.trading.impact = impact;
    config
}

fn trades(impact: f64, shares: i64, kind: ArmKind) -> Vec<Trade> {
    let config = config(impact);
    Bench::new(&[kind], &config, &market(shares)).run(kind, &config).unwrap().journal.trades
}

/// `c σ sqrt(x/V)` on top of half the spread, recomputed from the first day's purchases with the model's own
/// volatility.
#[test]
fn each_purchase_pays_the_square_root_of_its_size() {
    let config = config(1.0);
    let bench = Bench::new(&[ArmKind::Uma], &config, &market(20_000));
    let run = bench.run(ArmKind::Uma, &config).unwrap();
    let first = run.journal.trades.first().unwrap().date;
    let risk = bench.timeline.at(first).unwrap();
    let mut checked = 0;
    for t in run.journal.trades.iter().filter(|t| t.date == first && t.side == Side::Buy) {
        let place = bench.timeline.places[t.security.index()].unwrap() as usize;
        let known = bench.market.sessions(first, first).next().unwrap();
        // Each security trades the same number of shares every day, so its dollar volume is that number times
        // the month's mean price.
        let closes: Vec<f64> = bench
            .market
            .sessions(config.start.checked_sub_days(chrono::Days::new(60)).unwrap(), first)
            .filter_map(|v| v.close(t.security))
            .map(Price::to_f64)
            .collect();
        let month = &closes[closes.len() - 21..];
        let volume = 20_000.0 * month.iter().sum::<f64>() / 21.0;
        let daily = (risk.variance_of(place) / 252.0).sqrt();
        let rate = 0.0002 + daily * (t.amount.to_f64() / volume).sqrt();
        assert!((t.cost.to_f64() - t.amount.to_f64() * rate).abs() < 1e-6 * t.amount.to_f64(), "{t:?}");
        assert!(known.dollar_volume(t.security, 21).is_some());
        checked += 1;
    }
    assert!(checked >= 10, "{checked} purchases");
}

/// In thinly traded names the optimizer trades less, and no balance is negative.
#[test]
fn thin_names_are_traded_less() {
    for kind in [ArmKind::Uma, ArmKind::Sma, ArmKind::Shadow] {
        let turnover = |shares| -> Money { trades(1.0, shares, kind).iter().map(|t| t.amount).sum() };
        let (thick, thin) = (turnover(1_000_000), turnover(300));
        if kind == ArmKind::Shadow {
            assert!(thin.is_positive());
        } else {
            assert!(thin.to_f64() < 0.9 * thick.to_f64(), "{kind:?}: {thin} against {thick}");
        }
    }
}

/// Impact needs volumes. Without them a run reports this before it starts.
#[test]
fn volumes_are_needed() {
    let mut market = SYNTHETIC.market();
    let faults = arm(ArmKind::Uma, &config(1.0), &mut market).unwrap_err();
    assert_eq!(faults[0].key, "trading.impact");
    assert!(faults[0].message.starts_with("no volumes"), "{}", faults[0].message);
}

/// A coefficient of zero equals no coefficient, whatever the volumes.
#[test]
fn zero_is_none() {
    let run = |shares| {
        let config = config(0.0);
        fingerprint(
            &Bench::new(&[ArmKind::Uma], &config, &market(shares)).run(ArmKind::Uma, &config).unwrap(),
        )
    };
    assert_eq!(run(300), run(1_000_000));
}
