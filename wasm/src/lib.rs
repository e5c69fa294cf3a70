//! unisleeve-wasm.
