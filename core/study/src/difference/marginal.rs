//! What one more dollar of taxed income costs an arm: its own tax returns again, with a little more of one kind
//! in one year.

use super::series::{ByKind, ByTerm, Year};
use crate::measure::{Liquidation, Terms};
use unisleeve_books::journal::{Mark, TaxYearRow};
use unisleeve_mandates::Config;
use unisleeve_tax::{Carryforward, Income, Law, Outside, TaxRates, bill, net};
use unisleeve_units::Money;

/// The little more, dollars.
const MORE: i32 = 1_000;

/// A kind of income in a return, and in a [`ByKind`].
type Kind = (fn(&mut Income) -> &mut Money, fn(&mut ByKind) -> &mut f64);

const KINDS: [Kind; 4] = [
    (|i| &mut i.net_short, |k| &mut k.gain.short),
    (|i| &mut i.net_long, |k| &mut k.gain.long),
    (|i| &mut i.qualified, |k| &mut k.qualified),
    (|i| &mut i.ordinary, |k| &mut k.ordinary),
];

/// A return as it was filed: the law, the household without the portfolio, what the portfolio added, the losses
/// carried in, and the tax.
struct Return {
    law: Law,
    outside: Outside,
    income: Income,
    carried_in: Carryforward,
    total: Money,
}

/// Tax of the sale of everything with more gain and other losses carried forward.
fn sale_tax(sale: &Liquidation, more: [Money; 2], carry: Carryforward, rates: TaxRates) -> f64 {
    let netted = net(sale.short + more[0], sale.long + more[1], carry, Money::ZERO);
    netted.taxed_short.to_f64() * rates.short + netted.taxed_long.to_f64() * rates.long
}

/// What one more dollar of gain at the sale costs, by term. `carry` is carried out of the last year.
pub(super) fn at_sale(sale: &Liquidation, carry: Carryforward, rates: TaxRates) -> ByTerm {
    let more = Money::whole(MORE);
    let base = sale_tax(sale, [Money::ZERO; 2], carry, rates);
    let cost = |by| (sale_tax(sale, by, carry, rates) - base) / f64::from(MORE);
    ByTerm { short: cost([more, Money::ZERO]), long: cost([Money::ZERO, more]) }
}

/// The tax years of an arm. `sale` is the sale of everything at the end.
pub(super) fn years(
    rows: &[TaxYearRow],
    marks: &[Mark],
    sale: &Liquidation,
    config: &Config,
    terms: &Terms,
) -> Vec<Year> {
    let Ok(laws) = config.tax.laws(rows.first().map_or(0, |row| row.year)) else { return Vec::new() };
    let last = marks.last().map_or(config.end, |m| m.date);
    let mut carry = terms.opening;
    let mut returns = Vec::with_capacity(rows.len());
    for row in rows {
        let filed = Return {
            law: laws.of(row.year),
            outside: config.outside_in(row.year).with_gains(&config.household.outside_gains, row.year, last),
            income: Income {
                net_short: row.net_short,
                net_long: row.net_long,
                qualified: row.dividends_qualified,
                ordinary: row.dividends_ordinary,
                interest: row.interest,
                distributions: row.distributions,
            },
            carried_in: carry,
            total: Money::ZERO,
        };
        let bill = bill(&filed.law, &filed.outside, &filed.income, carry);
        carry = bill.netted.carry;
        returns.push(Return { total: bill.total(), ..filed });
    }
    let rates = terms.endings.rates;
    let untouched = sale_tax(sale, [Money::ZERO; 2], carry, rates);
    let year = |(y, row): (usize, &TaxYearRow)| {
        let mut year = Year {
            paid: row.paid_on.and_then(|date| marks.iter().position(|m| m.date == date)),
            marginal: vec![ByKind::default(); returns.len() - y],
            marginal_at_sale: ByKind::default(),
        };
        for (of_income, of_price) in KINDS {
            let mut carried = returns[y].carried_in;
            let mut is_the_same = false;
            for (later, filed) in returns.iter().enumerate().skip(y) {
                let mut income = filed.income;
                if later == y {
                    *of_income(&mut income) += Money::whole(MORE);
                } else if carried == filed.carried_in {
                    // Nothing more is carried forward, so later returns do not change.
                    is_the_same = true;
                    break;
                }
                let bill = bill(&filed.law, &filed.outside, &income, carried);
                carried = bill.netted.carry;
                *of_price(&mut year.marginal[later - y]) =
                    (bill.total() - filed.total).to_f64() / f64::from(MORE);
            }
            if !is_the_same {
                let change = sale_tax(sale, [Money::ZERO; 2], carried, rates) - untouched;
                *of_price(&mut year.marginal_at_sale) = change / f64::from(MORE);
            }
        }
        year
    };
    rows.iter().enumerate().map(year).collect()
}
