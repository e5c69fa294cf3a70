//! Branch and bound over the sides of securities. It closes the gap that the dual leaves.
//!
//! With every side fixed the problem is convex and its dual has no gap. So the gap at its multipliers is the
//! sum over securities of how much worse the fixed side is than the other. A node fixes some sides, and its
//! bound is the best over all multipliers found so far. The node with the lowest bound is split at the
//! security that adds most to the gap.

use super::bound::{Prices, bound, margins, sides_worth};
use super::elastic::is_possible;
use super::model::Model;
use super::terms::Direction;

/// A gap at or below this counts as closed: a hundredth of a basis point.
const CLOSE: f64 = 1e-6;
/// Largest number of multipliers kept.
const POOL: usize = 256;
/// Up to this many variables, each node is checked for feasibility by linear programs.
const CHECKED: usize = 60;

/// The tree: open nodes, and the multipliers found so far.
#[derive(Debug, Clone)]
pub(super) struct Tree<'a> {
    model: &'a Model,
    nodes: Vec<Node>,
    pool: Vec<Prices>,
}

#[derive(Debug, Clone)]
struct Node {
    fixed: Vec<Option<Direction>>,
    bound: f64,
    /// Position in the pool of the multipliers that give the bound.
    at: usize,
}

impl<'a> Tree<'a> {
    /// A tree with one node, in which nothing is fixed.
    pub(super) fn new(model: &'a Model) -> Self {
        let fixed = vec![None; model.of_security.len()];
        Self { model, nodes: vec![Node { fixed, bound: f64::NEG_INFINITY, at: 0 }], pool: Vec::new() }
    }

    /// Adds multipliers and raises the bounds of all nodes where they help.
    pub(super) fn learn(&mut self, prices: &Prices) {
        if self.pool.len() >= POOL {
            return;
        }
        self.pool.push(prices.clone());
        let at = self.pool.len() - 1;
        for node in &mut self.nodes {
            let b = bound(self.model, prices, &node.fixed);
            if b > node.bound {
                (node.bound, node.at) = (b, at);
            }
        }
    }

    /// The lowest bound of all nodes, which bounds every plan. Infinite where all nodes are closed.
    pub(super) fn bound(&self) -> f64 {
        let mut least = f64::INFINITY;
        for node in &self.nodes {
            least = if node.bound < least { node.bound } else { least };
        }
        least
    }

    /// Splits the node with the lowest bound and returns the sides to solve next. `None` where the gap to
    /// `objective` is closed or nothing can be split. `now` holds the sides of the best plan.
    pub(super) fn split(&mut self, objective: f64, now: &[Direction]) -> Option<Vec<Direction>> {
        if self.pool.is_empty() || self.bound() >= objective - CLOSE {
            return None;
        }
        let lowest =
            (0..self.nodes.len()).min_by(|a, b| self.nodes[*a].bound.total_cmp(&self.nodes[*b].bound))?;
        let node = self.nodes[lowest].clone();
        let prices = self.pool.get(node.at)?;
        let all = margins(self.model, prices);
        // Each security's contribution to the gap. Where none contributes, the security whose sides are
        // closest.
        let mut choice: Option<(f64, usize, Direction)> = None;
        for (i, side) in node.fixed.iter().enumerate() {
            if side.is_some() {
                continue;
            }
            let (buy, sale) = sides_worth(self.model, prices, i, &all);
            let better = if sale < buy { Direction::Sell } else { Direction::Buy };
            let apart = (buy - sale).abs();
            let score = if better == now[i] { -apart - 1.0 } else { apart };
            if choice.is_none_or(|c| score > c.0) {
                choice = Some((score, i, better));
            }
        }
        let (_, split, better) = choice?;
        self.nodes.swap_remove(lowest);
        for side in [Direction::Buy, Direction::Sell] {
            let mut fixed = node.fixed.clone();
            fixed[split] = Some(side);
            let mut child = Node { fixed, bound: node.bound, at: node.at };
            for (at, prices) in self.pool.iter().enumerate() {
                let b = bound(self.model, prices, &child.fixed);
                if b > child.bound {
                    (child.bound, child.at) = (b, at);
                }
            }
            if self.model.len() > CHECKED || is_possible(self.model, &child.fixed) {
                self.nodes.push(child);
            }
        }
        let sides = node.fixed.iter().zip(now).map(|(fixed, now)| fixed.unwrap_or(*now));
        let mut sides: Vec<Direction> = sides.collect();
        sides[split] = better;
        Some(sides)
    }
}
