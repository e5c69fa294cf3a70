//! Funds: the return of their class less expenses, with income paid out.

use super::config::{AssetClass, Fund, Income};
use super::rng::Stream;
use unisleeve_units::{IncomeKind, Price};

/// Kinds of income, in the order of [`FundState::pots`].
const KINDS: [IncomeKind; 3] =
    [IncomeKind::QualifiedDividend, IncomeKind::OrdinaryDividend, IncomeKind::Interest];

/// First net asset value, in dollars a share.
const FIRST: f64 = 100.0;

/// State of a fund along a path.
#[derive(Debug, Clone)]
pub(super) struct FundState {
    /// Net asset value a share, in dollars, including income not yet paid out.
    value: f64,
    /// Income a share not yet paid out, in dollars by kind.
    pots: [f64; 3],
    /// Expenses a share since the last payment, in dollars. They are paid from income first.
    expenses: f64,
}

/// What a fund's class earns over a session.
#[derive(Debug, Clone, Copy)]
pub(super) struct Earned {
    /// Growth factor of the class with income reinvested.
    pub growth: f64,
    /// Income by kind as a fraction of the value before.
    pub income: [f64; 3],
    /// Trading days in the session's span.
    pub days: f64,
    pub years: f64,
}

impl FundState {
    pub(super) fn new() -> Self {
        Self { value: FIRST, pots: [0.0; 3], expenses: 0.0 }
    }

    /// Net asset value a share, in dollars.
    pub(super) fn price(&self) -> f64 {
        self.value
    }

    /// Moves the fund by one session. On a payment date (`pays`) returns dollars a share by kind.
    pub(super) fn step(
        &mut self,
        fund: &Fund,
        earned: &Earned,
        pays: bool,
        stream: &mut Stream,
    ) -> Option<[(IncomeKind, Price); 3]> {
        let before = self.value;
        for (pot, income) in self.pots.iter_mut().zip(earned.income) {
            *pot += before * income;
        }
        let variance = fund.tracking_error * fund.tracking_error * (earned.days / super::names::DAYS);
        let noise = variance.sqrt() * stream.normal() - 0.5 * variance;
        let kept = libm::exp(noise - fund.expense_ratio * earned.years);
        self.expenses += before * fund.expense_ratio * earned.years;
        self.value = before * (earned.growth * kept);
        if !pays {
            return None;
        }
        let whole: f64 = self.pots.iter().sum();
        // At most half of the value is paid out, since a crash may leave less than the income earned before
        // it.
        let room =
            if whole - self.expenses < 0.5 * self.value { whole - self.expenses } else { 0.5 * self.value };
        let share = if whole > 0.0 && room > 0.0 { room / whole } else { 0.0 };
        let mut paid = [(IncomeKind::Interest, Price::ZERO); 3];
        for ((paid, kind), pot) in paid.iter_mut().zip(KINDS).zip(&self.pots) {
            *paid = (kind, Price::from_f64(pot * share).unwrap_or_default());
            self.value -= paid.1.to_f64();
        }
        (self.pots, self.expenses) = ([0.0; 3], 0.0);
        Some(paid)
    }
}

/// Income of a class over a number of years, by kind, as a fraction of its value.
pub(super) fn class_income(class: &AssetClass, years: f64) -> [f64; 3] {
    let whole = class.distribution_yield * years;
    match class.income {
        Income::Interest => [0.0, 0.0, whole],
        Income::Dividend => [whole * class.qualified, whole * (1.0 - class.qualified), 0.0],
    }
}
