//! States with brackets on income less a standard deduction and exemptions.
//!
//! | state | law and form | figures of 2026 |
//! |---|---|---|
//! | Delaware | 30 Del. C. 1102, 1108, 1110 (a credit of $110 a person); Form PIT-RES | unchanged by statute |
//! | District of Columbia | D.C. Code 47-1806.03, 47-1801.04; Form D-40 | deduction: that of 2025 indexed |
//! | Kansas | K.S.A. 79-32,110, 79-32,119, 79-32,121; Form K-40 | unchanged by statute |
//! | Mississippi | Miss. Code 27-7-5 (4.4%; 4% in 2026, nothing on the first $10,000), 27-7-17, 27-7-21; Form 80-105 | published |
//! | Nebraska | Neb. Rev. Stat. 77-2715.03, 77-2716.01; Form 1040N | published |
//! | North Dakota | N.D.C.C. 57-38-30.3 on federal taxable income; 40% of net long-term gain and of qualified dividends is subtracted; Form ND-1 | published |
//! | Oklahoma | 68 O.S. 2355, 2358; Form 511; brackets of 2026: HB 2764 of 2025 | published |
//! | Virginia | Va. Code 58.1-320, 58.1-322.02, 58.1-322.03; Form 760 | published |
//! | West Virginia | W. Va. Code 11-21-4e and following, 11-21-16; Form IT-140 | published |
//!
//! Not modeled: itemized deductions; other credits, including those for low income; Nebraska's limit at the
//! federal tax; the option of spouses to compute their taxes separately (DE, DC, MS, VA), which changes
//! nothing where one of them has all income.

use super::rule::{Base, Rule};
use super::schedule::{By, Scale};

const DELAWARE_RATES: Scale = By([&[
    (0, 0),
    (2_000, 22_000),
    (5_000, 39_000),
    (10_000, 48_000),
    (20_000, 52_000),
    (25_000, 55_500),
    (60_000, 66_000),
]; 4]);

const DISTRICT_RATES: Scale = By([&[
    (0, 40_000),
    (10_000, 60_000),
    (40_000, 65_000),
    (60_000, 85_000),
    (250_000, 92_500),
    (500_000, 97_500),
    (1_000_000, 107_500),
]; 4]);

const KANSAS_RATES: Scale = By([
    &[(0, 52_000), (23_000, 55_800)],
    &[(0, 52_000), (46_000, 55_800)],
    &[(0, 52_000), (23_000, 55_800)],
    &[(0, 52_000), (23_000, 55_800)],
]);

const MISSISSIPPI_RATES_2025: Scale = By([&[(0, 0), (10_000, 44_000)]; 4]);
const MISSISSIPPI_RATES_2026: Scale = By([&[(0, 0), (10_000, 40_000)]; 4]);

const NEBRASKA_RATES_2025: Scale = By([
    &[(0, 24_600), (4_030, 35_100), (24_120, 50_100), (38_870, 52_000)],
    &[(0, 24_600), (8_040, 35_100), (48_250, 50_100), (77_730, 52_000)],
    &[(0, 24_600), (7_510, 35_100), (38_590, 50_100), (57_630, 52_000)],
    &[(0, 24_600), (4_030, 35_100), (24_120, 50_100), (38_870, 52_000)],
]);
const NEBRASKA_RATES_2026: Scale = By([
    &[(0, 24_600), (4_130, 35_100), (24_760, 45_500)],
    &[(0, 24_600), (8_250, 35_100), (49_530, 45_500)],
    &[(0, 24_600), (7_700, 35_100), (39_620, 45_500)],
    &[(0, 24_600), (4_130, 35_100), (24_760, 45_500)],
]);

const NORTH_DAKOTA_RATES_2025: Scale = By([
    &[(0, 0), (48_475, 19_500), (244_825, 25_000)],
    &[(0, 0), (80_975, 19_500), (298_075, 25_000)],
    &[(0, 0), (64_950, 19_500), (271_450, 25_000)],
    &[(0, 0), (40_475, 19_500), (149_025, 25_000)],
]);
const NORTH_DAKOTA_RATES_2026: Scale = By([
    &[(0, 0), (49_575, 19_500), (250_400, 25_000)],
    &[(0, 0), (82_800, 19_500), (304_850, 25_000)],
    &[(0, 0), (66_400, 19_500), (277_600, 25_000)],
    &[(0, 0), (41_400, 19_500), (152_425, 25_000)],
]);

const OKLAHOMA_RATES_2025: Scale = By([
    &[(0, 2_500), (1_000, 7_500), (2_500, 17_500), (3_750, 27_500), (4_900, 37_500), (7_200, 47_500)],
    &[(0, 2_500), (2_000, 7_500), (5_000, 17_500), (7_500, 27_500), (9_800, 37_500), (14_400, 47_500)],
    &[(0, 2_500), (2_000, 7_500), (5_000, 17_500), (7_500, 27_500), (9_800, 37_500), (14_400, 47_500)],
    &[(0, 2_500), (1_000, 7_500), (2_500, 17_500), (3_750, 27_500), (4_900, 37_500), (7_200, 47_500)],
]);
const OKLAHOMA_RATES_2026: Scale = By([
    &[(0, 0), (3_750, 25_000), (4_900, 35_000), (7_200, 45_000)],
    &[(0, 0), (7_500, 25_000), (9_800, 35_000), (14_400, 45_000)],
    &[(0, 0), (7_500, 25_000), (9_800, 35_000), (14_400, 45_000)],
    &[(0, 0), (3_750, 25_000), (4_900, 35_000), (7_200, 45_000)],
]);

const VIRGINIA_RATES: Scale = By([&[(0, 20_000), (3_000, 30_000), (5_000, 50_000), (17_000, 57_500)]; 4]);

const WEST_VIRGINIA_RATES_2025: Scale = By([
    &[(0, 22_200), (10_000, 29_600), (25_000, 33_300), (40_000, 44_400), (60_000, 48_200)],
    &[(0, 22_200), (10_000, 29_600), (25_000, 33_300), (40_000, 44_400), (60_000, 48_200)],
    &[(0, 22_200), (10_000, 29_600), (25_000, 33_300), (40_000, 44_400), (60_000, 48_200)],
    &[(0, 22_200), (5_000, 29_600), (12_500, 33_300), (20_000, 44_400), (30_000, 48_200)],
]);
const WEST_VIRGINIA_RATES_2026: Scale = By([
    &[(0, 21_100), (10_000, 28_100), (25_000, 31_600), (40_000, 42_200), (60_000, 45_800)],
    &[(0, 21_100), (10_000, 28_100), (25_000, 31_600), (40_000, 42_200), (60_000, 45_800)],
    &[(0, 21_100), (10_000, 28_100), (25_000, 31_600), (40_000, 42_200), (60_000, 45_800)],
    &[(0, 21_100), (5_000, 28_100), (12_500, 31_600), (20_000, 42_200), (30_000, 45_800)],
]);

pub(super) static DELAWARE: [Rule; 2] = [
    Rule {
        allowed: By([3_250, 6_500, 3_250, 3_250]),
        rates: DELAWARE_RATES,
        credit: By([110, 220, 110, 110]),
        dependent_credit: 110,
        ..Rule::PLAIN
    },
    Rule {
        allowed: By([3_250, 6_500, 3_250, 3_250]),
        rates: DELAWARE_RATES,
        credit: By([110, 220, 110, 110]),
        dependent_credit: 110,
        ..Rule::PLAIN
    },
];

pub(super) static DISTRICT: [Rule; 2] = [
    Rule { allowed: By([15_000, 30_000, 22_500, 15_000]), rates: DISTRICT_RATES, ..Rule::PLAIN },
    Rule { allowed: By([15_300, 30_650, 23_000, 15_300]), rates: DISTRICT_RATES, ..Rule::PLAIN },
];

pub(super) static KANSAS: [Rule; 2] = [
    Rule {
        // 3,605, 8,240, 6,180 or 4,120 and exemptions of 9,160 a filer and 2,320 a head of household.
        allowed: By([12_765, 26_560, 17_660, 13_280]),
        dependent: 2_320,
        rates: KANSAS_RATES,
        ..Rule::PLAIN
    },
    Rule {
        allowed: By([12_765, 26_560, 17_660, 13_280]),
        dependent: 2_320,
        rates: KANSAS_RATES,
        ..Rule::PLAIN
    },
];

pub(super) static MISSISSIPPI: [Rule; 2] = [
    Rule {
        // 2,300, 4,600, 3,400 or 2,300 and exemptions of 6,000, 12,000, 8,000 or 6,000.
        allowed: By([8_300, 16_600, 11_400, 8_300]),
        dependent: 1_500,
        rates: MISSISSIPPI_RATES_2025,
        ..Rule::PLAIN
    },
    Rule {
        allowed: By([8_300, 16_600, 11_400, 8_300]),
        dependent: 1_500,
        rates: MISSISSIPPI_RATES_2026,
        ..Rule::PLAIN
    },
];

pub(super) static NEBRASKA: [Rule; 2] = [
    Rule {
        allowed: By([8_600, 17_200, 12_600, 8_600]),
        rates: NEBRASKA_RATES_2025,
        credit: By([171, 342, 171, 171]),
        dependent_credit: 171,
        ..Rule::PLAIN
    },
    Rule {
        allowed: By([8_850, 17_700, 12_950, 8_850]),
        rates: NEBRASKA_RATES_2026,
        credit: By([176, 352, 176, 176]),
        dependent_credit: 176,
        ..Rule::PLAIN
    },
];

pub(super) static NORTH_DAKOTA: [Rule; 2] = [
    Rule {
        base: Base::Taxable,
        gain_excluded: 400_000,
        dividends_excluded: 400_000,
        rates: NORTH_DAKOTA_RATES_2025,
        ..Rule::PLAIN
    },
    Rule {
        base: Base::Taxable,
        gain_excluded: 400_000,
        dividends_excluded: 400_000,
        rates: NORTH_DAKOTA_RATES_2026,
        ..Rule::PLAIN
    },
];

pub(super) static OKLAHOMA: [Rule; 2] = [
    Rule {
        // 6,350, 12,700, 9,350 or 6,350 and exemptions of 1,000 a person.
        allowed: By([7_350, 14_700, 10_350, 7_350]),
        dependent: 1_000,
        rates: OKLAHOMA_RATES_2025,
        ..Rule::PLAIN
    },
    Rule {
        allowed: By([7_350, 14_700, 10_350, 7_350]),
        dependent: 1_000,
        rates: OKLAHOMA_RATES_2026,
        ..Rule::PLAIN
    },
];

pub(super) static VIRGINIA: [Rule; 2] = [
    Rule {
        // 8,750 or 17,500 and exemptions of 930 a person.
        allowed: By([9_680, 19_360, 9_680, 9_680]),
        dependent: 930,
        rates: VIRGINIA_RATES,
        ..Rule::PLAIN
    },
    Rule { allowed: By([9_680, 19_360, 9_680, 9_680]), dependent: 930, rates: VIRGINIA_RATES, ..Rule::PLAIN },
];

pub(super) static WEST_VIRGINIA: [Rule; 2] = [
    Rule {
        allowed: By([2_000, 4_000, 2_000, 2_000]),
        dependent: 2_000,
        rates: WEST_VIRGINIA_RATES_2025,
        ..Rule::PLAIN
    },
    Rule {
        allowed: By([2_000, 4_000, 2_000, 2_000]),
        dependent: 2_000,
        rates: WEST_VIRGINIA_RATES_2026,
        ..Rule::PLAIN
    },
];
