//! Positions: a security in a cell, with the tax that selling each of its lots causes.

use chrono::{Days, NaiveDate};

use super::super::DecisionContext;
use unisleeve_books::household::Ledger;
use unisleeve_mandates::{Config, Holding};
use unisleeve_tax::{Lot, TaxRates, WINDOW_DAYS};
use unisleeve_units::{AccountKind, LotId, MandateId, Money, Price, SecurityId, Shares, Term};

/// Shares of one piece of a lot, with the taxable gain of selling them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    /// Number of the piece in the ledger.
    pub id: u32,
    /// Purchase that the shares belong to.
    pub lot: LotId,
    /// Date of that purchase.
    pub acquired: NaiveDate,
    /// Shares.
    pub quantity: Shares,
    /// Value in dollars at the price of the decision.
    pub dollars: f64,
    /// Gain per dollar sold, after half the spread; zero in an untaxed account.
    pub gain: f64,
    /// Term of that gain.
    pub term: Term,
    /// Part of its loss that the wash-sale rule would disallow, as far as the mandate can see; 0 to 1.
    pub washed: f64,
}

impl Piece {
    /// Tax of a dollar sold at net rates, in dollars; negative for a saving.
    pub(crate) fn tax(&self, rates: TaxRates) -> f64 {
        rates.of(self.term) * self.counted()
    }

    /// Gain of a dollar sold that counts for tax. The disallowed part of a loss counts as zero: it moves into
    /// the basis of other shares (IRC 1091(d)), where it is worth what it is worth here unsold.
    pub(crate) fn counted(&self) -> f64 {
        if self.gain < 0.0 { self.gain * (1.0 - self.washed) } else { self.gain }
    }
}

/// A security in a cell.
#[derive(Debug, Clone)]
pub(crate) struct Position {
    /// Index of the cell; `None` for holdings of other mandates and for benchmark weights that are not
    /// traded.
    pub cell: Option<usize>,
    /// Mandate that runs the cell.
    pub mandate: MandateId,
    /// Security.
    pub security: SecurityId,
    /// Index in the risk model.
    pub at: usize,
    /// Price; `None` if it can't be traded today.
    pub price: Option<Price>,
    /// Most dollars that may be bought; `None` if it may not be bought.
    pub buy_limit: Option<f64>,
    /// Value held, in dollars.
    pub dollars: f64,
    /// Weight in the benchmark of the problem.
    pub benchmark: f64,
    /// Pieces that may be sold, by number.
    pub pieces: Vec<Piece>,
    /// Loss in dollars that each dollar bought would disallow.
    pub disallows: f64,
    /// Whether a disallowed loss is lost for good, because the account is not taxable.
    pub for_good: bool,
    /// Market impact of the order planned last, as a fraction of its dollars.
    pub impact: f64,
    /// Cost of each dollar held in this account rather than in another, dollars.
    pub location: f64,
}

/// Whether a lot must never be sold: a lot of `household.lots` with `keep`. Those lots are booked first, in
/// the order of the configuration, so their ids are their indices.
pub(crate) fn is_kept(ctx: &DecisionContext<'_>, lot: LotId) -> bool {
    lot_is_kept(ctx.config, lot)
}

/// Whether the configuration says that a lot must never be sold (`keep` in `household.lots`).
pub fn lot_is_kept(config: &Config, lot: LotId) -> bool {
    config.household.lots.get(lot.0 as usize).is_some_and(|l| l.keep)
}

/// Builds the position of a security in a cell, as the mandate that runs the cell sees it. `at` is its index
/// in the risk model and `benchmark` its weight in the benchmark.
pub(crate) fn position(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    cell: usize,
    holding: &Holding,
    at: usize,
    benchmark: f64,
) -> Position {
    let place = ctx.setup.cells[cell];
    let mandate = ctx.setup.mandate_of(place.sleeve);
    let (date, security) = (ctx.view.date(), holding.security);
    let kind = ctx.setup.accounts.get(place.account.index()).map_or(AccountKind::Taxable, |a| a.kind);
    let price = ctx.quote(security);
    let is_held = !ledger.lots(security).is_empty();
    let mark = price.unwrap_or_else(|| if is_held { ctx.last_quote(security) } else { Price::ZERO });
    let here = |l: &&Lot| l.sleeve == place.sleeve && l.account == place.account;
    let (half, mut dollars, mut pieces) = (ctx.half(), 0.0, Vec::new());
    for lot in ledger.lots(security).iter().filter(here) {
        dollars += Money::of(lot.quantity, mark).to_f64();
        let Some(price) = price.filter(|_| holding.can_sell && !is_kept(ctx, lot.id)) else { continue };
        let p = price.to_f64();
        let per_share = lot.basis.to_f64() / lot.quantity.to_f64();
        let gain = if kind.is_taxable() { (p * (1.0 - half) - per_share) / p } else { 0.0 };
        pieces.push(Piece {
            id: lot.piece,
            lot: lot.id,
            acquired: lot.acquired,
            quantity: lot.quantity,
            dollars: lot.quantity.to_f64() * p,
            gain,
            term: ctx.term(lot.holding_start),
            washed: 0.0,
        });
    }
    pieces.sort_unstable_by_key(|x: &Piece| x.id);
    if ctx.config.tax.wash_sale_rule {
        wash(ctx, ledger, mandate, security, &mut pieces);
    }
    let loss_per_share = ledger
        .waiting_losses(security, date)
        .filter(|p| ctx.sees(mandate, ledger.journal().trades[p.sale.0 as usize].sleeve))
        .map(|p| p.loss().to_f64() / p.quantity.to_f64())
        .fold(0.0, |a, b| if b > a { b } else { a });
    let buy_limit = price.filter(|_| holding.can_buy).map(|_| {
        holding.cap.map_or(f64::INFINITY, |cap| {
            let held = Money::of(ledger.held(security), mark).to_f64();
            let room = cap * ctx.wealth.to_f64() - held;
            if room > 0.0 { room } else { 0.0 }
        })
    });
    Position {
        cell: Some(cell),
        mandate,
        security,
        at,
        price,
        buy_limit,
        dollars,
        benchmark,
        pieces,
        disallows: price.map_or(0.0, |p| loss_per_share / p.to_f64()),
        for_good: !kind.is_taxable(),
        impact: 0.0,
        location: 0.0,
    }
}

/// Fills in the part of each loss that would be disallowed.
///
/// Of the shares sold at a loss, as many are disallowed as were bought within the last 30 days, `r` of them
/// (IRC 1091(a)). The first `r` shares sold count for nothing and the others in full, which is not convex.
/// Instead each loss counts by `1 - min(1, r l / L)`, with `L` the loss of all pieces and `l` the largest
/// loss of a share. With equal losses on `n` shares that is `1 - min(1, r/n)`, the chord of the true cost,
/// which it meets where none or all of them are sold. With unequal ones the loss counted is never more than
/// what is allowed if all are sold. Shares do not replace others of their own purchase (Rev. Rul. 56-602).
fn wash(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    mandate: MandateId,
    security: SecurityId,
    pieces: &mut [Piece],
) {
    // Losses per dollar of the price, which all pieces share.
    let (mut total, mut largest) = (0.0, 0.0);
    for piece in pieces.iter().filter(|x| x.gain < 0.0) {
        total -= piece.gain * piece.quantity.to_f64();
        largest = if -piece.gain > largest { -piece.gain } else { largest };
    }
    if total <= 0.0 {
        return;
    }
    let recent = recent(ctx, ledger, mandate, security);
    let all: Shares = recent.iter().map(|(_, quantity)| *quantity).sum();
    if all.is_zero() {
        return;
    }
    for piece in pieces.iter_mut().filter(|x| x.gain < 0.0) {
        let lot = ledger.lots(security).find(piece.id).map(|l| l.id);
        let own = recent.iter().filter(|(id, _)| Some(*id) == lot).map(|(_, quantity)| *quantity).sum();
        let part = (all - own).to_f64() * largest / total;
        piece.washed = if part < 1.0 { part } else { 1.0 };
    }
}

/// Shares bought in the last 30 days that could replace shares sold today, by purchase, as far as a mandate
/// can see.
fn recent(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    mandate: MandateId,
    security: SecurityId,
) -> Vec<(LotId, Shares)> {
    let window = Days::new(WINDOW_DAYS.unsigned_abs());
    let since = ctx.view.date().checked_sub_days(window).unwrap_or(NaiveDate::MIN);
    let mut found = Vec::new();
    for s in ledger.identical(security) {
        let recent = ledger.lots(*s).iter().rev().take_while(|l| l.acquired >= since);
        for lot in recent.filter(|l| l.may_replace && ctx.sees(mandate, l.sleeve)) {
            found.push((lot.id, lot.quantity));
        }
    }
    found
}
