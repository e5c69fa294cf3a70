//! Recomputes every figure of a simulation: a path's figures from its arms' journals, the summary's from the
//! paths.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Months, NaiveDate};
use unisleeve_core::books::journal::{CashKind, Mark, Side};
use unisleeve_core::mandates::{Config, Every, Flow, Practice, SimulationConfig};
use unisleeve_core::market::scenario::{Scenario, Step};
use unisleeve_core::study::StudyArm;
use unisleeve_core::study::measure::TaxAlpha;
use unisleeve_core::study::simulate::{
    Averages, Paired, PathArm, PathResult, Simulation, Simulator, what_if,
};
use unisleeve_core::tax::{TaxRates, term};
use unisleeve_core::units::{Money, Term};
use unisleeve_tests::day;
use unisleeve_tests::random::Random;

const ARMS: [&str; 3] = ["uma", "sma", "shadow"];

fn near(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{what}: {found} for {expected}");
}

/// About three years of 20 names, monthly. `every_year` dollars are withdrawn at the start of each year.
fn config(every_year: i32) -> Config {
    let scenario =
        Scenario { names: 20, years: 3.0, step: Step::Monthly, antithetic: true, ..Scenario::default() };
    let simulation = SimulationConfig {
        paths: 6,
        equal_tracking_error: false,
        practices: vec![Practice::Diligent],
        scenario,
        ..SimulationConfig::default()
    };
    let mut config = Config { simulation: Some(simulation), ..what_if() };
    config.household.flows = vec![Flow {
        amount: Money::whole(-every_year),
        every: Every::Year,
        from: day("2001-01-01"),
        to: None,
    }];
    config
}

/// After-tax growth from the first mark to each mark. Flows at a close earn nothing on that day.
fn growth_after_tax(marks: &[Mark]) -> Vec<f64> {
    let mut growth = vec![1.0];
    for (a, b) in marks.iter().zip(&marks[1..]) {
        let before = a.value.to_f64() - a.accrued_tax.to_f64();
        let after = b.value.to_f64() - b.accrued_tax.to_f64() - b.flow.to_f64();
        growth.push(growth.last().unwrap() * after / before);
    }
    growth
}

fn growth_before_tax(marks: &[Mark]) -> f64 {
    let one = |(a, b): (&Mark, &Mark)| {
        (b.value.to_f64() - b.flow.to_f64() + b.tax_paid.to_f64()) / a.value.to_f64()
    };
    marks.iter().zip(&marks[1..]).map(one).product()
}

fn a_year(growth: f64, marks: &[Mark]) -> f64 {
    let days = (marks.last().unwrap().date - marks[0].date).num_days() as f64;
    libm::pow(growth, 365.25 / days) - 1.0
}

/// Tax on selling everything. Carried losses first offset gains of their own term, then of the other.
fn tax_of_selling(arm: &StudyArm, prices: impl Fn(usize) -> f64, rates: TaxRates) -> f64 {
    let last = arm.result.journal.marks.last().unwrap().date;
    let (mut short, mut long) = (0.0, 0.0);
    for (security, lot) in &arm.result.lots {
        let gain = lot.quantity.to_f64() * prices(security.index()) - lot.basis.to_f64();
        match term(lot.holding_start, last) {
            Term::Short => short += gain,
            Term::Long => long += gain,
        }
    }
    let year = arm.result.journal.tax_years.last().unwrap();
    (short, long) = (short - year.carry_short.to_f64(), long - year.carry_long.to_f64());
    let (short, long) =
        (short + long.min(0.0) * f64::from(short > 0.0), long + short.min(0.0) * f64::from(long > 0.0));
    rates.short * short.max(0.0) + rates.long * long.max(0.0)
}

/// Recognized losses (positive) by date.
fn losses(arm: &StudyArm) -> Vec<(NaiveDate, f64)> {
    let rows = arm.result.journal.trade_rows();
    let found =
        rows.iter().filter(|r| r.trade.side == Side::Sell).map(|r| (r.trade.date, r.recognized().to_f64()));
    found.filter(|(_, x)| *x < 0.0).map(|(d, x)| (d, -x)).collect()
}

fn paid(arm: &StudyArm, kinds: &[CashKind]) -> f64 {
    arm.result.journal.cash.iter().filter(|c| kinds.contains(&c.kind)).map(|c| -c.amount.to_f64()).sum()
}

#[test]
fn a_path_s_figures_are_those_of_its_journals() {
    let config = config(300_000);
    let simulator = Simulator::new(&config, None).unwrap();
    let (path, study) = (simulator.path(1).unwrap(), simulator.study(1).unwrap());
    assert_eq!(path.arms.iter().map(|a| a.arm).collect::<Vec<_>>(), ARMS);
    let market = &study.bench.market;
    let last = market.sessions(study.span.0, study.span.1).last().unwrap();
    let price =
        |s: usize| last.last_close(unisleeve_core::units::SecurityId(s as u32)).unwrap_or_default().to_f64();
    let shadow = &study.arm("shadow").unwrap().result.journal.marks;
    let mut some_tax_differs = false;
    for (found, arm) in path.arms.iter().zip(&study.arms) {
        let (name, journal) = (found.arm, &arm.result.journal);
        let marks = &journal.marks;
        let end = marks.last().unwrap();
        let kept = end.value.to_f64() - end.accrued_tax.to_f64();
        let sold = kept - tax_of_selling(arm, price, study.rates);
        assert!((found.wealth.to_f64() - sold).abs() < 0.01, "{name}: {} for {sold}", found.wealth);
        near(found.paid_out.to_f64(), paid(arm, &[CashKind::Withdrawal]), "paid out");

        // The last close of each year, and the end.
        let by_year: BTreeMap<i32, &Mark> = marks.iter().map(|m| (m.date.year(), m)).collect();
        let wealth: Vec<Money> = by_year.values().map(|m| m.value - m.accrued_tax).collect();
        assert_eq!(found.by_year, wealth, "{name}");
        some_tax_differs |= by_year.values().any(|m| !m.accrued_tax.is_zero());
        let errors: Vec<f64> = by_year.values().map(|m| m.te_ex_ante).collect();
        assert_eq!(found.tracking_error_by_year, errors, "{name}");

        // Tax by year: the amounts paid, and the amount owed at the end.
        let tax: f64 = found.taxes_by_year.iter().map(|m| m.to_f64()).sum();
        near(
            tax,
            paid(arm, &[CashKind::Tax, CashKind::TaxCredit]) + end.accrued_tax.to_f64(),
            "tax of all years",
        );
        assert_eq!(found.taxes_by_year.len(), by_year.len(), "{name}");
        near(found.taxes_paid.to_f64(), paid(arm, &[CashKind::Tax, CashKind::TaxCredit]), "taxes paid");

        // Losses by year since the start, and in total.
        let start = marks[0].date;
        for (year, found) in found.losses_by_year.iter().enumerate() {
            let from = start + Months::new(12 * year as u32);
            let to = start + Months::new(12 * (year as u32 + 1));
            let within = losses(arm).iter().filter(|(d, _)| *d >= from && *d < to).map(|(_, x)| x).sum();
            near(found.to_f64(), within, "losses of a year");
        }
        near(found.losses_harvested.to_f64(), losses(arm).iter().map(|(_, x)| x).sum(), "losses in all");

        // Maximum drawdown, over all pairs of days.
        let growth = growth_after_tax(marks);
        let falls =
            growth.iter().enumerate().flat_map(|(t, g)| growth[..=t].iter().map(move |top| 1.0 - g / top));
        let largest = falls.fold(0.0, f64::max);
        near(found.drawdown.unwrap(), largest, "drawdown");
        assert!(largest > 0.0, "a path that never falls tests little");

        // Realized tracking error from monthly active returns.
        let active: Vec<f64> = marks
            .iter()
            .zip(&marks[1..])
            .map(|(a, b)| growth_before_tax(&[*a, *b]) - 1.0 - b.benchmark_return)
            .collect();
        let n = active.len() as f64;
        let (sum, squares) = active.iter().fold((0.0, 0.0), |(s, q), x| (s + x, q + x * x));
        let variance = (squares - sum * sum / n) / (n - 1.0);
        near(found.tracking_error.unwrap(), (12.0 * variance).sqrt(), "tracking error");

        // Tax alpha: after-tax growth minus the shadow's, less the same difference before tax.
        let after = |marks: &[Mark], part: f64| a_year(growth_after_tax(marks).last().unwrap() * part, marks);
        let before = a_year(growth_before_tax(marks), marks) - a_year(growth_before_tax(shadow), shadow);
        let end_of_shadow = shadow.last().unwrap();
        let kept_by_shadow = (end_of_shadow.value - end_of_shadow.accrued_tax).to_f64();
        let sold_by_shadow =
            kept_by_shadow - tax_of_selling(study.arm("shadow").unwrap(), price, study.rates);
        match found.tax_alpha {
            None => assert_eq!(name, "shadow"),
            Some(alpha) => {
                near(
                    alpha.before_liquidation.unwrap(),
                    after(marks, 1.0) - after(shadow, 1.0) - before,
                    "alpha kept",
                );
                let sold =
                    after(marks, sold / kept) - after(shadow, sold_by_shadow / kept_by_shadow) - before;
                assert!(
                    (alpha.after_liquidation.unwrap() - sold).abs() < 1e-8,
                    "alpha sold: {alpha:?} for {sold}"
                );
                assert!(alpha.before_liquidation != alpha.after_liquidation, "{name}: alike");
            }
        }

        // Kept, sold through the brackets, left at death, a part to charity. Death is not taxed, and a gift
        // leaves the family.
        let endings = &arm.measures.endings;
        assert_eq!(found.endings[0], end.value - end.accrued_tax, "{name}: kept");
        assert_eq!(found.endings[1], endings.liquidate_bracketed.wealth, "{name}: through the brackets");
        assert!(found.endings[1] < found.endings[0], "{name}: a sale at a gain costs tax");
        assert_eq!(found.endings[2], found.endings[0], "{name}: left at death");
        assert_eq!(found.endings[3], endings.charity.wealth, "{name}: to charity");
        assert!(
            endings.charity.given.is_positive() && found.endings[3] < found.endings[2],
            "{name}: a part is given away"
        );

        // Work, counted from the journal.
        let mut orders: Vec<_> = journal
            .trades
            .iter()
            .map(|t| (t.date, t.mandate, t.security, t.sleeve, t.side))
            .filter(|o| matches!(o.4, Side::Buy | Side::Sell))
            .collect();
        // Consecutive rows of the same kind form one order.
        orders.dedup();
        assert_eq!(found.orders, orders.len(), "{name}");
        assert_eq!(found.tickets, journal.tickets.len(), "{name}");
        let mandates = arm.result.setup.mandates.len();
        let moved =
            journal.transfers.iter().flat_map(|t| [t.from, t.to].map(|p| (t.date, p.index() % mandates)));
        let acted = orders.iter().map(|o| (o.0, o.1.index()));
        let told = journal.tickets.iter().map(|t| (t.date, t.mandate.index()));
        assert_eq!(found.tasks, acted.chain(told).chain(moved).collect::<BTreeSet<_>>().len(), "{name}");
        assert_eq!(found.ruined, arm.result.ruin.is_some(), "{name}");
    }
    assert!(some_tax_differs, "a path without accrued tax can't tell wealth from value");
}

/// When money runs out, the two arms pay different amounts. Who is ahead depends on wealth and payments
/// together.
#[test]
fn what_a_ruined_arm_paid_counts() {
    let simulator = Simulator::new(&config(900_000), None).unwrap();
    let study = simulator.study(0).unwrap();
    let path = simulator.path(0).unwrap();
    let of = |name: &str| {
        let (arm, found) = (study.arm(name).unwrap(), path.arm(name).unwrap());
        assert!(
            found.ruined && arm.result.ruin.is_some(),
            "{name}: three years of 900,000 out of two million"
        );
        let paid = paid(arm, &[CashKind::Withdrawal]);
        near(found.paid_out.to_f64(), paid, name);
        assert!(paid < 3.0 * 900_000.0, "{name}: {paid}");
        found.wealth.to_f64() + paid
    };
    near(path.gain().unwrap(), of("uma") - of("sma"), "gain");
}

fn made_up(rng: &mut Random, arm: &'static str) -> PathArm {
    let mut m = |low: f64, high: f64| Money::from_f64(rng.between(low, high)).unwrap();
    let list =
        |n: usize, m: &mut dyn FnMut(f64, f64) -> Money| (0..n).map(|_| m(-9e3, 9e5)).collect::<Vec<_>>();
    let (by_year, taxes_by_year, losses_by_year) = (list(3, &mut m), list(4, &mut m), list(3, &mut m));
    let endings = [m(1e5, 2e5), m(3e5, 4e5), m(5e5, 6e5), m(7e5, 8e5)];
    let (wealth, paid_out, taxes_paid, losses_harvested, fees_at_end) =
        (m(1e5, 9e5), m(0.0, 9e5), m(-9e3, 9e3), m(0.0, 9e3), m(0.0, 9e3));
    let alpha = |rng: &mut Random| Some(rng.between(-0.01, 0.02));
    let tax_alpha = (arm != "shadow")
        .then(|| TaxAlpha { before_liquidation: alpha(rng), after_liquidation: alpha(rng).map(|x| x - 0.1) });
    PathArm {
        arm,
        wealth,
        paid_out,
        by_year,
        tax_alpha,
        tracking_error: Some(rng.between(0.005, 0.03)),
        tracking_error_by_year: (0..3).map(|_| rng.between(0.0, 0.05)).collect(),
        taxes_by_year,
        losses_by_year,
        endings,
        tasks: rng.below(50),
        tickets: rng.below(50),
        transfers: rng.below(50),
        taxes_paid,
        losses_harvested,
        fees_at_end,
        drawdown: Some(rng.unit()),
        orders: rng.below(500),
        ruined: false,
    }
}

/// The quantile at `percent`, interpolated linearly (Hyndman and Fan 1996, type 7).
fn quantile(values: &[f64], percent: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (sorted.len() - 1) as f64 * percent / 100.0;
    let part = place.fract();
    sorted[place.floor() as usize] * (1.0 - part) + sorted[place.ceil() as usize] * part
}

fn fan_of(values: &[f64], found: &[f64; 7], what: &str) {
    for (percent, found) in [5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0].into_iter().zip(found) {
        near(*found, quantile(values, percent), &format!("{what}, {percent}%"));
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn deviation(values: &[f64]) -> f64 {
    let m = mean(values);
    (values.iter().map(|x| (x - m) * (x - m)).sum::<f64>() / (values.len() as f64 - 1.0)).sqrt()
}

/// Checks a paired statistic. `t` is the 97.5% point for the number of draws behind the interval.
fn paired(found: &Paired, values: &[f64], draws: &[f64], t: f64, what: &str) {
    near(found.mean, mean(values), what);
    near(found.deviation.unwrap(), deviation(values), what);
    let [low, high] = found.interval.unwrap();
    let half = t * deviation(draws) / (draws.len() as f64).sqrt();
    // The quantile of Student's t is computed by an expansion, accurate to 0.01%.
    assert!(
        (high - low - 2.0 * half).abs() < 4e-4 * half,
        "{what}: {low} to {high} for a half width of {half}"
    );
    near(0.5 * (low + high), mean(values), what);
    fan_of(values, &found.percentiles, what);
    near(found.ahead, values.iter().filter(|x| **x > 0.0).count() as f64 / values.len() as f64, what);
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let tenth = values.len().div_ceil(10);
    near(found.worst_tenth, mean(&sorted[..tenth]), what);
    assert_eq!(found.count, values.len(), "{what}");
}

#[test]
fn a_simulation_s_figures_are_those_of_its_paths() {
    for seed in 0..4 {
        println!("seed {seed}");
        let mut rng = Random::new(seed);
        let mut paths: Vec<PathResult> = (0..40)
            .map(|path| PathResult {
                path,
                arms: ARMS.map(|arm| made_up(&mut rng, arm)).into(),
                differences: Vec::new(),
            })
            .collect();
        // Five futures of UMA, two of SMA and one of the shadow portfolio end in ruin.
        for (arm, of) in [(0, [3usize, 9, 14, 20, 31].as_slice()), (1, &[9, 30]), (2, &[4])] {
            for p in of {
                paths[*p].arms[arm].ruined = true;
            }
        }
        let all = |arm: usize, of: &dyn Fn(&PathArm) -> f64| -> Vec<f64> {
            paths.iter().map(|p| of(&p.arms[arm])).collect()
        };
        let less = |of: &dyn Fn(&PathArm) -> f64| -> Vec<f64> {
            all(0, of).iter().zip(all(1, of)).map(|(u, s)| u - s).collect()
        };
        let found = Simulation::of(&paths, false);
        let twins = Simulation::of(&paths, true);
        assert_eq!(found.paths, 40);

        let gain = less(&|a| a.wealth.to_f64() + a.paid_out.to_f64());
        // 39 degrees of freedom, or 19 where two paths form one draw.
        paired(found.gain.as_ref().unwrap(), &gain, &gain, 2.022_691, "gain");
        let pairs: Vec<f64> = gain.chunks(2).map(mean).collect();
        paired(twins.gain.as_ref().unwrap(), &gain, &pairs, 2.093_024, "gain of twins");
        for (a, b) in found.gains.iter().zip(&gain) {
            near(*a, *b, "gain of a path");
        }
        let kept = less(&|a| a.tax_alpha.unwrap().before_liquidation.unwrap());
        paired(found.tax_alpha.as_ref().unwrap(), &kept, &kept, 2.022_691, "tax alpha");
        let sold = less(&|a| a.tax_alpha.unwrap().after_liquidation.unwrap());
        let after = found.tax_alpha_after_liquidation.as_ref().unwrap();
        paired(after, &sold, &sold, 2.022_691, "tax alpha after liquidation");
        for (arm, te) in found.tracking_error.iter().enumerate() {
            near(te.unwrap(), mean(&all(arm, &|a| a.tracking_error.unwrap())), "tracking error");
        }
        assert_eq!(found.ruined, [5, 2], "UMA, then SMA");
        assert_eq!(found.averages.iter().map(|a| a.ruined).collect::<Vec<_>>(), [5, 2, 1]);

        for (arm, name) in ARMS.iter().enumerate() {
            let fan = &found.fans[arm];
            assert_eq!((&*fan.arm, fan.by_year.len()), (*name, 3));
            fan_of(&all(arm, &|a| a.wealth.to_f64()), &fan.wealth, "wealth");
            for (year, values) in fan.by_year.iter().enumerate() {
                fan_of(&all(arm, &|a| a.by_year[year].to_f64()), values, "wealth of a year");
            }
            averages(&found.averages[arm], name, &|of| all(arm, of));
        }
    }
}

type All<'a> = &'a dyn Fn(&dyn Fn(&PathArm) -> f64) -> Vec<f64>;

fn averages(found: &Averages, name: &str, all: All<'_>) {
    assert_eq!(found.arm, name);
    for (i, ending) in found.endings.iter().enumerate() {
        fan_of(&all(&|a| a.endings[i].to_f64()), ending, &format!("ending {i}"));
    }
    assert_eq!((found.taxes_by_year.len(), found.losses_by_year.len()), (4, 3));
    for (y, x) in found.taxes_by_year.iter().enumerate() {
        near(*x, mean(&all(&|a| a.taxes_by_year[y].to_f64())), "tax of a year");
    }
    for (y, x) in found.losses_by_year.iter().enumerate() {
        near(*x, mean(&all(&|a| a.losses_by_year[y].to_f64())), "losses of a year");
    }
    for (y, x) in found.tracking_error_by_year.iter().enumerate() {
        near(*x, mean(&all(&|a| a.tracking_error_by_year[y])), "tracking error of a year");
    }
    assert_eq!(found.tracking_error_by_year.len(), 3);
    near(found.paid_out, mean(&all(&|a| a.paid_out.to_f64())), "paid out");
    near(found.tasks, mean(&all(&|a| a.tasks as f64)), "tasks");
    near(found.tickets, mean(&all(&|a| a.tickets as f64)), "tickets");
    near(found.orders, mean(&all(&|a| a.orders as f64)), "orders");
    near(found.tracking_error.unwrap(), mean(&all(&|a| a.tracking_error.unwrap())), "tracking error");
    match found.tax_alpha {
        None => assert_eq!(name, "shadow"),
        Some(alpha) => {
            near(
                alpha,
                mean(&all(&|a| a.tax_alpha.unwrap().before_liquidation.unwrap())),
                "tax alpha before",
            );
        }
    }
}

/// A figure is missing on one path. Differences leave the path out and drop pairing; averages of arms are
/// undefined.
#[test]
fn a_path_without_a_figure() {
    let mut rng = Random::new(7);
    let mut paths: Vec<PathResult> = (0..4)
        .map(|path| PathResult {
            path,
            arms: ARMS.map(|arm| made_up(&mut rng, arm)).into(),
            differences: Vec::new(),
        })
        .collect();
    paths[1].arms[0].tracking_error = None;
    paths[1].arms[0].tax_alpha = None;
    paths[2].arms[1].taxes_by_year.pop();
    let found = Simulation::of(&paths, true);
    assert_eq!(found.tax_alpha.as_ref().unwrap().count, 3);
    let kept = |p: &PathResult| {
        let of = |arm: usize| p.arms[arm].tax_alpha.unwrap().before_liquidation.unwrap();
        of(0) - of(1)
    };
    let draws: Vec<f64> = [0, 2, 3].map(|p: usize| kept(&paths[p])).into();
    // Two degrees of freedom: three draws, and no two form a pair.
    paired(found.tax_alpha.as_ref().unwrap(), &draws, &draws, 4.302_653, "tax alpha");
    let of = |arm: usize| paths.iter().filter_map(move |p| p.arms[arm].tracking_error).collect::<Vec<_>>();
    near(found.tracking_error[0].unwrap(), mean(&of(0)), "of the paths that have it");
    assert_eq!((found.averages[0].tracking_error, found.averages[0].tax_alpha), (None, None));
    assert!(found.averages[1].tracking_error.is_some());
    assert_eq!(found.averages[1].taxes_by_year.len(), 3, "years that all paths have");
    assert_eq!(found.gain.as_ref().unwrap().count, 4);
}

/// The summary's own data: dates, risk aversion, and twins only where the scenario makes them.
#[test]
fn the_summary_knows_its_futures() {
    let plain = {
        let mut config = config(50_000);
        config.simulation.as_mut().unwrap().scenario.antithetic = false;
        config
    };
    for (config, twins) in [(config(50_000), true), (plain, false)] {
        let mut simulator = Simulator::new(&config, None).unwrap();
        simulator.set_uma_risk_aversion(33.0);
        let paths: Vec<PathResult> = (0..4).map(|p| simulator.path(p).unwrap()).collect();
        let found = simulator.summary(&paths);
        assert_eq!(found.simulation, Simulation::of(&paths, twins));
        assert_ne!(found.simulation.gain, Simulation::of(&paths, !twins).gain);
        let study = simulator.study(0).unwrap();
        assert_eq!((found.start, found.end), (simulator.config().start, study.span.1));
        near(found.uma_risk_aversion, 33.0, "risk aversion of UMA");
        let aversion = |arm: &str| study.arm(arm).unwrap().risk_aversion;
        near(aversion("uma"), 33.0, "of UMA's run");
        near(aversion("sma"), config.trading.risk_aversion, "of SMA's run");
    }
}
