//! Synthetic ten-year markets for questions of planning: 40 stocks in 8 sectors, a fund of all of them, an
//! international fund and a bond fund.

use chrono::{Datelike, NaiveDate, Weekday};
use unisleeve_core::mandates::{Config, HouseholdConfig, PolicySleeve};
use unisleeve_core::market::{Market, Panel, Security};
use unisleeve_core::units::{IncomeKind, Money, Price};

use crate::day;
use crate::markets::paid;
use crate::random::Random;

/// Number of stocks, named `A00`, `A01` and so on. The funds `USX`, `INTL` and `BOND` follow them.
pub const STOCKS: usize = 40;
const SECTORS: usize = 8;
/// First session of a run. The panel starts two years earlier.
pub const START: &str = "2002-01-02";
/// Last session.
pub const END: &str = "2011-12-30";

fn log_step(mean: f64, volatility: f64, z: f64) -> f64 {
    let h = 1.0 / 252.0;
    libm::exp((mean - 0.5 * volatility * volatility) * h + volatility * h.sqrt() * z)
}

/// The market of a seed. Annual figures: stocks have a mean of 9%, a market factor of 15% with betas around
/// 1, a sector factor of 9% and a specific volatility around 28%; `INTL` 7% and 17%, correlated with the
/// market at 0.85; `BOND` 3.5% and 5%. Stocks and `INTL` pay a qualified dividend of 0.4% and 0.7% a quarter,
/// `BOND` interest of 0.3% a month.
///
/// # Panics
/// Never: prices stay in range.
pub fn market(seed: u64) -> Market {
    let mut rng = Random::new(seed);
    let sessions: Vec<NaiveDate> = day("2000-01-03")
        .iter_days()
        .take_while(|d| *d <= day(END))
        .filter(|d| !matches!(d.weekday(), Weekday::Sat | Weekday::Sun))
        .collect();
    let betas: Vec<f64> = (0..STOCKS).map(|_| 1.0 + 0.25 * rng.normal()).collect();
    let weights: Vec<f64> = (0..STOCKS).map(|_| libm::exp(0.9 * rng.normal())).collect();
    let total: f64 = weights.iter().sum();
    let specific: Vec<f64> = (0..STOCKS).map(|_| 0.28 * libm::exp(0.25 * rng.normal())).collect();
    let (mut prices, mut intl, mut bond) = (vec![100.0; STOCKS], 100.0, 100.0);
    let (mut closes, mut distributions) = (Vec::new(), Vec::new());
    for (t, date) in sessions.iter().enumerate() {
        let index: f64 = prices.iter().zip(&weights).map(|(p, w)| p * w / total).sum();
        let all = prices.iter().copied().chain([index, intl, bond]);
        closes.extend(all.map(|p: f64| Price::from_f64(p).expect("a price")));
        let is_new = |months: u32| {
            t > 0 && sessions[t - 1].month() != date.month() && date.month0().is_multiple_of(months)
        };
        let mut pays = |s: usize, kind: IncomeKind, dollars: f64| {
            distributions.push((t, paid(s, kind, Price::from_f64(dollars).expect("a price"))));
        };
        if is_new(1) {
            pays(STOCKS + 2, IncomeKind::Interest, 0.003 * bond);
        }
        if is_new(3) {
            for (s, price) in prices.iter().enumerate() {
                pays(s, IncomeKind::QualifiedDividend, 0.004 * price);
            }
            pays(STOCKS, IncomeKind::QualifiedDividend, 0.004 * index);
            pays(STOCKS + 1, IncomeKind::QualifiedDividend, 0.007 * intl);
        }
        let market = rng.normal();
        let sectors: Vec<f64> = (0..SECTORS).map(|_| rng.normal()).collect();
        for s in 0..STOCKS {
            let own = rng.normal();
            let (b, v) = (0.15 * betas[s], specific[s]);
            let volatility = (b * b + 0.09 * 0.09 + v * v).sqrt();
            let z = (b * market + 0.09 * sectors[s % SECTORS] + v * own) / volatility;
            prices[s] *= log_step(0.09, volatility, z);
        }
        intl *= log_step(0.07, 0.17, 0.85 * market + (1.0 - 0.85_f64 * 0.85).sqrt() * rng.normal());
        bond *= log_step(0.035, 0.05, 0.1 * market + 0.99_f64.sqrt() * rng.normal());
    }
    let named = |symbol: String, kind: &str, sector: String, class: &str| Security {
        symbol,
        kind: kind.to_owned(),
        sector,
        asset_class: class.to_owned(),
        ..Security::default()
    };
    let stocks =
        (0..STOCKS).map(|s| named(stock(s), "stock", format!("sector {}", s % SECTORS), "US stocks"));
    let funds = [("USX", "US stocks"), ("INTL", "international"), ("BOND", "bonds")]
        .map(|(symbol, class)| named(symbol.to_owned(), "fund", String::new(), class));
    let securities = stocks.chain(funds).collect();
    Market::new(Panel { sessions, securities, closes, distributions, ..Panel::default() }).expect("a panel")
}

/// Symbol of a stock.
pub fn stock(s: usize) -> String {
    format!("A{s:02}")
}

/// A sleeve of a direct index of some stocks.
pub fn direct(name: &str, weight: f64, stocks: impl Iterator<Item = usize>) -> PolicySleeve {
    PolicySleeve {
        name: name.to_owned(),
        manager: format!("{name} manager"),
        weight,
        stocks: stocks.map(stock).collect(),
        fund: "USX".to_owned(),
        asset_class: "US stocks".to_owned(),
        ..PolicySleeve::default()
    }
}

/// A sleeve of one fund.
pub fn fund(symbol: &str, weight: f64) -> PolicySleeve {
    PolicySleeve {
        name: symbol.to_lowercase(),
        weight,
        fund: symbol.to_owned(),
        asset_class: symbol.to_lowercase(),
        ..PolicySleeve::default()
    }
}

/// A household with this much cash in its main account and this policy.
pub fn household(cash: i32, policy: Vec<PolicySleeve>) -> Config {
    Config {
        start: day(START),
        end: day(END),
        household: HouseholdConfig { cash: Money::whole(cash), ..HouseholdConfig::default() },
        policy,
        ..Config::default()
    }
}
