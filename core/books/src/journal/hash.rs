//! Hashes and prints a journal. Equal journals give equal hashes, natively and in WebAssembly.

use core::fmt::{Display, Write as _};

use super::Journal;
use chrono::NaiveDate;
use unisleeve_units::Fingerprint;

/// Receives a journal, value by value.
trait Sink {
    /// Called before the values of an event; a fingerprint ignores it.
    fn event(&mut self, _what: &str, _date: NaiveDate) {}
    fn text(&mut self, text: &str);
    fn int(&mut self, x: i64);
    fn float(&mut self, x: f64);
    fn date(&mut self, d: NaiveDate);
}

impl Sink for Fingerprint {
    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn int(&mut self, x: i64) {
        self.int(x);
    }

    fn float(&mut self, x: f64) {
        self.float(x);
    }

    fn date(&mut self, d: NaiveDate) {
        self.date(d);
    }
}

/// One line for each event: its date, its kind, and its values in the order of the type's fields. Amounts are
/// in units of the last decimal.
struct Lines(Vec<String>);

impl Lines {
    fn piece(&mut self, piece: impl Display) {
        if let Some(line) = self.0.last_mut() {
            // Writing to a `String` can't fail.
            let _ = write!(line, " {piece}");
        }
    }
}

impl Sink for Lines {
    fn event(&mut self, what: &str, date: NaiveDate) {
        self.0.push(format!("{date} {what}"));
    }

    fn text(&mut self, text: &str) {
        self.piece(text);
    }

    fn int(&mut self, x: i64) {
        self.piece(x);
    }

    fn float(&mut self, x: f64) {
        // Prints the shortest text that identifies the number.
        self.piece(if x == 0.0 { 0.0 } else { x });
    }

    fn date(&mut self, d: NaiveDate) {
        self.piece(d);
    }
}

impl Journal {
    /// Adds every entry to a fingerprint.
    pub fn hash_into(&self, f: &mut Fingerprint) {
        self.tell(f);
    }

    /// The content of the fingerprint as text, one line for each entry, to compare two journals.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Lines(Vec::new());
        self.tell(&mut lines);
        lines.0
    }

    fn tell(&self, f: &mut dyn Sink) {
        for t in &self.trades {
            f.event("trade", t.date);
            f.date(t.date);
            for n in
                [u32::from(t.account.0), u32::from(t.sleeve.0), u32::from(t.mandate.0), t.security.0, t.lot.0]
            {
                f.int(i64::from(n));
            }
            f.text(t.side.as_str());
            for n in [t.quantity.raw(), t.price.raw(), t.amount.raw(), t.cost.raw(), t.basis.raw()] {
                f.int(n);
            }
            f.date(t.acquired);
            f.date(t.holding_start);
            f.text(t.term.map_or("", unisleeve_units::Term::as_str));
            for x in [t.reason.tax, t.reason.cost, t.reason.risk, t.reason.forced] {
                f.float(x);
            }
        }
        for w in &self.washed {
            f.event("washed", w.date);
            f.date(w.date);
            f.int(i64::from(w.sale.0));
            f.int(i64::from(w.replacement.0));
            f.int(i64::from(w.for_good));
            for n in [w.quantity.raw(), w.amount.raw(), w.cost.raw(), w.basis.raw(), w.disallowed.raw()] {
                f.int(n);
            }
        }
        for c in &self.cash {
            f.event("cash", c.date);
            f.date(c.date);
            f.int(i64::from(c.account.0));
            f.int(i64::from(c.pocket.0));
            f.text(c.kind.as_str());
            f.int(c.security.map_or(-1, |s| i64::from(s.0)));
            f.int(c.amount.raw());
        }
        for m in &self.marks {
            f.event("mark", m.date);
            f.date(m.date);
            for n in [m.value.raw(), m.cash.raw(), m.accrued_tax.raw(), m.flow.raw(), m.tax_paid.raw()] {
                f.int(n);
            }
            if !m.owed.is_zero() {
                f.int(m.owed.raw());
            }
            for x in [m.benchmark_return, m.benchmark_value, m.te_ex_ante] {
                f.float(x);
            }
        }
        for m in &self.sleeve_marks {
            f.event("sleeve_mark", m.date);
            f.date(m.date);
            f.int(i64::from(m.sleeve.0));
            for n in [m.value.raw(), m.net.raw(), m.cost.raw(), m.income.raw()] {
                f.int(n);
            }
            f.int(i64::from(m.index_return.is_some()));
            f.float(m.index_return.unwrap_or(0.0));
        }
        for d in &self.rebalancings {
            f.event("rebalancing", *d);
            f.date(*d);
        }
        for y in &self.tax_years {
            let end = NaiveDate::from_ymd_opt(y.year, 12, 31).unwrap_or_default();
            f.event("tax_year", end);
            f.int(i64::from(y.year));
            for m in [
                y.net_short,
                y.net_long,
                y.dividends_qualified,
                y.dividends_ordinary,
                y.interest,
                y.ordinary_offset,
                y.carry_short,
                y.carry_long,
                y.tax,
            ] {
                f.int(m.raw());
            }
            if !y.distributions.is_zero() {
                f.int(y.distributions.raw());
            }
            if let Some(d) = y.paid_on {
                f.date(d);
            }
        }
        for s in &self.solves {
            f.event("solve", s.date);
            f.date(s.date);
            f.int(i64::from(s.mandate.0));
            f.float(s.objective);
            f.float(s.lower_bound);
            f.int(i64::from(s.steps));
            f.int(i64::from(s.orders));
        }
        for t in &self.tickets {
            f.event("ticket", t.date);
            f.date(t.date);
            f.int(i64::from(t.mandate.0));
            f.text(t.kind.as_str());
            f.int(t.amount.raw());
        }
        for t in &self.transfers {
            f.event("transfer", t.date);
            f.date(t.date);
            f.int(i64::from(t.from.0));
            f.int(i64::from(t.to.0));
            f.int(t.amount.raw());
        }
    }
}
