//! The page: its npm packages and its scripts.

use std::fs;
use std::time::Duration;

use crate::Outcome;
use crate::project::{Project, read};
use crate::run::Run;
use crate::sizes;
use crate::step::Step;

/// Builds `web/dist`.
pub(crate) const PAGE: Step = Step {
    name: "page",
    title: "page",
    action: |project| npm_run(project, "build").and_then(|()| page_size(project)),
};
/// Builds the npm package around the core and checks it.
pub(crate) const PACKAGE: Step = Step { name: "package", title: "package for npm", action: package };
/// Checks the page's types.
pub(crate) const TYPECHECK: Step = Step {
    name: "typecheck",
    title: "types of the page",
    action: |project| passed(npm_run(project, "typecheck")),
};
/// Checks format and lints of scripts and styles.
pub(crate) const LINT: Step = Step {
    name: "lint",
    title: "format and lint of the page",
    action: |project| passed(npm_run(project, "lint")),
};
/// Compares the native core with the WebAssembly core, bit for bit.
pub(crate) const SAME_BITS: Step = Step {
    name: "same-bits",
    title: "native = WebAssembly",
    action: |project| passed(npm_run(project, "test:wasm")),
};
/// Tests the package's engine in a browser.
pub(crate) const ENGINE: Step = Step {
    name: "engine",
    title: "engine in a browser",
    action: |project| passed(npm_run(project, "test:engine")),
};
/// Tests the page in a browser.
pub(crate) const BROWSER: Step = Step {
    name: "browser",
    title: "page in a browser",
    action: |project| passed(npm_run(project, "test:browser")),
};

const INSTALL_LIMIT: Duration = Duration::from_mins(10);

fn package(project: &Project) -> Outcome<String> {
    // Removes old output, so that files without a source are not packed. The folder may not exist yet.
    let _ = fs::remove_dir_all(project.npm().join("dist"));
    passed(npm_run(project, "package"))
}

/// Installs the page's packages unless those of the lock file are installed; returns a remark.
pub(crate) fn install(project: &Project) -> Outcome<String> {
    let web = present(project)?;
    let lock = web.join("package-lock.json");
    // The copy is inside node_modules, so that it disappears together with the packages.
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
        remarks.push(format!("{name} {}", sizes::of(project, &script)?));
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
