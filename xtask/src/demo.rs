//! The shortest way to see it all: a table in the terminal, a report in a file, a page in the browser.

use std::net::TcpListener;
use std::process::ExitCode;

use crate::Outcome;
use crate::project::Project;
use crate::run::Run;
use crate::step::Step;
use crate::{setup, wasm, web};

/// Compiles the command as the tests do; it embeds `web/dist`, which is there by then.
pub(crate) const EMBED: Step = Step {
    name: "embed",
    title: "the command with the page in it",
    // With the features of the whole workspace, as the tests before it: only the page in it is new. Optimising it would take
    // minutes and change no figure.
    action: |project| built(project, "build --workspace --bin unisleeve"),
};

const REPORT: &str = "out/report.html";

/// The replay first: it needs nothing but Rust, and whoever waits for the rest has something to read.
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

/// Asked before the work rather than after it.
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

/// `unisleeve LINE`.
fn command(project: &Project, line: &str) -> Run {
    Run::new(project, "cargo").words("run --release --quiet -p unisleeve --").words(line)
}
