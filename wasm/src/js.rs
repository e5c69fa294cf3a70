//! What JavaScript sees. Every error is an `Error` whose message is a sentence.

use std::sync::Arc;

use js_sys::{Array, BigInt64Array, Float64Array, Function, Int32Array, JSON, JsString, Uint8Array};
use tsify::{Ts, Tsify};
use unisleeve_core::market::{Market, SAMPLE_NOTES};
use unisleeve_core::setup::Config;
use unisleeve_core::simulate::{Round, SimulationSummary};
use unisleeve_core::study::{Scope, Summary};
use wasm_bindgen::prelude::{JsCast as _, JsError, JsValue, wasm_bindgen};

use crate::{convert, futures};

type Answer<T> = core::result::Result<T, JsError>;

/// Longest configuration in characters: room for a hundred thousand lots.
const LONGEST: u32 = 16_000_000;
/// Longest message: what it quotes may be of any length.
const LONGEST_MESSAGE: usize = 4_000;

#[allow(clippy::needless_pass_by_value, reason = "given to map_err by name")]
fn error(sentence: String) -> JsError {
    match sentence.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => JsError::new(&format!("{} ...", &sentence[..end])),
        None => JsError::new(&sentence),
    }
}

/// The text of a configuration that came as an object or as text.
fn text(config: &JsValue) -> Answer<String> {
    let unreadable = |why: &str| error(format!("The settings can't be read: {why}."));
    let json = match config.dyn_ref::<JsString>() {
        Some(text) => text.clone(),
        // What JavaScript throws here (a circle, a BigInt) has a message of its own, which says no more.
        None => JSON::stringify(config).map_err(|_| unreadable("they can't be written as JSON"))?,
    };
    // A list would be read as a configuration's fields in order.
    if !json.is_string() || Array::is_array(config) {
        return Err(unreadable("expected an object"));
    }
    if json.length() > LONGEST {
        return Err(unreadable(&format!("{} characters, expected at most {LONGEST}", json.length())));
    }
    Ok(json.into())
}

/// An object of the JSON that stands for it.
fn object<T: Tsify>(json: &str) -> Answer<Ts<T>> {
    let parsed = JSON::parse(json).map_err(|_| error("The answer can't be read as JSON.".to_owned()))?;
    Ok(Ts::new_unchecked(parsed))
}

/// The number of a future.
fn number(path: f64) -> Answer<u64> {
    if path.fract() == 0.0 && (0.0..f64::from(u32::MAX)).contains(&path) {
        Ok(path as u64)
    } else {
        Err(error(format!("{path}: expected the number of a future, a whole number from 0 on.")))
    }
}

fn word(text: &JsValue) -> Answer<String> {
    text.as_string().ok_or_else(|| error("Expected the name of an arm, such as \"uma\".".to_owned()))
}

/// Numbers of an arm, handed over to JavaScript.
fn numbers(
    outcome: &Outcome,
    arm: &JsValue,
    of: fn(&convert::Outcome, &str) -> Result<Vec<f64>, String>,
) -> Answer<Float64Array> {
    let numbers = of(&outcome.0, &word(arm)?).map_err(error)?;
    Ok(Float64Array::from(numbers.as_slice()))
}

/// The default configuration: a starting point for `Sample.run`.
#[wasm_bindgen]
pub fn default_config() -> Answer<Ts<Config>> {
    object(&convert::default_config().map_err(error)?)
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
    pub fn new(#[wasm_bindgen(unchecked_param_type = "Uint8Array")] bytes: &JsValue) -> Answer<Self> {
        let Some(bytes) = bytes.dyn_ref::<Uint8Array>() else {
            return Err(error("The prices can't be read: expected a Uint8Array.".to_owned()));
        };
        Ok(Self { market: Arc::new(convert::open(&bytes.to_vec()).map_err(error)?) })
    }

    /// Runs the arms over the prices.
    ///
    /// `config` is a configuration or its JSON; keys left out take their defaults. `full` runs all four arms and finds the UMA
    /// of equal realised tracking error; otherwise UMA, SMA and shadow run at equal risk aversion. `progress` is told
    /// the name of each step before it starts. Throws one line for each fault of the configuration.
    pub fn run(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Config | string")] config: &JsValue,
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
        convert::run(&self.market, &text(config)?, scope, &mut tell).map(Outcome).map_err(error)
    }

    /// A simulator whose futures are blocks of these prices, for a configuration with `simulation.bootstrap_block`.
    pub fn simulator(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Config | string")] config: &JsValue,
    ) -> Answer<Simulator> {
        let prices = Some(Arc::clone(&self.market));
        futures::Simulator::new(&text(config)?, prices).map(Simulator).map_err(error)
    }
}

/// The arms with their figures and their days.
#[wasm_bindgen(js_name = Result)]
#[derive(Debug)]
pub struct Outcome(convert::Outcome);

#[wasm_bindgen(js_class = Result)]
impl Outcome {
    /// All figures, with versions, hashes and assumptions.
    pub fn summary(&self) -> Answer<Ts<Summary>> {
        object(&self.0.summary_json().map_err(error)?)
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
    pub fn after_tax_wealth(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] arm: &JsValue,
    ) -> Answer<Float64Array> {
        numbers(self, arm, convert::Outcome::after_tax_wealth)
    }

    /// Causes of trades in words, then the symbols of all securities, a line each: what numbers of `rows` stand for.
    pub fn words(&self) -> String {
        self.0.words()
    }

    /// What an arm did: numbers for each session, then 15 for each trade. Throws when there is no arm of that name.
    ///
    /// A session's: expected tracking error, then each asset class's drift from its policy weight, in the order of the summary's
    /// `drift`. A trade's, one for each lot touched and each part of it that was washed: day since 1970-01-01, account (its place in the
    /// summary's), sleeve, security and cause (lines of `words`), side (0 buy, 1 sell, above: no order), shares, amount, cost, gain
    /// recognised, loss disallowed, term (0 none, 1 short, 2 long); then why, in fractions of the manager's value: tax (below
    /// zero: saved), risk (below zero: removed), what targets paid. Amounts in dollars.
    pub fn rows(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] arm: &JsValue,
    ) -> Answer<Float64Array> {
        numbers(self, arm, convert::Outcome::rows)
    }

    /// Every event of the arms' journals as text, a line each: arm, date, kind, and figures in their smallest units. To set two
    /// runs side by side.
    pub fn events(&self) -> Vec<String> {
        self.0.events()
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

/// The household of the what-if simulator: a starting point for a `Simulator`.
#[wasm_bindgen]
pub fn what_if_config() -> Answer<Ts<Config>> {
    object(&futures::what_if().map_err(error)?)
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
    /// `config` is a configuration with a section `simulation`, or its JSON; keys left out take their defaults. For a
    /// bootstrap see `Sample.simulator`. Throws one line for each fault of the configuration.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "Config | string")] config: &JsValue) -> Answer<Self> {
        futures::Simulator::new(&text(config)?, None).map(Self).map_err(error)
    }

    /// Sets UMA's risk aversion so that it has SMA's realised tracking error over the first futures, where the configuration asks
    /// for it, and returns it. As long as some 20 futures; `round`, `tracking_error` and `take` do the same on several workers.
    pub fn match_tracking_error(&mut self) -> Answer<f64> {
        self.0.match_tracking_error().map_err(error)
    }

    /// The runs that the search for UMA's risk aversion asks for next; none when it is over.
    #[wasm_bindgen(unchecked_return_type = "Round | null")]
    pub fn round(&self) -> Answer<Ts<Round>> {
        object(&self.0.round().map_err(error)?)
    }

    /// Realised tracking error of an arm on a future at a risk aversion, for `take`; NaN where it has none. What the future's runs
    /// share is kept until the risk aversion is set.
    pub fn tracking_error(
        &mut self,
        path: f64,
        #[wasm_bindgen(unchecked_param_type = "string")] arm: &JsValue,
        gamma: f64,
    ) -> Answer<f64> {
        let found = self.0.tracking_error(number(path)?, &word(arm)?, gamma).map_err(error)?;
        Ok(found.unwrap_or(f64::NAN))
    }

    /// Takes the tracking errors of a round, in the order of the futures, and sets UMA's risk aversion to the best so far.
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

    /// UMA's risk aversion as it stands.
    pub fn uma_risk_aversion(&self) -> f64 {
        self.0.uma_risk_aversion()
    }

    /// Sets UMA's risk aversion to one that another worker found.
    pub fn set_uma_risk_aversion(&mut self, gamma: f64) -> Answer<()> {
        self.0.set_uma_risk_aversion(gamma).map_err(error)
    }

    /// Runs a future; its figures as words for `add`, here or in another worker.
    pub fn run(&self, path: f64) -> Answer<BigInt64Array> {
        self.0.run(number(path)?).map(|w| BigInt64Array::from(w.as_slice())).map_err(error)
    }

    /// Runs a future and keeps all of it: days, curves, figures.
    pub fn study(&self, path: f64) -> Answer<Outcome> {
        self.0.study(number(path)?).map(Outcome).map_err(error)
    }

    /// Collects a future's words. Throws when they are not those of a future.
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
        object(&self.0.summary().map_err(error)?)
    }
}
