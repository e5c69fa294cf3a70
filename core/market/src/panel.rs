//! Sessions, securities, closes and distributions.

use std::sync::{Arc, OnceLock};

use chrono::NaiveDate;
use thiserror::Error;

use super::{Action, GivenRisk, Index};
use unisleeve_numeric::RiskModel;
use unisleeve_units::Fingerprint;
use unisleeve_units::{IncomeKind, Price, Rate, Ratio, SecurityId, Shares, sessions_a_year};

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
    /// Yearly expense ratio of a fund, a fraction of its value that its price has already paid.
    pub expense_ratio: Rate,
}

/// Cash that a security pays per share on its ex-date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Distribution {
    /// Payer.
    pub security: SecurityId,
    /// Kind of income, which decides how it is taxed.
    pub kind: IncomeKind,
    /// Dollars per share.
    pub per_share: Price,
}

/// The raw data that a market is built from.
#[derive(Debug, Clone, Default)]
pub struct Panel {
    /// Trading days, ascending.
    pub sessions: Vec<NaiveDate>,
    /// Securities; their position is their identifier.
    pub securities: Vec<Security>,
    /// Closes, session by session: `closes[t * securities + s]`; zero means no price.
    pub closes: Vec<Price>,
    /// Shares traded, in the order of the closes. May be empty.
    pub volumes: Vec<Shares>,
    /// `(session, distribution)`. Amounts are per share after any split of the same session.
    pub distributions: Vec<(usize, Distribution)>,
    /// `(session, action)`.
    pub actions: Vec<(usize, Action)>,
}

/// Why a panel is refused. Sessions are named by date.
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
    /// A negative price.
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
    /// The number of volumes is not that of the closes.
    #[error("{found} volumes: expected none or {expected}, one for each close")]
    Volumes {
        /// Volumes found.
        found: usize,
        /// Sessions × securities.
        expected: usize,
    },
    /// A distribution of an unknown session or security, or a negative one.
    #[error(
        "a distribution of security {security} in session {session}: expected both in the panel, and no less than zero"
    )]
    Distribution {
        /// Session.
        session: usize,
        /// Security.
        security: u32,
    },
    /// An action of an unknown session or security, or a split or spin-off in a session without a price.
    #[error(
        "a corporate action of security {security} in session {session}: expected both in the panel, with a price on that day"
    )]
    Action {
        /// Session.
        session: usize,
        /// Security.
        security: u32,
    },
    /// An index without a member that has a weight and a price.
    #[error("index {name}: no member has a weight above zero and a price on {date}")]
    EmptyIndex {
        /// Index.
        name: String,
        /// Date of the weights.
        date: NaiveDate,
    },
}

/// A checked panel with total returns and indices. A clone shares the data; only its list of indices is
/// separate.
#[derive(Debug, Clone)]
pub struct Market {
    pub(super) panel: Arc<Panel>,
    /// Total-return level by session and security, 1 at its first price and 0 before it.
    pub(super) total: Arc<Vec<f64>>,
    /// Price growth without distributions, in the same layout. Built with the first index that follows price.
    pub(super) prices: Arc<Vec<f64>>,
    /// First distribution of each session; one more entry than sessions.
    pub(super) starts: Arc<Vec<usize>>,
    /// First action of each session; one more entry than sessions.
    pub(super) action_starts: Arc<Vec<usize>>,
    pub(super) indices: Vec<Arc<Index>>,
    pub(super) sessions_a_year: f64,
    pub(super) given_risk: Option<Arc<GivenRisk>>,
    /// Risk of a simulated market's securities, in their order.
    pub(super) scenario_risk: Option<Arc<RiskModel>>,
    /// Symbols in capitals, ascending, each with its first security.
    names: Arc<Vec<(String, SecurityId)>>,
    /// Computed on first use: most simulated markets never need it.
    hash: Arc<OnceLock<String>>,
}

impl Market {
    /// Checks a panel and computes total returns.
    ///
    /// # Errors
    /// When the panel is empty, dates do not ascend, a price or distribution is negative, shapes do not
    /// agree, or a distribution or action refers to something that is not there.
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
        if !panel.volumes.is_empty() && panel.volumes.len() != t * n {
            return Err(MarketError::Volumes { found: panel.volumes.len(), expected: t * n });
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
        let unusable = |session: usize, a: &Action| {
            let has_price =
                |s: SecurityId| panel.closes.get(session * n + s.index()).is_some_and(|p| p.is_positive());
            session >= t
                || a.security().index() >= n
                || match a {
                    Action::Split { security, .. } => !has_price(*security),
                    Action::SpinOff { security, child, .. } => {
                        child.index() >= n || !has_price(*security) || !has_price(*child)
                    }
                    Action::Delisting { .. } => false,
                }
        };
        if let Some((session, a)) = panel.actions.iter().find(|(s, a)| unusable(*s, a)) {
            return Err(MarketError::Action { session: *session, security: a.security().0 });
        }
        let mut panel = panel;
        panel.distributions.sort_by_key(|(s, d)| (*s, d.security));
        panel.actions.sort_by_key(|(s, a)| (*s, a.order()));
        let starts = starts(t, panel.distributions.iter().map(|(s, _)| *s));
        let action_starts = self::starts(t, panel.actions.iter().map(|(s, _)| *s));
        let mut names: Vec<(String, SecurityId)> = panel
            .securities
            .iter()
            .enumerate()
            .map(|(at, s)| (s.symbol.to_ascii_uppercase(), SecurityId(at as u32)))
            .collect();
        names.sort_unstable();
        names.dedup_by(|b, a| a.0 == b.0);
        let sessions_a_year = sessions_a_year(panel.sessions[0], panel.sessions[t - 1], t);
        let mut market = Self {
            panel: Arc::new(panel),
            total: Arc::default(),
            prices: Arc::default(),
            starts: Arc::new(starts),
            action_starts: Arc::new(action_starts),
            indices: Vec::new(),
            sessions_a_year,
            given_risk: None,
            scenario_risk: None,
            names: Arc::new(names),
            hash: Arc::default(),
        };
        market.total = Arc::new(market.growth(true));
        Ok(market)
    }

    /// Trading days.
    pub fn dates(&self) -> &[NaiveDate] {
        &self.panel.sessions
    }

    /// Securities; their position is their identifier.
    pub fn securities(&self) -> &[Security] {
        &self.panel.securities
    }

    /// Finds a security by symbol, without regard to case.
    pub fn find(&self, symbol: &str) -> Option<SecurityId> {
        let symbol = symbol.to_ascii_uppercase();
        let at = self.names.binary_search_by(|(name, _)| name.as_str().cmp(&symbol)).ok()?;
        self.names.get(at).map(|(_, security)| *security)
    }

    /// Replaces estimated risk with supplied figures. The market's hash then covers them too.
    #[must_use]
    pub fn with_risk(self, given: GivenRisk) -> Self {
        let mut f = Fingerprint::default();
        f.bytes(self.hash().as_bytes());
        given.hash_into(&mut f);
        Self { given_risk: Some(Arc::new(given)), hash: Arc::new(OnceLock::from(f.finish())), ..self }
    }

    /// Adds the risk model that a simulated market was drawn from, for its securities in order.
    pub(super) fn with_scenario_risk(self, risk: RiskModel) -> Self {
        Self { scenario_risk: Some(Arc::new(risk)), ..self }
    }

    /// Whether the market was drawn from a scenario, whose factors can then serve as the risk model.
    pub fn has_scenario_risk(&self) -> bool {
        self.scenario_risk.is_some()
    }

    /// First day with supplied risk figures.
    pub fn given_risk_from(&self) -> Option<NaiveDate> {
        self.given_risk.as_ref().and_then(|g| g.start())
    }

    /// Sessions in a year: 252 for daily sessions, 52 weekly, 12 monthly, 4 quarterly.
    pub fn sessions_a_year(&self) -> f64 {
        self.sessions_a_year
    }

    /// Whether the panel has volumes.
    pub fn has_volumes(&self) -> bool {
        !self.panel.volumes.is_empty()
    }

    /// Spin-offs whose child has prices of its own, as pairs of parent and child.
    pub fn spun_off(&self) -> impl Iterator<Item = (SecurityId, SecurityId)> {
        self.panel.actions.iter().filter_map(|(_, a)| match a {
            Action::SpinOff { security, child, is_priced: true, .. } => Some((*security, *child)),
            _ => None,
        })
    }

    /// SHA-256 of the panel's dates, symbols, closes, volumes, distributions and actions, and of supplied
    /// risk figures.
    pub fn hash(&self) -> &str {
        self.hash.get_or_init(|| fingerprint(&self.panel))
    }

    /// Cumulative growth of a share by session and security, adjusted for splits: 1 at its first price and 0
    /// before it. With `total`, distributions and spin-offs are reinvested.
    pub(super) fn growth(&self, total: bool) -> Vec<f64> {
        let (t, n) = (self.panel.sessions.len(), self.panel.securities.len());
        let mut growth = vec![0.0; t * n];
        // Last price seen of each security, per share of today. A gap is bridged by the next price.
        let mut last = vec![0.0; n];
        let mut paid = vec![0.0; n];
        let zeros = vec![0.0; n];
        for session in 0..t {
            let actions = &self.panel.actions[self.action_starts[session]..self.action_starts[session + 1]];
            for (_, action) in actions {
                let s = action.security().index();
                match action {
                    Action::Split { ratio, .. } => {
                        let (new, old) = ratio.parts();
                        let ratio = new as f64 / old as f64;
                        last[s] /= ratio;
                        paid[s] /= ratio;
                    }
                    Action::SpinOff { value, .. } => paid[s] += value.to_f64(),
                    Action::Delisting { .. } => {}
                }
            }
            for (_, d) in &self.panel.distributions[self.starts[session]..self.starts[session + 1]] {
                paid[d.security.index()] += d.per_share.to_f64();
            }
            let (known, rest) = growth.split_at_mut(session * n);
            let (grown, closes) = (&mut rest[..n], &self.panel.closes[session * n..(session + 1) * n]);
            let before = if session == 0 { &zeros[..] } else { &known[(session - 1) * n..] };
            for ((((grown, close), before), last), paid) in
                grown.iter_mut().zip(closes).zip(before).zip(&mut last).zip(&mut paid)
            {
                let close = close.to_f64();
                *grown = if close == 0.0 {
                    *before
                } else if *before == 0.0 {
                    1.0
                } else if total {
                    before * ((close + *paid) / *last)
                } else {
                    before * (close / *last)
                };
                if close > 0.0 {
                    *last = close;
                    *paid = 0.0;
                }
            }
        }
        growth
    }
}

/// First entry of each session, in a list ascending by session.
fn starts(sessions: usize, of: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut starts = vec![0; sessions + 1];
    for s in of {
        starts[s + 1] += 1;
    }
    for s in 0..sessions {
        starts[s + 1] += starts[s];
    }
    starts
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
        if !s.expense_ratio.is_zero() {
            f.int(s.expense_ratio.raw());
        }
    }
    for p in &panel.closes {
        f.int(p.raw());
    }
    for v in &panel.volumes {
        f.int(v.raw());
    }
    for (s, d) in &panel.distributions {
        f.int(*s as i64);
        f.int(i64::from(d.security.0));
        f.bytes(d.kind.as_str().as_bytes());
        f.int(d.per_share.raw());
    }
    for (s, action) in &panel.actions {
        f.int(*s as i64);
        let (kind, security) = action.order();
        f.int(i64::from(kind));
        f.int(i64::from(security.0));
        match action {
            Action::Split { ratio, .. } => ratio_into(&mut f, *ratio),
            Action::SpinOff { child, ratio, value, .. } => {
                f.int(i64::from(child.0));
                ratio_into(&mut f, *ratio);
                f.int(value.raw());
            }
            Action::Delisting { .. } => {}
        }
    }
    f.finish()
}

fn ratio_into(f: &mut Fingerprint, ratio: Ratio) {
    let (new, old) = ratio.parts();
    // Both have at most 62 bits.
    f.int(new as i64);
    f.int(old as i64);
}
