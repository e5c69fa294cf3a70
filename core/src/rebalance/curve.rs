//! What trading one security costs: a piecewise linear curve on each side of zero, and the one-dimensional problems of
//! the dual over it.

/// A stretch of selling at one cost per dollar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    /// Dollars sold in this stretch, a fraction of the value at hand, above zero.
    pub width: f64,
    /// Cost of each dollar sold (negative earns).
    pub cost: f64,
}

/// Cost of trading one security.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// Cumulative dollars sold at the end of each stretch, ascending.
    ends: Vec<f64>,
    /// Cost per dollar of each stretch, ascending.
    costs: Vec<f64>,
    /// Cost of each dollar bought.
    buy_cost: f64,
    /// Dollars that may be bought at most.
    buy_limit: f64,
}

/// Which side of zero a name may trade on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Sell or stay.
    Sell,
    /// Buy or stay.
    Buy,
    /// Either: where the curve is convex at zero, or while the true (not convex) problem is bounded.
    Either,
}

/// The minimiser of a one-dimensional problem.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inner {
    /// Trade.
    pub u: f64,
    /// Value of `1/2 t (a+u)² + c(u) + s u`.
    pub value: f64,
    /// Whether the minimiser is strictly inside a linear piece, so that it moves with `s`.
    pub moves: bool,
}

impl Curve {
    /// A curve from stretches of selling (in any order) and the terms of buying. Stretches without width are dropped.
    pub fn new(sell: &[Segment], buy_cost: f64, buy_limit: f64) -> Self {
        let mut sell: Vec<Segment> = sell.iter().copied().filter(|s| s.width > 0.0).collect();
        sell.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        let mut end = 0.0;
        let ends = sell
            .iter()
            .map(|s| {
                end += s.width;
                end
            })
            .collect();
        let buy_limit = if buy_limit > 0.0 { buy_limit } else { 0.0 };
        Self { ends, costs: sell.iter().map(|s| s.cost).collect(), buy_cost, buy_limit }
    }

    /// Dollars that can be sold at most.
    pub fn sell_limit(&self) -> f64 {
        self.ends.last().copied().unwrap_or(0.0)
    }

    /// Dollars that can be bought at most.
    pub fn buy_limit(&self) -> f64 {
        self.buy_limit
    }

    /// Whether the curve is convex across zero: the first dollar sold does not earn more than buying it back costs.
    pub fn is_convex(&self) -> bool {
        self.buy_limit == 0.0 || self.costs.first().is_none_or(|c| c + self.buy_cost >= 0.0)
    }

    /// The cost of a trade within the bounds.
    pub fn cost(&self, u: f64) -> f64 {
        if u >= 0.0 {
            return self.buy_cost * u;
        }
        let (mut left, mut start, mut sum) = (-u, 0.0, 0.0);
        for (end, cost) in self.ends.iter().zip(&self.costs) {
            let take = if left < end - start { left } else { end - start };
            sum += take * cost;
            left -= take;
            start = *end;
            if left <= 0.0 {
                break;
            }
        }
        sum
    }

    /// Minimises `1/2 t (a+u)² + c(u) + s u` over the side; `t` is above zero.
    pub(super) fn minimise(&self, t: f64, a: f64, s: f64, side: Side) -> Inner {
        let stay = Inner { u: 0.0, value: 0.5 * t * a * a, moves: false };
        let buy = || self.buy(t, a, s).unwrap_or(stay);
        let sell = || self.sell(t, a, s).unwrap_or(stay);
        match side {
            Side::Sell => sell(),
            Side::Buy => buy(),
            Side::Either => {
                let (b, c) = (buy(), sell());
                if c.value < b.value { c } else { b }
            }
        }
    }

    /// Best trade above zero; none when staying is better.
    fn buy(&self, t: f64, a: f64, s: f64) -> Option<Inner> {
        let free = -a - (s + self.buy_cost) / t;
        if free <= 0.0 || self.buy_limit == 0.0 {
            return None;
        }
        let (u, moves) = if free < self.buy_limit { (free, true) } else { (self.buy_limit, false) };
        let x = a + u;
        Some(Inner { u, value: 0.5 * t * x * x + (self.buy_cost + s) * u, moves })
    }

    /// Best trade below zero; none when staying is better.
    fn sell(&self, t: f64, a: f64, s: f64) -> Option<Inner> {
        // On stretch j the free minimiser sells a + (s - cost_j)/t: the more, the cheaper the stretch. The first stretch
        // that it does not sell out is where the minimum lies.
        let free = |j: usize| a + (s - self.costs[j]) / t;
        let (mut low, mut high) = (0, self.ends.len());
        while low < high {
            let mid = usize::midpoint(low, high);
            if free(mid) < self.ends[mid] { high = mid } else { low = mid + 1 }
        }
        let start = if low == 0 { 0.0 } else { self.ends[low - 1] };
        let (sold, moves) = if low == self.ends.len() {
            (start, false)
        } else {
            let f = free(low);
            if f > start { (f, true) } else { (start, false) }
        };
        if sold <= 0.0 {
            return None;
        }
        let x = a - sold;
        Some(Inner { u: -sold, value: 0.5 * t * x * x + self.cost(-sold) - s * sold, moves })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against a fine grid.
    #[test]
    fn the_inner_minimum_is_the_minimum() {
        let sell = [
            Segment { width: 0.02, cost: -0.05 },
            Segment { width: 0.03, cost: 0.01 },
            Segment { width: 0.01, cost: -0.01 },
        ];
        let curve = Curve::new(&sell, 0.002, 0.05);
        assert!(!curve.is_convex());
        for (t, a, s) in
            [(1.0, 0.0, 0.0), (0.5, 0.02, 0.01), (3.0, -0.03, 0.02), (2.0, 0.01, -0.06), (0.1, -0.01, 0.0)]
        {
            for side in [Side::Sell, Side::Buy, Side::Either] {
                let got = curve.minimise(t, a, s, side);
                let (low, high) = match side {
                    Side::Sell => (-600, 0),
                    Side::Buy => (0, 500),
                    Side::Either => (-600, 500),
                };
                let value = |u: f64| 0.5 * t * (a + u) * (a + u) + curve.cost(u) + s * u;
                let best = (low..=high).map(|i| value(f64::from(i) * 1e-4)).fold(f64::INFINITY, f64::min);
                assert!((value(got.u) - got.value).abs() < 1e-15);
                assert!(got.value <= best + 1e-15 && got.value > best - 1e-6, "{side:?} {got:?} {best}");
            }
        }
    }
}
