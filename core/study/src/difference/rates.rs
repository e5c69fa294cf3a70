//! A session of an arm relative to its value at the start: return, fees, costs, and what each class contributed.
//!
//! ```text
//! V_t = V_(t-1) (1 + r_t - f_t - k_t) + F_t - X_t + gap_t
//! ```
//!
//! with value `V`, flow `F`, tax paid `X`, and the rates of return `r` (before tax, fees and costs), fees `f`
//! and trading costs `k`. An arm with a value starts the session with `gap = 0`. One without (before it began,
//! after ruin or after its accounts were closed) is given the other arm's rates, so that they differ in
//! nothing; its gap is whatever its value changed by.

use super::series::Session;

/// Below this value in dollars an arm has no rates of its own: a rounded cent would be a large return.
const LEAST: f64 = 1.0;

/// One class in a session, relative to the arm's value at the start.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct ClassRates {
    /// Weight at the start.
    pub weight: f64,
    /// Contribution of prices to the return.
    pub gain: f64,
    /// Contribution of dividends and interest.
    pub income: f64,
}

/// A session of one arm.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Rates {
    /// Value at the start, dollars.
    pub value: f64,
    /// Return before tax, fees and costs.
    pub total: f64,
    /// Fees.
    pub fees: f64,
    /// Trading costs.
    pub costs: f64,
    /// Weight of cash.
    pub cash_weight: f64,
    /// What cash itself contributed.
    pub cash: f64,
    /// Asset classes.
    pub classes: Vec<ClassRates>,
    /// Change in value that the rates do not explain, dollars.
    pub gap: f64,
}

/// Rates of an arm with value at the start.
fn own(value: f64, session: &Session) -> Rates {
    let total = session.gained(value) / value;
    let mut classes = Vec::with_capacity(session.classes.len());
    let (mut cash_weight, mut cash) = (1.0, total);
    for class in &session.classes {
        let rates = ClassRates {
            weight: class.before / value,
            gain: class.gain / value,
            income: class.income / value,
        };
        cash_weight -= rates.weight;
        cash -= rates.gain + rates.income;
        classes.push(rates);
    }
    Rates {
        value,
        total,
        fees: session.fees / value,
        costs: session.costs / value,
        cash_weight,
        cash,
        classes,
        gap: 0.0,
    }
}

/// Another arm's rates for an arm without value.
fn borrowed(value: f64, session: &Session, from: &Rates) -> Rates {
    let grown = value * (1.0 + from.total - from.fees - from.costs) + session.flow - session.tax_paid;
    Rates { value, gap: session.value - grown, ..from.clone() }
}

/// Rates of both arms in a session, from their values at its start.
pub(super) fn rates(values: [f64; 2], sessions: [&Session; 2]) -> [Rates; 2] {
    let [v, w] = values;
    let [one, other] = sessions;
    match (v >= LEAST, w >= LEAST) {
        (true, true) => [own(v, one), own(w, other)],
        (true, false) => {
            let rates = own(v, one);
            let other = borrowed(w, other, &rates);
            [rates, other]
        }
        (false, true) => {
            let rates = own(w, other);
            [borrowed(v, one, &rates), rates]
        }
        (false, false) => {
            let classes = vec![ClassRates::default(); one.classes.len()];
            let none = Rates { cash_weight: 1.0, classes, ..Rates::default() };
            [borrowed(v, one, &none), borrowed(w, other, &none)]
        }
    }
}
