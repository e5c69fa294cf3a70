//! Answers with the headers that all of them share.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Response, StatusCode};

use super::encoding::Encoding;
use super::policy;

/// An answer.
pub(super) type Answer = Response<Full<Bytes>>;

/// Status and reason (one sentence) of a request that is not served.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    status: StatusCode,
    sentence: &'static str,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, sentence: &'static str) -> Self {
        Self { status, sentence }
    }

    pub(super) fn answer(self) -> Answer {
        let text = Bytes::from(format!("{}\n", self.sentence));
        let mut answer =
            answer(self.status, "text/plain; charset=utf-8", policy::TEXT, Encoding::Identity, text);
        if self.status == StatusCode::METHOD_NOT_ALLOWED {
            answer.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        }
        answer
    }
}

/// An answer with all shared headers. Browsers must check with the server before they reuse it, unless the
/// caller sets another policy.
pub(super) fn answer(
    status: StatusCode,
    content_type: &'static str,
    policy: HeaderValue,
    encoding: Encoding,
    content: Bytes,
) -> Answer {
    const ALWAYS: [(HeaderName, &str); 6] = [
        (CACHE_CONTROL, "no-cache"),
        (REFERRER_POLICY, "no-referrer"),
        (VARY, "Accept-Encoding"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    let mut answer = Response::new(Full::new(content));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if encoding == Encoding::Gzip {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    answer
}
