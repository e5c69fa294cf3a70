//! Markets for tests: the embedded sample and synthetic ones, with short ways to run an arm over them.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use unisleeve_core::engine::{ArmResult, RiskTimeline, RunError, run};
use unisleeve_core::mandates::{ArmKind, Config, HouseholdConfig, PolicySleeve, Setup, arm};
use unisleeve_core::market::{Distribution, Market, Panel, Security, unpack};
use unisleeve_core::units::Fingerprint;
use unisleeve_core::units::{IncomeKind, Money, Price, SecurityId};

use crate::day;
use crate::random::Random;

/// The sample that the programs embed.
const SAMPLE: &[u8] = include_bytes!("../../backtest/sample/sample.bin");

/// The sample's panel.
///
/// # Panics
/// When the sample can't be read.
pub fn sample_panel() -> Panel {
    unpack(SAMPLE).expect("the sample")
}

/// The sample as a market.
///
/// # Panics
/// When the sample can't be read.
pub fn sample() -> Market {
    Market::new(sample_panel()).expect("the sample")
}

/// First session of the synthetic panels. Runs start at [`SYNTHETIC_START`]; the risk model uses the earlier
/// sessions.
pub const SYNTHETIC_PANEL_START: &str = "2001-07-02";
/// First session of runs over synthetic panels.
pub const SYNTHETIC_START: &str = "2002-01-02";

/// A synthetic panel.
#[derive(Debug, Clone, Copy)]
pub struct Synthetic {
    /// Seed of its prices.
    pub seed: u64,
    /// Number of stocks, named `S0`, `S1` and so on. Two funds follow them, `INDEX` and `BONDS`.
    pub stocks: usize,
    /// Last session.
    pub end: &'static str,
    /// Whether stocks pay dividends each quarter.
    pub dividends: bool,
}

impl Synthetic {
    /// Builds the panel. Sessions are weekdays. Stocks share one factor and have volatilities of 20 to 45% a
    /// year and drifts of either sign. The fund `INDEX` holds them in equal dollars from the start. `BONDS`
    /// pays interest each month.
    ///
    /// # Panics
    /// Never: prices stay in range.
    pub fn panel(self) -> Panel {
        let mut rng = Random::new(self.seed);
        let sessions: Vec<NaiveDate> = day(SYNTHETIC_PANEL_START)
            .iter_days()
            .take_while(|d| *d <= day(self.end))
            .filter(|d| !matches!(d.weekday(), Weekday::Sat | Weekday::Sun))
            .collect();
        let n = self.stocks;
        let mut prices: Vec<f64> = (0..n).map(|_| rng.between(8.0, 120.0)).collect();
        let first = prices.clone();
        let vols: Vec<f64> = (0..n).map(|_| rng.between(0.010, 0.024)).collect();
        let drifts: Vec<f64> = (0..n).map(|_| rng.between(-0.0004, 0.0009)).collect();
        let mut bonds = 100.0;
        let (mut closes, mut distributions) = (Vec::new(), Vec::new());
        let mut quarter = day(SYNTHETIC_PANEL_START);
        for (t, date) in sessions.iter().enumerate() {
            let common = 0.008 * rng.normal();
            for i in 0..n {
                prices[i] *= 1.0 + drifts[i] + common + vols[i] * rng.normal();
                prices[i] = prices[i].max(0.5);
            }
            bonds *= 1.0 + 0.003 * rng.normal();
            let index = prices.iter().zip(&first).map(|(p, f)| p / f).sum::<f64>() / n as f64 * 100.0;
            closes.extend(
                prices.iter().copied().chain([index, bonds]).map(|p| Price::from_f64(p).expect("a price")),
            );
            let new_month = t > 0 && sessions[t - 1].month() != date.month();
            if new_month {
                let interest = Price::from_f64(bonds * 0.004).expect("a price");
                distributions.push((t, paid(n + 1, IncomeKind::Interest, interest)));
            }
            if self.dividends && *date >= quarter + Days::new(91) {
                quarter = *date;
                for i in (0..n).filter(|i| i % 3 != 0) {
                    let kind =
                        if i % 5 == 0 { IncomeKind::OrdinaryDividend } else { IncomeKind::QualifiedDividend };
                    let dividend = Price::from_f64(prices[i] * 0.006).expect("a price");
                    distributions.push((t, paid(i, kind, dividend)));
                }
            }
        }
        let stocks = (0..n).map(|i| security(&format!("S{i}"), "stock"));
        let funds = ["INDEX", "BONDS"].map(|s| security(s, "fund"));
        Panel {
            sessions,
            securities: stocks.chain(funds).collect(),
            closes,
            distributions,
            ..Panel::default()
        }
    }

    /// The panel as a market.
    ///
    /// # Panics
    /// Never: the panel is well-formed.
    pub fn market(self) -> Market {
        Market::new(self.panel()).expect("a panel")
    }

    /// A household with $500,000 and no flows. It holds a direct index of all stocks at weight `direct` and
    /// the rest in `BONDS`.
    pub fn config(self, direct: f64) -> Config {
        let mut policy = vec![PolicySleeve {
            name: "direct index".to_owned(),
            weight: direct,
            stocks: (0..self.stocks).map(|i| format!("S{i}")).collect(),
            fund: "INDEX".to_owned(),
            ..PolicySleeve::default()
        }];
        if direct < 1.0 {
            policy.push(PolicySleeve {
                name: "bonds".to_owned(),
                weight: 1.0 - direct,
                fund: "BONDS".to_owned(),
                ..PolicySleeve::default()
            });
        }
        Config {
            start: day(SYNTHETIC_START),
            end: day(self.end),
            household: cash_only(500_000),
            policy,
            ..Config::default()
        }
    }
}

/// A household with one account, this much cash and no flows.
pub fn cash_only(dollars: i32) -> HouseholdConfig {
    HouseholdConfig { cash: Money::whole(dollars), flows: Vec::new(), ..HouseholdConfig::default() }
}

/// A distribution of the security at this index.
pub fn paid(security: usize, kind: IncomeKind, per_share: Price) -> Distribution {
    Distribution { security: SecurityId(security as u32), kind, per_share }
}

/// A security named after its symbol. `kind` is `stock` or `fund`.
pub fn security(symbol: &str, kind: &str) -> Security {
    Security {
        symbol: symbol.to_owned(),
        name: symbol.to_owned(),
        kind: kind.to_owned(),
        ..Security::default()
    }
}

/// Arms set up together over one market, with their shared risk models.
pub struct Bench {
    /// The market with the arms' indices.
    pub market: Market,
    /// The arms.
    pub setups: Vec<Setup>,
    /// Their risk models.
    pub timeline: RiskTimeline,
}

impl Bench {
    /// Sets up arms.
    ///
    /// # Panics
    /// When the configuration has faults.
    pub fn new(kinds: &[ArmKind], config: &Config, market: &Market) -> Self {
        assert_eq!(config.faults(), [], "the configuration has faults");
        let mut market = market.clone();
        let setups: Vec<Setup> = kinds
            .iter()
            .map(|kind| arm(*kind, config, &mut market).expect("symbols that are there"))
            .collect();
        let mut universe: Vec<SecurityId> = setups.iter().flat_map(Setup::securities).collect();
        universe.sort();
        universe.dedup();
        let span = (config.start, config.end);
        let timeline = RiskTimeline::new(&market, universe, span, &config.trading, config.risk);
        Self { market, setups, timeline }
    }

    /// Runs one of the arms.
    ///
    /// # Errors
    /// Returns the run's errors.
    ///
    /// # Panics
    /// When the arm was not set up.
    pub fn run(&self, kind: ArmKind, config: &Config) -> Result<ArmResult, RunError> {
        let setup = self.setups.iter().find(|s| s.kind == kind).expect("an arm that was set up");
        run(setup, config, &self.market, &self.timeline)
    }
}

/// Runs one arm.
///
/// # Errors
/// Returns the run's errors.
pub fn run_arm(kind: ArmKind, config: &Config, market: &Market) -> Result<ArmResult, RunError> {
    Bench::new(&[kind], config, market).run(kind, config)
}

/// The fingerprint of an arm's journal.
pub fn fingerprint(result: &ArmResult) -> String {
    let mut f = Fingerprint::default();
    result.journal.hash_into(&mut f);
    f.finish()
}
