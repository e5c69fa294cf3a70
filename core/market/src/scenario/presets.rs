//! Named scenarios.

use super::config::{ClassReturn, Period, Scenario};

/// A named scenario: the default with a few changes.
#[derive(Debug, Clone, Copy)]
pub struct Preset {
    /// Name.
    pub name: &'static str,
    /// What the preset changes, and the source of its figures.
    pub about: &'static str,
    change: fn(&mut Scenario),
}

/// Name of the preset with the returns that were earned from 2007 to 2025.
pub const AS_EARNED: &str = "as_earned";

/// The presets. Past returns and volatilities are from daily total returns of SPY, EFA, AGG, VNQ and BIL.
pub const PRESETS: [Preset; 8] = [
    Preset {
        name: "base",
        about: "The default: risk calibrated on the S&P 500 of 2013 to 2021 and on funds from 2007 to 2025; expected returns compound at published ten-year forecasts (PGIM Quantitative Solutions, fourth quarter of 2025; Vanguard, May 2025).",
        change: |_| (),
    },
    Preset {
        name: "calm bull",
        about: "Stocks are expected to rise by 15.7% a year at a volatility of 11.9%, as SPY did from 2013 to 2017.",
        change: |s| {
            let years = s.years;
            s.periods = vec![period(0.0, years, &[("US stocks", 0.157)], false, 0.68, 1.0)];
        },
    },
    Preset {
        name: "lost decade",
        about: "Stocks lose 1.0% a year over ten years, whatever happens in between, at a volatility of 22.4%, as SPY did from 2000 to 2009.",
        change: |s| s.periods = vec![period(0.0, 10.0, &[("US stocks", -0.0101)], true, 1.28, 1.28)],
    },
    Preset {
        name: "2008",
        about: "In the second year stocks fall by 36.7% at a volatility of 41% and correlations rise; they gain 20.6% a year in the two years after. As SPY, EFA, AGG and VNQ did from 2008 to 2010.",
        change: |s| {
            let crash = [
                ("US stocks", -0.367),
                ("international stocks", -0.409),
                ("bonds", 0.079),
                ("real estate", -0.369),
            ];
            s.periods = vec![
                period(1.0, 1.0, &crash, true, 2.35, 1.6),
                period(2.0, 2.0, &[("US stocks", 0.206)], true, 1.3, 1.2),
            ];
        },
    },
    Preset {
        name: "high dispersion",
        about: "Sectors, styles and single names move 1.8 times as much as usual while the index hardly does: the cross-section of the third widest of the 100 months from 2013 to April 2021 (12.3% of standard deviation) beside that of the median month (6.8%).",
        change: |s| {
            let years = s.years;
            s.periods = vec![period(0.0, years, &[], false, 1.0, 1.8)];
        },
    },
    Preset {
        name: "mega-cap run",
        about: "The seven largest companies are expected to do 10% a year better than the index, the others as much worse that the index stays. Apple, Alphabet, Microsoft, Amazon and Nvidia, by cap, did 13% better from 2013 to April 2021, chosen in hindsight.",
        change: |s| (s.stocks.leaders, s.stocks.leaders_excess) = (7, 0.10),
    },
    Preset {
        name: "inflation shock",
        about: "In the second year stocks fall by 18.2% and bonds by 13.1%, as SPY and AGG did in 2022; all classes are correlated as in 2022 and 2023.",
        change: |s| {
            let shock = [
                ("US stocks", -0.182),
                ("international stocks", -0.144),
                ("bonds", -0.131),
                ("real estate", -0.263),
                ("Treasury bills", 0.014),
            ];
            s.periods = vec![period(1.0, 1.0, &shock, true, 1.39, 1.1)];
            s.correlations = TOGETHER.map(|row| row.to_vec()).to_vec();
        },
    },
    Preset {
        name: AS_EARNED,
        about: "Expected returns and yields are what was earned from 2007 to 2025: 11.5% for US stocks, 5.5% for international stocks, 3.0% for bonds, 8.0% for real estate, 1.25% for Treasury bills (monthly means of SPY, EFA, AGG, VNQ and BIL, June 2007 to September 2025). Not a forecast.",
        change: |s| {
            for (name, expected, paid) in EARNED {
                if let Some(class) = s.classes.iter_mut().find(|c| c.name == name) {
                    (class.expected_return, class.distribution_yield) = (expected, paid);
                }
            }
        },
    },
];

/// Means of simple monthly returns times twelve, and distributions a year, of the five funds from June 2007 to
/// September 2025. The yield of stocks is that of the simulated dividends.
const EARNED: [(&str, f64, f64); 5] = [
    ("US stocks", 0.115, 0.0),
    ("international stocks", 0.055, 0.03),
    ("bonds", 0.03, 0.03),
    ("real estate", 0.08, 0.042),
    ("Treasury bills", 0.0125, 0.0125),
];

/// Correlations of the five funds' monthly log returns, January 2022 to December 2023.
const TOGETHER: [[f64; 5]; 5] = [
    [1.0, 0.90, 0.75, 0.89, 0.24],
    [0.90, 1.0, 0.84, 0.87, 0.25],
    [0.75, 0.84, 1.0, 0.75, 0.32],
    [0.89, 0.87, 0.75, 1.0, 0.15],
    [0.24, 0.25, 0.32, 0.15, 1.0],
];

fn period(
    from: f64,
    years: f64,
    returns: &[(&str, f64)],
    fixed: bool,
    volatility: f64,
    specific: f64,
) -> Period {
    let of = |(class, annual): &(&str, f64)| ClassReturn { class: (*class).to_owned(), annual: *annual };
    Period { from, years, returns: returns.iter().map(of).collect(), fixed, volatility, specific }
}

impl Preset {
    /// Finds a preset by name, without regard to case.
    pub fn find(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|p| p.name.eq_ignore_ascii_case(name))
    }

    /// The default scenario with the preset's changes.
    pub fn scenario(&self) -> Scenario {
        self.apply(Scenario::default())
    }

    /// Applies the preset's changes to a scenario with the default asset classes. Seed, number of stocks,
    /// step and years stay.
    pub fn apply(&self, mut scenario: Scenario) -> Scenario {
        (self.change)(&mut scenario);
        scenario
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_a_scenario() {
        for preset in PRESETS {
            assert_eq!(preset.scenario().faults(), [], "{}", preset.name);
            assert!(Preset::find(&preset.name.to_uppercase()).is_some());
        }
    }
}
