//! Converts values and errors for JavaScript.

use js_sys::Error;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::{JsCast as _, JsError, JsValue};

pub(super) type Answer<T> = core::result::Result<T, JsError>;

/// Longest message in characters. A message may quote input of any length.
const LONGEST_MESSAGE: usize = 4_000;

#[allow(clippy::needless_pass_by_value, reason = "given to map_err by name")]
pub(super) fn error(sentence: String) -> JsError {
    match sentence.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => JsError::new(&format!("{} ...", &sentence[..end])),
        None => JsError::new(&sentence),
    }
}

/// Converts a value to a plain object, the same that parsing its JSON would give.
pub(super) fn object<T: Tsify + Serialize>(value: &T) -> Answer<Ts<T>> {
    plain(value).map(Ts::new_unchecked)
}

pub(super) fn plain(value: &impl Serialize) -> Answer<JsValue> {
    let written = value.serialize(&Serializer::json_compatible());
    written.map_err(|fault| error(format!("The figures can't be handed to JavaScript: {}.", message(fault))))
}

/// Returns the message of a serde-wasm-bindgen error.
pub(super) fn message(fault: serde_wasm_bindgen::Error) -> String {
    let thrown = JsValue::from(fault).dyn_into::<Error>();
    thrown.map_or_else(|_| "it can't be converted".to_owned(), |fault| fault.message().into())
}

/// Reads the number of a future.
pub(super) fn number(path: f64) -> Answer<u64> {
    if path.fract() == 0.0 && (0.0..f64::from(u32::MAX)).contains(&path) {
        Ok(path as u64)
    } else {
        Err(error(format!("{path}: expected the number of a future, a whole number from 0 on.")))
    }
}

/// Reads the name of an arm.
pub(super) fn name(arm: &JsValue) -> Answer<String> {
    arm.as_string().ok_or_else(|| error("Expected the name of an arm, such as \"uma\".".to_owned()))
}
