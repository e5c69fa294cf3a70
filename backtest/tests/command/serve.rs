//! Tests the local server over plain sockets: what it sends, what it refuses, and that no client can block
//! others.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, sleep};
use std::time::Duration;

use flate2::read::GzDecoder;
use tempfile::TempDir;
use unisleeve::commands::serve::{Limits, PageFile, Server};

const INDEX: &str = "<!doctype html><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
                     script-src 'self' 'wasm-unsafe-eval'\"><p>The page.";
const SINGLE: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'sha256-x'\">";
const SCRIPT: &str = "export const answer = 42; export const again = 42; export const once_more = 42;";
const WASM: &[u8] = b"\0asm\x01\0\0\0";
const REPORT: &str = "<!doctype html><p>The report. The report. The report. The report. The report.";
/// More bytes than socket buffers hold while nobody reads.
const LARGE: usize = 48 << 20;
/// Longer than any response takes. A read that waits this long has hung.
const LONG: Duration = Duration::from_secs(8);

/// A server with made-up files and an empty folder for the report.
struct Running {
    port: u16,
    folder: TempDir,
    over: Arc<AtomicBool>,
    ended: Receiver<io::Result<()>>,
}

impl Running {
    fn new() -> Self {
        Self::with(Limits::default(), Vec::new())
    }

    /// Adds a file that takes some time to transfer.
    fn with_large(limits: Limits) -> Self {
        let content = Box::leak(vec![7; LARGE].into_boxed_slice());
        Self::with(limits, vec![PageFile::new("assets/large-1.bin", content)])
    }

    fn with(limits: Limits, mut files: Vec<PageFile>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        files.extend([
            PageFile::new("index.html", INDEX.as_bytes()),
            PageFile::new("unisleeve.html", SINGLE.as_bytes()),
            PageFile::new("offline.js", SCRIPT.as_bytes()),
            PageFile::new("assets/index-1.js", SCRIPT.as_bytes()),
            PageFile::new("assets/core-1.wasm", WASM),
        ]);
        let server = Server::bind(0, files, folder.path(), limits).unwrap();
        let (port, over) = (server.port(), Arc::new(AtomicBool::new(false)));
        let (send, ended) = channel();
        let is_over = over.clone();
        thread::spawn(move || send.send(server.run(|| is_over.load(Ordering::Relaxed))));
        Self { port, folder, over, ended }
    }

    fn report(&self) -> PathBuf {
        self.folder.path().join("report.html")
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(LONG)).unwrap();
        stream
    }

    /// Sends a request and reads until the server closes the connection.
    fn send(&self, request: &str) -> Reply {
        let mut stream = self.connect();
        // The server may close before the whole request is sent.
        let _ = stream.write_all(request.as_bytes());
        Reply::read(&mut stream)
    }

    /// A request with the correct host header.
    fn request(&self, line: &str, headers: &[&str]) -> String {
        let host = format!("Host: 127.0.0.1:{}", self.port);
        let headers: String =
            [host.as_str()].iter().chain(headers).flat_map(|header| [*header, "\r\n"]).collect();
        format!("{line} HTTP/1.1\r\n{headers}\r\n")
    }

    fn get(&self, path: &str, headers: &[&str]) -> Reply {
        self.send(&self.request(&format!("GET {path}"), headers))
    }

    fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
        self.ended.recv_timeout(Duration::from_secs(4)).expect("the server did not end").unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

struct Reply {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Reply {
    fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("no end of the headers");
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let mut headers = BTreeMap::new();
        for (name, value) in lines.map(|line| line.split_once(": ").unwrap()) {
            assert!(headers.insert(name.to_lowercase(), value.to_owned()).is_none(), "{name} came twice");
        }
        Self { status, headers, body: bytes[end + 4..].to_vec() }
    }

    #[track_caller]
    fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn unpacked(&self) -> Vec<u8> {
        let mut content = Vec::new();
        GzDecoder::new(self.body.as_slice()).read_to_end(&mut content).unwrap();
        content
    }
}

/// Whether the server closed the connection instead of keeping it open silently.
fn is_closed(stream: &mut TcpStream) -> bool {
    let mut rest = Vec::new();
    match stream.read_to_end(&mut rest) {
        Ok(_) => true,
        Err(e) => !matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
    }
}

#[test]
fn files_have_their_types_and_ages() {
    let server = Running::new();
    let page = server.get("/", &[]).expect(200);
    assert_eq!(page.text(), INDEX);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-cache");
    assert_eq!(server.get("/index.html?a=b", &[]).expect(200).text(), INDEX);
    let script = server.get("/assets/index-1.js", &[]).expect(200);
    assert_eq!(script.header("content-type"), "text/javascript");
    assert_eq!(script.header("cache-control"), "max-age=31536000, immutable");
    let wasm = server.get("/assets/core-1.wasm", &[]).expect(200);
    assert_eq!((wasm.header("content-type"), wasm.body.as_slice()), ("application/wasm", WASM));
}

#[test]
fn a_client_that_sends_no_more_still_gets_its_answer() {
    let server = Running::new();
    let mut stream = server.connect();
    stream.write_all(server.request("GET /", &[]).as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(Reply::read(&mut stream).expect(200).text(), INDEX);
}

#[test]
fn head_has_the_headers_of_get_and_no_content() {
    let server = Running::new();
    fs::write(server.report(), REPORT).unwrap();
    for path in ["/", "/offline.js", "/report.html", "/nothing"] {
        for accept in ["Accept-Encoding: gzip", "Accept-Encoding: identity"] {
            let get = server.get(path, &[accept]);
            let head = server.send(&server.request(&format!("HEAD {path}"), &[accept]));
            assert!(head.body.is_empty() && !get.body.is_empty(), "{path}");
            assert_eq!(head.header("content-length"), get.body.len().to_string(), "{path}");
            for (name, value) in get.headers.iter().filter(|(name, _)| *name != "date") {
                assert_eq!(head.header(name), value, "{path} {name}");
            }
        }
    }
}

#[test]
fn other_methods_and_bodies_are_refused() {
    let server = Running::new();
    for line in ["POST /", "PUT /report.html", "DELETE /", "OPTIONS *", "TRACE /", "PATCH /", "FOO /"] {
        let reply = server.send(&server.request(line, &["Content-Length: 3"])).expect(405);
        assert_eq!(reply.header("allow"), "GET, HEAD", "{line}");
    }
    let with_body = server.request("POST /", &["Content-Length: 300000"]) + &"x".repeat(300_000);
    server.send(&with_body).expect(405);
    for header in ["Content-Length: 1", "Transfer-Encoding: chunked"] {
        server.send(&(server.request("GET /", &[header]) + "1\r\nx\r\n0\r\n\r\n")).expect(413);
    }
    server.get("/", &["Content-Length: 0"]).expect(200);
}

#[test]
fn another_host_is_refused() {
    let server = Running::new();
    fs::write(server.report(), REPORT).unwrap();
    let port = server.port;
    for own in ["127.0.0.1", "localhost", "LocalHost", "[::1]"] {
        server.send(&format!("GET /report.html HTTP/1.1\r\nHost: {own}:{port}\r\n\r\n")).expect(200);
    }
    let strange = [
        "127.0.0.1".to_owned(),
        format!("127.0.0.1:{}", port.wrapping_add(1)),
        format!("rebind.example:{port}"),
        format!("127.0.0.1.example:{port}"),
        format!("localhost.:{port}"),
        format!("me@127.0.0.1:{port}"),
        format!("127.1:{port}"),
        format!("[::]:{port}"),
        String::new(),
    ];
    for host in &strange {
        let reply = server.send(&format!("GET /report.html HTTP/1.1\r\nHost: {host}\r\n\r\n")).expect(403);
        assert!(!reply.text().contains("The report. ") && reply.text().lines().count() == 1, "{host}");
    }
    for headers in
        ["", "Host: 127.0.0.1:{}\r\nHost: 127.0.0.1:{}\r\n", "Host: 127.0.0.1:{}\r\nHost: a.example\r\n"]
    {
        let headers = headers.replace("{}", &port.to_string());
        server.send(&format!("GET / HTTP/1.1\r\n{headers}\r\n")).expect(400);
    }
}

#[test]
fn the_request_line_may_not_name_another_host_either() {
    let server = Running::new();
    let port = server.port;
    assert_eq!(server.get(&format!("http://localhost:{port}/"), &[]).expect(200).text(), INDEX);
    for target in [
        format!("http://rebind.example:{port}/"),
        "http://127.0.0.1/".to_owned(),
        format!("https://127.0.0.1:{port}/"),
        format!("http://a@127.0.0.1:{port}/"),
    ] {
        server.get(&target, &[]).expect(403);
    }
    server.send(&server.request("CONNECT rebind.example:443", &[])).expect(403);
    let right = format!("GET http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: rebind.example\r\n\r\n");
    server.send(&right).expect(403);
}

#[test]
fn other_sites_do_not_get_the_report() {
    let server = Running::new();
    fs::write(server.report(), REPORT).unwrap();
    let own = format!("Origin: http://localhost:{}", server.port);
    for header in ["Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none", &own] {
        assert_eq!(server.get("/report.html", &[header]).expect(200).text(), REPORT);
    }
    let secure = format!("Origin: https://localhost:{}", server.port);
    for header in [
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Origin: http://a.example",
        "Origin: null",
        "Origin: http://localhost",
        &secure,
    ] {
        let reply = server.get("/report.html", &["Sec-Fetch-Mode: navigate", header]).expect(403);
        assert!(!reply.text().contains("The report. "), "{header}");
    }
}

#[test]
fn nothing_outside_the_list_is_served() {
    let server = Running::new();
    let outside = server.folder.path().join("secret.txt");
    fs::write(&outside, "secret").unwrap();
    fs::create_dir(server.folder.path().join("assets")).unwrap();
    for path in [
        "/secret.txt",
        "/../secret.txt",
        "/assets/../secret.txt",
        "/assets/../index.html",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "/%252e%252e%252fsecret.txt",
        "/..\\secret.txt",
        "/%c0%ae%c0%ae/secret.txt",
        "/report.html/../secret.txt",
        "/report.html%00",
        "/report%2ehtml",
        "//report.html",
        "//index.html",
        "/./index.html",
        "/assets/",
        "/assets",
        outside.to_str().unwrap(),
    ] {
        let reply = server.get(path, &[]);
        assert!(matches!(reply.status, 400 | 404), "{path}: {}", reply.status);
        assert!(!reply.text().contains("secret"), "{path}");
    }
}

#[test]
fn the_report_is_read_anew_each_time() {
    let server = Running::new();
    let missing = server.get("/report.html", &[]).expect(404);
    assert!(missing.text().contains("no report yet"), "{}", missing.text());
    for text in [REPORT, "another"] {
        fs::write(server.report(), text).unwrap();
        let reply = server.get("/report.html", &[]).expect(200);
        assert_eq!((reply.text().as_str(), reply.header("cache-control")), (text, "no-cache"));
        let packed = server.get("/report.html", &["Accept-Encoding: gzip"]).expect(200);
        assert_eq!(packed.unpacked(), text.as_bytes());
    }
    fs::File::create(server.report()).unwrap().set_len(16_000_001).unwrap();
    let reply = server.get("/report.html", &[]).expect(404);
    assert_eq!(reply.text().lines().count(), 1);
}

#[cfg(unix)]
#[test]
fn only_a_regular_file_is_a_report() {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    type Maker = fn(&Path);
    let makers: [(&str, Maker); 6] = [
        ("folder", |path| fs::create_dir(path).unwrap()),
        ("link to a file", |path| {
            fs::write(path.with_file_name("secret.txt"), "secret").unwrap();
            symlink(path.with_file_name("secret.txt"), path).unwrap();
        }),
        ("link to a device", |path| symlink("/dev/zero", path).unwrap()),
        ("link to nothing", |path| symlink("nothing", path).unwrap()),
        ("pipe", |path| {
            assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
        }),
        ("socket", |path| drop(UnixListener::bind(path).unwrap())),
    ];
    for (what, make) in makers {
        let server = Running::new();
        make(&server.report());
        for line in ["GET /report.html", "HEAD /report.html"] {
            let reply = server.send(&server.request(line, &[])).expect(404);
            assert!(!reply.text().contains("secret"), "{what}");
        }
        server.get("/", &[]).expect(200);
    }
}

#[test]
fn content_is_compressed_where_that_is_accepted() {
    let server = Running::new();
    for (accept, encoding) in [
        ("gzip, deflate, br, zstd", "gzip"),
        ("br;q=1, *;q=0.1", "gzip"),
        ("identity;q=0, gzip;q=0.001", "gzip"),
        ("gzip;q=0", ""),
        ("gzip;q=0.2, identity;q=0.9", ""),
        ("br", ""),
        ("", ""),
    ] {
        let reply = server.get("/offline.js", &[&format!("Accept-Encoding: {accept}")]).expect(200);
        assert_eq!(reply.header("content-encoding"), encoding, "{accept}");
        assert_eq!(reply.header("vary"), "Accept-Encoding");
        assert_eq!(reply.header("content-length"), reply.body.len().to_string());
        let content = if encoding.is_empty() { reply.body } else { reply.unpacked() };
        assert_eq!(content, SCRIPT.as_bytes(), "{accept}");
    }
    server.get("/offline.js", &["Accept-Encoding: gzip;q=0", "Accept-Encoding: identity;q=0"]).expect(406);
    let wasm = server.get("/assets/core-1.wasm", &["Accept-Encoding: gzip"]).expect(200);
    assert_eq!((wasm.header("content-type"), wasm.unpacked().as_slice()), ("application/wasm", WASM));
}

#[test]
fn a_file_that_the_browser_holds_is_not_sent_again() {
    let server = Running::new();
    let plain = server.get("/", &[]).expect(200).header("etag").to_owned();
    let packed = server.get("/", &["Accept-Encoding: gzip"]).expect(200).header("etag").to_owned();
    assert!(plain.starts_with('"') && plain.ends_with('"') && plain != packed, "{plain} {packed}");
    for held in [plain.clone(), format!("W/{plain}"), format!("\"x\", {plain}"), "*".to_owned()] {
        let reply = server.get("/", &[&format!("If-None-Match: {held}")]).expect(304);
        assert_eq!((reply.header("etag"), reply.body.len()), (plain.as_str(), 0));
        assert!(matches!(reply.header("content-length"), "") && reply.header("vary") == "Accept-Encoding");
    }
    server.get("/", &["Accept-Encoding: gzip", &format!("If-None-Match: {packed}")]).expect(304);
    server.get("/", &["Accept-Encoding: gzip", &format!("If-None-Match: {plain}")]).expect(200);
    server.get("/", &["If-None-Match: \"x\""]).expect(200);
}

#[test]
fn every_answer_has_the_security_headers() {
    let server = Running::new();
    fs::write(server.report(), REPORT).unwrap();
    let held = format!("If-None-Match: {}", server.get("/", &[]).header("etag"));
    let page = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'none'";
    let text = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let report = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action \
                  'none'; frame-ancestors 'none'";
    let replies = [
        (server.get("/", &[]).expect(200), page),
        (server.get("/offline.js", &[]).expect(200), page),
        (server.get("/unisleeve.html", &[]).expect(200), "script-src 'sha256-x'; frame-ancestors 'none'"),
        (server.get("/report.html", &[]).expect(200), report),
        (server.get("/", &[&held]).expect(304), page),
        (server.send("GET / HTTP/1.1\r\n\r\n").expect(400), text),
        (server.send("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n").expect(403), text),
        (server.get("/nothing", &[]).expect(404), text),
        (server.send(&server.request("POST /", &[])).expect(405), text),
        (server.get("/", &["Accept-Encoding: *;q=0"]).expect(406), text),
        (server.get("/", &["Content-Length: 1"]).expect(413), text),
    ];
    for (reply, policy) in replies {
        let status = reply.status;
        assert_eq!(reply.header("content-security-policy"), policy, "{status}");
        for (name, value) in [
            ("cache-control", "no-cache"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("referrer-policy", "no-referrer"),
            ("vary", "Accept-Encoding"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(reply.header(name), value, "{status} {name}");
        }
    }
}

#[test]
fn broken_requests_are_refused_and_the_next_client_is_served() {
    let server = Running::new();
    let host = format!("Host: 127.0.0.1:{}\r\n", server.port);
    for broken in [
        "\r\n\r\nnonsense\r\n\r\n".to_owned(),
        format!("GET\r\n{host}\r\n"),
        format!("GET / HTTP/9.9\r\n{host}\r\n"),
        format!("GET /a b HTTP/1.1\r\n{host}\r\n"),
        format!("GET / HTTP/1.1\r\n{host}no colon\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{host}Name : value\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{host}Content-Length: many\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{host}Content-Length: 1\r\nContent-Length: 2\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{host}X: \0\r\n\r\n"),
    ] {
        server.send(&broken).expect(400);
    }
    // The start of HTTP/2, the start of TLS, and no bytes at all.
    for start in ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\r\n\r\n", ""] {
        let mut stream = server.connect();
        stream.write_all(start.as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        assert!(is_closed(&mut stream), "{start:?}");
    }
    server.get("/", &[]).expect(200);
}

#[test]
fn headers_are_bounded_in_bytes_and_number() {
    let server = Running::new();
    server.get("/", &[&format!("X: {}", "x".repeat(8_000))]).expect(200);
    server.get("/", &[&format!("X: {}", "x".repeat(20_000))]).expect(431);
    server.get("/", &["X: y"; 70]).expect(431);
    assert!(matches!(server.get(&format!("/{}", "x".repeat(100_000)), &[]).status, 414 | 431));
    // A header that never ends is refused.
    server.send(&format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(500_000))).expect(431);
}

#[test]
fn a_stalled_client_does_not_hold_up_another() {
    let server = Running::with_large(Limits::default());
    let mut stalled = server.connect();
    stalled.write_all(b"GET / HTTP/1.1\r\nHo").unwrap();
    let mut unread = server.connect();
    unread.write_all(server.request("GET /assets/large-1.bin", &[]).as_bytes()).unwrap();
    for _ in 0..20 {
        server.get("/", &[]).expect(200);
    }
    // The stalled client is not disconnected either.
    stalled.write_all(format!("st: 127.0.0.1:{}\r\n\r\n", server.port).as_bytes()).unwrap();
    assert_eq!(Reply::read(&mut stalled).expect(200).text(), INDEX);
    assert_eq!(Reply::read(&mut unread).expect(200).body.len(), LARGE);
}

#[test]
fn many_open_connections_leave_room_for_another() {
    let server = Running::new();
    let mut stalled: Vec<TcpStream> = (0..200).map(|_| server.connect()).collect();
    for stream in &mut stalled {
        // The server may have closed some by now.
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nHo");
    }
    for _ in 0..3 {
        server.get("/", &[]).expect(200);
    }
}

#[test]
fn many_requests_at_once_are_all_answered() {
    let server = Running::new();
    let request = server.request("GET /offline.js", &["Accept-Encoding: gzip"]);
    let mut streams: Vec<TcpStream> = Vec::new();
    for _ in 0..150 {
        let mut stream = server.connect();
        stream.write_all(request.as_bytes()).unwrap();
        streams.push(stream);
    }
    for stream in &mut streams {
        assert_eq!(Reply::read(stream).expect(200).unpacked(), SCRIPT.as_bytes());
    }
}

#[test]
fn headers_must_come_in_time() {
    let server =
        Running::with(Limits { header_time: Duration::from_millis(200), ..Limits::default() }, Vec::new());
    for start in ["", "GET / HTTP/1.1\r\nHo"] {
        let mut silent = server.connect();
        silent.write_all(start.as_bytes()).unwrap();
        assert!(is_closed(&mut silent), "{start:?}");
    }
    // Sending a byte now and then does not extend the limit.
    let mut slow = server.connect();
    let request = server.request("GET /", &[&format!("X: {}", "x".repeat(1_000))]);
    let sent = request.bytes().take_while(|byte| {
        sleep(Duration::from_millis(20));
        slow.write_all(&[*byte]).is_ok()
    });
    assert!(sent.count() < 200, "the headers could take their time");
}

#[test]
fn an_answer_must_be_read_in_time() {
    let server = Running::with_large(Limits { whole_time: Duration::from_millis(300), ..Limits::default() });
    let mut slow = server.connect();
    slow.write_all(server.request("GET /assets/large-1.bin", &[]).as_bytes()).unwrap();
    sleep(Duration::from_millis(900));
    let mut bytes = Vec::new();
    let _ = slow.read_to_end(&mut bytes);
    assert!(bytes.len() < LARGE, "all of it was sent");
}

#[test]
fn answers_under_way_are_finished_at_the_end() {
    let server = Running::with_large(Limits::default());
    let _silent = server.connect();
    let mut reading = server.connect();
    reading.write_all(server.request("GET /assets/large-1.bin", &[]).as_bytes()).unwrap();
    let mut first = [0; 4];
    reading.read_exact(&mut first).unwrap();
    server.over.store(true, Ordering::Relaxed);
    assert_eq!(&first, b"HTTP");
    let mut rest = Vec::new();
    reading.read_to_end(&mut rest).unwrap();
    assert!(rest.len() > LARGE);
    server.end();
    let mut refused = TcpStream::connect(("127.0.0.1", server.port));
    assert!(refused.as_mut().is_err() || is_closed(refused.as_mut().unwrap()));
}

#[test]
fn a_client_that_does_not_read_does_not_hold_up_the_end() {
    let server = Running::with_large(Limits::default());
    let mut unread = server.connect();
    unread.write_all(server.request("GET /assets/large-1.bin", &[]).as_bytes()).unwrap();
    server.end();
}

#[test]
fn a_port_is_taken_once() {
    let server = Running::new();
    let again = Server::bind(server.port, Vec::new(), Path::new("out"), Limits::default());
    assert_eq!(again.unwrap_err().kind(), ErrorKind::AddrInUse);
}

#[cfg(unix)]
#[test]
fn the_command_says_where_it_serves_and_ends_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("report.html"), REPORT).unwrap();
    let serve = |port: u16| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_unisleeve"));
        command.args(["serve", "--port", &port.to_string(), "--dir"]).arg(folder.path());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    };
    let mut server = serve(0).spawn().unwrap();
    let mut out = BufReader::new(server.stdout.take().unwrap());
    let mut told = String::new();
    for _ in 0..2 {
        out.read_line(&mut told).unwrap();
    }
    if told.is_empty() {
        // The command was built without the page.
        let ended = server.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(3));
        assert!(String::from_utf8_lossy(&ended.stderr).contains("the page is not built into this command"));
        return;
    }
    let address = told.lines().next().and_then(|line| line.strip_prefix("page:   ")).unwrap();
    assert_eq!(told, format!("page:   {address}\nreport: {address}report.html\n"));
    let port = address.trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
    let taken = serve(port).output().unwrap();
    assert_eq!(taken.status.code(), Some(3));
    let message = String::from_utf8_lossy(&taken.stderr).into_owned();
    assert!(message.contains(&format!("port {port} on 127.0.0.1 can't be used: ")), "{message}");
    let asked = Command::new("kill").arg(server.id().to_string()).status().unwrap();
    assert!(asked.success());
    assert_eq!(server.wait().unwrap().code(), Some(0));
}
