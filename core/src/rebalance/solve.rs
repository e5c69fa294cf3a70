//! The method: climb the true dual, fix each name to its side, solve the convex rest, flip the least decided names where
//! the gap is wide, certify.

use super::curve::Side;
use super::dual::{Blend, Dual, Point};
use super::lanes::{add, dot};
use super::newton::{TOLERANCE, Work};
use super::prepared::Prepared;
use super::repair::{NOTHING, repair};
use super::sides::{all_possible, fix_sides, free_sides};
use super::together::settle;
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
/// Gradient at which a round on the true dual ends: the bound it gives is off by the square of it. 3e-4 would save one
/// evaluation in twenty, with slightly wider gaps on the sample.
const BLENDED: f64 = 1e-5;
/// Proximal rounds on the true dual at most.
const TIE_ROUNDS: usize = 6;
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
/// Newton steps after which proximal steps are given up: a page must not freeze over a problem that does not converge. The badly
/// scaled problems of the tests need some hundreds.
const PATIENCE: u32 = 1_500;
const PROXIMAL_STILL: f64 = 1e-11;
/// A row may be missed by this fraction of the value.
const FEASIBLE: f64 = 1e-9;

/// Trades that meet the rows.
#[derive(Debug, Clone, Default)]
struct Found {
    trades: Vec<f64>,
    objective: f64,
    /// `(ν, μ)`, rows by place, and the sides they were found on.
    multipliers: Vec<f64>,
    sides: Vec<Side>,
}

/// Solves problems one after the other in the same buffers: after the first of a size nothing is allocated but the solution,
/// unless the gap stays wide or a row is missed.
#[derive(Debug, Clone, Default)]
pub struct Solver {
    work: Work,
    prepared: Prepared,
    /// The problem with a proximal term.
    proximal: Prepared,
    /// For a second start.
    other: Point,
    blend: Blend,
    /// The sides open before any choice, and the buy-or-harvest choices.
    free: Vec<Side>,
    choices: Vec<usize>,
    /// The sides of the convex rest; those tried in this solve are the first `tries`.
    sides: Vec<Side>,
    tried: Vec<Vec<Side>>,
    tries: usize,
    order: Vec<(f64, usize)>,
    /// Where the blended climb got to.
    top: Vec<f64>,
    /// `G'(a+u)` and what the rows come to.
    sums: Vec<f64>,
    /// The latest trades and the best.
    latest: Found,
    best: Found,
    has_best: bool,
    bound: f64,
    steps: u32,
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
        free_sides(p, &mut self.free);
        self.choices.clear();
        let open = |i: &usize| self.free[*i] == Side::Either && !p.curves[*i].is_convex();
        self.choices.extend((0..p.len()).filter(open));
        (self.bound, self.steps, self.tries, self.has_best) = (f64::NEG_INFINITY, 0, 0, false);
        self.start(p, warm);
        if self.choices.is_empty() {
            self.sides.clone_from(&self.free);
            self.climb_rest(p);
            self.finish(p)?;
        } else {
            self.solve_choices(p)?;
        }
        let (factor_prices, row_prices) =
            (self.best.multipliers[..p.factors].to_vec(), self.prepared.row_prices(&self.best.multipliers));
        Ok(Solution {
            trades: self.best.trades.clone(),
            objective: self.best.objective,
            lower_bound: self.bound,
            factor_prices,
            row_prices,
            steps: self.steps,
        })
    }

    /// Proximal rounds on the true dual; after each, the names are fixed to their sides and the convex rest is solved, until
    /// the certificate is close.
    fn solve_choices(&mut self, p: &Problem) -> Result<(), ProblemError> {
        // Each choice starts on the side that is better at the first prices, where the climb was put.
        self.blend.price = TIE_PRICE;
        self.blend.centre.clear();
        self.blend.centre.extend(self.work.at.u.iter().map(|u| if *u < 0.0 { 1.0 } else { 0.0 }));
        let mut missed = None;
        for round in 0..TIE_ROUNDS {
            let blend = Some(&self.blend);
            let blended = Dual { prepared: &self.prepared, curves: &p.curves, sides: &self.free, blend };
            if round > 0 {
                self.work.at.multipliers.clone_from(&self.top);
            }
            blended.evaluate(&mut self.work.at);
            self.steps += self.work.climb(&blended, TRUE_STEPS, BLENDED);
            self.blend.centre.clone_from(&self.work.at.sells);
            self.top.clone_from(&self.work.at.multipliers);
            self.bound = higher(self.bound, self.work.at.truth);
            fix_sides(p, &self.free, &self.choices, &self.blend.centre, &mut self.order, &mut self.sides);
            let mut tried = self.try_sides(p);
            if tried.is_err() && self.settle(p) {
                tried = self.try_sides(p);
            }
            if let Err(e) = tried {
                missed = Some(e);
            }
            if self.has_best && self.gap() <= CLOSE {
                return Ok(());
            }
        }
        match missed {
            Some(e) if !self.has_best => Err(e),
            _ => {
                if self.gap() > WIDE {
                    self.flip(p);
                }
                Ok(())
            }
        }
    }

    /// Turns names around until the rows can be met together on `self.sides`; true where that changed a side.
    fn settle(&mut self, p: &Problem) -> bool {
        let before = self.sides.clone();
        let undecided: Vec<f64> = self.choices.iter().map(|i| (self.blend.centre[*i] - 0.5).abs()).collect();
        settle(p, &self.choices, &undecided, &mut self.sides) && self.sides != before
    }

    /// Solves the convex rest on `self.sides`, unless that was done before.
    fn try_sides(&mut self, p: &Problem) -> Result<(), ProblemError> {
        if self.tried[..self.tries].contains(&self.sides) {
            return Ok(());
        }
        if self.tries == self.tried.len() {
            self.tried.push(Vec::new());
        }
        self.tried[self.tries].clone_from(&self.sides);
        self.tries += 1;
        self.climb_rest(p);
        self.finish(p)
    }

    fn gap(&self) -> f64 {
        self.best.objective - self.bound
    }

    /// Puts the climb at the multipliers given, or at zero where those are worse: a price that no security moves with may be
    /// left far out by the last problem, and zero is never far off.
    fn start(&mut self, p: &Problem, warm: Option<&[f64]>) {
        let dual = Dual { prepared: &self.prepared, curves: &p.curves, sides: &self.free, blend: None };
        self.work.at.multipliers.clear();
        self.work.at.multipliers.resize(self.prepared.wide, 0.0);
        dual.evaluate(&mut self.work.at);
        if let Some(warm) = warm.filter(|w| w.len() == p.factors + p.rows.len()) {
            self.prepared.placed(warm, &mut self.other.multipliers);
            dual.evaluate(&mut self.other);
            if self.other.value > self.work.at.value {
                core::mem::swap(&mut self.work.at, &mut self.other);
            }
        }
        self.bound = higher(self.bound, self.work.at.truth);
    }

    /// Solves the convex problem on `self.sides` from where the climb stands. Where the plain method stops with a row missed
    /// (names with hardly any variance of their own make the dual nearly piecewise linear), proximal steps solve it
    /// (Rockafellar 1976): each adds `1/2 ε |u - u₀|²` around the last trades `u₀`, and they end where the trades stand still.
    fn climb_rest(&mut self, p: &Problem) {
        let plain = Dual { prepared: &self.prepared, curves: &p.curves, sides: &self.sides, blend: None };
        plain.respond(&mut self.work.at);
        self.steps += self.work.climb(&plain, CONVEX_STEPS, TOLERANCE);
        if self.missed(p, &self.work.at.gradient).0 > FEASIBLE && self.can_be_met(p) {
            let patience = self.steps + PATIENCE;
            let mut centre = self.work.at.u.clone();
            self.work.at.multipliers.fill(0.0);
            for _ in 0..PROXIMAL_STEPS {
                self.proximal.fill(p, Some((PROXIMAL, &centre)));
                let proximal =
                    Dual { prepared: &self.proximal, curves: &p.curves, sides: &self.sides, blend: None };
                proximal.evaluate(&mut self.work.at);
                self.steps += self.work.climb(&proximal, CONVEX_STEPS, TOLERANCE);
                let mut moved = 0.0;
                for (c, u) in centre.iter_mut().zip(&self.work.at.u) {
                    let by = (*u - *c).abs();
                    moved = if by > moved { by } else { moved };
                    *c = *u;
                }
                if moved <= PROXIMAL_STILL || self.steps > patience {
                    break;
                }
            }
        }
        let free = Dual { prepared: &self.prepared, curves: &p.curves, sides: &self.free, blend: None };
        self.bound = higher(self.bound, free.value(&mut self.work.at));
    }

    /// Whether the rows can be met together on `self.sides`: a linear program's answer.
    fn can_be_met(&self, p: &Problem) -> bool {
        let mut sides = self.sides.clone();
        settle(p, &self.choices, &vec![0.0; self.choices.len()], &mut sides) && sides == self.sides
    }

    /// Flips the sides of the least decided names, one or two at a time, and keeps what improves. Ties leave at most about K +
    /// m names undecided (Shapley and Folkman), so no more are tried in a pass.
    fn flip(&mut self, p: &Problem) {
        let most = p.factors + p.rows.len() + SPARE;
        for _ in 0..PASSES {
            let before = self.best.objective;
            let loss = |i: &usize| loss_of_worse_side(p, &self.prepared, *i, &self.best.multipliers);
            let mut by_loss: Vec<(f64, usize)> = self.choices.iter().map(|i| (loss(i), *i)).collect();
            by_loss.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            by_loss.truncate(most);
            let names: Vec<usize> = by_loss.into_iter().map(|(_, i)| i).collect();
            // One name at a time, then two: under a cash row a name sold is often another one bought.
            let pairs = names.iter().take(PAIRED).enumerate();
            let pairs = pairs.flat_map(|(at, i)| names[..at].iter().map(move |j| vec![*j, *i]));
            let moves: Vec<Vec<usize>> = names.iter().map(|i| vec![*i]).chain(pairs).collect();
            for flipped in moves {
                if self.gap() <= CLOSE {
                    return;
                }
                self.sides.clone_from(&self.best.sides);
                for i in flipped {
                    self.sides[i] = if self.sides[i] == Side::Sell { Side::Buy } else { Side::Sell };
                }
                if !all_possible(p, &self.sides) {
                    continue;
                }
                self.work.at.multipliers.clone_from(&self.best.multipliers);
                let dual =
                    Dual { prepared: &self.prepared, curves: &p.curves, sides: &self.sides, blend: None };
                dual.evaluate(&mut self.work.at);
                self.steps += self.work.climb(&dual, CONVEX_STEPS, TOLERANCE);
                let free = Dual { sides: &self.free, ..dual };
                self.bound = higher(self.bound, free.value(&mut self.work.at));
                // Sides on which the rows can't be met together are no improvement.
                let _missed = self.finish(p);
            }
            if self.best.objective >= before - CLOSE {
                break;
            }
        }
    }

    /// Takes the climb's trades, with the rows met to the last digit, and keeps them if they are the best so far.
    fn finish(&mut self, p: &Problem) -> Result<(), ProblemError> {
        self.latest.trades.clone_from(&self.work.at.u);
        self.sum_up();
        if self.missed(p, &self.sums).0 > NOTHING {
            repair(p, &mut self.latest.trades);
            self.sum_up();
        }
        let (residual, row) = self.missed(p, &self.sums);
        if residual > FEASIBLE {
            let row = row.map_or_else(String::new, |r| r.name.clone());
            return Err(ProblemError::Unsolved { row, residual, steps: self.steps });
        }
        let factors = &self.sums[..p.factors];
        let mut objective = self.prepared.still + 0.5 * p.risk_aversion * dot(factors, factors);
        for (i, u) in self.latest.trades.iter().enumerate().filter(|(_, u)| **u != 0.0) {
            objective += self.prepared.name(i).risk(*u) + p.curves[i].cost(*u);
        }
        if !self.has_best || objective < self.best.objective {
            core::mem::swap(&mut self.best, &mut self.latest);
            self.has_best = true;
            self.best.objective = objective;
            self.best.multipliers.clone_from(&self.work.at.multipliers);
            self.best.sides.clone_from(&self.sides);
        }
        Ok(())
    }

    /// `G'(a+u)`, then what the rows come to, at the latest trades.
    fn sum_up(&mut self) {
        self.sums.clone_from(&self.prepared.exposure);
        for (i, u) in self.latest.trades.iter().enumerate().filter(|(_, u)| **u != 0.0) {
            add(&mut self.sums, *u, self.prepared.column(i));
        }
    }

    /// By how much the rows are missed where factors and rows come to `sums`: the largest magnitude and its row.
    fn missed<'a>(&self, p: &'a Problem, sums: &[f64]) -> (f64, Option<&'a Row>) {
        let mut worst = (0.0, None);
        for (r, value) in self.prepared.order.iter().zip(&sums[p.factors..]) {
            let miss = p.rows[*r].miss(*value).abs();
            if miss > worst.0 {
                worst = (miss, Some(&p.rows[*r]));
            }
        }
        worst
    }
}

fn higher(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

/// What a name's worse side loses at the multipliers.
fn loss_of_worse_side(p: &Problem, prepared: &Prepared, i: usize, multipliers: &[f64]) -> f64 {
    let price = dot(prepared.column(i), multipliers);
    let value = |side| prepared.name(i).minimise(&p.curves[i], price, side).value;
    (value(Side::Buy) - value(Side::Sell)).abs()
}
