//! Audits one arm, session by session: splits, distributions, returns, trades, cash, the close.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use unisleeve_core::units::{Money, Price, Shares};

use super::cash::{Pockets, check_moves, check_transfers};
use super::client::{Client, Paid, Session, flows_due};
use super::facts::Facts;
use super::income::Incomes;
use super::lots::{Listed, Lots, Piece, groups, worth};
use super::policy::{ArmPolicy, Policies};
use super::prices;
use super::prices::{Paid as Character, Prices};
use super::report::{Check, Line};
use super::required::{Close, Required};
use super::rows::{ArmRows, CashRow, Kind, LotRow, Side, TradeRow, Words};
use super::sleeves::Sleeves;
use super::tax::{Returns, Year, check_years};
use super::trades::{Book, Harvest, Move, Terms};
use super::value::Mark;
use crate::failure::Failure;

/// Data shared by all arms.
pub(super) struct World<'a> {
    pub(super) facts: &'a Facts,
    pub(super) prices: &'a Prices,
    pub(super) words: &'a Words,
    pub(super) policies: &'a Policies,
    /// Accounts whose gains are taxed, by account.
    pub(super) taxable: Vec<bool>,
}

/// State of an arm after its last session, recomputed.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) marks: Vec<Mark>,
    pub(super) years: Vec<Year>,
    pub(super) incomes: Incomes,
    pub(super) sleeves: Sleeves,
    pub(super) harvest: Harvest,
    /// Open lots of taxable accounts with their last closes.
    pub(super) lots: Vec<(Listed, Price)>,
    /// All open lots with their symbols and last closes.
    pub(super) all_lots: Vec<(u32, Listed, Price)>,
    pub(super) taken_at_closing: Money,
    /// Number of orders: consecutive rows of one mandate, symbol, sleeve and side.
    pub(super) orders: usize,
}

/// The range of a session's rows. `from` moves behind them; rows before the session's date are skipped.
fn of_day<T>(
    rows: &[T],
    from: &mut usize,
    date: NaiveDate,
    date_of: impl Fn(&T) -> NaiveDate,
) -> std::ops::Range<usize> {
    let start = *from + rows[*from..].partition_point(|r| date_of(r) < date);
    let end = start + rows[start..].partition_point(|r| date_of(r) == date);
    *from = end;
    start..end
}

/// Checks that rows are in order of time and on sessions. Returns them sorted by date.
pub(super) fn in_order<T: Clone>(
    file: &'static str,
    rows: &[T],
    prices: &Prices,
    place: impl Fn(&T) -> (NaiveDate, u32),
    check: &mut Check,
) -> Vec<T> {
    let mut last = NaiveDate::MIN;
    for row in rows {
        let (date, line) = place(row);
        check.figures += 1;
        if date < last {
            check.fault(
                file,
                Line(line),
                "date",
                date,
                format!("{last} or later: rows are in order of time"),
            );
        } else if date > last && prices.dates.binary_search(&date).is_err() {
            check.fault(file, Line(line), "date", date, "a session of prices.csv");
        }
        last = last.max(date);
    }
    let mut rows = rows.to_vec();
    rows.sort_by_key(|r| place(r).0);
    rows
}

/// Audits one arm up to its last session.
///
/// # Errors
/// When the tax year of summary.json is not supported.
pub(super) fn audit(
    world: &World<'_>,
    arm: &str,
    (rows, policy): (&ArmRows, &ArmPolicy),
    check: &mut Check,
) -> Result<Outcome, Failure> {
    let World { facts, prices, words, policies, .. } = world;
    check_names(world, rows, check);
    let trades = in_order("trades.csv", &rows.trades, prices, |r| (r.date, r.line), check);
    let cash = in_order("cash.csv", &rows.cash, prices, |r| (r.date, r.line), check);

    let group_of = groups(words.symbols.all(), &facts.config.identical);
    let for_good = world.taxable.iter().map(|t| !t).collect();
    let mut book = Book::new(group_of, for_good);
    let mut returns = Returns::new(&facts.tax_inputs, facts.config.start.year())?;
    let (mut pockets, mut client, mut sleeves) = (
        Pockets::default(),
        Client::new(ruin(facts, arm)),
        Sleeves::new(policy, facts.config.trading.cadence),
    );
    let mut required = Required::default();
    let mut last_closes = vec![Price::ZERO; words.symbols.len()];
    let mut marks: Vec<Mark> = Vec::new();
    let mut taken_at_closing = Money::ZERO;
    let advisor = advisor(words, &cash, &trades);
    let named = facts.config.wash_exempt.iter();
    let exempt: Vec<u32> = named.filter_map(|name| words.symbols.find_any_case(name)).collect();
    let (mut at_trade, mut at_cash) = (0, 0);
    let mut previous = None;
    let mut excluded = (NaiveDate::MIN, Vec::new());

    for (at, (date, session)) in prices.dates.iter().copied().zip(&prices.sessions).enumerate() {
        let of_trades = of_day(&trades, &mut at_trade, date, |r| r.date);
        let today = &trades[of_trades.clone()];
        let moved = &cash[of_day(&cash, &mut at_cash, date, |r| r.date)];
        let mut closes = vec![None; words.symbols.len()];
        for (symbol, close) in &session.closes {
            closes[*symbol as usize] = Some(*close);
            last_closes[*symbol as usize] = *close;
        }
        if previous.is_none() {
            // The folder has no closes from before the first session. Lots brought in were priced with those,
            // so take the price from their rows.
            for t in today.iter().filter(|t| t.side == Side::TransferIn) {
                let close = &mut last_closes[t.symbol as usize];
                if close.is_zero() {
                    *close = t.price;
                }
            }
        }
        if previous.is_none() || facts.changes().any(|c| c > excluded.0 && c <= date) {
            let names = facts.excluded(date);
            excluded = (date, names.iter().filter_map(|n| words.symbols.find_any_case(n)).collect());
        }
        book.split(today, &session.splits, check);
        book.spin_off(today, &session.spinoffs, &closes, check);
        let mut moves = distribute(world, &mut book, date, &session.distributions);
        let due = returns.file(&book.incomes, date);
        let fees = client.fee_due(facts, arm, (previous, date), || {
            // At this point distributions, contributions and credits are booked; nothing was traded or paid
            // yet.
            let early = |k: Kind| {
                matches!(
                    k,
                    Kind::Dividend | Kind::Interest | Kind::Contribution | Kind::TaxCredit | Kind::Idle
                )
            };
            let value = |account: u32| {
                let mine = moved.iter().filter(|r| early(r.kind) && r.account == account);
                let came: Money = mine.map(|r| r.amount).sum();
                let (all, theirs) = holdings(&book.lots, &last_closes, advisor, Some(account));
                (all + pockets.of_account(account) + came, theirs)
            };
            (0..facts.accounts.len() as u32).map(value).collect()
        });
        // Spun-off shares without prices of their own are sold at once. Shares whose prices have ended are
        // sold on the next session.
        let handed_out = session.spinoffs.iter().map(|(_, child, _)| *child);
        let handed_out = handed_out
            .filter(|c| words.symbols.name(*c).rsplit_once('.').is_some_and(|(_, end)| end == "SPUN"));
        let paid_out: Vec<u32> = prices.ended_before(at).chain(handed_out).collect();
        let terms = Terms {
            words,
            taxable: &world.taxable,
            half_spread: facts.config.trading.half_spread(),
            has_impact: facts.config.trading.impact > 0.0,
            closes: &closes,
            last_closes: &last_closes,
            excluded: &excluded.1,
            paid_out: &paid_out,
            wash_sale_rule: facts.config.tax.wash_sale_rule,
            wash_exempt: &exempt,
        };
        moves.extend(book.trade(today, of_trades.start, &terms, check));
        check_moves(date, moved, &moves, words, check);
        check_transfers(date, moved, words, check);
        let closing = book_cash(world, &mut pockets, (previous, date), moved, advisor, check);
        taken_at_closing += closing.cash;

        let out = |t: &&TradeRow| matches!(t.side, Side::TransferOut | Side::GiftOut);
        let close = |t: &TradeRow| last_closes[t.symbol as usize];
        let mut flow = border(moved);
        for t in today.iter().filter(|t| t.side == Side::TransferIn) {
            flow += worth(t.quantity, t.price);
        }
        for t in today.iter().filter(out) {
            let value = worth(-t.quantity, close(t));
            flow -= value;
            if t.side == Side::TransferOut {
                taken_at_closing += value;
                if !closing.accounts.contains(&t.account) {
                    check.fault(
                        "trades.csv",
                        Line(t.line),
                        "side",
                        "transfer_out",
                        "a day on which the account is closed",
                    );
                }
            }
        }
        check_gifts(world, (previous, date), today, &last_closes, check);
        if previous.is_none() {
            check_opening(world, today, moved, check);
        }
        let (held, _) = holdings(&book.lots, &last_closes, advisor, None);
        let value = held + pockets.total();
        let paid = Paid::of(moved, &closing.accounts);
        let accounts = 0..facts.accounts.len() as u32;
        let fee_of = |a: u32| -> Money {
            moved.iter().filter(|r| r.kind == Kind::Fee && r.account == a).map(|r| -r.amount).sum()
        };
        let out = |r: &&CashRow| matches!(r.kind, Kind::Withdrawal | Kind::Tax | Kind::Distribution);
        for row in moved.iter().filter(out) {
            if facts.accounts.get(row.account as usize).is_some_and(|a| a.kind.is_tax_deferred()) {
                book.incomes.distributed(date, -row.amount);
            }
        }
        let brought = |a: usize| -> Money {
            let lots = today.iter().filter(|t| t.side == Side::TransferIn && t.account as usize == a);
            let cash = moved.iter().filter(|r| r.kind == Kind::Contribution && r.account as usize == a);
            lots.map(|t| worth(t.quantity, t.price)).chain(cash.map(|r| r.amount)).sum()
        };
        let close = Close {
            date,
            is_first: previous.is_none(),
            is_last: prices.dates.get(at + 1).is_none_or(|next| next.year() != date.year()),
            cash: moved,
            opening: &brought,
            worth: &|a| {
                holdings(&book.lots, &last_closes, advisor, Some(a as u32)).0 + pockets.of_account(a as u32)
            },
            balance: &|a| pockets.balance(a as u32, advisor),
        };
        required.check(facts, &close, check);
        client.check(
            &Session {
                date,
                previous,
                paid,
                due,
                fees_paid: accounts.clone().map(fee_of).collect(),
                fees,
                balances: accounts.map(|a| pockets.balance(a, advisor)).collect(),
                value,
                closing: closing.kept,
                facts,
            },
            check,
        );
        let mark = Mark {
            date,
            value,
            cash: pockets.total(),
            accrued_tax: returns.accrued(&book.incomes, date) + client.overdue_tax,
            owed: client.owed(),
            flow,
            tax_paid: paid.tax - paid.tax_credit,
            fees: paid.fee,
            costs: moved.iter().filter(|r| r.kind == Kind::Cost).map(|r| -r.amount).sum(),
        };
        marks.push(mark);
        let actions = (session.distributions.as_slice(), session.splits.as_slice());
        sleeves.close((policy, policies), date, today, actions, &last_closes);
        previous = Some(date);
    }
    let closes = vec![None; words.symbols.len()];
    let terms = Terms {
        words,
        taxable: &world.taxable,
        half_spread: facts.config.trading.half_spread(),
        has_impact: facts.config.trading.impact > 0.0,
        closes: &closes,
        last_closes: &last_closes,
        excluded: &[],
        paid_out: &[],
        wash_sale_rule: facts.config.tax.wash_sale_rule,
        wash_exempt: &exempt,
    };
    book.finish(&trades, &terms, check);
    check_lots(world, &book.lots, &last_closes, &rows.lots, check);
    let last = prices.dates.last().copied().unwrap_or(facts.end);
    let years = returns.all(&book.incomes, last);
    check_years(&years, &rows.tax_years, check);
    let price = |symbol: u32| last_closes[symbol as usize];
    let listed = |p: &Piece| {
        let lot = Listed { quantity: p.quantity, basis: p.basis, holding_start: p.holding_start };
        (p.symbol, lot, price(p.symbol))
    };
    Ok(Outcome {
        marks,
        years,
        sleeves,
        all_lots: book.lots.all().map(listed).collect(),
        harvest: book.harvest,
        lots: taxable_lots(world, &book.lots, &last_closes, &rows.lots, check),
        taken_at_closing,
        orders: orders(&trades),
        incomes: book.incomes,
    })
}

/// The mandate that handles client flows, fees and taxes.
fn advisor(words: &Words, cash: &[CashRow], trades: &[TradeRow]) -> u32 {
    let named = words.mandates.find("advisor");
    let is_there = |m: u32| cash.iter().any(|r| r.mandate == m) || trades.iter().any(|r| r.mandate == m);
    let first = cash.first().map(|r| r.mandate).or(trades.first().map(|r| r.mandate)).unwrap_or(0);
    named.filter(|m| is_there(*m)).unwrap_or(first)
}

fn check_names(world: &World<'_>, rows: &ArmRows, check: &mut Check) {
    let known = world.facts.accounts.len() as u32;
    let symbols = world.prices.symbols.len() as u32;
    let words = world.words;
    let trades = rows.trades.iter().map(|r| ("trades.csv", r.line, r.account, Some(r.symbol)));
    let cash = rows.cash.iter().map(|r| ("cash.csv", r.line, r.account, r.symbol));
    let lots = rows.lots.iter().map(|r| ("lots.csv", r.line, r.account, Some(r.symbol)));
    for (file, line, account, symbol) in trades.chain(cash).chain(lots) {
        check.figures += 1;
        if account >= known {
            check.fault(
                file,
                Line(line),
                "account",
                words.accounts.name(account),
                "an account of summary.json",
            );
        }
        if let Some(symbol) = symbol.filter(|s| *s >= symbols) {
            check.fault(file, Line(line), "symbol", words.symbols.name(symbol), "a symbol of prices.csv");
        }
    }
}

/// Books the session's distributions. The holder before the session's trades receives them.
fn distribute(
    world: &World<'_>,
    book: &mut Book,
    date: NaiveDate,
    distributions: &[prices::Distribution],
) -> Vec<Move> {
    let mut moves = Vec::new();
    for d in distributions {
        let mut held: BTreeMap<(u32, u32), Shares> = BTreeMap::new();
        for piece in book.lots.of(d.symbol) {
            *held.entry((piece.account, piece.mandate)).or_default() += piece.quantity;
        }
        for ((account, mandate), shares) in held {
            let amount = worth(shares, d.per_share);
            if !amount.is_positive() {
                continue;
            }
            let kind = if d.kind == Character::Interest { Kind::Interest } else { Kind::Dividend };
            moves.push(Move { kind, account, mandate, symbol: d.symbol, amount });
            if world.taxable.get(account as usize).copied().unwrap_or(true) {
                book.incomes.paid(date, d.kind, (d.symbol, account, mandate), amount, shares);
            }
        }
    }
    moves
}

/// Accounts closed today.
#[derive(Debug, Default)]
struct Closing {
    accounts: Vec<u32>,
    /// Cash that left the accounts.
    cash: Money,
    /// Cash left in the advisor's pocket if the main account was closed.
    kept: Option<Money>,
}

/// Books the session's cash, and returns which accounts were closed and the cash that left them.
fn book_cash(
    world: &World<'_>,
    pockets: &mut Pockets,
    (previous, date): (Option<NaiveDate>, NaiveDate),
    moved: &[CashRow],
    advisor: u32,
    check: &mut Check,
) -> Closing {
    let closings = &world.facts.config.household.closings;
    let due = closings.iter().filter(|c| c.date <= date && previous.is_some_and(|p| c.date > p));
    let account = |name: &Option<String>| name.as_ref().map_or(Some(0), |n| world.words.accounts.find(n));
    let mut closing =
        Closing { accounts: due.filter_map(|c| account(&c.account)).collect(), ..Closing::default() };
    for row in moved {
        pockets.book(row, world.words, check);
        if row.kind == Kind::Withdrawal && closing.accounts.contains(&row.account) {
            closing.cash -= row.amount;
            if row.account == 0 {
                closing.kept = Some(pockets.balance(0, advisor));
            }
        } else if row.account != 0
            && matches!(row.kind, Kind::TaxCredit | Kind::Contribution)
            && (previous.is_some() || row.kind != Kind::Contribution)
        {
            let expected = "only the main account: other accounts open with a contribution";
            let name = world.words.accounts.name(row.account);
            check.fault("cash.csv", Line(row.line), "account", name, expected);
        }
    }
    if closing.accounts.contains(&0) && closing.kept.is_none() {
        closing.kept = Some(pockets.balance(0, advisor));
    }
    closing
}

/// The day on which an arm ran out of money, as the summary states it.
fn ruin(facts: &Facts, arm: &str) -> Option<NaiveDate> {
    facts.arms.get(arm)?.get("ruin")?.as_str()?.parse().ok()
}

/// Client flows in cash: contributions minus withdrawals.
fn border(moved: &[CashRow]) -> Money {
    let flows = moved.iter().filter(|r| matches!(r.kind, Kind::Contribution | Kind::Withdrawal));
    flows.map(|r| r.amount).sum()
}

/// Value of all holdings at last closes, and of those that other managers than the advisor run. If an account
/// is named, only its holdings count.
fn holdings(lots: &Lots, last_closes: &[Price], advisor: u32, account: Option<u32>) -> (Money, Money) {
    // Add up a symbol's shares before pricing them, to round once.
    let mut shares = vec![(Shares::ZERO, Shares::ZERO); last_closes.len()];
    for piece in lots.all().filter(|p| account.is_none_or(|a| p.account == a)) {
        let (all, theirs) = &mut shares[piece.symbol as usize];
        *all += piece.quantity;
        if piece.mandate != advisor {
            *theirs += piece.quantity;
        }
    }
    let mut values = (Money::ZERO, Money::ZERO);
    for ((all, theirs), close) in shares.into_iter().zip(last_closes) {
        values.0 += worth(all, *close);
        values.1 += worth(theirs, *close);
    }
    values
}

/// Checks that gifts are not larger than the configuration asks for on the day.
fn check_gifts(
    world: &World<'_>,
    (previous, date): (Option<NaiveDate>, NaiveDate),
    today: &[TradeRow],
    last_closes: &[Price],
    check: &mut Check,
) {
    let config = &world.facts.config;
    let given = today.iter().filter(|t| t.side == Side::GiftOut);
    let given: Money = given.map(|t| worth(-t.quantity, last_closes[t.symbol as usize])).sum();
    if given.is_positive() {
        let (asked, _) = flows_due(&config.household.gifts, config.start, previous, date);
        check.figures += 1;
        if given > asked {
            check.fault("trades.csv", date, "gifts of the day", given, format!("at most {asked}"));
        }
    }
}

/// Checks the household's opening on the first session: cash of the other accounts, and lots.
fn check_opening(world: &World<'_>, today: &[TradeRow], moved: &[CashRow], check: &mut Check) {
    let (house, words) = (&world.facts.config.household, world.words);
    let date = world.prices.dates.first().copied().unwrap_or(world.facts.start);
    for account in &house.accounts {
        let id = words.accounts.find(&account.name);
        let rows = moved.iter().filter(|r| Some(r.account) == id && r.kind == Kind::Contribution);
        let found: Money = rows.map(|r| r.amount).sum();
        let row = format!("{date} {}", account.name);
        check.same("cash.csv", row, "opening contribution", found, account.cash);
    }
    let rows: Vec<&TradeRow> = today.iter().filter(|t| t.side == Side::TransferIn).collect();
    check.same("trades.csv", date, "transfer_in rows", rows.len(), house.lots.len());
    for (row, lot) in rows.iter().zip(&house.lots) {
        let line = || Line(row.line);
        let main = words.accounts.name(0);
        let symbol = words.symbols.name(row.symbol);
        if !symbol.eq_ignore_ascii_case(&lot.symbol) {
            check.fault("trades.csv", line(), "symbol", symbol, &lot.symbol);
        }
        let account = lot.account.as_deref().unwrap_or(main);
        check.same("trades.csv", line(), "account", words.accounts.name(row.account), account);
        check.same("trades.csv", line(), "quantity", row.quantity, lot.quantity);
        check.same("trades.csv", line(), "basis", row.basis, lot.basis);
        check.same("trades.csv", line(), "acquired", row.acquired, lot.acquired);
    }
}

type LotKey = (u32, u32, u32, u32, NaiveDate, NaiveDate);

/// Checks lots.csv against the open pieces.
fn check_lots(world: &World<'_>, lots: &Lots, last_closes: &[Price], rows: &[LotRow], check: &mut Check) {
    let (words, file) = (world.words, "lots.csv");
    let mut expected: BTreeMap<LotKey, Vec<(Shares, Money)>> = BTreeMap::new();
    let mut in_doubt: BTreeSet<LotKey> = BTreeSet::new();
    for p in lots.all() {
        let key = (p.symbol, p.lot, p.account, p.sleeve, p.acquired, p.holding_start);
        expected.entry(key).or_default().push((p.quantity, p.basis));
        if p.slack > 0 {
            in_doubt.insert(key);
        }
    }
    let mut unknown: Vec<&LotRow> = Vec::new();
    let mut found: BTreeMap<LotKey, Vec<&LotRow>> = BTreeMap::new();
    for row in rows {
        check.same(file, Line(row.line), "price", row.price, last_closes[row.symbol as usize]);
        let key = (row.symbol, row.lot, row.account, row.sleeve, row.acquired, row.holding_start);
        found.entry(key).or_default().push(row);
    }
    for (key, mut rows) in found {
        let mut pieces = expected.remove(&key).unwrap_or_default();
        rows.sort_by_key(|r| (r.quantity, r.basis));
        pieces.sort();
        if let (true, Some(row)) = (in_doubt.contains(&key), rows.first()) {
            // The files don't show which of the pieces was sold, so only sums are compared.
            let quantity: Shares = pieces.iter().map(|p| p.0).sum();
            let basis: Money = pieces.iter().map(|p| p.1).sum();
            check.same(file, Line(row.line), "quantity", rows.iter().map(|r| r.quantity).sum(), quantity);
            check.same(file, Line(row.line), "basis", rows.iter().map(|r| r.basis).sum(), basis);
            continue;
        }
        // Remove exact matches first, so that a single bad row is the one reported.
        rows.retain(|r| {
            let at = pieces.iter().position(|p| *p == (r.quantity, r.basis));
            check.figures += 2;
            at.map(|at| pieces.remove(at)).is_none()
        });
        for (row, (quantity, basis)) in rows.iter().zip(&pieces) {
            check.same(file, Line(row.line), "quantity", row.quantity, *quantity);
            check.same(file, Line(row.line), "basis", row.basis, *basis);
        }
        unknown.extend(rows.iter().skip(pieces.len()));
        if pieces.len() > rows.len() {
            expected.insert(key, pieces.split_off(rows.len()));
        }
    }
    let name = |k: &LotKey| {
        let (symbol, lot) = (words.symbols.name(k.0), words.lots.name(k.1));
        let (account, sleeve) = (words.accounts.name(k.2), words.sleeves.name(k.3));
        format!("{lot} of {symbol} in {account} ({sleeve}), acquired {}, holding_start {}", k.4, k.5)
    };
    for row in unknown {
        let key = (row.symbol, row.lot, row.account, row.sleeve, row.acquired, row.holding_start);
        check.fault(file, Line(row.line), "open lot", name(&key), "no such lot");
    }
    for (key, pieces) in expected {
        for (quantity, basis) in pieces {
            check.fault(file, name(&key), "open lot", "no row", format!("{quantity} shares, basis {basis}"));
        }
    }
}

/// Open lots of taxable accounts for the figures of summary.json. They come from lots.csv if it matched, and
/// from the recomputed pieces if not.
fn taxable_lots(
    world: &World<'_>,
    lots: &Lots,
    last_closes: &[Price],
    rows: &[LotRow],
    check: &Check,
) -> Vec<(Listed, Price)> {
    let is_taxable = |account: u32| world.taxable.get(account as usize).copied().unwrap_or(true);
    let price = |symbol: u32| last_closes[symbol as usize];
    if check.mismatches.iter().any(|m| m.file == "lots.csv") {
        let open = lots.all().filter(|p| is_taxable(p.account));
        let listed =
            |p: &Piece| Listed { quantity: p.quantity, basis: p.basis, holding_start: p.holding_start };
        return open.map(|p| (listed(p), price(p.symbol))).collect();
    }
    let open = rows.iter().filter(|r| is_taxable(r.account));
    let listed = |r: &LotRow| Listed { quantity: r.quantity, basis: r.basis, holding_start: r.holding_start };
    open.map(|r| (listed(r), price(r.symbol))).collect()
}

/// Number of orders: consecutive rows of one mandate, symbol, sleeve and side on one day.
fn orders(trades: &[TradeRow]) -> usize {
    let same = |a: &TradeRow, b: &TradeRow| {
        let key = |t: &TradeRow| (t.date, t.mandate, t.symbol, t.sleeve, t.side);
        key(a) == key(b)
    };
    let is_order =
        |rows: &&[TradeRow]| rows.first().is_some_and(|t| matches!(t.side, Side::Buy | Side::Sell));
    trades.chunk_by(same).filter(is_order).count()
}
