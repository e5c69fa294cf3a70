//! Rebalancing without a risk model: each dollar of drift from the benchmark's weights has a price.
//!
//! Amounts are fractions of the portfolio value. For each account and security, `b` is bought, `z` is sold of
//! each lot and `u = b - Σ z`. `h` is half the spread, `a` a security's weight less the benchmark's, and `p`
//! the price of drift:
//!
//! ```text
//! min   Σ h (b + Σ z) + Σ tax z + p Σ over securities |a + Σ over accounts u|
//! s.t.  low <= Σ (net u + gross (b + Σ z)) <= high     each row: cash, turnover, bands, caps
//!       Σ gain z <= budget
//!       0 <= b <= limit,  0 <= z <= the lot
//!       a security is bought or sold, in all accounts alike
//! ```
//!
//! Without the last line this is a linear program (`program`). The last line matters for a lot at a loss:
//! selling it and buying it back would save tax without drift. Such a security gets the convex hull of its
//! two sides (Balas 1979, disjunctive programming). With a fraction `y` of it selling and the rest buying,
//!
//! ```text
//! |a + Σ u| becomes |a y - Σ z| + |a (1 - y) + Σ b|,   z <= y × the lot,   b <= (1 - y) × limit
//! ```
//!
//! At a vertex at most as many securities as there are rows have a fraction between 0 and 1 (Shapley and
//! Folkman). `branch` splits on those.

mod branch;
mod problem;
mod program;

pub(crate) use problem::{Bounds, DriftProblem, DriftSolution, Lot, NoPlan, Trade, Traded};

pub(super) use branch::solve;
