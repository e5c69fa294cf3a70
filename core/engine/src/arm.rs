//! The state of one arm during a run.

use chrono::{Datelike, NaiveDate};
use thiserror::Error;
use unisleeve_books::household::{Ledger, LedgerError, Pocket, TaxReturns};
use unisleeve_books::journal::CashKind;
use unisleeve_mandates::{Config, Setup};
use unisleeve_market::View;
use unisleeve_tax::{Carryforward, TaxRates, UnknownTaxYear};
use unisleeve_units::{AccountId, MandateId, Money, Price, SecurityId};

use super::benchmark::Benchmark;
use super::result::{ArmResult, Closed, Ruin};
use super::sleeves::SleeveBook;
use super::{Late, Memory, Promise, RebalanceError, Request, RiskTimeline};

/// Reason why a day could not be completed.
#[derive(Debug, Error)]
pub(super) enum Stop {
    /// The ledger refused a booking.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A rebalancing failed.
    #[error(transparent)]
    Rebalance(#[from] RebalanceError),
}

/// Payments that are still open although the portfolio could cover them, because nothing had a price to be
/// sold at.
#[derive(Debug, Clone, Default)]
pub(super) struct Overdue {
    pub(super) tax: Money,
    pub(super) fees: Vec<Money>,
    pub(super) taken: Money,
}

/// State of an arm that is carried from one session to the next.
pub(super) struct Arm<'a> {
    pub(super) setup: &'a Setup,
    pub(super) config: &'a Config,
    pub(super) timeline: &'a RiskTimeline,
    pub(super) rates: TaxRates,
    pub(super) ledger: Ledger,
    pub(super) returns: TaxReturns,
    pub(super) benchmark: Benchmark,
    pub(super) sleeves: SleeveBook,
    pub(super) memory: Memory,
    /// Number of sessions so far.
    pub(super) session: usize,
    /// Requests under notice.
    pub(super) requests: Vec<Request>,
    /// Money put to work a part of a session too early, since the last session.
    pub(super) late: Vec<Late>,
    /// For each account, what idle money has cost and the account could not pay yet, in dollars.
    pub(super) idle: Vec<Money>,
    /// Cash on its way to the advisor.
    pub(super) promises: Vec<Promise>,
    /// Sum of these promises for each pocket.
    pub(super) promised: Vec<Money>,
    /// Cash held back for tax after the main account was closed.
    pub(super) reserve: Money,
    /// Year, and each mandate's part of that year's gains budget.
    pub(super) budget_parts: (i32, Vec<f64>),
    /// Date up to which fees have been charged.
    pub(super) charged: NaiveDate,
    pub(super) overdue: Overdue,
    /// Required distribution of each account that is left this year, in dollars; empty if there is none.
    pub(super) required: Vec<Money>,
    /// Whether a required distribution has reached the main account after the last trades.
    pub(super) has_distributed: bool,
    pub(super) closed: Vec<Closed>,
    pub(super) ruin: Option<Ruin>,
}

impl<'a> Arm<'a> {
    pub(super) fn new(
        setup: &'a Setup,
        config: &'a Config,
        timeline: &'a RiskTimeline,
    ) -> Result<Self, UnknownTaxYear> {
        let mut pockets = Vec::new();
        for account in 0..setup.accounts.len() {
            for mandate in 0..setup.mandates.len() {
                let (account, mandate) = (AccountId(account as u16), MandateId(mandate as u16));
                pockets.push(Pocket { account, mandate, balance: Money::ZERO });
            }
        }
        let first_year = config.start.year();
        let laws = config.tax.laws(first_year)?;
        let ledger =
            Ledger::new(setup.accounts.clone(), pockets.clone(), setup.identical.clone(), first_year)
                .exempting(setup.exempt.clone());
        let carry = Carryforward { short: config.tax.carry_short, long: config.tax.carry_long };
        Ok(Self {
            setup,
            config,
            timeline,
            rates: config.later_rates(&laws, first_year),
            promised: vec![Money::ZERO; pockets.len()],
            ledger: if config.tax.wash_sale_rule { ledger } else { ledger.ignoring_wash_sales() },
            returns: TaxReturns::new(laws, config.tax.outside, first_year, carry)
                .with_outside_gains(config.household.outside_gains.clone())
                .with_income_changes(config.household.outside_income.clone()),
            benchmark: Benchmark::new(setup.sleeves(config.start)),
            sleeves: SleeveBook::default(),
            memory: Memory::default(),
            session: 0,
            requests: Vec::new(),
            late: Vec::new(),
            idle: vec![Money::ZERO; setup.accounts.len()],
            promises: Vec::new(),
            reserve: Money::ZERO,
            budget_parts: (i32::MIN, Vec::new()),
            charged: config.start,
            overdue: Overdue::default(),
            required: Vec::new(),
            has_distributed: false,
            closed: Vec::new(),
            ruin: None,
        })
    }
}

impl Arm<'_> {
    /// Whether the household is still a client, that is, its main account is open.
    pub(super) fn is_open(&self) -> bool {
        !self.closed.iter().any(|c| c.account.is_main())
    }

    pub(super) fn cash(&mut self, date: NaiveDate, kind: CashKind, amount: Money) -> Result<(), LedgerError> {
        self.ledger.book_cash(date, self.setup.main_pocket(), kind, None, amount)
    }

    /// Cash in the advisor's pocket of an account, without cash held back for tax.
    pub(super) fn balance(&self, account: AccountId) -> Money {
        let held_back = if account.is_main() { self.reserve } else { Money::ZERO };
        self.ledger.balance(self.setup.pocket(account, self.setup.advisor())) - held_back
    }

    /// Value of the holdings at their last closes plus cash, in dollars.
    pub(super) fn value(&self, view: &View<'_>) -> Money {
        self.value_of(|s| view.last_close(s).unwrap_or_default())
    }

    /// Value of the holdings at given prices plus cash, in dollars.
    pub(super) fn value_of(&self, price: impl Fn(SecurityId) -> Price) -> Money {
        let mut value = self.ledger.cash();
        for s in &self.timeline.universe {
            let held = self.ledger.held(*s);
            if held.is_positive() {
                value += Money::of(held, price(*s));
            }
        }
        value
    }

    pub(super) fn close(mut self, last: &View<'_>) -> ArmResult {
        let open = self.returns.open_years(&self.ledger, last.date());
        self.ledger.journal_mut().tax_years.extend(open);
        let sleeve_te_ex_ante = self.sleeve_risk(last);
        let lots = (0..last.securities().len())
            .map(|s| SecurityId(s as u32))
            .flat_map(|s| self.ledger.lots(s).iter().map(move |l| (s, *l)))
            .collect();
        ArmResult {
            setup: self.setup.clone(),
            accounts: self.ledger.accounts().to_vec(),
            lots,
            closed: self.closed,
            ruin: self.ruin,
            sleeve_te_ex_ante,
            journal: self.ledger.into_journal(),
        }
    }
}
