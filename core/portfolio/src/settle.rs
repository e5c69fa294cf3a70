//! Chooses sides for the securities that a blend leaves undecided.
//!
//! At the maximum of the blended dual, the blended trades meet all conditions. Moving undecided securities to
//! one side each changes the gradient by `e = Σ (s - λ) apart`. `s` is 1 where the security sells, and
//! `apart` is the gradient of selling less that of buying. Solving again then raises the objective by about
//! `Σ s (value of selling - value of buying) + 1/2 e' H⁻¹ e`. A local search that changes one or two
//! securities at a time minimizes this. Rounding each security separately would let all their errors add up.

use super::climb::Climb;
use unisleeve_numeric::lanes::dot;

use super::dual::Dual;
use super::schur::factorise;
use super::terms::Direction;

/// A fraction this close to 0 or 1 counts as decided.
const DECIDED: f64 = 1e-6;
/// Largest number of changes for each undecided security.
const CHANGES: usize = 4;

/// An undecided security.
struct Open {
    security: usize,
    part: f64,
    sells: bool,
    /// Value of selling less that of buying.
    worse: f64,
    /// `L⁻¹ apart`, with `H = L L'`.
    apart: Vec<f64>,
}

/// The side of each security at the current point of a blended climb.
pub(super) fn settle(dual: &Dual, climb: &mut Climb) -> Vec<Direction> {
    let parts = climb.at.sells.clone();
    let mut sides: Vec<Direction> =
        parts.iter().map(|part| if *part > 0.5 { Direction::Sell } else { Direction::Buy }).collect();
    let undecided = |s: &usize| dual.is_choice[*s] && parts[*s] > DECIDED && parts[*s] < 1.0 - DECIDED;
    let undecided: Vec<usize> = (0..parts.len()).filter(undecided).collect();
    if undecided.len() < 2 {
        return sides;
    }
    let (free, mut l) = climb.curvature(dual);
    let n = free.len();
    if !factorise(&mut l, n, n) {
        return sides;
    }
    let mut column = Vec::new();
    let mut open: Vec<Open> = undecided
        .into_iter()
        .map(|s| {
            dual.apart(s, &climb.at, &mut column);
            let mut apart: Vec<f64> = free.iter().map(|at| column[*at]).collect();
            for j in 0..n {
                apart[j] = (apart[j] - dot(&l[j * n..j * n + j], &apart[..j])) / l[j * n + j];
            }
            Open { security: s, part: parts[s], sells: parts[s] > 0.5, worse: climb.at.worse[s], apart }
        })
        .collect();
    let mut error = vec![0.0; n];
    for o in &open {
        let by = if o.sells { 1.0 - o.part } else { -o.part };
        for (e, a) in error.iter_mut().zip(&o.apart) {
            *e += by * a;
        }
    }
    // Inner products, computed once. Changing one security adds `e'a + 1/2 a'a`; changing two also adds their
    // product.
    let m = open.len();
    let mut product = vec![0.0; m * m];
    for i in 0..m {
        for j in 0..=i {
            let x = dot(&open[i].apart, &open[j].apart);
            (product[i * m + j], product[j * m + i]) = (x, x);
        }
    }
    let mut along: Vec<f64> = open.iter().map(|o| dot(&error, &o.apart)).collect();
    for _ in 0..CHANGES * m {
        let turn = |o: &Open| if o.sells { -1.0 } else { 1.0 };
        let single = |i: usize| turn(&open[i]) * (along[i] + open[i].worse) + 0.5 * product[i * m + i];
        let mut best = (-1e-15, None);
        for i in 0..m {
            let alone = single(i);
            if alone < best.0 {
                best = (alone, Some((i, i)));
            }
            for j in 0..i {
                let both = alone + single(j) + turn(&open[i]) * turn(&open[j]) * product[i * m + j];
                if both < best.0 {
                    best = (both, Some((i, j)));
                }
            }
        }
        let (_, Some((i, j))) = best else { break };
        for at in if i == j { vec![i] } else { vec![i, j] } {
            let by = turn(&open[at]);
            for (x, p) in along.iter_mut().zip(&product[at * m..(at + 1) * m]) {
                *x += by * p;
            }
            open[at].sells = !open[at].sells;
        }
    }
    for o in &open {
        sides[o.security] = if o.sells { Direction::Sell } else { Direction::Buy };
    }
    sides
}
