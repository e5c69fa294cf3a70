//! Describes the household in a few sentences.

use chrono::Datelike;
use unisleeve_core::mandates::{Config, Every, Flow};
use unisleeve_core::study::Summary;
use unisleeve_core::tax::FilingStatus;

use crate::render::format::{date, dollars, rate};

/// Sentences about the start, the flows, the policy mix and the tax position.
pub(super) fn sentences(summary: &Summary) -> Vec<String> {
    let config = &summary.config;
    let filing = match config.tax.status {
        FilingStatus::Single => "A single filer",
        FilingStatus::Joint => "A couple filing jointly",
        FilingStatus::Head => "A head of household",
        FilingStatus::Separate => "A spouse filing separately",
    };
    let mut clauses =
        vec![format!("{filing} starts with {} in cash", dollars(Some(config.household.cash.to_f64())))];
    let within = |f: &&Flow| f.from <= config.end && f.to.is_none_or(|to| to >= config.start);
    clauses.extend(config.household.flows.iter().filter(within).map(|f| flow(f, config)));
    let inputs = &summary.tax_inputs;
    let mut outside = format!(
        "Ordinary taxable income without the portfolio is {}",
        dollars(Some(inputs.ordinary_taxable.to_f64()))
    );
    if inputs.state_rate.is_positive() {
        outside = format!("{outside}, the state takes {}", rate(inputs.state_rate.to_f64()));
    }
    if let Some(state) = inputs.state {
        outside = format!("{outside}, the household lives in {}", state.name());
    }
    for change in &inputs.outside_income {
        if let Some(amount) = change.ordinary_taxable {
            outside = format!("{outside}, {} from {} on", dollars(Some(amount.to_f64())), change.from);
        }
    }
    let carried = [(inputs.carry_short, "short"), (inputs.carry_long, "long")];
    for (amount, term) in carried.iter().filter(|(a, _)| a.is_positive()) {
        outside = format!("{outside}, {} of {term}-term loss is carried in", dollars(Some(amount.to_f64())));
    }
    vec![
        format!("{}.", list(&clauses)),
        format!("The policy mix: {}.", list(&policy(config))),
        format!(
            "{outside}; what is left unsold is taxed at {} short-term and {} long-term.",
            rate(inputs.liquidation_short),
            rate(inputs.liquidation_long)
        ),
    ]
}

fn policy(config: &Config) -> Vec<String> {
    let sleeve = |s: &unisleeve_core::mandates::PolicySleeve| {
        let stocks = match s.stocks.len() {
            0 if s.index.is_empty() => String::new(),
            0 => format!(" (the stocks of {})", s.index),
            n => format!(" ({n} stocks)"),
        };
        format!("{} {}{stocks}", rate(s.weight), s.name)
    };
    config.policy.iter().map(sleeve).collect()
}

fn flow(flow: &Flow, config: &Config) -> String {
    let amount = dollars(Some(flow.amount.to_f64().abs()));
    let verb = if flow.amount.is_negative() { "takes out" } else { "pays in" };
    let from = if flow.from < config.start { config.start } else { flow.from };
    let until = flow.to.filter(|t| *t < config.end);
    let span = |every: &str| match until {
        Some(to) if every == "year" => format!("from {} to {}", from.year(), to.year()),
        Some(to) => format!("from {} to {}", date(from), date(to)),
        None if every == "year" => format!("from {} on", from.year()),
        None => format!("from {} on", date(from)),
    };
    match flow.every {
        Every::Once => format!("{verb} {amount} on {}", date(flow.from)),
        Every::Month => format!("{verb} {amount} a month {}", span("month")),
        Every::Year => format!("{verb} {amount} a year {}", span("year")),
    }
}

/// Joins words: `a`, `a and b`, `a, b and c`.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_like_sentences() {
        let items = |n: usize| ["a", "b", "c"].iter().take(n).map(|s| (*s).to_owned()).collect::<Vec<_>>();
        assert_eq!([0, 1, 2, 3].map(|n| list(&items(n))), ["", "a", "a and b", "a, b and c"]);
    }

    #[test]
    fn flows_say_who_pays_whom_and_when() {
        let config = unisleeve_core::mandates::sample_config();
        let said: Vec<String> = config.household.flows.iter().map(|f| flow(f, &config)).collect();
        assert_eq!(
            said,
            ["pays in $20,000 a year from 2001 to 2009", "takes out $60,000 a year from 2010 on"]
        );
    }
}
