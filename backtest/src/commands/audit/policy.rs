//! Reads what the policy was and what happened between managers: sleeves.csv, indices.csv, `index_weights.csv`,
//! expenses.csv, rebalancings.csv, tickets.csv, transfers.csv and solves.csv.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;

use super::rows::Words;
use crate::failure::Failure;
use crate::readers::result_table::{Names, Table};

/// A sleeve's part in the policy.
#[derive(Debug, Clone)]
pub(super) struct Spec {
    pub(super) sleeve: u32,
    pub(super) asset_class: String,
    /// Policy weight, a fraction of the portfolio.
    pub(super) weight: f64,
    /// Index that it follows. `None` for what the policy no longer asks for.
    pub(super) index: Option<u32>,
}

/// The facts of one arm.
#[derive(Debug, Default)]
pub(super) struct ArmPolicy {
    /// Sleeves in force from a date on, ascending. All phases list the same sleeves in the same order.
    pub(super) phases: Vec<(NaiveDate, Vec<Spec>)>,
    pub(super) rebalancings: BTreeSet<NaiveDate>,
    /// Days on which a mandate got an instruction, one for each instruction.
    pub(super) tickets: Vec<(NaiveDate, u32)>,
    /// Day, payer and receiver of each transfer between mandates.
    pub(super) transfers: Vec<(NaiveDate, u32, u32)>,
    /// Largest certified gap of an optimization.
    pub(super) worst_gap: Option<f64>,
}

impl ArmPolicy {
    /// Sleeves in force on a date.
    pub(super) fn specs(&self, date: NaiveDate) -> &[Spec] {
        let after = self.phases.partition_point(|(from, _)| *from <= date);
        self.phases.get(after.saturating_sub(1)).map_or(&[], |(_, specs)| specs.as_slice())
    }
}

/// The facts of all arms.
#[derive(Debug, Default)]
pub(super) struct Policies {
    pub(super) arms: BTreeMap<String, ArmPolicy>,
    /// Return of an index over the session that ends on a date.
    pub(super) returns: BTreeMap<(NaiveDate, u32), f64>,
    /// Expense ratios of funds, fractions a year.
    pub(super) expenses: BTreeMap<u32, f64>,
    /// Members of each index and their weights at the last close.
    pub(super) weights: BTreeMap<u32, Vec<(u32, f64)>>,
}

impl Policies {
    /// Reads the files.
    pub(super) fn read(folder: &Path, words: &mut Words) -> Result<Self, Failure> {
        let mut read = Self::default();
        let mut indices = Names::default();
        read.sleeves(folder, words, &mut indices)?;
        read.indices(folder, words, &mut indices)?;
        read.expenses(folder, words)?;
        read.managers(folder, words)?;
        Ok(read)
    }

    fn arm(&mut self, name: &str) -> &mut ArmPolicy {
        self.arms.entry(name.to_owned()).or_default()
    }

    fn sleeves(&mut self, folder: &Path, words: &mut Words, indices: &mut Names) -> Result<(), Failure> {
        let table = Table::open(folder, "sleeves.csv", "arm,from,sleeve,asset_class,weight,index")?;
        let [arm, from, sleeve, class, weight, index] =
            table.places(["arm", "from", "sleeve", "asset_class", "weight", "index"]);
        let rows = table.rows(|r| {
            let index = r.text(index);
            let spec = Spec {
                sleeve: words.sleeves.id(r.word(sleeve)?),
                asset_class: r.text(class).to_owned(),
                weight: r.float(weight)?,
                index: (!index.is_empty()).then(|| indices.id(index)),
            };
            Ok((r.word(arm)?.to_owned(), r.date(from)?, spec))
        })?;
        for (arm, from, spec) in rows {
            let phases = &mut self.arm(&arm).phases;
            match phases.iter_mut().find(|(start, _)| *start == from) {
                Some((_, specs)) => specs.push(spec),
                None => phases.push((from, vec![spec])),
            }
        }
        for arm in self.arms.values_mut() {
            arm.phases.sort_by_key(|(from, _)| *from);
            let sleeves = arm.phases.first().map_or(0, |(_, specs)| specs.len());
            if arm.phases.iter().any(|(_, specs)| specs.len() != sleeves) {
                return Err(Failure::input(
                    "sleeves.csv: phases of an arm list different sleeves: expected the same ones on each date",
                ));
            }
        }
        Ok(())
    }

    fn indices(&mut self, folder: &Path, words: &mut Words, indices: &mut Names) -> Result<(), Failure> {
        let table = Table::open(folder, "indices.csv", "date,index,return")?;
        let [date, index, earned] = table.places(["date", "index", "return"]);
        let rows = table.rows(|r| {
            let earned = if r.text(earned).is_empty() { None } else { Some(r.float(earned)?) };
            Ok((r.date(date)?, indices.id(r.word(index)?), earned))
        })?;
        self.returns = rows.into_iter().filter_map(|(date, i, r)| Some(((date, i), r?))).collect();
        let table = Table::open(folder, "index_weights.csv", "index,symbol,weight")?;
        let [index, symbol, weight] = table.places(["index", "symbol", "weight"]);
        let rows = table.rows(|r| {
            Ok((indices.id(r.word(index)?), words.symbols.id(r.word(symbol)?), r.float(weight)?))
        })?;
        for (index, symbol, weight) in rows {
            self.weights.entry(index).or_default().push((symbol, weight));
        }
        Ok(())
    }

    fn expenses(&mut self, folder: &Path, words: &mut Words) -> Result<(), Failure> {
        let table = Table::open(folder, "expenses.csv", "symbol,expense_ratio")?;
        let [symbol, ratio] = table.places(["symbol", "expense_ratio"]);
        let rows = table.rows(|r| Ok((words.symbols.id(r.word(symbol)?), r.float(ratio)?)))?;
        self.expenses = rows.into_iter().collect();
        Ok(())
    }

    fn managers(&mut self, folder: &Path, words: &mut Words) -> Result<(), Failure> {
        let table = Table::open(folder, "rebalancings.csv", "arm,date")?;
        let [arm, date] = table.places(["arm", "date"]);
        for (arm, date) in table.rows(|r| Ok((r.word(arm)?.to_owned(), r.date(date)?)))? {
            self.arm(&arm).rebalancings.insert(date);
        }
        let table = Table::open(folder, "tickets.csv", "arm,date,mandate")?;
        let [arm, date, mandate] = table.places(["arm", "date", "mandate"]);
        let rows = table
            .rows(|r| Ok((r.word(arm)?.to_owned(), (r.date(date)?, words.mandates.id(r.word(mandate)?)))))?;
        for (arm, ticket) in rows {
            self.arm(&arm).tickets.push(ticket);
        }
        let table = Table::open(folder, "transfers.csv", "arm,date,from,to")?;
        let [arm, date, from, to] = table.places(["arm", "date", "from", "to"]);
        let rows = table.rows(|r| {
            let (from, to) = (words.mandates.id(r.word(from)?), words.mandates.id(r.word(to)?));
            Ok((r.word(arm)?.to_owned(), (r.date(date)?, from, to)))
        })?;
        for (arm, transfer) in rows {
            self.arm(&arm).transfers.push(transfer);
        }
        let table = Table::open(folder, "solves.csv", "arm,objective,lower_bound")?;
        let [arm, objective, bound] = table.places(["arm", "objective", "lower_bound"]);
        for (arm, gap) in
            table.rows(|r| Ok((r.word(arm)?.to_owned(), r.float(objective)? - r.float(bound)?)))?
        {
            let worst = &mut self.arm(&arm).worst_gap;
            *worst = Some(worst.map_or(gap, |w| if gap > w { gap } else { w }));
        }
        Ok(())
    }
}
