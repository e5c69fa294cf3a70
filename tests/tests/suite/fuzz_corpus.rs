//! Runs the fuzz corpus with any compiler. Every file and hundreds of mutations of each must end without a
//! panic, an overflow or excessive memory. The message of a failure contains the mutation's seed. An input
//! that hangs is the last one named.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use unisleeve_tests::random::Random;

#[path = "../../fuzz/run.rs"]
mod run;

/// Limit of memory for all targets together, in kilobytes.
const MEMORY: u64 = 1_000_000;
/// Inputs are cut to this length.
const LONGEST: usize = 20_000;

fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(&folder)
        .expect("the corpus")
        .map(|entry| entry.expect("an entry"))
        .map(|e| (e.file_name().to_string_lossy().into_owned(), fs::read(e.path()).expect("a file")))
        .collect();
    files.sort();
    files
}

fn mutated(file: &[u8], others: &[(String, Vec<u8>)], random: &mut Random) -> Vec<u8> {
    let mut bytes = file.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        let lines: Vec<Vec<u8>> = bytes.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
        match random.below(9) {
            0 => bytes.truncate(at),
            1 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            2 => bytes.insert(at, b",\"\n;:0-9.eE\0\xff"[random.below(13)]),
            3 if at < bytes.len() => drop(bytes.remove(at)),
            // Digits grow, shrink and change sign.
            4 => {
                let digits: Vec<usize> = (0..bytes.len()).filter(|i| bytes[*i].is_ascii_digit()).collect();
                if !digits.is_empty() {
                    let put = [&b"999999999999"[..], b"0", b"-1", b"e9", b".000001"][random.below(5)];
                    let digit = digits[random.below(digits.len())];
                    bytes.splice(digit..=digit, put.iter().copied());
                }
            }
            5 | 6 if !lines.is_empty() => {
                let mut lines = lines;
                let line = lines[random.below(lines.len())].clone();
                lines.insert(1.min(lines.len()) + random.below(lines.len()), line);
                bytes = lines.concat();
            }
            7 if lines.len() > 1 => {
                let mut lines = lines;
                let (a, b) = (random.below(lines.len()), random.below(lines.len()));
                if random.chance(0.5) {
                    lines.swap(a, b);
                } else {
                    drop(lines.remove(a));
                }
                bytes = lines.concat();
            }
            8 => {
                // Rows of another file below this file's header.
                let other = &others[random.below(others.len())].1;
                bytes.extend(other.iter().skip_while(|b| **b != b'\n').skip(1));
            }
            _ => {}
        }
        bytes.truncate(LONGEST);
    }
    bytes
}

/// Peak memory of this process in kilobytes, or 0 where the system does not report it.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// Runs all files and `count` mutations of each. Returns the number of accepted mutations.
fn all(target: &str, run: fn(&[u8]) -> bool, count: u64) -> usize {
    let files = corpus(target);
    let tried = |bytes: &[u8], what: &str| {
        let result = catch_unwind(AssertUnwindSafe(|| run(bytes)));
        result.unwrap_or_else(|_| panic!("{what} panics:\n{}", String::from_utf8_lossy(bytes)))
    };
    let mut accepted = 0;
    for (i, (name, bytes)) in files.iter().enumerate() {
        println!("{target}: {name}");
        tried(bytes, name);
        for n in 0..count {
            let seed = (i as u64) << 32 | n;
            let bytes = mutated(bytes, &files, &mut Random::new(seed));
            accepted += usize::from(tried(&bytes, &format!("{name}, seed {seed}")));
        }
    }
    println!("{target}: {} files, {accepted} mutations accepted, seeds from 0 on", files.len());
    let kilobytes = peak();
    assert!(kilobytes < MEMORY, "{target}: the process has used up to {kilobytes} kB");
    accepted
}

/// Runs a target. At least `good` of its files and `mutated` of their mutations must be accepted.
fn reader(target: &str, run: fn(&[u8]) -> bool, count: u64, good: usize, mutated: usize) {
    let files = corpus(target);
    let read = files.iter().filter(|(_, bytes)| run(bytes)).count();
    assert!(read >= good && read < files.len(), "{target}: {read} of {} files are accepted", files.len());
    let accepted = all(target, run, count);
    assert!(accepted >= mutated, "{target}: {accepted} mutations are accepted");
}

#[test]
fn trades() {
    let files = corpus("trades");
    let booked = files.iter().filter(|(_, bytes)| run::trades(bytes)).count();
    assert!(files.len() >= 10 && booked >= 4, "{booked} of {} files are booked", files.len());
    // Mutations that all fail at the first byte would test nothing.
    assert!(all("trades", run::trades, 1_500) > 500);
}

#[test]
fn import() {
    let files = corpus("import");
    let read = files.iter().filter(|(_, bytes)| run::import(bytes)).count();
    assert!(files.len() >= 8 && read >= 6, "{read} of {} files are read", files.len());
    assert!(all("import", run::import, 1_500) > 500);
}

#[test]
fn prices() {
    reader("prices", run::prices, 300, 1, 1);
}

#[test]
fn membership() {
    reader("membership", run::membership, 300, 1, 1);
}

#[test]
fn securities() {
    reader("securities", run::securities, 300, 1, 1);
}

#[test]
fn config() {
    reader("config", run::config, 300, 1, 1);
}

#[test]
fn model() {
    reader("model", run::model, 300, 1, 1);
}

#[test]
fn grid() {
    reader("grid", run::grid, 300, 1, 1);
}

#[test]
fn book() {
    reader("book", run::book, 300, 1, 1);
}

#[test]
fn portfolio() {
    reader("portfolio", run::portfolio, 300, 1, 1);
}

#[test]
fn tax() {
    reader("tax", run::tax, 300, 1, 1);
}
