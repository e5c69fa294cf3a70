//! Charts of differences: the setup effect of each comparison on one scale, and the way from it to the total.

use unisleeve_core::study::difference::{DifferenceRow, Ending};

use super::figure::Figure;
use super::parts::Part;
use super::table::{of_ending, side};
use crate::render::format::more_dollars;
use crate::render::setups::Setups;
use crate::render::svg::{Row, RowChart};

/// The setup effect against each setup with separate managers, with its interval, and idle cash beside it.
pub(crate) fn setup_effects<T: Figure>(
    rows: &[DifferenceRow<T>],
    ending: Ending,
    setups: Setups,
) -> RowChart {
    let group = |r: &&DifferenceRow<T>| {
        let class = match side(r.verdict_code) {
            "open" => "shadow",
            side => side,
        };
        let bar = |class, part: Part| {
            let value = part.of(*r).middle();
            Row::new(class, part.title().to_owned(), value, more_dollars(Some(value)))
        };
        let range = r.setup_interval.map(|[low, high]| (low, high));
        let rows = vec![Row { range, ..bar(class, Part::Setup) }, bar("shadow", Part::Cash)];
        (setups.name(r.against).to_owned(), rows)
    };
    RowChart {
        label: "The setup effect of UMA against each setup with separate managers, and idle cash.".to_owned(),
        axis: "UMA less SMA, dollars; thin line: 95% interval",
        groups: of_ending(rows, ending).iter().map(group).collect(),
    }
}

/// From tax, fees and trading costs to the setup effect, and on to the total, for each comparison on one
/// scale.
pub(crate) fn waterfall<T: Figure>(rows: &[DifferenceRow<T>], ending: Ending, setups: Setups) -> RowChart {
    let group = |r: &&DifferenceRow<T>| {
        let row = |part: Part| {
            let value = part.of(*r).middle();
            Row::new("shadow", part.title().to_owned(), value, more_dollars(Some(value)))
        };
        let is_shown = |p: &Part| *p != Part::Unpaid || p.of(*r).middle() != 0.0;
        let first = [Part::Tax, Part::Fees, Part::Costs].map(row).into();
        let rest = [Part::Cash, Part::Classes, Part::Names, Part::Unpaid].into_iter().filter(is_shown);
        let mut bars = Row::waterfall(first, row(Part::Setup));
        bars.extend(Row::waterfall_from(
            Part::Setup.of(*r).middle(),
            rest.map(row).collect(),
            row(Part::Total),
        ));
        (setups.name(r.against).to_owned(), bars)
    };
    RowChart {
        label: "From tax, fees and trading costs to the setup effect, and on to the total difference."
            .to_owned(),
        axis: "UMA less SMA so far, dollars",
        groups: of_ending(rows, ending).iter().map(group).collect(),
    }
}
