//! Solve.
fn main() {}
