//! Decides when an arm trades: by the calendar, on drift, when money has arrived, or when cash is needed.

use chrono::{Datelike, NaiveDate};
use unisleeve_books::household::LedgerError;
use unisleeve_books::journal::{TicketKind, TicketRow};
use unisleeve_mandates::{Band, Cadence, Switch};
use unisleeve_market::View;
use unisleeve_tax::last_long_start;
use unisleeve_units::{AccountId, MandateId, Money};

use super::arm::{Arm, Stop};
use super::dues::Dues;
use super::{DecisionContext, Scope, Turn, budget_parts, is_rebalancing, rebalance};

/// Whose calendar falls on a session.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days {
    /// The advisor rebalances.
    pub advisor: bool,
    /// The advisor looks at the bands.
    pub look: bool,
    /// Specialists trade.
    pub specialists: bool,
}

impl Arm<'_> {
    /// Trades if a calendar, drift, arrived money, a request or a need for cash requires it.
    pub(super) fn act(
        &mut self,
        view: &View<'_>,
        days: Days,
        arrived: bool,
        dues: &[Dues],
    ) -> Result<(), Stop> {
        let date = view.date();
        let Some(risk) = self.timeline.at(date) else { return Ok(()) };
        let rebalances = days.advisor || self.has_drifted(view) || (days.look && self.is_off(view));
        let specialists = days.specialists || self.requests.iter().any(|r| r.at <= self.session);
        if !rebalances && self.setup.switches.has(Switch::Pool) {
            self.sweep(date, dues)?;
        }
        let is_short = |(a, d): (usize, &Dues)| d.total() > self.balance(AccountId(a as u16));
        let advisor = if rebalances {
            Turn::Rebalance
        } else if dues.iter().enumerate().any(is_short) {
            Turn::Fund
        } else if arrived {
            Turn::Own
        } else {
            Turn::Rest
        };
        if advisor == Turn::Rest && !specialists {
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
            session: self.session,
            requests: &self.requests,
        };
        let scope = Scope { advisor, specialists: days.specialists };
        let outcome = rebalance(&ctx, &mut self.ledger, &mut self.memory, &reserve, scope)?;
        self.requests.retain(|r| r.at > self.session);
        self.requests.extend(outcome.requests);
        self.late.extend(outcome.late);
        for promise in outcome.promises {
            self.promised[promise.from.index()] += promise.amount;
            self.promises.push(promise);
        }
        Ok(())
    }

    /// With pooled cash, moves cash from an account's other pockets to the advisor's before anything is sold.
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

    /// Whether a new phase of the strategy begins at this session.
    pub(super) fn is_change(&self, previous: Option<NaiveDate>, date: NaiveDate) -> bool {
        self.setup.phases.iter().any(|p| p.from <= date && previous.is_some_and(|d| p.from > d))
    }

    /// Records the advisor's instructions to other managers that do not depend on trades: a new strategy, and
    /// at the start of each year the household's gains if the managers can't see them.
    pub(super) fn instruct(&mut self, previous: Option<NaiveDate>, date: NaiveDate, changed: bool) {
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

    /// Whether an asset class has drifted from its policy weight by more than the trigger.
    fn has_drifted(&self, view: &View<'_>) -> bool {
        let Some(trigger) = self.config.trading.trigger else { return false };
        self.drifts(view, trigger).iter().any(|(_, drift)| drift.abs() > trigger)
    }

    /// Whether an asset class is beyond its band.
    fn is_off(&self, view: &View<'_>) -> bool {
        self.drifts(view, self.config.band()).iter().any(|(band, drift)| band.is_beyond(*drift))
    }

    /// Drift of each asset class from its policy weight, with its band of a width.
    fn drifts(&self, view: &View<'_>, width: f64) -> Vec<(Band, f64)> {
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
        Band::class_drifts(sleeves, &values, total, width)
    }
}
