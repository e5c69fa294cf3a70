//! The best SMA and UMA compared mechanism by mechanism: runs with every set of switches, the ladder between
//! the two, and the Shapley value of each switch.
//!
//! Let `v(S)` be a figure of the run in which the switches `S` are on. The Shapley value (Shapley 1953) of
//! switch `i` among `n = 7` is
//!
//! ```text
//! φᵢ = Σ over S without i  |S|! (n - 1 - |S|)! / n!  (v(S + i) - v(S))
//! ```
//!
//! The values add up to `v(all) - v(none)`, which is UMA minus SMA.

use chrono::NaiveDate;
use serde::Serialize;

use super::reference::Reference;
use super::run::alpha;
use super::shapley::exact;
use super::{Bench, Study, StudyArm, StudyError, at_tracking_error};
use unisleeve_mandates::{ArmKind, Config, Setup, Switch, Switches, arm, partial};
use unisleeve_market::Market;

/// `|S|! (6 - |S|)!`: weight of a set of this size without the switch, over [`WHOLE`].
const WEIGHTS: [i128; 7] = [720, 120, 48, 36, 48, 120, 720];
/// `7!`.
const WHOLE: i128 = 5_040;

/// Figures of one run. Money in ten-thousandths of a dollar; rates are annual fractions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figures {
    /// After-tax wealth with nothing sold at the end. Ten-thousandths of a dollar, exact.
    pub kept: i64,
    /// After-tax wealth with everything sold at the end. Ten-thousandths of a dollar, exact.
    pub liquidated: i64,
    /// Withdrawals and gifts paid out before the end, at the amounts paid. Ten-thousandths of a dollar,
    /// exact.
    pub paid_out: i64,
    /// UMA's setup effect over this run, after liquidation. Ten-thousandths of a dollar.
    pub setup_liquidated: i64,
    /// The same with nothing sold at the end.
    pub setup_kept: i64,
    /// Tax alpha before liquidation.
    pub tax_alpha_kept: Option<f64>,
    /// Tax alpha after liquidation.
    pub tax_alpha_liquidated: Option<f64>,
    /// Realized tracking error.
    pub tracking_error: Option<f64>,
    /// Pre-tax return. Differences come from luck and risk, not from tax.
    pub pre_tax_return: Option<f64>,
    /// Risk aversion of the run.
    pub risk_aversion: f64,
    /// Largest certified gap of the run's optimizations, as a fraction of the portfolio value.
    pub worst_gap: f64,
    /// Orders sent.
    pub orders: usize,
    /// Transfers between mandates.
    pub transfers: usize,
    /// Instructions from the advisor to other managers.
    pub tickets: usize,
    /// Days on which a manager acted, summed over managers.
    pub tasks: usize,
    /// First day on which requested payments could not be made.
    pub ruin: Option<NaiveDate>,
}

impl Figures {
    /// Wealth before liquidation plus what was paid out. Runs are ranked by this, since a run that ran out of
    /// money paid out less.
    pub fn kept_and_paid(&self) -> i64 {
        self.kept + self.paid_out
    }

    /// The same with everything sold at the end.
    pub fn liquidated_and_paid(&self) -> i64 {
        self.liquidated + self.paid_out
    }
}

/// Runs of many sets of switches over one market.
#[derive(Debug, Clone)]
pub struct Comparison {
    bench: Bench,
    config: Config,
    /// Switches that have an effect in this household.
    acting: Switches,
    /// Sets of switches that run differently.
    distinct: Vec<Switches>,
    shadow: StudyArm,
    reference: Reference,
}

impl Comparison {
    /// Prepares a comparison of all 128 sets: setups, risk models and the shadow portfolio. `progress` gets
    /// the name of each step.
    ///
    /// # Errors
    /// When the configuration has faults or the shadow portfolio can't be run.
    pub fn new(config: &Config, market: &Market, progress: &mut dyn FnMut(&str)) -> Result<Self, StudyError> {
        Self::of_sets((0..128).map(Switches::from_bits), config, market, progress)
    }

    fn of_sets(
        sets: impl Iterator<Item = Switches>,
        config: &Config,
        market: &Market,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Self, StudyError> {
        let faults = config.faults();
        if !faults.is_empty() {
            return Err(StudyError::Config { faults });
        }
        let mut market = market.clone();
        let fault = |faults| StudyError::Config { faults };
        let acting = arm(ArmKind::SmaBest, config, &mut market).map_err(fault)?.acting(config);
        let distinct = distinct(sets, acting);
        let mut setups = partials(&distinct, config, &mut market)?;
        setups.push(arm(ArmKind::Shadow, config, &mut market).map_err(fault)?);
        let bench = Bench::new(config, market, setups, progress)?;
        progress("shadow");
        let setup = &bench.setups[distinct.len()];
        let shadow = bench.arm(setup, "shadow", config, config.trading.risk_aversion)?;
        progress("uma");
        let reference = Reference::new(&bench, config)?;
        Ok(Self { bench, config: config.clone(), acting, distinct, shadow, reference })
    }

    /// The ladder from a study's best SMA to its UMA. It uses the study's market, risk models and shadow
    /// portfolio. `None` where one of the three arms did not run.
    ///
    /// # Errors
    /// When a setup between the two can't be built.
    pub fn ladder(study: &Study, config: &Config) -> Result<Option<Self>, StudyError> {
        let sma = study.bench.setups.iter().find(|s| s.kind == ArmKind::SmaBest);
        let (Some(sma), Some(uma), Some(shadow)) = (sma, study.arm("uma"), study.arm("shadow")) else {
            return Ok(None);
        };
        let acting = sma.acting(config);
        let distinct = distinct(rungs().into_iter(), acting);
        let mut bench = study.bench.clone();
        bench.setups = partials(&distinct, config, &mut bench.market)?;
        let reference = Reference::of(uma, &bench, config);
        let shadow = shadow.clone();
        Ok(Some(Self { bench, config: config.clone(), acting, distinct, shadow, reference }))
    }

    /// Sets of switches that run differently, SMA first and UMA last.
    pub fn distinct(&self) -> &[Switches] {
        &self.distinct
    }

    /// Switches that have an effect in this household.
    pub fn acting(&self) -> Switches {
        self.acting
    }

    /// Position in [`Comparison::distinct`] of the set that runs like `switches`.
    pub fn position(&self, switches: Switches) -> usize {
        self.distinct.binary_search(&like(switches, self.acting)).unwrap_or(0)
    }

    /// Runs the set at a position, at the configured risk aversion or at the one that reaches a realized
    /// tracking error. The flag is false where that tracking error was not reached.
    ///
    /// # Errors
    /// When a run fails.
    pub fn run(&self, position: usize, tracking_error: Option<f64>) -> Result<(Figures, bool), StudyError> {
        let setup = &self.bench.setups[position];
        let run = |gamma| self.bench.arm(setup, "", &self.config, gamma);
        let mut arm = run(self.config.trading.risk_aversion)?;
        let mut matched = true;
        if let Some(target) = tracking_error.filter(|t| *t > 0.0) {
            (arm, matched) = at_tracking_error(arm, target, &mut |gamma| run(gamma))?;
        }
        Ok((self.figures(&arm), matched))
    }

    /// Figures of an arm that ran over the same market.
    pub fn figures(&self, arm: &StudyArm) -> Figures {
        let alpha = alpha(arm, &self.shadow);
        let journal = &arm.result.journal;
        let mut worst_gap = 0.0;
        for s in &journal.solves {
            let gap = s.objective - s.lower_bound;
            worst_gap = if gap > worst_gap { gap } else { worst_gap };
        }
        let [setup_liquidated, setup_kept] = self.reference.setup_over(arm, &self.bench, &self.config);
        Figures {
            setup_liquidated,
            setup_kept,
            kept: arm.measures.wealth_before_liquidation.raw(),
            liquidated: arm.measures.wealth_after_liquidation.raw(),
            paid_out: arm.measures.paid_out.raw(),
            tax_alpha_kept: alpha.before_liquidation,
            tax_alpha_liquidated: alpha.after_liquidation,
            tracking_error: arm.measures.tracking_error_ex_post,
            pre_tax_return: arm.measures.pre_tax_return,
            risk_aversion: arm.risk_aversion,
            worst_gap,
            orders: arm.measures.orders,
            transfers: arm.measures.transfers,
            tickets: arm.measures.workload.tickets,
            tasks: arm.measures.workload.tasks,
            ruin: arm.result.ruin.map(|r| r.date),
        }
    }
}

/// The sets of the ladder: none, then one switch more at a time, in the order of [`Switch::ALL`].
pub fn rungs() -> [Switches; 8] {
    let mut on = Switches::NONE;
    let mut rungs = [on; 8];
    for (rung, switch) in rungs.iter_mut().skip(1).zip(Switch::ALL) {
        on = on.with(switch);
        *rung = on;
    }
    rungs
}

/// The sets that run differently, SMA first and UMA last.
fn distinct(sets: impl Iterator<Item = Switches>, acting: Switches) -> Vec<Switches> {
    let mut distinct: Vec<Switches> = sets.map(|s| like(s, acting)).collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}

fn partials(sets: &[Switches], config: &Config, market: &mut Market) -> Result<Vec<Setup>, StudyError> {
    let each = sets.iter().map(|s| partial(*s, config, market));
    each.collect::<Result<_, _>>().map_err(|faults| StudyError::Config { faults })
}

/// The set that represents another: switches without effect are dropped, and the full set of effective
/// switches is UMA.
fn like(switches: Switches, acting: Switches) -> Switches {
    let on = switches.and(acting);
    if on == acting { Switches::ALL } else { on }
}

/// The contribution of each switch to one figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attribution {
    /// Change with each switch turned on in turn, in the order of [`Switch::ALL`].
    pub ladder: Vec<f64>,
    /// Shapley values, in the order of [`Switch::ALL`].
    pub shapley: Vec<f64>,
    /// UMA minus SMA.
    pub total: f64,
}

/// Attributes a figure in whole units, such as ten-thousandths of a dollar, to switches. Returns the ladder
/// and the Shapley values, which are whole units and add up exactly: the rounding remainder goes to the
/// largest fractions. `v[bits]` is the figure of each of the 128 sets.
pub fn attribute_exactly(v: &[i64; 128]) -> ([i64; 7], [i64; 7]) {
    let mut ladder = [0; 7];
    let mut on = 0usize;
    for (i, step) in ladder.iter_mut().enumerate() {
        let next = on | 1 << i;
        *step = v[next] - v[on];
        on = next;
    }
    let mut shapley = [0; 7];
    shapley.copy_from_slice(&exact(7, &|bits| v[bits]).values);
    (ladder, shapley)
}

/// Attributes a figure with fractions, such as a rate. `v[bits]` is the figure of each of the 128 sets.
pub fn attribute(v: &[f64; 128]) -> Attribution {
    let mut on = 0usize;
    let mut ladder = Vec::new();
    let mut shapley = Vec::new();
    for (i, _) in Switch::ALL.iter().enumerate() {
        let next = on | 1 << i;
        ladder.push(v[next] - v[on]);
        on = next;
        let mut sum = 0.0;
        for bits in (0..128usize).filter(|b| b & 1 << i == 0) {
            sum += WEIGHTS[bits.count_ones() as usize] as f64 * (v[bits | 1 << i] - v[bits]);
        }
        shapley.push(sum / WHOLE as f64);
    }
    Attribution { ladder, shapley, total: v[127] - v[0] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn additive_games_give_each_its_own() {
        let worth = [5, -3, 0, 11, 2, 0, 7];
        let mut v = [0; 128];
        for (bits, x) in v.iter_mut().enumerate() {
            *x = 1_000 + (0..7).filter(|i| bits & 1 << i != 0).map(|i| worth[i]).sum::<i64>();
        }
        assert_eq!(attribute_exactly(&v), (worth, worth));
        let real = attribute(&v.map(|x| x as f64));
        assert!(real.shapley.iter().zip(worth).all(|(a, b)| (a - b as f64).abs() < 1e-9));
    }

    /// Two switches that only work together get half of the value each. The odd unit goes to the first.
    #[test]
    fn what_two_do_together_is_shared_and_adds_up() {
        let mut v = [0; 128];
        for (bits, x) in v.iter_mut().enumerate() {
            *x = if bits & 0b11 == 0b11 { 7 } else { 0 };
        }
        let (ladder, shapley) = attribute_exactly(&v);
        assert_eq!(shapley, [4, 3, 0, 0, 0, 0, 0]);
        assert_eq!(ladder, [0, 7, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn values_add_up_whatever_the_figures() {
        let mut x = 12_345u64;
        let mut v = [0i64; 128];
        for _ in 0..200 {
            for value in &mut v {
                x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *value = (x >> 33) as i64 - (1 << 30);
            }
            let (ladder, shapley) = attribute_exactly(&v);
            assert_eq!(shapley.iter().sum::<i64>(), v[127] - v[0]);
            assert_eq!(ladder.iter().sum::<i64>(), v[127] - v[0]);
        }
    }
}
