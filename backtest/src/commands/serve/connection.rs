//! One connection with one request and its answer.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::Request;
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWrite;
use tokio::net::TcpStream;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::limits::Limits;
use super::site::Site;

/// Most bytes in the request line and headers together.
const MOST_HEAD_BYTES: usize = 16_384;
const MOST_HEADERS: usize = 64;
/// Most bytes read after the request before the connection is closed; the next constant limits the time.
const MOST_REST_BYTES: usize = 1 << 20;
const REST_TIME: Duration = Duration::from_secs(1);

/// Answers the request on a connection and closes it. Sets `is_asked` when the request has arrived.
///
/// A connection serves one request only. New connections on the same machine are cheap. So the time limit of
/// a connection also limits the request and the reading of its answer.
pub(super) async fn answer(
    mut stream: TcpStream,
    site: Arc<Site>,
    limits: Limits,
    is_asked: Arc<AtomicBool>,
) {
    let service = service_fn(|request: Request<Incoming>| {
        is_asked.store(true, Ordering::Relaxed);
        let site = site.clone();
        let (head, body) = request.into_parts();
        let has_body = !body.is_end_stream();
        spawn_blocking(move || site.answer(&head, has_body))
    });
    let exchange = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_header_size(MOST_HEAD_BYTES)
        .max_buf_size(MOST_HEAD_BYTES)
        .max_headers(MOST_HEADERS)
        .keep_alive(false)
        // A client may close its sending side and still wait for the answer.
        .half_close(true)
        .serve_connection(TokioIo::new(&mut stream), service);
    // Errors of the client were answered if possible. They need no log.
    if timeout(limits.whole_time, exchange).await.is_ok() {
        let _ = timeout(REST_TIME, read_rest(&mut stream)).await;
    }
}

/// Closes the sending side and reads the remaining bytes. Closing with unread bytes can make the client lose
/// its answer.
async fn read_rest(stream: &mut TcpStream) {
    let _ = poll_fn(|context| Pin::new(&mut *stream).poll_shutdown(context)).await;
    let mut buffer = [0; 4096];
    let mut left = MOST_REST_BYTES;
    while left > 0 && stream.readable().await.is_ok() {
        match stream.try_read(&mut buffer) {
            Ok(0) => return,
            Ok(read) => left = left.saturating_sub(read),
            Err(e) if e.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}
