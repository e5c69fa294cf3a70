//! One arm, day by day: corporate actions, distributions, contributions, taxes due, rebalancing, withdrawals, the close.

use chrono::{Datelike, NaiveDate};
use thiserror::Error;

use super::benchmark::Benchmark;
use super::fees::fee_due;
use super::sleeves::SleeveBook;
use super::{RiskTimeline, flows_due, is_rebalancing};
use crate::household::{Account, Ledger, LedgerError, Order, Pocket, Returns};
use crate::journal::{CashKind, Journal, Mark, Reason, TicketKind, TicketRow};
use crate::market::{Market, View};
use crate::risk::RiskModel;
use crate::setup::{
    Cadence, Config, DecisionContext, Flow, How, Memory, Promise, RebalanceError, Scope, Setup, SleeveSpec,
    Switch, class_bands, close_account, give, rebalance,
};
use crate::tax::{Carryforward, Lot, TaxRates, UnknownTaxYear, last_long_start};
use crate::units::{AccountId, MandateId, Money, PocketId, Price, Rate, SecurityId, SleeveId};

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
#[derive(Debug, Clone, Copy, Default)]
struct Overdue {
    tax: Money,
    fee: Money,
    taken: Money,
}

/// What a session asks of the portfolio.
#[derive(Debug, Clone, Copy, Default)]
struct Asked {
    bill: Money,
    fee: Money,
    taken: Money,
}

impl Asked {
    fn total(self) -> Money {
        self.bill + self.fee + self.taken
    }
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

        let fee = self.overdue.fee + self.fee(view, previous);
        let asked = Asked { bill: tax_due.max(Money::ZERO), fee, taken: taken_out };
        let changed = self.is_change(previous, date);
        let calendar = changed || is_rebalancing(self.config.trading.cadence, previous, date);
        self.instructions(previous, date, changed);
        flow -= self.leave(view, previous).map_err(ledger_error)?;
        self.act(view, calendar, arrived, asked.total())?;
        if calendar {
            self.benchmark.rebalance(self.setup.sleeves(date));
            self.ledger.journal_mut().rebalancings.push(date);
        }

        let bill = asked.bill.min(self.balance());
        self.cash(date, CashKind::Tax, -bill).map_err(ledger_error)?;
        let fee = asked.fee.min(self.balance());
        self.cash(date, CashKind::Fee, -fee).map_err(ledger_error)?;
        // A client who has left gets what still comes in.
        let taken = if is_open { asked.taken } else { self.balance() };
        let taken = taken.min(self.balance());
        self.cash(date, CashKind::Withdrawal, -taken).map_err(ledger_error)?;
        let missing = (asked.total() - bill - fee - taken).max(Money::ZERO);
        // What is there to pay from is only asked where something is missing.
        let ruined = missing.is_positive() && missing > self.value(view);
        let or_none = |x: Money| if ruined { Money::ZERO } else { x };
        self.overdue = Overdue {
            tax: asked.bill - bill,
            fee: or_none(asked.fee - fee),
            taken: or_none((asked.taken - taken).max(Money::ZERO)),
        };
        if ruined && self.ruin.is_none() {
            self.ruin = Some(Ruin { date, asked: asked.total(), paid: bill + fee + taken });
        }
        flow -= taken;
        self.benchmark.value += flow.to_f64();
        let tax_paid = bill + tax_due.min(Money::ZERO);
        self.mark(view, flow, tax_paid, benchmark_return);
        self.session += 1;
        Ok(())
    }

    /// Trades where the calendar, drift, arrived money or a need for cash asks for it.
    fn act(&mut self, view: &View<'_>, calendar: bool, arrived: bool, asked: Money) -> Result<(), RunError> {
        let (arm, date) = (self.setup.kind.as_str(), view.date());
        let Some(risk) = self.timeline.at(date) else { return Ok(()) };
        let all = calendar || self.has_drifted(view);
        if !all && self.setup.switches.has(Switch::Pool) {
            self.sweep(date, asked).map_err(|error| RunError::Ledger { arm, date, error })?;
        }
        let all = all || asked > self.balance();
        if !all && !arrived {
            return Ok(());
        }
        let known = self.config.trading.execution.known(view);
        let value = self.value_of(|s| view.last_restated(s, &known));
        let wealth = (value - asked - self.reserve).max(Money::ZERO);
        let need = (asked + self.reserve).min(value);
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
            promised: &self.promised,
        };
        let scope = if all { Scope::All } else { Scope::Advisor };
        let promises = rebalance(&ctx, &mut self.ledger, &mut self.memory, need, scope)
            .map_err(|error| RunError::Rebalance { arm, date, error })?;
        for promise in promises {
            self.promised[promise.from.index()] += promise.amount;
            self.promises.push((self.session + self.config.sma.lag as usize, promise));
        }
        Ok(())
    }

    /// Cash that the advisor has at hand for what is asked.
    fn balance(&self) -> Money {
        self.ledger.balance(self.setup.main_pocket()) - self.reserve
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

    /// Where cash is one pool, other pockets of the main account help out before anything is sold.
    fn sweep(&mut self, date: NaiveDate, asked: Money) -> Result<(), LedgerError> {
        for m in 0..self.setup.mandates.len() - 1 {
            let missing = asked - self.balance();
            let from = self.setup.pocket(AccountId(0), MandateId(m as u16));
            let free = self.ledger.balance(from) - self.promised[from.index()];
            let amount = missing.min(free);
            if amount.is_positive() {
                self.ledger.transfer(date, from, self.setup.main_pocket(), amount)?;
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
        let mut off = 0.0;
        for (v, s) in values.iter().zip(sleeves) {
            off += if s.index.is_none() { *v } else { 0.0 };
        }
        total > 0.0
            && class_bands(sleeves, trigger).iter().filter(|b| b.is_class).any(|band| {
                let mut held = 0.0;
                for s in &band.sleeves {
                    held += values[*s];
                }
                (held / total - band.weight * (1.0 - off / total)).abs() > trigger
            })
    }

    /// The fee that falls due today.
    fn fee(&mut self, view: &View<'_>, previous: Option<NaiveDate>) -> Money {
        let date = view.date();
        if self.config.fees.is_free()
            || previous.is_none()
            || !is_rebalancing(Cadence::Quarterly, previous, date)
        {
            return Money::ZERO;
        }
        let days = (date - self.charged).num_days();
        self.charged = date;
        let mut specialists = Money::ZERO;
        for security in &self.timeline.universe {
            let price = view.last_close(*security).unwrap_or_default();
            let lots = self.ledger.lots(*security).iter();
            let theirs = lots.filter(|l| self.setup.mandate_of(l.sleeve) != self.setup.advisor());
            specialists += Money::of(theirs.map(|l| l.quantity).sum(), price);
        }
        fee_due(self.setup, &self.config.fees, self.value(view), specialists, days)
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
            promised: &self.promised,
        };
        let mut left = give(&ctx, &mut self.ledger, dollars)?;
        let mut kept = Money::ZERO;
        let closes_main = closings.iter().any(|(a, _)| *a == AccountId(0));
        for (account, how) in closings {
            let is_main = account == AccountId(0);
            let overdue = self.overdue.tax + self.overdue.fee;
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
