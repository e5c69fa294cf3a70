//! Portfolios for the benches.

use chrono::NaiveDate;
use unisleeve_core::portfolio::{AccountIn, GroupIn, LotIn, ONLY_ACCOUNT, Portfolio, SecurityIn};
use unisleeve_core::tax::TaxRates;
use unisleeve_core::units::AccountKind;
use unisleeve_tests::day;
use unisleeve_tests::random::Random;

const NAMES: usize = 500;
const FACTORS: usize = 20;
const LOTS: usize = 10;
/// Portfolio value in dollars.
const VALUE: f64 = 5e6;
/// Distance from the current weight to either end of a band.
const BAND: f64 = 0.01;
/// Standard deviation of a price's monthly return.
const MOVE: f64 = 0.05;

fn lots(rng: &mut Random, name: usize, dollars: f64, price: f64) -> Vec<LotIn> {
    let parts: Vec<f64> = (0..LOTS).map(|_| rng.between(0.1, 1.0)).collect();
    let total: f64 = parts.iter().sum();
    let lot = |(j, part): (usize, &f64)| {
        let worth = dollars * part / total;
        let ratio = if rng.chance(1.0 / 3.0) { rng.between(1.0, 1.3) } else { rng.between(0.4, 1.0) };
        LotIn {
            id: format!("{name}.{j}"),
            account: None,
            quantity: worth / price,
            basis: worth * ratio,
            acquired: if rng.chance(0.4) { day("2025-10-01") } else { day("2021-03-01") },
            holding_start: None,
            disallowed_if_sold: rng.chance(0.05),
            disallowed_shares: None,
        }
    };
    parts.iter().enumerate().map(lot).collect()
}

/// An index of 500 names with 10 lots each, a third of the lots at a loss, and 20 correlated factors.
/// Constraints: cash, 11 sector bands and 3 asset-class bands.
pub fn portfolio(seed: u64) -> Portfolio {
    let mut rng = Random::new(seed);
    let raw: Vec<f64> = (0..NAMES).map(|_| rng.between(0.2, 2.0)).collect();
    let sum: f64 = raw.iter().sum::<f64>() / 0.99;
    let mut securities = Vec::new();
    for (i, weight) in raw.iter().map(|w| w / sum).enumerate() {
        let price = rng.between(5.0, 500.0);
        let held = if rng.chance(0.1) { 0.0 } else { VALUE * weight * rng.between(0.3, 1.7) };
        let volatility = rng.between(0.1, 0.5);
        securities.push(SecurityIn {
            symbol: format!("S{i:03}"),
            price,
            benchmark_weight: weight,
            exposures: (0..FACTORS)
                .map(|k| if k == 0 { rng.between(0.6, 1.4) } else { rng.normal() })
                .collect(),
            specific_variance: volatility * volatility,
            spread_bps: rng.between(2.0, 20.0),
            max_weight: None,
            can_buy: !rng.chance(0.05),
            can_sell: true,
            lots: if held > 0.0 { lots(&mut rng, i, held, price) } else { Vec::new() },
        });
    }
    // A market factor, and style factors that are correlated with it and with each other.
    let covariance = |i: usize, j: usize| match (i, j) {
        (0, 0) => 0.03,
        (i, j) if i == j => 0.0012,
        (0, _) | (_, 0) => 0.0003,
        _ => 0.0002,
    };
    let mut p = Portfolio {
        date: NaiveDate::default(),
        accounts: vec![AccountIn {
            id: ONLY_ACCOUNT.to_owned(),
            kind: AccountKind::Taxable,
            cash: 0.02 * VALUE,
        }],
        securities,
        factor_covariance: (0..FACTORS).map(|i| (0..FACTORS).map(|j| covariance(i, j)).collect()).collect(),
        rates: TaxRates { short: 0.408, long: 0.238 },
        deferral: None,
        risk_aversion: Some(25.0),
        max_tracking_error: None,
        cash_target: (0.0, 0.01),
        groups: Vec::new(),
        gains_budget: None,
        turnover_cap: None,
        min_trade: None,
        harvest_threshold: 0.0,
    };
    p.date = day("2026-03-02");
    let value = p.value();
    for (kind, groups) in [("sector", 11), ("asset class", 3)] {
        for g in 0..groups {
            let members = p.securities.iter().enumerate().filter(|(i, _)| i % groups == g);
            let (mut held, mut symbols) = (0.0, Vec::new());
            for (_, s) in members {
                symbols.push(s.symbol.clone());
                held += s.lots.iter().map(|l| l.quantity * s.price / value).sum::<f64>();
            }
            p.groups.push(GroupIn {
                name: format!("{kind} {g}"),
                symbols,
                min: held - BAND,
                max: held + BAND,
            });
        }
    }
    p
}

/// The same portfolio a month later without trades: prices and benchmark weights have changed.
pub fn later(p: &Portfolio, seed: u64) -> Portfolio {
    let mut rng = Random::new(seed + 1_000);
    let mut later = p.clone();
    later.date = day("2026-04-01");
    let mut total = 0.0;
    for s in &mut later.securities {
        let by = 1.0 + MOVE * rng.normal();
        s.price *= by;
        s.benchmark_weight *= by;
        total += s.benchmark_weight;
    }
    for s in &mut later.securities {
        s.benchmark_weight *= 0.99 / total;
    }
    later
}
