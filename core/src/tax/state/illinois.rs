//! Illinois: 4.95% on all income, gains included (35 ILCS 5/201(b)(5.4), since July 2017; Form IL-1040 instructions,
//! 2025). No end date stands in the statute, so 2026 is the same. Illinois starts from adjusted gross income and allows
//! an exemption ($2,850 a person for 2025): the exemption is not modelled, and federal deductions are inside the base.

use crate::units::{Money, Rate};

/// The rate.
const RATE: Rate = Rate::from_raw(49_500);

/// Tax on the base, 2025 and 2026.
pub(super) fn tax(base: Money) -> Money {
    base.at(RATE)
}
