//! The cost of trading one security: a piecewise linear curve on each side of zero.

/// A range of sales at one cost per dollar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    /// Amount sold in this range, a fraction of the portfolio value, above zero.
    pub width: f64,
    /// Cost of each dollar sold; negative where selling saves tax.
    pub cost: f64,
}

/// A segment with its position on the curve, after the cheaper ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stretch {
    /// Amount sold at its start and at its end.
    pub begin: f64,
    pub end: f64,
    /// Cost of each dollar in this segment, and total cost of all segments before it.
    pub cost: f64,
    pub before: f64,
}

/// Cost of trading one security. Amounts are fractions of the portfolio value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// Segments of selling, in order of cost per dollar.
    stretches: Vec<Stretch>,
    /// Largest amount that may be sold: the end of the last segment.
    sell_limit: f64,
    /// Cost of each dollar bought.
    buy_cost: f64,
    /// Largest amount that may be bought.
    buy_limit: f64,
}

/// The directions in which a name may trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// Sell or hold.
    Sell,
    /// Buy or hold.
    Buy,
    /// Sell, hold or buy. For curves that are convex at zero, and for the dual of the true (nonconvex)
    /// problem.
    Either,
}

impl Curve {
    /// Builds a curve from segments of selling, in any order, and the cost and limit of buying. Segments
    /// without width are dropped.
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

    /// Largest amount that can be sold.
    pub fn sell_limit(&self) -> f64 {
        self.sell_limit
    }

    /// Largest amount that can be bought.
    pub fn buy_limit(&self) -> f64 {
        self.buy_limit
    }

    /// Whether the curve is convex across zero: selling the first dollar and buying it back does not earn
    /// money.
    pub fn is_convex(&self) -> bool {
        self.buy_limit == 0.0 || self.stretches.first().is_none_or(|s| s.cost + self.buy_cost >= 0.0)
    }

    /// Cost of a trade within the limits; positive `u` buys.
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
