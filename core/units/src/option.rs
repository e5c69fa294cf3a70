//! Recognizes options by their tickers.

/// Whether `text` is the ticker of an option. Recognized forms: `AAPL  250620C00100000`,
/// `AAPL 06/20/2025 100.00 C`, `-AAPL250620C100`, `.AAPL250620C100`, `AAPL Jun 20 '25 $100 Call`.
pub fn is_option(text: &str) -> bool {
    let text = text.trim().trim_start_matches(['-', '+', '.']);
    let words: Vec<&str> = text.split_whitespace().collect();
    if let [_, date, _, "C" | "P" | "c" | "p"] = words.as_slice() {
        return date.contains('/');
    }
    if let [_, .., last] = words.as_slice()
        && words.len() > 2
        && ["call", "put"].iter().any(|side| last.eq_ignore_ascii_case(side))
    {
        return true;
    }
    // Compact form: root, six digits of the date, C or P, strike.
    let compact: String = words.concat();
    let bytes = compact.as_bytes();
    (1..=6).any(|root| {
        bytes.get(root..).is_some_and(|rest| {
            rest.len() > 7
                && bytes[0].is_ascii_alphabetic()
                // The root of an adjusted option may contain a digit; that of a share class, a separator.
                && bytes[1..root].iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/'))
                && rest[..6].iter().all(u8::is_ascii_digit)
                && (b"01"..=b"12").contains(&&[rest[2], rest[3]])
                && (b"01"..=b"31").contains(&&[rest[4], rest[5]])
                && matches!(rest[6], b'C' | b'P' | b'c' | b'p')
                && rest[7..].iter().all(|b| b.is_ascii_digit() || *b == b'.')
        })
    })
}
