//! Trades and closes as named columns of typed arrays, which workers transfer without copying.

use js_sys::{Array, Float64Array, Int32Array, Uint8Array, Uint32Array};
use serde::Serialize;
use serde_wasm_bindgen::preserve;
use tsify::Tsify;

use crate::trades::{self, TradeEntry};

/// An arm's trades by column: one entry for each lot touched, and one for each part of it in a wash sale.
/// Amounts are in dollars.
#[derive(Debug, Serialize, Tsify)]
pub struct Trades {
    /// Days since 1970-01-01.
    #[serde(with = "preserve")]
    #[tsify(type = "Int32Array")]
    day: Int32Array,
    /// Index of the account in the summary's list.
    #[serde(with = "preserve")]
    #[tsify(type = "Uint32Array")]
    account: Uint32Array,
    /// Index of the sleeve among the arm's sleeves on that day.
    #[serde(with = "preserve")]
    #[tsify(type = "Uint32Array")]
    sleeve: Uint32Array,
    /// Index of the security in `symbols`.
    #[serde(with = "preserve")]
    #[tsify(type = "Uint32Array")]
    security: Uint32Array,
    /// Index of the cause in `causes`.
    #[serde(with = "preserve")]
    #[tsify(type = "Uint8Array")]
    cause: Uint8Array,
    /// 0 is buy, 1 is sell. Higher values are not orders (corporate actions, transfers, gifts).
    #[serde(with = "preserve")]
    #[tsify(type = "Uint8Array")]
    side: Uint8Array,
    /// Shares.
    #[serde(with = "preserve")]
    #[tsify(type = "Float64Array")]
    shares: Float64Array,
    /// Shares times price.
    #[serde(with = "preserve")]
    #[tsify(type = "Float64Array")]
    amount: Float64Array,
    /// Trading cost.
    #[serde(with = "preserve")]
    #[tsify(type = "Float64Array")]
    cost: Float64Array,
    /// Gain recognized, after the wash-sale rule.
    #[serde(with = "preserve")]
    #[tsify(type = "Float64Array")]
    recognized: Float64Array,
    /// Loss disallowed by wash sales.
    #[serde(with = "preserve")]
    #[tsify(type = "Float64Array")]
    disallowed: Float64Array,
    /// Term of the gain: 0 none, 1 short, 2 long.
    #[serde(with = "preserve")]
    #[tsify(type = "Uint8Array")]
    term: Uint8Array,
    /// Tax as the optimizer weighed it, as a fraction of the manager's value. Negative means tax saved.
    #[serde(with = "preserve")]
    #[tsify(type = "Float64Array")]
    tax: Float64Array,
    /// Risk as the optimizer weighed it, same unit. Negative means risk removed.
    #[serde(with = "preserve")]
    #[tsify(type = "Float64Array")]
    risk: Float64Array,
    /// Gain from the targets for cash and sleeves, same unit. -1 with tax and risk zero marks a sale that no
    /// optimization asked for.
    #[serde(with = "preserve")]
    #[tsify(type = "Float64Array")]
    targets: Float64Array,
}

impl Trades {
    pub(super) fn of(rows: &[TradeEntry]) -> Self {
        fn column<T, A: for<'a> From<&'a [T]>>(rows: &[TradeEntry], of: fn(&TradeEntry) -> T) -> A {
            A::from(&rows.iter().map(of).collect::<Vec<T>>())
        }
        Self {
            day: column(rows, |r| r.day),
            account: column(rows, |r| r.account),
            sleeve: column(rows, |r| r.sleeve),
            security: column(rows, |r| r.security),
            cause: column(rows, |r| r.cause),
            side: column(rows, |r| r.side),
            shares: column(rows, |r| r.shares),
            amount: column(rows, |r| r.amount),
            cost: column(rows, |r| r.cost),
            recognized: column(rows, |r| r.recognized),
            disallowed: column(rows, |r| r.disallowed),
            term: column(rows, |r| r.term),
            tax: column(rows, |r| r.tax),
            risk: column(rows, |r| r.risk),
            targets: column(rows, |r| r.targets),
        }
    }
}

/// Distance of each close from the policy, by session.
#[derive(Debug, Serialize, Tsify)]
pub struct Closes {
    /// Expected annual tracking error.
    #[serde(with = "preserve")]
    #[tsify(type = "Float64Array")]
    tracking_error: Float64Array,
    /// Drift from the policy weight, one list for each asset class, in the order of the summary's `drift`.
    #[serde(with = "preserve")]
    #[tsify(type = "Float64Array[]")]
    drift: Array,
}

impl Closes {
    pub(super) fn of(closes: &trades::Closes) -> Self {
        Self {
            tracking_error: Float64Array::from(closes.tracking_error.as_slice()),
            drift: closes.drift.iter().map(|class| Float64Array::from(class.as_slice())).collect(),
        }
    }
}
