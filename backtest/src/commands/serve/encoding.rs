//! Content encoding: what the client accepts (RFC 9110, section 12.5.3), and gzip compression.

use std::io::{self, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::HeaderMap;
use hyper::body::Bytes;
use hyper::header::ACCEPT_ENCODING;

/// Encoding of an answer's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Unchanged.
    Identity,
    /// Compressed.
    Gzip,
}

/// The encoding that the client prefers. A tie goes to gzip. `None` if the client accepts neither.
pub(super) fn accepted(headers: &HeaderMap) -> Option<Encoding> {
    let (mut gzip, mut identity, mut any) = (None, None, None);
    let lines = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    for entry in lines.flat_map(|line| line.split(',')) {
        let (coding, weight) = entry.split_once(';').map_or((entry, Some(1.0)), |(c, w)| (c, weight(w)));
        // An entry with an unreadable weight is ignored.
        let Some(weight) = weight else { continue };
        match coding.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => gzip = Some(weight),
            "identity" => identity = Some(weight),
            "*" => any = Some(weight),
            _ => {}
        }
    }
    let gzip = gzip.or(any).unwrap_or(0.0);
    // If identity is not listed, it is acceptable but ranks below everything listed.
    let identity = identity.or(any).unwrap_or(f32::MIN_POSITIVE);
    if gzip > 0.0 && gzip >= identity {
        Some(Encoding::Gzip)
    } else {
        (identity > 0.0).then_some(Encoding::Identity)
    }
}

/// Parses the weight in `q=0.5`: from 0 to 1 with at most three decimals.
fn weight(parameter: &str) -> Option<f32> {
    let (name, value) = parameter.split_once('=')?;
    let value = value.trim();
    let is_plain = value.len() <= 5 && value.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !is_plain || !name.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    value.parse().ok().filter(|weight| (0.0..=1.0).contains(weight))
}

/// Compresses the content with gzip.
pub(super) fn gzip(content: &[u8], level: Compression) -> io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(content.len() / 2), level);
    encoder.write_all(content)?;
    encoder.finish().map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn of(lines: &[&'static str]) -> Option<Encoding> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(ACCEPT_ENCODING, HeaderValue::from_static(line));
        }
        accepted(&headers)
    }

    #[test]
    fn weights_decide() {
        let (gzip, identity) = (Some(Encoding::Gzip), Some(Encoding::Identity));
        let cases: [(&[&'static str], Option<Encoding>); 18] = [
            (&[], identity),
            (&[""], identity),
            (&["gzip, deflate, br, zstd"], gzip),
            (&["br", "X-GZIP"], gzip),
            (&["br"], identity),
            (&["gzip;q=0"], identity),
            (&["gzip ; q=0.001"], gzip),
            (&["GZIP;Q=1.000"], gzip),
            (&["gzip;q=0.5, identity"], identity),
            (&["gzip;q=0.5, identity;q=0.4"], gzip),
            (&["identity;q=0"], None),
            (&["identity;q=0, gzip"], gzip),
            (&["*;q=0"], None),
            (&["*;q=0, identity;q=0.1"], identity),
            (&["*"], gzip),
            (&["*, gzip;q=0"], identity),
            (&["gzip;q=2"], identity),
            (&["gzip;q=nan, identity;q=0"], None),
        ];
        for (lines, wanted) in cases {
            assert_eq!(of(lines), wanted, "{lines:?}");
        }
    }
}
