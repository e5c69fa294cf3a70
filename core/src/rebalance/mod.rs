//! The rebalancer: one problem, its dual, and a certificate.
//!
//! With `n` securities, K factors and m rows, in fractions of the value at hand:
//!
//! ```text
//! min over u   1/2 γ (a+u)' (G G' + diag d) (a+u) + Σ cᵢ(uᵢ)      subject to   C u = b
//! ```
//!
//! `u` (n) trades, positive buys; `a` (n) holdings minus benchmark; `G` (n × K) factor exposures times the root of the
//! factor covariance; `d` (n) specific variances, annual; `γ` risk aversion times the horizon in years. `cᵢ` is
//! piecewise linear: selling walks through the lots in order of cost per dollar (tax plus half the spread), buying costs
//! half the spread; its ends are bounds. It is convex on each side of zero but not across it: where a lot stands at a
//! loss, the first dollar sold earns tax, and the name is a *buy-or-harvest choice*. A name is never bought and sold at
//! once.
//!
//! With `y = G'(a+u)` and multipliers `ν` (K) and `μ` (m), the dual function is
//!
//! ```text
//! q(ν, μ) = -ν'ν/(2γ) - μ'b + Σ min over uᵢ [ 1/2 γ dᵢ (aᵢ+uᵢ)² + cᵢ(uᵢ) + (Gν)ᵢ (aᵢ+uᵢ) + (C'μ)ᵢ uᵢ ]
//! ```
//!
//! Each inner problem has a closed form (a binary search over the kinks, on either side of zero, the better side wins), so
//! `q` is a certified lower bound at any multipliers. Its gradient is `(G'(a+u) - ν/γ, Cu - b)` and its generalised
//! Hessian `-(diag(I/γ, 0) + [G C]_A' diag(1/(γ d)) [G C]_A)` over the securities strictly inside a linear piece: a
//! semismooth Newton method of dimension K + m (Qi and Sun 1993; Li, Sun and Toh 2018 for this use of it). A few steps on the true dual, then each name is fixed
//! to its side and the convex rest is solved to the end. Where the certified gap stays wide, the least decided names are
//! flipped one or two at a time.

mod curve;
mod linalg;
pub mod lp;
mod newton;
mod problem;
mod solve;

pub use curve::{Curve, Segment};
pub use problem::{Problem, ProblemError, Row};
pub use solve::{Solution, solve};
