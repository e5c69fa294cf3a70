//! Damaged files give faults and never panic.

use super::{Content, ImportOptions, holdings, import, membership_csv, securities_csv, trades_csv};

const FILES: [&str; 8] = [
    include_str!("fixtures/schwab.csv"),
    include_str!("fixtures/fidelity.csv"),
    include_str!("fixtures/flex.xml"),
    include_str!("fixtures/flex.csv"),
    include_str!("fixtures/ishares.csv"),
    include_str!("fixtures/schwab_positions.csv"),
    include_str!("fixtures/fidelity_positions.csv"),
    include_str!("fixtures/lots.csv"),
];

/// Reads trades and holdings, and writes what was imported; none of this may panic.
fn run(bytes: &[u8]) -> bool {
    let held = holdings(bytes, &ImportOptions::default()).is_ok_and(|read| read.faults.is_empty());
    written(bytes) || held
}

fn written(bytes: &[u8]) -> bool {
    let Ok(imported) = import(bytes, &ImportOptions::default()) else { return false };
    match &imported.content {
        Content::Trades(rows) => !trades_csv(rows).is_empty(),
        Content::Index { date, members } => {
            !membership_csv(*date, members).is_empty() && !securities_csv(members).is_empty()
        }
    }
}

/// Knuth's MMIX generator: a seed printed by a failed test gives the same bytes on any machine.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % n.max(1)
    }
}

#[test]
fn cut_off_at_every_byte() {
    for file in FILES {
        assert!(run(file.as_bytes()));
        for end in 0..file.len() {
            run(&file.as_bytes()[..end]);
        }
        for start in 0..file.len() {
            run(&file.as_bytes()[start..]);
        }
    }
}

/// A row cut off before its last cell is never read as a shorter number.
#[test]
fn a_row_cut_off_is_a_fault() {
    let file = FILES[0];
    let last = file.find("\"Total\"").unwrap() - 1;
    let row = file[..last].rfind('\n').unwrap() + 1;
    // After the first byte, a quote, the row has no content yet.
    for end in row + 2..last - "\"\",".len() {
        assert!(!run(&file.as_bytes()[..end]), "{}", &file[row..end]);
    }
}

#[test]
fn bytes_changed_at_random() {
    // Bytes that break parsers: quotes, separators, signs, line ends, digits, parts of multi-byte characters.
    const NASTY: &[u8] = b"\"\",,;\n\r\t -$()%./09eE<>&='\0\x80\xc3\xff\xef\xbb\xbf";
    for seed in 0..4_000 {
        let mut random = Random(seed);
        let mut bytes = FILES[random.below(FILES.len())].as_bytes().to_vec();
        for _ in 0..=random.below(8) {
            let at = random.below(bytes.len());
            match random.below(5) {
                0 => bytes[at] ^= 1 << random.below(8),
                1 => bytes[at] = NASTY[random.below(NASTY.len())],
                2 => bytes.insert(at, NASTY[random.below(NASTY.len())]),
                3 => drop(bytes.drain(at..(at + random.below(40)).min(bytes.len()))),
                _ => {
                    let piece = bytes[at..(at + random.below(60)).min(bytes.len())].to_vec();
                    bytes.splice(at..at, piece);
                }
            }
            if bytes.is_empty() {
                break;
            }
        }
        let done = std::panic::catch_unwind(|| run(&bytes));
        assert!(done.is_ok(), "seed {seed}: {}", String::from_utf8_lossy(&bytes));
    }
}

/// Replaces each number in each file with extreme values.
#[test]
fn extreme_numbers() {
    for file in FILES {
        let spots: Vec<usize> = file
            .match_indices(|c: char| c.is_ascii_digit())
            .map(|(at, _)| at)
            .filter(|at| *at == 0 || !file.as_bytes()[at - 1].is_ascii_digit())
            .collect();
        for at in spots {
            let end = file[at..].find(|c: char| !c.is_ascii_digit()).map_or(file.len(), |n| at + n);
            for number in [
                "999999999999",
                "1000000000000",
                "-999999999999",
                "0",
                "0.000001",
                "1e12",
                "1e-60",
                "99999999999999999999",
            ] {
                run([&file[..at], number, &file[end..]].concat().as_bytes());
            }
        }
    }
}
