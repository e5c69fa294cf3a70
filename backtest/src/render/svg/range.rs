//! A strip that shows a figure and its range: a bar from the lowest to the highest value, a dot at the
//! figure, a mark at zero.

use std::fmt::Write;

/// Draws the strip; `None` if a number is not finite. It is hidden from screen readers, because the numbers
/// appear in the text beside it.
pub(crate) fn range_strip(value: f64, low: f64, high: f64) -> Option<String> {
    const WIDTH: f64 = 200.0;
    if ![value, low, high].iter().all(|x| x.is_finite()) {
        return None;
    }
    let least = if low < 0.0 { low } else { 0.0 };
    let most = if high > 0.0 { high } else { 0.0 };
    let span = if most > least { most - least } else { 1.0 };
    let x = |v: f64| 12.0 + (v - least) / span * (WIDTH - 24.0);
    let mut out = format!("<svg class=\"strip\" aria-hidden=\"true\" viewBox=\"0 0 {WIDTH} 36\">");
    let _ = write!(
        out,
        "<path class=\"grid\" d=\"M4 12H{:.1}\"/><path class=\"zero\" d=\"M{zero:.1} 3v18\"/>\
         <text class=\"middle\" x=\"{zero:.1}\" y=\"34\">0</text>\
         <path class=\"span\" d=\"M{:.1} 12H{:.1}\"/><circle class=\"dot\" cx=\"{:.1}\" cy=\"12\" r=\"5\"/></svg>",
        WIDTH - 4.0,
        x(low),
        x(high),
        x(value),
        zero = x(0.0),
    );
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::range_strip;

    #[test]
    fn a_strip_has_only_finite_coordinates() {
        assert!(range_strip(f64::NAN, 0.0, 1.0).is_none());
        let strip = range_strip(0.0, 0.0, 0.0).unwrap_or_default();
        assert!(strip.contains("circle") && !strip.contains("NaN"));
    }
}
