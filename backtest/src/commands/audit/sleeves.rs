//! Recomputes each sleeve at each close, the policy mix and the drift of asset classes from trades, closes and
//! the policy's facts.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use unisleeve_core::numeric::{mean, standard_deviation};
use unisleeve_core::units::{Money, Price, Shares};

use super::facts::Cadence;
use super::lots::{Listed, worth};
use super::policy::{ArmPolicy, Policies, Spec};
use super::prices::Distribution;
use super::rows::{Side, TradeRow};
use super::value::Mark;

/// A sleeve at a close.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SleeveMark {
    /// Holdings.
    pub(super) value: Money,
    /// Value that came in less value that left at the session's trades.
    pub(super) net: Money,
    /// Trading costs.
    pub(super) cost: Money,
    /// Distributions received.
    pub(super) income: Money,
}

/// The sleeves of one arm, session by session.
#[derive(Debug)]
pub(super) struct Sleeves {
    /// Position of each sleeve, by its number.
    places: BTreeMap<u32, usize>,
    held: Vec<BTreeMap<u32, Shares>>,
    /// The household's calendar, on which the policy mix is rebalanced.
    cadence: Cadence,
    /// Weights of the policy mix; empty before the first session.
    mix: Vec<f64>,
    /// Date and marks of each session.
    pub(super) days: Vec<(NaiveDate, Vec<SleeveMark>)>,
    /// Return of the policy mix over each session; zero on the first.
    pub(super) benchmark: Vec<f64>,
}

impl Sleeves {
    pub(super) fn new(policy: &ArmPolicy, cadence: Cadence) -> Self {
        let specs = policy.phases.first().map_or(&[][..], |(_, specs)| specs.as_slice());
        Self {
            places: specs.iter().enumerate().map(|(at, s)| (s.sleeve, at)).collect(),
            held: vec![BTreeMap::new(); specs.len()],
            cadence,
            mix: Vec::new(),
            days: Vec::new(),
            benchmark: Vec::new(),
        }
    }

    /// Books a session.
    pub(super) fn close(
        &mut self,
        (policy, policies): (&ArmPolicy, &Policies),
        date: NaiveDate,
        trades: &[TradeRow],
        (distributions, splits): (&[Distribution], &[(u32, Price)]),
        last_closes: &[Price],
    ) {
        let mut marks = vec![SleeveMark::default(); self.held.len()];
        for d in distributions {
            // Holders at the open are paid, on their shares after the day's split.
            let ratio = splits.iter().find(|(symbol, _)| *symbol == d.symbol).map(|(_, ratio)| *ratio);
            for (mark, held) in marks.iter_mut().zip(&self.held) {
                let shares = held.get(&d.symbol).copied().unwrap_or_default();
                let shares = match ratio {
                    Some(ratio) if !shares.is_zero() => super::wash::scaled(shares, ratio),
                    _ => shares,
                };
                mark.income += worth(shares, d.per_share);
            }
        }
        for t in trades {
            let Some(at) = self.places.get(&t.sleeve).copied() else { continue };
            let quantity = if t.side == Side::Sell { -t.quantity } else { t.quantity };
            let shares = self.held[at].entry(t.symbol).or_default();
            *shares += quantity;
            if shares.is_zero() {
                self.held[at].remove(&t.symbol);
            }
            let mark = &mut marks[at];
            mark.cost += t.cost;
            mark.net += match t.side {
                Side::Buy => t.amount,
                Side::Sell => -t.amount,
                Side::TransferIn => worth(quantity, t.price),
                // What leaves has no trade price: it counts at its close.
                Side::TransferOut | Side::GiftOut => {
                    worth(quantity, last_closes.get(t.symbol as usize).copied().unwrap_or_default())
                }
                Side::Split | Side::Spinoff => Money::ZERO,
            };
        }
        for (mark, held) in marks.iter_mut().zip(&self.held) {
            let mut exact = 0;
            for (symbol, shares) in held {
                let close = last_closes.get(*symbol as usize).copied().unwrap_or_default();
                exact += i128::from(shares.raw()) * i128::from(close.raw());
            }
            // Rounds from twelve decimals to four, once for each sleeve.
            mark.value =
                Money::from_raw(i64::try_from((exact + 50_000_000) / 100_000_000).unwrap_or(i64::MAX));
        }
        let earned = self.earn(policy, policies, date);
        self.benchmark.push(earned);
        self.days.push((date, marks));
    }

    /// Return of the policy mix: its indices at policy weights, which drift until the calendar's next day or a
    /// change of the policy.
    fn earn(&mut self, policy: &ArmPolicy, policies: &Policies, date: NaiveDate) -> f64 {
        let specs = policy.specs(date);
        let mut earned = 0.0;
        if self.benchmark.is_empty() {
            self.mix = specs.iter().map(|s| s.weight).collect();
        } else {
            let mut total = 0.0;
            for (weight, spec) in self.mix.iter_mut().zip(specs) {
                *weight *= 1.0 + index_return(policies, date, spec).unwrap_or(0.0);
                total += *weight;
            }
            for weight in &mut self.mix {
                *weight /= total;
            }
            earned = total - 1.0;
        }
        let is_reset = self.days.last().is_none_or(|(previous, _)| {
            let changes = policy.phases.iter().any(|(from, _)| *from > *previous && *from <= date);
            changes || self.cadence.separates(*previous, date)
        });
        if is_reset {
            self.mix = specs.iter().map(|s| s.weight).collect();
        }
        earned
    }

    /// Annualized tracking error of each sleeve that has an index at some time, in the order of the policy.
    pub(super) fn tracking_errors(
        &self,
        policy: &ArmPolicy,
        policies: &Policies,
        year: f64,
    ) -> Vec<Option<f64>> {
        let of = |at: usize| {
            let (mut active, mut before) = (Vec::new(), Money::ZERO);
            for (date, marks) in &self.days {
                let mark = &marks[at];
                let index = policy.specs(*date).get(at).and_then(|s| index_return(policies, *date, s));
                if let Some(index) = index.filter(|_| before.is_positive()) {
                    let after = mark.value - mark.net - mark.cost + mark.income;
                    active.push(after.to_f64() / before.to_f64() - 1.0 - index);
                }
                before = mark.value;
            }
            Some(standard_deviation(&active)? * year.sqrt())
        };
        let has_index = |at: &usize| {
            policy.phases.iter().any(|(_, specs)| specs.get(*at).is_some_and(|s| s.index.is_some()))
        };
        (0..self.held.len()).filter(has_index).map(of).collect()
    }

    /// Average and largest absolute drift of each asset class: found on rebalancing days, then left.
    pub(super) fn drift(&self, policy: &ArmPolicy, marks: &[Mark]) -> Vec<[Option<f64>; 4]> {
        let mut classes: Vec<&str> = Vec::new();
        for spec in policy.phases.iter().flat_map(|(_, s)| s).filter(|s| s.index.is_some()) {
            if !classes.contains(&spec.asset_class.as_str()) {
                classes.push(&spec.asset_class);
            }
        }
        let (mut found, mut left) = (vec![Vec::new(); classes.len()], vec![Vec::new(); classes.len()]);
        let note = |into: &mut Vec<Vec<f64>>, specs: &[Spec], values: &[f64], total: f64| {
            let (mut off, mut invested) = (0.0, 0.0);
            for (value, spec) in values.iter().zip(specs) {
                invested += value;
                off += if spec.index.is_none() { *value } else { 0.0 };
            }
            if total <= 0.0 || invested <= 0.0 {
                return;
            }
            for (class, list) in classes.iter().zip(into) {
                let mut away = 0.0;
                for (value, spec) in values.iter().zip(specs) {
                    if spec.index.is_some() && spec.asset_class == *class {
                        away += value / total - spec.weight * (1.0 - off / total);
                    }
                }
                list.push(away.abs());
            }
        };
        for (at, (date, sleeves)) in self.days.iter().enumerate() {
            if !policy.rebalancings.contains(date) {
                continue;
            }
            let values: Vec<f64> = sleeves.iter().map(|m| m.value.to_f64()).collect();
            let total = marks.get(at).map_or(0.0, |m| m.value.to_f64());
            note(&mut left, policy.specs(*date), &values, total);
            if let Some(before) = at.checked_sub(1).and_then(|i| marks.get(i)) {
                let values: Vec<f64> = sleeves.iter().map(|m| (m.value - m.net).to_f64()).collect();
                let total = values.iter().fold(before.cash.to_f64(), |sum, v| sum + v);
                note(&mut found, policy.specs(before.date), &values, total);
            }
        }
        let largest = |x: &[f64]| x.iter().copied().reduce(|a, b| if b > a { b } else { a });
        let figures = |(f, l): (&Vec<f64>, &Vec<f64>)| [mean(f), largest(f), mean(l), largest(l)];
        found.iter().zip(&left).map(figures).collect()
    }
}

fn index_return(policies: &Policies, date: NaiveDate, spec: &Spec) -> Option<f64> {
    policies.returns.get(&(date, spec.index?)).copied()
}

/// Active share of the portfolio against the policy mix, cash included: half the sum of the absolute
/// differences of weights (Cremers and Petajisto, 2009). `lots` are all open lots with symbols and last closes.
pub(super) fn active_share(
    (policy, policies): (&ArmPolicy, &Policies),
    lots: &[(u32, Listed, Price)],
    last: &Mark,
) -> Option<f64> {
    let total = Some(last.value.to_f64()).filter(|v| *v > 0.0)?;
    let mut gaps: BTreeMap<u32, f64> = BTreeMap::new();
    for (symbol, lot, price) in lots {
        *gaps.entry(*symbol).or_default() += worth(lot.quantity, *price).to_f64() / total;
    }
    for spec in policy.specs(last.date) {
        for (symbol, weight) in spec.index.and_then(|i| policies.weights.get(&i)).into_iter().flatten() {
            *gaps.entry(*symbol).or_default() -= spec.weight * weight;
        }
    }
    Some(0.5 * gaps.values().fold((last.cash.to_f64() / total).abs(), |sum, gap| sum + gap.abs()))
}
