//! Installs Debian packages.

use std::path::Path;
use std::time::Duration;

use crate::Outcome;
use crate::project::Project;
use crate::run::Run;

const UPDATE_LIMIT: Duration = Duration::from_mins(5);
/// This limit is long, because stopping apt halfway leaves packages half configured.
const INSTALL_LIMIT: Duration = Duration::from_mins(20);
/// Waits for a slow server and for another running apt, but only for a limited time.
const PATIENCE: &str = "-o Acquire::http::Timeout=30 -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300";

/// Whether this system has apt.
pub(crate) fn present() -> bool {
    Path::new("/usr/bin/apt-get").exists()
}

/// Installs the packages that are missing and returns their names.
pub(crate) fn install(project: &Project, packages: &[&str], purpose: &str) -> Outcome<String> {
    let missing: Vec<&str> =
        packages.iter().copied().filter(|package| !installed(project, package)).collect();
    if missing.is_empty() {
        return Ok(String::new());
    }
    let names = missing.join(" ");
    if !present() {
        return Err(format!(
            "{purpose} needs the packages {names}, and there is no apt-get to install them with."
        ));
    }
    apt_get(project, &names, purpose)?.words("update").limit(UPDATE_LIMIT).finish(project)?;
    let install = apt_get(project, &names, purpose)?.words("install -y --no-install-recommends");
    install.words(&names).limit(INSTALL_LIMIT).finish(project)?;
    Ok(names)
}

fn installed(project: &Project, package: &str) -> bool {
    let query = Run::new(project, "dpkg-query").words("-W -f ${db:Status-Status}").arg(package);
    query.output().is_ok_and(|status| status == "installed")
}

fn apt_get(project: &Project, names: &str, purpose: &str) -> Outcome<Run> {
    // sudo clears the environment, so `env` sets the variable.
    let line = format!("DEBIAN_FRONTEND=noninteractive apt-get {PATIENCE}");
    let user = Run::new(project, "id").words("-u").output()?;
    if user == "0" {
        return Ok(Run::new(project, "env").words(&line));
    }
    let sudo = Run::new(project, "sudo").words("-n true").output();
    sudo.map(|_| Run::new(project, "sudo").words("-n env").words(&line)).map_err(|_| {
        format!(
            "{purpose} needs `apt-get install --no-install-recommends {names}`: run it as root, then repeat."
        )
    })
}
