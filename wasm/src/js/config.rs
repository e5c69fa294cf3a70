//! Reads configurations from JavaScript, as objects or JSON text.

use js_sys::{JSON, JsString};
use serde_json::Value;
use serde_path_to_error::{Deserializer, Track};
use wasm_bindgen::prelude::{JsCast as _, JsValue, wasm_bindgen};

use super::answer::{Answer, error, message};
use crate::bounded;
use crate::config::{at, parse, unreadable};

/// Longest configuration in characters of JSON. It fits a hundred thousand lots.
const LONGEST: u32 = 16_000_000;

/// Converts a JavaScript configuration to a value.
pub(super) fn value(config: &JsValue) -> Answer<Value> {
    if let Some(text) = config.dyn_ref::<JsString>() {
        check_length(text)?;
        return parse(&String::from(text)).map_err(error);
    }
    let copy = copy(config)?;
    let mut track = Track::new();
    let from = Deserializer::new(serde_wasm_bindgen::Deserializer::from(copy), &mut track);
    let read = bounded::value(from);
    read.map_err(|fault| error(at(&track.path(), &message(fault))))
}

/// Copies an object by way of JSON.
///
/// Getters, proxies and `toJSON` run here, once, where their exceptions are caught. An exception thrown while
/// serde-wasm-bindgen reads would skip Rust's cleanup and leak memory. Values without a JSON form (circular
/// references, `BigInt`) are refused.
fn copy(config: &JsValue) -> Answer<JsValue> {
    let json = JSON::stringify(config).map_err(|_| error(unreadable("they can't be written as JSON")))?;
    if !json.is_string() {
        return Err(error(unreadable("expected an object")));
    }
    check_length(&json)?;
    parse_json(&json).map_err(|_| error(unreadable("they can't be written as JSON")))
}

fn check_length(json: &JsString) -> Answer<()> {
    if json.length() > LONGEST {
        let found = format!("{} characters, expected at most {LONGEST}", json.length());
        return Err(error(unreadable(&found)));
    }
    Ok(())
}

#[wasm_bindgen]
extern "C" {
    /// Unlike `js_sys::JSON::parse`, this takes a JavaScript string, so the text is not copied into
    /// WebAssembly.
    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    fn parse_json(json: &JsString) -> Result<JsValue, JsValue>;
}
