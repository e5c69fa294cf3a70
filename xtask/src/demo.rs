//! A quick tour: a table in the terminal, a report in a file, a page in the browser.

use std::net::TcpListener;
use std::process::ExitCode;

use crate::Outcome;
use crate::project::Project;
use crate::run::Run;
use crate::step::Step;
use crate::{setup, wasm, web};

/// Compiles the command as the tests do. The command embeds `web/dist`, which an earlier step has built.
pub(crate) const EMBED: Step = Step {
    name: "embed",
    title: "the command with the page in it",
    // Uses the features of the whole workspace, as the tests do, so that only the embedded page is compiled
    // anew. An optimized build would take minutes and give the same figures.
    action: |project| built(project, "build --workspace --bin unisleeve"),
};

const REPORT: &str = "out/report.html";

/// The replay comes first. It needs only Rust, and its report can be read while the other steps run.
pub(crate) fn steps() -> Vec<Step> {
    let binary: fn(&Project) -> Outcome<String> = |project| built(project, "build --release -p unisleeve");
    let mut steps = vec![
        Step { name: "compile", title: "the command, optimised", action: binary },
        Step { name: "backtest", title: "replay of the embedded sample", action: backtest },
    ];
    steps.extend(setup::for_building());
    steps.extend([wasm::BUILD, web::PAGE]);
    steps.push(Step { name: "binary", title: "the command again, with the page in it", action: binary });
    steps
}

/// Checks the port before the work starts, not after it.
pub(crate) fn check_port(port: u16) -> Outcome<()> {
    match TcpListener::bind(("127.0.0.1", port)) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("Port {port} cannot be used ({error}): choose another one with --port.")),
    }
}

/// Serves the page until Ctrl-C.
pub(crate) fn serve(project: &Project, port: u16) -> Outcome<ExitCode> {
    println!("\nThe page:   http://127.0.0.1:{port}/");
    println!("The report: {}", project.root.join(REPORT).display());
    println!("Ctrl-C ends it.\n");
    command(project, &format!("serve --port {port}")).take_over()
}

fn built(project: &Project, words: &str) -> Outcome<String> {
    Run::new(project, "cargo").words(words).finish(project)?;
    Ok(String::new())
}

fn backtest(project: &Project) -> Outcome<String> {
    println!();
    command(project, "backtest --out out").shown().finish(project)?;
    if project.root.join(REPORT).exists() {
        Ok(format!("the report is {REPORT}"))
    } else {
        Err(format!("The replay wrote no {REPORT}."))
    }
}

/// The command `unisleeve` with these arguments.
fn command(project: &Project, line: &str) -> Run {
    Run::new(project, "cargo").words("run --release --quiet -p unisleeve --").words(line)
}
