//! Whether rows, budget and cap can be met together: a plan that meets them, or a proof that there is none.
//!
//! With fixed sides, the smallest variance within rows and budget is a convex problem. With open sides its
//! relaxation is convex (`interior`) and has a proved bound. Branch and bound splits the security that the
//! relaxation buys and sells at once; the node with the lowest bound comes first. The search ends with a plan
//! within the cap, or with every node's bound above the cap. In the second case it continues to the smallest
//! tracking error, so that the error message can state it. Conflicts of rows and budget are proved by linear
//! programs over the same sides (`elastic`).

use super::elastic;
use super::fault::PortfolioError;
use super::interior::{Convex, Found};
use super::model::Model;
use super::plan::Plan;
use super::terms::{At, Direction, FEASIBLE, MET, NOTHING, keeps_cap};
use unisleeve_solver::Prices;

/// Largest number of nodes. Large models get fewer, since each node takes longer.
const NODES: usize = 2_000;
const NODES_OF_MANY: usize = 60;
const SMALL: usize = 60;
/// Relative accuracy of the smallest tracking error that is reported.
const NAMED: f64 = 1e-6;
/// Cost of a dollar traded in the second attempt at a plan, as a fraction of the largest slope.
const TRADING: f64 = 1e-7;
/// Price of gain at which sales take the lots with the least gain first.
const DEAR: f64 = 1e4;
/// Multipliers above this fraction of the largest slope count as nonzero.
const COUNTS: f64 = 1e-6;

/// The result of the search.
#[derive(Debug)]
pub(super) enum Reach {
    /// A plan that meets every constraint.
    Met(Box<Reached>),
    /// Proved: no plan exists.
    Never(PortfolioError),
    /// Neither was proved. Holds the error to report.
    Open(PortfolioError),
}

/// Largest number of nodes of a tree.
pub(super) fn nodes_at_most(model: &Model) -> usize {
    if model.len() <= SMALL { NODES } else { NODES_OF_MANY }
}

struct Node {
    fixed: Vec<Option<Direction>>,
    /// Lower bound of the variance of plans with these sides.
    lower: f64,
    /// The security to split next.
    split: Option<usize>,
}

/// A plan that meets rows and budget, with its annual variance.
#[derive(Debug)]
pub(super) struct Reached {
    pub variance: f64,
    pub plan: Plan,
    pub prices: Prices,
}

struct Search<'a> {
    model: &'a Model,
    best: Option<Reached>,
    /// Constraints on which the root's bound depends.
    against: Vec<String>,
}

/// Searches for a plan, or for a proof that none exists.
pub(super) fn reach(model: &Model) -> Reach {
    let open = vec![None; model.of_security.len()];
    let mut search = Search { model, best: None, against: Vec::new() };
    let mut nodes: Vec<Node> = search.node(open, true).into_iter().collect();
    let most = nodes_at_most(model);
    let mut met = 0;
    while met < most {
        if search.best.as_ref().is_some_and(|b| keeps_cap(model, b.variance)) {
            break;
        }
        let Some(lowest) = (0..nodes.len()).min_by(|a, b| nodes[*a].lower.total_cmp(&nodes[*b].lower)) else {
            break;
        };
        let best = search.best.as_ref().map_or(f64::INFINITY, |b| b.variance.sqrt());
        if best <= nodes[lowest].lower.sqrt() * (1.0 + NAMED) + MET {
            break;
        }
        let Some(split) = nodes[lowest].split else { break };
        let node = nodes.swap_remove(lowest);
        for side in [Direction::Buy, Direction::Sell] {
            let mut fixed = node.fixed.clone();
            fixed[split] = Some(side);
            met += 1;
            nodes.extend(search.node(fixed, false).map(|n| Node { lower: n.lower.max(node.lower), ..n }));
        }
    }
    search.ended(&nodes)
}

impl Search<'_> {
    /// Bounds a node and looks for a plan in it. `None` where the node is infeasible.
    fn node(&mut self, fixed: Vec<Option<Direction>>, is_root: bool) -> Option<Node> {
        let model = self.model;
        if !is_root && !elastic::is_possible(model, &fixed) {
            return None;
        }
        let at = At { gamma: 1.0, gain: 0.0, is_free: true };
        let found = Convex::new(model, at, &fixed, true).solve();
        let lower = if found.bound > 0.0 { 2.0 * found.bound } else { 0.0 };
        if is_root {
            self.against = against(model, &found);
        }
        let split = self.take(&found, &fixed);
        let stands_open = fixed.iter().any(Option::is_none);
        if split.is_some() || !stands_open {
            // Tries again with a cost of trading, then with each security on the side of its net trade.
            let second = Convex::new(model, at, &fixed, true).with_cost(TRADING).solve();
            if self.take(&second, &fixed).is_some() && is_root {
                let sides: Vec<Option<Direction>> =
                    sides_of(model, &second.plan, &fixed).into_iter().map(Some).collect();
                let third = Convex::new(model, at, &sides, true).solve();
                self.take(&third, &sides);
            }
        }
        if self.best.is_none() {
            self.corner(&found, &fixed);
        }
        let widest = || fixed.iter().position(Option::is_none);
        Some(Node { lower, split: split.or_else(widest), fixed })
    }

    /// Keeps a relaxation's net trades if they form a plan. Returns the security to split, if any.
    fn take(&mut self, found: &Found, fixed: &[Option<Direction>]) -> Option<usize> {
        let model = self.model;
        let trades: Vec<f64> =
            found.plan.trades().iter().map(|u| if u.abs() > NOTHING { *u } else { 0.0 }).collect();
        // A security bought in one account and sold in another rules the plan out. Buying and selling at once
        // within one account may be harmless.
        if let Some(security) = clash(model, &trades, fixed) {
            return Some(security);
        }
        let mut widest: Option<(f64, usize)> = None;
        for (s, members) in model.of_security.iter().enumerate().filter(|(s, _)| fixed[*s].is_none()) {
            let mut both = 0.0;
            for v in members {
                let (bought, sold) = (found.plan.bought[*v], found.plan.bought[*v] - trades[*v]);
                both += if sold < bought { sold } else { bought };
            }
            if both > NOTHING && widest.is_none_or(|w| both > w.0) {
                widest = Some((both, s));
            }
        }
        self.keep(&trades, found.prices.clone());
        widest.map(|w| w.1)
    }

    /// Keeps net trades as the best plan if they meet rows and budget with less variance.
    fn keep(&mut self, trades: &[f64], prices: Prices) {
        let model = self.model;
        let price = if model.budget.is_some() { DEAR } else { 0.0 };
        let plan = Plan::new(model, trades, price);
        let figures = plan.figures(model);
        let rows_hold = model.bands.iter().all(|b| b.miss(model.row(b, trades)).abs() <= FEASIBLE);
        if rows_hold
            && model.budget.is_none_or(|b| figures.gain <= b + FEASIBLE)
            && self.best.as_ref().is_none_or(|b| figures.variance < b.variance)
        {
            self.best = Some(Reached { variance: figures.variance, plan, prices });
        }
    }

    /// Tries a vertex from the linear programs. Where rows leave no slack, the interior-point method ends
    /// slightly outside them.
    fn corner(&mut self, found: &Found, fixed: &[Option<Direction>]) {
        let Some(corner) = elastic::corner(self.model, fixed) else { return };
        if clash(self.model, &corner, fixed).is_none() {
            self.keep(&corner, found.prices.clone());
        }
    }

    /// The result of the search, given the nodes that are left.
    fn ended(self, nodes: &[Node]) -> Reach {
        let model = self.model;
        let mut lower = f64::INFINITY;
        for node in nodes {
            lower = if node.lower < lower { node.lower } else { lower };
        }
        match self.best {
            Some(b) if keeps_cap(model, b.variance) => return Reach::Met(Box::new(b)),
            // Every node is infeasible because of rows or budget.
            None if nodes.is_empty() => {
                return match elastic::why_impossible(model, nodes_at_most(model)) {
                    Some(error) => Reach::Never(error),
                    None => Reach::Open(PortfolioError::Undecided { cap: None }),
                };
            }
            _ => {}
        }
        let Some(cap) = model.cap else { return Reach::Open(PortfolioError::Undecided { cap: None }) };
        // A closed node that gave the best plan has that plan's tracking error as its bound.
        let reached = self.best.as_ref().map_or(f64::INFINITY, |b| b.variance.sqrt());
        let proved = lower.sqrt().min(reached);
        if keeps_cap(model, proved * proved) {
            return Reach::Open(PortfolioError::Undecided { cap: Some((cap, proved, reached)) });
        }
        let is_named = reached <= proved * (1.0 + 10.0 * NAMED) + 10.0 * MET;
        let least = if is_named { reached } else { proved };
        Reach::Never(match model.budget {
            Some(budget) if self.against.iter().any(|row| row == "gains_budget") => {
                PortfolioError::CapAndBudget { cap, budget: budget * model.value, least }
            }
            _ => PortfolioError::TrackingError { cap, least, against: self.against },
        })
    }
}

/// The security with the largest amount bought in one account and sold in another.
fn clash(model: &Model, trades: &[f64], fixed: &[Option<Direction>]) -> Option<usize> {
    let mut widest: Option<(f64, usize)> = None;
    for (s, members) in model.of_security.iter().enumerate().filter(|(s, _)| fixed[*s].is_none()) {
        let (mut up, mut down) = (0.0, 0.0);
        for v in members {
            if trades[*v] > 0.0 {
                up += trades[*v];
            } else {
                down -= trades[*v];
            }
        }
        let by = if up < down { up } else { down };
        if by > NOTHING && widest.is_none_or(|w| by > w.0) {
            widest = Some((by, s));
        }
    }
    widest.map(|w| w.1)
}

/// Constraints whose multipliers contribute to a bound of the variance.
fn against(model: &Model, found: &Found) -> Vec<String> {
    let (prices, least) = (&found.prices, COUNTS * found.scale);
    let binds = model.bands.iter().zip(&prices.rows).filter(|(_, mu)| mu.abs() > least);
    let mut list: Vec<String> = binds.map(|(band, _)| band.name.clone()).collect();
    if prices.gain > least {
        list.push("gains_budget".to_owned());
    }
    list
}

/// The side of each security's net trade.
fn sides_of(model: &Model, plan: &Plan, fixed: &[Option<Direction>]) -> Vec<Direction> {
    let trades = plan.trades();
    let side = |(s, members): (usize, &Vec<usize>)| {
        let mut net = 0.0;
        for v in members {
            net += trades[*v];
        }
        fixed[s].unwrap_or(if net < 0.0 { Direction::Sell } else { Direction::Buy })
    };
    model.of_security.iter().enumerate().map(side).collect()
}
