//! A square root of the factor covariance: `F = L L'`, by Cholesky with pivoting, which also works for a
//! singular covariance.

/// A pivot below this fraction of the largest entry counts as zero.
const NONE: f64 = 1e-11;
/// Tolerance, as a fraction of the largest entry: for symmetry, and for what remains after the last pivot.
const LEEWAY: f64 = 1e-9;

/// Why a matrix has no root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRoot {
    /// The entries at (row, column) and (column, row) differ.
    NotSymmetric(usize, usize),
    /// Not positive semidefinite: some combination of factors would have a negative variance.
    NotSemidefinite,
}

/// `L` with `L L' = f`, k × rank, row by row, and the rank. `f` is a k × k covariance; each of its rows must
/// have k entries.
///
/// # Errors
/// [`NoRoot`] if `f` is not symmetric or not positive semidefinite, beyond rounding.
pub fn root(f: &[Vec<f64>]) -> Result<(Vec<f64>, usize), NoRoot> {
    let k = f.len();
    let mut largest = 0.0;
    for x in f.iter().flatten() {
        largest = if x.abs() > largest { x.abs() } else { largest };
    }
    for i in 0..k {
        for j in 0..i {
            if (f[i][j] - f[j][i]).abs() > LEEWAY * largest {
                return Err(NoRoot::NotSymmetric(i, j));
            }
        }
    }
    // The part of `f` not explained yet (symmetrized), and the columns found so far.
    let mut rest: Vec<f64> = (0..k * k).map(|x| 0.5 * (f[x / k][x % k] + f[x % k][x / k])).collect();
    let mut columns: Vec<Vec<f64>> = Vec::new();
    for _ in 0..k {
        let mut at = 0;
        for i in 0..k {
            at = if rest[i * k + i] > rest[at * k + at] { i } else { at };
        }
        let pivot = rest[at * k + at];
        if pivot <= NONE * largest {
            break;
        }
        let scale = pivot.sqrt();
        let column: Vec<f64> = (0..k).map(|i| rest[i * k + at] / scale).collect();
        for i in 0..k {
            for j in 0..k {
                rest[i * k + j] -= column[i] * column[j];
            }
        }
        // Set the pivot's row and column to exactly zero.
        for i in 0..k {
            rest[i * k + at] = 0.0;
            rest[at * k + i] = 0.0;
        }
        columns.push(column);
    }
    // In a semidefinite matrix, covariances vanish where variances do.
    if rest.iter().any(|x| x.abs() > LEEWAY * largest) {
        return Err(NoRoot::NotSemidefinite);
    }
    let rank = columns.len();
    let root = (0..k * rank).map(|x| columns[x % rank][x / rank]).collect();
    Ok((root, rank))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(l: &[f64], rank: usize, k: usize) -> Vec<Vec<f64>> {
        let entry = |i: usize, j: usize| (0..rank).map(|r| l[i * rank + r] * l[j * rank + r]).sum();
        (0..k).map(|i| (0..k).map(|j| entry(i, j)).collect()).collect()
    }

    #[test]
    fn regular_and_singular_covariances_have_a_root() {
        for (f, rank) in [
            (vec![vec![0.04, 0.01], vec![0.01, 0.09]], 2),
            (vec![vec![0.04, 0.06], vec![0.06, 0.09]], 1),
            (vec![vec![0.0, 0.0], vec![0.0, 0.0]], 0),
            (vec![vec![1e-9, 0.0, 0.0], vec![0.0, 1.0, 0.5], vec![0.0, 0.5, 1.0]], 3),
            (Vec::new(), 0),
        ] {
            let (l, found) = root(&f).unwrap();
            assert_eq!(found, rank);
            for (a, b) in product(&l, rank, f.len()).iter().flatten().zip(f.iter().flatten()) {
                assert!((a - b).abs() < 1e-15, "{a} {b}");
            }
        }
    }

    #[test]
    fn what_has_no_root_is_refused() {
        assert_eq!(root(&[vec![1.0, 0.5], vec![0.4, 1.0]]), Err(NoRoot::NotSymmetric(1, 0)));
        assert_eq!(root(&[vec![1.0, 2.0], vec![2.0, 1.0]]), Err(NoRoot::NotSemidefinite));
        assert_eq!(root(&[vec![-1.0]]), Err(NoRoot::NotSemidefinite));
        assert_eq!(root(&[vec![0.0, 1.0], vec![1.0, 0.0]]), Err(NoRoot::NotSemidefinite));
    }
}
