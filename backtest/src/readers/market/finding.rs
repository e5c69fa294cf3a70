//! Findings: questionable data, and how a run treats them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

/// A kind of questionable data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// The prices do not reach the configured start or end.
    Shortened,
    /// A trading day of the exchange's calendar has no prices.
    MissingSession,
    /// There are prices on a day on which the exchange was closed.
    UnknownSession,
    /// A security has no price on some sessions between its first and its last.
    MissingPrice,
    /// The close stays the same for many sessions.
    StalePrice,
    /// A session has no volume.
    NoVolume,
    /// A return exceeds the threshold.
    Jump,
    /// A jump by a simple ratio without a split.
    UndeclaredSplit,
    /// The price does not follow a split.
    SplitMismatch,
    /// Prices are already adjusted for splits, so splits are not booked.
    SplitAdjusted,
    /// Prices include dividends, which are not taxed.
    TotalReturn,
    /// Numbers have more decimals than the ledger.
    Rounded,
    /// Shares handed out have no prices of their own.
    SpinOffWithoutPrice,
    /// Prices end before those of other securities.
    Delisting,
    /// A symbol returns after a long gap and is treated as another share.
    ReusedSymbol,
    /// An index has no market caps.
    EqualWeights,
    /// The prices do not have a member of an index at all.
    UnknownMember,
    /// A member has no price.
    MemberWithoutPrice,
    /// A member has no market cap.
    MemberWithoutCap,
    /// Several share classes each carry the whole company's cap.
    ShareClasses,
    /// A cap carried forward is far from the one before it.
    CapJump,
    /// The risk files lack a security.
    WithoutRisk,
}

impl FindingKind {
    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shortened => "shortened",
            Self::MissingSession => "missing_session",
            Self::UnknownSession => "unknown_session",
            Self::MissingPrice => "missing_price",
            Self::StalePrice => "stale_price",
            Self::NoVolume => "no_volume",
            Self::Jump => "jump",
            Self::UndeclaredSplit => "undeclared_split",
            Self::SplitMismatch => "split_mismatch",
            Self::SplitAdjusted => "split_adjusted",
            Self::TotalReturn => "total_return",
            Self::Rounded => "rounded",
            Self::SpinOffWithoutPrice => "spinoff_without_price",
            Self::Delisting => "delisting",
            Self::ReusedSymbol => "reused_symbol",
            Self::EqualWeights => "equal_weights",
            Self::UnknownMember => "unknown_member",
            Self::MemberWithoutPrice => "member_without_price",
            Self::MemberWithoutCap => "member_without_cap",
            Self::ShareClasses => "share_classes",
            Self::CapJump => "cap_jump",
            Self::WithoutRisk => "without_risk",
        }
    }

    /// Description, in the plural.
    pub fn title(self) -> &'static str {
        match self {
            Self::Shortened => "ends of the configured dates without prices",
            Self::MissingSession => "exchange days without prices",
            Self::UnknownSession => "prices on days on which the exchange was closed",
            Self::MissingPrice => "securities with gaps in their prices",
            Self::StalePrice => "securities whose price did not move",
            Self::NoVolume => "securities with sessions without trades",
            Self::Jump => "securities with a jump in price",
            Self::UndeclaredSplit => "securities that seem to have split without saying so",
            Self::SplitMismatch => "splits that the price does not follow",
            Self::SplitAdjusted => "securities with prices adjusted for splits",
            Self::TotalReturn => "files with prices that include dividends",
            Self::Rounded => "files with more decimals than the ledger has",
            Self::SpinOffWithoutPrice => "spin-offs without prices of their own",
            Self::Delisting => "securities whose prices end early",
            Self::ReusedSymbol => "symbols that come back after a long gap",
            Self::EqualWeights => "indices without market caps",
            Self::UnknownMember => "members of an index without any price",
            Self::MemberWithoutPrice => "members of an index without a price for a time",
            Self::MemberWithoutCap => "members of an index without a market cap",
            Self::ShareClasses => "companies with several classes of shares",
            Self::CapJump => "market caps far from those before them",
            Self::WithoutRisk => "securities that the risk files leave out",
        }
    }

    /// How a run treats it.
    pub fn treatment(self) -> &'static str {
        match self {
            Self::Shortened => "the run begins and ends with the prices",
            Self::MissingSession | Self::UnknownSession => "sessions are taken as the files have them",
            Self::MissingPrice => "the last close stands, and it is not traded that day",
            Self::StalePrice | Self::NoVolume | Self::Jump | Self::UndeclaredSplit => "used as it stands",
            Self::SplitMismatch => "booked as declared",
            Self::SplitAdjusted => "its splits are not booked; shares are counted in those of today",
            Self::TotalReturn => "those dividends go untaxed, and deferral is overstated",
            Self::Rounded => "rounded half-even to 6 decimals",
            Self::SpinOffWithoutPrice => "basis divided by value, sold the same day at that value",
            Self::Delisting => "whoever holds it is paid out at the last close on the next session",
            Self::ReusedSymbol => {
                "the first share is paid out at its last close; the later prices are another share's"
            }
            Self::EqualWeights => "all members weigh the same whenever they change",
            Self::UnknownMember | Self::MemberWithoutPrice => "its weight goes to the other members",
            Self::MemberWithoutCap => "gets the median weight of the others",
            Self::ShareClasses => "the cap is divided by the number of classes",
            Self::CapJump => "used as given, from its date on",
            Self::WithoutRisk => "no exposures, and the median of the own variances",
        }
    }
}

/// One finding about a security, a file or an index.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Kind of finding.
    pub kind: FindingKind,
    /// Symbol, or the name of a file or an index.
    pub symbol: String,
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Number of occurrences.
    pub count: usize,
    /// Description with the numbers.
    pub detail: String,
}

impl Finding {
    /// A finding about a range of days.
    pub(crate) fn new(
        kind: FindingKind,
        symbol: &str,
        (from, to): (NaiveDate, NaiveDate),
        count: usize,
        detail: String,
    ) -> Self {
        Self { kind, symbol: symbol.to_owned(), from: Some(from), to: Some(to), count, detail }
    }

    /// A finding about one end of the configured dates: the last (or first) session with prices, and the
    /// configured date.
    pub(crate) fn shortened((session, asked): (NaiveDate, NaiveDate), detail: String) -> Self {
        let days = (session.min(asked), session.max(asked));
        Self::new(FindingKind::Shortened, "all", days, 1, detail)
    }

    /// A finding about a whole file or security.
    pub(crate) fn of(kind: FindingKind, symbol: &str, count: usize, detail: String) -> Self {
        Self { kind, symbol: symbol.to_owned(), from: None, to: None, count, detail }
    }
}

/// Groups findings by kind, in the order of the kinds.
pub(crate) fn by_kind(findings: &[Finding]) -> Vec<(FindingKind, Vec<&Finding>)> {
    let mut kinds: BTreeMap<FindingKind, Vec<&Finding>> = BTreeMap::new();
    for f in findings {
        kinds.entry(f.kind).or_default().push(f);
    }
    kinds.into_iter().collect()
}

/// One sentence for each kind found, in the order of the kinds.
pub fn sentences(findings: &[Finding]) -> Vec<String> {
    const NAMED: usize = 5;
    by_kind(findings)
        .into_iter()
        .map(|(kind, of)| {
            let of: Vec<&str> = of.iter().map(|f| f.symbol.as_str()).collect();
            let mut names = of.clone();
            names.dedup();
            if kind == FindingKind::TotalReturn {
                return format!(
                    "Prices include reinvested dividends ({}): {}.",
                    names.join(", "),
                    kind.treatment()
                );
            }
            let more = if names.len() > NAMED { ", ..." } else { "" };
            names.truncate(NAMED);
            format!("{} {} ({}{more}): {}.", of.len(), kind.title(), names.join(", "), kind.treatment())
        })
        .collect()
}
