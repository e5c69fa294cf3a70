use std::path::PathBuf;

use chrono::NaiveDate;

use super::*;
use crate::failure::Failure;
use crate::results::parquet::write_columns;

fn sample() -> Vec<Column> {
    let rows = 0..100_000i64;
    let date =
        |i: i64| NaiveDate::from_ymd_opt(1960, 1, 1)?.checked_add_days(chrono::Days::new(i as u64 / 500));
    let name = |i: i64| ["AAA", "BRK.B", "Ünïcode", ""][(i % 4) as usize];
    let column = |name: &str, values| Column { name: name.to_owned(), values };
    vec![
        column("Date", Values::Date(rows.clone().map(date).collect())),
        column("symbol", Values::Text(rows.clone().map(|i| (i % 7 != 3).then(|| name(i))).collect())),
        column(
            "close",
            Values::Float(rows.clone().map(|i| (i % 11 != 0).then_some(0.1 * i as f64)).collect()),
        ),
        column(
            "volume",
            Values::Integer(rows.clone().map(|i| (i % 5 != 0).then_some(i64::MIN + i)).collect()),
        ),
        column("listed", Values::Flag(rows.map(|i| (i % 3 != 0).then_some(i % 2 == 0)).collect())),
    ]
}

fn written(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("a.parquet");
    std::fs::write(&path, bytes).unwrap();
    (place, path)
}

#[test]
fn what_is_written_is_read_back() {
    let columns = sample();
    let bytes = write_columns(&columns, &[("plan", "p")]).unwrap();
    assert_eq!(bytes, write_columns(&columns, &[("plan", "p")]).unwrap());
    let (_place, path) = written(&bytes);
    let names = ["DATE", "symbol", "close", "volume", "listed"];
    let read = read_columns(&path, &names).unwrap();
    for (column, values) in columns.iter().zip(&read) {
        assert_eq!(&column.values, values, "{}", column.name);
    }
    let file = ParquetFile::open(&path).unwrap();
    assert_eq!((file.note("plan"), file.note("else")), (Some("p"), None));
    assert_eq!(file.columns(), ["Date", "symbol", "close", "volume", "listed"]);
}

#[test]
fn a_file_without_rows_is_a_file() {
    let columns = [Column { name: "x".to_owned(), values: Values::Float(Vec::new()) }];
    let (_place, path) = written(&write_columns(&columns, &[]).unwrap());
    assert!(read_columns(&path, &["x"]).unwrap()[0].is_empty());
}

#[test]
fn faults_name_the_file_and_the_column() {
    let (_place, path) = written(&write_columns(&sample(), &[]).unwrap());
    let Err(Failure::Input(m)) = read_columns(&path, &["date", "price"]) else { panic!() };
    assert!(m[0].contains("a.parquet: no column `price`: the file has Date, symbol"), "{m:?}");
    let (_place, path) = written(b"date,symbol,close\n");
    let Err(Failure::Input(m)) = read_columns(&path, &["date"]) else { panic!() };
    assert!(m[0].contains("expected a Parquet file"), "{m:?}");
    assert!(read_columns(&path.join("none"), &["date"]).is_err());
}

/// Damaged files give an error or other values, never a panic.
#[test]
fn damaged_files_do_no_harm() {
    let bytes = write_columns(&sample()[..3], &[]).unwrap();
    let seed = 20_261_123u64;
    println!("seed {seed}");
    let mut x = seed;
    let mut next = |below: usize| {
        x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (x >> 33) as usize % below
    };
    for _ in 0..200 {
        let mut damaged = bytes.clone();
        if next(2) == 0 {
            damaged.truncate(next(bytes.len()));
        } else {
            for _ in 0..=next(4) {
                // Most of the file is data. Its last part says where everything is.
                let at = if next(2) == 0 { next(bytes.len()) } else { bytes.len() - 1 - next(600) };
                damaged[at] ^= 1 << next(8);
            }
        }
        let (_place, path) = written(&damaged);
        let _ = read_columns(&path, &["date", "symbol", "close"]);
    }
}

/// A file from another writer: zstd, dictionaries, two row groups, timestamps, decimals, a nested column.
#[test]
fn files_of_other_writers_are_read() {
    let (_place, path) = written(include_bytes!("pyarrow.parquet"));
    let file = ParquetFile::open(&path).unwrap();
    assert_eq!(file.columns(), ["Date", "day", "symbol", "close", "dividend", "volume"]);
    let names = ["date", "day", "symbol", "close", "dividend", "volume"];
    let columns = read_columns(&path, &names).unwrap();
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d);
    let days = vec![day(2020, 1, 2), day(1969, 12, 31), None, day(2021, 6, 1), day(2020, 1, 3)];
    assert_eq!(columns[0], Values::Date(days.clone()));
    assert_eq!(columns[1], Values::Date(days));
    assert_eq!(
        columns[2],
        Values::Text([Some("A"), Some("B"), None, Some("A"), Some("C")].into_iter().collect())
    );
    assert_eq!(columns[3], Values::Float(vec![Some(1.5), None, Some(2.25), Some(3.0), Some(-0.5)]));
    assert_eq!(
        columns[4],
        Values::Float(vec![Some(0.125), None, Some(-1.0001), Some(12_345.678_9), Some(0.0)])
    );
    assert_eq!(columns[5], Values::Integer(vec![Some(1), Some(2), Some(3), None, Some(5)]));
    assert!(file.read("tags").is_err());
}

/// The fast formatting of numbers and dates gives the same text as `{}`.
#[test]
fn numbers_and_dates_are_written_as_ever() {
    let mut numbers = vec![
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.1,
        0.000_001,
        0.000_000_1,
        123.456,
        -0.5,
        1e15,
        1e16,
        9e15,
        1e300,
        f64::MAX,
        f64::MIN_POSITIVE,
        0.1 + 0.2,
        1.0 / 3.0,
        f64::INFINITY,
        8_999_999_999.999_999,
        12_345.678_901_2,
    ];
    let mut state = 1u64;
    for i in 0..20_000u64 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let x = (state >> 20) as f64 / [1.0, 100.0, 1e6, 1e7][(i % 4) as usize];
        numbers.push(x);
        numbers.push((x * 100.0).round() / 100.0);
    }
    let dates: Vec<Option<NaiveDate>> =
        [(1970, 1, 1), (2024, 2, 29), (0, 12, 31), (9999, 12, 31), (12_000, 3, 4), (-5, 1, 2)]
            .iter()
            .map(|(y, m, d)| NaiveDate::from_ymd_opt(*y, *m, *d))
            .collect();
    for x in &numbers {
        let mut text = String::new();
        Values::Float(vec![Some(*x)]).write(0, &mut text);
        assert_eq!(text, format!("{x}"));
    }
    for (row, date) in dates.iter().enumerate() {
        let mut text = String::new();
        Values::Date(dates.clone()).write(row, &mut text);
        assert_eq!(text, date.unwrap().to_string());
    }
}
