//! Shows the what-if page and a report on 127.0.0.1. The page is embedded when it was there at the build.

use std::path::Path;

use tiny_http::{Header, Method, Request, Response, Server};

use crate::failure::Failure;

/// A file of the page: its path and its content.
type Asset = (&'static str, &'static [u8]);

include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// Serves until the process ends.
///
/// # Errors
/// When the page was not built into this command, or the port can't be used.
pub(crate) fn serve(port: u16, dir: &Path) -> Result<(), Failure> {
    if PAGE.is_empty() {
        return Err(Failure::Environment(
            "the page is not built into this command: run `cargo xtask build-web`, then `cargo build --release -p \
             unisleeve`"
                .to_owned(),
        ));
    }
    let server = Server::http(("127.0.0.1", port))
        .map_err(|e| Failure::Environment(format!("port {port} on 127.0.0.1 can't be used: {e}")))?;
    let port = server.server_addr().to_ip().map_or(port, |a| a.port());
    println!("page:   http://127.0.0.1:{port}/");
    if dir.join("report.html").is_file() {
        println!("report: http://127.0.0.1:{port}/report.html");
    }
    for request in server.incoming_requests() {
        answer(request, dir);
    }
    Ok(())
}

fn answer(request: Request, dir: &Path) {
    if !matches!(request.method(), Method::Get | Method::Head) {
        respond(request, 405, "text/plain", b"only GET is served here".to_vec());
        return;
    }
    let path = request.url().split(['?', '#']).next().unwrap_or("/").trim_start_matches('/').to_owned();
    let name = if path.is_empty() { "index.html" } else { path.as_str() };
    if let Some((_, content)) = PAGE.iter().find(|(p, _)| *p == name) {
        // Names of assets carry a hash of their content: a browser may keep them.
        let age = if name.starts_with("assets/") { "max-age=31536000, immutable" } else { "no-cache" };
        respond_for(request, 200, content_type(name), content.to_vec(), age);
    } else if name == "report.html" {
        match std::fs::read(dir.join(name)) {
            Ok(content) => respond(request, 200, content_type(name), content),
            Err(_) => {
                respond(request, 404, "text/plain", b"no report yet: run `unisleeve backtest`".to_vec());
            }
        }
    } else {
        respond(request, 404, "text/plain", b"not found".to_vec());
    }
}

fn respond(request: Request, status: u16, kind: &str, content: Vec<u8>) {
    respond_for(request, status, kind, content, "no-cache");
}

fn respond_for(request: Request, status: u16, kind: &str, content: Vec<u8>, age: &str) {
    let mut response = Response::from_data(content).with_status_code(status);
    for (name, value) in
        [("Content-Type", kind), ("Cache-Control", age), ("X-Content-Type-Options", "nosniff")]
    {
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    }
    // A browser that closed the tab is no failure.
    let _ = request.respond(response);
}

fn content_type(name: &str) -> &'static str {
    match Path::new(name).extension().and_then(|e| e.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript",
        "css" => "text/css",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}
