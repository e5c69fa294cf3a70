//! The rebalancing problem, its solver and a certificate for the answer.
//!
//! - [`Problem`] with its [`Row`]s and [`Curve`]s holds the data of the problem below. [`solve()`] and
//!   [`Solver`] return a [`Solution`].
//! - [`lp`] and [`small_lp`] solve linear programs.
//! - [`bound()`] evaluates the certificate at any multipliers; it shares no code with the method.
//! - Private modules, one step of the method each: `curve` and `problem` (data), `prepared` (layout for the
//!   inner loop), `dual`, `model` and `newton` (maximize the dual), `sides`, `rounding` and `together` (choose
//!   the side of each name), `repair` (meets rows exactly), `gains` (the price of gain), `tree` (branch and
//!   bound), `found` (a plan), `solve` (the method as a whole).
//!
//! This crate has no access to markets, replays or lot books; its caller hands in the figures.
//!
//! # The problem
//!
//! With `n` trades, K factors and m rows, in fractions of the portfolio value:
//!
//! ```text
//! min over z, b   1/2 γ x'(G G' + diag d) x + Σ cost z + Σ buy cost b + Σ price × what a row is missed by
//! subject to      low <= C u + D |u| <= high                   each row; one with a price may be missed
//!                 sqrt(x'(G G' + diag d) x) <= cap
//!                 Σ gain z <= most                             one with a price may be exceeded
//!                 0 <= z <= width,  0 <= b <= limit,  |u| is 0 or at least the smallest trade
//!                 a security is bought or sold, in all its trades alike
//! with            u = b - Σ z,  x = a + u
//! ```
//!
//! | symbol | size | meaning | unit |
//! |---|---|---|---|
//! | `b`, `z`, `u` | n, one for each segment, n | bought, sold of each lot, net trade | of the value |
//! | `a` | n | holdings minus benchmark | of the value |
//! | `G` | n × K | factor exposures times a root of the factor covariance | annual volatility |
//! | `d` | n | specific variances | annual variance |
//! | `γ` | | risk aversion times the horizon in years | cost per half a unit of variance |
//! | `cost`, buy cost | | tax and half the spread | per dollar traded |
//! | `C`, `D` | m × n | coefficients of a row: of net trades, and of magnitudes (spreads paid from cash, turnover) | |
//! | price of a row | m | cost of missing it by one; infinite where it must be met | per dollar |
//! | `gain` | | what a dollar sold adds to the year's net gain | per dollar |
//!
//! The cost of a trade is piecewise linear: selling takes the lots in order of cost per dollar. It is convex on
//! each side of zero but not always across it. Where a lot stands at a loss, selling the first dollar saves
//! tax, and the name is a *buy-or-harvest choice*. A name is never bought and sold at the same time.
//!
//! # The dual
//!
//! Let `ν` (K) be the multipliers of `y = G'(a+u)`, `μ` (m) those of the rows, `(γ' - γ)/2` that of the squared
//! cap and `λ` that of the gains; the last two are pinned at zero where there is no such limit. `σ(μ)` is the
//! support function of the rows: `high` times the positive parts of `μ` plus `low` times the negative parts. A
//! row with a price keeps its multiplier within it. The dual function is
//!
//! ```text
//! q(ν, μ, γ', λ) = -ν'ν/(2γ') - σ(μ) - 1/2 (γ' - γ) cap² - λ most
//!                  + Σ min over the trades of one security
//!                      [ 1/2 γ' d (a+u)² + cost + λ gain + (Gν)(a+u) + (C'μ) u + (D'μ) |u| ]
//! ```
//!
//! Each inner problem has a closed form: find the segment of the curve that the price reaches on each side of
//! zero, and take the better side or none. So `q` is a certified lower bound at any multipliers. Its generalized
//! Hessian is `1/γ` times `diag(I, 0) + [G C±D]_A' diag(1/d) [G C±D]_A`, over the trades `A` strictly inside a
//! linear piece, with one more row for `γ'`. A proximal semismooth Newton method of dimension K + m (+ 1)
//! maximizes it (`newton`; Qi and Sun 1993; Li, Sun and Toh 2018 for this use). `λ` is searched from outside:
//! the order of a name's lots, and with it the problem, jumps there.
//!
//! # The choices
//!
//! Where several names are undecided, the dual has a kink at its maximum. There each choice may sell with a
//! fraction `λ` and buy with the rest, at a small penalty for changing `λ`. This makes the dual smooth, and
//! proximal rounds in `λ` lead to the true maximum. After each round every name is fixed to a side (`rounding`)
//! and the convex rest is solved exactly, until bound and objective are close. Where they stay apart, branch and
//! bound (`tree`) splits the tie that is furthest apart. Trades below the smallest size are left out, or raised
//! to it, and solved again.
//!
//! Names with hardly any specific variance make the dual nearly piecewise linear, and so do securities that
//! several trades share, whose variance is a factor. There proximal steps in `u` are repeated until the
//! certificate, which has no such term, closes (Rockafellar 1976).
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
//!         Curve::new(&[Segment::new(0.6, 0.001)], 0.001, 0.0),
//!         Curve::new(&[], 0.001, 1.0),
//!     ],
//!     rows: vec![Row::equal("cash", vec![1.0, 1.0], 0.0)],
//!     ..Problem::default()
//! };
//! let solution = solve(&problem, None)?;
//! assert!((solution.trades[1] - 0.095).abs() < 1e-6);
//! assert!((solution.objective - solution.lower_bound).abs() < 1e-9);
//! # Ok::<(), unisleeve_solver::ProblemError>(())
//! ```

mod bound;
mod curve;
#[cfg(test)]
mod dependent_rows;
mod dual;
mod found;
mod gains;
pub mod lp;
mod model;
mod newton;
mod prepared;
mod problem;
mod repair;
mod rounding;
mod sides;
pub mod small_lp;
mod solve;
mod together;
mod tree;

pub use bound::{Prices, bound};
pub use curve::{Curve, Part, Segment};
pub use problem::{Gains, Problem, ProblemError, Row, beyond};
pub use solve::{Effort, Solution, Solver, solve};
