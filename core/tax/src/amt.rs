//! The alternative minimum tax (IRC 55 to 59; Form 6251) of a household with wages, investment income and
//! gains.
//!
//! - Alternative minimum taxable income is taxable income plus what the minimum tax does not allow: the
//!   standard deduction (56(b)(1)(E)), or of itemized deductions the state and local taxes (56(b)(1)(A)(ii)),
//!   and further preferences that are given.
//! - The exemption falls with income (55(d)(3)). Once it is gone, a separate return adds an amount that rises
//!   the same way up to the exemption (55(d)(3), last sentence; instructions for Form 6251, line 4).
//! - Preferential income keeps its rates (55(b)(3); Form 6251, Part III); the rest is taxed at 26% and 28%. As in
//!   the form, the room below each rate's end is what the regular tax leaves.
//! - The tax is what exceeds the regular tax.
//!
//! Not modeled: differences in basis and depreciation, incentive stock options except as a preference that is
//! given, net operating losses, the foreign tax credit, the credit for prior years' minimum tax (53), personal
//! exemptions and the medical floor before 2018 (the minimum tax adds them back), the exemption of a child.

use super::brackets::Exact;
use super::{FilingStatus, Law};
use unisleeve_units::Money;

/// Rates of 55(b)(1), in millionths.
const FIRST: i64 = 260_000;
/// What the second rate adds to the first, in millionths.
const MORE: i64 = 20_000;

impl Law {
    /// The alternative minimum tax, zero or positive. Dollars.
    ///
    /// - `income`: alternative minimum taxable income before the addition for separate returns (Form 6251, line
    ///   4). It may be negative.
    /// - `ordinary`: ordinary taxable income, zero or positive.
    /// - `preferential`: net long-term gain plus qualified dividends, zero or positive, also where deductions
    ///   exceed ordinary income and leave less of it to be taxed.
    /// - `regular`: the regular tax.
    ///
    /// ```
    /// use unisleeve_tax::{FilingStatus, Law};
    /// use unisleeve_units::Money;
    ///
    /// // A joint household sells a business for a gain of 2,000,000 on top of 250,000 of wages in 2026.
    /// let law = Law::of(2026, FilingStatus::Joint).unwrap();
    /// let (ordinary, gain) = (Money::whole(217_800), Money::whole(2_000_000));
    /// let regular = law.ordinary_tax(ordinary) + law.gains_tax(ordinary, gain).tax;
    /// // The exemption is gone, so 26% and 28% apply to all 250,000: 65,110 instead of 37,468.
    /// let income = ordinary + gain + law.standard_deduction;
    /// let amt = law.amt(income, ordinary, gain, regular);
    /// assert_eq!(amt, Money::whole(27_642));
    /// ```
    pub fn amt(&self, income: Money, ordinary: Money, preferential: Money, regular: Money) -> Money {
        if self.flat.is_some() {
            return Money::ZERO;
        }
        (self.tentative_minimum_tax(income, ordinary, preferential) - regular).max(Money::ZERO)
    }

    /// The tentative minimum tax (Form 6251, line 7). Arguments as in [`Law::amt`].
    fn tentative_minimum_tax(&self, income: Money, ordinary: Money, preferential: Money) -> Money {
        let base = self.minimum_tax_base(income);
        let gains = preferential.min(base);
        let without_gains = self.at_minimum_rates(base - gains);
        // Lines 19 to 34: what the regular tax leaves of each rate's range.
        let room = |top: Money| (top - ordinary).max(Money::ZERO);
        let first_room = room(self.gains_tops[0]);
        let first = first_room.min(gains);
        let second_room = (self.gains_tops[1] - first_room - ordinary).max(Money::ZERO);
        let second = second_room.min(gains - first);
        let mut tax = without_gains;
        for (amount, rate) in [first, second, gains - first - second].into_iter().zip(self.gains_rates) {
            tax.add(amount, rate);
        }
        tax.rounded().min(self.at_minimum_rates(base).rounded())
    }

    /// Income less the exemption (Form 6251, line 6), zero or positive.
    fn minimum_tax_base(&self, income: Money) -> Money {
        let lost =
            |from: Money| (income - from).max(Money::ZERO).at(self.amt.phase_out).min(self.amt.exemption);
        let exemption = self.amt.exemption - lost(self.amt.phase_out_from);
        let added =
            if self.status == FilingStatus::Separate { lost(self.amt.phase_out_to) } else { Money::ZERO };
        (income + added - exemption).max(Money::ZERO)
    }

    /// Tax at 26% and 28%.
    fn at_minimum_rates(&self, income: Money) -> Exact {
        let mut tax = Exact::default();
        tax.add(income, FIRST);
        tax.add((income - self.amt.first_rate_top).max(Money::ZERO), MORE);
        tax
    }
}
