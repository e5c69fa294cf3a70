//! Solves the convex problem as a quadratic program with one variable for each segment, with an
//! interior-point method.

use clarabel::algebra::CscMatrix;
use clarabel::solver::{
    DefaultSettingsBuilder, DefaultSolver, IPSolver, NonnegativeConeT, SolverStatus, ZeroConeT,
};

use unisleeve_core::solver::Row;

use crate::instance::Instance;

/// The directions in which a name may trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// Sell or hold.
    Sell,
    /// Buy or hold.
    Buy,
    /// Both directions at once. This is exact only where the curve is convex across zero.
    Both,
}

/// An optimum of the quadratic program.
#[derive(Debug, Clone)]
pub struct Optimum {
    /// Its objective.
    pub objective: f64,
    /// Trades.
    pub trades: Vec<f64>,
}

/// A quadratic program, built entry by entry, so that a benchmark can time the solver alone.
pub struct Program {
    solver: DefaultSolver<f64>,
    scale: f64,
    /// `(name, sign)` of each trade variable.
    parts: Vec<(usize, f64)>,
    names: usize,
}

/// Scales the objective, which is about a basis point, to the range the solver expects.
const SCALE: f64 = 1e3;

impl Program {
    /// Variables: segments of selling and buying, then `x = a + u` (n), then `y = G'x` (K).
    ///
    /// # Panics
    /// When the solver refuses the data.
    pub fn new(instance: &Instance, open: &[Open], tolerance: f64) -> Self {
        let p = &instance.problem;
        let (n, k) = (p.len(), p.factors);
        let (mut parts, mut widths, mut costs) = (Vec::new(), Vec::new(), Vec::new());
        for i in 0..n {
            if open[i] != Open::Buy {
                for s in instance.sells[i].iter().filter(|s| s.width > 0.0) {
                    parts.push((i, -1.0));
                    widths.push(s.width);
                    costs.push(s.cost);
                }
            }
            if open[i] != Open::Sell && instance.buy_limits[i] > 0.0 {
                parts.push((i, 1.0));
                widths.push(instance.buy_limits[i]);
                costs.push(instance.buy_costs[i]);
            }
        }
        let m = parts.len();
        let size = m + n + k;
        let mut q = vec![0.0; size];
        for (to, c) in q.iter_mut().zip(&costs) {
            *to = c * SCALE;
        }
        let mut quadratic = Entries::default();
        for i in 0..n {
            quadratic.push(m + i, m + i, SCALE * p.risk_aversion * p.specific[i]);
        }
        for j in 0..k {
            quadratic.push(m + n + j, m + n + j, SCALE * p.risk_aversion);
        }
        let (mut a, mut b) = (Entries::default(), Vec::new());
        for i in 0..n {
            a.push(i, m + i, 1.0);
            b.push(p.active[i]);
        }
        for (v, (i, sign)) in parts.iter().enumerate() {
            a.push(*i, v, -sign);
        }
        for j in 0..k {
            a.push(n + j, m + n + j, 1.0);
            for i in 0..n {
                a.push(n + j, m + i, -p.exposures[i * k + j]);
            }
            b.push(0.0);
        }
        let row_of = |a: &mut Entries, at: usize, row: &Row, by: f64| {
            for (v, (i, sign)) in parts.iter().enumerate() {
                if row.coefficients[*i] != 0.0 {
                    a.push(at, v, by * sign * row.coefficients[*i]);
                }
            }
        };
        for row in p.rows.iter().filter(|r| r.low >= r.high) {
            row_of(&mut a, b.len(), row, 1.0);
            b.push(row.low);
        }
        let exact = b.len();
        for row in p.rows.iter().filter(|r| r.low < r.high) {
            if row.high.is_finite() {
                row_of(&mut a, b.len(), row, 1.0);
                b.push(row.high);
            }
            if row.low.is_finite() {
                row_of(&mut a, b.len(), row, -1.0);
                b.push(-row.low);
            }
        }
        let equalities = b.len();
        for v in 0..m {
            a.push(equalities + v, v, -1.0);
            b.push(0.0);
        }
        for (v, width) in widths.iter().enumerate() {
            a.push(equalities + m + v, v, 1.0);
            b.push(*width);
        }
        let settings = DefaultSettingsBuilder::default()
            .verbose(false)
            .max_threads(1)
            .tol_gap_abs(tolerance)
            .tol_gap_rel(tolerance)
            .tol_feas(tolerance)
            .build()
            .expect("settings");
        let cones = [ZeroConeT(exact), NonnegativeConeT(equalities - exact + 2 * m)];
        let (quadratic, a) = (quadratic.matrix(size, size), a.matrix(b.len(), size));
        let solver = DefaultSolver::new(&quadratic, &q, &a, &b, &cones, settings).expect("well-formed data");
        Self { solver, scale: SCALE, parts, names: n }
    }

    /// Returns the optimum, or `None` when the sides leave no way to meet the rows.
    ///
    /// # Panics
    /// When the solver stops for any other reason.
    pub fn solve(mut self) -> Option<Optimum> {
        self.solver.solve();
        match self.solver.solution.status {
            SolverStatus::Solved | SolverStatus::AlmostSolved | SolverStatus::InsufficientProgress => {}
            SolverStatus::PrimalInfeasible | SolverStatus::AlmostPrimalInfeasible => return None,
            other => panic!("the interior-point solver stopped: {other:?}"),
        }
        let mut trades = vec![0.0; self.names];
        for ((i, sign), x) in self.parts.iter().zip(&self.solver.solution.x) {
            trades[*i] += sign * x;
        }
        Some(Optimum { objective: self.solver.solution.obj_val / self.scale, trades })
    }
}

/// Tolerance of the comparison solves, close to the best accuracy of the interior-point method.
pub const TIGHT: f64 = 1e-11;

/// Solves a problem with each name on the given side.
pub fn optimum(instance: &Instance, open: &[Open]) -> Option<Optimum> {
    Program::new(instance, open, TIGHT).solve()
}

/// The optimum of the true problem: the best over every combination of sides of the names whose curve is not
/// convex across zero.
pub fn by_enumeration(instance: &Instance) -> Option<Optimum> {
    let curves = &instance.problem.curves;
    let choices: Vec<usize> = (0..curves.len()).filter(|i| !curves[*i].is_convex()).collect();
    let mut best: Option<Optimum> = None;
    for mask in 0..1usize << choices.len() {
        let mut open = vec![Open::Both; curves.len()];
        for (bit, i) in choices.iter().enumerate() {
            open[*i] = if mask >> bit & 1 == 1 { Open::Sell } else { Open::Buy };
        }
        if let Some(o) = optimum(instance, &open)
            && best.as_ref().is_none_or(|b| o.objective < b.objective)
        {
            best = Some(o);
        }
    }
    best
}

/// A sparse matrix as a list of entries.
#[derive(Default)]
struct Entries(Vec<usize>, Vec<usize>, Vec<f64>);

impl Entries {
    fn push(&mut self, row: usize, column: usize, value: f64) {
        self.0.push(row);
        self.1.push(column);
        self.2.push(value);
    }

    fn matrix(self, rows: usize, columns: usize) -> CscMatrix<f64> {
        CscMatrix::new_from_triplets(rows, columns, self.0, self.1, self.2)
    }
}
