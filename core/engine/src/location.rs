//! Asset location: the price of holding an asset class in an account that taxes its income each year.
//!
//! A dollar of a sleeve in a taxable account costs
//!
//! ```text
//! h = Σ over kinds of income (distributions of the last twelve months / price) × rate now × annuity
//! annuity = Σ (1 + r)^-t over the T years of `tax.deferral`
//! ```
//!
//! and nothing in an untaxed one. Charged as it is, `h` would also shift the policy mix within its bands,
//! away from what pays most income. A cell is therefore charged only for being in the wrong account. Let the
//! untaxed accounts be filled with the sleeves of the highest `h` first, at policy weights; `p` is the `h` of
//! the last sleeve that finds room, the price of a dollar of room (the dual of this transport problem). Then
//! a cell costs
//!
//! ```text
//! taxable account: max(h - p, 0)      untaxed account: max(p - h, 0)
//! ```
//!
//! and the best location costs nothing. All figures are dollars for each dollar held, known at the decision.

use chrono::{Datelike, Days, NaiveDate};

use super::DecisionContext;
use super::cells::cell_value;
use unisleeve_books::household::Ledger;
use unisleeve_tax::planning::IncomeRates;
use unisleeve_units::{AccountId, MandateId, SecurityId};

/// The charge of each of `cells`, in their order. Zero unless they lie in taxable and in untaxed accounts.
/// The rates are those that `mandate` sees.
pub(super) fn location(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    mandate: MandateId,
    cells: &[usize],
) -> Vec<f64> {
    let setup = ctx.setup;
    let none = vec![0.0; cells.len()];
    let is_taxable = |a: AccountId| setup.accounts.get(a.index()).is_none_or(|a| a.kind.is_taxable());
    let taxed: Vec<bool> = cells.iter().map(|c| is_taxable(setup.cells[*c].account)).collect();
    if taxed.iter().all(|t| *t) || !taxed.iter().any(|t| *t) {
        return none;
    }
    let law = ctx.returns.law(ctx.view.date().year());
    let rates = ctx.tax_view(ledger, &law, mandate).income_rates();
    let annuity = ctx.config.tax.deferral.annuity();
    let yields = yields(ctx, &rates);
    // (tax of a dollar, policy weight) of each sleeve that may be in either kind of account.
    let mut choices: Vec<(f64, f64)> = Vec::new();
    let mut costs = vec![None; ctx.sleeves.len()];
    for (s, spec) in ctx.sleeves.iter().enumerate() {
        let may_be = |kind: bool| {
            let mut here = cells.iter().zip(&taxed).filter(|(c, _)| setup.cells[**c].sleeve.index() == s);
            here.any(|(_, t)| *t == kind)
        };
        if let Some(index) = spec.index.filter(|_| may_be(true) && may_be(false)) {
            let mut tax = 0.0;
            for (security, weight) in ctx.known.index_weights(index) {
                tax += weight * yields[security.index()];
            }
            costs[s] = Some(tax * annuity);
            choices.push((tax * annuity, spec.weight));
        }
    }
    let Some(price) = price_of_room(&mut choices, room(ctx, ledger, cells, is_taxable)) else { return none };
    let charge = |(c, taxed): (&usize, &bool)| {
        let h = costs[setup.cells[*c].sleeve.index()].unwrap_or(price);
        let off = if *taxed { h - price } else { price - h };
        if off > 0.0 { off } else { 0.0 }
    };
    cells.iter().zip(&taxed).map(charge).collect()
}

/// The tax of the last sleeve that finds room if those with the highest tax come first; `None` without a
/// choice.
fn price_of_room(choices: &mut [(f64, f64)], room: f64) -> Option<f64> {
    choices.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut filled = 0.0;
    for (tax, weight) in choices.iter() {
        filled += weight;
        if filled >= room {
            return Some(*tax);
        }
    }
    choices.last().map(|(tax, _)| *tax)
}

/// Untaxed accounts' part of the value of the accounts in which the cells lie, 0 to 1.
fn room(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    cells: &[usize],
    is_taxable: impl Fn(AccountId) -> bool,
) -> f64 {
    let (mut untaxed, mut all) = (0.0, 0.0);
    let mut count = |account: AccountId, value: f64| {
        all += value;
        untaxed += if is_taxable(account) { 0.0 } else { value };
    };
    for c in cells {
        count(ctx.setup.cells[*c].account, cell_value(ctx, ledger, *c).to_f64());
    }
    for pocket in ledger.pockets() {
        count(pocket.account, pocket.balance.to_f64());
    }
    if all > 0.0 { untaxed / all } else { 0.0 }
}

/// Tax at the rates of today on the last twelve months' income of a dollar of each security.
fn yields(ctx: &DecisionContext<'_>, rates: &IncomeRates) -> Vec<f64> {
    let mut taxes = vec![0.0; ctx.view.securities().len()];
    let since = ctx.known.date().checked_sub_days(Days::new(365)).unwrap_or(NaiveDate::MIN);
    for (SecurityId(s), kind, paid) in ctx.known.income_since(since) {
        taxes[s as usize] += paid * rates.of(kind);
    }
    taxes
}

#[cfg(test)]
mod tests {
    use super::price_of_room;

    /// Bonds cost 0.13 a dollar, funds 0.05, stocks 0.03. Room for less than the bonds has the price of
    /// bonds, room for more that of the next.
    #[test]
    fn the_last_to_find_room_sets_its_price() {
        let price = |room| price_of_room(&mut [(0.05, 0.2), (0.13, 0.3), (0.03, 0.5)], room);
        let found = [0.1, 0.3, 0.4, 0.9, 1.0].map(price);
        assert_eq!(found, [0.13, 0.13, 0.05, 0.03, 0.03].map(Some));
        assert_eq!(price_of_room(&mut [], 0.5), None);
    }
}
