//! The states by code and name.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// A state, the District of Columbia or New York City. It is read and written as its code; reading ignores
/// case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Alabama.
    Al,
    /// Alaska: no income tax.
    Ak,
    /// Arizona.
    Az,
    /// Arkansas.
    Ar,
    /// California.
    Ca,
    /// Colorado.
    Co,
    /// Connecticut.
    Ct,
    /// Delaware.
    De,
    /// District of Columbia.
    Dc,
    /// Florida: no income tax.
    Fl,
    /// Georgia.
    Ga,
    /// Hawaii.
    Hi,
    /// Idaho.
    Id,
    /// Illinois.
    Il,
    /// Indiana.
    In,
    /// Iowa.
    Ia,
    /// Kansas.
    Ks,
    /// Kentucky.
    Ky,
    /// Louisiana.
    La,
    /// Maine.
    Me,
    /// Maryland, without county tax.
    Md,
    /// Massachusetts.
    Ma,
    /// Michigan.
    Mi,
    /// Minnesota.
    Mn,
    /// Mississippi.
    Ms,
    /// Missouri.
    Mo,
    /// Montana.
    Mt,
    /// Nebraska.
    Ne,
    /// Nevada: no income tax.
    Nv,
    /// New Hampshire: no income tax.
    Nh,
    /// New Jersey.
    Nj,
    /// New Mexico.
    Nm,
    /// New York, without New York City and Yonkers.
    Ny,
    /// New York City: the state's tax and the city's.
    Nyc,
    /// North Carolina.
    Nc,
    /// North Dakota.
    Nd,
    /// Ohio.
    Oh,
    /// Oklahoma.
    Ok,
    /// Oregon.
    Or,
    /// Pennsylvania.
    Pa,
    /// Rhode Island.
    Ri,
    /// South Carolina.
    Sc,
    /// South Dakota: no income tax.
    Sd,
    /// Tennessee: no income tax.
    Tn,
    /// Texas: no income tax.
    Tx,
    /// Utah.
    Ut,
    /// Vermont.
    Vt,
    /// Virginia.
    Va,
    /// Washington: no income tax, but an excise tax on long-term gains.
    Wa,
    /// West Virginia.
    Wv,
    /// Wisconsin.
    Wi,
    /// Wyoming: no income tax.
    Wy,
}

impl State {
    /// All states, in the order of their names.
    pub const ALL: [Self; 52] = [
        Self::Al,
        Self::Ak,
        Self::Az,
        Self::Ar,
        Self::Ca,
        Self::Co,
        Self::Ct,
        Self::De,
        Self::Dc,
        Self::Fl,
        Self::Ga,
        Self::Hi,
        Self::Id,
        Self::Il,
        Self::In,
        Self::Ia,
        Self::Ks,
        Self::Ky,
        Self::La,
        Self::Me,
        Self::Md,
        Self::Ma,
        Self::Mi,
        Self::Mn,
        Self::Ms,
        Self::Mo,
        Self::Mt,
        Self::Ne,
        Self::Nv,
        Self::Nh,
        Self::Nj,
        Self::Nm,
        Self::Ny,
        Self::Nyc,
        Self::Nc,
        Self::Nd,
        Self::Oh,
        Self::Ok,
        Self::Or,
        Self::Pa,
        Self::Ri,
        Self::Sc,
        Self::Sd,
        Self::Tn,
        Self::Tx,
        Self::Ut,
        Self::Vt,
        Self::Va,
        Self::Wa,
        Self::Wv,
        Self::Wi,
        Self::Wy,
    ];

    /// The two-letter code, or `NYC`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Al => "AL",
            Self::Ak => "AK",
            Self::Az => "AZ",
            Self::Ar => "AR",
            Self::Ca => "CA",
            Self::Co => "CO",
            Self::Ct => "CT",
            Self::De => "DE",
            Self::Dc => "DC",
            Self::Fl => "FL",
            Self::Ga => "GA",
            Self::Hi => "HI",
            Self::Id => "ID",
            Self::Il => "IL",
            Self::In => "IN",
            Self::Ia => "IA",
            Self::Ks => "KS",
            Self::Ky => "KY",
            Self::La => "LA",
            Self::Me => "ME",
            Self::Md => "MD",
            Self::Ma => "MA",
            Self::Mi => "MI",
            Self::Mn => "MN",
            Self::Ms => "MS",
            Self::Mo => "MO",
            Self::Mt => "MT",
            Self::Ne => "NE",
            Self::Nv => "NV",
            Self::Nh => "NH",
            Self::Nj => "NJ",
            Self::Nm => "NM",
            Self::Ny => "NY",
            Self::Nyc => "NYC",
            Self::Nc => "NC",
            Self::Nd => "ND",
            Self::Oh => "OH",
            Self::Ok => "OK",
            Self::Or => "OR",
            Self::Pa => "PA",
            Self::Ri => "RI",
            Self::Sc => "SC",
            Self::Sd => "SD",
            Self::Tn => "TN",
            Self::Tx => "TX",
            Self::Ut => "UT",
            Self::Vt => "VT",
            Self::Va => "VA",
            Self::Wa => "WA",
            Self::Wv => "WV",
            Self::Wi => "WI",
            Self::Wy => "WY",
        }
    }

    /// The full name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Al => "Alabama",
            Self::Ak => "Alaska",
            Self::Az => "Arizona",
            Self::Ar => "Arkansas",
            Self::Ca => "California",
            Self::Co => "Colorado",
            Self::Ct => "Connecticut",
            Self::De => "Delaware",
            Self::Dc => "District of Columbia",
            Self::Fl => "Florida",
            Self::Ga => "Georgia",
            Self::Hi => "Hawaii",
            Self::Id => "Idaho",
            Self::Il => "Illinois",
            Self::In => "Indiana",
            Self::Ia => "Iowa",
            Self::Ks => "Kansas",
            Self::Ky => "Kentucky",
            Self::La => "Louisiana",
            Self::Me => "Maine",
            Self::Md => "Maryland",
            Self::Ma => "Massachusetts",
            Self::Mi => "Michigan",
            Self::Mn => "Minnesota",
            Self::Ms => "Mississippi",
            Self::Mo => "Missouri",
            Self::Mt => "Montana",
            Self::Ne => "Nebraska",
            Self::Nv => "Nevada",
            Self::Nh => "New Hampshire",
            Self::Nj => "New Jersey",
            Self::Nm => "New Mexico",
            Self::Ny => "New York",
            Self::Nyc => "New York City",
            Self::Nc => "North Carolina",
            Self::Nd => "North Dakota",
            Self::Oh => "Ohio",
            Self::Ok => "Oklahoma",
            Self::Or => "Oregon",
            Self::Pa => "Pennsylvania",
            Self::Ri => "Rhode Island",
            Self::Sc => "South Carolina",
            Self::Sd => "South Dakota",
            Self::Tn => "Tennessee",
            Self::Tx => "Texas",
            Self::Ut => "Utah",
            Self::Vt => "Vermont",
            Self::Va => "Virginia",
            Self::Wa => "Washington",
            Self::Wv => "West Virginia",
            Self::Wi => "Wisconsin",
            Self::Wy => "Wyoming",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The text is not the code of a state.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected a two-letter code of a state, DC or NYC")]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_in_any_case_and_names_are_in_order() {
        for state in State::ALL {
            assert_eq!(state.code().to_lowercase().parse(), Ok(state));
        }
        assert!(State::ALL.is_sorted_by_key(|s| s.name()));
        assert_eq!("PR".parse::<State>(), Err(UnknownState));
        assert_eq!(State::Nyc.name(), "New York City");
    }
}
