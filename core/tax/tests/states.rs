//! Every state against policyengine-us 2.68.0: `data/state_oracle.csv`, made by `tests/oracle/states.py`.

use std::fmt::Write as _;

use unisleeve_tax::state::{State, StateInput, state_tax};
use unisleeve_tax::{FilingStatus, Law};
use unisleeve_units::Money;

const ORACLE: &str = include_str!("data/state_oracle.csv");

/// Largest deviation of a marginal rate, as a fraction.
const RATE_TOLERANCE: f64 = 0.001;
/// Largest deviation of a tax, in dollars.
const LEVEL_TOLERANCE: f64 = 2.5;

#[derive(Clone, Copy)]
struct Household {
    state: State,
    status: FilingStatus,
    year: i32,
    wages: i32,
    long: i32,
    short: i32,
}

impl Household {
    fn tax(self) -> Money {
        let m = Money::whole;
        let law = Law::of(self.year, self.status).unwrap();
        let magi = m(self.wages + self.long + self.short);
        let taxable = (magi - law.standard_deduction).max(Money::ZERO);
        let preferential = m(self.long).min(taxable);
        let ordinary = taxable - preferential;
        let investment = m(self.long + self.short);
        let regular = law.ordinary_tax(ordinary) + law.gains_tax(ordinary, preferential).tax;
        let income = taxable + law.standard_deduction.min(magi);
        let input = StateInput {
            ordinary_taxable: ordinary,
            pref_income: preferential,
            magi,
            net_short: Some(m(self.short)),
            net_long: Some(m(self.long)),
            net_investment_income: investment,
            federal_tax: regular + law.amt(income, ordinary, preferential, regular),
            niit: law.niit(investment, magi),
            ..StateInput::default()
        };
        state_tax(self.state, self.year, self.status, &input).unwrap()
    }

    /// Rate on 10,000 more of long-term and of short-term gain.
    fn marginal(self) -> (f64, f64) {
        let base = self.tax();
        let long = Self { long: self.long + 10_000, ..self }.tax() - base;
        let short = Self { short: self.short + 10_000, ..self }.tax() - base;
        (long.to_f64() / 1e4, short.to_f64() / 1e4)
    }
}

/// What the oracle says of a household.
struct Row {
    household: Household,
    tax: f64,
    long: f64,
    short: f64,
}

fn rows() -> Vec<Row> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let whole = |i: usize| cells[i].parse().unwrap();
        let number = |i: usize| cells[i].parse().unwrap();
        let status = if cells[1] == "joint" { FilingStatus::Joint } else { FilingStatus::Single };
        let household = Household {
            state: cells[0].parse().unwrap(),
            status,
            year: whole(2),
            wages: whole(3),
            long: whole(4),
            short: whole(5),
        };
        Row { household, tax: number(6), long: number(7), short: number(8) }
    };
    ORACLE.lines().skip(1).map(row).collect()
}

fn named(h: Household) -> String {
    format!("{} {:?} {} {} {}", h.state, h.status, h.year, h.wages, h.long)
}

/// Households whose figures by the oracle differ from the law or rest on a figure that is not published.
/// Returns how far the rate (as a fraction) and the tax (in dollars) may be away.
fn tolerance(h: Household) -> (f64, f64) {
    match h.state {
        // RSMo 143.171: 15% of the federal tax is deducted up to a Missouri income of $100,000, 5% from
        // $100,001 on. The oracle takes 5% at $100,000 itself.
        State::Mo if h.wages == 100_000 => (0.002, 260.0),
        // The standard deduction of 2026: the oracle projects $284,000, here that of 2025 ($278,000) stands
        // in. 7% of the difference.
        State::Wa if h.year == 2026 && h.long >= 300_000 => (RATE_TOLERANCE, 421.0),
        _ => (RATE_TOLERANCE, LEVEL_TOLERANCE),
    }
}

#[test]
fn marginal_rates_agree_within_a_tenth_of_a_point() {
    let mut faults = String::new();
    for row in rows() {
        let (long, short) = row.household.marginal();
        let (most, _) = tolerance(row.household);
        if (long - row.long).abs() > most || (short - row.short).abs() > most {
            let name = named(row.household);
            writeln!(faults, "{name}: {long:.5} {short:.5}, oracle {:.5} {:.5}", row.long, row.short)
                .unwrap();
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn taxes_agree_within_a_few_dollars() {
    let mut faults = String::new();
    for row in rows() {
        let tax = row.household.tax().to_f64();
        let (_, most) = tolerance(row.household);
        if (tax - row.tax).abs() > most {
            writeln!(faults, "{}: {tax:.2}, oracle {:.2}", named(row.household), row.tax).unwrap();
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn every_state_and_year_is_in_the_file() {
    let rows = rows();
    for state in State::ALL {
        for year in [2025, 2026] {
            let count =
                rows.iter().filter(|r| r.household.state == state && r.household.year == year).count();
            assert_eq!(count, 24, "{state} {year}");
        }
    }
}

/// Wages and gains in small steps, up to two million.
#[test]
fn tax_never_falls_as_income_rises() {
    use FilingStatus::{Head, Joint, Separate, Single};
    for state in State::ALL {
        for status in [Single, Joint, Head, Separate] {
            for year in [2025, 2026] {
                let (mut wages_only, mut with_gain) = (Money::ZERO, Money::ZERO);
                for step in 0..800 {
                    let income = step * 2_500;
                    let base = Household { state, status, year, wages: income, long: 0, short: 0 };
                    let gains = Household { wages: 80_000, long: income, ..base };
                    let (wages, gain) = (base.tax(), gains.tax());
                    let name = named(base);
                    // Arkansas in 2026: the second schedule starts $2.66 below the end of the first.
                    let slack =
                        if state == State::Ar && year == 2026 { Money::whole(3) } else { Money::ZERO };
                    assert!(wages + slack >= wages_only, "{name}: {wages} after {wages_only}");
                    // Missouri exempts the gain but deducts a part of the federal tax on it.
                    let falls = state == State::Mo;
                    assert!(falls || gain + slack >= with_gain, "{name} gain: {gain} after {with_gain}");
                    (wages_only, with_gain) = (wages, gain);
                }
            }
        }
    }
}

#[test]
fn no_income_pays_no_tax() {
    use FilingStatus::{Head, Joint, Separate, Single};
    for state in State::ALL {
        for status in [Single, Joint, Head, Separate] {
            for year in [2025, 2026] {
                let none = Household { state, status, year, wages: 0, long: 0, short: 0 };
                assert_eq!(none.tax(), Money::ZERO, "{}", named(none));
            }
        }
    }
}

/// The largest amounts that can be read, as income and as loss.
#[test]
fn the_largest_amounts_are_figured() {
    let most = Money::parse("1000000000000").unwrap().value;
    let least = Money::ZERO - most;
    for state in State::ALL {
        for year in [2025, 2026] {
            let income = StateInput {
                ordinary_taxable: most,
                magi: most,
                net_short: Some(most),
                net_long: Some(most),
                net_investment_income: most,
                federal_tax: most,
                niit: most,
                ..StateInput::default()
            };
            let tax = state_tax(state, year, FilingStatus::Head, &income).unwrap();
            assert!(!tax.is_negative() && tax < most, "{state} {tax}");
            let loss = StateInput {
                magi: least,
                net_short: Some(least),
                net_long: Some(least),
                us_interest: most,
                net_investment_income: least,
                dependents: u32::MAX,
                ..StateInput::default()
            };
            assert_eq!(state_tax(state, year, FilingStatus::Separate, &loss), Ok(Money::ZERO), "{state}");
        }
    }
}

/// Exclusions of capital gains leave qualified dividends taxed, except North Dakota's, and do not need the
/// net results.
#[test]
fn dividends_are_not_capital_gains() {
    let of = |state, dividends: i32, gain: i32| {
        let m = Money::whole;
        let input = StateInput {
            ordinary_taxable: m(368_500),
            pref_income: m(dividends + gain),
            qualified_dividends: m(dividends),
            magi: m(400_000 + dividends + gain),
            net_investment_income: m(dividends + gain),
            ..StateInput::default()
        };
        state_tax(state, 2025, FilingStatus::Joint, &input).unwrap()
    };
    for state in
        [State::Ar, State::Az, State::Hi, State::Mo, State::Mt, State::Nm, State::Sc, State::Vt, State::Wi]
    {
        assert!(of(state, 10_000, 0) > of(state, 0, 10_000), "{state}");
    }
    assert_eq!(of(State::Nd, 10_000, 0), of(State::Nd, 0, 10_000));
    assert_eq!(of(State::Md, 0, 10_000) - of(State::Md, 10_000, 0), Money::whole(200));
}
