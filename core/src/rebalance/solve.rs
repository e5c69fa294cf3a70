//! The method: climb the true dual, fix each name to its side, solve the convex rest, flip the least decided names where
//! the gap is wide, certify.

use super::curve::Side;
use super::newton::{Blend, Point, TOLERANCE, Work, evaluate};
use super::prepared::Prepared;
use super::{Problem, ProblemError, Row};

/// A trade with its certificate: `lower_bound <= true optimum <= objective`.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// Trades, fractions of the value at hand.
    pub trades: Vec<f64>,
    /// Objective at the trades.
    pub objective: f64,
    /// Certified lower bound of the true (not convex) problem.
    pub lower_bound: f64,
    /// `ν`: marginal price of each factor's exposure.
    pub factor_prices: Vec<f64>,
    /// `μ`: marginal price of each row.
    pub row_prices: Vec<f64>,
    /// Newton steps, all phases together.
    pub steps: u32,
}

/// Steps on the true dual in one proximal round.
const TRUE_STEPS: u32 = 30;
/// `ρ`: what blending a choice costs, a fraction of the value. Of 3e-7 to 1e-4 this needed the fewest evaluations on 500
/// names (3e-6: 30% more, 1e-5: twice as many), with certified gaps of 0.035 basis points in the median.
const TIE_PRICE: f64 = 1e-6;
/// Gradient at which a round on the true dual ends: the bound it gives is off by the square of it.
const BLENDED: f64 = 1e-5;
/// Proximal rounds on the true dual at most.
const TIE_ROUNDS: u32 = 6;
/// Steps on the convex problem at most; 5 to 10 are usual.
const CONVEX_STEPS: u32 = 200;
/// A certified gap (a fraction of the value) below which no more is tried: a tenth of a basis point.
const CLOSE: f64 = 1e-5;
/// A certified gap above which names are flipped one by one: half a basis point.
const WIDE: f64 = 5e-5;
/// Passes over the undecided names at most.
const PASSES: u32 = 3;
/// Names tried beyond the number that ties can leave undecided.
const SPARE: usize = 8;
/// Least decided names that are also flipped two at a time.
const PAIRED: usize = 8;
/// Weight of the proximal term where the plain method stops short: dollars of cost for a square of the value, like `γ d`.
const PROXIMAL: f64 = 1e-3;
/// Proximal steps at most, and the change of a trade below which they end.
const PROXIMAL_STEPS: u32 = 300;
const PROXIMAL_STILL: f64 = 1e-11;
/// A row may be missed by this fraction of the value.
const FEASIBLE: f64 = 1e-9;
/// A miss below this fraction is nothing: a thousandth of a cent of a million dollars.
const NOTHING: f64 = 1e-11;
/// A miss up to this fraction is the multipliers' last digits: `u` is a price over `γ d`, and a price near 0.1 has no
/// digits below 1e-17. It is put right in the trades themselves.
const REPAIRABLE: f64 = 1e-6;

/// Solves problems one after the other in the same buffers.
#[derive(Debug, Clone, Default)]
pub struct Solver {
    work: Work,
    prepared: Prepared,
    /// The problem with a proximal term.
    proximal: Prepared,
    /// For values of the true dual on the way.
    probe: Point,
    blend: Blend,
}

/// Solves a problem, from the multipliers of an earlier solve where there are some.
///
/// # Errors
/// When the data are malformed or the rows can't be met.
pub fn solve(p: &Problem, warm: Option<&[f64]>) -> Result<Solution, ProblemError> {
    Solver::default().solve(p, warm)
}

impl Solver {
    /// Solves a problem, from the multipliers `(ν, μ)` of an earlier solve where there are some.
    ///
    /// # Errors
    /// When the data are malformed or the rows can't be met.
    pub fn solve(&mut self, p: &Problem, warm: Option<&[f64]>) -> Result<Solution, ProblemError> {
        p.check()?;
        self.prepared.fill(p, None);
        let free = free_sides(p);
        self.start(p, &free, warm);
        let choices: Vec<usize> =
            (0..p.len()).filter(|i| free[*i] == Side::Either && !p.curves[*i].is_convex()).collect();
        if choices.is_empty() {
            let steps = self.climb_convex(p, &free);
            // With a proximal term the last point's value is another problem's.
            let bound = self.truth(&free);
            return self.finish(p, bound, steps);
        }
        self.solve_choices(p, &free, &choices)
    }

    /// Proximal rounds on the true dual; after each, the names are fixed to their sides and the convex rest is solved, until
    /// the certificate is close.
    fn solve_choices(
        &mut self,
        p: &Problem,
        free: &[Side],
        choices: &[usize],
    ) -> Result<Solution, ProblemError> {
        // Each choice starts on the side that is better at the first prices, where the climb was put.
        self.blend.price = TIE_PRICE;
        self.blend.centre.clear();
        self.blend.centre.extend(self.work.at.u.iter().map(|u| if *u < 0.0 { 1.0 } else { 0.0 }));
        let (mut bound, mut steps) = (f64::NEG_INFINITY, 0);
        let mut best: Option<(Solution, Vec<Side>)> = None;
        let mut missed = None;
        let mut tried: Vec<Vec<Side>> = Vec::new();
        let mut top = Vec::new();
        for _ in 0..TIE_ROUNDS {
            steps += self.work.climb(&self.prepared, free, Some(&self.blend), TRUE_STEPS, BLENDED);
            self.blend.centre.clone_from(&self.work.at.sells);
            let truth = self.truth(free);
            bound = if truth > bound { truth } else { bound };
            top.clone_from(&self.work.at.multipliers);
            let sides = fix_sides(p, free, choices, &self.work.at.sells);
            if !tried.contains(&sides) {
                steps += self.climb_convex(p, &sides);
                let truth = self.truth(free);
                bound = if truth > bound { truth } else { bound };
                match self.finish(p, bound, steps) {
                    Ok(s) if best.as_ref().is_none_or(|b| s.objective < b.0.objective) => {
                        best = Some((s, sides.clone()));
                    }
                    Ok(_) => {}
                    Err(e) => missed = Some(e),
                }
                tried.push(sides);
            }
            if best.as_ref().is_some_and(|(s, _)| s.objective - bound <= CLOSE) {
                break;
            }
            self.work.at.multipliers.clone_from(&top);
        }
        match (best, missed) {
            (Some((s, sides)), _) => {
                let s = Solution { lower_bound: bound, steps, ..s };
                let wide = s.objective - bound > WIDE;
                if wide { Ok(self.flip(p, free, choices, s, sides)) } else { Ok(s) }
            }
            (None, Some(e)) => Err(e),
            (None, None) => Err(ProblemError::Malformed { what: "rounds", expected: "at least one" }),
        }
    }

    /// Puts the climb at the multipliers given, or at zero where those are worse: a price that no security moves with may be
    /// left far out by the last problem, and zero is never far off.
    fn start(&mut self, p: &Problem, free: &[Side], warm: Option<&[f64]>) {
        let size = self.prepared.size;
        self.probe.multipliers.clear();
        self.probe.multipliers.resize(size, 0.0);
        evaluate(&self.prepared, free, None, &mut self.probe);
        core::mem::swap(&mut self.work.at, &mut self.probe);
        if let Some(warm) = warm.filter(|w| w.len() == p.factors + p.rows.len()) {
            self.prepared.placed(warm, &mut self.probe.multipliers);
            evaluate(&self.prepared, free, None, &mut self.probe);
            if self.probe.value > self.work.at.value {
                core::mem::swap(&mut self.work.at, &mut self.probe);
            }
        }
    }

    /// The true dual at the climb's multipliers.
    fn truth(&mut self, free: &[Side]) -> f64 {
        self.probe.multipliers.clone_from(&self.work.at.multipliers);
        evaluate(&self.prepared, free, None, &mut self.probe);
        self.probe.value
    }

    /// Solves a convex problem from the climb's multipliers. Where the plain method stops with a row missed (names with hardly
    /// any variance of their own make the dual nearly piecewise linear), proximal steps solve it (Rockafellar 1976): each adds
    /// `1/2 ε |u - u₀|²` around the last trades `u₀`, and they end where the trades stand still.
    fn climb_convex(&mut self, p: &Problem, sides: &[Side]) -> u32 {
        let mut steps = self.work.climb(&self.prepared, sides, None, CONVEX_STEPS, TOLERANCE);
        if p.residual(&self.work.at.u).0 <= FEASIBLE {
            return steps;
        }
        let mut centre = self.work.at.u.clone();
        self.work.at.multipliers.fill(0.0);
        for _ in 0..PROXIMAL_STEPS {
            self.proximal.fill(p, Some((PROXIMAL, &centre)));
            steps += self.work.climb(&self.proximal, sides, None, CONVEX_STEPS, TOLERANCE);
            let mut moved = 0.0;
            for (c, u) in centre.iter_mut().zip(&self.work.at.u) {
                let by = (*u - *c).abs();
                moved = if by > moved { by } else { moved };
                *c = *u;
            }
            if moved <= PROXIMAL_STILL {
                break;
            }
        }
        steps
    }

    /// Flips the sides of the least decided names, one or two at a time, and keeps what improves. Ties leave at most about K +
    /// m names undecided (Shapley and Folkman), so no more are tried in a pass.
    fn flip(
        &mut self,
        p: &Problem,
        free: &[Side],
        choices: &[usize],
        best: Solution,
        sides: Vec<Side>,
    ) -> Solution {
        let (mut best, mut sides) = (best, sides);
        let most = p.factors + p.rows.len() + SPARE;
        for _ in 0..PASSES {
            let before = best.objective;
            let multipliers = [best.factor_prices.as_slice(), &best.row_prices].concat();
            let mut by_loss: Vec<(f64, usize)> =
                choices.iter().map(|i| (loss_of_worse_side(p, *i, &multipliers), *i)).collect();
            by_loss.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            by_loss.truncate(most);
            let names: Vec<usize> = by_loss.into_iter().map(|(_, i)| i).collect();
            // One name at a time, then two: under a cash row a name sold is often another one bought.
            let pairs = names.iter().take(PAIRED).enumerate();
            let pairs = pairs.flat_map(|(at, i)| names[..at].iter().map(move |j| vec![*j, *i]));
            let moves: Vec<Vec<usize>> = names.iter().map(|i| vec![*i]).chain(pairs).collect();
            for flipped in moves {
                if best.objective - best.lower_bound <= CLOSE {
                    return best;
                }
                let mut other = sides.clone();
                for i in flipped {
                    other[i] = if other[i] == Side::Sell { Side::Buy } else { Side::Sell };
                }
                if !p.rows.iter().all(|row| possible(range(p, row, &other), row)) {
                    continue;
                }
                let start = [best.factor_prices.as_slice(), &best.row_prices].concat();
                self.prepared.placed(&start, &mut self.work.at.multipliers);
                best.steps += self.work.climb(&self.prepared, &other, None, CONVEX_STEPS, TOLERANCE);
                let truth = self.truth(free);
                best.lower_bound = if truth > best.lower_bound { truth } else { best.lower_bound };
                if let Ok(s) = self.finish(p, best.lower_bound, best.steps)
                    && s.objective < best.objective
                {
                    (best, sides) = (s, other);
                }
            }
            if best.objective >= before - CLOSE {
                break;
            }
        }
        best
    }

    fn finish(&self, p: &Problem, lower_bound: f64, steps: u32) -> Result<Solution, ProblemError> {
        let trades = repair(p, &self.work.at.u);
        let (residual, row) = p.residual(&trades);
        if residual > FEASIBLE {
            let row = row.map_or_else(String::new, |r| r.name.clone());
            return Err(ProblemError::Unsolved { row, residual, steps });
        }
        let multipliers = self.prepared.as_given(&self.work.at.multipliers);
        let (nu, mu) = multipliers.split_at(p.factors);
        Ok(Solution {
            objective: p.objective(&trades),
            lower_bound,
            factor_prices: nu.to_vec(),
            row_prices: mu.to_vec(),
            steps,
            trades,
        })
    }
}

/// What a name's worse side loses at the multipliers.
fn loss_of_worse_side(p: &Problem, i: usize, multipliers: &[f64]) -> f64 {
    let k = p.factors;
    let mut price = 0.0;
    for (g, nu) in p.exposures[i * k..(i + 1) * k].iter().zip(multipliers) {
        price += g * nu;
    }
    for (row, mu) in p.rows.iter().zip(&multipliers[k..]) {
        price += row.coefficients[i] * mu;
    }
    let mut one = Prepared::default();
    one.push(&p.curves[i], p.risk_aversion * p.specific[i], p.active[i]);
    let value = |side| one.minimise(0, price, side).value;
    (value(Side::Buy) - value(Side::Sell)).abs()
}

/// The sides open to each name before any choice: a name that is alone in a row has its trade, and so its side, given.
fn free_sides(p: &Problem) -> Vec<Side> {
    let mut sides = vec![Side::Either; p.len()];
    for row in &p.rows {
        let mut tradable = (0..p.len()).filter(|i| {
            row.coefficients[*i] != 0.0 && (p.curves[*i].buy_limit() > 0.0 || p.curves[*i].sell_limit() > 0.0)
        });
        if let (Some(i), None) = (tradable.next(), tradable.next()) {
            // Toward a range that zero is not in; a range with zero in it leaves the side open.
            let toward = row.coefficients[i] * -row.miss(0.0);
            if toward < 0.0 {
                sides[i] = Side::Sell;
            } else if toward > 0.0 || row.low >= row.high {
                sides[i] = Side::Buy;
            }
        }
    }
    sides
}

/// Whether what a row can come to meets its bounds.
fn possible((low, high): (f64, f64), row: &Row) -> bool {
    low <= row.high && row.low <= high
}

/// Fixes each buy-or-harvest choice to the side that the greater part of it took, then flips the least decided until each
/// row can be met.
fn fix_sides(p: &Problem, free: &[Side], choices: &[usize], sells: &[f64]) -> Vec<Side> {
    let mut sides = free.to_vec();
    // (how far from a tie, the name)
    let mut by_loss: Vec<(f64, usize)> = Vec::with_capacity(choices.len());
    for i in choices.iter().copied() {
        sides[i] = if sells[i] > 0.5 { Side::Sell } else { Side::Buy };
        by_loss.push(((sells[i] - 0.5).abs(), i));
    }
    by_loss.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    for row in &p.rows {
        let (low, high) = range(p, row, &sides);
        if possible((low, high), row) {
            continue;
        }
        // Up where the row's least is above what can be reached, else down.
        let up = row.low > high;
        for (_, i) in &by_loss {
            let c = row.coefficients[*i];
            if c != 0.0 {
                sides[*i] = if (c > 0.0) == up { Side::Buy } else { Side::Sell };
                if possible(range(p, row, &sides), row) {
                    break;
                }
            }
        }
    }
    sides
}

/// What a row can come to with each name on its side.
fn range(p: &Problem, row: &Row, sides: &[Side]) -> (f64, f64) {
    let (mut low, mut high) = (0.0, 0.0);
    for ((c, curve), side) in row.coefficients.iter().zip(&p.curves).zip(sides) {
        let buy = if *side == Side::Sell { 0.0 } else { c * curve.buy_limit() };
        let sell = if *side == Side::Buy { 0.0 } else { -c * curve.sell_limit() };
        low += if buy < sell { buy } else { sell };
        high += if buy > sell { buy } else { sell };
    }
    (low, high)
}

/// Makes the rows hold to the last digit: what a row is missed by, up to [`REPAIRABLE`], goes to the names in it that mind
/// least, one after the other, as far as their bounds and the other rows let them. The objective is that of the trades as
/// they end up, so the certificate shows what it costs.
fn repair(p: &Problem, u: &[f64]) -> Vec<f64> {
    let k = p.factors;
    let mut trades = u.to_vec();
    for (r, row) in p.rows.iter().enumerate() {
        if row.miss(row.value(&trades)).abs() <= NOTHING {
            continue;
        }
        let mut open: Vec<usize> = (0..p.len()).filter(|i| row.coefficients[*i] != 0.0).collect();
        loop {
            let missed = row.miss(row.value(&trades));
            if missed.abs() <= NOTHING || missed.abs() > REPAIRABLE {
                break;
            }
            let mut exposure = vec![0.0; k];
            for i in 0..p.len() {
                for (y, g) in exposure.iter_mut().zip(&p.exposures[i * k..(i + 1) * k]) {
                    *y += g * (p.active[i] + trades[i]);
                }
            }
            let others: Vec<(&Row, f64)> = p
                .rows
                .iter()
                .enumerate()
                .filter(|(o, _)| *o != r)
                .map(|(_, o)| (o, o.value(&trades)))
                .collect();
            // The step open to each name: within its bounds, on its side of zero, and within the other rows.
            let step = |i: usize| {
                let (u, wanted) = (trades[i], -missed / row.coefficients[i]);
                let low = if u > 0.0 { 0.0 } else { -p.curves[i].sell_limit() };
                let high = if u < 0.0 { 0.0 } else { p.curves[i].buy_limit() };
                let mut to = if u + wanted < low {
                    low - u
                } else if u + wanted > high {
                    high - u
                } else {
                    wanted
                };
                for (other, value) in &others {
                    let c = other.coefficients[i];
                    // A move that brings another row nearer is free; one that takes it out of its bounds ends there.
                    if c != 0.0 && other.miss(value + c * to).abs() > other.miss(*value).abs() {
                        let room = if c * to > 0.0 { other.high - value } else { other.low - value };
                        to = if room * c * to > 0.0 { room / c } else { 0.0 };
                    }
                }
                to
            };
            let price = |i: usize| {
                let (u, m) = (trades[i], step(i));
                let (mut slope, mut bend) = (p.specific[i] * (p.active[i] + u), p.specific[i]);
                for (y, g) in exposure.iter().zip(&p.exposures[i * k..(i + 1) * k]) {
                    slope += g * y;
                    bend += g * g;
                }
                let cost = p.curves[i].cost(u + m) - p.curves[i].cost(u);
                (p.risk_aversion * (slope * m + 0.5 * bend * m * m) + cost) / m.abs()
            };
            let able = open.iter().copied().filter(|i| step(*i) != 0.0);
            let Some(i) = able.min_by(|a, b| price(*a).total_cmp(&price(*b))) else { break };
            trades[i] += step(i);
            open.retain(|j| *j != i);
        }
    }
    trades
}
