//! The open connections. If there are too many, the one whose grace period ends first is closed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, timeout, timeout_at};

use super::connection;
use super::limits::Limits;
use super::site::Site;

/// Grace period of a connection without a request when others wait for a place.
const PATIENCE: Duration = Duration::from_millis(200);
/// The same for a connection that is being answered. An answer on the same machine takes milliseconds, so a
/// client that needs longer does not read.
const PATIENCE_FOR_ANSWER: Duration = Duration::from_secs(5);
/// Time for answers in progress when the server ends.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

struct Open {
    since: Instant,
    is_asked: Arc<AtomicBool>,
    task: AbortHandle,
}

impl Open {
    fn gives_way_at(&self) -> Instant {
        let is_asked = self.is_asked.load(Ordering::Relaxed);
        self.since + if is_asked { PATIENCE_FOR_ANSWER } else { PATIENCE }
    }
}

/// All open connections. Each one is a task.
pub(super) struct Connections {
    site: Arc<Site>,
    limits: Limits,
    open: Vec<Open>,
    tasks: JoinSet<()>,
}

impl Connections {
    pub(super) fn new(site: Arc<Site>, limits: Limits) -> Self {
        Self { site, limits, open: Vec::new(), tasks: JoinSet::new() }
    }

    pub(super) fn open(&mut self, stream: TcpStream) {
        let is_asked = Arc::new(AtomicBool::new(false));
        let answered = connection::answer(stream, self.site.clone(), self.limits, is_asked.clone());
        let task = self.tasks.spawn(answered);
        self.open.push(Open { since: Instant::now(), is_asked, task });
    }

    pub(super) fn is_full(&mut self) -> bool {
        while self.tasks.try_join_next().is_some() {}
        self.open.retain(|one| !one.task.is_finished());
        self.open.len() >= self.limits.connections.max(1)
    }

    /// Waits until a connection ends or the first grace period is over, for at most `longest`. In the second
    /// case, closes that connection.
    pub(super) async fn wait_for_room(&mut self, longest: Duration) {
        let Some(first) = self.open.iter().min_by_key(|one| one.gives_way_at()) else { return };
        let latest = first.gives_way_at().min(Instant::now() + longest);
        let ended = timeout_at(latest, self.tasks.join_next()).await;
        // Its request may have arrived in the meantime.
        if ended.is_err() && first.gives_way_at() <= Instant::now() {
            first.task.abort();
            self.tasks.join_next().await;
        }
    }

    /// Closes connections without a request and gives the others [`LAST_ANSWERS`] to finish.
    pub(super) async fn finish(mut self) {
        for one in self.open.iter().filter(|one| !one.is_asked.load(Ordering::Relaxed)) {
            one.task.abort();
        }
        let all = async { while self.tasks.join_next().await.is_some() {} };
        let _ = timeout(LAST_ANSWERS, all).await;
    }
}
