//! From typical to the best practice of separate managers, habit by habit.
//!
//! A run with some of the habits of the best managers and the rest of the typical ones is compared with UMA.
//! Its figure is UMA's setup effect over it, so what all habits together are worth is the difference of two
//! setup effects: over typical and over the best separate managers. Together with the switches from the best
//! to UMA ([`crate::compare`]) they add up to the setup effect over typical managers.

use unisleeve_mandates::{ArmKind, Config, Habit, Habits, Practice, Setup, arm, separate};
use unisleeve_market::Market;

use super::reference::Reference;
use super::shapley::{MOST_EXACT, Values, exact, orders, sampled};
use super::{Bench, StudyError};

/// Runs between two sets of habits over one market.
#[derive(Debug, Clone)]
pub struct BetterPractice {
    bench: Bench,
    config: Config,
    acting: Vec<Habit>,
    /// Orders of the habits, in antithetic pairs. Empty if all sets run.
    orders: Vec<Vec<usize>>,
    /// Sets of habits that run, as bits in the order of `acting`; ascending.
    sets: Vec<usize>,
    reference: Reference,
}

/// What each habit is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct HabitValues {
    /// Change with each habit in turn, in the order of [`BetterPractice::acting`].
    pub ladder: Vec<i64>,
    /// Shapley values with their standard errors.
    pub shapley: Values,
}

impl BetterPractice {
    /// Prepares the runs from typical to the best habits. With more than seven acting habits, `pairs`
    /// antithetic pairs of orders are sampled from `config.seed`.
    ///
    /// # Errors
    /// When the configuration has faults, or the reference runs fail.
    pub fn new(config: &Config, market: &Market, pairs: usize) -> Result<Self, StudyError> {
        let fault = |faults| StudyError::Config { faults };
        let faults = config.faults();
        if !faults.is_empty() {
            return Err(fault(faults));
        }
        let mut market = market.clone();
        let (from, to) = (Habits::preset(Practice::Typical, config), Habits::preset(Practice::Best, config));
        let typical = arm(ArmKind::SmaTypical, config, &mut market).map_err(fault)?;
        let acting = typical.acting_habits(config, &from, &to);
        let n = acting.len();
        let orders = if n > MOST_EXACT { orders(n, pairs.max(1), config.seed) } else { Vec::new() };
        let mut sets: Vec<usize> = if orders.is_empty() { (0..1 << n).collect() } else { rungs(n) };
        for order in &orders {
            let mut set = 0;
            for i in order {
                set |= 1 << i;
                sets.push(set);
            }
        }
        sets.sort_unstable();
        sets.dedup();
        let mix = |set: &usize| -> Habits {
            let on = acting.iter().enumerate().filter(|(i, _)| set & 1 << i != 0);
            let mixed = on.fold(from, |habits, (_, habit)| habits.with(*habit, &to));
            // Habits that can't act are those of the best, so that the last set is the best.
            Habit::ALL
                .into_iter()
                .filter(|h| !acting.contains(h))
                .fold(mixed, |habits, h| habits.with(h, &to))
        };
        let setups: Result<Vec<Setup>, _> =
            sets.iter().map(|set| separate(mix(set), config, &mut market)).collect();
        let mut setups = setups.map_err(fault)?;
        for kind in [ArmKind::Uma, ArmKind::Shadow] {
            setups.push(arm(kind, config, &mut market).map_err(fault)?);
        }
        let bench = Bench::new(config, market, setups, &mut |_| {})?;
        let reference = Reference::new(&bench, config)?;
        Ok(Self { bench, config: config.clone(), acting, orders, sets, reference })
    }

    /// Habits that differ and can act in this household.
    pub fn acting(&self) -> &[Habit] {
        &self.acting
    }

    /// Number of sets to run.
    pub fn sets(&self) -> usize {
        self.sets.len()
    }

    /// UMA's setup effect over the set at a position, by ending, in ten-thousandths of a dollar.
    ///
    /// # Errors
    /// When the run fails.
    pub fn run(&self, position: usize) -> Result<[i64; 2], StudyError> {
        let arm = self.bench.arm(
            &self.bench.setups[position],
            "",
            &self.config,
            self.config.trading.risk_aversion,
        )?;
        Ok(self.reference.setup_over(&arm, &self.bench, &self.config))
    }

    /// The worth of each habit from the figures of all sets, in the order of the positions. A habit is worth
    /// what it takes off UMA's setup effect.
    pub fn values(&self, figures: &[i64]) -> HabitValues {
        let n = self.acting.len();
        let v =
            |set: usize| self.sets.binary_search(&set).ok().and_then(|at| figures.get(at)).map_or(0, |x| -x);
        let ladder = rungs(n).windows(2).map(|pair| v(pair[1]) - v(pair[0])).collect();
        let shapley = if self.orders.is_empty() { exact(n, &v) } else { sampled(n, &self.orders, &v) };
        HabitValues { ladder, shapley }
    }
}

/// No habit, then one more at a time.
fn rungs(n: usize) -> Vec<usize> {
    (0..=n).map(|k| (1 << k) - 1).collect()
}
