//! Output of an import: rows of Unisleeve's own formats, and their CSV text.

use std::fmt;

use chrono::NaiveDate;
use serde::Serialize;

use unisleeve_units::{Money, Shares};

/// The booking that a row of `TRADES.csv` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Shares transferred in, with their basis and date of purchase.
    TransferIn,
    /// A purchase.
    Buy,
    /// A sale.
    Sell,
}

impl Action {
    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TransferIn => "transfer_in",
            Self::Buy => "buy",
            Self::Sell => "sell",
        }
    }
}

/// A row of `TRADES.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TradeRow {
    /// Date of the booking.
    pub date: NaiveDate,
    /// Account.
    pub account: String,
    /// Kind of booking.
    pub action: Action,
    /// Ticker in normal form.
    pub symbol: String,
    /// Number of shares, above zero.
    pub quantity: Shares,
    /// Dollars: total cost of a purchase, net proceeds of a sale, or basis of a transfer.
    pub amount: Money,
    /// Name of the lot.
    pub lot: String,
    /// Date of purchase; for a transfer only.
    pub acquired: Option<NaiveDate>,
    /// Start of the holding period, for a transfer where it differs from the date of purchase.
    pub holding_start: Option<NaiveDate>,
}

/// A weight as a fraction, in units of 1e-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Weight(pub i64);

impl Weight {
    /// Sum of two weights, saturating; weights read from files are far below the limit.
    pub(super) fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.unsigned_abs() / 100_000_000, self.0.unsigned_abs() % 100_000_000);
        let part = format!("{part:08}");
        match part.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            part => write!(f, "{sign}{whole}.{part}"),
        }
    }
}

impl Serialize for Weight {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0 as f64 / 1e8)
    }
}

/// A member of an index: a row of a membership file and of `securities.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Ticker in normal form.
    pub symbol: String,
    /// Weight in the fund, as a fraction.
    pub weight: Weight,
    /// Name.
    pub name: String,
    /// Sector.
    pub sector: String,
    /// Asset class.
    pub asset_class: String,
}

/// Rows of a file that were left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Kind of row.
    pub what: String,
    /// Number of rows.
    pub rows: u64,
    /// Their total weight, if the file gives weights.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<Weight>,
}

impl LeftOut {
    /// An entry without a weight.
    pub(super) fn rows(what: &str, rows: u64) -> Self {
        Self { what: what.to_owned(), rows, weight: None }
    }
}

/// The contents of `TRADES.csv`. The column `holding_start` is present only if a row needs it.
pub fn trades_csv(rows: &[TradeRow]) -> String {
    let tacked = rows.iter().any(|r| r.holding_start.is_some());
    let mut header = vec!["date", "account", "action", "symbol", "quantity", "amount", "lot", "acquired"];
    if tacked {
        header.push("holding_start");
    }
    let day = |date: Option<NaiveDate>| date.map(|d| d.to_string()).unwrap_or_default();
    table(
        &header,
        rows.iter().map(|row| {
            let mut cells = vec![
                row.date.to_string(),
                row.account.clone(),
                row.action.as_str().to_owned(),
                row.symbol.clone(),
                row.quantity.to_string(),
                row.amount.to_string(),
                row.lot.clone(),
                day(row.acquired),
            ];
            if tacked {
                cells.push(day(row.holding_start));
            }
            cells
        }),
    )
}

/// The contents of a membership file: `date,symbol,weight`.
pub fn membership_csv(date: NaiveDate, members: &[Member]) -> String {
    let rows = members.iter().map(|m| vec![date.to_string(), m.symbol.clone(), m.weight.to_string()]);
    table(&["date", "symbol", "weight"], rows)
}

/// The contents of `securities.csv`.
pub fn securities_csv(members: &[Member]) -> String {
    let rows = members.iter().map(|m| {
        vec![m.symbol.clone(), m.name.clone(), m.sector.clone(), m.asset_class.clone(), "stock".to_owned()]
    });
    table(&["symbol", "name", "sector", "asset_class", "kind"], rows)
}

pub(super) fn table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = String::new();
    line(&mut text, header.iter().copied());
    for row in rows {
        line(&mut text, row.iter().map(String::as_str));
    }
    text
}

fn line<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(cell);
        }
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_print_exactly() {
        for (raw, text) in
            [(5_210_000, "0.0521"), (0, "0"), (100_000_000, "1"), (-10_000, "-0.0001"), (1, "0.00000001")]
        {
            assert_eq!(Weight(raw).to_string(), text);
        }
    }

    #[test]
    fn cells_that_need_quotes_have_them() {
        let member = Member {
            symbol: "A".to_owned(),
            weight: Weight(1),
            name: "A \"B\", Inc".to_owned(),
            sector: String::new(),
            asset_class: "Equity".to_owned(),
        };
        assert_eq!(
            securities_csv(&[member]),
            "symbol,name,sector,asset_class,kind\nA,\"A \"\"B\"\", Inc\",,Equity,stock\n"
        );
    }
}
