//! The rebalancing problem, its solver and a certificate for the answer.
//!
//! - [`Problem`] with its [`Row`]s and [`Curve`]s holds the data of the problem below. [`solve()`] and
//!   [`Solver`] return a [`Solution`].
//! - [`lp`] and [`small_lp`] solve linear programs.
//! - Private modules, one step of the method each: `curve` and `problem` (data), `prepared` (layout for the
//!   inner loop), `dual`, `model` and `newton` (maximize the dual), `sides` and `together` (choose the side
//!   of each name), `repair` (meets rows exactly), `solve` (the method as a whole).
//!
//! This crate has no access to markets, replays or lot books; its caller hands in the figures.
//!
//! # The problem
//!
//! With `n` securities, K factors and m rows, in fractions of the portfolio value:
//!
//! ```text
//! min over u   1/2 γ (a+u)' (G G' + diag d) (a+u) + Σ cᵢ(uᵢ)      subject to   low <= C u <= high
//! ```
//!
//! - `u` (n): trades, positive to buy.
//! - `a` (n): holdings minus benchmark.
//! - `G` (n × K): factor exposures times a root of the factor covariance.
//! - `d` (n): specific variances, annual.
//! - `γ`: risk aversion times the horizon in years.
//! - `cᵢ`: trading cost, piecewise linear. Selling takes the lots in order of cost per dollar (tax plus half
//!   the spread); buying costs half the spread. The ends of the curve are bounds of the trade.
//!
//! `cᵢ` is convex on each side of zero but not always across it. Where a lot stands at a loss, selling the
//! first dollar saves tax, and the name is a *buy-or-harvest choice*. A name is never bought and sold at the
//! same time.
//!
//! # The dual
//!
//! Let `ν` (K) be the multipliers of `y = G'(a+u)` and `μ` (m) those of the rows. `σ(μ)` is the support
//! function of the rows: `high` times the positive parts of `μ` plus `low` times the negative parts. The dual
//! function is
//!
//! ```text
//! q(ν, μ) = -ν'ν/(2γ) - σ(μ) + Σ min over uᵢ [ 1/2 γ dᵢ (aᵢ+uᵢ)² + cᵢ(uᵢ) + (Gν)ᵢ (aᵢ+uᵢ) + (C'μ)ᵢ uᵢ ]
//! ```
//!
//! Each inner problem has a closed form: find the segment of the curve that the price reaches on each side of
//! zero, and take the better side. So `q` is a certified lower bound at any multipliers. Without `σ` its
//! gradient is `(G'(a+u) - ν/γ, Cu)`. Its generalized Hessian is
//! `-(diag(I/γ, 0) + [G C]_A' diag(1/(γ d)) [G C]_A)`, over the securities `A` strictly inside a linear
//! piece. A proximal semismooth Newton method of dimension K + m maximizes it (`newton`; Qi and Sun 1993; Li,
//! Sun and Toh 2018 for this use).
//!
//! # The choices
//!
//! Where several names are undecided, the dual has a kink at its maximum. There each choice may sell with a
//! fraction `λ` and buy with the rest, at a small penalty for changing `λ`. This makes the dual smooth, and
//! proximal rounds in `λ` lead to the true maximum. After each round every name is fixed to the side with the
//! greater fraction and the convex rest is solved exactly, until bound and objective are close. Where they
//! stay apart, one undecided name is large; branch and bound then solves the problem with it sold and with it
//! bought.
//!
//! Names with hardly any specific variance make the dual nearly piecewise linear. Proximal steps in `u` take
//! over where the plain method stops short.
//!
//! # Example
//!
//! ```
//! use unisleeve_solver::{Curve, Problem, Row, Segment, solve};
//!
//! // 10% too much of the first security and 10% too little of the second.
//! let problem = Problem {
//!     risk_aversion: 5.0,
//!     factors: 1,
//!     exposures: vec![0.15, 0.15],
//!     specific: vec![0.04, 0.04],
//!     active: vec![0.1, -0.1],
//!     curves: vec![
//!         Curve::new(&[Segment { width: 0.6, cost: 0.001 }], 0.001, 0.0),
//!         Curve::new(&[], 0.001, 1.0),
//!     ],
//!     rows: vec![Row::equal("cash", vec![1.0, 1.0], 0.0)],
//! };
//! let solution = solve(&problem, None)?;
//! assert!((solution.trades[1] - 0.095).abs() < 1e-6);
//! assert!((solution.objective - solution.lower_bound).abs() < 1e-9);
//! # Ok::<(), unisleeve_solver::ProblemError>(())
//! ```

mod curve;
mod dual;
pub mod lp;
mod model;
mod newton;
mod prepared;
mod problem;
mod repair;
mod sides;
pub mod small_lp;
mod solve;
mod together;

pub use curve::{Curve, Segment};
pub use problem::{Problem, ProblemError, Row};
pub use solve::{Solution, Solver, solve};
