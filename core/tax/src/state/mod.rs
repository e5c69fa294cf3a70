//! State income tax for one year, 2025 or 2026; one module for each state.
//!
//! A state starts from federal adjusted gross income. It subtracts interest on obligations of the United
//! States (exempt in every state, 31 USC 3124) and its own standard deduction or exemptions. The filer is
//! assumed to be under 65 and not blind, without other subtractions. The state's own taxable income may be
//! given instead.
//!
//! Not modeled: local taxes, itemized deductions, other credits, part-year residence.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use super::{FilingStatus, UnknownTaxYear};
use unisleeve_units::{Money, Rate};

mod california;
mod illinois;
mod input;
mod massachusetts;
mod new_jersey;
mod new_york;
mod schedule;
mod washington;

use schedule::{Bracket, schedule};

pub use input::StateInput;
use input::{each, filers};

/// A state whose rules are included. It is read and written as its two-letter code; reading ignores case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// California.
    Ca,
    /// New York, without New York City and Yonkers.
    Ny,
    /// Massachusetts.
    Ma,
    /// Washington: no income tax, but an excise tax on long-term gains.
    Wa,
    /// Texas: no individual income tax (Texas Constitution, article VIII, section 24-a).
    Tx,
    /// New Jersey.
    Nj,
    /// Illinois.
    Il,
    /// Florida: no individual income tax (Florida Constitution, article VII, section 5).
    Fl,
}

impl State {
    /// All states whose rules are included.
    pub const ALL: [Self; 8] =
        [Self::Ca, Self::Ny, Self::Ma, Self::Wa, Self::Tx, Self::Nj, Self::Il, Self::Fl];

    /// The two-letter code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ca => "CA",
            Self::Ny => "NY",
            Self::Ma => "MA",
            Self::Wa => "WA",
            Self::Tx => "TX",
            Self::Nj => "NJ",
            Self::Il => "IL",
            Self::Fl => "FL",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The text is not the code of a state whose rules are included.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected CA, NY, MA, WA, TX, NJ, IL or FL")]
pub struct UnknownState;

impl FromStr for State {
    type Err = UnknownState;
    fn from_str(text: &str) -> Result<Self, UnknownState> {
        Self::ALL.into_iter().find(|s| s.code().eq_ignore_ascii_case(text)).ok_or(UnknownState)
    }
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for State {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|e| serde::de::Error::custom(format!("{text}: {e}")))
    }
}

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
    /// The year's law is not included.
    #[error(transparent)]
    Year(#[from] UnknownTaxYear),
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
        return Err(UnknownTaxYear(year).into());
    }
    Ok(match state {
        State::Ca => california::tax(status, input),
        State::Ny => new_york::tax(year, status, input),
        State::Ma => match (input.net_short, input.net_long) {
            (Some(short), Some(long)) => massachusetts::tax(year, status, input, short, long),
            (short, long) => {
                let absent =
                    [("net_short", short), ("net_long", long)].into_iter().filter(|(_, v)| v.is_none());
                return Err(Missing::Fields { state, fields: absent.map(|(name, _)| name).collect() });
            }
        },
        State::Wa => match input.net_long {
            Some(long) => washington::tax(long),
            None => return Err(Missing::Fields { state, fields: vec!["net_long"] }),
        },
        State::Tx | State::Fl => Money::ZERO,
        State::Nj => new_jersey::tax(status, input),
        State::Il => illinois::tax(year, status, input),
    })
}

/// Tax at a flat rate, in dollars. The base is federal taxable income less exempt interest, or the state's
/// own taxable income if that is given.
pub fn flat_tax(rate: Rate, input: &StateInput) -> Money {
    input.taxable(input.ordinary_taxable + input.pref_income - input.us_interest, Money::ZERO).at(rate)
}

/// What is assumed about the state's law or about the filer beyond the input, as a sentence; `None` if
/// nothing is.
pub fn assumed(state: State, year: i32, input: &StateInput) -> Option<&'static str> {
    match (state, year) {
        (State::Ca, 2026) => Some(
            "California's brackets, standard deduction and exemption credits of 2025 stand in for those of 2026",
        ),
        (State::Il, 2026) if input.state_taxable.is_none() => {
            Some("an exemption of $2,925 a person, that of 2025 indexed, stands in for that of 2026")
        }
        (State::Ma, _) if input.state_taxable.is_none() => Some(
            "what is not net investment income counts as one person's wages, of which $2,000 of contributions to Social \
             Security and Medicare are deducted",
        ),
        (State::Wa, 2026) => {
            Some("Washington's standard deduction of 2025 ($278,000) stands in for that of 2026")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_in_any_case_and_years_are_bounded() {
        for state in State::ALL {
            assert_eq!(state.code().to_lowercase().parse(), Ok(state));
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
                Err(Missing::Year(UnknownTaxYear(2024)))
            );
        }
        assert_eq!("PA".parse::<State>(), Err(UnknownState));
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
