//! The adapter for Ray: its test on two workers, one of which is killed.

use std::time::Duration;

use crate::Outcome;
use crate::project::{Project, read};
use crate::run::Run;
use crate::step::Step;
use crate::venv;

/// Runs the adapter's test. If Python or Ray can't be installed, the step is skipped and says so.
pub(crate) const TEST: Step = Step { name: "ray", title: "a sweep on Ray", action: test };

/// Ray is a download of 70 MB.
const INSTALL_LIMIT: Duration = Duration::from_mins(5);
/// Prints the version of Ray that a Python has.
const VERSION: &str = "import ray; print('ray==' + ray.__version__)";
const TEST_LIMIT: Duration = Duration::from_mins(5);

fn test(project: &Project) -> Outcome<String> {
    let wanted = wanted(&read(&project.root.join("backtest/ray/pyproject.toml"))?)?;
    let python = match venv::with(project, "ray", &wanted, VERSION, INSTALL_LIMIT) {
        Ok(python) => python,
        Err(sentence) => {
            let why = sentence.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().to_owned();
            return Ok(format!("SKIPPED, NOT TESTED: {wanted} can't be installed: {why}"));
        }
    };
    // Uses the features of the whole workspace, as the tests do, so that nothing is compiled again.
    Run::new(project, "cargo").words("build --workspace --bin unisleeve").finish(project)?;
    let command = project.target.join("debug").join(format!("unisleeve{}", std::env::consts::EXE_SUFFIX));
    let test = Run::new(project, python).arg(project.root.join("backtest/ray/tests/killed_worker.py"));
    test.arg(command).env("RAY_USAGE_STATS_ENABLED", "0").limit(TEST_LIMIT).finish(project)?;
    Ok(wanted)
}

/// The version that the adapter requires: `ray==2.60.0`.
fn wanted(pyproject: &str) -> Outcome<String> {
    let quoted = pyproject.split('"').find(|word| word.starts_with("ray=="));
    quoted
        .map(str::to_owned)
        .ok_or_else(|| "backtest/ray/pyproject.toml asks for no version of ray.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_adapter_and_its_script_ask_for_one_version() {
        let version = wanted(include_str!("../../backtest/ray/pyproject.toml")).unwrap();
        assert!(include_str!("../../backtest/ray/test.sh").contains(&format!("\"{version}\"")), "{version}");
        assert!(wanted("dependencies = []").is_err());
    }
}
