//! `unisleeve calibrate`: estimates the figures of a scenario from real prices. Each formula stands beside
//! its estimate and in `docs/scenarios.md`.

mod calibration;
mod classes;
mod clustering;
mod cross_section;
mod returns;
mod sums;
mod turnover;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Args;
use unisleeve_core::mandates::{Config, DataConfig, PriceFile};
use unisleeve_core::market::Market;
use unisleeve_core::market::scenario::Scenario;

use crate::args::DataFolder;
use crate::failure::Failure;
use crate::readers::{load_config, load_market};
use crate::render::commented_toml as example;
use crate::results::{check_place, write_files};
pub use calibration::Calibration;
use calibration::FEWEST_SESSIONS;
pub use returns::StockReturns;

/// Arguments of `unisleeve calibrate`.
#[derive(Debug, Args)]
pub(crate) struct CalibrateArgs {
    /// A price file (adjusted for splits, with dividends separate), or a configuration (.toml) that names
    /// prices, sectors and indices.
    input: PathBuf,
    #[command(flatten)]
    data: DataFolder,
    /// File for the scenario. Without it, standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print JSON: the scenario and which of its figures were estimated.
    #[arg(long)]
    json: bool,
}

/// Estimates a scenario from a market of daily sessions. The market's first index is the stock index. Without
/// an index, it is all stocks at equal weight. `stock_class` is the asset class of the stocks.
///
/// # Errors
/// When there are fewer than 252 sessions, or fewer than 20 stocks with that many returns.
pub fn calibrate(
    market: &Market,
    stock_class: &str,
    span: (NaiveDate, NaiveDate),
) -> Result<Calibration, Failure> {
    let returns = StockReturns::read(market, span);
    let sessions = returns.dates.len();
    if sessions < FEWEST_SESSIONS {
        return Err(Failure::input(format!(
            "{sessions} sessions: expected {FEWEST_SESSIONS} or more to calibrate on"
        )));
    }
    let stocks = (0..returns.stocks.len()).filter(|i| returns.count(*i) >= FEWEST_SESSIONS).count();
    if stocks < 20 {
        return Err(Failure::input(format!(
            "{stocks} stocks with {FEWEST_SESSIONS} returns or more: expected 20 (securities of the kind `fund` are none)"
        )));
    }
    let mut made = Calibration {
        from: returns.dates[0],
        to: returns.dates[sessions - 1],
        sessions,
        stocks,
        estimated: Vec::new(),
        kept: Vec::new(),
        fit: Vec::new(),
        scenario: Scenario::default(),
    };
    clustering::estimate(&returns, &mut made);
    cross_section::estimate(&returns, market, &mut made);
    turnover::estimate(&returns, market, &mut made);
    classes::estimate(&returns, market, stock_class, &mut made);
    Ok(made)
}

/// Runs the command.
pub(crate) fn run(args: &CalibrateArgs) -> Result<String, Failure> {
    if let Some(out) = &args.out {
        check_place(out)?;
    }
    let config = configuration(&args.input)?;
    let Some(data) = config.data.clone() else {
        let name = args.input.display();
        return Err(Failure::input(format!("{name}: data: missing: expected price files to calibrate on")));
    };
    let folder = args.input.parent().unwrap_or(Path::new("."));
    let market = load_market(&config, &data, folder, args.data.path())?.market;
    let direct = config.policy.iter().find(|s| s.is_direct());
    let class = direct.map_or("US stocks", |s| s.class());
    let made = calibrate(&market, class, (config.start, config.end))
        .map_err(|failure| failure.named(&args.input.display().to_string()))?;
    let text = if args.json { json(&made)? } else { toml(&made)? };
    let Some(out) = &args.out else { return Ok(text) };
    write_files(&[(out.clone(), toml(&made)?.into_bytes())])?;
    Ok(if args.json { text } else { format!("Written: {}\n", out.display()) })
}

/// Reads a configuration. For a price file, makes one that names only this file.
fn configuration(input: &Path) -> Result<Config, Failure> {
    if input.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) {
        return load_config(input);
    }
    let file = input.file_name().map(|f| f.to_string_lossy().into_owned()).unwrap_or_default();
    let prices = vec![PriceFile { file, ..PriceFile::default() }];
    Ok(Config {
        start: NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default(),
        end: NaiveDate::from_ymd_opt(2200, 12, 31).unwrap_or_default(),
        policy: Vec::new(),
        data: Some(DataConfig { prices, ..DataConfig::default() }),
        ..Config::default()
    })
}

fn json(made: &Calibration) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(made).map_err(|e| Failure::Environment(e.to_string()))?;
    Ok(format!("{text}\n"))
}

fn toml(made: &Calibration) -> Result<String, Failure> {
    let mut heading = format!(
        "A scenario of Unisleeve, calibrated on {} stocks over {} sessions, {} to {}.\nEvery key, what it means and its figure.",
        made.stocks, made.sessions, made.from, made.to
    );
    for (key, reason) in &made.kept {
        let _ = write!(heading, "\nDefault, not estimated: {key} ({reason}).");
    }
    for fit in &made.fit {
        let _ = write!(heading, "\n{}", fit.sentence());
    }
    let schema = serde_json::to_value(schemars::schema_for!(Scenario)).unwrap_or_default();
    let values = serde_json::to_value(&made.scenario).map_err(|e| Failure::Environment(e.to_string()))?;
    Ok(example::write(&heading, &schema, &values))
}
