//! Standard normals by inversion.

/// Normal quantile of a probability in (0, 1), to about 1 part in 10^16: algorithm AS 241, PPND16 (Wichura
/// 1988, doi:10.2307/2347330). One uniform makes one normal, so the position in a stream determines the draw.
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return q * central(0.180_625 - q * q);
    }
    let r = (-libm::log(if q < 0.0 { p } else { 1.0 - p })).sqrt();
    let x = if r <= 5.0 { shoulder(r - 1.6) } else { tail(r - 5.0) };
    if q < 0.0 { -x } else { x }
}

/// Normals of uniform bits, the same as [`normal_quantile`] one by one. The middle of the distribution is computed
/// without branches, so that the compiler can vectorize it; the tails follow in a second loop.
pub fn fill_normals(bits: &[u64], normals: &mut [f64]) {
    for (x, b) in normals.iter_mut().zip(bits) {
        let q = open_uniform(*b) - 0.5;
        *x = q * central(0.180_625 - q * q);
    }
    for (x, b) in normals.iter_mut().zip(bits) {
        let p = open_uniform(*b);
        if (p - 0.5).abs() > 0.425 {
            *x = normal_quantile(p);
        }
    }
}

/// Half of the distance between two uniforms.
const HALF_STEP: f64 = 0.5 / (1u64 << 52) as f64;

/// The upper 52 bits as a number in (0, 1), in the middle of its interval.
pub fn open_uniform(bits: u64) -> f64 {
    // The bits as the fraction of a number in [1, 2): what follows is exact, and quicker than a conversion.
    (f64::from_bits((0x3ff << 52) | (bits >> 12)) - 1.0) + HALF_STEP
}

#[inline]
fn ratio(r: f64, top: &[f64; 8], bottom: &[f64; 7]) -> f64 {
    let mut a = top[7];
    for c in top[..7].iter().rev() {
        a = a * r + c;
    }
    let mut b = bottom[6];
    for c in bottom[..6].iter().rev() {
        b = b * r + c;
    }
    a / (b * r + 1.0)
}

#[inline]
fn central(r: f64) -> f64 {
    ratio(
        r,
        &[
            3.387_132_872_796_366_5,
            133.141_667_891_784_38,
            1_971.590_950_306_551_3,
            13_731.693_765_509_46,
            45_921.953_931_549_87,
            67_265.770_927_008_7,
            33_430.575_583_588_13,
            2_509.080_928_730_122_7,
        ],
        &[
            42.313_330_701_600_91,
            687.187_007_492_057_9,
            5_394.196_021_424_751,
            21_213.794_301_586_597,
            39_307.895_800_092_71,
            28_729.085_735_721_943,
            5_226.495_278_852_854,
        ],
    )
}

fn shoulder(r: f64) -> f64 {
    ratio(
        r,
        &[
            1.423_437_110_749_683_5,
            4.630_337_846_156_546,
            5.769_497_221_460_691,
            3.647_848_324_763_204_5,
            1.270_458_252_452_368_4,
            0.241_780_725_177_450_6,
            0.022_723_844_989_269_184,
            7.745_450_142_783_414e-4,
        ],
        &[
            2.053_191_626_637_759,
            1.676_384_830_183_803_8,
            0.689_767_334_985_1,
            0.148_103_976_427_480_08,
            0.015_198_666_563_616_457,
            5.475_938_084_995_345e-4,
            1.050_750_071_644_416_9e-9,
        ],
    )
}

fn tail(r: f64) -> f64 {
    ratio(
        r,
        &[
            6.657_904_643_501_103,
            5.463_784_911_164_114,
            1.784_826_539_917_291_3,
            0.296_560_571_828_504_87,
            0.026_532_189_526_576_124,
            0.001_242_660_947_388_078_4,
            2.711_555_568_743_487_6e-5,
            2.010_334_399_292_288_1e-7,
        ],
        &[
            0.599_832_206_555_887_9,
            0.136_929_880_922_735_8,
            0.014_875_361_290_850_615,
            7.868_691_311_456_133e-4,
            1.846_318_317_510_054_7e-5,
            1.421_511_758_316_446e-7,
            2.044_263_103_389_939_8e-15,
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::{fill_normals, normal_quantile, open_uniform};

    #[test]
    fn many_at_once_are_the_same() {
        let bits: Vec<u64> = (0..999u64).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
        let mut normals = vec![0.0; bits.len()];
        fill_normals(&bits, &mut normals);
        assert!(
            bits.iter()
                .zip(&normals)
                .all(|(b, x)| normal_quantile(open_uniform(*b)).to_bits() == x.to_bits())
        );
    }

    /// Values from the paper and from tables of the standard normal.
    #[test]
    fn quantiles_are_right() {
        for (p, x) in [
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_408),
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054_2),
            (1.0 - 1e-9, 5.997_807_015),
        ] {
            assert!(
                (normal_quantile(p) - x).abs() < 2e-8 && (p > 0.99 || (normal_quantile(p) - x).abs() < 1e-14),
                "{p}"
            );
        }
    }
}
