//! A third party's allocation model: dated weights of the policy's sleeves.

use std::path::Path;

use chrono::NaiveDate;
use serde::Deserialize;
use unisleeve_core::setup::{Change, Config, PolicySleeve};

use crate::failure::Failure;

/// One row.
#[derive(Debug, Deserialize)]
struct Row {
    date: NaiveDate,
    sleeve: String,
    weight: f64,
}

/// The configuration that follows the model: weights up to the start are the policy, later ones changes of it. A sleeve that a
/// date leaves out has no weight from then on.
pub(crate) fn follow(config: Config, file: &Path) -> Result<Config, Failure> {
    let name = file.display();
    if !config.changes.is_empty() {
        return Err(Failure::input(format!(
            "{name}: expected a configuration with either `model` or `changes`, not both"
        )));
    }
    let text = crate::readers::read(file).map_err(|e| {
        Failure::input(format!("{name}: {e}: expected an allocation model, a file of date,sleeve,weight"))
    })?;
    // Column names without regard to case, values without spaces around them.
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_slice());
    let unreadable = |e: csv::Error| Failure::input(format!("{name}: {e}: expected date,sleeve,weight"));
    let header = reader.headers().map_err(unreadable)?;
    let header: csv::StringRecord =
        header.iter().map(|h| h.trim_start_matches('\u{feff}').to_lowercase()).collect();
    let (mut faults, mut dates): (Vec<String>, Vec<(NaiveDate, Vec<PolicySleeve>)>) =
        (Vec::new(), Vec::new());
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(e) => {
                faults.push(format!("{name}: {e}"));
                continue;
            }
        }
        let line = record.position().map_or(0, csv::Position::line);
        let row: Row = match record.deserialize(Some(&header)) {
            Ok(row) => row,
            Err(e) => {
                faults.push(format!("{name}:{line}: {e}: expected date,sleeve,weight"));
                continue;
            }
        };
        let Some(sleeve) = config.policy.iter().find(|s| s.name == row.sleeve) else {
            let known: Vec<&str> = config.policy.iter().map(|s| s.name.as_str()).collect();
            faults.push(format!(
                "{name}:{line}: sleeve {}: expected one of {}",
                row.sleeve,
                known.join(", ")
            ));
            continue;
        };
        if !(0.0..=1.0).contains(&row.weight) {
            faults.push(format!("{name}:{line}: weight {}: expected a number from 0 to 1", row.weight));
            continue;
        }
        let sleeve = PolicySleeve { weight: row.weight, ..sleeve.clone() };
        match dates.iter_mut().find(|(d, _)| *d == row.date) {
            Some((_, sleeves)) => sleeves.push(sleeve),
            None => dates.push((row.date, vec![sleeve])),
        }
    }
    for (date, sleeves) in &dates {
        let sum: f64 = sleeves.iter().map(|s| s.weight).sum();
        if (sum - 1.0).abs() > 1e-9 {
            faults.push(format!("{name}: {date}: the weights add up to {sum:.6}: expected 1"));
        }
    }
    if !faults.is_empty() {
        return Err(Failure::Input(faults));
    }
    dates.sort_by_key(|(d, _)| *d);
    let mut config = Config { model: None, ..config };
    for (date, policy) in dates {
        if date <= config.start {
            config.policy = policy;
        } else {
            config.changes.push(Change { date, policy, restrictions: None });
        }
    }
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn followed(text: &str) -> Result<Config, Failure> {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("model.csv");
        std::fs::write(&file, text).unwrap();
        follow(unisleeve_core::setup::sample_config(), &file)
    }

    #[test]
    fn dated_weights_become_changes() {
        let text = "\u{feff}Date, Sleeve, Weight\n1999-12-31,direct index,0.5\n1999-12-31,Treasury fund,0.5\n\
                    2005-01-03,direct index,0.2\n2005-01-03,S&P 500 fund,0.2\n2005-01-03,Treasury fund,0.6\n";
        let config = followed(text).unwrap();
        assert_eq!(config.faults(), []);
        assert_eq!(config.policy.iter().map(|s| s.weight).collect::<Vec<_>>(), [0.5, 0.5]);
        assert_eq!(config.changes.len(), 1);
        assert_eq!(config.changes[0].policy.iter().map(|s| s.weight).collect::<Vec<_>>(), [0.2, 0.2, 0.6]);
        assert_eq!(config.changes[0].policy[0].stocks.len(), 20);
    }

    #[test]
    fn faults_name_the_line() {
        let text = "date,sleeve,weight\n2005-01-03,gold,0.5\n2005-01-03,Treasury fund,much\n2005-01-03,direct index,0.5\n";
        let Err(Failure::Input(faults)) = followed(text) else { panic!("accepted") };
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert!(faults[0].contains("model.csv:2: sleeve gold: expected one of direct index, S&P 500 fund"));
        assert!(faults[1].contains("model.csv:3:") && faults[1].contains("expected date,sleeve,weight"));
        assert!(faults[2].contains("2005-01-03: the weights add up to 0.500000: expected 1"));
    }
}
