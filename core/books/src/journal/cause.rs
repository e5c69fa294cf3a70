//! Why a trade was made: one list of causes for all reports.

use super::{Reason, Side, Trade};

/// The main cause of a trade. The numeric value is its line in [`Cause::WORDS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The optimizer sold or bought it mainly to save tax.
    TaxSaved,
    /// The optimizer sold or bought it mainly to reduce risk.
    RiskRemoved,
    /// The constraints on cash and on the sleeves' dollars required it.
    Targets,
    /// None of these alone.
    PolicyWeights,
    /// Sold for cash, without an optimization.
    CashNeeded,
    /// Sold without an optimization, because a restriction excludes it.
    Excluded,
    /// Sold or moved out because its account was closed.
    AccountClosed,
    /// Its prices ended.
    PricesEnded,
    /// Distributed by a company, without prices of its own.
    HandedOut,
    /// A split.
    Split,
    /// A spin-off.
    Spinoff,
    /// A merger or a distribution of capital.
    CorporateAction,
    /// A lot transferred in.
    BroughtAlong,
    /// A gift.
    GivenAway,
}

impl Cause {
    /// The causes in words, one on each line, in order. A single text takes less space in WebAssembly than a
    /// list.
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
    /// Codes of the causes in JSON, in the same order.
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

    /// The cause in words.
    pub fn words(self) -> &'static str {
        Self::WORDS.lines().nth(self as usize).unwrap_or_default()
    }

    /// The main cause of a trade.
    ///
    /// A sale without an optimization has zeros in its [`Reason`], apart from `forced`. If that is zero too,
    /// `payout` tells which corporate action caused the sale. If `forced` is -1, the sale was made outright,
    /// and `outright` tells why: see [`Cause::outright`].
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

    /// The cause of a sale without an optimization. `is_closed`: its account was closed on that day.
    /// `must_go`: a restriction excludes the security.
    pub fn outright(is_closed: bool, must_go: bool) -> Self {
        match (is_closed, must_go) {
            (true, _) => Self::AccountClosed,
            (_, true) => Self::Excluded,
            _ => Self::CashNeeded,
        }
    }
}

/// The cause with the largest weight in the optimizer's numbers.
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
