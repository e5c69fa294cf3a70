//! How the law of one year is written down; the figures are in [`super::before_2013`] and
//! [`super::since_2013`].

/// A bracket without an upper end, in whole dollars: above any taxable income that a lower bracket matters
/// for, because the brackets above it have the same rate.
pub(super) const NO_TOP: i32 = i32::MAX;

/// One number for each filing status: single, joint, head of household, separate.
pub(super) type ByStatus<T> = [T; 4];

/// Federal law of one year. Whole dollars; rates in millionths.
#[derive(Debug, Clone, Copy)]
pub(super) struct YearTable {
    /// Tax year.
    pub(super) year: i32,
    /// Ordinary rates, lowest bracket first. A year with fewer brackets repeats its last rate.
    pub(super) rates: [i64; 7],
    /// Upper ends of all ordinary brackets except the last.
    pub(super) tops: ByStatus<[i32; 6]>,
    /// Rates on preferential income, lowest first.
    pub(super) gains_rates: [i64; 3],
    /// Taxable income up to which the first and the second of these rates apply.
    pub(super) gains_tops: ByStatus<[i32; 2]>,
    /// Standard deduction, without additions for age and blindness.
    pub(super) standard: ByStatus<i32>,
    /// The alternative minimum tax.
    pub(super) amt: AmtTable,
}

/// The alternative minimum tax of one year. Whole dollars; rates in millionths.
#[derive(Debug, Clone, Copy)]
pub(super) struct AmtTable {
    /// Exemption.
    pub(super) exemption: ByStatus<i32>,
    /// Alternative minimum taxable income above which the exemption is phased out.
    pub(super) phase_out_from: ByStatus<i32>,
    /// Exemption lost per dollar above it.
    pub(super) phase_out: i64,
    /// Income up to which the 26% rate applies; half of it for separate returns.
    pub(super) first_rate_top: i32,
}

/// A quarter (IRC 55(d)(3)).
pub(super) const QUARTER: i64 = 250_000;
/// A half, from 2026 (P.L. 119-21, section 70107).
pub(super) const HALF: i64 = 500_000;

impl AmtTable {
    /// Dollars of income over which a dollar of exemption is lost.
    pub(super) const fn steps(&self) -> i32 {
        if self.phase_out == HALF { 2 } else { 4 }
    }
}
