//! Risk figures supplied by the user, by date: factor exposures, factor covariance and specific variances.
//! They replace estimates. All variances are annual.

use chrono::NaiveDate;
use thiserror::Error;

use unisleeve_numeric::{NoRoot, root};
use unisleeve_units::Fingerprint;
use unisleeve_units::SecurityId;

/// Figures as the files give them. Each entry holds from its date until the next entry of its kind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GivenFigures {
    /// Names of the K factors.
    pub factors: Vec<String>,
    /// The K exposures of a security. All rows of one date form one set: a security that a date leaves out
    /// has no exposures from that date on.
    pub exposures: Vec<(NaiveDate, SecurityId, Vec<f64>)>,
    /// K × K covariances of the factors.
    pub covariance: Vec<(NaiveDate, Vec<Vec<f64>>)>,
    /// Specific variance of a security, a year, above zero. Dated in the same way as the exposures.
    pub specific: Vec<(NaiveDate, SecurityId, f64)>,
}

/// Why figures are refused.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum GivenFault {
    /// No date has all three kinds of figures in force.
    #[error("no date has exposures, a covariance and specific variances: expected all three by some day")]
    Incomplete,
    /// A covariance that is not symmetric.
    #[error("the covariance of {date} is not symmetric: {first} with {second} is not {second} with {first}")]
    NotSymmetric {
        /// Date of the matrix.
        date: NaiveDate,
        /// The row's factor.
        first: String,
        /// The column's factor.
        second: String,
    },
    /// A covariance that is not positive semidefinite. Holds its date.
    #[error(
        "the covariance of {0} gives some mix of factors a variance below zero: expected a positive semidefinite matrix"
    )]
    NotSemidefinite(NaiveDate),
}

/// The figures in force from a date on.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenBlock {
    /// First day on which they hold.
    pub from: NaiveDate,
    /// Number of columns of the exposures.
    pub factors: usize,
    /// Ascending by security. The exposures are multiplied by a root of the factor covariance, so the product
    /// of two rows is a covariance. The last entry is the specific variance, annual, where one is given.
    pub rows: Vec<(SecurityId, Vec<f64>, Option<f64>)>,
}

/// Risk figures by date.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GivenRisk {
    blocks: Vec<GivenBlock>,
}

/// Entries of the latest date on or before `by`, in a list ascending by date.
fn latest<T>(list: &[T], date: impl Fn(&T) -> NaiveDate, by: NaiveDate) -> &[T] {
    let end = list.partition_point(|x| date(x) <= by);
    let last = list[..end].last().map(&date);
    let start = list[..end].partition_point(|x| Some(date(x)) < last);
    &list[start..end]
}

impl GivenRisk {
    /// Sorts the figures and builds a block for each date on which something changes.
    ///
    /// # Errors
    /// When a covariance is not symmetric or not positive semidefinite, or no date has all three kinds of
    /// figures.
    pub fn new(mut figures: GivenFigures) -> Result<Self, GivenFault> {
        figures.exposures.sort_by_key(|(d, s, _)| (*d, *s));
        figures.covariance.sort_by_key(|(d, _)| *d);
        figures.specific.sort_by_key(|(d, s, _)| (*d, *s));
        let mut dates: Vec<NaiveDate> = figures.exposures.iter().map(|x| x.0).collect();
        dates.extend(figures.covariance.iter().map(|x| x.0));
        dates.extend(figures.specific.iter().map(|x| x.0));
        dates.sort_unstable();
        dates.dedup();
        let mut blocks = Vec::new();
        for from in dates {
            let exposures = latest(&figures.exposures, |x| x.0, from);
            let covariance = latest(&figures.covariance, |x| x.0, from).last();
            let specific = latest(&figures.specific, |x| x.0, from);
            let (Some((date, matrix)), false, false) =
                (covariance, exposures.is_empty(), specific.is_empty())
            else {
                continue;
            };
            let (root, factors) = root(matrix).map_err(|why| match why {
                NoRoot::NotSymmetric(i, j) => GivenFault::NotSymmetric {
                    date: *date,
                    first: figures.factors.get(i).cloned().unwrap_or_default(),
                    second: figures.factors.get(j).cloned().unwrap_or_default(),
                },
                NoRoot::NotSemidefinite => GivenFault::NotSemidefinite(*date),
            })?;
            let row = |(_, security, given): &(NaiveDate, SecurityId, Vec<f64>)| {
                let mut exposures = vec![0.0; factors];
                for (x, l) in given.iter().zip(root.chunks_exact(factors.max(1))) {
                    for (to, l) in exposures.iter_mut().zip(l) {
                        *to += x * l;
                    }
                }
                let own = specific.binary_search_by_key(security, |x| x.1).ok();
                (*security, exposures, own.and_then(|at| specific.get(at)).map(|x| x.2))
            };
            blocks.push(GivenBlock { from, factors, rows: exposures.iter().map(row).collect() });
        }
        if blocks.is_empty() { Err(GivenFault::Incomplete) } else { Ok(Self { blocks }) }
    }

    /// The first day with figures.
    pub fn start(&self) -> Option<NaiveDate> {
        self.blocks.first().map(|b| b.from)
    }

    pub(super) fn hash_into(&self, f: &mut Fingerprint) {
        for block in &self.blocks {
            f.date(block.from);
            for (security, exposures, own) in &block.rows {
                f.int(i64::from(security.0));
                exposures.iter().chain(own).for_each(|x| f.float(*x));
            }
        }
    }

    /// The block in force on a day; `None` before the first.
    pub(super) fn on(&self, date: NaiveDate) -> Option<&GivenBlock> {
        let after = self.blocks.partition_point(|b| b.from <= date);
        after.checked_sub(1).and_then(|at| self.blocks.get(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures() -> GivenFigures {
        let day = |d| NaiveDate::from_ymd_opt(2020, 1, d).unwrap();
        let (a, b) = (SecurityId(0), SecurityId(1));
        GivenFigures {
            factors: vec!["market".to_owned(), "oil".to_owned()],
            exposures: vec![
                (day(1), b, vec![0.5, 1.0]),
                (day(1), a, vec![1.0, 0.0]),
                (day(20), a, vec![2.0, 0.0]),
            ],
            covariance: vec![(day(5), vec![vec![0.04, 0.01], vec![0.01, 0.09]])],
            specific: vec![(day(1), a, 0.02), (day(1), b, 0.03)],
        }
    }

    #[test]
    fn each_day_has_what_was_given_by_it() {
        let given = GivenRisk::new(figures()).unwrap();
        let day = |d| NaiveDate::from_ymd_opt(2020, 1, d).unwrap();
        assert_eq!(given.start(), Some(day(5)), "not before all three are there");
        assert_eq!(given.on(day(4)), None);
        let block = given.on(day(19)).unwrap();
        let dot = |i: usize, j: usize| -> f64 {
            block.rows[i].1.iter().zip(&block.rows[j].1).map(|(x, y)| x * y).sum()
        };
        // a'Fb of (1, 0) and (0.5, 1): 0.04 × 0.5 + 0.01.
        assert!((dot(0, 1) - 0.03).abs() < 1e-15 && (dot(0, 0) - 0.04).abs() < 1e-15);
        assert_eq!(block.rows[1].2, Some(0.03));
        let later = given.on(day(25)).unwrap();
        assert_eq!(later.rows.len(), 1, "what a date leaves out has no exposures from then");
        assert_eq!(later.from, day(20));
    }

    #[test]
    fn what_is_no_covariance_is_refused() {
        let mut bad = figures();
        bad.covariance[0].1[0][1] = 0.02;
        let fault = GivenRisk::new(bad).unwrap_err().to_string();
        assert!(fault.contains("2020-01-05 is not symmetric: oil with market"), "{fault}");
        let mut bad = figures();
        bad.covariance[0].1 = vec![vec![0.04, 0.07], vec![0.07, 0.09]];
        assert!(GivenRisk::new(bad).unwrap_err().to_string().contains("variance below zero"));
        let bad = GivenFigures { specific: Vec::new(), ..figures() };
        assert_eq!(GivenRisk::new(bad), Err(GivenFault::Incomplete));
    }
}
