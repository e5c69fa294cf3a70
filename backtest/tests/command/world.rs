//! A folder with prices of three stocks and two funds from 2019 to 2021, and the command run in it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use chrono::{Datelike, NaiveDate, Weekday};
use tempfile::TempDir;

/// A configuration that runs on these prices.
pub(crate) const CONFIG: &str = r#"
start = "2020-01-02"
end = "2021-12-30"

[household]
cash = 500000
flows = [{ amount = -20000, every = "year", from = "2021-01-01" }]

[[policy]]
name = "direct"
weight = 0.6
stocks = ["AAA", "BBB"]
fund = "IDX"

[[policy]]
name = "bonds"
weight = 0.4
fund = "BND"

[data]
prices = [{ file = "prices.csv", basis = "total" }]
"#;

/// The result of running the command.
pub(crate) struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    fn of(run: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: run.status.code(), stdout: text(run.stdout), stderr: text(run.stderr) }
    }
}

/// The folder with its configuration and prices.
pub(crate) struct World(TempDir);

impl World {
    pub(crate) fn new(config: &str) -> Self {
        let world = Self(tempfile::tempdir().unwrap());
        fs::write(world.path("run.toml"), config).unwrap();
        fs::write(world.path("prices.csv"), prices()).unwrap();
        world
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs a command on the configuration and writes its result to `result`.
    pub(crate) fn run(&self, command: &str, options: &[&str]) -> Run {
        let run = Command::new(env!("CARGO_BIN_EXE_unisleeve"))
            .current_dir(self.0.path())
            .args([command, "run.toml", "--out", "result"])
            .args(options)
            .output()
            .unwrap();
        Run::of(run)
    }

    /// Runs `unisleeve check` on the configuration.
    pub(crate) fn check(&self, options: &[&str]) -> Run {
        let run = Command::new(env!("CARGO_BIN_EXE_unisleeve"))
            .current_dir(self.0.path())
            .args(["check", "run.toml"])
            .args(options)
            .output()
            .unwrap();
        Run::of(run)
    }
}

fn prices() -> String {
    let mut text = String::from("date,AAA,BBB,CCC,IDX,BND\n");
    let first = NaiveDate::from_ymd_opt(2019, 1, 1).unwrap();
    let last = NaiveDate::from_ymd_opt(2021, 12, 31).unwrap();
    let weekdays = first.iter_days().filter(|d| !matches!(d.weekday(), Weekday::Sat | Weekday::Sun));
    for (i, date) in weekdays.take_while(|d| *d <= last).enumerate() {
        let day = i as f64;
        let (a, b, c) = (100.0 + day % 37.0, 50.0 + (day * 7.0) % 11.0, 30.0 + (day * 3.0) % 13.0);
        let (index, bonds) = (a * 0.5 + b, 80.0 + day / 500.0);
        writeln!(text, "{date},{a:.2},{b:.2},{c:.2},{index:.4},{bonds:.4}").unwrap();
    }
    text
}
