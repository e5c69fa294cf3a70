//! Value, accruals and risk at the close.

use unisleeve_books::journal::Mark;
use unisleeve_mandates::SleeveSpec;
use unisleeve_market::View;
use unisleeve_numeric::RiskModel;
use unisleeve_units::{Money, Price, SecurityId, SleeveId};

use super::arm::Arm;

impl Arm<'_> {
    pub(super) fn mark(&mut self, view: &View<'_>, flow: Money, tax_paid: Money, benchmark_return: f64) {
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

    /// Ex-ante tracking error of each sleeve against its own index, annual. `None` without an index or
    /// holdings.
    pub(super) fn sleeve_risk(&self, view: &View<'_>) -> Vec<Option<f64>> {
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
}
