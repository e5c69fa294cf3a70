//! What an arm did day by day, as rows of numbers: its trades with their causes, and how far from its policy each close found it.

use unisleeve_core::engine::ArmResult;
use unisleeve_core::journal::{Cause, Trade};
use unisleeve_core::market::{Action, Market};
use unisleeve_core::study::StudyArm;

use crate::convert::{Outcome, since_1970};

/// Lines of causes among the words.
const CAUSES: usize = Cause::CODES.len();
/// Numbers in a trade's row of [`Outcome::rows`].
pub const TRADE: usize = 15;

impl Outcome {
    /// Causes of trades as in [`Cause::WORDS`], then the symbols of all securities, a line each: what numbers of [`Outcome::rows`]
    /// stand for.
    #[allow(clippy::single_char_add_str, reason = "a character would bring its own code into WebAssembly")]
    pub fn words(&self) -> String {
        let mut words = String::new();
        words.push_str(Cause::WORDS);
        for security in self.study().bench.market.securities() {
            words.push_str(&security.symbol);
            words.push_str("\n");
        }
        words
    }

    /// What an arm did: a row for each session, then one for each trade.
    ///
    /// A session's: tracking error ex ante, then the drift of each asset class from its policy weight, in the order and as defined in
    /// `measures.drift`, as left at the close.
    ///
    /// A trade's, the rows of `trades.csv` in their order (each lot touched, and each part of it that was washed): the day since
    /// 1970-01-01, account, sleeve, security and cause (lines of [`Outcome::words`]), side (its place in [`Side`](unisleeve_core::journal::Side)), shares, amount, cost,
    /// gain recognised, loss disallowed, term (0 none, 1 short, 2 long); then why, in fractions of the mandate's value: tax, risk,
    /// and what the targets paid. Dollars.
    ///
    /// # Errors
    /// A sentence, when there is no arm of that name.
    pub fn rows(&self, arm: &str) -> Result<Vec<f64>, String> {
        let StudyArm { result, measures, .. } = self.arm(arm)?;
        let mut rows = Vec::new();
        let mut sleeves = result.journal.sleeve_marks.as_slice();
        for close in &result.journal.marks {
            let specs = result.setup.sleeves(close.date);
            let Some((day, later)) = sleeves.split_at_checked(specs.len()) else { break };
            sleeves = later;
            let total = close.value.to_f64();
            rows.push(close.te_ex_ante);
            for class in &measures.drift {
                let (mut held, mut weight, mut off) = (0.0, 0.0, 0.0);
                for (spec, mark) in specs.iter().zip(day) {
                    let value = mark.value.to_f64();
                    if spec.index.is_none() {
                        off += value;
                    } else if spec.asset_class == class.asset_class {
                        held += value;
                        weight += spec.weight;
                    }
                }
                rows.push((held - weight * (total - off)) / total);
            }
        }
        for row in result.journal.rows() {
            let t = row.trade;
            let numbers: [f64; TRADE] = [
                f64::from(since_1970(t.date)),
                t.account.index() as f64,
                t.sleeve.index() as f64,
                (CAUSES + t.security.index()) as f64,
                f64::from(cause(result, &self.study().bench.market, t) as u8),
                f64::from(t.side as u8),
                row.quantity.to_f64(),
                row.amount.to_f64(),
                row.cost.to_f64(),
                row.recognized().to_f64(),
                row.disallowed.to_f64(),
                f64::from(t.term.map_or(0, |term| 1 + term as u8)),
                t.reason.tax,
                t.reason.risk,
                t.reason.forced,
            ];
            rows.extend_from_slice(&numbers);
        }
        Ok(rows)
    }
}

/// Why a trade was made.
fn cause(result: &ArmResult, market: &Market, t: &Trade) -> Cause {
    Cause::of(t, || payout(market, t), || outright(result, t))
}

/// What a company did that made shares into cash.
fn payout(market: &Market, t: &Trade) -> Option<Cause> {
    for action in market.sessions(t.date, t.date).next()?.actions() {
        match *action {
            Action::Delisting { security } if security == t.security => return Some(Cause::PricesEnded),
            Action::SpinOff { child, is_priced: false, .. } if child == t.security => {
                return Some(Cause::HandedOut);
            }
            _ => {}
        }
    }
    None
}

/// Why a sale was made that no optimisation asked for.
fn outright(result: &ArmResult, t: &Trade) -> Cause {
    let sleeve = result.setup.sleeves(t.date).get(t.sleeve.index());
    Cause::outright(
        result.closed.iter().any(|c| (c.date, c.account) == (t.date, t.account)),
        sleeve.is_some_and(|s| s.holdings.iter().any(|h| h.security == t.security && h.must_go)),
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use unisleeve_core::study::Scope;
    use unisleeve_core::units::Money;

    use super::*;
    use crate::config::parse;
    use crate::convert::{open, run};

    const SAMPLE: &[u8] = include_bytes!("../../backtest/sample/sample.bin");

    fn outcome() -> Outcome {
        let years = r#"{"start": "2003-01-02", "end": "2004-12-31"}"#;
        run(&open(SAMPLE).unwrap(), parse(years).unwrap(), Scope::EqualGamma, &mut |_| ()).unwrap()
    }

    /// Shares, dollars and costs by day, security and side.
    type Sums = BTreeMap<(i64, i64, i64), [Money; 3]>;

    /// An arm's rows: of sessions, and of trades.
    fn rows(outcome: &Outcome, arm: &StudyArm) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
        let rows = outcome.rows(arm.name).unwrap();
        let width = 1 + arm.measures.drift.len();
        let (closes, trades) = rows.split_at(width * outcome.days().len());
        let cut = |rows: &[f64], width| rows.chunks_exact(width).map(<[f64]>::to_vec).collect();
        assert_eq!(trades.len() % TRADE, 0);
        (cut(closes, width), cut(trades, TRADE))
    }

    /// Dollars by day, security and side: as rows tell them, and as the journal's trades do.
    #[test]
    fn rows_add_up_to_the_journal() {
        let outcome = outcome();
        for arm in &outcome.study().arms {
            let (_, rows) = rows(&outcome, arm);
            let (mut told, mut booked) = (Sums::new(), Sums::new());
            let money = |x: f64| Money::from_f64(x).unwrap();
            let (mut recognized, mut washed) = (Money::ZERO, Money::ZERO);
            for r in &rows {
                let sum = told.entry((r[0] as i64, r[3] as i64, r[5] as i64)).or_default();
                for (to, column) in sum.iter_mut().zip([6, 7, 8]) {
                    *to += money(r[column]);
                }
                recognized += money(r[9]);
                washed += money(r[10]);
                assert!((r[4] as usize) < CAUSES);
                assert!(r[11] > 0.0 || r[9] == 0.0, "{r:?}");
            }
            for t in &arm.result.journal.trades {
                let word = (CAUSES + t.security.index()) as i64;
                let key = (i64::from(since_1970(t.date)), word, t.side as i64);
                let sum = booked.entry(key).or_default();
                for (to, x) in sum.iter_mut().zip([money(t.quantity.to_f64()), t.amount, t.cost]) {
                    *to += x;
                }
            }
            assert!(rows.len() > 20 && booked.len() == told.len(), "{}", arm.name);
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
        let securities = outcome.study().bench.market.securities();
        let words = outcome.words();
        assert_eq!(words.lines().count(), CAUSES + securities.len());
        assert_eq!(words.lines().last(), securities.last().map(|s| s.symbol.as_str()));
        assert!(outcome.rows("fund").unwrap_err().starts_with("fund: expected one of the arms"));
    }

    /// On the calendar's days the closes are those that the measures average.
    #[test]
    fn closes_are_what_the_measures_average() {
        let outcome = outcome();
        let days = outcome.days();
        for arm in &outcome.study().arms {
            let journal = &arm.result.journal;
            let drift = &arm.measures.drift;
            let (rows, _) = rows(&outcome, arm);
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
