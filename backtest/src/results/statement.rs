//! Writes a statement as JSON, row by row. A long history has millions of rows, so numbers go from integers
//! to text without a float in between. This is exact, and several times faster than a general serializer.

use std::io::{self, Write};

use chrono::{Datelike, NaiveDate};
use unisleeve_core::books::history::{Sale, Statement};
use unisleeve_core::units::{Money, Shares};

/// Size of the write buffer in bytes.
const CHUNK: usize = 1 << 20;

/// Writes `{"sales":[...],"open_lots":[...],"years":[...],...}`.
///
/// # Errors
/// Those of `out`.
pub(crate) fn write_json(out: &mut impl Write, s: &Statement<'_>) -> io::Result<()> {
    let mut rows = Rows { out, text: Vec::with_capacity(CHUNK + 4096) };
    rows.text.extend_from_slice(b"{\"sales\":[");
    rows.sales(s.sales())?;
    rows.text.extend_from_slice(b"],\"open_lots\":[");
    for (i, l) in s.open_lots.iter().enumerate() {
        rows.begin(i)?;
        rows.key("account", true).string(l.account);
        rows.key("symbol", false).string(l.symbol);
        rows.key("lot", false).string(l.lot);
        rows.key("quantity", false).shares(l.quantity);
        rows.key("basis", false).money(l.basis);
        rows.key("acquired", false).date(l.acquired);
        rows.key("holding_start", false).date(l.holding_start);
        if let Some(basis) = l.loss_basis {
            rows.key("loss_basis", false).money(basis);
        }
        rows.text.push(b'}');
    }
    rows.text.extend_from_slice(b"],\"untaxed_sales\":[");
    rows.sales(s.untaxed_sales())?;
    rows.text.extend_from_slice(b"],\"years\":");
    serde_json::to_writer(&mut rows.text, &s.years)?;
    rows.text.extend_from_slice(b",\"notes\":");
    serde_json::to_writer(&mut rows.text, &s.notes)?;
    rows.text.extend_from_slice(b",\"rounded\":");
    serde_json::to_writer(&mut rows.text, &s.rounded)?;
    rows.text.push(b'}');
    rows.flush()
}

struct Rows<'a, W: Write> {
    out: &'a mut W,
    text: Vec<u8>,
}

impl<W: Write> Rows<'_, W> {
    fn sales<'s>(&mut self, sales: impl Iterator<Item = Sale<'s>>) -> io::Result<()> {
        for (i, s) in sales.enumerate() {
            self.begin(i)?;
            self.key("date", true).date(s.date);
            self.key("account", false).string(s.account);
            self.key("symbol", false).string(s.symbol);
            self.key("lot", false).string(s.lot);
            self.key("quantity", false).shares(s.quantity);
            self.key("acquired", false).date(s.acquired);
            self.key("holding_start", false).date(s.holding_start);
            self.key("proceeds", false).money(s.proceeds);
            self.key("basis", false).money(s.basis);
            self.key("gain", false).money(s.gain);
            self.key("disallowed", false).money(s.disallowed);
            self.key("recognized", false).money(s.recognized);
            self.key("term", false).string(s.term.as_str());
            self.key("replacement_lot", false).string_or_null(s.replacement_lot);
            self.key("replacement_account", false).string_or_null(s.replacement_account);
            self.key("side", false).string(s.side);
            self.text.push(b'}');
        }
        Ok(())
    }

    fn begin(&mut self, index: usize) -> io::Result<()> {
        if self.text.len() > CHUNK {
            self.flush()?;
        }
        self.text.extend_from_slice(if index == 0 { b"{" } else { b",\n{" });
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.text)?;
        self.text.clear();
        Ok(())
    }

    fn key(&mut self, name: &'static str, first: bool) -> &mut Self {
        self.text.extend_from_slice(if first { b"\"" } else { b",\"" });
        self.text.extend_from_slice(name.as_bytes());
        self.text.extend_from_slice(b"\":");
        self
    }

    fn string(&mut self, s: &str) {
        let plain = |b: u8| b >= 0x20 && b != b'"' && b != b'\\';
        if s.bytes().all(plain) {
            self.text.push(b'"');
            self.text.extend_from_slice(s.as_bytes());
            self.text.push(b'"');
        } else {
            // A string always serializes, and a vector accepts every byte.
            let _ = serde_json::to_writer(&mut self.text, s);
        }
    }

    fn string_or_null(&mut self, s: Option<&str>) {
        match s {
            Some(s) => self.string(s),
            None => self.text.extend_from_slice(b"null"),
        }
    }

    fn date(&mut self, d: NaiveDate) {
        let (y, m, d) = (d.year().clamp(0, 9999) as u32, d.month(), d.day());
        let digit = |n: u32| b'0' + (n % 10) as u8;
        self.text.extend_from_slice(&[
            b'"',
            digit(y / 1000),
            digit(y / 100),
            digit(y / 10),
            digit(y),
            b'-',
            digit(m / 10),
            digit(m),
            b'-',
            digit(d / 10),
            digit(d),
            b'"',
        ]);
    }

    fn money(&mut self, m: Money) {
        self.decimal(m.raw(), Money::DECIMALS);
    }

    fn shares(&mut self, q: Shares) {
        self.decimal(q.raw(), Shares::DECIMALS);
    }

    /// Writes `raw / 10^decimals` without trailing zeros.
    fn decimal(&mut self, raw: i64, decimals: u32) {
        if raw < 0 {
            self.text.push(b'-');
        }
        let one = 10u64.pow(decimals);
        let (whole, mut part) = (raw.unsigned_abs() / one, raw.unsigned_abs() % one);
        self.digits(whole, 1);
        if part > 0 {
            let mut width = decimals;
            while part % 10 == 0 {
                part /= 10;
                width -= 1;
            }
            self.text.push(b'.');
            self.digits(part, width);
        }
    }

    fn digits(&mut self, mut n: u64, width: u32) {
        let (mut buffer, mut at) = ([b'0'; 20], 20);
        while n > 0 {
            at -= 1;
            buffer[at] = b'0' + (n % 10) as u8;
            n /= 10;
        }
        self.text.extend_from_slice(&buffer[at.min(20 - width as usize)..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact_and_short() {
        for (raw, text) in [
            (0, "0"),
            (1, "0.0001"),
            (-10_500, "-1.05"),
            (20_000_000, "2000"),
            (i64::MAX, "922337203685477.5807"),
            (i64::MIN, "-922337203685477.5808"),
        ] {
            let mut out = Vec::new();
            let mut rows = Rows { out: &mut out, text: Vec::new() };
            rows.money(Money::from_raw(raw));
            assert_eq!(String::from_utf8(rows.text).unwrap(), text);
        }
    }
}
