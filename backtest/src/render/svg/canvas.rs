//! Basics of all charts: sizes, opening tags, escaped text.

/// Size of a drawing. Each chart is drawn in two sizes and the page shows the one that fits, so that text
/// stays readable on a phone.
pub(crate) struct Size {
    pub(super) width: f64,
    pub(super) height: f64,
    /// CSS class that the page uses to choose a size.
    pub(super) class: &'static str,
    /// Most ticks on the horizontal and on the vertical axis.
    pub(super) ticks: (usize, usize),
}

/// For a text column of about 600 pixels, and for print.
pub(crate) const WIDE: Size = Size { width: 640.0, height: 340.0, class: "wide", ticks: (9, 6) };

/// For a phone.
pub(crate) const NARROW: Size = Size { width: 360.0, height: 300.0, class: "narrow", ticks: (4, 6) };

/// Escapes text for use in an element or a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// Approximate width of a text in the charts' font size.
pub(crate) fn text_width(text: &str) -> f64 {
    8.0 * text.chars().count() as f64 + 4.0
}

/// The opening tag of a chart.
pub(crate) fn open(size: &Size, label: &str) -> String {
    open_at(size, size.height, label)
}

/// The opening tag of a chart with its own height.
pub(crate) fn open_at(size: &Size, height: f64, label: &str) -> String {
    format!(
        "<svg class=\"chart {}\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {} {}\">",
        size.class,
        escape(label),
        size.width,
        height
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_open_a_tag_or_close_an_attribute() {
        assert_eq!(escape("<a b=\"c\">&'"), "&lt;a b=&quot;c&quot;&gt;&amp;&#39;");
    }
}
