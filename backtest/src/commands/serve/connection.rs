//! One connection: one request and its answer.

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

/// Most bytes of a request's line and headers.
const MOST_HEAD_BYTES: usize = 16_384;
const MOST_HEADERS: usize = 64;
/// What else a client may send after its request, and for how long, before the connection is closed over it.
const MOST_REST_BYTES: usize = 1 << 20;
const REST_TIME: Duration = Duration::from_secs(1);

/// Answers the request on a connection and closes it. `is_asked` is set once the request is there.
///
/// There is no second request: opening connections to one's own machine is cheap, and so the time of a connection bounds that of a
/// request and of reading its answer.
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
        // A client may say that it sends no more and still wait for its answer.
        .half_close(true)
        .serve_connection(TokioIo::new(&mut stream), service);
    // What a client did wrong was told to it where that was possible; nobody else needs to know.
    if timeout(limits.whole_time, exchange).await.is_ok() {
        let _ = timeout(REST_TIME, read_rest(&mut stream)).await;
    }
}

/// Ends the sending side and reads what still comes: closing over unread bytes could cost the client its answer.
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
