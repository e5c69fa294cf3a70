//! The worth of each switch: ladder and Shapley value for each start date, and their distribution.

use serde::Serialize;
use unisleeve_core::mandates::{Switch, Switches};
use unisleeve_core::study::compare::{Figures, attribute, attribute_exactly};

use super::runs::{Runs, Vintage};
use crate::studies::run_row::Equal;

/// The distribution of a paired difference over start dates.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Spread {
    /// Mean.
    pub mean: f64,
    /// Median.
    pub median: f64,
    /// Smallest value.
    pub low: f64,
    /// Largest value.
    pub high: f64,
    /// Fraction of the start dates at which it is above zero.
    pub ahead: f64,
}

impl Spread {
    fn of(values: &[f64]) -> Option<Self> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (low, high) = (*sorted.first()?, *sorted.last()?);
        let n = sorted.len();
        let median = if n % 2 == 1 { sorted[n / 2] } else { 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]) };
        let ahead = values.iter().filter(|x| **x > 0.0).count() as f64 / n as f64;
        Some(Self { mean: values.iter().sum::<f64>() / n as f64, median, low, high, ahead })
    }
}

/// The worth of one switch.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct SwitchWorth {
    pub switch: Switch,
    pub ladder: Spread,
    pub shapley: Spread,
    /// Shapley value by start date.
    pub by_start: Vec<f64>,
}

/// One figure and the part of each switch in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Worth {
    pub equal: Equal,
    /// `kept` or `liquidated` (dollars), `tax_alpha_kept` or `tax_alpha_liquidated` (fractions a year).
    pub figure: &'static str,
    /// UMA minus SMA.
    pub total: Spread,
    pub switches: Vec<SwitchWorth>,
}

const MONEY: f64 = 10_000.0;

fn dollars(v: &Vintage, figure: impl Fn(&Figures) -> i64) -> ([f64; 7], [f64; 7]) {
    let (ladder, shapley) = attribute_exactly(&v.of(figure));
    (ladder.map(|x| x as f64 / MONEY), shapley.map(|x| x as f64 / MONEY))
}

fn rate(v: &Vintage, figure: impl Fn(&Figures) -> Option<f64>) -> Option<([f64; 7], [f64; 7])> {
    let values = v.of(figure);
    if values.iter().any(Option::is_none) {
        return None;
    }
    let a = attribute(&values.map(Option::unwrap_or_default));
    let array = |v: Vec<f64>| std::array::from_fn(|i| v[i]);
    Some((array(a.ladder), array(a.shapley)))
}

/// Ladder and Shapley values of one start date.
type Parts = Option<([f64; 7], [f64; 7])>;

pub(super) fn worth(runs: &Runs) -> Vec<Worth> {
    type Figure = (&'static str, fn(&Vintage) -> Parts);
    let figures: [Figure; 4] = [
        ("kept", |v| Some(dollars(v, Figures::kept_and_paid))),
        ("liquidated", |v| Some(dollars(v, Figures::liquidated_and_paid))),
        ("tax_alpha_kept", |v| rate(v, |f| f.tax_alpha_kept)),
        ("tax_alpha_liquidated", |v| rate(v, |f| f.tax_alpha_liquidated)),
    ];
    let mut all = Vec::new();
    for equal in [Equal::TrackingError, Equal::RiskAversion] {
        for (figure, of) in figures {
            let parts: Vec<_> = runs.vintages.iter().filter(|v| v.equal == equal).filter_map(of).collect();
            let totals: Vec<f64> = parts.iter().map(|(_, shapley)| shapley.iter().sum()).collect();
            let Some(total) = Spread::of(&totals) else { continue };
            let switch = |(i, switch): (usize, Switch)| {
                let ladder: Vec<f64> = parts.iter().map(|(ladder, _)| ladder[i]).collect();
                let shapley: Vec<f64> = parts.iter().map(|(_, shapley)| shapley[i]).collect();
                Some(SwitchWorth {
                    switch,
                    ladder: Spread::of(&ladder)?,
                    shapley: Spread::of(&shapley)?,
                    by_start: shapley,
                })
            };
            let switches = Switch::ALL.into_iter().enumerate().filter_map(switch).collect();
            all.push(Worth { equal, figure, total, switches });
        }
    }
    all
}

/// Work in one setup, summed over all start dates at equal risk aversion.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Work {
    pub setup: &'static str,
    pub orders: usize,
    /// Number of transfers of money between managers.
    pub transfers: usize,
    /// Number of instructions to other managers.
    pub tickets: usize,
    /// Days on which a manager acted, summed over managers.
    pub tasks: usize,
    /// Hours of work at the given minutes per task; `None` without minutes.
    pub hours: Option<f64>,
}

pub(super) fn work(runs: &Runs, minutes: f64) -> Vec<Work> {
    let of = |setup, switches: Switches| {
        let mut work = Work { setup, orders: 0, transfers: 0, tickets: 0, tasks: 0, hours: None };
        for v in runs.vintages.iter().filter(|v| v.equal == Equal::RiskAversion) {
            let f = v.figures[v.position[usize::from(switches.bits())]].0;
            work.orders += f.orders;
            work.transfers += f.transfers;
            work.tickets += f.tickets;
            work.tasks += f.tasks;
        }
        work.hours = (minutes > 0.0).then(|| work.tasks as f64 * minutes / 60.0);
        work
    };
    vec![of("sma", Switches::NONE), of("uma", Switches::ALL)]
}
