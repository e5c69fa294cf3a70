//! The table of rows. `results.parquet`, `results.csv` and the parts of shards have the same columns.

use std::path::Path;

use super::figures::{FIGURES, Kind};
use super::journal::Done;
use super::one_run::Row;
use super::plan::Plan;
use crate::failure::Failure;
use crate::readers::parquet::{Column, ParquetFile, Text, Values};
use crate::results::parquet::write_columns;

/// The columns of runs, which must be in the order of the plan.
pub(super) fn columns(plan: &Plan, done: &[Done]) -> Result<Vec<Column>, Failure> {
    let rows: Vec<(&Done, &Row)> = done.iter().flat_map(|d| d.rows.iter().map(move |r| (d, r))).collect();
    // Each run has its own dates and seed, even if the grid does not name them.
    let mut terms = Vec::new();
    for d in done {
        let config = plan.run(d.run).map_err(Failure::input)?;
        terms.extend(d.rows.iter().map(|_| (config.start, config.end, config.seed)));
    }
    let mut columns = Vec::new();
    let mut add = |name: &str, values| columns.push(Column { name: name.to_owned(), values });
    let text = |of: &dyn Fn(&Row) -> Option<&str>| {
        let mut text = Text::default();
        for (_, r) in &rows {
            text.push(of(r));
        }
        Values::Text(text)
    };
    add("run", Values::Integer(rows.iter().map(|(d, _)| Some(d.run as i64)).collect()));
    for (at, axis) in plan.grid.axes.iter().enumerate() {
        if axis.name != "start" && axis.name != "end" {
            let place = |(d, _): &(&Done, &Row)| {
                plan.places(plan.combination(d.run)).get(at).copied().unwrap_or(usize::MAX)
            };
            add(&axis.name, axis.column(rows.iter().map(place)));
        }
    }
    add("start", Values::Date(terms.iter().map(|t| Some(t.0)).collect()));
    add("end", Values::Date(terms.iter().map(|t| Some(t.1)).collect()));
    add("run_seed", Values::Integer(terms.iter().map(|t| Some(t.2 as i64)).collect()));
    add("arm", text(&|r| Some(&r.arm)));
    add("matched", Values::Flag(rows.iter().map(|(_, r)| r.matched).collect()));
    add("ruin", Values::Date(rows.iter().map(|(_, r)| r.ruin).collect()));
    add("error", text(&|r| r.error.as_deref()));
    for (at, figure) in FIGURES.iter().enumerate() {
        let each = rows.iter().map(|(_, r)| r.figure(at));
        add(
            figure.name,
            match figure.kind {
                Kind::Count => Values::Integer(each.map(|x| x.map(|x| x as i64)).collect()),
                Kind::Dollars | Kind::Rate => Values::Float(each.collect()),
            },
        );
    }
    Ok(columns)
}

/// Columns as CSV: dollars with 4 decimals, other numbers with all digits, undefined figures empty.
pub(super) fn csv(columns: &[Column]) -> Result<Vec<u8>, Failure> {
    let failed = |e: csv::Error| Failure::Environment(format!("can't make results.csv: {e}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns.iter().map(|c| c.name.as_str())).map_err(failed)?;
    let dollars = |c: &Column| FIGURES.iter().any(|f| f.name == c.name && f.kind == Kind::Dollars);
    let dollars: Vec<bool> = columns.iter().map(dollars).collect();
    for row in 0..columns.first().map_or(0, |c| c.values.len()) {
        let cell = |(c, is_dollars): (&Column, &bool)| match &c.values {
            Values::Text(x) => x.get(row).map(str::to_owned),
            Values::Float(x) => x[row].map(|x| if *is_dollars { format!("{x:.4}") } else { format!("{x}") }),
            Values::Integer(x) => x[row].map(|x| x.to_string()),
            Values::Date(x) => x[row].map(|x| x.to_string()),
            Values::Flag(x) => x[row].map(|x| x.to_string()),
        };
        let cells = columns.iter().zip(&dollars).map(|c| cell(c).unwrap_or_default());
        writer.write_record(cells).map_err(failed)?;
    }
    writer.into_inner().map_err(|e| Failure::Environment(format!("can't make results.csv: {e}")))
}

/// Columns as Parquet with notes.
pub(super) fn parquet(columns: &[Column], notes: &[(&str, &str)]) -> Result<Vec<u8>, Failure> {
    write_columns(columns, notes)
}

/// Reads the runs of a table written by this command, in its order.
pub(super) fn read(file: &ParquetFile, path: &Path, plan: &Plan) -> Result<Vec<Done>, Failure> {
    let damaged =
        |what: &str| Failure::input(format!("{}: {what}: expected a part of a sweep", path.display()));
    let (
        Values::Integer(runs),
        Values::Text(arms),
        Values::Flag(matched),
        Values::Date(ruin),
        Values::Text(errors),
    ) = (
        file.read("run")?,
        file.read("arm")?,
        file.read("matched")?,
        file.read("ruin")?,
        file.read("error")?,
    )
    else {
        return Err(damaged("columns of other kinds"));
    };
    let mut figures = Vec::new();
    for figure in FIGURES {
        figures.push(match file.read(figure.name)? {
            Values::Float(x) => x,
            Values::Integer(x) => x.into_iter().map(|x| x.map(|x| x as f64)).collect(),
            _ => return Err(damaged("columns of other kinds")),
        });
    }
    let rows = runs.len();
    if [arms.codes.len(), matched.len(), ruin.len(), errors.codes.len()]
        .into_iter()
        .chain(figures.iter().map(Vec::len))
        .any(|n| n != rows)
    {
        return Err(damaged("columns of different lengths"));
    }
    let mut done: Vec<Done> = Vec::new();
    for at in 0..rows {
        let run = runs[at].and_then(|r| usize::try_from(r).ok()).filter(|r| *r < plan.len());
        let (Some(run), Some(arm)) = (run, arms.get(at)) else {
            return Err(damaged("a run that the plan does not have"));
        };
        let error = errors.get(at).map(str::to_owned);
        let figures = if error.is_some() { Vec::new() } else { figures.iter().map(|f| f[at]).collect() };
        let row = Row { arm: arm.to_owned(), matched: matched[at], ruin: ruin[at], error, figures };
        match done.last_mut() {
            Some(last) if last.run == run => last.rows.push(row),
            _ => done.push(Done { run, key: plan.key(run), rows: vec![row] }),
        }
    }
    let asked = || plan.grid.arms.iter().map(|a| a.as_str());
    if let Some(other) = done.iter().find(|d| !d.rows.iter().map(|r| r.arm.as_str()).eq(asked())) {
        return Err(damaged(&format!("run {} ({}) has other arms than the plan", other.run, other.key)));
    }
    Ok(done)
}
