//! Normal form of tickers: capital letters, with the share class after a period (`BRK.B`).
//!
//! The same share is `BRK B` at Interactive Brokers, `BRK/B` at Schwab, and `BRKB` at Fidelity and iShares. A
//! class letter after a space, slash or hyphen moves behind a period. Without a separator, the class can't be
//! told from a ticker that ends in that letter (`CVNA`, `GOOGL`), so those few tickers are listed.

pub(super) use unisleeve_units::is_option;

/// Tickers with a share class whose separator some exports omit: without and with separator.
const CLASSES: [(&str, &str); 20] = [
    ("AGMA", "AGM.A"),
    ("BFA", "BF.A"),
    ("BFB", "BF.B"),
    ("BHA", "BH.A"),
    ("BIOB", "BIO.B"),
    ("BRKA", "BRK.A"),
    ("BRKB", "BRK.B"),
    ("CRDA", "CRD.A"),
    ("CRDB", "CRD.B"),
    ("CWENA", "CWEN.A"),
    ("GEFB", "GEF.B"),
    ("GTNA", "GTN.A"),
    ("HEIA", "HEI.A"),
    ("HVTA", "HVT.A"),
    ("LENB", "LEN.B"),
    ("MKCV", "MKC.V"),
    ("MOGA", "MOG.A"),
    ("MOGB", "MOG.B"),
    ("UHALB", "UHAL.B"),
    ("WSOB", "WSO.B"),
];

/// Longest ticker accepted; the longest in use have eight characters.
const LONGEST: usize = 16;

/// For messages.
pub(super) const TICKER: &str = "expected a ticker such as AAPL or BRK.B";

/// The ticker in normal form, or `None` if the text can't be a ticker.
pub(super) fn normalise(text: &str) -> Option<String> {
    let upper = text.trim().to_ascii_uppercase();
    let fits = (1..=LONGEST).contains(&upper.len())
        && upper.starts_with(|c: char| c.is_ascii_alphanumeric())
        && upper.bytes().all(|b| b.is_ascii_alphanumeric() || b" ./-".contains(&b));
    if !fits {
        return None;
    }
    if let Some((_, form)) = CLASSES.iter().find(|(bare, _)| *bare == upper) {
        return Some((*form).to_owned());
    }
    let Some((base, class)) = upper.split_once([' ', '/', '-', '.']) else { return Some(upper) };
    // Preferred shares, units and warrants have up to three letters after the separator and use the same
    // form.
    let class = class.trim_start();
    let plain = (1..=3).contains(&class.len()) && class.bytes().all(|b| b.is_ascii_alphanumeric());
    plain.then(|| format!("{base}.{class}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_a_share_class() {
        for text in ["BRK B", "BRK/B", "BRK-B", "BRK.B", "BRKB", " brkb "] {
            assert_eq!(normalise(text).as_deref(), Some("BRK.B"), "{text}");
        }
        for text in ["CVNA", "GOOGL", "V", "7203", "30303M102"] {
            assert_eq!(normalise(text).as_deref(), Some(text));
        }
        for bad in [
            "",
            "-",
            "A;B",
            "A:1",
            "A,B",
            "Total gains",
            "A\nB",
            "É",
            "=1+1",
            "BRK/",
            "A/B/C",
            "ABCDEFGHIJKLMNOPQ",
        ] {
            assert_eq!(normalise(bad), None, "{bad}");
        }
    }

    #[test]
    fn options_are_told_from_shares() {
        for text in [
            "AAPL  250620C00100000",
            "AAPL 06/20/2025 100.00 C",
            "-AAPL250620P100",
            "BRKB220414C357.5",
            ".SPXW250620P5000",
            "aapl250620c100",
            "AAPL1 250620C00100000",
            "BRK/B250620C00400000",
            "AAPL Jun 20 '25 $100 Call",
        ] {
            assert!(is_option(text), "{text}");
        }
        for text in ["AAPL", "BRK B", "30303M102", "", "C", "A", "T251399C1", "CALL", "X PUT"] {
            assert!(!is_option(text), "{text}");
        }
    }
}
