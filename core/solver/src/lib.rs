//! The rebalancer: one problem, its dual, and a certificate.
//!
//! With `n` securities, K factors and m rows, in fractions of the value at hand:
//!
//! ```text
//! min over u   1/2 γ (a+u)' (G G' + diag d) (a+u) + Σ cᵢ(uᵢ)      subject to   low <= C u <= high
//! ```
//!
//! `u` (n) trades, positive buys; `a` (n) holdings minus benchmark; `G` (n × K) factor exposures times the root of the
//! factor covariance; `d` (n) specific variances, annual; `γ` risk aversion times the horizon in years. `cᵢ` is
//! piecewise linear: selling walks through the lots in order of cost per dollar (tax plus half the spread), buying costs
//! half the spread; its ends are bounds. It is convex on each side of zero but not across it: where a lot stands at a
//! loss, the first dollar sold earns tax, and the name is a *buy-or-harvest choice*. A name is never bought and sold at
//! once.
//!
//! With `y = G'(a+u)`, multipliers `ν` (K) and `μ` (m), and the rows' support function `σ(μ)` (`high` times what is above
//! zero, `low` times what is below), the dual function is
//!
//! ```text
//! q(ν, μ) = -ν'ν/(2γ) - σ(μ) + Σ min over uᵢ [ 1/2 γ dᵢ (aᵢ+uᵢ)² + cᵢ(uᵢ) + (Gν)ᵢ (aᵢ+uᵢ) + (C'μ)ᵢ uᵢ ]
//! ```
//!
//! Each inner problem has a closed form (which stretch of its curve its price reaches, on either side of zero, the better
//! side wins), so `q` is a certified lower bound at any multipliers. Without `σ` its gradient is `(G'(a+u) - ν/γ, Cu)` and its
//! generalised Hessian `-(diag(I/γ, 0) + [G C]_A' diag(1/(γ d)) [G C]_A)` over the securities strictly inside a linear
//! piece: a proximal semismooth Newton method of dimension K + m (`newton`; Qi and Sun 1993; Li, Sun and Toh 2018 for this
//! use of it).
//!
//! The choices make the dual's maximum a corner where several names are undecided. There each choice may sell with a part
//! `λ` and buy with the rest, at a small price for moving `λ`: the dual is smooth then, and proximal rounds in `λ` take it to
//! the true maximum. After each round the names are fixed to the greater part's side and the convex rest is solved to the
//! end, until bound and objective are close. Where they stay wide, one undecided name is large: branch and bound solves the
//! problem with it sold and with it bought. Names with hardly any variance of their own make the dual nearly piecewise linear; proximal steps in `u` take over
//! where the plain method stops short.

mod curve;
mod dual;
mod linear_drift;
pub mod lp;
mod model;
mod newton;
pub mod portfolio;
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
