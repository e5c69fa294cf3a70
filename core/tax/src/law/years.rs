//! The law of each year of a run: one year's law throughout, or each year's own.

use serde::{Deserialize, Serialize};

use super::of_year::{FIRST_YEAR, FilingStatus, FlatRates, LAST_YEAR, Law, UnknownTaxYear};

/// Whether a run uses one year's law throughout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum LawMode {
    /// The law of `tax.year` in every year.
    #[default]
    Fixed,
    /// The law that was in force in each year. After the last year that is known, its law with brackets that
    /// grow by `tax.inflation`.
    Dated,
}

/// The law of each year of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Laws {
    /// The law that is indexed: of the first year, or of the last known one if dated.
    base: Law,
    /// Year whose brackets are those of `base`.
    base_year: i32,
    /// Growth of the brackets a year after `base_year`, as a fraction.
    inflation: f64,
    mode: LawMode,
}

impl Laws {
    /// One law throughout; its brackets are those of `first_year` and grow by `inflation` a year.
    pub fn fixed(law: Law, inflation: f64, first_year: i32) -> Self {
        Self { base: law, base_year: first_year, inflation, mode: LawMode::Fixed }
    }

    /// Each year's own law from `first_year` on.
    ///
    /// # Errors
    /// [`UnknownTaxYear`] if the law of `first_year` is not included.
    pub fn dated(
        status: FilingStatus,
        flat: Option<FlatRates>,
        inflation: f64,
        first_year: i32,
    ) -> Result<Self, UnknownTaxYear> {
        Law::of(first_year.min(LAST_YEAR), status)?;
        let base = Law { flat, ..Law::of(LAST_YEAR, status)? };
        Ok(Self { base, base_year: LAST_YEAR, inflation, mode: LawMode::Dated })
    }

    /// The law of `year`. A year before the first one of a run has that one's law.
    pub fn of(&self, year: i32) -> Law {
        if self.mode == LawMode::Dated
            && year < LAST_YEAR
            && let Ok(law) = Law::of(year.max(FIRST_YEAR), self.base.status)
        {
            return Law { flat: self.base.flat, ..law };
        }
        self.base.indexed(self.inflation, u32::try_from(year - self.base_year).unwrap_or(0))
    }

    /// Whether each year has its own law.
    pub fn is_dated(&self) -> bool {
        self.mode == LawMode::Dated
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unisleeve_units::Money;

    #[test]
    fn each_year_has_its_own_law_and_the_last_one_is_indexed() {
        let laws = Laws::dated(FilingStatus::Joint, None, 0.02, 2005).unwrap();
        for year in 2005..=2026 {
            assert_eq!(laws.of(year), Law::of(year, FilingStatus::Joint).unwrap());
        }
        let later = laws.of(2028);
        assert_eq!(later, Law::of(2026, FilingStatus::Joint).unwrap().indexed(0.02, 2));
        assert!(later.top_bracket() > Money::whole(768_700));
        assert_eq!(Laws::dated(FilingStatus::Joint, None, 0.0, 1999), Err(UnknownTaxYear(1999)));
        // A run that starts after the last known year is indexed from that year on.
        assert!(Laws::dated(FilingStatus::Joint, None, 0.0, 2040).is_ok());
    }

    #[test]
    fn a_fixed_law_is_that_of_the_first_year() {
        let law = Law::of(2026, FilingStatus::Single).unwrap();
        let laws = Laws::fixed(law.clone(), 0.03, 2000);
        assert_eq!(laws.of(2000), law);
        assert_eq!(laws.of(2003), law.indexed(0.03, 3));
    }
}
