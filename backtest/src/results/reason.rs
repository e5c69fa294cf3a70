//! The `reason` column of `trades.csv`: the main cause of an order in words, then its numbers.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use unisleeve_core::books::journal::{Cause, Trade};
use unisleeve_core::market::{Action, Market};
use unisleeve_core::study::{Study, StudyArm};
use unisleeve_core::units::SecurityId;

use super::names::symbol;

/// Finds the cause of an order in words.
pub(super) struct Reasons {
    /// Why a security was paid out in cash on a day.
    payouts: BTreeMap<(NaiveDate, SecurityId), (Cause, String)>,
}

impl Reasons {
    /// Collects the payouts during a study.
    pub(super) fn new(study: &Study, market: &Market) -> Self {
        let mut payouts = BTreeMap::new();
        for view in market.sessions(study.span.0, study.span.1) {
            for action in view.actions() {
                let (security, words) = match *action {
                    Action::Delisting { security } => {
                        (security, (Cause::PricesEnded, "paid out: the prices ended".to_owned()))
                    }
                    Action::SpinOff { security, child, is_priced: false, .. } => {
                        let words = format!("handed out by {}, sold the same day", symbol(market, security));
                        (child, (Cause::HandedOut, words))
                    }
                    Action::SpinOff { .. } | Action::Split { .. } => continue,
                };
                payouts.insert((view.date(), security), words);
            }
        }
        Self { payouts }
    }

    /// The cause and numbers of a trade, in basis points of the mandate's value.
    pub(super) fn of(&self, arm: &StudyArm, t: &Trade) -> String {
        let r = &t.reason;
        let bp = |x: f64| x * 1e4;
        format!(
            "{}: tax {:.4} bp, risk {:.4} bp, cost {:.4} bp, targets {:.4} bp",
            self.lead(arm, t),
            bp(r.tax),
            bp(r.risk),
            bp(r.cost),
            bp(r.forced)
        )
    }

    fn lead(&self, arm: &StudyArm, t: &Trade) -> &str {
        let payout = self.payouts.get(&(t.date, t.security));
        match (Cause::of(t, || payout.map(|(cause, _)| *cause), || outright(arm, t)), payout) {
            (Cause::PricesEnded | Cause::HandedOut, Some((_, words))) => words,
            (Cause::Split, _) => "split of the shares",
            (cause, _) => cause.words(),
        }
    }
}

/// The cause of a sale that does not come from an optimization.
fn outright(arm: &StudyArm, t: &Trade) -> Cause {
    let sleeve = arm.result.setup.sleeves(t.date).get(t.sleeve.index());
    Cause::outright(
        arm.result.closed.iter().any(|c| (c.date, c.account) == (t.date, t.account)),
        sleeve.is_some_and(|s| s.holdings.iter().any(|h| h.security == t.security && h.must_go)),
    )
}
