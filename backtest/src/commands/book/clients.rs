//! Reads `CLIENTS.csv`: `client,rate_short,rate_long,policy,restrictions`.

use std::collections::BTreeMap;
use std::path::Path;

use unisleeve_core::mandates::Restrictions;
use unisleeve_core::tax::FlatRates;
use unisleeve_core::units::Rate;

use crate::failure::Failure;
use crate::readers::table::{Column, Faults, Renamed, Rows};

/// A client's tax rates, policy and restrictions.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Terms {
    pub rates: FlatRates,
    /// Name of a policy. Empty = the policy of the configuration.
    pub policy: String,
    pub restrictions: Restrictions,
}

/// Reads the file. Semicolons separate restrictions: `exclude:XOM`, `exclude_sector:Energy`,
/// `exclude_list:tobacco`, `do_not_sell:AAPL`, `position_cap:0.05`.
///
/// # Errors
/// Lists every fault of the file.
pub(crate) fn read(path: &Path) -> Result<BTreeMap<String, Terms>, Failure> {
    let mut rows = Rows::open(path)?;
    let mut faults = Faults::new(&rows.name);
    let none = Renamed::new();
    let header = &rows.header;
    let (client, short, long) =
        (header.need("client", &none)?, header.need("rate_short", &none)?, header.need("rate_long", &none)?);
    let [policy, restrictions] = header.find_all(["policy", "restrictions"], &none)?;
    let mut clients = BTreeMap::new();
    let mut row = csv::StringRecord::new();
    while let Some(line) = rows.next(&mut row, &mut faults) {
        let text = |c: &Option<Column>| c.as_ref().map(|c| c.of(&row)).unwrap_or_default();
        let [short, long] =
            [("rate_short", &short), ("rate_long", &long)].map(|(what, c)| rate(what, c.of(&row)));
        let restrictions = parse(text(&restrictions));
        let name = client.of(&row).to_owned();
        match (short, long, restrictions) {
            (Ok(short), Ok(long), Ok(restrictions)) => {
                let rates = FlatRates { short, long };
                let terms = Terms { rates, policy: text(&policy).to_owned(), restrictions };
                if name.is_empty() {
                    faults.add(line, "client is empty: expected a name");
                } else if clients.insert(name.clone(), terms).is_some() {
                    faults.add(line, &format!("client {name} stands here a second time: expected each once"));
                }
            }
            (short, long, restrictions) => {
                for message in [short.err(), long.err(), restrictions.err()].into_iter().flatten() {
                    faults.add(line, &message);
                }
            }
        }
    }
    faults.finish()?;
    Ok(clients)
}

fn rate(what: &str, text: &str) -> Result<Rate, String> {
    let rate = Rate::parse(text).ok().map(|d| d.value);
    rate.filter(|r| !r.is_negative() && *r <= Rate::from_raw(1_000_000))
        .ok_or_else(|| format!("{what} {text}: expected a fraction from 0 to 1, such as 0.238"))
}

fn parse(text: &str) -> Result<Restrictions, String> {
    const EXPECTED: &str = "expected exclude:SYMBOL, exclude_sector:NAME, exclude_list:NAME, do_not_sell:SYMBOL or \
                            position_cap:FRACTION";
    let mut r = Restrictions::default();
    for part in text.split(';').map(str::trim).filter(|p| !p.is_empty()) {
        let (kind, value) = part.split_once(':').ok_or_else(|| format!("restriction {part}: {EXPECTED}"))?;
        let value = value.trim().to_owned();
        match kind.trim() {
            "exclude" => r.exclude.push(value),
            "exclude_sector" => r.exclude_sectors.push(value),
            "exclude_list" => r.exclude_lists.push(value),
            "do_not_sell" => r.do_not_sell.push(value),
            "position_cap" => {
                let cap = value.parse::<f64>().ok().filter(|c| (0.0001..=1.0).contains(c));
                let message = || format!("position_cap {value}: expected a fraction from 0.0001 to 1");
                r.position_cap = Some(cap.ok_or_else(message)?);
            }
            _ => return Err(format!("restriction {part}: {EXPECTED}")),
        }
    }
    Ok(r)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<BTreeMap<String, Terms>, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("c.csv");
        std::fs::write(&file, text).unwrap();
        read(&file).map_err(|e| match e {
            Failure::Input(messages) => messages.join("\n"),
            Failure::Environment(message) => message,
        })
    }

    #[test]
    fn terms_are_read() {
        let text = "client,rate_short,rate_long,policy,restrictions\nA,0.408,0.238,growth,exclude:XOM; position_cap:0.05\nB,0.1,0,,\n";
        let clients = read_text(text).unwrap();
        assert_eq!(clients["A"].policy, "growth");
        assert_eq!(clients["A"].restrictions.exclude, ["XOM"]);
        assert_eq!(clients["A"].restrictions.position_cap, Some(0.05));
        assert_eq!(clients["B"].rates.long, Rate::ZERO);
    }

    #[test]
    fn every_fault_is_named_with_its_line() {
        let text = "client,rate_short,rate_long,restrictions\nA,2,x,\nB,0.1,0.1,sell:ALL\nC,0.1,0.1,\nC,0.1,0.1,\n,0.1,0.1,\nD,0.1,0.1,position_cap:7\n";
        let found = read_text(text).unwrap_err();
        for part in [
            ":2: rate_short 2: expected a fraction from 0 to 1",
            ":2: rate_long x: expected",
            ":3: restriction sell:ALL: expected exclude:SYMBOL",
            ":5: client C stands here a second time",
            ":6: client is empty",
            ":7: position_cap 7: expected a fraction",
        ] {
            assert!(found.contains(part), "{part}: {found}");
        }
        assert!(read_text("client\nA\n").unwrap_err().contains("no column `rate_short`"));
    }
}
