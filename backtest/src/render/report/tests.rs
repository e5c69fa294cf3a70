use unisleeve_core::books::journal::Mark;
use unisleeve_core::mandates::{Config, sample_config};
use unisleeve_core::market::{Market, unpack};
use unisleeve_core::study::measure::{active_weights_at_end, drawdowns, largest_drawdown, tax_alpha_by_year};
use unisleeve_core::study::{Difference, Scope, Study, Summary, study, summary};
use unisleeve_core::units::Money;

use super::render;
use crate::readers::{Finding, FindingKind, sentences};
use crate::render::difference::tests::made_up;
use crate::render::format::percent;
use crate::studies::full_summary::FullSummary;

/// Two years of the sample.
fn sample(change: impl Fn(&mut Config)) -> (Study, Summary) {
    let panel = unpack(include_bytes!("../../../sample/sample.bin")).expect("the sample unpacks");
    let market = Market::new(panel).expect("the sample is a market");
    let start = chrono::NaiveDate::from_ymd_opt(2015, 1, 2).unwrap_or_default();
    let mut config = Config { start, ..sample_config() };
    change(&mut config);
    let study = study(&config, &market, Scope::EqualGamma, &mut |_| ()).expect("the sample runs");
    let mut summary = summary(&study, &config, &market, &[]);
    summary.difference = made_up();
    (study, summary)
}

fn full(summary: &Summary) -> FullSummary {
    FullSummary { study: summary.clone(), ladder: None, vintages: None }
}

fn html(study: &Study, summary: &Summary, notes: &[String]) -> String {
    render(study, &full(summary), notes, &[]).expect("the template renders")
}

#[test]
fn nothing_is_fetched_and_nothing_runs() {
    let (study, summary) = sample(|_| ());
    let html = html(&study, &summary, &[]);
    for reference in ["http:", "https:", "src=", "url(", "@import", "<script", "<iframe", "xlink"] {
        assert!(!html.contains(reference), "{reference} in the report");
    }
    let within = html.matches("href=\"#").count();
    assert_eq!(html.matches("href=").count(), within + html.matches("href=\"data:,\"").count());
    for place in html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(html.contains(&format!("id=\"{place}\"")), "#{place} leads nowhere");
    }
}

#[test]
fn names_and_notes_are_text() {
    let (study, summary) = sample(|c| c.policy[0].name = "<script>alert(1)</script>".to_owned());
    let html = html(&study, &summary, &["<img onerror=x>".to_owned()]);
    assert!(html.contains("&lt;script&gt;alert(1)"), "the name is shown");
    assert!(!html.contains("<script") && !html.contains("<img"), "the name opened a tag");
}

#[test]
fn every_arm_and_every_chart_is_there() {
    let (study, summary) = sample(|_| ());
    let html = html(&study, &summary, &["A note.".to_owned()]);
    for text in [
        "What one manager is worth",
        "Setup effect against SMA, typical",
        "Shadow portfolio",
        "stocks transferred in stay",
        "A note.",
        "2 January 2015 to 30 December 2016 (2.0 years)",
    ] {
        assert!(html.contains(text), "{text} is missing");
    }
    assert_eq!(html.matches("<figure").count(), 18);
    assert_eq!(html.matches("figures\" tabindex").count(), 19, "each chart has its table, and the work one");
    assert_eq!(html.matches("role=\"img\"").count(), 36, "each chart is drawn wide and narrow");
    for hash in [&summary.config_hash, &summary.data_hash, &summary.result_hash] {
        assert!(html.contains(hash.as_str()), "{hash} is missing");
    }
}

#[test]
fn every_ending_is_there_with_its_assumptions() {
    let (study, summary) = sample(|c| {
        c.ending.donee_long = Some(0.15);
        c.ending.charity_share = unisleeve_core::units::Rate::from_raw(250_000);
    });
    let html = html(&study, &summary, &[]);
    let section = html.split("id=\"endings\"").nth(1).and_then(|s| s.split("</section>").next()).unwrap();
    for name in
        ["Kept", "Sold at flat rates", "Sold through the brackets", "Left at death", "Given to a person"]
    {
        assert!(section.contains(&format!("<dt>{name}</dt>")), "{name} is not explained");
    }
    assert_eq!(section.matches("<td>").count(), 1 + 10 * summary.arm_order.len(), "ten figures for each arm");
    for said in
        ["sells the same day at 40.8% short-term and 15% long-term", "25% of the value in kind", "less 0.5%"]
    {
        assert!(section.contains(said), "{said}");
    }
}

/// Every part of the portfolio has its rows, and the name of an asset class is escaped.
#[test]
fn the_measures_of_every_arm_are_there() {
    let (study, mut summary) = sample(|c| c.policy[0].asset_class = "<b>stocks</b>".to_owned());
    let page = html(&study, &summary, &[]);
    let section = |page: &str, id: &str| -> String {
        let mark = format!("<h2 id=\"{id}\">");
        page.split(&mark).nth(1).and_then(|s| s.split("</section>").next()).unwrap_or_default().to_owned()
    };
    let arms = summary.arm_order.len();
    let cells = |s: &str| s.matches("<td>").count() - 1;
    assert_eq!(cells(&section(&page, "returns")), 20 * arms);
    assert_eq!(cells(&section(&page, "workload")), 4 * arms);
    let drift = section(&page, "risk");
    assert!(drift.contains("&lt;b&gt;stocks&lt;") && !drift.contains("<b>"), "a class opened a tag");
    assert_eq!(cells(&section(&page, "sleeves")), 2 * summary.config.policy.len() * arms);
    assert!(section(&page, "returns").contains("highest federal rates, 37% and 20%"));
    for arm in summary.arms.values_mut() {
        arm.tax_alpha_split = None;
        arm.tax_savings = None;
        arm.measures.cash_drag = None;
    }
    let page = html(&study, &summary, &[]);
    assert!(section(&page, "returns").matches("<td>–</td>").count() >= 12 * arms, "no dash");
}

#[test]
fn what_is_not_defined_is_a_dash_and_never_nan() {
    let (mut study, mut summary) = sample(|_| ());
    for arm in summary.arms.values_mut() {
        arm.measures.pre_tax_return = None;
        arm.measures.tracking_error_ex_post = None;
        arm.measures.turnover = Some(f64::NAN);
        arm.worst_gap = None;
        arm.tax_alpha_before_liquidation = None;
    }
    if let Some(h) = summary.headline.as_mut() {
        h.pre_tax_return = None;
        h.tax_alpha_after_liquidation =
            Some(Difference { value: f64::NAN, middle_run: 0.0, low: 0.0, high: f64::INFINITY });
        h.tracking_error = (None, None);
    }
    for arm in &mut study.arms {
        arm.result.journal.marks.iter_mut().for_each(|m: &mut Mark| m.te_ex_ante = f64::NAN);
    }
    let html = html(&study, &summary, &[]);
    assert!(!html.contains("NaN") && !html.contains("inf<"), "a figure that is not a number is shown");
    let row =
        html.split("Worst certified gap").nth(1).and_then(|r| r.split("</tr>").next()).unwrap_or_default();
    assert_eq!(row.matches("<td>–</td>").count(), summary.arm_order.len());
    assert!(html.contains("UMA –, SMA – a year"));
}

#[test]
fn a_study_without_arms_still_renders() {
    let (mut study, mut summary) = sample(|_| ());
    study.arms.clear();
    summary.arms.clear();
    summary.arm_order.clear();
    summary.headline = None;
    summary.difference.clear();
    assert!(html(&study, &summary, &[]).contains("UMA and SMA did not both run"));
}

#[test]
fn whoever_is_ahead_is_named() {
    let (study, mut summary) = sample(|_| ());
    let both =
        |value: f64| Some(Difference { value, middle_run: value, low: value - 10.0, high: value + 10.0 });
    for (value, said) in [
        (1_234.0, "UMA is $1,234 ahead of SMA"),
        (-1_234.0, "SMA is $1,234 ahead of UMA"),
        (0.0, "UMA and SMA are level"),
    ] {
        if let Some(h) = summary.headline.as_mut() {
            (h.wealth_before_liquidation, h.wealth_after_liquidation) = (both(value), both(value));
        }
        assert_eq!(html(&study, &summary, &[]).matches(said).count(), 2, "{said}");
    }
}

#[test]
fn a_range_is_shown_only_where_there_is_one() {
    let (study, mut summary) = sample(|_| ());
    assert!(!html(&study, &summary, &[]).contains("class=\"range\""), "no neighbors ran");
    if let Some(h) = summary.headline.as_mut() {
        h.wealth_before_liquidation = Some(Difference { value: 5.0, middle_run: 5.0, low: -5.0, high: 5.0 });
    }
    let html = html(&study, &summary, &[]);
    for said in [
        "range \u{2212}$5 to +$5",
        "No neighboring run is more favorable to UMA",
        "who is ahead there is not settled",
    ] {
        assert!(html.contains(said), "{said}");
    }
}

#[test]
fn arms_that_paid_different_amounts_are_said_to() {
    let (study, mut summary) = sample(|_| ());
    let said = [
        "what was paid out included",
        "The two paid out different amounts: UMA $100, SMA $90",
        "Paid out before",
    ];
    let plain = html(&study, &summary, &[]);
    for said in said {
        assert!(!plain.contains(said), "both paid the same: {said}");
    }
    let paid = [("uma", 100), ("sma", 90)].map(|(arm, x)| (arm, Money::whole(x)));
    for (arm, dollars) in paid {
        summary.arms.get_mut(arm).unwrap().measures.paid_out = dollars;
    }
    if let Some(h) = summary.headline.as_mut() {
        h.paid_out = (paid[0].1, paid[1].1);
    }
    let html = html(&study, &summary, &[]);
    assert!(said.iter().all(|s| html.contains(s)), "{said:?}");
}

#[test]
fn flows_outside_the_span_are_not_told() {
    let (study, summary) = sample(|_| ());
    let html = html(&study, &summary, &[]);
    assert!(html.contains("takes out $60,000 a year from 2015 on") && !html.contains("pays in"));
}

/// The text of a chart's figure; the chart is found by the start of its title.
fn figure<'a>(html: &'a str, title: &str) -> &'a str {
    let found = html.split("<figure>").find(|f| f.contains(&format!("<h3>{title}")));
    found.and_then(|f| f.split("</figure>").next()).unwrap_or_default()
}

#[test]
fn tables_say_what_the_measures_say() {
    let (study, summary) = sample(|_| ());
    let html = html(&study, &summary, &[]);
    let (uma, shadow) = (study.arm("uma").unwrap(), study.arm("shadow").unwrap());
    let years = tax_alpha_by_year(&uma.result.journal.marks, &shadow.result.journal.marks);
    let chart = figure(&html, "Tax alpha before liquidation");
    assert_eq!(years.len(), 2);
    for y in &years {
        let cell = format!("<th scope=\"row\">{}</th><td>{}</td>", y.year, percent(y.tax_alpha, 2));
        assert!(chart.contains(&cell), "{cell}");
    }
    let total = percent(uma.tax_alpha.unwrap().before_liquidation, 2);
    assert!(chart.contains(&format!("<th scope=\"row\">Whole span, a year</th><td>{total}</td>")));
    let fall = largest_drawdown(&drawdowns(&uma.result.journal.marks)).unwrap();
    assert!(figure(&html, "Largest fall").contains(&format!("UMA {}", percent(Some(fall.depth), 1))));
    let last = study.bench.market.sessions(study.span.0, study.span.1).last().unwrap();
    let weights = active_weights_at_end(&uma.result, &last);
    let top = weights[0].weights.last().unwrap();
    let written = format!("<td>{}</td><td>{}</td>", percent(Some(top.held), 2), percent(Some(top.index), 2));
    assert!(figure(&html, "Active weights of UMA").contains(&written), "{written}");
}

#[test]
fn an_arm_without_a_shadow_has_no_tax_alpha_by_year() {
    let (mut study, summary) = sample(|_| ());
    study.arms.retain(|a| a.name != "shadow");
    let html = html(&study, &summary, &[]);
    assert!(figure(&html, "Tax alpha before liquidation").is_empty() && !html.contains("NaN"));
}

#[test]
fn faults_of_the_data_are_told_once_by_kind() {
    let (study, summary) = sample(|_| ());
    let finding = |symbol: &str| Finding {
        kind: FindingKind::Delisting,
        symbol: symbol.to_owned(),
        from: study.span.0.succ_opt(),
        to: study.span.0.succ_opt(),
        count: 1,
        detail: String::new(),
    };
    let findings: Vec<Finding> = ["AAA", "<b>", "CCC", "DDD", "EEE", "FFF"].map(finding).to_vec();
    let notes = [sentences(&findings), vec!["A note.".to_owned()]].concat();
    let html = render(&study, &full(&summary), &notes, &findings).expect("the template renders");
    let faults = html.split("<h3>Data faults").nth(1).unwrap_or_default();
    assert!(faults.contains("<td>6</td><th scope=\"row\">Securities whose prices end early</th>"));
    assert!(
        faults.contains("<span>AAA (2015-01-03),</span> <span>&lt;b&gt; (2015-01-03),</span>")
            && faults.contains("and 1 more")
    );
    assert!(faults.contains(FindingKind::Delisting.treatment()) && faults.contains("data_faults.csv"));
    assert!(!html.contains(&notes[0]) && html.contains("A note."), "the same faults are told twice");
}
