//! The cost of trading one security: a piecewise linear curve on each side of zero.

/// A range of sales at one cost per dollar: a lot, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Segment {
    /// Amount sold in this range, a fraction of the portfolio value, above zero.
    pub width: f64,
    /// Cost of each dollar sold; negative where selling saves tax.
    pub cost: f64,
    /// Gain that each dollar sold adds to the year's net gain; negative for a loss.
    pub gain: f64,
}

impl Segment {
    /// A segment whose gain does not count.
    pub fn new(width: f64, cost: f64) -> Self {
        Self { width, cost, gain: 0.0 }
    }
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

/// A part of a sale: so much of one segment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// Position of the segment in the list that the curve was built from.
    pub segment: usize,
    /// Amount sold of it, a fraction of the portfolio value.
    pub amount: f64,
    /// Cost and gain of each dollar sold.
    pub cost: f64,
    /// See `cost`.
    pub gain: f64,
}

/// Cost of trading one security. Amounts are fractions of the portfolio value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// Segments of selling, in order of cost per dollar at the price of gain.
    stretches: Vec<Stretch>,
    /// The same segments as they were given, with their positions in the given list.
    segments: Vec<(Segment, u32)>,
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
    /// Sell or hold; where trades have a smallest size, sell.
    Sell,
    /// Buy or hold; where trades have a smallest size, buy.
    Buy,
    /// Sell, hold or buy. For curves that are convex at zero, and for the dual of the true (nonconvex)
    /// problem.
    Either,
    /// Hold.
    Still,
}

impl Curve {
    /// Builds a curve from segments of selling, in any order, and the cost and limit of buying. Segments
    /// without width are dropped.
    pub fn new(sell: &[Segment], buy_cost: f64, buy_limit: f64) -> Self {
        let mut curve = Self::default();
        curve.fill(sell.iter().copied(), buy_cost, buy_limit);
        curve
    }

    /// Replaces the curve by another and reuses its memory.
    pub fn fill(&mut self, sell: impl Iterator<Item = Segment>, buy_cost: f64, buy_limit: f64) {
        self.segments.clear();
        self.segments.extend(sell.zip(0..).filter(|(s, _)| s.width > 0.0));
        (self.buy_cost, self.buy_limit) = (buy_cost, if buy_limit > 0.0 { buy_limit } else { 0.0 });
        self.price(0.0);
    }

    /// Puts the segments in order of cost plus `gain_price` times gain, and charges that price.
    pub(super) fn price(&mut self, gain_price: f64) {
        let priced = |s: &Segment| s.cost + gain_price * s.gain;
        if !self.segments.is_sorted_by(|(a, _), (b, _)| priced(a) <= priced(b)) {
            self.segments.sort_unstable_by(|(a, i), (b, j)| priced(a).total_cmp(&priced(b)).then(i.cmp(j)));
        }
        let (mut begin, mut before) = (0.0, 0.0);
        self.stretches.clear();
        for (s, _) in &self.segments {
            let (cost, end) = (priced(s), begin + s.width);
            self.stretches.push(Stretch { begin, end, cost, before });
            before += (end - begin) * cost;
            begin = end;
        }
        self.sell_limit = begin;
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

    /// Cost of a trade within the limits, at the price of gain; positive `u` buys.
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

    /// The parts of a sale of `sold`, in the order in which they are sold.
    pub fn parts(&self, sold: f64) -> impl Iterator<Item = Part> + '_ {
        self.stretches.iter().zip(&self.segments).take_while(move |(x, _)| sold > x.begin).map(
            move |(x, (s, at))| Part {
                segment: *at as usize,
                amount: if sold < x.end { sold } else { x.end } - x.begin,
                cost: s.cost,
                gain: s.gain,
            },
        )
    }

    /// Net gain of a trade.
    pub fn gain(&self, u: f64) -> f64 {
        let mut sum = 0.0;
        for part in self.parts(-u) {
            sum += part.amount * part.gain;
        }
        sum
    }

    /// Every segment, in the order in which they are sold, with its position in the given list.
    pub fn segments(&self) -> impl Iterator<Item = (Segment, usize)> + '_ {
        self.segments.iter().map(|(s, at)| (*s, *at as usize))
    }
}
