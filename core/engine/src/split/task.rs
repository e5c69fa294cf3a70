//! What the advisor divides over sleeves, prepared for every way of dividing it.

use super::super::DecisionContext;
use super::super::cells::cell_value;
use super::super::location::location;
use super::stretches::{Stretch, after, gain_of, sellable, stretches};
use unisleeve_books::household::Ledger;
use unisleeve_tax::TaxRates;
use unisleeve_units::{MandateId, Money};

/// Money to divide over cells.
#[derive(Debug, Clone)]
pub(super) struct Task<'a> {
    /// Cells of the setup that take or give money.
    pub cells: &'a [usize],
    /// Dollars to invest in each account (negative: to raise).
    pub invest: &'a [Money],
    /// Value of each of the cells, in dollars, after earlier moves.
    pub values: Vec<f64>,
    /// What each of the cells can sell.
    pub sellable: Vec<Vec<Stretch>>,
    /// Cost of each of the cells for a dollar held in it, by the tax of its account.
    pub location: Vec<f64>,
    /// Taxable gain of the earlier moves, in dollars, for each of the cells.
    gained: Vec<f64>,
}

impl<'a> Task<'a> {
    /// `before` holds moves that are decided already, in dollars by cell of the setup.
    pub(super) fn new(
        ctx: &DecisionContext<'_>,
        ledger: &Ledger,
        cells: &'a [usize],
        invest: &'a [Money],
        before: &[Money],
        rates: TaxRates,
    ) -> Self {
        let task = Self {
            cells,
            invest,
            values: cells.iter().map(|c| cell_value(ctx, ledger, *c).to_f64()).collect(),
            sellable: cells.iter().map(|c| stretches(ctx, ledger, *c, rates)).collect(),
            location: location(ctx, ledger, ctx.setup.advisor(), cells),
            gained: vec![0.0; cells.len()],
        };
        if before.iter().all(|m| m.is_zero()) { task } else { task.then(before, invest) }
    }

    /// The same cells after moves (in dollars by cell of the setup), with other money to divide.
    pub(super) fn then(&self, moves: &[Money], invest: &'a [Money]) -> Self {
        let mut next = Self { invest, ..self.clone() };
        for (i, c) in self.cells.iter().enumerate() {
            let moved = moves[*c].to_f64();
            next.values[i] += moved;
            next.gained[i] += gain_of(&self.sellable[i], -moved);
            next.sellable[i] = after(self.sellable[i].clone(), moved);
        }
        next
    }

    /// What is left of the year's gains budget after the earlier moves, in dollars, for each group of mandates
    /// that share one, with the places of their cells.
    pub(super) fn budgets(&self, ctx: &DecisionContext<'_>, ledger: &Ledger) -> Vec<(Vec<usize>, f64)> {
        let of = |(mandates, mut left): (Vec<MandateId>, f64)| {
            let is_theirs =
                |i: &usize| mandates.contains(&ctx.setup.mandate_of(ctx.setup.cells[self.cells[*i]].sleeve));
            let cells: Vec<usize> = (0..self.cells.len()).filter(is_theirs).collect();
            for i in &cells {
                left -= self.gained[*i];
            }
            (cells, if left > 0.0 { left } else { 0.0 })
        };
        ctx.budgets_left(ledger).into_iter().map(of).collect()
    }

    /// Account of the cell at this place in the list, as an index.
    pub(super) fn account(&self, ctx: &DecisionContext<'_>, i: usize) -> usize {
        ctx.setup.cells[self.cells[i]].account.index()
    }

    /// Sleeve of the cell at this place in the list, as an index.
    pub(super) fn sleeve(&self, ctx: &DecisionContext<'_>, i: usize) -> usize {
        ctx.setup.cells[self.cells[i]].sleeve.index()
    }

    /// Whether the sleeve of the cell at this place in the list is outside the policy.
    pub(super) fn is_off(&self, ctx: &DecisionContext<'_>, i: usize) -> bool {
        ctx.sleeves[self.sleeve(ctx, i)].index.is_none()
    }

    /// Places in the list of an account's cells.
    pub(super) fn of_account(&self, ctx: &DecisionContext<'_>, a: usize) -> Vec<usize> {
        (0..self.cells.len()).filter(|i| self.account(ctx, *i) == a).collect()
    }

    /// Dollars to invest in each account. An account can't raise more than its lots with a price today; the
    /// missing rest shows when the orders are executed.
    pub(super) fn raised(&self, ctx: &DecisionContext<'_>) -> Vec<f64> {
        let of = |(a, invest): (usize, &Money)| {
            let mut most = 0.0;
            for s in self.of_account(ctx, a).into_iter().flat_map(|i| &self.sellable[i]) {
                most += s.dollars;
            }
            if invest.to_f64() < -most { -most } else { invest.to_f64() }
        };
        self.invest.iter().enumerate().map(of).collect()
    }

    /// Dollars that the cell at this place in the list can sell.
    pub(super) fn most(&self, i: usize) -> f64 {
        sellable(&self.sellable[i])
    }

    /// Sleeves of the policy among the cells, sorted, and the sum of their weights.
    pub(super) fn policy(&self, ctx: &DecisionContext<'_>) -> (Vec<usize>, f64) {
        let mut sleeves: Vec<usize> =
            (0..self.cells.len()).filter(|i| !self.is_off(ctx, *i)).map(|i| self.sleeve(ctx, i)).collect();
        sleeves.sort_unstable();
        sleeves.dedup();
        let mut weights = 0.0;
        for s in &sleeves {
            weights += ctx.sleeves[*s].weight;
        }
        (sleeves, weights)
    }

    /// Weight of each sleeve of the setup among these cells: policy weights that add up to 1, zero for other
    /// sleeves.
    pub(super) fn shares(&self, ctx: &DecisionContext<'_>) -> Vec<f64> {
        let (sleeves, weights) = self.policy(ctx);
        let mut shares = vec![0.0; ctx.sleeves.len()];
        for s in sleeves {
            shares[s] = if weights > 0.0 { ctx.sleeves[s].weight / weights } else { 0.0 };
        }
        shares
    }

    /// Rounds dollars by place in the list to cents by cell of the setup, so that each account adds up to
    /// what it has to invest.
    pub(super) fn rounded(&self, ctx: &DecisionContext<'_>, dollars: &[f64]) -> Vec<Money> {
        let mut split = vec![Money::ZERO; ctx.setup.cells.len()];
        for (cell, dollars) in self.cells.iter().zip(dollars) {
            split[*cell] = to_cents(*dollars);
        }
        settle(ctx, self.cells, self.invest, &mut split);
        split
    }
}

/// Rounds to cents, because instructions to managers are in cents.
pub(in super::super) fn to_cents(dollars: f64) -> Money {
    Money::from_f64(libm::rint(dollars * 100.0) / 100.0).unwrap_or(Money::ZERO)
}

/// Adds the rounding difference of each account to its largest cell, so that the split adds up to `invest`.
pub(in super::super) fn settle(
    ctx: &DecisionContext<'_>,
    cells: &[usize],
    invest: &[Money],
    split: &mut [Money],
) {
    for (a, invest) in invest.iter().enumerate() {
        let mine = || cells.iter().copied().filter(|c| ctx.setup.cells[*c].account.index() == a);
        let rest = *invest - mine().map(|c| split[c]).sum();
        if let Some(largest) = mine().max_by_key(|c| (split[*c].abs(), ctx.setup.cells.len() - c)) {
            split[largest] += rest;
        }
    }
}
