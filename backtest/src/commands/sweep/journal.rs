//! The journal of a sweep: finished runs on disk, one line each. A killed sweep loses only the runs in
//! progress.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::one_run::Row;
use super::plan::Plan;
use super::spec::Spec;
use crate::failure::Failure;

/// A finished run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Done {
    /// Number of the run in the plan.
    pub run: usize,
    /// Key of the run.
    pub key: String,
    /// Results of its arms.
    pub rows: Vec<Row>,
}

/// The journal file, locked by one sweep at a time.
#[derive(Debug)]
pub(super) struct Journal {
    folder: PathBuf,
    path: PathBuf,
    file: File,
}

/// The folder of the journal: `DIR.partial` beside the result folder `DIR`.
fn folder_of(out: &Path) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_os_string();
    name.push(".partial");
    out.with_file_name(name)
}

impl Journal {
    /// Opens the journal beside a result folder and reads the finished runs.
    ///
    /// # Errors
    /// When another sweep has locked it, or it belongs to another grid, configuration, version or other
    /// prices.
    pub(super) fn open(out: &Path, plan: &Plan, restart: bool) -> Result<(Self, Vec<Done>), Failure> {
        let folder = folder_of(out);
        let path = folder.join("journal.jsonl");
        let place = path.clone();
        let io = |e: &std::io::Error| Failure::io("can't write", &place, e);
        fs::create_dir_all(&folder).map_err(|e| Failure::io("can't make", &folder, &e))?;
        let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let file = options.map_err(|e| io(&e))?;
        match file.try_lock() {
            Ok(()) => (),
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::input(format!("{}: another sweep writes it", path.display())));
            }
            Err(TryLockError::Error(e)) => return Err(io(&e)),
        }
        let mut journal = Self { folder, path, file };
        if restart {
            journal.refuse_other_file()?;
            journal.file.set_len(0).map_err(|e| io(&e))?;
        }
        let done = journal.read(plan)?;
        Ok((journal, done))
    }

    /// Refuses to empty a file that is not a journal. A journal of any version starts with a JSON object; an
    /// interrupted write may have left only a part of the start.
    fn refuse_other_file(&mut self) -> Result<(), Failure> {
        const START: &[u8] = b"{\"";
        let mut start = Vec::new();
        let read = (&self.file).take(START.len() as u64).read_to_end(&mut start);
        read.and_then(|_| self.file.rewind()).map_err(|e| Failure::io("can't read", &self.path, &e))?;
        if START.starts_with(&start) {
            return Ok(());
        }
        let name = self.path.display();
        Err(Failure::input(format!(
            "{name}: is no journal of a sweep: expected another --out, or none there"
        )))
    }

    fn read(&mut self, plan: &Plan) -> Result<Vec<Done>, Failure> {
        let io = |e: &std::io::Error| Failure::io("can't read", &self.path, e);
        let mut reader = BufReader::new(&self.file);
        let (mut line, mut whole, mut done) = (Vec::new(), 0u64, Vec::new());
        let mut seen = vec![false; plan.len()];
        let mut is_first = true;
        loop {
            line.clear();
            let length = reader.read_until(b'\n', &mut line).map_err(|e| io(&e))?;
            if line.last() != Some(&b'\n') {
                // The end of the file, or a line cut off by a kill. That run is executed again.
                break;
            }
            if is_first {
                let header: Option<Spec> = serde_json::from_slice(&line).ok();
                if header.is_none_or(|h| h.plan_hash != plan.spec.plan_hash || h.format != plan.spec.format) {
                    return Err(self.foreign(plan));
                }
                is_first = false;
            } else {
                let Ok(run) = serde_json::from_slice::<Done>(&line) else { return Err(self.foreign(plan)) };
                match seen.get_mut(run.run) {
                    Some(seen) if !*seen && run.key == plan.key(run.run) => *seen = true,
                    _ => return Err(self.foreign(plan)),
                }
                done.push(run);
            }
            whole += length as u64;
        }
        let write = |e: &std::io::Error| Failure::io("can't write", &self.path, e);
        self.file
            .set_len(whole)
            .and_then(|()| self.file.seek(SeekFrom::End(0)).map(|_| ()))
            .map_err(|e| write(&e))?;
        if is_first {
            self.line(&plan.spec)?;
        }
        Ok(done)
    }

    fn foreign(&self, plan: &Plan) -> Failure {
        Failure::input(format!(
            "{}: begun with another grid, configuration, version or other prices than {}: expected the same, or --restart to \
             begin anew",
            self.path.display(),
            plan.spec.name
        ))
    }

    /// Adds a finished run.
    pub(super) fn add(&mut self, done: &Done) -> Result<(), Failure> {
        self.line(done)
    }

    /// Writes a line with one call, so lines never mix. If the write fails, the partial line is removed.
    fn line(&mut self, content: &impl Serialize) -> Result<(), Failure> {
        let mut line = serde_json::to_vec(content).map_err(|e| Failure::Environment(e.to_string()))?;
        line.push(b'\n');
        let write = |file: &mut File| {
            let whole = file.stream_position()?;
            let written = file.write_all(&line).and_then(|()| file.flush());
            if written.is_err() {
                // Other threads may still write their runs.
                file.set_len(whole)?;
                file.seek(SeekFrom::Start(whole))?;
            }
            written
        };
        write(&mut self.file).map_err(|e| Failure::io("can't write", &self.path, &e))
    }

    /// Removes the journal. The results are in the result folder by then.
    pub(super) fn finish(self) -> Result<(), Failure> {
        let Self { folder, path, file } = self;
        drop(file);
        fs::remove_file(&path).map_err(|e| Failure::io("can't remove", &path, &e))?;
        // The folder stays if it contains other files.
        let _ = fs::remove_dir(&folder);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::sweep::grid;
    use unisleeve_core::mandates::sample_config;

    fn plan(text: &str) -> Plan {
        let grid = grid::parse(text, "g.toml").unwrap();
        let mut plan = Plan::new("g.toml".to_owned(), text.to_owned(), grid, &sample_config()).unwrap();
        plan.spec.plan_hash = plan.hash();
        plan
    }

    fn done(plan: &Plan, run: usize) -> Done {
        let figures = vec![Some(0.1 + run as f64), None, Some(f64::MIN_POSITIVE)];
        let row = Row { arm: "uma".to_owned(), matched: None, ruin: None, error: None, figures };
        Done { run, key: plan.key(run), rows: vec![row] }
    }

    #[test]
    fn a_torn_line_is_done_again() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("out");
        let plan = plan("[grid]\n'trading.risk_aversion' = [1, 2, 3]\n");
        let (mut journal, nothing) = Journal::open(&out, &plan, false).unwrap();
        assert!(nothing.is_empty());
        let both = [done(&plan, 2), done(&plan, 0)];
        for d in &both {
            journal.add(d).unwrap();
        }
        assert!(matches!(Journal::open(&out, &plan, false), Err(Failure::Input(_))), "held by one at a time");
        drop(journal);
        let path = place.path().join("out.partial/journal.jsonl");
        let whole = fs::read(&path).unwrap();
        let last = whole[..whole.len() - 1].iter().rposition(|b| *b == b'\n').unwrap() + 1;
        for cut in last..whole.len() {
            fs::write(&path, &whole[..cut]).unwrap();
            let (_, found) = Journal::open(&out, &plan, false).unwrap();
            assert_eq!(found, both[..1], "cut at {cut}");
            assert_eq!(fs::read(&path).unwrap(), whole[..last]);
        }
        fs::write(&path, &whole[..3]).unwrap();
        assert!(Journal::open(&out, &plan, false).unwrap().1.is_empty());
        fs::write(&path, &whole).unwrap();
        let (journal, found) = Journal::open(&out, &plan, false).unwrap();
        assert_eq!(found, both);
        journal.finish().unwrap();
        assert!(!place.path().join("out.partial").exists());
    }

    #[test]
    fn a_journal_of_something_else_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("out");
        let one = plan("[grid]\n'trading.risk_aversion' = [1, 2, 3]\n");
        let other = plan("[grid]\n'trading.risk_aversion' = [1, 2, 4]\n");
        let comment = plan("# only a comment more\n[grid]\n'trading.risk_aversion' = [1, 2, 3]\n");
        Journal::open(&out, &one, false).unwrap().0.add(&done(&one, 1)).unwrap();
        let Err(Failure::Input(m)) = Journal::open(&out, &other, false) else { panic!() };
        assert!(m[0].contains("--restart"), "{m:?}");
        assert_eq!(Journal::open(&out, &comment, false).unwrap().1.len(), 1);
        assert!(Journal::open(&out, &other, true).unwrap().1.is_empty());
        // A journal never has the same run twice.
        let mut journal = Journal::open(&out, &other, false).unwrap().0;
        journal.add(&done(&other, 1)).unwrap();
        journal.add(&done(&other, 1)).unwrap();
        drop(journal);
        assert!(Journal::open(&out, &other, false).is_err());
    }
}
