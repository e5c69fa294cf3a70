//! Named factors: one for each asset class, and one for each sector in what the classes leave.
//!
//! A group's factor is the mean return of its members. A member's exposure is its regression coefficient on
//! that factor. The residuals go on to the next kind of group, and finally to the principal components. Group
//! means as factors and time-series regressions for exposures follow Chan, Karceski and Lakonishok (1999),
//! doi:10.1093/rfs/12.5.937.

use unisleeve_numeric::lanes::dot;
use unisleeve_numeric::root;

/// Exposures to groups, times a root of the factor covariance.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct GroupFactors {
    /// Number of factors.
    pub factors: usize,
    /// Exposures, `n × factors`, row by row.
    pub exposures: Vec<f64>,
}

/// Removes the factors of each kind of group from `table` (`rows × n`, row by row, scaled so that squares add
/// up to an annual variance). `kinds` holds the group of each column, or `None`. Columns that are not `seen`
/// have no part in a group's mean; their exposure to it is 1.
pub(super) fn take_out(table: &mut [f64], seen: &[bool], kinds: &[Vec<Option<usize>>]) -> GroupFactors {
    let n = seen.len();
    let rows = table.len().checked_div(n).unwrap_or(0);
    // For each factor: its returns, and the exposures by column.
    let mut found: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    for groups in kinds {
        let count = groups.iter().flatten().max().map_or(0, |g| g + 1);
        for group in 0..count {
            let is_in = |i: usize| groups.get(i).copied().flatten() == Some(group);
            let members: Vec<usize> = (0..n).filter(|i| is_in(*i) && seen[*i]).collect();
            // A single member has only specific risk.
            if members.len() < 2 {
                continue;
            }
            let returns: Vec<f64> = table
                .chunks_exact(n)
                .map(|row| {
                    let mut sum = 0.0;
                    for i in &members {
                        sum += row[*i];
                    }
                    sum / members.len() as f64
                })
                .collect();
            let square = dot(&returns, &returns);
            if square <= 0.0 {
                continue;
            }
            let mut exposures: Vec<f64> =
                (0..n).map(|i| if is_in(i) && !seen[i] { 1.0 } else { 0.0 }).collect();
            for i in members {
                let mut product = 0.0;
                for (row, f) in table.chunks_exact(n).zip(&returns) {
                    product += row[i] * f;
                }
                exposures[i] = product / square;
                for (row, f) in table.chunks_exact_mut(n).zip(&returns) {
                    row[i] -= exposures[i] * f;
                }
            }
            found.push((returns, exposures));
        }
    }
    if found.is_empty() || rows == 0 {
        return GroupFactors::default();
    }
    let covariance: Vec<Vec<f64>> =
        found.iter().map(|(a, _)| found.iter().map(|(b, _)| dot(a, b)).collect()).collect();
    // A matrix of inner products is positive semidefinite, so it has a root.
    let (root, factors) = root(&covariance).unwrap_or_default();
    let mut exposures = vec![0.0; n * factors];
    for ((_, own), l) in found.iter().zip(root.chunks_exact(factors.max(1))) {
        for (x, row) in own.iter().zip(exposures.chunks_exact_mut(factors.max(1))) {
            for (to, l) in row.iter_mut().zip(l) {
                *to += x * l;
            }
        }
    }
    GroupFactors { factors, exposures }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_s_mean_is_its_factor_and_the_rest_is_at_right_angles_to_it() {
        let table = [1.0, 3.0, 5.0, -2.0, 0.0, 1.0, 0.5, 0.5, -3.0, 2.0, -2.0, 4.0];
        let (seen, kinds) = ([true; 3], vec![vec![Some(0), Some(0), None]]);
        let mut rest = table;
        let found = take_out(&mut rest, &seen, &kinds);
        assert_eq!(found.factors, 1);
        let mean: Vec<f64> = table.chunks(3).map(|r| f64::midpoint(r[0], r[1])).collect();
        for (i, column) in (0..2).map(|i| (i, rest.chunks(3).map(|r| r[i]).collect::<Vec<_>>())) {
            assert!(dot(&column, &mean).abs() < 1e-12);
            let before: f64 = table.chunks(3).map(|r| r[i] * r[i]).sum();
            let explained = found.exposures[i] * found.exposures[i];
            assert!((explained + dot(&column, &column) - before).abs() < 1e-12, "variances add up");
        }
        assert!(found.exposures[2].abs() < 1e-15);
        assert_eq!(rest.chunks(3).map(|r| r[2]).collect::<Vec<_>>(), [5.0, 1.0, -3.0, 4.0]);
    }

    #[test]
    fn who_has_no_history_moves_with_its_group() {
        let mut table = [1.0, 3.0, 0.0, -2.0, 0.0, 0.0];
        let found = take_out(&mut table, &[true, true, false], &[vec![Some(0); 3]]);
        let variance: f64 = [2.0f64, -1.0].iter().map(|x| x * x).sum();
        assert!((found.exposures[2] * found.exposures[2] - variance).abs() < 1e-12);
    }
}
