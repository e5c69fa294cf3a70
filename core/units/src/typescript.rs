//! How quantities look to TypeScript. Here rather than beside the functions for JavaScript, because every WebAssembly file
//! with the core in it declares the core's types.

use wasm_bindgen::prelude::wasm_bindgen;

/// What the core's types rest on.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "
/** A date: `2027-01-04`. */
export type NaiveDate = string;
/** Dollars, to a ten-thousandth. */
export type Money = number;
/** Shares, to a millionth. */
export type Shares = number;
/** A fraction, to a millionth: 0.05 is 5%. */
export type Rate = number;
";
