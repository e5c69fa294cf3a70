//! Everything is sold on the last day and taxed within the household's return of that year.

use serde::Serialize;

use super::{EndingTerms, Position};
use crate::measure::Liquidation;
use unisleeve_tax::{Carryforward, Income, bill};
use unisleeve_units::Money;

/// A sale taxed through the brackets. Amounts in dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct BracketedSale {
    /// Wealth after the tax of the sale.
    pub wealth: Money,
    /// Tax of the sale. Negative where losses save more than gains cost.
    pub tax: Money,
    /// Short-term loss left for later years, without value here.
    pub unused_short: Money,
    /// Long-term loss left for later years, without value here.
    pub unused_long: Money,
}

/// The household's tax with the sale minus without it. It includes brackets, net investment income tax, the
/// flat state rate, the loss limit, and the year's income before the sale. All gains fall into one year, so a
/// large portfolio moves up the brackets. In the top bracket the flat rates give the same tax.
pub(super) fn bracketed(position: &Position, sale: &Liquidation, terms: &EndingTerms) -> BracketedSale {
    let EndingTerms { law, outside, .. } = terms;
    let sold = Income { net_short: sale.short, net_long: sale.long, ..Income::default() };
    let before = bill(law, outside, &position.income, position.carried_in);
    let after = bill(law, outside, &(position.income + sold), position.carried_in);
    let tax = after.total() - before.total();
    let Carryforward { short, long } = after.netted.carry;
    BracketedSale { wealth: position.wealth() - tax, tax, unused_short: short, unused_long: long }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{m, position, terms};
    use super::*;
    use crate::measure::endings::endings;
    use unisleeve_tax::Outside;

    /// Joint 2026 with wages of 80,000. The 0% rate ends at 98,900, so 21,100 of a gain of 40,000 is taxed at
    /// 15%.
    #[test]
    fn low_income_uses_the_zero_rate() {
        let outside = Outside { ordinary_taxable: m(80_000), magi: m(110_000), ..Outside::default() };
        let terms = EndingTerms { outside, ..terms() };
        let position = position(&[(100, 1_000, 60_000, true)], 0);
        let (e, _) = endings(&position, &terms);
        assert_eq!(e.liquidate_bracketed.tax, m(3_165));
        assert_eq!(e.liquidate.tax, m(9_520));
    }

    /// The year's own income and the carryforward count: 10,000 realized before, 30,000 carried in, 25,000
    /// from the sale.
    #[test]
    fn the_year_before_the_sale_counts() {
        let mut position = position(&[(100, 1_000, 75_000, true)], 0);
        position.income = Income { net_long: m(10_000), ..Income::default() };
        position.carried_in = Carryforward { short: m(0), long: m(30_000) };
        position.carried_out = Carryforward { short: m(0), long: m(17_000) };
        let (e, _) = endings(&position, &terms());
        // Before: -20,000, of which 3,000 save 37%. After: +5,000 at 23.8%.
        assert_eq!(e.liquidate_bracketed.tax, m(1_190 + 1_110));
        // Flat: 25,000 less the 17,000 left.
        assert_eq!(e.liquidate.tax, m(1_904));
    }

    /// Losses save tax up to the loss limit; the rest is carried.
    #[test]
    fn losses_may_save() {
        let (e, _) = endings(&position(&[(100, 10, 11_000, true)], 0), &terms());
        assert_eq!((e.liquidate_bracketed.tax, e.liquidate_bracketed.unused_long), (m(-1_110), m(7_000)));
        assert_eq!(e.liquidate.tax, m(0));
    }
}
