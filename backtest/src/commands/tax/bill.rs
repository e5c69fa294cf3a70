//! A year's tax as JSON and as a table.

use std::fmt::Write as _;

use serde::Serialize;
use unisleeve_core::tax::FilingStatus;
use unisleeve_core::units::Money;

use crate::render::format::cents;

/// A year's tax, in dollars.
#[derive(Debug, Serialize)]
pub(crate) struct Bill {
    pub(super) year: i32,
    pub(super) status: FilingStatus,
    /// Tax on ordinary taxable income.
    pub(super) ordinary_tax: Money,
    /// Preferential income taxed at 0%.
    pub(super) at0: Money,
    /// Preferential income taxed at 15%.
    pub(super) at15: Money,
    /// Preferential income taxed at 20%.
    pub(super) at20: Money,
    /// Tax on preferential income.
    pub(super) gains_tax: Money,
    /// Preferential income taxed at 5%, before 2008.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) at5: Option<Money>,
    /// Preferential income taxed at 10%, before 2003.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) at10: Option<Money>,
    /// Net investment income tax.
    pub(super) niit: Money,
    /// Alternative minimum tax.
    pub(super) amt: Money,
    /// State income tax; `None` if it is not known.
    pub(super) state_tax: Option<Money>,
    /// Federal plus state tax. Federal only if the state's is not known.
    pub(super) total: Money,
    /// Why the state's tax is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) state_tax_reason: Option<String>,
    /// Assumptions about the state's law.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) state_tax_assumed: Option<&'static str>,
}

impl Bill {
    /// The bill as text: amounts in dollars and cents, right-aligned.
    pub(super) fn table(&self) -> String {
        let state = self.state_tax.map_or_else(|| "not known".to_owned(), cents);
        let mut rows = vec![
            ("Tax on ordinary income".to_owned(), cents(self.ordinary_tax)),
            ("Long-term gain and qualified dividends at 0%".to_owned(), cents(self.at0)),
        ];
        for (label, amount) in [("  at 5%", self.at5), ("  at 10%", self.at10)] {
            rows.extend(amount.map(|amount| (label.to_owned(), cents(amount))));
        }
        rows.extend([
            ("  at 15%".to_owned(), cents(self.at15)),
            ("  at 20%".to_owned(), cents(self.at20)),
            ("Tax on them".to_owned(), cents(self.gains_tax)),
            ("Net investment income tax".to_owned(), cents(self.niit)),
            ("Alternative minimum tax".to_owned(), cents(self.amt)),
            ("State income tax".to_owned(), state),
            ("All taxes".to_owned(), cents(self.total)),
        ]);
        let label = rows.iter().map(|(l, _)| l.len()).max().unwrap_or(0);
        let amount = rows.iter().map(|(_, a)| a.len()).max().unwrap_or(0);
        let status = match self.status {
            FilingStatus::Single => "single",
            FilingStatus::Joint => "married filing jointly",
            FilingStatus::Head => "head of household",
            FilingStatus::Separate => "married filing separately",
        };
        let mut text = format!("{}, {status}, in dollars\n", self.year);
        for (l, a) in &rows {
            let _ = writeln!(text, "{l:<label$}  {a:>amount$}");
        }
        if let Some(reason) = &self.state_tax_reason {
            let _ = writeln!(text, "State income tax: {reason}.");
        }
        if let Some(assumption) = self.state_tax_assumed {
            let _ = writeln!(text, "Assumed: {assumption}.");
        }
        text
    }
}
