//! The files of a simulation.

use unisleeve_core::study::simulate::statistics::PERCENTILES;
use unisleeve_core::study::simulate::{PathResult, Simulation};

use crate::failure::Failure;

fn written(writer: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, Failure> {
    writer.into_inner().map_err(refused)
}

fn refused(e: impl std::fmt::Display) -> Failure {
    Failure::Environment(e.to_string())
}

fn number(x: Option<f64>) -> String {
    x.map_or(String::new(), |x| format!("{x:.8}"))
}

/// Columns of an arm's row.
const ARM: [&str; 11] = [
    "arm",
    "wealth",
    "tax_alpha_before_liquidation",
    "tax_alpha_after_liquidation",
    "tracking_error",
    "taxes_paid",
    "losses_harvested",
    "drawdown",
    "orders",
    "ruined",
    "paid_out",
];
/// Columns of a difference's row.
const DIFFERENCE: [&str; 13] = [
    "against",
    "ending",
    "total",
    "setup",
    "tax",
    "fees",
    "costs",
    "cash",
    "classes",
    "names",
    "unpaid",
    "risk",
    "bp_a_year",
];

/// `paths.csv`: for each path a row for each arm, then one for each setup and ending that UMA is compared with.
/// A row leaves the other kind's columns empty.
pub(super) fn paths(results: &[PathResult]) -> Result<Vec<u8>, Failure> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    let mut row = |fields: Vec<String>| csv.write_record(fields).map_err(refused);
    row(["path"].iter().chain(&ARM).chain(&DIFFERENCE).map(|name| (*name).to_owned()).collect())?;
    for path in results {
        for a in &path.arms {
            let mut fields = vec![
                path.path.to_string(),
                a.arm.to_owned(),
                a.wealth.to_string(),
                number(a.tax_alpha.and_then(|t| t.before_liquidation)),
                number(a.tax_alpha.and_then(|t| t.after_liquidation)),
                number(a.tracking_error),
                a.taxes_paid.to_string(),
                a.losses_harvested.to_string(),
                number(a.drawdown),
                a.orders.to_string(),
                a.ruined.to_string(),
                a.paid_out.to_string(),
            ];
            fields.resize(1 + ARM.len() + DIFFERENCE.len(), String::new());
            row(fields)?;
        }
        for d in &path.differences {
            let mut fields = vec![path.path.to_string()];
            fields.resize(1 + ARM.len(), String::new());
            fields.extend([d.against.to_owned(), d.ending.as_str().to_owned()]);
            fields.extend([d.total, d.setup()].iter().chain(&d.parts()).map(ToString::to_string));
            fields.extend([d.risk.to_string(), number(Some(d.bp_a_year))]);
            row(fields)?;
        }
    }
    written(csv)
}

/// `fans.csv`: wealth less accrued tax at the end of each year, by arm and percentile. `year` 1 is the first
/// year.
pub(super) fn fans(simulation: &Simulation) -> Result<Vec<u8>, Failure> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["arm", "year", "percentile", "wealth"]).map_err(refused)?;
    for fan in &simulation.fans {
        for (year, values) in fan.by_year.iter().enumerate() {
            for (percentile, wealth) in PERCENTILES.iter().zip(values) {
                let row =
                    [fan.arm.clone(), (year + 1).to_string(), percentile.to_string(), format!("{wealth:.2}")];
                csv.write_record(row).map_err(refused)?;
            }
        }
    }
    written(csv)
}
