//! The day's orders in plain words.

use std::fmt::Write as _;

use super::day::{ArmDay, Day};
use super::orders::{Lot, Order};
use crate::render::format::{SENTENCE, TERMINAL, shortest};
use crate::render::setups::Setups;

/// Text for all orders of the day.
pub(super) fn text(day: &Day, setups: Setups) -> String {
    let mut out = String::new();
    // Writing to a String does not fail.
    for arm in &day.arms {
        let _ = writeln!(out, "{}", head(day, arm, setups));
        for order in &arm.orders {
            let _ = write!(out, "\n{}", one(order));
        }
        out.push('\n');
    }
    let _ = writeln!(
        out,
        "Reasons in bp (hundredths of a percent) of the mandate's value: tax as the optimizer priced it, net of what it \
         defers;\nrisk at the margin; below zero is saved or removed. Lots' tax: what is recognized at flat {} short-term, {} \
         long-term.",
        percent(day.rate_short),
        percent(day.rate_long)
    );
    out
}

fn head(day: &Day, arm: &ArmDay, setups: Setups) -> String {
    let of = |side: &str| arm.orders.iter().filter(|o| o.side == side).map(|o| o.dollars).sum::<f64>();
    // Corporate actions, transfers in and gifts are not orders.
    let is_order = |o: &&Order| matches!(o.side.as_str(), "buy" | "sell") && !o.why.corporate;
    let count = arm.orders.iter().filter(is_order).count();
    let others = arm.orders.len() - count;
    let recognized: f64 = arm.orders.iter().map(|o| o.recognized).sum();
    let mut text = format!(
        "{}, {} ({}): {count} order{}, sold {}, bought {}, recognized {}",
        day.date,
        setups.name(&arm.arm),
        arm.arm,
        if count == 1 { "" } else { "s" },
        dollars(of("sell")),
        dollars(of("buy")),
        dollars(recognized)
    );
    if others > 0 {
        let _ = write!(text, "; {others} without an order");
    }
    text
}

fn one(o: &Order) -> String {
    // A split or a spin-off has no price.
    let paid = if o.price > 0.0 {
        format!(" at {}, {}", dollars(o.price), dollars(o.dollars))
    } else {
        String::new()
    };
    let mut text = format!(
        "{} {}: {} shares{paid}  [{}; {}; {}]\n",
        o.side.replace('_', " "),
        o.symbol,
        shares(o.shares),
        o.sleeve,
        o.account,
        o.mandate
    );
    let _ = write!(text, "  why: {}", o.why.words);
    let numbers = [
        ("tax", o.why.tax_bp),
        ("risk", o.why.risk_bp),
        ("cost", o.why.cost_bp),
        ("targets", o.why.targets_bp),
    ];
    // A corporate action and an outright sale have no numbers from the optimizer.
    if !o.why.corporate && !o.why.forced {
        let said: Vec<String> =
            numbers.iter().filter_map(|(name, x)| Some(format!("{name} {:+.4} bp", (*x)?))).collect();
        if !said.is_empty() {
            let _ = write!(text, " ({})", said.join(", "));
        }
    }
    text.push('\n');
    for lot in &o.lots {
        let _ = writeln!(text, "  {}", lot_line(lot));
    }
    text
}

fn lot_line(l: &Lot) -> String {
    let mut text = format!("{}: {} shares of {}", l.name, shares(l.shares), l.acquired);
    if let (Some(term), Some(tax)) = (&l.term, l.tax) {
        let kind = if l.gain < 0.0 { "loss" } else { "gain" };
        let _ = write!(text, ", {term}-term {kind} {}", dollars(l.gain.abs()));
        if l.disallowed > 0.0 {
            let by = l.replacement.as_ref().map_or(String::new(), |lot| format!(" by {lot}"));
            let _ = write!(text, ", {} of it washed{by}", dollars(l.disallowed));
        }
        let kind = if tax < 0.0 { "tax saved" } else { "tax" };
        let _ = write!(text, ", {kind} {}", dollars(tax.abs()));
    } else {
        let _ = write!(text, ", basis {}", dollars(l.basis));
    }
    text
}

fn dollars(x: f64) -> String {
    SENTENCE.dollars(Some(x), 2)
}

/// Shares with as many decimals as needed, at most six.
fn shares(x: f64) -> String {
    shortest(x, 6)
}

fn percent(rate: f64) -> String {
    TERMINAL.percent(Some(rate), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_a_person_writes_them() {
        assert_eq!(dollars(-1_234.5), "-$1,234.50");
        assert_eq!(dollars(-0.001), "$0.00");
        assert_eq!([shares(1_200.0), shares(-0.25), shares(59.658_22)], ["1,200", "-0.25", "59.65822"]);
    }
}
