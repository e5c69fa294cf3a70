//! The embedded history: its prices and backtests on them.

use std::sync::Arc;

use js_sys::{Function, Uint8Array};
use tsify::Ts;
use unisleeve_core::mandates::{Config, sample_config};
use unisleeve_core::market::{Market, SAMPLE_NOTES};
use unisleeve_core::study::Scope;
use wasm_bindgen::prelude::{JsCast as _, JsValue, wasm_bindgen};

use super::answer::{Answer, error, object};
use super::{Outcome, Simulator, config};
use crate::{convert, futures};

/// The default configuration, as a starting point for `Sample.run`.
#[wasm_bindgen]
pub fn default_config() -> Answer<Ts<Config>> {
    object(&sample_config())
}

/// Known defects of the sample's prices, in sentences. Every summary repeats them among its assumptions.
#[wasm_bindgen]
pub fn sample_notes() -> Vec<String> {
    SAMPLE_NOTES.map(str::to_owned).to_vec()
}

/// A panel of prices. It is read once and serves any number of runs.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Sample {
    market: Arc<Market>,
}

#[wasm_bindgen]
impl Sample {
    /// Reads a packed panel. Throws when the bytes are not a panel.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "Uint8Array")] bytes: &JsValue) -> Answer<Self> {
        let Some(bytes) = bytes.dyn_ref::<Uint8Array>() else {
            return Err(error("The prices can't be read: expected a Uint8Array.".to_owned()));
        };
        Ok(Self { market: Arc::new(convert::open(&bytes.to_vec()).map_err(error)?) })
    }

    /// Runs the arms over the prices.
    ///
    /// `config` is a configuration or its JSON. Omitted keys take their defaults. With `full`, all four arms
    /// run, and UMA is matched to SMA's realized tracking error. Otherwise UMA, SMA and shadow run at equal
    /// risk aversion. `progress` receives the name of each step before it starts. Throws one line for each
    /// fault of the configuration.
    pub fn run(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Config | string")] config: &JsValue,
        full: bool,
        #[wasm_bindgen(unchecked_optional_param_type = "(step: string) => void")] progress: Option<Function>,
    ) -> Answer<Outcome> {
        let scope = if full { Scope::Full } else { Scope::EqualGamma };
        let mut tell = move |step: &str| {
            if let Some(progress) = &progress {
                // The run continues even if the listener throws.
                let _ = progress.call1(&JsValue::NULL, &JsValue::from_str(step));
            }
        };
        let config = config::value(config)?;
        convert::run(&self.market, config, scope, &mut tell).map(Outcome::from).map_err(error)
    }

    /// A simulator that draws blocks of these prices, for a configuration with `simulation.bootstrap_block`.
    pub fn simulator(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Config | string")] config: &JsValue,
    ) -> Answer<Simulator> {
        let prices = Some(Arc::clone(&self.market));
        let config = config::value(config)?;
        futures::Simulator::new(&config, prices).map(Simulator::from).map_err(error)
    }
}
