//! Habits: how separate managers work, one field for each key of `[sma]`.
//!
//! Three presets stand for managers as they are. The advisor's and the specialists' decisions read these
//! fields and nothing else of `[sma]`, so each habit acts alone.

use serde::Serialize;

use super::config::{Cadence, Config, DriftBy, FundLots, Funding, HarvestRate, Practice, SmaConfig, Told};
use unisleeve_units::Money;

/// Price of a dollar of drift within the band, if none is given.
const DRIFT_PRICE: f64 = 0.01;

/// How separate managers work. The fields are described at the keys of [`SmaConfig`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Habits {
    /// Which sleeves pay when the household needs cash.
    pub funding: Funding,
    /// Whether the advisor rebalances at the least tax.
    pub tax_aware: bool,
    /// Whether the advisor sees the lots in the specialists' sleeves.
    pub sees_lots: bool,
    /// Which lots of a fund the advisor sells first.
    pub fund_lots: FundLots,
    /// How often the advisor rebalances by the calendar.
    pub cadence: Cadence,
    /// How often the advisor looks at the bands in between.
    pub look: Cadence,
    /// How often a specialist trades within its sleeves by the calendar.
    pub specialist_cadence: Cadence,
    /// Trading days between a request and the specialist's trade.
    pub notice: u32,
    /// Trading days between that trade and the arrival of the money.
    pub lag: u32,
    /// Cash that each specialist keeps, a fraction of what it manages.
    pub buffer: f64,
    /// Whether fund sleeves are harvested with their pairs.
    pub harvest_funds: bool,
    /// When a specialist learns of gains from outside.
    pub knows_outside_gains: Told,
    /// What a specialist takes a loss to be worth.
    pub harvest_rate: HarvestRate,
    /// Smallest move of money between managers, dollars.
    pub min_transfer: Money,
    /// What the advisor weighs drift by.
    pub drift_by: DriftBy,
    /// Price of a dollar of drift within the band.
    pub drift_price: f64,
}

impl Habits {
    /// The preset of a practice, for a household's trading terms.
    pub fn preset(practice: Practice, config: &Config) -> Self {
        let trading = &config.trading;
        let best = Self {
            funding: Funding::LeastCost,
            tax_aware: true,
            sees_lots: true,
            fund_lots: FundLots::MinTax,
            cadence: trading.cadence,
            look: Cadence::Never,
            specialist_cadence: trading.cadence,
            notice: 0,
            lag: 0,
            buffer: trading.cash_buffer,
            harvest_funds: true,
            knows_outside_gains: Told::AtOnce,
            harvest_rate: HarvestRate::Household,
            min_transfer: Money::ZERO,
            drift_by: DriftBy::Risk,
            drift_price: DRIFT_PRICE,
        };
        let quarterly = trading.cadence.or_less_often(Cadence::Quarterly);
        match practice {
            Practice::Best => best,
            Practice::Diligent => Self {
                cadence: quarterly,
                look: trading.cadence.or_less_often(Cadence::Monthly),
                notice: 1,
                lag: 2,
                knows_outside_gains: Told::Yearly,
                drift_by: DriftBy::Price,
                ..best
            },
            Practice::Typical => Self {
                funding: Funding::OverweightFirst,
                tax_aware: false,
                sees_lots: false,
                fund_lots: FundLots::Fifo,
                cadence: quarterly,
                notice: 3,
                lag: 3,
                harvest_funds: false,
                knows_outside_gains: Told::Never,
                harvest_rate: HarvestRate::Top,
                min_transfer: Money::whole(5_000),
                drift_by: DriftBy::Price,
                ..best
            },
        }
    }

    /// The habits of the arm `sma`: the configured practice with the keys of `[sma]` on top.
    pub fn of(config: &Config) -> Self {
        let sma: &SmaConfig = &config.sma;
        let preset = Self::preset(sma.practice.unwrap_or_default(), config);
        // Told how to weigh drift by a price, the advisor does so.
        let by_price = sma.drift_price.map(|_| DriftBy::Price);
        Self {
            funding: sma.funding.unwrap_or(preset.funding),
            tax_aware: sma.tax_aware.unwrap_or(preset.tax_aware),
            sees_lots: sma.sees_lots.unwrap_or(preset.sees_lots),
            fund_lots: sma.fund_lots.unwrap_or(preset.fund_lots),
            cadence: sma.cadence.unwrap_or(preset.cadence),
            look: sma.look.unwrap_or(preset.look),
            specialist_cadence: sma.specialist_cadence.unwrap_or(preset.specialist_cadence),
            notice: sma.notice.unwrap_or(preset.notice),
            lag: sma.lag.unwrap_or(preset.lag),
            buffer: sma.buffer.unwrap_or(preset.buffer),
            harvest_funds: sma.harvest_funds.unwrap_or(preset.harvest_funds),
            knows_outside_gains: sma.knows_outside_gains.unwrap_or(preset.knows_outside_gains),
            harvest_rate: sma.harvest_rate.unwrap_or(preset.harvest_rate),
            min_transfer: sma.min_transfer.unwrap_or(preset.min_transfer),
            drift_by: sma.drift_by.or(by_price).unwrap_or(preset.drift_by),
            drift_price: sma.drift_price.unwrap_or(preset.drift_price),
        }
    }

    /// These habits with one of them taken from another set.
    #[must_use]
    pub fn with(self, habit: Habit, of: &Self) -> Self {
        let mut mixed = self;
        match habit {
            Habit::Funding => mixed.funding = of.funding,
            Habit::TaxAware => mixed.tax_aware = of.tax_aware,
            Habit::SeesLots => mixed.sees_lots = of.sees_lots,
            Habit::FundLots => mixed.fund_lots = of.fund_lots,
            Habit::Cadence => {
                (mixed.cadence, mixed.look) = (of.cadence, of.look);
                mixed.specialist_cadence = of.specialist_cadence;
            }
            Habit::Notice => mixed.notice = of.notice,
            Habit::Lag => mixed.lag = of.lag,
            Habit::Buffer => mixed.buffer = of.buffer,
            Habit::HarvestFunds => mixed.harvest_funds = of.harvest_funds,
            Habit::KnowsOutsideGains => mixed.knows_outside_gains = of.knows_outside_gains,
            Habit::HarvestRate => mixed.harvest_rate = of.harvest_rate,
            Habit::MinTransfer => mixed.min_transfer = of.min_transfer,
            Habit::DriftBy => (mixed.drift_by, mixed.drift_price) = (of.drift_by, of.drift_price),
        }
        mixed
    }
}

/// A habit, for the split of a difference by habit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Habit {
    /// Which sleeves pay.
    Funding,
    /// Rebalancing at the least tax.
    TaxAware,
    /// Sight of the specialists' lots.
    SeesLots,
    /// Lots of funds.
    FundLots,
    /// How often the managers trade by the calendar, and the looks in between.
    Cadence,
    /// Days before a specialist trades.
    Notice,
    /// Days before its money arrives.
    Lag,
    /// Cash that specialists keep.
    Buffer,
    /// Harvesting of funds.
    HarvestFunds,
    /// News of gains from outside.
    KnowsOutsideGains,
    /// What a loss is taken to be worth.
    HarvestRate,
    /// Smallest move of money.
    MinTransfer,
    /// How drift is weighed.
    DriftBy,
}

impl Habit {
    /// All habits, in the order of the type.
    pub const ALL: [Self; 13] = [
        Self::Funding,
        Self::TaxAware,
        Self::SeesLots,
        Self::FundLots,
        Self::Cadence,
        Self::Notice,
        Self::Lag,
        Self::Buffer,
        Self::HarvestFunds,
        Self::KnowsOutsideGains,
        Self::HarvestRate,
        Self::MinTransfer,
        Self::DriftBy,
    ];

    /// The word used in files, which is the key of `[sma]`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Funding => "funding",
            Self::TaxAware => "tax_aware",
            Self::SeesLots => "sees_lots",
            Self::FundLots => "fund_lots",
            Self::Cadence => "cadence",
            Self::Notice => "notice",
            Self::Lag => "lag",
            Self::Buffer => "buffer",
            Self::HarvestFunds => "harvest_funds",
            Self::KnowsOutsideGains => "knows_outside_gains",
            Self::HarvestRate => "harvest_rate",
            Self::MinTransfer => "min_transfer",
            Self::DriftBy => "drift_by",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample_config_with;

    fn habits(sma: &str) -> Habits {
        Habits::of(&sample_config_with(&format!("{{\"sma\": {sma}}}")).unwrap())
    }

    #[test]
    fn a_key_changes_one_habit_of_the_practice() {
        let config = sample_config_with("{}").unwrap();
        let preset = |p| Habits::preset(p, &config);
        assert_eq!(habits("{}"), preset(Practice::Diligent));
        assert_eq!(habits(r#"{"practice": "best"}"#), preset(Practice::Best));
        let slow = habits(r#"{"practice": "best", "lag": 5}"#);
        assert_eq!(slow, Habits { lag: 5, ..preset(Practice::Best) });
        let told = |word: &str| habits(&format!("{{\"knows_outside_gains\": {word}}}")).knows_outside_gains;
        assert_eq!(
            (told("true"), told("false"), told("\"yearly\"")),
            (Told::AtOnce, Told::Never, Told::Yearly)
        );
    }

    /// Habit by habit, one preset becomes the other.
    #[test]
    fn the_habits_together_are_the_whole_difference() {
        let config = sample_config_with("{}").unwrap();
        let (from, to) =
            (Habits::preset(Practice::Typical, &config), Habits::preset(Practice::Best, &config));
        assert_ne!(from, to);
        assert_eq!(Habit::ALL.into_iter().fold(from, |mixed, habit| mixed.with(habit, &to)), to);
    }
}
