//! Random optimization problems, with the cost curves from before they enter the optimizer.

use unisleeve_core::solver::{Curve, Problem, Row, Segment};

use crate::random::Random;

/// A problem, and the segments that its curves are built from.
#[derive(Debug, Clone)]
pub struct Instance {
    /// The problem in the optimizer's form.
    pub problem: Problem,
    /// Segments of the selling side, by name.
    pub sells: Vec<Vec<Segment>>,
    /// Cost of buying one dollar, by name.
    pub buy_costs: Vec<f64>,
    /// Limit of purchases in dollars, by name.
    pub buy_limits: Vec<f64>,
}

/// Size and kind of the problem.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Number of names.
    pub names: usize,
    /// Number of factors.
    pub factors: usize,
    /// Largest number of lots of a name.
    pub lots: usize,
    /// Fraction of lots at a loss. 0 gives a convex problem.
    pub at_a_loss: f64,
    /// Number of rows. The first is the cash row over all names; the others are groups of names.
    pub rows: usize,
    /// Number of bands. Each bounds a group of names around the value at some feasible trade. No name is in
    /// two groups.
    pub bands: usize,
}

/// A portfolio near its benchmark, with lots at gains and losses. Volatilities are 10 to 50% a year, half
/// spreads 2 to 20 basis points, and tax is up to 15% of each dollar sold.
pub fn random(rng: &mut Random, shape: Shape) -> Instance {
    let Shape { names: n, factors: k, .. } = shape;
    let raw: Vec<f64> = (0..n).map(|_| rng.between(0.2, 2.0)).collect();
    let sum: f64 = raw.iter().sum();
    let (mut active, mut sells, mut curves) = (Vec::new(), Vec::new(), Vec::new());
    let (mut buy_costs, mut buy_limits) = (Vec::new(), Vec::new());
    for weight in raw.iter().map(|w| w / sum) {
        let held = if rng.chance(0.1) { 0.0 } else { weight * rng.between(0.3, 1.7) };
        let half = rng.between(0.0002, 0.002);
        let lots = if held > 0.0 { 1 + rng.below(shape.lots) } else { 0 };
        let parts: Vec<f64> = (0..lots).map(|_| rng.between(0.1, 1.0)).collect();
        let total: f64 = parts.iter().sum();
        let stretches: Vec<Segment> = parts
            .iter()
            .map(|part| {
                let tax = if rng.chance(shape.at_a_loss) {
                    rng.between(-0.08, 0.0)
                } else {
                    rng.between(0.0, 0.15)
                };
                Segment::new(held * part / total, half + tax)
            })
            .collect();
        let limit = if rng.chance(0.1) { 0.0 } else { rng.between(0.5, 1.5) * weight };
        active.push(held - weight);
        curves.push(Curve::new(&stretches, half, limit));
        sells.push(stretches);
        buy_costs.push(half);
        buy_limits.push(limit);
    }
    let exposures = (0..n * k).map(|_| 0.15 / (1.0 + k as f64).sqrt() * rng.normal()).collect();
    let specific = (0..n)
        .map(|_| {
            let vol = rng.between(0.1, 0.5);
            vol * vol
        })
        .collect();
    let mut rows = Vec::new();
    for r in 0..shape.rows {
        let member: Vec<bool> = (0..n).map(|i| r == 0 || i % (shape.rows - 1) == r - 1).collect();
        let coefficients: Vec<f64> = member.iter().map(|m| if *m { 1.0 } else { 0.0 }).collect();
        // Values at one trade within the bounds, so that the rows are feasible together.
        rows.push(Row::equal(format!("row {r}"), coefficients, 0.0));
    }
    let trade: Vec<f64> = (0..n)
        .map(|i| {
            let sold: f64 = sells[i].iter().map(|s| s.width).sum();
            if rng.chance(0.5) { 0.3 * buy_limits[i] * rng.unit() } else { -0.3 * sold * rng.unit() }
        })
        .collect();
    for row in &mut rows {
        let value: f64 = row.coefficients.iter().zip(&trade).map(|(c, u)| c * u).sum();
        (row.low, row.high) = (value, value);
    }
    for b in 0..shape.bands {
        let coefficients: Vec<f64> = (0..n).map(|i| if i % shape.bands == b { 1.0 } else { 0.0 }).collect();
        let mut band = Row::within(format!("band {b}"), coefficients, 0.0, 0.0);
        let value = band.value(&trade);
        let width = if rng.chance(0.2) { 0.0 } else { rng.between(0.0, 0.02) };
        (band.low, band.high) = (value - width * rng.unit(), value + width * rng.unit());
        match rng.below(5) {
            0 => band.high = f64::INFINITY,
            1 => band.low = f64::NEG_INFINITY,
            _ => {}
        }
        rows.push(band);
    }
    let risk_aversion = [1.0, 5.0, 25.0, 100.0][rng.below(4)];
    let problem = Problem {
        risk_aversion,
        factors: k,
        exposures,
        specific,
        active,
        curves,
        rows,
        ..Problem::default()
    };
    Instance { problem, sells, buy_costs, buy_limits }
}
