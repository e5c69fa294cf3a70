//! The page: its packages from npm, and its own scripts.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::Outcome;
use crate::project::{Project, read};
use crate::run::Run;
use crate::step::Step;
use crate::{setup, wasm};

/// Builds `web/dist`.
pub(crate) const PAGE: Step = Step {
    name: "page",
    title: "page",
    action: |project| npm_run(project, "build").and_then(|()| page_size(project)),
};
/// Compiles the npm package around the core, and checks what it promises.
pub(crate) const PACKAGE: Step = Step { name: "package", title: "package for npm", action: package };
/// Checks the page's types.
pub(crate) const TYPECHECK: Step = Step {
    name: "typecheck",
    title: "types of the page",
    action: |project| passed(npm_run(project, "typecheck")),
};
/// Checks form and habits of scripts and styles.
pub(crate) const LINT: Step = Step {
    name: "lint",
    title: "format and lint of the page",
    action: |project| passed(npm_run(project, "lint")),
};
/// Compares the native core with the browser's, bit for bit.
pub(crate) const SAME_BITS: Step = Step {
    name: "same-bits",
    title: "native = WebAssembly",
    action: |project| passed(npm_run(project, "test:wasm")),
};
/// Uses the package's engine in a browser.
pub(crate) const ENGINE: Step = Step {
    name: "engine",
    title: "engine in a browser",
    action: |project| passed(npm_run(project, "test:engine")),
};
/// Uses the page in a browser.
pub(crate) const BROWSER: Step = Step {
    name: "browser",
    title: "page in a browser",
    action: |project| passed(npm_run(project, "test:browser")),
};

const INSTALL_LIMIT: Duration = Duration::from_mins(10);

/// The steps that build the page; the set-up comes before.
pub(crate) fn build_steps() -> Vec<Step> {
    let mut steps = setup::for_building().to_vec();
    steps.extend([wasm::BUILD, PAGE]);
    steps
}

fn package(project: &Project) -> Outcome<String> {
    // What was compiled from a file that is gone must not be packed; there may be nothing yet.
    let _ = fs::remove_dir_all(project.npm().join("dist"));
    passed(npm_run(project, "package"))
}

/// Installs the page's packages unless those of the lock file are there; returns a remark.
pub(crate) fn install(project: &Project) -> Outcome<String> {
    let web = present(project)?;
    let lock = web.join("package-lock.json");
    // Kept inside node_modules: whatever removes the packages removes the claim that they are there.
    let installed = web.join("node_modules/.installed-lock.json");
    let same = |lock: &str| fs::read_to_string(&installed).is_ok_and(|text| text == lock);
    if lock.exists() && same(&read(&lock)?) {
        return Ok("there already".to_owned());
    }
    let subcommand = if lock.exists() { "ci" } else { "install" };
    let npm = Run::new(project, "npm").words(subcommand).words("--no-audit --no-fund").within(&web);
    npm.limit(INSTALL_LIMIT).finish(project)?;
    if lock.exists() {
        fs::write(&installed, read(&lock)?)
            .map_err(|error| format!("Cannot write {}: {error}.", installed.display()))?;
    }
    Ok(String::new())
}

/// The size of a file, as it is and compressed as a server would send it.
pub(crate) fn sizes(project: &Project, file: &Path) -> Outcome<String> {
    const SCRIPT: &str = "const bytes = require('fs').readFileSync(process.argv[1]);
        console.log(bytes.length, require('zlib').gzipSync(bytes, { level: 9 }).length)";
    let output = Run::new(project, "node").words("-e").arg(SCRIPT).arg(file).output()?;
    let numbers: Vec<usize> = output.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [raw, gzip] = numbers.as_slice() else {
        return Err(format!("Cannot measure {}: node answered `{output}`.", file.display()));
    };
    Ok(format!("{} kB, gzip {} kB", kilobytes(*raw), kilobytes(*gzip)))
}

fn kilobytes(bytes: usize) -> String {
    format!("{:.1}", bytes as f64 / 1000.0)
}

fn npm_run(project: &Project, script: &str) -> Outcome<()> {
    let web = present(project)?;
    Run::new(project, "npm").words("run --silent").arg(script).within(&web).finish(project)
}

fn passed(outcome: Outcome<()>) -> Outcome<String> {
    outcome.map(|()| String::new())
}

fn page_size(project: &Project) -> Outcome<String> {
    let index = project.web().join("dist/index.html");
    if !index.exists() {
        return Err(format!("`npm run build` wrote no {}.", index.display()));
    }
    let assets = fs::read_dir(project.web().join("dist/assets")).into_iter().flatten().flatten();
    let mut scripts: Vec<_> = assets
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "js"))
        .collect();
    scripts.sort();
    let mut remarks = Vec::new();
    for script in scripts {
        let name = script.file_name().unwrap_or_default().to_string_lossy().into_owned();
        remarks.push(format!("{name} {}", sizes(project, &script)?));
    }
    Ok(remarks.join("; "))
}

fn present(project: &Project) -> Outcome<std::path::PathBuf> {
    let web = project.web();
    if web.join("package.json").exists() {
        Ok(web)
    } else {
        Err("web/package.json is missing: this checkout has no page to build.".to_owned())
    }
}
