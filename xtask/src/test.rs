//! Everything that a merge must pass, cheap checks first.

use crate::Outcome;
use crate::project::Project;
use crate::run::Run;
use crate::step::Step;
use crate::{demo, oracle, ray, setup, wasm, web};

/// Setup steps and checks.
pub(crate) fn steps() -> Vec<Step> {
    let mut steps = setup::steps();
    steps.extend([
        Step { name: "fmt", title: "formatting", action: |project| cargo(project, "fmt --all --check") },
        Step {
            name: "clippy",
            title: "clippy",
            action: |project| cargo(project, "clippy --workspace --all-targets -- -D warnings"),
        },
        wasm::CLIPPY,
        Step { name: "doc", title: "documentation without warnings", action: doc },
        Step {
            name: "test",
            title: "tests and examples in the documentation",
            action: |project| cargo(project, "test --workspace"),
        },
        ray::TEST,
        oracle::TEST,
        wasm::BUILD,
        web::PACKAGE,
        web::SAME_BITS,
        web::TYPECHECK,
        web::LINT,
        web::PAGE,
        // This step embeds the page, so it comes after building it.
        demo::EMBED,
        web::ENGINE,
        web::BROWSER,
    ]);
    steps
}

fn cargo(project: &Project, line: &str) -> Outcome<String> {
    Run::new(project, "cargo").words(line).finish(project).map(|()| String::new())
}

/// Documents the library crates only. The documentation of a program is its help text.
fn doc(project: &Project) -> Outcome<String> {
    let run = Run::new(project, "cargo").words("doc --workspace --no-deps --lib --document-private-items");
    run.env("RUSTDOCFLAGS", "-D warnings").finish(project).map(|()| String::new())
}
