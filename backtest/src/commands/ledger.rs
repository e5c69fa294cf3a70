//! `unisleeve ledger`: books a history of trades as one household's tax return.

use std::borrow::Cow;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use unisleeve_core::books::history::{
    AccountList, Fault, Sale, Settings, Statement, Year, book, parse_accounts, parse_trades,
};
use unisleeve_core::tax::{FilingStatus, LotMethod, PriorPurchases, TaxRates};

use crate::failure::Failure;
use crate::readers::table::{MOST_HELD, plain_bytes};
use crate::readers::{HistorySecurities, read_history_securities};
use crate::render::plain::Plain;
use crate::results::write_json;

/// Most faults printed. A file of the wrong kind has one for each line.
const MOST_FAULTS: usize = 1_000;

/// Arguments of the command.
#[derive(Debug, Args)]
pub(crate) struct LedgerArgs {
    /// Trades (CSV): date, account, action, symbol, quantity, amount and, as needed, lot, acquired, symbol2,
    /// ratio, price, `holding_start`, account2, kind, `ex_date`, `cash_in_lieu`, term, replaced,
    /// `basis_percent`, `boot_symbol`, `boot_value`.
    trades: PathBuf,
    /// Accounts (CSV): account, kind (taxable, ira, roth, hsa or 401k), owner. Without it, all accounts are
    /// taxable.
    #[arg(long, value_name = "FILE")]
    accounts: Option<PathBuf>,
    /// Securities (CSV): `symbol` with `identical_group` (securities of one group are substantially identical),
    /// `dividend_kind` (qualified, ordinary, `capital_gain` or interest), `kind` (`fund` for the method average)
    /// and `wash_sale` (`exempt` where section 1091 does not apply).
    #[arg(long, value_name = "FILE")]
    securities: Option<PathBuf>,
    /// Which lots are sold if the file names none. By law the oldest are sold first (Reg. 1.1012-1(c)). `average`:
    /// funds at average cost (Reg. 1.1012-1(e)), other securities the oldest first.
    #[arg(long, value_enum, default_value_t = Method::Fifo)]
    method: Method,
    /// Rates on short-term and long-term gain. The method min-tax ranks lots by them.
    #[arg(long, value_name = "SHORT,LONG", default_value = ".408,.238", value_parser = rates)]
    rates: TaxRates,
    /// Filing status.
    #[arg(long, value_enum, default_value_t = Status::Single)]
    status: Status,
    /// Whether shares bought in the 30 days before a sale at a loss, but before the shares sold, are
    /// replacement shares. The law is unsettled; brokers count them.
    #[arg(long, value_enum, default_value_t = Prior::Count)]
    prior_purchases: Prior,
    /// Take all purchases of one account, symbol and day that name no lots as one order, at their average price
    /// (Reg. 1.1012-1(c)(1)(ii)).
    #[arg(long)]
    one_order: bool,
    /// Print JSON instead of the tables.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Method {
    MinTax,
    Hifo,
    Fifo,
    Average,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Status {
    Single,
    Joint,
    Head,
    Separate,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Prior {
    Count,
    Ignore,
}

fn rates(text: &str) -> Result<TaxRates, String> {
    let expected = || "expected two rates from 0 to 1, such as .408,.238".to_owned();
    let (short, long) = text.split_once(',').ok_or_else(expected)?;
    let rate = |t: &str| t.trim().parse::<f64>().ok().filter(|r| (0.0..=1.0).contains(r));
    let (short, long) = rate(short).zip(rate(long)).ok_or_else(expected)?;
    Ok(TaxRates { short, long })
}

/// Runs the command and prints the statement.
///
/// # Errors
/// All faults of the files, each with its line. In this case nothing is printed to standard output.
pub(crate) fn run(args: &LedgerArgs) -> Result<(), Failure> {
    let accounts = args.accounts.as_deref().map(read_accounts).transpose()?;
    let HistorySecurities { identical, dividend_kinds, funds, exempt } = match &args.securities {
        Some(path) => read_history_securities(path)?,
        None => HistorySecurities::default(),
    };
    let settings = Settings {
        method: match args.method {
            Method::MinTax => LotMethod::MinTax,
            Method::Hifo => LotMethod::Hifo,
            Method::Fifo | Method::Average => LotMethod::Fifo,
        },
        rates: args.rates,
        status: match args.status {
            Status::Single => FilingStatus::Single,
            Status::Joint => FilingStatus::Joint,
            Status::Head => FilingStatus::Head,
            Status::Separate => FilingStatus::Separate,
        },
        prior: match args.prior_purchases {
            Prior::Count => PriorPurchases::Count,
            Prior::Ignore => PriorPurchases::Ignore,
        },
        accounts,
        identical,
        dividend_kinds,
        exempt,
        averaged: matches!(args.method, Method::Average).then_some(funds),
    };
    let bytes = plain_bytes(&args.trades, MOST_HELD, "a CSV file")?;
    let (mut history, faults) = parse_trades(&bytes, settings.accounts.as_ref());
    drop(bytes);
    if args.one_order {
        history.merge_orders();
    }
    let statement = book(&history, &settings, faults).map_err(|f| listed(&args.trades, &f))?;
    let mut out = BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    let done =
        if args.json { write_json(&mut out, &statement) } else { tables(&mut Plain(&mut out), &statement) };
    match done.and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush()) {
        // A reader that closes the pipe (`| head`) is not an error.
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::Environment(format!("can't write to standard output: {e}")))
        }
        _ => Ok(()),
    }
}

fn read_accounts(path: &Path) -> Result<AccountList, Failure> {
    parse_accounts(&plain_bytes(path, MOST_HELD, "a CSV file")?).map_err(|faults| listed(path, &faults))
}

fn listed(path: &Path, faults: &[Fault]) -> Failure {
    let name = path.display();
    let mut messages: Vec<String> =
        faults.iter().take(MOST_FAULTS).map(|f| format!("{name}:{}: {}", f.line, f.kind)).collect();
    if faults.len() > MOST_FAULTS {
        messages.push(format!("{name}: and {} more faults", faults.len() - MOST_FAULTS));
    }
    Failure::Input(messages)
}

/// The statement as tables.
fn tables(out: &mut impl Write, s: &Statement<'_>) -> std::io::Result<()> {
    sales(out, "Sales", s.sales())?;
    if s.untaxed_sales().next().is_some() {
        let title = "Sales in accounts that are not taxed (IRA, Roth, HSA, 401(k); in no return)";
        sales(out, title, s.untaxed_sales())?;
    }
    writeln!(
        out,
        "Open lots\n{:<12} {:<8} {:<12} {:>16} {:>16} {:>10} {:>13}",
        "account", "symbol", "lot", "quantity", "basis", "acquired", "holding_start"
    )?;
    for l in &s.open_lots {
        writeln!(
            out,
            "{:<12} {:<8} {:<12} {:>16} {:>16} {:>10} {:>13}",
            l.account, l.symbol, l.lot, l.quantity, l.basis, l.acquired, l.holding_start
        )?;
    }
    writeln!(
        out,
        "\nYears (losses carried out are positive)\n{:<6} {:>16} {:>16} {:>12} {:>16} {:>16} {:>16} {:>16} {:>16}",
        "year",
        "net short",
        "net long",
        "offset",
        "carried short",
        "carried long",
        "qualified div.",
        "ordinary div.",
        "interest"
    )?;
    // Leave out the idle years first: shares may be held for decades before the first sale.
    let idle = s.years.iter().take_while(|y| is_idle(y)).count();
    for y in &s.years[idle.min(s.years.len().saturating_sub(1))..] {
        writeln!(
            out,
            "{:<6} {:>16} {:>16} {:>12} {:>16} {:>16} {:>16} {:>16} {:>16}",
            y.year,
            y.net_short,
            y.net_long,
            y.ordinary_offset,
            y.carry_short,
            y.carry_long,
            y.dividends_qualified,
            y.dividends_ordinary,
            y.interest
        )?;
    }
    if s.rounded > 0 {
        writeln!(
            out,
            "\n{} numbers had more decimals than are held (dollars 4, shares 6) and were rounded half-even.",
            s.rounded
        )?;
    }
    if !s.notes.is_empty() {
        writeln!(out, "\nNotes")?;
        for note in &s.notes {
            writeln!(out, "{note}")?;
        }
    }
    Ok(())
}

fn is_idle(y: &Year) -> bool {
    let gains = [y.net_short, y.net_long, y.ordinary_offset, y.carry_short, y.carry_long];
    let paid = [y.dividends_qualified, y.dividends_ordinary, y.interest];
    gains.iter().chain(&paid).all(|m| m.is_zero())
}

fn sales<'a>(
    out: &mut impl Write,
    title: &str,
    sales: impl Iterator<Item = Sale<'a>>,
) -> std::io::Result<()> {
    writeln!(
        out,
        "{title}\n{:<10} {:<12} {:<8} {:<12} {:>16} {:>10} {:>5} {:>16} {:>16} {:>16} {:>14} {:>16}  replaced by",
        "date",
        "account",
        "symbol",
        "lot",
        "quantity",
        "acquired",
        "term",
        "proceeds",
        "basis",
        "gain",
        "disallowed",
        "recognized"
    )?;
    for s in sales {
        writeln!(
            out,
            "{:<10} {:<12} {:<8} {:<12} {:>16} {:>10} {:>5} {:>16} {:>16} {:>16} {:>14} {:>16}  {}",
            s.date,
            s.account,
            s.symbol,
            s.lot,
            s.quantity,
            s.acquired,
            s.term.as_str(),
            s.proceeds,
            s.basis,
            s.gain,
            s.disallowed,
            s.recognized,
            match (s.replacement_lot, s.replacement_account) {
                (Some(lot), Some(account)) if account != s.account => {
                    Cow::Owned(format!("{lot} ({account})"))
                }
                (Some(lot), _) => Cow::Borrowed(lot),
                _ => Cow::Borrowed(""),
            }
        )?;
    }
    writeln!(out)
}
