//! A household for timing replays: a direct index on a synthetic market, and a bond fund, over some years.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use unisleeve_core::mandates::{
    ArmKind, Cadence, Config, Every, FeesConfig, Flow, HouseholdConfig, PolicySleeve, SmaConfig,
    TradingConfig, arm,
};
use unisleeve_core::market::{Market, Panel};
use unisleeve_core::study::{Bench, StudyArm};
use unisleeve_core::units::{IncomeKind, Money, Price};
use unisleeve_tests::day;
use unisleeve_tests::markets::{paid, security};
use unisleeve_tests::random::Random;

/// First session of the runs.
const START: &str = "2006-01-02";
/// Calendar days of prices before the start, enough for the risk model's window of 504 sessions.
const HISTORY: u64 = 730;
/// Number of sectors.
const SECTORS: usize = 11;
/// Sessions in a year.
const YEAR: f64 = 260.0;
/// Annual volatility: of the market, of a sector's own part, and lowest and highest of a stock's own part.
const MARKET: f64 = 0.16;
const SECTOR: f64 = 0.08;
const OWN: (f64, f64) = (0.15, 0.40);
/// The market's annual drift swings by this amount over a cycle of four years. In bad years a third of the
/// lots or more are at a loss.
const SWING: f64 = 0.25;
const DRIFT: f64 = 0.06;

/// A replay to time.
#[derive(Debug, Clone, Copy)]
pub struct Replay {
    /// Number of stocks in the direct index.
    pub names: usize,
    /// Length in years.
    pub years: i32,
    /// How often the arms rebalance. Every session's close is marked.
    pub cadence: Cadence,
}

impl Replay {
    /// The market: stocks in sectors, most of which pay a quarterly dividend on a day of their own; an index
    /// fund; and a bond fund that pays interest each month.
    ///
    /// # Panics
    /// Never: prices stay in range.
    pub fn market(self) -> Market {
        let mut rng = Random::new(1);
        let n = self.names;
        let sessions: Vec<NaiveDate> = (day(START) - Days::new(HISTORY))
            .iter_days()
            .take_while(|d| *d <= self.end())
            .filter(|d| !matches!(d.weekday(), Weekday::Sat | Weekday::Sun))
            .collect();
        let root = YEAR.sqrt();
        let mut prices: Vec<f64> = (0..n).map(|_| rng.between(15.0, 250.0)).collect();
        let betas: Vec<f64> = (0..n).map(|_| rng.between(0.6, 1.4)).collect();
        let own: Vec<f64> = (0..n).map(|_| rng.between(OWN.0, OWN.1) / root).collect();
        let payday: Vec<usize> = (0..n).map(|_| rng.below(65)).collect();
        let first = prices.clone();
        let mut bonds = 100.0;
        let (mut closes, mut distributions) = (Vec::new(), Vec::new());
        for (t, date) in sessions.iter().enumerate() {
            let cycle = libm::sin(core::f64::consts::TAU * t as f64 / (4.0 * YEAR));
            let market = (DRIFT + SWING * cycle) / YEAR + MARKET / root * rng.normal();
            let sectors: Vec<f64> = (0..SECTORS).map(|_| SECTOR / root * rng.normal()).collect();
            for i in 0..n {
                let grown =
                    prices[i] * (1.0 + betas[i] * market + sectors[i % SECTORS] + own[i] * rng.normal());
                prices[i] = grown.clamp(0.5, 1e5);
                if t % 65 == payday[i] && i % 4 != 0 {
                    let dividend = Price::from_f64(prices[i] * 0.005).expect("a price");
                    distributions.push((t, paid(i, IncomeKind::QualifiedDividend, dividend)));
                }
            }
            bonds *= 1.0 + 0.003 * rng.normal();
            if t > 0 && sessions[t - 1].month() != date.month() {
                let interest = Price::from_f64(bonds * 0.003).expect("a price");
                distributions.push((t, paid(n + 1, IncomeKind::Interest, interest)));
            }
            let index = prices.iter().zip(&first).map(|(p, f)| p / f).sum::<f64>() / n as f64 * 100.0;
            let all = prices.iter().copied().chain([index, bonds]);
            closes.extend(all.map(|p| Price::from_f64(p).expect("a price")));
        }
        let stocks = (0..n).map(|i| security(&format!("S{i}"), "stock"));
        let funds = ["INDEX", "BONDS"].map(|s| security(s, "fund"));
        let securities = stocks.chain(funds).collect();
        Market::new(Panel { sessions, securities, closes, distributions, ..Panel::default() })
            .expect("a panel")
    }

    fn end(self) -> NaiveDate {
        day(START).with_year(day(START).year() + self.years).expect("a date") - Days::new(1)
    }

    /// Five million dollars: 60% direct index, 40% bonds. The household contributes in the first half of the
    /// run and withdraws in the second.
    ///
    /// # Panics
    /// Never.
    pub fn config(self) -> Config {
        let turn = day(START).with_year(day(START).year() + self.years / 2).expect("a date");
        let flow = |dollars, from, to| Flow { amount: Money::whole(dollars), every: Every::Year, from, to };
        let flows = vec![
            flow(100_000, day(START) + Days::new(40), Some(turn - Days::new(1))),
            flow(-200_000, turn, None),
        ];
        Config {
            start: day(START),
            end: self.end(),
            household: HouseholdConfig { cash: Money::whole(5_000_000), flows, ..HouseholdConfig::default() },
            policy: vec![
                PolicySleeve {
                    name: "direct index".to_owned(),
                    weight: 0.6,
                    stocks: (0..self.names).map(|i| format!("S{i}")).collect(),
                    fund: "INDEX".to_owned(),
                    ..PolicySleeve::default()
                },
                PolicySleeve {
                    name: "bonds".to_owned(),
                    weight: 0.4,
                    fund: "BONDS".to_owned(),
                    ..PolicySleeve::default()
                },
            ],
            trading: TradingConfig { cadence: self.cadence, ..TradingConfig::default() },
            ..Config::default()
        }
    }

    /// The same household, with something for each of the seven switches to act on. The advisor also holds
    /// three of the index's stocks, there is a cash buffer, money requested from a manager arrives after five
    /// sessions, and the setups charge different fees.
    pub fn config_with_all_switches(self) -> Config {
        let mut config = self.config();
        config.policy[0].weight = 0.55;
        config.policy.push(PolicySleeve {
            name: "three stocks".to_owned(),
            weight: 0.05,
            stocks: (0..3).map(|i| format!("S{i}")).collect(),
            fund: "INDEX".to_owned(),
            manager: "advisor".to_owned(),
            ..PolicySleeve::default()
        });
        config.trading.cash_buffer = 0.01;
        config.sma = SmaConfig { lag: Some(5), ..SmaConfig::default() };
        config.fees = FeesConfig { direct_index: 0.002, advisor: 0.005, uma: 0.006 };
        config
    }

    /// The arms that a page shows together, and their shared risk models.
    ///
    /// # Panics
    /// When the configuration has faults.
    pub fn bench(self, config: &Config, market: &Market) -> Bench {
        assert_eq!(config.faults(), [], "the configuration has faults");
        let mut market = market.clone();
        let kinds = [ArmKind::Uma, ArmKind::Sma, ArmKind::Shadow];
        let setups = kinds.map(|kind| arm(kind, config, &mut market).expect("symbols that are there"));
        Bench::new(config, market, setups.to_vec(), &mut |_| {}).expect("dates that the prices cover")
    }
}

/// Runs and measures all arms.
///
/// # Panics
/// When a run can't be carried out.
pub fn all_arms(bench: &Bench, config: &Config) -> Vec<StudyArm> {
    let gamma = config.trading.risk_aversion;
    bench.setups.iter().map(|s| bench.arm(s, s.kind.as_str(), config, gamma).expect("a run")).collect()
}
