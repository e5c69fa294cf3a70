//! Where tax alpha comes from: a split that adds up to tax alpha before liquidation exactly.
//!
//! For arm `p` and shadow portfolio `s`, over all tax years, at the flat rates `rs` (short-term, ordinary) and `rl` (long-term,
//! qualified) that value liquidation. G and L are gains and losses recognised in taxable accounts, both positive; S is the net
//! short-term gain, Q qualified dividends, O other dividends and interest, c losses carried out of the last year:
//!
//! | part | dollars | what it is |
//! |---|---|---|
//! | harvest | `rl (L_p - L_s)` | losses recognised beyond the shadow's |
//! | deferral | `rl (G_s - G_p)` | gains that the shadow has realised and the arm has not yet, or never |
//! | character | `(rs - rl) ((S_s - S_p) + (O_s - O_p))` | less of the net gain short-term, less of the income ordinary |
//! | income | `rl ((Q + O)_s - (Q + O)_p)` | less income received |
//! | carried | `rs (c_short,s - c_short,p) + rl (c_long,s - c_long,p)` | harvested and not yet used |
//! | household | the rest of the tax saved | what flat rates miss: brackets, netting across terms, the loss limit at ordinary rates, net investment income tax |
//!
//! The six are the tax saved in dollars ([`super::tax_savings`]); divided by average value and years, and with
//!
//! | linking | tax alpha - tax saved over average value | what the saved tax has earned, daily linking, unequal size of the two |
//!
//! they are tax alpha. The order is not arbitrary within the flat rates, where every part is linear; a short loss is valued at
//! `rl` as harvest and at the rest of `rs` as character.

use serde::Serialize;

use super::tax_savings::{dollar_years, tax_of};
use unisleeve_books::journal::Journal;
use unisleeve_engine::ArmResult;
use unisleeve_tax::TaxRates;
use unisleeve_units::{AccountKind, Money};

/// A part of tax alpha.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Part {
    /// Tax saved over the run.
    pub dollars: f64,
    /// Over average value, a year, a fraction.
    pub rate: f64,
}

/// The parts; their rates and `linking` add up to `tax_alpha`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct TaxAlphaSplit {
    /// Losses recognised beyond the shadow's, at the long-term rate.
    pub harvest: Part,
    /// Gains realised later than by the shadow, at the long-term rate.
    pub deferral: Part,
    /// Short-term against long-term, ordinary against qualified.
    pub character: Part,
    /// Less dividends and interest received.
    pub income: Part,
    /// Losses carried out of the last year, not yet used.
    pub carried: Part,
    /// Brackets, netting across terms, the loss limit, net investment income tax.
    pub household: Part,
    /// What the saved tax earned, and the linking of daily returns. A fraction a year.
    pub linking: f64,
    /// Tax alpha before liquidation, a year.
    pub tax_alpha: f64,
}

/// What one arm was taxed on.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Taxed {
    losses: f64,
    gains: f64,
    short: f64,
    qualified: f64,
    other: f64,
    carry_short: f64,
    carry_long: f64,
    tax: f64,
}

fn taxed(result: &ArmResult) -> Taxed {
    let kind_of = |a: usize| result.accounts.get(a).map_or(AccountKind::Taxable, |a| a.kind);
    let harvest = super::harvest(&result.journal, kind_of);
    from_years(&result.journal, harvest.losses, harvest.gains)
}

fn from_years(journal: &Journal, losses: Money, gains: Money) -> Taxed {
    let years = &journal.tax_years;
    let (short, qualified): (Money, Money) =
        (years.iter().map(|y| y.net_short).sum(), years.iter().map(|y| y.dividends_qualified).sum());
    let other: Money = years.iter().map(|y| y.dividends_ordinary + y.interest).sum();
    let (carry_short, carry_long) =
        years.last().map_or((Money::ZERO, Money::ZERO), |y| (y.carry_short, y.carry_long));
    Taxed {
        losses: losses.to_f64(),
        gains: gains.to_f64(),
        short: short.to_f64(),
        qualified: qualified.to_f64(),
        other: other.to_f64(),
        carry_short: carry_short.to_f64(),
        carry_long: carry_long.to_f64(),
        tax: tax_of(journal).to_f64(),
    }
}

/// Splits an arm's tax alpha before liquidation; none where it is not defined.
pub fn tax_alpha_split(
    arm: &ArmResult,
    shadow: &ArmResult,
    rates: TaxRates,
    tax_alpha: Option<f64>,
) -> Option<TaxAlphaSplit> {
    Some(split(taxed(arm), taxed(shadow), rates, dollar_years(&arm.journal)?, tax_alpha?))
}

fn split(p: Taxed, s: Taxed, rates: TaxRates, dollar_years: f64, tax_alpha: f64) -> TaxAlphaSplit {
    let TaxRates { short: rs, long: rl } = rates;
    let dollars = [
        rl * (p.losses - s.losses),
        rl * (s.gains - p.gains),
        (rs - rl) * ((s.short - p.short) + (s.other - p.other)),
        rl * ((s.qualified + s.other) - (p.qualified + p.other)),
        rs * (s.carry_short - p.carry_short) + rl * (s.carry_long - p.carry_long),
    ];
    let mut named = 0.0;
    for d in dollars {
        named += d;
    }
    let saved = s.tax - p.tax;
    let part = |dollars: f64| Part { dollars, rate: dollars / dollar_years };
    let [harvest, deferral, character, income, carried] = dollars.map(part);
    TaxAlphaSplit {
        harvest,
        deferral,
        character,
        income,
        carried,
        household: part(saved - named),
        linking: tax_alpha - saved / dollar_years,
        tax_alpha,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: TaxRates = TaxRates { short: 0.4, long: 0.2 };

    /// The arm harvests 1,000 short and realises 2,000 long; the shadow realises 5,000, of which 500 short. Dividends: 300
    /// qualified against 200, no others against 100. At flat rates the arm's tax is -400 + 400 + 60, the shadow's 200 + 900 +
    /// 40 + 40. The short loss really meets the long gain and saves 200 less.
    #[test]
    fn by_hand() {
        let p = Taxed {
            losses: 1_000.0,
            gains: 2_000.0,
            short: -1_000.0,
            qualified: 300.0,
            tax: 260.0,
            ..Taxed::default()
        };
        let s = Taxed {
            gains: 5_000.0,
            short: 500.0,
            qualified: 200.0,
            other: 100.0,
            tax: 1_180.0,
            ..Taxed::default()
        };
        let x = split(p, s, RATES, 10_000.0, 0.1);
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} for {b}");
        near(x.harvest.dollars, 200.0);
        near(x.deferral.dollars, 600.0);
        near(x.character.dollars, 320.0);
        near(x.income.dollars, 0.0);
        near(x.carried.dollars, 0.0);
        // Flat: 1,180 - 60 = 1,120; really saved 920.
        near(x.household.dollars, -200.0);
        near(x.linking, 0.1 - 0.092);
        let rates = [x.harvest, x.deferral, x.character, x.income, x.carried, x.household].map(|p| p.rate);
        near(rates.iter().sum::<f64>() + x.linking, x.tax_alpha);
    }

    /// A loss that is only carried has saved nothing yet.
    #[test]
    fn what_is_carried_is_taken_back() {
        let p = Taxed { losses: 1_000.0, short: -1_000.0, carry_short: 1_000.0, ..Taxed::default() };
        let x = split(p, Taxed::default(), RATES, 1_000.0, 0.0);
        assert_eq!((x.harvest.dollars, x.character.dollars, x.carried.dollars), (200.0, 200.0, -400.0));
        assert_eq!((x.household.dollars, x.linking), (0.0, 0.0));
    }

    #[test]
    fn the_shadow_against_itself_is_nothing() {
        let s = Taxed { gains: 7.0, short: 3.0, other: 2.0, tax: 1.3, ..Taxed::default() };
        let x = split(s, s, RATES, 100.0, 0.0);
        for p in [x.harvest, x.deferral, x.character, x.income, x.carried, x.household] {
            assert_eq!((p.dollars.to_bits(), p.rate.to_bits()), (0, 0));
        }
        assert_eq!(x.linking.to_bits(), 0);
    }
}
