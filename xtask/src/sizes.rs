//! Sizes of the files that a browser loads.

use std::path::Path;

use crate::Outcome;
use crate::project::Project;
use crate::run::Run;

/// The size of a file, raw and compressed as a server would send it.
pub(crate) fn of(project: &Project, file: &Path) -> Outcome<String> {
    const SCRIPT: &str = "const bytes = require('fs').readFileSync(process.argv[1]);
        console.log(bytes.length, require('zlib').gzipSync(bytes, { level: 9 }).length)";
    let output = Run::new(project, "node").words("-e").arg(SCRIPT).arg(file).output()?;
    let numbers: Vec<usize> = output.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [raw, gzip] = numbers.as_slice() else {
        return Err(format!("Cannot measure {}: node answered `{output}`.", file.display()));
    };
    Ok(format!("{} kB, gzip {} kB", kilobytes(*raw), kilobytes(*gzip)))
}

fn kilobytes(bytes: usize) -> String {
    format!("{:.1}", bytes as f64 / 1000.0)
}
