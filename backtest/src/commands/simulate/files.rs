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

/// `paths.csv`: a row for each arm of each path.
pub(super) fn paths(results: &[PathResult]) -> Result<Vec<u8>, Failure> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record([
        "path",
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
    ])
    .map_err(refused)?;
    for (path, a) in results.iter().flat_map(|p| p.arms.iter().map(move |a| (p.path, a))) {
        csv.write_record([
            path.to_string(),
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
        ])
        .map_err(refused)?;
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
