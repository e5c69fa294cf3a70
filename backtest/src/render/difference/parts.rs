//! The parts of a difference in the order of tables and charts.

use unisleeve_core::study::difference::DifferenceRow;

/// A part of a difference, or a sum of parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Setup,
    Tax,
    Fees,
    Costs,
    Cash,
    Classes,
    Names,
    Unpaid,
    Total,
    Risk,
}

impl Part {
    /// The parts in the order of the table: a sum stands before the parts that it sums.
    pub(super) const TABLE: [Self; 10] = [
        Self::Setup,
        Self::Tax,
        Self::Fees,
        Self::Costs,
        Self::Cash,
        Self::Classes,
        Self::Names,
        Self::Unpaid,
        Self::Total,
        Self::Risk,
    ];

    /// Its name for readers.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Setup => "Setup effect",
            Self::Tax => "tax",
            Self::Fees => "fees",
            Self::Costs => "trading costs",
            Self::Cash => "Idle cash",
            Self::Classes => "Asset classes",
            Self::Names => "Names",
            Self::Unpaid => "Not paid out",
            Self::Total => "Total",
            Self::Risk => "Risk, beside the total",
        }
    }

    /// Whether it is a part of the setup effect.
    pub(super) fn is_of_setup(self) -> bool {
        matches!(self, Self::Tax | Self::Fees | Self::Costs)
    }

    /// Its figure in a row.
    pub(super) fn of<T>(self, row: &DifferenceRow<T>) -> &T {
        match self {
            Self::Setup => &row.setup,
            Self::Tax => &row.tax,
            Self::Fees => &row.fees,
            Self::Costs => &row.costs,
            Self::Cash => &row.cash,
            Self::Classes => &row.classes,
            Self::Names => &row.names,
            Self::Unpaid => &row.unpaid,
            Self::Total => &row.total,
            Self::Risk => &row.risk,
        }
    }
}
