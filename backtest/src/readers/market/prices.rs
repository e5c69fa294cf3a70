//! Reads price files row by row: long (`date,symbol,close,...`), wide (`date,AAA,BBB,...`), or of one
//! security (`date,close,...`). Rows may be in any order.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use unisleeve_core::mandates::PriceBasis;
use unisleeve_core::units::{IncomeKind, Price, Ratio, Shares};

use super::known::{Known, income_kind};
use super::one_security::one_security;
use super::quotes::{Event, FileNote, Quote, Quotes};
use crate::failure::Failure;
use crate::readers::date::date;
use crate::readers::table::{Column, Faults, Renamed, Rows};

/// Settings for reading prices: column names, known facts about securities, and the days wanted.
pub(crate) struct Reading<'a> {
    pub columns: &'a Renamed,
    pub known: &'a BTreeMap<String, Known>,
    pub span: (NaiveDate, NaiveDate),
    /// Whether to read volumes.
    pub volumes: bool,
}

/// A price file and what the configuration says about it.
pub(crate) struct Source {
    pub path: PathBuf,
    pub basis: PriceBasis,
    /// How the file names its securities.
    pub symbol: Named,
}

/// Which security a file's prices belong to.
pub(crate) enum Named {
    /// The columns say.
    ByColumns,
    /// This security, whatever the columns say.
    Given(String),
    /// This security, unless the file has a column `symbol`.
    ByFile(String),
}

/// Where a row's symbol comes from.
enum Whose {
    Column(Column),
    One(String),
}

struct LongColumns {
    date: Column,
    symbol: Whose,
    close: Column,
    volume: Option<Column>,
    dividend: Option<Column>,
    dividend_kind: Option<Column>,
    split: Option<Column>,
    spinoff: Option<Column>,
    spinoff_symbol: Option<Column>,
}

impl Quotes {
    /// Reads a file.
    ///
    /// # Errors
    /// All faults of the file.
    pub(crate) fn read(&mut self, reading: &Reading<'_>, file: &Source) -> Result<(), Failure> {
        let mut rows = Rows::open(&file.path)?;
        let mut faults = Faults::new(&rows.name);
        self.files.push(FileNote {
            name: rows.name.clone(),
            total: file.basis == PriceBasis::Total,
            rounded: 0,
        });
        let header = rows.header.clone();
        let of = |name: &str| header.find(name, reading.columns);
        let need = |name: &str| {
            of(name)?.ok_or_else(|| {
                header.fault(&format!(
                    "no column `{name}`: expected one, or its name in the file under [columns]"
                ))
            })
        };
        let date = need("date")?;
        let symbol = match (&file.symbol, of("symbol")?) {
            (Named::Given(symbol), _) | (Named::ByFile(symbol), None) => Some(Whose::One(symbol.clone())),
            (_, Some(symbol)) => Some(Whose::Column(symbol)),
            (Named::ByColumns, None) => None,
        };
        if symbol.is_none()
            && let Some(message) = one_security(header.names(), of("close")?.is_some())
        {
            return Err(header.fault(&message));
        }
        let any = match symbol {
            Some(symbol) => {
                let columns = LongColumns {
                    date,
                    symbol,
                    close: need("close")?,
                    volume: of("volume")?,
                    dividend: of("dividend")?,
                    dividend_kind: of("dividend_kind")?,
                    split: of("split")?,
                    spinoff: of("spinoff")?,
                    spinoff_symbol: of("spinoff_symbol")?,
                };
                self.long(reading, file.basis, &columns, &mut rows, &mut faults)
            }
            None => self.wide(reading, header.names(), date.place(), &mut rows, &mut faults),
        };
        if !any && faults.is_empty() {
            faults.add(1, "no rows: expected prices below the header");
        }
        faults.finish()
    }

    fn long(
        &mut self,
        reading: &Reading<'_>,
        basis: PriceBasis,
        columns: &LongColumns,
        rows: &mut Rows,
        faults: &mut Faults,
    ) -> bool {
        let mut previous = None;
        let mut any = false;
        let mut row = csv::StringRecord::new();
        while let Some(line) = rows.next(&mut row, faults) {
            any = true;
            let field = |c: &Option<Column>| c.as_ref().map(|c| c.of(&row)).unwrap_or_default();
            let Some(day) = day(columns.date.of(&row), line, &mut previous, faults) else { continue };
            let name = match &columns.symbol {
                Whose::Column(column) => column.of(&row),
                Whose::One(symbol) => symbol,
            };
            if name.is_empty() {
                faults.add(line, "symbol is empty: expected a ticker");
                continue;
            }
            let others = [&columns.dividend, &columns.split, &columns.spinoff].map(|c| some(field(c)));
            let written = columns.close.of(&row);
            // No price that day, as in a wide file.
            if matches!(written, "" | "null") && others.iter().all(Option::is_none) {
                continue;
            }
            let Some(close) = self.price(written, "close", line, faults) else { continue };
            if day < reading.span.0 || day > reading.span.1 {
                continue;
            }
            let security = self.symbols.id(name);
            // How a security's prices were adjusted matters only in rows with more than a price.
            let [paid, split, spun] = others;
            let known = || reading.known.get(&name.to_uppercase());
            let basis = || known().and_then(|k| k.basis).unwrap_or(basis);
            let (mut dividend, mut kind) = (Price::ZERO, IncomeKind::QualifiedDividend);
            if let Some(text) = paid {
                if basis() == PriceBasis::Total {
                    let message = format!("dividend {text} beside basis = \"total\": it would count twice");
                    faults.add(line, &message);
                }
                let Some(amount) = self.price(text, "dividend", line, faults) else { continue };
                dividend = amount;
                let written = field(&columns.dividend_kind);
                kind = match (written, known().and_then(|k| k.dividend_kind)) {
                    ("", known) => known.unwrap_or(IncomeKind::QualifiedDividend),
                    (text, _) => {
                        let Some(kind) = income_kind(text) else {
                            let message =
                                format!("dividend_kind {text}: expected qualified, ordinary or interest");
                            faults.add(line, &message);
                            continue;
                        };
                        kind
                    }
                };
            }
            if let Some(text) = split.filter(|t| !matches!(*t, "1" | "1.0")) {
                match Ratio::parse(text) {
                    Ok(ratio) if basis() == PriceBasis::Raw => {
                        self.events.push((day, security, Event::Split(ratio)));
                    }
                    Ok(_) => *self.splits_left_out.entry(security).or_default() += 1,
                    Err(_) => faults
                        .add(line, &format!("split {text}: expected new shares for an old one, such as 2")),
                }
            }
            if let Some(text) = spun {
                if basis() == PriceBasis::Total {
                    faults
                        .add(line, &format!("spinoff {text} beside basis = \"total\": it would count twice"));
                }
                if let Some(value) = self.price(text, "spinoff", line, faults) {
                    let child = field(&columns.spinoff_symbol);
                    let child = (!child.is_empty()).then(|| child.to_owned());
                    self.events.push((day, security, Event::SpinOff(value, child)));
                }
            }
            let written = field(&columns.volume);
            let traded = !matches!(written, "0" | "0.0");
            let mut volume = Shares::ZERO;
            if reading.volumes && !written.is_empty() {
                match Shares::parse(written).map(|v| v.value) {
                    Ok(shares) if !shares.is_negative() => volume = shares,
                    _ => {
                        let message = format!("volume {written}: expected shares traded, none below zero");
                        faults.add(line, &message);
                        continue;
                    }
                }
            }
            self.push(Quote {
                day,
                security,
                close,
                dividend,
                kind,
                traded,
                volume,
                file: 0,
                line: line as u32,
            });
        }
        any
    }

    fn wide(
        &mut self,
        reading: &Reading<'_>,
        header: &[String],
        date: usize,
        rows: &mut Rows,
        faults: &mut Faults,
    ) -> bool {
        let mut previous = None;
        let mut any = false;
        let securities: Vec<u32> = header.iter().map(|h| self.symbols.id(h)).collect();
        let mut row = csv::StringRecord::new();
        while let Some(line) = rows.next(&mut row, faults) {
            any = true;
            let Some(day) = day(row.get(date).unwrap_or_default(), line, &mut previous, faults) else {
                continue;
            };
            for (at, text) in row.iter().enumerate().filter(|(at, text)| *at != date && !text.is_empty()) {
                let name = header.get(at).map_or("", String::as_str);
                let Some(close) = self.price(text, name, line, faults) else { continue };
                let Some(security) = securities.get(at).copied() else { continue };
                if day >= reading.span.0 && day <= reading.span.1 {
                    self.push(Quote {
                        day,
                        security,
                        close,
                        dividend: Price::ZERO,
                        kind: IncomeKind::QualifiedDividend,
                        traded: true,
                        volume: Shares::ZERO,
                        file: 0,
                        line: line as u32,
                    });
                }
            }
        }
        any
    }

    fn push(&mut self, quote: Quote) {
        // The configuration can't name more files than fit.
        let file = (self.files.len() - 1) as u16;
        self.rows.push(Quote { file, ..quote });
    }

    fn price(&mut self, text: &str, what: &str, line: u64, faults: &mut Faults) -> Option<Price> {
        match Price::parse(text) {
            Ok(d) if d.value.is_positive() => {
                if let Some(file) = self.files.last_mut() {
                    file.rounded += usize::from(d.rounded);
                }
                Some(d.value)
            }
            _ => {
                faults.add(
                    line,
                    &format!("{what} {text}: expected a price above zero (an empty cell for no price)"),
                );
                None
            }
        }
    }
}

/// The text, unless it is empty or zero.
fn some(text: &str) -> Option<&str> {
    (!matches!(text, "" | "0" | "0.0")).then_some(text)
}

/// Parses a date. Most files keep the rows of a date together, so the last date is cached.
fn day(
    text: &str,
    line: u64,
    previous: &mut Option<(String, NaiveDate)>,
    faults: &mut Faults,
) -> Option<NaiveDate> {
    if let Some((_, day)) = previous.as_ref().filter(|(before, _)| before == text) {
        return Some(*day);
    }
    let Some(date) = date(text) else {
        faults.add(line, &format!("date {text}: expected a date such as 2018-02-07 or 20180207"));
        return None;
    };
    let (before, day) = previous.get_or_insert_with(|| (String::new(), date));
    before.clear();
    before.push_str(text);
    *day = date;
    Some(date)
}
