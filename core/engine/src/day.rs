//! One session of an arm, step by step.

use chrono::{Datelike, NaiveDate};
use unisleeve_books::journal::CashKind;
use unisleeve_market::View;
use unisleeve_units::Money;

use super::act::Days;
use super::arm::{Arm, Stop};
use super::dues::Asked;
use super::{flows_due, is_rebalancing};

impl Arm<'_> {
    /// Runs one session. `previous` is the session before, `None` at the first.
    pub(super) fn day(&mut self, view: &View<'_>, previous: Option<NaiveDate>) -> Result<(), Stop> {
        let date = view.date();
        if previous.is_none_or(|previous| previous.year() != date.year()) {
            self.rates = self.config.later_rates(self.returns.laws(), date.year());
            self.require_distributions(view, previous.is_none());
        }

        // Corporate actions, distributions, and promised money that arrives.
        let benchmark_return =
            if previous.is_some() { self.benchmark.earn(view, self.setup.sleeves(date)) } else { 0.0 };
        self.corporate_actions(view)?;
        self.distribute(view)?;
        self.charge_idle(view, benchmark_return)?;
        let arrived = self.arrivals(view)? || core::mem::take(&mut self.has_distributed);

        // Money that comes in, and payments that are due.
        let brought = if previous.is_none() { self.open(view)? } else { Money::ZERO };
        let is_open = self.is_open();
        let (paid_in, withdrawal) = if is_open {
            flows_due(&self.config.household.flows, self.config.start, previous, date)
        } else {
            (Money::ZERO, Money::ZERO)
        };
        self.cash(date, CashKind::Contribution, paid_in)?;
        let tax_due = self.overdue.tax + self.file_returns(date);
        // A tax saving is credited at once. A tax bill is paid after the day's trades have raised the cash.
        self.cash(date, CashKind::TaxCredit, (-tax_due).max(Money::ZERO))?;
        let asked = Asked {
            bill: tax_due.max(Money::ZERO),
            fees: self.fees_due(view, previous),
            taken: withdrawal + self.overdue.taken,
            required: self.required_now(date),
        };

        // Decisions and trades.
        let is_change = self.is_change(previous, date);
        let is_due = |cadence| is_rebalancing(cadence, previous, date);
        let habits = &self.setup.habits;
        let days = Days {
            advisor: is_change || is_due(habits.cadence),
            look: is_due(habits.look),
            specialists: is_change || is_due(habits.specialist_cadence),
        };
        self.instruct(previous, date, is_change);
        let left = self.leave(view, previous)?;
        let dues = asked.dues(&self.setup.accounts, &self.worth(view, &asked));
        self.act(view, days, arrived, &dues)?;
        // The policy mix is the same for every arm, so it is rebalanced on the household's calendar.
        if is_change || is_due(self.config.trading.cadence) {
            self.benchmark.rebalance(self.setup.sleeves(date));
        }
        if days.advisor {
            self.ledger.journal_mut().rebalancings.push(date);
        }

        // Payments and the close.
        let paid = self.pay_dues(view, &asked, &dues, is_open)?;
        let flow = brought + paid_in - left - paid.taken;
        self.benchmark.value += flow.to_f64();
        self.mark(view, flow, paid.bill + tax_due.min(Money::ZERO), benchmark_return);
        self.session += 1;
        Ok(())
    }

    /// Files the tax returns that are due. Returns their tax in dollars, negative for a saving.
    fn file_returns(&mut self, date: NaiveDate) -> Money {
        let mut tax = Money::ZERO;
        while let Some(row) = self.returns.due(&self.ledger, date) {
            tax += row.tax;
            self.ledger.journal_mut().tax_years.push(row);
            self.returns.file(&self.ledger);
            // Cash held back for this return is now due. Only what is still accrued stays held back.
            let owed = self.returns.accrued(&self.ledger, date).max(Money::ZERO);
            self.reserve = self.reserve.min(owed);
        }
        tax
    }
}
