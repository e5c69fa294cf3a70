//! Funds: what their class returns, less expenses, paid out in part.

use super::config::{AssetClass, Fund, Income};
use super::rng::Stream;
use unisleeve_units::{IncomeKind, Price};

/// Kinds of income, in the order of a fund's pots.
const KINDS: [IncomeKind; 3] =
    [IncomeKind::QualifiedDividend, IncomeKind::OrdinaryDividend, IncomeKind::Interest];

/// First net asset value.
const FIRST: f64 = 100.0;

/// A fund on its way.
#[derive(Debug, Clone)]
pub(super) struct FundState {
    /// Net asset value a share, with the income not yet paid out.
    value: f64,
    /// Income not yet paid out, by kind.
    pots: [f64; 3],
    /// Expenses since the last payment: they are met from income first.
    expenses: f64,
}

/// What a fund earns over a session.
#[derive(Debug, Clone, Copy)]
pub(super) struct Earned {
    /// Growth factor of its class with income reinvested.
    pub growth: f64,
    /// Income by kind as a fraction of the value before.
    pub income: [f64; 3],
    /// Trading days and calendar years of the session.
    pub days: f64,
    pub years: f64,
}

impl FundState {
    pub(super) fn new() -> Self {
        Self { value: FIRST, pots: [0.0; 3], expenses: 0.0 }
    }

    /// Net asset value a share.
    pub(super) fn price(&self) -> f64 {
        self.value
    }

    /// A session; where it is one of the fund's payment dates, what is paid by kind.
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
        // No more than half of the value goes out: a crash may leave less than was earned.
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

/// Income of a class over a session by kind, as a fraction of its value.
pub(super) fn class_income(class: &AssetClass, years: f64) -> [f64; 3] {
    let whole = class.distribution_yield * years;
    match class.income {
        Income::Interest => [0.0, 0.0, whole],
        Income::Dividend => [whole * class.qualified, whole * (1.0 - class.qualified), 0.0],
    }
}
