//! Solves a portfolio's rebalance as one cone program for each combination of sides, with an interior-point
//! method. It works from the input alone and shares no code with the product's model.

use clarabel::algebra::CscMatrix;
use clarabel::solver::{
    DefaultSettingsBuilder, DefaultSolver, IPSolver, NonnegativeConeT, SecondOrderConeT, SolverStatus,
    SupportedConeT,
};
use unisleeve_core::portfolio::{Answer, LotIn, OrderSide, Portfolio};
use unisleeve_core::tax::term;

use unisleeve_core::units::AccountKind;

use crate::day;

/// A lot in the default account: `basis` in dollars for all shares, `acquired` such as `2024-01-31`.
pub fn lot(id: &str, quantity: f64, basis: f64, acquired: &str) -> LotIn {
    LotIn {
        id: id.to_owned(),
        account: None,
        quantity,
        basis,
        acquired: day(acquired),
        holding_start: None,
        disallowed_if_sold: false,
        disallowed_shares: None,
    }
}

/// `(tax, counted gain)` of each dollar sold of a lot.
pub fn per_dollar(p: &Portfolio, security: usize, lot: &LotIn) -> (f64, f64) {
    let s = &p.securities[security];
    let gain = 1.0 - s.spread_bps / 20_000.0 - lot.basis / (lot.quantity * s.price);
    let is_taxable = p.accounts[account(p, lot)].kind == AccountKind::Taxable;
    if !is_taxable || (lot.disallowed_if_sold && gain < 0.0) {
        return (0.0, 0.0);
    }
    let rate = p.rates.of(term(lot.holding_start.unwrap_or(lot.acquired), p.date));
    let later = p.deferral.map_or(0.0, |d| d.discount * d.rate);
    ((rate - later) * gain, gain)
}

/// `(tax, counted gain, dollars)` of the parts in which a lot may be sold. Shares whose loss counts come
/// first.
pub fn parts(p: &Portfolio, security: usize, lot: &LotIn) -> Vec<(f64, f64, f64)> {
    let s = &p.securities[security];
    let (tax, gain) = per_dollar(p, security, lot);
    let dollars = lot.quantity * s.price;
    let loss = lot.basis - dollars * (1.0 - s.spread_bps / 20_000.0);
    let is_taxable = p.accounts[account(p, lot)].kind == AccountKind::Taxable;
    if is_taxable && loss > 0.0 && loss < p.harvest_threshold * lot.basis {
        return Vec::new();
    }
    match lot.disallowed_shares {
        Some(shares) if gain < 0.0 => {
            vec![(tax, gain, dollars - shares * s.price), (0.0, 0.0, shares * s.price)]
        }
        _ => vec![(tax, gain, dollars)],
    }
}

fn account(p: &Portfolio, lot: &LotIn) -> usize {
    lot.account.as_ref().map_or(0, |id| p.accounts.iter().position(|a| a.id == *id).expect("an account"))
}

/// Covariance of two securities.
fn covariance(p: &Portfolio, i: usize, j: usize) -> f64 {
    let (a, b) = (&p.securities[i], &p.securities[j]);
    let mut sum = if i == j { a.specific_variance } else { 0.0 };
    for (k, x) in a.exposures.iter().enumerate() {
        for (l, y) in b.exposures.iter().enumerate() {
            sum += x * p.factor_covariance[k][l] * y;
        }
    }
    sum
}

/// Annual active variance at the given weights.
pub fn variance(p: &Portfolio, weights: &[f64]) -> f64 {
    let x: Vec<f64> = weights.iter().zip(&p.securities).map(|(w, s)| w - s.benchmark_weight).collect();
    let mut sum = 0.0;
    for i in 0..x.len() {
        for j in 0..x.len() {
            sum += x[i] * x[j] * covariance(p, i, j);
        }
    }
    sum
}

/// Weight of each security before trading.
pub fn held(p: &Portfolio) -> Vec<f64> {
    let v = p.value();
    p.securities.iter().map(|s| s.lots.iter().map(|l| l.quantity * s.price / v).sum()).collect()
}

/// Result of an answer's orders, computed from the orders alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Weight of each security.
    pub weights: Vec<f64>,
    /// Cash of each account, dollars.
    pub cash: Vec<f64>,
    /// Tax in dollars.
    pub tax: f64,
    /// Spreads in dollars.
    pub cost: f64,
    /// Gain that counts, dollars.
    pub net_gain: f64,
    /// Annual active variance.
    pub variance: f64,
    /// The objective.
    pub objective: f64,
}

/// Books an answer's orders and checks that their lots and sides are possible.
///
/// # Panics
/// When an order is impossible.
pub fn book(p: &Portfolio, answer: &Answer) -> Outcome {
    let v = p.value();
    let mut o = Outcome {
        weights: held(p),
        cash: p.accounts.iter().map(|a| a.cash).collect(),
        tax: 0.0,
        cost: 0.0,
        net_gain: 0.0,
        variance: 0.0,
        objective: 0.0,
    };
    for order in &answer.orders {
        let i = p.securities.iter().position(|s| s.symbol == order.symbol).expect("a symbol");
        let (s, a) =
            (&p.securities[i], p.accounts.iter().position(|a| a.id == order.account).expect("an account"));
        let half = s.spread_bps / 20_000.0;
        assert!(order.quantity > 0.0 && (order.amount - order.quantity * s.price).abs() < 1e-9 * v);
        o.cost += half * order.amount;
        if order.side == OrderSide::Buy {
            assert!(s.can_buy && order.lots.is_empty());
            o.weights[i] += order.amount / v;
            o.cash[a] -= order.amount * (1.0 + half);
            continue;
        }
        assert!(s.can_sell);
        o.weights[i] -= order.amount / v;
        o.cash[a] += order.amount * (1.0 - half);
        let mut quantity = 0.0;
        for sold in &order.lots {
            let lot = s.lots.iter().find(|l| l.id == sold.id && account(p, l) == a).expect("a lot");
            assert!(sold.quantity > 0.0 && sold.quantity <= lot.quantity * (1.0 + 1e-12));
            let dollars = sold.quantity * s.price;
            let (mut left, mut tax, mut gain) = (dollars, 0.0, 0.0);
            for part in parts(p, i, lot) {
                let take = left.min(part.2);
                tax += part.0 * take;
                gain += part.1 * take;
                left -= take;
            }
            assert!(left < 1e-9 * v && (sold.tax - tax).abs() < 1e-9 * v);
            let all = dollars * (1.0 - half) - lot.basis * sold.quantity / lot.quantity;
            assert!((sold.gain - all).abs() < 1e-9 * v);
            o.tax += tax;
            o.net_gain += gain;
            quantity += sold.quantity;
        }
        assert!((quantity - order.quantity).abs() < 1e-9 * quantity);
    }
    // A security is either bought or sold, never both.
    for order in &answer.orders {
        assert!(
            answer.orders.iter().all(|x| x.symbol != order.symbol || x.side == order.side),
            "{}",
            order.symbol
        );
    }
    o.variance = variance(p, &o.weights);
    o.objective = 0.5 * p.risk_aversion.unwrap_or(0.0) * o.variance + (o.tax + o.cost) / v;
    o
}

/// The true optimum: the best over all combinations of sides. `None` when no combination is feasible.
///
/// # Panics
/// When the interior-point solver stops for a reason other than infeasibility or lack of progress.
pub fn optimum(p: &Portfolio) -> Option<f64> {
    let n = p.securities.len();
    let mut best: Option<f64> = None;
    for mask in 0..1usize << n {
        let sells: Vec<bool> = (0..n).map(|i| mask >> i & 1 == 1).collect();
        if let Some(x) = with_sides(p, &sells)
            && best.is_none_or(|b| x < b)
        {
            best = Some(x);
        }
    }
    best
}

/// The quantity that the cone program minimizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// The objective, subject to a cap on tracking error if there is one.
    Objective,
    /// The variance, without the cap.
    Variance,
}

/// Minimum over the relaxation, in which each security may be bought and sold at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Relaxed {
    /// The minimum: objective or annual active variance.
    pub value: f64,
    /// Net trade of each security in each account, as weights: `[security][account]`.
    pub net: Vec<Vec<f64>>,
}

/// The minimum over the relaxation. `None` when it is infeasible or the solver stops early.
///
/// # Panics
/// When the interior-point solver stops for another reason.
pub fn relaxed(p: &Portfolio, aim: Aim) -> Option<Relaxed> {
    cone(p, &vec![None; p.securities.len()], aim)
}

/// The minimum variance over all combinations of sides. `None` when no combination is feasible.
pub fn least_variance(p: &Portfolio) -> Option<f64> {
    let n = p.securities.len();
    let sides = |mask: usize| (0..n).map(|i| Some(mask >> i & 1 == 1)).collect::<Vec<_>>();
    (0..1usize << n)
        .filter_map(|mask| cone(p, &sides(mask), Aim::Variance))
        .map(|r| r.value)
        .min_by(f64::total_cmp)
}

fn with_sides(p: &Portfolio, sells: &[bool]) -> Option<f64> {
    let sides: Vec<Option<bool>> = sells.iter().copied().map(Some).collect();
    cone(p, &sides, Aim::Objective).map(|r| r.value)
}

/// Scales the objective to the solver's range.
const SCALE: f64 = 100.0;

/// `sides` says for each security whether it sells; `None` leaves both sides open.
fn cone(p: &Portfolio, sides: &[Option<bool>], aim: Aim) -> Option<Relaxed> {
    let (n, v) = (p.securities.len(), p.value());
    // Variables: (security, account, sign, tax, gain, width).
    let mut variables: Vec<(usize, usize, f64, f64, f64, f64)> = Vec::new();
    for (i, s) in p.securities.iter().enumerate() {
        if sides[i] != Some(true) && s.can_buy {
            variables.extend((0..p.accounts.len()).map(|a| (i, a, 1.0, 0.0, 0.0, 10.0)));
        }
        if sides[i] != Some(false) && s.can_sell {
            for lot in &s.lots {
                for (tax, gain, dollars) in parts(p, i, lot) {
                    variables.push((i, account(p, lot), -1.0, tax, gain, dollars / v));
                }
            }
        }
    }
    let m = variables.len();
    let half = |i: usize| p.securities[i].spread_bps / 20_000.0;
    let active: Vec<f64> = held(p).iter().zip(&p.securities).map(|(h, s)| h - s.benchmark_weight).collect();
    // In terms of the variables: quadratic S'ΣS, linear S'Σa + costs.
    let (gamma, costs) = match aim {
        Aim::Objective => (p.risk_aversion.unwrap_or(0.0), 1.0),
        Aim::Variance => (2.0, 0.0),
    };
    let sigma: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| covariance(p, i, j)).collect()).collect();
    let (mut rows, mut columns, mut values) = (Vec::new(), Vec::new(), Vec::new());
    let mut q = vec![0.0; m];
    for (x, a) in variables.iter().enumerate() {
        for (y, b) in variables.iter().enumerate().skip(x) {
            rows.push(x);
            columns.push(y);
            values.push(SCALE * gamma * a.2 * b.2 * sigma[a.0][b.0]);
        }
        let slope: f64 = (0..n).map(|j| sigma[a.0][j] * active[j]).sum();
        q[x] = SCALE * (gamma * a.2 * slope + costs * (half(a.0) + a.3));
    }
    let quadratic = CscMatrix::new_from_triplets(m, m, rows, columns, values);
    let constant = 0.5 * gamma * variance(p, &held(p));
    // Rows `A x + s = b`, s >= 0.
    let (mut ar, mut ac, mut av, mut b) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut at_most = |coefficients: Vec<f64>, most: f64| {
        for (c, x) in coefficients.into_iter().enumerate().filter(|(_, x)| *x != 0.0) {
            ar.push(b.len());
            ac.push(c);
            av.push(x);
        }
        b.push(most);
    };
    for x in 0..m {
        at_most((0..m).map(|y| if x == y { 1.0 } else { 0.0 }).collect(), variables[x].5);
        at_most((0..m).map(|y| if x == y { -1.0 } else { 0.0 }).collect(), 0.0);
    }
    // Cash that each variable takes out of an account.
    let cash = |only: Option<usize>| -> Vec<f64> {
        let takes = |x: &(usize, usize, f64, f64, f64, f64)| {
            if only.is_none_or(|a| x.1 == a) { x.2 + half(x.0) } else { 0.0 }
        };
        variables.iter().map(takes).collect()
    };
    let total: f64 = p.accounts.iter().map(|a| a.cash / v).sum();
    at_most(cash(None), total - p.cash_target.0);
    at_most(cash(None).iter().map(|x| -x).collect(), p.cash_target.1 - total);
    for (a, account) in p.accounts.iter().enumerate() {
        at_most(cash(Some(a)), account.cash / v);
    }
    let weights = held(p);
    let mut weight = |members: &dyn Fn(usize) -> bool, least: f64, most: f64| {
        let before: f64 = (0..n).filter(|i| members(*i)).map(|i| weights[i]).sum();
        let row: Vec<f64> = variables.iter().map(|x| if members(x.0) { x.2 } else { 0.0 }).collect();
        at_most(row.clone(), most - before);
        at_most(row.iter().map(|x| -x).collect(), before - least);
    };
    for (i, s) in p.securities.iter().enumerate() {
        weight(&|j| i == j, 0.0, s.max_weight.unwrap_or(10.0));
    }
    for group in &p.groups {
        weight(&|j| group.symbols.contains(&p.securities[j].symbol), group.min, group.max);
    }
    if let Some(most) = p.turnover_cap {
        at_most(vec![0.5; m], most);
    }
    if let Some(budget) = p.gains_budget {
        at_most(variables.iter().map(|x| x.4).collect(), budget / v);
    }
    let mut cones: Vec<SupportedConeT<f64>> = vec![NonnegativeConeT(b.len())];
    if let (Some(cap), Aim::Objective) = (p.max_tracking_error, aim) {
        // Norm of (factors' root, specific deviations) of (active + S x) <= cap.
        let root = cholesky(&p.factor_covariance);
        let k = p.factor_covariance.len();
        let entry = |i: usize, r: usize| {
            let s = &p.securities[i];
            if r < k {
                (0..k).map(|j| s.exposures[j] * root[j][r]).sum()
            } else if r - k == i {
                s.specific_variance.sqrt()
            } else {
                0.0
            }
        };
        b.push(cap);
        for r in 0..k + n {
            let at = b.len();
            for (x, var) in variables.iter().enumerate() {
                ar.push(at);
                ac.push(x);
                av.push(-entry(var.0, r) * var.2);
            }
            b.push((0..n).map(|i| entry(i, r) * active[i]).sum());
        }
        cones.push(SecondOrderConeT(k + n + 1));
    }
    let a = CscMatrix::new_from_triplets(b.len(), m, ar, ac, av);
    let settings = DefaultSettingsBuilder::default()
        .verbose(false)
        .max_threads(1)
        .tol_gap_abs(1e-10)
        .tol_gap_rel(1e-10)
        .tol_feas(1e-10)
        .build()
        .expect("settings");
    let mut solver = DefaultSolver::new(&quadratic, &q, &a, &b, &cones, settings).expect("well-formed data");
    solver.solve();
    match solver.solution.status {
        SolverStatus::Solved | SolverStatus::AlmostSolved => {
            let mut net = vec![vec![0.0; p.accounts.len()]; n];
            for (x, var) in solver.solution.x.iter().zip(&variables) {
                net[var.0][var.1] += var.2 * x;
            }
            Some(Relaxed { value: constant + solver.solution.obj_val / SCALE, net })
        }
        // The method may stop early where only one point is feasible. Such a combination is not compared.
        SolverStatus::PrimalInfeasible
        | SolverStatus::AlmostPrimalInfeasible
        | SolverStatus::InsufficientProgress
        | SolverStatus::NumericalError
        | SolverStatus::MaxIterations => None,
        other => panic!("the interior-point solver stopped: {other:?}"),
    }
}

/// Lower triangular root, `root[i][r]`.
fn cholesky(f: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n = f.len();
    let mut l = vec![vec![0.0; n]; n];
    for j in 0..n {
        for i in j..n {
            let sum: f64 = (0..j).map(|r| l[i][r] * l[j][r]).sum();
            l[i][j] = if i == j {
                (f[i][i] - sum).max(0.0).sqrt()
            } else if l[j][j] > 0.0 {
                (f[i][j] - sum) / l[j][j]
            } else {
                0.0
            };
        }
    }
    l
}
