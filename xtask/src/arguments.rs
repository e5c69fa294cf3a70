//! Parses the command line.

use std::fmt::Write as _;

use crate::step::Step;
use crate::{Outcome, demo, setup, test, wasm, web};

/// Port of the demo's page unless `--port` is given.
const DEFAULT_PORT: u16 = 8080;

/// A command of `cargo xtask`: a list of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Replay the embedded sample, build the page and serve it.
    Demo,
    /// Run everything that a merge must pass.
    Test,
    /// Install what building and testing need.
    Setup,
    /// Build the page into `web/dist`.
    BuildWeb,
}

impl Task {
    const ALL: [Self; 4] = [Self::Demo, Self::Test, Self::Setup, Self::BuildWeb];

    /// The word on the command line that selects the task.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Test => "test",
            Self::Setup => "setup",
            Self::BuildWeb => "build-web",
        }
    }

    fn purpose(self) -> &'static str {
        match self {
            Self::Demo => "replay the embedded sample, build the page and serve it",
            Self::Test => "everything a merge must pass; the last line is the tally",
            Self::Setup => "install what building and testing need, and only what is missing",
            Self::BuildWeb => "build the page into web/dist",
        }
    }

    /// Steps of the task, in order.
    pub(crate) fn steps(self) -> Vec<Step> {
        match self {
            Self::Demo => demo::steps(),
            Self::Test => test::steps(),
            Self::Setup => setup::steps(),
            Self::BuildWeb => {
                let mut steps = setup::for_building().to_vec();
                steps.extend([wasm::BUILD, web::PAGE]);
                steps
            }
        }
    }
}

/// A valid command line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arguments {
    pub(crate) task: Task,
    /// The only step to run; `None` runs all steps.
    pub(crate) only: Option<String>,
    /// Show the output of every step, not only of a step that fails.
    pub(crate) verbose: bool,
    pub(crate) port: u16,
    no_serve: bool,
}

impl Arguments {
    /// Parses the words after `cargo xtask`; `None` means that help was requested.
    pub(crate) fn parse(words: impl Iterator<Item = String>) -> Outcome<Option<Self>> {
        let mut words = words.peekable();
        let Some(first) = words.next_if(|word| !["help", "--help", "-h"].contains(&word.as_str())) else {
            return Ok(None);
        };
        let task = Task::ALL.into_iter().find(|task| task.word() == first);
        let task = task.ok_or_else(|| format!("There is no command `{first}`.\n\n{}", help()))?;
        let mut arguments = Self { task, only: None, verbose: false, port: DEFAULT_PORT, no_serve: false };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--help" | "-h" => return Ok(None),
                "--verbose" => arguments.verbose = true,
                "--no-serve" if task == Task::Demo => arguments.no_serve = true,
                "--only" => arguments.only = Some(value(&word, words.next())?),
                "--port" if task == Task::Demo => {
                    let port = value(&word, words.next())?;
                    let number = port.parse().ok().filter(|number| *number > 0);
                    arguments.port = number
                        .ok_or_else(|| format!("--port takes a number from 1 to 65535, not `{port}`."))?;
                }
                _ => return Err(format!("`cargo xtask {first}` does not know `{word}`.\n\n{}", help())),
            }
        }
        Ok(Some(arguments))
    }

    /// Whether the demo ends by serving the page.
    pub(crate) fn serves(&self) -> bool {
        !self.no_serve && self.only.is_none()
    }
}

fn value(option: &str, word: Option<String>) -> Outcome<String> {
    word.ok_or_else(|| format!("{option} needs a value."))
}

/// Help text with the commands, their options and their steps.
pub(crate) fn help() -> String {
    let mut text = String::from("cargo xtask COMMAND [--only STEP] [--verbose]\n\n");
    for task in Task::ALL {
        let names: Vec<_> = task.steps().iter().map(|step| step.name).collect();
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "  {:<10} {}\n             steps: {}",
            task.word(),
            task.purpose(),
            names.join(", ")
        );
    }
    text.push_str("\nOf demo alone: --port N (default 8080), --no-serve\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Outcome<Option<Arguments>> {
        Arguments::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_are_read() {
        let read = parse("demo --port 9000 --no-serve").unwrap().unwrap();
        assert_eq!((read.task, read.port, read.serves()), (Task::Demo, 9000, false));
        let read = parse("test --only fmt --verbose").unwrap().unwrap();
        assert_eq!((read.task, read.only.as_deref(), read.verbose), (Task::Test, Some("fmt"), true));
    }

    #[test]
    fn no_command_asks_for_help() {
        assert_eq!(parse(""), Ok(None));
        assert_eq!(parse("test --help"), Ok(None));
        assert!(
            help().contains("--port N (default 8080)"),
            "the help states another port than {DEFAULT_PORT}"
        );
    }

    #[test]
    fn nonsense_is_named() {
        for (line, named) in [
            ("bake", "`bake`"),
            ("test --port 80", "`--port`"),
            ("demo --port many", "`many`"),
            ("demo --port 65536", "`65536`"),
            ("demo --port 0", "`0`"),
            ("test --only", "--only"),
        ] {
            let sentence = parse(line).unwrap_err();
            assert!(sentence.contains(named), "{line}: {sentence}");
        }
    }
}
