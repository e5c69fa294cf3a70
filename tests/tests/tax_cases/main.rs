//! Worked cases of tax law, each a test of its own. `cases/tax_cases.json` holds cases with their sources.
//! `cases/ledger_cases.json` holds cases derived from the text of the law, each with its derivation.
//!
//! A test is named `kind::id`. A new case needs no code. A new kind needs a line in [`runner`]; without it
//! the run fails.

mod history;
mod measures;
mod rules;
mod shared;
mod value;
mod wash;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

use value::text;

const FILES: [&str; 2] =
    [include_str!("../../cases/tax_cases.json"), include_str!("../../cases/ledger_cases.json")];

type Runner = fn(&Value);

/// The tests that run a kind of case. If there are several, each has a name.
fn runner(kind: &str) -> &'static [(&'static str, Runner)] {
    match kind {
        "wash" => &[("history", wash::through_the_history), ("ledger", wash::through_the_ledger)],
        "wash-policy" => &[("", wash::policy)],
        "ledger" => &[("", history::run)],
        "qualified-dividend" => &[("", rules::qualified_dividend)],
        "gift-dual-basis" => &[("", rules::gift)],
        "return-of-capital" => &[("", rules::return_of_capital)],
        "holding" => &[("", rules::holding)],
        "netting" => &[("", rules::netting)],
        "tax2026" => &[("", rules::tax_of_2026)],
        "niit" => &[("", rules::net_investment_income_tax)],
        "lot-selection" => {
            &[("history", rules::lot_selection), ("ledger", rules::lot_selection_in_the_ledger)]
        }
        "saving-timing" => &[("", measures::saving_timing)],
        "tax-alpha" => &[("", measures::tax_alpha_of)],
        "charity2026" => &[("", rules::charity)],
        "active-share" => &[("", measures::active_share_of)],
        "te-ex-ante" => &[("", measures::tracking_error)],
        _ => &[],
    }
}

fn trials(case: &Value) -> Vec<Trial> {
    let name = format!("{}::{}", text(&case["kind"]), text(&case["id"]));
    let runners = runner(text(&case["kind"]));
    if runners.is_empty() {
        return vec![Trial::test(name, || Err("no runner for this kind of case".into()))];
    }
    let trial = |(part, run): &(&str, Runner)| {
        let (case, run) = (case.clone(), *run);
        let name = if part.is_empty() { name.clone() } else { format!("{name}::{part}") };
        Trial::test(name, move || catch_unwind(AssertUnwindSafe(|| run(&case))).map_err(|p| failed(&*p)))
    };
    runners.iter().map(trial).collect()
}

fn failed(panic: &(dyn Any + Send)) -> Failed {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned())).unwrap_or_default().into()
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let cases: Vec<Value> =
        FILES.iter().flat_map(|f| serde_json::from_str::<Vec<Value>>(f).expect("JSON")).collect();
    let mut trials: Vec<Trial> = cases.iter().flat_map(trials).collect();
    trials.extend(shared::trials());
    let mut names: Vec<String> = trials.iter().map(|t| t.name().to_owned()).collect();
    names.sort();
    let twice = names.windows(2).find(|w| w[0] == w[1]).map(|w| w[0].clone());
    // Without this check a file that lost its cases would pass.
    trials.push(Trial::test("cases::are_all_there_once", move || match twice {
        Some(name) => Err(format!("{name} stands twice").into()),
        None if cases.len() < 60 => Err(format!("{} cases", cases.len()).into()),
        None => Ok(()),
    }));
    libtest_mimic::run(&arguments, trials).exit_code()
}
