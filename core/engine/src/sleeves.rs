//! Value of each sleeve at a close, and its flows. Shares are kept as running totals by sleeve and security,
//! so a session needs one pass over the positions and none over the lots.

use core::cmp::Ordering;

use unisleeve_books::journal::{Side, SleeveMark, Trade};
use unisleeve_mandates::SleeveSpec;
use unisleeve_market::View;
use unisleeve_units::{Money, Price, SecurityId, Shares, SleeveId};

/// Running positions of all sleeves.
#[derive(Debug, Clone, Default)]
pub(super) struct SleeveBook {
    /// Sorted by sleeve, then by security.
    positions: Vec<(SleeveId, SecurityId, Shares)>,
    /// Number of trades included so far.
    seen: usize,
}

impl SleeveBook {
    fn find(&self, sleeve: SleeveId, security: SecurityId) -> Result<usize, usize> {
        self.positions.binary_search_by(|(s, x, _)| match s.cmp(&sleeve) {
            Ordering::Equal => x.cmp(&security),
            other => other,
        })
    }

    fn add(&mut self, sleeve: SleeveId, security: SecurityId, quantity: Shares) {
        match self.find(sleeve, security) {
            Ok(at) => {
                if let Some(p) = self.positions.get_mut(at) {
                    p.2 += quantity;
                }
            }
            Err(at) => self.positions.insert(at, (sleeve, security, quantity)),
        }
    }

    /// Securities of a sleeve with their shares.
    pub(super) fn of(&self, sleeve: SleeveId) -> impl Iterator<Item = (SecurityId, Shares)> {
        let from = self.positions.partition_point(|(s, _, _)| *s < sleeve);
        self.positions.iter().skip(from).take_while(move |p| p.0 == sleeve).map(|(_, x, q)| (*x, *q))
    }

    /// Adds the session's trades and values every sleeve. Income is computed on the shares held before the
    /// trades.
    pub(super) fn mark(
        &mut self,
        view: &View<'_>,
        sleeves: &[SleeveSpec],
        trades: &[Trade],
        price: impl Fn(SecurityId) -> Price,
    ) -> Vec<SleeveMark> {
        let mut marks: Vec<SleeveMark> = sleeves
            .iter()
            .enumerate()
            .map(|(s, spec)| SleeveMark {
                date: view.date(),
                sleeve: SleeveId(s as u16),
                value: Money::ZERO,
                net: Money::ZERO,
                cost: Money::ZERO,
                income: Money::ZERO,
                index_return: spec.index.and_then(|i| view.index_return(i)),
            })
            .collect();
        for d in view.distributions() {
            for m in &mut marks {
                let held = self.find(m.sleeve, d.security).ok().and_then(|at| self.positions.get(at));
                m.income += held.map_or(Money::ZERO, |p| Money::of(p.2, d.per_share));
            }
        }
        for t in trades.get(self.seen..).unwrap_or_default() {
            let quantity = if t.side == Side::Sell { -t.quantity } else { t.quantity };
            self.add(t.sleeve, t.security, quantity);
            if let Some(m) = marks.get_mut(t.sleeve.index()) {
                m.cost += t.cost;
                m.net += match t.side {
                    Side::Buy => t.amount,
                    Side::Sell => -t.amount,
                    Side::TransferIn => Money::of(quantity, t.price),
                    // What leaves has no trade price: it counts at its close, as in the household's flow.
                    Side::TransferOut | Side::GiftOut => {
                        Money::of(quantity, view.last_close(t.security).unwrap_or_default())
                    }
                    Side::Split | Side::Spinoff | Side::Merger | Side::ReturnOfCapital => Money::ZERO,
                };
            }
        }
        if self.seen < trades.len() {
            self.seen = trades.len();
            self.positions.retain(|p| !p.2.is_zero());
        }
        for m in &mut marks {
            let mut exact = 0;
            for (security, shares) in self.of(m.sleeve) {
                exact += i128::from(shares.raw()) * i128::from(price(security).raw());
            }
            // Rounds from twelve decimals to four, once for each sleeve.
            m.value = Money::from_raw(i64::try_from((exact + 50_000_000) / 100_000_000).unwrap_or(i64::MAX));
        }
        marks
    }
}
