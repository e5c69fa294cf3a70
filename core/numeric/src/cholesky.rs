//! Cholesky factor of a correlation matrix.

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

#[cfg(test)]
mod tests {
    use super::cholesky;

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
