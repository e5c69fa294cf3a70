//! The scenario's factors as a risk model.
//!
//! Factors of unit variance: the market, what the other asset classes share beside it, sectors, styles. For
//! stock `i` with beta `b`, and for a fund of class `c` with correlation `r` to the market factor, a year:
//!
//! ```text
//! stock   b s_market on the market, s_sector on its sector, l_k s_k on style k;  specific variance s_i^2
//! fund    r s_c on the market, u L_cj on shared factor j;  specific variance TE^2 + m u^2,  u^2 = s_c^2 (1 - r^2)
//! ```
//!
//! `L L' = C - m I`, with `C` the correlations of what the market leaves of the classes. `m` is as large as that
//! allows, in twentieths: covariances are the same with any `m`, and the optimizer converges faster where
//! specific variances are not tiny. A class of several funds has `m = 0`, since they share all of it. A fund of the stock class has the exposures of the
//! index at the last close before the futures. What single names add to it is left out (4% of its variance with
//! 100 names, 1% with 500): specific variances on a diagonal would count it as active risk of the fund against
//! the same names, and of one such fund against another.
//!
//! The figures are long-run means: they don't follow volatility through time, and leave out periods, mergers
//! and failures.

use super::config::Scenario;
use super::factors::FactorModel;
use super::names::Names;
use unisleeve_numeric::{RiskModel, cholesky};

/// Smallest specific variance, annual: a tracking error of 0.1%. It keeps the optimizer's problem strictly
/// convex.
const LEAST: f64 = 1e-6;

/// The risk model of a path's market, for its securities in order: members, funds, additions. `caps` are the
/// members' caps at the last close before the futures, on any scale.
pub(super) fn risk(
    scenario: &Scenario,
    model: &FactorModel,
    names: &Names,
    caps: &[f64],
    fund_classes: &[usize],
) -> RiskModel {
    let (classes, members) = (model.classes.len(), caps.len());
    let sectors = classes + model.sectors;
    let factors = sectors + model.styles.len();
    let securities = names.len() + fund_classes.len();
    let mut risk = RiskModel {
        factors,
        exposures: Vec::with_capacity(securities * factors),
        specific: Vec::with_capacity(securities),
    };
    let stock = |risk: &mut RiskModel, i: usize| {
        let from = risk.exposures.len();
        risk.exposures.resize(from + factors, 0.0);
        let row = &mut risk.exposures[from..];
        row[0] = names.beta[i] * model.market;
        row[classes + names.sector[i] as usize] = model.sector;
        for ((to, loadings), volatility) in row[sectors..].iter_mut().zip(&names.styles).zip(&model.styles) {
            *to = loadings[i] * volatility;
        }
        risk.specific.push(or_least(names.specific[i] * names.specific[i]));
    };
    for i in 0..members {
        stock(&mut risk, i);
    }
    let mut index = vec![0.0; factors];
    let mut total = 0.0;
    for (cap, row) in caps.iter().zip(risk.exposures.chunks_exact(factors)) {
        total += cap;
        for (to, x) in index.iter_mut().zip(row) {
            *to += cap * x;
        }
    }
    let shared = Shared::new(model, fund_classes);
    for (fund, class) in scenario.funds.iter().zip(fund_classes) {
        let mut specific = fund.tracking_error * fund.tracking_error;
        if *class == 0 {
            risk.exposures.extend(index.iter().map(|x| x / total));
        } else {
            let from = risk.exposures.len();
            risk.exposures.resize(from + factors, 0.0);
            let to_market = model.mix[*class][0];
            let left = model.classes[*class] * (1.0 - to_market * to_market).sqrt();
            let row = &mut risk.exposures[from..from + classes];
            row[0] = model.classes[*class] * to_market;
            for (to, l) in row[1..].iter_mut().zip(&shared.root[*class - 1]) {
                *to = left * l;
            }
            specific += shared.apart[*class - 1] * left * left;
        }
        risk.specific.push(or_least(specific));
    }
    for i in members..names.len() {
        stock(&mut risk, i);
    }
    risk
}

/// What the market leaves of the classes after the first, at unit variance: the parts that they share and those
/// that are a class's own.
struct Shared {
    /// Exposures to the shared factors, by class.
    root: Vec<Vec<f64>>,
    /// Variance of a class's own part.
    apart: Vec<f64>,
}

impl Shared {
    fn new(model: &FactorModel, fund_classes: &[usize]) -> Self {
        /// Own parts are reduced in steps of one part of this many.
        const PARTS: u32 = 20;
        let rest: Vec<&[f64]> = model.mix.iter().skip(1).map(|row| &row[1..]).collect();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).fold(0.0, |sum, (x, y)| sum + x * y);
        let scale: Vec<f64> = rest.iter().map(|row| dot(row, row).sqrt()).collect();
        let is_single = |class: usize| fund_classes.iter().filter(|c| **c == class).count() <= 1;
        let split = |part: u32| {
            let own = f64::from(part) / f64::from(PARTS);
            let apart: Vec<f64> = (0..rest.len()).map(|c| if is_single(c + 1) { own } else { 0.0 }).collect();
            let matrix: Vec<Vec<f64>> = (0..rest.len())
                .map(|c| {
                    let with = |d: usize| {
                        let both = scale[c] * scale[d];
                        match (c == d, both > 0.0) {
                            (true, _) => 1.0 - apart[c],
                            (false, true) => dot(rest[c], rest[d]) / both,
                            (false, false) => 0.0,
                        }
                    };
                    (0..rest.len()).map(with).collect()
                })
                .collect();
            cholesky(&matrix).map(|root| Self { root, apart })
        };
        let none = Self { root: vec![Vec::new(); rest.len()], apart: vec![1.0; rest.len()] };
        (0..=PARTS).rev().find_map(|part| split(part).ok()).unwrap_or(none)
    }
}

fn or_least(variance: f64) -> f64 {
    if variance > LEAST { variance } else { LEAST }
}
