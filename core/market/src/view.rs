//! What is known at the close of one session.

use chrono::NaiveDate;

use super::{Action, Distribution, GivenBlock, Index, IndexId, Market, Security};
use unisleeve_units::{IncomeKind, Price, SecurityId};

/// The market up to and including one session. A view gives no access to later sessions.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    pub(super) market: &'a Market,
    pub(super) session: usize,
}

impl Market {
    /// The view at each session's close from `start` to `end`, in order.
    pub fn sessions(&self, start: NaiveDate, end: NaiveDate) -> impl Iterator<Item = View<'_>> {
        let from = self.panel.sessions.partition_point(|d| *d < start);
        let to = self.panel.sessions.partition_point(|d| *d <= end);
        (from..to).map(|session| View { market: self, session })
    }
}

impl<'a> View<'a> {
    /// The session's date.
    pub fn date(&self) -> NaiveDate {
        self.market.panel.sessions[self.session]
    }

    /// Date of the session before; `None` on the panel's first.
    pub fn previous_date(&self) -> Option<NaiveDate> {
        Some(self.market.panel.sessions[self.session.checked_sub(1)?])
    }

    /// The session before; `None` on the panel's first.
    pub fn previous(&self) -> Option<View<'a>> {
        Some(View { session: self.session.checked_sub(1)?, ..*self })
    }

    /// Number of sessions known, including this one.
    pub fn known_sessions(&self) -> usize {
        self.session + 1
    }

    /// Sessions in a year of this market: 252 for daily sessions, 52 weekly, 12 monthly, 4 quarterly.
    pub fn sessions_a_year(&self) -> f64 {
        self.market.sessions_a_year
    }

    /// Securities.
    pub fn securities(&self) -> &'a [Security] {
        &self.market.panel.securities
    }

    /// Today's close; `None` where the security has no price today.
    pub fn close(&self, security: SecurityId) -> Option<Price> {
        let n = self.market.panel.securities.len();
        let price = *self.market.panel.closes.get(self.session * n + security.index())?;
        (security.index() < n && price.is_positive()).then_some(price)
    }

    /// The last close known; `None` before the first.
    pub fn last_close(&self, security: SecurityId) -> Option<Price> {
        let n = self.market.panel.securities.len();
        // A level of zero means no price so far. This avoids the search for names that are listed late.
        let level = *self.market.total.get(self.session * n + security.index())?;
        if level == 0.0 {
            return None;
        }
        (0..=self.session).rev().find_map(|session| View { session, ..*self }.close(security))
    }

    /// Restates a price of the earlier session `at` for a share of today, after the splits and spin-offs
    /// since.
    pub fn restated(&self, security: SecurityId, price: Price, at: &View<'_>) -> Price {
        let since = (at.session + 1..=self.session).flat_map(|session| View { session, ..*self }.actions());
        since.filter(|a| a.security() == security).fold(price, |price, action| match action {
            Action::Split { ratio, .. } => price.split(*ratio),
            Action::SpinOff { value, .. } => price - *value,
            Action::Delisting { .. } => price,
        })
    }

    /// The last close known at the earlier session `at`, restated; zero before the first.
    pub fn last_restated(&self, security: SecurityId, at: &View<'_>) -> Price {
        at.last_close(security).map_or(Price::ZERO, |price| self.restated(security, price, at))
    }

    /// Distributions with an ex-date today.
    pub fn distributions(&self) -> impl Iterator<Item = &'a Distribution> {
        let range = self.market.starts[self.session]..self.market.starts[self.session + 1];
        self.market.panel.distributions[range].iter().map(|(_, d)| d)
    }

    /// Distributions with an ex-date after `since` and up to today: payer, kind, and the amount as a fraction
    /// of the payer's close on that day, zero without a close.
    pub fn income_since(&self, since: NaiveDate) -> impl Iterator<Item = (SecurityId, IncomeKind, f64)> {
        let panel = &self.market.panel;
        let from = panel.sessions.partition_point(|d| *d <= since).min(self.session + 1);
        let range = self.market.starts[from]..self.market.starts[self.session + 1];
        panel.distributions[range].iter().map(|(session, d)| {
            let close = View { session: *session, ..*self }.close(d.security).map_or(0.0, Price::to_f64);
            let paid = if close > 0.0 { d.per_share.to_f64() / close } else { 0.0 };
            (d.security, d.kind, paid)
        })
    }

    /// Corporate actions at today's open.
    pub fn actions(&self) -> impl Iterator<Item = &'a Action> + use<'a> {
        let range = self.market.action_starts[self.session]..self.market.action_starts[self.session + 1];
        self.market.panel.actions[range].iter().map(|(_, a)| a)
    }

    /// Total return of a security over the session that ended `back` sessions ago (0 = today's); `None` where
    /// a price is missing.
    pub fn total_return(&self, security: SecurityId, back: usize) -> Option<f64> {
        let n = self.market.panel.securities.len();
        let to = self.session.checked_sub(back)?;
        let from = to.checked_sub(1)?;
        let before = *self.market.total.get(from * n + security.index())?;
        let after = self.market.total[to * n + security.index()];
        (before > 0.0).then(|| after / before - 1.0)
    }

    /// Total-return levels of all securities before and after the session that ended `back` sessions ago;
    /// zero before a security's first price. `None` where there are too few sessions.
    pub(crate) fn growth_over(&self, back: usize) -> Option<(&'a [f64], &'a [f64])> {
        let n = self.market.panel.securities.len();
        let to = self.session.checked_sub(back)?;
        let levels = self.market.total.get(to.checked_sub(1)? * n..(to + 1) * n)?;
        Some(levels.split_at(n))
    }

    /// Mean dollar volume of a security over those of the last `sessions` sessions that have a close; `None`
    /// where no volume is known.
    pub fn dollar_volume(&self, security: SecurityId, sessions: usize) -> Option<f64> {
        let n = self.market.panel.securities.len();
        let (mut sum, mut count) = (0.0, 0);
        for session in ((self.session + 1).saturating_sub(sessions)..=self.session).rev() {
            let at = session * n + security.index();
            let (Some(volume), Some(close)) =
                (self.market.panel.volumes.get(at), View { session, ..*self }.close(security))
            else {
                continue;
            };
            sum += volume.to_f64() * close.to_f64();
            count += 1;
        }
        (sum > 0.0).then(|| sum / f64::from(count))
    }

    /// Supplied risk figures in force today.
    pub fn given_risk(&self) -> Option<&'a GivenBlock> {
        self.market.given_risk.as_ref()?.on(self.date())
    }

    /// Weights of an index at today's close, which add up to 1; empty before its first date.
    pub fn index_weights(&self, index: IndexId) -> Vec<(SecurityId, f64)> {
        let n = self.market.panel.securities.len();
        let Index { weights: dated, drift, .. } = &*self.market.indices[index.0];
        let at = dated.partition_point(|(s, _)| *s <= self.session);
        let Some((from, members)) = at.checked_sub(1).and_then(|i| dated.get(i)) else { return Vec::new() };
        let grown = self.market.followed(*drift);
        let mut weights: Vec<(SecurityId, f64)> = members
            .iter()
            .map(|(s, w)| (*s, w * grown[self.session * n + s.index()] / grown[from * n + s.index()]))
            .collect();
        let sum: f64 = weights.iter().map(|(_, w)| w).sum();
        for (_, w) in &mut weights {
            *w /= sum;
        }
        weights
    }

    /// Return of an index over today's session; `None` on the panel's first.
    pub fn index_return(&self, index: IndexId) -> Option<f64> {
        let level = &self.market.indices[index.0].level;
        Some(level[self.session] / level[self.session.checked_sub(1)?] - 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Distribution, Market, Panel, Security};
    use unisleeve_units::{IncomeKind, Price, SecurityId, Shares};

    /// Five sessions of one stock at 10, 11, 11, 22 and 20, with a dollar paid on the third.
    fn market() -> Market {
        let paid = Distribution {
            security: SecurityId(0),
            kind: IncomeKind::QualifiedDividend,
            per_share: Price::ONE,
        };
        let sessions = ["01", "02", "03", "04", "05"].map(|d| format!("2024-04-{d}").parse().unwrap());
        Market::new(Panel {
            sessions: sessions.into(),
            securities: vec![Security { symbol: "A".to_owned(), ..Security::default() }],
            closes: [10, 11, 11, 22, 20].map(Price::whole).into(),
            volumes: [1, 2, 3, 4, 5].map(Shares::whole).into(),
            distributions: vec![(2, paid)],
            ..Panel::default()
        })
        .unwrap()
    }

    #[test]
    fn a_return_counts_what_was_paid_and_looks_back_by_sessions() {
        let market = market();
        let views: Vec<_> = market.sessions(market.dates()[0], market.dates()[4]).collect();
        let near = |found: Option<f64>, r: f64| (found.unwrap() - r).abs() < 1e-12;
        let a = SecurityId(0);
        // A 10% rise, a dollar paid on 11, a doubling, and a loss of one eleventh.
        assert!(near(views[1].total_return(a, 0), 0.1) && near(views[2].total_return(a, 0), 1.0 / 11.0));
        assert!(
            near(views[3].total_return(a, 0), 1.0) && near(views[4].total_return(a, 0), 20.0 / 22.0 - 1.0)
        );
        assert!(near(views[4].total_return(a, 1), 1.0) && near(views[4].total_return(a, 3), 0.1));
        assert_eq!((views[0].total_return(a, 0), views[4].total_return(a, 4)), (None, None));
    }

    /// The mean over the sessions asked for, including today's, or over those that exist.
    #[test]
    fn dollar_volume_is_a_mean_over_sessions() {
        let market = market();
        let last = market.sessions(market.dates()[4], market.dates()[4]).next().unwrap();
        let of = |sessions| last.dollar_volume(SecurityId(0), sessions).unwrap();
        assert!(
            (of(1) - 100.0).abs() < 1e-9 && (of(2) - 94.0).abs() < 1e-9 && (of(3) - 221.0 / 3.0).abs() < 1e-9
        );
        assert!((of(9) - (10.0 + 22.0 + 33.0 + 88.0 + 100.0) / 5.0).abs() < 1e-9);
    }
}
