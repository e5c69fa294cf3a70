//! Types of the journal's entries.

use chrono::NaiveDate;
use serde::Serialize;

use unisleeve_units::{
    AccountId, LotId, MandateId, Money, PocketId, Price, SecurityId, Shares, SleeveId, Term, TradeIndex,
};

/// What a trade does to shares and basis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Purchase.
    Buy,
    /// Sale.
    Sell,
    /// Shares transferred in, with their basis and date.
    TransferIn,
    /// Shares transferred out, with their basis.
    TransferOut,
    /// Shares added by a split, or removed by a reverse split.
    Split,
    /// Basis taken from the parent in a spin-off, and the shares received.
    Spinoff,
    /// Shares given up in a merger or under an old name, and the shares received for them.
    Merger,
    /// Basis reduced by a distribution of capital.
    ReturnOfCapital,
    /// Shares given away.
    GiftOut,
}

impl Side {
    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Buy => "buy",
            Self::Sell => "sell",
            Self::TransferIn => "transfer_in",
            Self::TransferOut => "transfer_out",
            Self::Split => "split",
            Self::Spinoff => "spinoff",
            Self::Merger => "merger",
            Self::ReturnOfCapital => "return_of_capital",
            Self::GiftOut => "gift_out",
        }
    }
}

/// Why an order was made, in numbers. All are fractions of the mandate's value before trading.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Reason {
    /// Tax cost in the optimizer's objective, net of tax deferred; negative is a saving.
    pub tax: f64,
    /// Spread paid.
    pub cost: f64,
    /// Change of the objective's risk term at the margin of this order; negative is risk removed.
    pub risk: f64,
    /// What the constraints on cash and on the sleeves' dollars paid for this order, by their shadow prices.
    pub forced: f64,
}

/// One lot touched by a trade.
#[derive(Debug, Clone)]
pub struct Trade {
    /// Trade date.
    pub date: NaiveDate,
    /// Account.
    pub account: AccountId,
    /// Sleeve that the lot belongs to.
    pub sleeve: SleeveId,
    /// Mandate that ordered it.
    pub mandate: MandateId,
    /// Security.
    pub security: SecurityId,
    /// Kind of trade.
    pub side: Side,
    /// Number of shares: positive for purchases and sales; otherwise the shares added, negative if removed.
    pub quantity: Shares,
    /// Price per share.
    pub price: Price,
    /// `quantity × price`, in dollars.
    pub amount: Money,
    /// Spread and commission paid, in dollars.
    pub cost: Money,
    /// Purchase that the shares belong to.
    pub lot: LotId,
    /// Date of that purchase.
    pub acquired: NaiveDate,
    /// Start of the holding period; earlier than the purchase after a wash sale.
    pub holding_start: NaiveDate,
    /// Dollars: adjusted basis given up by a sale, or total cost of a purchase; otherwise the basis added,
    /// negative if removed.
    pub basis: Money,
    /// Term of the gain or loss; `None` if the trade has none.
    pub term: Option<Term>,
    /// Reason for the order.
    pub reason: Reason,
}

impl Trade {
    /// Gain (positive) or loss in dollars, before any disallowance. A sale: `amount - cost - basis`. A
    /// distribution of capital, or the cash of a merger that is taxed: the cash beyond the basis taken.
    /// Otherwise zero.
    pub fn gain(&self) -> Money {
        match self.side {
            Side::Sell => self.amount - self.cost - self.basis,
            Side::ReturnOfCapital => self.amount + self.basis,
            Side::Merger if self.term.is_some() => self.amount + self.basis,
            _ => Money::ZERO,
        }
    }
}

/// A part of a sale's loss that replacement shares disallow (IRC 1091).
#[derive(Debug, Clone, Copy)]
pub struct Washed {
    /// The sale.
    pub sale: TradeIndex,
    /// The later of the days of the sale and of the replacement.
    pub date: NaiveDate,
    /// Shares of the sale that were replaced.
    pub quantity: Shares,
    /// These shares' part of the sale's amount, in dollars.
    pub amount: Money,
    /// Their part of the sale's cost.
    pub cost: Money,
    /// Their part of the sale's basis.
    pub basis: Money,
    /// Loss disallowed, in dollars, positive: `basis + cost - amount`.
    pub disallowed: Money,
    /// Purchase that the replacement shares belong to.
    pub replacement: LotId,
    /// Whether the loss is permanently disallowed, because the replacement is in an IRA or a Roth account
    /// (Rev. Rul. 2008-5).
    pub for_good: bool,
}

/// Why cash moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CashKind {
    /// Paid in by the client.
    Contribution,
    /// Withdrawn by the client.
    Withdrawal,
    /// A dividend, qualified or not.
    Dividend,
    /// Interest, including interest distributed by a bond fund.
    Interest,
    /// Amount of a trade, before cost.
    Trade,
    /// Spread and commission.
    Cost,
    /// Management fee.
    Fee,
    /// Tax paid.
    Tax,
    /// Tax saving credited.
    TaxCredit,
    /// What a delay shorter than a session costs (negative) or earns: money under way does not take part in
    /// the policy mix's return.
    Idle,
    /// Moved from a tax-deferred account (negative) to the main account: a required distribution.
    Distribution,
    /// Received from another mandate's pocket.
    TransferIn,
    /// Paid to another mandate's pocket.
    TransferOut,
}

impl CashKind {
    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contribution => "contribution",
            Self::Withdrawal => "withdrawal",
            Self::Dividend => "dividend",
            Self::Interest => "interest",
            Self::Trade => "trade",
            Self::Cost => "cost",
            Self::Fee => "fee",
            Self::Tax => "tax",
            Self::TaxCredit => "tax_credit",
            Self::Idle => "idle",
            Self::Distribution => "distribution",
            Self::TransferIn => "transfer_in",
            Self::TransferOut => "transfer_out",
        }
    }

    /// Whether the cash enters or leaves the portfolio: client flows and taxes.
    pub fn is_external(self) -> bool {
        matches!(self, Self::Contribution | Self::Withdrawal | Self::Tax | Self::TaxCredit)
    }
}

/// One change of a cash balance.
#[derive(Debug, Clone, Copy)]
pub struct CashRow {
    /// Settlement date (trades settle the same day).
    pub date: NaiveDate,
    /// Account.
    pub account: AccountId,
    /// Pocket within the account.
    pub pocket: PocketId,
    /// Why the cash moved.
    pub kind: CashKind,
    /// Security that paid or was traded.
    pub security: Option<SecurityId>,
    /// Dollars; positive for cash that comes in.
    pub amount: Money,
}

/// The state of one arm at a session's close. Money is in dollars.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    /// Session.
    pub date: NaiveDate,
    /// Holdings at the close plus cash, before accrued tax.
    pub value: Money,
    /// Cash.
    pub cash: Money,
    /// Tax of years not paid yet, based on what has happened so far; positive is owed.
    pub accrued_tax: Money,
    /// Fees that were due but could not be paid yet.
    pub owed: Money,
    /// Client flows of the session, booked at its end; positive is a contribution.
    pub flow: Money,
    /// Tax paid (positive) or credited (negative) at the end of the session.
    pub tax_paid: Money,
    /// Return of the policy mix over the session, as a fraction.
    pub benchmark_return: f64,
    /// Value of the policy mix in dollars, with the same start and flows but without tax and cost.
    pub benchmark_value: f64,
    /// Annual ex-ante tracking error at the close, as a fraction: `sqrt(active' Σ active)`.
    pub te_ex_ante: f64,
}

impl Mark {
    /// Value less accrued tax and fees owed, in dollars.
    pub fn wealth(&self) -> Money {
        self.value - self.accrued_tax - self.owed
    }
}

/// The state of one sleeve at a session's close. Money is in dollars.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SleeveMark {
    /// Session.
    pub date: NaiveDate,
    /// Sleeve.
    pub sleeve: SleeveId,
    /// Holdings at the close, without cash, because cash belongs to mandates.
    pub value: Money,
    /// Value of shares that came in during the session less value of those that left, at their trade prices.
    /// `value - net` is what the holdings from before the session's trades are worth.
    pub net: Money,
    /// Spread and commission paid on these trades.
    pub cost: Money,
    /// Dividends and interest paid on the sleeve's shares, which leave the sleeve as cash.
    pub income: Money,
    /// Return of the sleeve's index over the session, as a fraction; `None` without an index, and on the
    /// first session with prices.
    pub index_return: Option<f64>,
}

/// The household's tax return for one year, as far as the portfolio changes it. Dollars.
#[derive(Debug, Clone, Copy)]
pub struct TaxYearRow {
    /// Tax year.
    pub year: i32,
    /// The portfolio's net short-term gain, without losses carried in; negative is a loss.
    pub net_short: Money,
    /// The portfolio's net long-term gain, without losses carried in; negative is a loss.
    pub net_long: Money,
    /// Qualified dividends.
    pub dividends_qualified: Money,
    /// Other dividends.
    pub dividends_ordinary: Money,
    /// Interest.
    pub interest: Money,
    /// Cash withdrawn from tax-deferred accounts (IRC 408(d)(1)).
    pub distributions: Money,
    /// Capital loss deducted from ordinary income, positive (IRC 1211(b)).
    pub ordinary_offset: Money,
    /// Short-term loss carried out, positive.
    pub carry_short: Money,
    /// Long-term loss carried out, positive.
    pub carry_long: Money,
    /// The household's tax with the portfolio minus its tax without it; negative is a saving.
    pub tax: Money,
    /// Date when the tax was paid or credited; `None` while it is only accrued.
    pub paid_on: Option<NaiveDate>,
}

/// The certificate of one optimization: `lower_bound <= true optimum <= objective`.
#[derive(Debug, Clone, Copy)]
pub struct SolveRow {
    /// Session.
    pub date: NaiveDate,
    /// Mandate that was solved for.
    pub mandate: MandateId,
    /// Objective value reached, as a fraction of the mandate's value.
    pub objective: f64,
    /// Certified lower bound of the exact problem, in the same unit.
    pub lower_bound: f64,
    /// Newton steps taken in all phases.
    pub steps: u32,
    /// Number of orders sent.
    pub orders: u32,
}

/// Kind of instruction from an advisor to another manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketKind {
    /// Raise cash.
    Raise,
    /// Invest new cash.
    Invest,
    /// Apply a new strategy or restriction.
    Change,
    /// Report of the household's gains last year.
    Questionnaire,
    /// Give lots away.
    Gift,
    /// Close an account.
    Close,
}

impl TicketKind {
    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Raise => "raise",
            Self::Invest => "invest",
            Self::Change => "change",
            Self::Questionnaire => "questionnaire",
            Self::Gift => "gift",
            Self::Close => "close",
        }
    }
}

/// An instruction from the advisor to another manager.
#[derive(Debug, Clone, Copy)]
pub struct TicketRow {
    /// Session.
    pub date: NaiveDate,
    /// Manager who receives the instruction.
    pub mandate: MandateId,
    /// Kind of instruction.
    pub kind: TicketKind,
    /// Dollars concerned; zero if none.
    pub amount: Money,
}

/// Cash moved between mandates on the advisor's instruction.
#[derive(Debug, Clone, Copy)]
pub struct TransferRow {
    /// Settlement date.
    pub date: NaiveDate,
    /// Pocket that pays.
    pub from: PocketId,
    /// Pocket that receives.
    pub to: PocketId,
    /// Dollars, positive.
    pub amount: Money,
}

/// Number of orders below `trading.min_trade`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SmallOrders {
    /// Orders not sent.
    pub held_back: u32,
    /// Sales sent anyway, because cash was short.
    pub forced: u32,
}
