use unisleeve_core::mandates::{ArmKind, WorkloadConfig, sample_config};
use unisleeve_core::study::difference::{DifferenceRow, Ending, Verdict};
use unisleeve_core::study::measure::Work;
use unisleeve_core::study::simulate::Paired;

use super::chart::{setup_effects, waterfall};
use super::table::{blocks, said};
use super::text::text;
use crate::render::format::TERMINAL;
use crate::render::setups::Setups;

/// Rows whose parts add up. Each setup and ending has figures of its own.
pub(crate) fn made_up() -> Vec<DifferenceRow<f64>> {
    let mut rows = Vec::new();
    for (i, kind) in ArmKind::SEPARATE.into_iter().enumerate() {
        for (j, ending) in Ending::ALL.into_iter().enumerate() {
            let size = (1 + 2 * i + j) as f64;
            let [tax, fees, costs] = [1_000.0 * size, -300.0, 40.0 * size];
            let [cash, classes, names] = [200.0 * size, -2_500.0, 700.0 * size];
            let setup = tax + fees + costs;
            rows.push(DifferenceRow {
                against: kind.as_str(),
                ending,
                total: setup + cash + classes + names,
                setup,
                tax,
                fees,
                costs,
                cash,
                classes,
                names,
                unpaid: 0.0,
                risk: -60.0,
                bp_a_year: 2.5 * size,
                setup_interval: None,
                verdict_code: Verdict::OnePath,
                verdict: format!("Verdict {i}."),
            });
        }
    }
    rows
}

/// The same over three paths, which differ by a factor.
fn over_paths() -> Vec<DifferenceRow<Paired>> {
    let paired = |x: f64| Paired::of(&[0.5 * x, x, 1.5 * x], false).unwrap();
    let over = |r: &DifferenceRow<f64>| DifferenceRow {
        against: r.against,
        ending: r.ending,
        total: paired(r.total),
        setup: paired(r.setup),
        tax: paired(r.tax),
        fees: paired(r.fees),
        costs: paired(r.costs),
        cash: paired(r.cash),
        classes: paired(r.classes),
        names: paired(r.names),
        unpaid: paired(r.unpaid),
        risk: paired(r.risk),
        bp_a_year: paired(r.bp_a_year),
        setup_interval: Some([-10.0, 2_000.0]),
        verdict_code: Verdict::Benefit,
        verdict: r.verdict.clone(),
    };
    made_up().iter().map(over).collect()
}

fn setups() -> Setups {
    Setups::of(&sample_config())
}

/// A table's cells as numbers, by the names of its lines.
fn cells(lines: &[super::table::Line], name: &str) -> Vec<f64> {
    let line = lines.iter().find(|l| l.name == name).unwrap_or_else(|| panic!("no line {name}"));
    line.cells.iter().map(|c| c.replace(',', "").parse().unwrap()).collect()
}

#[test]
fn the_lines_add_up_to_the_setup_effect_and_to_the_total() {
    for block in blocks(&made_up(), TERMINAL) {
        let of = |name: &str| cells(&block.lines, name);
        for column in 0..3 {
            let sum = |names: &[&str]| names.iter().map(|n| of(n)[column]).sum::<f64>();
            let setup = of("Setup effect")[column];
            assert!((setup - sum(&["tax", "fees", "trading costs"])).abs() < 1e-9);
            let total = sum(&["Setup effect", "Idle cash", "Asset classes", "Names"]);
            assert!((of("Total")[column] - total).abs() < 1e-9);
        }
        assert!(block.lines.iter().all(|l| l.name != "Not paid out" && l.name != "95% interval"));
    }
    let mut short = made_up();
    short[0].unpaid = 5.0;
    assert_eq!(cells(&blocks(&short, TERMINAL)[0].lines, "Not paid out"), [5.0, 0.0, 0.0]);
}

#[test]
fn paths_add_the_interval_the_share_and_the_worst_tenth() {
    let block = &blocks(&over_paths(), TERMINAL)[0];
    let line = |name: &str| &block.lines.iter().find(|l| l.name == name).unwrap().cells[0];
    assert_eq!(line("95% interval"), "-10 to +2,000");
    assert_eq!(line("share of futures above zero"), "100%");
    assert_eq!(line("mean of the worst tenth"), "+370");
    assert_eq!(
        said(&over_paths(), setups(), TERMINAL).iter().map(|s| s.side).collect::<Vec<_>>(),
        ["uma"; 3]
    );
    assert_eq!(said(&made_up(), setups(), TERMINAL).iter().map(|s| s.side).collect::<Vec<_>>(), ["open"; 3]);
}

#[test]
fn the_text_says_the_verdicts_first_then_figures_then_work() {
    let config = WorkloadConfig { hourly_rate: Some(100.0), ..WorkloadConfig::default() };
    let works: Vec<Work> = ArmKind::COMPARED
        .into_iter()
        .map(|k| Work::new(k.as_str(), [10.0, 2.0, 1.0, 40.0], &config))
        .collect();
    let text = text(&made_up(), &works, setups(), "one path");
    let places: Vec<usize> = [
        "UMA against SMA, best: Verdict 0.",
        "UMA against SMA, diligent: Verdict 1.",
        "UMA against SMA, typical: Verdict 2.",
        "better practice",
        "Everything sold at the end",
        "Nothing sold at the end",
        "Work, not charged",
    ]
    .iter()
    .map(|part| text.find(part).unwrap_or_else(|| panic!("{part} is missing:\n{text}")))
    .collect();
    assert!(places.is_sorted(), "{text}");
    // 10 tasks of 18 minutes at $100 an hour.
    assert!(text.lines().any(|l| l.contains("Hours, dollars") && l.matches(" 300").count() == 4), "{text}");
    assert_eq!(super::text::text::<f64>(&[], &[], setups(), ""), "");
}

/// Each bar starts where the one before ended. The setup effect and the total start at zero and end there
/// too.
#[test]
fn the_bars_add_up() {
    let chart = waterfall(&made_up(), Ending::Liquidated, setups());
    assert_eq!(chart.groups.len(), 3);
    for (name, rows) in &chart.groups {
        let mut at = 0.0;
        for row in rows {
            if matches!(row.name.as_str(), "Setup effect" | "Total") {
                assert!(row.from == 0.0 && (row.value - at).abs() < 1e-9, "{name}: {}", row.name);
            } else {
                assert!((row.from - at).abs() < 1e-9, "{name}: {}", row.name);
                at += row.value;
            }
        }
    }
    let effects = setup_effects(&over_paths(), Ending::Liquidated, setups());
    assert!(effects.groups.iter().all(|(_, rows)| rows[0].range == Some((-10.0, 2_000.0))));
}
