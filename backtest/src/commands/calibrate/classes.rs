//! Estimates asset classes from funds. The first fund of a class represents it.

use chrono::Datelike;
use unisleeve_core::market::Market;
use unisleeve_core::market::scenario::{AssetClass, Fund, Income};
use unisleeve_core::units::{IncomeKind, SecurityId};

use super::calibration::{Calibration, rounded};
use super::clustering::log_growth;
use super::returns::StockReturns;
use super::sums::{correlation, deviation, mean, variance};

/// Fewest months of returns for a class.
const MONTHS: usize = 24;

/// For the stock class: expected return `exp(252 (mean + variance / 2)) - 1` of the index's daily log
/// returns, and their volatility. For the other classes: the same from monthly log returns of the first fund
/// (with 12 instead of 252), the fund's yield, and correlations over the months in which all have prices.
pub(super) fn estimate(returns: &StockReturns, market: &Market, stock_class: &str, made: &mut Calibration) {
    let log: Vec<f64> = returns.index.iter().map(|r| log_growth(*r)).collect();
    let expected = libm::expm1(252.0 * (mean(&log) + 0.5 * variance(&log)));
    let volatility = deviation(&log) * 252.0_f64.sqrt();
    let stocks = AssetClass {
        name: stock_class.to_owned(),
        expected_return: made.take("classes[0].expected_return", expected),
        volatility: made.take("classes[0].volatility", volatility),
        distribution_yield: 0.0,
        income: Income::Dividend,
        qualified: 0.0,
    };
    let mut funds: Vec<(String, SecurityId)> = Vec::new();
    for (at, s) in market.securities().iter().enumerate() {
        let is_new = !funds.iter().any(|(class, _)| *class == s.asset_class);
        if s.kind.eq_ignore_ascii_case("fund")
            && !s.asset_class.is_empty()
            && s.asset_class != stock_class
            && is_new
        {
            funds.push((s.asset_class.clone(), SecurityId(at as u32)));
        }
    }
    let months = months(returns, market, &mut funds);
    if funds.is_empty() || months[0].len() < MONTHS {
        made.keep("classes", "no funds of other asset classes over two years or more");
        made.scenario.classes.truncate(1);
        made.scenario.classes[0] = stocks;
        made.scenario.correlations = vec![vec![1.0]];
        let name = made.scenario.classes[0].name.clone();
        made.scenario.funds.retain_mut(|f| {
            f.class == "US stocks" && {
                f.class.clone_from(&name);
                true
            }
        });
        return;
    }
    let mut classes = vec![stocks];
    let mut list: Vec<Fund> =
        made.scenario.funds.iter().filter(|f| f.class == "US stocks").cloned().collect();
    for f in &mut list {
        stock_class.clone_into(&mut f.class);
    }
    for (at, (name, fund)) in funds.iter().enumerate() {
        let r = &months[at + 1];
        let key = |what: &str| format!("classes[{}].{what}", at + 1);
        let (yields, income, qualified) = income(returns, market, *fund);
        classes.push(AssetClass {
            name: name.clone(),
            expected_return: made
                .take(&key("expected_return"), libm::expm1(12.0 * (mean(r) + 0.5 * variance(r)))),
            volatility: made.take(&key("volatility"), deviation(r) * 12.0_f64.sqrt()),
            distribution_yield: made.take(&key("distribution_yield"), yields),
            income,
            qualified: rounded(qualified),
        });
        let symbol = market.securities()[fund.index()].symbol.clone();
        list.push(Fund { symbol, class: name.clone(), expense_ratio: 0.0, payments: 4, tracking_error: 0.0 });
    }
    let n = classes.len();
    let mut matrix = vec![vec![1.0; n]; n];
    for i in 0..n {
        for j in 0..i {
            let x = (correlation(&months[i], &months[j]) * 1e3).round() / 1e3;
            made.estimated.push((format!("correlations[{i}][{j}]"), x));
            (matrix[i][j], matrix[j][i]) = (x, x);
        }
    }
    made.scenario.classes = classes;
    made.scenario.correlations = matrix;
    made.scenario.funds = list;
    made.keep("funds", "one for each class, without expenses: prices have them in already");
}

/// Monthly log returns of the index and of each fund. Removes funds that have no price at the first session.
fn months(returns: &StockReturns, market: &Market, funds: &mut Vec<(String, SecurityId)>) -> Vec<Vec<f64>> {
    let (Some(from), Some(to)) = (returns.dates.first(), returns.dates.last()) else {
        return vec![Vec::new()];
    };
    let first = market.sessions(*from, *to).next();
    funds.retain(|(_, f)| first.is_some_and(|v| v.close(*f).is_some()));
    let mut out = vec![Vec::new(); funds.len() + 1];
    let mut sums = vec![0.0; funds.len() + 1];
    let mut month = from.month();
    for (t, view) in market.sessions(*from, *to).enumerate() {
        if view.date().month() != month {
            month = view.date().month();
            for (out, sum) in out.iter_mut().zip(&mut sums) {
                out.push(core::mem::take(sum));
            }
        }
        sums[0] += log_growth(returns.index[t]);
        for (sum, (_, fund)) in sums[1..].iter_mut().zip(funds.iter()) {
            *sum += log_growth(view.total_return(*fund, 0).unwrap_or(0.0));
        }
    }
    out
}

/// A fund's annual yield, the kind of income that makes up most of it, and the qualified share of its
/// dividends.
fn income(returns: &StockReturns, market: &Market, fund: SecurityId) -> (f64, Income, f64) {
    let (Some(from), Some(to)) = (returns.dates.first(), returns.dates.last()) else {
        return (0.0, Income::Dividend, 0.0);
    };
    let (mut interest, mut qualified, mut ordinary) = (0.0, 0.0, 0.0);
    for view in market.sessions(*from, *to) {
        for d in view.distributions().filter(|d| d.security == fund) {
            let part = view.close(fund).map_or(0.0, |c| d.per_share.to_f64() / c.to_f64());
            match d.kind {
                IncomeKind::Interest => interest += part,
                IncomeKind::QualifiedDividend => qualified += part,
                IncomeKind::OrdinaryDividend => ordinary += part,
            }
        }
    }
    let years = returns.dates.len() as f64 / 252.0;
    let dividends = qualified + ordinary;
    let whole = (interest + dividends) / years;
    if interest > dividends {
        (whole, Income::Interest, 0.0)
    } else {
        (whole, Income::Dividend, if dividends > 0.0 { qualified / dividends } else { 0.0 })
    }
}
