//! The files of the page: content type, caching, entity tag and compressed form.

use std::path::Path;
use std::sync::OnceLock;

use flate2::Compression;
use hyper::body::Bytes;
use sha2::{Digest as _, Sha256};

use super::encoding::{self, Encoding};

/// A file of the page.
#[derive(Debug)]
pub struct PageFile {
    name: String,
    content: Bytes,
    /// First 8 bytes of the SHA-256 of the content.
    hash: u64,
    /// Compressed content, made at the first request; `None` if compression failed.
    gzip: OnceLock<Option<Bytes>>,
}

impl PageFile {
    /// `name` is the path below the server's root, without a leading slash.
    pub fn new(name: &str, content: &'static [u8]) -> Self {
        let hash = Sha256::digest(content).iter().take(8).fold(0, |hash, &byte| hash << 8 | u64::from(byte));
        Self { name: name.to_owned(), content: Bytes::from_static(content), hash, gzip: OnceLock::new() }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn content(&self) -> &Bytes {
        &self.content
    }

    /// The content in the given encoding, or unchanged if the compression failed.
    pub(super) fn encoded(&self, encoding: Encoding) -> (Encoding, Bytes) {
        let compress = || encoding::gzip(&self.content, Compression::best()).ok();
        match encoding {
            Encoding::Gzip => {
                self.gzip.get_or_init(compress).clone().map(|content| (Encoding::Gzip, content))
            }
            Encoding::Identity => None,
        }
        .unwrap_or_else(|| (Encoding::Identity, self.content.clone()))
    }

    /// The entity tag. It identifies these bytes in this encoding.
    pub(super) fn tag(&self, encoding: Encoding) -> String {
        match encoding {
            Encoding::Identity => format!("\"{:016x}\"", self.hash),
            Encoding::Gzip => format!("\"{:016x}-gzip\"", self.hash),
        }
    }

    /// How long a browser may cache the file. Names in `assets/` contain a hash of the content, so those
    /// files never change.
    pub(super) fn cache_control(&self) -> &'static str {
        if self.name.starts_with("assets/") { "max-age=31536000, immutable" } else { "no-cache" }
    }

    pub(super) fn content_type(&self) -> &'static str {
        match Path::new(&self.name).extension().and_then(|e| e.to_str()).unwrap_or_default() {
            "html" => "text/html; charset=utf-8",
            "js" | "mjs" => "text/javascript",
            "css" => "text/css",
            // The browser compiles the file while it downloads only with this type.
            "wasm" => "application/wasm",
            "svg" => "image/svg+xml",
            "json" => "application/json",
            "png" => "image/png",
            _ => "application/octet-stream",
        }
    }
}
