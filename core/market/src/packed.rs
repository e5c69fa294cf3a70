//! The compact format of the embedded sample.
//!
//! Numbers are little endian. The parts in order:
//!
//! - The mark `USLV1\n`, then the numbers of sessions and securities as u32.
//! - The sessions, as LEB128 differences in days; the first counts from 1970-01-01.
//! - For each security: five texts (symbol, name, sector, asset class, kind; u8 length and UTF-8); the number
//!   of decimals as u8; closes as zigzag LEB128 first differences in units of 10^-decimals; the number of
//!   distributions as u32.
//! - For each distribution: its session as a LEB128 difference, millionths of a dollar per share as LEB128,
//!   and its kind as u8 (0 qualified dividend, 1 other dividend, 2 interest).

use chrono::{Days, NaiveDate};
use thiserror::Error;

use super::{Distribution, Panel, Security};
use unisleeve_units::{IncomeKind, Price, SecurityId};

/// Why bytes are not a packed panel.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("packed panel: {what} at byte {at}")]
pub struct PackedError {
    /// What was expected.
    pub what: &'static str,
    /// Position in bytes.
    pub at: usize,
}

/// Reads a packed panel.
///
/// # Errors
/// When the bytes do not follow the format.
pub fn unpack(bytes: &[u8]) -> Result<Panel, PackedError> {
    let mut r = Reader { bytes, at: 0 };
    if r.take(6)? != b"USLV1\n" {
        return Err(PackedError { what: "expected the mark USLV1", at: 0 });
    }
    let (t, n) = (r.u32()? as usize, r.u32()? as usize);
    // Each close takes at least one byte, so a bad header can't claim much more memory than its file.
    if t.checked_mul(n).is_none_or(|cells| cells > bytes.len()) {
        return Err(r.fail("expected fewer sessions and securities than bytes"));
    }
    let mut sessions = Vec::with_capacity(t);
    let mut day = NaiveDate::from_ymd_opt(1970, 1, 1).ok_or_else(|| r.fail("expected a calendar"))?;
    for _ in 0..t {
        day = day.checked_add_days(Days::new(r.varint()?)).ok_or_else(|| r.fail("expected a date"))?;
        sessions.push(day);
    }
    let mut securities = Vec::with_capacity(n);
    let mut closes = vec![Price::ZERO; t * n];
    let mut distributions = Vec::new();
    for s in 0..n {
        securities.push(Security {
            symbol: r.text()?,
            name: r.text()?,
            sector: r.text()?,
            asset_class: r.text()?,
            kind: r.text()?,
            ..Security::default()
        });
        let scale = match r.take(1)?[0] {
            d @ 0..=6 => 10i64.pow(6 - u32::from(d)),
            _ => return Err(r.fail("expected at most 6 decimals")),
        };
        let mut close = 0i64;
        for session in 0..t {
            let z = r.varint()?;
            let delta = (z >> 1) as i64 ^ -((z & 1) as i64);
            close = close.checked_add(delta).ok_or_else(|| r.fail("expected a price"))?;
            let raw = close.checked_mul(scale).filter(|raw| (0..=1_000_000_000_000_000).contains(raw));
            closes[session * n + s] = Price::from_raw(raw.ok_or_else(|| r.fail("expected a price"))?);
        }
        let mut session = 0usize;
        for _ in 0..r.u32()? {
            session = usize::try_from(r.varint()?)
                .ok()
                .and_then(|d| session.checked_add(d))
                .filter(|s| *s < t)
                .ok_or_else(|| r.fail("expected a session"))?;
            let raw = i64::try_from(r.varint()?).ok().filter(|raw| *raw <= 1_000_000_000_000_000);
            let per_share = Price::from_raw(raw.ok_or_else(|| r.fail("expected dollars per share"))?);
            let kind = match r.take(1)?[0] {
                0 => IncomeKind::QualifiedDividend,
                1 => IncomeKind::OrdinaryDividend,
                2 => IncomeKind::Interest,
                _ => return Err(r.fail("expected a kind from 0 to 2")),
            };
            distributions.push((session, Distribution { security: SecurityId(s as u32), kind, per_share }));
        }
    }
    if r.at == bytes.len() {
        Ok(Panel { sessions, securities, closes, distributions, ..Panel::default() })
    } else {
        Err(r.fail("expected the end"))
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn fail(&self, what: &'static str) -> PackedError {
        PackedError { what, at: self.at }
    }

    fn take(&mut self, n: usize) -> Result<&'a [u8], PackedError> {
        let end = self.at.checked_add(n).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or_else(|| self.fail("expected more bytes"))?;
        let part = &self.bytes[self.at..end];
        self.at = end;
        Ok(part)
    }

    fn u32(&mut self) -> Result<u32, PackedError> {
        let b = self.take(4)?;
        Ok(u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }

    fn varint(&mut self) -> Result<u64, PackedError> {
        let mut x = 0u64;
        for shift in (0..63).step_by(7) {
            let b = self.take(1)?[0];
            x |= u64::from(b & 0x7f) << shift;
            if b & 0x80 == 0 {
                return Ok(x);
            }
        }
        Err(self.fail("expected a number of at most 63 bits"))
    }

    fn text(&mut self) -> Result<String, PackedError> {
        let n = self.take(1)?[0] as usize;
        let text = core::str::from_utf8(self.take(n)?).map_err(|_| self.fail("expected UTF-8"))?;
        Ok(text.to_owned())
    }
}
