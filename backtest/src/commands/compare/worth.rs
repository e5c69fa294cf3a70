//! The worth of each switch: ladder and Shapley value for each start date, and their distribution.

use serde::Serialize;
use unisleeve_core::mandates::{Switch, Switches, WorkloadConfig};
use unisleeve_core::study::compare::{Figures, attribute, attribute_exactly};

use super::runs::{Runs, Vintage};
use super::spread::Spread;
use crate::studies::run_row::Equal;

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
    /// `setup_liquidated` or `setup_kept` (the setup effect, dollars), `kept` or `liquidated` (wealth, dollars),
    /// `tax_alpha_kept` or `tax_alpha_liquidated` (fractions a year).
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
    let figures: [Figure; 6] = [
        ("setup_liquidated", |v| Some(dollars(v, |f| -f.setup_liquidated))),
        ("setup_kept", |v| Some(dollars(v, |f| -f.setup_kept))),
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
    /// Hours of work at the minutes of the configuration.
    pub hours: Option<f64>,
    /// Cost of these hours; `None` without an hourly rate.
    pub dollars: Option<f64>,
}

pub(super) fn work(runs: &Runs, config: &WorkloadConfig) -> Vec<Work> {
    let of = |setup, switches: Switches| {
        let mut work =
            Work { setup, orders: 0, transfers: 0, tickets: 0, tasks: 0, hours: None, dollars: None };
        for v in runs.vintages.iter().filter(|v| v.equal == Equal::RiskAversion) {
            let f = v.figures[v.position[usize::from(switches.bits())]].0;
            work.orders += f.orders;
            work.transfers += f.transfers;
            work.tickets += f.tickets;
            work.tasks += f.tasks;
        }
        let [tasks, tickets, transfers] = [work.tasks, work.tickets, work.transfers].map(|n| n as f64);
        work.hours = Some(config.hours(tasks, tickets, transfers));
        work.dollars = work.hours.and_then(|h| config.dollars(h));
        work
    };
    vec![of("sma_best", Switches::NONE), of("uma", Switches::ALL)]
}
