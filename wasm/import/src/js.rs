//! The JavaScript interface. Every error is an `Error` whose message is a sentence.

use js_sys::Uint8Array;
use serde::Serialize as _;
use serde_wasm_bindgen::Serializer;
use tsify::Ts;
use wasm_bindgen::prelude::{JsCast as _, JsError, JsValue, wasm_bindgen};

use crate::convert::{self, Holdings, LONGEST};

/// Reads the holdings in a broker's file: positions of Schwab or Fidelity (CSV), open lots of an IBKR Flex
/// statement (XML or CSV), or a table with the columns symbol, quantity, basis and acquired. The content
/// decides which it is. `name` is the file's name in messages. Throws a sentence when the file as a whole
/// can't be read.
#[wasm_bindgen]
pub fn holdings(
    #[wasm_bindgen(unchecked_param_type = "Uint8Array")] bytes: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] name: &JsValue,
) -> Result<Ts<Holdings>, JsError> {
    let name = name.as_string().unwrap_or_default();
    let Some(bytes) = bytes.dyn_ref::<Uint8Array>() else {
        return Err(JsError::new("The file can't be read: expected a Uint8Array."));
    };
    // A file that is too long is refused without copying all of it.
    let most = u32::try_from(LONGEST).unwrap_or(u32::MAX).saturating_add(1);
    let bytes = bytes.subarray(0, bytes.length().min(most)).to_vec();
    let read = convert::import(&bytes, &name).map_err(|sentence| JsError::new(&sentence))?;
    let object = read.serialize(&Serializer::json_compatible());
    object.map(Ts::new_unchecked).map_err(|_| JsError::new("The holdings can't be handed to JavaScript."))
}
