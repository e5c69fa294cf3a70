//! The method as a whole: maximize the true dual, fix each name to a side, solve the convex rest, branch on a
//! name where the gap is wide, and certify.

use super::curve::Direction;
use super::dual::{Blend, Dual, Point};
use super::newton::{TOLERANCE, Work};
use super::prepared::Prepared;
use super::repair::{NOTHING, repair};
use super::sides::{fix_sides, free_sides};
use super::together::settle;
use super::{Problem, ProblemError, Row};
use unisleeve_numeric::lanes::{add, dot};

/// Trades with their certificate: `lower_bound <= true optimum <= objective`.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// Trades as fractions of the portfolio value; positive buys.
    pub trades: Vec<f64>,
    /// Objective at the trades.
    pub objective: f64,
    /// Certified lower bound of the true (nonconvex) problem.
    pub lower_bound: f64,
    /// `ν`: marginal price of each factor exposure.
    pub factor_prices: Vec<f64>,
    /// `μ`: marginal price of each row.
    pub row_prices: Vec<f64>,
    /// Number of Newton steps over all phases.
    pub steps: u32,
}

/// Largest number of steps on the true dual in one proximal round.
const TRUE_STEPS: u32 = 30;
/// `ρ`: the blending penalty, as a fraction of the value. Among values from 3e-7 to 1e-4, this one needed the
/// fewest evaluations on 500 names (3e-6: 30% more, 1e-5: twice as many), with a median certified gap of
/// 0.035 basis points.
const TIE_PRICE: f64 = 1e-6;
/// Gradient at which a round on the true dual ends. The error of the bound is of the order of its square.
/// 3e-4 would save one evaluation in twenty, with slightly wider gaps on the sample.
const BLENDED: f64 = 1e-5;
/// Largest number of proximal rounds on the true dual.
const TIE_ROUNDS: usize = 6;
/// Largest number of steps on the convex problem; 5 to 10 are typical.
const CONVEX_STEPS: u32 = 200;
/// Certified gap, as a fraction of the value, below which the search ends: a tenth of a basis point.
const CLOSE: f64 = 1e-5;
/// Certified gap above which the solver branches: half a basis point.
const WIDE: f64 = 5e-5;
/// Largest number of branchings.
const BRANCHES: usize = 12;
/// Weight of the proximal term where the plain method stops short, in the same unit as `γ d`.
const PROXIMAL: f64 = 1e-3;
/// Largest number of proximal steps.
const PROXIMAL_STEPS: u32 = 300;
/// Newton steps after which proximal steps are given up, so that a page does not freeze on a problem that
/// does not converge. The badly scaled problems of the tests need some hundreds.
const PATIENCE: u32 = 1_500;
const PROXIMAL_STILL: f64 = 1e-11;
/// Tolerance of a row, relative to the magnitude of its terms or to the value, whichever is larger. A
/// portfolio that withdraws nearly everything trades many times what is left, and its sums are no more
/// accurate than that.
const FEASIBLE: f64 = 1e-9;

/// Trades that meet the rows.
#[derive(Debug, Clone, Default)]
struct Found {
    trades: Vec<f64>,
    objective: f64,
    /// `(ν, μ)`, rows by position, and the sides on which they were found.
    multipliers: Vec<f64>,
    sides: Vec<Direction>,
}

/// A node of branch and bound: the problem with some choices fixed to a side.
#[derive(Debug)]
struct Branch {
    fixed: Vec<(usize, Direction)>,
    /// Lower bound of this problem.
    bound: f64,
    /// The blend and the multipliers at the end of its rounds.
    centre: Vec<f64>,
    top: Vec<f64>,
}

/// Solves problems one after the other and reuses its buffers. After the first problem of a size only the
/// solution is allocated, unless the gap stays wide or a row is missed.
#[derive(Debug, Clone, Default)]
pub struct Solver {
    work: Work,
    prepared: Prepared,
    /// The problem with a proximal term.
    proximal: Prepared,
    /// A second starting point.
    other: Point,
    blend: Blend,
    /// The sides open before any choice, and the buy-or-harvest choices.
    free: Vec<Direction>,
    choices: Vec<usize>,
    /// The sides of the convex rest. The first `tries` entries of `tried` are those of this solve.
    sides: Vec<Direction>,
    tried: Vec<Vec<Direction>>,
    tries: usize,
    order: Vec<(f64, usize)>,
    /// Multipliers at the end of the blended climb.
    top: Vec<f64>,
    /// `G'(a+u)`, then the row values.
    sums: Vec<f64>,
    /// The latest trades and the best ones.
    latest: Found,
    best: Found,
    has_best: bool,
    bound: f64,
    /// Upper bound of the objective for trades within their bounds.
    most: f64,
    steps: u32,
}

/// Solves a problem. `warm` holds the multipliers `(ν, μ)` of an earlier solve as a starting point.
///
/// # Errors
/// When the data are malformed or the rows can't be met.
pub fn solve(p: &Problem, warm: Option<&[f64]>) -> Result<Solution, ProblemError> {
    Solver::default().solve(p, warm)
}

impl Solver {
    /// Solves a problem. `warm` holds the multipliers `(ν, μ)` of an earlier solve as a starting point.
    ///
    /// # Errors
    /// When the data are malformed or the rows can't be met.
    pub fn solve(&mut self, p: &Problem, warm: Option<&[f64]>) -> Result<Solution, ProblemError> {
        p.check()?;
        self.prepared.fill(p, None);
        free_sides(p, &mut self.free);
        self.choices.clear();
        let open = |i: &usize| self.free[*i] == Direction::Either && !p.curves[*i].is_convex();
        self.choices.extend((0..p.len()).filter(open));
        (self.bound, self.steps, self.tries, self.has_best) = (f64::NEG_INFINITY, 0, 0, false);
        self.most = p.most(&mut self.sums);
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

    /// Runs proximal rounds on the true dual. After each, names are fixed to their sides and the convex rest
    /// is solved, until the certificate is close.
    fn solve_choices(&mut self, p: &Problem) -> Result<(), ProblemError> {
        // Each choice starts on the better side at the starting prices.
        self.blend.price = TIE_PRICE;
        self.blend.centre.clear();
        self.blend.centre.extend(self.work.at.u.iter().map(|u| if *u < 0.0 { 1.0 } else { 0.0 }));
        let missed = self.rounds(p);
        if self.has_best && self.gap() > WIDE {
            self.branch(p);
        }
        match missed {
            Some(e) if !self.has_best => Err(e),
            _ => Ok(()),
        }
    }

    /// Runs rounds from the current point until the certificate is close. Returns the error of the last round
    /// in which the rows could not be met.
    fn rounds(&mut self, p: &Problem) -> Option<ProblemError> {
        let mut missed = None;
        for round in 0..TIE_ROUNDS {
            let blend = Some(&self.blend);
            let blended = Dual { prepared: &self.prepared, curves: &p.curves, sides: &self.free, blend };
            if round > 0 {
                self.work.at.multipliers.clone_from(&self.top);
            }
            blended.evaluate(&mut self.work.at);
            self.steps += self.work.climb(&blended, TRUE_STEPS, BLENDED, self.most);
            self.blend.centre.clone_from(&self.work.at.sells);
            self.top.clone_from(&self.work.at.multipliers);
            self.bound = higher(self.bound, self.work.at.truth);
            fix_sides(p, &self.free, &self.choices, &self.blend.centre, &mut self.order, &mut self.sides);
            // This branch is no better than the best trades known.
            if self.has_best && self.gap() <= CLOSE {
                break;
            }
            let mut tried = self.try_sides(p);
            if tried.is_err() && self.settle(p) {
                // Where rows can't be met the climb diverges. Multipliers of 1e24 are no use as a starting
                // point.
                self.work.at.put(&self.prepared, &self.top);
                tried = self.try_sides(p);
            }
            if let Err(e) = tried {
                missed = Some(e);
            }
            if self.has_best && self.gap() <= CLOSE {
                break;
            }
        }
        missed
    }

    /// Branch and bound on the names whose two sides are furthest apart. Such a name, say a fund that is a
    /// third of the portfolio, leaves a gap that no multipliers close, since selling it and buying it are
    /// different problems. Each problem is bounded by its own dual, and the lower of the two bounds is valid.
    fn branch(&mut self, p: &Problem) {
        let (free, choices) = (self.free.clone(), self.choices.clone());
        let mut open = vec![Branch {
            fixed: Vec::new(),
            bound: self.bound,
            centre: self.blend.centre.clone(),
            top: self.top.clone(),
        }];
        for _ in 0..BRANCHES {
            let lowest = (0..open.len()).min_by(|a, b| open[*a].bound.total_cmp(&open[*b].bound));
            let Some(lowest) = lowest.filter(|at| self.best.objective - open[*at].bound > CLOSE) else {
                break;
            };
            let Some(name) = self.furthest(p, &open[lowest]) else { break };
            let node = open.swap_remove(lowest);
            for side in [Direction::Sell, Direction::Buy] {
                let fixed: Vec<(usize, Direction)> =
                    node.fixed.iter().copied().chain([(name, side)]).collect();
                self.free.clone_from(&free);
                for (i, side) in &fixed {
                    self.free[*i] = *side;
                }
                self.choices.retain(|i| fixed.iter().all(|(j, _)| i != j));
                self.bound = node.bound;
                self.blend.centre.clone_from(&node.centre);
                self.work.at.multipliers.clone_from(&node.top);
                // Sides on which the rows can't be met still give a bound.
                let _missed = self.rounds(p);
                let (centre, top) = (self.blend.centre.clone(), self.top.clone());
                open.push(Branch { fixed, bound: self.bound, centre, top });
                self.choices.clone_from(&choices);
            }
        }
        self.free = free;
        self.bound = open.iter().map(|b| b.bound).fold(f64::INFINITY, |a, b| if b < a { b } else { a });
    }

    /// The undecided name of a branch with the largest distance between its sides, measured by the amount
    /// that the blend trades on the lesser side.
    fn furthest(&self, p: &Problem, branch: &Branch) -> Option<usize> {
        let mut best = (0.0, None);
        for i in self.choices.iter().copied().filter(|i| branch.fixed.iter().all(|(j, _)| i != j)) {
            let part = branch.centre[i];
            let undecided = if part < 0.5 { part } else { 1.0 - part };
            if undecided > 0.0 {
                let price = dot(self.prepared.column(i), &branch.top);
                let (name, curve) = (self.prepared.name(i), &p.curves[i]);
                let apart = undecided * (name.buy(curve, price).u - name.sell(curve, price).u);
                if apart > best.0 {
                    best = (apart, Some(i));
                }
            }
        }
        best.1
    }

    /// Flips names until the rows can be met together on `self.sides`. Returns whether a side changed.
    fn settle(&mut self, p: &Problem) -> bool {
        let before = self.sides.clone();
        let undecided: Vec<f64> = self.choices.iter().map(|i| (self.blend.centre[*i] - 0.5).abs()).collect();
        settle(p, &self.choices, &undecided, &mut self.sides) && self.sides != before
    }

    /// Solves the convex rest on `self.sides`, unless this was done before.
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
        if self.has_best && self.work.at.value > self.best.objective {
            return Ok(());
        }
        self.finish(p)
    }

    /// Value above which a climb can stop: the rows can't be met on these sides, or the trades would be worse
    /// than the best known.
    fn ceiling(&self) -> f64 {
        if self.has_best { self.best.objective } else { self.most }
    }

    fn gap(&self) -> f64 {
        self.best.objective - self.bound
    }

    /// Starts at the given multipliers, or at zero where those are worse. The last problem may have left a
    /// price that no security moves with far from its optimum.
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

    /// Solves the convex problem on `self.sides` from the current point. Names with hardly any specific
    /// variance make the dual nearly piecewise linear, and the plain method may then stop with a row missed.
    /// Proximal steps take over (Rockafellar 1976): each adds `1/2 ε |u - u₀|²` around the last trades `u₀`,
    /// and they end when the trades no longer change.
    fn climb_rest(&mut self, p: &Problem) {
        let plain = Dual { prepared: &self.prepared, curves: &p.curves, sides: &self.sides, blend: None };
        plain.respond(&mut self.work.at);
        self.steps += self.work.climb(&plain, CONVEX_STEPS, TOLERANCE, self.ceiling());
        let hopeless = self.work.at.value > self.ceiling();
        let feasible = FEASIBLE * scale(p, &self.work.at.u);
        if !hopeless && self.missed(p, &self.work.at.gradient).0 > feasible && self.can_be_met(p) {
            let patience = self.steps + PATIENCE;
            let mut centre = self.work.at.u.clone();
            self.work.at.multipliers.fill(0.0);
            for _ in 0..PROXIMAL_STEPS {
                self.proximal.fill(p, Some((PROXIMAL, &centre)));
                let proximal =
                    Dual { prepared: &self.proximal, curves: &p.curves, sides: &self.sides, blend: None };
                proximal.evaluate(&mut self.work.at);
                self.steps += self.work.climb(&proximal, CONVEX_STEPS, TOLERANCE, f64::INFINITY);
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

    /// Whether the rows can be met together on `self.sides`, by a linear program.
    fn can_be_met(&self, p: &Problem) -> bool {
        let mut sides = self.sides.clone();
        settle(p, &self.choices, &vec![0.0; self.choices.len()], &mut sides) && sides == self.sides
    }

    /// Takes the climb's trades, repairs the rows, and keeps the trades if they are the best so far.
    fn finish(&mut self, p: &Problem) -> Result<(), ProblemError> {
        self.latest.trades.clone_from(&self.work.at.u);
        self.sum_up();
        if self.missed(p, &self.sums).0 > NOTHING {
            repair(p, &mut self.latest.trades);
            self.sum_up();
        }
        let (residual, row) = self.missed(p, &self.sums);
        if residual > FEASIBLE * scale(p, &self.latest.trades) {
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

    /// Computes `G'(a+u)` and the row values at the latest trades.
    fn sum_up(&mut self) {
        self.sums.clone_from(&self.prepared.exposure);
        for (i, u) in self.latest.trades.iter().enumerate().filter(|(_, u)| **u != 0.0) {
            add(&mut self.sums, *u, self.prepared.column(i));
        }
    }

    /// Largest violation of a row, in magnitude, and the row, for given factor and row values.
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

/// Largest sum of magnitudes of a row's terms; at least 1.
fn scale(p: &Problem, trades: &[f64]) -> f64 {
    let mut largest = 1.0;
    for row in &p.rows {
        let mut sum = 0.0;
        for (c, u) in row.coefficients.iter().zip(trades) {
            sum += (c * u).abs();
        }
        largest = if sum > largest { sum } else { largest };
    }
    largest
}

fn higher(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}
