//! Configurations that JavaScript hands over: objects, or JSON text.

use js_sys::{JSON, JsString};
use serde_json::Value;
use serde_path_to_error::{Deserializer, Track};
use wasm_bindgen::prelude::{JsCast as _, JsValue, wasm_bindgen};

use super::answer::{Answer, error, message};
use crate::bounded;
use crate::config::{at, parse, unreadable};

/// Longest configuration in characters of JSON: room for a hundred thousand lots.
const LONGEST: u32 = 16_000_000;

/// The value of a configuration.
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

/// A copy of an object by way of JSON.
///
/// Getters, proxies and `toJSON` are called here, once, where what they throw is caught: thrown while serde-wasm-bindgen reads, it
/// would pass through frames of Rust and leave their memory behind. What has no JSON (circles, `BigInt`) is refused.
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
    /// Unlike `js_sys::JSON::parse` it takes JavaScript's own text, which need not be copied into WebAssembly.
    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    fn parse_json(json: &JsString) -> Result<JsValue, JsValue>;
}
