//! The lot book: open lots, wash sales and the year's income, exact to the last decimal. It knows no cash; the ledger
//! keeps balances around it.

use chrono::{Datelike, NaiveDate};

use super::LedgerError;
use crate::journal::{Journal, Reason, Side, Trade, TradeIndex, Washed};
use crate::tax::wash::in_window;
use crate::tax::{
    DividendWatch, Gift, Income, Lot, PendingLoss, PriorPurchases, WINDOW_DAYS, WashBook, tacked_start, term,
};
use crate::units::{
    AccountId, AccountKind, IncomeKind, LIMIT, LotId, MandateId, Money, Price, SecurityId, Shares, SleeveId,
    Term,
};

/// When, where and by whom something is booked.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Trade and settlement date.
    pub date: NaiveDate,
    /// Account.
    pub account: AccountId,
    /// Sleeve whose lots change.
    pub sleeve: SleeveId,
    /// Mandate that ordered it.
    pub mandate: MandateId,
    /// Security.
    pub security: SecurityId,
    /// Why.
    pub reason: Reason,
}

/// Shares that come in as one lot.
#[derive(Debug, Clone, Copy)]
pub struct Incoming {
    /// How they come in.
    pub side: Side,
    /// Shares, positive.
    pub quantity: Shares,
    /// Price per share, for the record.
    pub price: Price,
    /// Paid, before cost.
    pub amount: Money,
    /// Spread and commission; basis = amount + cost.
    pub cost: Money,
    /// Date of the purchase.
    pub acquired: NaiveDate,
    /// Start of the holding period.
    pub holding_start: NaiveDate,
    /// Whether they were purchased, so that they can replace shares sold at a loss.
    pub purchased: bool,
    /// Second basis, of a gift below the donor's.
    pub gift: Option<Gift>,
}

/// A part of a sale: shares of one piece and what they bring.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing {
    /// Piece of a lot.
    pub piece: u32,
    /// Shares, positive.
    pub quantity: Shares,
    /// Proceeds before cost.
    pub amount: Money,
    /// Spread and commission.
    pub cost: Money,
}

/// How shares go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposal {
    /// By an order of the holder.
    Order,
    /// All shares of the security are paid out at once, whoever holds them: those still on the book can't replace any.
    PaidOut,
    /// The same for nothing: they count as sold on the year's last day (IRC 165(g)(1)).
    Worthless,
}

/// Lots and income of one household.
#[derive(Debug, Clone)]
pub struct LotBook {
    kinds: Vec<AccountKind>,
    /// Open lots by security, in order of purchase.
    pub(super) lots: Vec<Vec<Lot>>,
    /// Group of substantially identical securities that each security belongs to.
    pub(super) group_of: Vec<u32>,
    /// Members of each group.
    pub(super) groups: Vec<Vec<SecurityId>>,
    pub(super) wash: WashBook,
    prior: PriorPurchases,
    /// Whether section 1091 holds.
    wash_sale_rule: bool,
    pub(super) watch: DividendWatch,
    /// Shares held of each security, all lots together.
    pub(super) held: Vec<Shares>,
    /// Income by mandate and year, from `first_year` on.
    years: Vec<Vec<Income>>,
    first_year: i32,
    next_lot: u32,
    next_piece: u32,
    pub(super) journal: Journal,
}

impl LotBook {
    /// An empty book. `group_of[s]` is the group of substantially identical securities of security `s`.
    pub fn new(kinds: Vec<AccountKind>, mandates: usize, group_of: Vec<u32>, first_year: i32) -> Self {
        let securities = group_of.len();
        let count = group_of.iter().max().map_or(0, |g| *g as usize + 1);
        let mut groups = vec![Vec::new(); count];
        for (s, g) in group_of.iter().enumerate() {
            groups[*g as usize].push(SecurityId(s as u32));
        }
        Self {
            kinds,
            lots: vec![Vec::new(); securities],
            group_of,
            groups,
            wash: WashBook::new(count),
            prior: PriorPurchases::default(),
            wash_sale_rule: true,
            watch: DividendWatch::new(securities),
            held: vec![Shares::ZERO; securities],
            years: vec![Vec::new(); mandates],
            first_year,
            next_lot: 0,
            next_piece: 0,
            journal: Journal::default(),
        }
    }

    /// Reads the section on earlier purchases as given.
    pub fn with_prior_purchases(mut self, prior: PriorPurchases) -> Self {
        self.prior = prior;
        self
    }

    /// Recognises every loss, as if section 1091 were not the law: for comparisons with it.
    pub(super) fn ignore_wash_sales(&mut self) {
        self.wash_sale_rule = false;
    }

    /// Prepares for shares that are booked long after they were bought: losses wait beyond the window for them.
    pub fn expecting_old_lots(mut self) -> Self {
        self.wash.keep_all();
        self
    }

    /// Open lots of a security, in order of purchase.
    pub fn lots(&self, security: SecurityId) -> &[Lot] {
        self.lots.get(security.index()).map_or(&[], Vec::as_slice)
    }

    /// Securities substantially identical to this one, itself included.
    pub fn identical(&self, security: SecurityId) -> &[SecurityId] {
        self.group_of.get(security.index()).map_or(&[], |g| &self.groups[*g as usize])
    }

    /// Losses that a purchase of this security on `date` could still disallow.
    pub fn waiting_losses(
        &self,
        security: SecurityId,
        date: NaiveDate,
    ) -> impl Iterator<Item = &PendingLoss> {
        let group = self.group_of.get(security.index()).map_or(usize::MAX, |g| *g as usize);
        self.wash.waiting(group, date)
    }

    /// What happened so far.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Closes the book.
    pub fn into_journal(self) -> Journal {
        self.journal
    }

    /// The portfolio's income of a year, all taxable accounts together.
    pub fn income(&self, year: i32) -> Income {
        (0..self.years.len())
            .map(|m| self.income_of(MandateId(m as u16), year))
            .fold(Income::default(), |a, b| a + b)
    }

    /// The part of a year's income that one mandate brought about.
    pub fn income_of(&self, mandate: MandateId, year: i32) -> Income {
        let year = usize::try_from(year - self.first_year).ok();
        let years = self.years.get(mandate.index());
        years.zip(year).and_then(|(years, i)| years.get(i)).copied().unwrap_or_default()
    }

    /// Shares held of a security, all accounts together.
    pub fn held(&self, security: SecurityId) -> Shares {
        self.held.get(security.index()).copied().unwrap_or_default()
    }

    fn year_mut(&mut self, mandate: MandateId, date: NaiveDate) -> &mut Income {
        let i = (date.year() - self.first_year).max(0) as usize;
        let years = &mut self.years[mandate.index()];
        if years.len() <= i {
            years.resize(i + 1, Income::default());
        }
        &mut years[i]
    }

    pub(super) fn is_taxable(&self, account: AccountId) -> bool {
        self.kinds.get(account.index()).is_none_or(|k| k.is_taxable())
    }

    /// Puts income into the year's return where the account is taxable. `shares` were held for it: a qualified dividend is
    /// watched until they have been held long enough.
    pub fn income_received(&mut self, entry: &Entry, kind: IncomeKind, amount: Money, shares: Shares) {
        if !self.is_taxable(entry.account) {
            return;
        }
        let year = self.year_mut(entry.mandate, entry.date);
        match kind {
            IncomeKind::QualifiedDividend => year.qualified += amount,
            IncomeKind::OrdinaryDividend => year.ordinary += amount,
            IncomeKind::Interest => year.interest += amount,
        }
        if kind == IncomeKind::QualifiedDividend && shares.is_positive() {
            self.watch.paid(entry.security, entry.date, entry.account, entry.mandate, amount, shares);
        }
    }

    /// Puts what leaves a tax-deferred account in cash into the year's return; nothing for other accounts.
    pub(super) fn distributed(
        &mut self,
        account: AccountId,
        mandate: MandateId,
        date: NaiveDate,
        amount: Money,
    ) {
        if self.kinds.get(account.index()).is_some_and(|k| k.is_tax_deferred()) {
            self.year_mut(mandate, date).distributions += amount;
        }
    }

    /// Books shares as one new lot, and lets purchased ones replace shares lately sold at a loss.
    ///
    /// # Errors
    /// When more shares would be held than can be counted exactly. Nothing is booked then.
    pub fn receive(&mut self, entry: &Entry, incoming: &Incoming) -> Result<LotId, LedgerError> {
        let s = entry.security.index();
        let held = self.held(entry.security) + incoming.quantity;
        if held > Shares::from_raw(LIMIT * 1_000_000) || s >= self.lots.len() {
            return Err(LedgerError::TooLarge);
        }
        self.held[s] = held;
        let id = LotId(self.next_lot);
        self.next_lot += 1;
        let lot = Lot {
            piece: self.new_piece(),
            id,
            account: entry.account,
            sleeve: entry.sleeve,
            quantity: incoming.quantity,
            basis: incoming.amount + incoming.cost,
            acquired: incoming.acquired,
            holding_start: incoming.holding_start,
            may_replace: incoming.purchased,
            gift: incoming.gift,
        };
        self.record(entry, incoming.side, &lot, incoming.price, incoming.amount, incoming.cost, None);
        let mut at = self.put(entry.security, lot);
        if incoming.purchased {
            let group = self.group_of[s] as usize;
            let (today, bought) = (entry.date, incoming.acquired);
            let parts = self.wash.replaced_by(group, today, bought, id, incoming.quantity, self.prior);
            for loss in parts {
                // A part goes before the rest of its lot, so the rest moves up.
                let split = self.lots[s][at].quantity > loss.quantity;
                self.disallow(entry.date, entry.security, at, &loss);
                at += usize::from(split);
            }
        }
        Ok(id)
    }

    /// Inserts a lot in order of purchase; returns where.
    pub(super) fn put(&mut self, security: SecurityId, lot: Lot) -> usize {
        let lots = &mut self.lots[security.index()];
        let after = |l: &Lot| l.acquired > lot.acquired;
        // Nearly always the newest.
        let at =
            if lots.last().is_some_and(after) { lots.partition_point(|l| !after(l)) } else { lots.len() };
        lots.insert(at, lot);
        at
    }

    /// Checks that each piece is in the account and holds what is asked of it.
    fn check(
        &self,
        entry: &Entry,
        pieces: &(impl Iterator<Item = (u32, Shares)> + Clone),
    ) -> Result<(), LedgerError> {
        let lots = self.lots(entry.security);
        for (i, (piece, quantity)) in pieces.clone().enumerate() {
            if !quantity.is_positive() {
                return Err(LedgerError::NotPositive { quantity, price: Price::ZERO });
            }
            let lot = lots.iter().find(|l| l.piece == piece && l.account == entry.account);
            let available = lot.map_or(Shares::ZERO, |l| l.quantity);
            // A piece may be named more than once.
            let requested = pieces.clone().take(i + 1).filter(|(p, _)| *p == piece).map(|(_, q)| q).sum();
            if requested > available {
                return Err(LedgerError::NotHeld { requested, available });
            }
        }
        Ok(())
    }

    /// Takes shares of a piece that is known to be there off the book.
    fn take(&mut self, security: SecurityId, piece: u32, quantity: Shares) -> Option<Lot> {
        let lots = self.lots.get_mut(security.index())?;
        let at = lots.iter().position(|l| l.piece == piece)?;
        let lot = if quantity == lots[at].quantity { lots.remove(at) } else { lots[at].take(quantity) };
        self.held[security.index()] -= quantity;
        Some(lot)
    }

    /// Sells shares of named pieces in the order given, and disallows losses on shares replaced within the last 30 days.
    ///
    /// # Errors
    /// When a piece holds fewer shares than asked for; nothing is sold then.
    pub fn sell(
        &mut self,
        entry: &Entry,
        price: Price,
        parts: &[Outgoing],
        how: Disposal,
    ) -> Result<(), LedgerError> {
        self.check(entry, &parts.iter().map(|p| (p.piece, p.quantity)))?;
        let mut losses = Vec::new();
        for part in parts {
            losses.extend(self.sell_part(entry, price, part, how));
        }
        // Only when all of the order's shares are gone: they can't be their own replacement.
        for loss in losses {
            self.match_earlier_purchases(entry.security, loss, how);
        }
        Ok(())
    }

    /// Sells a part; returns its loss where there is one to test.
    fn sell_part(
        &mut self,
        entry: &Entry,
        price: Price,
        part: &Outgoing,
        how: Disposal,
    ) -> Option<PendingLoss> {
        let mut lot = self.take(entry.security, part.piece, part.quantity)?;
        (lot.basis, lot.holding_start) = lot.basis_at(part.amount - part.cost);
        let year_end =
            NaiveDate::from_ymd_opt(entry.date.year(), 12, 31).filter(|_| how == Disposal::Worthless);
        let sold = year_end.unwrap_or(entry.date);
        let term = term(lot.holding_start, sold);
        let sale = self.record(entry, Side::Sell, &lot, price, part.amount, part.cost, Some(term));
        if !self.is_taxable(lot.account) {
            return None;
        }
        self.add_gain(entry.mandate, entry.date, term, part.amount - part.cost - lot.basis);
        self.disqualify(entry, &lot);
        if !self.wash_sale_rule {
            return None;
        }
        let loss = PendingLoss {
            sale,
            sold,
            security: entry.security,
            lot: lot.id,
            acquired: lot.acquired,
            holding_start: lot.holding_start,
            quantity: part.quantity,
            quantity_sold: part.quantity,
            amount: part.amount,
            cost: part.cost,
            basis: lot.basis,
        };
        loss.loss().is_positive().then_some(loss)
    }

    /// Gives shares of named pieces away, or sends them to another custodian: they leave with basis and holding period, without
    /// gain (IRC 1015, 170). `side` says which.
    ///
    /// # Errors
    /// When a piece holds fewer shares than asked for; nothing is given then.
    pub fn give(&mut self, entry: &Entry, pieces: &[(u32, Shares)], side: Side) -> Result<(), LedgerError> {
        self.check(entry, &pieces.iter().copied())?;
        for (piece, quantity) in pieces {
            if let Some(lot) = self.take(entry.security, *piece, *quantity) {
                self.disqualify(entry, &lot);
                let away = Lot { quantity: -lot.quantity, basis: -lot.basis, ..lot };
                self.record(entry, side, &away, Price::ZERO, Money::ZERO, Money::ZERO, None);
            }
        }
        Ok(())
    }

    /// Takes back the qualified treatment of dividends on shares that leave too early.
    fn disqualify(&mut self, entry: &Entry, lot: &Lot) {
        let (mandate, date) = (entry.mandate, entry.date);
        let lost: Vec<_> =
            self.watch.left(entry.security, lot.account, mandate, lot.quantity, lot.acquired, date).collect();
        for part in lost {
            let year = self.year_mut(part.mandate, part.ex);
            year.qualified -= part.amount;
            year.ordinary += part.amount;
        }
    }

    /// Matches a loss against shares bought within 30 days before the sale and still held, in order of purchase; what
    /// is left waits for purchases of the next 30 days.
    fn match_earlier_purchases(&mut self, sold: SecurityId, mut loss: PendingLoss, how: Disposal) {
        let group = self.group_of[sold.index()] as usize;
        while loss.quantity.is_positive() {
            let mut earliest: Option<(NaiveDate, LotId, SecurityId, usize)> = None;
            for security in self.groups[group].iter().filter(|s| how == Disposal::Order || **s != sold) {
                let lots = &self.lots[security.index()];
                for (at, lot) in lots.iter().enumerate().rev() {
                    // Lots are in order of purchase, so the first one before the window ends the search.
                    if (loss.sold - lot.acquired).num_days() > WINDOW_DAYS {
                        break;
                    }
                    let free = lot.may_replace && lot.id != loss.lot && in_window(lot.acquired, loss.sold);
                    let prior = (lot.acquired, lot.id) < (loss.acquired, loss.lot);
                    let key = (lot.acquired, lot.id, *security, at);
                    if free
                        && !(prior && self.prior == PriorPurchases::Ignore)
                        && earliest.is_none_or(|e| key < e)
                    {
                        earliest = Some(key);
                    }
                }
            }
            let Some((_, _, security, at)) = earliest else { break };
            let take = loss.quantity.min(self.lots[security.index()][at].quantity);
            let part = loss.take(take);
            self.disallow(loss.sold, security, at, &part);
        }
        self.wash.wait(group, loss);
    }

    /// Makes `loss.quantity` shares of the lot at `at` the replacement of a loss: splits the lot where they are only
    /// part of it, adds the loss to their basis and tacks the holding period.
    fn disallow(&mut self, date: NaiveDate, security: SecurityId, at: usize, loss: &PendingLoss) {
        let piece = self.new_piece();
        let lots = &mut self.lots[security.index()];
        let whole = lots[at];
        let for_good = !self.kinds.get(whole.account.index()).is_none_or(|k| k.is_taxable());
        if loss.quantity < whole.quantity {
            let part = lots[at].take(loss.quantity);
            // Before the rest, so that a purchase's last piece is the one not yet used.
            lots.insert(at, Lot { piece, ..part });
        }
        let part = &mut lots[at];
        part.may_replace = false;
        if !for_good {
            part.basis += loss.loss();
            part.holding_start = tacked_start(whole.holding_start, loss.holding_start, loss.sold);
        }
        let sale = &self.journal.trades[loss.sale.0 as usize];
        let (mandate, sold, term) = (sale.mandate, sale.date, sale.term.unwrap_or(Term::Short));
        self.journal.washed.push(Washed {
            sale: loss.sale,
            date,
            quantity: loss.quantity_sold,
            amount: loss.amount,
            cost: loss.cost,
            basis: loss.basis,
            disallowed: loss.loss(),
            replacement: whole.id,
            for_good,
        });
        self.add_gain(mandate, sold, term, loss.loss());
    }

    pub(super) fn add_gain(&mut self, mandate: MandateId, date: NaiveDate, term: Term, gain: Money) {
        let year = self.year_mut(mandate, date);
        match term {
            Term::Short => year.net_short += gain,
            Term::Long => year.net_long += gain,
        }
    }

    pub(super) fn new_piece(&mut self) -> u32 {
        self.next_piece += 1;
        self.next_piece
    }

    /// Writes a row on `lot`, whose quantity and basis are what this row adds or takes.
    #[expect(clippy::too_many_arguments, reason = "one value for each column of the record")]
    pub(super) fn record(
        &mut self,
        entry: &Entry,
        side: Side,
        lot: &Lot,
        price: Price,
        amount: Money,
        cost: Money,
        term: Option<Term>,
    ) -> TradeIndex {
        let index = TradeIndex(self.journal.trades.len() as u32);
        self.journal.trades.push(Trade {
            date: entry.date,
            account: lot.account,
            sleeve: lot.sleeve,
            mandate: entry.mandate,
            security: entry.security,
            side,
            quantity: lot.quantity,
            price,
            amount,
            cost,
            lot: lot.id,
            acquired: lot.acquired,
            holding_start: lot.holding_start,
            basis: lot.basis,
            term,
            reason: entry.reason,
        });
        index
    }
}
