//! Tests that the audit notices when a single figure of a result is changed.
//!
//! Numbers of summary.json and cells of daily.csv and `class_weights.csv` are changed one at a time, by 1%,
//! or by 1 where they are zero, tiny or a small integer. Every change must be noticed, or concern a figure that
//! the audit says it does not check.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::Path;

use clap::Parser;
use unisleeve_core::units::Money;

use super::arm::Outcome;
use super::classes::check_classes;
use super::difference::Parts;
use super::facts::Facts;
use super::figures::{Figures, is_listed};
use super::folder::{Folder, WorkedOut, check_daily, compare};
use super::report::Check;
use super::rows::{ClassRow, DailyRow};
use super::series::Series;
use crate::commands::backtest::{self, BacktestArgs};
use crate::readers::json;

/// A household with other accounts, lots, gifts, fees, a restriction and a closing.
const HOUSEHOLD: &str = include_str!("../../../tests/command/household.toml");

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    args: BacktestArgs,
}

/// Uniform integers from a seed (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) % n as u64) as usize
    }
}

/// A number in a JSON text: its path and where it stands.
struct Number {
    path: String,
    range: std::ops::Range<usize>,
}

/// All numbers of a JSON text.
fn numbers(text: &str) -> Vec<Number> {
    let bytes = text.as_bytes();
    // Keys of objects and positions in lists, outermost first.
    let mut steps: Vec<(Option<String>, usize)> = Vec::new();
    let (mut found, mut i) = (Vec::new(), 0);
    while i < bytes.len() {
        match bytes[i] {
            b'{' => steps.push((Some(String::new()), 0)),
            b'[' => steps.push((None, 0)),
            b'}' | b']' => drop(steps.pop()),
            b',' => {
                if let Some((None, at)) = steps.last_mut() {
                    *at += 1;
                }
            }
            b'"' => {
                let from = i + 1;
                i = from;
                while bytes[i] != b'"' {
                    i += if bytes[i] == b'\\' { 2 } else { 1 };
                }
                if let (true, Some((Some(key), _))) =
                    (text[i + 1..].trim_start().starts_with(':'), steps.last_mut())
                {
                    text[from..i].clone_into(key);
                }
            }
            b'-' | b'0'..=b'9' => {
                let length = bytes[i..].iter().take_while(|b| b"+-.eE0123456789".contains(b)).count();
                let mut path = String::new();
                for (key, at) in &steps {
                    match key {
                        Some(key) if path.is_empty() => path.clone_from(key),
                        Some(key) => path = format!("{path}.{key}"),
                        None => path = format!("{path}[{at}]"),
                    }
                }
                found.push(Number { path, range: i..i + length });
                i += length - 1;
            }
            _ => {}
        }
        i += 1;
    }
    found
}

/// A number changed by 1%, or by 1 if it is zero or a small integer.
fn changed(text: &str) -> String {
    if let Ok(n) = text.parse::<i64>() {
        return (n + if n.abs() < 1_000 { 1 } else { n / 100 }).to_string();
    }
    let x: f64 = text.parse().unwrap();
    let is_small = x == 0.0 || (x.abs() < 1_000.0 && x.fract() == 0.0);
    format!("{:?}", if is_small { x + 1.0 } else { x * 1.01 })
}

fn changed_money(m: &mut Money) {
    *m += if m.abs() < Money::whole(100) { Money::ONE } else { m.fraction(1, 100) };
}

fn changed_float(x: &mut f64) {
    // Of a tiny figure, 1% would be lost in rounding.
    *x = if x.abs() <= 1e-6 { *x + 1.0 } else { *x * 1.01 };
}

/// An empty cell becomes a number.
fn changed_cell(x: &mut Option<f64>) {
    changed_float(x.get_or_insert_default());
}

/// A column of daily.csv and how a cell is changed.
type Cell = (&'static str, fn(&mut DailyRow));

const CELLS: [Cell; 13] = [
    ("value", |r| changed_money(&mut r.value)),
    ("cash", |r| changed_money(&mut r.cash)),
    ("accrued_tax", |r| changed_money(&mut r.accrued_tax)),
    ("owed", |r| changed_money(&mut r.owed)),
    ("flow", |r| changed_money(&mut r.flow)),
    ("tax_paid", |r| changed_money(&mut r.tax_paid)),
    ("benchmark_value", |r| changed_float(&mut r.benchmark_value)),
    ("benchmark_return", |r| changed_float(&mut r.benchmark_return)),
    ("te_ex_ante", |r| changed_float(&mut r.te_ex_ante)),
    ("pre_tax_return", |r| changed_cell(&mut r.pre_tax_return)),
    ("fees", |r| changed_money(&mut r.fees)),
    ("costs", |r| changed_money(&mut r.costs)),
    ("expenses", |r| changed_money(&mut r.expenses)),
];

/// The same for `class_weights.csv`.
type ClassCell = (&'static str, fn(&mut ClassRow));

const CLASS_CELLS: [ClassCell; 2] =
    [("weight", |r| changed_cell(&mut r.weight)), ("return", |r| changed_cell(&mut r.earned))];

/// A folder whose arms are worked out once, for many comparisons.
struct Trial {
    read: Folder,
    outcomes: Vec<Outcome>,
    figures: Vec<Figures>,
    classes: Vec<String>,
    series: Vec<Option<Series>>,
    parts: Parts,
}

impl Trial {
    fn new(folder: &Path) -> Self {
        let read = Folder::read(folder).unwrap();
        let (outcomes, checks) = read.replay().unwrap();
        let figures = read.figures(&outcomes).unwrap();
        let (classes, series) = read.series(&outcomes, &figures).unwrap();
        let parts = read.parts(&series);
        let trial = Self { read, outcomes, figures, classes, series, parts };
        for check in &checks {
            assert!(check.mismatches.is_empty(), "{:?}", check.mismatches);
        }
        for arm in 0..trial.read.rows.len() {
            assert_eq!(trial.faults_of_day(arm), Vec::<String>::new());
        }
        let faults = trial.faults(&trial.read.text, &trial.figures);
        assert_eq!(faults, Vec::<String>::new(), "clean before any change");
        trial
    }

    /// Mismatches of summary.json.
    fn faults(&self, text: &str, figures: &[Figures]) -> Vec<String> {
        let Ok(facts) = json::from_bytes::<Facts>(text.as_bytes()) else {
            return vec!["unreadable".to_owned()];
        };
        let arms = self.read.arms.all();
        let mut checks: Vec<Check> = arms.iter().map(|name| Check::new(name)).collect();
        let mut general = Check::new("");
        let worked_out = WorkedOut { outcomes: &self.outcomes, figures, parts: &self.parts };
        if compare(&facts, text, (arms, &worked_out), &mut checks, &mut general).is_err() {
            return vec!["unreadable".to_owned()];
        }
        checks.push(general);
        checks.into_iter().flat_map(|c| c.mismatches).map(|m| format!("{m:?}")).collect()
    }

    /// Mismatches of an arm's rows of daily.csv and `class_weights.csv`.
    fn faults_of_day(&self, arm: usize) -> Vec<String> {
        let mut check = Check::new("");
        let (rows, outcome) = (&self.read.rows[arm], &self.outcomes[arm]);
        check_daily(&self.read.prices, rows, outcome, &mut check);
        if let Some(series) = &self.series[arm] {
            check_classes(&self.classes, (&outcome.marks, series), rows, &mut check);
        }
        check.mismatches.into_iter().map(|m| format!("{m:?}")).collect()
    }

    fn notices_number(&self, number: &Number) -> bool {
        let mut text = self.read.text.clone();
        text.replace_range(number.range.clone(), &changed(&self.read.text[number.range.clone()]));
        !self.faults(&text, &self.figures).is_empty()
    }

    fn notices_cell(&mut self, arm: usize, day: usize, change: fn(&mut DailyRow)) -> bool {
        let old = self.read.rows[arm].daily[day].clone();
        change(&mut self.read.rows[arm].daily[day]);
        let noticed = !self.faults_of_day(arm).is_empty() || {
            let figures = self.read.figures(&self.outcomes).unwrap();
            !self.faults(&self.read.text, &figures).is_empty()
        };
        self.read.rows[arm].daily[day] = old;
        noticed
    }

    fn notices_class(&mut self, arm: usize, row: usize, change: fn(&mut ClassRow)) -> bool {
        let old = self.read.rows[arm].classes[row].clone();
        change(&mut self.read.rows[arm].classes[row]);
        let noticed = !self.faults_of_day(arm).is_empty();
        self.read.rows[arm].classes[row] = old;
        noticed
    }
}

/// Runs a configuration and changes `count` figures of its result.
fn try_changes(config: &str, count: usize) {
    let place = tempfile::tempdir().unwrap();
    let (file, out) = (place.path().join("run.toml"), place.path().join("result"));
    std::fs::write(&file, config).unwrap();
    let command = ["backtest", file.to_str().unwrap(), "--out", out.to_str().unwrap(), "--vintages", "1"];
    backtest::run(&Command::parse_from(command).args).unwrap();
    let mut trial = Trial::new(&out);
    let numbers = numbers(&trial.read.text);
    let seed = std::env::var("SEED").ok().and_then(|s| s.parse().ok());
    let seed = seed.unwrap_or_else(|| RandomState::new().build_hasher().finish());
    let (mut chance, mut listed, mut unnoticed) = (Chance(seed), 0, Vec::new());
    for _ in 0..count {
        let arm = chance.below(trial.read.rows.len());
        let (path, noticed) = match chance.below(10) {
            0..7 => {
                let number = &numbers[chance.below(numbers.len())];
                (number.path.clone(), trial.notices_number(number))
            }
            7 => {
                let row = chance.below(trial.read.rows[arm].classes.len());
                let (column, change) = CLASS_CELLS[chance.below(CLASS_CELLS.len())];
                let line = trial.read.rows[arm].classes[row].line;
                (format!("class_weights.csv line {line} {column}"), trial.notices_class(arm, row, change))
            }
            _ => {
                let day = chance.below(trial.read.rows[arm].daily.len());
                let (column, change) = CELLS[chance.below(CELLS.len())];
                let date = trial.read.rows[arm].daily[day].date;
                let path = format!("daily.csv {} {date} {column}", trial.read.arms.all()[arm]);
                (path, trial.notices_cell(arm, day, change))
            }
        };
        if !noticed && is_listed(&path) {
            listed += 1;
        } else if !noticed {
            unnoticed.push(path);
        }
    }
    println!(
        "SEED={seed}: {count} changes, {listed} of figures said not to be checked, {unnoticed:?} unnoticed"
    );
    assert!(unnoticed.len() * 100 <= count, "SEED={seed}: {unnoticed:?}");
    assert!(listed * 100 <= 15 * count, "SEED={seed}: {listed} of {count} figures are not checked");
}

#[test]
fn changes_of_single_figures_are_noticed() {
    try_changes(HOUSEHOLD, 200);
}

#[test]
#[ignore = "1,000 changes of the whole sample take minutes"]
fn a_thousand_changes_of_the_sample_are_noticed() {
    try_changes("", 1_000);
}

#[test]
fn numbers_are_found_with_their_paths() {
    let text = r#"{"a": [1, {"b": -2.5e3}], "c": {"d": [[], [7]]}, "e": "8"}"#;
    let found: Vec<String> =
        numbers(text).iter().map(|n| format!("{} {}", n.path, &text[n.range.clone()])).collect();
    assert_eq!(found, ["a[0] 1", "a[1].b -2.5e3", "c.d[1][0] 7"]);
    assert_eq!(
        [changed("7"), changed("-20000"), changed("0.0"), changed("0.5")],
        ["8", "-20200", "1.0", "0.505"]
    );
}
