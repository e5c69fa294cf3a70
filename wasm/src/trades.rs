//! An arm's trades with their causes, and the distance of each close from the policy.

use unisleeve_core::books::journal::{Cause, Trade, TradeRow};
use unisleeve_core::engine::ArmResult;
use unisleeve_core::market::{Action, Market};
use unisleeve_core::study::StudyArm;

use crate::convert::{Outcome, since_1970};

/// A traded lot, or the part of it in a wash sale: one row of `trades.csv`. Amounts are in dollars.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TradeEntry {
    /// Days since 1970-01-01.
    pub day: i32,
    /// Index of the account in the summary's list.
    pub account: u32,
    /// Index of the sleeve among the arm's sleeves on that day.
    pub sleeve: u32,
    /// Index of the security in [`Outcome::symbols`].
    pub security: u32,
    /// Index of the cause in [`Outcome::causes`].
    pub cause: u8,
    /// Index in [`Side`](unisleeve_core::books::journal::Side): 0 is buy, 1 is sell, higher values are not
    /// orders.
    pub side: u8,
    /// Shares.
    pub shares: f64,
    /// Shares times price.
    pub amount: f64,
    /// Trading cost.
    pub cost: f64,
    /// Gain recognized.
    pub recognized: f64,
    /// Loss disallowed.
    pub disallowed: f64,
    /// Term of the gain: 0 none, 1 short, 2 long.
    pub term: u8,
    /// Tax as the optimizer weighed it, as a fraction of the mandate's value. Negative means tax saved.
    pub tax: f64,
    /// Risk as the optimizer weighed it, same unit. Negative means risk removed.
    pub risk: f64,
    /// Gain from the targets for cash and sleeves, same unit.
    pub targets: f64,
}

/// Distance of each close from the policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Closes {
    /// Expected annual tracking error, by session.
    pub tracking_error: Vec<f64>,
    /// Drift from the policy weight by session, one list for each asset class of `measures.drift`, in the
    /// same order and with the same definition.
    pub drift: Vec<Vec<f64>>,
}

impl Outcome {
    /// Descriptions of the causes of trades.
    pub fn causes() -> Vec<&'static str> {
        Cause::WORDS.lines().collect()
    }

    /// Symbols of all securities.
    pub fn symbols(&self) -> Vec<&str> {
        self.study().bench.market.securities().iter().map(|s| s.symbol.as_str()).collect()
    }

    /// Returns an arm's trades in the order of `trades.csv`.
    ///
    /// # Errors
    /// Returns a sentence when no arm has that name.
    pub fn trades(&self, arm: &str) -> Result<Vec<TradeEntry>, String> {
        let result = &self.arm(arm)?.result;
        let market = &self.study().bench.market;
        let row = |row: TradeRow<'_>| {
            let t = row.trade;
            TradeEntry {
                day: since_1970(t.date),
                account: t.account.index() as u32,
                sleeve: t.sleeve.index() as u32,
                security: t.security.index() as u32,
                cause: cause(result, market, t) as u8,
                side: t.side as u8,
                shares: row.quantity.to_f64(),
                amount: row.amount.to_f64(),
                cost: row.cost.to_f64(),
                recognized: row.recognized().to_f64(),
                disallowed: row.disallowed.to_f64(),
                term: t.term.map_or(0, |term| 1 + term as u8),
                tax: t.reason.tax,
                risk: t.reason.risk,
                targets: t.reason.forced,
            }
        };
        Ok(result.journal.rows().map(row).collect())
    }

    /// Returns the distance of each of an arm's closes from the policy.
    ///
    /// # Errors
    /// Returns a sentence when no arm has that name.
    pub fn closes(&self, arm: &str) -> Result<Closes, String> {
        let StudyArm { result, measures, .. } = self.arm(arm)?;
        let mut closes = Closes { tracking_error: Vec::new(), drift: vec![Vec::new(); measures.drift.len()] };
        let mut sleeves = result.journal.sleeve_marks.as_slice();
        for close in &result.journal.marks {
            let specs = result.setup.sleeves(close.date);
            let Some((day, later)) = sleeves.split_at_checked(specs.len()) else { break };
            sleeves = later;
            let total = close.value.to_f64();
            closes.tracking_error.push(close.te_ex_ante);
            for (class, drift) in measures.drift.iter().zip(&mut closes.drift) {
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
                drift.push((held - weight * (total - off)) / total);
            }
        }
        Ok(closes)
    }
}

/// Returns the cause of a trade.
fn cause(result: &ArmResult, market: &Market, t: &Trade) -> Cause {
    Cause::of(t, || payout(market, t), || outright(result, t))
}

/// Returns the corporate action that turned shares into cash.
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

/// Returns the cause of a sale that no optimization asked for.
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

    use chrono::NaiveDate;
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
    type Sums = BTreeMap<(i32, u32, u8), [Money; 3]>;

    /// Dollars by day, security and side are the same in these rows and in the journal's trades.
    #[test]
    fn rows_add_up_to_the_journal() {
        let outcome = outcome();
        let causes = Outcome::causes().len();
        assert_eq!(causes, Cause::CODES.len());
        for arm in &outcome.study().arms {
            let rows = outcome.trades(arm.name).unwrap();
            let (mut told, mut booked) = (Sums::new(), Sums::new());
            let money = |x: f64| Money::from_f64(x).unwrap();
            let (mut recognized, mut washed) = (Money::ZERO, Money::ZERO);
            for r in &rows {
                let sum = told.entry((r.day, r.security, r.side)).or_default();
                for (to, x) in sum.iter_mut().zip([r.shares, r.amount, r.cost]) {
                    *to += money(x);
                }
                recognized += money(r.recognized);
                washed += money(r.disallowed);
                assert!(usize::from(r.cause) < causes);
                assert!(r.term > 0 || r.recognized == 0.0, "{r:?}");
            }
            for t in &arm.result.journal.trades {
                let key = (since_1970(t.date), t.security.index() as u32, t.side as u8);
                let sum = booked.entry(key).or_default();
                for (to, x) in sum.iter_mut().zip([money(t.quantity.to_f64()), t.amount, t.cost]) {
                    *to += x;
                }
            }
            assert!(rows.len() > 20 && booked.len() == told.len(), "{}", arm.name);
            for (key, [shares, dollars, cost]) in &booked {
                let [s, d, c] = told[key];
                // Shares have two more decimals than the type they are summed in.
                assert!((s - *shares).to_f64().abs() < 0.01, "{key:?}");
                assert_eq!((d, c), (*dollars, *cost), "{key:?}");
            }
            let years = &arm.measures.realized_by_year;
            assert_eq!(recognized, years.iter().map(|y| y.net_short + y.net_long).sum());
            assert_eq!(washed, arm.measures.losses_washed);
        }
        assert_eq!(outcome.symbols().len(), outcome.study().bench.market.securities().len());
        assert!(outcome.trades("fund").unwrap_err().starts_with("fund: expected one of the arms"));
        assert!(outcome.closes("fund").unwrap_err().starts_with("fund: expected one of the arms"));
    }

    /// On the calendar's rebalancing days, the closes are the ones that the measures average.
    #[test]
    fn closes_are_what_the_measures_average() {
        let outcome = outcome();
        let days = outcome.days();
        for arm in &outcome.study().arms {
            let journal = &arm.result.journal;
            let drift = &arm.measures.drift;
            let closes = outcome.closes(arm.name).unwrap();
            assert_eq!(closes.tracking_error.len(), days.len());
            assert_eq!(
                (closes.tracking_error[7], closes.drift.len()),
                (journal.marks[7].te_ex_ante, drift.len())
            );
            for (class, by_day) in drift.iter().zip(&closes.drift) {
                let session = |d: &NaiveDate| days.binary_search(&since_1970(*d)).unwrap();
                let left: Vec<f64> = journal.rebalancings.iter().map(|d| by_day[session(d)].abs()).collect();
                let mean = left.iter().sum::<f64>() / left.len() as f64;
                assert!((mean - class.average_left.unwrap()).abs() < 1e-12, "{}", class.asset_class);
            }
        }
    }
}
