//! `unisleeve book`: rolls out one strategy over a book of clients, in every setup side by side. Each client
//! has its own lots, tax rates and restrictions.

pub(crate) mod clients;
mod distribution;
mod lots;
pub(crate) mod policies;
mod rollout;

use core::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use rayon::prelude::*;
use serde::Serialize;
use unisleeve_core::engine::RiskTimeline;
use unisleeve_core::mandates::{BAND_TOLERANCE, Habits};
use unisleeve_core::study::config_hash;
use unisleeve_core::study::difference::{DifferenceRow, Ending, PathDifference, over_paths};
use unisleeve_core::units::SecurityId;

use crate::args::{DataFolder, Source};
use crate::commands::progress::progress_bar;
use crate::failure::Failure;
use crate::readers::inputs::Inputs;
use crate::render::format::TERMINAL;
use crate::render::setups::Setups;
use crate::results::{check_replaceable, write_folder};
use distribution::Distribution;
pub(crate) use lots::Book;
use lots::Client;
use rollout::{RolledOut, Row, SETUPS, Strategy, roll_out};

/// Clients read and run together.
const BATCH: usize = 256;

/// Arguments of `unisleeve book`.
#[derive(Debug, Args)]
pub(crate) struct BookArgs {
    /// The book: client,account,kind,symbol,quantity,basis,acquired (symbol CASH: quantity is dollars).
    book: PathBuf,
    /// The clients: `client,rate_short,rate_long,policy,restrictions`.
    #[arg(long, value_name = "FILE")]
    clients: PathBuf,
    /// The strategy to roll out: a configuration (TOML). Its start is the day of the rollout.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Policies that the clients' file may name: policy,sleeve,weight, with the sleeves of the configuration.
    #[arg(long, value_name = "FILE")]
    policies: Option<PathBuf>,
    /// Largest number of sessions of a rollout.
    #[arg(long, default_value_t = 21, value_name = "N")]
    sessions: usize,
    #[command(flatten)]
    data: DataFolder,
    /// Folder for the results; an earlier result there is replaced.
    #[arg(long, default_value = "out-book", value_name = "DIR")]
    out: PathBuf,
    /// Print summary.json instead of the table.
    #[arg(long)]
    json: bool,
}

/// One setup over the whole book.
#[derive(Debug, Serialize)]
struct Side {
    setup: &'static str,
    in_line: usize,
    not_in_line: usize,
    could_not_run: usize,
    orders: usize,
    transfers: usize,
    tickets: usize,
    tax: Option<Distribution>,
    orders_per_client: Option<Distribution>,
    days: Option<Distribution>,
    drift_before: Option<Distribution>,
    drift_after: Option<Distribution>,
    te_before: Option<Distribution>,
    te_after: Option<Distribution>,
}

#[derive(Debug, Serialize)]
struct Summary {
    version: &'static str,
    seed: u64,
    config_hash: String,
    data_hash: String,
    date: chrono::NaiveDate,
    sessions: usize,
    clients: usize,
    setups: Vec<Side>,
    /// UMA minus each setup with separate managers, by ending: the distribution over the clients.
    difference: Vec<DifferenceRow<Distribution>>,
    assumptions: Vec<String>,
}

/// Runs the command and returns what it prints.
pub(crate) fn run(args: &BookArgs) -> Result<String, Failure> {
    check_replaceable(&args.out)?;
    if args.sessions == 0 {
        return Err(Failure::input("--sessions 0: expected at least 1"));
    }
    let source = Source::new(Some(args.config.clone()), args.data.clone());
    let Inputs { mut config, market, notes, .. } = source.load()?;
    let terms = clients::read(&args.clients)?;
    let policies = match &args.policies {
        Some(file) => policies::read(file, &config.policy)?,
        None => Vec::new(),
    };
    let dates: Vec<chrono::NaiveDate> =
        market.dates().iter().copied().filter(|d| *d >= config.start && *d <= config.end).collect();
    let (Some(first), Some(last)) =
        (dates.first(), dates.get(args.sessions.min(dates.len()).saturating_sub(1)))
    else {
        let message = format!("start {}: expected a session up to {}", config.start, config.end);
        return Err(Failure::input(format!("{}: {message}", source.name())));
    };
    (config.start, config.end) = (*first, *last);
    check_replaceable(&args.out)?;
    let universe = (0..market.securities().len() as u32).map(SecurityId).collect();
    let span = (config.start, config.end);
    let timeline = RiskTimeline::new(&market, universe, span, &config.trading, config.risk);
    let strategy = Strategy { config: &config, market: &market, timeline: &timeline, policies: &policies };

    let bar = progress_bar();
    let mut book = Book::open(&args.book, config.start)?;
    let (mut rolled, mut done) = (Vec::<RolledOut>::new(), 0);
    loop {
        let batch: Vec<Client> = std::iter::from_fn(|| book.next()).take(BATCH).collect();
        if batch.is_empty() {
            break;
        }
        done += batch.len();
        // Clients are in the order of the book, whichever thread finishes first.
        let more: Vec<RolledOut> =
            batch.par_iter().map(|c| roll_out(&strategy, c, terms.get(&c.name))).collect();
        rolled.extend(more);
        bar.set_message(format!("{done} clients"));
    }
    bar.finish_and_clear();
    book.finish()?;
    if done == 0 {
        return Err(Failure::input(format!(
            "{}: no rows: expected lots below the header",
            args.book.display()
        )));
    }
    let rows: Vec<&Row> = rolled.iter().flat_map(|r| &r.rows).collect();
    let summary = Summary {
        version: env!("CARGO_PKG_VERSION"),
        seed: config.seed,
        config_hash: config_hash(&config),
        data_hash: market.hash().to_owned(),
        date: config.start,
        sessions: args.sessions.min(dates.len()),
        clients: done,
        setups: SETUPS.map(|kind| side(kind.as_str(), &rows)).into(),
        difference: differences(&rolled),
        assumptions: assumptions(&config, notes),
    };
    let json = serde_json::to_string_pretty(&summary).map_err(|e| Failure::Environment(e.to_string()))?;
    write_folder(
        &args.out,
        &[
            ("summary.json", json.clone().into_bytes()),
            ("clients.csv", csv(&rows)?),
            ("differences.csv", difference_rows(&rolled)?),
        ],
    )?;
    if args.json {
        return Ok(format!("{json}\n"));
    }
    let text = text(&summary, Setups::of(&config));
    Ok(format!("{text}\nEach client: {}\n", args.out.join("clients.csv").display()))
}

fn assumptions(config: &unisleeve_core::mandates::Config, notes: Vec<String>) -> Vec<String> {
    let mut all = vec![
        "Every client is taxed at its two rates on every dollar; losses are worth as much as gains cost."
            .to_owned(),
        format!(
            "In line: at some close every asset class within {:.2}% of its weight, nothing excluded held.",
            100.0 * (config.band() + BAND_TOLERANCE)
        ),
        format!(
            "All setups trade at the same closes, half of {} basis points of spread; money asked of a manager comes after {} \
             trading days in the setup sma.",
            config.trading.spread_bps,
            Habits::of(config).lag
        ),
    ];
    all.extend(notes);
    all
}

/// The split over the clients that ran in every setup. They share one stretch of prices, so there is no
/// interval.
fn differences(rolled: &[RolledOut]) -> Vec<DifferenceRow<Distribution>> {
    let all: Vec<&[PathDifference]> =
        rolled.iter().map(|r| r.differences.as_slice()).filter(|d| !d.is_empty()).collect();
    over_paths(&all, &|figures| Distribution::of(figures.to_vec()), &|_| None)
}

fn side(setup: &'static str, rows: &[&Row]) -> Side {
    let mine = || rows.iter().filter(move |r| r.setup == setup);
    let ran = || mine().filter(|r| r.te_after.is_some());
    let each = |of: &dyn Fn(&Row) -> Option<f64>| Distribution::of(ran().filter_map(|r| of(r)).collect());
    Side {
        setup,
        in_line: mine().filter(|r| r.days.is_some()).count(),
        not_in_line: ran().filter(|r| r.days.is_none()).count(),
        could_not_run: mine().filter(|r| r.te_after.is_none()).count(),
        orders: mine().map(|r| r.orders).sum(),
        transfers: mine().map(|r| r.transfers).sum(),
        tickets: mine().map(|r| r.tickets).sum(),
        tax: each(&|r| Some(r.tax)),
        orders_per_client: each(&|r| Some(r.orders as f64)),
        days: each(&|r| r.days.map(|d| d as f64)),
        drift_before: each(&|r| r.drift_before),
        drift_after: each(&|r| r.drift_after),
        te_before: each(&|r| r.te_before),
        te_after: each(&|r| r.te_after),
    }
}

/// `differences.csv`: a row for each client, setup with separate managers, and ending.
fn difference_rows(rolled: &[RolledOut]) -> Result<Vec<u8>, Failure> {
    let failed = |e: csv::Error| Failure::Environment(e.to_string());
    let mut csv = csv::Writer::from_writer(Vec::new());
    let header = "client,against,ending,total,setup,tax,fees,costs,cash,classes,names,unpaid,risk,bp_a_year";
    csv.write_record(header.split(',')).map_err(failed)?;
    for (client, d) in rolled.iter().flat_map(|r| r.differences.iter().map(move |d| (&r.client, d))) {
        let money =
            [d.total, d.setup(), d.tax, d.fees, d.costs, d.cash, d.classes, d.names, d.unpaid, d.risk];
        let names = [client.clone(), d.against.to_owned(), d.ending.as_str().to_owned()];
        let figures = money.map(|m| m.to_string()).into_iter().chain([format!("{:.4}", d.bp_a_year)]);
        csv.write_record(names.into_iter().chain(figures)).map_err(failed)?;
    }
    csv.into_inner().map_err(|e| Failure::Environment(e.to_string()))
}

fn csv(rows: &[&Row]) -> Result<Vec<u8>, Failure> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    for row in rows {
        csv.serialize(row).map_err(|e| Failure::Environment(e.to_string()))?;
    }
    csv.into_inner().map_err(|e| Failure::Environment(e.to_string()))
}

/// Selects a figure of a setup.
type Of = fn(&Side) -> &Option<Distribution>;

/// Formats a figure.
type Show = fn(Option<f64>) -> String;

/// A figure of the difference over clients.
type OfDifference = fn(&DifferenceRow<Distribution>) -> f64;

/// The setup effect over all clients, everything sold at the end.
fn effects(text: &mut String, s: &Summary, setups: Setups) {
    let rows: Vec<_> = s.difference.iter().filter(|d| d.ending == Ending::Liquidated).collect();
    if rows.is_empty() {
        return;
    }
    let _ = write!(text, "{:<34}", "UMA against, dollars");
    for row in &rows {
        let _ = write!(text, "{:>20}", setups.name(row.against));
    }
    let figures: [(&str, OfDifference); 5] = [
        ("Setup effect of all clients", |d| d.setup.total),
        ("... mean of a client", |d| d.setup.mean),
        ("... 5 in 100 have at most", |d| d.setup.p5),
        ("... 95 in 100 have at most", |d| d.setup.p95),
        ("Idle cash of all clients", |d| d.cash.total),
    ];
    for (name, of) in figures {
        let _ = write!(text, "\n{name:<34}");
        for row in &rows {
            let _ = write!(text, "{:>20}", TERMINAL.more_dollars(Some(of(row))));
        }
    }
    text.push_str("\n\n");
}

fn text(s: &Summary, setups: Setups) -> String {
    let mut text = format!(
        "{} clients, {}, {} sessions at most. UMA = one manager for each client; SMA = a specialist\nbeside the advisor.\n\n",
        s.clients, s.date, s.sessions
    );
    effects(&mut text, s, setups);
    let _ = write!(text, "{:<34}", "");
    for side in &s.setups {
        let _ = write!(text, "{:>20}", setups.name(side.setup));
    }
    text.push('\n');
    let count = |n: usize| n.to_string();
    let mut line = |name: &str, of: &dyn Fn(&Side) -> String| {
        // Writing to a String does not fail.
        let _ = write!(text, "{name:<34}");
        for side in &s.setups {
            let _ = write!(text, "{:>20}", of(side));
        }
        text.push('\n');
    };
    line("Brought in line", &|x| count(x.in_line));
    line("Not brought in line", &|x| count(x.not_in_line));
    line("Could not be run", &|x| count(x.could_not_run));
    line("Orders", &|x| count(x.orders));
    line("Transfers between managers", &|x| count(x.transfers));
    line("Instructions to managers", &|x| count(x.tickets));
    let (number, percent): (Show, Show) = (|x| TERMINAL.number(x, 2), |x| TERMINAL.percent(x, 2));
    let figures: [(&str, Of, Show); 6] = [
        ("Tax, dollars", |x| &x.tax, number),
        ("Orders of a client", |x| &x.orders_per_client, number),
        ("Sessions until in line", |x| &x.days, number),
        ("Drift after", |x| &x.drift_after, percent),
        ("Tracking error before", |x| &x.te_before, percent),
        ("Tracking error after", |x| &x.te_after, percent),
    ];
    for (name, of, show) in figures {
        line(&format!("{name}, median"), &|x| show(of(x).as_ref().map(|d| d.median)));
        line("... 95 in 100 have at most", &|x| show(of(x).as_ref().map(|d| d.p95)));
    }
    line("Tax in all, dollars", &|x| TERMINAL.dollars(x.tax.as_ref().map(|d| d.total), 0));
    text
}
