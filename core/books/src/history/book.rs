//! Books a history row by row through the lot book.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::{Action, DividendKind, Fault, FaultKind, History, HistoryRow, Settings, Statement};
use crate::household::{Departed, Disposal, Entry, Incoming, LedgerError, LotBook, Outgoing, Received};
use crate::journal::{Reason, Side};
use unisleeve_tax::{Gift, Lot, LotMethod, last_long_start};
use unisleeve_units::{
    AccountId, AccountKind, IncomeKind, LIMIT, LotId, MandateId, Money, Price, Ratio, SecurityId, Shares,
    SleeveId, Term,
};

/// Rows of the same corporate action belong to one event if they are at most this many days apart.
const SAME_EVENT_DAYS: i64 = 30;

/// Books all rows and returns the statement. `faults` holds the faults found while reading.
///
/// # Errors
/// All faults of reading and booking, sorted by line. With any fault there is no statement.
pub fn book<'a>(
    history: &'a History,
    settings: &Settings,
    faults: Vec<Fault>,
) -> Result<Statement<'a>, Vec<Fault>> {
    let mut booking = Booking::new(history, settings, faults);
    if history.is_backwards {
        booking.notes.push("the file's dates run backwards: it is read from its end".to_owned());
    }
    for row in &history.rows {
        if let Err(kind) = booking.row(row) {
            // A lot from a row that could not be read is not reported as unknown as well.
            if let FaultKind::UnknownLot { lot, .. } = &kind
                && history.unreadable_lots.contains(lot)
            {
                continue;
            }
            let fatal = kind == FaultKind::TooLarge;
            booking.faults.push(Fault { line: u64::from(row.line), kind });
            // Every later row would have the same fault.
            if fatal {
                break;
            }
        }
    }
    if !booking.faults.is_empty() {
        booking.faults.sort_by_key(|f| f.line);
        return Err(booking.faults);
    }
    booking.average_all();
    Ok(Statement::new(history, settings, booking.book, booking.lots_in, booking.notes))
}

/// Where a lot comes in.
#[derive(Clone, Copy)]
struct Declared {
    line: u32,
    date: NaiveDate,
}

struct Booking<'a, 'b> {
    history: &'a History,
    settings: &'b Settings,
    book: LotBook,
    faults: Vec<Fault>,
    notes: Vec<String>,
    /// For each lot id, its name and the account that it came into.
    lots_in: Vec<(u32, AccountId)>,
    /// For each lot id, its line in the file.
    lot_lines: Vec<u32>,
    /// Ids of the lots with a name in an account; some may have been sold since.
    by_name: BTreeMap<(SecurityId, AccountId, u32), Vec<LotId>>,
    /// For each security and account: the last day with a sale, and that day's first sale in the journal.
    last_sale: BTreeMap<(SecurityId, AccountId), (NaiveDate, usize)>,
    /// For each security, the kind of its dividends if a row states none.
    dividend_kinds: Vec<Option<DividendKind>>,
    /// Securities whose dividends were assumed to be qualified, so that the note appears once.
    assumed: BTreeSet<SecurityId>,
    /// Securities sold that are no funds, under the average-cost method, so that the note appears once.
    not_funds: BTreeSet<SecurityId>,
    /// Where each named lot in the file comes in; built when a message first needs it.
    declared: Option<BTreeMap<(AccountId, SecurityId, u32), Declared>>,
    /// For each security, the price of its last trade in the file.
    last_price: Vec<Option<Price>>,
    /// Dates of each account's own rows for a corporate action.
    own_rows: BTreeMap<(Kind, AccountId), Vec<NaiveDate>>,
    /// Last event of each kind.
    events: BTreeMap<Kind, Event>,
    gross: i128,
}

/// Identifies a corporate action: two children spun off on the same day are two actions.
type Kind = (SecurityId, &'static str, Option<SecurityId>);

fn kind(row: &HistoryRow) -> Kind {
    (row.symbol, row.action.as_str(), row.symbol2)
}

/// A corporate action, as told by its rows.
struct Event {
    /// Date of its first row.
    date: NaiveDate,
    /// Accounts named on its rows; `None` for a row that names none.
    told_by: Vec<Option<AccountId>>,
}

fn near(a: NaiveDate, b: NaiveDate) -> bool {
    (a - b).num_days().abs() <= SAME_EVENT_DAYS
}

impl<'a, 'b> Booking<'a, 'b> {
    fn new(history: &'a History, settings: &'b Settings, faults: Vec<Fault>) -> Self {
        let kind_of = |name: &str| {
            let list = settings.accounts.as_ref();
            list.and_then(|l| l.get(name)).map_or(AccountKind::Taxable, |o| o.kind)
        };
        let kinds = (0..history.accounts.len()).map(|a| kind_of(history.accounts.name(a as u32))).collect();
        let first_year = history.rows.first().map_or(1900, |r| r.date.year());
        let mut book = LotBook::new(kinds, 1, groups(history, settings), first_year)
            .with_prior_purchases(settings.prior)
            .exempting(exempt(history, &settings.exempt))
            .expecting_many_lots();
        let mut own_rows: BTreeMap<_, Vec<NaiveDate>> = BTreeMap::new();
        let mut late = false;
        for row in &history.rows {
            late |= row.action == Action::TransferIn && row.acquired.is_some_and(|a| a < row.date);
            if let (true, Some(account)) = (row.action.is_corporate(), row.account) {
                own_rows.entry((kind(row), account)).or_default().push(row.date);
            }
        }
        if late {
            book = book.expecting_old_lots();
        }
        Self {
            history,
            settings,
            book,
            faults,
            notes: Vec::new(),
            lots_in: Vec::new(),
            lot_lines: Vec::new(),
            by_name: BTreeMap::new(),
            last_sale: BTreeMap::new(),
            dividend_kinds: dividend_kinds(history, &settings.dividend_kinds),
            assumed: BTreeSet::new(),
            not_funds: BTreeSet::new(),
            declared: None,
            last_price: vec![None; history.symbols.len()],
            own_rows,
            events: BTreeMap::new(),
            gross: 0,
        }
    }

    fn row(&mut self, row: &HistoryRow) -> Result<(), FaultKind> {
        self.gross += i128::from(row.amount.raw()) + i128::from(row.cash_in_lieu.raw());
        if self.gross > i128::from(LIMIT) * 10_000 {
            return Err(FaultKind::TooLarge);
        }
        match (row.action.is_corporate(), row.account) {
            (true, _) => self.corporate(row),
            (false, Some(account)) => self.own(row, &entry(row, account)),
            // The parser requires an account for these actions.
            (false, None) => Ok(()),
        }
    }

    /// Books an action of one account.
    fn own(&mut self, row: &HistoryRow, entry: &Entry) -> Result<(), FaultKind> {
        let quantity = row.quantity.unwrap_or_default();
        match row.action {
            Action::Buy => self.receive(row, entry, quantity, Side::Buy, true, None),
            Action::TransferIn => self.receive(row, entry, quantity, Side::TransferIn, true, None),
            Action::Inherit => self.receive(row, entry, quantity, Side::TransferIn, false, None),
            Action::GiftIn => {
                let value = row.price.map(|p| Money::of(quantity, p));
                if value.is_none() {
                    self.note(row, "no price on the day of the gift: taken as not below the donor's basis");
                }
                if row.acquired.is_none() {
                    self.note(row, "no date of the donor's purchase: the day of the gift is taken");
                }
                let gift = value.filter(|v| *v < row.amount).map(|value| Gift { value, date: row.date });
                self.receive(row, entry, quantity, Side::TransferIn, false, gift)
            }
            Action::Reinvest => {
                self.dividend(row, entry);
                self.receive(row, entry, quantity, Side::Buy, true, None)
            }
            Action::Dividend | Action::CapitalGain => {
                self.dividend(row, entry);
                Ok(())
            }
            Action::Sell => {
                let price = row.amount.per_share(quantity);
                self.last_price[row.symbol.index()] = Some(price);
                let pieces = self.pieces(row, entry, self.settings.method, price)?;
                self.sell(entry, price, &prorated(&pieces, row.amount, quantity), Disposal::Order)
            }
            Action::GiftOut => {
                let pieces = self.pieces(row, entry, LotMethod::Fifo, Price::ZERO)?;
                self.book.give(entry, &pieces, Side::GiftOut).map_err(|_| FaultKind::TooLarge)
            }
            Action::Transfer => self.transfer(row, entry),
            Action::ReturnOfCapital => self.return_of_capital(row, entry),
            // Corporate actions are booked elsewhere.
            _ => Ok(()),
        }
    }

    fn receive(
        &mut self,
        row: &HistoryRow,
        entry: &Entry,
        quantity: Shares,
        side: Side,
        purchased: bool,
        gift: Option<Gift>,
    ) -> Result<(), FaultKind> {
        let name = row.lot.unwrap_or(u32::MAX);
        // Unnamed lots can't clash, because no row can refer to them.
        let open = if row.is_named { self.ids_of(row.symbol, entry.account, name) } else { Vec::new() };
        if let Some(id) = open.first() {
            let line = self.lot_lines.get(id.0 as usize).copied().unwrap_or(0);
            return Err(FaultKind::LotTwice { lot: self.history.lots.name(name).to_owned(), line });
        }
        let acquired = row.acquired.filter(|_| side == Side::TransferIn).unwrap_or(row.date);
        let holding_start = match (row.holding_start, row.action) {
            // Inherited shares count as held for more than a year from the first day (IRC 1223(9)).
            (_, Action::Inherit) => last_long_start(acquired),
            (start, _) => start.unwrap_or(acquired),
        };
        let incoming = Incoming {
            side,
            quantity,
            price: row.amount.per_share(quantity),
            amount: row.amount,
            cost: Money::ZERO,
            acquired,
            holding_start,
            purchased,
            replaced: row.replaced,
            gift,
        };
        let id = self.book.receive(entry, &incoming).map_err(|_| FaultKind::TooLarge)?;
        debug_assert_eq!(id.0 as usize, self.lots_in.len());
        self.lots_in.push((name, entry.account));
        self.lot_lines.push(row.line);
        if row.is_named {
            self.by_name.entry((row.symbol, entry.account, name)).or_default().push(id);
        }
        if side == Side::Buy {
            self.last_price[row.symbol.index()] = Some(incoming.price);
        }
        Ok(())
    }

    /// Moves shares to another account of the household, with their basis, dates and pending dividends.
    fn transfer(&mut self, row: &HistoryRow, entry: &Entry) -> Result<(), FaultKind> {
        let Some(to) = row.account2 else { return Ok(()) };
        if self.is_taxable(entry.account) != self.is_taxable(to) {
            let (from, to) = (self.account(entry.account), self.account(to));
            return Err(FaultKind::MixedTransfer { from, to });
        }
        let pieces = self.pieces(row, entry, LotMethod::Fifo, Price::ZERO)?;
        let lots = self.book.lots(row.symbol);
        let moved: BTreeSet<LotId> =
            pieces.iter().filter_map(|(piece, _)| lots.find(*piece)).map(|l| l.id).collect();
        self.book.transfer(entry, to, &pieces).map_err(|_| FaultKind::TooLarge)?;
        for id in moved {
            self.name_lot(row.symbol, to, id);
        }
        Ok(())
    }

    /// Keeps a lot's name when it moves to another account or security.
    fn name_lot(&mut self, security: SecurityId, account: AccountId, id: LotId) {
        if let Some((name, _)) = self.lots_in.get(id.0 as usize) {
            let ids = self.by_name.entry((security, account, *name)).or_default();
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }

    /// Open lots with this name in an account; nearly always one.
    fn ids_of(&mut self, security: SecurityId, account: AccountId, name: u32) -> Vec<LotId> {
        let Some(ids) = self.by_name.get_mut(&(security, account, name)) else { return Vec::new() };
        let lots = self.book.lots(security);
        ids.retain(|id| lots.of_lot(account, *id).next().is_some());
        let open = ids.clone();
        if open.is_empty() {
            self.by_name.remove(&(security, account, name));
        }
        open
    }

    /// Open pieces of the lots with this name.
    fn named_lots(&mut self, security: SecurityId, account: AccountId, name: u32) -> Vec<Lot> {
        let ids = self.ids_of(security, account, name);
        let lots = self.book.lots(security);
        ids.into_iter().flat_map(|id| lots.of_lot(account, id)).copied().collect()
    }

    /// States the open lots of funds at their average cost.
    fn average_all(&mut self) {
        for s in (0..self.history.symbols.len()).map(|s| SecurityId(s as u32)) {
            if self.is_averaged(s) {
                let accounts: BTreeSet<AccountId> = self.book.lots(s).holders().into_iter().collect();
                for account in accounts {
                    self.book.average(s, account);
                }
            }
        }
    }

    /// The method for a row that names no lots. Shares of a fund leave at average cost if the settings say so.
    fn averaged_method(&mut self, row: &HistoryRow, entry: &Entry, method: LotMethod) -> LotMethod {
        if self.is_averaged(row.symbol) {
            self.book.average(row.symbol, entry.account);
            return LotMethod::Fifo;
        }
        if self.settings.averaged.is_some() && row.action == Action::Sell && self.not_funds.insert(row.symbol)
        {
            let text = format!(
                "{} is marked as no fund: its oldest lots are sold, not an average",
                self.symbol(row.symbol)
            );
            self.note(row, &text);
        }
        method
    }

    /// Whether sales of a security are at average cost.
    fn is_averaged(&self, security: SecurityId) -> bool {
        let name = self.history.symbols.name(security.0);
        self.settings.averaged.iter().flatten().any(|fund| fund.eq_ignore_ascii_case(name))
    }

    fn is_taxable(&self, account: AccountId) -> bool {
        let list = self.settings.accounts.as_ref();
        let owner = list.and_then(|l| l.get(self.history.accounts.name(u32::from(account.0))));
        owner.is_none_or(|o| o.kind.is_taxable())
    }

    fn dividend(&mut self, row: &HistoryRow, entry: &Entry) {
        match self.dividend_kind(row) {
            Some(DividendKind::CapitalGain) => self.book.gain_distributed(entry, row.amount),
            Some(DividendKind::Ordinary) => self.ordinary(row, entry, IncomeKind::OrdinaryDividend),
            Some(DividendKind::Interest) => self.ordinary(row, entry, IncomeKind::Interest),
            kind => self.qualified(row, entry, kind.is_some()),
        }
    }

    /// The kind of a dividend, by its row or else by its security.
    fn dividend_kind(&mut self, row: &HistoryRow) -> Option<DividendKind> {
        if row.action == Action::CapitalGain {
            if row.term != Some(Term::Short) {
                return Some(DividendKind::CapitalGain);
            }
            // Pub. 550, "Capital Gain Distributions".
            self.note(row, "a fund's distribution of short-term gain counts as an ordinary dividend");
            return Some(DividendKind::Ordinary);
        }
        row.kind.or_else(|| self.dividend_kinds.get(row.symbol.index()).copied().flatten())
    }

    fn ordinary(&mut self, row: &HistoryRow, entry: &Entry, kind: IncomeKind) {
        self.book.income_received(entry, kind, row.amount, Shares::ZERO);
    }

    /// Books a qualified dividend. It is paid on shares bought before the ex-date, and it stays qualified for
    /// shares that are held long enough.
    fn qualified(&mut self, row: &HistoryRow, entry: &Entry, is_said: bool) {
        let ex = row.ex_date.unwrap_or(row.date);
        let departed = if row.ex_date.is_some() { self.departed(row, entry, ex) } else { Vec::new() };
        let gone: Shares = departed.iter().map(|(d, _)| d.lot.quantity).sum();
        let shares = self.book.lots(row.symbol).held_before(entry.account, ex) + gone;
        if !shares.is_positive() {
            if is_said {
                self.note(
                    row,
                    "no shares bought before the ex-date are held: taken as qualified as the row says",
                );
                self.book.income_received(entry, IncomeKind::QualifiedDividend, row.amount, Shares::ZERO);
            } else {
                self.note(
                    row,
                    "no shares bought before that day are held: the dividend counts as not qualified",
                );
                self.ordinary(row, entry, IncomeKind::OrdinaryDividend);
            }
            return;
        }
        if !is_said && self.is_taxable(entry.account) && self.assumed.insert(row.symbol) {
            let text = format!("no kind: dividends of {} count as qualified", self.symbol(row.symbol));
            self.note(row, &text);
        }
        self.book.income_paid(entry, ex, IncomeKind::QualifiedDividend, row.amount, shares);
        for (d, sold) in departed {
            self.book.disqualify(&Entry { date: sold, ..*entry }, &d.lot);
        }
    }

    /// Shares bought before `ex` and sold since then, with the date of each sale.
    fn departed(&self, row: &HistoryRow, entry: &Entry, ex: NaiveDate) -> Vec<(Departed, NaiveDate)> {
        let trades = &self.book.journal().trades;
        let from = trades.partition_point(|t| t.date < ex);
        self.sold_since(row, entry, from).into_iter().filter(|(d, _)| d.lot.acquired < ex).collect()
    }

    /// Sales of a row's security in its account, from a position in the journal on.
    fn sold_since(&self, row: &HistoryRow, entry: &Entry, from: usize) -> Vec<(Departed, NaiveDate)> {
        let trades = self.book.journal().trades.get(from..).unwrap_or_default().iter();
        let sales = trades
            .filter(|t| (t.side, t.security, t.account) == (Side::Sell, row.symbol, entry.account))
            .filter_map(|t| t.term.map(|term| (t, term)));
        let departed = sales.map(|(t, term)| {
            let lot = Lot {
                piece: 0,
                id: t.lot,
                account: t.account,
                sleeve: t.sleeve,
                quantity: t.quantity,
                basis: Money::ZERO,
                acquired: t.acquired,
                holding_start: t.holding_start,
                may_replace: false,
                gift: None,
            };
            (Departed { lot, term }, t.date)
        });
        // The same shares may have been sold repeatedly; stop before the sum exceeds what can be counted.
        let mut sum = 0i64;
        let counted = |(d, _): &(Departed, NaiveDate)| {
            sum = sum.saturating_add(d.lot.quantity.raw());
            sum <= LIMIT * 1_000_000
        };
        departed.take_while(counted).collect()
    }

    /// Books a return of capital on the shares bought before the ex-date. If no such shares are left, the
    /// shares of the last sale receive it.
    fn return_of_capital(&mut self, row: &HistoryRow, entry: &Entry) -> Result<(), FaultKind> {
        let ex = row.ex_date.unwrap_or(row.date);
        let is_held = self.book.lots(row.symbol).held_before(entry.account, ex).is_positive();
        let mut departed = if row.ex_date.is_some() { self.departed(row, entry, ex) } else { Vec::new() };
        if !is_held && departed.is_empty() {
            let Some((date, from)) = self.last_sale.get(&(row.symbol, entry.account)).copied() else {
                if self.book.held_in(row.symbol, entry.account).is_zero() {
                    return Err(self.not_held(row, entry.account));
                }
                let (symbol, account) = (self.symbol(row.symbol), self.account(entry.account));
                return Err(FaultKind::NotEntitled { action: row.action.as_str(), symbol, account, ex });
            };
            departed = self.sold_since(row, entry, from);
            departed.retain(|(_, sold)| *sold == date);
            self.note(row, "no shares are held: a gain of the term of the shares sold last");
        }
        let departed: Vec<Departed> = departed.into_iter().map(|(d, _)| d).collect();
        self.book.return_of_capital(entry, row.amount, ex, &departed);
        Ok(())
    }

    fn sell(
        &mut self,
        entry: &Entry,
        price: Price,
        parts: &[Outgoing],
        how: Disposal,
    ) -> Result<(), FaultKind> {
        let first = self.book.journal().trades.len();
        self.book.sell(entry, price, parts, how).map_err(|_| FaultKind::TooLarge)?;
        let last = self.last_sale.entry((entry.security, entry.account)).or_insert((entry.date, first));
        if last.0 != entry.date {
            *last = (entry.date, first);
        }
        Ok(())
    }

    /// The pieces that a row takes: from the lots it names, otherwise those that the method chooses.
    fn pieces(
        &mut self,
        row: &HistoryRow,
        entry: &Entry,
        method: LotMethod,
        price: Price,
    ) -> Result<Vec<(u32, Shares)>, FaultKind> {
        let (quantity, rates) = (row.quantity.filter(|q| q.is_positive()), self.settings.rates);
        let Some(text) = row.lot else {
            let method = self.averaged_method(row, entry, method);
            let (held, asked) = (self.book.held_in(row.symbol, entry.account), quantity.unwrap_or_default());
            if asked > held {
                return Err(FaultKind::Oversold {
                    symbol: self.symbol(row.symbol),
                    account: self.account(entry.account),
                    asked,
                    held,
                });
            }
            return Ok(self.book.choose(method, entry, asked, price, rates));
        };
        let asked = self.named(row, entry, text, quantity)?;
        let named = asked.iter().try_fold(0i64, |sum, (_, q)| sum.checked_add(q.raw()));
        if let Some(quantity) = quantity.filter(|q| named != Some(q.raw())) {
            let named = Shares::from_raw(named.unwrap_or(i64::MAX));
            return Err(FaultKind::LotsDoNotAddUp { named, quantity });
        }
        // A row may name a lot more than once.
        let mut of_lot: BTreeMap<u32, (usize, Shares)> = BTreeMap::new();
        for (i, (name, part)) in asked.iter().enumerate() {
            let sum = &mut of_lot.entry(*name).or_insert((i, Shares::ZERO)).1;
            *sum = Shares::from_raw(sum.raw().saturating_add(part.raw()));
        }
        let mut names: Vec<(usize, u32, Shares)> =
            of_lot.into_iter().map(|(name, (first, sum))| (first, name, sum)).collect();
        names.sort_by_key(|(first, ..)| *first);
        let mut pieces = Vec::new();
        for (_, name, asked) in names {
            let lots = self.named_lots(row.symbol, entry.account, name);
            let held = lots.iter().map(|l| l.quantity).sum();
            if asked > held {
                return Err(self.short_of(row, entry, name, asked, held));
            }
            pieces.extend(method.choose(lots.iter(), asked, row.date, price, rates));
        }
        Ok(pieces)
    }

    /// Lots and shares named by a text such as `A` or `A:40;B:60`.
    fn named(
        &mut self,
        row: &HistoryRow,
        entry: &Entry,
        text: u32,
        quantity: Option<Shares>,
    ) -> Result<Vec<(u32, Shares)>, FaultKind> {
        let written = self.history.lots.name(text);
        let lots = self.named_lots(row.symbol, entry.account, text);
        if !lots.is_empty() || !written.contains([':', ';']) {
            let held = lots.iter().map(|l| l.quantity).sum();
            if quantity.is_none() && lots.is_empty() {
                return Err(match self.short_of(row, entry, text, Shares::ZERO, Shares::ZERO) {
                    FaultKind::LotOversold { .. } => self.not_held(row, entry.account),
                    other => other,
                });
            }
            return Ok(vec![(text, quantity.unwrap_or(held))]);
        }
        let mut asked = Vec::new();
        for part in written.split(';').map(str::trim).filter(|p| !p.is_empty()) {
            let parsed = part.rsplit_once(':').and_then(|(name, shares)| {
                let shares = Shares::parse(shares).ok().map(|d| d.value)?;
                shares.is_positive().then_some((name.trim(), shares))
            });
            let Some((name, shares)) = parsed else {
                return Err(FaultKind::Field {
                    column: "lot",
                    value: written.chars().take(60).collect(),
                    expected: "the name of a lot, or names with shares such as A:40;B:60",
                });
            };
            let Some(number) = self.history.lots.find(name) else {
                return Err(self.unknown(row, entry, name));
            };
            asked.push((number, shares));
        }
        Ok(asked)
    }

    /// The fault for a lot with fewer shares than asked for.
    fn short_of(
        &mut self,
        row: &HistoryRow,
        entry: &Entry,
        name: u32,
        asked: Shares,
        held: Shares,
    ) -> FaultKind {
        let lot = self.history.lots.name(name).to_owned();
        if held.is_positive() {
            return FaultKind::LotOversold { lot, asked, held };
        }
        let is_backwards = self.history.is_backwards;
        // Of two rows with the same date, the one that is booked later.
        let is_later = |line: u32, other: u32| if is_backwards { line < other } else { line > other };
        let declared = self.declared.get_or_insert_with(|| declared(self.history));
        match declared.get(&(entry.account, row.symbol, name)) {
            Some(d) if d.date > row.date || (d.date == row.date && is_later(d.line, row.line)) => {
                FaultKind::BeforeItsLot { lot, date: row.date, bought: d.date, line: d.line }
            }
            Some(_) => FaultKind::LotOversold { lot, asked, held },
            None => self.unknown(row, entry, &lot),
        }
    }

    fn unknown(&self, row: &HistoryRow, entry: &Entry, lot: &str) -> FaultKind {
        FaultKind::UnknownLot {
            lot: lot.to_owned(),
            symbol: self.symbol(row.symbol),
            account: self.account(entry.account),
        }
    }

    fn not_held(&self, row: &HistoryRow, account: AccountId) -> FaultKind {
        FaultKind::NotHeld {
            action: row.action.as_str(),
            symbol: self.symbol(row.symbol),
            account: self.account(account),
            date: row.date,
        }
    }

    fn symbol(&self, s: SecurityId) -> String {
        self.history.symbols.name(s.0).to_owned()
    }

    fn account(&self, a: AccountId) -> String {
        self.history.accounts.name(u32::from(a.0)).to_owned()
    }

    fn note(&mut self, row: &HistoryRow, text: &str) {
        self.notes.push(format!("line {}: {text}", row.line));
    }

    /// Books a corporate action: in the row's account, and in accounts that have no row of their own for it.
    fn corporate(&mut self, row: &HistoryRow) -> Result<(), FaultKind> {
        let first = self.begins_event(row);
        let mut holders: Vec<AccountId> = self.book.lots(row.symbol).holders().into_iter().collect();
        // Sort by name, because account numbers depend on the order of the file.
        holders.sort_unstable_by_key(|a| (self.history.accounts.name(u32::from(a.0)), *a));
        let own_later = |a: AccountId| {
            let dates = self.own_rows.get(&(kind(row), a));
            dates.is_some_and(|dates| dates.iter().any(|d| near(*d, row.date)))
        };
        let takes_part = |a: &AccountId| row.account == Some(*a) || (first && !own_later(*a));
        let accounts: Vec<AccountId> = holders.into_iter().filter(takes_part).collect();
        for a in accounts.iter().filter(|a| row.account.is_some_and(|own| own != **a)) {
            let text = format!("account {} has no such row and takes part too", self.account(*a));
            self.note(row, &text);
        }
        if let Some(own) = row.account.filter(|own| !accounts.contains(own)) {
            if row.cash_in_lieu.is_positive() {
                return Err(self.not_held(row, own));
            }
            self.note(row, "no shares of it are held there");
        }
        let fraction = match row.action {
            // A dividend in shares leaves the parent's basis alone.
            Action::Spinoff if !accounts.is_empty() && row.kind.is_none() => Some(self.spun_fraction(row)?),
            _ => None,
        };
        let value = self.value_received(row, !accounts.is_empty());
        let mut received = Vec::new();
        for account in accounts {
            let lots = self.corporate_in(row, &entry(row, account), fraction, value)?;
            if row.account.is_none_or(|own| own == account) {
                received.push((account, lots));
            }
        }
        if let (Action::Split, true, Some(ratio)) = (row.action, first, row.ratio) {
            self.book.restate_losses(row.symbol, ratio);
        }
        self.prices_after(row, first);
        self.sell_fractions(row, &received)
    }

    /// Sells the fractional share that each account received, for the row's cash in lieu.
    fn sell_fractions(
        &mut self,
        row: &HistoryRow,
        received: &[(AccountId, Vec<Lot>)],
    ) -> Result<(), FaultKind> {
        let mut left = row.cash_in_lieu;
        if !left.is_positive() {
            return Ok(());
        }
        let total = |lots: &[Lot]| -> Shares { lots.iter().map(|l| l.quantity).sum() };
        let fraction = |lots: &[Lot]| Shares::from_raw(total(lots).raw() % Shares::ONE.raw());
        let mut fractions: Shares = received.iter().map(|(_, lots)| fraction(lots)).sum();
        if !fractions.is_positive() {
            let shares = received.iter().map(|(_, lots)| total(lots)).sum();
            return Err(FaultKind::NoFraction { action: row.action.as_str(), cash: left, shares });
        }
        let security = row.symbol2.unwrap_or(row.symbol);
        for (account, lots) in received {
            let quantity = fraction(lots);
            if !quantity.is_positive() {
                continue;
            }
            let cash = left.prorate(quantity, fractions);
            left -= cash;
            fractions -= quantity;
            let entry = Entry { security, ..entry(row, *account) };
            let price = cash.per_share(quantity);
            let (method, rates) = (self.settings.method, self.settings.rates);
            let pieces = method.choose(lots.iter(), quantity, row.date, price, rates);
            self.sell(&entry, price, &prorated(&pieces, cash, quantity), Disposal::Order)?;
        }
        Ok(())
    }

    /// Value of a new share in a merger with cash: the row's price, otherwise the price of the nearest trade
    /// within 30 days.
    fn value_received(&mut self, row: &HistoryRow, is_held: bool) -> Option<Price> {
        let into = row.symbol2.filter(|_| {
            row.action == Action::Merger
                && (row.per_share.is_positive() || row.boot.is_some() || row.is_taxable)
        })?;
        if !is_held || row.price.is_some() {
            return row.price;
        }
        let traded = |r: &&HistoryRow| matches!(r.action, Action::Buy | Action::Sell | Action::Reinvest);
        let rows = &self.history.rows;
        let from = rows.partition_point(|r| r.date < row.date && !near(r.date, row.date));
        let close = rows[from..].iter().take_while(|r| near(r.date, row.date));
        let trade = close
            .filter(|r| r.symbol == into)
            .filter(traded)
            .min_by_key(|r| (r.date - row.date).num_days().abs());
        let value = trade.and_then(|r| r.quantity.map(|q| r.amount.per_share(q)));
        let name = self.symbol(into);
        let text = match value {
            Some(value) => format!("no price of {name} on that day: its trade's, {value}, is taken"),
            None => format!("no price of {name} on that day: all of the cash counts as gain"),
        };
        self.note(row, &text);
        value
    }

    /// Whether a row starts a new event: there is no recent event of the same kind, or the row's account has
    /// already reported that one.
    fn begins_event(&mut self, row: &HistoryRow) -> bool {
        let event = self.events.get_mut(&kind(row));
        if let Some(event) = event.filter(|e| near(e.date, row.date) && !e.told_by.contains(&row.account)) {
            event.told_by.push(row.account);
            return false;
        }
        self.events.insert(kind(row), Event { date: row.date, told_by: vec![row.account] });
        true
    }

    /// Books a corporate action in one account. Returns the lots that result from it.
    fn corporate_in(
        &mut self,
        row: &HistoryRow,
        entry: &Entry,
        fraction: Option<Ratio>,
        value: Option<Price>,
    ) -> Result<Vec<Lot>, FaultKind> {
        let ratio = row.ratio.unwrap_or(Ratio::ONE);
        let cash = if row.action == Action::Merger { row.per_share } else { Price::ZERO };
        let same_company = row.action == Action::Rename;
        let done = match (row.action, row.symbol2) {
            (Action::Split, _) => self.book.split(entry, ratio),
            (Action::Spinoff, Some(child)) if row.kind.is_some() => {
                self.dividend_in_shares(row, entry, child, ratio)
            }
            (Action::Spinoff, Some(child)) => {
                self.book.spin_off(entry, child, ratio, fraction.unwrap_or(Ratio::ONE))
            }
            (Action::Merger, Some(into)) if row.is_taxable => {
                self.taxable_merger(row, entry, into, value).map(|()| Ok(Vec::new()))?
            }
            (Action::Merger | Action::Rename, Some(into)) => {
                let held = self.book.held_in(row.symbol, entry.account);
                let boot = row.boot.map_or(Price::ZERO, |(_, value)| value);
                let other = Price::from_raw(cash.raw().saturating_add(boot.raw()));
                self.paid(Money::of(held, other))?;
                let lots =
                    self.book.exchange(entry, into, &Received { ratio, cash: other, value, same_company });
                if let (Some((security, value)), true) = (row.boot, lots.is_ok() && held.is_positive()) {
                    self.receive_value(
                        row,
                        &Entry { security, ..*entry },
                        (held, Money::of(held, value)),
                        false,
                    )?;
                }
                lots
            }
            (Action::CashMerger | Action::Delist, _) => {
                self.sell_all(row, entry)?;
                Ok(Vec::new())
            }
            _ => Ok(Vec::new()),
        };
        let lots = done.map_err(|_| FaultKind::TooLarge)?;
        if let Some(other) = row.symbol2 {
            for lot in &lots {
                self.name_lot(other, entry.account, lot.id);
            }
        }
        Ok(lots)
    }

    /// Books a merger that is no reorganization: a sale of the old shares for the value of all that is received,
    /// and a purchase of the new shares at their value (IRC 1001, 1012).
    fn taxable_merger(
        &mut self,
        row: &HistoryRow,
        entry: &Entry,
        into: SecurityId,
        value: Option<Price>,
    ) -> Result<(), FaultKind> {
        let Some(value) = value.filter(|v| v.is_positive()) else {
            return Err(FaultKind::NoValueReceived { symbol: self.symbol(into) });
        };
        let here: Vec<Lot> =
            self.book.lots(row.symbol).iter().filter(|l| l.account == entry.account).copied().collect();
        let held: Shares = here.iter().map(|l| l.quantity).sum();
        let new = held.times(row.ratio.unwrap_or(Ratio::ONE));
        let boot = row.boot.map_or(Money::ZERO, |(_, each)| Money::of(held, each));
        let worth = Money::of(new, value);
        let total = worth + Money::of(held, row.per_share) + boot;
        self.paid(total)?;
        let asked: Vec<(u32, Shares)> = here.iter().map(|l| (l.piece, l.quantity)).collect();
        self.sell(entry, total.per_share(held), &prorated(&asked, total, held), Disposal::PaidOut)?;
        for (security, quantity, amount) in
            [(Some(into), new, worth), (row.boot.map(|(security, _)| security), held, boot)]
        {
            if let (Some(security), true) = (security, amount.is_positive() && quantity.is_positive()) {
                self.receive_value(row, &Entry { security, ..*entry }, (quantity, amount), true)?;
            }
        }
        Ok(())
    }

    /// Books shares of another company that are a dividend: income of their value, which is their basis, and a
    /// holding period of their own (IRC 301(b), (c)(1) and (d)). It is no purchase.
    fn dividend_in_shares(
        &mut self,
        row: &HistoryRow,
        entry: &Entry,
        child: SecurityId,
        ratio: Ratio,
    ) -> Result<Vec<Lot>, LedgerError> {
        let quantity = self.book.held_in(row.symbol, entry.account).times(ratio);
        if !quantity.is_positive() {
            return Ok(Vec::new());
        }
        let amount = Money::of(quantity, row.per_share);
        let paid = HistoryRow { amount, ..*row };
        self.dividend(&paid, entry);
        let id = self
            .receive_value(row, &Entry { security: child, ..*entry }, (quantity, amount), false)
            .map_err(|_| LedgerError::TooLarge)?;
        Ok(self.book.lots(child).of_lot(entry.account, id).copied().collect())
    }

    /// Books shares received at their value. `purchased`: by a taxable exchange, so that they may replace others (IRC
    /// 1091(a)).
    fn receive_value(
        &mut self,
        row: &HistoryRow,
        entry: &Entry,
        (quantity, amount): (Shares, Money),
        purchased: bool,
    ) -> Result<LotId, FaultKind> {
        self.paid(amount)?;
        let incoming = Incoming {
            side: Side::TransferIn,
            quantity,
            price: amount.per_share(quantity),
            amount,
            cost: Money::ZERO,
            acquired: row.date,
            holding_start: row.date,
            purchased,
            replaced: Shares::ZERO,
            gift: None,
        };
        let id = self.book.receive(entry, &incoming).map_err(|_| FaultKind::TooLarge)?;
        self.lots_in.push((row.lot.unwrap_or(u32::MAX), entry.account));
        self.lot_lines.push(row.line);
        Ok(id)
    }

    /// Counts an amount that a company pays toward the bound on the total.
    fn paid(&mut self, amount: Money) -> Result<(), FaultKind> {
        self.gross += i128::from(amount.raw());
        if self.gross > i128::from(LIMIT) * 10_000 { Err(FaultKind::TooLarge) } else { Ok(()) }
    }

    /// Sells all shares in an account for cash.
    fn sell_all(&mut self, row: &HistoryRow, entry: &Entry) -> Result<(), FaultKind> {
        let held = self.book.held_in(row.symbol, entry.account);
        if row.account == Some(entry.account)
            && let Some(asked) = row.quantity.filter(|q| q.is_positive() && *q != held)
        {
            return Err(FaultKind::NotAll { action: row.action.as_str(), asked, held });
        }
        let lots = self.book.lots(row.symbol).iter().filter(|l| l.account == entry.account);
        let parts: Vec<Outgoing> = lots
            .map(|l| Outgoing {
                piece: l.piece,
                quantity: l.quantity,
                amount: Money::of(l.quantity, row.per_share),
                cost: Money::ZERO,
            })
            .collect();
        for part in &parts {
            self.paid(part.amount)?;
        }
        let worthless = row.action == Action::Delist && row.per_share.is_zero();
        let how = if worthless { Disposal::Worthless } else { Disposal::PaidOut };
        self.sell(entry, row.per_share, &parts, how)
    }

    /// The fraction of the basis that goes to the new shares: their value divided by the value of both (Reg.
    /// 1.358-2(a)(2)(iv)).
    fn spun_fraction(&mut self, row: &HistoryRow) -> Result<Ratio, FaultKind> {
        let Some(kept) = row.basis_percent.map(i128::from) else { return self.fraction_by_value(row) };
        let stated = Ratio::new(100_000_000 - kept, 100_000_000).unwrap_or(Ratio::ONE);
        if row.price.is_some_and(Price::is_positive) && row.per_share.is_positive() {
            let (child, whole) = self.fraction_by_value(row)?.parts();
            let priced = 100.0 - 100.0 * child as f64 / whole as f64;
            let given = kept as f64 / 1e6;
            // Published percentages have two or three decimals.
            if (priced - given).abs() > 0.01 {
                return Err(FaultKind::TwoSplits {
                    given: given.to_string(),
                    priced: format!("{priced:.3}"),
                });
            }
        }
        Ok(stated)
    }

    fn fraction_by_value(&mut self, row: &HistoryRow) -> Result<Ratio, FaultKind> {
        let (new, old) = row.ratio.unwrap_or(Ratio::ONE).parts();
        let child = new * i128::from(row.per_share.raw());
        let whole = if let Some(after) = row.price.filter(|p| p.is_positive()) {
            old * i128::from(after.raw()) + child
        } else {
            let Some(before) = self.last_price.get(row.symbol.index()).copied().flatten() else {
                return Err(FaultKind::NoParentValue { symbol: self.symbol(row.symbol) });
            };
            let text = format!(
                "no price of {} after the spin-off: its last trade's, {before}, is taken as the price before it",
                self.symbol(row.symbol)
            );
            self.note(row, &text);
            old * i128::from(before.raw())
        };
        let ratio = Ratio::new(child, whole).filter(|_| child < whole);
        ratio.ok_or_else(|| FaultKind::SpunMoreThanAll {
            child: format!("{:.6}", child as f64 / old as f64 / 1e6),
            parent: format!("{:.6}", whole as f64 / old as f64 / 1e6),
        })
    }

    /// Updates last prices after a corporate action; a rename also carries over what is kept by symbol.
    fn prices_after(&mut self, row: &HistoryRow, first: bool) {
        let Some(price) = self.last_price.get(row.symbol.index()).copied().flatten().filter(|_| first) else {
            if let (Action::Rename, Some(new), true) = (row.action, row.symbol2, first) {
                self.renamed(row.symbol, new);
            }
            return;
        };
        let (new, old) = row.ratio.unwrap_or(Ratio::ONE).parts();
        let scaled = |p: Price| {
            let raw = i128::from(p.raw()) * old / new.max(1);
            i64::try_from(raw).ok().map(Price::from_raw)
        };
        match (row.action, row.symbol2) {
            (Action::Split, _) => self.last_price[row.symbol.index()] = scaled(price),
            (Action::Spinoff, _) => {
                let spun = i128::from(row.per_share.raw()) * new / old.max(1);
                let rest = i64::try_from(i128::from(price.raw()) - spun).ok().map(Price::from_raw);
                self.last_price[row.symbol.index()] = row.price.or(rest).filter(|p| p.is_positive());
            }
            (Action::Rename, Some(into)) => {
                self.last_price[into.index()] = Some(price);
                self.renamed(row.symbol, into);
            }
            _ => {}
        }
    }

    /// Carries over to the new symbol what is known about the old one.
    fn renamed(&mut self, old: SecurityId, new: SecurityId) {
        self.book.rename(old, new);
        let accounts = 0..self.history.accounts.len() as u32;
        for account in accounts.map(|a| AccountId(a as u16)) {
            if let Some(sale) = self.last_sale.remove(&(old, account)) {
                self.last_sale.insert((new, account), sale);
            }
        }
        let kind = self.dividend_kinds.get(old.index()).copied().flatten();
        if let Some(of_new) = self.dividend_kinds.get_mut(new.index()) {
            *of_new = of_new.or(kind);
        }
    }
}

fn entry(row: &HistoryRow, account: AccountId) -> Entry {
    Entry {
        date: row.date,
        account,
        sleeve: SleeveId(0),
        mandate: MandateId(0),
        security: row.symbol,
        reason: Reason::default(),
    }
}

/// Divides proceeds among pieces by shares. Each piece takes its part of what is left, so rounding loses
/// nothing and no part is negative.
fn prorated(pieces: &[(u32, Shares)], amount: Money, quantity: Shares) -> Vec<Outgoing> {
    let (mut left, mut shares) = (amount, quantity);
    let part = |(piece, q): &(u32, Shares)| {
        let part = left.prorate(*q, shares);
        left -= part;
        shares -= *q;
        Outgoing { piece: *piece, quantity: *q, amount: part, cost: Money::ZERO }
    };
    pieces.iter().map(part).collect()
}

/// Where each lot named by a row comes in.
fn declared(history: &History) -> BTreeMap<(AccountId, SecurityId, u32), Declared> {
    let mut declared = BTreeMap::new();
    for row in history.rows.iter().filter(|r| r.action.comes_in()) {
        if let (Some(account), Some(lot)) = (row.account, row.lot) {
            let here = Declared { line: row.line, date: row.date };
            declared.entry((account, row.symbol, lot)).or_insert(here);
        }
    }
    declared
}

/// Whether the wash sale rule leaves a symbol alone.
fn exempt(history: &History, symbols: &[String]) -> Vec<bool> {
    if symbols.is_empty() {
        return Vec::new();
    }
    let is_named = |name: &str| symbols.iter().any(|s| s.eq_ignore_ascii_case(name));
    (0..history.symbols.len()).map(|s| is_named(history.symbols.name(s as u32))).collect()
}

/// Kind of each symbol's dividends; symbols match regardless of case.
fn dividend_kinds(history: &History, kinds: &[(String, DividendKind)]) -> Vec<Option<DividendKind>> {
    let kinds: BTreeMap<String, DividendKind> = kinds.iter().map(|(s, k)| (s.to_uppercase(), *k)).collect();
    let of = |s: usize| kinds.get(&history.symbols.name(s as u32).to_uppercase()).copied();
    (0..history.symbols.len()).map(of).collect()
}

/// Group of each symbol: symbols with the same group name share one, and each other symbol has its own.
fn groups(history: &History, settings: &Settings) -> Vec<u32> {
    let named: BTreeMap<&str, &str> = settings
        .identical
        .iter()
        .filter(|(s, _)| !settings.exempt.contains(s))
        .map(|(s, g)| (s.as_str(), g.as_str()))
        .collect();
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    let mut next = 0;
    (0..history.symbols.len())
        .map(|s| {
            let fresh = next;
            let group = named.get(history.symbols.name(s as u32)).filter(|g| !g.is_empty());
            let number = group.map_or(fresh, |g| *numbers.entry(g).or_insert(fresh));
            next += u32::from(number == fresh);
            number
        })
        .collect()
}
