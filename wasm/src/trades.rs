//! What an arm did day by day, as rows of numbers: its trades with their causes, and how far from its policy each close found it.

use chrono::NaiveDate;
use unisleeve_core::engine::ArmResult;
use unisleeve_core::journal::{Cause, Outright, Side, Trade};
use unisleeve_core::market::{Action, Market};
use unisleeve_core::units::Term;

use crate::convert::{Outcome, since_1970};

/// Numbers in a row of [`Outcome::trades`].
pub const TRADE: usize = 15;

impl Outcome {
    /// Symbols of all securities, by their number.
    pub fn symbols(&self) -> Vec<String> {
        self.study().bench.market.securities().iter().map(|s| s.symbol.clone()).collect()
    }

    /// An arm's trades, the rows of `trades.csv` in their order: for each lot touched, and each part of it that was washed, the day
    /// since 1970-01-01, account, sleeve, security, side (its place in [`Side`]), cause (its place in [`Cause::LIST`]), shares,
    /// amount, cost, gain recognised, loss disallowed, term (0 none, 1 short, 2 long); then why, in fractions of the mandate's
    /// value: tax, risk, and what the targets paid. Dollars.
    ///
    /// # Errors
    /// A sentence, when there is no arm of that name.
    pub fn trades(&self, arm: &str) -> Result<Vec<f64>, String> {
        let result = &self.arm(arm)?.result;
        let mut rows = Vec::new();
        for row in result.journal.rows() {
            let t = row.trade;
            // Only a sale has a term, and what a distribution of capital paid beyond the basis.
            let term = match (t.side, t.term) {
                (Side::Buy, _) | (_, None) => 0,
                (_, Some(Term::Short)) => 1,
                (_, Some(Term::Long)) => 2,
            };
            let numbers: [f64; TRADE] = [
                f64::from(since_1970(t.date)),
                t.account.index() as f64,
                t.sleeve.index() as f64,
                t.security.index() as f64,
                f64::from(t.side as u8),
                f64::from(cause(result, &self.study().bench.market, t) as u8),
                row.quantity.to_f64(),
                row.amount.to_f64(),
                row.cost.to_f64(),
                row.recognized().to_f64(),
                row.disallowed.to_f64(),
                f64::from(term),
                t.reason.tax,
                t.reason.risk,
                t.reason.forced,
            ];
            rows.extend_from_slice(&numbers);
        }
        Ok(rows)
    }

    /// An arm at each session's close: tracking error ex ante, then the drift of each asset class from its policy weight, in the order
    /// and as defined in `measures.drift`, as left at the close; NaN where nothing is invested.
    ///
    /// # Errors
    /// A sentence, when there is no arm of that name.
    pub fn closes(&self, arm: &str) -> Result<Vec<f64>, String> {
        let arm = self.arm(arm)?;
        let journal = &arm.result.journal;
        let classes = &arm.measures.drift;
        let sleeves = journal.sleeve_marks.len() / journal.marks.len().max(1);
        let mut days = journal.sleeve_marks.chunks_exact(sleeves.max(1));
        let mut rows = Vec::new();
        for mark in &journal.marks {
            rows.push(mark.te_ex_ante);
            let first = rows.len();
            rows.resize(first + classes.len(), 0.0);
            let (total, mut off, mut invested) = (mark.value.to_f64(), 0.0, 0.0);
            let day = days.next().unwrap_or_default();
            let specs = arm.result.setup.sleeves(mark.date);
            for (spec, mark) in specs.iter().zip(day) {
                let value = mark.value.to_f64();
                invested += value;
                off += if spec.index.is_none() { value } else { 0.0 };
            }
            for (spec, mark) in specs.iter().zip(day) {
                let class = classes.iter().position(|c| c.asset_class == spec.asset_class);
                if let (Some(_), Some(class)) = (spec.index, class) {
                    let drift = mark.value.to_f64() / total - spec.weight * (1.0 - off / total);
                    rows[first + class] += if invested > 0.0 { drift } else { f64::NAN };
                }
            }
        }
        Ok(rows)
    }
}

/// Why a trade was made.
fn cause(result: &ArmResult, market: &Market, t: &Trade) -> Cause {
    Cause::of(t, || payout(market, t), || outright(result, t.date, t))
}

/// What a company did that made shares into cash.
fn payout(market: &Market, t: &Trade) -> Option<Cause> {
    let mut actions = market.sessions(t.date, t.date).next()?.actions();
    actions.find_map(|a| match *a {
        Action::Delisting { security } if security == t.security => Some(Cause::PricesEnded),
        Action::SpinOff { child, is_priced: false, .. } if child == t.security => Some(Cause::HandedOut),
        _ => None,
    })
}

/// What stood behind a sale that no optimisation asked for.
fn outright(result: &ArmResult, date: NaiveDate, t: &Trade) -> Outright {
    let sleeve = result.setup.sleeves(date).get(t.sleeve.index());
    Outright {
        is_closed: result.closed.iter().any(|c| (c.date, c.account) == (date, t.account)),
        must_go: sleeve.is_some_and(|s| s.holdings.iter().any(|h| h.security == t.security && h.must_go)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use unisleeve_core::study::Scope;
    use unisleeve_core::units::Money;

    use super::*;
    use crate::convert::{open, run};

    const SAMPLE: &[u8] = include_bytes!("../../backtest/sample/sample.bin");

    fn outcome() -> Outcome {
        let years = r#"{"start": "2003-01-02", "end": "2004-12-31"}"#;
        run(&open(SAMPLE).unwrap(), years, Scope::EqualGamma, &mut |_| ()).unwrap()
    }

    /// Dollars by day, security and side: as rows tell them, and as the journal's trades do.
    #[test]
    fn rows_add_up_to_the_journal() {
        let outcome = outcome();
        for arm in &outcome.study().arms {
            let rows = outcome.trades(arm.name).unwrap();
            type Sums = BTreeMap<(i64, i64, i64), [Money; 3]>;
            let (mut told, mut booked) = (Sums::new(), Sums::new());
            let money = |x: f64| Money::from_f64(x).unwrap();
            let (mut recognized, mut washed) = (Money::ZERO, Money::ZERO);
            for r in rows.chunks_exact(TRADE) {
                let sum = told.entry((r[0] as i64, r[3] as i64, r[4] as i64)).or_default();
                for (to, column) in sum.iter_mut().zip([6, 7, 8]) {
                    *to += money(r[column]);
                }
                recognized += money(r[9]);
                washed += money(r[10]);
                assert!((r[5] as usize) < Cause::LIST.len());
                assert_eq!(r[11] > 0.0, r[4] == f64::from(Side::Sell as u8), "{r:?}");
            }
            for t in &arm.result.journal.trades {
                let key = (i64::from(since_1970(t.date)), t.security.index() as i64, t.side as i64);
                let sum = booked.entry(key).or_default();
                for (to, x) in sum.iter_mut().zip([money(t.quantity.to_f64()), t.amount, t.cost]) {
                    *to += x;
                }
            }
            assert!(rows.len() > 20 * TRADE && booked.len() == told.len(), "{}", arm.name);
            for (key, [shares, dollars, cost]) in &booked {
                let [s, d, c] = told[key];
                // Shares have two more decimals than what they are summed in.
                assert!((s - *shares).to_f64().abs() < 0.01, "{key:?}");
                assert_eq!((d, c), (*dollars, *cost), "{key:?}");
            }
            let years = &arm.measures.realized_by_year;
            assert_eq!(recognized, years.iter().map(|y| y.net_short + y.net_long).sum());
            assert_eq!(washed, arm.measures.losses_washed);
        }
        assert_eq!(outcome.symbols().len(), outcome.study().bench.market.securities().len());
        assert!(outcome.trades("fund").unwrap_err().starts_with("fund: expected one of the arms"));
    }

    /// On the calendar's days the closes are those that the measures average.
    #[test]
    fn closes_are_what_the_measures_average() {
        let outcome = outcome();
        let days = outcome.days();
        for arm in &outcome.study().arms {
            let journal = &arm.result.journal;
            let drift = &arm.measures.drift;
            let rows = outcome.closes(arm.name).unwrap();
            let rows: Vec<&[f64]> = rows.chunks_exact(1 + drift.len()).collect();
            assert_eq!((rows.len(), rows[7][0]), (days.len(), journal.marks[7].te_ex_ante));
            for (i, class) in drift.iter().enumerate() {
                let left: Vec<f64> = journal
                    .rebalancings
                    .iter()
                    .map(|d| rows[days.binary_search(&since_1970(*d)).unwrap()][1 + i].abs())
                    .collect();
                let mean = left.iter().sum::<f64>() / left.len() as f64;
                assert!((mean - class.average_left.unwrap()).abs() < 1e-12, "{}", class.asset_class);
            }
        }
    }
}
