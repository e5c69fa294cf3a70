//! The federal tax compared with Tax-Calculator, an independent model in Python.

use std::time::Duration;

use crate::Outcome;
use crate::project::Project;
use crate::run::Run;
use crate::step::Step;
use crate::venv;

/// Compares 500 random households and 200 at the edges of the law. If the model can't be installed, the step is
/// skipped and says so.
pub(crate) const TEST: Step =
    Step { name: "oracle", title: "tax against an independent model", action: test };

/// The model and its libraries are a download of 100 MB.
const INSTALL_LIMIT: Duration = Duration::from_mins(6);
const TEST_LIMIT: Duration = Duration::from_mins(4);
/// The model's version. The script's comments speak of it.
const WANTED: &str = "taxcalc==6.8.0";
/// Prints the version of the model that a Python has.
const VERSION: &str = "import taxcalc; print('taxcalc==' + taxcalc.__version__)";

fn test(project: &Project) -> Outcome<String> {
    let python = match venv::with(project, "oracle", WANTED, VERSION, INSTALL_LIMIT) {
        Ok(python) => python,
        Err(sentence) => {
            let why = sentence.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().to_owned();
            return Ok(format!("SKIPPED, NOT TESTED: {WANTED} can't be installed: {why}"));
        }
    };
    // Uses the features of the whole workspace, as the tests do, so that nothing is compiled again.
    Run::new(project, "cargo").words("build --workspace --bin unisleeve").finish(project)?;
    let command = project.target.join("debug").join(format!("unisleeve{}", std::env::consts::EXE_SUFFIX));
    let script = project.root.join("tests/oracle/federal.py");
    let test = Run::new(project, python).arg(script).arg(command).words("500 200 1");
    test.limit(TEST_LIMIT).finish(project)?;
    Ok(WANTED.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_speaks_of_the_version_that_is_installed() {
        let version = WANTED.trim_start_matches("taxcalc==");
        assert!(include_str!("../../tests/oracle/federal.py").contains(&format!("Tax-Calculator {version}")));
    }
}
