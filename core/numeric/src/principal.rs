//! Leading principal components of a table of returns.

use super::lanes::{add, dot};

/// Extra vectors beyond those asked for. They speed up the convergence of the leading ones.
const SPARE: usize = 4;
/// Maximum number of sweeps of the subspace iteration.
const SWEEPS: usize = 30;
/// Stop when a sweep raises the variance held by the subspace by no more than this part of it.
const SETTLED: f64 = 2e-4;
/// Number of vectors handled at a time, so that sums stay in registers.
const BLOCK: usize = 8;

/// The subspace found by the last search, from which the next search starts.
#[derive(Debug, Clone, Default)]
pub struct Subspace {
    /// Number of vectors.
    width: usize,
    /// One row of `width` numbers for each column of the table.
    vectors: Vec<f64>,
}

/// Loadings `G` of the `k` leading principal components of `table`.
///
/// `table` is rows × `n`, row by row. `G` is `n` × `k`, row by row, such that `G G'` approximates the best
/// rank-`k` approximation of `table' table`. Components come in order of falling variance. No mean is
/// subtracted and nothing is divided by the number of rows.
///
/// The method is subspace iteration with a Rayleigh–Ritz step (Golub and Van Loan 2013, section 8.2.4). It
/// works on the products of the table's columns or of its rows, whichever are fewer: forming the products
/// costs less than sweeps on the table itself. It starts from `subspace` and leaves the new subspace there.
/// The first search starts from fixed numbers, so equal inputs give equal bits.
pub fn loadings(table: &[f64], n: usize, k: usize, subspace: &mut Subspace) -> Vec<f64> {
    let rows = table.len().checked_div(n).unwrap_or(0);
    let mut out = vec![0.0; n * k];
    // Columns of securities that are not in the index during the window are all zeros.
    let live: Vec<usize> = (0..n).filter(|i| table.iter().skip(*i).step_by(n).any(|x| *x != 0.0)).collect();
    if k == 0 || live.is_empty() {
        return out;
    }
    let width = (k + SPARE).next_multiple_of(BLOCK);
    start(subspace, n, width);
    let columns: Vec<f64> = live.iter().flat_map(|i| table[*i..].iter().step_by(n).copied()).collect();
    let mut vectors: Vec<f64> =
        live.iter().flat_map(|i| &subspace.vectors[i * width..(i + 1) * width]).copied().collect();
    // Iterate on the products `A A'` of the shorter side. If rows are fewer than columns, first project the
    // starting vectors onto the rows.
    let by_rows = rows < live.len();
    let (count, products) = if by_rows {
        let table = transposed(&columns, rows);
        let mut scores = vec![0.0; rows * width];
        project(&table, live.len(), &vectors, width, &mut scores);
        vectors = scores;
        (rows, products(&table, rows))
    } else {
        (live.len(), products(&columns, live.len()))
    };
    let (mut once, mut twice) = (vec![0.0; count * width], vec![0.0; count * width]);
    let mut held = 0.0;
    for sweep in 0..SWEEPS {
        orthonormalise(&mut vectors, width);
        project(&products, count, &vectors, width, &mut once);
        let now = dot(&vectors, &once);
        if now - held <= SETTLED * now || sweep + 1 == SWEEPS {
            break;
        }
        held = now;
        project(&products, count, &once, width, &mut twice);
        core::mem::swap(&mut vectors, &mut twice);
    }
    let (values, turn) = jacobi(crossed(&vectors, &once, width), width);
    let mut order: Vec<usize> = (0..width).collect();
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
    if by_rows {
        let mut images = vec![0.0; live.len() * width];
        project(&columns, rows, &vectors, width, &mut images);
        vectors = images;
    }
    subspace.vectors.fill(0.0);
    for (i, vector) in live.iter().zip(vectors.chunks_exact(width)) {
        subspace.vectors[i * width..(i + 1) * width].copy_from_slice(vector);
        for (x, from) in out[i * k..(i + 1) * k].iter_mut().zip(&order) {
            let mut sum = 0.0;
            for (a, v) in vector.iter().enumerate() {
                sum += v * turn[a * width + from];
            }
            // On the rows' side, the table times a unit vector already has the length of the singular value.
            *x = if by_rows {
                sum
            } else if values[*from] > 0.0 {
                sum * values[*from].sqrt()
            } else {
                0.0
            };
        }
    }
    out
}

/// Fills the subspace with distinct, well-spread numbers if it has another shape or if one of its vectors is
/// zero. A zero vector would stay zero; it arises from a table with fewer components than vectors.
fn start(subspace: &mut Subspace, n: usize, width: usize) {
    let is_whole = || (0..width).all(|j| subspace.vectors.iter().skip(j).step_by(width).any(|x| *x != 0.0));
    if subspace.width == width && subspace.vectors.len() == n * width && is_whole() {
        return;
    }
    let number = |i: usize, j: usize| ((i * (2 * j + 3) + j * j) % 17) as f64 - 7.7;
    subspace.width = width;
    subspace.vectors = (0..n * width).map(|at| number(at / width, at % width)).collect();
}

/// Transpose of a table with rows of `length` numbers.
fn transposed(table: &[f64], length: usize) -> Vec<f64> {
    (0..length).flat_map(|i| table[i..].iter().step_by(length)).copied().collect()
}

/// Products of all pairs of the `count` rows of `table`: `count` × `count`. Works on two rows by two rows, in
/// four lanes.
fn products(table: &[f64], count: usize) -> Vec<f64> {
    let length = table.len() / count;
    let row = |i: usize| &table[i * length..(i + 1) * length];
    let mut products = vec![0.0; count * count];
    for i in (0..count).step_by(2) {
        // If the number of rows is odd, the last row is paired with itself.
        let (a, b) = (row(i), row((i + 1).min(count - 1)));
        let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
        for j in (0..=i).step_by(2) {
            let (c, d) = (row(j), row((j + 1).min(count - 1)));
            let ((c, c_rest), (d, d_rest)) = (c.as_chunks::<4>(), d.as_chunks::<4>());
            let mut sums = [[0.0; 4]; 4];
            for (((a, b), c), d) in a.iter().zip(b).zip(c).zip(d) {
                for l in 0..4 {
                    sums[0][l] += a[l] * c[l];
                    sums[1][l] += a[l] * d[l];
                    sums[2][l] += b[l] * c[l];
                    sums[3][l] += b[l] * d[l];
                }
            }
            let rest = |x: &[f64], y: &[f64], s: [f64; 4]| dot(x, y) + ((s[0] + s[1]) + (s[2] + s[3]));
            let pairs = [(a_rest, c_rest), (a_rest, d_rest), (b_rest, c_rest), (b_rest, d_rest)];
            for (at, ((x, y), sums)) in pairs.into_iter().zip(sums).enumerate() {
                let (i, j) = (i + at / 2, j + at % 2);
                if i < count && j < count {
                    let product = rest(x, y, sums);
                    products[i * count + j] = product;
                    products[j * count + i] = product;
                }
            }
        }
    }
    products
}

/// `table × vectors`: the score of each row of the table (`n` numbers) on each of `width` vectors. Works on
/// two rows and one block of vectors at a time.
fn project(table: &[f64], n: usize, vectors: &[f64], width: usize, scores: &mut [f64]) {
    for (rows, scores) in table.chunks(2 * n).zip(scores.chunks_mut(2 * width)) {
        let (a, b) = rows.split_at(n);
        for block in 0..width / BLOCK {
            let mut sums = [[0.0; BLOCK]; 2];
            for (i, vector) in vectors.chunks_exact(width).enumerate() {
                let v = &vector.as_chunks::<BLOCK>().0[block];
                // If the number of rows is odd, the last row has no partner.
                let (x, y) = (a[i], b.get(i).copied().unwrap_or(0.0));
                for l in 0..BLOCK {
                    sums[0][l] += x * v[l];
                    sums[1][l] += y * v[l];
                }
            }
            for (score, sum) in scores.chunks_exact_mut(width).zip(sums) {
                score.as_chunks_mut::<BLOCK>().0[block] = sum;
            }
        }
    }
}

/// `a' b` for two tables with `width` columns: `width` × `width`.
fn crossed(a: &[f64], b: &[f64], width: usize) -> Vec<f64> {
    let mut products = vec![0.0; width * width];
    for (a, b) in a.chunks_exact(width).zip(b.chunks_exact(width)) {
        for (x, sums) in a.iter().zip(products.chunks_exact_mut(width)) {
            add(sums, *x, b);
        }
    }
    products
}

/// Makes the columns orthonormal: divides by the Cholesky factor of their products. It does so twice, because
/// one pass leaves columns of very different lengths far from orthogonal. A column in the span of those
/// before it becomes zero.
fn orthonormalise(vectors: &mut [f64], width: usize) {
    for _ in 0..2 {
        let mut factor = crossed(vectors, vectors, width);
        for j in 0..width {
            let whole = factor[j * width + j];
            for a in 0..j {
                factor[j * width + j] -= factor[a * width + j] * factor[a * width + j];
            }
            let pivot = factor[j * width + j];
            let root = if pivot > 1e-14 * whole { pivot.sqrt() } else { 0.0 };
            factor[j * width + j] = root;
            for c in j + 1..width {
                for a in 0..j {
                    factor[j * width + c] -= factor[a * width + j] * factor[a * width + c];
                }
                factor[j * width + c] = if root > 0.0 { factor[j * width + c] / root } else { 0.0 };
            }
        }
        for row in vectors.chunks_exact_mut(width) {
            for j in 0..width {
                let root = factor[j * width + j];
                row[j] = if root > 0.0 { row[j] / root } else { 0.0 };
                let (x, from) = (row[j], &factor[j * width + j + 1..(j + 1) * width]);
                for (y, f) in row[j + 1..].iter_mut().zip(from) {
                    *y -= x * f;
                }
            }
        }
    }
}

/// Eigenvalues and eigenvectors (in columns) of a small symmetric `k` × `k` matrix, by cyclic Jacobi
/// rotations.
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

    fn product(g: &[f64], k: usize, i: usize, j: usize) -> f64 {
        (0..k).map(|a| g[i * k + a] * g[j * k + a]).sum()
    }

    fn covariance(table: &[f64], n: usize, i: usize, j: usize) -> f64 {
        table.chunks_exact(n).map(|row| row[i] * row[j]).sum()
    }

    /// Pseudo-random numbers from a linear congruential generator.
    fn table(rows: usize, n: usize) -> Vec<f64> {
        let mut state = 12_345u64;
        (0..rows * n)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) as f64 / f64::from(1u32 << 31) - 0.5
            })
            .collect()
    }

    #[test]
    fn rebuilds_a_table_of_low_rank() {
        let (n, rows) = (9, 5);
        let (scores, loads) = (table(rows, 2), table(2, n));
        let low: Vec<f64> = (0..rows * n)
            .map(|at| (0..2).map(|a| scores[at / n * 2 + a] * loads[a * n + at % n]).sum())
            .collect();
        let g = loadings(&low, n, 3, &mut Subspace::default());
        for i in 0..n {
            for j in 0..n {
                assert!((product(&g, 3, i, j) - covariance(&low, n, i, j)).abs() < 1e-12);
            }
        }
    }

    /// A start from the subspace of a similar table finds as much variance as a start from scratch.
    #[test]
    fn the_start_does_not_matter() {
        let (n, rows, k) = (40, 60, 5);
        let mut old = table(rows, n);
        for (at, x) in old.iter_mut().enumerate() {
            // Five strong directions plus noise.
            for a in 0..5usize {
                let (t, i) = (at / n, at % n);
                *x += 3.0 * f64::from(((t * (a + 2)) % 7) as u32) * f64::from(((i * (a + 3)) % 5) as u32)
                    / 30.0;
            }
        }
        let new: Vec<f64> =
            old.iter().enumerate().map(|(at, x)| x + 0.02 * ((at % 11) as f64 - 5.0)).collect();
        let mut warm = Subspace::default();
        loadings(&old, n, k, &mut warm);
        let (a, b) = (loadings(&new, n, k, &mut warm), loadings(&new, n, k, &mut Subspace::default()));
        let held = |g: &[f64]| g.iter().map(|x| x * x).sum::<f64>();
        assert!((held(&a) / held(&b) - 1.0).abs() < 1e-3, "{} {}", held(&a), held(&b));
    }

    /// The search finds nearly all of the leading variance, whether rows or columns are fewer.
    #[test]
    fn either_side_finds_the_leading_ones() {
        let (n, k) = (12, 3);
        for rows in [9, 11, 12, 13, 40] {
            let t = table(rows, n);
            let g = loadings(&t, n, k, &mut Subspace::default());
            // Compare the variance found with the leading eigenvalues from Jacobi rotations of all products.
            let (mut values, _) = jacobi(products(&transposed(&t, n), n), n);
            values.sort_by(|a, b| b.total_cmp(a));
            let (held, most) = (g.iter().map(|x| x * x).sum::<f64>(), values[..k].iter().sum::<f64>());
            assert!(
                held <= most * (1.0 + 1e-12) && held > most * (1.0 - 1e-3),
                "{rows} rows: {held} of {most}"
            );
        }
    }

    /// After a table with fewer components than vectors, the next search still finds all components of a
    /// richer table.
    #[test]
    fn a_poor_table_does_not_spoil_the_next() {
        let (n, k) = (40, 6);
        let mut warm = Subspace::default();
        loadings(&table(3, n), n, k, &mut warm);
        loadings(&vec![0.0; 5 * n], n, k, &mut warm);
        let rich = table(60, n);
        let (a, b) = (loadings(&rich, n, k, &mut warm), loadings(&rich, n, k, &mut Subspace::default()));
        let held = |g: &[f64]| g.iter().map(|x| x * x).sum::<f64>();
        assert!((held(&a) / held(&b) - 1.0).abs() < 1e-2, "{} {}", held(&a), held(&b));
    }

    #[test]
    fn a_table_of_nothing_has_no_loadings() {
        assert_eq!(loadings(&[0.0; 12], 4, 2, &mut Subspace::default()), [0.0; 8]);
        assert_eq!(loadings(&[], 4, 2, &mut Subspace::default()), [0.0; 8]);
    }
}
