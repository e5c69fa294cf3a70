//! Decides which requests are meant for this server, by their host and their origin.
//!
//! A web page can point its own host name at 127.0.0.1 (DNS rebinding) and then read the answers as its own.
//! The browser still sends that host name. So the server answers a request only if the host names this
//! machine.

use hyper::header::{HOST, ORIGIN};
use hyper::http::request::Parts;
use hyper::http::uri::Scheme;
use hyper::{HeaderMap, StatusCode};

use super::response::Refusal;

/// The names of this server.
#[derive(Debug)]
pub(super) struct OwnNames {
    /// `host:port` as in requests. The form without the port is included if the port is HTTP's default.
    names: Vec<String>,
}

impl OwnNames {
    pub(super) fn new(port: u16) -> Self {
        let hosts = ["127.0.0.1", "localhost", "[::1]"];
        let mut names: Vec<String> = hosts.iter().map(|host| format!("{host}:{port}")).collect();
        if port == 80 {
            names.extend(hosts.map(str::to_owned));
        }
        Self { names }
    }

    /// Refuses a request for another host, in the `Host` header or in the request line.
    pub(super) fn check_host(&self, request: &Parts) -> Result<(), Refusal> {
        let mut hosts = request.headers.get_all(HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return Err(Refusal::new(StatusCode::BAD_REQUEST, "A request must have one Host header."));
        };
        let is_named = host.to_str().is_ok_and(|host| self.is_own(host))
            && request.uri.authority().is_none_or(|authority| self.is_own(authority.as_str()))
            && request.uri.scheme().is_none_or(|scheme| *scheme == Scheme::HTTP);
        if is_named {
            return Ok(());
        }
        Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "This server answers only as 127.0.0.1, localhost or [::1] with its own port.",
        ))
    }

    /// Whether the request comes from this server's own page or from a person, as far as the browser tells.
    pub(super) fn is_from_here(&self, headers: &HeaderMap) -> bool {
        let is_own_origin =
            |origin: &str| origin.strip_prefix("http://").is_some_and(|name| self.is_own(name));
        let is_own_site = |site: &str| matches!(site, "same-origin" | "none");
        headers.get_all(ORIGIN).iter().all(|v| v.to_str().is_ok_and(is_own_origin))
            && headers.get_all("sec-fetch-site").iter().all(|v| v.to_str().is_ok_and(is_own_site))
    }

    fn is_own(&self, name: &str) -> bool {
        self.names.iter().any(|own| own.eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_needs_its_port_unless_it_is_80() {
        let (other, http) = (OwnNames::new(8080), OwnNames::new(80));
        for name in ["127.0.0.1:8080", "localhost:8080", "LOCALHOST:8080", "[::1]:8080"] {
            assert!(other.is_own(name) && !http.is_own(name), "{name}");
        }
        for name in ["127.0.0.1", "localhost", "[::1]", "localhost:80"] {
            assert!(http.is_own(name) && !other.is_own(name), "{name}");
        }
        for name in
            ["", "localhost.:8080", "user@localhost:8080", "localhost:08080", "localhost:8080.evil.test"]
        {
            assert!(!other.is_own(name) && !http.is_own(name), "{name}");
        }
    }
}
