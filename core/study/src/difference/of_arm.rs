//! The series of an arm, from its journal, the prices and its tax returns.

use std::iter::Peekable;

use chrono::{Datelike, NaiveDate};

use super::marginal::{at_sale, years};
use super::positions::Positions;
use super::series::{ByTerm, ClassSession, Sale, Series, Session};
use crate::{Bench, StudyArm};
use unisleeve_books::journal::{CashKind, CashRow, Mark, Side, SleeveMark, TradeRow};
use unisleeve_mandates::Config;
use unisleeve_market::View;
use unisleeve_tax::{Carryforward, term};
use unisleeve_units::{AccountId, IncomeKind, Money, SleeveId, Term};

/// Days in a year of an expense ratio.
const DAYS: f64 = 365.0;

/// Asset classes of the arms' sleeves, in the order of first appearance.
pub fn classes(arms: &[StudyArm]) -> Vec<String> {
    let mut classes: Vec<String> = Vec::new();
    for sleeve in arms.iter().flat_map(|a| &a.result.setup.phases).flat_map(|p| &p.sleeves) {
        if !classes.contains(&sleeve.asset_class) {
            classes.push(sleeve.asset_class.clone());
        }
    }
    classes
}

/// The series of an arm that ran on a bench. `classes` lists the asset classes.
pub fn series(arm: &StudyArm, classes: &[String], config: &Config, bench: &Bench) -> Series {
    let (result, journal) = (&arm.result, &arm.result.journal);
    let mut reader = Reader {
        arm,
        classes,
        trades: journal.rows().peekable(),
        sleeves: journal.sleeve_marks.iter().peekable(),
        cash: journal.cash.iter().peekable(),
        positions: Positions::default(),
        of_sleeve: Vec::new(),
        has_other_accounts: !result.accounts.iter().all(|a| a.kind.is_taxable()),
        has_expenses: bench.market.securities().iter().any(|s| !s.expense_ratio.is_zero()),
        values: Vec::new(),
        taxable: vec![0.0; classes.len()],
        expenses: vec![0.0; classes.len()],
        previous: None,
        brought: vec![0.0; classes.len()],
    };
    let first_year = journal.tax_years.first().map_or(config.start.year(), |y| y.year);
    let views = bench.market.sessions(config.start, config.end);
    let mut sessions = Vec::with_capacity(journal.marks.len());
    let mut last = None;
    for (view, mark) in views.zip(&journal.marks) {
        let year = usize::try_from(mark.date.year() - first_year).unwrap_or_default();
        sessions.push(reader.session(&view, mark, year));
        last = Some(view);
    }
    let carry = journal
        .tax_years
        .last()
        .map_or(bench.terms.opening, |y| Carryforward { short: y.carry_short, long: y.carry_long });
    let liquidation = &arm.measures.liquidation;
    let mut sale = Sale {
        tax: liquidation.tax.to_f64(),
        marginal: at_sale(liquidation, carry, bench.terms.endings.rates),
        value: vec![ByTerm::default(); classes.len()],
        gain: vec![ByTerm::default(); classes.len()],
    };
    if let Some(view) = last {
        reader.open_lots(&view, &mut sale);
    }
    let mark = journal.marks.last();
    Series {
        sessions,
        years: years(&journal.tax_years, &journal.marks, liquidation, config, &bench.terms),
        brought: reader.brought,
        accrued: mark.map_or(0.0, |m| m.accrued_tax.to_f64()),
        owed: mark.map_or(0.0, |m| m.owed.to_f64()),
        sale,
    }
}

/// Reads an arm's journal session by session.
struct Reader<'a, R: Iterator<Item = TradeRow<'a>>> {
    arm: &'a StudyArm,
    classes: &'a [String],
    trades: Peekable<R>,
    sleeves: Peekable<std::slice::Iter<'a, SleeveMark>>,
    cash: Peekable<std::slice::Iter<'a, CashRow>>,
    positions: Positions,
    /// Class of each sleeve in the session.
    of_sleeve: Vec<Option<usize>>,
    has_other_accounts: bool,
    has_expenses: bool,
    /// Value of each sleeve at the close before, dollars.
    values: Vec<f64>,
    /// Value in taxable accounts at the close before, by class, dollars. Kept where there are other accounts.
    taxable: Vec<f64>,
    /// Expense ratio times value at the close before, by class: dollars a year.
    expenses: Vec<f64>,
    previous: Option<NaiveDate>,
    /// Gain brought into taxable accounts, by class, dollars.
    brought: Vec<f64>,
}

impl<'a, R: Iterator<Item = TradeRow<'a>>> Reader<'a, R> {
    fn is_taxable(&self, account: AccountId) -> bool {
        self.arm.result.accounts.get(account.index()).is_none_or(|a| a.kind.is_taxable())
    }

    fn class(&self, sleeve: SleeveId) -> Option<usize> {
        self.of_sleeve.get(sleeve.index()).copied().flatten()
    }

    fn session(&mut self, view: &View<'_>, mark: &Mark, year: usize) -> Session {
        let mut classes = vec![ClassSession::default(); self.classes.len()];
        let mut session = Session {
            value: mark.value.to_f64(),
            flow: mark.flow.to_f64(),
            tax_paid: mark.tax_paid.to_f64(),
            fees: 0.0,
            expenses: 0.0,
            costs: 0.0,
            year,
            classes: Vec::new(),
        };
        let place = |name: &String| self.classes.iter().position(|c| c == name);
        let sleeves = self.arm.result.setup.sleeves(mark.date);
        self.of_sleeve = sleeves.iter().map(|s| place(&s.asset_class)).collect();
        self.read_sleeves(mark.date, &mut classes);
        self.charge_expenses(mark.date, &mut session, &mut classes);
        self.read_cash(view, mark.date, &mut session, &mut classes);
        self.read_trades(mark.date, &mut classes);
        self.close(view);
        self.previous = Some(mark.date);
        session.classes = classes;
        session
    }

    /// Values at the start, and the changes in price.
    fn read_sleeves(&mut self, date: NaiveDate, classes: &mut [ClassSession]) {
        while let Some(m) = self.sleeves.next_if(|m| m.date <= date) {
            let at = m.sleeve.index();
            if self.values.len() <= at {
                self.values.resize(at + 1, 0.0);
            }
            let before = self.values[at];
            self.values[at] = m.value.to_f64();
            if let Some(class) = self.class(m.sleeve).and_then(|c| classes.get_mut(c)) {
                class.before += before;
                class.gain += (m.value - m.net).to_f64() - before;
            }
        }
        for (class, taxable) in classes.iter_mut().zip(&self.taxable) {
            class.taxable = if self.has_other_accounts { *taxable } else { class.before };
        }
    }

    /// What funds took since the session before. Their prices are after it.
    fn charge_expenses(&mut self, date: NaiveDate, session: &mut Session, classes: &mut [ClassSession]) {
        let days = self.previous.map_or(0, |p| (date - p).num_days()) as f64;
        for (class, yearly) in classes.iter_mut().zip(&self.expenses) {
            let taken = yearly * days / DAYS;
            class.gain += taken;
            session.fees += taken;
            session.expenses += taken;
        }
    }

    /// Fees, costs, dividends and interest. A payment belongs to the sleeves that hold its security.
    fn read_cash(
        &mut self,
        view: &View<'_>,
        date: NaiveDate,
        session: &mut Session,
        classes: &mut [ClassSession],
    ) {
        while let Some(row) = self.cash.next_if(|row| row.date <= date) {
            let amount = row.amount.to_f64();
            match (row.kind, row.security) {
                (CashKind::Fee, _) => session.fees -= amount,
                (CashKind::Cost, _) => session.costs -= amount,
                (CashKind::Dividend | CashKind::Interest, Some(security)) => {
                    let is_taxable = self.is_taxable(row.account);
                    let is_qualified = row.kind == CashKind::Dividend
                        && view
                            .distributions()
                            .any(|d| d.security == security && d.kind == IncomeKind::QualifiedDividend);
                    let payers = || self.positions.of(security).filter(|p| p.is_taxable == is_taxable);
                    let mut all = 0.0;
                    payers().for_each(|p| all += p.shares.to_f64());
                    for payer in payers() {
                        let part = amount * payer.shares.to_f64() / all;
                        let class = self.class(payer.sleeve).and_then(|c| classes.get_mut(c));
                        if let Some(class) = class {
                            class.income += part;
                            match (is_taxable, is_qualified) {
                                (true, true) => class.qualified += part,
                                (true, false) => class.ordinary += part,
                                (false, _) => {}
                            }
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Sales in taxable accounts and what they realize, and what is brought in at the first session.
    fn read_trades(&mut self, date: NaiveDate, classes: &mut [ClassSession]) {
        while let Some(row) = self.trades.next_if(|row| row.trade.date <= date) {
            let is_taxable = self.is_taxable(row.trade.account);
            self.positions.book(&row, is_taxable);
            let Some(c) = self.class(row.trade.sleeve) else { continue };
            let class = &mut classes[c];
            if row.trade.side == Side::TransferIn && self.previous.is_none() {
                let value = Money::of(row.quantity, row.trade.price);
                class.before += value.to_f64();
                if is_taxable {
                    class.taxable += value.to_f64();
                    self.brought[c] += (value - row.basis).to_f64();
                }
            }
            let Some(term) = row.trade.term.filter(|_| is_taxable) else { continue };
            let (recognized, amount) = (row.recognized().to_f64(), row.amount.to_f64());
            let (sold, realized) = (&mut class.sold, &mut class.realized);
            let (sold, realized) = match term {
                Term::Short => (&mut sold.short, &mut realized.short),
                Term::Long => (&mut sold.long, &mut realized.long),
            };
            *realized += recognized;
            if row.trade.side == Side::Sell {
                *sold += amount;
            }
        }
    }

    /// What the next session needs of the positions at this close.
    fn close(&mut self, view: &View<'_>) {
        if !self.has_other_accounts && !self.has_expenses {
            return;
        }
        self.taxable.fill(0.0);
        self.expenses.fill(0.0);
        for position in self.positions.iter() {
            let ratio = view.securities().get(position.security.index()).map(|s| s.expense_ratio);
            let ratio = ratio.unwrap_or_default().to_f64();
            if !self.has_other_accounts && ratio <= 0.0 {
                continue;
            }
            let Some(c) = self.class(position.sleeve) else { continue };
            let value = position.value(view).to_f64();
            self.expenses[c] += ratio * value;
            if position.is_taxable {
                self.taxable[c] += value;
            }
        }
    }

    /// Value and gain of the open lots in taxable accounts.
    fn open_lots(&self, view: &View<'_>, sale: &mut Sale) {
        for (security, lot) in &self.arm.result.lots {
            let class = self.class(lot.sleeve);
            let Some(c) = class.filter(|_| self.is_taxable(lot.account)) else { continue };
            let value = Money::of(lot.quantity, view.last_close(*security).unwrap_or_default());
            let (basis, start) = lot.basis_at(value);
            for (of, amount) in [(&mut sale.value[c], value), (&mut sale.gain[c], value - basis)] {
                match term(start, view.date()) {
                    Term::Short => of.short += amount.to_f64(),
                    Term::Long => of.long += amount.to_f64(),
                }
            }
        }
    }
}
