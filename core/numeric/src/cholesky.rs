//! Triangular factors of symmetric matrices.

use super::lanes::dot;

/// Cholesky factor: the lower triangle `L` with `L L' = matrix` (Golub and Van Loan 2013, section 4.2.5).
///
/// `matrix` is n × n and symmetric with entries of order one; only its lower triangle is read. The result is
/// n × n. A zero pivot gives a column of zeros, so perfectly correlated classes are allowed.
///
/// # Errors
/// The first row at which the matrix is not positive semidefinite.
pub fn cholesky(matrix: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, usize> {
    /// Tolerance for pivots: a matrix given to a few decimals may be slightly indefinite.
    const SLACK: f64 = 1e-9;
    let n = matrix.len();
    let mut l = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let mut sum = matrix[i][j];
            for k in 0..j {
                sum -= l[i][k] * l[j][k];
            }
            if i == j {
                if sum < -SLACK {
                    return Err(i);
                }
                l[i][i] = if sum > SLACK { sum.sqrt() } else { 0.0 };
            } else if l[j][j] > 0.0 {
                l[i][j] = sum / l[j][j];
            } else if sum.abs() > 1e-6 {
                return Err(i);
            }
        }
    }
    Ok(l)
}

/// Cholesky in place: the lower triangle of the first `n` columns of a `size` by `size` matrix, row by row, becomes its factor; the
/// rows below carry their part of it.
///
/// `root` gives the diagonal entry of the factor from what is left of a pivot and from the pivot before the elimination. An
/// infinite one leaves the row out. `None` stops.
///
/// Returns false when `root` stopped: the matrix is not positive definite.
pub fn cholesky_in_place(
    l: &mut [f64],
    size: usize,
    n: usize,
    root: impl Fn(f64, f64) -> Option<f64>,
) -> bool {
    for j in 0..n {
        for i in j..size {
            let whole = l[i * size + j];
            let left = whole - dot(&l[i * size..i * size + j], &l[j * size..j * size + j]);
            l[i * size + j] = if i == j {
                let Some(pivot) = root(left, whole) else { return false };
                pivot
            } else {
                left / l[j * size + j]
            };
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{cholesky, cholesky_in_place};

    #[test]
    fn in_place_it_is_the_same_factor() {
        let mut l = vec![4.0, 0.0, 0.0, 2.0, 5.0, 0.0, -2.0, 1.0, 6.0];
        assert!(cholesky_in_place(&mut l, 3, 3, |left, _| (left > 0.0).then(|| left.sqrt())));
        assert_eq!(l, [2.0, 0.0, 0.0, 1.0, 2.0, 0.0, -1.0, 1.0, 2.0]);
        let mut bad = vec![1.0, 0.0, 2.0, 1.0];
        assert!(!cholesky_in_place(&mut bad, 2, 2, |left, _| (left > 0.0).then(|| left.sqrt())));
    }

    #[test]
    fn rebuilds_the_matrix_or_names_the_row() {
        let m = vec![vec![1.0, 0.5, 0.2], vec![0.5, 1.0, -0.3], vec![0.2, -0.3, 1.0]];
        let l = cholesky(&m).unwrap();
        for i in 0..3 {
            for j in 0..3 {
                let sum: f64 = (0..3).map(|k| l[i][k] * l[j][k]).sum();
                assert!((sum - m[i][j]).abs() < 1e-15);
            }
        }
        let impossible = vec![vec![1.0, 0.9, -0.9], vec![0.9, 1.0, 0.9], vec![-0.9, 0.9, 1.0]];
        assert_eq!(cholesky(&impossible), Err(2));
        assert!(cholesky(&[vec![1.0, 1.0], vec![1.0, 1.0]]).is_ok());
    }
}
