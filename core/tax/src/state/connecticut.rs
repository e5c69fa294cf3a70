//! Connecticut: gains are ordinary income. What the lower brackets save is taken back from high incomes.
//!
//! General Statutes 12-700(a) (brackets, phase-out of the lowest rate and benefit recapture), 12-702
//! (exemption), 12-703 (credit); Form CT-1040, tax calculation schedule, tables A to E, 2025. Nothing is
//! indexed: 2026 is as 2025.
//! - The personal exemption falls by $1,000 for every $1,000 of adjusted gross income above its start.
//! - Table C adds back what the 2% rate saves; table D recaptures three further steps. Each rises by an
//!   amount for every $5,000 (more in some filing statuses) of adjusted gross income, or a part of it.
//! - Table E: a credit of 75% to 1% of the tax at low incomes.
//!
//! Not modeled: the alternative minimum tax, the property tax credit, other credits and modifications.

use super::schedule::{By, Scale, excess, steps};
use super::{StateInput, dollars, schedule};
use crate::FilingStatus;
use unisleeve_units::{Money, Rate};

const RATES: Scale = By([
    &[
        (0, 20_000),
        (10_000, 45_000),
        (50_000, 55_000),
        (100_000, 60_000),
        (200_000, 65_000),
        (250_000, 69_000),
        (500_000, 69_900),
    ],
    &[
        (0, 20_000),
        (20_000, 45_000),
        (100_000, 55_000),
        (200_000, 60_000),
        (400_000, 65_000),
        (500_000, 69_000),
        (1_000_000, 69_900),
    ],
    &[
        (0, 20_000),
        (16_000, 45_000),
        (80_000, 55_000),
        (160_000, 60_000),
        (320_000, 65_000),
        (400_000, 69_000),
        (800_000, 69_900),
    ],
    &[
        (0, 20_000),
        (10_000, 45_000),
        (50_000, 55_000),
        (100_000, 60_000),
        (200_000, 65_000),
        (250_000, 69_000),
        (500_000, 69_900),
    ],
]);

/// An amount that rises by `amount` for each `step` dollars above `start`, up to `most`.
struct TakenBack {
    start: By<i32>,
    step: By<i32>,
    amount: By<i32>,
    most: By<i32>,
}

impl TakenBack {
    fn of(&self, status: FilingStatus, gross: Money) -> Money {
        let count = steps(excess(gross, self.start.dollars(status)), self.step.of(status));
        dollars(count.saturating_mul(i64::from(self.amount.of(status)))).min(self.most.dollars(status))
    }
}

/// Table C, then the three recaptures of table D.
const TAKEN_BACK: [TakenBack; 4] = [
    TakenBack {
        start: By([56_500, 100_500, 78_500, 50_250]),
        step: By([5_000, 5_000, 4_000, 2_500]),
        amount: By([25, 50, 40, 25]),
        most: By([250, 500, 400, 250]),
    },
    TakenBack {
        start: By([105_000, 210_000, 168_000, 105_000]),
        step: By([5_000, 10_000, 8_000, 5_000]),
        amount: By([25, 50, 40, 25]),
        most: By([250, 500, 400, 250]),
    },
    TakenBack {
        start: By([200_000, 400_000, 320_000, 200_000]),
        step: By([5_000, 10_000, 8_000, 5_000]),
        amount: By([90, 180, 140, 90]),
        most: By([2_700, 5_400, 4_200, 2_700]),
    },
    TakenBack {
        start: By([500_000, 1_000_000, 800_000, 500_000]),
        step: By([5_000, 10_000, 8_000, 5_000]),
        amount: By([50, 100, 80, 50]),
        most: By([450, 900, 720, 450]),
    },
];

/// Table E: adjusted gross income above which each percentage of the tax is credited.
const CREDIT: By<&[(i32, i64)]> = By([
    &[
        (15_000, 75),
        (18_800, 70),
        (19_300, 65),
        (19_800, 60),
        (20_300, 55),
        (20_800, 50),
        (21_300, 45),
        (21_800, 40),
        (22_300, 35),
        (25_000, 30),
        (25_500, 25),
        (26_000, 20),
        (26_500, 15),
        (31_300, 14),
        (31_800, 13),
        (32_300, 12),
        (32_800, 11),
        (33_300, 10),
        (60_000, 9),
        (60_500, 8),
        (61_000, 7),
        (61_500, 6),
        (62_000, 5),
        (62_500, 4),
        (63_000, 3),
        (63_500, 2),
        (64_000, 1),
        (64_500, 0),
    ],
    &[
        (24_000, 75),
        (30_000, 70),
        (30_500, 65),
        (31_000, 60),
        (31_500, 55),
        (32_000, 50),
        (32_500, 45),
        (33_000, 40),
        (33_500, 35),
        (40_000, 30),
        (40_500, 25),
        (41_000, 20),
        (41_500, 15),
        (50_000, 14),
        (50_500, 13),
        (51_000, 12),
        (51_500, 11),
        (52_000, 10),
        (96_000, 9),
        (96_500, 8),
        (97_000, 7),
        (97_500, 6),
        (98_000, 5),
        (98_500, 4),
        (99_000, 3),
        (99_500, 2),
        (100_000, 1),
        (100_500, 0),
    ],
    &[
        (19_000, 75),
        (24_000, 70),
        (24_500, 65),
        (25_000, 60),
        (25_500, 55),
        (26_000, 50),
        (26_500, 45),
        (27_000, 40),
        (27_500, 35),
        (34_000, 30),
        (34_500, 25),
        (35_000, 20),
        (35_500, 15),
        (44_000, 14),
        (44_500, 13),
        (45_000, 12),
        (45_500, 11),
        (46_000, 10),
        (74_000, 9),
        (74_500, 8),
        (75_000, 7),
        (75_500, 6),
        (76_000, 5),
        (76_500, 4),
        (77_000, 3),
        (77_500, 2),
        (78_000, 1),
        (78_500, 0),
    ],
    &[
        (12_000, 75),
        (15_000, 70),
        (15_500, 65),
        (16_000, 60),
        (16_500, 55),
        (17_000, 50),
        (17_500, 45),
        (18_000, 40),
        (18_500, 35),
        (20_000, 30),
        (20_500, 25),
        (21_000, 20),
        (21_500, 15),
        (25_000, 14),
        (25_500, 13),
        (26_000, 12),
        (26_500, 11),
        (27_000, 10),
        (48_000, 9),
        (48_500, 8),
        (49_000, 7),
        (49_500, 6),
        (50_000, 5),
        (50_500, 4),
        (51_000, 3),
        (51_500, 2),
        (52_000, 1),
        (52_500, 0),
    ],
]);

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(status: FilingStatus, input: &StateInput) -> Money {
    let gross = input.income();
    let mut tax = schedule(RATES.of(status), input.taxable(gross, exemption(status, gross))).rounded();
    for taken in &TAKEN_BACK {
        tax += taken.of(status, gross);
    }
    let percent =
        CREDIT.of(status).iter().rfind(|(from, _)| gross > Money::whole(*from)).map_or(0, |(_, p)| *p);
    tax - tax.at(Rate::from_raw(10_000 * percent))
}

fn exemption(status: FilingStatus, gross: Money) -> Money {
    let most = By([15_000, 24_000, 19_000, 12_000]).dollars(status);
    let start = By([30_000, 48_000, 38_000, 24_000]).dollars(status);
    (most - dollars(steps(excess(gross, start), 1_000).saturating_mul(1_000))).max(Money::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use FilingStatus::{Head, Joint, Separate, Single};

    fn of(status: FilingStatus, magi: i32) -> Money {
        tax(status, &StateInput { magi: Money::whole(magi), ..StateInput::default() })
    }

    /// With everything taken back, each status pays its top rate on all income: 6.99% less a rounding of the
    /// tables.
    #[test]
    fn the_top_rate_applies_to_all_income_in_the_end() {
        for (status, income) in [(Single, 600_000), (Joint, 1_200_000), (Head, 900_000), (Separate, 600_000)]
        {
            let flat = Money::whole(income).at(Rate::from_raw(69_900));
            let short = flat - of(status, income);
            assert!(short.abs() <= Money::whole(300), "{status:?} {short}");
        }
    }

    /// Form CT-1040, tables A and D: exemption and recapture steps.
    #[test]
    fn exemptions_and_recapture_as_printed() {
        assert_eq!(exemption(Single, Money::whole(30_000)), Money::whole(15_000));
        assert_eq!(exemption(Single, Money::whole(30_001)), Money::whole(14_000));
        assert_eq!(exemption(Joint, Money::whole(71_001)), Money::ZERO);
        let middle = &TAKEN_BACK[2];
        assert_eq!(middle.of(Joint, Money::whole(400_001)), Money::whole(180));
        assert_eq!(middle.of(Joint, Money::whole(690_001)), Money::whole(5_400));
        assert_eq!(middle.of(Head, Money::whole(336_000)), Money::whole(280));
        assert_eq!(TAKEN_BACK[0].of(Joint, Money::whole(150_500)), Money::whole(500));
    }
}
