//! Returns of stocks while they are in the index: the input of the estimates.

use chrono::NaiveDate;
use unisleeve_core::market::Market;
use unisleeve_core::units::SecurityId;

/// Daily returns of stocks and of their index, by session. The first session of a span has no return and is
/// left out.
#[derive(Debug, Clone, Default)]
pub struct StockReturns {
    /// Date of each session.
    pub dates: Vec<NaiveDate>,
    /// Stocks.
    pub stocks: Vec<SecurityId>,
    /// Simple total returns: `returns[t * stocks + i]`. `None` while the index does not hold the stock.
    pub returns: Vec<Option<f64>>,
    /// Weights at the previous close, same layout. Zero outside the index.
    pub weights: Vec<f64>,
    /// Simple total return of the index.
    pub index: Vec<f64>,
    /// Whether the market has an index with members.
    pub has_index: bool,
}

impl StockReturns {
    /// Reads a market's stocks over a span: the members of its first index, or all stocks if it has no index.
    pub fn read(market: &Market, (from, to): (NaiveDate, NaiveDate)) -> Self {
        let is_fund = |s: &SecurityId| market.securities()[s.index()].kind.eq_ignore_ascii_case("fund");
        let all = (0..market.securities().len() as u32).map(SecurityId);
        let stocks: Vec<SecurityId> = all.filter(|s| !is_fund(s)).collect();
        let mut place = vec![None; market.securities().len()];
        for (i, s) in stocks.iter().enumerate() {
            place[s.index()] = Some(i);
        }
        let index = market.index_names().first().and_then(|name| market.index(name));
        let n = stocks.len();
        let mut made = Self { has_index: index.is_some(), ..Self::default() };
        let mut before: Option<Vec<f64>> = None;
        for view in market.sessions(from, to) {
            if let Some(weights) = before.take().filter(|w| w.iter().any(|w| *w > 0.0)) {
                let row: Vec<Option<f64>> =
                    (0..n).map(|i| view.total_return(stocks[i], 0).filter(|_| weights[i] > 0.0)).collect();
                let held: f64 = row.iter().zip(&weights).filter(|(r, _)| r.is_some()).map(|(_, w)| w).sum();
                let whole = row.iter().zip(&weights).map(|(r, w)| r.unwrap_or(0.0) * w).sum::<f64>();
                made.index.push(if held > 0.0 { whole / held } else { 0.0 });
                made.dates.push(view.date());
                made.returns.extend(row);
                made.weights.extend(weights);
            }
            let mut weights = vec![0.0; n];
            match index {
                Some(index) => {
                    for (s, w) in view.index_weights(index) {
                        if let Some(i) = place[s.index()] {
                            weights[i] = w;
                        }
                    }
                }
                None => {
                    for (w, s) in weights.iter_mut().zip(&stocks) {
                        *w = f64::from(u8::from(view.close(*s).is_some()));
                    }
                }
            }
            before = Some(weights);
        }
        made.stocks = stocks;
        made
    }

    /// Returns of a stock, each with its session.
    pub fn of(&self, stock: usize) -> impl Iterator<Item = (usize, f64)> {
        let n = self.stocks.len();
        (0..self.dates.len()).filter_map(move |t| Some((t, self.returns[t * n + stock]?)))
    }

    /// Number of returns of a stock.
    pub fn count(&self, stock: usize) -> usize {
        self.of(stock).count()
    }
}
