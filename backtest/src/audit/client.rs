//! What crosses the portfolio's border through the main account: the client's flows, fees and taxes, as the configuration and
//! the returns ask for them, as far as there is cash.

use chrono::{Datelike, NaiveDate};
use unisleeve_core::units::Money;

use super::facts::{Every, Facts, Fees, Flow};
use super::report::Check;
use super::rows::{CashRow, Kind};

/// Days in the year that fees are divided by.
const DAYS: f64 = 365.0;

/// Sums of a session's rows of the main account by kind.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Paid {
    pub(super) contribution: Money,
    pub(super) withdrawal: Money,
    pub(super) fee: Money,
    pub(super) tax: Money,
    pub(super) tax_credit: Money,
}

impl Paid {
    pub(super) fn of(rows: &[CashRow], account: u32) -> Self {
        let mut paid = Self::default();
        for row in rows.iter().filter(|r| r.account == account) {
            match row.kind {
                Kind::Contribution => paid.contribution += row.amount,
                Kind::Withdrawal => paid.withdrawal -= row.amount,
                Kind::Fee => paid.fee -= row.amount,
                Kind::Tax => paid.tax -= row.amount,
                Kind::TaxCredit => paid.tax_credit += row.amount,
                _ => {}
            }
        }
        paid
    }
}

/// What could not be paid yet.
#[derive(Debug, Default)]
pub(super) struct Client {
    pub(super) overdue_tax: Money,
    overdue_fee: Money,
    overdue_taken: Money,
    /// Held back for tax since the main account was closed.
    reserve: Money,
    is_closed: bool,
    charged: Option<NaiveDate>,
}

/// A session as the client's account sees it.
pub(super) struct Session<'a> {
    pub(super) date: NaiveDate,
    pub(super) previous: Option<NaiveDate>,
    /// Rows of the main account.
    pub(super) paid: Paid,
    /// Tax of returns filed today.
    pub(super) due: Option<Money>,
    /// Fee that falls due today.
    pub(super) fee: Money,
    /// Balance of the advisor's pocket at the end.
    pub(super) balance: Money,
    /// Value of everything at the end.
    pub(super) value: Money,
    /// What stays in the advisor's pocket when the main account is closed today.
    pub(super) closing: Option<Money>,
    pub(super) facts: &'a Facts,
}

/// Whether a date is the first session of a new period; `previous` is the session before.
fn begins(every: Every, previous: NaiveDate, date: NaiveDate) -> bool {
    match every {
        Every::Once => false,
        Every::Month => (previous.year(), previous.month()) != (date.year(), date.month()),
        Every::Year => previous.year() != date.year(),
    }
}

/// Whether a flow falls on a session: on the first of each period in which it is in force, or on its own day or the next
/// session.
fn is_due(flow: &Flow, start: NaiveDate, previous: Option<NaiveDate>, date: NaiveDate) -> bool {
    if date < flow.from || flow.to.is_some_and(|to| date > to) {
        return false;
    }
    match (flow.every, previous) {
        (Every::Once, None) => flow.from >= start,
        (Every::Once, Some(p)) => flow.from > p,
        (_, None) => true,
        (every, Some(p)) => begins(every, p, date) || p < flow.from,
    }
}

/// Contributions and withdrawals (positive) that fall on a session.
pub(super) fn flows_due(
    flows: &[Flow],
    start: NaiveDate,
    previous: Option<NaiveDate>,
    date: NaiveDate,
) -> (Money, Money) {
    let (mut paid_in, mut taken_out) = (Money::ZERO, Money::ZERO);
    for flow in flows.iter().filter(|f| is_due(f, start, previous, date)) {
        paid_in += flow.amount.max(Money::ZERO);
        taken_out += (-flow.amount).max(Money::ZERO);
    }
    (paid_in, taken_out)
}

/// A year's fee on `value`, of which other managers than the advisor run `theirs`, for an arm.
fn yearly_fee(fees: Fees, arm: &str, value: Money, theirs: Money) -> f64 {
    match arm {
        "shadow" => 0.0,
        "funds" | "fund_pairs" => fees.advisor * value.to_f64(),
        "sma" => fees.advisor * value.to_f64() + fees.direct_index * theirs.to_f64(),
        _ => fees.uma * value.to_f64(),
    }
}

impl Client {
    /// The fee of a session, charged in arrears on its value before trades when a quarter begins.
    pub(super) fn fee_due(
        &mut self,
        facts: &Facts,
        arm: &str,
        (previous, date): (Option<NaiveDate>, NaiveDate),
        values: impl FnOnce() -> (Money, Money),
    ) -> Money {
        let fees = facts.config.fees;
        let quarter = |d: NaiveDate| (d.year(), d.month0() / 3);
        if fees == Fees::default() || previous.is_none_or(|p| quarter(p) == quarter(date)) {
            return Money::ZERO;
        }
        let days = (date - self.charged.unwrap_or(facts.config.start)).num_days();
        self.charged = Some(date);
        let (value, theirs) = values();
        let yearly = yearly_fee(fees, arm, value, theirs);
        Money::from_f64(yearly * days as f64 / DAYS).unwrap_or(Money::ZERO).max(Money::ZERO)
    }

    /// Checks what was paid in and out, and notes what is overdue.
    pub(super) fn check(&mut self, s: &Session<'_>, check: &mut Check) {
        let (config, file) = (&s.facts.config, "cash.csv");
        let none = (Money::ZERO, Money::ZERO);
        let (mut paid_in, taken_out) = if self.is_closed {
            none
        } else {
            flows_due(&config.household.flows, config.start, s.previous, s.date)
        };
        if s.previous.is_none() {
            paid_in += config.household.cash;
        }
        check.same(file, s.date, "contributions", s.paid.contribution, paid_in);
        if s.due.is_some() {
            self.reserve = Money::ZERO;
        }
        let tax = self.overdue_tax + s.due.unwrap_or(Money::ZERO);
        check.same(file, s.date, "tax credited", s.paid.tax_credit, (-tax).max(Money::ZERO));
        // What of the withdrawals closed the account.
        let mut withdrawn = s.paid.withdrawal;
        if let Some(kept) = s.closing {
            self.is_closed = true;
            self.reserve = kept;
            withdrawn = Money::ZERO;
        }
        let bill = tax.max(Money::ZERO);
        let fee = self.overdue_fee + s.fee;
        let taken = self.overdue_taken + taken_out;
        // Paid last in the day, in this order, out of what the pocket held before.
        let mut left = s.balance + s.paid.tax + s.paid.fee + withdrawn - self.reserve;
        let mut pay = |asked: Money, found: Money, what: &str| {
            let expected = asked.min(left).max(Money::ZERO);
            left -= expected;
            check.same(file, s.date, what, found, expected);
            asked - expected
        };
        self.overdue_tax = pay(bill, s.paid.tax, "tax paid");
        let fee_left = pay(fee, s.paid.fee, "fee");
        let taken_left = pay(taken, withdrawn, "withdrawals");
        // Nothing is left to pay from: fees and withdrawals are given up, tax stays owed.
        let is_ruined = self.overdue_tax + fee_left + taken_left > s.value;
        (self.overdue_fee, self.overdue_taken) = if is_ruined { none } else { (fee_left, taken_left) };
    }
}
