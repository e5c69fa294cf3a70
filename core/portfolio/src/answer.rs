//! The answer of a rebalance: orders by lot with reasons, and the certificate.

use serde::Serialize;

use super::input::{DriftPortfolio, Portfolio};
use super::model::{Model, Stretch};
use super::optimum::Optimum;
use super::plan::{Plan, order};
use super::terms::NOTHING;
use unisleeve_solver::Prices;
use unisleeve_units::Term;

/// Shadow prices below this count as zero. Also the tolerance of bounds.
const NO_PRICE: f64 = 1e-9;

/// Orders and the certificate `lower_bound <= true optimum <= objective`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// Orders, by security and account.
    pub orders: Vec<Order>,
    /// `1/2 risk_aversion × active variance + (tax + cost) / value` at the unrounded optimum. Where no risk
    /// aversion was requested, the second term alone.
    pub objective: f64,
    /// Certified lower bound of `objective`.
    pub lower_bound: f64,
    /// The same as `lower_bound`, which holds for the problem without the dropped orders. Only with `dropped`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower_bound_without_dropped: Option<f64>,
    /// Objective of the orders in whole shares, where they were rounded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub objective_rounded: Option<f64>,
    /// Dollars by which whole shares miss a `cash_target` without a range, for the closest rounding found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cash_missed: Option<f64>,
    /// The requested risk aversion, or the one at which the cap is met.
    pub risk_aversion: f64,
    /// Annual tracking error before trading.
    pub tracking_error_before: f64,
    /// Annual tracking error after the orders.
    pub tracking_error_after: f64,
    /// Tax of the orders in dollars, at the optimizer's rates; negative is a saving.
    pub tax: f64,
    /// Spreads paid in dollars.
    pub cost: f64,
    /// Cash in dollars after the orders.
    pub cash_after: f64,
    /// Binding constraints.
    pub binding: Vec<Binding>,
    /// Orders left out because they are below `min_trade`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped>,
}

/// Orders and the certificate of a portfolio in which drift has a price. Keys are those of [`Answer`] without
/// risk.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DriftAnswer {
    /// Orders, by security and account.
    pub orders: Vec<Order>,
    /// `drift_price × drift + (tax + cost) / value`.
    pub objective: f64,
    /// Lower bound of `objective`, from linear programs.
    pub lower_bound: f64,
    /// Lower bound for the last problem solved, in which the dropped orders are not allowed. Only with
    /// `dropped`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower_bound_without_dropped: Option<f64>,
    /// The requested price of drift: the cost in dollars that a dollar of drift is worth.
    pub drift_price: f64,
    /// Drift before trading: the sum over securities of the distance between weight and benchmark weight.
    pub drift_before: f64,
    /// Drift after the orders.
    pub drift_after: f64,
    /// Tax of the orders in dollars, at the optimizer's rates; negative is a saving.
    pub tax: f64,
    /// Spreads paid in dollars.
    pub cost: f64,
    /// Cash in dollars after the orders.
    pub cash_after: f64,
    /// Binding constraints.
    pub binding: Vec<Binding>,
    /// Orders left out because they are below `min_trade`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped>,
}

/// An order left out because it is below `min_trade`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dropped {
    /// Security.
    pub symbol: String,
    /// Account.
    pub account: String,
    /// Buy or sell.
    pub side: OrderSide,
    /// Amount in dollars.
    pub amount: f64,
}

/// Buy or sell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OrderSide {
    /// Buy.
    Buy,
    /// Sell.
    Sell,
}

/// One order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Order {
    /// Security.
    pub symbol: String,
    /// Account.
    pub account: String,
    /// Buy or sell.
    pub side: OrderSide,
    /// Shares, above zero.
    pub quantity: f64,
    /// Dollars: `quantity × price`.
    pub amount: f64,
    /// Lots sold; empty for a purchase.
    pub lots: Vec<LotSold>,
    /// Why the order is given.
    pub reasons: Reasons,
}

/// Shares sold of one lot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LotSold {
    /// Lot.
    pub id: String,
    /// Shares sold.
    pub quantity: f64,
    /// Gain in dollars: proceeds after the spread less the sold share of the basis.
    pub gain: f64,
    /// Holding term on the trade date.
    pub term: Term,
    /// Tax in dollars, at the optimizer's rates. Zero for a disallowed loss and in an IRA or Roth account.
    pub tax: f64,
    /// Shares sold at a disallowed loss, for a lot that gives `disallowed_shares`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disallowed_quantity: Option<f64>,
}

/// Why an order is given: its effects as fractions of the portfolio value; positive is a cost. At an optimum
/// they add up to about zero or less.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reasons {
    /// Tax; negative is a saving.
    pub tax: f64,
    /// Spread paid.
    pub cost: f64,
    /// Marginal change of the objective's risk term; negative reduces risk.
    pub risk: f64,
    /// Change of the objective's drift term; negative reduces drift. Only where drift has a price. Orders of
    /// one security in several accounts share it in proportion to their size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift: Option<f64>,
    /// What the constraints pay for this order; positive where they require it.
    pub forced: f64,
    /// Constraints that require the order.
    pub constraints: Vec<String>,
}

/// A binding constraint.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Binding {
    /// Name of the constraint.
    pub row: String,
    /// Fall of the objective per unit of the bound: positive for an upper bound that is raised, negative for
    /// a lower bound (which would have to be lowered). A unit is the whole portfolio value; for
    /// `max_tracking_error` it is one unit of tracking error.
    pub shadow_price: f64,
}

/// The answer for a plan: the optimum's own, or a rounding of it with the whole shares of each variable.
pub(super) fn answer(
    p: &Portfolio,
    model: &Model,
    optimum: &Optimum,
    plan: &Plan,
    shares: Option<&[f64]>,
) -> Answer {
    let figures = plan.figures(model);
    let before = model.variance(&vec![0.0; model.len()]).0;
    let (trades, prices) = (optimum.plan.trades(), &optimum.prices);
    let risk = |i: usize| prices.aversion * model.specific[i] * (model.active[i] + trades[i]);
    Answer {
        orders: orders(p, model, optimum, plan, shares),
        objective: optimum.objective,
        lower_bound: optimum.lower_bound(),
        lower_bound_without_dropped: (!optimum.dropped.is_empty()).then_some(optimum.lower_bound()),
        objective_rounded: None,
        cash_missed: None,
        risk_aversion: model.risk_aversion.unwrap_or(optimum.prices.aversion),
        tracking_error_before: before.sqrt(),
        tracking_error_after: figures.variance.sqrt(),
        tax: figures.tax * model.value,
        cost: figures.cost * model.value,
        cash_after: cash_after(p, model, plan),
        binding: binding(p, model, optimum, risk),
        dropped: dropped(p, model, &optimum.dropped),
    }
}

/// Trades that are too small to be given, as orders.
pub(super) fn dropped(p: &Portfolio, model: &Model, small: &[(usize, f64)]) -> Vec<Dropped> {
    let of = |(i, u): &(usize, f64)| {
        let v = &model.variables[*i];
        Dropped {
            symbol: p.securities[v.security].symbol.clone(),
            account: p.accounts[v.account].id.clone(),
            side: if *u > 0.0 { OrderSide::Buy } else { OrderSide::Sell },
            amount: u.abs() * model.value,
        }
    };
    small.iter().map(of).collect()
}

/// The answer where drift has a price, from each security's drift before and after.
pub(super) fn drift_answer(
    p: &DriftPortfolio,
    model: &Model,
    optimum: &Optimum,
    (before, after): &(Vec<f64>, Vec<f64>),
) -> DriftAnswer {
    let (plan, price) = (&optimum.plan, p.drift_price);
    let figures = plan.figures(model);
    let trades = plan.trades();
    let mut orders = orders(&p.portfolio, model, optimum, plan, None);
    let variables = (0..model.len()).filter(|i| trades[*i].abs() > NOTHING);
    for (order, i) in orders.iter_mut().zip(variables) {
        let s = model.variables[i].security;
        let change = price * (after[s].abs() - before[s].abs());
        order.reasons.drift = Some(change * trades[i] / (after[s] - before[s]));
    }
    // Marginal drift of one more dollar. At zero drift it is positive, so a cap costs nothing where the
    // benchmark weight is reached.
    let slope = |i: usize| {
        let drift = after[model.variables[i].security];
        if drift < -NO_PRICE { -price } else { price }
    };
    let total = |drifts: &[f64]| drifts.iter().fold(0.0, |sum, x| sum + x.abs());
    DriftAnswer {
        orders,
        objective: optimum.objective,
        lower_bound: optimum.lower_bound(),
        lower_bound_without_dropped: None,
        drift_price: price,
        drift_before: total(before),
        drift_after: total(after),
        tax: figures.tax * model.value,
        cost: figures.cost * model.value,
        cash_after: cash_after(&p.portfolio, model, plan),
        binding: binding(&p.portfolio, model, optimum, slope),
        dropped: Vec::new(),
    }
}

fn cash_after(p: &Portfolio, model: &Model, plan: &Plan) -> f64 {
    let mut cash_after = 0.0;
    for account in &p.accounts {
        cash_after += account.cash;
    }
    for (u, v) in plan.trades().iter().zip(&model.variables) {
        cash_after -= model.value * (u + u.abs() * v.half);
    }
    // Avoids a -0.00 from rounding errors.
    if cash_after.abs() < NOTHING * model.value { 0.0 } else { cash_after }
}

/// Shares sold of each stretch of a variable: from the plan's weights, or for whole shares from the same lots
/// first.
fn shares_sold(
    p: &Portfolio,
    model: &Model,
    optimum: &Optimum,
    plan: &Plan,
    variable: usize,
    whole: Option<f64>,
) -> Vec<f64> {
    let v = &model.variables[variable];
    let price = p.securities[v.security].price;
    let Some(mut left) = whole else {
        let of = |(s, x): (&Stretch, &f64)| {
            // A lot sold up to rounding errors is sold in full.
            if s.width - x <= NOTHING && *x > 0.0 { s.shares } else { x * model.value / price }
        };
        return v.stretches.iter().zip(&plan.sold[variable]).map(of).collect();
    };
    let mut sold = vec![0.0; v.stretches.len()];
    for j in order(model, variable, optimum.prices.gain) {
        let shares = v.stretches[j].shares;
        sold[j] = if left < shares { left } else { shares };
        left -= sold[j];
    }
    sold
}

fn orders(p: &Portfolio, model: &Model, optimum: &Optimum, plan: &Plan, whole: Option<&[f64]>) -> Vec<Order> {
    let (trades, prices) = (plan.trades(), &optimum.prices);
    let (_, exposure) = model.variance(&trades);
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); model.len()];
    for (r, band) in model.bands.iter().enumerate() {
        for i in &band.members {
            rows[*i].push(r);
        }
    }
    let mut orders = Vec::new();
    for (i, v) in model.variables.iter().enumerate() {
        let u = trades[i];
        if whole.map_or(u.abs() <= NOTHING, |w| w[i] == 0.0) {
            continue;
        }
        let security = &p.securities[v.security];
        let (mut tax, mut lots) = (0.0, Vec::new());
        let sold =
            if u > 0.0 { Vec::new() } else { shares_sold(p, model, optimum, plan, i, whole.map(|w| w[i])) };
        for (s, quantity) in v.stretches.iter().zip(sold).filter(|(_, quantity)| *quantity > 0.0) {
            let lot = &security.lots[s.lot];
            tax += s.tax * quantity * security.price / model.value;
            let disallowed =
                if s.is_disallowed && lot.disallowed_shares.is_some() { Some(quantity) } else { None };
            let (gain, lot_tax) = (s.raw_gain * quantity * security.price, s.tax * quantity * security.price);
            // A lot whose loss is disallowed in part has two stretches; merges the second into the first.
            if let Some(same) = lots.iter_mut().find(|l: &&mut LotSold| l.id == lot.id) {
                same.quantity = if same.quantity + quantity >= lot.quantity {
                    lot.quantity
                } else {
                    same.quantity + quantity
                };
                same.gain += gain;
                same.tax += lot_tax;
                same.disallowed_quantity = same.disallowed_quantity.or(disallowed);
                continue;
            }
            lots.push(LotSold {
                id: lot.id.clone(),
                quantity,
                gain,
                term: s.term,
                tax: lot_tax,
                disallowed_quantity: disallowed,
            });
        }
        let (side, quantity) = if u > 0.0 {
            (OrderSide::Buy, whole.map_or(u * model.value / security.price, |w| w[i]))
        } else if let Some(whole) = whole {
            (OrderSide::Sell, whole[i])
        } else {
            let mut sum = 0.0;
            for lot in &lots {
                sum += lot.quantity;
            }
            (OrderSide::Sell, sum)
        };
        let k = model.factors;
        let mut risk = model.specific[i] * (model.active[i] + u);
        for (g, y) in model.exposures[i * k..(i + 1) * k].iter().zip(&exposure) {
            risk += g * y;
        }
        let (mut forced, mut constraints) = (0.0, Vec::new());
        for (band, mu) in rows[i].iter().map(|r| (&model.bands[*r], prices.rows[*r])) {
            let (net, gross) = band.counts.of(v.half);
            let pays = -mu * (net * u + gross * u.abs());
            forced += pays;
            if pays > NO_PRICE * u.abs() {
                constraints.push(band.name.clone());
            }
        }
        if prices.aversion > model.risk_aversion.unwrap_or(0.0) && model.cap.is_some() && risk * u < 0.0 {
            constraints.push("max_tracking_error".to_owned());
        }
        let mut gain = 0.0;
        for (s, x) in v.stretches.iter().zip(&plan.sold[i]) {
            gain += s.gain * x;
        }
        if prices.gain > 0.0 {
            forced -= prices.gain * gain;
            if gain < 0.0 {
                constraints.push("gains_budget".to_owned());
            }
        }
        orders.push(Order {
            symbol: security.symbol.clone(),
            account: p.accounts[v.account].id.clone(),
            side,
            quantity,
            amount: quantity * security.price,
            lots,
            reasons: Reasons {
                tax,
                cost: v.half * u.abs(),
                risk: prices.aversion * risk * u,
                drift: None,
                forced,
                constraints,
            },
        });
    }
    orders
}

/// Marginal cost of a dollar bought of each variable, apart from its specific variance and its tax.
fn margins(model: &Model, prices: &Prices) -> Vec<f64> {
    let k = model.factors;
    let mut margins: Vec<f64> = model.variables.iter().map(|v| v.half).collect();
    for (i, margin) in margins.iter_mut().enumerate() {
        for (g, nu) in model.exposures[i * k..(i + 1) * k].iter().zip(&prices.factors) {
            *margin += g * nu;
        }
    }
    for (band, mu) in model.bands.iter().zip(&prices.rows) {
        for v in &band.members {
            let (net, gross) = band.counts.of(model.variables[*v].half);
            margins[*v] += mu * (net + gross);
        }
    }
    margins
}

/// The binding constraints. `slope` is the marginal effect of one more dollar of a variable on the
/// objective's risk or drift.
fn binding(p: &Portfolio, model: &Model, optimum: &Optimum, slope: impl Fn(usize) -> f64) -> Vec<Binding> {
    let prices = &optimum.prices;
    let mut list = Vec::new();
    for (band, mu) in model.bands.iter().zip(&prices.rows) {
        if mu.abs() > NO_PRICE {
            list.push(Binding { row: band.name.clone(), shadow_price: band.sign * mu });
        }
    }
    // A cap that limits purchases: the value of one more dollar.
    let (trades, all) = (optimum.plan.trades(), margins(model, prices));
    for (i, v) in model.variables.iter().enumerate() {
        if !model.capped[i] || v.buy_limit - trades[i] > 1e-9 {
            continue;
        }
        let slope = slope(i) + all[i];
        if slope < -NO_PRICE {
            let row = format!("max_weight {}", p.securities[v.security].symbol);
            list.push(Binding { row, shadow_price: -slope });
        }
    }
    if let Some(cap) = model.cap {
        let price = (prices.aversion - model.risk_aversion.unwrap_or(0.0)) * cap;
        let is_reached = optimum.plan.figures(model).variance.sqrt() >= cap * (1.0 - 1e-6);
        if price > NO_PRICE && is_reached {
            list.push(Binding { row: "max_tracking_error".to_owned(), shadow_price: price });
        }
    }
    if prices.gain > NO_PRICE {
        list.push(Binding { row: "gains_budget".to_owned(), shadow_price: prices.gain });
    }
    list
}
