//! Recomputes how the portfolio may end, from the open lots of taxable accounts and the last year's return:
//! kept, sold at flat rates or through the brackets, left at death, given to a person, or partly given to
//! charity.

use chrono::Datelike;
use unisleeve_core::tax::{Carryforward, Income, Law, Outside, TaxBill, bill, net, term};
use unisleeve_core::units::{Money, Price, Rate, Shares, Term};

use super::arm::Outcome;
use super::facts::Facts;
use super::lots::worth;

/// Fractions of the contribution base in millionths: floor of the deduction from 2026 on (170(b)(1)(I));
/// limits of cash, of all property, and of property held long with a gain.
const LIMITS: [i64; 4] = [5_000, 600_000, 500_000, 300_000];

/// A lot in an ending.
#[derive(Debug, Clone, Copy)]
struct Parcel {
    quantity: Shares,
    price: Price,
    value: Money,
    basis: Money,
    term: Term,
}

impl Parcel {
    fn gain(&self) -> Money {
        self.value - self.basis
    }

    fn is_up(&self) -> bool {
        self.gain().is_positive()
    }
}

/// Figures by their path in an arm of summary.json.
pub(super) struct Endings {
    pub(super) figures: Vec<(String, Money)>,
    /// Tax of a sale of everything at flat rates.
    pub(super) flat_tax: Money,
}

fn float(m: Money, rate: f64) -> Money {
    Money::from_f64(m.to_f64() * rate).unwrap_or(Money::ZERO)
}

/// Computes all endings of an arm.
pub(super) fn endings(facts: &Facts, outcome: &Outcome, law: &Law) -> Endings {
    let inputs = &facts.tax_inputs;
    let (value, wealth, date) =
        outcome.marks.last().map_or((Money::ZERO, Money::ZERO, facts.end), |m| (m.value, m.wealth(), m.date));
    let outside = inputs.outside_in(date.year(), date);
    let income_of_year = outcome.incomes.of(date.year());
    let parcels: Vec<Parcel> = outcome
        .lots
        .iter()
        .map(|(p, price)| Parcel {
            quantity: p.quantity,
            price: *price,
            value: worth(p.quantity, *price),
            basis: p.basis,
            term: term(p.holding_start, date),
        })
        .collect();
    let mut years = outcome.years.iter().rev();
    let carried_out = years.next().map_or(inputs.opening(), super::tax::Year::carry);
    let carried_in = years.next().map_or(inputs.opening(), super::tax::Year::carry);
    let sum = |term: Term, up: bool| -> Money {
        parcels.iter().filter(|p| p.term == term && p.is_up() == up).map(Parcel::gain).sum()
    };
    let (up_short, up_long) = (sum(Term::Short, true), sum(Term::Long, true));
    let (short, long) = (up_short + sum(Term::Short, false), up_long + sum(Term::Long, false));
    let down = up_short + up_long - short - long;

    let netted = net(short, long, carried_out, Money::ZERO);
    let flat_tax = float(netted.taxed_short, inputs.liquidation_short)
        + float(netted.taxed_long, inputs.liquidation_long);
    let before = bill(law, &outside, &income_of_year, carried_in);
    let sold = Income { net_short: short, net_long: long, ..Income::default() };
    let after = bill(law, &outside, &(income_of_year + sold), carried_in);
    let bracketed = after.total() - before.total();
    // A donee can't use the loss of a lot below its basis (1015(a)).
    let donee = float(up_short, inputs.donee_short) + float(up_long, inputs.donee_long);

    let mut figures: Vec<(String, Money)> = Vec::new();
    let mut put = |path: &str, amount: Money| figures.push((path.to_owned(), amount));
    let income = &income_of_year;
    for (path, amount) in [
        ("liquidation.short", short),
        ("liquidation.long", long),
        ("liquidation.tax", flat_tax),
        ("liquidation.unused_short", netted.carry.short),
        ("liquidation.unused_long", netted.carry.long),
        ("endings.income.net_short", income.net_short),
        ("endings.income.net_long", income.net_long),
        ("endings.income.qualified", income.qualified),
        ("endings.income.ordinary", income.ordinary),
        ("endings.income.distributions", income.distributions),
        ("endings.income.interest", income.interest),
        ("endings.carried_in.short", carried_in.short),
        ("endings.carried_in.long", carried_in.long),
        ("endings.keep.wealth", wealth),
        ("endings.liquidate.wealth", wealth - flat_tax),
        ("endings.liquidate.tax", flat_tax),
        ("endings.liquidate_bracketed.wealth", wealth - bracketed),
        ("endings.liquidate_bracketed.tax", bracketed),
        ("endings.liquidate_bracketed.unused_short", after.netted.carry.short),
        ("endings.liquidate_bracketed.unused_long", after.netted.carry.long),
        ("endings.step_up.wealth", wealth),
        ("endings.step_up.gain_erased", up_short + up_long),
        ("endings.step_up.loss_erased", down),
        ("endings.step_up.carry_short_lost", carried_out.short),
        ("endings.step_up.carry_long_lost", carried_out.long),
        ("endings.gift.wealth", wealth - donee),
        ("endings.gift.tax", donee),
        ("endings.gift.gain_short", up_short),
        ("endings.gift.gain_long", up_long),
        ("endings.gift.loss_not_passed_on", down),
    ] {
        put(path, amount);
    }
    let asked = value.max(Money::ZERO).at(inputs.charity_share);
    let year = LastReturn { law, rules_of: law.year, outside, income: income_of_year, carried_in };
    for (path, amount) in charity(&year, &parcels, asked, wealth, &before) {
        put(path, amount);
    }
    Endings { figures, flat_tax }
}

/// The last year's return.
struct LastReturn<'a> {
    law: &'a Law,
    rules_of: i32,
    outside: Outside,
    income: Income,
    carried_in: Carryforward,
}

/// Selects what is given, in this order: long-term lots with a gain, largest gain per dollar first; lots
/// without a gain, which are sold, largest loss per dollar first; short-term lots with a gain, smallest
/// first. Takes whole lots and a part of the last one.
fn basket(parcels: &[Parcel], asked: Money) -> Vec<Parcel> {
    let rank = |p: &Parcel| match (p.is_up(), p.term) {
        (true, Term::Long) => 0,
        (false, _) => 1,
        (true, Term::Short) => 2,
    };
    let mut queue: Vec<Parcel> = parcels.iter().filter(|p| p.value.is_positive()).copied().collect();
    queue.sort_by(|a, b| {
        let cross = |g: Money, v: Money| i128::from(g.raw()) * i128::from(v.raw());
        let per_dollar = cross(a.gain(), b.value).cmp(&cross(b.gain(), a.value));
        let of_same_rank = if rank(a) == 0 { per_dollar.reverse() } else { per_dollar };
        rank(a).cmp(&rank(b)).then(of_same_rank)
    });
    let (mut given, mut left) = (Vec::new(), asked);
    for p in queue {
        if !left.is_positive() {
            break;
        }
        if p.value <= left {
            left -= p.value;
            given.push(p);
            continue;
        }
        let quantity = left.shares_at(p.price).min(p.quantity);
        let (value, basis) = (worth(quantity, p.price), p.basis.prorate(quantity, p.quantity));
        given.push(Parcel { quantity, value, basis, ..p });
        break;
    }
    given
}

/// Deduction of the gifts `[appreciated, other, cash]`. Returns the amounts allowed, carried and lost, each
/// by kind (170(b)(1), (d)(1)).
fn deduct(year: i32, base: Money, gifts: [Money; 3]) -> [[Money; 3]; 3] {
    let base = base.max(Money::ZERO);
    let [floor, cash, property, appreciated] = LIMITS.map(|l| base.at(Rate::from_raw(l)));
    // 50% before 2018; all of it in 2020 and 2021.
    let cash = match year {
        ..=2017 => property,
        2020 | 2021 => base,
        _ => cash,
    };
    let cash = gifts[2].min(cash);
    let room = (property - cash).max(Money::ZERO);
    let other = gifts[1].min(room);
    let within = [gifts[0].min(appreciated).min(room - other), other, cash];
    let mut floor = if year >= 2026 { floor } else { Money::ZERO };
    let mut out = [[Money::ZERO; 3]; 3];
    for kind in 0..3 {
        let taken = floor.min(within[kind]);
        floor -= taken;
        let over = gifts[kind] - within[kind];
        out[0][kind] = within[kind] - taken;
        // The amount below the floor is carried only if the limits also cut something off.
        out[if over.is_positive() { 1 } else { 2 }][kind] = over + taken;
    }
    out
}

fn charity(
    year: &LastReturn<'_>,
    parcels: &[Parcel],
    asked: Money,
    wealth: Money,
    before: &TaxBill,
) -> Vec<(&'static str, Money)> {
    let LastReturn { law, rules_of, outside, income, carried_in } = year;
    let given = basket(parcels, asked);
    let mut gifts = [Money::ZERO; 3];
    let (mut gain, mut sold) = (Money::ZERO, Income::default());
    for p in &given {
        match (p.is_up(), p.term) {
            (true, Term::Long) => gifts[0] += p.value,
            // 170(e)(1)(A): the part that would have been short-term gain is not deductible.
            (true, Term::Short) => gifts[1] += p.value.min(p.basis),
            (false, term) => {
                gifts[2] += p.value;
                match term {
                    Term::Short => sold.net_short += p.gain(),
                    Term::Long => sold.net_long += p.gain(),
                }
            }
        }
        if p.is_up() {
            gain += p.gain();
        }
    }
    let income = *income + sold;
    let after_sales = bill(law, outside, &income, *carried_in);
    let [allowed, carried, lost] = deduct(*rules_of, after_sales.agi, gifts);
    let total = |kinds: [Money; 3]| -> Money { kinds.into_iter().sum() };
    // 68(a): the cut is 2/37 of the smaller of the deductions and the taxable income above the start of the
    // top bracket.
    let above = (after_sales.taxable_income - law.top_bracket()).max(Money::ZERO);
    let cut = if *rules_of >= 2026 { total(allowed).min(above).fraction(2, 37) } else { Money::ZERO };
    let less = Outside { ordinary_taxable: outside.ordinary_taxable - (total(allowed) - cut), ..*outside };
    let after = bill(law, &less, &income, *carried_in);
    let by_losses = before.total() - after_sales.total();
    let by_deduction = after_sales.total() - after.total();
    let value: Money = given.iter().map(|p| p.value).sum();
    vec![
        ("endings.charity.wealth", wealth - value + by_losses + by_deduction),
        ("endings.charity.asked", asked),
        ("endings.charity.given", value),
        ("endings.charity.given_in_cash", gifts[2]),
        ("endings.charity.gain_never_taxed", gain),
        ("endings.charity.loss_realized_short", -sold.net_short),
        ("endings.charity.loss_realized_long", -sold.net_long),
        ("endings.charity.contribution_base", after_sales.agi.max(Money::ZERO)),
        ("endings.charity.deduction.allowed.appreciated", allowed[0]),
        ("endings.charity.deduction.allowed.other", allowed[1]),
        ("endings.charity.deduction.allowed.cash", allowed[2]),
        ("endings.charity.deduction.carried.appreciated", carried[0]),
        ("endings.charity.deduction.carried.other", carried[1]),
        ("endings.charity.deduction.carried.cash", carried[2]),
        ("endings.charity.deduction.lost.appreciated", lost[0]),
        ("endings.charity.deduction.lost.other", lost[1]),
        ("endings.charity.deduction.lost.cash", lost[2]),
        ("endings.charity.section_68", cut),
        ("endings.charity.tax_saved_by_deduction", by_deduction),
        ("endings.charity.tax_saved_by_losses", by_losses),
        ("endings.charity.carried_deduction", total(carried)),
    ]
}
