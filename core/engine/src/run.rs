//! One arm, day by day: corporate actions, distributions, contributions, taxes due, rebalancing, withdrawals, the close.

use chrono::{Datelike, NaiveDate};
use thiserror::Error;

use super::benchmark::Benchmark;
use super::dues::{Asked, Dues, spread};
use super::fees::fee_due;
use super::sleeves::SleeveBook;
use super::{RiskTimeline, flows_due, is_rebalancing};
use crate::{
    DecisionContext, Memory, Promise, RebalanceError, Reserve, Scope, budget_parts, close_account, give,
    lot_is_kept, rebalance,
};
use unisleeve_books::household::{Account, Ledger, LedgerError, Order, Pocket, Returns};
use unisleeve_books::journal::{CashKind, Journal, Mark, Reason, TicketKind, TicketRow};
use unisleeve_mandates::{Cadence, Config, Flow, How, Setup, SleeveSpec, Switch, class_drift};
use unisleeve_market::{Market, View};
use unisleeve_numeric::RiskModel;
use unisleeve_tax::{Carryforward, Lot, TaxRates, UnknownTaxYear, last_long_start};
use unisleeve_units::{AccountId, MandateId, Money, PocketId, Price, Rate, SecurityId, SleeveId};

/// The day on which a portfolio could no longer pay what was asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ruin {
    /// Session.
    pub date: NaiveDate,
    /// Dollars asked for.
    pub asked: Money,
    /// Dollars paid.
    pub paid: Money,
}

/// An account that was emptied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    /// Session.
    pub date: NaiveDate,
    /// Account.
    pub account: AccountId,
    /// Cash paid out.
    pub cash: Money,
    /// Shares that left, at their last closes.
    pub in_kind: Money,
}

/// What one arm did.
#[derive(Debug, Clone)]
pub struct ArmResult {
    /// The arm.
    pub setup: Setup,
    /// Everything that happened.
    pub journal: Journal,
    /// Open lots at the end, by security.
    pub lots: Vec<(SecurityId, Lot)>,
    /// Accounts.
    pub accounts: Vec<Account>,
    /// Accounts that were closed.
    pub closed: Vec<Closed>,
    /// When the money ran out.
    pub ruin: Option<Ruin>,
    /// Tracking error ex ante of each sleeve against its own index at the last close; none without an index or holdings.
    pub sleeve_te_ex_ante: Vec<Option<f64>>,
}

/// Why a run stopped.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum RunError {
    /// No session between the dates.
    #[error("no session from {start} to {end}: expected dates that the prices cover")]
    NoSession {
        /// First date.
        start: NaiveDate,
        /// Last date.
        end: NaiveDate,
    },
    /// The law of the year is not held.
    #[error(transparent)]
    Law(#[from] UnknownTaxYear),
    /// A rebalancing failed.
    #[error("{arm} on {date}: {error}")]
    Rebalance {
        /// Arm.
        arm: &'static str,
        /// Session.
        date: NaiveDate,
        /// Why.
        error: RebalanceError,
    },
    /// The ledger refused a booking.
    #[error("{arm} on {date}: {error}")]
    Ledger {
        /// Arm.
        arm: &'static str,
        /// Session.
        date: NaiveDate,
        /// Why.
        error: LedgerError,
    },
}

/// Runs an arm over a market. `rates` are flat rates for lots and for gains taxed later.
///
/// # Errors
/// When the dates hold no session, the law is not known, or a step can't be carried out.
pub fn run(
    setup: &Setup,
    config: &Config,
    market: &Market,
    timeline: &RiskTimeline,
    rates: TaxRates,
) -> Result<ArmResult, RunError> {
    let mut arm = Arm::new(setup, config, timeline, rates)?;
    let mut last: Option<View<'_>> = None;
    for view in market.sessions(config.start, config.end) {
        arm.day(&view, last.map(|v| v.date()))?;
        last = Some(view);
    }
    let last = last.ok_or(RunError::NoSession { start: config.start, end: config.end })?;
    Ok(arm.close(&last))
}

/// What could not be paid although the money is there: nothing had a price.
#[derive(Debug, Clone, Default)]
struct Overdue {
    tax: Money,
    fees: Vec<Money>,
    taken: Money,
}

pub(super) struct Arm<'a> {
    pub(super) setup: &'a Setup,
    config: &'a Config,
    timeline: &'a RiskTimeline,
    rates: TaxRates,
    pub(super) ledger: Ledger,
    returns: Returns,
    benchmark: Benchmark,
    sleeves: SleeveBook,
    memory: Memory,
    /// Sessions so far.
    session: usize,
    /// Cash on its way to the advisor, and the session on which it arrives.
    promises: Vec<(usize, Promise)>,
    /// Its sum by pocket.
    promised: Vec<Money>,
    /// Held back for tax when the main account was closed.
    reserve: Money,
    /// Each mandate's part of a year's gains budget, and the year.
    budget_parts: (i32, Vec<f64>),
    /// Day up to which fees are charged.
    charged: NaiveDate,
    overdue: Overdue,
    closed: Vec<Closed>,
    ruin: Option<Ruin>,
}

impl<'a> Arm<'a> {
    fn new(
        setup: &'a Setup,
        config: &'a Config,
        timeline: &'a RiskTimeline,
        rates: TaxRates,
    ) -> Result<Self, RunError> {
        let mut pockets = Vec::new();
        for account in 0..setup.accounts.len() {
            for mandate in 0..setup.mandates.len() {
                let (account, mandate) = (AccountId(account as u16), MandateId(mandate as u16));
                pockets.push(Pocket { account, mandate, balance: Money::ZERO });
            }
        }
        let first_year = config.start.year();
        let law = config.tax.law()?;
        let ledger =
            Ledger::new(setup.accounts.clone(), pockets.clone(), setup.identical.clone(), first_year);
        let carry = Carryforward { short: config.tax.carry_short, long: config.tax.carry_long };
        Ok(Self {
            setup,
            config,
            timeline,
            rates,
            promised: vec![Money::ZERO; pockets.len()],
            ledger: if config.tax.wash_sale_rule { ledger } else { ledger.ignoring_wash_sales() },
            returns: Returns::new(law, config.tax.outside, config.tax.inflation, first_year, carry),
            benchmark: Benchmark::new(setup.sleeves(config.start)),
            sleeves: SleeveBook::default(),
            memory: Memory::default(),
            session: 0,
            promises: Vec::new(),
            reserve: Money::ZERO,
            budget_parts: (i32::MIN, Vec::new()),
            charged: config.start,
            overdue: Overdue::default(),
            closed: Vec::new(),
            ruin: None,
        })
    }

    fn day(&mut self, view: &View<'_>, previous: Option<NaiveDate>) -> Result<(), RunError> {
        let (arm, date) = (self.setup.kind.as_str(), view.date());
        let ledger_error = |error| RunError::Ledger { arm, date, error };
        let benchmark_return =
            if previous.is_some() { self.benchmark.earn(view, self.setup.sleeves(date)) } else { 0.0 };
        self.corporate_actions(view).map_err(ledger_error)?;
        self.distribute(view).map_err(ledger_error)?;
        let arrived = self.arrivals(date).map_err(ledger_error)?;

        let mut flow = Money::ZERO;
        if previous.is_none() {
            flow += self.open(view).map_err(ledger_error)?;
        }
        let is_open = !self.closed.iter().any(|c| c.account == AccountId(0));
        let (mut paid_in, mut taken_out) = (Money::ZERO, Money::ZERO);
        if is_open {
            (paid_in, taken_out) = flows_due(&self.config.household.flows, self.config.start, previous, date);
        }
        self.cash(date, CashKind::Contribution, paid_in).map_err(ledger_error)?;
        flow += paid_in;
        taken_out += self.overdue.taken;
        let mut tax_due = self.overdue.tax;
        while let Some(row) = self.returns.due(&self.ledger, date) {
            tax_due += row.tax;
            self.ledger.journal_mut().tax_years.push(row);
            self.returns.file(&self.ledger);
            // What was held back for this return is paid now; the rest waits for the next.
            let owed = self.returns.accrued(&self.ledger, date).max(Money::ZERO);
            self.reserve = self.reserve.min(owed);
        }
        // A saving is credited at once; a bill is paid after the day's trades have raised it.
        self.cash(date, CashKind::TaxCredit, (-tax_due).max(Money::ZERO)).map_err(ledger_error)?;

        let mut fees = self.fees(view, previous);
        for (fee, overdue) in fees.iter_mut().zip(&self.overdue.fees) {
            *fee += *overdue;
        }
        let asked = Asked { bill: tax_due.max(Money::ZERO), fees, taken: taken_out };
        let changed = self.is_change(previous, date);
        let calendar = changed || is_rebalancing(self.config.trading.cadence, previous, date);
        self.instructions(previous, date, changed);
        flow -= self.leave(view, previous).map_err(ledger_error)?;
        let dues = asked.dues(&self.setup.accounts, &self.worth(view, &asked));
        self.act(view, calendar, arrived, &dues)?;
        if calendar {
            self.benchmark.rebalance(self.setup.sleeves(date));
            self.ledger.journal_mut().rebalancings.push(date);
        }

        let bill = self.pay(date, CashKind::Tax, &dues, |d| d.bill).map_err(ledger_error)?;
        let fees = self.pay(date, CashKind::Fee, &dues, |d| d.fee).map_err(ledger_error)?;
        let taken = if is_open {
            self.pay(date, CashKind::Withdrawal, &dues, |d| d.taken).map_err(ledger_error)?
        } else {
            // A client who has left gets what still comes in.
            let all = self.balance(AccountId(0));
            self.cash(date, CashKind::Withdrawal, -all).map_err(ledger_error)?;
            vec![all]
        };
        let total = |paid: &[Money]| paid.iter().copied().sum::<Money>();
        let (bill, taken, paid) = (total(&bill), total(&taken), total(&bill) + total(&fees) + total(&taken));
        let missing = (asked.total() - paid).max(Money::ZERO);
        // What is there to pay from is only asked where something is missing.
        let ruined = missing.is_positive() && missing > self.value(view);
        let or_none = |x: Money| if ruined { Money::ZERO } else { x };
        self.overdue = Overdue {
            tax: asked.bill - bill,
            fees: asked.fees.iter().zip(&fees).map(|(asked, paid)| or_none(*asked - *paid)).collect(),
            taken: or_none((asked.taken - taken).max(Money::ZERO)),
        };
        if ruined && self.ruin.is_none() {
            self.ruin = Some(Ruin { date, asked: asked.total(), paid });
        }
        flow -= taken;
        self.benchmark.value += flow.to_f64();
        let tax_paid = bill + tax_due.min(Money::ZERO);
        self.mark(view, flow, tax_paid, benchmark_return);
        self.session += 1;
        Ok(())
    }

    /// Trades where the calendar, drift, arrived money or a need for cash asks for it.
    fn act(&mut self, view: &View<'_>, calendar: bool, arrived: bool, dues: &[Dues]) -> Result<(), RunError> {
        let (arm, date) = (self.setup.kind.as_str(), view.date());
        let Some(risk) = self.timeline.at(date) else { return Ok(()) };
        let all = calendar || self.has_drifted(view);
        if !all && self.setup.switches.has(Switch::Pool) {
            self.sweep(date, dues).map_err(|error| RunError::Ledger { arm, date, error })?;
        }
        let short = |(a, d): (usize, &Dues)| d.total() > self.balance(AccountId(a as u16));
        let all = all || dues.iter().enumerate().any(short);
        if !all && !arrived {
            return Ok(());
        }
        if self.config.tax.gains_budget.is_some() && self.budget_parts.0 != date.year() {
            self.budget_parts = (date.year(), budget_parts(self.setup, self.config, &self.ledger, view));
        }
        let known = self.config.trading.execution.known(view);
        let value = self.value_of(|s| view.last_restated(s, &known));
        let reserve = self.reserve_for(view, dues, value);
        let wealth = (value - reserve.needs.iter().copied().sum()).max(Money::ZERO);
        let ctx = DecisionContext {
            view: *view,
            known,
            long_from: last_long_start(date),
            config: self.config,
            setup: self.setup,
            sleeves: self.setup.sleeves(date),
            returns: &self.returns,
            risk,
            places: &self.timeline.places,
            later_rate: self.rates.long,
            wealth,
            budget_parts: &self.budget_parts.1,
            promised: &self.promised,
        };
        let scope = if all { Scope::All } else { Scope::Advisor };
        let promises = rebalance(&ctx, &mut self.ledger, &mut self.memory, &reserve, scope)
            .map_err(|error| RunError::Rebalance { arm, date, error })?;
        for promise in promises {
            self.promised[promise.from.index()] += promise.amount;
            self.promises.push((self.session + self.config.sma.lag as usize, promise));
        }
        Ok(())
    }

    /// Cash that the advisor has at hand in an account for what is asked of it.
    fn balance(&self, account: AccountId) -> Money {
        let held_back = if account == AccountId(0) { self.reserve } else { Money::ZERO };
        self.ledger.balance(self.setup.pocket(account, self.setup.advisor())) - held_back
    }

    /// Pays one kind of due out of each account as far as its cash goes. Returns what each paid.
    fn pay(
        &mut self,
        date: NaiveDate,
        kind: CashKind,
        dues: &[Dues],
        of: impl Fn(&Dues) -> Money,
    ) -> Result<Vec<Money>, LedgerError> {
        let mut paid = Vec::with_capacity(dues.len());
        for (a, due) in dues.iter().enumerate() {
            let account = AccountId(a as u16);
            let amount = of(due).min(self.balance(account));
            let pocket = self.setup.pocket(account, self.setup.advisor());
            self.ledger.book_cash(date, pocket, kind, None, -amount)?;
            paid.push(amount);
        }
        Ok(paid)
    }

    /// What each account could pay: its cash, and its lots that may be sold at the last close known. Asked only where there is
    /// something to pay and more than one account to pay it.
    fn worth(&self, view: &View<'_>, asked: &Asked) -> Vec<Money> {
        let count = self.setup.accounts.len();
        if count == 1 || !asked.total().is_positive() {
            return vec![asked.total(); count];
        }
        self.worth_of_accounts(view)
    }

    fn worth_of_accounts(&self, view: &View<'_>) -> Vec<Money> {
        let mut worth = vec![Money::ZERO; self.setup.accounts.len()];
        for pocket in self.ledger.pockets() {
            worth[pocket.account.index()] += pocket.balance;
        }
        if let Some(main) = worth.first_mut() {
            *main -= self.reserve;
        }
        let known = self.config.trading.execution.known(view);
        for security in self.timeline.universe.iter().filter(|s| self.ledger.held(**s).is_positive()) {
            let price = view.last_restated(*security, &known);
            for lot in self.ledger.lots(*security).iter().filter(|l| !lot_is_kept(self.config, l.id)) {
                worth[lot.account.index()] += Money::of(lot.quantity, price);
            }
        }
        worth
    }

    /// What each account must keep in cash after the trades: its dues, what is held back for tax, and its part of the buffer.
    fn reserve_for(&self, view: &View<'_>, dues: &[Dues], value: Money) -> Reserve {
        let mut needs: Vec<Money> = dues.iter().map(|d| d.total()).collect();
        if let Some(main) = needs.first_mut() {
            *main = (*main + self.reserve).min(value);
        }
        let wealth = (value - needs.iter().copied().sum()).max(Money::ZERO);
        let buffer =
            Money::from_f64(wealth.to_f64() * self.config.trading.cash_buffer).unwrap_or(Money::ZERO);
        let mut buffers = vec![Money::ZERO; needs.len()];
        if needs.len() == 1 {
            buffers[0] = buffer;
        } else if buffer.is_positive() {
            let mut free = self.worth_of_accounts(view);
            for (free, need) in free.iter_mut().zip(&needs) {
                *free = (*free - *need).max(Money::ZERO);
            }
            for (a, part) in spread(buffer, &self.setup.accounts, &mut free) {
                buffers[a] += part;
            }
        }
        Reserve { needs, buffers }
    }

    fn cash(&mut self, date: NaiveDate, kind: CashKind, amount: Money) -> Result<(), LedgerError> {
        self.ledger.book_cash(date, self.setup.main_pocket(), kind, None, amount)
    }

    /// Books what the household brings: cash, and lots at their basis. Returns their value.
    fn open(&mut self, view: &View<'_>) -> Result<Money, LedgerError> {
        let (config, date) = (self.config, view.date());
        let mut value = config.household.cash;
        self.cash(date, CashKind::Contribution, value)?;
        for (i, account) in config.household.accounts.iter().enumerate() {
            let pocket = self.setup.pocket(AccountId(i as u16 + 1), self.setup.advisor());
            self.ledger.book_cash(date, pocket, CashKind::Contribution, None, account.cash)?;
            value += account.cash;
        }
        for (lot, (cell, security)) in config.household.lots.iter().zip(&self.setup.legacy) {
            let price = view.last_close(*security).unwrap_or_default();
            let order = Order {
                date,
                pocket: self.setup.pocket(cell.account, self.setup.mandate_of(cell.sleeve)),
                sleeve: cell.sleeve,
                security: *security,
                price,
                cost_rate: Rate::ZERO,
                reason: Reason::default(),
            };
            self.ledger.transfer_lot_in(&order, lot.quantity, lot.basis, lot.acquired)?;
            value += Money::of(lot.quantity, price);
        }
        Ok(value)
    }

    /// Money asked of managers that arrives today. True where some does.
    fn arrivals(&mut self, date: NaiveDate) -> Result<bool, LedgerError> {
        let (due, rest): (Vec<_>, Vec<_>) = self.promises.iter().partition(|(at, _)| *at <= self.session);
        self.promises = rest;
        for (_, p) in &due {
            self.promised[p.from.index()] -= p.amount;
            self.ledger.transfer(date, p.from, p.to, p.amount.min(self.ledger.balance(p.from)))?;
        }
        Ok(!due.is_empty())
    }

    /// Where cash is one pool, an account's other pockets help out before anything is sold.
    fn sweep(&mut self, date: NaiveDate, dues: &[Dues]) -> Result<(), LedgerError> {
        for (a, due) in dues.iter().enumerate() {
            let account = AccountId(a as u16);
            for m in 0..self.setup.mandates.len() - 1 {
                let missing = due.total() - self.balance(account);
                let from = self.setup.pocket(account, MandateId(m as u16));
                let free = self.ledger.balance(from) - self.promised[from.index()];
                let amount = missing.min(free);
                if amount.is_positive() {
                    let to = self.setup.pocket(account, self.setup.advisor());
                    self.ledger.transfer(date, from, to, amount)?;
                }
            }
        }
        Ok(())
    }

    /// Whether a new phase of the strategy begins.
    fn is_change(&self, previous: Option<NaiveDate>, date: NaiveDate) -> bool {
        self.setup.phases.iter().any(|p| p.from <= date && previous.is_some_and(|d| p.from > d))
    }

    /// What the advisor has to tell other managers whatever the trades: a new strategy, and each year the household's gains where
    /// they can't see them.
    fn instructions(&mut self, previous: Option<NaiveDate>, date: NaiveDate, changed: bool) {
        let new_year = is_rebalancing(Cadence::Yearly, previous, date);
        let asks = new_year && !self.setup.switches.has(Switch::Gains);
        for m in 0..self.setup.mandates.len() - 1 {
            let mandate = MandateId(m as u16);
            for (kind, is_due) in [(TicketKind::Change, changed), (TicketKind::Questionnaire, asks)] {
                if is_due {
                    let row = TicketRow { date, mandate, kind, amount: Money::ZERO };
                    self.ledger.journal_mut().tickets.push(row);
                }
            }
        }
    }

    /// Whether an asset class is off its policy weight by more than the trigger.
    fn has_drifted(&self, view: &View<'_>) -> bool {
        let Some(trigger) = self.config.trading.trigger else { return false };
        let known = self.config.trading.execution.known(view);
        let price = |s| view.last_restated(s, &known);
        let total = self.value_of(price).to_f64();
        let sleeves = self.setup.sleeves(view.date());
        let mut values = vec![0.0; sleeves.len()];
        for security in &self.timeline.universe {
            let price = price(*security);
            for lot in self.ledger.lots(*security) {
                if let Some(v) = values.get_mut(lot.sleeve.index()) {
                    *v += Money::of(lot.quantity, price).to_f64();
                }
            }
        }
        class_drift(sleeves, &values, total, trigger).iter().any(|(_, drift)| drift.abs() > trigger)
    }

    /// The fee of each account that falls due today.
    fn fees(&mut self, view: &View<'_>, previous: Option<NaiveDate>) -> Vec<Money> {
        let date = view.date();
        let accounts = self.setup.accounts.len();
        if self.config.fees.is_free()
            || previous.is_none()
            || !is_rebalancing(Cadence::Quarterly, previous, date)
        {
            return vec![Money::ZERO; accounts];
        }
        let days = (date - self.charged).num_days();
        self.charged = date;
        // What an account is worth, and what specialists run of it.
        let mut worth = vec![(Money::ZERO, Money::ZERO); accounts];
        for pocket in self.ledger.pockets() {
            worth[pocket.account.index()].0 += pocket.balance;
        }
        for security in self.timeline.universe.iter().filter(|s| self.ledger.held(**s).is_positive()) {
            let price = view.last_close(*security).unwrap_or_default();
            for (a, (all, specialists)) in worth.iter_mut().enumerate() {
                let lots = || self.ledger.lots(*security).iter().filter(|l| l.account.index() == a);
                let theirs = lots().filter(|l| self.setup.mandate_of(l.sleeve) != self.setup.advisor());
                *all += Money::of(lots().map(|l| l.quantity).sum(), price);
                *specialists += Money::of(theirs.map(|l| l.quantity).sum(), price);
            }
        }
        let fee = |(all, theirs)| fee_due(self.setup, &self.config.fees, all, theirs, days);
        worth.into_iter().map(fee).collect()
    }

    /// Gifts and closings of the day. Returns the value that left.
    fn leave(&mut self, view: &View<'_>, previous: Option<NaiveDate>) -> Result<Money, LedgerError> {
        let (config, date) = (self.config, view.date());
        let due = |from: NaiveDate| from <= date && previous.is_some_and(|p| from > p);
        let closings: Vec<(AccountId, How)> = config
            .household
            .closings
            .iter()
            .filter(|c| due(c.date))
            .map(|c| {
                let at = config.household.accounts.iter().position(|a| Some(&a.name) == c.account.as_ref());
                (AccountId(at.map_or(0, |a| a as u16 + 1)), c.how)
            })
            .collect();
        let gifts: Vec<Flow> = config
            .household
            .gifts
            .iter()
            .map(|g| Flow { amount: g.amount, every: g.every, from: g.from, to: g.to })
            .collect();
        let is_open = !self.closed.iter().any(|c| c.account == AccountId(0));
        let dollars = if is_open { flows_due(&gifts, config.start, previous, date).0 } else { Money::ZERO };
        let Some(risk) = self.timeline.at(date).filter(|_| dollars.is_positive() || !closings.is_empty())
        else {
            return Ok(Money::ZERO);
        };
        let ctx = DecisionContext {
            view: *view,
            known: *view,
            long_from: last_long_start(date),
            config,
            setup: self.setup,
            sleeves: self.setup.sleeves(date),
            returns: &self.returns,
            risk,
            places: &self.timeline.places,
            later_rate: self.rates.long,
            wealth: self.value(view),
            budget_parts: &self.budget_parts.1,
            promised: &self.promised,
        };
        let mut left = give(&ctx, &mut self.ledger, dollars)?;
        let mut kept = Money::ZERO;
        let closes_main = closings.iter().any(|(a, _)| *a == AccountId(0));
        for (account, how) in closings {
            let is_main = account == AccountId(0);
            let overdue = self.overdue.tax + self.overdue.fees.iter().copied().sum();
            // The tax of the sale stays behind until it is due.
            let reserve = |ledger: &Ledger| {
                let accrued = self.returns.accrued(ledger, date) + overdue;
                if is_main { accrued.max(Money::ZERO) } else { Money::ZERO }
            };
            let out = close_account(&ctx, &mut self.ledger, account, how, &reserve)?;
            if is_main {
                kept = out.kept;
            }
            self.closed.push(Closed { date, account, cash: out.cash, in_kind: out.in_kind });
            left += out.cash + out.in_kind;
        }
        if closes_main {
            self.reserve = kept;
            self.promises.clear();
            self.promised.fill(Money::ZERO);
        }
        Ok(left)
    }

    /// Books what the session pays on shares held before its trades.
    fn distribute(&mut self, view: &View<'_>) -> Result<(), LedgerError> {
        for d in view.distributions() {
            if !self.ledger.held(d.security).is_positive() {
                continue;
            }
            for pocket in 0..self.ledger.pockets().len() {
                let Some(Pocket { account, mandate, .. }) = self.ledger.pockets().get(pocket).copied() else {
                    continue;
                };
                let lots = self.ledger.lots(d.security).iter();
                let mine =
                    lots.filter(|l| l.account == account && self.setup.mandate_of(l.sleeve) == mandate);
                let shares = mine.map(|l| l.quantity).sum();
                let amount = Money::of(shares, d.per_share);
                if amount.is_positive() {
                    let to = PocketId(pocket as u16);
                    self.ledger.income_received(view.date(), to, d.security, d.kind, amount, shares)?;
                }
            }
        }
        Ok(())
    }

    /// Holdings at the last close known, plus cash.
    fn value(&self, view: &View<'_>) -> Money {
        self.value_of(|s| view.last_close(s).unwrap_or_default())
    }

    /// Holdings at given prices, plus cash.
    fn value_of(&self, price: impl Fn(SecurityId) -> Price) -> Money {
        let mut value = self.ledger.cash();
        for s in &self.timeline.universe {
            let held = self.ledger.held(*s);
            if held.is_positive() {
                value += Money::of(held, price(*s));
            }
        }
        value
    }

    fn mark(&mut self, view: &View<'_>, flow: Money, tax_paid: Money, benchmark_return: f64) {
        let date = view.date();
        let price = |s: &SecurityId| -> Price {
            let held = self.ledger.held(*s).is_positive();
            if held { view.last_close(*s).unwrap_or_default() } else { Price::ZERO }
        };
        let prices: Vec<Price> = self.timeline.universe.iter().map(price).collect();
        let held = |(s, p): (&SecurityId, &Price)| {
            if p.is_zero() { Money::ZERO } else { Money::of(self.ledger.held(*s), *p) }
        };
        let values: Vec<Money> = self.timeline.universe.iter().zip(&prices).map(held).collect();
        let value = self.ledger.cash() + values.iter().copied().sum::<Money>();
        let sleeves = self.setup.sleeves(date);
        let te_ex_ante = self.timeline.at(date).map_or(0.0, |risk: &RiskModel| {
            let total = if value.is_positive() { value.to_f64() } else { 1.0 };
            let holdings: Vec<f64> = values.iter().map(|v| v.to_f64() / total).collect();
            risk.tracking_error(&self.benchmark.active(view, sleeves, &self.timeline.places, holdings))
        });
        let mark = Mark {
            date,
            value,
            cash: self.ledger.cash(),
            accrued_tax: self.returns.accrued(&self.ledger, date) + self.overdue.tax,
            owed: self.overdue.fees.iter().copied().sum(),
            flow,
            tax_paid,
            benchmark_return,
            benchmark_value: self.benchmark.value,
            te_ex_ante,
        };
        let priced = |s: SecurityId| {
            let place = self.timeline.places.get(s.index()).copied().flatten();
            place.and_then(|p| prices.get(p as usize)).copied().unwrap_or_default()
        };
        let marks = self.sleeves.mark(view, sleeves, &self.ledger.journal().trades, priced);
        let journal = self.ledger.journal_mut();
        journal.sleeve_marks.extend(marks);
        journal.marks.push(mark);
    }

    /// Tracking error ex ante of each sleeve's holdings against its own index.
    fn sleeve_risk(&self, view: &View<'_>) -> Vec<Option<f64>> {
        let (date, places) = (view.date(), &self.timeline.places);
        let Some(risk) = self.timeline.at(date) else { return Vec::new() };
        let at = |s: SecurityId| places.get(s.index()).copied().flatten().map(|p| p as usize);
        let of = |(s, spec): (usize, &SleeveSpec)| -> Option<f64> {
            let index = spec.index?;
            let mut active = vec![0.0; self.timeline.universe.len()];
            let mut value = 0.0;
            for (security, shares) in self.sleeves.of(SleeveId(s as u16)) {
                let dollars = Money::of(shares, view.last_close(security).unwrap_or_default()).to_f64();
                value += dollars;
                *active.get_mut(at(security)?)? += dollars;
            }
            if value <= 0.0 {
                return None;
            }
            for x in &mut active {
                *x /= value;
            }
            for (security, weight) in view.index_weights(index) {
                *active.get_mut(at(security)?)? -= weight;
            }
            Some(risk.tracking_error(&active)).filter(|te| te.is_finite())
        };
        self.setup.sleeves(date).iter().enumerate().map(of).collect()
    }

    fn close(mut self, last: &View<'_>) -> ArmResult {
        let open = self.returns.open_years(&self.ledger, last.date().year());
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
