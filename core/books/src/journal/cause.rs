//! Why a trade was made: one list of causes, whoever tells them.

use super::{Reason, Side, Trade};

/// The cause that leads. Its number is its place in [`Cause::WORDS`].
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
    /// The causes in words, a line each, in their order. One text: it takes less room in WebAssembly than a list.
    pub const WORDS: &str = "\
tax saved
risk removed
cash and sleeve targets
policy weights
cash needed
excluded name
account closed
paid out
handed out
split
spin-off
what the company did
brought along
given away
";
    /// Their codes in JSON.
    pub const CODES: [&'static str; 14] = [
        "tax_saved",
        "risk_removed",
        "targets",
        "policy_weights",
        "cash_needed",
        "excluded",
        "account_closed",
        "prices_ended",
        "handed_out",
        "split",
        "spinoff",
        "corporate_action",
        "brought_along",
        "given_away",
    ];

    /// In words.
    pub fn words(self) -> &'static str {
        Self::WORDS.lines().nth(self as usize).unwrap_or_default()
    }

    /// Of a trade. `payout` says what a company did that a sale without any number followed from, `outright` why a sale was made
    /// without an optimisation, which carries -1 for its targets and nothing else: see [`Cause::outright`].
    pub fn of(t: &Trade, payout: impl FnOnce() -> Option<Self>, outright: impl FnOnce() -> Self) -> Self {
        let r = &t.reason;
        let is_bare = r.tax == 0.0 && r.risk == 0.0 && r.cost == 0.0;
        match t.side {
            Side::Split => Self::Split,
            Side::Spinoff => Self::Spinoff,
            Side::Merger | Side::ReturnOfCapital => Self::CorporateAction,
            Side::TransferIn => Self::BroughtAlong,
            Side::TransferOut => Self::AccountClosed,
            Side::GiftOut => Self::GivenAway,
            Side::Sell if is_bare && r.forced == 0.0 => payout().unwrap_or(Self::PolicyWeights),
            Side::Sell if is_bare && r.forced + 1.0 == 0.0 => outright(),
            Side::Buy | Side::Sell => priced(r),
        }
    }

    /// Of a sale that no optimisation asked for: whether its account was closed that day, and whether a restriction does not allow the
    /// name any more.
    pub fn outright(is_closed: bool, must_go: bool) -> Self {
        match (is_closed, must_go) {
            (true, _) => Self::AccountClosed,
            (_, true) => Self::Excluded,
            _ => Self::CashNeeded,
        }
    }
}

/// The cause that weighs most in the optimiser's numbers.
fn priced(r: &Reason) -> Cause {
    let (mut lead, mut most) = (Cause::PolicyWeights, 0.0);
    if -r.tax > most {
        (lead, most) = (Cause::TaxSaved, -r.tax);
    }
    if -r.risk > most {
        (lead, most) = (Cause::RiskRemoved, -r.risk);
    }
    if r.forced > most { Cause::Targets } else { lead }
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
    }

    #[test]
    fn every_cause_has_its_place() {
        let code = |cause| Cause::CODES[cause as usize];
        assert_eq!([code(Cause::PricesEnded), code(Cause::GivenAway)], ["prices_ended", "given_away"]);
        assert_eq!(Cause::WORDS.lines().count(), Cause::CODES.len());
        assert_eq!(Cause::HandedOut.words(), "handed out");
        assert_eq!(Cause::outright(true, true), Cause::AccountClosed);
        assert_eq!(Cause::outright(false, true), Cause::Excluded);
    }
}
