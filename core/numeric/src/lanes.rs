//! Sums and products of vectors in four independent lanes. They run as fast as SIMD code and give the same
//! bits on every machine, because the order of additions is written out. Vectors padded with zeros to a
//! multiple of four need no scalar remainder.

/// Number of lanes.
pub const LANES: usize = 4;

/// `len` rounded up to a multiple of [`LANES`].
#[inline]
pub fn padded(len: usize) -> usize {
    len.div_ceil(LANES) * LANES
}

/// Dot product, over the length of the shorter vector.
#[inline]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    // Cut to equal lengths first, so that both remainders match.
    let len = a.len().min(b.len());
    let ((x, x_rest), (y, y_rest)) = (a[..len].as_chunks::<LANES>(), b[..len].as_chunks::<LANES>());
    let mut sums = [0.0; LANES];
    for (p, q) in x.iter().zip(y) {
        for l in 0..LANES {
            sums[l] += p[l] * q[l];
        }
    }
    let mut sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    for (p, q) in x_rest.iter().zip(y_rest) {
        sum += p * q;
    }
    sum
}

/// `to += by × from`, over the length of the shorter vector.
#[inline]
pub fn add(to: &mut [f64], by: f64, from: &[f64]) {
    for (t, f) in to.iter_mut().zip(from) {
        *t += by * f;
    }
}

/// `to += by[0] × a + by[1] × b + by[2] × c + by[3] × d`, over the shortest length. One call reads and writes
/// `to` once instead of four times.
#[inline]
pub fn add_four(to: &mut [f64], by: [f64; 4], [a, b, c, d]: [&[f64]; 4]) {
    for ((((t, a), b), c), d) in to.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        *t += (by[0] * a + by[1] * b) + (by[2] * c + by[3] * d);
    }
}

/// Whether all numbers are finite.
#[inline]
pub fn all_finite(x: &[f64]) -> bool {
    let (chunks, rest) = x.as_chunks::<LANES>();
    // 0 × NaN and 0 × infinity are NaN, and NaN stays in the sum.
    let mut sums = [0.0; LANES];
    for chunk in chunks {
        for l in 0..LANES {
            sums[l] += chunk[l] * 0.0;
        }
    }
    sums.iter().all(|s| *s == 0.0) && rest.iter().all(|x| x.is_finite())
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "sums of small numbers are exact")]
mod tests {
    use super::*;

    #[test]
    fn one_bad_number_is_found_anywhere() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for at in 0..9 {
                let mut x = [f64::MAX; 9];
                assert!(all_finite(&x));
                x[at] = bad;
                assert!(!all_finite(&x), "{bad} at {at}");
            }
        }
    }

    #[test]
    fn the_longer_vector_is_cut() {
        let ones = [1.0; 12];
        for len in 0..12 {
            assert_eq!(dot(&ones[..len], &ones), f64::from(len as u32));
            assert_eq!(dot(&ones, &ones[..len]), f64::from(len as u32));
        }
    }

    #[test]
    fn four_at_once_are_one_after_the_other() {
        let from: Vec<Vec<f64>> = (0..4).map(|i| (0..8).map(|j| f64::from(i * 8 + j)).collect()).collect();
        let by = [1.0, -2.0, 3.0, 0.5];
        let (mut once, mut each) = ([1.0; 8], [1.0; 8]);
        add_four(&mut once, by, [&from[0], &from[1], &from[2], &from[3]]);
        for (b, f) in by.iter().zip(&from) {
            add(&mut each, *b, f);
        }
        assert_eq!(once, each);
        assert_eq!(dot(&once, &[1.0; 8]), each.iter().sum::<f64>());
    }
}
