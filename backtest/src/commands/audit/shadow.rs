//! Recomputes what compares an arm with the shadow portfolio: tax alpha, its sources, and the tax saved.

use unisleeve_core::units::Money;

use super::arm::Outcome;
use super::facts::Facts;
use super::figures::Figures;
use super::performance::{average_value, years};
use super::tax::Year;

/// What an arm was taxed on over all years, and its tax, in dollars.
struct Taxed {
    losses: f64,
    gains: f64,
    short: f64,
    qualified: f64,
    other: f64,
    carry_short: f64,
    carry_long: f64,
    tax: Money,
}

impl Taxed {
    fn of(outcome: &Outcome) -> Self {
        let years = &outcome.years;
        let sum = |column: usize| -> Money { years.iter().map(|y| y.amounts[column]).sum() };
        let carry = years.last().map(Year::carry).unwrap_or_default();
        Self {
            losses: outcome.harvest.losses.to_f64(),
            gains: outcome.harvest.gains.to_f64(),
            short: sum(0).to_f64(),
            qualified: sum(2).to_f64(),
            other: (sum(3) + sum(4)).to_f64(),
            carry_short: carry.short.to_f64(),
            carry_long: carry.long.to_f64(),
            tax: years.iter().map(Year::tax).sum(),
        }
    }
}

/// Works out the figures of an arm, given its other figures and those of the shadow portfolio.
pub(super) fn against_shadow(
    facts: &Facts,
    (outcome, figures): (&Outcome, &Figures),
    (shadow, its_figures): (&Outcome, &Figures),
) -> Figures {
    let mut found = Figures::default();
    let difference = |path: &str| Some(figures.get(path)? - its_figures.get(path)?);
    let alpha = |path: &str| Some(difference(path)? - difference("pre_tax_return")?);
    let kept = alpha("after_tax_return_before_liquidation");
    found.rate("tax_alpha_before_liquidation", kept);
    found.rate("tax_alpha_after_liquidation", alpha("after_tax_return_after_liquidation"));

    let (p, s) = (Taxed::of(outcome), Taxed::of(shadow));
    let (rs, rl) = (facts.tax_inputs.liquidation_short, facts.tax_inputs.liquidation_long);
    let saved = s.tax - p.tax;
    let dollar_years = average_value(&outcome.marks).zip(years(&outcome.marks)).map(|(v, y)| v * y);
    found.money("tax_savings.total", saved);
    found.rate("tax_savings.over_average_value", dollar_years.map(|d| saved.to_f64() / d));
    let (Some(dollar_years), Some(kept)) = (dollar_years, kept) else { return found };
    let parts = [
        ("harvest", rl * (p.losses - s.losses)),
        ("deferral", rl * (s.gains - p.gains)),
        ("character", (rs - rl) * ((s.short - p.short) + (s.other - p.other))),
        ("income", rl * ((s.qualified + s.other) - (p.qualified + p.other))),
        ("carried", rs * (s.carry_short - p.carry_short) + rl * (s.carry_long - p.carry_long)),
    ];
    let household = parts.iter().fold(saved.to_f64(), |rest, (_, dollars)| rest - dollars);
    for (name, dollars) in parts.into_iter().chain([("household", household)]) {
        found.put(format!("tax_alpha_split.{name}.dollars"), Some(dollars), 1e-5);
        found.put(format!("tax_alpha_split.{name}.rate"), Some(dollars / dollar_years), 1e-12);
    }
    found.rate("tax_alpha_split.linking", Some(kept - saved.to_f64() / dollar_years));
    found.rate("tax_alpha_split.tax_alpha", Some(kept));
    found
}
