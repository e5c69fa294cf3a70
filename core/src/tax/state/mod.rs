//! State income tax on one year, one state a file, 2025 and 2026.
//!
//! Federal taxable income, less interest on obligations of the United States, stands in for each state's own base: the
//! states' deductions, exemptions and credits are not modelled, nor are local taxes and part-year residence. Interest
//! on obligations of the United States is exempt in every state (31 USC 3124).

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use super::brackets::Exact;
use super::{FilingStatus, UnknownTaxYear};
use crate::units::{Money, Rate};

mod california;
mod illinois;
mod massachusetts;
mod new_jersey;
mod new_york;
mod washington;

/// A state whose rules are held. Read and written as its two-letter code; reading ignores case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// California.
    Ca,
    /// New York, without New York City and Yonkers.
    Ny,
    /// Massachusetts.
    Ma,
    /// Washington: no income tax, an excise on long-term gains.
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
    /// All of them.
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

/// A code that names no state held.
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

/// What a state's return is figured from. Dollars of the year; gains positive, losses negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StateInput {
    /// Federal ordinary taxable income: net short-term gain included, the capital loss deduction taken off.
    pub ordinary_taxable: Money,
    /// Net long-term gain and qualified dividends.
    pub pref_income: Money,
    /// Federal modified adjusted gross income.
    pub magi: Money,
    /// Net short-term result after losses carried in (Schedule D, line 7).
    pub net_short: Option<Money>,
    /// Net long-term result after losses carried in (Schedule D, line 15).
    pub net_long: Option<Money>,
    /// Interest on obligations of the United States, inside `ordinary_taxable`; zero or positive.
    pub us_interest: Money,
}

impl StateInput {
    /// The stand-in for the state's own base: federal taxable income less exempt interest, at least zero.
    fn base(&self) -> Money {
        (self.ordinary_taxable + self.pref_income - self.us_interest).max(Money::ZERO)
    }
}

/// Why a state's tax is not known.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Missing {
    /// Fields that this state's rule needs.
    #[error("{state} needs {}, not given", fields.join(" and "))]
    Fields {
        /// The state.
        state: State,
        /// The absent fields of the input.
        fields: Vec<&'static str>,
    },
    /// The year's law.
    #[error(transparent)]
    Year(#[from] UnknownTaxYear),
}

/// State income tax of a full-year resident; zero or positive dollars, rounded half-even to 4 decimals once.
///
/// ```
/// use unisleeve_core::tax::FilingStatus;
/// use unisleeve_core::tax::state::{State, StateInput, state_tax};
/// use unisleeve_core::units::Money;
///
/// let input = StateInput { ordinary_taxable: Money::whole(100_000), ..StateInput::default() };
/// assert_eq!(state_tax(State::Il, 2026, FilingStatus::Single, &input), Ok(Money::whole(4_950)));
/// assert!(state_tax(State::Wa, 2026, FilingStatus::Single, &input).is_err());
/// ```
///
/// # Errors
/// When the year is not held or a field that the rule needs is absent.
pub fn state_tax(
    state: State,
    year: i32,
    status: FilingStatus,
    input: &StateInput,
) -> Result<Money, Missing> {
    if !(2025..=2026).contains(&year) {
        return Err(UnknownTaxYear(year).into());
    }
    Ok(match state {
        State::Ca => california::tax(status, input.base()),
        State::Ny => new_york::tax(year, status, input.base(), input.magi - input.us_interest),
        State::Ma => match (input.net_short, input.net_long) {
            (Some(short), Some(long)) => massachusetts::tax(year, input.base(), short, long),
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
        State::Il => illinois::tax(input.base()),
    })
}

/// A user's own flat rate on the base that stands in for a state's.
pub fn flat_tax(rate: Rate, input: &StateInput) -> Money {
    input.base().at(rate)
}

/// What is assumed where the year's own figures are not held: `None` when they are.
pub fn assumed(state: State, year: i32) -> Option<&'static str> {
    match (state, year) {
        (State::Ca, 2026) => Some("California's brackets of 2025 stand in for those of 2026"),
        (State::Wa, 2026) => {
            Some("Washington's standard deduction of 2025 ($278,000) stands in for that of 2026")
        }
        _ => None,
    }
}

/// A bracket: its bottom in whole dollars and its rate in millionths.
type Bracket = (i32, i64);

/// Marginal tax on `income` under brackets that start at zero, lowest first.
fn schedule(brackets: &[Bracket], income: Money) -> Exact {
    let mut tax = Exact::default();
    for (i, (bottom, rate)) in brackets.iter().enumerate() {
        let bottom = Money::whole(*bottom);
        if income <= bottom {
            break;
        }
        let top = brackets.get(i + 1).map_or(income, |(top, _)| Money::whole(*top).min(income));
        tax.add(top - bottom, *rate);
    }
    tax
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

    /// More income is taxed more, across all brackets and steps.
    #[test]
    fn tax_rises_with_income() {
        use FilingStatus::{Head, Joint, Separate, Single};
        for state in [State::Ca, State::Ny, State::Nj, State::Il] {
            for status in [Single, Joint, Head, Separate] {
                for year in [2025, 2026] {
                    let mut last = Money::ZERO;
                    for step in 1..4_000 {
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
