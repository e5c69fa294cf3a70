//! Statistics for comparing a simulated panel with a real one.

use chrono::NaiveDate;
use unisleeve::commands::calibrate::StockReturns;
use unisleeve_core::market::Market;
use unisleeve_core::units::SecurityId;

/// Sessions in a year and in a month.
const YEAR: usize = 252;
const MONTH: usize = 21;

/// Statistics of a panel with an index.
#[derive(Debug, Clone, Copy, Default)]
pub struct PanelStatistics {
    /// Annualized volatility of the index's daily log returns.
    pub index_volatility: f64,
    /// Mean pairwise correlation of daily returns, over members of the whole span.
    pub pairwise: f64,
    /// Cross-sectional standard deviation of members' 21-session returns, averaged over time.
    pub dispersion: f64,
    /// Fraction of members below their purchase price (dividends included) after 1, 3 and 5 years, averaged
    /// over start dates a quarter apart.
    pub below_cost: [f64; 3],
    /// Kurtosis of the index's daily log returns.
    pub index_kurtosis: f64,
    /// Median over members of the kurtosis of their daily log returns.
    pub stock_kurtosis: f64,
    /// Maximum drawdown of the index.
    pub drawdown: f64,
    /// Autocorrelation of the index's absolute daily returns at a lag of 21.
    pub clustering: f64,
}

impl PanelStatistics {
    /// Computes the statistics over a span.
    ///
    /// # Panics
    /// When the market has no index or no sessions in the span.
    pub fn of(market: &Market, span: (NaiveDate, NaiveDate)) -> Self {
        let r = StockReturns::read(market, span);
        let n = r.stocks.len();
        let log: Vec<f64> = r.index.iter().map(|x| log_growth(1.0 + x)).collect();
        let mut made = Self {
            index_volatility: variance(&log).sqrt() * (YEAR as f64).sqrt(),
            index_kurtosis: kurtosis(&log),
            ..Self::default()
        };
        let (mut level, mut top) = (0.0_f64, 0.0_f64);
        for x in &log {
            level += x;
            top = top.max(level);
            made.drawdown = made.drawdown.max(1.0 - libm::exp(level - top));
        }
        let sizes: Vec<f64> = log.iter().map(|x| x.abs()).collect();
        made.clustering = correlation(&sizes[..sizes.len() - MONTH], &sizes[MONTH..]);
        let own: Vec<Vec<f64>> =
            (0..n).map(|i| r.of(i).map(|(_, x)| log_growth(1.0 + x)).collect()).collect();
        let whole: Vec<&Vec<f64>> = own.iter().filter(|x| x.len() == r.dates.len()).collect();
        // The variance of the mean of m standardized returns is (1 + (m - 1) correlation) / m.
        let m = whole.len() as f64;
        let scales: Vec<f64> = whole.iter().map(|x| variance(x).sqrt()).collect();
        let average: Vec<f64> = (0..r.dates.len())
            .map(|t| whole.iter().zip(&scales).map(|(x, s)| x[t] / s).sum::<f64>() / m)
            .collect();
        made.pairwise = (variance(&average) * m - 1.0) / (m - 1.0);
        let mut tails: Vec<f64> = own.iter().filter(|x| x.len() >= YEAR).map(|x| kurtosis(x)).collect();
        tails.sort_by(f64::total_cmp);
        made.stock_kurtosis = tails[tails.len() / 2];
        made.dispersion = dispersion(&r);
        made.below_cost = below_cost(market, &r);
        made
    }
}

fn dispersion(r: &StockReturns) -> f64 {
    let n = r.stocks.len();
    let months: Vec<f64> = (0..r.dates.len() / MONTH)
        .map(|month| {
            let grown: Vec<f64> = (0..n)
                .filter_map(|i| {
                    let days = (month * MONTH..(month + 1) * MONTH).map(|t| r.returns[t * n + i]);
                    days.map(|x| Some(1.0 + x?)).product::<Option<f64>>()
                })
                .collect();
            variance(&grown).sqrt()
        })
        .collect();
    months.iter().sum::<f64>() / months.len() as f64
}

fn below_cost(market: &Market, r: &StockReturns) -> [f64; 3] {
    let (n, days) = (r.stocks.len(), r.dates.len());
    // Levels continue after a stock has left the index, until it is delisted.
    let mut levels = vec![1.0; days * n];
    for (t, view) in market.sessions(r.dates[0], r.dates[days - 1]).enumerate().skip(1) {
        for (i, s) in r.stocks.iter().enumerate() {
            levels[t * n + i] = levels[(t - 1) * n + i] * (1.0 + return_of(&view, *s));
        }
    }
    [1, 3, 5].map(|years| {
        let (mut below, mut all) = (0.0, 0.0);
        for from in (0..days.saturating_sub(years * YEAR)).step_by(3 * MONTH) {
            for i in (0..n).filter(|i| r.returns[from * n + i].is_some()) {
                all += 1.0;
                below += f64::from(u8::from(levels[(from + years * YEAR) * n + i] < levels[from * n + i]));
            }
        }
        below / all
    })
}

fn return_of(view: &unisleeve_core::market::View<'_>, s: SecurityId) -> f64 {
    view.total_return(s, 0).unwrap_or(0.0)
}

fn log_growth(x: f64) -> f64 {
    libm::log(x.max(1e-4))
}

fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

/// Covariance with divisor n - 1.
pub fn covariance(x: &[f64], y: &[f64]) -> f64 {
    let (a, b) = (mean(x), mean(y));
    x.iter().zip(y).map(|(x, y)| (x - a) * (y - b)).sum::<f64>() / (x.len() - 1) as f64
}

/// Variance with divisor n - 1.
pub fn variance(x: &[f64]) -> f64 {
    covariance(x, x)
}

/// Correlation.
pub fn correlation(x: &[f64], y: &[f64]) -> f64 {
    covariance(x, y) / (variance(x) * variance(y)).sqrt()
}

fn kurtosis(x: &[f64]) -> f64 {
    let m = mean(x);
    let squares: Vec<f64> = x.iter().map(|x| (x - m) * (x - m)).collect();
    let second = mean(&squares);
    mean(&squares.iter().map(|s| s * s).collect::<Vec<_>>()) / (second * second)
}
