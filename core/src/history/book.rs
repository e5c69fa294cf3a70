//! Books a history row by row through the lot book.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::{AccountList, Action, Fault, FaultKind, History, Row, Statement};
use crate::household::{Disposal, Entry, Incoming, LotBook, Outgoing};
use crate::journal::{Reason, Side};
use crate::tax::{FilingStatus, Gift, Lot, LotMethod, PriorPurchases, TaxRates};
use crate::units::{
    AccountId, AccountKind, IncomeKind, LIMIT, MandateId, Money, Price, Ratio, SecurityId, Shares, SleeveId,
};

/// Rows of one company's action are taken for the same event when they are at most this many days apart.
const SAME_EVENT_DAYS: i64 = 30;

/// How a history is booked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Which lots are sold when none is named.
    pub method: LotMethod,
    /// Rates by term that the min-tax method weighs lots with.
    pub rates: TaxRates,
    /// Filing status: it sets the loss that other income absorbs in a year.
    pub status: FilingStatus,
    /// How shares bought before those sold are treated.
    pub prior: PriorPurchases,
    /// Kinds of the accounts; all are taxable without it.
    pub accounts: Option<AccountList>,
    /// Symbols that are substantially identical: `(symbol, name of its group)`.
    pub identical: Vec<(String, String)>,
}

/// Books all rows and tells what came of them. `faults` are those of reading: with any fault nothing is told.
///
/// # Errors
/// All faults, by line.
pub fn book<'a>(
    history: &'a History,
    settings: &Settings,
    faults: Vec<Fault>,
) -> Result<Statement<'a>, Vec<Fault>> {
    let mut booking = Booking::new(history, settings, faults);
    for row in &history.rows {
        if let Err(kind) = booking.row(row) {
            // A lot that comes in on a row with a fault of its own is not unknown.
            if let FaultKind::UnknownLot { lot, .. } = &kind
                && history.unreadable_lots.contains(lot)
            {
                continue;
            }
            let fatal = kind == FaultKind::TooLarge;
            booking.faults.push(Fault { line: u64::from(row.line), kind });
            // Every row after it would have the same fault.
            if fatal {
                break;
            }
        }
    }
    if !booking.faults.is_empty() {
        booking.faults.sort_by_key(|f| f.line);
        return Err(booking.faults);
    }
    Ok(Statement::new(history, settings, booking.book, booking.lots_in, booking.notes))
}

/// Where a lot came in.
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
    /// Name of each lot and the account that it came into, by its id.
    lots_in: Vec<(u32, AccountId)>,
    /// Line of each lot, by its id.
    lot_lines: Vec<u32>,
    /// Where each named lot of the file comes in, made when a message needs it.
    declared: Option<BTreeMap<(AccountId, SecurityId, u32), Declared>>,
    /// Last price that a trade of the file shows.
    last_price: Vec<Option<Price>>,
    /// Dates of an account's own rows of a company's action.
    own_rows: BTreeMap<(Kind, AccountId), Vec<NaiveDate>>,
    /// The last event of each kind.
    events: BTreeMap<Kind, Event>,
    gross: i128,
}

/// What tells one company's action from another: two children spun off on one day are two.
type Kind = (SecurityId, &'static str, Option<SecurityId>);

fn kind(row: &Row) -> Kind {
    (row.symbol, row.action.as_str(), row.symbol2)
}

/// A company's action as its rows tell it.
struct Event {
    /// Date of its first row.
    date: NaiveDate,
    /// Accounts of its rows; none for a row that names none.
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
        let mut book = LotBook::new(kinds, 1, groups(history, &settings.identical), first_year)
            .with_prior_purchases(settings.prior);
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
            declared: None,
            last_price: vec![None; history.symbols.len()],
            own_rows,
            events: BTreeMap::new(),
            gross: 0,
        }
    }

    fn row(&mut self, row: &Row) -> Result<(), FaultKind> {
        self.gross += i128::from(row.amount.raw());
        if self.gross > i128::from(LIMIT) * 10_000 {
            return Err(FaultKind::TooLarge);
        }
        match (row.action.is_corporate(), row.account) {
            (true, _) => self.corporate(row),
            (false, Some(account)) => self.own(row, &entry(row, account)),
            // The reader asks for an account wherever one is needed.
            (false, None) => Ok(()),
        }
    }

    /// What happens in one account.
    fn own(&mut self, row: &Row, entry: &Entry) -> Result<(), FaultKind> {
        let quantity = row.quantity.unwrap_or_default();
        match row.action {
            Action::Buy => self.receive(row, entry, quantity, Side::Buy, true, None),
            Action::TransferIn => self.receive(row, entry, quantity, Side::TransferIn, true, None),
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
            Action::Dividend => {
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
            Action::ReturnOfCapital => {
                if self.book.held_in(row.symbol, entry.account).is_zero() {
                    return Err(self.not_held(row, entry.account));
                }
                self.book.return_of_capital(entry, row.amount);
                Ok(())
            }
            // Companies' actions are not an account's own.
            _ => Ok(()),
        }
    }

    fn receive(
        &mut self,
        row: &Row,
        entry: &Entry,
        quantity: Shares,
        side: Side,
        purchased: bool,
        gift: Option<Gift>,
    ) -> Result<(), FaultKind> {
        let name = row.lot.unwrap_or(u32::MAX);
        let open = self
            .book
            .lots(row.symbol)
            .iter()
            .find(|l| l.account == entry.account && self.name_of(l) == Some(name));
        if let Some(lot) = open {
            let line = self.lot_lines.get(lot.id.0 as usize).copied().unwrap_or(0);
            return Err(FaultKind::LotTwice { lot: self.history.lots.name(name).to_owned(), line });
        }
        let acquired = row.acquired.filter(|_| side == Side::TransferIn).unwrap_or(row.date);
        let incoming = Incoming {
            side,
            quantity,
            price: row.amount.per_share(quantity),
            amount: row.amount,
            cost: Money::ZERO,
            acquired,
            holding_start: row.holding_start.unwrap_or(acquired),
            purchased,
            gift,
        };
        let id = self.book.receive(entry, &incoming).map_err(|_| FaultKind::TooLarge)?;
        debug_assert_eq!(id.0 as usize, self.lots_in.len());
        self.lots_in.push((name, entry.account));
        self.lot_lines.push(row.line);
        if side == Side::Buy {
            self.last_price[row.symbol.index()] = Some(incoming.price);
        }
        Ok(())
    }

    fn dividend(&mut self, row: &Row, entry: &Entry) {
        let lots = self.book.lots(row.symbol).iter();
        let entitled = lots.filter(|l| l.account == entry.account && l.acquired < row.date);
        let shares: Shares = entitled.map(|l| l.quantity).sum();
        let kind = if shares.is_positive() {
            IncomeKind::QualifiedDividend
        } else {
            self.note(row, "no shares bought before that day are held: the dividend counts as not qualified");
            IncomeKind::OrdinaryDividend
        };
        self.book.income_received(entry, kind, row.amount, shares);
    }

    fn sell(
        &mut self,
        entry: &Entry,
        price: Price,
        parts: &[Outgoing],
        how: Disposal,
    ) -> Result<(), FaultKind> {
        self.book.sell(entry, price, parts, how).map_err(|_| FaultKind::TooLarge)
    }

    /// The pieces that a row takes: those of the lots it names, or those that the method chooses.
    fn pieces(
        &mut self,
        row: &Row,
        entry: &Entry,
        method: LotMethod,
        price: Price,
    ) -> Result<Vec<(u32, Shares)>, FaultKind> {
        let (quantity, rates) = (row.quantity.unwrap_or_default(), self.settings.rates);
        let Some(text) = row.lot else {
            let held = self.book.held_in(row.symbol, entry.account);
            if quantity > held {
                return Err(FaultKind::Oversold {
                    symbol: self.symbol(row.symbol),
                    account: self.account(entry.account),
                    asked: quantity,
                    held,
                });
            }
            let lots = self.book.lots(row.symbol).iter().filter(|l| l.account == entry.account);
            return Ok(method.choose(lots, quantity, row.date, price, rates));
        };
        let asked = self.named(row, entry, text, quantity)?;
        let named = asked.iter().try_fold(0i64, |sum, (_, q)| sum.checked_add(q.raw()));
        if named != Some(quantity.raw()) {
            let named = Shares::from_raw(named.unwrap_or(i64::MAX));
            return Err(FaultKind::LotsDoNotAddUp { named, quantity });
        }
        let mut pieces = Vec::new();
        for (i, (name, part)) in asked.iter().enumerate() {
            let of_lot = |l: &&Lot| l.account == entry.account && self.name_of(l) == Some(*name);
            let held = self.book.lots(row.symbol).iter().filter(of_lot).map(|l| l.quantity).sum();
            // A lot may be named more than once on a row.
            let asked_of_it: Shares = asked[..=i].iter().filter(|(n, _)| n == name).map(|(_, q)| *q).sum();
            if asked_of_it > held {
                return Err(self.short_of(row, entry, *name, asked_of_it, held));
            }
            let earlier = asked_of_it > *part;
            let lots = self.book.lots(row.symbol).iter().filter(of_lot);
            let chosen = method.choose(lots, asked_of_it, row.date, price, rates);
            if earlier {
                pieces.retain(|(p, _)| !chosen.iter().any(|(c, _)| c == p));
            }
            pieces.extend(chosen);
        }
        Ok(pieces)
    }

    /// Lots and shares that a text such as `A` or `A:40;B:60` names.
    fn named(
        &mut self,
        row: &Row,
        entry: &Entry,
        text: u32,
        quantity: Shares,
    ) -> Result<Vec<(u32, Shares)>, FaultKind> {
        let written = self.history.lots.name(text);
        let is_name = |name: u32| {
            let lots = self.book.lots(row.symbol).iter();
            lots.filter(|l| l.account == entry.account).any(|l| self.name_of(l) == Some(name))
        };
        if is_name(text) || !written.contains([':', ';']) {
            return Ok(vec![(text, quantity)]);
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

    /// Why a lot has fewer shares than asked for.
    fn short_of(&mut self, row: &Row, entry: &Entry, name: u32, asked: Shares, held: Shares) -> FaultKind {
        let lot = self.history.lots.name(name).to_owned();
        if held.is_positive() {
            return FaultKind::LotOversold { lot, asked, held };
        }
        let declared = self.declared.get_or_insert_with(|| declared(self.history));
        match declared.get(&(entry.account, row.symbol, name)) {
            Some(d) if d.date > row.date || (d.date == row.date && d.line > row.line) => {
                FaultKind::BeforeItsLot { lot, date: row.date, bought: d.date, line: d.line }
            }
            Some(_) => FaultKind::LotOversold { lot, asked, held },
            None => self.unknown(row, entry, &lot),
        }
    }

    fn unknown(&self, row: &Row, entry: &Entry, lot: &str) -> FaultKind {
        FaultKind::UnknownLot {
            lot: lot.to_owned(),
            symbol: self.symbol(row.symbol),
            account: self.account(entry.account),
        }
    }

    fn not_held(&self, row: &Row, account: AccountId) -> FaultKind {
        FaultKind::NotHeld {
            action: row.action.as_str(),
            symbol: self.symbol(row.symbol),
            account: self.account(account),
            date: row.date,
        }
    }

    fn name_of(&self, lot: &Lot) -> Option<u32> {
        self.lots_in.get(lot.id.0 as usize).map(|(name, _)| *name)
    }

    fn symbol(&self, s: SecurityId) -> String {
        self.history.symbols.name(s.0).to_owned()
    }

    fn account(&self, a: AccountId) -> String {
        self.history.accounts.name(u32::from(a.0)).to_owned()
    }

    fn note(&mut self, row: &Row, text: &str) {
        self.notes.push(format!("line {}: {text}", row.line));
    }

    /// A company's action: in the row's account, and in those that have no row of their own for it.
    fn corporate(&mut self, row: &Row) -> Result<(), FaultKind> {
        let first = self.begins_event(row);
        let mut holders: Vec<AccountId> = self.book.lots(row.symbol).iter().map(|l| l.account).collect();
        // By name: the numbers of accounts depend on the order of the file.
        holders.sort_unstable_by_key(|a| (self.history.accounts.name(u32::from(a.0)), *a));
        holders.dedup();
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
        if row.account.is_some_and(|own| !accounts.contains(&own)) {
            self.note(row, "no shares of it are held there");
        }
        let fraction = match row.action {
            Action::Spinoff if !accounts.is_empty() => Some(self.spun_fraction(row)?),
            _ => None,
        };
        for account in accounts {
            self.corporate_in(row, &entry(row, account), fraction)?;
        }
        if let (Action::Split, true, Some(ratio)) = (row.action, first, row.ratio) {
            self.book.restate_losses(row.symbol, ratio);
        }
        self.prices_after(row, first);
        Ok(())
    }

    /// Whether a row is the first of its event: none near it of the same kind, or one that this row's account has told
    /// already.
    fn begins_event(&mut self, row: &Row) -> bool {
        let event = self.events.get_mut(&kind(row));
        if let Some(event) = event.filter(|e| near(e.date, row.date) && !e.told_by.contains(&row.account)) {
            event.told_by.push(row.account);
            return false;
        }
        self.events.insert(kind(row), Event { date: row.date, told_by: vec![row.account] });
        true
    }

    fn corporate_in(&mut self, row: &Row, entry: &Entry, fraction: Option<Ratio>) -> Result<(), FaultKind> {
        let ratio = row.ratio.unwrap_or(Ratio::ONE);
        let done = match (row.action, row.symbol2) {
            (Action::Split, _) => self.book.split(entry, ratio),
            (Action::Spinoff, Some(child)) => {
                self.book.spin_off(entry, child, ratio, fraction.unwrap_or(Ratio::ONE))
            }
            (Action::Merger, Some(into)) => self.book.exchange(entry, into, ratio, false),
            (Action::Rename, Some(into)) => self.book.exchange(entry, into, ratio, true),
            (Action::CashMerger | Action::Delist, _) => return self.sell_all(row, entry),
            _ => Ok(()),
        };
        done.map_err(|_| FaultKind::TooLarge)
    }

    /// All shares of an account for cash.
    fn sell_all(&mut self, row: &Row, entry: &Entry) -> Result<(), FaultKind> {
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
        self.gross += parts.iter().map(|p| i128::from(p.amount.raw())).sum::<i128>();
        if self.gross > i128::from(LIMIT) * 10_000 {
            return Err(FaultKind::TooLarge);
        }
        let worthless = row.action == Action::Delist && row.per_share.is_zero();
        let how = if worthless { Disposal::Worthless } else { Disposal::PaidOut };
        self.sell(entry, row.per_share, &parts, how)
    }

    /// The part of the basis that goes with the new shares: their value over that of both (Reg. 1.358-2(a)(2)(iv)).
    fn spun_fraction(&mut self, row: &Row) -> Result<Ratio, FaultKind> {
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

    /// Carries the last price known over a company's action, and old names over to new ones.
    fn prices_after(&mut self, row: &Row, first: bool) {
        let Some(price) = self.last_price.get(row.symbol.index()).copied().flatten().filter(|_| first) else {
            if let (Action::Rename, Some(new), true) = (row.action, row.symbol2, first) {
                self.book.rename(row.symbol, new);
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
                self.book.rename(row.symbol, into);
            }
            _ => {}
        }
    }
}

fn entry(row: &Row, account: AccountId) -> Entry {
    Entry {
        date: row.date,
        account,
        sleeve: SleeveId(0),
        mandate: MandateId(0),
        security: row.symbol,
        reason: Reason::default(),
    }
}

/// Proceeds over the pieces by shares: each takes its part of what is left, so that nothing is lost to rounding and none
/// is below zero.
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

/// Where each lot that a row names comes in.
fn declared(history: &History) -> BTreeMap<(AccountId, SecurityId, u32), Declared> {
    let comes_in =
        |a: Action| matches!(a, Action::Buy | Action::TransferIn | Action::Reinvest | Action::GiftIn);
    let mut declared = BTreeMap::new();
    for row in history.rows.iter().filter(|r| comes_in(r.action)) {
        if let (Some(account), Some(lot)) = (row.account, row.lot) {
            let here = Declared { line: row.line, date: row.date };
            declared.entry((account, row.symbol, lot)).or_insert(here);
        }
    }
    declared
}

/// Group of each symbol: those of one name together, the others alone.
fn groups(history: &History, identical: &[(String, String)]) -> Vec<u32> {
    let named: BTreeMap<&str, &str> = identical.iter().map(|(s, g)| (s.as_str(), g.as_str())).collect();
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
