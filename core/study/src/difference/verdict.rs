//! What may be said of a difference: a code and a sentence.
//!
//! - Without a 95% interval of the setup effect: one path, which shows an amount and proves nothing.
//! - The interval holds zero: no measurable benefit.
//! - The effect is below 15% of what the two held differently (asset classes and names): not separable from
//!   it. This is how much luck can leak into the effect ([decision 60](../../../../docs/decisions/0060-the-setup-effect.md)).
//! - Otherwise its amount and its largest cause. Idle cash is named beside it.

use super::row::{Ending, Verdict};

/// Part of other holdings below which a setup effect can't be told from them.
const SEPARABLE: f64 = 0.15;
/// An effect or idle cash worth less than this, in dollars, is not named.
const LEAST: f64 = 1.0;

/// What a verdict is based on, in dollars: means over the paths, or the figures of one run.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Judged {
    /// Tax.
    pub tax: f64,
    /// Fees.
    pub fees: f64,
    /// Trading costs.
    pub costs: f64,
    /// Idle cash.
    pub cash: f64,
    /// Asset classes and names.
    pub holdings: f64,
    /// 95% interval of the setup effect.
    pub interval: Option<[f64; 2]>,
}

impl Judged {
    fn setup(&self) -> f64 {
        self.tax + self.fees + self.costs
    }

    fn code(&self) -> Verdict {
        let setup = self.setup();
        match self.interval {
            None => Verdict::OnePath,
            Some([low, high]) if low <= 0.0 && high >= 0.0 => Verdict::NoMeasurableBenefit,
            Some(_) if setup.abs() < SEPARABLE * self.holdings.abs() => Verdict::NotSeparable,
            Some(_) if setup > 0.0 => Verdict::Benefit,
            Some(_) => Verdict::Cost,
        }
    }

    /// The part that does most for the setup effect, in its direction.
    fn cause(&self) -> &'static str {
        let sign = if self.setup() < 0.0 { -1.0 } else { 1.0 };
        let mut largest = ("tax", sign * self.tax);
        for part in [("fees", sign * self.fees), ("trading costs", sign * self.costs)] {
            if part.1 > largest.1 {
                largest = part;
            }
        }
        largest.0
    }

    fn idle_cash(&self) -> String {
        if self.cash >= LEAST {
            format!(" Differences in idle cash add {}.", dollars(self.cash))
        } else if self.cash <= -LEAST {
            format!(" Differences in idle cash take {}.", dollars(self.cash))
        } else {
            String::new()
        }
    }
}

/// Dollars to two digits, without a sign: `$12,000`.
fn dollars(x: f64) -> String {
    let x = x.abs();
    let mut step = 1.0;
    while x >= 100.0 * step {
        step *= 10.0;
    }
    let digits = format!("{:.0}", libm::round(x / step) * step);
    let mut text = String::from("$");
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Dollars with a sign where they are negative.
fn signed(x: f64) -> String {
    let sign = if libm::round(x) < 0.0 { "-" } else { "" };
    format!("{sign}{}", dollars(x))
}

fn others(against: &str) -> &'static str {
    match against {
        "sma_best" => "separate managers at their best",
        "sma_typical" => "typical separate managers",
        _ => "separate managers",
    }
}

/// The verdict on UMA against a setup with separate managers.
pub fn verdict(against: &str, ending: Ending, judged: &Judged) -> (Verdict, String) {
    let others = others(against);
    let (code, setup) = (judged.code(), judged.setup());
    let amount = dollars(setup);
    let ending = match ending {
        Ending::Liquidated => "after everything is sold and taxed",
        Ending::Kept => "with everything kept",
    };
    let mut text = match (code, judged.interval) {
        (Verdict::NoMeasurableBenefit, Some([low, high])) => format!(
            "No measurable benefit over {others}: the effect of one manager on tax, fees and trading costs, {ending}, \
             lies between {} and {}.",
            signed(low),
            signed(high)
        ),
        (Verdict::NotSeparable, _) => format!(
            "Not separable from what they held: one manager made a difference of {} in tax, fees and trading costs \
             to {others}, but other holdings made one of {}.",
            signed(setup),
            signed(judged.holdings)
        ),
        (Verdict::OnePath, _) if setup.abs() < LEAST => {
            format!("On this one history, one manager is worth the same as {others} {ending}.")
        }
        (Verdict::OnePath, _) => format!(
            "On this one history, one manager is worth {amount} {} than {others} {ending}, mostly through {}; one \
             history can't tell this from chance.",
            if setup < 0.0 { "less" } else { "more" },
            judged.cause()
        ),
        (Verdict::Cost, _) => format!(
            "One manager is worth {amount} less than {others} {ending}, mostly because of {}.",
            judged.cause()
        ),
        _ => format!(
            "One manager is worth {amount} more than {others} {ending}, mostly through {}.",
            judged.cause()
        ),
    };
    text.push_str(&judged.idle_cash());
    if against == "sma_typical" {
        text.push_str(
            " What typical managers lose to the best is better practice and needs no unified account.",
        );
    }
    (code, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(setup: f64, holdings: f64, interval: Option<[f64; 2]>) -> (Verdict, String) {
        let judged = Judged { tax: setup, holdings, interval, ..Judged::default() };
        verdict("sma_best", Ending::Liquidated, &judged)
    }

    #[test]
    fn the_rule() {
        assert_eq!(of(12_345.0, 0.0, None).0, Verdict::OnePath);
        assert_eq!(of(12_345.0, 0.0, Some([-1.0, 30_000.0])).0, Verdict::NoMeasurableBenefit);
        assert_eq!(of(12_345.0, 100_000.0, Some([1.0, 30_000.0])).0, Verdict::NotSeparable);
        assert_eq!(of(12_345.0, -80_000.0, Some([1.0, 30_000.0])).0, Verdict::Benefit);
        assert_eq!(of(-12_345.0, 80_000.0, Some([-30_000.0, -1.0])).0, Verdict::Cost);
        assert_eq!(of(0.0, 0.0, Some([0.0, 0.0])).0, Verdict::NoMeasurableBenefit);
    }

    #[test]
    fn sentences() {
        assert_eq!(
            of(12_345.0, 0.0, Some([1.0, 2.0])).1,
            "One manager is worth $12,000 more than separate managers at their best after everything is sold and taxed, \
             mostly through tax."
        );
        let judged = Judged { tax: 300.0, fees: -2_000.0, cash: -450.0, ..Judged::default() };
        let (_, text) = verdict("sma", Ending::Kept, &Judged { interval: Some([-9.0, -1.0]), ..judged });
        assert_eq!(
            text,
            "One manager is worth $1,700 less than separate managers with everything kept, mostly because of fees. \
             Differences in idle cash take $450."
        );
        assert_eq!(
            of(0.4, 0.0, None).1,
            "On this one history, one manager is worth the same as separate managers at their best after everything is \
             sold and taxed."
        );
        assert!(verdict("sma_typical", Ending::Kept, &judged).1.contains("better practice"));
    }

    #[test]
    fn dollars_have_two_digits() {
        let of = [0.4, 7.2, 99.6, 149.0, 12_345.0, 996_000.0, 1_234_567.0].map(dollars);
        assert_eq!(of, ["$0", "$7", "$100", "$150", "$12,000", "$1,000,000", "$1,200,000"]);
        assert_eq!([signed(-1_234.0), signed(-0.2)], ["-$1,200", "$0"]);
    }
}
