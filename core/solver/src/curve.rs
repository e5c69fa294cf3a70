//! What trading one security costs: a piecewise linear curve on each side of zero.

/// A stretch of selling at one cost per dollar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    /// Dollars sold in this stretch, a fraction of the value at hand, above zero.
    pub width: f64,
    /// Cost of each dollar sold (negative earns).
    pub cost: f64,
}

/// A stretch in its place, after the cheaper ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stretch {
    /// Dollars sold at its start and at its end.
    pub begin: f64,
    pub end: f64,
    /// Cost of each dollar, and of all stretches before it.
    pub cost: f64,
    pub before: f64,
}

/// Cost of trading one security.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// Stretches of selling, by cost.
    stretches: Vec<Stretch>,
    /// Dollars that may be sold at most: where the last stretch ends.
    sell_limit: f64,
    /// Cost of each dollar bought.
    buy_cost: f64,
    /// Dollars that may be bought at most.
    buy_limit: f64,
}

/// Which side of zero a name may trade on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
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
        let (mut begin, mut before) = (0.0, 0.0);
        let mut stretches = Vec::with_capacity(sell.len());
        for Segment { width, cost } in sell {
            let end = begin + width;
            stretches.push(Stretch { begin, end, cost, before });
            before += (end - begin) * cost;
            begin = end;
        }
        let buy_limit = if buy_limit > 0.0 { buy_limit } else { 0.0 };
        Self { stretches, sell_limit: begin, buy_cost, buy_limit }
    }

    pub(super) fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    /// Cost of each dollar bought.
    pub fn buy_cost(&self) -> f64 {
        self.buy_cost
    }

    /// Dollars that can be sold at most.
    pub fn sell_limit(&self) -> f64 {
        self.sell_limit
    }

    /// Dollars that can be bought at most.
    pub fn buy_limit(&self) -> f64 {
        self.buy_limit
    }

    /// Whether the curve is convex across zero: the first dollar sold does not earn more than buying it back costs.
    pub fn is_convex(&self) -> bool {
        self.buy_limit == 0.0 || self.stretches.first().is_none_or(|s| s.cost + self.buy_cost >= 0.0)
    }

    /// The cost of a trade within the bounds.
    pub fn cost(&self, u: f64) -> f64 {
        if u >= 0.0 {
            return self.buy_cost * u;
        }
        let (sold, mut sum) = (-u, 0.0);
        for s in &self.stretches {
            sum = s.before + ((if sold < s.end { sold } else { s.end }) - s.begin) * s.cost;
            if sold <= s.end {
                break;
            }
        }
        sum
    }
}
