//! What JavaScript sees. Every error is an `Error` whose message is a sentence.

use std::sync::Arc;

use js_sys::{BigInt64Array, Float64Array, Function, Int32Array};
use unisleeve_core::market::{Market, SAMPLE_NOTES};
use unisleeve_core::study::Scope;
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

use crate::{convert, futures};

type Answer<T> = core::result::Result<T, JsError>;

#[allow(clippy::needless_pass_by_value, reason = "given to map_err by name")]
fn error(sentence: String) -> JsError {
    JsError::new(&sentence)
}

/// The default configuration as JSON: a starting point for `Sample.run`.
#[wasm_bindgen]
pub fn default_config() -> Answer<String> {
    convert::default_config().map_err(error)
}

/// What is wrong with the sample's prices, in sentences. Every summary repeats them among its assumptions.
#[wasm_bindgen]
pub fn sample_notes() -> Vec<String> {
    SAMPLE_NOTES.map(str::to_owned).to_vec()
}

/// A panel of prices, read once and used for any number of runs.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Sample {
    market: Arc<Market>,
}

#[wasm_bindgen]
impl Sample {
    /// Reads a packed panel; throws when the bytes are not one.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8]) -> Answer<Self> {
        Ok(Self { market: Arc::new(convert::open(bytes).map_err(error)?) })
    }

    /// Runs the arms over the prices.
    ///
    /// `config_json` is a configuration; keys left out take their defaults. `full` runs all four arms and finds the UMA
    /// of equal realised tracking error; otherwise UMA, SMA and shadow run at equal risk aversion. `progress` is told
    /// the name of each step before it starts. Throws one line for each fault of the configuration.
    pub fn run(
        &self,
        config_json: &str,
        full: bool,
        #[wasm_bindgen(unchecked_optional_param_type = "(step: string) => void")] progress: Option<Function>,
    ) -> Answer<Outcome> {
        let scope = if full { Scope::Full } else { Scope::EqualGamma };
        let mut tell = move |step: &str| {
            if let Some(progress) = &progress {
                // What a listener throws is its own affair: the run goes on.
                let _ = progress.call1(&JsValue::NULL, &JsValue::from_str(step));
            }
        };
        convert::run(&self.market, config_json, scope, &mut tell).map(Outcome).map_err(error)
    }

    /// A simulator whose futures are blocks of these prices, for a configuration with `simulation.bootstrap_block`.
    pub fn simulator(&self, config_json: &str) -> Answer<Simulator> {
        let prices = Some(Arc::clone(&self.market));
        futures::Simulator::new(config_json, prices).map(Simulator).map_err(error)
    }
}

/// The arms with their figures and their days.
#[wasm_bindgen(js_name = Result)]
#[derive(Debug)]
pub struct Outcome(convert::Outcome);

#[wasm_bindgen(js_class = Result)]
impl Outcome {
    /// All figures as JSON, with versions, hashes and assumptions.
    pub fn summary(&self) -> Answer<String> {
        self.0.summary_json().map_err(error)
    }

    /// Names of the arms, in the order of a table.
    pub fn names(&self) -> Vec<String> {
        self.0.summary().arm_order.iter().map(|name| (*name).to_owned()).collect()
    }

    /// Days since 1970-01-01, by session.
    pub fn days(&self) -> Int32Array {
        Int32Array::from(self.0.days().as_slice())
    }

    /// An arm's value less accrued tax in dollars, by session; throws when there is no arm of that name.
    pub fn after_tax_wealth(&self, arm: &str) -> Answer<Float64Array> {
        self.0.after_tax_wealth(arm).map(|wealth| Float64Array::from(wealth.as_slice())).map_err(error)
    }

    /// SHA-256 of every arm's journal: equal natively and in the browser.
    pub fn result_hash(&self) -> String {
        self.0.summary().result_hash.clone()
    }

    /// SHA-256 of the configuration as canonical JSON.
    pub fn config_hash(&self) -> String {
        self.0.summary().config_hash.clone()
    }
}

/// The household of the what-if simulator as JSON: a starting point for a `Simulator`.
#[wasm_bindgen]
pub fn what_if_config() -> Answer<String> {
    futures::what_if().map_err(error)
}

/// Named scenarios: name, description, name, description ...
#[wasm_bindgen]
pub fn presets() -> Vec<String> {
    futures::presets().into_iter().flat_map(|(name, about)| [name.to_owned(), about.to_owned()]).collect()
}

/// Runs the futures of one configuration, one at a time. A future depends on the configuration and its own number alone.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Simulator(futures::Simulator);

#[wasm_bindgen]
impl Simulator {
    /// `config_json` is a configuration with a section `simulation`; keys left out take their defaults. For a
    /// bootstrap see `Sample.simulator`. Throws one line for each fault of the configuration.
    #[wasm_bindgen(constructor)]
    pub fn new(config_json: &str) -> Answer<Self> {
        futures::Simulator::new(config_json, None).map(Self).map_err(error)
    }

    /// Sets UMA's risk aversion so that it has SMA's realised tracking error over the first futures, where the configuration asks
    /// for it, and returns it. As long as some 20 futures.
    pub fn match_tracking_error(&mut self) -> Answer<f64> {
        self.0.match_tracking_error().map_err(error)
    }

    /// Sets UMA's risk aversion to one that another worker found.
    pub fn set_uma_risk_aversion(&mut self, gamma: f64) {
        self.0.set_uma_risk_aversion(gamma);
    }

    /// Runs a future; its figures as words for `add`, here or in another worker.
    pub fn run(&self, path: u32) -> Answer<BigInt64Array> {
        self.0.run(u64::from(path)).map(|w| BigInt64Array::from(w.as_slice())).map_err(error)
    }

    /// Runs a future and keeps all of it: days, curves, figures.
    pub fn study(&self, path: u32) -> Answer<Outcome> {
        self.0.study(u64::from(path)).map(Outcome).map_err(error)
    }

    /// Collects a future's words. Throws when they are not those of a future.
    pub fn add(&mut self, words: &[i64]) -> Answer<()> {
        self.0.add(words).map_err(error)
    }

    /// Figures of the futures collected so far as JSON: fans, paired differences, averages, assumptions.
    pub fn summary(&self) -> Answer<String> {
        self.0.summary().map_err(error)
    }
}
