//! `unisleeve rebalance`: orders by lot for one portfolio on one day, with reasons and a certificate of
//! optimality.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use unisleeve_core::portfolio::{
    Answer, Binding, DriftAnswer, DriftPortfolio, Dropped, Order, OrderSide, PortfolioError, PortfolioFault,
    ProblemFile, Request, Rounding, dump, read, rebalance, rebalance_drift,
};
use unisleeve_core::solver::solve;

use crate::failure::Failure;
use crate::readers::json;
use crate::readers::table::{MOST_HELD, plain_bytes};
use crate::results::write_files;

/// Most faults printed.
const MOST_FAULTS: usize = 1_000;

/// Arguments of the command.
#[derive(Debug, Args)]
pub(crate) struct RebalanceArgs {
    /// Positions, risk model, tax position and constraints (JSON).
    #[arg(required_unless_present = "problem")]
    portfolio: Option<PathBuf>,
    /// Round orders to whole shares so that every constraint still holds. A fractional share in a holding
    /// stays.
    #[arg(long, value_enum)]
    round: Option<Round>,
    /// Print JSON instead of the table.
    #[arg(long)]
    json: bool,
    /// Also write the optimization problem with every bit of its numbers, to attach to a bug report.
    #[arg(long, value_name = "FILE")]
    dump: Option<PathBuf>,
    /// Solve a problem written by --dump. Print trades, objective, bound and multipliers (JSON).
    #[arg(long, value_name = "FILE", conflicts_with_all = ["portfolio", "dump", "round"])]
    problem: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Round {
    /// Round to whole shares.
    Shares,
}

/// Reads a portfolio and returns what the command prints.
///
/// # Errors
/// When the file can't be read, has faults, or its constraints can't be met: one message for each.
pub(crate) fn run(args: &RebalanceArgs) -> Result<String, Failure> {
    if let Some(path) = &args.problem {
        return solve_dumped(path);
    }
    let Some(path) = &args.portfolio else {
        return Err(Failure::input("expected a portfolio, or --problem"));
    };
    let name = path.display();
    let text = text_of(path)?;
    let portfolio = match read(&text).map_err(|faults| refused(&name.to_string(), &faults))? {
        Request::Risk(portfolio) => portfolio,
        Request::Drift(portfolio) => return run_drift(args, &portfolio, &name.to_string()),
    };
    let cannot =
        |e: &PortfolioError| Failure::Input(e.messages().iter().map(|m| format!("{name}: {m}")).collect());
    if let Some(to) = &args.dump {
        let problem = dump(&portfolio).map_err(|e| cannot(&e))?;
        let text = serde_json::to_string(&problem).map_err(|e| Failure::Environment(e.to_string()))?;
        write_files(&[(to.clone(), text.into_bytes())])?;
    }
    let rounding = match args.round {
        None => Rounding::None,
        Some(Round::Shares) => Rounding::Shares,
    };
    let answer = rebalance(&portfolio, rounding).map_err(|e| cannot(&e))?;
    if args.json { json(&answer) } else { Ok(table(&answer)) }
}

/// Rebalances a portfolio whose drift from its targets has a price (no risk model).
fn run_drift(args: &RebalanceArgs, portfolio: &DriftPortfolio, name: &str) -> Result<String, Failure> {
    let refused = |option: &str| {
        Failure::input(format!("{name}: drift_price: {option} needs a risk model: leave one of them out"))
    };
    if args.round.is_some() {
        return Err(refused("--round"));
    }
    if args.dump.is_some() {
        return Err(refused("--dump"));
    }
    let answer = rebalance_drift(portfolio)
        .map_err(|e| Failure::Input(e.messages().iter().map(|m| format!("{name}: {m}")).collect()))?;
    if args.json { json(&answer) } else { Ok(drift_table(&answer)) }
}

fn json(answer: &impl serde::Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(answer).map_err(|e| Failure::Environment(e.to_string()))?;
    Ok(format!("{text}\n"))
}

fn text_of(path: &Path) -> Result<String, Failure> {
    let not_text = |at: usize| Failure::input(format!("{}: not UTF-8 at byte {at}", path.display()));
    String::from_utf8(plain_bytes(path, MOST_HELD, "a JSON file")?)
        .map_err(|e| not_text(e.utf8_error().valid_up_to()))
}

/// Solves a problem from a dump file.
fn solve_dumped(path: &Path) -> Result<String, Failure> {
    let name = path.display();
    let file: ProblemFile =
        json::from_text(&text_of(path)?).map_err(|e| Failure::input(e.in_file(&name.to_string())))?;
    let solved = file.problem().and_then(|problem| solve(&problem, None));
    let s = solved.map_err(|e| Failure::input(format!("{name}: {e}")))?;
    let answer = serde_json::json!({
        "objective": s.objective,
        "lower_bound": s.lower_bound,
        "trades": s.trades,
        "factor_prices": s.prices.factors,
        "row_prices": s.prices.rows,
        "risk_aversion": s.prices.aversion,
        "gain_price": s.prices.gain,
        "steps": s.steps,
    });
    let text = serde_json::to_string_pretty(&answer).map_err(|e| Failure::Environment(e.to_string()))?;
    Ok(format!("{text}\n"))
}

fn refused(name: &str, faults: &[PortfolioFault]) -> Failure {
    let mut messages: Vec<String> = faults.iter().take(MOST_FAULTS).map(|f| format!("{name}: {f}")).collect();
    if faults.len() > MOST_FAULTS {
        messages.push(format!("{name}: and {} more", faults.len() - MOST_FAULTS));
    }
    Failure::Input(messages)
}

/// The answer in words, with dollars to the cent.
fn table(answer: &Answer) -> String {
    let mut text = orders_table(&answer.orders);
    if let Some(missed) = answer.cash_missed {
        let _ = writeln!(
            text,
            "Whole shares miss the cash_target by {missed:.2} dollars; a range would be kept."
        );
    }
    not_given(&mut text, &answer.dropped);
    let te = (answer.tracking_error_before * 100.0, answer.tracking_error_after * 100.0);
    let _ = writeln!(text, "Tracking error {:.3}% a year before, {:.3}% after.", te.0, te.1);
    paid(&mut text, answer.tax, answer.cost, answer.cash_after);
    let gap = (answer.objective - answer.lower_bound) * 1e4;
    let _ = writeln!(
        text,
        "Objective {:.8} of the value at risk aversion {:.6}; nothing better than {gap:.4} basis points is possible{}.",
        answer.objective,
        answer.risk_aversion,
        with_small(answer.objective, answer.lower_bound_without_dropped)
    );
    bound_by(&mut text, &answer.binding);
    text
}

/// The same for a portfolio with a drift price.
fn drift_table(answer: &DriftAnswer) -> String {
    let mut text = orders_table(&answer.orders);
    not_given(&mut text, &answer.dropped);
    let drift = (answer.drift_before * 100.0, answer.drift_after * 100.0);
    let _ = writeln!(text, "Drift {:.3}% of the value before, {:.3}% after.", drift.0, drift.1);
    paid(&mut text, answer.tax, answer.cost, answer.cash_after);
    let gap = (answer.objective - answer.lower_bound) * 1e4;
    let _ = writeln!(
        text,
        "Objective {:.8} of the value at a drift price of {}; nothing better than {gap:.4} basis points is possible{}.",
        answer.objective,
        answer.drift_price,
        with_small(answer.objective, answer.lower_bound_without_dropped)
    );
    bound_by(&mut text, &answer.binding);
    text
}

/// Text about the bound if orders were dropped. The main bound allows small orders; the text adds the bound
/// without the dropped ones.
fn with_small(objective: f64, without: Option<f64>) -> String {
    without.map_or_else(String::new, |bound| {
        let gap = (objective - bound) * 1e4;
        format!(", small orders allowed; without those not given nothing better than {gap:.4}")
    })
}

fn not_given(text: &mut String, dropped: &[Dropped]) {
    for d in dropped {
        let side = if d.side == OrderSide::Buy { "buy" } else { "sell" };
        let _ = writeln!(
            text,
            "Not given, below min_trade: {side} {} in {}, {:.2} dollars.",
            d.symbol, d.account, d.amount
        );
    }
}

fn paid(text: &mut String, tax: f64, cost: f64, cash_after: f64) {
    let _ = writeln!(
        text,
        "Tax {tax:.2} (negative is a saving), spreads {cost:.2}, cash left {cash_after:.2} dollars."
    );
}

fn bound_by(text: &mut String, binding: &[Binding]) {
    for b in binding {
        let _ = writeln!(text, "Binds: {} (shadow price {:.6}).", b.row, b.shadow_price);
    }
}

fn orders_table(orders: &[Order]) -> String {
    let mut rows = vec![["", "symbol", "account", "shares", "dollars", "tax", "why"].map(str::to_owned)];
    for order in orders {
        let side = if order.side == OrderSide::Buy { "buy" } else { "sell" };
        let tax = order.lots.iter().fold(0.0, |sum, l| sum + l.tax);
        let reasons = &order.reasons;
        let mut why = Vec::new();
        if reasons.tax < 0.0 {
            why.push("saves tax".to_owned());
        }
        if reasons.risk < 0.0 {
            why.push("removes risk".to_owned());
        }
        if reasons.drift.is_some_and(|d| d < 0.0) {
            why.push("removes drift".to_owned());
        }
        why.extend(reasons.constraints.iter().cloned());
        rows.push([
            side.to_owned(),
            order.symbol.clone(),
            order.account.clone(),
            format!("{:.4}", order.quantity),
            format!("{:.2}", order.amount),
            format!("{tax:.2}"),
            why.join(", "),
        ]);
    }
    let width = |c: usize| rows.iter().map(|r| r[c].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..7).map(width).collect();
    let mut text = String::new();
    if orders.is_empty() {
        text.push_str("No orders: nothing is worth its cost.\n");
    } else {
        for row in &rows {
            let mut line = String::new();
            for (c, cell) in row.iter().enumerate() {
                let wide = widths[c];
                let _ = if (3..6).contains(&c) {
                    write!(line, "{cell:>wide$}  ")
                } else {
                    write!(line, "{cell:<wide$}  ")
                };
            }
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }
    text
}
