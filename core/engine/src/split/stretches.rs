//! What a cell can sell, as the advisor sees it: parts with one cost per dollar, cheapest first.

use super::super::DecisionContext;
use super::super::decide::is_kept;
use unisleeve_books::household::Ledger;
use unisleeve_mandates::FundLots;
use unisleeve_tax::TaxRates;
use unisleeve_units::{AccountKind, Money};

/// A part of what a cell can sell, at one cost per dollar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stretch {
    pub dollars: f64,
    /// Cost of a dollar sold, in dollars: tax and half the spread.
    pub cost: f64,
    /// Taxable gain of a dollar sold, in dollars; zero for a loss.
    pub gain: f64,
}

/// Most parts of a cell. Lots are merged to this number, which is precise enough for the advisor's estimate.
const MOST: usize = 8;

/// What a cell can sell, cheapest first.
///
/// A cell whose lots the advisor does not see, and one whose lots are sold in a fixed order, is one part with
/// the mean gain of its lots. Unseen lots have no tax cost. Their gain still counts in a gains budget, because
/// the managers keep to it.
pub(super) fn stretches(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    cell: usize,
    rates: TaxRates,
) -> Vec<Stretch> {
    let half = ctx.half();
    let cell = ctx.setup.cells[cell];
    let mandate = ctx.setup.mandate_of(cell.sleeve);
    let is_unseen = ctx.setup.is_specialist(mandate) && !ctx.setup.habits.sees_lots;
    let is_one = is_unseen || ctx.fund_lots(mandate) != FundLots::MinTax;
    let kind = ctx.setup.accounts.get(cell.account.index()).map_or(AccountKind::Taxable, |a| a.kind);
    let mut lots: Vec<Stretch> = Vec::new();
    for holding in ctx.sleeves[cell.sleeve.index()].holdings.iter().filter(|h| h.can_sell) {
        let Some(price) = ctx.quote(holding.security) else { continue };
        let here = ledger.lots(holding.security).iter();
        for lot in
            here.filter(|l| l.sleeve == cell.sleeve && l.account == cell.account && !is_kept(ctx, l.id))
        {
            let dollars = Money::of(lot.quantity, price).to_f64();
            if dollars > 0.0 {
                let gain = (dollars - lot.basis.to_f64()) / dollars;
                // The manager decides on sales at a loss; the advisor does not count on their savings.
                let counts = kind.is_taxable() && (gain > 0.0 || is_one);
                let gain = if counts { gain } else { 0.0 };
                let tax = rates.of(ctx.term(lot.holding_start)) * gain;
                let tax = if tax > 0.0 || is_one { tax } else { 0.0 };
                lots.push(Stretch { dollars, cost: tax + half, gain });
            }
        }
    }
    if is_one {
        return one(&lots, half, is_unseen).into_iter().collect();
    }
    lots.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    let mut sum = 0.0;
    for lot in &lots {
        sum += lot.dollars;
    }
    let each = sum / MOST as f64;
    let mut merged: Vec<Stretch> = Vec::new();
    for lot in lots {
        match merged.last_mut() {
            Some(last) if last.dollars + lot.dollars <= each => *last = mean(*last, lot),
            _ => merged.push(lot),
        }
    }
    merged
}

fn mean(a: Stretch, b: Stretch) -> Stretch {
    let both = a.dollars + b.dollars;
    let mean = |x: f64, y: f64| (x * a.dollars + y * b.dollars) / both;
    Stretch { dollars: both, cost: mean(a.cost, b.cost), gain: mean(a.gain, b.gain) }
}

/// All lots as one part. A loss counts as nothing.
fn one(lots: &[Stretch], half: f64, is_unseen: bool) -> Option<Stretch> {
    let all = lots.iter().copied().reduce(mean)?;
    Some(Stretch {
        cost: if is_unseen || all.cost < half { half } else { all.cost },
        gain: if all.gain > 0.0 { all.gain } else { 0.0 },
        ..all
    })
}

/// What can be sold after a move of `moved` dollars. A sale has taken the cheapest parts; a purchase can be
/// left out again at no cost.
pub(super) fn after(parts: Vec<Stretch>, moved: f64) -> Vec<Stretch> {
    if moved > 0.0 {
        let bought = Stretch { dollars: moved, cost: 0.0, gain: 0.0 };
        return core::iter::once(bought).chain(parts).collect();
    }
    let mut left = -moved;
    let mut rest = Vec::with_capacity(parts.len());
    for part in parts {
        let sold = if left < part.dollars { left } else { part.dollars };
        left -= sold;
        if part.dollars > sold {
            rest.push(Stretch { dollars: part.dollars - sold, ..part });
        }
    }
    rest
}

/// Gain of selling `dollars` of these parts, in dollars.
pub(super) fn gain_of(parts: &[Stretch], dollars: f64) -> f64 {
    let (mut left, mut gain) = (dollars, 0.0);
    for part in parts {
        if left <= 0.0 {
            break;
        }
        let sold = if left < part.dollars { left } else { part.dollars };
        gain += sold * part.gain;
        left -= sold;
    }
    gain
}

/// Dollars that can be sold.
pub(super) fn sellable(parts: &[Stretch]) -> f64 {
    let mut sum = 0.0;
    for part in parts {
        sum += part.dollars;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_after_a_move() {
        let part = |dollars, cost| Stretch { dollars, cost, gain: cost };
        let parts = vec![part(100.0, 0.1), part(50.0, 0.2)];
        assert_eq!(after(parts.clone(), -120.0), [part(30.0, 0.2)]);
        assert_eq!(after(parts.clone(), -200.0), []);
        assert_eq!(after(parts.clone(), 10.0)[0], Stretch { dollars: 10.0, cost: 0.0, gain: 0.0 });
        assert!((gain_of(&parts, 120.0) - 14.0).abs() < 1e-12 && (sellable(&parts) - 150.0).abs() < 1e-12);
    }

    /// Lots sold in a fixed order cost their mean; a mean loss saves nothing.
    #[test]
    fn lots_in_one_part() {
        let part = |dollars, gain: f64| Stretch { dollars, cost: 0.2 * gain + 0.01, gain };
        let found = one(&[part(100.0, 0.5), part(100.0, -0.1)], 0.01, false).unwrap();
        assert!((found.gain - 0.2).abs() < 1e-12 && (found.cost - 0.05).abs() < 1e-12, "{found:?}");
        let unseen = one(&[part(100.0, 0.5)], 0.01, true).unwrap();
        assert_eq!((unseen.cost, unseen.gain), (0.01, 0.5));
        assert!((one(&[part(100.0, -0.5)], 0.01, false).unwrap().cost - 0.01).abs() < 1e-15);
        assert_eq!(one(&[], 0.01, true), None);
    }
}
