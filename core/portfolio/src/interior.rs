//! An interior-point method (Mehrotra 1992) for the convex problem of a model, with sides fixed or open.
//!
//! With open sides a security may be bought and sold at once, which is a relaxation. The method is slower
//! than the solver's, but it works without specific variance, without spreads, without a starting point and
//! without slack between the rows. It gives a bound with its own proof: `f` is convex, so
//! `f(x) >= f(x̂) + ∇f(x̂)'(x - x̂)` for all `x`. The minimum of the right side over rows and bounds is at
//! least its dual value at any row multipliers `y`. This holds wherever the method stops.
//!
//! ```text
//! min 1/2 γ (|G'(a+u)|² + Σ d (a+u)²) + c'x    s.t.  low <= R x <= high,  0 <= x <= w,   u = bought - sold
//! ```
//!
//! Newton's system has one dense block for factors and rows. The pieces of each variable are eliminated
//! separately.

use super::model::Model;
use super::plan::Plan;
use super::terms::{At, Direction, NOTHING};
use unisleeve_numeric::cholesky_in_place;
use unisleeve_numeric::lanes::dot;
use unisleeve_solver::Prices;

/// Largest number of steps; about twenty are typical.
const STEPS: usize = 100;
/// Errors at which the method ends: of the products, and of rows and slopes. Rows are in weights, the others
/// relative to the objective's scale.
const CLOSED: f64 = 1e-15;
const MET: f64 = 1e-14;
/// Fraction of the distance to the nearest bound that a step covers.
const SHORT: f64 = 0.995;
/// Rows narrower than this are equalities. Their diagonal is [`REGULAR`], so that the system stays regular.
const NARROW: f64 = 1e-12;
const REGULAR: f64 = 1e-14;
/// A pivot below this fraction of its diagonal counts as zero: the row depends on others.
const DEPENDENT: f64 = 1e-13;
/// Steps of iterative refinement in each solve.
const REFINED: usize = 3;
/// The method ends after this many steps without a better point.
const PATIENCE: usize = 12;

/// A purchase, or the sale of a stretch.
#[derive(Debug, Clone)]
struct Piece {
    /// Position of the stretch that is sold; `None` for a purchase.
    stretch: Option<usize>,
    sign: f64,
    width: f64,
    cost: f64,
    /// Coefficient in each of the variable's rows.
    counts: Vec<f64>,
}

/// Bounds of a row, in the row's own scale.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    low: f64,
    high: f64,
    /// Factor by which the row was multiplied.
    scale: f64,
}

impl Bounds {
    fn is_equal(&self) -> bool {
        self.high - self.low <= NARROW
    }
}

/// The convex problem; see the module's documentation.
#[derive(Debug)]
pub(super) struct Convex<'a> {
    model: &'a Model,
    gamma: f64,
    /// Scale of the objective: costs and risk aversion are divided by it.
    scale: f64,
    pieces: Vec<Piece>,
    /// Range of pieces of each variable, and the rows in which it has a coefficient.
    of_variable: Vec<(usize, usize)>,
    rows_of: Vec<Vec<usize>>,
    rows: Vec<Bounds>,
    /// Whether the last row is the gains budget.
    has_budget: bool,
}

/// The result of the method.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub plan: Plan,
    pub prices: Prices,
    /// Lower bound: no plan of the problem has a lower objective.
    pub bound: f64,
    /// About the largest slope of the objective; the scale by which multipliers are judged.
    pub scale: f64,
}

/// A point with its multipliers. `low` and `high` belong to the bounds of the pieces, `below` and `above` to
/// the rows.
#[derive(Debug, Clone)]
struct Point {
    x: Vec<f64>,
    room: Vec<f64>,
    low: Vec<f64>,
    high: Vec<f64>,
    below: Vec<(f64, f64)>,
    above: Vec<(f64, f64)>,
    equal: Vec<f64>,
}

/// A direction, with the fields of [`Point`].
#[derive(Debug, Clone, Default)]
struct Step {
    x: Vec<f64>,
    low: Vec<f64>,
    high: Vec<f64>,
    below: Vec<(f64, f64)>,
    above: Vec<(f64, f64)>,
    equal: Vec<f64>,
}

/// Newton's matrix at one point.
struct System {
    /// `1 / θ` of each piece, and for each variable the piece with the largest.
    moves: Vec<f64>,
    pivot: Vec<usize>,
    /// `γ d / scale` of each variable.
    bend: Vec<f64>,
    /// Diagonal entries of factors and rows.
    diagonal: Vec<f64>,
    factor: Vec<f64>,
}

impl<'a> Convex<'a> {
    /// The problem at multipliers, with the sides of some securities fixed. The budget is a row, or is
    /// covered by the price of gain.
    pub(super) fn new(model: &'a Model, at: At, fixed: &[Option<Direction>], with_budget: bool) -> Self {
        let has_budget = with_budget && model.budget.is_some();
        let mut problem = Self {
            model,
            gamma: at.gamma,
            scale: 1.0,
            pieces: Vec::new(),
            of_variable: Vec::new(),
            rows_of: vec![Vec::new(); model.len()],
            rows: model.bands.iter().map(|b| Bounds { low: b.low, high: b.high, scale: 1.0 }).collect(),
            has_budget,
        };
        for (r, band) in model.bands.iter().enumerate() {
            for v in &band.members {
                problem.rows_of[*v].push(r);
            }
        }
        let mut dearest = 0.0;
        for s in model.variables.iter().flat_map(|v| &v.stretches) {
            dearest = if s.gain.abs() > dearest { s.gain.abs() } else { dearest };
        }
        let gain_scale = if dearest > 1.0 { 1.0 / dearest } else { 1.0 };
        if let (Some(budget), true) = (model.budget, has_budget) {
            let high = budget * gain_scale;
            problem.rows.push(Bounds { low: f64::NEG_INFINITY, high, scale: gain_scale });
            for rows in &mut problem.rows_of {
                rows.push(model.bands.len());
            }
        }
        for (i, v) in model.variables.iter().enumerate() {
            let first = problem.pieces.len();
            let side = fixed.get(v.security).copied().flatten();
            let counts = |sign: f64, gain: f64| {
                let of = |r: &usize| {
                    let Some(band) = model.bands.get(*r) else { return gain * gain_scale };
                    let (net, gross) = band.counts.of(v.half);
                    net * sign + gross
                };
                problem.rows_of[i].iter().map(of).collect()
            };
            let half = if at.is_free { 0.0 } else { v.half };
            let mut pieces = Vec::new();
            if side != Some(Direction::Sell) && v.buy_limit > 0.0 {
                let counts = counts(1.0, 0.0);
                pieces.push(Piece { stretch: None, sign: 1.0, width: v.buy_limit, cost: half, counts });
            }
            for (j, s) in v.stretches.iter().enumerate() {
                if side != Some(Direction::Buy) && s.width > 0.0 {
                    let tax = if at.is_free { 0.0 } else { s.tax + at.gain * s.gain };
                    let (cost, counts) = (half + tax, counts(-1.0, s.gain));
                    pieces.push(Piece { stretch: Some(j), sign: -1.0, width: s.width, cost, counts });
                }
            }
            problem.pieces.extend(pieces);
            problem.of_variable.push((first, problem.pieces.len()));
        }
        problem.rescale();
        problem
    }

    /// Adds a cost of `part` times the largest slope to each dollar traded, so that buying and selling the
    /// same security at once never pays.
    pub(super) fn with_cost(mut self, part: f64) -> Self {
        for piece in &mut self.pieces {
            piece.cost += part;
        }
        self
    }

    /// Scales the objective so that its slopes are about one.
    fn rescale(&mut self) {
        let (k, nothing) = (self.model.factors, vec![0.0; self.pieces.len()]);
        let mut largest = f64::MIN_POSITIVE;
        for g in self.gradient(&nothing) {
            largest = if g.abs() > largest { g.abs() } else { largest };
        }
        for (i, d) in self.model.specific.iter().enumerate() {
            let g = &self.model.exposures[i * k..(i + 1) * k];
            let bend = 1e-2 * self.gamma * (dot(g, g) + d);
            largest = if bend > largest { bend } else { largest };
        }
        self.scale = largest;
        self.gamma /= largest;
        for piece in &mut self.pieces {
            piece.cost /= largest;
        }
    }

    fn net(&self, x: &[f64]) -> Vec<f64> {
        let of = |(first, last): &(usize, usize)| {
            let mut sum = 0.0;
            for (piece, x) in self.pieces[*first..*last].iter().zip(&x[*first..*last]) {
                sum += piece.sign * x;
            }
            sum
        };
        self.of_variable.iter().map(of).collect()
    }

    /// `∇f`, by piece.
    fn gradient(&self, x: &[f64]) -> Vec<f64> {
        let (k, trades) = (self.model.factors, self.net(x));
        let (_, exposure) = self.model.variance(&trades);
        let mut slopes: Vec<f64> = self.pieces.iter().map(|p| p.cost).collect();
        for (i, (first, last)) in self.of_variable.iter().enumerate() {
            let mut slope = self.model.specific[i] * (self.model.active[i] + trades[i]);
            slope += dot(&self.model.exposures[i * k..(i + 1) * k], &exposure);
            for (to, piece) in slopes[*first..*last].iter_mut().zip(&self.pieces[*first..*last]) {
                *to += piece.sign * self.gamma * slope;
            }
        }
        slopes
    }

    fn row_sums(&self, x: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.rows.len()];
        for (rows, (first, last)) in self.rows_of.iter().zip(&self.of_variable) {
            for (piece, x) in self.pieces[*first..*last].iter().zip(&x[*first..*last]) {
                for (r, c) in rows.iter().zip(&piece.counts) {
                    sums[*r] += c * x;
                }
            }
        }
        sums
    }

    /// Subtracts `R'y` from slopes.
    fn less_prices(&self, y: &[f64], slopes: &mut [f64]) {
        for (rows, (first, last)) in self.rows_of.iter().zip(&self.of_variable) {
            for (piece, to) in self.pieces[*first..*last].iter().zip(&mut slopes[*first..*last]) {
                for (r, c) in rows.iter().zip(&piece.counts) {
                    *to -= c * y[*r];
                }
            }
        }
    }

    /// The starting point: strictly inside the bounds of the pieces, with positive slack in each row whether
    /// or not it is met.
    fn start(&self) -> Point {
        let n = self.pieces.len().max(1) as f64;
        let x: Vec<f64> =
            self.pieces.iter().map(|p| if p.width > 2.0 / n { 1.0 / n } else { 0.5 * p.width }).collect();
        let room: Vec<f64> = x.iter().zip(&self.pieces).map(|(x, p)| p.width - x).collect();
        let sums = self.row_sums(&x);
        let product = 1.0 / n;
        let (mut below, mut above) = (Vec::new(), Vec::new());
        for (row, sum) in self.rows.iter().zip(&sums) {
            let at = |distance: f64| {
                let slack = if distance > 0.1 { distance } else { 0.1 };
                (slack, product / slack)
            };
            let is_free = row.is_equal();
            below.push(if is_free || row.low == f64::NEG_INFINITY { (1.0, 0.0) } else { at(sum - row.low) });
            above.push(if is_free || row.high == f64::INFINITY { (1.0, 0.0) } else { at(row.high - sum) });
        }
        let price = |x: &f64| product / x;
        Point {
            low: x.iter().map(price).collect(),
            high: room.iter().map(price).collect(),
            equal: vec![0.0; self.rows.len()],
            x,
            room,
            below,
            above,
        }
    }

    /// Multiplier of each row; positive at its lower bound.
    fn row_prices(&self, p: &Point) -> Vec<f64> {
        (0..self.rows.len()).map(|r| p.below[r].1 - p.above[r].1 + p.equal[r]).collect()
    }

    fn system(&self, p: &Point) -> System {
        let (k, m) = (self.model.factors, self.rows.len());
        let moves: Vec<f64> =
            (0..self.pieces.len()).map(|j| 1.0 / (p.low[j] / p.x[j] + p.high[j] / p.room[j])).collect();
        let bend: Vec<f64> = self.model.specific.iter().map(|d| self.gamma * d).collect();
        let pivot = |(first, last): &(usize, usize)| {
            (*first..*last).max_by(|a, b| moves[*a].total_cmp(&moves[*b])).unwrap_or(*first)
        };
        let pivot: Vec<usize> = self.of_variable.iter().map(pivot).collect();
        let mut diagonal = vec![1.0 / self.gamma; k];
        for (r, row) in self.rows.iter().enumerate() {
            let (below, above) = (p.below[r].1 / p.below[r].0, p.above[r].1 / p.above[r].0);
            let still = below + above;
            diagonal.push(if row.is_equal() {
                REGULAR
            } else if still > 0.0 {
                1.0 / still
            } else {
                f64::MAX
            });
        }
        let size = k + m;
        let mut matrix = vec![0.0; size * size];
        let mut add = |i: usize, j: usize, x: f64| {
            let (i, j) = if i >= j { (i, j) } else { (j, i) };
            matrix[i * size + j] += x;
        };
        // The pivot's coefficients stand in for those of all pieces of the variable, and the differences are
        // added. They are zero for pieces of the same side, apart from the budget. This avoids cancellation.
        for (i, (first, last)) in self.of_variable.iter().enumerate() {
            if first == last {
                continue;
            }
            let (rows, at) = (&self.rows_of[i], pivot[i]);
            let mut all = 0.0;
            for t in &moves[*first..*last] {
                all += t;
            }
            let damped = 1.0 + bend[i] * all;
            let main = all / damped;
            let g = &self.model.exposures[i * k..(i + 1) * k];
            let sign = self.pieces[at].sign;
            let mut columns: Vec<(usize, f64)> =
                g.iter().copied().enumerate().filter(|(_, x)| *x != 0.0).collect();
            columns.extend(rows.iter().zip(&self.pieces[at].counts).map(|(r, c)| (k + r, sign * c)));
            for (a, (i, x)) in columns.iter().enumerate() {
                for (j, y) in &columns[..=a] {
                    add(*i, *j, main * x * y);
                }
            }
            let rest = |j: usize, r: usize| {
                self.pieces[j].counts[r] - sign * self.pieces[j].sign * self.pieces[at].counts[r]
            };
            let mut over = vec![0.0; rows.len()];
            let mut any = false;
            for j in *first..*last {
                for (r, to) in over.iter_mut().enumerate() {
                    let e = rest(j, r);
                    if e != 0.0 {
                        any = true;
                        *to += self.pieces[j].sign * moves[j] * e;
                    }
                }
            }
            if !any {
                continue;
            }
            for (r, x) in over.iter().enumerate() {
                for (j, y) in &columns {
                    // On the diagonal the two symmetric terms coincide.
                    let twice = if *j == k + rows[r] { 2.0 } else { 1.0 };
                    add(k + rows[r], *j, twice * x * y / damped);
                }
                for (s, y) in over[..=r].iter().enumerate() {
                    let mut sum = 0.0;
                    for j in *first..*last {
                        sum += moves[j] * rest(j, r) * rest(j, s);
                    }
                    add(k + rows[r], k + rows[s], sum - bend[i] / damped * x * y);
                }
            }
        }
        for j in 0..size {
            matrix[j * size + j] += diagonal[j];
        }
        let factor = factorised(matrix, size);
        System { moves, pivot, bend, diagonal, factor }
    }

    /// `M⁻¹ v`.
    fn eliminated(&self, s: &System, v: &[f64]) -> Vec<f64> {
        let mut found = vec![0.0; v.len()];
        for (i, (first, last)) in self.of_variable.iter().enumerate() {
            if first == last {
                continue;
            }
            let at = s.pivot[i];
            let main = self.pieces[at].sign * v[at];
            let (mut all, mut over) = (0.0, 0.0);
            for j in *first..*last {
                all += s.moves[j];
                over += self.pieces[j].sign * s.moves[j] * (v[j] - main * self.pieces[j].sign);
            }
            let damped = 1.0 + s.bend[i] * all;
            let shared = (main - s.bend[i] * over) / damped;
            for j in *first..*last {
                let sign = self.pieces[j].sign;
                found[j] = s.moves[j] * (v[j] - main * sign + sign * shared);
            }
        }
        found
    }

    /// `B x`: exposures of the trades, then row sums.
    fn forward(&self, x: &[f64]) -> Vec<f64> {
        let k = self.model.factors;
        let mut sums = vec![0.0; k];
        for (i, u) in self.net(x).iter().enumerate() {
            for (to, g) in sums.iter_mut().zip(&self.model.exposures[i * k..(i + 1) * k]) {
                *to += g * u;
            }
        }
        sums.extend(self.row_sums(x));
        sums
    }

    /// `v + B'λ`.
    fn backward(&self, v: &[f64], prices: &[f64]) -> Vec<f64> {
        let k = self.model.factors;
        let mut found = v.to_vec();
        for (i, (first, last)) in self.of_variable.iter().enumerate() {
            let slope = dot(&self.model.exposures[i * k..(i + 1) * k], &prices[..k]);
            for j in *first..*last {
                found[j] += self.pieces[j].sign * slope;
                for (r, c) in self.rows_of[i].iter().zip(&self.pieces[j].counts) {
                    found[j] += c * prices[k + r];
                }
            }
        }
        found
    }

    /// Solves `M x - B'λ = v`, `B x + E λ = h`.
    fn solved(&self, s: &System, v: &[f64], h: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let size = h.len();
        let mut prices = vec![0.0; size];
        let mut x = self.eliminated(s, v);
        for _ in 0..=REFINED {
            let sums = self.forward(&x);
            let mut left: Vec<f64> = (0..size)
                .map(|j| {
                    let held = if prices[j] == 0.0 { 0.0 } else { s.diagonal[j] * prices[j] };
                    h[j] - sums[j] - held
                })
                .collect();
            substitute(&s.factor, size, &mut left);
            for (to, by) in prices.iter_mut().zip(&left) {
                *to += by;
            }
            x = self.eliminated(s, &self.backward(v, &prices));
        }
        (x, prices)
    }

    /// The Newton step toward products of `aim` at all bounds, minus second-order terms.
    fn direction(&self, s: &System, p: &Point, aim: f64, second: Option<&Step>) -> Step {
        let (n, k) = (self.pieces.len(), self.model.factors);
        let sums = self.row_sums(&p.x);
        let mut v: Vec<f64> = self.gradient(&p.x).iter().map(|g| -g).collect();
        let y = self.row_prices(p);
        let minus: Vec<f64> = y.iter().map(|x| -x).collect();
        self.less_prices(&minus, &mut v);
        let mut lows = vec![0.0; n];
        let mut highs = vec![0.0; n];
        for j in 0..n {
            let (a, b) = second.map_or((0.0, 0.0), |d| (d.x[j] * d.low[j], -d.x[j] * d.high[j]));
            lows[j] = aim - p.x[j] * p.low[j] - a;
            highs[j] = aim - p.room[j] * p.high[j] - b;
            v[j] += p.low[j] - p.high[j] + lows[j] / p.x[j] - highs[j] / p.room[j];
        }
        let mut h = vec![0.0; k];
        let mut targets = vec![(0.0, 0.0, 0.0, 0.0); self.rows.len()];
        for (r, row) in self.rows.iter().enumerate() {
            if row.is_equal() {
                h.push(0.5 * (row.low + row.high) - sums[r]);
                continue;
            }
            let ((below, y_low), (above, y_high)) = (p.below[r], p.above[r]);
            let mut pull = 0.0;
            let t = &mut targets[r];
            if row.low != f64::NEG_INFINITY {
                let a = second.map_or(0.0, |d| d.below[r].0 * d.below[r].1);
                (t.0, t.1) = (sums[r] - row.low - below, aim - below * y_low - a);
                pull += (t.1 - y_low * t.0) / below;
            }
            if row.high != f64::INFINITY {
                let a = second.map_or(0.0, |d| d.above[r].0 * d.above[r].1);
                (t.2, t.3) = (row.high - sums[r] - above, aim - above * y_high - a);
                pull -= (t.3 - y_high * t.2) / above;
            }
            let still = y_low / below + y_high / above;
            h.push(if still > 0.0 { pull / still } else { 0.0 });
        }
        let (x, prices) = self.solved(s, &v, &h);
        let moved = self.row_sums(&x);
        let mut step = Step { x, ..Step::default() };
        for j in 0..n {
            step.low.push((lows[j] - p.low[j] * step.x[j]) / p.x[j]);
            step.high.push((highs[j] + p.high[j] * step.x[j]) / p.room[j]);
        }
        for (r, row) in self.rows.iter().enumerate() {
            let t = targets[r];
            let (mut below, mut above, mut equal) = ((0.0, 0.0), (0.0, 0.0), 0.0);
            if row.is_equal() {
                equal = prices[k + r];
            } else {
                if row.low != f64::NEG_INFINITY {
                    let by = moved[r] + t.0;
                    below = (by, (t.1 - p.below[r].1 * by) / p.below[r].0);
                }
                if row.high != f64::INFINITY {
                    let by = t.2 - moved[r];
                    above = (by, (t.3 - p.above[r].1 * by) / p.above[r].0);
                }
            }
            step.below.push(below);
            step.above.push(above);
            step.equal.push(equal);
        }
        step
    }

    /// Mean complementarity product.
    fn product(&self, p: &Point) -> f64 {
        let (mut sum, mut count) = (0.0, 0.0);
        for j in 0..self.pieces.len() {
            sum += p.x[j] * p.low[j] + p.room[j] * p.high[j];
            count += 2.0;
        }
        for (slack, price) in p.below.iter().chain(&p.above).filter(|b| b.1 != 0.0) {
            sum += slack * price;
            count += 1.0;
        }
        if count > 0.0 { sum / count } else { 0.0 }
    }

    /// Largest violation of a row, in its own scale, and largest residual slope.
    fn errors(&self, p: &Point) -> (f64, f64) {
        let mut slopes = self.gradient(&p.x);
        self.less_prices(&self.row_prices(p), &mut slopes);
        let mut worst = 0.0;
        for (j, s) in slopes.iter().enumerate() {
            let e = (s - p.low[j] + p.high[j]).abs();
            worst = if e > worst { e } else { worst };
        }
        (self.missed(&p.x), worst)
    }

    fn missed(&self, x: &[f64]) -> f64 {
        let mut missed = 0.0;
        for (row, sum) in self.rows.iter().zip(self.row_sums(x)) {
            let by = if sum > row.high { sum - row.high } else { row.low - sum };
            missed = if by > missed { by } else { missed };
        }
        missed
    }

    /// Runs the method and returns the best point.
    pub(super) fn solve(&self) -> Found {
        let mut p = self.start();
        let mut best = (f64::INFINITY, p.clone());
        let mut since = 0;
        for _ in 0..STEPS {
            let (missed, slope) = self.errors(&p);
            let product = self.product(&p);
            let merit = missed + slope + product;
            if !merit.is_finite() {
                break;
            }
            since += 1;
            if merit < best.0 {
                since = if merit < 0.9 * best.0 { 0 } else { since };
                best = (merit, p.clone());
            }
            if missed <= MET && slope <= MET && product <= CLOSED || since > PATIENCE {
                break;
            }
            let system = self.system(&p);
            let first = self.direction(&system, &p, 0.0, None);
            let ahead = stepped(&p, &first, longest(&p, &first));
            let part = self.product(&ahead) / if product > 0.0 { product } else { 1.0 };
            let aim = product * part * part * part;
            let step = self.direction(&system, &p, aim, Some(&first));
            let length = SHORT * longest(&p, &step);
            p = stepped(&p, &step, if length > 1.0 { 1.0 } else { length });
        }
        self.found(&best.1)
    }

    /// The plan, with values near a bound moved to it, and the lower bound that the multipliers prove.
    fn found(&self, p: &Point) -> Found {
        let x: Vec<f64> = (0..self.pieces.len())
            .map(|j| {
                if p.x[j] <= NOTHING && p.x[j] <= p.room[j] {
                    0.0
                } else if p.room[j] <= NOTHING {
                    self.pieces[j].width
                } else {
                    p.x[j]
                }
            })
            .collect();
        let model = self.model;
        let mut plan = Plan {
            bought: vec![0.0; model.len()],
            sold: model.variables.iter().map(|v| vec![0.0; v.stretches.len()]).collect(),
        };
        for (i, (first, last)) in self.of_variable.iter().enumerate() {
            for j in *first..*last {
                match self.pieces[j].stretch {
                    None => plan.bought[i] = x[j],
                    Some(s) => plan.sold[i][s] = x[j],
                }
            }
        }
        let y = self.row_prices(p);
        let (variance, exposure) = model.variance(&self.net(&x));
        let mut bound = 0.5 * self.gamma * variance;
        let gradient = self.gradient(&x);
        for ((x, piece), g) in x.iter().zip(&self.pieces).zip(&gradient) {
            bound += (piece.cost - g) * x;
        }
        let mut slopes = gradient;
        self.less_prices(&y, &mut slopes);
        for (piece, s) in self.pieces.iter().zip(&slopes) {
            bound += if *s < 0.0 { s * piece.width } else { 0.0 };
        }
        for (row, y) in self.rows.iter().zip(&y) {
            bound += if *y > 0.0 {
                y * row.low
            } else if *y < 0.0 {
                y * row.high
            } else {
                0.0
            };
        }
        let priced = |r: usize| -y[r] * self.scale * self.rows[r].scale;
        let last = self.rows.len().saturating_sub(1);
        let factor = |f: &f64| f * self.gamma * self.scale;
        Found {
            scale: self.scale,
            plan,
            prices: Prices {
                aversion: self.gamma * self.scale,
                gain: if self.has_budget { priced(last) } else { 0.0 },
                factors: exposure.iter().map(factor).collect(),
                rows: (0..model.bands.len()).map(priced).collect(),
            },
            bound: bound * self.scale,
        }
    }
}

/// The longest step, up to `1 / SHORT`, that keeps everything nonnegative.
fn longest(p: &Point, step: &Step) -> f64 {
    let mut longest = 1.0 / SHORT;
    let mut limit = |at: f64, by: f64| {
        if by < 0.0 && at < -by * longest {
            longest = at / -by;
        }
    };
    for j in 0..p.x.len() {
        limit(p.x[j], step.x[j]);
        limit(p.room[j], -step.x[j]);
        limit(p.low[j], step.low[j]);
        limit(p.high[j], step.high[j]);
    }
    for r in 0..p.below.len() {
        for (at, by) in [(p.below[r], step.below[r]), (p.above[r], step.above[r])] {
            limit(at.0, by.0);
            limit(at.1, by.1);
        }
    }
    longest
}

fn stepped(p: &Point, step: &Step, length: f64) -> Point {
    let along = |at: &[f64], by: &[f64]| at.iter().zip(by).map(|(a, b)| a + length * b).collect();
    let both = |at: &[(f64, f64)], by: &[(f64, f64)]| {
        at.iter().zip(by).map(|(a, b)| (a.0 + length * b.0, a.1 + length * b.1)).collect()
    };
    Point {
        x: along(&p.x, &step.x),
        room: p.room.iter().zip(&step.x).map(|(a, b)| a - length * b).collect(),
        low: along(&p.low, &step.low),
        high: along(&p.high, &step.high),
        below: both(&p.below, &step.below),
        above: both(&p.above, &step.above),
        equal: along(&p.equal, &step.equal),
    }
}

/// Cholesky factor of a matrix's lower triangle. A row that depends on others is left out by an infinite
/// pivot.
fn factorised(mut l: Vec<f64>, size: usize) -> Vec<f64> {
    cholesky_in_place(&mut l, size, size, |left, whole| {
        Some(if left > DEPENDENT * whole { left.sqrt() } else { f64::INFINITY })
    });
    l
}

fn substitute(l: &[f64], size: usize, x: &mut [f64]) {
    for j in 0..size {
        x[j] = (x[j] - dot(&l[j * size..j * size + j], &x[..j])) / l[j * size + j];
    }
    for j in (0..size).rev() {
        let mut sum = x[j];
        for i in j + 1..size {
            sum -= l[i * size + j] * x[i];
        }
        x[j] = sum / l[j * size + j];
    }
}
