//! The ledger: the one place that changes a lot or a balance, exact to the last decimal.

use chrono::{Datelike, NaiveDate};
use thiserror::Error;

use crate::journal::{CashKind, CashRow, Journal, Reason, Side, Trade, TradeIndex, TransferRow, Washed};
use crate::tax::wash::in_window;
use crate::tax::{Income, Lot, PendingLoss, WINDOW_DAYS, WashBook, tacked_start, term};
use crate::units::{
    AccountId, AccountKind, IncomeKind, LIMIT, LotId, MandateId, Money, PocketId, Price, Rate, SecurityId,
    Shares, SleeveId, Term,
};

/// An account of the household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Name.
    pub name: String,
    /// How it is taxed.
    pub kind: AccountKind,
}

/// Cash that one mandate holds in one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pocket {
    /// Account that it is in.
    pub account: AccountId,
    /// Mandate that may spend it.
    pub mandate: MandateId,
    /// Balance, never negative after a booking.
    pub balance: Money,
}

/// Who orders what at which price.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// Trade and settlement date.
    pub date: NaiveDate,
    /// Cash it is paid from or to; names the account and the mandate.
    pub pocket: PocketId,
    /// Sleeve whose lots it changes.
    pub sleeve: SleeveId,
    /// Security.
    pub security: SecurityId,
    /// Price per share.
    pub price: Price,
    /// Spread and commission as a fraction of the amount.
    pub cost_rate: Rate,
    /// Why.
    pub reason: Reason,
}

/// What the ledger refuses to book. Nothing is changed by a refused call.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LedgerError {
    /// More shares than the piece holds, or a piece that is not in the pocket's account.
    #[error("sale of {requested} shares from a lot that holds {available}")]
    NotHeld {
        /// Shares asked for.
        requested: Shares,
        /// Shares there.
        available: Shares,
    },
    /// More cash than the pocket holds.
    #[error("payment of {requested} from a balance of {available}")]
    NoCash {
        /// Dollars asked for.
        requested: Money,
        /// Dollars there.
        available: Money,
    },
    /// A quantity or a price that is not above zero.
    #[error("quantity {quantity} at price {price}: both must be above zero")]
    NotPositive {
        /// Shares.
        quantity: Shares,
        /// Price.
        price: Price,
    },
    /// Sums would leave the range in which they are exact.
    #[error("the amounts booked exceed {LIMIT} dollars in total")]
    TooLarge,
}

/// The books of one household in one arm.
#[derive(Debug, Clone)]
pub struct Ledger {
    accounts: Vec<Account>,
    pockets: Vec<Pocket>,
    /// Open lots by security, in order of purchase.
    lots: Vec<Vec<Lot>>,
    /// Group of substantially identical securities that each security belongs to.
    group_of: Vec<u32>,
    /// Members of each group.
    groups: Vec<Vec<SecurityId>>,
    wash: WashBook,
    /// Shares held of each security, all lots together.
    held: Vec<Shares>,
    /// Income by mandate and year, from `first_year` on.
    years: Vec<Vec<Income>>,
    first_year: i32,
    next_lot: u32,
    next_piece: u32,
    /// Absolute sum of all amounts booked, in raw units.
    gross: i128,
    journal: Journal,
}

impl Ledger {
    /// Empty books. `group_of[s]` is the group of substantially identical securities of security `s`.
    pub fn new(accounts: Vec<Account>, pockets: Vec<Pocket>, group_of: Vec<u32>, first_year: i32) -> Self {
        let mandates = pockets.iter().map(|p| p.mandate.index() + 1).max().unwrap_or(0);
        let group_of_len = group_of.len();
        let count = group_of.iter().max().map_or(0, |g| *g as usize + 1);
        let mut groups = vec![Vec::new(); count];
        for (s, g) in group_of.iter().enumerate() {
            groups[*g as usize].push(SecurityId(s as u32));
        }
        Self {
            accounts,
            pockets,
            lots: vec![Vec::new(); group_of.len()],
            group_of,
            groups,
            wash: WashBook::new(count),
            held: vec![Shares::ZERO; group_of_len],
            years: vec![Vec::new(); mandates],
            first_year,
            next_lot: 0,
            next_piece: 0,
            gross: 0,
            journal: Journal::default(),
        }
    }

    /// Accounts.
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// Pockets of cash.
    pub fn pockets(&self) -> &[Pocket] {
        &self.pockets
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

    /// For entries that are not bookings: marks, returns, certificates.
    pub fn journal_mut(&mut self) -> &mut Journal {
        &mut self.journal
    }

    /// Closes the books.
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

    /// Total cash.
    pub fn cash(&self) -> Money {
        self.pockets.iter().map(|p| p.balance).sum()
    }

    /// Balance of a pocket; zero for one that is not there.
    pub fn balance(&self, pocket: PocketId) -> Money {
        self.pockets.get(pocket.index()).map_or(Money::ZERO, |p| p.balance)
    }

    fn year_mut(&mut self, mandate: MandateId, date: NaiveDate) -> &mut Income {
        let i = (date.year() - self.first_year).max(0) as usize;
        let years = &mut self.years[mandate.index()];
        if years.len() <= i {
            years.resize(i + 1, Income::default());
        }
        &mut years[i]
    }

    fn kind(&self, account: AccountId) -> AccountKind {
        self.accounts.get(account.index()).map_or(AccountKind::Taxable, |a| a.kind)
    }

    fn count(&mut self, amount: Money) -> Result<(), LedgerError> {
        let gross = self.gross + i128::from(amount.raw()).abs();
        if gross > i128::from(LIMIT) * 10_000 {
            return Err(LedgerError::TooLarge);
        }
        self.gross = gross;
        Ok(())
    }

    /// Moves cash without a trade: flows, income, fees, taxes. `amount` is signed.
    ///
    /// # Errors
    /// When the pocket would go below zero or the books out of range.
    pub fn book_cash(
        &mut self,
        date: NaiveDate,
        pocket: PocketId,
        kind: CashKind,
        security: Option<SecurityId>,
        amount: Money,
    ) -> Result<(), LedgerError> {
        let available = self.balance(pocket);
        if (available + amount).is_negative() && amount.is_negative() {
            return Err(LedgerError::NoCash { requested: -amount, available });
        }
        self.count(amount)?;
        self.put_cash(date, pocket, kind, security, amount);
        Ok(())
    }

    fn put_cash(
        &mut self,
        date: NaiveDate,
        pocket: PocketId,
        kind: CashKind,
        security: Option<SecurityId>,
        amount: Money,
    ) {
        if amount.is_zero() {
            return;
        }
        let Some(p) = self.pockets.get_mut(pocket.index()) else { return };
        p.balance += amount;
        let account = p.account;
        self.journal.cash.push(CashRow { date, account, pocket, kind, security, amount });
    }

    /// Moves cash from one pocket to another.
    ///
    /// # Errors
    /// When the giving pocket holds less, or the books would go out of range.
    pub fn transfer(
        &mut self,
        date: NaiveDate,
        from: PocketId,
        to: PocketId,
        amount: Money,
    ) -> Result<(), LedgerError> {
        let available = self.balance(from);
        if amount > available {
            return Err(LedgerError::NoCash { requested: amount, available });
        }
        self.count(amount)?;
        self.put_cash(date, from, CashKind::TransferOut, None, -amount);
        self.put_cash(date, to, CashKind::TransferIn, None, amount);
        self.journal.transfers.push(TransferRow { date, from, to, amount });
        Ok(())
    }

    /// Books income received in cash and puts it into the year's return when the account is taxable.
    ///
    /// # Errors
    /// When the books would go out of range.
    pub fn income_received(
        &mut self,
        date: NaiveDate,
        pocket: PocketId,
        security: SecurityId,
        kind: IncomeKind,
        amount: Money,
    ) -> Result<(), LedgerError> {
        let cash_kind = if kind == IncomeKind::Interest { CashKind::Interest } else { CashKind::Dividend };
        self.book_cash(date, pocket, cash_kind, Some(security), amount)?;
        let Some(p) = self.pockets.get(pocket.index()).copied() else { return Ok(()) };
        if self.kind(p.account).is_taxable() {
            let year = self.year_mut(p.mandate, date);
            match kind {
                IncomeKind::QualifiedDividend => year.qualified += amount,
                IncomeKind::OrdinaryDividend => year.ordinary += amount,
                IncomeKind::Interest => year.interest += amount,
            }
        }
        Ok(())
    }

    /// Buys `quantity` shares as one new lot, and lets them replace shares lately sold at a loss.
    ///
    /// # Errors
    /// When the pocket does not hold the cost, or a number is out of range.
    pub fn buy(&mut self, order: &Order, quantity: Shares) -> Result<LotId, LedgerError> {
        if !quantity.is_positive() || !order.price.is_positive() {
            return Err(LedgerError::NotPositive { quantity, price: order.price });
        }
        let amount = Money::of(quantity, order.price);
        let cost = amount.at(order.cost_rate);
        let available = self.balance(order.pocket);
        let basis = amount + cost;
        if basis > available {
            return Err(LedgerError::NoCash { requested: basis, available });
        }
        self.count(basis)?;
        self.put_cash(order.date, order.pocket, CashKind::Trade, Some(order.security), -amount);
        self.put_cash(order.date, order.pocket, CashKind::Cost, Some(order.security), -cost);
        let id = LotId(self.next_lot);
        self.next_lot += 1;
        let account = self.pockets[order.pocket.index()].account;
        let lot = Lot {
            piece: self.new_piece(),
            id,
            account,
            sleeve: order.sleeve,
            quantity,
            basis,
            acquired: order.date,
            holding_start: order.date,
            replacement: false,
        };
        self.record(order, Side::Buy, &lot, quantity, amount, cost, basis, None);
        self.lots[order.security.index()].push(lot);
        self.held[order.security.index()] += quantity;
        let group = self.group_of[order.security.index()] as usize;
        for loss in self.wash.replaced_by(group, order.date, id, quantity) {
            let at = self.lots[order.security.index()].len() - 1;
            self.disallow(order.date, order.security, at, &loss);
        }
        Ok(id)
    }

    /// Sells shares of named pieces, in the order given, and disallows losses on shares replaced within the last 30
    /// days. Returns the proceeds after cost.
    ///
    /// # Errors
    /// When a piece holds fewer shares than asked for; nothing is sold then.
    pub fn sell(&mut self, order: &Order, pieces: &[(u32, Shares)]) -> Result<Money, LedgerError> {
        let lots = self.lots(order.security);
        let account = self.pockets.get(order.pocket.index()).map(|p| p.account);
        for (i, (piece, quantity)) in pieces.iter().enumerate() {
            if !quantity.is_positive() || !order.price.is_positive() {
                return Err(LedgerError::NotPositive { quantity: *quantity, price: order.price });
            }
            let lot = lots.iter().find(|l| l.piece == *piece && Some(l.account) == account);
            let available = lot.map_or(Shares::ZERO, |l| l.quantity);
            // A piece may be named more than once.
            let requested = pieces[..=i].iter().filter(|(p, _)| p == piece).map(|(_, q)| *q).sum();
            if requested > available {
                return Err(LedgerError::NotHeld { requested, available });
            }
        }
        self.count(Money::of(pieces.iter().map(|(_, q)| *q).sum(), order.price))?;
        let (mut net, mut losses) = (Money::ZERO, Vec::new());
        for (piece, quantity) in pieces {
            let (proceeds, loss) = self.sell_piece(order, *piece, *quantity)?;
            net += proceeds;
            losses.extend(loss);
        }
        // Only when all of the order's shares are gone: they can't be their own replacement.
        for loss in losses {
            self.match_earlier_purchases(order.security, loss);
        }
        Ok(net)
    }

    /// Sells one piece: its proceeds after cost, and its loss where there is one to test.
    fn sell_piece(
        &mut self,
        order: &Order,
        piece: u32,
        quantity: Shares,
    ) -> Result<(Money, Option<PendingLoss>), LedgerError> {
        let lots = &mut self.lots[order.security.index()];
        let Some(at) = lots.iter().position(|l| l.piece == piece) else {
            return Err(LedgerError::NotHeld { requested: quantity, available: Shares::ZERO });
        };
        let lot = lots[at];
        let basis = lot.basis.prorate(quantity, lot.quantity);
        let amount = Money::of(quantity, order.price);
        let cost = amount.at(order.cost_rate);
        let lots = &mut self.lots[order.security.index()];
        if quantity == lot.quantity {
            lots.remove(at);
        } else {
            lots[at].quantity -= quantity;
            lots[at].basis -= basis;
        }
        self.held[order.security.index()] -= quantity;
        let term = term(lot.holding_start, order.date);
        let sale = self.record(order, Side::Sell, &lot, quantity, amount, cost, basis, Some(term));
        self.put_cash(order.date, order.pocket, CashKind::Trade, Some(order.security), amount);
        self.put_cash(order.date, order.pocket, CashKind::Cost, Some(order.security), -cost);
        if !self.kind(lot.account).is_taxable() {
            return Ok((amount - cost, None));
        }
        let mandate = self.journal.trades[sale.0 as usize].mandate;
        self.add_gain(mandate, order.date, term, amount - cost - basis);
        let loss = PendingLoss {
            sale,
            sold: order.date,
            lot: lot.id,
            holding_start: lot.holding_start,
            quantity,
            amount,
            cost,
            basis,
        };
        Ok((amount - cost, loss.loss().is_positive().then_some(loss)))
    }

    /// Matches a loss against shares bought within 30 days before the sale and still held, in order of purchase; what
    /// is left waits for purchases of the next 30 days.
    fn match_earlier_purchases(&mut self, sold: SecurityId, mut loss: PendingLoss) {
        let group = self.group_of[sold.index()] as usize;
        while loss.quantity.is_positive() {
            let mut earliest: Option<(NaiveDate, LotId, SecurityId, usize)> = None;
            for security in &self.groups[group] {
                let lots = &self.lots[security.index()];
                for (at, lot) in lots.iter().enumerate().rev() {
                    // Lots are in order of purchase, so the first one before the window ends the search.
                    if (loss.sold - lot.acquired).num_days() > WINDOW_DAYS {
                        break;
                    }
                    let free = !lot.replacement && lot.id != loss.lot && in_window(lot.acquired, loss.sold);
                    let key = (lot.acquired, lot.id, *security, at);
                    if free && earliest.is_none_or(|e| key < e) {
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
        let for_good = !self.accounts.get(whole.account.index()).is_none_or(|a| a.kind.is_taxable());
        let mut part = Lot {
            piece,
            quantity: loss.quantity,
            basis: whole.basis.prorate(loss.quantity, whole.quantity),
            replacement: true,
            ..whole
        };
        if loss.quantity < whole.quantity {
            lots[at].quantity -= part.quantity;
            lots[at].basis -= part.basis;
            // Before the rest, so that a purchase's last piece is the one not yet used.
            lots.insert(at, part);
        } else {
            part.piece = whole.piece;
        }
        if !for_good {
            part.basis += loss.loss();
            part.holding_start = tacked_start(whole.holding_start, loss.holding_start, loss.sold);
        }
        lots[at] = part;
        let sale = &self.journal.trades[loss.sale.0 as usize];
        let (mandate, sold, term) = (sale.mandate, sale.date, sale.term.unwrap_or(Term::Short));
        self.journal.washed.push(Washed {
            sale: loss.sale,
            date,
            quantity: loss.quantity,
            amount: loss.amount,
            cost: loss.cost,
            basis: loss.basis,
            disallowed: loss.loss(),
            replacement: whole.id,
            for_good,
        });
        self.add_gain(mandate, sold, term, loss.loss());
    }

    fn add_gain(&mut self, mandate: MandateId, date: NaiveDate, term: Term, gain: Money) {
        let year = self.year_mut(mandate, date);
        match term {
            Term::Short => year.net_short += gain,
            Term::Long => year.net_long += gain,
        }
    }

    fn new_piece(&mut self) -> u32 {
        self.next_piece += 1;
        self.next_piece
    }

    #[expect(clippy::too_many_arguments, reason = "one value for each column of the record")]
    fn record(
        &mut self,
        order: &Order,
        side: Side,
        lot: &Lot,
        quantity: Shares,
        amount: Money,
        cost: Money,
        basis: Money,
        term: Option<Term>,
    ) -> TradeIndex {
        let index = TradeIndex(self.journal.trades.len() as u32);
        let mandate = self.pockets.get(order.pocket.index()).map_or(MandateId(0), |p| p.mandate);
        self.journal.trades.push(Trade {
            date: order.date,
            account: lot.account,
            sleeve: lot.sleeve,
            mandate,
            security: order.security,
            side,
            quantity,
            price: order.price,
            amount,
            cost,
            lot: lot.id,
            acquired: lot.acquired,
            holding_start: lot.holding_start,
            basis,
            term,
            reason: order.reason,
        });
        index
    }
}
