//! Measures of whole runs: sleeves add up to the portfolio, parts to their total, lists to their sums.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use unisleeve_core::books::journal::{Mark, Side, SleeveMark, TaxYearRow};
use unisleeve_core::study::{ArmSummary, Scope, Study, Summary, study, summary};
use unisleeve_core::tax::Law;
use unisleeve_core::units::{Money, SecurityId};
use unisleeve_tests::markets::Synthetic;

const MARKET: Synthetic = Synthetic { seed: 9, stocks: 12, end: "2004-06-30", dividends: true };

fn run() -> (Study, Summary) {
    let (mut config, market) = (MARKET.config(0.6), MARKET.market());
    // Inflation makes the law differ from year to year.
    config.tax.inflation = 0.03;
    let study = study(&config, &market, Scope::EqualGamma, &mut |_| {}).expect("the study runs");
    let summary = summary(&study, &config, &market, &[]);
    (study, summary)
}

#[test]
fn sleeves_and_cash_are_the_portfolio() {
    let (study, _) = run();
    for arm in &study.arms {
        let journal = &arm.result.journal;
        let sleeves = arm.result.setup.phases[0].sleeves.len();
        assert_eq!(journal.sleeve_marks.len(), sleeves * journal.marks.len(), "{}", arm.name);
        let mut before = vec![Money::ZERO; sleeves];
        let mut earned = Money::ZERO;
        for (mark, day) in journal.marks.iter().zip(journal.sleeve_marks.chunks(sleeves)) {
            assert!(day.iter().all(|m| m.date == mark.date));
            let sum: Money = day.iter().map(|m| m.value).sum();
            // A security's value is rounded on its own in one sum and with its sleeve in the other.
            assert!((sum + mark.cash - mark.value).abs() < Money::from_raw(40), "{} {}", arm.name, mark.date);
            for (m, b) in day.iter().zip(&mut before) {
                earned += m.value - m.net - m.cost + m.income - *b;
                *b = m.value;
            }
        }
        // The sleeves' earnings equal the portfolio's change beyond flows of the client and the tax
        // authority.
        let last = journal.marks.last().expect("a session");
        let flows: Money = journal.marks.iter().map(|m| m.flow - m.tax_paid).sum();
        assert!(
            (last.value - flows - earned).abs() < Money::ONE,
            "{}: {} {earned}",
            arm.name,
            last.value - flows
        );
        assert_eq!(journal.rebalancings.first(), Some(&journal.marks[0].date), "{}", arm.name);
        // Separate managers have calendars of their own.
        if !arm.result.setup.kind.is_separate() {
            assert_eq!(journal.rebalancings, study.arms[0].result.journal.rebalancings, "{}", arm.name);
        }
    }
}

#[test]
fn parts_are_the_whole() {
    let (study, summary) = run();
    for (name, arm) in &summary.arms {
        let ArmSummary { measures: m, tax_alpha_split, tax_savings, .. } = arm;
        let x = tax_alpha_split.expect("the shadow ran");
        let parts = [x.harvest, x.deferral, x.character, x.income, x.carried, x.household];
        let rates: f64 = parts.iter().map(|p| p.rate).sum();
        assert!((rates + x.linking - arm.tax_alpha_before_liquidation.unwrap()).abs() < 1e-12, "{name}");
        let saved = tax_savings.expect("the shadow ran");
        let dollars: f64 = parts.iter().map(|p| p.dollars).sum();
        assert!((dollars - saved.total.to_f64()).abs() < 1e-6, "{name}: {dollars} {}", saved.total);
        assert!(x.linking.abs() < 0.005, "{name}: linking {}", x.linking);
        let harvested: Money = m.harvest_yield.iter().map(|y| y.losses).sum();
        assert_eq!(harvested, m.losses_harvested, "{name}");
        assert_eq!(m.harvest_yield.len(), 3, "{name}: two years and a part");
        let realized: Money = m.realized_by_year.iter().map(|y| y.net_short + y.net_long).sum();
        assert_eq!(realized, m.gains_realized - m.losses_harvested, "{name}");
    }
    let shadow = &summary.arms["shadow"];
    let none = shadow.tax_alpha_split.expect("the shadow ran");
    assert_eq!((none.harvest.dollars, none.household.dollars, none.linking), (0.0, 0.0, 0.0));
    assert_eq!(shadow.tax_savings.map(|s| s.total), Some(Money::ZERO));
    assert_eq!(study.arms.len(), summary.arms.len());
}

fn near(found: Option<f64>, expected: f64, what: &str) {
    let found = found.unwrap_or_else(|| panic!("{what}: none for {expected}"));
    assert!((found - expected).abs() < 1e-9 * expected.abs().max(1.0), "{what}: {found} for {expected}");
}

fn deviation(x: &[f64]) -> f64 {
    let (n, sum) = (x.len() as f64, x.iter().sum::<f64>());
    let squares: f64 = x.iter().map(|x| x * x).sum();
    ((squares - sum * sum / n) / (n - 1.0)).sqrt()
}

/// Returns, tracking errors, cash and turnover of whole runs, recomputed from the marks.
#[test]
fn figures_follow_from_the_marks() {
    let (study, _) = run();
    for arm in &study.arms {
        let (name, m, journal) = (arm.name, &arm.measures, &arm.result.journal);
        let marks = &journal.marks;
        let (first, last) = (marks.first().unwrap(), marks.last().unwrap());
        let years = (last.date - first.date).num_days() as f64 / 365.25;
        let dollars = |x: Money| x.to_f64();
        let (mut pre, mut after, mut active) = (1.0, 1.0, Vec::new());
        for d in marks.windows(2) {
            let earned = dollars(d[1].value) - dollars(d[1].flow) + dollars(d[1].tax_paid);
            let r = earned / dollars(d[0].value) - 1.0;
            active.push(r - d[1].benchmark_return);
            pre *= 1.0 + r;
            let wealth = |i: usize| dollars(d[i].value) - dollars(d[i].accrued_tax);
            after *= (wealth(1) - dollars(d[1].flow)) / wealth(0);
        }
        let a_year = |growth: f64| libm::pow(growth, 1.0 / years) - 1.0;
        near(m.pre_tax_return, a_year(pre), "pre-tax return");
        near(m.after_tax_return_before_liquidation, a_year(after), "after-tax return");
        let kept = dollars(last.value) - dollars(last.accrued_tax);
        let sold = kept - dollars(m.liquidation.tax);
        near(m.after_tax_return_after_liquidation, a_year(after * sold / kept), "after a sale");
        near(m.tracking_error_ex_post, deviation(&active) * 252.0_f64.sqrt(), "tracking error");
        let n = marks.len() as f64;
        near(m.tracking_error_ex_ante, marks.iter().map(|m| m.te_ex_ante).sum::<f64>() / n, "ex ante");

        // Contributions grow at this rate to the final value.
        let grown = |rate: Option<f64>, with_tax: bool| -> f64 {
            let g = 1.0 + rate.unwrap();
            let flow = |m: &Mark| dollars(m.flow) - if with_tax { dollars(m.tax_paid) } else { 0.0 };
            marks
                .iter()
                .map(|m| flow(m) * libm::pow(g, (last.date - m.date).num_days() as f64 / 365.25))
                .sum()
        };
        let w = m.money_weighted_return;
        near(Some(grown(w.pre_tax, true)), dollars(last.value), "money-weighted");
        near(Some(grown(w.after_tax_before_liquidation, false)), kept, "money-weighted, kept");
        near(Some(grown(w.after_tax_after_liquidation, false)), sold, "money-weighted, sold");

        let cash = m.cash_drag.unwrap();
        let weight = |m: &Mark| dollars(m.cash) / dollars(m.value);
        near(Some(cash.average_weight), marks.iter().map(weight).sum::<f64>() / n, "cash");
        let forgone: f64 = marks.windows(2).map(|d| weight(&d[0]) * d[1].benchmark_return).sum();
        near(Some(cash.cost), forgone / years, "cash drag");
        let traded = |side: Side| -> f64 {
            journal.trades.iter().filter(|t| t.side == side).map(|t| dollars(t.amount)).sum()
        };
        let average = marks.iter().map(|m| dollars(m.value)).sum::<f64>() / n;
        near(m.turnover, traded(Side::Buy).min(traded(Side::Sell)) / average / years, "turnover");
        let sec = m.sec_returns;
        assert!((sec.ordinary_rate, sec.long_rate) == (0.37, 0.2), "{name}");
        assert!(sec.pre_liquidation.unwrap() < m.pre_tax_return.unwrap(), "{name}: dividends are taxed");
    }
}

/// Tracking errors of sleeves, drift of classes and active share, recomputed from the sleeves' marks and the
/// lots.
#[test]
fn figures_follow_from_the_sleeves() {
    let (study, _) = run();
    for arm in &study.arms {
        let (name, m, journal) = (arm.name, &arm.measures, &arm.result.journal);
        let specs = &arm.result.setup.phases[0].sleeves;
        for (s, (spec, found)) in specs.iter().zip(&m.sleeves).enumerate() {
            let marks: Vec<_> = journal.sleeve_marks.iter().filter(|m| m.sleeve.index() == s).collect();
            let mut active = Vec::new();
            // A sleeve that holds nothing yet has no return.
            for d in marks.windows(2).filter(|d| d[0].value.is_positive()) {
                let earned = (d[1].value - d[1].net - d[1].cost + d[1].income).to_f64();
                active.push(earned / d[0].value.to_f64() - 1.0 - d[1].index_return.unwrap());
            }
            assert_eq!(found.sleeve, spec.name, "{name}");
            near(found.tracking_error_ex_post, deviation(&active) * 252.0_f64.sqrt(), &found.sleeve);
        }
        assert_eq!(m.sleeves.len(), specs.len(), "{name}");

        // Drift left on a rebalancing day: the class's share of the value minus its weight.
        for class in &m.drift {
            let weight: f64 =
                specs.iter().filter(|s| s.asset_class == class.asset_class).map(|s| s.weight).sum();
            let drift = |date: &NaiveDate| {
                let of_class = |m: &&SleeveMark| {
                    m.date == *date && specs[m.sleeve.index()].asset_class == class.asset_class
                };
                let held: f64 = journal.sleeve_marks.iter().filter(of_class).map(|m| m.value.to_f64()).sum();
                let value = journal.marks.iter().find(|m| m.date == *date).unwrap().value.to_f64();
                (held / value - weight).abs()
            };
            let all: Vec<f64> = journal.rebalancings.iter().map(drift).collect();
            near(class.average_left, all.iter().sum::<f64>() / all.len() as f64, &class.asset_class);
            near(class.largest_left, all.iter().copied().fold(0.0, f64::max), &class.asset_class);
            assert!(class.average_found.unwrap() <= class.largest_found.unwrap(), "{name}: {class:?}");
        }

        // Active share: half of the sum of absolute differences from the policy mix, cash included.
        let view = study.bench.market.sessions(study.span.1, study.span.1).next().unwrap();
        let end = journal.marks.last().unwrap();
        let mut apart: BTreeMap<SecurityId, f64> = BTreeMap::new();
        for (security, lot) in &arm.result.lots {
            let dollars = lot.quantity.to_f64() * view.last_close(*security).unwrap().to_f64();
            *apart.entry(*security).or_default() += dollars / end.value.to_f64();
        }
        for spec in specs {
            for (security, weight) in view.index_weights(spec.index.unwrap()) {
                *apart.entry(security).or_default() -= spec.weight * weight;
            }
        }
        let cash = end.cash.to_f64() / end.value.to_f64();
        let share = 0.5 * (apart.values().map(|x| x.abs()).sum::<f64>() + cash);
        let found = m.active_share_at_end.unwrap();
        assert!((found - share).abs() < 1e-7, "{name}: {found} for {share}");
    }
}

/// An ending enters the return of the last year, with that year's law, income and carryforwards.
#[test]
fn endings_rest_on_the_last_year() {
    let (study, summary) = run();
    let tax = &summary.config.tax;
    let law = Law::of(tax.year, tax.status).unwrap();
    assert!(study.bench.terms.endings.law == law.indexed(tax.inflation, 2), "2002, and two years on");
    for arm in &study.arms {
        let (years, endings) = (&arm.result.journal.tax_years, &arm.measures.endings);
        assert_eq!(years.iter().map(|y| y.year).collect::<Vec<_>>(), [2002, 2003, 2004], "{}", arm.name);
        let carried = (endings.carried_in.short, endings.carried_in.long);
        assert_eq!(carried, (years[1].carry_short, years[1].carry_long), "{}", arm.name);
        let income = endings.income;
        assert_eq!(
            (income.net_short, income.net_long),
            (years[2].net_short, years[2].net_long),
            "{}",
            arm.name
        );
        assert_eq!(
            (income.qualified, income.ordinary, income.interest),
            (years[2].dividends_qualified, years[2].dividends_ordinary, years[2].interest),
            "{}",
            arm.name
        );
    }
    let carries = |y: &TaxYearRow| (y.carry_short, y.carry_long);
    let differ = study
        .arms
        .iter()
        .any(|a| carries(&a.result.journal.tax_years[1]) != carries(&a.result.journal.tax_years[2]));
    assert!(differ, "carries that are alike in both years tell nothing");
}

/// The policy mix holds each sleeve's index at its weight. It drifts with returns and is rebalanced on the
/// calendar's days. In dollars it also receives the client's contributions.
#[test]
fn the_policy_mix_follows_its_indices() {
    let (study, _) = run();
    for arm in &study.arms {
        let (journal, sleeves) = (&arm.result.journal, &arm.result.setup.phases[0].sleeves);
        let policy: Vec<f64> = sleeves.iter().map(|s| s.weight).collect();
        let (mut dollars, mut value) = (policy.clone(), 0.0);
        let views: Vec<_> = study.bench.market.sessions(study.span.0, study.span.1).collect();
        for (i, (mark, view)) in journal.marks.iter().zip(&views).enumerate() {
            if i > 0 {
                let before: f64 = dollars.iter().sum();
                for (d, s) in dollars.iter_mut().zip(sleeves) {
                    *d *= 1.0 + view.index_return(s.index.unwrap()).unwrap();
                }
                let r = dollars.iter().sum::<f64>() / before - 1.0;
                assert!(
                    (mark.benchmark_return - r).abs() < 1e-12,
                    "{} {}: {} for {r}",
                    arm.name,
                    mark.date,
                    mark.benchmark_return
                );
                value *= 1.0 + r;
            }
            // The mix is the same for every arm, whatever the calendars of its managers.
            if study.arms[0].result.journal.rebalancings.contains(&mark.date) {
                dollars.clone_from(&policy);
            }
            value += mark.flow.to_f64();
            assert!((mark.benchmark_value - value).abs() < 1e-6 * value, "{} {}", arm.name, mark.date);
        }
        assert!(journal.rebalancings.len() > 9 && journal.rebalancings.len() < journal.marks.len() / 5);
    }
}
