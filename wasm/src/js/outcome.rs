//! The result of a run: figures, curves and trades.

use js_sys::{Float64Array, Int32Array};
use tsify::Ts;
use unisleeve_core::study::Summary;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::answer::{Answer, error, name, object};
use super::columns::{Closes, Trades};
use crate::convert;

/// The result of a run: the arms with their figures and daily values.
#[wasm_bindgen(js_name = Result)]
#[derive(Debug)]
pub struct Outcome(convert::Outcome);

impl From<convert::Outcome> for Outcome {
    fn from(inner: convert::Outcome) -> Self {
        Self(inner)
    }
}

#[wasm_bindgen(js_class = Result)]
impl Outcome {
    /// All figures, with versions, hashes and assumptions.
    pub fn summary(&self) -> Answer<Ts<Summary>> {
        object(self.0.summary())
    }

    /// Names of the arms, in the order of a table.
    pub fn names(&self) -> Vec<String> {
        self.0.summary().arm_order.iter().map(|name| (*name).to_owned()).collect()
    }

    /// Days since 1970-01-01, by session.
    pub fn days(&self) -> Int32Array {
        Int32Array::from(self.0.days().as_slice())
    }

    /// Value of an arm less accrued tax in dollars, by session. Throws when no arm has that name.
    pub fn after_tax_wealth(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] arm: &JsValue,
    ) -> Answer<Float64Array> {
        let wealth = self.0.after_tax_wealth(&name(arm)?).map_err(error)?;
        Ok(Float64Array::from(wealth.as_slice()))
    }

    /// Descriptions of the causes of trades. The column `cause` of `trades` holds indices into this list.
    pub fn causes(&self) -> Vec<String> {
        convert::Outcome::causes().into_iter().map(str::to_owned).collect()
    }

    /// Symbols of all securities. The column `security` of `trades` holds indices into this list.
    pub fn symbols(&self) -> Vec<String> {
        self.0.symbols().into_iter().map(str::to_owned).collect()
    }

    /// An arm's trades in chronological order. Throws when no arm has that name.
    pub fn trades(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] arm: &JsValue,
    ) -> Answer<Ts<Trades>> {
        let rows = self.0.trades(&name(arm)?).map_err(error)?;
        object(&Trades::of(&rows))
    }

    /// Distance of each of an arm's closes from the policy. Throws when no arm has that name.
    pub fn closes(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] arm: &JsValue,
    ) -> Answer<Ts<Closes>> {
        let closes = self.0.closes(&name(arm)?).map_err(error)?;
        object(&Closes::of(&closes))
    }

    /// Every event of the arms' journals as text, one line each: arm, date, kind, and figures in their
    /// smallest units. Use it to compare two runs.
    pub fn events(&self) -> Vec<String> {
        self.0.events()
    }

    /// SHA-256 of every arm's journal. It is the same natively and in the browser.
    pub fn result_hash(&self) -> String {
        self.0.summary().result_hash.clone()
    }

    /// SHA-256 of the configuration as canonical JSON.
    pub fn config_hash(&self) -> String {
        self.0.summary().config_hash.clone()
    }
}
