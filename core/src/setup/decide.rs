//! One mandate's decision: from what it may see to the orders it wants.

use chrono::Datelike;

use super::{Config, Method, Setup, Sight};
use crate::household::{Ledger, Returns};
use crate::journal::Reason;
use crate::market::View;
use crate::rebalance::{Curve, Problem, ProblemError, Row, Segment, Solution, solve};
use crate::risk::RiskModel;
use crate::tax::planning::TaxView;
use crate::tax::wash::in_window;
use crate::tax::{Lot, PlanningRates, TaxRates, term};
use crate::units::{MandateId, Money, Price, Rate, SecurityId, Shares, SleeveId, Term};

/// What a decision may look at.
pub struct DecisionContext<'a> {
    /// The market up to today.
    pub view: View<'a>,
    /// The run's configuration.
    pub config: &'a Config,
    /// The arm.
    pub setup: &'a Setup,
    /// The household's returns.
    pub returns: &'a Returns,
    /// The risk model of the date, over `universe`.
    pub risk: &'a RiskModel,
    /// Securities of the risk model.
    pub universe: &'a [SecurityId],
    /// Long-term rate at which gains would be taxed later.
    pub later_rate: f64,
    /// Value of the household's portfolio after today's flows.
    pub wealth: Money,
}

impl DecisionContext<'_> {
    /// Half the spread as a fraction of the amount.
    pub(super) fn half_spread(&self) -> Rate {
        Rate::from_f64(self.config.trading.spread_bps / 20_000.0).unwrap_or_default()
    }

    /// Whether the setup lets a mandate see what another one's sleeve does.
    fn sees(&self, mandate: MandateId, sleeve: SleeveId) -> bool {
        self.setup.wash == Sight::Household || self.setup.mandate_of(sleeve) == mandate
    }

    /// The tax function as a mandate may see it.
    fn tax_view<'b>(&self, ledger: &Ledger, law: &'b crate::tax::Law, mandate: MandateId) -> TaxView<'b> {
        let year = self.view.date().year();
        let so_far = match self.setup.gains {
            Sight::Household => ledger.income(year),
            // Its own gains of this year, and of the others what last year's return showed.
            Sight::Own => {
                let others = ledger.income(year - 1) - ledger.income_of(mandate, year - 1);
                ledger.income_of(mandate, year) + others
            }
        };
        TaxView {
            law,
            outside: *self.returns.outside(),
            so_far,
            carried_in: self.returns.carried_into(ledger, year),
            deferral: self.config.tax.deferral,
            later_rate: self.later_rate,
        }
    }
}

/// Dollars that a group of sleeves must put to work (negative: give up), trading costs included.
#[derive(Debug, Clone)]
pub(super) struct Demand {
    /// Name, for messages.
    pub name: String,
    /// Sleeves that it is about.
    pub sleeves: Vec<SleeveId>,
    /// Dollars.
    pub dollars: f64,
}

/// Shares of one piece of a lot, with what selling them is taxed on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    /// Its name in the ledger.
    pub id: u32,
    /// Shares.
    pub quantity: Shares,
    /// Dollars at today's price.
    pub dollars: f64,
    /// Gain in each dollar sold, after the spread.
    pub gain: f64,
    /// Term of that gain.
    pub term: Term,
    /// Whether a loss would be disallowed as far as the mandate can see.
    pub washed: bool,
}

impl Piece {
    /// What a dollar sold costs in tax at net rates (negative = saves).
    fn tax(&self, rates: TaxRates) -> f64 {
        if self.washed && self.gain < 0.0 { 0.0 } else { rates.of(self.term) * self.gain }
    }
}

/// A security in a sleeve.
#[derive(Debug, Clone)]
struct Position {
    sleeve: SleeveId,
    security: SecurityId,
    /// Position in the risk model's universe.
    at: usize,
    price: Option<Price>,
    /// Dollars held.
    dollars: f64,
    /// Weight in the mandate's benchmark.
    benchmark: f64,
    /// In the order in which they are sold.
    pieces: Vec<Piece>,
    /// Loss that each dollar bought would disallow.
    disallows: f64,
}

/// One order wanted.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    /// Sleeve.
    pub sleeve: SleeveId,
    /// Security.
    pub security: SecurityId,
    /// Price.
    pub price: Price,
    /// Dollars: positive buys.
    pub dollars: f64,
    /// Pieces in the order in which they are sold.
    pub pieces: Vec<Piece>,
    /// Why.
    pub reason: Reason,
}

/// What a mandate wants, with the certificate.
#[derive(Debug, Clone)]
pub(super) struct Decision {
    /// Orders wanted.
    pub wishes: Vec<Wish>,
    /// Positions not traded but sellable: where a last dollar can be found.
    pub solution: Option<Solution>,
}

/// Passes over the tax function until its rates agree with where the year ends up.
const RATE_PASSES: usize = 3;

/// Decides what `mandate` does with `value` dollars at hand so that each demand is met.
pub(super) fn decide(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    mandate: MandateId,
    value: Money,
    demands: &[Demand],
) -> Result<Decision, ProblemError> {
    let value = value.to_f64();
    // Nothing to decide where all that there is was asked for.
    if value <= 0.0 || !ctx.wealth.is_positive() {
        return Ok(Decision { wishes: Vec::new(), solution: None });
    }
    let mut positions = positions(ctx, ledger, mandate);
    if ctx.setup.method == Method::ToPolicy {
        return Ok(to_policy(ctx, ledger, mandate, positions, value, demands));
    }
    let law = ctx.returns.law(ctx.view.date().year());
    let tax = ctx.tax_view(ledger, &law, mandate);
    let (mut planned, mut cost) = ((0.0, 0.0), 0.0);
    let mut rates = tax.rates(0.0, 0.0);
    let mut warm: Option<Vec<f64>> = None;
    let mut last: Option<(Problem, Solution)> = None;
    for pass in 0..RATE_PASSES {
        sort_pieces(&mut positions, rates.net());
        let problem = problem(ctx, &positions, value, demands, cost, rates);
        let solution = solve(&problem, warm.as_deref())?;
        cost = half(ctx) * solution.trades.iter().map(|u| u.abs()).sum::<f64>() * value;
        let gains = realised(&positions, &solution.trades, value);
        // Half way from the last plan: full steps jump to and fro across a bracket's edge.
        let weight = if pass == 0 { 1.0 } else { 0.5 };
        planned = (planned.0 + weight * (gains.0 - planned.0), planned.1 + weight * (gains.1 - planned.1));
        let next = tax.rates(planned.0, planned.1);
        let moved = (next.now.short - rates.now.short).abs() + (next.now.long - rates.now.long).abs();
        warm = Some([solution.factor_prices.as_slice(), &solution.row_prices].concat());
        last = Some((problem, solution));
        if moved < 1e-3 && pass > 0 {
            break;
        }
        rates = next;
    }
    let Some((problem, solution)) = last else {
        return Ok(Decision { wishes: Vec::new(), solution: None });
    };
    let (problem, solution) = without_small_orders(ctx, problem, solution, value);
    let wishes = wishes(&positions, &problem, &solution, value, rates, half(ctx));
    Ok(Decision { wishes, solution: Some(solution) })
}

fn half(ctx: &DecisionContext<'_>) -> f64 {
    ctx.half_spread().to_f64()
}

/// The securities that a mandate holds, may hold or is measured against.
fn positions(ctx: &DecisionContext<'_>, ledger: &Ledger, mandate: MandateId) -> Vec<Position> {
    let brief = &ctx.setup.mandates[mandate.index()];
    let sum: f64 = brief.sleeves.iter().map(|s| ctx.setup.sleeves[s.index()].weight).sum();
    let mut positions = Vec::new();
    for sleeve in &brief.sleeves {
        let spec = &ctx.setup.sleeves[sleeve.index()];
        let share = if sum > 0.0 { spec.weight / sum } else { 0.0 };
        let index = ctx.view.index_weights(spec.index);
        let mut securities: Vec<SecurityId> = spec.holdings.clone();
        securities.extend(index.iter().map(|(s, _)| *s));
        securities.sort();
        securities.dedup();
        for security in securities {
            let Some(at) = ctx.universe.iter().position(|s| *s == security) else { continue };
            let weight = index.iter().find(|(s, _)| *s == security).map_or(0.0, |(_, w)| *w);
            let price = ctx.view.close(security).filter(|_| spec.holdings.contains(&security));
            positions.push(position(ctx, ledger, mandate, *sleeve, security, at, price, share * weight));
        }
    }
    positions
}

#[expect(clippy::too_many_arguments, reason = "the parts of one position")]
fn position(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    mandate: MandateId,
    sleeve: SleeveId,
    security: SecurityId,
    at: usize,
    price: Option<Price>,
    benchmark: f64,
) -> Position {
    let date = ctx.view.date();
    let mark = price.or_else(|| ctx.view.last_close(security)).unwrap_or_default();
    let lots: Vec<&Lot> = ledger.lots(security).iter().filter(|l| l.sleeve == sleeve).collect();
    let dollars = lots.iter().map(|l| Money::of(l.quantity, mark).to_f64()).sum();
    let half = half(ctx);
    let mut pieces = Vec::new();
    if let Some(price) = price {
        let p = price.to_f64();
        for lot in &lots {
            let per_share = lot.basis.to_f64() / lot.quantity.to_f64();
            let gain = (p * (1.0 - half) - per_share) / p;
            pieces.push(Piece {
                id: lot.piece,
                quantity: lot.quantity,
                dollars: lot.quantity.to_f64() * p,
                gain,
                term: term(lot.holding_start, date),
                washed: gain < 0.0 && replaced_already(ctx, ledger, mandate, lot, security),
            });
        }
    }
    let loss_per_share = ledger
        .waiting_losses(security, date)
        .filter(|p| ctx.sees(mandate, ledger.journal().trades[p.sale.0 as usize].sleeve))
        .map(|p| p.loss().to_f64() / p.quantity.to_f64())
        .fold(0.0, |a, b| if b > a { b } else { a });
    let disallows = price.map_or(0.0, |p| loss_per_share / p.to_f64());
    Position { sleeve, security, at, price, dollars, benchmark, pieces, disallows }
}

/// Whether shares bought within the last 30 days, as far as the mandate can see, would replace a loss lot sold today.
fn replaced_already(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    mandate: MandateId,
    lot: &Lot,
    security: SecurityId,
) -> bool {
    let date = ctx.view.date();
    ledger.identical(security).iter().any(|s| {
        let recent = ledger.lots(*s).iter().rev().take_while(|l| in_window(l.acquired, date));
        recent.into_iter().any(|l| l.id != lot.id && l.may_replace && ctx.sees(mandate, l.sleeve))
    })
}

fn sort_pieces(positions: &mut [Position], rates: TaxRates) {
    for p in positions {
        p.pieces.sort_by(|a, b| a.tax(rates).total_cmp(&b.tax(rates)).then(a.id.cmp(&b.id)));
    }
}

fn problem(
    ctx: &DecisionContext<'_>,
    positions: &[Position],
    value: f64,
    demands: &[Demand],
    cost: f64,
    rates: PlanningRates,
) -> Problem {
    let (half, net) = (half(ctx), rates.net());
    let worst = if net.short > net.long { net.short } else { net.long };
    let worst = if worst > 0.0 { worst } else { 0.0 };
    let curves: Vec<Curve> = positions
        .iter()
        .map(|p| {
            let sell: Vec<Segment> = p
                .pieces
                .iter()
                .map(|x| Segment { width: x.dollars / value, cost: x.tax(net) + half })
                .collect();
            // A purchase that replaces shares sold at a loss gives the saving back, at worst at the higher rate.
            Curve::new(&sell, half + p.disallows * worst, if p.price.is_some() { 1.0 } else { 0.0 })
        })
        .collect();
    let k = ctx.risk.factors;
    let total: f64 = demands.iter().map(|d| d.dollars.abs()).sum();
    let rows = demands
        .iter()
        .map(|d| {
            let coefficients: Vec<f64> =
                positions.iter().map(|p| if d.sleeves.contains(&p.sleeve) { 1.0 } else { 0.0 }).collect();
            // Spreads are paid out of the same cash; each demand bears its part.
            let share = if total > 0.0 { d.dollars.abs() / total } else { 1.0 / demands.len() as f64 };
            let (mut low, mut high) = (0.0, 0.0);
            for (c, x) in coefficients.iter().zip(&curves) {
                low -= c * x.sell_limit();
                high += c * x.buy_limit();
            }
            let target = (d.dollars - cost * share) / value;
            let target = if target < low {
                low
            } else if target > high {
                high
            } else {
                target
            };
            Row::equal(d.name.clone(), coefficients, target)
        })
        .collect();
    let weight = value / ctx.wealth.to_f64();
    Problem {
        risk_aversion: ctx.config.trading.risk_aversion * weight,
        factors: k,
        exposures: positions
            .iter()
            .flat_map(|p| ctx.risk.exposures[p.at * k..(p.at + 1) * k].iter().copied())
            .collect(),
        specific: positions.iter().map(|p| ctx.risk.specific[p.at]).collect(),
        active: positions.iter().map(|p| p.dollars / value - p.benchmark).collect(),
        curves,
        rows,
    }
}

/// Short-term and long-term gain that trades would realise, dollars.
fn realised(positions: &[Position], trades: &[f64], value: f64) -> (f64, f64) {
    let (mut short, mut long) = (0.0, 0.0);
    for (p, u) in positions.iter().zip(trades) {
        let mut left = -u * value;
        for piece in &p.pieces {
            if left <= 0.0 {
                break;
            }
            let take = if left < piece.dollars { left } else { piece.dollars };
            left -= take;
            let gain = if piece.washed && piece.gain < 0.0 { 0.0 } else { take * piece.gain };
            match piece.term {
                Term::Short => short += gain,
                Term::Long => long += gain,
            }
        }
    }
    (short, long)
}

/// Solves again without the orders too small to send; keeps them where the demands can't be met otherwise.
fn without_small_orders(
    ctx: &DecisionContext<'_>,
    problem: Problem,
    solution: Solution,
    value: f64,
) -> (Problem, Solution) {
    let least = ctx.config.trading.min_trade.to_f64() / value;
    let small = |u: &f64| *u != 0.0 && u.abs() < least;
    if !solution.trades.iter().any(small) {
        return (problem, solution);
    }
    let mut smaller = problem.clone();
    for (curve, u) in smaller.curves.iter_mut().zip(&solution.trades) {
        if u.abs() < least {
            *curve = Curve::default();
        }
    }
    let warm = [solution.factor_prices.as_slice(), &solution.row_prices].concat();
    match solve(&smaller, Some(&warm)) {
        // The bound is that of the problem with all orders allowed.
        Ok(s) => {
            let objective = problem.objective(&s.trades);
            (
                problem,
                Solution {
                    lower_bound: solution.lower_bound,
                    objective,
                    steps: solution.steps + s.steps,
                    ..s
                },
            )
        }
        Err(_) => (problem, solution),
    }
}

fn wishes(
    positions: &[Position],
    problem: &Problem,
    solution: &Solution,
    value: f64,
    rates: PlanningRates,
    half: f64,
) -> Vec<Wish> {
    let k = problem.factors;
    let mut wishes = Vec::new();
    for (i, p) in positions.iter().enumerate() {
        let u = solution.trades[i];
        let Some(price) = p.price.filter(|_| u != 0.0) else { continue };
        let mut factor_price = 0.0;
        for (g, nu) in problem.exposures[i * k..(i + 1) * k].iter().zip(&solution.factor_prices) {
            factor_price += g * nu;
        }
        let mut forced = 0.0;
        for (row, mu) in problem.rows.iter().zip(&solution.row_prices) {
            forced -= row.coefficients[i] * mu * u;
        }
        let specific = problem.risk_aversion * problem.specific[i] * (problem.active[i] + u);
        let cost = half * u.abs();
        let tax = if u < 0.0 {
            problem.curves[i].cost(u) - cost
        } else {
            let net = rates.net();
            p.disallows * (if net.short > net.long { net.short } else { net.long }) * u
        };
        let reason = Reason { tax, cost, risk: (factor_price + specific) * u, forced };
        wishes.push(Wish {
            sleeve: p.sleeve,
            security: p.security,
            price,
            dollars: u * value,
            pieces: p.pieces.clone(),
            reason,
        });
    }
    wishes
}

/// Orders that bring each sleeve back to its policy weight, least tax first among a name's lots.
fn to_policy(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    mandate: MandateId,
    mut positions: Vec<Position>,
    value: f64,
    demands: &[Demand],
) -> Decision {
    let law = ctx.returns.law(ctx.view.date().year());
    let rates = ctx.tax_view(ledger, &law, mandate).rates(0.0, 0.0);
    sort_pieces(&mut positions, rates.now);
    let invested: f64 =
        positions.iter().map(|p| p.dollars).sum::<f64>() + demands.iter().map(|d| d.dollars).sum::<f64>();
    let half = half(ctx);
    let mut turnover = 0.0;
    for p in &positions {
        turnover += (p.benchmark * invested - p.dollars).abs();
    }
    let invested = invested - half * turnover;
    let wishes = positions
        .into_iter()
        .filter_map(|p| {
            let dollars = p.benchmark * invested - p.dollars;
            let price = p.price?;
            if dollars.abs() < ctx.config.trading.min_trade.to_f64() {
                return None;
            }
            let reason = Reason { cost: half * dollars.abs() / value, ..Reason::default() };
            Some(Wish { sleeve: p.sleeve, security: p.security, price, dollars, pieces: p.pieces, reason })
        })
        .collect();
    Decision { wishes, solution: None }
}
