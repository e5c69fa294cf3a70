//! The workload of a research team: the S&P 500 point in time, all vintages of the sample, a book of
//! accounts, price files.

use std::path::{Path, PathBuf};

use chrono::{Datelike, Days, NaiveDate};
use rayon::prelude::*;
use unisleeve::readers::parquet::{Column, Text, Values};
use unisleeve::readers::{Loaded, load_config, load_market};
use unisleeve::results::parquet::write_columns;
use unisleeve_core::engine::{RiskTimeline, run};
use unisleeve_core::mandates::{
    ArmKind, Cadence, Config, DataConfig, LegacyLot, PriceBasis, PriceFile, Setup, arm, sample_config,
};
use unisleeve_core::market::Market;
use unisleeve_core::study::Bench;
use unisleeve_core::units::{Money, Price, SecurityId, Shares};
use unisleeve_tests::data;
use unisleeve_tests::markets::sample;
use unisleeve_tests::random::Random;

use crate::household::Replay;

/// The configuration of the S&P 500 example and the folder of its prices; `None` if the prices are missing.
///
/// # Panics
/// When the example can't be read.
pub fn sp500(cadence: Cadence) -> Option<(Config, PathBuf)> {
    let folder = data::folder("the S&P 500 benches")?;
    let example = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/sp500/sp500.toml");
    let mut config = load_config(&example).expect("the example");
    config.trading.cadence = cadence;
    Some((config, folder))
}

/// Reads the prices and memberships of a configuration.
///
/// # Panics
/// When they can't be read.
pub fn load(config: &Config, folder: &Path) -> Loaded {
    let data = config.data.as_ref().expect("data");
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/sp500");
    load_market(config, data, &beside, Some(folder)).expect("the data")
}

/// Runs UMA, SMA, funds and shadow at one risk aversion, including loading the files and building the risk
/// models. Returns UMA's after-tax wealth after liquidation minus SMA's, dollars.
///
/// # Panics
/// When a run fails.
pub fn four_arms(config: &Config, folder: &Path) -> f64 {
    let Loaded { mut market, identical, .. } = load(config, folder);
    let mut config = config.clone();
    config.identical.extend(identical);
    let kinds = [ArmKind::Uma, ArmKind::Sma, ArmKind::Funds, ArmKind::Shadow];
    let setups = kinds.map(|k| arm(k, &config, &mut market).expect("an arm")).to_vec();
    let bench = Bench::new(&config, market, setups, &mut |_| {}).expect("a bench");
    let kept = |kind: ArmKind| {
        let setup = bench.setups.iter().find(|s| s.kind == kind).expect("an arm");
        let arm = bench.arm(setup, kind.as_str(), &config, config.trading.risk_aversion).expect("a run");
        arm.measures.wealth_after_liquidation.to_f64()
    };
    let all = kinds.map(kept);
    all[0] - all[1]
}

/// Writes 1.2 million prices of 500 stocks as a Parquet file, and returns a configuration that reads it.
///
/// # Panics
/// When it can't be written.
pub fn parquet(folder: &Path) -> Config {
    let replay = Replay { names: 500, years: 9, cadence: Cadence::Monthly };
    let market = replay.market();
    let (mut dates, mut symbols, mut closes) = (Vec::new(), Text::default(), Vec::new());
    let last = market.dates()[2_399];
    for view in market.sessions(market.dates()[0], last) {
        for s in 0..500 {
            dates.push(Some(view.date()));
            symbols.push(Some(&view.securities()[s as usize].symbol));
            closes.push(view.close(SecurityId(s)).map(Price::to_f64));
        }
    }
    let column = |name: &str, values| Column { name: name.to_owned(), values };
    let columns = [
        column("date", Values::Date(dates)),
        column("symbol", Values::Text(symbols)),
        column("close", Values::Float(closes)),
    ];
    let bytes = write_columns(&columns, &[]).expect("a table");
    std::fs::write(folder.join("prices.parquet"), bytes).expect("a file");
    let prices = vec![PriceFile {
        file: "prices.parquet".to_owned(),
        basis: PriceBasis::Total,
        ..PriceFile::default()
    }];
    let data = Some(DataConfig { prices, ..DataConfig::default() });
    Config { start: market.dates()[600], end: last, policy: Vec::new(), data, ..Config::default() }
}

/// Runs UMA, SMA and shadow on the sample from each of its first 200 months to its end, on all cores.
///
/// # Panics
/// When a run fails.
pub fn vintages() -> Vec<f64> {
    let (config, market) = (sample_config(), sample());
    let months: Vec<NaiveDate> = (0..200)
        .map(|m| config.start.checked_add_months(chrono::Months::new(m)).expect("a date").with_day(1))
        .map(|d| d.expect("a first day"))
        .collect();
    months
        .par_iter()
        .map(|start| {
            let config = Config { start: *start, ..config.clone() };
            let mut market = market.clone();
            let kinds = [ArmKind::Uma, ArmKind::Sma, ArmKind::Shadow];
            let setups = kinds.map(|k| arm(k, &config, &mut market).expect("an arm")).to_vec();
            let bench = Bench::new(&config, market, setups, &mut |_| {}).expect("a bench");
            let ends: Vec<f64> = bench
                .setups
                .iter()
                .map(|s| bench.arm(s, s.kind.as_str(), &config, config.trading.risk_aversion).expect("a run"))
                .map(|a| a.measures.wealth_after_liquidation.to_f64())
                .collect();
            ends[0] - ends[1]
        })
        .collect()
}

/// A book with one strategy. Its accounts hold ten lots of each of 500 names, drawn from a seed.
pub struct Book {
    config: Config,
    market: Market,
    timeline: RiskTimeline,
    setup: Setup,
    closes: Vec<f64>,
}

impl Book {
    /// Sets up the strategy.
    ///
    /// # Panics
    /// Never.
    pub fn new() -> Self {
        let replay = Replay { names: 500, years: 1, cadence: Cadence::Monthly };
        let (mut config, mut market) = (replay.config(), replay.market());
        config.end = config.start;
        config.household.flows.clear();
        config.household.cash = Money::whole(100_000);
        let setup = arm(ArmKind::Uma, &config, &mut market).expect("an arm");
        let span = (config.start, config.end);
        let timeline = RiskTimeline::new(&market, setup.universe(), span, &config.trading, config.risk);
        let view = market.sessions(config.start, config.end).next().expect("a session");
        let closes = (0..500).map(|s| view.last_close(SecurityId(s)).map_or(0.0, Price::to_f64)).collect();
        Self { config, market, timeline, setup, closes }
    }

    /// Lots of an account: 50 to 1,500 dollars each, bought over six years, a third of them at a loss.
    fn account(&self, number: u64) -> Vec<LegacyLot> {
        let mut rng = Random::new(number);
        let mut lots = Vec::with_capacity(5000);
        for (s, close) in self.closes.iter().enumerate() {
            for _ in 0..10 {
                let dollars = rng.between(50.0, 1500.0);
                let cost = dollars * rng.between(0.4, 1.3);
                lots.push(LegacyLot {
                    account: None,
                    symbol: format!("S{s}"),
                    quantity: Shares::from_f64(dollars / close).expect("shares"),
                    basis: Money::from_f64(cost).expect("a basis"),
                    acquired: self.config.start - Days::new(1 + rng.below(2200) as u64),
                    keep: false,
                });
            }
        }
        lots
    }

    /// Rebalances `accounts` accounts on all cores; returns the number of trades.
    ///
    /// # Panics
    /// When a run fails.
    pub fn rebalance(&self, accounts: u64) -> usize {
        (0..accounts)
            .into_par_iter()
            .map(|number| {
                let mut config = self.config.clone();
                config.household.lots = self.account(number);
                let mut market = self.market.clone();
                let setup = arm(ArmKind::Uma, &config, &mut market).expect("an arm");
                let done = run(&setup, &config, &market, &self.timeline).expect("a run");
                done.journal.trades.len() - config.household.lots.len()
            })
            .sum()
    }

    /// The setup of the strategy.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }
}

impl Default for Book {
    fn default() -> Self {
        Self::new()
    }
}
