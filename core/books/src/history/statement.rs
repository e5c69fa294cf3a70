//! The result of a booked history: sales with wash sales, open lots, and years.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::{History, Settings};
use crate::household::LotBook;
use crate::journal::{Journal, Side};
use unisleeve_tax::{Carryforward, net};
use unisleeve_units::{AccountId, LotId, Money, SecurityId, Shares, Term};

/// A sale, or the part of a sale with one replacement. Dollars; gains are positive, losses negative.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Sale<'a> {
    /// Trade date.
    pub date: NaiveDate,
    /// Account.
    pub account: &'a str,
    /// Security.
    pub symbol: &'a str,
    /// Lot that was sold.
    pub lot: &'a str,
    /// Number of shares; zero for a distribution of capital beyond the basis and for the cash of a merger.
    pub quantity: Shares,
    /// Date of the lot's purchase.
    pub acquired: NaiveDate,
    /// Start of the holding period.
    pub holding_start: NaiveDate,
    /// Proceeds after costs.
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
    /// Lot that replaced these shares.
    pub replacement_lot: Option<&'a str>,
    /// Account that the replacement lot came into.
    pub replacement_account: Option<&'a str>,
    /// Source of the gain: `sell`, `return_of_capital` or `merger`.
    pub side: &'static str,
}

/// An open lot, or a part of one with its own basis and holding period.
#[derive(Debug, Clone, Serialize)]
pub struct OpenLot<'a> {
    /// Account.
    pub account: &'a str,
    /// Security.
    pub symbol: &'a str,
    /// Name of the lot.
    pub lot: &'a str,
    /// Number of shares.
    pub quantity: Shares,
    /// Adjusted basis, in dollars.
    pub basis: Money,
    /// Date of the purchase.
    pub acquired: NaiveDate,
    /// Start of the holding period; earlier than the purchase after a wash sale.
    pub holding_start: NaiveDate,
    /// Basis for a loss, in dollars, if the shares were received by gift below the donor's basis (IRC
    /// 1015(a)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss_basis: Option<Money>,
}

/// A tax year. Dollars; gains are positive, losses negative.
#[derive(Debug, Clone, Serialize)]
pub struct Year {
    /// Calendar year.
    pub year: i32,
    /// Net short-term gain, without losses carried in.
    pub net_short: Money,
    /// Net long-term gain, without losses carried in; includes capital gain distributions of funds.
    pub net_long: Money,
    /// Net loss deducted from other income, positive.
    pub ordinary_offset: Money,
    /// Short-term loss carried out, positive.
    pub carry_short: Money,
    /// Long-term loss carried out, positive.
    pub carry_long: Money,
    /// Qualified dividends: those on shares held long enough.
    pub dividends_qualified: Money,
    /// Other dividends.
    pub dividends_ordinary: Money,
    /// Interest.
    pub interest: Money,
}

/// The statement of a history. Shares and dollars are exact.
#[derive(Debug, Clone)]
pub struct Statement<'a> {
    history: &'a History,
    journal: Journal,
    /// For each account, whether its gains are taxed.
    taxable: Vec<bool>,
    /// For each lot id, its name and the account that it came into.
    lots: Vec<(u32, AccountId)>,
    /// Lots open at the end, by account, symbol and date of purchase.
    pub open_lots: Vec<OpenLot<'a>>,
    /// All years from the first row's to the last row's.
    pub years: Vec<Year>,
    /// What was assumed where the file leaves a question open, with line numbers.
    pub notes: Vec<String>,
    /// Number of values in the file with more decimals than can be held (dollars 4, shares 6), rounded
    /// half-even.
    pub rounded: u64,
}

impl<'a> Statement<'a> {
    /// Builds the statement from the lot book. `lots` holds, for each lot id, its name and the account that
    /// it came into.
    pub(super) fn new(
        history: &'a History,
        settings: &Settings,
        book: LotBook,
        lots: Vec<(u32, AccountId)>,
        notes: Vec<String>,
    ) -> Self {
        let names = history.accounts.len() as u32;
        let list = settings.accounts.as_ref();
        let owner = |name: &str| list.and_then(|l| l.get(name));
        let taxable =
            (0..names).map(|a| owner(history.accounts.name(a)).is_none_or(|o| o.kind.is_taxable())).collect();
        let years = years(history, settings, &book);
        let mut statement = Self {
            history,
            journal: Journal::default(),
            taxable,
            lots,
            open_lots: Vec::new(),
            years,
            notes,
            rounded: history.rounded,
        };
        statement.open_lots = statement.open(&book);
        statement.journal = book.into_journal();
        statement
    }

    /// Sales in taxable accounts, in booking order.
    pub fn sales(&self) -> impl Iterator<Item = Sale<'_>> {
        self.all_sales().filter(|(taxable, _)| *taxable).map(|(_, sale)| sale)
    }

    /// Sales in accounts that are not taxed; they enter no return.
    pub fn untaxed_sales(&self) -> impl Iterator<Item = Sale<'_>> {
        self.all_sales().filter(|(taxable, _)| !*taxable).map(|(_, sale)| sale)
    }

    fn account(&self, a: AccountId) -> &'a str {
        self.history.accounts.name(u32::from(a.0))
    }

    fn lot(&self, id: LotId) -> &'a str {
        self.lots.get(id.0 as usize).map_or("", |(n, _)| self.history.lots.name(*n))
    }

    fn all_sales(&self) -> impl Iterator<Item = (bool, Sale<'_>)> {
        self.journal.rows().filter_map(|row| {
            let t = row.trade;
            let term = t.term?;
            let replaced_in = row.replacement.and_then(|l| self.lots.get(l.0 as usize));
            let sale = Sale {
                date: t.date,
                account: self.account(t.account),
                symbol: self.history.symbols.name(t.security.0),
                lot: self.lot(t.lot),
                quantity: row.quantity,
                acquired: t.acquired,
                holding_start: t.holding_start,
                proceeds: row.amount - row.cost,
                // For cash without a sale, the journal has the basis taken as a negative number.
                basis: if t.side == Side::Sell { row.basis } else { -row.basis },
                gain: row.gain(),
                disallowed: row.disallowed,
                recognized: row.recognized(),
                term,
                replacement_lot: row.replacement.map(|l| self.lot(l)),
                replacement_account: replaced_in.map(|(_, a)| self.account(*a)),
                side: t.side.as_str(),
            };
            Some((self.taxable.get(t.account.index()).copied().unwrap_or(true), sale))
        })
    }

    fn open(&self, book: &LotBook) -> Vec<OpenLot<'a>> {
        let mut open: Vec<OpenLot<'a>> = (0..self.history.symbols.len() as u32)
            .flat_map(|s| book.lots(SecurityId(s)).iter().map(move |l| (s, l)))
            .map(|(s, l)| OpenLot {
                account: self.account(l.account),
                symbol: self.history.symbols.name(s),
                lot: self.lot(l.id),
                quantity: l.quantity,
                basis: l.basis,
                acquired: l.acquired,
                holding_start: l.holding_start,
                loss_basis: l.gift.map(|g| g.value),
            })
            .collect();
        open.sort_by(|a, b| (a.account, a.symbol, a.acquired).cmp(&(b.account, b.symbol, b.acquired)));
        open
    }
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
                interest: income.interest,
            }
        })
        .collect()
}
