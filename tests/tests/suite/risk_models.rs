//! Risk models of each kind reproduce the panel's statistics, and user-supplied figures replace the
//! estimates.

use unisleeve_core::mandates::{ArmKind, Config};
use unisleeve_core::market::risk::{Estimator, RiskGroups, RiskSettings};
use unisleeve_core::market::{GivenFigures, GivenRisk, Market, Panel};
use unisleeve_core::numeric::RiskModel;
use unisleeve_core::units::SecurityId;
use unisleeve_tests::markets::{Bench, SYNTHETIC_START, Synthetic, fingerprint};
use unisleeve_tests::random::Random;

const SYNTHETIC: Synthetic = Synthetic { seed: 8, stocks: 24, end: "2003-12-31", dividends: true };

/// The panel with three sectors of stocks in one class, and each of the two funds in a class of its own.
fn grouped() -> Panel {
    let mut panel = SYNTHETIC.panel();
    for (i, s) in panel.securities.iter_mut().enumerate() {
        if i < SYNTHETIC.stocks {
            "stocks".clone_into(&mut s.asset_class);
            ["steel", "wheat", "banks"][i % 3].clone_into(&mut s.sector);
        } else {
            if i == SYNTHETIC.stocks { "stocks" } else { "bonds" }.clone_into(&mut s.asset_class);
        }
    }
    panel
}

fn model(market: &Market, settings: RiskSettings) -> RiskModel {
    let universe: Vec<SecurityId> = (0..market.securities().len() as u32).map(SecurityId).collect();
    let last = market.sessions("2003-12-01".parse().unwrap(), "2003-12-31".parse().unwrap()).last().unwrap();
    Estimator::new(&universe, settings).estimate(&last, &|_| true)
}

/// Annual variance of a fixed mix over the window, computed directly from the returns.
fn realised(market: &Market, active: &[f64], window: usize) -> f64 {
    let last = market.sessions("2003-12-01".parse().unwrap(), "2003-12-31".parse().unwrap()).last().unwrap();
    let returns: Vec<f64> = (0..window)
        .map(|t| {
            let parts = active.iter().enumerate();
            parts.map(|(s, a)| a * last.total_return(SecurityId(s as u32), t).unwrap()).sum()
        })
        .collect();
    let mean = returns.iter().sum::<f64>() / window as f64;
    returns.iter().map(|r| (r - mean) * (r - mean)).sum::<f64>() / (window - 1) as f64 * 252.0
}

/// With any structure, the model's variance of one name equals the window's, and that of random mixes is near
/// it.
#[test]
fn variances_are_those_of_the_window() {
    let market = Market::new(grouped()).unwrap();
    let n = market.securities().len();
    for groups in [RiskGroups::None, RiskGroups::AssetClass, RiskGroups::Sector] {
        let settings = RiskSettings { window: 252, groups, ..RiskSettings::default() };
        let model = model(&market, settings);
        assert!(model.specific.iter().all(|d| *d > 0.0));
        for s in 0..n {
            let one: Vec<f64> = (0..n).map(|i| if i == s { 1.0 } else { 0.0 }).collect();
            let (ours, theirs) = (model.variance(&one), realised(&market, &one, 252));
            assert!((ours / theirs - 1.0).abs() < 0.02, "{groups:?}, security {s}: {ours} against {theirs}");
            assert!((model.variance_of(s) - ours).abs() < 1e-15);
        }
        let seed = 17;
        let mut rng = Random::new(seed);
        let mut ratios = Vec::new();
        for _ in 0..200 {
            let mut mix: Vec<f64> = (0..n).map(|_| rng.normal()).collect();
            let mean = mix.iter().sum::<f64>() / n as f64;
            for x in &mut mix {
                *x -= mean;
            }
            ratios.push(libm::log(model.variance(&mix) / realised(&market, &mix, 252)));
        }
        let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
        assert!(mean.abs() < 0.15, "{groups:?}, seed {seed}: off by a factor of {}", libm::exp(mean));
    }
}

/// Groups add a factor for each class of two or more members and for each sector to the statistical factors.
#[test]
fn groups_have_factors_of_their_own() {
    let market = Market::new(grouped()).unwrap();
    let factors =
        |groups| model(&market, RiskSettings { factors: 4, groups, ..RiskSettings::default() }).factors;
    assert_eq!(factors(RiskGroups::None), 4);
    // The bond fund is alone in its class.
    assert_eq!(factors(RiskGroups::AssetClass), 4 + 1);
    // After the class factor, the sector residuals have a mean near zero because members have equal weights.
    // The mean is not exactly zero, because the stock fund is in the class but in no sector.
    assert_eq!(factors(RiskGroups::Sector), 4 + 1 + 3);
}

#[test]
fn shrinkage_brings_peers_together() {
    let market = Market::new(grouped()).unwrap();
    let spread = |shrinkage| {
        let model = model(&market, RiskSettings { shrinkage, ..RiskSettings::default() });
        let own = &model.specific[..SYNTHETIC.stocks];
        let mean = own.iter().sum::<f64>() / own.len() as f64;
        own.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>()
    };
    let [none, half, full] = [0.0, 0.5, 1.0].map(spread);
    assert!(half < 0.5 * none && full < 0.01 * none, "{none} {half} {full}");
}

/// User-supplied figures equal to the estimates give the same run to the bit.
#[test]
fn given_figures_take_the_place_of_estimates() {
    let config: Config = SYNTHETIC.config(0.7);
    let estimated = Bench::new(&[ArmKind::Uma, ArmKind::Sma], &config, &SYNTHETIC.market());
    let mut figures = GivenFigures::default();
    let days = estimated.run(ArmKind::Uma, &config).unwrap().journal.rebalancings;
    assert!(days.len() > 20 && days[0] >= SYNTHETIC_START.parse().unwrap());
    for day in days {
        let model = estimated.timeline.at(day).unwrap();
        let k = model.factors;
        figures.factors = (0..k).map(|f| format!("f{f}")).collect();
        let one = |i: usize| (0..k).map(|j| if i == j { 1.0 } else { 0.0 }).collect();
        figures.covariance.push((day, (0..k).map(one).collect()));
        for (i, s) in estimated.timeline.universe.iter().enumerate() {
            figures.exposures.push((day, *s, model.exposures[i * k..(i + 1) * k].to_vec()));
            figures.specific.push((day, *s, model.specific[i]));
        }
    }
    let market = SYNTHETIC.market();
    let given = market.clone().with_risk(GivenRisk::new(figures).unwrap());
    assert_ne!(market.hash(), given.hash(), "the data's hash covers them");
    let own = Bench::new(&[ArmKind::Uma, ArmKind::Sma], &config, &given);
    for kind in [ArmKind::Uma, ArmKind::Sma] {
        let [a, b] = [&estimated, &own].map(|bench| fingerprint(&bench.run(kind, &config).unwrap()));
        assert_eq!(a, b, "{kind:?}");
    }
}

/// Figures that begin after the start of the run are refused before it starts.
#[test]
fn figures_must_be_there_at_the_start() {
    let config = SYNTHETIC.config(0.7);
    let day = "2002-06-03".parse().unwrap();
    let figures = GivenFigures {
        factors: vec!["f".to_owned()],
        exposures: vec![(day, SecurityId(0), vec![0.2])],
        covariance: vec![(day, vec![vec![1.0]])],
        specific: vec![(day, SecurityId(0), 0.05)],
    };
    let mut market = SYNTHETIC.market().with_risk(GivenRisk::new(figures).unwrap());
    let faults = unisleeve_core::mandates::arm(ArmKind::Uma, &config, &mut market).unwrap_err();
    assert_eq!(faults[0].key, "data.risk");
}
