//! `unisleeve serve`: the what-if page and the report of the last backtest, on 127.0.0.1.
//!
//! [`Server`] accepts and limits connections; `site` answers one request. Any web page that is open in a
//! browser can send requests to this port. So `names` refuses requests that are not meant for this server.

mod connection;
mod connections;
mod encoding;
mod files;
mod limits;
mod names;
mod policy;
mod report_file;
mod response;
mod server;
mod site;

use std::io::Write as _;
use std::path::Path;

use super::interrupt;
use crate::failure::Failure;

pub use files::PageFile;
pub use limits::Limits;
pub use server::Server;

/// A file of the page: path and content.
type Asset = (&'static str, &'static [u8]);

include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// Serves until Ctrl-C.
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
    let files = PAGE.iter().map(|&(name, content)| PageFile::new(name, content)).collect();
    let server = Server::bind(port, files, dir, Limits::default())
        .map_err(|e| Failure::Environment(format!("port {port} on 127.0.0.1 can't be used: {e}")))?;
    interrupt::listen()?;
    let port = server.port();
    let page = format!("http://127.0.0.1:{port}/");
    let report = if server.has_report() { format!("report: {page}report.html\n") } else { String::new() };
    // The server also runs if nobody reads these lines.
    let mut out = std::io::stdout();
    let _ = write!(out, "page:   {page}\n{report}").and_then(|()| out.flush());
    server
        .run(interrupt::is_asked)
        .map_err(|e| Failure::Environment(format!("the server on port {port} stopped: {e}")))
}
