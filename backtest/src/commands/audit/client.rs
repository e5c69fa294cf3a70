//! Checks external flows: contributions, withdrawals, fees and taxes. They must be what the configuration and
//! the returns ask for, as far as there is cash. Only sums are checked, not which account pays a bill or a
//! withdrawal.

use chrono::{Datelike, NaiveDate};
use unisleeve_core::units::Money;

use super::facts::{Every, Facts, Fees, Flow};
use super::report::Check;
use super::rows::{CashRow, Kind};

/// Days of a year in the accrual of fees.
const DAYS: f64 = 365.0;

/// Sums of a session's rows by kind, without withdrawals that close an account.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Paid {
    pub(super) contribution: Money,
    pub(super) withdrawal: Money,
    pub(super) fee: Money,
    pub(super) tax: Money,
    pub(super) tax_credit: Money,
}

impl Paid {
    /// `closed` are the accounts closed in the session.
    pub(super) fn of(rows: &[CashRow], closed: &[u32]) -> Self {
        let mut paid = Self::default();
        for row in rows {
            match row.kind {
                Kind::Contribution if row.account == 0 => paid.contribution += row.amount,
                Kind::Withdrawal if !closed.contains(&row.account) => paid.withdrawal -= row.amount,
                Kind::Fee => paid.fee -= row.amount,
                Kind::Tax => paid.tax -= row.amount,
                Kind::TaxCredit => paid.tax_credit += row.amount,
                _ => {}
            }
        }
        paid
    }
}

/// Amounts due but not yet paid.
#[derive(Debug, Default)]
pub(super) struct Client {
    pub(super) overdue_tax: Money,
    overdue_fees: Vec<Money>,
    overdue_taken: Money,
    /// Cash kept for tax after the main account was closed.
    reserve: Money,
    is_closed: bool,
    charged: Option<NaiveDate>,
    /// The day on which nothing more was under way and what was due exceeded the value.
    ruin: Option<NaiveDate>,
}

/// What the check of one session needs.
pub(super) struct Session<'a> {
    pub(super) date: NaiveDate,
    pub(super) previous: Option<NaiveDate>,
    /// Sums over all accounts.
    pub(super) paid: Paid,
    /// Fee paid by each account.
    pub(super) fees_paid: Vec<Money>,
    /// Tax of returns filed today.
    pub(super) due: Option<Money>,
    /// Fee of each account that is due today.
    pub(super) fees: Vec<Money>,
    /// Balance of the advisor's pocket in each account at the end of the session.
    pub(super) balances: Vec<Money>,
    /// Value of everything at the end of the session.
    pub(super) value: Money,
    /// Cash left in the advisor's pocket if the main account is closed today.
    pub(super) closing: Option<Money>,
    pub(super) facts: &'a Facts,
}

/// Whether a date is the first session of a new period. `previous` is the session before.
fn begins(every: Every, previous: NaiveDate, date: NaiveDate) -> bool {
    match every {
        Every::Once => false,
        Every::Month => (previous.year(), previous.month()) != (date.year(), date.month()),
        Every::Year => previous.year() != date.year(),
    }
}

/// Whether a flow falls on a session. A periodic flow falls on the first session of each period in which it
/// is in force. A single flow falls on its date or on the next session.
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

/// Sums of contributions and of withdrawals that fall on a session. Both are positive.
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

/// The annual fee of an arm on `value`, dollars. Managers other than the advisor run `theirs` of it.
fn yearly_fee(fees: Fees, arm: &str, value: Money, theirs: Money) -> f64 {
    match arm {
        "shadow" => 0.0,
        "funds" | "fund_pairs" => fees.advisor * value.to_f64(),
        _ if arm.starts_with("sma") => fees.advisor * value.to_f64() + fees.direct_index * theirs.to_f64(),
        _ => fees.uma * value.to_f64(),
    }
}

impl Client {
    pub(super) fn new(ruin: Option<NaiveDate>) -> Self {
        Self { ruin, ..Self::default() }
    }

    /// Fees due but not paid.
    pub(super) fn owed(&self) -> Money {
        self.overdue_fees.iter().copied().sum()
    }

    /// The fee of each account for a session. It is charged in arrears at the start of a quarter, on the
    /// value before trades. `values` are, for each account, its value and the part that other managers than
    /// the advisor run.
    pub(super) fn fee_due(
        &mut self,
        facts: &Facts,
        arm: &str,
        (previous, date): (Option<NaiveDate>, NaiveDate),
        values: impl FnOnce() -> Vec<(Money, Money)>,
    ) -> Vec<Money> {
        let fees = facts.config.fees;
        let quarter = |d: NaiveDate| (d.year(), d.month0() / 3);
        if fees == Fees::default() || previous.is_none_or(|p| quarter(p) == quarter(date)) {
            return Vec::new();
        }
        let days = (date - self.charged.unwrap_or(facts.config.start)).num_days();
        self.charged = Some(date);
        let fee = |(value, theirs)| {
            let yearly = yearly_fee(fees, arm, value, theirs);
            Money::from_f64(yearly * days as f64 / DAYS).unwrap_or(Money::ZERO).max(Money::ZERO)
        };
        values().into_iter().map(fee).collect()
    }

    /// Checks what was paid in and out, and records what is overdue.
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
        if let Some(kept) = s.closing {
            self.is_closed = true;
            self.reserve = kept;
        }
        let bill = tax.max(Money::ZERO);
        let taken = self.overdue_taken + taken_out;
        // Less than the amount due may be paid only if an account that had to pay is empty.
        let is_empty = |(a, balance): (usize, &Money)| {
            !(*balance - if a == 0 { self.reserve } else { Money::ZERO }).is_positive()
        };
        let empty: Vec<bool> = s.balances.iter().enumerate().map(is_empty).collect();
        let any = empty.contains(&true);
        let mut pay = |asked: Money, found: Money, may_lack: bool, what: &str| {
            let expected = if may_lack { asked.min(found.max(Money::ZERO)) } else { asked };
            check.same(file, s.date, what, found, expected);
            asked - expected
        };
        self.overdue_tax = pay(bill, s.paid.tax, any, "tax paid");
        let mut fees_left = Vec::with_capacity(s.fees_paid.len());
        for (a, paid) in s.fees_paid.iter().enumerate() {
            let part = |list: &[Money]| list.get(a).copied().unwrap_or_default();
            let asked = part(&self.overdue_fees) + part(&s.fees);
            fees_left.push(pay(asked, *paid, empty.get(a).copied().unwrap_or(true), "fee"));
        }
        // After the main account is closed, the client also gets all later cash. So withdrawals are not
        // checked any more.
        let taken_left =
            if self.is_closed { Money::ZERO } else { pay(taken, s.paid.withdrawal, any, "withdrawals") };
        // If nothing is left to pay from, and no money is under way, fees and withdrawals are dropped; tax stays due.
        let missing = self.overdue_tax + fees_left.iter().copied().sum() + taken_left;
        let is_beyond = missing.is_positive() && missing > s.value;
        if self.ruin == Some(s.date) {
            check.same(file, s.date, "more due than there is", true, is_beyond);
        }
        let is_ruined = is_beyond && self.ruin.is_some_and(|ruin| s.date >= ruin);
        (self.overdue_fees, self.overdue_taken) =
            if is_ruined { (Vec::new(), Money::ZERO) } else { (fees_left, taken_left) };
    }
}
