//! Realized gains and losses by calendar year and term, as in the household's tax return: recognized, netted
//! within the term, before carryforwards (Schedule D, lines 7 and 15 without lines 6 and 14). In dollars.

use serde::Serialize;

use unisleeve_books::journal::TaxYearRow;
use unisleeve_units::Money;

/// Realized gains of one tax year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct RealizedYear {
    /// Tax year.
    pub year: i32,
    /// Net short-term gain; a loss is negative.
    pub net_short: Money,
    /// Net long-term gain; a loss is negative.
    pub net_long: Money,
}

/// Realized gains by tax year, ascending.
pub fn realized(years: &[TaxYearRow]) -> Vec<RealizedYear> {
    years
        .iter()
        .map(|y| RealizedYear { year: y.year, net_short: y.net_short, net_long: y.net_long })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::tax_year;
    use super::*;

    #[test]
    fn each_term_of_each_year() {
        let years = realized(&[tax_year(2001, (-5, 7), (9, 9), 1), tax_year(2002, (0, -3), (0, 0), 0)]);
        let m = Money::whole;
        assert_eq!(
            years,
            [
                RealizedYear { year: 2001, net_short: m(-5), net_long: m(7) },
                RealizedYear { year: 2002, net_short: m(0), net_long: m(-3) },
            ]
        );
    }
}
