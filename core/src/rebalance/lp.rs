//! Linear programs, behind a trait: the library that solves them may be exchanged.
//!
//! The library reads a clock while it simplifies a problem (the one such call in this crate); its answers do not depend
//! on it, since no time limit is set.

use minilp::{ComparisonOp, OptimizationDirection, Variable};
use thiserror::Error;

/// A linear program: minimise `Σ cost × x` with `0 <= x <= limit` under the rows.
#[derive(Debug, Clone, Default)]
pub struct LinearProgram {
    /// `(cost, limit)` of each variable; a limit may be infinite.
    pub variables: Vec<(f64, f64)>,
    /// Sums of `coefficient × x[variable]` that must equal a target.
    pub equalities: Vec<(Vec<(usize, f64)>, f64)>,
}

impl LinearProgram {
    /// Adds a variable and returns its position.
    pub fn variable(&mut self, cost: f64, limit: f64) -> usize {
        self.variables.push((cost, limit));
        self.variables.len() - 1
    }
}

/// Why a linear program has no solution.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the linear program has no solution: {0}")]
pub struct LpError(pub String);

/// Solves linear programs.
pub trait LpSolver {
    /// The minimiser.
    ///
    /// # Errors
    /// When the program is infeasible, unbounded or too ill-conditioned.
    fn minimise(&self, program: &LinearProgram) -> Result<Vec<f64>, LpError>;
}

/// The simplex method of the linear-programming library.
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
