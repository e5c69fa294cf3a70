//! Branch and bound over what each trade does. It closes the gap that the dual leaves.
//!
//! With every side fixed the problem is convex and its dual has no gap. So the gap at its multipliers is the
//! sum over trades of how much worse the fixed side is than the best one. A node allows some trades less, and
//! its bound is the best over all multipliers found so far. The node with the lowest bound is split at the
//! trade that adds most to the gap: into buying and selling, and into no trade where trades have a smallest
//! size.

use super::Problem;
use super::bound::{ANY, Allowed, BUY, Prices, SELL, STILL, Worth};
use super::curve::Direction;
use super::together::is_possible;

/// Largest number of multipliers kept.
const POOL: usize = 256;
/// Up to this many trades, each node is checked for feasibility by a linear program.
const CHECKED: usize = 60;
/// A trade whose sides differ by less than this at the multipliers is tied.
const SEEN: f64 = 1e-7;

/// The tree: open nodes, and the multipliers found so far.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    pool: Vec<(Worth, Prices)>,
    /// The node that [`Tree::next`] returned last.
    current: usize,
}

/// A part of the problem.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub allowed: Vec<Allowed>,
    pub bound: f64,
    /// Position in the pool of the multipliers that give the bound.
    at: usize,
    /// Whether its own trades were looked for.
    is_explored: bool,
    /// The trade whose two sides are furthest apart where they are tied, and how far.
    tied: Option<(usize, f64)>,
}

/// What a trade does on a side.
fn of(side: Direction, u: f64) -> Allowed {
    match side {
        Direction::Still => STILL,
        Direction::Sell => SELL,
        Direction::Either if u < 0.0 => SELL,
        Direction::Either | Direction::Buy => BUY,
    }
}

impl Tree {
    /// A tree with one node, whose bound is already known.
    pub(super) fn new(p: &Problem, bound: f64) -> Self {
        let allowed = vec![ANY; p.len()];
        let root = Node { allowed, bound, at: 0, is_explored: true, tied: None };
        Self { nodes: vec![root], pool: Vec::new(), current: 0 }
    }

    /// Adds multipliers and raises the bounds of all nodes where they help.
    pub(super) fn learn(&mut self, p: &Problem, prices: &Prices) {
        if self.pool.len() >= POOL {
            return;
        }
        let worth = Worth::new(p, prices);
        let at = self.pool.len();
        for node in &mut self.nodes {
            let b = worth.bound(p, &node.allowed);
            if b > node.bound {
                (node.bound, node.at) = (b, at);
            }
        }
        self.pool.push((worth, prices.clone()));
    }

    /// The lowest bound of all nodes, which bounds every plan. Infinite where all nodes are closed.
    pub(super) fn bound(&self) -> f64 {
        let mut least = f64::INFINITY;
        for node in &self.nodes {
            least = if node.bound < least { node.bound } else { least };
        }
        least
    }

    /// The node with the lowest bound whose trades were not looked for yet, with the multipliers of its bound.
    /// Splits nodes until there is one. `None` where nothing can be split or the gap to `objective` is at most
    /// `close`. `trades` and `now` are the best plan known, with its sides.
    pub(super) fn next(
        &mut self,
        p: &Problem,
        (objective, close): (f64, f64),
        (trades, now): (&[f64], &[Direction]),
    ) -> Option<(Vec<Allowed>, Prices)> {
        loop {
            let lowest =
                (0..self.nodes.len()).min_by(|a, b| self.nodes[*a].bound.total_cmp(&self.nodes[*b].bound))?;
            let node = &mut self.nodes[lowest];
            if objective - node.bound <= close {
                return None;
            }
            if !node.is_explored {
                node.is_explored = true;
                self.current = lowest;
                let prices = self.pool.get(node.at)?.1.clone();
                return Some((node.allowed.clone(), prices));
            }
            self.split(p, lowest, trades, now)?;
        }
    }

    /// Tells which trade of the node returned last (of the root, before that) has its sides tied and furthest
    /// apart: the multipliers that tie them can't decide between them.
    pub(super) fn is_tied(&mut self, trade: Option<(usize, f64)>) {
        if let Some(node) = self.nodes.get_mut(self.current) {
            node.tied = trade;
        }
    }

    /// Splits a node.
    fn split(&mut self, p: &Problem, lowest: usize, trades: &[f64], now: &[Direction]) -> Option<()> {
        let node = self.nodes[lowest].clone();
        let worth = &self.pool.get(node.at)?.0;
        let security = Members::new(p);
        let mut choice: Option<(f64, usize)> = None;
        for i in 0..p.len() {
            let may = node.allowed[i];
            // Without a smallest size a security is split as a whole, at its first trade.
            if p.least == 0.0 && security.of(p, i)[0] as usize != i {
                continue;
            }
            let values = Self::values(p, worth, &security, i, may);
            let open = values.iter().filter(|(_, v)| v.is_finite()).count();
            if open < 2 {
                continue;
            }
            let (mut best, mut second) = ((0, f64::INFINITY), f64::INFINITY);
            for (what, value) in values {
                if value < best.1 {
                    (second, best) = (best.1, (what, value));
                } else if value < second {
                    second = value;
                }
            }
            let does = of(now[i], trades[i]);
            let worse = values.iter().find(|(what, _)| *what == does).map_or(0.0, |(_, v)| *v);
            // Where no trade adds to the gap, the one whose alternatives are closest is split.
            let score =
                if best.0 == does || !worse.is_finite() { best.1 - second - 1.0 } else { worse - best.1 };
            if choice.is_none_or(|c| score > c.0) {
                choice = Some((score, i));
            }
        }
        let (score, mut split) = choice?;
        // A tie does not show at the multipliers. It comes before what smallest sizes cost where its sides are
        // further apart than these.
        if let Some((tied, apart)) = node.tied
            && node.allowed[tied] & (BUY | SELL) == BUY | SELL
            && (apart > p.least || score < SEEN)
        {
            split = tied;
        }
        self.nodes.swap_remove(lowest);
        let kinds: &[Allowed] = if p.least > 0.0 { &[BUY, SELL, STILL] } else { &[BUY, SELL] };
        for what in kinds {
            let mut allowed = node.allowed.clone();
            if !security.fix(p, split, *what, &mut allowed) {
                continue;
            }
            let mut child = Node { allowed, bound: node.bound, at: node.at, is_explored: false, tied: None };
            for (at, (worth, _)) in self.pool.iter().enumerate() {
                let b = worth.bound(p, &child.allowed);
                if b > child.bound {
                    (child.bound, child.at) = (b, at);
                }
            }
            let is_open = child.bound < f64::INFINITY;
            if is_open && (p.len() > CHECKED || is_possible(p, &child.allowed)) {
                self.nodes.push(child);
            }
        }
        Some(())
    }

    /// What a trade may do, with the value of each: of its whole security where trades have no smallest size.
    fn values(p: &Problem, worth: &Worth, security: &Members, i: usize, may: Allowed) -> [(Allowed, f64); 3] {
        if p.least > 0.0 {
            let of = |what: Allowed, value: f64| (what, if may & what != 0 { value } else { f64::INFINITY });
            return [of(BUY, worth.buy[i]), of(SELL, worth.sale[i]), of(STILL, 0.0)];
        }
        let (mut buy, mut sale) = (0.0, 0.0);
        for j in security.of(p, i) {
            buy += worth.side(p, *j as usize, BUY, may);
            sale += worth.side(p, *j as usize, SELL, may);
        }
        [(BUY, buy), (SELL, sale), (STILL, f64::INFINITY)]
    }
}

/// The trades of each security.
struct Members {
    order: Vec<u32>,
    of: Vec<(u32, u32)>,
}

impl Members {
    fn new(p: &Problem) -> Self {
        let mut order: Vec<u32> = (0..p.len() as u32).collect();
        if p.securities.is_empty() {
            return Self { of: order.iter().map(|i| (*i, i + 1)).collect(), order };
        }
        order.sort_by_key(|i| p.securities[*i as usize]);
        let count = p.securities.iter().max().map_or(0, |s| *s as usize + 1);
        let mut of = vec![(0, 0); count];
        let mut begin = 0;
        for members in order.chunk_by(|a, b| p.securities[*a as usize] == p.securities[*b as usize]) {
            let end = begin + members.len() as u32;
            of[p.securities[members[0] as usize] as usize] = (begin, end);
            begin = end;
        }
        Self { order, of }
    }

    fn of(&self, p: &Problem, i: usize) -> &[u32] {
        let (from, to) = self.of[p.security(i)];
        &self.order[from as usize..to as usize]
    }

    /// Fixes what a trade does; the others of its security may not take the other side. Returns false where
    /// that leaves one of them nothing.
    fn fix(&self, p: &Problem, i: usize, what: Allowed, allowed: &mut [Allowed]) -> bool {
        if allowed[i] & what == 0 {
            return false;
        }
        let members = self.of(p, i);
        for j in members.iter().map(|j| *j as usize) {
            match what {
                BUY => allowed[j] &= !SELL,
                SELL => allowed[j] &= !BUY,
                _ => {}
            }
            if p.least == 0.0 {
                // Each side includes no trade at all.
                allowed[j] &= what;
            }
        }
        allowed[i] = what;
        members.iter().all(|j| allowed[*j as usize] != 0)
    }
}
