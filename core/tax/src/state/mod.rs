//! State income tax for one year, 2025 or 2026: every state, the District of Columbia and New York City.
//!
//! A state starts from federal adjusted gross income or from federal taxable income. It subtracts interest on
//! obligations of the United States (exempt in every state, 31 USC 3124) and its own deductions and
//! exemptions. The filer is assumed to be under 65 and not blind, without other subtractions; one spouse has
//! all income. The state's own taxable income may be given instead.
//!
//! `flat.rs` and `graduated.rs` are tables with a row for each state. A state with rules of its own has a
//! module that states its law. Alaska, Florida, Nevada, New Hampshire, South Dakota, Tennessee, Texas and
//! Wyoming have no tax on income.
//!
//! Not modeled: local taxes except New York City's, itemized deductions of the states, most credits,
//! part-year residence.

use thiserror::Error;

use super::FilingStatus;
use unisleeve_units::{Money, Rate};

mod alabama;
mod arkansas;
mod assumed;
mod california;
mod code;
mod colorado;
mod connecticut;
mod flat;
mod graduated;
mod hawaii;
mod idaho;
mod illinois;
mod input;
mod maine;
mod maryland;
mod massachusetts;
mod minnesota;
mod missouri;
mod montana;
mod new_jersey;
mod new_mexico;
mod new_york;
mod new_york_city;
mod ohio;
mod oregon;
mod rhode_island;
mod rule;
mod schedule;
mod south_carolina;
mod utah;
mod vermont;
mod washington;
mod wisconsin;

use schedule::{Bracket, schedule};

pub use assumed::assumed;
pub use code::{State, UnknownState};
pub use input::StateInput;
use input::{dollars, each, filers};

/// Why a state's tax can't be computed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Missing {
    /// The state's rule needs fields that are absent.
    #[error("{state} needs {}, not given", fields.join(" and "))]
    Fields {
        /// The state.
        state: State,
        /// The absent fields of the input.
        fields: Vec<&'static str>,
    },
    /// The state's law of the year is not included.
    #[error("the law of {state} for {year} is not included: expected {} or {}", STATE_YEARS.start(), STATE_YEARS.end())]
    Year {
        /// The state.
        state: State,
        /// The year asked for.
        year: i32,
    },
}

/// Years whose state law is included.
pub const STATE_YEARS: core::ops::RangeInclusive<i32> = 2025..=2026;

/// State income tax of a full-year resident, in dollars, zero or positive; rounded half-even to 4 decimals
/// once.
///
/// ```
/// use unisleeve_tax::FilingStatus;
/// use unisleeve_tax::state::{State, StateInput, state_tax};
/// use unisleeve_units::Money;
///
/// // 4.95% of 102,850 less one exemption of 2,850.
/// let input = StateInput { magi: Money::whole(102_850), ..StateInput::default() };
/// assert_eq!(state_tax(State::Il, 2025, FilingStatus::Single, &input), Ok(Money::whole(4_950)));
/// assert!(state_tax(State::Wa, 2026, FilingStatus::Single, &input).is_err());
/// ```
///
/// # Errors
/// [`Missing`] if the year is neither 2025 nor 2026, or if a field that the state's rule needs is absent.
pub fn state_tax(
    state: State,
    year: i32,
    status: FilingStatus,
    input: &StateInput,
) -> Result<Money, Missing> {
    if !STATE_YEARS.contains(&year) {
        return Err(Missing::Year { state, year });
    }
    Ok(match state {
        State::Ak | State::Fl | State::Nv | State::Nh | State::Sd | State::Tn | State::Tx | State::Wy => {
            Money::ZERO
        }
        State::Al => alabama::tax(year, status, input),
        State::Az => rule::tax(&flat::ARIZONA, year, status, input),
        State::Ar => arkansas::tax(year, status, input),
        State::Ca => california::tax(year, status, input),
        State::Co => colorado::tax(year, status, input),
        State::Ct => connecticut::tax(status, input),
        State::De => rule::tax(&graduated::DELAWARE, year, status, input),
        State::Dc => rule::tax(&graduated::DISTRICT, year, status, input),
        State::Ga => rule::tax(&flat::GEORGIA, year, status, input),
        State::Hi => hawaii::tax(year, status, input),
        State::Id => idaho::tax(year, status, input),
        State::Il => illinois::tax(year, status, input),
        State::In => rule::tax(&flat::INDIANA, year, status, input),
        State::Ia => rule::tax(&flat::IOWA, year, status, input),
        State::Ks => rule::tax(&graduated::KANSAS, year, status, input),
        State::Ky => rule::tax(&flat::KENTUCKY, year, status, input),
        State::La => rule::tax(&flat::LOUISIANA, year, status, input),
        State::Me => maine::tax(year, status, input),
        State::Md => maryland::tax(year, status, input),
        State::Ma => match (input.net_short, input.net_long) {
            (Some(short), Some(long)) => massachusetts::tax(year, status, input, short, long),
            (short, long) => {
                let absent =
                    [("net_short", short), ("net_long", long)].into_iter().filter(|(_, v)| v.is_none());
                return Err(Missing::Fields { state, fields: absent.map(|(name, _)| name).collect() });
            }
        },
        State::Mi => rule::tax(&flat::MICHIGAN, year, status, input),
        State::Mn => minnesota::tax(year, status, input),
        State::Ms => rule::tax(&graduated::MISSISSIPPI, year, status, input),
        State::Mo => missouri::tax(year, status, input),
        State::Mt => montana::tax(year, status, input),
        State::Ne => rule::tax(&graduated::NEBRASKA, year, status, input),
        State::Nj => new_jersey::tax(status, input),
        State::Nm => new_mexico::tax(status, input),
        State::Ny => new_york::tax(year, status, input),
        State::Nyc => new_york_city::tax(year, status, input),
        State::Nc => rule::tax(&flat::NORTH_CAROLINA, year, status, input),
        State::Nd => rule::tax(&graduated::NORTH_DAKOTA, year, status, input),
        State::Oh => ohio::tax(year, status, input),
        State::Ok => rule::tax(&graduated::OKLAHOMA, year, status, input),
        State::Or => oregon::tax(year, status, input),
        State::Pa => rule::tax(&flat::PENNSYLVANIA, year, status, input),
        State::Ri => rhode_island::tax(year, status, input),
        State::Sc => south_carolina::tax(year, status, input),
        State::Ut => utah::tax(year, status, input),
        State::Vt => vermont::tax(year, status, input),
        State::Va => rule::tax(&graduated::VIRGINIA, year, status, input),
        State::Wa => match input.net_long {
            Some(long) => washington::tax(long),
            None => return Err(Missing::Fields { state, fields: vec!["net_long"] }),
        },
        State::Wv => rule::tax(&graduated::WEST_VIRGINIA, year, status, input),
        State::Wi => wisconsin::tax(year, status, input),
    })
}

/// Tax at a flat rate, in dollars. The base is federal taxable income less exempt interest, or the state's
/// own taxable income if that is given.
pub fn flat_tax(rate: Rate, input: &StateInput) -> Money {
    input.taxable(input.ordinary_taxable + input.pref_income - input.us_interest, Money::ZERO).at(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_bounded_and_no_income_pays_nothing() {
        for state in State::ALL {
            let input = StateInput {
                net_short: Some(Money::ZERO),
                net_long: Some(Money::ZERO),
                ..StateInput::default()
            };
            for year in [2025, 2026] {
                assert_eq!(state_tax(state, year, FilingStatus::Head, &input), Ok(Money::ZERO), "{state}");
            }
            assert_eq!(
                state_tax(state, 2024, FilingStatus::Head, &input),
                Err(Missing::Year { state, year: 2024 })
            );
        }
    }

    #[test]
    fn treasury_interest_is_exempt_and_an_own_rate_is_flat() {
        let input = StateInput {
            ordinary_taxable: Money::whole(80_000),
            pref_income: Money::whole(30_000),
            magi: Money::whole(112_850),
            us_interest: Money::whole(10_000),
            ..StateInput::default()
        };
        assert_eq!(state_tax(State::Il, 2025, FilingStatus::Single, &input), Ok(Money::whole(4_950)));
        assert_eq!(flat_tax(Rate::from_raw(61_250), &input), Money::whole(6_125));
        let all = StateInput { us_interest: Money::whole(500_000), ..input };
        assert_eq!(flat_tax(Rate::from_raw(61_250), &all), Money::ZERO);
    }

    #[test]
    fn a_missing_field_is_named() {
        let tax = |state, input: &StateInput| state_tax(state, 2026, FilingStatus::Joint, input);
        let none = StateInput::default();
        let missing = tax(State::Wa, &none).unwrap_err();
        assert_eq!(missing.to_string(), "WA needs net_long, not given");
        let short = StateInput { net_short: Some(Money::ZERO), ..none };
        assert_eq!(tax(State::Ma, &short).unwrap_err().to_string(), "MA needs net_long, not given");
        assert_eq!(
            tax(State::Ma, &none).unwrap_err().to_string(),
            "MA needs net_short and net_long, not given"
        );
    }

    /// A given taxable income of the state takes precedence over the computed one.
    #[test]
    fn taxable_income_of_the_state_is_taken_as_given() {
        let input = StateInput {
            magi: Money::whole(400_000),
            net_short: Some(Money::ZERO),
            net_long: Some(Money::ZERO),
            state_taxable: Some(Money::whole(100_000)),
            dependents: 3,
            ..StateInput::default()
        };
        for (state, expected) in [(State::Il, 4_950), (State::Ma, 5_000), (State::Nj, 2_750)] {
            let tax = state_tax(state, 2025, FilingStatus::Joint, &input).unwrap();
            assert_eq!(tax, Money::whole(expected), "{state}");
        }
        assert_eq!(flat_tax(Rate::from_raw(50_000), &input), Money::whole(5_000));
    }

    /// Tax never falls as income rises, across all brackets and phase-outs.
    #[test]
    fn tax_rises_with_income() {
        use FilingStatus::{Head, Joint, Separate, Single};
        for state in [State::Ca, State::Ny, State::Nj, State::Il] {
            for status in [Single, Joint, Head, Separate] {
                for year in [2025, 2026] {
                    let mut last = Money::ZERO;
                    for step in 10..4_000 {
                        let income = Money::whole(step * 7_500);
                        let input =
                            StateInput { ordinary_taxable: income, magi: income, ..StateInput::default() };
                        let tax = state_tax(state, year, status, &input).unwrap();
                        assert!(tax > last, "{state} {year} {status:?} {income}");
                        last = tax;
                    }
                }
            }
        }
    }
}
