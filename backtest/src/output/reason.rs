//! Why an order was made, as `trades.csv` says it: the leading cause in words, then its numbers.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use unisleeve_core::journal::{Reason, Side, Trade};
use unisleeve_core::market::{Action, Market};
use unisleeve_core::study::{Study, StudyArm};
use unisleeve_core::units::SecurityId;

use super::tables::symbol;

/// Causes: the code of each in JSON, and how its words begin.
pub(crate) const CAUSES: [(&str, &str); 14] = [
    ("tax_saved", "tax saved"),
    ("risk_removed", "risk removed"),
    ("targets", "cash and sleeve targets"),
    ("policy_weights", "policy weights"),
    ("cash_needed", "cash needed"),
    ("excluded", "excluded name"),
    ("account_closed", "account closed"),
    ("prices_ended", "paid out"),
    ("handed_out", "handed out"),
    ("split", "split"),
    ("spinoff", "spin-off"),
    ("corporate_action", "what the company did"),
    ("brought_along", "brought along"),
    ("given_away", "given away"),
];

/// What names an order's cause beside its numbers.
pub(super) struct Reasons {
    /// Why a company's shares were paid out on a day.
    payouts: BTreeMap<(NaiveDate, SecurityId), String>,
}

impl Reasons {
    /// Of a study's span.
    pub(super) fn new(study: &Study, market: &Market) -> Self {
        let mut payouts = BTreeMap::new();
        for view in market.sessions(study.span.0, study.span.1) {
            for action in view.actions() {
                let (security, words) = match *action {
                    Action::Delisting { security } => (security, "paid out: the prices ended".to_owned()),
                    Action::SpinOff { security, child, is_priced: false, .. } => {
                        (child, format!("handed out by {}, sold the same day", symbol(market, security)))
                    }
                    Action::SpinOff { .. } | Action::Split { .. } => continue,
                };
                payouts.insert((view.date(), security), words);
            }
        }
        Self { payouts }
    }

    /// The words and numbers of a trade. Basis points of the mandate's value.
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
        match t.side {
            Side::Split => "split of the shares",
            Side::Spinoff => "spin-off",
            Side::Merger | Side::ReturnOfCapital => "what the company did",
            Side::TransferIn => "brought along",
            Side::TransferOut => "account closed",
            Side::GiftOut => "given away",
            Side::Sell if t.reason == Reason::default() => {
                let payout = self.payouts.get(&(t.date, t.security));
                payout.map_or_else(|| priced(&t.reason), String::as_str)
            }
            Side::Sell if is_outright(&t.reason) => outright(arm, t),
            Side::Buy | Side::Sell => priced(&t.reason),
        }
    }
}

/// Whether a sale was made without an optimisation: it then carries -1 and nothing else.
fn is_outright(r: &Reason) -> bool {
    let zero = |x: f64| x.abs() < 1e-12;
    zero(r.forced + 1.0) && zero(r.tax) && zero(r.risk) && zero(r.cost)
}

/// Why a sale was made without an optimisation.
fn outright(arm: &StudyArm, t: &Trade) -> &'static str {
    let sleeve = arm.result.setup.sleeves(t.date).get(t.sleeve.index());
    let must_go = sleeve.is_some_and(|s| s.holdings.iter().any(|h| h.security == t.security && h.must_go));
    if arm.result.closed.iter().any(|c| (c.date, c.account) == (t.date, t.account)) {
        "account closed"
    } else if must_go {
        "excluded name"
    } else {
        "cash needed"
    }
}

/// The cause that weighs most in the optimiser's numbers.
fn priced(r: &Reason) -> &'static str {
    let causes = [("tax saved", -r.tax), ("risk removed", -r.risk), ("cash and sleeve targets", r.forced)];
    let mut lead = causes[0];
    for cause in causes {
        if cause.1 > lead.1 {
            lead = cause;
        }
    }
    if lead.1 > 0.0 { lead.0 } else { "policy weights" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_cause_leads() {
        let r = |tax, risk, forced| Reason { tax, risk, forced, cost: 0.1 };
        assert_eq!(priced(&r(-2.0, -1.0, 0.0)), "tax saved");
        assert_eq!(priced(&r(1.0, -3.0, 2.0)), "risk removed");
        assert_eq!(priced(&r(1.0, 3.0, 2.0)), "cash and sleeve targets");
        assert_eq!(priced(&r(1.0, 3.0, -1.0)), "policy weights");
        assert!(
            is_outright(&Reason { forced: -1.0, ..Reason::default() }) && !is_outright(&r(0.0, 0.0, -1.0))
        );
    }
}
