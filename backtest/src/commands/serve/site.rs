//! Answers one request with a file of the page, the report, or the reason why there is neither.

use std::path::{Path, PathBuf};

use flate2::Compression;
use hyper::body::Bytes;
use hyper::header::{CACHE_CONTROL, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};

use super::encoding::{self, Encoding};
use super::files::PageFile;
use super::names::OwnNames;
use super::policy;
use super::report_file::{self, NoReport};
use super::response::{Answer, Refusal, answer};

const REPORT: &str = "report.html";

/// The content served, and the names of the server.
#[derive(Debug)]
pub(super) struct Site {
    names: OwnNames,
    files: Vec<PageFile>,
    /// Content security policy of the page and its scripts.
    page_policy: HeaderValue,
    report: PathBuf,
}

impl Site {
    pub(super) fn new(port: u16, files: Vec<PageFile>, dir: &Path) -> Self {
        let index = files.iter().find(|file| file.name() == "index.html");
        let page_policy = index.map_or(policy::TEXT, |file| policy::of_document(file.content()));
        Self { names: OwnNames::new(port), files, page_policy, report: dir.join(REPORT) }
    }

    /// Whether there is a report to show.
    pub(super) fn has_report(&self) -> bool {
        report_file::open(&self.report).is_ok()
    }

    /// Answers a request. It reads and compresses files, so it may block.
    pub(super) fn answer(&self, request: &Parts, has_body: bool) -> Answer {
        self.served(request, has_body).unwrap_or_else(Refusal::answer)
    }

    fn served(&self, request: &Parts, has_body: bool) -> Result<Answer, Refusal> {
        self.names.check_host(request)?;
        if !matches!(request.method, Method::GET | Method::HEAD) {
            return Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD are served here."));
        }
        if has_body {
            return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "A request here has no body."));
        }
        let encoding = encoding::accepted(&request.headers).ok_or(Refusal::new(
            StatusCode::NOT_ACCEPTABLE,
            "Files are sent as they are or compressed with gzip, and this request accepts neither.",
        ))?;
        // Paths are compared as sent, without decoding. So no spelling can reach a file outside the list.
        let name = request.uri.path().strip_prefix('/').unwrap_or_default();
        let name = if name.is_empty() { "index.html" } else { name };
        if let Some(file) = self.files.iter().find(|file| file.name() == name) {
            Ok(self.page_file(file, encoding, &request.headers))
        } else if name == REPORT {
            self.report(encoding, &request.headers)
        } else {
            Err(Refusal::new(StatusCode::NOT_FOUND, "There is nothing at this address."))
        }
    }

    fn page_file(&self, file: &PageFile, encoding: Encoding, headers: &HeaderMap) -> Answer {
        let (encoding, content) = file.encoded(encoding);
        let tag = file.tag(encoding);
        let (status, content) = if is_known(&tag, headers) {
            (StatusCode::NOT_MODIFIED, Bytes::new())
        } else {
            (StatusCode::OK, content)
        };
        let policy = if Path::new(file.name()).extension().is_some_and(|e| e == "html") {
            policy::of_document(file.content())
        } else {
            self.page_policy.clone()
        };
        let mut answer = answer(status, file.content_type(), policy, encoding, content);
        answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(file.cache_control()));
        if let Ok(tag) = HeaderValue::try_from(tag) {
            answer.headers_mut().insert(ETAG, tag);
        }
        answer
    }

    fn report(&self, encoding: Encoding, headers: &HeaderMap) -> Result<Answer, Refusal> {
        if !self.names.is_from_here(headers) {
            return Err(Refusal::new(StatusCode::FORBIDDEN, "The report is not shown to other sites."));
        }
        let content = report_file::read(&self.report).map_err(|why| {
            let sentence = match why {
                NoReport::Missing => "no report yet: run `unisleeve backtest`",
                NoReport::Unfit => "report.html is not shown: it must be a readable regular file of at most 16 MB, and no link.",
            };
            Refusal::new(StatusCode::NOT_FOUND, sentence)
        })?;
        let compressed = match encoding {
            Encoding::Gzip => encoding::gzip(&content, Compression::fast()).ok(),
            Encoding::Identity => None,
        };
        let (encoding, content) = compressed
            .map_or_else(|| (Encoding::Identity, Bytes::from(content)), |content| (Encoding::Gzip, content));
        Ok(answer(StatusCode::OK, "text/html; charset=utf-8", policy::REPORT, encoding, content))
    }
}

/// Whether the client already has the content with this tag (RFC 9110, section 13.1.2).
fn is_known(tag: &str, headers: &HeaderMap) -> bool {
    let lines = headers.get_all(IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let mut tags = lines.flat_map(|line| line.split(',')).map(str::trim);
    tags.any(|held| held == "*" || held.strip_prefix("W/").unwrap_or(held) == tag)
}
