//! Builds the core for the browser: compiles it, generates JavaScript and TypeScript, and optimizes the file.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::project::Project;
use crate::run::Run;
use crate::sizes;
use crate::step::Step;
use crate::toolchain::{TARGET, Toolchain};

/// Compiles `wasm/npm/pkg`: the core of the npm package, and the importers, which a page loads only when it
/// needs them.
pub(crate) const BUILD: Step = Step { name: "wasm", title: "core for the browser", action: build };

/// Lints the crates for the browser with the compiler that builds them.
pub(crate) const CLIPPY: Step = Step { name: "clippy-wasm", title: "clippy for wasm", action: clippy };

/// The crates and their output files. One cargo run builds both, so that the core is compiled once.
const CRATES: &str = "-p unisleeve-wasm -p unisleeve-import-wasm";
const FILES: [&str; 2] = ["unisleeve_wasm", "unisleeve_import_wasm"];

/// Optimizes for speed and enables the WebAssembly extensions that the crates use.
const WASM_OPT: &str = "-O3 --strip-producers --strip-target-features --enable-simd --enable-bulk-memory --enable-mutable-globals --enable-sign-ext \
     --enable-nontrapping-float-to-int --enable-reference-types --enable-multivalue";

/// Installs the JavaScript generator; returns a remark.
pub(crate) fn install_generator(project: &Project) -> Outcome<String> {
    if let Some(remark) = generator_on_path(project)? {
        return Ok(remark);
    }
    let manifest = project.root.join("xtask/bindgen/Cargo.toml");
    let run = Run::new(project, "cargo").words("build --locked --manifest-path").arg(manifest);
    run.arg("--target-dir").arg(generator_folder(project)).finish(project)?;
    Ok(String::new())
}

fn build(project: &Project) -> Outcome<String> {
    let toolchain = Toolchain::find(project)?;
    toolchain.cargo(project, "build").words(CRATES).finish(project)?;
    let compiled = toolchain.target_folder(project).join(TARGET).join("wasm");
    let optimiser = Some(project.web().join("node_modules/.bin/wasm-opt")).filter(|path| path.exists());
    let mut remarks = Vec::new();
    for file in FILES {
        let shipped = ship(project, &compiled.join(format!("{file}.wasm")), optimiser.as_ref())?;
        remarks.push(format!("{file} {}", sizes::of(project, &shipped)?));
    }
    let without =
        if optimiser.is_some() { "" } else { ", without wasm-opt: binaryen is not in web/node_modules" };
    Ok(format!("{}{without}", remarks.join("; ")))
}

/// Adds a compiled file to the package unless it is up to date; returns its path.
fn ship(project: &Project, compiled: &Path, optimiser: Option<&PathBuf>) -> Outcome<PathBuf> {
    let package = project.npm().join("pkg");
    let name = compiled.file_stem().unwrap_or_default().to_string_lossy();
    let shipped = package.join(format!("{name}_bg.wasm"));
    let made_from = package.join(format!(".{name}-made-from"));
    let stamp = Stamp::of(project, [Some(&compiled.to_owned()), Some(&generator(project)), optimiser])?;
    if !(shipped.exists() && stamp.is_in(&made_from)) {
        generate(project, compiled, &package)?;
        if let Some(optimiser) = optimiser {
            optimise(project, optimiser, &shipped)?;
        }
        stamp.write(&made_from)?;
    }
    Ok(shipped)
}

fn clippy(project: &Project) -> Outcome<String> {
    let run = Toolchain::find(project)?.cargo(project, "clippy");
    // The two toolchains may know some lints by different names, or not at all.
    let lints = "-- -D warnings -A unknown-lints -A renamed-and-removed-lints";
    run.words("-p unisleeve-core").words(CRATES).words(lints).finish(project)?;
    Ok(String::new())
}

fn generate(project: &Project, compiled: &Path, package: &Path) -> Outcome<()> {
    let run = if generator_on_path(project)?.is_some() {
        Run::new(project, "wasm-bindgen").words("--target web --out-dir").arg(package).arg(compiled)
    } else {
        let program = generator(project);
        if !program.exists() {
            return Err("The generator of JavaScript is not built: run `cargo xtask setup`.".to_owned());
        }
        Run::new(project, program).arg(compiled).arg(package)
    };
    run.finish(project)
}

fn optimise(project: &Project, optimiser: &Path, shipped: &Path) -> Outcome<()> {
    let smaller = shipped.with_extension("smaller");
    let run = Run::new(project, optimiser).words(WASM_OPT).arg(shipped).arg("-o").arg(&smaller);
    run.finish(project)?;
    fs::rename(&smaller, shipped).map_err(|error| format!("Cannot write {}: {error}.", shipped.display()))
}

fn generator_folder(project: &Project) -> PathBuf {
    project.target.join("bindgen")
}

fn generator(project: &Project) -> PathBuf {
    generator_folder(project).join("debug").join(format!("unisleeve-bindgen{EXE_SUFFIX}"))
}

/// A remark if the `wasm-bindgen` command on the path has exactly the version of the crate. Other versions
/// can't read the file.
fn generator_on_path(project: &Project) -> Outcome<Option<String>> {
    let wanted = format!("wasm-bindgen {}", project.locked_version("wasm-bindgen")?);
    let found = Run::new(project, "wasm-bindgen").words("--version").output();
    Ok(found.is_ok_and(|version| version == wanted).then(|| format!("{wanted} is on the path")))
}

/// Describes the inputs of a packaged file. It is stored beside the file, so that nothing is built twice.
struct Stamp(String);

impl Stamp {
    fn of(project: &Project, inputs: [Option<&PathBuf>; 3]) -> Outcome<Self> {
        let version = project.locked_version("wasm-bindgen")?;
        // A missing input adds no line. The step that needs it reports the error.
        let inputs = inputs.into_iter().flatten().filter_map(|input| fs::metadata(input).ok());
        let inputs: Vec<_> =
            inputs.map(|data| format!("{} bytes, {:?}", data.len(), data.modified().ok())).collect();
        let text = format!("wasm-bindgen {version}\nwasm-opt {WASM_OPT}\n{}\n", inputs.join("\n"));
        Ok(Self(text))
    }

    fn is_in(&self, file: &Path) -> bool {
        fs::read_to_string(file).is_ok_and(|text| text == self.0)
    }

    fn write(&self, file: &Path) -> Outcome<()> {
        fs::write(file, &self.0).map_err(|error| format!("Cannot write {}: {error}.", file.display()))
    }
}
