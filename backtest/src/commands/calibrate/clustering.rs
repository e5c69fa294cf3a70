//! Estimates how the volatility of the index clusters.

use super::calibration::Calibration;
use super::returns::StockReturns;
use super::sums::{deviation, kurtosis, mean, variance};
use crate::studies::fit::{normal, student};

/// Largest lag of the autocovariances that are fitted, in sessions.
const LAGS: usize = 100;
/// Daily decay factor of the running variance that scales the shocks (`RiskMetrics` 1996).
const DECAY: f64 = 0.94;
/// Number of lags over which the leverage effect is averaged.
const LEVERAGE_LAGS: usize = 10;

/// Estimates the model `r_t = e^{h_t} z_t`, where `h` reverts by a factor `f` a day:
/// - Clustering: `cov(ln|r_t|, ln|r_{t+k}|) = spread^2 f^k` (Taylor 1986), fitted by least squares over lags
///   1 to 100.
/// - Kurtosis of the shocks: the kurtosis of returns over their running volatility.
/// - Leverage: `cov(z_t, ln|r_{t+k}|) = spread sqrt(1 - f^2) leverage f^{k-1}`, averaged over lags 1 to 10.
pub(super) fn estimate(returns: &StockReturns, made: &mut Calibration) {
    let log: Vec<f64> = returns.index.iter().map(|r| log_growth(*r)).collect();
    let m = mean(&log);
    let shocks: Vec<f64> = log.iter().map(|r| r - m).collect();
    // A return of zero has no logarithm, so small returns are raised to a floor.
    let least = 0.01 * deviation(&log);
    let size: Vec<f64> = shocks.iter().map(|r| libm::log(r.abs().max(least))).collect();
    let center = mean(&size);
    let lags = LAGS.min(size.len() / 4);
    let covariance = |k: usize| {
        let pairs = size.iter().zip(&size[k..]);
        pairs.map(|(a, b)| (a - center) * (b - center)).sum::<f64>() / size.len() as f64
    };
    let found: Vec<f64> = (1..=lags).map(covariance).collect();
    let mut best = (f64::INFINITY, 0.0, 0.0);
    for half_life in 2..=250 {
        let keep = libm::pow(0.5, 1.0 / f64::from(half_life));
        let powers: Vec<f64> = (1..=lags).map(|k| libm::pow(keep, k as f64)).collect();
        let top: f64 = powers.iter().zip(&found).map(|(p, c)| p * c).sum();
        let level = top / powers.iter().map(|p| p * p).sum::<f64>();
        let miss: f64 = powers.iter().zip(&found).map(|(p, c)| (c - level * p) * (c - level * p)).sum();
        if level > 0.0 && miss < best.0 {
            best = (miss, f64::from(half_life), level);
        }
    }
    let (_, half_life, fitted) = best;
    if half_life == 0.0 {
        made.keep("volatility", "the sizes of returns show no clustering");
        return;
    }
    let keep = libm::pow(0.5, 1.0 / half_life);
    let spread = fitted.sqrt().min(1.0);
    let mut running = variance(&log);
    let mut standard = Vec::with_capacity(shocks.len());
    for r in &shocks {
        standard.push(r / running.sqrt());
        running = DECAY * running + (1.0 - DECAY) * r * r;
    }
    let unit = deviation(&standard);
    let cross = |k: usize| {
        let pairs = standard.iter().zip(&size[k..]);
        pairs.map(|(z, s)| z / unit * (s - center)).sum::<f64>() / size.len() as f64
    };
    let wanted: f64 = (0..LEVERAGE_LAGS).map(|k| libm::pow(keep, k as f64)).sum::<f64>()
        * spread
        * (1.0 - keep * keep).sqrt();
    let leverage = ((1..=LEVERAGE_LAGS).map(cross).sum::<f64>() / wanted).clamp(-1.0, 1.0);
    let unscaled: Vec<f64> = standard.iter().map(|z| z / unit).collect();
    let tails = kurtosis(&standard).clamp(3.0, 60.0);
    made.fit.extend(normal("Index returns over their running volatility, as normal", &unscaled));
    made.fit.extend(student(
        "Index returns over their running volatility, as Student's t of their kurtosis",
        &unscaled,
        tails,
    ));
    made.scenario.volatility = unisleeve_core::market::scenario::VolatilityModel {
        spread: made.take("volatility.spread", spread),
        half_life: made.take("volatility.half_life", half_life),
        leverage: made.take("volatility.leverage", leverage),
        kurtosis: made.take("volatility.kurtosis", tails),
    };
}

/// Log growth of a simple return, `ln(1 + r)`. A total loss counts as a loss of 99.99%.
pub(super) fn log_growth(r: f64) -> f64 {
    libm::log1p(r.max(-0.9999))
}
