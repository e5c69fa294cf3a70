//! Parses the `reason` column.

use serde::Serialize;
use unisleeve_core::books::journal::Cause;

/// Why an order was made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Why {
    /// Code of the leading cause; `None` if the words are not known.
    pub(super) cause: Option<&'static str>,
    /// The leading cause in words.
    pub(super) words: String,
    /// Whether a corporate action made the order, not a manager.
    pub(super) corporate: bool,
    /// Whether the position was sold outright, without an optimization: cash was needed, the name is excluded
    /// or the account closed.
    pub(super) forced: bool,
    /// Tax as the optimizer priced it, net of deferred tax, in basis points of the mandate's value. Negative
    /// means saved.
    pub(super) tax_bp: Option<f64>,
    /// Marginal change of risk in the same unit. Negative means removed.
    pub(super) risk_bp: Option<f64>,
    /// Spread paid, in the same unit.
    pub(super) cost_bp: Option<f64>,
    /// What cash and sleeve targets contributed, in the same unit.
    pub(super) targets_bp: Option<f64>,
}

/// Parses a reason. Text of another form becomes words without numbers.
pub(super) fn why(text: &str) -> Why {
    let (words, numbers) = text.rsplit_once(": tax ").unwrap_or((text, ""));
    let cause = Cause::CODES
        .into_iter()
        .zip(Cause::WORDS.lines())
        .find(|(_, start)| words.starts_with(start))
        .map(|(code, _)| code);
    let number = |name: &str| {
        let numbers = format!("tax {numbers}");
        let part = numbers.split(", ").find_map(|p| p.strip_prefix(name)?.strip_suffix(" bp")?.parse().ok());
        part.filter(|x: &f64| x.is_finite())
    };
    Why {
        cause,
        words: words.to_owned(),
        corporate: matches!(
            cause,
            Some("prices_ended" | "handed_out" | "split" | "spinoff" | "corporate_action")
        ),
        forced: matches!(cause, Some("cash_needed" | "excluded" | "account_closed")),
        tax_bp: number("tax "),
        risk_bp: number("risk "),
        cost_bp: number("cost "),
        targets_bp: number("targets "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_come_apart() {
        let w = why("tax saved: tax -1.5000 bp, risk 0.2500 bp, cost 0.0100 bp, targets 0.0000 bp");
        assert_eq!((w.cause, w.words.as_str()), (Some("tax_saved"), "tax saved"));
        assert_eq!(
            [w.tax_bp, w.risk_bp, w.cost_bp, w.targets_bp],
            [Some(-1.5), Some(0.25), Some(0.01), Some(0.0)]
        );
        let w = why(
            "paid out: the prices ended: tax 0.0000 bp, risk 0.0000 bp, cost 0.0000 bp, targets 0.0000 bp",
        );
        assert_eq!(w.words, "paid out: the prices ended");
        assert!(w.corporate && !w.forced && why("cash needed: tax 0 bp").forced);
    }

    #[test]
    fn other_words_are_kept_and_nothing_is_made_up() {
        for text in ["", "because", "because: tax x bp, risk inf bp", ": tax "] {
            let w = why(text);
            assert_eq!((w.cause, w.tax_bp, w.risk_bp), (None, None, None), "{text}");
        }
    }
}
