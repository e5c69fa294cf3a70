//! After-tax returns following SEC Form N-1A, Item 26(b)(2) (pre-liquidation) and (b)(3) (post-liquidation).
//!
//! The form taxes a fund's distributions by their character on the day they are reinvested, at the highest
//! individual federal rates, without state tax, phase-outs or the alternative minimum tax. The net investment
//! income tax is left out too. At redemption, a gain is taxed at the rate of its term and a loss is deducted
//! in full, as if there were enough other gains of its character (Instruction 7). Rates are those of the law
//! year: the top of the ordinary schedule and of section 1(h).
//!
//! For an account, distributions are replaced as follows:
//!
//! - Dividends and interest are taxed on their day. The qualified share is known only for a whole year, so
//!   each dividend is taken as qualified in the year's proportion.
//! - Gains are taxed on the day they are recognized, as if a fund distributed them at once: net of the year's
//!   losses so far and of losses carried from earlier years of this account, in the order of Schedule D. A
//!   later loss in the same year gives tax back. A net loss saves nothing and is carried without limit, as a
//!   fund carries its own losses. The household's other gains and losses do not count. A loss that is washed
//!   later is excluded from its day on.
//! - At redemption all open lots are sold, carried losses count, and a net loss saves tax at the rates of its
//!   terms.
//!
//! `growth = Π (1 + pre-tax return - tax of the session / value before)`, annualized. The first session's tax
//! is subtracted with the second's. Only taxable accounts are taxed.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::{Liquidation, annualised, pre_tax_returns, years};
use unisleeve_books::journal::{CashKind, Mark, Side};
use unisleeve_engine::ArmResult;
use unisleeve_tax::{Carryforward, Law, TaxRates, net};
use unisleeve_units::{Money, Term};

/// Standardized after-tax returns, annual fractions.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct SecReturns {
    /// Return after taxes on distributions.
    pub pre_liquidation: Option<f64>,
    /// Return after taxes on distributions and redemption.
    pub post_liquidation: Option<f64>,
    /// Highest rate on ordinary income and short-term gain.
    pub ordinary_rate: f64,
    /// Highest rate on long-term gain and qualified dividends.
    pub long_rate: f64,
}

/// Gains recognized or income received on a day.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Taxable {
    date: NaiveDate,
    short: Money,
    long: Money,
    /// Tax on the day's dividends and interest, in dollars.
    on_income: f64,
}

/// The highest rates of a law, on ordinary income and on long-term gain.
pub fn highest_rates(law: &Law) -> TaxRates {
    let (top, more) = (Money::whole(100_000_000), Money::whole(1_000_000));
    let ordinary = law.ordinary_tax(top + more) - law.ordinary_tax(top);
    TaxRates {
        short: ordinary.to_f64() / more.to_f64(),
        long: law.gains_tax(top, more).tax.to_f64() / more.to_f64(),
    }
}

fn taxables(result: &ArmResult, rates: TaxRates) -> Vec<Taxable> {
    let journal = &result.journal;
    let taxable = |a: usize| result.accounts.get(a).is_none_or(|a| a.kind.is_taxable());
    let at = |date| Taxable { date, short: Money::ZERO, long: Money::ZERO, on_income: 0.0 };
    let mut all = Vec::new();
    for row in journal.rows().filter(|r| taxable(r.trade.account.index())) {
        let gain = row.recognized();
        if row.trade.side == Side::Sell && !gain.is_zero() {
            let day = at(row.trade.date);
            all.push(match row.trade.term {
                Some(Term::Long) => Taxable { long: gain, ..day },
                _ => Taxable { short: gain, ..day },
            });
        }
    }
    let on_dividends = |year: i32| {
        let row = journal.tax_years.iter().find(|y| y.year == year);
        let (qualified, other) =
            row.map_or((0.0, 0.0), |y| (y.dividends_qualified.to_f64(), y.dividends_ordinary.to_f64()));
        let sum = qualified + other;
        if sum > 0.0 { (qualified * rates.long + other * rates.short) / sum } else { rates.short }
    };
    for row in journal.cash.iter().filter(|c| taxable(c.account.index())) {
        let rate = match row.kind {
            CashKind::Dividend => on_dividends(row.date.year()),
            CashKind::Interest => rates.short,
            _ => continue,
        };
        all.push(Taxable { on_income: rate * row.amount.to_f64(), ..at(row.date) });
    }
    all.sort_by_key(|t| t.date);
    all
}

/// Standardized after-tax returns of an arm.
pub fn sec_returns(result: &ArmResult, liquidation: &Liquidation, law: &Law) -> SecReturns {
    let rates = highest_rates(law);
    chained(&result.journal.marks, &taxables(result, rates), (liquidation.short, liquidation.long), rates)
}

/// Links the returns. `open` is the short-term and long-term gain of the open lots. `days` ascend by date.
fn chained(marks: &[Mark], days: &[Taxable], open: (Money, Money), rates: TaxRates) -> SecReturns {
    let on = |short: Money, long: Money| rates.short * short.to_f64() + rates.long * long.to_f64();
    let mut returns =
        SecReturns { ordinary_rate: rates.short, long_rate: rates.long, ..SecReturns::default() };
    let (mut short, mut long, mut carry) = (Money::ZERO, Money::ZERO, Carryforward::default());
    // Tax on the year's gains to date.
    let mut charged = 0.0;
    let mut year = marks.first().map_or(0, |m| m.date.year());
    let mut days = days.iter().peekable();
    let mut growth = Some(1.0);
    for (w, r) in marks.windows(2).zip(pre_tax_returns(marks)) {
        let date = w[1].date;
        let mut tax = 0.0;
        while let Some(d) = days.next_if(|d| d.date <= date) {
            if d.date.year() != year {
                carry = net(short, long, carry, Money::ZERO).carry;
                (short, long, charged, year) = (Money::ZERO, Money::ZERO, 0.0, d.date.year());
            }
            short += d.short;
            long += d.long;
            let netted = net(short, long, carry, Money::ZERO);
            let due = on(netted.taxed_short, netted.taxed_long);
            tax += due - charged + d.on_income;
            charged = due;
        }
        growth = growth.zip(r).map(|(g, r)| g * (1.0 + r - tax / w[0].value.to_f64()));
    }
    let (Some(growth), Some(years), Some(last)) = (growth, years(marks), marks.last()) else {
        return returns;
    };
    returns.pre_liquidation = annualised(growth, years);
    let sold = net(short + open.0, long + open.1, carry, Money::ZERO);
    let tax = on(sold.taxed_short, sold.taxed_long) - on(sold.carry.short, sold.carry.long) - charged;
    let value = last.value.to_f64();
    returns.post_liquidation =
        (value > 0.0).then(|| growth * (1.0 - tax / value)).and_then(|g| annualised(g, years));
    returns
}

#[cfg(test)]
mod tests {
    use super::super::testing::{day, mark};
    use super::*;
    use unisleeve_tax::FilingStatus;

    const RATES: TaxRates = TaxRates { short: 0.4, long: 0.2 };

    fn m(x: i32) -> Money {
        Money::whole(x)
    }

    fn recognised(date: &str, short: i32, long: i32) -> Taxable {
        Taxable { date: day(date), short: m(short), long: m(long), on_income: 0.0 }
    }

    fn near(found: Option<f64>, growth: f64, years: f64) {
        let found = libm::pow(1.0 + found.expect("a return"), years);
        assert!((found - growth).abs() < 1e-12, "{found} for {growth}");
    }

    #[test]
    fn the_highest_rates_of_2026() {
        for status in [FilingStatus::Single, FilingStatus::Joint, FilingStatus::Head, FilingStatus::Separate]
        {
            let rates = highest_rates(&Law::of(2026, status).unwrap());
            assert_eq!((rates.short, rates.long), (0.37, 0.20), "{status:?}");
        }
    }

    /// 1,000 to 1,100 to 1,210 over 1,461 days. The first step brings 10 of dividend tax and a short-term
    /// gain of 100, the second a long-term loss of 50 in the same year. 40 is charged and 20 given back, as
    /// the long-term loss offsets the short-term gain.
    #[test]
    fn gains_on_their_day_and_losses_against_them() {
        let marks = [mark("2001-01-01", 1_000), mark("2003-01-01", 1_100), mark("2005-01-01", 1_210)];
        let first = Taxable { on_income: 10.0, ..recognised("2002-02-01", 100, 0) };
        let same_year = recognised("2002-12-01", 0, -50);
        let r = chained(&marks, &[first, same_year], (m(0), m(0)), RATES);
        near(r.pre_liquidation, (1.1 - 0.010 - 0.020) * 1.1, 4.0);
        near(r.post_liquidation, (1.1 - 0.010 - 0.020) * 1.1, 4.0);
        // A year later the loss comes too late for that gain and is carried.
        let later = recognised("2004-12-01", 0, -50);
        let r = chained(&marks, &[first, later], (m(0), m(121)), RATES);
        near(r.pre_liquidation, 1.05 * 1.1, 4.0);
        // Sold: a long-term gain of 121 - 50 at 20%.
        near(r.post_liquidation, 1.05 * 1.1 * (1.0 - 14.2 / 1_210.0), 4.0);
    }

    /// The form allows a loss at redemption to be deducted in full.
    #[test]
    fn a_loss_at_redemption_saves() {
        let marks = [mark("2001-01-01", 1_000), mark("2005-01-01", 900)];
        let r = chained(&marks, &[], (m(-60), m(-40)), RATES);
        near(r.pre_liquidation, 0.9, 4.0);
        near(r.post_liquidation, 0.9 * (1.0 + 32.0 / 900.0), 4.0);
    }

    #[test]
    fn undefined_is_none() {
        let r = chained(&[mark("2001-01-01", 1)], &[], (m(0), m(0)), RATES);
        assert_eq!((r.pre_liquidation, r.post_liquidation), (None, None));
        let empty = [mark("2001-01-01", 0), mark("2002-01-01", 5)];
        assert_eq!(chained(&empty, &[], (m(0), m(0)), RATES).pre_liquidation, None);
    }
}
