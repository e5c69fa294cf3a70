//! Reads `POLICIES.csv`: `policy,sleeve,weight`. A named policy has other weights for the sleeves of the
//! configuration.

use std::path::Path;

use unisleeve_core::mandates::PolicySleeve;

use crate::failure::Failure;
use crate::readers::table::{Faults, Renamed, Rows};

/// Reads the policies. A sleeve that a policy does not name is not part of it.
///
/// # Errors
/// Lists every fault of the file.
pub(crate) fn read(
    path: &Path,
    sleeves: &[PolicySleeve],
) -> Result<Vec<(String, Vec<PolicySleeve>)>, Failure> {
    let mut rows = Rows::open(path)?;
    let mut faults = Faults::new(&rows.name);
    let columns = rows.header.find_all(["policy", "sleeve", "weight"], &Renamed::new())?;
    let [Some(policy), Some(sleeve), Some(weight)] = columns else {
        return Err(rows.header.fault("expected the columns policy,sleeve,weight"));
    };
    let mut policies: Vec<(String, Vec<PolicySleeve>)> = Vec::new();
    let mut row = csv::StringRecord::new();
    while let Some(line) = rows.next(&mut row, &mut faults) {
        let (name, sleeve, text) = (policy.of(&row), sleeve.of(&row), weight.of(&row));
        let Some(one) = sleeves.iter().find(|s| s.name == sleeve) else {
            let known: Vec<&str> = sleeves.iter().map(|s| s.name.as_str()).collect();
            faults.add(line, &format!("sleeve {sleeve}: expected one of {}", known.join(", ")));
            continue;
        };
        let Some(weight) = text.parse::<f64>().ok().filter(|w| (0.0..=1.0).contains(w)) else {
            faults.add(line, &format!("weight {text}: expected a number from 0 to 1"));
            continue;
        };
        let one = PolicySleeve { weight, ..one.clone() };
        match policies.iter_mut().find(|(n, _)| n == name) {
            Some((_, sleeves)) => sleeves.push(one),
            None => policies.push((name.to_owned(), vec![one])),
        }
    }
    for (name, sleeves) in &policies {
        let sum: f64 = sleeves.iter().map(|s| s.weight).sum();
        if (sum - 1.0).abs() > 1e-9 {
            faults.add(1, &format!("policy {name}: the weights add up to {sum:.6}: expected 1"));
        }
    }
    faults.finish()?;
    Ok(policies)
}
