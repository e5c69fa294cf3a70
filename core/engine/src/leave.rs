//! Shares that leave the household outside a rebalancing: gifts in kind and closed accounts.

use super::arm::Arm;
use super::decide::is_kept;
use super::result::Closed;
use super::{DecisionContext, flows_due};
use chrono::NaiveDate;
use unisleeve_books::household::{Ledger, LedgerError, Order};
use unisleeve_books::journal::{CashKind, Reason, Side, TicketKind, TicketRow};
use unisleeve_mandates::{Flow, How};
use unisleeve_market::View;
use unisleeve_tax::{Lot, last_long_start, term};
use unisleeve_units::{AccountId, MandateId, Money, SecurityId, Shares, Term};

fn order(ctx: &DecisionContext<'_>, lot: &Lot, security: SecurityId) -> Order {
    Order {
        date: ctx.view.date(),
        pocket: ctx.setup.pocket(lot.account, ctx.setup.mandate_of(lot.sleeve)),
        sleeve: lot.sleeve,
        security,
        price: ctx.view.last_close(security).unwrap_or_default(),
        cost_rate: ctx.half_spread(),
        reason: Reason { forced: -1.0, ..Reason::default() },
    }
}

/// Open lots with a price today, sorted by security and then by purchase.
fn priced_lots(ctx: &DecisionContext<'_>, ledger: &Ledger) -> Vec<(SecurityId, Lot)> {
    let lots = ctx.setup.universe().into_iter().filter(|s| ctx.view.close(*s).is_some());
    lots.flat_map(|s| ledger.lots(s).iter().map(move |l| (s, *l))).collect()
}

/// Gives away up to `dollars` of long-term lots with a gain from taxable accounts. Lots with the largest gain
/// per dollar go first, whichever mandate runs them. Returns the value given, in dollars at the close.
///
/// # Errors
/// If the ledger refuses a booking, which can't happen while the lots are open.
pub fn give(ctx: &DecisionContext<'_>, ledger: &mut Ledger, dollars: Money) -> Result<Money, LedgerError> {
    let date = ctx.view.date();
    let mut lots: Vec<(f64, SecurityId, Lot)> = priced_lots(ctx, ledger)
        .into_iter()
        .filter(|(_, l)| ctx.setup.accounts.get(l.account.index()).is_some_and(|a| a.kind.is_taxable()))
        .filter(|(_, l)| term(l.holding_start, date) == Term::Long && !is_kept(ctx, l.id))
        .filter_map(|(s, l)| {
            let price = ctx.view.close(s)?;
            let gain = l.gain_at(price);
            gain.is_positive().then(|| (gain.to_f64() / Money::of(l.quantity, price).to_f64(), s, l))
        })
        .collect();
    lots.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.piece.cmp(&b.2.piece)));
    let mut left = dollars;
    for (_, security, lot) in lots {
        let Some(price) = ctx.view.close(security).filter(|_| left.is_positive()) else { break };
        let quantity = left.shares_at(price).min(lot.quantity);
        if !quantity.is_positive() {
            continue;
        }
        let order = order(ctx, &lot, security);
        ledger.send_away(&order, &[(lot.piece, quantity)], Side::GiftOut)?;
        left -= Money::of(quantity, price);
        let mandate = ctx.setup.mandate_of(lot.sleeve);
        if mandate != ctx.setup.advisor() {
            let amount = Money::of(quantity, price);
            let row = TicketRow { date, mandate, kind: TicketKind::Gift, amount };
            ledger.journal_mut().tickets.push(row);
        }
    }
    Ok(dollars - left)
}

/// What left a closed account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emptied {
    /// Cash paid out, in dollars.
    pub cash: Money,
    /// Value of the shares that left, in dollars at their last closes.
    pub in_kind: Money,
    /// Cash held back, in dollars.
    pub kept: Money,
}

/// Empties an account: sells everything and pays out the cash, or transfers shares and cash out.
///
/// Lots that must never be sold, and shares without a price today, always leave in kind. `reserve` returns
/// the dollars to hold back in the advisor's pocket, given the ledger after the sales; if there is less cash,
/// all of it stays.
///
/// # Errors
/// If the ledger refuses a booking, which can't happen while the lots are open.
pub fn close_account(
    ctx: &DecisionContext<'_>,
    ledger: &mut Ledger,
    account: AccountId,
    how: How,
    reserve: &dyn Fn(&Ledger) -> Money,
) -> Result<Emptied, LedgerError> {
    let date = ctx.view.date();
    if how == How::Cash {
        // All lots of a security are sold at once, so that they can't replace each other.
        for security in ctx.setup.universe() {
            let Some(price) = ctx.view.close(security) else { continue };
            for sleeve in 0..ctx.sleeves.len() {
                let here =
                    |l: &&Lot| l.account == account && l.sleeve.index() == sleeve && !is_kept(ctx, l.id);
                let lots: Vec<Lot> = ledger.lots(security).iter().filter(here).copied().collect();
                let pieces: Vec<(u32, Shares)> = lots.iter().map(|l| (l.piece, l.quantity)).collect();
                if let Some(first) = lots.first() {
                    let amount = Money::of(lots.iter().map(|l| l.quantity).sum(), price);
                    let cost_rate = ctx.cost_rate(security, amount);
                    ledger.sell(&Order { price, cost_rate, ..order(ctx, first, security) }, &pieces)?;
                }
            }
        }
    }
    let mut left = Money::ZERO;
    for security in ctx.setup.universe() {
        let lots: Vec<Lot> = ledger.lots(security).iter().filter(|l| l.account == account).copied().collect();
        for lot in lots {
            left += Money::of(lot.quantity, ctx.view.last_close(security).unwrap_or_default());
            ledger.send_away(&order(ctx, &lot, security), &[(lot.piece, lot.quantity)], Side::TransferOut)?;
        }
    }
    // All cash leaves through the advisor's pocket.
    let advisors = ctx.setup.pocket(account, ctx.setup.advisor());
    for m in 0..ctx.setup.mandates.len() - 1 {
        let mandate = MandateId(m as u16);
        let pocket = ctx.setup.pocket(account, mandate);
        let balance = ledger.balance(pocket);
        if balance.is_positive() {
            ledger.transfer(date, pocket, advisors, balance)?;
        }
        let row = TicketRow { date, mandate, kind: TicketKind::Close, amount: balance };
        ledger.journal_mut().tickets.push(row);
    }
    let kept = reserve(ledger).min(ledger.balance(advisors));
    let cash = ledger.balance(advisors) - kept;
    ledger.book_cash(date, advisors, CashKind::Withdrawal, None, -cash)?;
    Ok(Emptied { cash, in_kind: left, kept })
}

impl Arm<'_> {
    /// Carries out the day's gifts and closings. Returns the value that left, in dollars.
    pub(super) fn leave(
        &mut self,
        view: &View<'_>,
        previous: Option<NaiveDate>,
    ) -> Result<Money, LedgerError> {
        let (config, date) = (self.config, view.date());
        let due = |from: NaiveDate| from <= date && previous.is_some_and(|p| from > p);
        let closings: Vec<(AccountId, How)> = config
            .household
            .closings
            .iter()
            .filter(|c| due(c.date))
            .map(|c| {
                let at = config.household.accounts.iter().position(|a| Some(&a.name) == c.account.as_ref());
                (at.map_or(AccountId::MAIN, AccountId::beside_main), c.how)
            })
            .collect();
        let gifts: Vec<Flow> = config
            .household
            .gifts
            .iter()
            .map(|g| Flow { amount: g.amount, every: g.every, from: g.from, to: g.to })
            .collect();
        let is_open = self.is_open();
        let dollars = if is_open { flows_due(&gifts, config.start, previous, date).0 } else { Money::ZERO };
        let Some(risk) = self.timeline.at(date).filter(|_| dollars.is_positive() || !closings.is_empty())
        else {
            return Ok(Money::ZERO);
        };
        let ctx = DecisionContext {
            view: *view,
            known: *view,
            long_from: last_long_start(date),
            config,
            setup: self.setup,
            sleeves: self.setup.sleeves(date),
            returns: &self.returns,
            risk,
            places: &self.timeline.places,
            later_rate: self.rates.long,
            wealth: self.value(view),
            budget_parts: &self.budget_parts.1,
            promised: &self.promised,
            session: self.session,
            requests: &self.requests,
        };
        let mut left = give(&ctx, &mut self.ledger, dollars)?;
        let mut kept = Money::ZERO;
        let closes_main = closings.iter().any(|(a, _)| a.is_main());
        for (account, how) in closings {
            let is_main = account.is_main();
            let overdue = self.overdue.tax + self.overdue.fees.iter().copied().sum();
            // Cash for accrued tax and open fees is held back until it is due.
            let reserve = |ledger: &Ledger| {
                let accrued = self.returns.accrued(ledger, date) + overdue;
                if is_main { accrued.max(Money::ZERO) } else { Money::ZERO }
            };
            let out = close_account(&ctx, &mut self.ledger, account, how, &reserve)?;
            if is_main {
                kept = out.kept;
            }
            self.closed.push(Closed { date, account, cash: out.cash, in_kind: out.in_kind });
            left += out.cash + out.in_kind;
        }
        let closed = &self.closed;
        self.requests.retain(|r| !closed.iter().any(|c| c.account == r.account));
        if closes_main {
            self.reserve = kept;
            self.promises.clear();
            self.requests.clear();
            self.promised.fill(Money::ZERO);
        }
        Ok(left)
    }
}
