//! Federal law of 2000 to 2012.
//!
//! - Brackets: IRC 1 as amended by P.L. 107-16 (2001) and P.L. 108-27 (2003), indexed by the yearly Revenue
//!   Procedures (99-42, 2001-13, 2001-59, 2002-70, 2003-85, 2004-71, 2005-70, 2006-53, 2007-66, 2008-66,
//!   2009-50, 2010-40, 2011-52); as listed in Tax Foundation, "Federal Individual Income Tax Rates History,
//!   1913 to 2013". Two figures of that list are corrected here by the rule that a separate return has half
//!   of a joint one's brackets and by the Revenue Procedure: the 25% bracket of a separate return in 2003,
//!   and the 35% bracket of a head of household in 2004.
//! - 2001: the rates of IRC 1(i)(2) for that year. The 10% bracket came as a credit of at most $600 (IRC 6428),
//!   which is not modeled.
//! - Preferential rates: 10% and 20% (P.L. 105-34), 5% and 15% (P.L. 108-27), 0% and 15% from 2008. The lower
//!   rate ends with the 15% bracket. Dividends are preferential from 2003. In 2003 the new rates apply to
//!   gains from May 6 on; here they apply to the whole year. The 8% and 18% rates on assets held for five
//!   years are not modeled.
//! - Alternative minimum tax: exemptions of IRC 55(d)(1) as amended year by year (P.L. 106-170, 107-16,
//!   108-27, 108-311, 109-222, 110-166, 110-343, 111-5, 111-312, 112-240). The phase-out and the end of the
//!   26% rate were not indexed.

use super::tables::{AmtTable, NO_TOP, QUARTER, YearTable};

const RATES_2000: [i64; 7] = [150_000, 280_000, 310_000, 360_000, 396_000, 396_000, 396_000];
const RATES_2001: [i64; 7] = [150_000, 275_000, 305_000, 355_000, 391_000, 391_000, 391_000];
const RATES_2002: [i64; 7] = [100_000, 150_000, 270_000, 300_000, 350_000, 386_000, 386_000];
const RATES_2003: [i64; 7] = [100_000, 150_000, 250_000, 280_000, 330_000, 350_000, 350_000];
const GAINS_2000: [i64; 3] = [100_000, 200_000, 200_000];
const GAINS_2003: [i64; 3] = [50_000, 150_000, 150_000];
const GAINS_2008: [i64; 3] = [0, 150_000, 150_000];

/// The law of each year, oldest first.
pub(super) const YEARS: [YearTable; 13] = [
    YearTable {
        year: 2000,
        rates: RATES_2000,
        tops: [
            [26_250, 63_550, 132_600, 288_350, NO_TOP, NO_TOP],
            [43_850, 105_950, 161_450, 288_350, NO_TOP, NO_TOP],
            [35_150, 90_800, 147_050, 288_350, NO_TOP, NO_TOP],
            [21_925, 52_975, 80_725, 144_175, NO_TOP, NO_TOP],
        ],
        gains_rates: GAINS_2000,
        gains_tops: [[26_250, NO_TOP], [43_850, NO_TOP], [35_150, NO_TOP], [21_925, NO_TOP]],
        standard: [4_400, 7_350, 6_450, 3_675],
        amt: AmtTable {
            exemption: [33_750, 45_000, 33_750, 22_500],
            phase_out_from: [112_500, 150_000, 112_500, 75_000],
            phase_out: QUARTER,
            first_rate_top: 175_000,
        },
    },
    YearTable {
        year: 2001,
        rates: RATES_2001,
        tops: [
            [27_050, 65_550, 136_750, 297_350, NO_TOP, NO_TOP],
            [45_200, 109_250, 166_500, 297_350, NO_TOP, NO_TOP],
            [36_250, 93_650, 151_650, 297_350, NO_TOP, NO_TOP],
            [22_600, 54_625, 83_250, 148_675, NO_TOP, NO_TOP],
        ],
        gains_rates: GAINS_2000,
        gains_tops: [[27_050, NO_TOP], [45_200, NO_TOP], [36_250, NO_TOP], [22_600, NO_TOP]],
        standard: [4_550, 7_600, 6_650, 3_800],
        amt: AmtTable {
            exemption: [35_750, 49_000, 35_750, 24_500],
            phase_out_from: [112_500, 150_000, 112_500, 75_000],
            phase_out: QUARTER,
            first_rate_top: 175_000,
        },
    },
    YearTable {
        year: 2002,
        rates: RATES_2002,
        tops: [
            [6_000, 27_950, 67_700, 141_250, 307_050, NO_TOP],
            [12_000, 46_700, 112_850, 171_950, 307_050, NO_TOP],
            [10_000, 37_450, 96_700, 156_600, 307_050, NO_TOP],
            [6_000, 23_350, 56_425, 85_975, 153_525, NO_TOP],
        ],
        gains_rates: GAINS_2000,
        gains_tops: [[27_950, NO_TOP], [46_700, NO_TOP], [37_450, NO_TOP], [23_350, NO_TOP]],
        standard: [4_700, 7_850, 6_900, 3_925],
        amt: AmtTable {
            exemption: [35_750, 49_000, 35_750, 24_500],
            phase_out_from: [112_500, 150_000, 112_500, 75_000],
            phase_out: QUARTER,
            first_rate_top: 175_000,
        },
    },
    YearTable {
        year: 2003,
        rates: RATES_2003,
        tops: [
            [7_000, 28_400, 68_800, 143_500, 311_950, NO_TOP],
            [14_000, 56_800, 114_650, 174_700, 311_950, NO_TOP],
            [10_000, 38_050, 98_250, 159_100, 311_950, NO_TOP],
            [7_000, 28_400, 57_325, 87_350, 155_975, NO_TOP],
        ],
        gains_rates: GAINS_2003,
        gains_tops: [[28_400, NO_TOP], [56_800, NO_TOP], [38_050, NO_TOP], [28_400, NO_TOP]],
        standard: [4_750, 9_500, 7_000, 4_750],
        amt: AmtTable {
            exemption: [40_250, 58_000, 40_250, 29_000],
            phase_out_from: [112_500, 150_000, 112_500, 75_000],
            phase_out: QUARTER,
            first_rate_top: 175_000,
        },
    },
    YearTable {
        year: 2004,
        rates: RATES_2003,
        tops: [
            [7_150, 29_050, 70_350, 146_750, 319_100, NO_TOP],
            [14_300, 58_100, 117_250, 178_650, 319_100, NO_TOP],
            [10_200, 38_900, 100_500, 162_700, 319_100, NO_TOP],
            [7_150, 29_050, 58_625, 89_325, 159_550, NO_TOP],
        ],
        gains_rates: GAINS_2003,
        gains_tops: [[29_050, NO_TOP], [58_100, NO_TOP], [38_900, NO_TOP], [29_050, NO_TOP]],
        standard: [4_850, 9_700, 7_150, 4_850],
        amt: AmtTable {
            exemption: [40_250, 58_000, 40_250, 29_000],
            phase_out_from: [112_500, 150_000, 112_500, 75_000],
            phase_out: QUARTER,
            first_rate_top: 175_000,
        },
    },
    YearTable {
        year: 2005,
        rates: RATES_2003,
        tops: [
            [7_300, 29_700, 71_950, 150_150, 326_450, NO_TOP],
            [14_600, 59_400, 119_950, 182_800, 326_450, NO_TOP],
            [10_450, 39_800, 102_800, 166_450, 326_450, NO_TOP],
            [7_300, 29_700, 59_975, 91_400, 163_225, NO_TOP],
        ],
        gains_rates: GAINS_2003,
        gains_tops: [[29_700, NO_TOP], [59_400, NO_TOP], [39_800, NO_TOP], [29_700, NO_TOP]],
        standard: [5_000, 10_000, 7_300, 5_000],
        amt: AmtTable {
            exemption: [40_250, 58_000, 40_250, 29_000],
            phase_out_from: [112_500, 150_000, 112_500, 75_000],
            phase_out: QUARTER,
            first_rate_top: 175_000,
        },
    },
    YearTable {
        year: 2006,
        rates: RATES_2003,
        tops: [
            [7_550, 30_650, 74_200, 154_800, 336_550, NO_TOP],
            [15_100, 61_300, 123_700, 188_450, 336_550, NO_TOP],
            [10_750, 41_050, 106_000, 171_650, 336_550, NO_TOP],
            [7_550, 30_650, 61_850, 94_225, 168_275, NO_TOP],
        ],
        gains_rates: GAINS_2003,
        gains_tops: [[30_650, NO_TOP], [61_300, NO_TOP], [41_050, NO_TOP], [30_650, NO_TOP]],
        standard: [5_150, 10_300, 7_550, 5_150],
        amt: AmtTable {
            exemption: [42_500, 62_550, 42_500, 31_275],
            phase_out_from: [112_500, 150_000, 112_500, 75_000],
            phase_out: QUARTER,
            first_rate_top: 175_000,
        },
    },
    YearTable {
        year: 2007,
        rates: RATES_2003,
        tops: [
            [7_825, 31_850, 77_100, 160_850, 349_700, NO_TOP],
            [15_650, 63_700, 128_500, 195_850, 349_700, NO_TOP],
            [11_200, 42_650, 110_100, 178_350, 349_700, NO_TOP],
            [7_825, 31_850, 64_250, 97_925, 174_850, NO_TOP],
        ],
        gains_rates: GAINS_2003,
        gains_tops: [[31_850, NO_TOP], [63_700, NO_TOP], [42_650, NO_TOP], [31_850, NO_TOP]],
        standard: [5_350, 10_700, 7_850, 5_350],
        amt: AmtTable {
            exemption: [44_350, 66_250, 44_350, 33_125],
            phase_out_from: [112_500, 150_000, 112_500, 75_000],
            phase_out: QUARTER,
            first_rate_top: 175_000,
        },
    },
    YearTable {
        year: 2008,
        rates: RATES_2003,
        tops: [
            [8_025, 32_550, 78_850, 164_550, 357_700, NO_TOP],
            [16_050, 65_100, 131_450, 200_300, 357_700, NO_TOP],
            [11_450, 43_650, 112_650, 182_400, 357_700, NO_TOP],
            [8_025, 32_550, 65_725, 100_150, 178_850, NO_TOP],
        ],
        gains_rates: GAINS_2008,
        gains_tops: [[32_550, NO_TOP], [65_100, NO_TOP], [43_650, NO_TOP], [32_550, NO_TOP]],
        standard: [5_450, 10_900, 8_000, 5_450],
        amt: AmtTable {
            exemption: [46_200, 69_950, 46_200, 34_975],
            phase_out_from: [112_500, 150_000, 112_500, 75_000],
            phase_out: QUARTER,
            first_rate_top: 175_000,
        },
    },
    YearTable {
        year: 2009,
        rates: RATES_2003,
        tops: [
            [8_350, 33_950, 82_250, 171_550, 372_950, NO_TOP],
            [16_700, 67_900, 137_050, 208_850, 372_950, NO_TOP],
            [11_950, 45_500, 117_450, 190_200, 372_950, NO_TOP],
            [8_350, 33_950, 68_525, 104_425, 186_475, NO_TOP],
        ],
        gains_rates: GAINS_2008,
        gains_tops: [[33_950, NO_TOP], [67_900, NO_TOP], [45_500, NO_TOP], [33_950, NO_TOP]],
        standard: [5_700, 11_400, 8_350, 5_700],
        amt: AmtTable {
            exemption: [46_700, 70_950, 46_700, 35_475],
            phase_out_from: [112_500, 150_000, 112_500, 75_000],
            phase_out: QUARTER,
            first_rate_top: 175_000,
        },
    },
    YearTable {
        year: 2010,
        rates: RATES_2003,
        tops: [
            [8_375, 34_000, 82_400, 171_850, 373_650, NO_TOP],
            [16_750, 68_000, 137_300, 209_250, 373_650, NO_TOP],
            [11_950, 45_550, 117_650, 190_550, 373_650, NO_TOP],
            [8_375, 34_000, 68_650, 104_625, 186_825, NO_TOP],
        ],
        gains_rates: GAINS_2008,
        gains_tops: [[34_000, NO_TOP], [68_000, NO_TOP], [45_550, NO_TOP], [34_000, NO_TOP]],
        standard: [5_700, 11_400, 8_400, 5_700],
        amt: AmtTable {
            exemption: [47_450, 72_450, 47_450, 36_225],
            phase_out_from: [112_500, 150_000, 112_500, 75_000],
            phase_out: QUARTER,
            first_rate_top: 175_000,
        },
    },
    YearTable {
        year: 2011,
        rates: RATES_2003,
        tops: [
            [8_500, 34_500, 83_600, 174_400, 379_150, NO_TOP],
            [17_000, 69_000, 139_350, 212_300, 379_150, NO_TOP],
            [12_150, 46_250, 119_400, 193_350, 379_150, NO_TOP],
            [8_500, 34_500, 69_675, 106_150, 189_575, NO_TOP],
        ],
        gains_rates: GAINS_2008,
        gains_tops: [[34_500, NO_TOP], [69_000, NO_TOP], [46_250, NO_TOP], [34_500, NO_TOP]],
        standard: [5_800, 11_600, 8_500, 5_800],
        amt: AmtTable {
            exemption: [48_450, 74_450, 48_450, 37_225],
            phase_out_from: [112_500, 150_000, 112_500, 75_000],
            phase_out: QUARTER,
            first_rate_top: 175_000,
        },
    },
    YearTable {
        year: 2012,
        rates: RATES_2003,
        tops: [
            [8_700, 35_350, 85_650, 178_650, 388_350, NO_TOP],
            [17_400, 70_700, 142_700, 217_450, 388_350, NO_TOP],
            [12_400, 47_350, 122_300, 198_050, 388_350, NO_TOP],
            [8_700, 35_350, 71_350, 108_725, 194_175, NO_TOP],
        ],
        gains_rates: GAINS_2008,
        gains_tops: [[35_350, NO_TOP], [70_700, NO_TOP], [47_350, NO_TOP], [35_350, NO_TOP]],
        standard: [5_950, 11_900, 8_700, 5_950],
        amt: AmtTable {
            exemption: [50_600, 78_750, 50_600, 39_375],
            phase_out_from: [112_500, 150_000, 112_500, 75_000],
            phase_out: QUARTER,
            first_rate_top: 175_000,
        },
    },
];
