//! A split of tax alpha before liquidation into sources. The parts add up exactly.
//!
//! It compares arm `p` with shadow portfolio `s` over all tax years, at the flat rates that value
//! liquidation: `rs` (short-term, ordinary) and `rl` (long-term, qualified). G and L are gains and losses
//! recognized in taxable accounts, both positive. S is the net short-term gain, Q qualified dividends, O
//! other dividends and interest, and c losses carried out of the last year.
//!
//! | part | dollars | what it is |
//! |---|---|---|
//! | harvest | `rl (L_p - L_s)` | losses recognized beyond the shadow's |
//! | deferral | `rl (G_s - G_p)` | gains that the shadow has realized and the arm has not, or not yet |
//! | character | `(rs - rl) ((S_s - S_p) + (O_s - O_p))` | less gain short-term, less income ordinary |
//! | income | `rl ((Q + O)_s - (Q + O)_p)` | less income received |
//! | carried | `rs (c_short,s - c_short,p) + rl (c_long,s - c_long,p)` | harvested and not yet used |
//! | household | the rest of the tax saved | effects that flat rates miss |
//!
//! The effects that flat rates miss are brackets, netting across terms, the loss limit at ordinary rates, and
//! the net investment income tax.
//!
//! These six parts add up to the tax saved in dollars ([`super::tax_savings()`]). Divided by average value and
//! years, they add up to tax alpha together with a seventh part, *linking*: tax alpha minus tax saved over
//! average value. It holds what the saved tax has earned, the effect of linking daily returns, and the
//! difference in size between the two portfolios.
//!
//! At flat rates all parts are linear, so the split does not depend on an order. A short-term loss is valued
//! at `rl` as harvest and at the rest of `rs` as character.

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
    /// Tax saved over the run, in dollars.
    pub dollars: f64,
    /// Tax saved over average value, an annual fraction.
    pub rate: f64,
}

/// The parts of tax alpha. Their rates and `linking` add up to `tax_alpha`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct TaxAlphaSplit {
    /// Losses recognized beyond the shadow's, at the long-term rate.
    pub harvest: Part,
    /// Gains realized later than by the shadow, at the long-term rate.
    pub deferral: Part,
    /// Short-term versus long-term gain, and ordinary versus qualified income.
    pub character: Part,
    /// Fewer dividends and less interest received.
    pub income: Part,
    /// Losses carried out of the last year, not yet used.
    pub carried: Part,
    /// Brackets, netting across terms, the loss limit and net investment income tax.
    pub household: Part,
    /// Earnings on the saved tax, and the linking of daily returns. An annual fraction.
    pub linking: f64,
    /// Tax alpha before liquidation, an annual fraction.
    pub tax_alpha: f64,
}

/// Amounts on which one arm was taxed, in dollars, and its tax.
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

/// Splits an arm's tax alpha before liquidation. `None` where tax alpha is undefined.
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

    /// The arm harvests 1,000 short-term and realizes 2,000 long-term. The shadow realizes 5,000, of which
    /// 500 short-term. Qualified dividends are 300 against 200, other dividends 0 against 100. At flat rates
    /// the arm's tax is -400 + 400 + 60 and the shadow's 200 + 900 + 40 + 40. In fact the short-term loss
    /// offsets the long-term gain and saves 200 less.
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
        // Flat rates: 1,180 - 60 = 1,120. Actually saved: 920.
        near(x.household.dollars, -200.0);
        near(x.linking, 0.1 - 0.092);
        let rates = [x.harvest, x.deferral, x.character, x.income, x.carried, x.household].map(|p| p.rate);
        near(rates.iter().sum::<f64>() + x.linking, x.tax_alpha);
    }

    /// A loss that is only carried forward has saved nothing yet.
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
