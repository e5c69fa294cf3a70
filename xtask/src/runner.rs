//! Runs a task's steps in order, with a progress line for each.

use std::io::{self, Write as _};

use crate::Outcome;
use crate::arguments::Task;
use crate::project::Project;
use crate::run::Stopwatch;
use crate::step::Step;

/// Number of steps passed and failed. No step runs after a failure.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

/// Runs all steps of a task, or only the named step.
pub(crate) fn run_all(task: Task, only: Option<&str>, project: &Project) -> Outcome<Tally> {
    let steps = chosen(task, only)?;
    let mut tally = Tally::default();
    for (number, step) in (1..).zip(&steps) {
        print!("[{number}/{}] {} ... ", steps.len(), step.title);
        if project.verbose {
            println!();
        }
        // Failing to print progress is no reason to stop.
        let _ = io::stdout().flush();
        let watch = Stopwatch::start();
        let outcome = (step.action)(project);
        let seconds = watch.elapsed().as_secs_f64();
        match outcome {
            Ok(remark) if remark.is_empty() => println!("{seconds:.0} s"),
            Ok(remark) => println!("{seconds:.0} s ({remark})"),
            Err(sentence) => {
                println!("failed after {seconds:.0} s\n\n{sentence}");
                println!(
                    "\nThe step \"{}\" failed; repeat just this step with `cargo xtask {} --only {}`.",
                    step.title,
                    task.word(),
                    step.name
                );
                tally.failed += 1;
                return Ok(tally);
            }
        }
        tally.passed += 1;
    }
    Ok(tally)
}

fn chosen(task: Task, only: Option<&str>) -> Outcome<Vec<Step>> {
    let steps = task.steps();
    let Some(name) = only else { return Ok(steps) };
    let named = steps.iter().find(|step| step.name == name).copied();
    named.map(|step| vec![step]).ok_or_else(|| {
        let names: Vec<_> = steps.iter().map(|step| step.name).collect();
        format!("`cargo xtask {}` has no step `{name}`; it has {}.", task.word(), names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_can_be_chosen_alone() {
        for task in [Task::Demo, Task::Test, Task::Setup, Task::BuildWeb] {
            let steps = task.steps();
            assert!(!steps.is_empty());
            for step in steps {
                let alone = chosen(task, Some(step.name)).unwrap();
                assert_eq!(alone.iter().map(|step| step.title).collect::<Vec<_>>(), [step.title]);
            }
        }
    }

    #[test]
    fn a_step_that_is_not_there_is_named_with_those_that_are() {
        let sentence = chosen(Task::BuildWeb, Some("bake")).err().unwrap();
        assert!(sentence.contains("`bake`") && sentence.contains("wasm, page"), "{sentence}");
    }
}
