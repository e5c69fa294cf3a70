//! Linear programs, behind a trait so that the library can be replaced.
//!
//! The library reads a clock during presolve (the only such call in this crate). No time limit is set, so its
//! answers do not depend on the clock.

use minilp::{ComparisonOp, OptimizationDirection, Variable};
use thiserror::Error;

/// A linear program: minimize `Σ cost × x` with `0 <= x <= limit`, subject to the rows.
#[derive(Debug, Clone, Default)]
pub struct LinearProgram {
    /// `(cost, limit)` of each variable; a limit may be infinite.
    pub variables: Vec<(f64, f64)>,
    /// Rows: the sum of `coefficient × x[variable]` equals a target.
    pub equalities: Vec<(Vec<(usize, f64)>, f64)>,
}

impl LinearProgram {
    /// Adds a variable and returns its position.
    pub fn variable(&mut self, cost: f64, limit: f64) -> usize {
        self.variables.push((cost, limit));
        self.variables.len() - 1
    }
}

/// Why a linear program has no solution, in the solver's words.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the linear program has no solution: {0}")]
pub struct LpError(pub String);

impl LpError {
    /// Whether the rows can't be met, as opposed to a failure of the method.
    pub fn is_infeasible(&self) -> bool {
        self.0 == minilp::Error::Infeasible.to_string()
    }
}

/// Solves linear programs.
pub trait LpSolver {
    /// Returns a minimizer, one value for each variable.
    ///
    /// # Errors
    /// When the program is infeasible, unbounded or too ill-conditioned.
    fn minimise(&self, program: &LinearProgram) -> Result<Vec<f64>, LpError>;

    /// Returns shadow prices: how much the minimal cost rises per unit of each equality's target. They
    /// maximize the dual program; where they are not unique, any maximizer is returned.
    ///
    /// # Errors
    /// When the program has no minimizer, or the dual program is too ill-conditioned.
    fn prices(&self, program: &LinearProgram) -> Result<Vec<f64>, LpError> {
        let found = self.minimise(&dual(program))?;
        Ok((0..program.equalities.len()).map(|r| found[2 * r] - found[2 * r + 1]).collect())
    }
}

/// The dual program: `max Σ target × y - Σ limit × w` subject to `Σ coefficient × y - w <= cost` for each
/// variable, with `w >= 0` where the variable has a limit. Each free `y` is split into two nonnegative
/// variables, which come first.
fn dual(program: &LinearProgram) -> LinearProgram {
    let mut dual = LinearProgram::default();
    let mut columns: Vec<Vec<(usize, f64)>> = vec![Vec::new(); program.variables.len()];
    for (terms, target) in &program.equalities {
        let (up, down) = (dual.variable(-target, f64::INFINITY), dual.variable(*target, f64::INFINITY));
        for (v, c) in terms {
            columns[*v].extend([(up, *c), (down, -c)]);
        }
    }
    for (mut column, (cost, limit)) in columns.into_iter().zip(&program.variables) {
        // A variable fixed at zero imposes no constraint.
        if *limit <= 0.0 {
            continue;
        }
        if limit.is_finite() {
            column.push((dual.variable(*limit, f64::INFINITY), -1.0));
        }
        column.push((dual.variable(0.0, f64::INFINITY), 1.0));
        dual.equalities.push((column, *cost));
    }
    dual
}

/// The simplex method of the linear programming library.
#[derive(Debug, Clone, Copy, Default)]
pub struct Simplex;

impl LpSolver for Simplex {
    fn minimise(&self, program: &LinearProgram) -> Result<Vec<f64>, LpError> {
        let mut problem = minilp::Problem::new(OptimizationDirection::Minimize);
        let variables: Vec<Variable> =
            program.variables.iter().map(|(cost, limit)| problem.add_var(*cost, (0.0, *limit))).collect();
        for (terms, target) in &program.equalities {
            let row: Vec<(Variable, f64)> = terms.iter().map(|(v, c)| (variables[*v], *c)).collect();
            problem.add_constraint(row.as_slice(), ComparisonOp::Eq, *target);
        }
        let solution = problem
            .solve()
            .map_err(|e| LpError(e.to_string()))?
            .into_solution()
            .map_err(|_| LpError("stopped early".to_owned()))?;
        Ok(variables.iter().map(|v| solution.var_value(*v)).collect())
    }
}
