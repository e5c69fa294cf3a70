//! TypeScript declarations of the quantities. They live here because every WebAssembly module that contains
//! the core must declare the core's types.

use wasm_bindgen::prelude::wasm_bindgen;

/// Declarations that the generated types refer to.
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
