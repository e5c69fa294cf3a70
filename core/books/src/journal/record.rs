//! What the journal's entries hold.

use chrono::NaiveDate;
use serde::Serialize;

use unisleeve_units::{
    AccountId, LotId, MandateId, Money, PocketId, Price, SecurityId, Shares, SleeveId, Term, TradeIndex,
};

/// What a trade row does to shares and basis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Purchase.
    Buy,
    /// Sale.
    Sell,
    /// Shares that came in with their basis and date.
    TransferIn,
    /// Shares that left with their basis.
    TransferOut,
    /// Shares that a split added (or a reverse split took).
    Split,
    /// Basis that a spin-off took from the parent, and the shares it brought.
    Spinoff,
    /// Shares given up in a merger or under an old name, and those received for them.
    Merger,
    /// Basis that a distribution of capital took.
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

/// Why an order was made, in numbers. Fractions of the mandate's value before trading.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Reason {
    /// Tax cost as the optimiser priced it, net of what it defers (negative = saved).
    pub tax: f64,
    /// Spread paid.
    pub cost: f64,
    /// Change of the objective's risk term at the margin of this order (negative = risk removed).
    pub risk: f64,
    /// What the rows that had to hold (cash, a sleeve's dollars) paid for this order.
    pub forced: f64,
}

/// One lot touched by an order.
#[derive(Debug, Clone)]
pub struct Trade {
    /// Trade date.
    pub date: NaiveDate,
    /// Account it happened in.
    pub account: AccountId,
    /// Sleeve whose lot it is.
    pub sleeve: SleeveId,
    /// Mandate that ordered it.
    pub mandate: MandateId,
    /// Security.
    pub security: SecurityId,
    /// What it does.
    pub side: Side,
    /// Shares, positive for purchases and sales; for all else what was added (negative: taken away).
    pub quantity: Shares,
    /// Price per share.
    pub price: Price,
    /// `quantity × price`.
    pub amount: Money,
    /// Spread and commission paid.
    pub cost: Money,
    /// The purchase that the shares belong to.
    pub lot: LotId,
    /// Date of that purchase.
    pub acquired: NaiveDate,
    /// Start of the holding period, tacked after a wash sale.
    pub holding_start: NaiveDate,
    /// Adjusted basis given up by a sale, or the cost of a purchase; for all else what was added (negative: taken away).
    pub basis: Money,
    /// Term of a sale's gain or loss.
    pub term: Option<Term>,
    /// Why it was ordered.
    pub reason: Reason,
}

impl Trade {
    /// Gain (positive) or loss before any disallowance: `amount - cost - basis` of a sale; what a distribution of capital paid
    /// beyond the basis, or the cash of a merger beyond what it took from the basis, where that is taxed; zero for all else.
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
    /// Day on which both the sale and the replacement had happened.
    pub date: NaiveDate,
    /// Shares of the sale that were replaced.
    pub quantity: Shares,
    /// Those shares' part of the sale's amount, cost and basis.
    pub amount: Money,
    /// See `amount`.
    pub cost: Money,
    /// See `amount`.
    pub basis: Money,
    /// Loss disallowed, positive: `basis + cost - amount`.
    pub disallowed: Money,
    /// The purchase whose shares are the replacement.
    pub replacement: LotId,
    /// True when the replacement sits in an IRA or Roth and the loss is gone for good (Rev. Rul. 2008-5).
    pub for_good: bool,
}

/// Why cash moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CashKind {
    /// The client paid in.
    Contribution,
    /// The client took out.
    Withdrawal,
    /// A dividend, qualified or not.
    Dividend,
    /// Interest, or a bond fund's distribution of it.
    Interest,
    /// Proceeds or price of a trade, before cost.
    Trade,
    /// Spread and commission.
    Cost,
    /// Management fee.
    Fee,
    /// A tax bill paid.
    Tax,
    /// A tax saving credited.
    TaxCredit,
    /// Moved in from another mandate's pocket.
    TransferIn,
    /// Moved out to another mandate's pocket.
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
            Self::TransferIn => "transfer_in",
            Self::TransferOut => "transfer_out",
        }
    }

    /// Whether the money crosses the portfolio's border: the client's flows and the tax authority's.
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
    /// Why.
    pub kind: CashKind,
    /// The security that paid or was traded.
    pub security: Option<SecurityId>,
    /// Signed: positive comes in.
    pub amount: Money,
}

/// One arm at one session's close.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    /// Session.
    pub date: NaiveDate,
    /// Holdings at the close plus cash, before accrued tax.
    pub value: Money,
    /// Cash.
    pub cash: Money,
    /// Tax of years not yet paid on what happened to date: positive is owed.
    pub accrued_tax: Money,
    /// Fees that fell due and could not be paid yet.
    pub owed: Money,
    /// Client flows of the session, at its end: positive is a contribution.
    pub flow: Money,
    /// Tax paid (positive) or credited (negative) at the end of the session.
    pub tax_paid: Money,
    /// The policy mix's return over the session.
    pub benchmark_return: f64,
    /// The policy mix in dollars: same start and flows, no tax or cost.
    pub benchmark_value: f64,
    /// Ex-ante tracking error a year at the close, `sqrt(active' Σ active)`.
    pub te_ex_ante: f64,
}

impl Mark {
    /// Value less the tax that has accrued and the fees that are owed.
    pub fn wealth(&self) -> Money {
        self.value - self.accrued_tax - self.owed
    }
}

/// One sleeve at one session's close.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SleeveMark {
    /// Session.
    pub date: NaiveDate,
    /// Sleeve.
    pub sleeve: SleeveId,
    /// Holdings at the close, without cash, which belongs to mandates.
    pub value: Money,
    /// Shares that came in during the session less those that went, at their prices. `value - net` is what the session's
    /// trades found.
    pub net: Money,
    /// Spread and commission paid on them.
    pub cost: Money,
    /// Dividends and interest paid on its shares, which leave it as cash.
    pub income: Money,
    /// Return of its index over the session; none without an index, and on the first session of the prices.
    pub index_return: Option<f64>,
}

/// One year's return of the household, as far as the portfolio changes it.
#[derive(Debug, Clone, Copy)]
pub struct TaxYearRow {
    /// Tax year.
    pub year: i32,
    /// Portfolio's net short-term gain, without what was carried in.
    pub net_short: Money,
    /// Portfolio's net long-term gain, without what was carried in.
    pub net_long: Money,
    /// Qualified dividends.
    pub dividends_qualified: Money,
    /// Other dividends.
    pub dividends_ordinary: Money,
    /// Interest.
    pub interest: Money,
    /// What left tax-deferred accounts in cash (IRC 408(d)(1)).
    pub distributions: Money,
    /// Capital loss used against ordinary income (IRC 1211(b)).
    pub ordinary_offset: Money,
    /// Short-term loss carried out, positive.
    pub carry_short: Money,
    /// Long-term loss carried out, positive.
    pub carry_long: Money,
    /// Household's tax with the portfolio minus without: negative is a saving.
    pub tax: Money,
    /// When it was paid or credited; none while it is only accrued.
    pub paid_on: Option<NaiveDate>,
}

/// The certificate of one optimisation: `lower_bound <= true optimum <= objective`.
#[derive(Debug, Clone, Copy)]
pub struct SolveRow {
    /// Session.
    pub date: NaiveDate,
    /// Mandate solved.
    pub mandate: MandateId,
    /// Objective reached, a fraction of the mandate's value.
    pub objective: f64,
    /// Certified lower bound of the true problem.
    pub lower_bound: f64,
    /// Newton steps taken, all phases.
    pub steps: u32,
    /// Orders sent.
    pub orders: u32,
}

/// What an advisor tells another manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketKind {
    /// Raise cash.
    Raise,
    /// Put new money to work.
    Invest,
    /// A new strategy or restriction.
    Change,
    /// The household's gains of last year.
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
    /// Manager who is told.
    pub mandate: MandateId,
    /// What.
    pub kind: TicketKind,
    /// Dollars that it is about; zero where it is about none.
    pub amount: Money,
}

/// Money moved from one mandate to another at the advisor's instruction.
#[derive(Debug, Clone, Copy)]
pub struct TransferRow {
    /// Settlement date.
    pub date: NaiveDate,
    /// Pocket that gives.
    pub from: PocketId,
    /// Pocket that gets.
    pub to: PocketId,
    /// Dollars, positive.
    pub amount: Money,
}

/// Orders below `trading.min_trade`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SmallOrders {
    /// Not sent.
    pub held_back: u32,
    /// Sales sent all the same, since cash was short.
    pub forced: u32,
}
