//! What trading one security costs: a piecewise linear curve on each side of zero.

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

    /// `(dollars sold at its end, cost of each)` of every stretch.
    pub(super) fn stretches(&self) -> impl Iterator<Item = (f64, f64)> {
        self.ends.iter().copied().zip(self.costs.iter().copied())
    }

    /// Cost of each dollar bought.
    pub fn buy_cost(&self) -> f64 {
        self.buy_cost
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
}
