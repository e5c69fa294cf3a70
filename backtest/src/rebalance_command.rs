//! `unisleeve rebalance`: orders by lot for one portfolio on one day, with reasons and a certificate.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use unisleeve_core::rebalance::portfolio::{Answer, OrderSide, PortfolioFault, Rounding, read, rebalance};

use crate::failure::Failure;
use crate::input::plain_bytes;

/// Faults printed at most.
const MOST_FAULTS: usize = 1_000;

/// Arguments of the command.
#[derive(Debug, Args)]
pub(crate) struct RebalanceArgs {
    /// Positions, risk model, tax position and constraints (JSON).
    portfolio: PathBuf,
    /// Round orders so that every constraint still holds.
    #[arg(long, value_enum)]
    round: Option<Round>,
    /// Print JSON instead of the table.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Round {
    /// To whole shares.
    Shares,
}

/// Reads a portfolio and gives what the command prints.
///
/// # Errors
/// When the file can't be read, has faults, or its constraints can't be met: one message for each.
pub(crate) fn run(args: &RebalanceArgs) -> Result<String, Failure> {
    let name = args.portfolio.display();
    let bytes = plain_bytes(&args.portfolio)?;
    let text = String::from_utf8(bytes)
        .map_err(|e| Failure::input(format!("{name}: not UTF-8 at byte {}", e.utf8_error().valid_up_to())))?;
    let portfolio = read(&text).map_err(|faults| refused(&name.to_string(), &faults))?;
    let rounding = match args.round {
        None => Rounding::None,
        Some(Round::Shares) => Rounding::Shares,
    };
    let answer = rebalance(&portfolio, rounding)
        .map_err(|e| Failure::Input(e.messages().iter().map(|m| format!("{name}: {m}")).collect()))?;
    if args.json {
        let text = serde_json::to_string_pretty(&answer).map_err(|e| Failure::Environment(e.to_string()))?;
        return Ok(format!("{text}\n"));
    }
    Ok(table(&answer))
}

fn refused(name: &str, faults: &[PortfolioFault]) -> Failure {
    let mut messages: Vec<String> = faults.iter().take(MOST_FAULTS).map(|f| format!("{name}: {f}")).collect();
    if faults.len() > MOST_FAULTS {
        messages.push(format!("{name}: and {} more", faults.len() - MOST_FAULTS));
    }
    Failure::Input(messages)
}

/// In plain words, dollars to the cent.
fn table(answer: &Answer) -> String {
    let mut rows = vec![["", "symbol", "account", "shares", "dollars", "tax", "why"].map(str::to_owned)];
    for order in &answer.orders {
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
    if answer.orders.is_empty() {
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
    let te = (answer.tracking_error_before * 100.0, answer.tracking_error_after * 100.0);
    let _ = writeln!(text, "Tracking error {:.3}% a year before, {:.3}% after.", te.0, te.1);
    let _ = writeln!(
        text,
        "Tax {:.2} (negative is a saving), spreads {:.2}, cash left {:.2} dollars.",
        answer.tax, answer.cost, answer.cash_after
    );
    let gap = (answer.objective - answer.lower_bound) * 1e4;
    let _ = writeln!(
        text,
        "Objective {:.8} of the value at risk aversion {:.6}; nothing better than {gap:.4} basis points is possible.",
        answer.objective, answer.risk_aversion
    );
    for b in &answer.binding {
        let _ = writeln!(text, "Binds: {} (shadow price {:.6}).", b.row, b.shadow_price);
    }
    text
}
