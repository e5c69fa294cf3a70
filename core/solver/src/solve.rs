//! The method as a whole: maximize the true dual, fix each name to a side, solve the convex rest, branch
//! where the gap is wide, and certify.

use super::bound::{Allowed, BUY, Prices, SELL, STILL};
use super::curve::Direction;
use super::dual::{Blend, Dual, Point};
use super::found::{CAPPED, Found, mixed, sold, value, with_sales};
use super::newton::{TOLERANCE, Work};
use super::prepared::Prepared;
use super::repair::{NOTHING, repair};
use super::rounding::Rounding;
use super::sides::{fix_sides, free_sides};
use super::together::settle;
use super::tree::Tree;
use super::{Curve, Gains, Problem, ProblemError, Row};
use unisleeve_numeric::lanes::{add, dot};

/// Trades with their certificate: `lower_bound <= true optimum <= objective`.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// Trades as fractions of the portfolio value; positive buys.
    pub trades: Vec<f64>,
    /// Amount sold of each segment of each curve, where a limit on gains decides about them. Empty where each
    /// sale takes the segments in order of cost.
    pub sold: Vec<Vec<f64>>,
    /// Objective at the trades.
    pub objective: f64,
    /// Certified lower bound of the true (nonconvex) problem.
    pub lower_bound: f64,
    /// Multipliers at which the trades were found.
    pub prices: Prices,
    /// Number of trades below the smallest size. They are there only where no plan without them was found.
    pub below: usize,
    /// Trades that would be below the smallest size and were left out: the trade, and what it would be.
    pub dropped: Vec<(usize, f64)>,
    /// Number of Newton steps over all phases.
    pub steps: u32,
}

/// How long to look for better trades and bounds. Gaps are fractions of the portfolio value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effort {
    /// Certified gap below which the search ends.
    pub close: f64,
    /// Certified gap above which the solver branches.
    pub wide: f64,
    /// Largest number of parts of the problem that are looked at by themselves.
    pub splits: u32,
    /// Largest number of prices of gain tried between two that bracket the limit.
    pub prices: u32,
    /// Whether the smallest trade size is a constraint like others: trades may be raised to it to meet a row,
    /// and parts are looked at for what it costs. Otherwise a few trades stay below it where a row needs them.
    pub raises: bool,
}

impl Default for Effort {
    /// A tenth of a basis point; branches above half a basis point.
    fn default() -> Self {
        Self { close: 1e-5, wide: 5e-5, splits: 24, prices: 48, raises: false }
    }
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
/// Proximal steps of trades without variance: in one such round, and in a part of the problem; and the move of
/// trades that ends them.
const ROUND_CENTRES: u32 = 2;
const BLENDED_CENTRES: u32 = 6;
const BLENDED_STILL: f64 = 1e-5;
/// Loss of objective that a search for the price of gain may leave, as a part of the gap that is close enough.
const CLOSED: f64 = 1e-2;
/// Prices of gain tried in one node.
const NODE_PRICES: u32 = 6;
/// Largest number of steps on the convex problem; 5 to 10 are typical.
const CONVEX_STEPS: u32 = 200;
/// Up to this `γ d` a trade has a proximal term. Its weight, in the same unit, is a part of the trade's factor
/// variance, but no less than the second number.
const BARE: f64 = 1e-7;
const OWN: f64 = 1e-2;
const LEAST_OWN: f64 = 3e-4;
/// Weight of the proximal terms where the plain method stops short.
const PROXIMAL: f64 = 1e-3;
/// Largest number of proximal steps.
const PROXIMAL_STEPS: u32 = 300;
/// Newton steps after which proximal steps are given up, so that a page does not freeze on a problem that
/// does not converge. The badly scaled problems of the tests need some hundreds.
const PATIENCE: u32 = 1_500;
/// Proximal steps end where trades move by less than this, or where the certificate of the sides closes.
const PROXIMAL_STILL: f64 = 1e-11;
const PROXIMAL_CLOSED: f64 = 1e-11;
/// Tolerance of a row, relative to the magnitude of its terms or to the value, whichever is larger. A
/// portfolio that withdraws nearly everything trades many times what is left, and its sums are no more
/// accurate than that.
const FEASIBLE: f64 = 1e-9;
/// The first aversion tried where only a cap is given.
const FIRST_AVERSION: f64 = 5.0;

/// What is solved: a problem with its curves at a price of gain.
#[derive(Debug, Clone, Copy)]
struct Task<'a> {
    p: &'a Problem,
    curves: &'a [Curve],
    price: f64,
    /// Smallest trade of each name on a fixed side; empty where there is none.
    least: &'a [f64],
}

impl<'a> Task<'a> {
    fn dual(&self, prepared: &'a Prepared, sides: &'a [Direction], blend: Option<&'a Blend>) -> Dual<'a> {
        let gains = self.price * self.p.gains.map_or(0.0, |g| g.most);
        let open_least = 0.0;
        Dual { prepared, curves: self.curves, sides, blend, gains, least: self.least, open_least }
    }
}

/// Solves problems one after the other and reuses its buffers. After the first problem of a size only the
/// solution is allocated, unless the gap stays wide or a row is missed.
#[derive(Debug, Clone, Default)]
pub struct Solver {
    effort: Effort,
    work: Work,
    prepared: Prepared,
    /// The curves at a price of gain.
    priced: Vec<Curve>,
    /// A second starting point.
    other: Point,
    blend: Blend,
    rounding: Rounding,
    /// The blend's fractions, rounded.
    chosen: Vec<f64>,
    /// The sides open before any choice: of the problem, and of the part of it that is looked at; and the
    /// choices.
    root: Vec<Direction>,
    free: Vec<Direction>,
    choices: Vec<usize>,
    /// The sides of the convex rest. The first `tries` entries of `tried` are those of this solve.
    sides: Vec<Direction>,
    tried: Vec<Vec<Direction>>,
    tries: usize,
    order: Vec<(f64, usize)>,
    /// Multipliers and aversion at the end of the blended climb.
    top: Vec<f64>,
    top_gamma: f64,
    root_tied: Option<(usize, f64)>,
    /// `G'(a+u)`, then the row values.
    sums: Vec<f64>,
    /// The latest trades and the best ones at the price of gain.
    latest: Found,
    best: Found,
    has_best: bool,
    bound: f64,
    /// Smallest trade that the bound counts on: none before the small trades are left out.
    open_least: f64,
    /// Upper bound of the objective for trades within their bounds.
    most: f64,
    steps: u32,
    dropped: Vec<(usize, f64)>,
}

/// Solves a problem. `warm` holds the multipliers of an earlier solve as a starting point.
///
/// # Errors
/// When the data are malformed or the rows can't be met.
pub fn solve(p: &Problem, warm: Option<&Prices>) -> Result<Solution, ProblemError> {
    Solver::default().solve(p, warm)
}

impl Solver {
    /// Changes how long to look.
    pub fn set_effort(&mut self, effort: Effort) {
        self.effort = effort;
    }

    /// Solves a problem. `warm` holds the multipliers of an earlier solve as a starting point.
    ///
    /// # Errors
    /// When the data are malformed or the rows can't be met.
    pub fn solve(&mut self, p: &Problem, warm: Option<&Prices>) -> Result<Solution, ProblemError> {
        let task = self.begin(p, warm)?;
        match p.gains {
            None => self.open(task, TIE_ROUNDS)?,
            Some(gains) => self.within_gains(p, gains, warm.map_or(0.0, |w| w.gain))?,
        }
        let mut small: Vec<(usize, f64)> = Vec::new();
        let (mut below, tied) = (0, self.best_value(p) - self.bound > self.effort.wide);
        if p.least > 0.0 {
            let all = self.best.trades.iter().copied().enumerate();
            small.extend(all.filter(|(_, u)| *u != 0.0 && u.abs() < p.least));
            let bound = self.bound;
            self.open_least = p.least;
            below = self.drop_small(p);
            if below > 0 {
                // With the smallest size there may be no trades at all, and its bound says so.
                self.bound = bound;
            }
        }
        // What smallest sizes cost takes many parts to prove. Unless asked to, the solver branches on ties alone.
        if below == 0 && (tied || self.effort.raises) {
            self.branch(p);
        }
        small.retain(|(i, _)| self.best.trades[*i] == 0.0);
        self.dropped = small;
        Ok(self.solution(p, below))
    }

    /// Improves on trades that are known to meet every constraint: `sold` is the amount of each segment, as
    /// in [`Solution`].
    ///
    /// # Errors
    /// When the data are malformed.
    pub fn improve(
        &mut self,
        p: &Problem,
        trades: &[f64],
        sold: &[Vec<f64>],
        prices: &Prices,
    ) -> Result<Solution, ProblemError> {
        self.begin(p, Some(prices))?;
        self.open_least = p.least;
        let plan = Found {
            multipliers: self.work.at.multipliers.clone(),
            gamma: self.work.at.gamma,
            price: prices.gain,
            sides: trades.iter().map(|u| side_of(*u)).collect(),
            ..with_sales(p, trades.to_vec(), sold.to_vec())
        };
        // A trade of none may still take either side of its security.
        let mut sides = plan.sides.clone();
        if p.least == 0.0 {
            for (i, side) in plan.sides.iter().enumerate().filter(|(_, s)| **s != Direction::Still) {
                self.prepared.turn(i, *side, &mut sides);
            }
            for i in 0..p.len() {
                if sides[i] == Direction::Still {
                    let can_sell = p.curves[i].buy_limit() == 0.0;
                    let side = if can_sell { Direction::Sell } else { Direction::Buy };
                    self.prepared.turn(i, side, &mut sides);
                }
            }
        }
        self.dropped.clear();
        (self.best, self.has_best) = (plan, true);
        self.best.priced = self.best_value(p);
        let _prices = self.fixed(p, &sides, &all_at_least(p));
        self.branch(p);
        Ok(self.solution(p, 0))
    }

    /// Lays a problem out and starts at the given multipliers.
    fn begin<'a>(&mut self, p: &'a Problem, warm: Option<&Prices>) -> Result<Task<'a>, ProblemError> {
        p.check()?;
        self.prepared.fill(p, &p.curves);
        self.lay_proximal(p);
        free_sides(p, &self.prepared, &mut self.root, &mut self.choices);
        self.free.clone_from(&self.root);
        (self.bound, self.steps, self.tries, self.has_best) = (f64::NEG_INFINITY, 0, 0, false);
        (self.root_tied, self.open_least) = (None, 0.0);
        self.most = p.most(&mut self.sums);
        let task = Task { p, curves: &p.curves, price: 0.0, least: &[] };
        self.start(task, warm);
        Ok(task)
    }

    fn solution(&self, p: &Problem, below: usize) -> Solution {
        Solution {
            trades: self.best.trades.clone(),
            sold: self.best.sold.clone(),
            objective: self.best_value(p),
            lower_bound: self.bound,
            prices: self.prices(&self.best),
            below,
            dropped: self.dropped.clone(),
            steps: self.steps,
        }
    }

    fn prices(&self, found: &Found) -> Prices {
        self.prices_at(&found.multipliers, found.gamma, found.price)
    }

    fn prices_at(&self, multipliers: &[f64], gamma: f64, gain: f64) -> Prices {
        Prices {
            aversion: gamma,
            gain,
            factors: multipliers[..self.prepared.factors].to_vec(),
            rows: self.prepared.row_prices(multipliers),
        }
    }

    /// The objective of the best trades.
    fn best_value(&self, p: &Problem) -> f64 {
        value(p, &self.best)
    }

    /// Gives trades with hardly any variance of their own a proximal term: a price with 16 digits would not
    /// determine them.
    fn lay_proximal(&mut self, p: &Problem) {
        let (k, gamma) = (p.factors, self.prepared.gamma);
        let is_bare = |i: &usize| {
            gamma * p.specific[*i] < BARE
                && (p.curves[*i].buy_limit() > 0.0 || p.curves[*i].sell_limit() > 0.0)
        };
        if !(0..p.len()).any(|i| is_bare(&i)) {
            return;
        }
        let proximal = &mut self.prepared.proximal;
        proximal.weight.resize(p.len(), 0.0);
        proximal.centre.clear();
        proximal.centre.resize(p.len(), 0.0);
        for i in (0..p.len()).filter(is_bare) {
            let g = &p.exposures[i * k..(i + 1) * k];
            let own = OWN * gamma * dot(g, g);
            proximal.weight[i] = if own > LEAST_OWN { own } else { LEAST_OWN };
        }
        self.prepared.reprice(&p.curves);
    }

    /// Solves at one price of gain, all sides open, in at most so many proximal rounds.
    fn open(&mut self, t: Task<'_>, rounds: usize) -> Result<(), ProblemError> {
        if self.choices.is_empty() {
            self.sides.clone_from(&self.free);
            self.convex(t);
            return self.finish(t);
        }
        self.begin_blend();
        match self.rounds(t, rounds) {
            Some(e) if !self.has_best => Err(e),
            _ => Ok(()),
        }
    }

    /// Puts each choice on the better side at the current point.
    fn begin_blend(&mut self) {
        self.blend.price = TIE_PRICE;
        self.blend.centre.clear();
        self.blend.centre.extend(self.work.at.u.iter().map(|u| if *u < 0.0 { 1.0 } else { 0.0 }));
        for security in self.prepared.securities() {
            let sells = security.iter().any(|i| self.work.at.u[*i as usize] < 0.0);
            for i in security {
                self.blend.centre[*i as usize] = if sells { 1.0 } else { 0.0 };
            }
        }
    }

    /// Runs proximal rounds on the true dual from the current point. After each, names are fixed to their
    /// sides and the convex rest is solved, until the certificate is close. Returns the error of the last
    /// round in which the rows could not be met.
    fn rounds(&mut self, t: Task<'_>, most: usize) -> Option<ProblemError> {
        let mut missed = None;
        for round in 0..most {
            if round > 0 {
                self.work.at.multipliers.clone_from(&self.top);
                self.work.at.gamma = self.top_gamma;
            }
            self.climb_blended(t, ROUND_CENTRES);
            self.blend.centre.clone_from(&self.work.at.sells);
            self.top.clone_from(&self.work.at.multipliers);
            self.top_gamma = self.work.at.gamma;
            self.learn(t);
            self.root_tied = self.tied();
            self.choose(t.p, round > 0);
            if self.has_best && self.gap() <= self.effort.close {
                break;
            }
            let mut tried = self.try_sides(t);
            if tried.is_err() && self.settle(t) {
                // Where rows can't be met the climb diverges. Multipliers of 1e24 are no use as a starting
                // point.
                self.work.at.gamma = self.top_gamma;
                self.work.at.put(&self.prepared, &self.top);
                tried = self.try_sides(t);
            }
            if let Err(e) = tried {
                missed = Some(e);
            }
            if self.has_best && self.gap() <= self.effort.close {
                break;
            }
        }
        missed
    }

    /// Fixes each choice to a side at the end of a blended climb: the one with the greater fraction or, where
    /// undecided choices are weighed together, the one that `rounding` finds.
    fn choose(&mut self, p: &Problem, together: bool) {
        self.chosen.clone_from(&self.blend.centre);
        if together {
            self.rounding.round(&self.prepared, &self.work.at, &mut self.work.model, &mut self.chosen);
        }
        fix_sides(
            p,
            &self.prepared,
            &self.free,
            &self.choices,
            (&self.blend.centre, &self.chosen),
            &mut self.order,
            &mut self.sides,
        );
    }

    /// Maximizes the blended dual from the current multipliers, in at most so many proximal steps.
    fn climb_blended(&mut self, t: Task<'_>, most: u32) {
        let highest = self.above(t, self.most);
        for _ in 0..most {
            let blended = t.dual(&self.prepared, &self.free, Some(&self.blend));
            blended.evaluate(&mut self.work.at);
            self.steps += self.work.climb(&blended, TRUE_STEPS, BLENDED, highest);
            if self.prepared.proximal.weight.is_empty() || self.recentred() <= BLENDED_STILL {
                return;
            }
            self.prepared.reprice(t.curves);
        }
    }

    /// Moves the proximal centers to the current trades. Returns the largest move.
    fn recentred(&mut self) -> f64 {
        let mut moved = 0.0;
        for (c, u) in self.prepared.proximal.centre.iter_mut().zip(&self.work.at.u) {
            let by = (*u - *c).abs();
            moved = if by > moved { by } else { moved };
            *c = *u;
        }
        moved
    }

    /// Raises the bound by the current point of a blended climb.
    fn learn(&mut self, t: Task<'_>) {
        let truth = if self.prepared.proximal.weight.is_empty() {
            self.work.at.truth
        } else {
            t.dual(&self.prepared, &self.root, None).value(&mut self.work.at)
        };
        self.bound = higher(self.bound, truth);
    }

    /// Flips names until the rows can be met together on `self.sides`. Returns whether a side changed.
    fn settle(&mut self, t: Task<'_>) -> bool {
        let before = self.sides.clone();
        let undecided: Vec<f64> = self.choices.iter().map(|i| (self.blend.centre[*i] - 0.5).abs()).collect();
        settle(t.p, &self.prepared, &self.choices, &undecided, &mut self.sides) && self.sides != before
    }

    /// Solves the convex rest on `self.sides`, unless this was done before.
    fn try_sides(&mut self, t: Task<'_>) -> Result<(), ProblemError> {
        if self.tried[..self.tries].contains(&self.sides) {
            return Ok(());
        }
        if self.tries == self.tried.len() {
            self.tried.push(Vec::new());
        }
        self.tried[self.tries].clone_from(&self.sides);
        self.tries += 1;
        self.convex(t);
        if self.has_best && self.work.at.value > self.best.priced {
            return Ok(());
        }
        self.finish(t)
    }

    /// Value above which a climb can stop: the rows can't be met on these sides, or the trades would be worse
    /// than the best known.
    fn ceiling(&self, t: Task<'_>) -> f64 {
        self.above(t, if self.has_best { self.best.priced } else { self.most })
    }

    /// A value of the problem with the most by which proximal terms and the blend's penalty raise its dual.
    fn above(&self, t: Task<'_>, value: f64) -> f64 {
        let mut ceiling = value + 0.5 * TIE_PRICE * self.choices.len() as f64;
        let proximal = &self.prepared.proximal;
        for ((epsilon, centre), curve) in proximal.weight.iter().zip(&proximal.centre).zip(t.curves) {
            let far = curve.sell_limit() + curve.buy_limit() + centre.abs();
            ceiling += 0.5 * epsilon * far * far;
        }
        ceiling
    }

    fn gap(&self) -> f64 {
        self.best.priced - self.bound
    }

    /// Starts at the given multipliers, or at zero where those are worse. The last problem may have left a
    /// price that no security moves with far from its optimum.
    fn start(&mut self, t: Task<'_>, warm: Option<&Prices>) {
        let (p, prepared) = (t.p, &self.prepared);
        let dual = t.dual(prepared, &self.free, None);
        let usual = if p.cap.is_some() && p.risk_aversion == 0.0 { FIRST_AVERSION } else { prepared.gamma };
        let warm = warm.filter(|w| w.factors.len() == p.factors && w.rows.len() == p.rows.len());
        let gamma = warm.map_or(usual, |w| w.aversion).clamp(prepared.gamma, prepared.ceiling);
        self.work.at.gamma = gamma;
        self.work.at.multipliers.clear();
        self.work.at.multipliers.resize(prepared.wide, 0.0);
        dual.evaluate(&mut self.work.at);
        if let Some(warm) = warm {
            self.other.gamma = gamma;
            prepared.placed(&warm.factors, &warm.rows, &mut self.other.multipliers);
            dual.evaluate(&mut self.other);
            if self.other.value > self.work.at.value {
                core::mem::swap(&mut self.work.at, &mut self.other);
            }
        }
        self.learn(t);
    }

    /// Solves the convex problem on `self.sides` from the current point.
    ///
    /// Trades without specific variance make the dual piecewise linear, and with hardly any the plain method
    /// may stop with a row missed. There each step adds `1/2 ε |u - u₀|²` around the last trades `u₀`
    /// (Rockafellar 1976), until the certificate of these sides closes or the trades no longer change.
    fn convex(&mut self, t: Task<'_>) {
        let ceiling = self.ceiling(t);
        let plain = t.dual(&self.prepared, &self.sides, None);
        plain.evaluate(&mut self.work.at);
        self.steps += self.work.climb(&plain, CONVEX_STEPS, TOLERANCE, ceiling);
        if self.work.at.value > ceiling {
            // Hopeless: these sides can't be better than what is known.
        } else if !self.prepared.proximal.weight.is_empty() {
            self.recentre(t, ceiling);
        } else if self.missed(t.p, &self.work.at.gradient).0 > FEASIBLE * scale(t.p, &self.work.at.u)
            && self.can_be_met(t)
        {
            self.prepared.proximal.weight.resize(t.p.len(), PROXIMAL);
            self.prepared.proximal.centre.clear();
            self.prepared.proximal.centre.resize(t.p.len(), 0.0);
            self.work.at.multipliers.fill(0.0);
            self.recentre(t, f64::INFINITY);
            self.prepared.proximal.weight.clear();
            self.prepared.reprice(t.curves);
        }
        let open =
            Dual { least: &[], open_least: self.open_least, ..t.dual(&self.prepared, &self.root, None) };
        let bound = open.value(&mut self.work.at);
        self.bound = higher(self.bound, bound);
    }

    /// Proximal steps, each from the trades of the last.
    fn recentre(&mut self, t: Task<'_>, ceiling: f64) {
        let patience = self.steps + PATIENCE;
        for _ in 0..PROXIMAL_STEPS {
            let moved = self.recentred();
            let is_met = self.missed(t.p, &self.work.at.gradient).0 <= NOTHING;
            let certified = t.dual(&self.prepared, &self.sides, None).value(&mut self.work.at);
            let at = self.work.at.u.clone();
            if is_met && priced_cost(t, &at) - certified <= PROXIMAL_CLOSED
                || moved <= PROXIMAL_STILL
                || self.steps > patience
                || certified > ceiling
            {
                return;
            }
            self.prepared.reprice(t.curves);
            let proximal = t.dual(&self.prepared, &self.sides, None);
            proximal.evaluate(&mut self.work.at);
            self.steps += self.work.climb(&proximal, CONVEX_STEPS, TOLERANCE, f64::INFINITY);
        }
    }

    /// Whether the rows can be met together on `self.sides`, by a linear program.
    fn can_be_met(&self, t: Task<'_>) -> bool {
        let mut sides = self.sides.clone();
        let even = vec![0.0; self.choices.len()];
        settle(t.p, &self.prepared, &self.choices, &even, &mut sides) && sides == self.sides
    }

    /// Takes the climb's trades, repairs the rows, and keeps the trades if they are the best so far.
    fn finish(&mut self, t: Task<'_>) -> Result<(), ProblemError> {
        let p = t.p;
        self.latest.trades.clone_from(&self.work.at.u);
        self.sum_up(p);
        // At a high price even a small miss shows in the objective.
        let mut dearest = 1.0;
        for m in &self.work.at.multipliers[p.factors..self.prepared.size] {
            dearest = if m.abs() > dearest { m.abs() } else { dearest };
        }
        let nothing = NOTHING / dearest;
        if self.missed(p, &self.sums).0 > nothing {
            repair(p, t.curves, &self.sides, nothing, &mut self.latest.trades);
            self.sum_up(p);
        }
        let (residual, row) = self.missed(p, &self.sums);
        if residual > FEASIBLE * scale(p, &self.latest.trades) {
            let row = row.map_or_else(String::new, |r| r.name.clone());
            return Err(ProblemError::Unsolved { row, residual, steps: self.steps });
        }
        let factors = &self.sums[..p.factors];
        let mut variance = dot(factors, factors);
        let (mut cost, mut gain) = (0.0, 0.0);
        for (((d, a), u), curve) in p.specific.iter().zip(&p.active).zip(&self.latest.trades).zip(t.curves) {
            let x = a + u;
            variance += d * x * x;
            if *u != 0.0 {
                cost += curve.cost(*u);
                gain += if p.gains.is_some() { curve.gain(*u) } else { 0.0 };
            }
        }
        if let Some(cap) = p.cap
            && variance.sqrt() > cap + CAPPED
        {
            let (row, residual) = ("tracking error".to_owned(), variance.sqrt() - cap);
            return Err(ProblemError::Unsolved { row, residual, steps: self.steps });
        }
        cost += 0.5 * p.risk_aversion * variance - t.price * gain;
        for (r, value) in self.prepared.order.iter().zip(&self.sums[p.factors..]) {
            let row = &p.rows[*r];
            if !row.is_hard() {
                cost += row.price * row.miss(*value).abs();
            }
        }
        let priced = cost + t.price * (gain - p.gains.map_or(0.0, |g| g.most));
        if !self.has_best || priced < self.best.priced {
            core::mem::swap(&mut self.best, &mut self.latest);
            self.has_best = true;
            let best = &mut self.best;
            (best.cost, best.priced, best.gain, best.price) = (cost, priced, gain, t.price);
            best.multipliers.clone_from(&self.work.at.multipliers);
            best.gamma = self.work.at.gamma;
            best.sides.clone_from(&self.sides);
            best.sold.clear();
            if t.price > 0.0 {
                best.sold.extend(t.curves.iter().zip(&best.trades).map(|(curve, u)| sold(curve, *u)));
            }
        }
        Ok(())
    }

    /// Computes `G'(a+u)` and the row values at the latest trades.
    fn sum_up(&mut self, p: &Problem) {
        self.sums.clone_from(&self.prepared.exposure);
        for (i, u) in self.latest.trades.iter().enumerate().filter(|(_, u)| **u != 0.0) {
            add(&mut self.sums, *u, self.prepared.column(i));
            if self.prepared.grosses > 0 {
                for (r, g) in self.prepared.gross(i) {
                    self.sums[p.factors + *r as usize] += g * u.abs();
                }
            }
        }
    }

    /// Largest violation of a row that must be met, in magnitude, and the row, for given factor and row
    /// values.
    fn missed<'a>(&self, p: &'a Problem, sums: &[f64]) -> (f64, Option<&'a Row>) {
        let mut worst = (0.0, None);
        for (r, value) in self.prepared.order.iter().zip(&sums[p.factors..]) {
            let miss = p.rows[*r].miss(*value).abs();
            if miss > worst.0 && p.rows[*r].is_hard() {
                worst = (miss, Some(&p.rows[*r]));
            }
        }
        worst
    }

    /// The best trades with every side fixed, from the current multipliers, if they are better than those
    /// known. Returns the multipliers at the end, which bound the problem whether or not trades were found.
    fn fixed(&mut self, p: &Problem, sides: &[Direction], least: &[f64]) -> Prices {
        let known = core::mem::take(&mut self.best);
        let had_best = core::mem::replace(&mut self.has_best, false);
        self.sides.clear();
        self.sides.extend_from_slice(sides);
        match p.gains {
            None => {
                let t = Task { p, curves: &p.curves, price: 0.0, least };
                if had_best {
                    // Worse trades than those known are of no use, and their dual need not be climbed to its
                    // top.
                    self.most = known.priced;
                }
                self.convex(t);
                let _not_met = self.finish(t);
            }
            Some(gains) => {
                let _not_met = self.fixed_within_gains(p, gains, known.price, least);
            }
        }
        let at = if self.has_best { self.prices(&self.best) } else { self.prices_here(known.price) };
        if had_best && (!self.has_best || value(p, &known) <= self.best_value(p)) {
            self.best = known;
            self.has_best = true;
        }
        at
    }

    /// Multipliers of the current point.
    fn prices_here(&self, gain: f64) -> Prices {
        self.prices_at(&self.work.at.multipliers, self.work.at.gamma, gain)
    }

    /// Branch and bound from the best trades.
    fn branch(&mut self, p: &Problem) {
        let has_choices = p.least > 0.0 || !self.choices.is_empty();
        if !has_choices || self.best_value(p) - self.bound <= self.effort.wide {
            return;
        }
        if p.gains.is_some_and(|g| g.price < f64::INFINITY) && self.best.price > 0.0 {
            // Each part would need a search for its own price, and what is beyond a limit at a price costs so
            // much that the gap is a matter of a few dollars of gain.
            return;
        }
        let mut tree = Tree::new(p, self.bound);
        tree.learn(p, &self.prices(&self.best));
        if !self.top.is_empty() && self.top.len() == self.prepared.wide {
            tree.learn(p, &self.prices_at(&self.top, self.top_gamma, self.best.price));
        }
        tree.is_tied(self.root_tied);
        let (most, free, choices) = (self.most, self.free.clone(), self.choices.clone());
        for _ in 0..self.effort.splits {
            let target = (self.best_value(p), self.effort.close);
            let Some((allowed, prices)) = tree.next(p, target, (&self.best.trades, &self.best.sides)) else {
                break;
            };
            self.restrict(p, &allowed, &free, &choices);
            let (sides, tops) = self.look(p, &allowed, &prices);
            for top in &tops {
                tree.learn(p, top);
            }
            tree.is_tied(self.tied());
            let prices =
                if p.least > 0.0 { self.try_part(p, &sides, &allowed) } else { self.fixed(p, &sides, &[]) };
            tree.learn(p, &prices);
        }
        (self.most, self.free, self.choices) = (most, free, choices);
        // Where no part is left that could be better, the best trades are the optimum.
        let (proved, best) = (tree.bound(), self.best_value(p));
        self.bound = higher(self.bound, if proved < best { proved } else { best });
    }

    /// Trades of a part of a problem whose trades have a smallest size: those without it, then without the
    /// small ones. Keeps them if they are the best. Returns multipliers on the way.
    fn try_part(&mut self, p: &Problem, sides: &[Direction], allowed: &[Allowed]) -> Prices {
        let least = forced(p, allowed);
        let known = core::mem::take(&mut self.best);
        self.has_best = false;
        self.most = value(p, &known);
        self.best.price = known.price;
        let mut prices = self.fixed(p, sides, &least);
        if self.has_best && self.drop_small(p) == 0 {
            prices = self.prices(&self.best);
            self.keep(p, known);
        } else {
            (self.best, self.has_best) = (known, true);
        }
        prices
    }

    /// The undecided choice of a blended climb with the largest distance between its sides, measured by the
    /// amount that the blend trades on the lesser side.
    fn tied(&self) -> Option<(usize, f64)> {
        let (at, mut best) = (&self.work.at, (0.0, None));
        for security in at.blended.chunk_by(|a, b| a.first == b.first) {
            let first = security[0].first as usize;
            let part = at.sells[first];
            let lesser = if part < 0.5 { part } else { 1.0 - part };
            let mut apart = 0.0;
            for b in security {
                apart += lesser * (b.purchase - b.sale);
            }
            if apart > best.0 {
                best = (apart, Some((first, apart)));
            }
        }
        best.1
    }

    /// Leaves only the sides that a node allows open.
    fn restrict(&mut self, p: &Problem, allowed: &[Allowed], free: &[Direction], choices: &[usize]) {
        self.free.clone_from_slice(free);
        for (side, may) in self.free.iter_mut().zip(allowed) {
            match may & (BUY | SELL) {
                BUY => *side = Direction::Buy,
                SELL => *side = Direction::Sell,
                0 if p.least > 0.0 => *side = Direction::Still,
                _ => {}
            }
        }
        self.choices.clear();
        self.choices.extend(choices.iter().filter(|i| self.free[**i] == Direction::Either));
    }

    /// Maximizes the dual of a node, blended, from multipliers: over the price of gain by a few steps of false
    /// position. Returns the sides to try and the multipliers on the way.
    fn look(&mut self, p: &Problem, allowed: &[Allowed], from: &Prices) -> (Vec<Direction>, Vec<Prices>) {
        let least = forced(p, allowed);
        let mut curves = core::mem::take(&mut self.priced);
        curves.clone_from(&p.curves);
        let (mut tops, mut low, mut high) = (Vec::new(), None, None);
        let mut price = from.gain;
        self.prepared.placed(&from.factors, &from.rows, &mut self.work.at.multipliers);
        self.work.at.gamma = from.aversion.clamp(self.prepared.gamma, self.prepared.ceiling);
        for turn in 0..NODE_PRICES {
            if p.gains.is_some() {
                for curve in &mut curves {
                    curve.price(price);
                }
            }
            self.prepared.reprice(&curves);
            let t = Task { p, curves: &curves, price, least: &least };
            if turn == 0 {
                t.dual(&self.prepared, &self.free, None).evaluate(&mut self.work.at);
                self.begin_blend();
            }
            self.climb_blended(t, BLENDED_CENTRES);
            self.blend.centre.clone_from(&self.work.at.sells);
            tops.push(self.prices_here(price));
            let Some(gains) = p.gains else { break };
            let excess = self.blended_gain(&curves) - gains.most;
            if excess > 0.0 {
                low = Some((price, excess));
            } else {
                high = Some((price, excess));
            }
            let next = super::gains::between(low, high, gains);
            if (next - price).abs() <= 0.0 || excess.abs() <= FEASIBLE {
                break;
            }
            price = next;
        }
        self.choose(p, true);
        self.prepared.reprice(&p.curves);
        self.priced = curves;
        (self.sides.clone(), tops)
    }

    /// Net gain at the current point of a blended climb.
    fn blended_gain(&self, curves: &[Curve]) -> f64 {
        let (at, mut sum) = (&self.work.at, 0.0);
        for (curve, u) in curves.iter().zip(&at.u).filter(|(_, u)| **u < 0.0) {
            sum += curve.gain(*u);
        }
        for b in &at.blended {
            let (i, part) = (b.name as usize, at.sells[b.first as usize]);
            sum += part * curves[i].gain(b.sale) - curves[i].gain(at.u[i]);
        }
        sum
    }

    /// Meets the smallest trade size: trades below it are left out, or raised to it where the rows can't be
    /// met otherwise and that is asked for. Where neither meets the rows, as when the cash to invest is less
    /// than the smallest trade, the trades are made as few as possible. Returns the number of trades below the
    /// size.
    fn drop_small(&mut self, p: &Problem) -> usize {
        let is_small = |u: f64| u != 0.0 && u.abs() < p.least;
        if !self.best.trades.iter().any(|u| is_small(*u)) {
            return 0;
        }
        let from = core::mem::take(&mut self.best);
        let free: Vec<Direction> =
            from.trades.iter().map(|u| if is_small(*u) { Direction::Still } else { side_of(*u) }).collect();
        let mut small: Vec<(f64, usize)> =
            (0..p.len()).filter(|i| is_small(from.trades[*i])).map(|i| (-from.trades[i].abs(), i)).collect();
        unisleeve_numeric::sort_pairs(&mut small);
        let can_be_raised = |i: usize| {
            let curve = &p.curves[i];
            p.least <= if from.trades[i] > 0.0 { curve.buy_limit() } else { curve.sell_limit() }
        };
        let able: Vec<usize> = small.iter().map(|(_, i)| *i).filter(|i| can_be_raised(*i)).collect();
        let mut raised = 0;
        loop {
            let mut sides = free.clone();
            for i in &able[..raised] {
                sides[*i] = side_of(from.trades[*i]);
            }
            if self.from(p, &from, &sides, &all_at_least(p)) {
                return 0;
            }
            if raised == able.len() || !self.effort.raises {
                break;
            }
            raised = if raised == 0 { 1 } else { 2 * raised };
            raised = if raised > able.len() { able.len() } else { raised };
        }
        // The fewest of them that meet the rows, each half of the last.
        let mut fewest = from.clone();
        let mut kept = small.len();
        while kept > 0 {
            kept /= 2;
            let mut sides = free.clone();
            for (_, i) in &small[..kept] {
                sides[*i] = side_of(from.trades[*i]);
            }
            if !self.from(p, &from, &sides, &[]) {
                break;
            }
            fewest = core::mem::take(&mut self.best);
        }
        (self.best, self.has_best) = (fewest, true);
        self.best.trades.iter().filter(|u| is_small(**u)).count()
    }

    /// Solves with fixed sides from the multipliers of another plan. Returns whether the rows were met.
    fn from(&mut self, p: &Problem, from: &Found, sides: &[Direction], least: &[f64]) -> bool {
        self.has_best = false;
        self.best.price = from.price;
        self.work.at.multipliers.clone_from(&from.multipliers);
        self.work.at.gamma = from.gamma;
        let _prices = self.fixed(p, sides, least);
        self.has_best
    }

    /// Keeps the net gain within its limit by a price on it, which the dual's value has a slope in: the net
    /// gain less the limit. First with open sides, then with the sides of both ends of the bracket.
    fn within_gains(&mut self, p: &Problem, gains: Gains, begin: f64) -> Result<(), ProblemError> {
        let mut error = None;
        let ends = {
            let mut at = |solver: &mut Self, t: Task<'_>| {
                solver.has_best = false;
                solver.tries = 0;
                match solver.open(t, 1) {
                    Ok(()) => Some(solver.best.clone()),
                    Err(e) => {
                        error = Some(e);
                        None
                    }
                }
            };
            self.search(p, gains, begin, super::gains::NARROW_OPEN, &mut at)
        };
        let Some(ends) = ends else {
            return Err(error.unwrap_or(ProblemError::Unsolved {
                row: "gains".to_owned(),
                residual: 0.0,
                steps: self.steps,
            }));
        };
        let (kept, broken) = ends;
        let plans = [kept, broken];
        self.has_best = false;
        for plan in plans.iter().flatten() {
            if plan.gain <= gains.most && plan.price == 0.0 || plan.price >= gains.price {
                self.keep(p, plan.clone());
            }
        }
        if self.has_best && self.best.price == 0.0 {
            return Ok(());
        }
        for plan in plans.into_iter().flatten() {
            self.work.at.multipliers.clone_from(&plan.multipliers);
            self.work.at.gamma = plan.gamma;
            let known = (core::mem::take(&mut self.best), self.has_best);
            self.has_best = false;
            self.sides.clone_from(&plan.sides);
            let _not_met = self.fixed_within_gains(p, gains, plan.price, &[]);
            if known.1 {
                self.keep(p, known.0);
            }
            if plan.gain <= gains.most {
                self.keep(p, plan);
            }
        }
        if self.has_best {
            return Ok(());
        }
        Err(ProblemError::Unsolved { row: "gains".to_owned(), residual: 0.0, steps: self.steps })
    }

    /// Keeps a plan if it is the best.
    fn keep(&mut self, p: &Problem, plan: Found) {
        if !self.has_best || value(p, &plan) < self.best_value(p) {
            self.best = plan;
            self.has_best = true;
        }
    }

    /// The same with `self.sides` fixed: the two ends of the bracket are optimal at nearly the same price, so
    /// their mix that uses up the limit is optimal too.
    fn fixed_within_gains(&mut self, p: &Problem, gains: Gains, begin: f64, least: &[f64]) -> Option<()> {
        let sides = self.sides.clone();
        let mut at = |solver: &mut Self, t: Task<'_>| {
            let t = Task { least, ..t };
            solver.has_best = false;
            solver.sides.clone_from(&sides);
            solver.convex(t);
            solver.finish(t).ok().map(|()| solver.best.clone())
        };
        let (kept, broken) = self.search(p, gains, begin, super::gains::NARROW, &mut at)?;
        self.has_best = false;
        let (Some(kept), broken) = (kept, broken) else { return None };
        if let Some(broken) = broken
            && let Some(mix) = mixed(p, gains, &kept, &broken)
        {
            self.keep(p, mix);
        }
        self.keep(p, kept);
        Some(())
    }

    /// Searches for the price of gain. `at` solves at one price. Returns the plan that keeps the limit (or is
    /// at the highest price) and the nearest one that does not.
    fn search(
        &mut self,
        p: &Problem,
        gains: Gains,
        begin: f64,
        narrow: f64,
        at: &mut dyn FnMut(&mut Self, Task<'_>) -> Option<Found>,
    ) -> Option<(Option<Found>, Option<Found>)> {
        let (closed, solves) = (CLOSED * self.effort.close, self.effort.prices);
        let mut curves = core::mem::take(&mut self.priced);
        curves.clone_from(&p.curves);
        let mut plan_at = |price: f64| {
            for curve in &mut curves {
                curve.price(price);
            }
            self.prepared.reprice(&curves);
            let t = Task { p, curves: &curves, price, least: &[] };
            at(self, t)
        };
        let found = super::gains::search(&mut plan_at, gains, begin, (narrow, closed), solves);
        self.prepared.reprice(&p.curves);
        self.priced = curves;
        found
    }
}

/// The objective of trades with gains at the task's price, the cap at its multiplier.
fn priced_cost(t: Task<'_>, u: &[f64]) -> f64 {
    let p = t.p;
    let mut sum = 0.5 * p.risk_aversion * p.variance(u);
    for (curve, u) in t.curves.iter().zip(u) {
        sum += curve.cost(*u);
    }
    for row in p.rows.iter().filter(|r| !r.is_hard()) {
        sum += row.price * row.miss(row.value(u)).abs();
    }
    sum - t.price * p.gains.map_or(0.0, |g| g.most)
}

/// The smallest trade, of each trade; empty where there is none.
fn all_at_least(p: &Problem) -> Vec<f64> {
    if p.least > 0.0 { vec![p.least; p.len()] } else { Vec::new() }
}

/// Smallest trades in a part of a problem. A trade that may also be none has no smallest size: that would not
/// be convex.
fn forced(p: &Problem, allowed: &[Allowed]) -> Vec<f64> {
    let of = |may: &Allowed| if may & STILL == 0 { p.least } else { 0.0 };
    if p.least > 0.0 { allowed.iter().map(of).collect() } else { Vec::new() }
}

fn side_of(u: f64) -> Direction {
    if u > 0.0 {
        Direction::Buy
    } else if u < 0.0 {
        Direction::Sell
    } else {
        Direction::Still
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
