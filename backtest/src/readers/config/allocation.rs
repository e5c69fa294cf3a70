//! Reads an allocation model: dated weights of the policy's sleeves.

use std::path::Path;

use chrono::NaiveDate;
use unisleeve_core::mandates::{Change, Config, PolicySleeve};

use crate::failure::Failure;
use crate::readers::date::date;
use crate::readers::table::{Faults, Renamed, Rows};

/// Applies the model to a configuration. The latest weights on or before the start become the policy. Later
/// weights become changes of it. A sleeve missing from a date has weight 0 from that date on.
pub(crate) fn follow(config: Config, file: &Path) -> Result<Config, Failure> {
    let name = file.display();
    if !config.changes.is_empty() {
        return Err(Failure::input(format!(
            "{name}: expected a configuration with either `model` or `changes`, not both"
        )));
    }
    let mut rows = Rows::open(file)?;
    let columns = rows.header.find_all(["date", "sleeve", "weight"], &Renamed::new())?;
    let [Some(day), Some(sleeve), Some(weight)] = columns else {
        return Err(rows.header.fault("expected the columns date,sleeve,weight"));
    };
    let mut faults = Faults::new(&rows.name);
    let mut dates: Vec<(NaiveDate, Vec<PolicySleeve>)> = Vec::new();
    let mut row = csv::StringRecord::new();
    while let Some(line) = rows.next(&mut row, &mut faults) {
        let (day, name, text) = (day.of(&row), sleeve.of(&row), weight.of(&row));
        let Some(when) = date(day) else {
            faults.add(line, &format!("date {day}: expected a date such as 2018-02-07"));
            continue;
        };
        let Some(sleeve) = config.policy.iter().find(|s| s.name == name) else {
            let known: Vec<&str> = config.policy.iter().map(|s| s.name.as_str()).collect();
            faults.add(line, &format!("sleeve {name}: expected one of {}", known.join(", ")));
            continue;
        };
        let Some(weight) = text.parse::<f64>().ok().filter(|w| (0.0..=1.0).contains(w)) else {
            faults.add(line, &format!("weight {text}: expected a number from 0 to 1"));
            continue;
        };
        let sleeve = PolicySleeve { weight, ..sleeve.clone() };
        match dates.iter_mut().find(|(d, _)| *d == when) {
            Some((_, sleeves)) => sleeves.push(sleeve),
            None => dates.push((when, vec![sleeve])),
        }
    }
    let mut wrong = match faults.finish() {
        Ok(()) => Vec::new(),
        Err(Failure::Input(messages)) => messages,
        Err(other) => return Err(other),
    };
    for (date, sleeves) in &dates {
        let sum: f64 = sleeves.iter().map(|s| s.weight).sum();
        if (sum - 1.0).abs() > 1e-9 {
            wrong.push(format!("{name}: {date}: the weights add up to {sum:.6}: expected 1"));
        }
    }
    if !wrong.is_empty() {
        return Err(Failure::Input(wrong));
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
        follow(unisleeve_core::mandates::sample_config(), &file)
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
        assert!(faults[1].contains("model.csv:3: weight much: expected a number from 0 to 1"));
        assert!(faults[2].contains("2005-01-03: the weights add up to 0.500000: expected 1"));
    }
}
