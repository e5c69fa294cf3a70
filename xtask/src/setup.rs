//! Installs what building and testing need. Each step first checks what is there and installs only what is
//! missing.

use std::path::Path;

use crate::Outcome;
use crate::project::Project;
use crate::step::Step;
use crate::{apt, toolchain, wasm, web};

const BROWSER: &str = "/usr/bin/chromium";

/// What building needs.
pub(crate) fn for_building() -> [Step; 3] {
    [
        Step { name: "wasm-target", title: "compiler for WebAssembly", action: toolchain::install },
        Step { name: "bindgen", title: "generator of JavaScript", action: wasm::install_generator },
        Step { name: "npm", title: "packages of the page", action: web::install },
    ]
}

/// What testing needs in addition.
pub(crate) const FOR_TESTING: Step = Step { name: "chromium", title: "browser for tests", action: chromium };

/// All setup steps.
pub(crate) fn steps() -> Vec<Step> {
    let mut steps = for_building().to_vec();
    steps.push(FOR_TESTING);
    steps
}

fn chromium(project: &Project) -> Outcome<String> {
    if Path::new(BROWSER).exists() {
        return Ok("there already".to_owned());
    }
    apt::install(project, &["chromium"], "Testing the page")
}
