//! Setup, build and test: `cargo xtask demo`, `cargo xtask test`.
//!
//! Needs Rust, Node and Python, and apt if packages are missing. It downloads everything else itself.

mod apt;
mod arguments;
mod demo;
mod oracle;
mod outcome;
mod project;
mod ray;
mod run;
mod runner;
mod setup;
mod sizes;
mod step;
mod test;
mod toolchain;
mod venv;
mod wasm;
mod web;

use std::env;
use std::process::ExitCode;

use arguments::{Arguments, Task};
pub(crate) use outcome::Outcome;
use project::Project;

fn main() -> ExitCode {
    match start() {
        Ok(code) => code,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn start() -> Outcome<ExitCode> {
    let Some(arguments) = Arguments::parse(env::args().skip(1))? else {
        print!("{}", arguments::help());
        return Ok(ExitCode::SUCCESS);
    };
    let project = Project::find(arguments.verbose)?;
    if arguments.task == Task::Demo && arguments.serves() {
        demo::check_port(arguments.port)?;
    }
    let tally = runner::run_all(arguments.task, arguments.only.as_deref(), &project)?;
    if arguments.task == Task::Test {
        println!("{} passed, {} failed", tally.passed, tally.failed);
    }
    if tally.failed > 0 {
        return Ok(ExitCode::FAILURE);
    }
    if arguments.task == Task::Demo && arguments.serves() {
        return demo::serve(&project, arguments.port);
    }
    Ok(ExitCode::SUCCESS)
}
