//! Estimates betas, sectors, styles, specific risk, market caps and dividends.

use unisleeve_core::market::Market;

use super::calibration::{Calibration, FEWEST_SESSIONS};
use super::returns::StockReturns;
use super::sums::{correlation, covariance, deviation, kurtosis, mean, median, variance};

/// Trading days in a year.
const DAYS: f64 = 252.0;
/// Sessions in a block over which volatilities are compared.
const BLOCK: usize = 21;
/// Fewest names in a sector.
const SECTOR: usize = 5;
/// Power iterations for a principal component.
const ROUNDS: usize = 60;

/// Residuals of the stocks with enough returns: `rows[t * names + i]`, zero where a stock has no return.
struct Residuals {
    names: Vec<usize>,
    rows: Vec<f64>,
    there: Vec<bool>,
}

impl Residuals {
    fn of(&self, i: usize) -> Vec<f64> {
        let n = self.names.len();
        let cells = self.rows.iter().zip(&self.there).skip(i).step_by(n);
        cells.filter(|(_, there)| **there).map(|(x, _)| *x).collect()
    }

    /// Subtracts, in each session, the mean of each group of names. Returns the means by group.
    fn demean(&mut self, groups: &[usize], count: usize) -> Vec<Vec<f64>> {
        let n = self.names.len();
        let mut means = vec![Vec::new(); count];
        for (row, there) in self.rows.chunks_exact_mut(n).zip(self.there.chunks_exact(n)) {
            let (mut sums, mut counts) = (vec![0.0; count], vec![0.0; count]);
            for i in (0..n).filter(|i| there[*i]) {
                sums[groups[i]] += row[i];
                counts[groups[i]] += 1.0;
            }
            for g in 0..count {
                sums[g] = if counts[g] > 0.0 { sums[g] / counts[g] } else { 0.0 };
                means[g].push(sums[g]);
            }
            for i in (0..n).filter(|i| there[*i]) {
                row[i] -= sums[groups[i]];
            }
        }
        means
    }

    /// Removes the largest principal component. Returns its variance per name and day, for loadings with a
    /// mean square of one.
    fn component(&mut self) -> f64 {
        let n = self.names.len();
        let mut v: Vec<f64> = (0..n).map(|i| 1.0 + ((i * 7) % 11) as f64).collect();
        let mut value = 0.0;
        for _ in 0..ROUNDS {
            let length = v.iter().map(|x| x * x).sum::<f64>().sqrt();
            for x in &mut v {
                *x /= length;
            }
            let mut image = vec![0.0; n];
            for row in self.rows.chunks_exact(n) {
                let score: f64 = row.iter().zip(&v).map(|(x, v)| x * v).sum();
                image.iter_mut().zip(row).for_each(|(m, x)| *m += score * x);
            }
            value = image.iter().zip(&v).map(|(m, v)| m * v).sum();
            v = image;
        }
        let length = v.iter().map(|x| x * x).sum::<f64>().sqrt();
        for x in &mut v {
            *x /= length;
        }
        for (row, there) in self.rows.chunks_exact_mut(n).zip(self.there.chunks_exact(n)) {
            let score: f64 = row.iter().zip(&v).map(|(x, v)| x * v).sum();
            for i in (0..n).filter(|i| there[*i]) {
                row[i] -= score * v[i];
            }
        }
        value / (self.rows.len() / n) as f64 / n as f64
    }
}

/// The estimates, in this order:
/// - Betas, by least squares on the index. The mean sampling variance is subtracted from their variance over
///   names.
/// - Sector factor: residuals, less their mean over all names of the day, averaged by sector. The names'
///   specific variance divided by their number is subtracted from its variance.
/// - Size style: the mean over all names. A name of average size has `cap_spread` less exposure to it than
///   the index.
/// - Other styles: the two largest principal components of what is left, less what noise alone would give.
/// - Specific risk: the rest.
pub(super) fn estimate(returns: &StockReturns, market: &Market, made: &mut Calibration) {
    let n = returns.stocks.len();
    let names: Vec<usize> = (0..n).filter(|i| returns.count(*i) >= FEWEST_SESSIONS).collect();
    let k = names.len();
    let (mut betas, mut noise) = (Vec::new(), Vec::new());
    let mut left = Residuals {
        rows: vec![0.0; returns.dates.len() * k],
        there: vec![false; returns.dates.len() * k],
        names,
    };
    for i in 0..k {
        let (when, own): (Vec<usize>, Vec<f64>) = returns.of(left.names[i]).unzip();
        let index: Vec<f64> = when.iter().map(|t| returns.index[*t]).collect();
        let whole = variance(&index);
        let beta = covariance(&own, &index) / whole;
        let (a, b) = (mean(&own), mean(&index));
        for (t, r) in when.iter().zip(&own) {
            left.rows[t * k + i] = r - a - beta * (returns.index[*t] - b);
            left.there[t * k + i] = true;
        }
        betas.push(beta);
        noise.push(variance(&left.of(i)) / (whole * when.len() as f64));
    }
    let spread = (variance(&betas) - mean(&noise)).max(0.0).sqrt();
    made.scenario.stocks.beta_spread = made.take("stocks.beta_spread", spread.min(1.0));
    let caps = caps(returns, made);
    let own_before: Vec<f64> = (0..k).map(|i| variance(&left.of(i))).collect();
    let common = left.demean(&vec![0; k], 1).remove(0);
    sectors(&mut left, market, returns, &own_before, made);
    let size = (variance(&common) - mean(&own_before) / k as f64).max(0.0) * DAYS;
    let average = if caps > 0.5 { caps } else { 1.0 };
    let mut styles = vec![rounded_style(size.sqrt() / average)];
    for _ in 0..2 {
        let own = mean(&(0..k).map(|i| variance(&left.of(i))).collect::<Vec<_>>());
        let value = left.component();
        // The largest eigenvalue of pure noise (Marchenko and Pastur 1967).
        let root = 1.0 + (k as f64 / returns.dates.len() as f64).sqrt();
        let edge = own * root * root / k as f64;
        styles.push(rounded_style(((value - edge).max(0.0) * DAYS).sqrt()));
    }
    for (at, style) in styles.iter().enumerate() {
        made.take(&format!("stocks.style_volatilities[{at}]"), *style);
    }
    made.scenario.stocks.style_volatilities = styles;
    specific(&left, returns, made);
    dividends(&left.names, returns, market, made);
}

fn rounded_style(x: f64) -> f64 {
    (x * 1e3).round() / 1e3
}

/// Standard deviation of log weights over names, averaged over one session each half year.
fn caps(returns: &StockReturns, made: &mut Calibration) -> f64 {
    if !returns.has_index {
        made.keep("stocks.cap_spread", "no index with weights");
        return made.scenario.stocks.cap_spread;
    }
    let n = returns.stocks.len();
    let spread = |t: usize| {
        let row = &returns.weights[t * n..(t + 1) * n];
        let logs: Vec<f64> = row.iter().filter(|w| **w > 0.0).map(|w| libm::log(*w)).collect();
        deviation(&logs)
    };
    let all: Vec<f64> = (0..returns.dates.len()).step_by(126).map(spread).collect();
    made.scenario.stocks.cap_spread = made.take("stocks.cap_spread", mean(&all).min(3.0));
    mean(&all)
}

fn sectors(
    left: &mut Residuals,
    market: &Market,
    returns: &StockReturns,
    own: &[f64],
    made: &mut Calibration,
) {
    let sector = |i: &usize| market.securities()[returns.stocks[*i].index()].sector.as_str();
    let mut all: Vec<&str> = left.names.iter().map(sector).collect();
    all.sort_unstable();
    all.dedup();
    let groups: Vec<usize> = left.names.iter().map(|i| all.binary_search(&sector(i)).unwrap_or(0)).collect();
    let size = |g: usize| groups.iter().filter(|x| **x == g).count();
    let usable: Vec<usize> = (0..all.len()).filter(|g| !all[*g].is_empty() && size(*g) >= SECTOR).collect();
    if usable.len() < 2 {
        made.keep("stocks.sector_volatility", "no sectors in the file");
        made.keep("sectors", "no sectors in the file");
        return;
    }
    let means = left.demean(&groups, all.len());
    let variances: Vec<f64> = usable
        .iter()
        .map(|g| {
            let members: Vec<f64> = (0..own.len()).filter(|i| groups[*i] == *g).map(|i| own[i]).collect();
            (variance(&means[*g]) - mean(&members) / members.len() as f64).max(0.0)
        })
        .collect();
    let volatility = (mean(&variances) * DAYS).sqrt();
    made.scenario.stocks.sector_volatility = made.take("stocks.sector_volatility", volatility.min(1.0));
    made.scenario.sectors = usable.len().min(30);
    made.estimated.push(("sectors".to_owned(), usable.len() as f64));
}

/// Specific risk: volatilities over names, their relation to size, kurtosis relative to the typical size of
/// residuals on the day, and how closely that size follows the volatility of the index.
fn specific(left: &Residuals, returns: &StockReturns, made: &mut Calibration) {
    let (k, n) = (left.names.len(), returns.stocks.len());
    let volatilities: Vec<f64> = (0..k).map(|i| (variance(&left.of(i)) * DAYS).sqrt()).collect();
    let logs: Vec<f64> = volatilities.iter().map(|v| libm::log(v.max(1e-4))).collect();
    made.scenario.stocks.specific_volatility =
        made.take("stocks.specific_volatility", median(volatilities.clone()));
    made.scenario.stocks.specific_spread = made.take("stocks.specific_spread", deviation(&logs).min(1.0));
    if returns.has_index {
        let size = |i: &usize| {
            let weights = (0..returns.dates.len()).map(|t| returns.weights[t * n + i]).filter(|w| *w > 0.0);
            libm::log(mean(&weights.collect::<Vec<_>>()).max(1e-9))
        };
        let sizes: Vec<f64> = left.names.iter().map(size).collect();
        made.scenario.stocks.specific_size = made.take("stocks.specific_size", correlation(&sizes, &logs));
    } else {
        made.keep("stocks.specific_size", "no index with weights");
    }
    // The typical size of a residual on each day, in units of each name's volatility. A median is robust to
    // news about one name.
    let daily: Vec<f64> = left
        .rows
        .chunks_exact(k)
        .zip(left.there.chunks_exact(k))
        .map(|(row, there)| {
            let sizes = (0..k).filter(|i| there[*i]).map(|i| row[i].abs() / volatilities[i].max(1e-4));
            median(sizes.collect()).max(1e-6)
        })
        .collect();
    let kurtoses = (0..k).map(|i| {
        let x: Vec<f64> = (0..daily.len())
            .filter(|t| left.there[t * k + i])
            .map(|t| left.rows[t * k + i] / daily[t])
            .collect();
        kurtosis(&x)
    });
    let tails = median(kurtoses.collect());
    made.scenario.stocks.specific_kurtosis = made.take("stocks.specific_kurtosis", tails.clamp(3.0, 60.0));
    let blocks: Vec<(f64, f64)> = daily
        .chunks_exact(BLOCK)
        .zip(returns.index.chunks_exact(BLOCK))
        .map(|(own, index)| (libm::log(mean(own)), libm::log(deviation(index).max(1e-6))))
        .collect();
    let (own, index): (Vec<f64>, Vec<f64>) = blocks.into_iter().unzip();
    let slope = covariance(&own, &index) / variance(&index).max(1e-9);
    made.scenario.stocks.specific_follows = made.take("stocks.specific_follows", slope.clamp(0.0, 1.0));
}

fn dividends(names: &[usize], returns: &StockReturns, market: &Market, made: &mut Calibration) {
    let mut place = vec![None; market.securities().len()];
    for (at, i) in names.iter().enumerate() {
        place[returns.stocks[*i].index()] = Some(at);
    }
    let (Some(from), Some(to)) = (returns.dates.first(), returns.dates.last()) else { return };
    let (mut sums, mut days) = (vec![0.0; names.len()], vec![0.0; names.len()]);
    for (t, view) in market.sessions(*from, *to).enumerate() {
        for (at, i) in names.iter().enumerate() {
            days[at] += f64::from(u8::from(returns.returns[t * returns.stocks.len() + i].is_some()));
        }
        for d in view.distributions() {
            let (Some(at), Some(close)) = (place[d.security.index()], view.close(d.security)) else {
                continue;
            };
            if returns.returns[t * returns.stocks.len() + names[at]].is_some() {
                sums[at] += d.per_share.to_f64() / close.to_f64();
            }
        }
    }
    let yields: Vec<f64> = sums.iter().zip(&days).map(|(s, d)| s / (d / DAYS)).collect();
    let paying: Vec<f64> = yields.iter().copied().filter(|y| *y > 0.0005).collect();
    if paying.is_empty() {
        for key in ["payers", "yield_median", "yield_spread"] {
            made.keep(&format!("dividends.{key}"), "no dividends in the file");
        }
    } else {
        let share = paying.len() as f64 / yields.len() as f64;
        let logs: Vec<f64> = paying.iter().map(|y| libm::log(*y)).collect();
        made.scenario.dividends.payers = made.take("dividends.payers", share);
        made.scenario.dividends.yield_median = made.take("dividends.yield_median", median(paying));
        made.scenario.dividends.yield_spread = made.take("dividends.yield_spread", deviation(&logs).min(2.0));
    }
    let trusts = names.iter().filter(|i| {
        market.securities()[returns.stocks[**i].index()].sector.eq_ignore_ascii_case("Real Estate")
    });
    let share = trusts.count() as f64 / names.len() as f64;
    if share > 0.0 {
        made.scenario.dividends.ordinary_payers = made.take("dividends.ordinary_payers", share);
    } else {
        made.keep("dividends.ordinary_payers", "no sector named Real Estate");
    }
}
