//! Accepts connections and limits their number, their time and the size of their requests.

use std::io;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime;
use tokio::time::{sleep, timeout};

use super::connections::Connections;
use super::files::PageFile;
use super::limits::Limits;
use super::site::Site;

/// Interval at which the server checks whether to end.
const TICK: Duration = Duration::from_millis(100);
/// Threads that read files and compress.
const FILE_THREADS: usize = 4;

/// A server of the page and a report on 127.0.0.1.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    port: u16,
    site: Arc<Site>,
    limits: Limits,
}

impl Server {
    /// Binds the port; 0 takes any free one. `dir` is the folder with `report.html`. The folder's path may
    /// contain links, but the file itself must not be one.
    ///
    /// # Errors
    /// When the port can't be used.
    pub fn bind(port: u16, files: Vec<PageFile>, dir: &Path, limits: Limits) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let site = Arc::new(Site::new(port, files, dir));
        Ok(Self { listener, port, site, limits })
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether there is a report to show.
    pub fn has_report(&self) -> bool {
        self.site.has_report()
    }

    /// Serves until `is_over` returns true. Answers in progress get another second.
    ///
    /// # Errors
    /// When the system can't wait for connections.
    pub fn run(self, is_over: impl Fn() -> bool) -> io::Result<()> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(FILE_THREADS)
            .thread_name("unisleeve-serve")
            .build()?;
        let done = runtime.block_on(self.accept(is_over));
        // Don't wait for a file that takes too long to read.
        runtime.shutdown_background();
        done
    }

    async fn accept(self, is_over: impl Fn() -> bool) -> io::Result<()> {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let mut connections = Connections::new(self.site, self.limits);
        while !is_over() {
            if connections.is_full() {
                connections.wait_for_room(TICK).await;
                continue;
            }
            match timeout(TICK, listener.accept()).await {
                Ok(Ok((stream, _))) => connections.open(stream),
                // For example, no file descriptors are left. Connections that end release theirs.
                Ok(Err(_)) => sleep(TICK).await,
                Err(_) => {}
            }
        }
        drop(listener);
        connections.finish().await;
        Ok(())
    }
}
