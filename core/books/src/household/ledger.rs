//! The ledger: pockets of cash around the lot book, exact to the last decimal.

use chrono::NaiveDate;

use super::{Disposal, Entry, Incoming, LedgerError, LotBook, OpenLots, Outgoing};
use crate::journal::{CashKind, CashRow, Journal, Reason, Side, TransferRow};
use unisleeve_tax::{Income, PendingLoss};
use unisleeve_units::{
    AccountId, AccountKind, IncomeKind, LIMIT, LotId, MandateId, Money, PocketId, Price, Rate, Ratio,
    SecurityId, Shares, SleeveId,
};

/// An account of the household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Name.
    pub name: String,
    /// How it is taxed.
    pub kind: AccountKind,
}

/// The cash of one mandate in one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pocket {
    /// Account that holds the cash.
    pub account: AccountId,
    /// Mandate that may spend it.
    pub mandate: MandateId,
    /// Balance in dollars; never negative after a booking.
    pub balance: Money,
}

/// An order: who trades what, and at which price.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// Trade and settlement date.
    pub date: NaiveDate,
    /// Pocket that pays or receives the cash. It determines the account and the mandate.
    pub pocket: PocketId,
    /// Sleeve whose lots change.
    pub sleeve: SleeveId,
    /// Security.
    pub security: SecurityId,
    /// Price per share.
    pub price: Price,
    /// Spread and commission, as a fraction of the amount.
    pub cost_rate: Rate,
    /// Reason for the order.
    pub reason: Reason,
}

/// The books of one household in one arm: the lot book and the cash around it.
#[derive(Debug, Clone)]
pub struct Ledger {
    accounts: Vec<Account>,
    pockets: Vec<Pocket>,
    book: LotBook,
    /// Sum of the absolute values of all amounts booked, in units of the last decimal.
    gross: i128,
}

impl Ledger {
    /// Empty books. `group_of[s]` is the group of substantially identical securities that security `s`
    /// belongs to.
    pub fn new(accounts: Vec<Account>, pockets: Vec<Pocket>, group_of: Vec<u32>, first_year: i32) -> Self {
        let mandates = pockets.iter().map(|p| p.mandate.index() + 1).max().unwrap_or(0);
        let kinds = accounts.iter().map(|a| a.kind).collect();
        Self { accounts, pockets, book: LotBook::new(kinds, mandates, group_of, first_year), gross: 0 }
    }

    /// Exempts securities from the wash sale rule: see [`LotBook::exempting`].
    #[must_use]
    pub fn exempting(mut self, exempt: Vec<bool>) -> Self {
        self.book = self.book.exempting(exempt);
        self
    }

    /// Recognizes every loss, as if section 1091 did not exist; for comparisons.
    pub fn ignoring_wash_sales(mut self) -> Self {
        self.book.ignore_wash_sales();
        self
    }

    /// The lots, without the cash.
    pub fn book(&self) -> &LotBook {
        &self.book
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
    pub fn lots(&self, security: SecurityId) -> &OpenLots {
        self.book.lots(security)
    }

    /// Securities substantially identical to this one, including itself.
    pub fn identical(&self, security: SecurityId) -> &[SecurityId] {
        self.book.identical(security)
    }

    /// Losses that a purchase of this security on `date` could still disallow, in order of sale.
    pub fn waiting_losses(
        &self,
        security: SecurityId,
        date: NaiveDate,
    ) -> impl Iterator<Item = &PendingLoss> {
        self.book.waiting_losses(security, date)
    }

    /// The journal so far.
    pub fn journal(&self) -> &Journal {
        self.book.journal()
    }

    /// The journal, for entries that are not bookings: marks, returns, certificates.
    pub fn journal_mut(&mut self) -> &mut Journal {
        &mut self.book.journal
    }

    /// Closes the books and returns the journal.
    pub fn into_journal(self) -> Journal {
        self.book.into_journal()
    }

    /// The portfolio's taxable income for a year, over all taxable accounts and mandates.
    pub fn income(&self, year: i32) -> Income {
        self.book.income(year)
    }

    /// The part of a year's income that one mandate caused.
    pub fn income_of(&self, mandate: MandateId, year: i32) -> Income {
        self.book.income_of(mandate, year)
    }

    /// Shares held of a security, in all accounts.
    pub fn held(&self, security: SecurityId) -> Shares {
        self.book.held(security)
    }

    /// Cash in all pockets, in dollars.
    pub fn cash(&self) -> Money {
        self.pockets.iter().map(|p| p.balance).sum()
    }

    /// Balance of a pocket in dollars; zero if there is no such pocket.
    pub fn balance(&self, pocket: PocketId) -> Money {
        self.pockets.get(pocket.index()).map_or(Money::ZERO, |p| p.balance)
    }

    fn count(&mut self, amount: Money) -> Result<(), LedgerError> {
        let gross = self.gross + i128::from(amount.raw()).abs();
        if gross > i128::from(LIMIT) * 10_000 {
            return Err(LedgerError::TooLarge);
        }
        self.gross = gross;
        Ok(())
    }

    /// Books cash without a trade: flows, income, fees, taxes. `amount` is in dollars, positive for cash that
    /// comes in.
    ///
    /// # Errors
    /// [`LedgerError`] if the pocket's balance would become negative, or the books would go out of range.
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
        // A household tax bill that an IRA pays counts as a distribution, like a withdrawal; the account's
        // own fee does not.
        if matches!(kind, CashKind::Withdrawal | CashKind::Tax | CashKind::Distribution)
            && let Some(p) = self.pockets.get(pocket.index())
        {
            self.book.distributed(p.account, p.mandate, date, -amount);
        }
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
        self.book.journal.cash.push(CashRow { date, account, pocket, kind, security, amount });
    }

    /// Moves cash between pockets.
    ///
    /// # Errors
    /// [`LedgerError`] if `from` holds less than `amount`, or the books would go out of range.
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
        self.book.journal.transfers.push(TransferRow { date, from, to, amount });
        Ok(())
    }

    /// Books income received in cash on `shares` shares. If the account is taxable, the income enters the
    /// year's return.
    ///
    /// # Errors
    /// [`LedgerError`] if the books would go out of range.
    pub fn income_received(
        &mut self,
        date: NaiveDate,
        pocket: PocketId,
        security: SecurityId,
        kind: IncomeKind,
        amount: Money,
        shares: Shares,
    ) -> Result<(), LedgerError> {
        let cash_kind = if kind == IncomeKind::Interest { CashKind::Interest } else { CashKind::Dividend };
        self.book_cash(date, pocket, cash_kind, Some(security), amount)?;
        if let Some(p) = self.pockets.get(pocket.index()) {
            let (account, mandate) = (p.account, p.mandate);
            let reason = Reason::default();
            let entry = Entry { date, account, sleeve: SleeveId(0), mandate, security, reason };
            self.book.income_received(&entry, kind, amount, shares);
        }
        Ok(())
    }

    fn entry(&self, order: &Order) -> Result<Entry, LedgerError> {
        let pocket = self.pockets.get(order.pocket.index());
        let Some(p) = pocket.filter(|_| order.price.is_positive()) else {
            return Err(LedgerError::NotPositive { quantity: Shares::ZERO, price: order.price });
        };
        Ok(Entry {
            date: order.date,
            account: p.account,
            sleeve: order.sleeve,
            mandate: p.mandate,
            security: order.security,
            reason: order.reason,
        })
    }

    /// Buys `quantity` shares as one new lot. They may replace shares recently sold at a loss.
    ///
    /// # Errors
    /// [`LedgerError`] if the pocket holds less than the amount and the cost, or a number is out of range.
    pub fn buy(&mut self, order: &Order, quantity: Shares) -> Result<LotId, LedgerError> {
        let entry = self.entry(order)?;
        if !quantity.is_positive() {
            return Err(LedgerError::NotPositive { quantity, price: order.price });
        }
        let amount = Money::of(quantity, order.price);
        let cost = amount.at(order.cost_rate);
        let available = self.balance(order.pocket);
        if amount + cost > available {
            return Err(LedgerError::NoCash { requested: amount + cost, available });
        }
        self.count(amount + cost)?;
        let lot = self.book.receive(
            &entry,
            &Incoming {
                side: Side::Buy,
                quantity,
                price: order.price,
                amount,
                cost,
                acquired: order.date,
                holding_start: order.date,
                purchased: true,
                replaced: Shares::ZERO,
                gift: None,
            },
        )?;
        self.put_cash(order.date, order.pocket, CashKind::Trade, Some(order.security), -amount);
        self.put_cash(order.date, order.pocket, CashKind::Cost, Some(order.security), -cost);
        Ok(lot)
    }

    /// Books a lot that is transferred in with its basis and date of purchase. It may replace shares sold at
    /// a loss within 30 days of its purchase.
    ///
    /// # Errors
    /// [`LedgerError`] if a number is out of range.
    pub fn transfer_lot_in(
        &mut self,
        order: &Order,
        quantity: Shares,
        basis: Money,
        acquired: NaiveDate,
    ) -> Result<LotId, LedgerError> {
        let entry = self.entry(order)?;
        if !quantity.is_positive() {
            return Err(LedgerError::NotPositive { quantity, price: order.price });
        }
        self.count(basis)?;
        self.book.receive(
            &entry,
            &Incoming {
                side: Side::TransferIn,
                quantity,
                price: order.price,
                amount: basis,
                cost: Money::ZERO,
                acquired,
                holding_start: acquired,
                purchased: true,
                replaced: Shares::ZERO,
                gift: None,
            },
        )
    }

    /// Sends shares of named pieces away without a sale: as a gift, or to another custodian.
    ///
    /// # Errors
    /// [`LedgerError`] if a piece holds fewer shares than requested; then nothing leaves.
    pub fn send_away(
        &mut self,
        order: &Order,
        pieces: &[(u32, Shares)],
        side: Side,
    ) -> Result<(), LedgerError> {
        let entry = self.entry(order)?;
        self.book.give(&entry, pieces, side)
    }

    /// Sells shares of named pieces in the given order. Losses are disallowed as far as replacement shares
    /// were bought within the last 30 days. Returns the proceeds after cost, in dollars.
    ///
    /// # Errors
    /// [`LedgerError`] if a piece holds fewer shares than requested; then nothing is sold.
    pub fn sell(&mut self, order: &Order, pieces: &[(u32, Shares)]) -> Result<Money, LedgerError> {
        self.dispose(order, pieces, Disposal::Order)
    }

    /// Books that a company pays out named pieces at the order's price. All shares of the security are paid
    /// out at once, so none of them replaces another.
    ///
    /// # Errors
    /// As for [`Ledger::sell`].
    pub fn pay_out(&mut self, order: &Order, pieces: &[(u32, Shares)]) -> Result<Money, LedgerError> {
        self.dispose(order, pieces, Disposal::PaidOut)
    }

    /// See [`LotBook::split`].
    ///
    /// # Errors
    /// [`LedgerError::TooLarge`] if there would be more shares than can be counted.
    pub fn split(&mut self, entry: &Entry, ratio: Ratio) -> Result<(), LedgerError> {
        self.book.split(entry, ratio).map(|_| ())
    }

    /// See [`LotBook::restate_losses`].
    pub fn restate_losses(&mut self, security: SecurityId, ratio: Ratio) {
        self.book.restate_losses(security, ratio);
    }

    /// See [`LotBook::spin_off`].
    ///
    /// # Errors
    /// [`LedgerError::TooLarge`] if there would be more shares than can be counted.
    pub fn spin_off(
        &mut self,
        entry: &Entry,
        child: SecurityId,
        ratio: Ratio,
        fraction: Ratio,
    ) -> Result<(), LedgerError> {
        self.book.spin_off(entry, child, ratio, fraction).map(|_| ())
    }

    fn dispose(
        &mut self,
        order: &Order,
        pieces: &[(u32, Shares)],
        disposal: Disposal,
    ) -> Result<Money, LedgerError> {
        let entry = self.entry(order)?;
        let parts: Vec<Outgoing> = pieces
            .iter()
            .map(|(piece, quantity)| {
                let amount = Money::of(*quantity, order.price);
                Outgoing { piece: *piece, quantity: *quantity, amount, cost: amount.at(order.cost_rate) }
            })
            .collect();
        let gross = self.gross;
        self.count(parts.iter().map(|p| p.amount).sum())?;
        if let Err(e) = self.book.sell(&entry, order.price, &parts, disposal) {
            self.gross = gross;
            return Err(e);
        }
        for p in &parts {
            self.put_cash(order.date, order.pocket, CashKind::Trade, Some(order.security), p.amount);
            self.put_cash(order.date, order.pocket, CashKind::Cost, Some(order.security), -p.cost);
        }
        Ok(parts.iter().map(|p| p.amount - p.cost).sum())
    }
}
