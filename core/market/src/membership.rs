//! An index built from dated members and market caps. Nothing is used before its date.
//!
//! Weights are market caps. A cap is carried forward with the price until the next cap; a split changes
//! neither. A member without a cap yet gets the median cap of the others. A member without a price gets no
//! weight; the others share it. Both cases are reported as faults.

use std::sync::Arc;

use chrono::NaiveDate;

use super::index::Dated;
use super::{Action, Drift, IndexId, Market, MarketError};
use unisleeve_numeric::median;
use unisleeve_units::SecurityId;

/// A period of membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Member.
    pub security: SecurityId,
    /// First date.
    pub from: NaiveDate,
    /// First date after the membership; `None` while it lasts.
    pub to: Option<NaiveDate>,
}

/// A company's market cap at the last close on or before a date.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cap {
    /// Date of the cap.
    pub date: NaiveDate,
    /// Company.
    pub security: SecurityId,
    /// Market cap in dollars.
    pub dollars: f64,
}

/// Members and market caps of an index.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Membership {
    /// Name of the index.
    pub name: String,
    /// Periods of membership. Where empty, the members are those of the latest list of caps.
    pub spans: Vec<Span>,
    /// Caps in any order. Where empty, weights are equal and reset at each turning point of the index.
    pub caps: Vec<Cap>,
}

/// A fault of a member's data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MemberFault {
    /// No price: its weight goes to the other members.
    NoPrice,
    /// No cap: it gets the median weight.
    NoCap,
    /// A cap that differs from the previous cap, carried forward, by this factor.
    CapJump(f64),
}

/// A cap is reported when it exceeds the previous cap, carried forward, by more than this factor, or falls
/// below it by more than the inverse.
const CAP_JUMP: f64 = 1.5;

/// A fault of a member's data and when it applied.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MembershipFault {
    /// Member.
    pub security: SecurityId,
    /// The fault.
    pub fault: MemberFault,
    /// First date of the fault.
    pub from: NaiveDate,
    /// The last session with new weights at which the fault was still there.
    pub to: NaiveDate,
    /// Its largest weight in that time, as a fraction of the index with that member at its cap (at the median
    /// where it has none). Zero for a jump.
    pub weight: f64,
}

impl Market {
    /// Adds an index from its membership. New weights take effect at the close of each session at which
    /// members, caps or prices begin or end. Returns the index and the faults from `start` on.
    ///
    /// # Errors
    /// When the index has no member with a price, from its first weights or from `start` on.
    pub fn add_membership(
        &mut self,
        membership: &Membership,
        start: NaiveDate,
    ) -> Result<(IndexId, Vec<MembershipFault>), MarketError> {
        if self.prices.is_empty() {
            self.prices = Arc::new(self.growth(false));
        }
        let mut caps = membership.caps.clone();
        caps.sort_by_key(|c| (c.date, c.security));
        let gone = self.delisted();
        let n = self.panel.securities.len();
        let mut known: Vec<Option<(usize, f64)>> = vec![None; n];
        let mut listed: Option<NaiveDate> = None;
        let (mut read, mut weights, mut faults) = (0, Vec::<Dated>::new(), Vec::<MembershipFault>::new());
        for session in self.turning_points(membership, &caps) {
            let date = self.panel.sessions[session];
            while let Some(cap) = caps.get(read).filter(|c| c.date <= date) {
                let close = self.panel.sessions.partition_point(|d| *d <= cap.date).saturating_sub(1);
                if let Some(k) = known.get_mut(cap.security.index()) {
                    let at = |t: usize| self.prices[t * n + cap.security.index()];
                    let before =
                        k.filter(|(then, _)| at(*then) > 0.0).map(|(then, d)| d * at(close) / at(then));
                    let times = before.map_or(1.0, |before| cap.dollars / before);
                    if !(1.0 / CAP_JUMP..=CAP_JUMP).contains(&times) && cap.date >= start {
                        let (fault, from) = (MemberFault::CapJump(times), cap.date);
                        let security = cap.security;
                        faults.push(MembershipFault { security, fault, from, to: from, weight: 0.0 });
                    }
                    *k = Some((close, cap.dollars));
                }
                listed = Some(cap.date);
                read += 1;
            }
            let mut members: Vec<SecurityId> = if membership.spans.is_empty() {
                let latest = caps[..read].iter().filter(|c| Some(c.date) == listed);
                latest.map(|c| c.security).collect()
            } else {
                let spans = membership.spans.iter();
                let on = spans.filter(|s| s.from <= date && s.to.is_none_or(|to| date < to));
                on.map(|s| s.security).collect()
            };
            members.sort_unstable();
            members.dedup();
            members.retain(|s| s.index() < n);
            let price = |s: SecurityId| self.prices[session * n + s.index()];
            let has_price = |s: SecurityId| price(s) > 0.0 && gone[s.index()].is_none_or(|g| session < g);
            let worth = |s: SecurityId| {
                let (close, dollars) = known[s.index()]?;
                let then = self.prices[close * n + s.index()];
                // Before its first price a security's growth is 0. Its first price has growth 1.
                Some(dollars * price(s) / if then > 0.0 { then } else { 1.0 })
            };
            let caps_known: Vec<f64> =
                members.iter().filter(|s| has_price(**s)).filter_map(|s| worth(*s)).collect();
            let typical = median(caps_known).unwrap_or(1.0);
            let dollars = |s: SecurityId| if has_price(s) { worth(s) } else { known[s.index()].map(|k| k.1) };
            let members: Vec<(SecurityId, Option<f64>)> =
                members.into_iter().map(|s| (s, dollars(s))).collect();
            let whole: f64 = members.iter().map(|(_, d)| d.unwrap_or(typical)).sum();
            let mut held = Vec::new();
            for (s, dollars) in members {
                let weight = dollars.unwrap_or(typical);
                let fault = match (has_price(s), dollars) {
                    (false, _) => Some(MemberFault::NoPrice),
                    (true, None) if !membership.caps.is_empty() => Some(MemberFault::NoCap),
                    _ => None,
                };
                if let Some(fault) = fault.filter(|_| date >= start) {
                    note(&mut faults, s, fault, date, weight / whole);
                }
                if has_price(s) {
                    held.push((s, weight));
                }
            }
            let sum: f64 = held.iter().map(|(_, w)| w).sum();
            if held.is_empty() || !sum.is_finite() || sum <= 0.0 {
                if weights.is_empty() && date < start {
                    continue;
                }
                return Err(MarketError::EmptyIndex { name: membership.name.clone(), date });
            }
            for (_, w) in &mut held {
                *w /= sum;
            }
            weights.push((session, held));
        }
        if weights.is_empty() {
            return Err(MarketError::EmptyIndex { name: membership.name.clone(), date: start });
        }
        Ok((self.push_index(&membership.name, weights, Drift::Price), faults))
    }

    /// The session of each security's delisting.
    fn delisted(&self) -> Vec<Option<usize>> {
        let mut gone = vec![None; self.panel.securities.len()];
        for (session, action) in &self.panel.actions {
            if let Action::Delisting { security } = action {
                gone[security.index()] = Some(*session);
            }
        }
        gone
    }

    /// Sessions at which members, caps or prices begin or end.
    fn turning_points(&self, membership: &Membership, caps: &[Cap]) -> Vec<usize> {
        let t = self.panel.sessions.len();
        let n = self.panel.securities.len();
        let at = |d: NaiveDate| self.panel.sessions.partition_point(|x| *x < d);
        let spans = membership.spans.iter().flat_map(|s| [Some(s.from), s.to]).flatten().map(at);
        let delistings = self
            .panel
            .actions
            .iter()
            .filter_map(|(session, a)| matches!(a, Action::Delisting { .. }).then_some(*session));
        // A security may join before its first price.
        let firsts = (0..n).filter_map(|s| (0..t).find(|session| self.prices[session * n + s] > 0.0));
        let mut all: Vec<usize> =
            spans.chain(caps.iter().map(|c| at(c.date))).chain(delistings).chain(firsts).collect();
        all.retain(|s| *s < t);
        all.sort_unstable();
        all.dedup();
        all
    }
}

fn note(
    faults: &mut Vec<MembershipFault>,
    security: SecurityId,
    fault: MemberFault,
    date: NaiveDate,
    weight: f64,
) {
    match faults.iter_mut().find(|f| (f.security, f.fault) == (security, fault)) {
        Some(f) => {
            f.to = date;
            f.weight = if weight > f.weight { weight } else { f.weight };
        }
        None => faults.push(MembershipFault { security, fault, from: date, to: date, weight }),
    }
}

#[cfg(test)]
mod tests {
    use chrono::Days;

    use super::*;
    use crate::{Panel, Security};
    use unisleeve_units::{Price, Ratio};

    fn day(i: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, 1, 1).unwrap() + Days::new(i)
    }

    /// Three companies. B splits 2:1 on the third day, and C has no price before that day.
    fn market() -> Market {
        let closes = [[10.0, 20.0, 0.0], [11.0, 20.0, 0.0], [11.0, 10.0, 5.0], [11.0, 12.0, 5.0]];
        Market::new(Panel {
            sessions: (0..4).map(day).collect(),
            securities: ["A", "B", "C"]
                .map(|s| Security { symbol: s.to_owned(), ..Security::default() })
                .to_vec(),
            closes: closes.iter().flatten().map(|p| Price::from_f64(*p).unwrap()).collect(),
            actions: vec![(2, Action::Split { security: SecurityId(1), ratio: Ratio::new(2, 1).unwrap() })],
            ..Panel::default()
        })
        .unwrap()
    }

    fn membership() -> Membership {
        let span = |s| Span { security: SecurityId(s), from: day(0), to: None };
        let cap = |s, dollars| Cap { date: day(0), security: SecurityId(s), dollars };
        Membership {
            name: "index".to_owned(),
            spans: vec![span(0), span(1), span(2)],
            caps: vec![cap(0, 100.0), cap(1, 300.0)],
        }
    }

    #[test]
    fn caps_follow_price_and_not_splits() {
        let mut market = market();
        let (index, faults) = market.add_membership(&membership(), day(0)).unwrap();
        let weights: Vec<Vec<(SecurityId, f64)>> =
            market.sessions(day(0), day(3)).map(|v| v.index_weights(index)).collect();
        assert_eq!(weights[0], [(SecurityId(0), 0.25), (SecurityId(1), 0.75)]);
        assert!((weights[1][0].1 - 110.0 / 410.0).abs() < 1e-15);
        // C joins with the median of 110 and 300: their mean.
        assert!((weights[2][2].1 - 205.0 / 615.0).abs() < 1e-15, "{weights:?}");
        // B's split moved nothing, its 20% did.
        assert!((weights[3][1].1 - 360.0 / 675.0).abs() < 1e-15);
        let returns: Vec<f64> =
            market.sessions(day(1), day(3)).map(|v| v.index_return(index).unwrap()).collect();
        for (r, expected) in returns.iter().zip([10.0 / 400.0, 0.0, 60.0 / 615.0]) {
            assert!((r - expected).abs() < 1e-15, "{returns:?}");
        }
        let found: Vec<(u32, MemberFault)> = faults.iter().map(|f| (f.security.0, f.fault)).collect();
        assert_eq!(found, [(2, MemberFault::NoPrice), (2, MemberFault::NoCap)]);
        assert!((faults[0].weight - 200.0 / 600.0).abs() < 1e-15);
    }

    #[test]
    fn a_member_is_one_until_the_day_it_leaves() {
        let mut market = market();
        let mut membership = membership();
        membership.spans[0].to = Some(day(2));
        let (index, _) = market.add_membership(&membership, day(0)).unwrap();
        let held: Vec<bool> = market
            .sessions(day(0), day(3))
            .map(|v| v.index_weights(index).iter().any(|(s, _)| *s == SecurityId(0)))
            .collect();
        assert_eq!(held, [true, true, false, false]);
        assert_eq!(market.members(index, day(0), day(3)).len(), 3);
        assert_eq!(market.members(index, day(2), day(3)).len(), 2);
    }

    #[test]
    fn a_delisted_member_leaves_its_weight_to_the_others() {
        let mut panel = Panel::clone(&market().panel);
        panel.closes[3 * 3] = Price::ZERO;
        panel.actions.push((3, Action::Delisting { security: SecurityId(0) }));
        let mut market = Market::new(panel).unwrap();
        let (index, faults) = market.add_membership(&membership(), day(0)).unwrap();
        let last = market.sessions(day(3), day(3)).next().unwrap();
        assert_eq!(last.index_weights(index).len(), 2);
        assert!(faults.iter().any(|f| f.security == SecurityId(0) && f.from == day(3)));
    }
}
