//! The household's tax for one year, and how much of it the portfolio causes.
//!
//! The portfolio's tax is the household's tax with the portfolio minus its tax without it. A loss is
//! therefore worth what this household actually saves. The [crate documentation](crate) lists what is modeled
//! and what is not.

use serde::{Deserialize, Serialize};

use super::state::{STATE_YEARS, StateInput, state_tax};
use super::{Carryforward, Law, Netted, State, net};
use unisleeve_units::{Money, Rate};

/// Income that the household has outside the portfolio, each year. Dollars; gains are positive, losses
/// negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct Outside {
    /// Ordinary taxable income after deductions, without the portfolio's income.
    pub ordinary_taxable: Money,
    /// Modified adjusted gross income, without capital gains and losses but with qualified dividends from
    /// outside the portfolio.
    pub magi: Money,
    /// Net investment income, without capital gains and losses but with qualified dividends from outside the
    /// portfolio.
    pub net_investment_income: Money,
    /// Qualified dividends from outside the portfolio.
    pub qualified_dividends: Money,
    /// Net short-term gain from outside the portfolio, each year.
    pub net_short: Money,
    /// Net long-term gain from outside the portfolio, each year.
    pub net_long: Money,
    /// State income tax, as a flat rate on all taxable income. Not together with `state`.
    pub state_rate: Rate,
    /// State of residence, as a two-letter code (or `NYC`), whose rules apply. The law of 2025 applies to
    /// earlier years, too, and that of 2026 to later ones, with its amounts growing as the federal brackets
    /// do.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    #[cfg_attr(feature = "typescript", tsify(type = "string"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// Itemized deductions behind `ordinary_taxable`. Default: the standard deduction. It matters for the
    /// alternative minimum tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deduction: Option<Itemized>,
    /// Income that only the alternative minimum tax counts, such as the spread of incentive stock options
    /// that were exercised.
    #[serde(skip_serializing_if = "is_default")]
    pub amt_preferences: Money,
}

/// Whether a value is its type's default, as serde asks for it.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Itemized deductions, in dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct Itemized {
    /// All itemized deductions together.
    pub itemized: Money,
    /// The state and local taxes in them, as far as deducted (IRC 164(b)(6)).
    pub salt: Money,
}

impl Outside {
    /// What the alternative minimum tax adds to taxable income: deductions that it does not allow, and
    /// preferences.
    pub fn added_back(&self, law: &Law) -> Money {
        self.deduction.map_or(law.standard_deduction, |d| d.salt) + self.amt_preferences
    }
}

impl Default for Outside {
    fn default() -> Self {
        Self {
            ordinary_taxable: Money::whole(1_000_000),
            magi: Money::whole(1_000_000),
            net_investment_income: Money::ZERO,
            qualified_dividends: Money::ZERO,
            net_short: Money::ZERO,
            net_long: Money::ZERO,
            state_rate: Rate::ZERO,
            state: None,
            deduction: None,
            amt_preferences: Money::ZERO,
        }
    }
}

/// What a portfolio adds to one year. Dollars; gains are positive, losses negative. Losses carried in are not
/// included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Income {
    /// Net short-term gain.
    pub net_short: Money,
    /// Net long-term gain.
    pub net_long: Money,
    /// Qualified dividends (IRC 1(h)(11)).
    pub qualified: Money,
    /// Other dividends.
    pub ordinary: Money,
    /// Taxable interest.
    pub interest: Money,
    /// Withdrawals from tax-deferred accounts: ordinary income (IRC 408(d)(1)), but not investment income
    /// (IRC 1411(c)(5)).
    pub distributions: Money,
}

impl core::ops::Add for Income {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            net_short: self.net_short + other.net_short,
            net_long: self.net_long + other.net_long,
            qualified: self.qualified + other.qualified,
            ordinary: self.ordinary + other.ordinary,
            interest: self.interest + other.interest,
            distributions: self.distributions + other.distributions,
        }
    }
}

impl core::ops::Sub for Income {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self {
            net_short: self.net_short - other.net_short,
            net_long: self.net_long - other.net_long,
            qualified: self.qualified - other.qualified,
            ordinary: self.ordinary - other.ordinary,
            interest: self.interest - other.interest,
            distributions: self.distributions - other.distributions,
        }
    }
}

/// Tax of one year, with the netting behind it. Dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaxBill {
    /// Tax on ordinary income.
    pub ordinary_tax: Money,
    /// Tax on preferential income.
    pub gains_tax: Money,
    /// Net investment income tax.
    pub niit: Money,
    /// Alternative minimum tax.
    pub amt: Money,
    /// State income tax.
    pub state_tax: Money,
    /// Netting of gains and losses, with the carryforward into the next year.
    pub netted: Netted,
    /// Adjusted gross income, negative if losses exceed income. It is also the modified one, because income
    /// excluded abroad is not modeled.
    pub agi: Money,
    /// Ordinary and preferential taxable income; zero or positive.
    pub taxable_income: Money,
}

impl TaxBill {
    /// Sum of all taxes.
    pub fn total(&self) -> Money {
        self.ordinary_tax + self.gains_tax + self.niit + self.amt + self.state_tax
    }
}

/// The household's tax for a year in which the portfolio adds `income`.
///
/// A capital loss is used up only as far as there is taxable income to deduct it from. The rest carries
/// forward (IRC 1212(b)(2); Schedule D, Capital Loss Carryover Worksheet, lines 1 to 4).
///
/// ```
/// use unisleeve_tax::{Carryforward, FilingStatus, Income, Law, Outside, difference};
/// use unisleeve_units::Money;
///
/// // A joint household with an ordinary income of 1,000,000 realizes a loss of 9,000.
/// // It deducts 3,000 at 37% and carries the rest forward.
/// let law = Law::of(2026, FilingStatus::Joint).unwrap();
/// let income = Income { net_long: Money::whole(-9_000), ..Income::default() };
/// let none = Carryforward::default();
/// let (tax, with, _) = difference(&law, &Outside::default(), &income, none, none);
/// assert_eq!(tax, Money::whole(-1_110));
/// assert_eq!(with.netted.carry.long, Money::whole(6_000));
/// ```
pub fn bill(law: &Law, outside: &Outside, income: &Income, carried_in: Carryforward) -> TaxBill {
    let dividends = outside.qualified_dividends + income.qualified;
    let (qualified, unqualified) =
        if law.prefers_dividends { (dividends, Money::ZERO) } else { (Money::ZERO, dividends) };
    let other = income.ordinary + income.interest;
    let earned = outside.ordinary_taxable + income.distributions + other + unqualified;
    let taxable = (earned + qualified).max(Money::ZERO);
    let (short, long) = (outside.net_short + income.net_short, outside.net_long + income.net_long);
    let netted = net(short, long, carried_in, law.loss_limit.min(taxable));
    let gains = netted.taxed_short + netted.taxed_long - netted.ordinary_offset;
    let ordinary = earned + netted.taxed_short - netted.ordinary_offset;
    let all_preferential = netted.taxed_long + qualified;
    let minimum_income = ordinary + all_preferential + outside.added_back(law);
    // A deduction that exceeds ordinary income reduces preferential income.
    let preferential = (all_preferential + ordinary.min(Money::ZERO)).max(Money::ZERO);
    let ordinary = ordinary.max(Money::ZERO);
    // A capital loss deducted from ordinary income also reduces net investment income (Reg. 1.1411-4(f)(4)).
    let investment = (outside.net_investment_income + income.qualified + other + gains).max(Money::ZERO);
    let agi = outside.magi + income.qualified + income.distributions + other + gains;
    let ordinary_tax = law.ordinary_tax(ordinary);
    let gains_tax = law.gains_tax(ordinary, preferential).tax;
    let niit = law.niit(investment, agi);
    let amt = law.amt(minimum_income, ordinary, all_preferential, ordinary_tax + gains_tax);
    let state_tax = match outside.state {
        None => (ordinary + preferential).at(outside.state_rate),
        Some(state) => {
            let input = StateInput {
                ordinary_taxable: ordinary,
                pref_income: preferential,
                magi: agi,
                net_short: Some(short - carried_in.short),
                net_long: Some(long - carried_in.long),
                net_investment_income: investment,
                qualified_dividends: qualified.min(preferential),
                federal_tax: ordinary_tax + gains_tax + amt,
                niit,
                ..StateInput::default()
            };
            of_state(law, state, &input)
        }
    };
    TaxBill {
        ordinary_tax,
        gains_tax,
        niit,
        amt,
        state_tax,
        netted,
        agi,
        taxable_income: ordinary + preferential,
    }
}

/// Tax of a state whose amounts grow as the federal brackets do: that on the input in the prices of the law's
/// year, in the prices of the year.
fn of_state(law: &Law, state: State, input: &StateInput) -> Money {
    let year = law.year.clamp(*STATE_YEARS.start(), *STATE_YEARS.end());
    // All years of the range are known, and all fields are given.
    let tax = |input: &StateInput| state_tax(state, year, law.status, input).unwrap_or(Money::ZERO);
    if law.growth.to_bits() == 1.0_f64.to_bits() {
        return tax(input);
    }
    let scaled = |amount: Money, by: f64| Money::from_f64(amount.to_f64() * by).unwrap_or(amount);
    scaled(tax(&input.map(|amount| scaled(amount, 1.0 / law.growth))), law.growth)
}

/// Tax with the portfolio minus tax without it, and both bills: `(tax, with, without)`. Dollars; negative if
/// the portfolio saves tax.
///
/// The household without the portfolio has its own carryforward, `carried_without`.
pub fn difference(
    law: &Law,
    outside: &Outside,
    income: &Income,
    carried_with: Carryforward,
    carried_without: Carryforward,
) -> (Money, TaxBill, TaxBill) {
    let with = bill(law, outside, income, carried_with);
    let without = bill(law, outside, &Income::default(), carried_without);
    (with.total() - without.total(), with, without)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FilingStatus;

    /// A joint household with 1,000,000 of wages pays 37% and 20%, plus 3.8% on each.
    #[test]
    fn marginal_rates_of_a_high_bracket() {
        let law = Law::of(2026, FilingStatus::Joint).unwrap();
        let outside = Outside::default();
        let none = Carryforward::default();
        let tax = |income: Income| difference(&law, &outside, &income, none, none).0;
        let thousand = Money::whole(1_000);
        assert_eq!(tax(Income::default()), Money::ZERO);
        assert_eq!(tax(Income { net_short: thousand, ..Income::default() }), Money::whole(408));
        assert_eq!(tax(Income { net_long: thousand, ..Income::default() }), Money::whole(238));
        assert_eq!(tax(Income { qualified: thousand, ..Income::default() }), Money::whole(238));
        assert_eq!(tax(Income { interest: thousand, ..Income::default() }), Money::whole(408));
        // Withdrawals from an IRA: 37% without the 3.8%.
        assert_eq!(tax(Income { distributions: thousand, ..Income::default() }), Money::whole(370));
        // The 3,000 saves 37%. The 3.8% is not saved, because there is no other investment income.
        assert_eq!(tax(Income { net_long: Money::whole(-9_000), ..Income::default() }), Money::whole(-1_110));
        let both =
            Income { net_long: Money::whole(-9_000), interest: Money::whole(5_000), ..Income::default() };
        assert_eq!(tax(both), Money::whole(2_000).at(Rate::from_raw(408_000)));
    }

    /// With little income, the loss is deducted as far as there is taxable income, which includes qualified
    /// dividends.
    #[test]
    fn a_loss_that_income_cannot_absorb_is_carried() {
        let law = Law::of(2026, FilingStatus::Single).unwrap();
        let none = Carryforward::default();
        let outside = |ordinary| Outside { ordinary_taxable: Money::whole(ordinary), ..Outside::default() };
        let loss = Income { net_short: Money::whole(-10_000), ..Income::default() };
        for (ordinary, qualified, used) in
            [(100_000, 0, 3_000), (1_000, 0, 1_000), (1_000, 500, 1_500), (-2_000, 500, 0), (0, 5_000, 3_000)]
        {
            let income = Income { qualified: Money::whole(qualified), ..loss };
            let netted = bill(&law, &outside(ordinary), &income, none).netted;
            assert_eq!(netted.ordinary_offset, Money::whole(used), "{ordinary} {qualified}");
            assert_eq!(netted.carry.short, Money::whole(10_000 - used));
        }
    }
}
