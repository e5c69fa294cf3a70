//! The law of a run as sentences, for every report.

use unisleeve_mandates::Config;
use unisleeve_tax::LawMode;
use unisleeve_tax::law::LAST_YEAR;
use unisleeve_tax::state::{StateInput, assumed};
use unisleeve_units::Money;

/// Which federal and state law holds in which year.
pub(super) fn law_sentences(config: &Config) -> Vec<String> {
    let (tax, rates) = (&config.tax, config.state_rates());
    let growth = format!("grow by {:.1}% a year", tax.inflation * 100.0);
    let federal = match tax.law {
        LawMode::Fixed => format!(
            "The law of {} holds in every year; brackets {growth}, the loss limit and the threshold of the \
             net investment income tax do not.",
            tax.year
        ),
        LawMode::Dated => format!(
            "Each year has the federal law that was in force, 2000 to 2026; later years have that of 2026, with brackets \
             that {growth}. Managers know the law of the year and nothing of later ones. The rates of May 2003 count for all of \
             2003; the rates for assets held five years (2001 to 2003) are left out."
        ),
    };
    let given =
        StateInput { net_short: Some(Money::ZERO), net_long: Some(Money::ZERO), ..StateInput::default() };
    let state = tax.outside.state.map(|state| {
        format!(
            "State tax follows the rules of {}: of 2025 in that year and before, of 2026 afterwards, with amounts that grow \
             as the federal brackets do. A further $10,000 of gain pays {:.2}% short-term and {:.2}% long-term in the first \
             year.{}",
            state.name(),
            rates.short * 100.0,
            rates.long * 100.0,
            assumed(state, LAST_YEAR, &given).map_or_else(String::new, |what| format!(" Assumed: {what}."))
        )
    });
    let changes = &config.household.outside_income;
    let income = (!changes.is_empty()).then(|| {
        let years: Vec<String> = changes.iter().map(|c| c.from.to_string()).collect();
        format!(
            "Income from outside the portfolio changes in {}; managers know that of the year, not of later years.",
            years.join(", ")
        )
    });
    let required = config.household.accounts.iter().any(|a| a.born.is_some()).then(|| {
        "An IRA with its owner's date of birth moves the required distribution to the main account in December, from its \
         value at the end of the year before (in the first year: at the start)."
            .to_owned()
    });
    core::iter::once(federal).chain(state).chain(income).chain(required).collect()
}

/// What the tax rules leave out.
pub(super) fn left_out() -> String {
    "Not modelled: phase-outs of deductions, exemptions and credits, options, short sales, Roth conversions, early \
     withdrawals, city and county taxes other than New York City's."
        .to_owned()
}
