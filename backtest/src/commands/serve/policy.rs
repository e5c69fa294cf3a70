//! Content security policies: what a browser may load and run for each answer.

use hyper::header::HeaderValue;

/// Policy of answers in plain text.
pub(super) const TEXT: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// Policy of the report. Its style is inline, and it has no scripts.
pub(super) const REPORT: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'",
);

/// Policy of a page document: the one in its meta element, plus `frame-ancestors`, which only a header can
/// set. Worker scripts need the same policy, because a worker is bound by the policy of its own answer.
pub(super) fn of_document(html: &[u8]) -> HeaderValue {
    let named = std::str::from_utf8(html).ok().and_then(named_in);
    named.and_then(|p| HeaderValue::try_from(format!("{p}; frame-ancestors 'none'")).ok()).unwrap_or(TEXT)
}

/// The content of the policy's meta element.
fn named_in(html: &str) -> Option<&str> {
    let (_, element) = html.split_once("http-equiv=\"Content-Security-Policy\"")?;
    let (element, _) = element.split_once('>')?;
    let (_, content) = element.split_once("content=\"")?;
    content.split_once('"').map(|(policy, _)| policy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_its_own_policy() {
        let policy = of_document(include_bytes!("../../../../web/index.html"));
        let policy = policy.to_str().unwrap();
        for part in
            ["default-src 'none'; ", "'wasm-unsafe-eval'", "worker-src 'self'", "; frame-ancestors 'none'"]
        {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("'unsafe-inline'") && !policy.contains('*'), "{policy}");
    }

    #[test]
    fn a_document_without_a_policy_may_load_nothing() {
        for html in
            [&b""[..], b"<p>", b"\xff", b"<meta http-equiv=\"Content-Security-Policy\" content=\"a\nb\">"]
        {
            assert_eq!(of_document(html), TEXT);
        }
    }
}
