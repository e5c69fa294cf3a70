//! Fixed traits of stocks, drawn once.

use super::config::{Scenario, StockModel};
use super::rng::Stream;

/// Largest dividend yield, a year.
const MAX_YIELD: f64 = 0.12;
/// Trading days between a stock's dividends.
pub(super) const DIVIDEND_DAYS: usize = 63;
/// Standard deviation of log share prices over stocks.
const PRICE_SPREAD: f64 = 0.6;

/// Traits of stocks; each list has one entry for each stock.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    /// Market beta.
    pub beta: Vec<f64>,
    /// Sector number.
    pub sector: Vec<u32>,
    /// Style loadings: `styles[k][i]`.
    pub styles: Vec<Vec<f64>>,
    /// Specific volatility, annual.
    pub specific: Vec<f64>,
    /// Annual dividend yield; zero where the stock pays none.
    pub yields: Vec<f64>,
    /// Whether the dividends are not qualified.
    pub ordinary: Vec<bool>,
    /// Day in the dividend cycle on which the stock pays.
    pub pay_day: Vec<u32>,
    /// First price in dollars.
    pub price: Vec<f64>,
    /// Cap at the first session, on an arbitrary scale. For additions: cap on joining, as a multiple of the
    /// median member's cap.
    pub cap: Vec<f64>,
}

impl Names {
    /// Number of stocks.
    pub(super) fn len(&self) -> usize {
        self.beta.len()
    }

    /// Draws stocks from a stream. Members start with one stock in each sector, so that no sector is empty.
    pub(super) fn draw(scenario: &Scenario, count: usize, mut stream: Stream, additions: bool) -> Self {
        let (s, d) = (&scenario.stocks, &scenario.dividends);
        let mut names = Self { styles: vec![Vec::new(); s.style_volatilities.len()], ..Self::default() };
        for i in 0..count {
            let size = stream.normal();
            let own = stream.normal();
            let beta = stream.normal();
            let sector = stream.below(scenario.sectors);
            let is_member = !additions && i < scenario.sectors;
            names.sector.push(if is_member { i } else { sector } as u32);
            // Betas have a floor of 0.1.
            let beta = 1.0 + s.beta_spread * beta;
            names.beta.push(if beta < 0.1 { 0.1 } else { beta });
            let rest = (1.0 - s.specific_size * s.specific_size).sqrt();
            let spread = s.specific_spread * (s.specific_size * size + rest * own);
            names.specific.push(s.specific_volatility * libm::exp(spread));
            for (k, loadings) in names.styles.iter_mut().enumerate() {
                let drawn = stream.normal();
                loadings.push(if k == 0 { size } else { drawn });
            }
            let (pays, amount, ordinary) = (stream.uniform(), stream.normal(), stream.uniform());
            let level = d.yield_median * libm::exp(d.yield_spread * amount);
            let level = if level < MAX_YIELD { level } else { MAX_YIELD };
            names.yields.push(if pays < d.payers { level } else { 0.0 });
            names.ordinary.push(ordinary < d.ordinary_payers);
            names.pay_day.push(stream.below(DIVIDEND_DAYS) as u32);
            names.price.push(s.price * libm::exp(PRICE_SPREAD * stream.normal()));
            names.cap.push(if additions {
                scenario.turnover.addition_cap * libm::exp(ADDITION_SPREAD * size)
            } else {
                libm::exp(s.cap_spread * size)
            });
        }
        names
    }

    /// Scales betas to a cap-weighted mean of 1 and shifts style loadings to a cap-weighted mean of 0. The
    /// index then has unit market exposure and no style exposure.
    pub(super) fn centre(&mut self) {
        let caps: f64 = self.cap.iter().sum();
        let mean = |x: &[f64]| x.iter().zip(&self.cap).map(|(x, c)| x * c).sum::<f64>() / caps;
        let beta = mean(&self.beta);
        let styles: Vec<f64> = self.styles.iter().map(|l| mean(l)).collect();
        for b in &mut self.beta {
            *b /= beta;
        }
        for (loadings, m) in self.styles.iter_mut().zip(styles) {
            for l in loadings {
                *l -= m;
            }
        }
    }

    /// Annual variance of the index from sectors and specific risk, at the caps of the first session. Style
    /// exposures of the index are zero.
    pub(super) fn variance_beside_market(&self, model: &StockModel) -> f64 {
        let caps: f64 = self.cap.iter().sum();
        let sectors = self.sector.iter().copied().max().map_or(0, |s| s as usize + 1);
        let mut weights = vec![0.0; sectors];
        let mut own = 0.0;
        for i in 0..self.len() {
            let w = self.cap[i] / caps;
            weights[self.sector[i] as usize] += w;
            own += w * w * self.specific[i] * self.specific[i];
        }
        let sectors: f64 = weights.iter().map(|w| w * w).sum();
        sectors * model.sector_volatility * model.sector_volatility + own
    }

    /// Appends other stocks.
    pub(super) fn with(mut self, others: Self) -> Self {
        self.beta.extend(others.beta);
        self.sector.extend(others.sector);
        for (a, b) in self.styles.iter_mut().zip(others.styles) {
            a.extend(b);
        }
        self.specific.extend(others.specific);
        self.yields.extend(others.yields);
        self.ordinary.extend(others.ordinary);
        self.pay_day.extend(others.pay_day);
        self.price.extend(others.price);
        self.cap.extend(others.cap);
        self
    }
}

/// Trading days in a year; annual variances are this many times daily ones.
pub(super) const DAYS: f64 = 252.0;
/// Standard deviation of log caps over additions.
const ADDITION_SPREAD: f64 = 0.4;
