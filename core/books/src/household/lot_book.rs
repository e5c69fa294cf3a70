//! The lot book: open lots, wash sales and each year's income, exact to the last decimal. It does not know
//! cash; the ledger keeps balances around it.

use chrono::{Datelike, NaiveDate};

use super::{LedgerError, OpenLots};
use crate::journal::{Journal, Reason, Side, Trade, Washed};
use unisleeve_tax::wash::window;
use unisleeve_tax::{
    DividendWatch, Gift, Income, Lot, LotMethod, PendingLoss, PriorPurchases, TaxRates, WashBook,
    tacked_start, term,
};
use unisleeve_units::{
    AccountId, AccountKind, IncomeKind, LIMIT, LotId, MandateId, Money, Price, SecurityId, Shares, SleeveId,
    Term, TradeIndex,
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
    /// Reason for the booking.
    pub reason: Reason,
}

/// Shares that come in as one lot.
#[derive(Debug, Clone, Copy)]
pub struct Incoming {
    /// How they come in.
    pub side: Side,
    /// Number of shares, positive.
    pub quantity: Shares,
    /// Price per share, for the record.
    pub price: Price,
    /// Amount paid in dollars, before cost.
    pub amount: Money,
    /// Spread and commission in dollars; basis = amount + cost.
    pub cost: Money,
    /// Date of purchase.
    pub acquired: NaiveDate,
    /// Start of the holding period.
    pub holding_start: NaiveDate,
    /// Whether the shares were purchased. Only purchased shares can replace shares sold at a loss.
    pub purchased: bool,
    /// How many of the shares have already replaced a loss and can't do so again (Reg. 1.1091-1(e)); usually
    /// zero.
    pub replaced: Shares,
    /// Second basis, for a gift below the donor's basis.
    pub gift: Option<Gift>,
}

/// A part of a sale: shares of one piece and their proceeds.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing {
    /// Piece of a lot.
    pub piece: u32,
    /// Number of shares, positive.
    pub quantity: Shares,
    /// Proceeds in dollars, before cost.
    pub amount: Money,
    /// Spread and commission in dollars.
    pub cost: Money,
}

/// How shares are disposed of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposal {
    /// By an order of the holder.
    Order,
    /// All shares of the security are paid out at once, for all holders. Shares still on the book therefore
    /// can't be replacements.
    PaidOut,
    /// All shares become worthless. They count as sold on the last day of the year (IRC 165(g)(1)).
    Worthless,
}

/// Lots and income of one household.
#[derive(Debug, Clone)]
pub struct LotBook {
    kinds: Vec<AccountKind>,
    /// Open lots by security.
    pub(super) lots: Vec<OpenLots>,
    /// Whether a security may have very many lots.
    pub(super) many: bool,
    /// For each security, its group of substantially identical securities.
    pub(super) group_of: Vec<u32>,
    /// Members of each group.
    pub(super) groups: Vec<Vec<SecurityId>>,
    pub(super) wash: WashBook,
    prior: PriorPurchases,
    /// Whether the wash sale rule (section 1091) applies.
    wash_sale_rule: bool,
    /// Securities that the rule does not cover; empty for none.
    exempt: Vec<bool>,
    pub(super) watch: DividendWatch,
    /// Shares held of each security, over all lots.
    pub(super) held: Vec<Shares>,
    /// Income by mandate and year, starting with `first_year`.
    years: Vec<Vec<Income>>,
    first_year: i32,
    next_lot: u32,
    next_piece: u32,
    pub(super) journal: Journal,
}

impl LotBook {
    /// An empty book. `group_of[s]` is the group of substantially identical securities that security `s`
    /// belongs to.
    pub fn new(kinds: Vec<AccountKind>, mandates: usize, group_of: Vec<u32>, first_year: i32) -> Self {
        let securities = group_of.len();
        let count = group_of.iter().max().map_or(0, |g| *g as usize + 1);
        let mut groups = vec![Vec::new(); count];
        for (s, g) in group_of.iter().enumerate() {
            groups[*g as usize].push(SecurityId(s as u32));
        }
        Self {
            kinds,
            lots: vec![OpenLots::new(); securities],
            many: false,
            group_of,
            groups,
            wash: WashBook::new(count),
            prior: PriorPurchases::default(),
            wash_sale_rule: true,
            exempt: Vec::new(),
            watch: DividendWatch::new(securities),
            held: vec![Shares::ZERO; securities],
            years: vec![Vec::new(); mandates],
            first_year,
            next_lot: 0,
            next_piece: 0,
            journal: Journal::default(),
        }
    }

    /// Sets whether shares bought before those sold count as replacement shares.
    pub fn with_prior_purchases(mut self, prior: PriorPurchases) -> Self {
        self.prior = prior;
        self
    }

    /// Recognizes every loss, as if section 1091 did not exist; for comparisons.
    pub(super) fn ignore_wash_sales(&mut self) {
        self.wash_sale_rule = false;
    }

    /// Exempts securities from the wash sale rule: what is no stock or security, such as commodities held
    /// directly, section 1256 contracts (IRC 1256(f)(5)), and money market funds with a floating value (Rev. Proc.
    /// 2014-45). `exempt` has an entry for each security. Each should be in a group of its own.
    pub fn exempting(mut self, exempt: Vec<bool>) -> Self {
        self.exempt = exempt;
        self
    }

    /// Keeps losses beyond the wash sale window, for shares that are booked long after they were bought.
    pub fn expecting_old_lots(mut self) -> Self {
        self.wash.keep_all();
        self
    }

    /// Prepares for hundreds of thousands of lots of one security.
    pub fn expecting_many_lots(mut self) -> Self {
        self.many = true;
        self
    }

    /// Open lots of a security, in order of purchase.
    pub fn lots(&self, security: SecurityId) -> &OpenLots {
        static NONE: OpenLots = OpenLots::new();
        self.lots.get(security.index()).unwrap_or(&NONE)
    }

    /// Chooses the pieces for `quantity` shares of an account, in the method's order: see
    /// [`LotMethod::choose`].
    pub fn choose(
        &mut self,
        method: LotMethod,
        entry: &Entry,
        quantity: Shares,
        price: Price,
        rates: TaxRates,
    ) -> Vec<(u32, Shares)> {
        let lots = self.lots.get_mut(entry.security.index());
        lots.map_or_else(Vec::new, |l| l.choose(method, entry.account, quantity, entry.date, price, rates))
    }

    /// Shares of a security held in an account.
    pub fn held_in(&self, security: SecurityId, account: AccountId) -> Shares {
        self.lots(security).held_in(account)
    }

    /// Securities substantially identical to this one, including itself.
    pub fn identical(&self, security: SecurityId) -> &[SecurityId] {
        self.group_of.get(security.index()).map_or(&[], |g| &self.groups[*g as usize])
    }

    /// Losses that a purchase of this security on `date` could still disallow, in order of sale.
    pub fn waiting_losses(
        &self,
        security: SecurityId,
        date: NaiveDate,
    ) -> impl Iterator<Item = &PendingLoss> {
        let group = self.group_of.get(security.index()).map_or(usize::MAX, |g| *g as usize);
        self.wash.waiting(group, date)
    }

    /// The journal so far.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Closes the book and returns the journal.
    pub fn into_journal(self) -> Journal {
        self.journal
    }

    /// The portfolio's taxable income for a year, over all taxable accounts and mandates.
    pub fn income(&self, year: i32) -> Income {
        (0..self.years.len())
            .map(|m| self.income_of(MandateId(m as u16), year))
            .fold(Income::default(), |a, b| a + b)
    }

    /// The part of a year's income that one mandate caused.
    pub fn income_of(&self, mandate: MandateId, year: i32) -> Income {
        let year = usize::try_from(year - self.first_year).ok();
        let years = self.years.get(mandate.index());
        years.zip(year).and_then(|(years, i)| years.get(i)).copied().unwrap_or_default()
    }

    /// Shares held of a security, in all accounts.
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

    /// Adds income to the year's return if the account is taxable. `shares` were held for it on the ex-date,
    /// which is the entry's date. A qualified dividend is watched until the shares have been held long
    /// enough.
    pub fn income_received(&mut self, entry: &Entry, kind: IncomeKind, amount: Money, shares: Shares) {
        self.income_paid(entry, entry.date, kind, amount, shares);
    }

    /// The same, for income with an ex-date before the day of payment. It is income of the day of payment,
    /// which is the entry's date.
    pub fn income_paid(
        &mut self,
        entry: &Entry,
        ex: NaiveDate,
        kind: IncomeKind,
        amount: Money,
        shares: Shares,
    ) {
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
            let (account, mandate) = (entry.account, entry.mandate);
            self.watch.paid(entry.security, (ex, entry.date), account, mandate, amount, shares);
        }
    }

    /// Adds a fund's distribution of long-term gain to the year's return (IRC 852(b)(3)(B)). It is not a
    /// sale.
    pub fn gain_distributed(&mut self, entry: &Entry, amount: Money) {
        if self.is_taxable(entry.account) {
            self.add_gain(entry.mandate, entry.date, Term::Long, amount);
        }
    }

    /// Adds a cash withdrawal from a tax-deferred account to the year's return; does nothing for other
    /// accounts.
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

    /// Books shares as one new lot. Purchased shares may replace shares recently sold at a loss.
    ///
    /// # Errors
    /// [`LedgerError::TooLarge`] if more shares would be held than can be counted exactly; then nothing is
    /// booked.
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
        self.put(entry.security, lot);
        if incoming.purchased {
            let replaced = incoming.replaced.min(incoming.quantity);
            if replaced.is_positive() {
                self.use_up(entry.security, lot.piece, replaced);
            }
            let (group, free) = (self.group_of[s] as usize, incoming.quantity - replaced);
            let parts = self.wash.replaced_by(group, entry.date, incoming.acquired, id, free, self.prior);
            for loss in parts {
                // The replaced part gets a new piece number, so `lot.piece` is always what is left of the
                // purchase.
                self.disallow(entry.date, entry.security, lot.piece, &loss);
            }
        }
        Ok(id)
    }

    /// Marks shares of a piece as used for a replacement. They become a piece of their own, before the rest.
    /// Returns its number.
    fn use_up(&mut self, security: SecurityId, piece: u32, quantity: Shares) -> Option<u32> {
        let new = self.new_piece();
        let lots = self.lots.get_mut(security.index())?;
        let part = lots.split_off(piece, quantity, new)?;
        lots.change(part, |lot| lot.may_replace = false)?;
        Some(part)
    }

    /// Inserts a lot in order of purchase.
    pub(super) fn put(&mut self, security: SecurityId, lot: Lot) {
        self.lots[security.index()].put(lot, self.many);
    }

    /// Checks that each piece is in the account and holds the requested shares.
    fn check(
        &self,
        entry: &Entry,
        pieces: &(impl Iterator<Item = (u32, Shares)> + Clone),
    ) -> Result<(), LedgerError> {
        let lots = self.lots(entry.security);
        let held = |piece: u32, requested: Shares| {
            let lot = lots.find(piece).filter(|l| l.account == entry.account);
            let available = lot.map_or(Shares::ZERO, |l| l.quantity);
            if requested > available { Err(LedgerError::NotHeld { requested, available }) } else { Ok(()) }
        };
        for (piece, quantity) in pieces.clone() {
            if !quantity.is_positive() {
                return Err(LedgerError::NotPositive { quantity, price: Price::ZERO });
            }
            held(piece, quantity)?;
        }
        if pieces.clone().nth(1).is_none() {
            return Ok(());
        }
        // A piece may be named more than once.
        let mut sorted: Vec<(u32, Shares)> = pieces.clone().collect();
        sorted.sort_unstable_by_key(|(piece, _)| *piece);
        for same in sorted.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
            held(same[0].0, same.iter().map(|(_, q)| *q).sum())?;
        }
        Ok(())
    }

    /// Takes shares of a piece, which must exist, off the book.
    fn take(&mut self, security: SecurityId, piece: u32, quantity: Shares) -> Option<Lot> {
        let lot = self.lots.get_mut(security.index())?.take(piece, quantity)?;
        self.held[security.index()] -= quantity;
        Some(lot)
    }

    /// Sells shares of named pieces in the given order. Losses are disallowed as far as replacement shares
    /// were bought within the last 30 days.
    ///
    /// # Errors
    /// [`LedgerError`] if a piece holds fewer shares than requested; then nothing is sold.
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
        // The parts of one order have no order among themselves. They count as sold in order of acquisition,
        // whatever method chose them (Reg. 1.1091-1(b)).
        if losses.len() > 1 {
            losses.sort_by_key(|l: &PendingLoss| (l.acquired, l.lot, l.holding_start));
        }
        // Match only after all of the order's shares are gone: they can't replace each other.
        for loss in losses {
            self.match_earlier_purchases(entry.security, loss, how);
        }
        Ok(())
    }

    /// Sells a part. Returns its loss, if there is one that may be disallowed.
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
        let is_exempt = self.exempt.get(entry.security.index()).is_some_and(|exempt| *exempt);
        if !self.wash_sale_rule || is_exempt {
            return None;
        }
        let loss = PendingLoss {
            sale,
            turn: 0,
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

    /// Removes shares of named pieces as a gift or a transfer to another custodian, as `side` says. They
    /// leave with basis and holding period, without gain (IRC 1015, 170).
    ///
    /// # Errors
    /// [`LedgerError`] if a piece holds fewer shares than requested; then nothing leaves.
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

    /// Makes dividends ordinary whose shares leave too early, on the entry's date.
    pub fn disqualify(&mut self, entry: &Entry, lot: &Lot) {
        let (mandate, date) = (entry.mandate, entry.date);
        let lost: Vec<_> =
            self.watch.left(entry.security, lot.account, mandate, lot.quantity, lot.acquired, date).collect();
        for part in lost {
            let year = self.year_mut(part.mandate, part.paid);
            year.qualified -= part.amount;
            year.ordinary += part.amount;
        }
    }

    /// Moves shares of named pieces to another account of the household. This is neither a purchase nor a
    /// sale: dates, basis, and which shares have replaced a loss stay the same (IRC 1001(a), 1223(2): nothing
    /// is disposed of).
    ///
    /// # Errors
    /// [`LedgerError`] if a piece holds fewer shares than requested; then nothing moves.
    pub fn transfer(
        &mut self,
        entry: &Entry,
        to: AccountId,
        pieces: &[(u32, Shares)],
    ) -> Result<(), LedgerError> {
        self.check(entry, &pieces.iter().copied())?;
        for (piece, quantity) in pieces {
            let whole = self.lots(entry.security).find(*piece).is_some_and(|l| l.quantity == *quantity);
            let Some(lot) = self.take(entry.security, *piece, *quantity) else { continue };
            let number = if whole { *piece } else { self.new_piece() };
            let away = Lot { quantity: -lot.quantity, basis: -lot.basis, ..lot };
            self.record(entry, Side::TransferOut, &away, Price::ZERO, Money::ZERO, Money::ZERO, None);
            let moved = Lot { piece: number, account: to, ..lot };
            self.record(entry, Side::TransferIn, &moved, Price::ZERO, Money::ZERO, Money::ZERO, None);
            self.held[entry.security.index()] += lot.quantity;
            self.put(entry.security, moved);
            let accounts = (entry.account, to);
            self.watch.moved(entry.security, accounts, entry.mandate, lot.quantity, lot.acquired);
        }
        Ok(())
    }

    /// Matches a loss with shares bought within 30 days before the sale and still held, in order of purchase.
    /// What is left waits for purchases in the next 30 days.
    fn match_earlier_purchases(&mut self, sold: SecurityId, mut loss: PendingLoss, how: Disposal) {
        let group = self.group_of[sold.index()] as usize;
        let least = (self.prior == PriorPurchases::Ignore).then_some((loss.acquired, loss.lot));
        while loss.quantity.is_positive() {
            let mut earliest: Option<(NaiveDate, LotId, SecurityId, u32)> = None;
            for security in self.groups[group].iter().filter(|s| how == Disposal::Order || **s != sold) {
                let lots = &self.lots[security.index()];
                if let Some((acquired, id, piece)) = lots.first_free(window(loss.sold), loss.lot, least)
                    && earliest.is_none_or(|e| (acquired, id, *security) < (e.0, e.1, e.2))
                {
                    earliest = Some((acquired, id, *security, piece));
                }
            }
            let Some((_, _, security, piece)) = earliest else { break };
            let held = self.lots[security.index()].find(piece).map_or(loss.quantity, |l| l.quantity);
            let part = loss.take(loss.quantity.min(held));
            self.disallow(loss.sold, security, piece, &part);
        }
        self.wash.wait(group, loss);
    }

    /// Makes `loss.quantity` shares of a piece the replacement for a loss. Splits the piece if needed, adds
    /// the loss to the basis of these shares, and tacks the holding period. In an IRA or Roth account basis
    /// and holding period stay, and the loss is permanently disallowed.
    fn disallow(&mut self, date: NaiveDate, security: SecurityId, piece: u32, loss: &PendingLoss) {
        let Some(part) = self.use_up(security, piece, loss.quantity) else { return };
        let lots = &mut self.lots[security.index()];
        let Some(whole) = lots.find(part).copied() else { return };
        let for_good = !self.kinds.get(whole.account.index()).is_none_or(|k| k.is_taxable());
        if !for_good {
            lots.change(part, |lot| {
                lot.basis += loss.loss();
                lot.holding_start = tacked_start(lot.holding_start, loss.holding_start, loss.sold);
            });
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

    /// Adds a journal row for `lot`. Its quantity and basis are what the row adds or takes.
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
