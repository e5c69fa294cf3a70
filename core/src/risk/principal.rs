//! Leading eigenvectors of a symmetric matrix.

/// The `k` leading eigenvectors of the symmetric positive semidefinite `matrix` (n × n, row by row), each times the
/// root of its eigenvalue: n × k, row by row.
///
/// Subspace iteration with a fixed start (so that equal inputs give equal bits), then Rayleigh–Ritz.
pub(super) fn scaled_eigenvectors(matrix: &[f64], n: usize, k: usize) -> Vec<f64> {
    const SWEEPS: usize = 40;
    let mut basis = vec![0.0; n * k];
    for i in 0..n {
        for j in 0..k {
            // Distinct, well-spread entries; any start that is not orthogonal to the answer will do.
            basis[j * n + i] = ((i * (2 * j + 3) + j * j) % 17) as f64 - 7.7;
        }
    }
    let mut image = vec![0.0; n * k];
    orthonormalise(&mut basis, n, k);
    for _ in 0..SWEEPS {
        multiply(matrix, &basis, &mut image, n, k);
        core::mem::swap(&mut basis, &mut image);
        orthonormalise(&mut basis, n, k);
    }
    multiply(matrix, &basis, &mut image, n, k);
    let mut small = vec![0.0; k * k];
    for a in 0..k {
        for b in 0..k {
            small[a * k + b] = dot(&basis[a * n..(a + 1) * n], &image[b * n..(b + 1) * n]);
        }
    }
    let (values, vectors) = jacobi(small, k);
    let mut order: Vec<usize> = (0..k).collect();
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
    let mut out = vec![0.0; n * k];
    for (to, from) in order.into_iter().enumerate() {
        let root = if values[from] > 0.0 { values[from].sqrt() } else { 0.0 };
        for i in 0..n {
            let mut x = 0.0;
            for a in 0..k {
                x += basis[a * n + i] * vectors[a * k + from];
            }
            out[i * k + to] = x * root;
        }
    }
    out
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (x, y) in a.iter().zip(b) {
        sum += x * y;
    }
    sum
}

/// `image = matrix × basis`, both stored vector by vector. The matrix is symmetric to the bit, so its rows are its columns:
/// each entry of the image is still a sum in order, but neighbours are summed side by side, four rows in one go, where a
/// dot product would wait for each addition.
fn multiply(matrix: &[f64], basis: &[f64], image: &mut [f64], n: usize, k: usize) {
    image.fill(0.0);
    let mut at = 0;
    while at < n {
        let rows = if at + 4 <= n { 4 } else { 1 };
        let block = &matrix[at * n..(at + rows) * n];
        for j in 0..k {
            let sums = &mut image[j * n..(j + 1) * n];
            add_rows(sums, block, &basis[j * n + at..j * n + at + rows]);
        }
        at += rows;
    }
}

/// `sums += Σ factors[r] × row r`, one row after the other, of one or of four rows.
fn add_rows(sums: &mut [f64], rows: &[f64], factors: &[f64]) {
    let n = sums.len();
    if let [a, b, c, d] = *factors {
        let (first, rest) = rows.split_at(n);
        let (second, rest) = rest.split_at(n);
        let (third, fourth) = rest.split_at(n);
        let rows = first.iter().zip(second).zip(third.iter().zip(fourth));
        for (sum, ((w, x), (y, z))) in sums.iter_mut().zip(rows) {
            *sum = *sum + a * w + b * x + c * y + d * z;
        }
    } else if let [a] = *factors {
        for (sum, x) in sums.iter_mut().zip(rows) {
            *sum += a * x;
        }
    }
}

/// Modified Gram–Schmidt, twice for each vector: once leaves a vector that nearly vanished far from orthogonal. One that
/// vanishes (beyond the rank) becomes zero.
fn orthonormalise(basis: &mut [f64], n: usize, k: usize) {
    for j in 0..k {
        let (done, rest) = basis.split_at_mut(j * n);
        let v = &mut rest[..n];
        let before = dot(v, v);
        for _ in 0..2 {
            for u in done.chunks_exact(n) {
                let c = dot(u, v);
                for (x, y) in v.iter_mut().zip(u) {
                    *x -= c * y;
                }
            }
        }
        let after = dot(v, v);
        let scale = if after > 1e-24 * before { 1.0 / after.sqrt() } else { 0.0 };
        for x in v.iter_mut() {
            *x *= scale;
        }
    }
}

/// Eigenvalues and eigenvectors (columns) of a small symmetric matrix by cyclic Jacobi rotations.
fn jacobi(mut a: Vec<f64>, k: usize) -> (Vec<f64>, Vec<f64>) {
    let mut v = vec![0.0; k * k];
    for i in 0..k {
        v[i * k + i] = 1.0;
    }
    for _ in 0..30 {
        let mut off = 0.0;
        for p in 0..k {
            for q in p + 1..k {
                off += a[p * k + q] * a[p * k + q];
            }
        }
        if off < 1e-30 {
            break;
        }
        for p in 0..k {
            for q in p + 1..k {
                let apq = a[p * k + q];
                if apq == 0.0 {
                    continue;
                }
                let theta = (a[q * k + q] - a[p * k + p]) / (2.0 * apq);
                let sign = if theta < 0.0 { -1.0 } else { 1.0 };
                let t = sign / (theta * sign + (theta * theta + 1.0).sqrt());
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for i in 0..k {
                    let (x, y) = (a[i * k + p], a[i * k + q]);
                    a[i * k + p] = c * x - s * y;
                    a[i * k + q] = s * x + c * y;
                }
                for i in 0..k {
                    let (x, y) = (a[p * k + i], a[q * k + i]);
                    a[p * k + i] = c * x - s * y;
                    a[q * k + i] = s * x + c * y;
                }
                for i in 0..k {
                    let (x, y) = (v[i * k + p], v[i * k + q]);
                    v[i * k + p] = c * x - s * y;
                    v[i * k + q] = s * x + c * y;
                }
            }
        }
    }
    ((0..k).map(|i| a[i * k + i]).collect(), v)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rebuilds_a_matrix_of_low_rank() {
        let n = 9;
        let f: Vec<f64> = (0..n * 2).map(|i| ((i * 7 + 3) % 11) as f64 / 11.0 - 0.4).collect();
        let cell = |g: &[f64], k: usize, i: usize, j: usize| {
            (0..k).map(|a| g[i * k + a] * g[j * k + a]).sum::<f64>()
        };
        let m: Vec<f64> = (0..n * n).map(|ij| cell(&f, 2, ij / n, ij % n)).collect();
        let g = scaled_eigenvectors(&m, n, 3);
        for i in 0..n {
            for j in 0..n {
                assert!((cell(&g, 3, i, j) - m[i * n + j]).abs() < 1e-12);
            }
        }
    }
}
