//! What a gain or loss realized today costs or saves, in present value: the rates that the optimizer uses.
//!
//! The cost of a sale is `(rate_now - D × rate_later) × gain`. `rate_now` comes from the household's tax
//! function, as far as the mandate can see it. `rate_later` is the long-term rate that would apply to the
//! gain if it were realized later, and `D = (1 - p_stepup)(1 + r)^-T` discounts it. A loss that can't be used
//! this year carries forward; each dollar of it is worth `rate_later × (1 + r)^-U`. `r` is the discount rate,
//! `T` the years until a deferred gain is taxed, `U` the years until a carryforward is used.
//!
//! A disallowed loss that moves into the basis of other shares costs what its harvest had gained:
//! [`PlanningRates::disallowed`].

use serde::{Deserialize, Serialize};

use super::{Carryforward, Income, Law, Outside, TaxBill, TaxRates, bill};
use unisleeve_units::{IncomeKind, Money};

/// How tax paid today compares with tax paid later. The same in every arm.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct Deferral {
    /// Discount rate a year, as a fraction.
    pub rate: f64,
    /// Years until a gain that is not realized today would be taxed.
    pub years: f64,
    /// Probability that it is never taxed (step-up of basis at death).
    pub step_up: f64,
    /// Years until a carryforward is used.
    pub carryforward_years: f64,
}

impl Default for Deferral {
    fn default() -> Self {
        Self { rate: 0.04, years: 10.0, step_up: 0.0, carryforward_years: 5.0 }
    }
}

impl Deferral {
    /// `D`: present value of a dollar of tax paid later.
    pub fn discount(&self) -> f64 {
        (1.0 - self.step_up) * libm::pow(1.0 + self.rate, -self.years)
    }

    /// Present value of a dollar a year over `years`: `Σ (1 + r)^-t`, in closed form for any number of years.
    pub fn annuity(&self) -> f64 {
        if self.rate > 0.0 { (1.0 - libm::pow(1.0 + self.rate, -self.years)) / self.rate } else { self.years }
    }

    /// Present value of a dollar of tax that a carryforward saves.
    pub fn carryforward_discount(&self) -> f64 {
        libm::pow(1.0 + self.rate, -self.carryforward_years)
    }
}

/// Tax rates for one solve of the optimizer, as fractions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlanningRates {
    /// Tax per dollar of gain realized now, by term.
    pub now: TaxRates,
    /// `D × rate_later`: present value of the later tax avoided per dollar of gain realized now.
    pub later: f64,
}

impl PlanningRates {
    /// Net cost per dollar of gain, or saving per dollar of loss, by term.
    pub fn net(&self) -> TaxRates {
        TaxRates { short: self.now.short - self.later, long: self.now.long - self.later }
    }

    /// Cost per dollar of a loss, sold before, that a purchase now disallows. Zero or positive. The term of
    /// the loss is not asked for: the higher rate counts.
    ///
    /// The disallowed loss becomes part of the basis of the shares bought (IRC 1091(d)), where it is worth
    /// what any unrealized loss is worth here, the later rate. So the purchase gives up what the sale had
    /// gained, and no more. A lower cost, such as that of the delay until the loss can be harvested again,
    /// would reward selling and buying back in turn. If the shares are bought in an untaxed account, the
    /// basis does not change and the saving is lost for good (Rev. Rul. 2008-5).
    pub fn disallowed(&self, for_good: bool) -> f64 {
        let rates = if for_good { self.now } else { self.net() };
        let worst = if rates.short > rates.long { rates.short } else { rates.long };
        if worst > 0.0 { worst } else { 0.0 }
    }
}

/// Tax per dollar of further income this year, by kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IncomeRates {
    /// Qualified dividends.
    pub qualified: f64,
    /// Other dividends and interest.
    pub ordinary: f64,
}

impl IncomeRates {
    /// The rate on a kind of income.
    pub fn of(&self, kind: IncomeKind) -> f64 {
        match kind {
            IncomeKind::QualifiedDividend => self.qualified,
            IncomeKind::OrdinaryDividend | IncomeKind::Interest => self.ordinary,
        }
    }
}

/// Step of the difference quotients of the tax function, in dollars.
const STEP: f64 = 1_000.0;

/// The household's tax function as far as one mandate can see it.
#[derive(Debug, Clone)]
pub struct TaxView<'a> {
    /// Law of the year.
    pub law: &'a Law,
    /// The household's income outside what the mandate sees.
    pub outside: Outside,
    /// Income of the year so far, as far as the mandate sees it.
    pub so_far: Income,
    /// Losses carried into the year, as far as the mandate sees them.
    pub carried_in: Carryforward,
    /// Discounting of later tax.
    pub deferral: Deferral,
    /// Long-term rate that applies later.
    pub later_rate: f64,
}

impl TaxView<'_> {
    /// This year's tax with `short` and `long` dollars of further gain, less the present value of the losses
    /// carried out. Dollars.
    fn value(&self, short: f64, long: f64) -> f64 {
        let extra = |x: f64| Money::from_f64(x).unwrap_or(Money::ZERO);
        let income = Income {
            net_short: self.so_far.net_short + extra(short),
            net_long: self.so_far.net_long + extra(long),
            ..self.so_far
        };
        let bill = bill(self.law, &self.outside, &income, self.carried_in);
        let carry = bill.netted.carry;
        let worth = self.later_rate * self.deferral.carryforward_discount();
        bill.total().to_f64() - worth * (carry.short + carry.long).to_f64()
    }

    /// Tax per dollar of further dividends and interest, on top of the year's income so far.
    pub fn income_rates(&self) -> IncomeRates {
        let tax = |income: Income| bill(self.law, &self.outside, &income, self.carried_in).total().to_f64();
        let (now, step) = (tax(self.so_far), Money::from_f64(STEP).unwrap_or(Money::ZERO));
        let (qualified, interest) = (self.so_far.qualified + step, self.so_far.interest + step);
        IncomeRates {
            qualified: (tax(Income { qualified, ..self.so_far }) - now) / STEP,
            ordinary: (tax(Income { interest, ..self.so_far }) - now) / STEP,
        }
    }

    /// Tax rates averaged over the range from today's position to one with `short` and `long` dollars of
    /// further gain. With marginal rates, many securities would each count the same first dollars of a
    /// bracket or of the loss limit.
    pub fn rates(&self, short: f64, long: f64) -> PlanningRates {
        let (s0, s1) = if short < 0.0 { (short - STEP, STEP) } else { (-STEP, short + STEP) };
        let (l0, l1) = if long < 0.0 { (long - STEP, STEP) } else { (-STEP, long + STEP) };
        let now = TaxRates {
            short: (self.value(s1, long) - self.value(s0, long)) / (s1 - s0),
            long: (self.value(short, l1) - self.value(short, l0)) / (l1 - l0),
        };
        PlanningRates { now, later: self.deferral.discount() * self.later_rate }
    }
}

/// The law's top rates: those of a household with a very high income, in the state of this one.
pub fn top_rates(law: &Law, household: &Outside) -> TaxRates {
    let high = Money::whole(50_000_000);
    let (state_rate, state) = (household.state_rate, household.state);
    let outside = Outside { ordinary_taxable: high, magi: high, state_rate, state, ..Outside::default() };
    marginal_rates(law, &outside)
}

/// The household's marginal tax rates: the rate on a further $10,000 of gain, by term.
pub fn marginal_rates(law: &Law, outside: &Outside) -> TaxRates {
    rates_of(law, outside, TaxBill::total)
}

/// The state's part of the household's marginal rates, on a further $10,000 of gain, by term. A state that
/// deducts federal tax takes less of it.
pub fn state_rates(law: &Law, outside: &Outside) -> TaxRates {
    rates_of(law, outside, |bill| bill.state_tax)
}

/// What a further $10,000 of gain adds to a part of the bill, per dollar, by term.
fn rates_of(law: &Law, outside: &Outside, part: impl Fn(&TaxBill) -> Money) -> TaxRates {
    let amount = Money::whole(10_000);
    let none = Carryforward::default();
    // Losses from outside would hide the rate.
    let outside = Outside {
        net_short: outside.net_short.max(Money::ZERO),
        net_long: outside.net_long.max(Money::ZERO),
        ..*outside
    };
    let base = part(&bill(law, &outside, &Income::default(), none));
    let rate = |income: Income| (part(&bill(law, &outside, &income, none)) - base).to_f64() / amount.to_f64();
    TaxRates {
        short: rate(Income { net_short: amount, ..Income::default() }),
        long: rate(Income { net_long: amount, ..Income::default() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FilingStatus;

    #[test]
    fn the_first_dollars_of_loss_are_worth_more_than_the_rest() {
        let law = Law::of(2026, FilingStatus::Joint).unwrap();
        let view = TaxView {
            law: &law,
            outside: Outside::default(),
            so_far: Income::default(),
            carried_in: Carryforward::default(),
            deferral: Deferral::default(),
            later_rate: 0.238,
        };
        let small = view.rates(-1_000.0, 0.0).now.short;
        let large = view.rates(-100_000.0, 0.0).now.short;
        assert!(small > large, "{small} {large}");
        let worth = 0.238 * Deferral::default().carryforward_discount();
        assert!(large > worth && large < worth + 0.02);
    }

    /// 5% a year over 2 years with a step-up probability of 10%: `D = 0.9 / 1.1025`. Realizing a gain of
    /// either term avoids the long-term rate later.
    #[test]
    fn a_later_dollar_is_discounted_and_avoided() {
        let deferral = Deferral { rate: 0.05, years: 2.0, step_up: 0.1, carryforward_years: 1.0 };
        assert!((deferral.discount() - 0.9 / 1.1025).abs() < 1e-12);
        assert!((deferral.carryforward_discount() - 1.0 / 1.05).abs() < 1e-12);
        let law = Law::of(2026, FilingStatus::Joint).unwrap();
        let view = TaxView {
            law: &law,
            outside: Outside::default(),
            so_far: Income {
                net_long: Money::whole(50_000),
                net_short: Money::whole(50_000),
                ..Income::default()
            },
            carried_in: Carryforward::default(),
            deferral,
            later_rate: 0.2,
        };
        // With gains in both terms so far, a further dollar of gain or loss counts at its own rate.
        let rates = view.rates(0.0, 0.0);
        let later = 0.2 * 0.9 / 1.1025;
        assert!((rates.now.short - 0.408).abs() < 1e-9 && (rates.now.long - 0.238).abs() < 1e-9, "{rates:?}");
        assert!((rates.later - later).abs() < 1e-12);
        let net = rates.net();
        assert!(
            (net.short - 0.408 + later).abs() < 1e-9 && (net.long - 0.238 + later).abs() < 1e-9,
            "{net:?}"
        );
        // Losses that only add to the carryforward are worth the later rate, discounted by one year.
        let none =
            TaxView { so_far: Income { net_short: Money::whole(-100_000), ..Income::default() }, ..view };
        assert!((none.rates(0.0, 0.0).now.short - 0.2 / 1.05).abs() < 1e-9);
    }

    /// A dollar a year for three years at 10%: 1/1.1 + 1/1.21 + 1/1.331. In the top bracket dividends cost
    /// 23.8% or 40.8%.
    #[test]
    fn income_is_taxed_each_year() {
        let deferral = Deferral { rate: 0.1, years: 3.0, ..Deferral::default() };
        assert!((deferral.annuity() - (1.0 / 1.1 + 1.0 / 1.21 + 1.0 / 1.331)).abs() < 1e-12);
        assert!((Deferral { rate: 0.0, ..deferral }.annuity() - 3.0).abs() < 1e-12);
        let law = Law::of(2026, FilingStatus::Joint).unwrap();
        let view = TaxView {
            law: &law,
            outside: Outside::default(),
            so_far: Income::default(),
            carried_in: Carryforward::default(),
            deferral,
            later_rate: 0.238,
        };
        let rates = view.income_rates();
        assert!((rates.of(IncomeKind::QualifiedDividend) - 0.238).abs() < 1e-9, "{rates:?}");
        assert!((rates.of(IncomeKind::Interest) - 0.408).abs() < 1e-9, "{rates:?}");
        assert!((rates.of(IncomeKind::OrdinaryDividend) - 0.408).abs() < 1e-9, "{rates:?}");
    }

    /// A harvest at a rate of 40.8% that avoids no later tax of 16% gains 24.8%; buying back gives up the
    /// same, so selling and buying in turn gains nothing. In an IRA all of 40.8% is lost.
    #[test]
    fn a_purchase_gives_up_what_the_harvest_gained() {
        let rates = |short, long| PlanningRates { now: TaxRates { short, long }, later: 0.16 };
        let found = rates(0.408, 0.238);
        assert!((found.disallowed(false) - found.net().short).abs() < 1e-12);
        assert!((found.disallowed(true) - 0.408).abs() < 1e-12);
        assert!(rates(0.0, 0.1).disallowed(false).abs() < 1e-12, "no saving, no cost");
    }

    #[test]
    fn marginal_rates_of_the_top_bracket() {
        let law = Law::of(2026, FilingStatus::Joint).unwrap();
        let rates = marginal_rates(&law, &Outside::default());
        assert!((rates.short - 0.408).abs() < 1e-12 && (rates.long - 0.238).abs() < 1e-12);
    }
}
