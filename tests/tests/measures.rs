//! What is measured of whole runs: sleeves add up to the portfolio, parts to their whole, lists to their sums.

use unisleeve_core::study::{ArmSummary, Scope, Study, Summary, study, summary};
use unisleeve_core::units::Money;
use unisleeve_tests::markets::Synthetic;

const MARKET: Synthetic = Synthetic { seed: 9, stocks: 12, end: "2004-06-30", dividends: true };

fn run() -> (Study, Summary) {
    let (config, market) = (MARKET.config(0.6), MARKET.market());
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
            // A security's value is rounded on its own in the one, with its sleeve in the other.
            assert!((sum + mark.cash - mark.value).abs() < Money::from_raw(40), "{} {}", arm.name, mark.date);
            for (m, b) in day.iter().zip(&mut before) {
                earned += m.value - m.net - m.cost + m.income - *b;
                *b = m.value;
            }
        }
        // What the sleeves earned is what the portfolio did beyond the client's and the tax authority's flows.
        let last = journal.marks.last().expect("a session");
        let flows: Money = journal.marks.iter().map(|m| m.flow - m.tax_paid).sum();
        assert!(
            (last.value - flows - earned).abs() < Money::ONE,
            "{}: {} {earned}",
            arm.name,
            last.value - flows
        );
        assert_eq!(journal.rebalancings.first(), Some(&journal.marks[0].date), "{}", arm.name);
        assert_eq!(journal.rebalancings, study.arms[0].result.journal.rebalancings, "{}", arm.name);
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

#[test]
fn figures_are_where_they_must_be() {
    let (_, summary) = run();
    for (name, arm) in &summary.arms {
        let m = &arm.measures;
        let whole = m.tracking_error_ex_post.unwrap();
        for s in &m.sleeves {
            let te =
                s.tracking_error_ex_post.unwrap_or_else(|| panic!("{name} {}: no tracking error", s.sleeve));
            assert!((0.0..0.2).contains(&te), "{name} {}: {te}", s.sleeve);
            let te = s.tracking_error_ex_ante.unwrap();
            assert!((0.0..0.2).contains(&te), "{name} {}: {te} ex ante, {whole} in all", s.sleeve);
        }
        for d in &m.drift {
            let (mean, most) = (d.average_found.unwrap(), d.largest_found.unwrap());
            assert!(mean <= most && most < 0.5, "{name} {}: {d:?}", d.asset_class);
            assert!(d.average_left.unwrap() <= d.largest_left.unwrap());
        }
        // Accrued tax, and what is sold at the end, cost something or nothing in a rising market.
        let w = m.money_weighted_return;
        let (pre, kept, sold) = (
            w.pre_tax.unwrap(),
            w.after_tax_before_liquidation.unwrap(),
            w.after_tax_after_liquidation.unwrap(),
        );
        assert!(sold <= kept, "{name}");
        assert!((pre - m.pre_tax_return.unwrap()).abs() < 0.02 && (kept - pre).abs() < 0.02, "{name}: {w:?}");
        assert!(
            m.after_tax_return_after_liquidation.unwrap() <= m.after_tax_return_before_liquidation.unwrap()
        );
        let sec = m.sec_returns;
        assert!((sec.ordinary_rate, sec.long_rate) == (0.37, 0.2), "{name}");
        assert!(sec.pre_liquidation.unwrap() < m.pre_tax_return.unwrap(), "{name}: dividends are taxed");
        assert!((sec.post_liquidation.unwrap() - sec.pre_liquidation.unwrap()).abs() < 0.03, "{name}");
        let cash = m.cash_drag.unwrap();
        assert!((0.0..0.2).contains(&cash.average_weight), "{name}: {cash:?}");
        assert!((0.0..=1.0).contains(&m.active_share_at_end.unwrap()), "{name}");
    }
}
