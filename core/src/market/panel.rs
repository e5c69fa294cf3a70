//! Sessions, securities, closes and distributions.

use chrono::NaiveDate;
use thiserror::Error;

use super::{Index, View};
use crate::journal::Fingerprint;
use crate::units::{IncomeKind, Price, SecurityId};

/// A security of the panel.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Security {
    /// Ticker.
    pub symbol: String,
    /// Name.
    pub name: String,
    /// Sector.
    pub sector: String,
    /// Asset class.
    pub asset_class: String,
    /// `stock` or `fund`.
    pub kind: String,
}

/// Cash that a security pays on its ex-date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Distribution {
    /// Payer.
    pub security: SecurityId,
    /// How it is taxed.
    pub kind: IncomeKind,
    /// Dollars per share.
    pub per_share: Price,
}

/// What a market is made from.
#[derive(Debug, Clone, Default)]
pub struct Panel {
    /// Trading days, ascending.
    pub sessions: Vec<NaiveDate>,
    /// Securities; their position is their identifier.
    pub securities: Vec<Security>,
    /// Closes, session by session: `closes[t * securities + s]`; zero means no price.
    pub closes: Vec<Price>,
    /// `(session, distribution)`, ascending by session.
    pub distributions: Vec<(usize, Distribution)>,
}

/// Why a panel is not a market. Sessions are named by date.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MarketError {
    /// No session or no security.
    #[error("expected at least one session and one security, found {sessions} and {securities}")]
    Empty {
        /// Sessions found.
        sessions: usize,
        /// Securities found.
        securities: usize,
    },
    /// Sessions do not ascend.
    #[error("date {found} follows {previous}: expected ascending dates")]
    Unsorted {
        /// The session before.
        previous: NaiveDate,
        /// The session out of order.
        found: NaiveDate,
    },
    /// A negative price or a wrong number of prices.
    #[error("{symbol} on {date}: price {price}: expected a price above zero")]
    BadPrice {
        /// Security.
        symbol: String,
        /// Session.
        date: NaiveDate,
        /// What was found.
        price: Price,
    },
    /// The number of closes is not sessions × securities.
    #[error("{found} closes: expected {expected}, one for each session and security")]
    Shape {
        /// Closes found.
        found: usize,
        /// Sessions × securities.
        expected: usize,
    },
    /// A distribution of a session or security that is not there, or a negative one.
    #[error(
        "a distribution of security {security} in session {session}: expected both in the panel, and no less than zero"
    )]
    Distribution {
        /// Session.
        session: usize,
        /// Security.
        security: u32,
    },
    /// An index without members that have a price.
    #[error("index {name}: no member has a weight above zero and a price on {date}")]
    EmptyIndex {
        /// Index.
        name: String,
        /// Date of the weights.
        date: NaiveDate,
    },
}

/// A checked panel with total returns and indices.
#[derive(Debug, Clone)]
pub struct Market {
    pub(super) panel: Panel,
    /// Total-return level by session and security, 1 at its first price and 0 before it.
    pub(super) total: Vec<f64>,
    /// Where each session's distributions start; one more entry than sessions.
    pub(super) starts: Vec<usize>,
    pub(super) indices: Vec<Index>,
    hash: String,
}

impl Market {
    /// Checks a panel and computes what follows from it.
    ///
    /// # Errors
    /// When dates do not ascend, a price is negative, or shapes do not agree.
    pub fn new(panel: Panel) -> Result<Self, MarketError> {
        let (t, n) = (panel.sessions.len(), panel.securities.len());
        if t == 0 || n == 0 {
            return Err(MarketError::Empty { sessions: t, securities: n });
        }
        if let Some(w) = panel.sessions.windows(2).find(|w| w[0] >= w[1]) {
            return Err(MarketError::Unsorted { previous: w[0], found: w[1] });
        }
        if panel.closes.len() != t * n {
            return Err(MarketError::Shape { found: panel.closes.len(), expected: t * n });
        }
        if let Some(at) = panel.closes.iter().position(|p| p.is_negative()) {
            return Err(MarketError::BadPrice {
                symbol: panel.securities[at % n].symbol.clone(),
                date: panel.sessions[at / n],
                price: panel.closes[at],
            });
        }
        let unusable =
            |s: usize, d: &Distribution| s >= t || d.security.index() >= n || d.per_share.is_negative();
        let bad = panel.distributions.iter().find(|(s, d)| unusable(*s, d));
        if let Some((session, d)) = bad {
            return Err(MarketError::Distribution { session: *session, security: d.security.0 });
        }
        let mut panel = panel;
        panel.distributions.sort_by_key(|(s, d)| (*s, d.security));
        let mut starts = vec![0; t + 1];
        for (s, _) in &panel.distributions {
            starts[s + 1] += 1;
        }
        for s in 0..t {
            starts[s + 1] += starts[s];
        }
        let total = total_returns(&panel, &starts);
        let hash = fingerprint(&panel);
        Ok(Self { panel, total, starts, indices: Vec::new(), hash })
    }

    /// Trading days.
    pub fn dates(&self) -> &[NaiveDate] {
        &self.panel.sessions
    }

    /// Securities; their position is their identifier.
    pub fn securities(&self) -> &[Security] {
        &self.panel.securities
    }

    /// The security of a symbol, without regard to case.
    pub fn find(&self, symbol: &str) -> Option<SecurityId> {
        let at = self.panel.securities.iter().position(|s| s.symbol.eq_ignore_ascii_case(symbol))?;
        Some(SecurityId(at as u32))
    }

    /// SHA-256 of the panel's dates, symbols, closes and distributions.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// What is known at the close of each session from `start` to `end`, one after the other.
    pub fn sessions(&self, start: NaiveDate, end: NaiveDate) -> impl Iterator<Item = View<'_>> {
        let from = self.panel.sessions.partition_point(|d| *d < start);
        let to = self.panel.sessions.partition_point(|d| *d <= end);
        (from..to).map(|session| View { market: self, session })
    }
}

fn total_returns(panel: &Panel, starts: &[usize]) -> Vec<f64> {
    let (t, n) = (panel.sessions.len(), panel.securities.len());
    let mut total = vec![0.0; t * n];
    // Last price seen of each security: a gap is bridged by the next price.
    let mut last = vec![0.0; n];
    let mut paid = vec![0.0; n];
    for session in 0..t {
        for (_, d) in &panel.distributions[starts[session]..starts[session + 1]] {
            paid[d.security.index()] += d.per_share.to_f64();
        }
        for s in 0..n {
            let before = if session == 0 { 0.0 } else { total[(session - 1) * n + s] };
            let close = panel.closes[session * n + s].to_f64();
            total[session * n + s] = if close == 0.0 {
                before
            } else if before == 0.0 {
                1.0
            } else {
                before * ((close + paid[s]) / last[s])
            };
            if close > 0.0 {
                last[s] = close;
                paid[s] = 0.0;
            }
        }
    }
    total
}

fn fingerprint(panel: &Panel) -> String {
    let mut f = Fingerprint::default();
    for d in &panel.sessions {
        f.date(*d);
    }
    for s in &panel.securities {
        for text in [&s.symbol, &s.sector, &s.asset_class, &s.kind] {
            f.bytes(text.as_bytes());
            f.bytes(&[0]);
        }
    }
    for p in &panel.closes {
        f.int(p.raw());
    }
    for (s, d) in &panel.distributions {
        f.int(*s as i64);
        f.int(i64::from(d.security.0));
        f.bytes(d.kind.as_str().as_bytes());
        f.int(d.per_share.raw());
    }
    f.finish()
}
