//! Expected returns and volatility multipliers by session, from the scenario's periods.

use super::calendar::{Calendar, YEAR};
use super::config::Scenario;
use super::factors::{FactorModel, StepFactors, Turn};

/// Expected returns and volatility multipliers by session.
#[derive(Debug, Clone)]
pub(super) struct Timetable {
    /// Expected log growth of each class over each session: `drift[t * classes + c]`.
    pub drift: Vec<f64>,
    /// Volatility multipliers of each session.
    pub turns: Vec<Turn>,
    classes: usize,
    /// Fixed returns: `(first session, one past the last, class, total log return)`.
    fixed: Vec<(usize, usize, usize, f64)>,
}

impl Timetable {
    pub(super) fn new(scenario: &Scenario, calendar: &Calendar, history: usize) -> Self {
        let classes = scenario.classes.len();
        let plain = Turn { market: 1.0, specific: 1.0 };
        let rates: Vec<f64> = scenario.classes.iter().map(|c| libm::log1p(c.expected_return)).collect();
        let mut table = Self {
            drift: calendar.years.iter().flat_map(|y| rates.iter().map(move |r| r * y)).collect(),
            turns: vec![plain; calendar.dates.len()],
            classes,
            fixed: Vec::new(),
        };
        for period in &scenario.periods {
            let age = |t: usize| (calendar.dates[t] - scenario.start).num_days() as f64 / YEAR;
            let inside = |t: &usize| age(*t) >= period.from && age(*t) < period.from + period.years;
            let span: Vec<usize> = (history..calendar.dates.len()).filter(inside).collect();
            let (Some(first), Some(last)) = (span.first(), span.last()) else { continue };
            for t in &span {
                table.turns[*t] = Turn { market: period.volatility, specific: period.specific };
            }
            for r in &period.returns {
                let Some(c) = scenario.classes.iter().position(|c| c.name == r.class) else { continue };
                let mut sum = 0.0;
                for t in &span {
                    let drift = libm::log1p(r.annual) * calendar.years[*t];
                    table.drift[t * classes + c] = drift;
                    sum += drift;
                }
                if period.fixed {
                    table.fixed.push((*first, last + 1, c, sum));
                }
            }
        }
        table
    }

    /// Expected log growth of a class over a session.
    pub(super) fn drift(&self, t: usize, class: usize) -> f64 {
        self.drift[t * self.classes + class]
    }

    /// Shifts drawn returns so that fixed periods have exactly their total. Each session gets a share of the
    /// shift in proportion to its variance, as in a Brownian bridge.
    pub(super) fn pin(
        &self,
        model: &FactorModel,
        volatilities: &[f64],
        first: usize,
        steps: &mut [StepFactors],
    ) {
        for (from, to, class, wanted) in &self.fixed {
            let steps = &mut steps[from - first..to - first];
            let volatility = if *class == 0 { model.market } else { volatilities[*class] };
            let (mut total, mut variance) = (0.0, 0.0);
            for (i, s) in steps.iter().enumerate() {
                let own = volatility * volatility * s.class_variance;
                let shock = if *class == 0 { s.market } else { s.classes[class - 1] };
                total += self.drift(from + i, *class) + shock - 0.5 * own;
                variance += own;
            }
            if variance <= 0.0 {
                continue;
            }
            for s in steps {
                let shift = (wanted - total) * (volatility * volatility * s.class_variance / variance);
                *(if *class == 0 { &mut s.market } else { &mut s.classes[class - 1] }) += shift;
            }
        }
    }
}
