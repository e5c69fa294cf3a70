//! Runs a system command with a time limit and keeps its output in case it fails.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::project::Project;

/// Time limit of a command. The longest command takes only a fraction of it.
const DEFAULT_LIMIT: Duration = Duration::from_hours(1);
const POLL: Duration = Duration::from_millis(20);
/// Number of bytes shown of a failed command's output.
const SHOWN_BYTES: u64 = 64 * 1024;

/// Measures elapsed time for progress lines and limits.
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    #[allow(
        clippy::disallowed_methods,
        reason = "progress shows elapsed time; nothing computed depends on it"
    )]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// A command to run in the project's folder.
pub(crate) struct Run {
    command: Command,
    limit: Duration,
    shown: bool,
}

impl Run {
    pub(crate) fn new(project: &Project, program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command.current_dir(&project.root).stdin(Stdio::null());
        Self { command, limit: DEFAULT_LIMIT, shown: project.verbose }
    }

    /// Appends the words of `line`, split at spaces.
    pub(crate) fn words(mut self, line: &str) -> Self {
        self.command.args(line.split_whitespace());
        self
    }

    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub(crate) fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Shows the output as it arrives, for steps whose output is the result.
    pub(crate) fn shown(mut self) -> Self {
        self.shown = true;
        self
    }

    /// Runs to the end. An error quotes the command's output unless it was already shown.
    pub(crate) fn finish(mut self, project: &Project) -> Outcome<()> {
        let line = self.line();
        if self.shown {
            return verdict(&line, self.start(&line, None)?);
        }
        // A file rather than a pipe: child processes of a killed command could keep a pipe open and block
        // this process.
        let mut log = log_file(project)?;
        let status = self.start(&line, Some(&log))?;
        verdict(&line, status).map_err(|sentence| match tail(&mut log) {
            Ok(output) if !output.trim().is_empty() => format!("{}\n\n{sentence}", output.trim_end()),
            _ => sentence,
        })
    }

    /// Runs to the end and returns the standard output. Meant for short output.
    pub(crate) fn output(mut self) -> Outcome<String> {
        let line = self.line();
        let output = self.command.output().map_err(|error| cannot_start(&line, &error))?;
        if !output.status.success() {
            return Err(format!("`{line}` failed: {}", String::from_utf8_lossy(&output.stderr).trim()));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Gives the terminal to the command for good. Where the system supports it, the command replaces this
    /// process, so that Ctrl-C and signals reach only the command.
    pub(crate) fn take_over(mut self) -> Outcome<std::process::ExitCode> {
        let line = self.line();
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt as _;
            Err(cannot_start(&line, &self.command.exec()))
        }
        #[cfg(not(unix))]
        {
            let status = self.command.status().map_err(|error| cannot_start(&line, &error))?;
            verdict(&line, Some(status)).map(|()| std::process::ExitCode::SUCCESS)
        }
    }

    fn line(&self) -> String {
        let words = [self.command.get_program()].into_iter().chain(self.command.get_args());
        words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
    }

    /// The exit status, or `None` if the time limit was reached.
    fn start(&mut self, line: &str, log: Option<&File>) -> Outcome<Option<ExitStatus>> {
        if let Some(log) = log {
            let copy =
                |file: &File| file.try_clone().map_err(|error| format!("Cannot write the log: {error}."));
            self.command.stdout(copy(log)?).stderr(copy(log)?);
        }
        let mut child = self.command.spawn().map_err(|error| cannot_start(line, &error))?;
        wait(&mut child, self.limit).map_err(|error| format!("Cannot wait for `{line}`: {error}."))
    }
}

fn wait(child: &mut Child, limit: Duration) -> std::io::Result<Option<ExitStatus>> {
    let watch = Stopwatch::start();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if watch.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(POLL);
    }
}

fn verdict(line: &str, status: Option<ExitStatus>) -> Outcome<()> {
    match status {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(format!("`{line}` ended with {status}.")),
        None => Err(format!("`{line}` was stopped: it took longer than it ever should.")),
    }
}

fn cannot_start(line: &str, error: &std::io::Error) -> String {
    format!("Cannot start `{line}`: {error}.")
}

fn log_file(project: &Project) -> Outcome<File> {
    let folder = project.target.join("xtask");
    let path = folder.join(format!("{}.log", std::process::id()));
    let open = || {
        fs::create_dir_all(&folder)?;
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&path)?;
        // Only the handle is needed. Without a name, the file is deleted when the command ends.
        let _ = fs::remove_file(&path);
        Ok(file)
    };
    open().map_err(|error: std::io::Error| format!("Cannot write {}: {error}.", path.display()))
}

fn tail(log: &mut File) -> std::io::Result<String> {
    let length = log.metadata()?.len();
    log.seek(SeekFrom::Start(length.saturating_sub(SHOWN_BYTES)))?;
    let mut bytes = Vec::new();
    log.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(name: &str) -> Project {
        let root = std::env::temp_dir();
        Project { target: root.join(format!("xtask-{name}-{}", std::process::id())), root, verbose: false }
    }

    #[test]
    fn a_failure_quotes_the_output_and_names_the_command() {
        let project = project("quotes");
        let sentence = Run::new(&project, "cargo").words("no-such-command").finish(&project).unwrap_err();
        assert!(sentence.contains("no such command"), "{sentence}");
        assert!(sentence.ends_with("`cargo no-such-command` ended with exit status: 101."), "{sentence}");
        let _ = fs::remove_dir_all(project.target);
    }

    #[test]
    fn a_missing_program_is_named() {
        let project = project("missing");
        let sentence = Run::new(&project, "unisleeve-no-such-program").output().unwrap_err();
        assert!(sentence.starts_with("Cannot start `unisleeve-no-such-program`"), "{sentence}");
    }

    #[cfg(unix)]
    #[test]
    fn a_command_that_hangs_is_stopped() {
        let project = project("hangs");
        let run = Run::new(&project, "sleep").words("3600").limit(Duration::ZERO);
        assert!(run.finish(&project).unwrap_err().contains("was stopped"));
        let _ = fs::remove_dir_all(project.target);
    }
}
