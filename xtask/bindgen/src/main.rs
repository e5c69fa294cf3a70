//! `unisleeve-bindgen INPUT.wasm FOLDER`: writes an ES module for browsers, its TypeScript types and the WebAssembly
//! file they load into FOLDER.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [input, folder] = arguments.as_slice() else {
        bail!("expected two arguments, a WebAssembly file and a folder, got {}", arguments.len());
    };
    Bindgen::new()
        .input_path(input)
        .web(true)?
        // As the generator's own command has it: the module finds the WebAssembly file beside itself.
        .omit_default_module_path(false)
        .typescript(true)
        .generate(folder)
        .with_context(|| format!("cannot generate JavaScript for {}", input.display()))
}
