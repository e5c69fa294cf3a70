//! States with one rate on income less a deduction or exemptions. Gains are ordinary income unless the table
//! excludes a part.
//!
//! | state | law and form | figures of 2026 |
//! |---|---|---|
//! | Arizona | A.R.S. 43-1011 (2.5%), 43-1041 (the federal standard deduction), 43-1022 (25% of net long-term gain on assets acquired after 2011 is subtracted; all gain is taken to be such); Form 140 | published |
//! | Georgia | O.C.G.A. 48-7-20 (5.19% in 2025; 4.99% in 2026), 48-7-26, 48-7-27; Form 500 | published |
//! | Indiana | IC 6-3-2-1 (3%; 2.95% in 2026), 6-3-1-3.5 ($1,000 a person, $1,500 more a dependent child); Form IT-40 | published |
//! | Iowa | Iowa Code 422.5 (3.8%) on federal taxable income, 422.12 (a credit of $40 a person, one more for a head of household); Form IA 1040 | published |
//! | Kentucky | KRS 141.020 (4%; 3.5% in 2026), 141.081; Form 740 | published |
//! | Louisiana | R.S. 47:32 (3%), 47:294; Form IT-540 | published |
//! | Michigan | MCL 206.51 (4.25%), 206.30; Form MI-1040 | published |
//! | North Carolina | G.S. 105-153.7 (4.25%; 3.99% in 2026), 105-153.5; Form D-400 | published |
//! | Pennsylvania | 72 P.S. 7302 (3.07%), no deduction; Form PA-40 | published |
//!
//! Not modeled: county and city taxes (IN, KY, MI, PA), itemized deductions, credits for low income (AZ, GA,
//! KY, PA: tax forgiveness), Iowa's limits for low income, Arizona's dependent credit, North Carolina's child
//! deduction. Kentucky's deduction is one person's: a spouse with income may take a second one on the same
//! form.

use super::rule::{Base, Rule};
use super::schedule::By;

/// One rate in every filing status, in millionths.
macro_rules! flat {
    ($rate:literal) => {
        By([&[(0, $rate)]; 4])
    };
}

pub(super) static ARIZONA: [Rule; 2] = [
    Rule {
        allowed: By([15_750, 31_500, 23_625, 15_750]),
        gain_excluded: 250_000,
        rates: flat!(25_000),
        ..Rule::PLAIN
    },
    Rule {
        allowed: By([16_100, 32_200, 24_150, 16_100]),
        gain_excluded: 250_000,
        rates: flat!(25_000),
        ..Rule::PLAIN
    },
];

pub(super) static GEORGIA: [Rule; 2] = [
    Rule {
        allowed: By([12_000, 24_000, 12_000, 12_000]),
        dependent: 4_000,
        rates: flat!(51_900),
        ..Rule::PLAIN
    },
    Rule {
        allowed: By([15_000, 30_000, 15_000, 15_000]),
        dependent: 5_000,
        rates: flat!(49_900),
        ..Rule::PLAIN
    },
];

pub(super) static INDIANA: [Rule; 2] = [
    Rule { allowed: By([1_000, 2_000, 1_000, 1_000]), dependent: 2_500, rates: flat!(30_000), ..Rule::PLAIN },
    Rule { allowed: By([1_000, 2_000, 1_000, 1_000]), dependent: 2_500, rates: flat!(29_500), ..Rule::PLAIN },
];

pub(super) static IOWA: [Rule; 2] = [
    Rule {
        base: Base::Taxable,
        rates: flat!(38_000),
        credit: By([40, 80, 80, 40]),
        dependent_credit: 40,
        ..Rule::PLAIN
    },
    Rule {
        base: Base::Taxable,
        rates: flat!(38_000),
        credit: By([40, 80, 80, 40]),
        dependent_credit: 40,
        ..Rule::PLAIN
    },
];

pub(super) static KENTUCKY: [Rule; 2] = [
    Rule { allowed: By([3_270; 4]), rates: flat!(40_000), ..Rule::PLAIN },
    Rule { allowed: By([3_360; 4]), rates: flat!(35_000), ..Rule::PLAIN },
];

pub(super) static LOUISIANA: [Rule; 2] = [
    Rule { allowed: By([12_500, 25_000, 25_000, 12_500]), rates: flat!(30_000), ..Rule::PLAIN },
    Rule { allowed: By([12_838, 25_676, 25_676, 12_838]), rates: flat!(30_000), ..Rule::PLAIN },
];

pub(super) static MICHIGAN: [Rule; 2] = [
    Rule {
        allowed: By([5_800, 11_600, 5_800, 5_800]),
        dependent: 5_800,
        rates: flat!(42_500),
        ..Rule::PLAIN
    },
    Rule {
        allowed: By([5_900, 11_800, 5_900, 5_900]),
        dependent: 5_900,
        rates: flat!(42_500),
        ..Rule::PLAIN
    },
];

pub(super) static NORTH_CAROLINA: [Rule; 2] = [
    Rule { allowed: By([12_750, 25_500, 19_125, 12_750]), rates: flat!(42_500), ..Rule::PLAIN },
    Rule { allowed: By([12_750, 25_500, 19_125, 12_750]), rates: flat!(39_900), ..Rule::PLAIN },
];

pub(super) static PENNSYLVANIA: [Rule; 2] =
    [Rule { rates: flat!(30_700), ..Rule::PLAIN }, Rule { rates: flat!(30_700), ..Rule::PLAIN }];
