//! What came of a history: sales with their wash sales, open lots, years.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::{History, Settings};
use crate::household::LotBook;
use crate::journal::{Side, TradeRow};
use crate::tax::{Carryforward, net};
use crate::units::{AccountId, LotId, Money, SecurityId, Shares, Term};

/// A sale, or the part of one that has one replacement. Gains positive, losses negative.
#[derive(Debug, Clone, Serialize)]
pub struct Sale<'a> {
    /// Trade date.
    pub date: NaiveDate,
    /// Account.
    pub account: &'a str,
    /// Security.
    pub symbol: &'a str,
    /// Lot sold from.
    pub lot: &'a str,
    /// Shares; zero for a distribution of capital beyond the basis.
    pub quantity: Shares,
    /// Date of the lot's purchase.
    pub acquired: NaiveDate,
    /// Start of its holding period.
    pub holding_start: NaiveDate,
    /// Net proceeds.
    pub proceeds: Money,
    /// Adjusted basis of the shares.
    pub basis: Money,
    /// `proceeds - basis`.
    pub gain: Money,
    /// Loss disallowed as a wash sale, zero or positive.
    pub disallowed: Money,
    /// `gain + disallowed`.
    pub recognized: Money,
    /// Short or long.
    pub term: Term,
    /// The lot that replaced these shares.
    pub replacement_lot: Option<&'a str>,
    /// Account of that lot.
    pub replacement_account: Option<&'a str>,
    /// What brought the gain about: `sell` or `return_of_capital`.
    pub side: &'static str,
}

/// An open lot, or the part of one with its own basis and holding period.
#[derive(Debug, Clone, Serialize)]
pub struct OpenLot<'a> {
    /// Account.
    pub account: &'a str,
    /// Security.
    pub symbol: &'a str,
    /// Its name.
    pub lot: &'a str,
    /// Shares.
    pub quantity: Shares,
    /// Adjusted basis.
    pub basis: Money,
    /// Date of the purchase.
    pub acquired: NaiveDate,
    /// Start of the holding period, tacked after a wash sale.
    pub holding_start: NaiveDate,
    /// Basis for a loss, of shares received by gift below the donor's basis (IRC 1015(a)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss_basis: Option<Money>,
}

/// A tax year.
#[derive(Debug, Clone, Serialize)]
pub struct Year {
    /// The year.
    pub year: i32,
    /// Net short-term gain without what was carried in.
    pub net_short: Money,
    /// Net long-term gain without what was carried in.
    pub net_long: Money,
    /// Loss used against other income.
    pub ordinary_offset: Money,
    /// Short-term loss left at the year's end, positive.
    pub carry_short: Money,
    /// Long-term loss left at the year's end, positive.
    pub carry_long: Money,
    /// Dividends on shares held long enough.
    pub dividends_qualified: Money,
    /// Other dividends.
    pub dividends_ordinary: Money,
}

/// All of it. Shares and dollars are exact.
#[derive(Debug, Clone, Serialize)]
pub struct Statement<'a> {
    /// Sales in taxable accounts, by date.
    pub sales: Vec<Sale<'a>>,
    /// Lots open at the end, by account and symbol.
    pub open_lots: Vec<OpenLot<'a>>,
    /// Years from the first row's to the last one's.
    pub years: Vec<Year>,
    /// Sales in IRA and Roth accounts: they enter no return.
    pub untaxed_sales: Vec<Sale<'a>>,
    /// What was assumed where the file leaves something open, with lines.
    pub notes: Vec<String>,
    /// Numbers of the file that had more decimals than are held (dollars 4, shares 6), rounded half-even.
    pub rounded: u64,
}

/// Names of lots.
pub(super) struct Lots {
    /// By lot id.
    pub names: Vec<u32>,
}

impl Lots {
    fn name<'a>(&self, history: &'a History, id: LotId) -> &'a str {
        self.names.get(id.0 as usize).map_or("", |n| history.lots.name(*n))
    }
}

fn account(history: &History, a: AccountId) -> &str {
    history.accounts.name(u32::from(a.0))
}

/// Tells what the book holds.
pub(super) fn tell<'a>(
    history: &'a History,
    settings: &Settings,
    book: LotBook,
    lots: &Lots,
    notes: Vec<String>,
) -> Statement<'a> {
    let years = years(history, settings, &book);
    let mut open_lots: Vec<OpenLot<'a>> = (0..history.symbols.len() as u32)
        .flat_map(|s| book.lots(SecurityId(s)).iter().map(move |l| (s, l)))
        .map(|(s, l)| OpenLot {
            account: account(history, l.account),
            symbol: history.symbols.name(s),
            lot: lots.name(history, l.id),
            quantity: l.quantity,
            basis: l.basis,
            acquired: l.acquired,
            holding_start: l.holding_start,
            loss_basis: l.gift.map(|g| g.value),
        })
        .collect();
    open_lots.sort_by(|a, b| (a.account, a.symbol, a.acquired).cmp(&(b.account, b.symbol, b.acquired)));
    let taxable = |row: &TradeRow<'_>| {
        let list = settings.accounts.as_ref();
        let owner = list.and_then(|l| l.get(account(history, row.trade.account)));
        owner.is_none_or(|o| o.kind.is_taxable())
    };
    let journal = book.into_journal();
    let mut bought_in: Vec<Option<AccountId>> = vec![None; lots.names.len()];
    for t in journal.trades.iter().filter(|t| matches!(t.side, Side::Buy | Side::TransferIn)) {
        if let Some(at) = bought_in.get_mut(t.lot.0 as usize) {
            *at = Some(t.account);
        }
    }
    let (mut sales, mut untaxed_sales) = (Vec::new(), Vec::new());
    for row in journal.trade_rows() {
        let t = row.trade;
        let Some(term) = t.term else { continue };
        let replaced_in = row.replacement.and_then(|l| bought_in.get(l.0 as usize).copied().flatten());
        // A distribution's basis is what it took: negative on its row.
        let basis = if t.side == Side::Sell { row.basis } else { -row.basis };
        let sale = Sale {
            date: t.date,
            account: account(history, t.account),
            symbol: history.symbols.name(t.security.0),
            lot: lots.name(history, t.lot),
            quantity: row.quantity,
            acquired: t.acquired,
            holding_start: t.holding_start,
            proceeds: row.amount - row.cost,
            basis,
            gain: row.gain(),
            disallowed: row.disallowed,
            recognized: row.recognized(),
            term,
            replacement_lot: row.replacement.map(|l| lots.name(history, l)),
            replacement_account: replaced_in.map(|a| account(history, a)),
            side: t.side.as_str(),
        };
        if taxable(&row) { sales.push(sale) } else { untaxed_sales.push(sale) }
    }
    Statement { sales, open_lots, years, untaxed_sales, notes, rounded: history.rounded }
}

fn years(history: &History, settings: &Settings, book: &LotBook) -> Vec<Year> {
    let (Some(first), Some(last)) = (history.rows.first(), history.rows.last()) else { return Vec::new() };
    let limit = settings.status.loss_limit();
    let mut carry = Carryforward::default();
    (first.date.year()..=last.date.year())
        .map(|year| {
            let income = book.income(year);
            let netted = net(income.net_short, income.net_long, carry, limit);
            carry = netted.carry;
            Year {
                year,
                net_short: income.net_short,
                net_long: income.net_long,
                ordinary_offset: netted.ordinary_offset,
                carry_short: carry.short,
                carry_long: carry.long,
                dividends_qualified: income.qualified,
                dividends_ordinary: income.ordinary,
            }
        })
        .collect()
}
