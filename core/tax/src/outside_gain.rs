//! Gains from outside the portfolio on given dates, such as the sale of a business.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::Outside;
use unisleeve_units::{Money, Term};

/// A gain or loss from outside the portfolio on one date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct OutsideGain {
    /// Date of the sale.
    pub date: NaiveDate,
    /// Gain in dollars; negative for a loss.
    pub amount: Money,
    /// `short` or `long`.
    pub term: Term,
}

impl Outside {
    /// The income of a year with the dated gains of that year up to and including `known`.
    #[must_use]
    pub fn with_gains(self, gains: &[OutsideGain], year: i32, known: NaiveDate) -> Self {
        let mut income = self;
        for gain in gains.iter().filter(|g| g.date.year() == year && g.date <= known) {
            match gain.term {
                Term::Short => income.net_short += gain.amount,
                Term::Long => income.net_long += gain.amount,
            }
        }
        income
    }
}
