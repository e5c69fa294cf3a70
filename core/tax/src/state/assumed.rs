//! What a state's tax assumes beyond the input.

use super::{State, StateInput};

/// What is assumed about the state's law or about the filer beyond the input, as a sentence; `None` if
/// nothing is.
pub fn assumed(state: State, year: i32, input: &StateInput) -> Option<&'static str> {
    let computed = input.state_taxable.is_none();
    match (state, year) {
        (State::Al, _) if computed => Some(
            "what is not net investment income counts as one person's wages, of which contributions to Social Security \
             and Medicare are deducted",
        ),
        (State::Hi, _) if computed => Some(
            "the state tax withheld, which may be deducted, is that of a single filer on the same income",
        ),
        (State::Ar, 2026) if computed => {
            Some("Arkansas's standard deduction of 2026 ($2,520, joint $5,050) is that of 2025, indexed")
        }
        (State::Az, _) if computed && input.net_capital_gain().is_positive() => {
            Some("all long-term gain is on assets acquired after 2011, of which Arizona subtracts a quarter")
        }
        (State::Ca, 2026) => Some(
            "California's brackets, standard deduction and exemption credits of 2025, indexed by 2.27%, stand in for those of 2026",
        ),
        (State::Dc, 2026) if computed => {
            Some("the District's standard deduction of 2026 is that of 2025, indexed")
        }
        (State::Id, 2026) => {
            Some("Idaho's untaxed amount of 2026 ($4,920, joint $9,840) is that of 2025, indexed")
        }
        (State::Il, 2026) if computed => {
            Some("an exemption of $2,925 a person, that of 2025 indexed, stands in for that of 2026")
        }
        (State::Ma, _) if computed => Some(
            "what is not net investment income counts as one person's wages, of which $2,000 of contributions to Social \
             Security and Medicare are deducted",
        ),
        (State::Md, 2026) if computed => Some(
            "Maryland's standard deduction of 2026 ($3,400, joint $6,850) is that of 2025, indexed; county tax is left out",
        ),
        (State::Md, _) => Some("county tax is left out"),
        (State::Me, 2026) if computed => {
            Some("Maine's exemption of 2026 ($5,250 a filer) is that of 2025, indexed")
        }
        (State::Mo, _) if input.net_short.is_none() => {
            Some("without net_short, only net long-term gain counts as capital gain")
        }
        (State::Or, 2025) => Some("Oregon's credit of surplus revenue (the kicker) is left out"),
        (State::Or, 2026) => {
            Some("Oregon's standard deduction and exemption credit of 2026 are those of 2025, indexed")
        }
        (State::Sc, 2026) if input.dependents > 0 && computed => {
            Some("South Carolina's exemption of 2026 ($5,040 a dependent) is that of 2025, indexed")
        }
        (State::Ut, 2026) => {
            Some("the amounts of Utah's taxpayer tax credit of 2026 are those of 2025, indexed")
        }
        (State::Vt, 2026) => {
            Some("Vermont's brackets, standard deduction and exemption of 2026 are those of 2025, indexed")
        }
        (State::Wa, 2026) => {
            Some("Washington's standard deduction of 2025 ($278,000) stands in for that of 2026")
        }
        _ => None,
    }
}
