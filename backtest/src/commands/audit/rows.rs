//! The rows of the tables in a result folder, by arm.

use std::path::Path;

use chrono::NaiveDate;
use unisleeve_core::units::{Money, Price, Shares, Term};

use crate::failure::Failure;
use crate::readers::result_table::{Names, Table, bounded};

/// The kind of a trade row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Buy,
    Sell,
    TransferIn,
    TransferOut,
    GiftOut,
    Split,
    Spinoff,
}

impl Side {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Buy => "buy",
            Self::Sell => "sell",
            Self::TransferIn => "transfer_in",
            Self::TransferOut => "transfer_out",
            Self::GiftOut => "gift_out",
            Self::Split => "split",
            Self::Spinoff => "spinoff",
        }
    }
}

/// The reason for a movement of cash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Contribution,
    Withdrawal,
    Dividend,
    Interest,
    Trade,
    Cost,
    Fee,
    Tax,
    TaxCredit,
    TransferIn,
    TransferOut,
    Idle,
    Distribution,
}

impl Kind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Contribution => "contribution",
            Self::Withdrawal => "withdrawal",
            Self::Dividend => "dividend",
            Self::Interest => "interest",
            Self::Trade => "trade",
            Self::Cost => "cost",
            Self::Fee => "fee",
            Self::Tax => "tax",
            Self::TaxCredit => "tax_credit",
            Self::TransferIn => "transfer_in",
            Self::TransferOut => "transfer_out",
            Self::Idle => "idle",
            Self::Distribution => "distribution",
        }
    }
}

/// A row of trades.csv.
#[derive(Debug, Clone)]
pub(super) struct TradeRow {
    pub(super) line: u32,
    pub(super) date: NaiveDate,
    pub(super) account: u32,
    pub(super) sleeve: u32,
    pub(super) mandate: u32,
    pub(super) symbol: u32,
    pub(super) side: Side,
    pub(super) quantity: Shares,
    pub(super) price: Price,
    pub(super) amount: Money,
    pub(super) cost: Money,
    pub(super) lot: u32,
    pub(super) acquired: NaiveDate,
    pub(super) holding_start: NaiveDate,
    pub(super) basis: Money,
    pub(super) gain: Money,
    pub(super) disallowed: Money,
    pub(super) recognized: Money,
    pub(super) term: Option<Term>,
    pub(super) replacement: Option<u32>,
    pub(super) reason: u32,
}

/// A row of cash.csv.
#[derive(Debug, Clone)]
pub(super) struct CashRow {
    pub(super) line: u32,
    pub(super) date: NaiveDate,
    pub(super) account: u32,
    pub(super) mandate: u32,
    pub(super) kind: Kind,
    pub(super) symbol: Option<u32>,
    pub(super) amount: Money,
}

/// A row of lots.csv.
#[derive(Debug, Clone)]
pub(super) struct LotRow {
    pub(super) line: u32,
    pub(super) account: u32,
    pub(super) sleeve: u32,
    pub(super) symbol: u32,
    pub(super) lot: u32,
    pub(super) quantity: Shares,
    pub(super) acquired: NaiveDate,
    pub(super) holding_start: NaiveDate,
    pub(super) basis: Money,
    pub(super) price: Price,
}

/// A row of daily.csv.
#[derive(Debug, Clone)]
pub(super) struct DailyRow {
    pub(super) line: u32,
    pub(super) date: NaiveDate,
    pub(super) value: Money,
    pub(super) cash: Money,
    pub(super) accrued_tax: Money,
    pub(super) owed: Money,
    pub(super) flow: Money,
    pub(super) tax_paid: Money,
    pub(super) benchmark_value: f64,
    pub(super) benchmark_return: f64,
    pub(super) te_ex_ante: f64,
    pub(super) pre_tax_return: Option<f64>,
    pub(super) fees: Money,
    pub(super) costs: Money,
    pub(super) expenses: Money,
}

/// A row of `class_weights.csv`.
#[derive(Debug, Clone)]
pub(super) struct ClassRow {
    pub(super) line: u32,
    pub(super) date: NaiveDate,
    pub(super) class: String,
    pub(super) weight: Option<f64>,
    pub(super) earned: Option<f64>,
}

/// A row of `tax_years.csv`.
#[derive(Debug, Clone)]
pub(super) struct TaxYearRow {
    pub(super) line: u32,
    pub(super) year: i32,
    /// In the order of [`TAX_COLUMNS`].
    pub(super) amounts: [Money; 10],
    pub(super) paid_on: Option<NaiveDate>,
}

/// Names of the columns with the dollar amounts of a tax year.
pub(super) const TAX_COLUMNS: [&str; 10] = [
    "net_short",
    "net_long",
    "dividends_qualified",
    "dividends_ordinary",
    "interest",
    "ordinary_offset",
    "carry_short",
    "carry_long",
    "tax",
    "distributions",
];

/// Names that the rows of all arms refer to by number.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    pub(super) accounts: Names,
    pub(super) sleeves: Names,
    pub(super) mandates: Names,
    pub(super) symbols: Names,
    pub(super) lots: Names,
    pub(super) reasons: Names,
}

/// The rows of one arm.
#[derive(Debug, Default)]
pub(super) struct ArmRows {
    pub(super) trades: Vec<TradeRow>,
    pub(super) cash: Vec<CashRow>,
    pub(super) lots: Vec<LotRow>,
    pub(super) daily: Vec<DailyRow>,
    pub(super) tax_years: Vec<TaxYearRow>,
    pub(super) classes: Vec<ClassRow>,
}

impl ArmRows {
    pub(super) fn len(&self) -> usize {
        let tables = [self.trades.len(), self.cash.len(), self.lots.len(), self.daily.len()];
        tables.into_iter().sum::<usize>() + self.tax_years.len() + self.classes.len()
    }
}

/// Splits rows by arm.
fn by_arm<T>(arms: &mut Vec<ArmRows>, rows: Vec<(u32, T)>, list: impl Fn(&mut ArmRows) -> &mut Vec<T>) {
    for (arm, row) in rows {
        while arms.len() <= arm as usize {
            arms.push(ArmRows::default());
        }
        list(&mut arms[arm as usize]).push(row);
    }
}

const SIDES: [(&str, Side); 7] = [
    ("buy", Side::Buy),
    ("sell", Side::Sell),
    ("transfer_in", Side::TransferIn),
    ("transfer_out", Side::TransferOut),
    ("gift_out", Side::GiftOut),
    ("split", Side::Split),
    ("spinoff", Side::Spinoff),
];
const KINDS: [(&str, Kind); 13] = [
    ("contribution", Kind::Contribution),
    ("withdrawal", Kind::Withdrawal),
    ("dividend", Kind::Dividend),
    ("interest", Kind::Interest),
    ("trade", Kind::Trade),
    ("cost", Kind::Cost),
    ("fee", Kind::Fee),
    ("tax", Kind::Tax),
    ("tax_credit", Kind::TaxCredit),
    ("transfer_in", Kind::TransferIn),
    ("transfer_out", Kind::TransferOut),
    ("idle", Kind::Idle),
    ("distribution", Kind::Distribution),
];

/// Reads all tables except prices. Arms that summary.json does not list are appended to `arms`.
pub(super) fn read(folder: &Path, arms: &mut Names, words: &mut Words) -> Result<Vec<ArmRows>, Failure> {
    let mut all: Vec<ArmRows> = Vec::new();
    all.resize_with(arms.len(), ArmRows::default);
    by_arm(&mut all, trades(folder, arms, words)?, |a| &mut a.trades);
    by_arm(&mut all, cash(folder, arms, words)?, |a| &mut a.cash);
    by_arm(&mut all, lots(folder, arms, words)?, |a| &mut a.lots);
    by_arm(&mut all, daily(folder, arms)?, |a| &mut a.daily);
    by_arm(&mut all, tax_years(folder, arms)?, |a| &mut a.tax_years);
    by_arm(&mut all, classes(folder, arms)?, |a| &mut a.classes);
    Ok(all)
}

fn trades(folder: &Path, arms: &mut Names, words: &mut Words) -> Result<Vec<(u32, TradeRow)>, Failure> {
    let table = Table::open(
        folder,
        "trades.csv",
        "arm,date,account,sleeve,mandate,symbol,side,quantity,price,amount,cost,lot,acquired,holding_start,basis,gain,\
         disallowed,recognized,term,replacement_lot,reason",
    )?;
    let [arm, date, account, sleeve, mandate, symbol, side] =
        table.places(["arm", "date", "account", "sleeve", "mandate", "symbol", "side"]);
    let [quantity, price, amount, cost, lot, acquired, holding_start, basis] =
        table.places(["quantity", "price", "amount", "cost", "lot", "acquired", "holding_start", "basis"]);
    let [gain, disallowed, recognized, term, replacement, reason] =
        table.places(["gain", "disallowed", "recognized", "term", "replacement_lot", "reason"]);
    let terms = [("", None), ("short", Some(Term::Short)), ("long", Some(Term::Long))];
    let rows = table.rows(|r| {
        let replacement = r.text(replacement);
        let replacement = (!replacement.is_empty()).then(|| words.lots.id(replacement));
        Ok((
            arms.id(r.word(arm)?),
            TradeRow {
                line: r.line,
                date: r.date(date)?,
                account: words.accounts.id(r.word(account)?),
                sleeve: words.sleeves.id(r.word(sleeve)?),
                mandate: words.mandates.id(r.word(mandate)?),
                symbol: words.symbols.id(r.word(symbol)?),
                side: r.one_of(
                    side,
                    &SIDES,
                    "buy, sell, transfer_in, transfer_out, gift_out, split or spinoff: all that a backtest books",
                )?,
                quantity: r.shares(quantity)?,
                price: r.price(price)?,
                amount: r.money(amount)?,
                cost: r.money(cost)?,
                lot: words.lots.id(r.word(lot)?),
                acquired: r.date(acquired)?,
                holding_start: r.date(holding_start)?,
                basis: r.money(basis)?,
                gain: r.money(gain)?,
                disallowed: r.money(disallowed)?,
                recognized: r.money(recognized)?,
                term: r.one_of(term, &terms, "short, long or nothing")?,
                replacement,
                reason: words.reasons.id(r.text(reason)),
            },
        ))
    })?;
    bounded("trades.csv", "quantity", rows.iter().map(|(_, t)| t.quantity.raw()))?;
    bounded("trades.csv", "amount", rows.iter().map(|(_, t)| t.amount.raw()))?;
    bounded("trades.csv", "cost", rows.iter().map(|(_, t)| t.cost.raw()))?;
    bounded("trades.csv", "basis", rows.iter().map(|(_, t)| t.basis.raw()))?;
    Ok(rows)
}

fn cash(folder: &Path, arms: &mut Names, words: &mut Words) -> Result<Vec<(u32, CashRow)>, Failure> {
    let table = Table::open(folder, "cash.csv", "arm,date,account,kind,symbol,amount,mandate")?;
    let [arm, date, account, kind, symbol, amount, mandate] =
        table.places(["arm", "date", "account", "kind", "symbol", "amount", "mandate"]);
    let rows = table.rows(|r| {
        let symbol = r.text(symbol);
        Ok((
            arms.id(r.word(arm)?),
            CashRow {
                line: r.line,
                date: r.date(date)?,
                account: words.accounts.id(r.word(account)?),
                mandate: words.mandates.id(r.word(mandate)?),
                kind: r.one_of(
                    kind,
                    &KINDS,
                    "contribution, withdrawal, dividend, interest, trade, cost, fee, tax, tax_credit, transfer_in, \
                     transfer_out or idle",
                )?,
                symbol: (!symbol.is_empty()).then(|| words.symbols.id(symbol)),
                amount: r.money(amount)?,
            },
        ))
    })?;
    bounded("cash.csv", "amount", rows.iter().map(|(_, c)| c.amount.raw()))?;
    Ok(rows)
}

fn lots(folder: &Path, arms: &mut Names, words: &mut Words) -> Result<Vec<(u32, LotRow)>, Failure> {
    let table = Table::open(
        folder,
        "lots.csv",
        "arm,account,sleeve,symbol,lot,quantity,acquired,holding_start,basis,price",
    )?;
    let [arm, account, sleeve, symbol, lot] = table.places(["arm", "account", "sleeve", "symbol", "lot"]);
    let [quantity, acquired, holding_start, basis, price] =
        table.places(["quantity", "acquired", "holding_start", "basis", "price"]);
    let rows = table.rows(|r| {
        Ok((
            arms.id(r.word(arm)?),
            LotRow {
                line: r.line,
                account: words.accounts.id(r.word(account)?),
                sleeve: words.sleeves.id(r.word(sleeve)?),
                symbol: words.symbols.id(r.word(symbol)?),
                lot: words.lots.id(r.word(lot)?),
                quantity: r.shares(quantity)?,
                acquired: r.date(acquired)?,
                holding_start: r.date(holding_start)?,
                basis: r.money(basis)?,
                price: r.price(price)?,
            },
        ))
    })?;
    bounded("lots.csv", "basis", rows.iter().map(|(_, l)| l.basis.raw()))?;
    Ok(rows)
}

fn daily(folder: &Path, arms: &mut Names) -> Result<Vec<(u32, DailyRow)>, Failure> {
    let table = Table::open(
        folder,
        "daily.csv",
        "arm,date,value,cash,accrued_tax,benchmark_value,te_ex_ante,benchmark_return,flow,tax_paid,owed,\
         pre_tax_return,fees,costs,expenses",
    )?;
    let [arm, date, value, cash, accrued_tax, owed] =
        table.places(["arm", "date", "value", "cash", "accrued_tax", "owed"]);
    let [benchmark_value, te, benchmark_return, flow, tax_paid] =
        table.places(["benchmark_value", "te_ex_ante", "benchmark_return", "flow", "tax_paid"]);
    let [pre_tax_return, fees, costs, expenses] =
        table.places(["pre_tax_return", "fees", "costs", "expenses"]);
    table.rows(|r| {
        Ok((
            arms.id(r.word(arm)?),
            DailyRow {
                line: r.line,
                date: r.date(date)?,
                value: r.money(value)?,
                cash: r.money(cash)?,
                accrued_tax: r.money(accrued_tax)?,
                owed: r.money(owed)?,
                flow: r.money(flow)?,
                tax_paid: r.money(tax_paid)?,
                benchmark_value: r.float(benchmark_value)?,
                benchmark_return: r.float(benchmark_return)?,
                te_ex_ante: r.float(te)?,
                pre_tax_return: r.float_or_none(pre_tax_return)?,
                fees: r.money(fees)?,
                costs: r.money(costs)?,
                expenses: r.money(expenses)?,
            },
        ))
    })
}

fn classes(folder: &Path, arms: &mut Names) -> Result<Vec<(u32, ClassRow)>, Failure> {
    let table = Table::open(folder, "class_weights.csv", "arm,date,asset_class,weight,return")?;
    let [arm, date, class, weight, earned] = table.places(["arm", "date", "asset_class", "weight", "return"]);
    table.rows(|r| {
        Ok((
            arms.id(r.word(arm)?),
            ClassRow {
                line: r.line,
                date: r.date(date)?,
                class: r.word(class)?.to_owned(),
                weight: r.float_or_none(weight)?,
                earned: r.float_or_none(earned)?,
            },
        ))
    })
}

fn tax_years(folder: &Path, arms: &mut Names) -> Result<Vec<(u32, TaxYearRow)>, Failure> {
    let table = Table::open(
        folder,
        "tax_years.csv",
        "arm,year,net_short,net_long,dividends_qualified,dividends_ordinary,interest,ordinary_offset,carry_short,\
         carry_long,tax,paid_on,distributions",
    )?;
    let [arm, year, paid_on] = table.places(["arm", "year", "paid_on"]);
    let columns = table.places(TAX_COLUMNS);
    table.rows(|r| {
        let mut amounts = [Money::ZERO; 10];
        for (amount, column) in amounts.iter_mut().zip(columns) {
            *amount = r.money(column)?;
        }
        let number = r.text(year).parse::<i32>().ok().filter(|y| (1600..=2400).contains(y));
        Ok((
            arms.id(r.word(arm)?),
            TaxYearRow {
                line: r.line,
                year: number.ok_or_else(|| r.bad(year, "a year"))?,
                amounts,
                paid_on: r.date_or_none(paid_on)?,
            },
        ))
    })
}
