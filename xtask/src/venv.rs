//! Separate Python environments for checks, in the folder of targets.

use std::path::PathBuf;
use std::time::Duration;

use crate::Outcome;
use crate::project::Project;
use crate::run::Run;

/// Creates an environment with a package, or reuses it if it has the right version. `wanted` is `name==version`;
/// `version` is a Python program that prints the same of what is there. Returns its Python.
pub(crate) fn with(
    project: &Project,
    name: &str,
    wanted: &str,
    version: &str,
    limit: Duration,
) -> Outcome<PathBuf> {
    let place = project.target.join(name);
    let python = place.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if Run::new(project, &python).arg("-c").arg(version).output().is_ok_and(|found| found == wanted) {
        return Ok(python);
    }
    Run::new(project, "python3").words("-m venv --clear").arg(&place).finish(project)?;
    let pip = Run::new(project, &python).words("-m pip install --quiet --disable-pip-version-check");
    pip.words("--timeout 15 --retries 1").arg(wanted).limit(limit).finish(project)?;
    Ok(python)
}
