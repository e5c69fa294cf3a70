//! Simulates many futures of one configuration, one at a time.

use js_sys::{BigInt64Array, Float64Array};
use tsify::Ts;
use unisleeve_core::mandates::Config;
use unisleeve_core::study::simulate::{Round, SimulationSummary, what_if};
use wasm_bindgen::prelude::{JsCast as _, JsValue, wasm_bindgen};

use super::answer::{Answer, error, name, number, object, plain};
use super::{Outcome, config};
use crate::futures;

/// The what-if simulator's household, as a starting point for a `Simulator`.
#[wasm_bindgen]
pub fn what_if_config() -> Answer<Ts<Config>> {
    object(&what_if())
}

/// Named scenarios as a flat list: name, description, name, description, and so on.
#[wasm_bindgen]
pub fn presets() -> Vec<String> {
    futures::presets().into_iter().flat_map(|(name, about)| [name.to_owned(), about.to_owned()]).collect()
}

/// Runs the futures of one configuration, one at a time. A future depends only on the configuration and its
/// own number.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Simulator(futures::Simulator);

impl From<futures::Simulator> for Simulator {
    fn from(inner: futures::Simulator) -> Self {
        Self(inner)
    }
}

#[wasm_bindgen]
impl Simulator {
    /// `config` is a configuration with a section `simulation`, or its JSON. Omitted keys take their
    /// defaults. For a bootstrap see `Sample.simulator`. Throws one line for each fault of the configuration.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "Config | string")] config: &JsValue) -> Answer<Self> {
        futures::Simulator::new(&config::value(config)?, None).map(Self).map_err(error)
    }

    /// Sets UMA's risk aversion so that it has SMA's realized tracking error over the first futures, if the
    /// configuration asks for it, and returns it. This takes as long as about 20 futures. `round`,
    /// `tracking_error` and `take` do the same on several workers.
    pub fn match_tracking_error(&mut self) -> Answer<f64> {
        self.0.match_tracking_error().map_err(error)
    }

    /// The next runs in the search for UMA's risk aversion; null when the search is over.
    #[wasm_bindgen(unchecked_return_type = "Round | null")]
    pub fn round(&self) -> Answer<Ts<Round>> {
        plain(&self.0.round()).map(Ts::new_unchecked)
    }

    /// Realized tracking error of an arm on a future at a given risk aversion, for `take`. NaN where it is
    /// undefined. What the future's runs share is kept until the risk aversion is set.
    pub fn tracking_error(
        &mut self,
        path: f64,
        #[wasm_bindgen(unchecked_param_type = "string")] arm: &JsValue,
        gamma: f64,
    ) -> Answer<f64> {
        let found = self.0.tracking_error(number(path)?, &name(arm)?, gamma).map_err(error)?;
        Ok(found.unwrap_or(f64::NAN))
    }

    /// Takes the tracking errors of a round, in the order of the futures, and sets UMA's risk aversion to the
    /// best value so far.
    pub fn take(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Float64Array")] errors: &JsValue,
    ) -> Answer<()> {
        let Some(errors) = errors.dyn_ref::<Float64Array>() else {
            return Err(error("The tracking errors can't be read: expected a Float64Array.".to_owned()));
        };
        let known = |e: f64| Some(e).filter(|e| !e.is_nan());
        let errors: Vec<Option<f64>> = errors.to_vec().into_iter().map(known).collect();
        self.0.take(&errors).map_err(error)
    }

    /// UMA's current risk aversion.
    pub fn uma_risk_aversion(&self) -> f64 {
        self.0.uma_risk_aversion()
    }

    /// Sets UMA's risk aversion to a value that another worker found.
    pub fn set_uma_risk_aversion(&mut self, gamma: f64) -> Answer<()> {
        self.0.set_uma_risk_aversion(gamma).map_err(error)
    }

    /// Runs a future and returns its figures encoded as integers for `add`, here or in another worker.
    pub fn run(&self, path: f64) -> Answer<BigInt64Array> {
        self.0.run(number(path)?).map(|w| BigInt64Array::from(w.as_slice())).map_err(error)
    }

    /// Runs a future and keeps the full result: days, curves, figures.
    pub fn study(&self, path: f64) -> Answer<Outcome> {
        self.0.study(number(path)?).map(Outcome::from).map_err(error)
    }

    /// Adds a future's encoded figures. Throws when they do not encode a future.
    pub fn add(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "BigInt64Array")] words: &JsValue,
    ) -> Answer<()> {
        let Some(words) = words.dyn_ref::<BigInt64Array>() else {
            return Err(error("The figures can't be read: expected a BigInt64Array.".to_owned()));
        };
        self.0.add(&words.to_vec()).map_err(error)
    }

    /// Figures of the futures collected so far: fans, paired differences, averages, assumptions.
    pub fn summary(&self) -> Answer<Ts<SimulationSummary>> {
        object(&self.0.summary())
    }
}
