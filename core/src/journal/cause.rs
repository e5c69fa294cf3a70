//! Why a trade was made: one list of causes, whoever tells them.

use super::{Reason, Side, Trade};

/// The cause that leads. Its number is its place in [`Cause::LIST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// What the optimiser's tax paid for.
    TaxSaved,
    /// What its risk paid for.
    RiskRemoved,
    /// What the rows for cash and sleeves' dollars paid for.
    Targets,
    /// None of these alone.
    PolicyWeights,
    /// Sold without an optimisation, for cash.
    CashNeeded,
    /// Sold without one, as a restriction does not allow it.
    Excluded,
    /// Sold or moved out with its account.
    AccountClosed,
    /// Its prices ended.
    PricesEnded,
    /// Handed out by a company, without prices of its own.
    HandedOut,
    /// A split.
    Split,
    /// A spin-off.
    Spinoff,
    /// A merger or a distribution of capital.
    CorporateAction,
    /// A lot that came along.
    BroughtAlong,
    /// A gift.
    GivenAway,
}

impl Cause {
    /// Each cause's code in JSON, and how its words begin.
    pub const LIST: [(&'static str, &'static str); 14] = [
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

    /// How its words begin.
    pub fn words(self) -> &'static str {
        Self::LIST[self as usize].1
    }

    /// Of a trade. `payout` says what a company did that a sale without any number followed from, `outright` why a sale was made
    /// without an optimisation.
    pub fn of(t: &Trade, payout: impl FnOnce() -> Option<Self>, outright: impl FnOnce() -> Outright) -> Self {
        match t.side {
            Side::Split => Self::Split,
            Side::Spinoff => Self::Spinoff,
            Side::Merger | Side::ReturnOfCapital => Self::CorporateAction,
            Side::TransferIn => Self::BroughtAlong,
            Side::TransferOut => Self::AccountClosed,
            Side::GiftOut => Self::GivenAway,
            Side::Sell if t.reason == Reason::default() => payout().unwrap_or_else(|| priced(&t.reason)),
            Side::Sell if is_outright(&t.reason) => {
                let Outright { is_closed, must_go } = outright();
                if is_closed {
                    Self::AccountClosed
                } else if must_go {
                    Self::Excluded
                } else {
                    Self::CashNeeded
                }
            }
            Side::Buy | Side::Sell => priced(&t.reason),
        }
    }
}

/// What stood behind a sale that no optimisation asked for.
#[derive(Debug, Clone, Copy)]
pub struct Outright {
    /// Whether its account was closed that day.
    pub is_closed: bool,
    /// Whether a restriction did not allow the name any more.
    pub must_go: bool,
}

/// Whether a sale was made without an optimisation: it then carries -1 and nothing else.
fn is_outright(r: &Reason) -> bool {
    *r == Reason { forced: -1.0, ..Reason::default() }
}

/// The cause that weighs most in the optimiser's numbers.
fn priced(r: &Reason) -> Cause {
    let (mut lead, mut most) = (Cause::PolicyWeights, 0.0);
    for (cause, weight) in
        [(Cause::TaxSaved, -r.tax), (Cause::RiskRemoved, -r.risk), (Cause::Targets, r.forced)]
    {
        if weight > most {
            (lead, most) = (cause, weight);
        }
    }
    lead
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_cause_leads() {
        let r = |tax, risk, forced| Reason { tax, risk, forced, cost: 0.1 };
        assert_eq!(priced(&r(-2.0, -1.0, 0.0)).words(), "tax saved");
        assert_eq!(priced(&r(1.0, -3.0, 2.0)).words(), "risk removed");
        assert_eq!(priced(&r(1.0, 3.0, 2.0)).words(), "cash and sleeve targets");
        assert_eq!(priced(&r(1.0, 3.0, -1.0)).words(), "policy weights");
        assert!(
            is_outright(&Reason { forced: -1.0, ..Reason::default() }) && !is_outright(&r(0.0, 0.0, -1.0))
        );
    }

    #[test]
    fn every_cause_has_its_place() {
        assert_eq!(Cause::LIST[Cause::GivenAway as usize].0, "given_away");
        assert_eq!(Cause::LIST[Cause::PricesEnded as usize].0, "prices_ended");
        assert_eq!(Cause::GivenAway as usize + 1, Cause::LIST.len());
    }
}
