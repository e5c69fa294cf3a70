//! Effects of bookings on lots, cash and income; each figure is computed by hand.

use chrono::{Days, NaiveDate};

use super::{Account, Ledger, LedgerError, Order, Pocket, TaxReturns};
use crate::journal::{CashKind, Reason};
use unisleeve_tax::{Carryforward, FilingStatus, Law, Laws, Outside, OutsideGain};
use unisleeve_units::{
    AccountId, AccountKind, IncomeKind, MandateId, Money, PocketId, Price, Rate, SecurityId, Shares,
    SleeveId, Term,
};

const STOCK: SecurityId = SecurityId(0);
const TWIN: SecurityId = SecurityId(1);

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn m(x: i32) -> Money {
    Money::whole(x)
}

/// A taxable account with two managers, and an IRA with a pocket for each of them; a stock, and a fund that
/// is substantially identical to it.
fn books() -> Ledger {
    let account = |name: &str, kind| Account { name: name.to_owned(), kind };
    let accounts = vec![account("main", AccountKind::Taxable), account("ira", AccountKind::Ira)];
    let pockets = (0..4).map(|p: u16| Pocket {
        account: AccountId(p / 2),
        mandate: MandateId(p % 2),
        balance: Money::ZERO,
    });
    let mut books = Ledger::new(accounts, pockets.collect(), vec![0, 0], 2023);
    for p in 0..4 {
        books.book_cash(day("2023-01-03"), PocketId(p), CashKind::Contribution, None, m(100_000)).unwrap();
    }
    books
}

fn order(date: &str, pocket: u16, security: SecurityId, price: Price) -> Order {
    Order {
        date: day(date),
        pocket: PocketId(pocket),
        sleeve: SleeveId(0),
        security,
        price,
        cost_rate: Rate::ZERO,
        reason: Reason::default(),
    }
}

fn buy(books: &mut Ledger, date: &str, pocket: u16, shares: i32, price: i32) {
    books.buy(&order(date, pocket, STOCK, Price::whole(price)), Shares::whole(shares)).unwrap();
}

/// Sells from the oldest pieces in the pocket's account.
fn sell(books: &mut Ledger, date: &str, pocket: u16, shares: i32, price: i32) {
    let account = AccountId(pocket / 2);
    let mut left = Shares::whole(shares);
    let mut pieces = Vec::new();
    for lot in books.lots(STOCK).iter().filter(|l| l.account == account) {
        let taken = left.min(lot.quantity);
        if taken.is_positive() {
            pieces.push((lot.piece, taken));
            left -= taken;
        }
    }
    books.sell(&order(date, pocket, STOCK, Price::whole(price)), &pieces).unwrap();
}

/// Cost is part of the basis (Reg. 1.263(a)-2(f)). Amount and cost are each rounded half-even to 4 decimals.
#[test]
fn a_purchase_s_basis_is_what_it_took() {
    let mut books = books();
    // 1.5 shares at 33.333333 are 49.9999995, rounded to 50.0000. A cost of 0.0125% is 0.00625, rounded to
    // the even 0.0062.
    let order = Order {
        cost_rate: Rate::from_raw(125),
        ..order("2024-01-02", 0, STOCK, Price::from_raw(33_333_333))
    };
    books.buy(&order, Shares::from_raw(1_500_000)).unwrap();
    let lot = *books.lots(STOCK).iter().next().unwrap();
    assert_eq!(lot.basis, Money::from_raw(500_062));
    assert_eq!(books.balance(PocketId(0)), m(100_000) - lot.basis);
    assert_eq!(
        (lot.acquired, lot.holding_start, lot.may_replace),
        (day("2024-01-02"), day("2024-01-02"), true)
    );
}

/// A part of a lot takes its part of the basis, rounded half-even; the rest keeps the remainder.
#[test]
fn a_part_of_a_lot_takes_its_basis_rounded_to_even() {
    // One of 3 shares has a third of the basis; one of 2 has half.
    for (basis, whole, part) in
        [(20_000, 3, 6_667), (10_000, 3, 3_333), (3, 2, 2), (1, 2, 0), (5, 2, 2), (7, 2, 4)]
    {
        let mut books = books();
        let at = order("2024-01-02", 0, STOCK, Price::ONE);
        books.transfer_lot_in(&at, Shares::whole(whole), Money::from_raw(basis), day("2020-01-02")).unwrap();
        sell(&mut books, "2024-01-02", 0, 1, 1);
        assert_eq!(books.journal().trades[1].basis, Money::from_raw(part), "{basis} over {whole}");
        assert_eq!(
            books.lots(STOCK).iter().next().unwrap().basis,
            Money::from_raw(basis - part),
            "{basis} over {whole}"
        );
    }
}

#[test]
fn nobody_spends_what_is_not_there() {
    let mut books = books();
    let all = order("2024-01-02", 0, STOCK, Price::whole(100));
    let over = Order { cost_rate: Rate::from_raw(1), ..all };
    assert!(
        matches!(books.buy(&over, Shares::whole(1_000)), Err(LedgerError::NoCash { .. })),
        "the cost is missing"
    );
    books.buy(&all, Shares::whole(1_000)).unwrap();
    assert_eq!(books.balance(PocketId(0)), Money::ZERO);
    let (from, to) = (PocketId(1), PocketId(0));
    assert!(books.transfer(day("2024-01-02"), from, to, m(100_000) + Money::from_raw(1)).is_err());
    books.transfer(day("2024-01-02"), from, to, m(100_000)).unwrap();
    assert_eq!((books.balance(from), books.balance(to), books.cash()), (Money::ZERO, m(100_000), m(300_000)));
    let piece = books.lots(STOCK).iter().next().unwrap().piece;
    let more = Shares::whole(1_000) + Shares::from_raw(1);
    assert!(matches!(books.sell(&all, &[(piece, more)]), Err(LedgerError::NotHeld { .. })));
    assert!(
        books.sell(&Order { pocket: PocketId(2), ..all }, &[(piece, Shares::ONE)]).is_err(),
        "another account's"
    );
}

/// A purchase from 30 days before the sale to 30 days after it disallows the loss of 20 a share; one a day
/// further away does not (IRC 1091(a)).
#[test]
fn thirty_days_either_way() {
    for (days, washed) in
        [(-31, false), (-30, true), (-1, true), (0, true), (1, true), (30, true), (31, false)]
    {
        let mut books = books();
        buy(&mut books, "2023-02-01", 0, 10, 100);
        let sold = day("2023-07-03");
        let bought = if days < 0 { sold - Days::new(-days as u64) } else { sold + Days::new(days as u64) };
        if days < 0 {
            buy(&mut books, &bought.to_string(), 0, 10, 80);
        }
        sell(&mut books, "2023-07-03", 0, 10, 80);
        if days >= 0 {
            buy(&mut books, &bought.to_string(), 0, 10, 80);
        }
        let lot = *books.lots(STOCK).iter().next().unwrap();
        assert_eq!(books.income(2023).net_short, if washed { m(0) } else { m(-200) }, "{days} days");
        assert_eq!(lot.basis, if washed { m(1_000) } else { m(800) }, "{days} days");
        // The replacement takes over the 152 days for which the sold shares were held (1223(3)).
        let start = if washed { bought - Days::new(152) } else { bought };
        assert_eq!(
            (lot.acquired, lot.holding_start, lot.may_replace),
            (bought, start, !washed),
            "{days} days"
        );
    }
}

/// Shares bought in an IRA count as replacements, but no basis keeps the loss (Rev. Rul. 2008-5). A sale in
/// an IRA has no loss.
#[test]
fn a_replacement_in_an_ira_loses_the_loss() {
    let mut books = books();
    buy(&mut books, "2023-02-01", 0, 10, 100);
    sell(&mut books, "2023-07-03", 0, 10, 80);
    buy(&mut books, "2023-07-10", 2, 10, 80);
    assert_eq!(books.income(2023).net_short, m(0));
    let lot = *books.lots(STOCK).iter().next().unwrap();
    assert_eq!((lot.account, lot.basis, lot.holding_start), (AccountId(1), m(800), day("2023-07-10")));
    assert!(books.journal().washed[0].for_good && !lot.may_replace);
    sell(&mut books, "2023-08-01", 2, 10, 50);
    assert_eq!((books.income(2023).net_short, books.journal().washed.len()), (m(0), 1));
}

/// The earlier of two losses is matched first, and the earlier of two purchases replaces first. Identical
/// securities count.
#[test]
fn losses_and_replacements_in_their_order() {
    let mut books = books();
    buy(&mut books, "2023-02-01", 0, 20, 100);
    sell(&mut books, "2023-07-03", 0, 10, 90);
    sell(&mut books, "2023-07-05", 0, 10, 70);
    let twin = order("2023-07-10", 0, TWIN, Price::whole(40));
    books.buy(&twin, Shares::whole(5)).unwrap();
    buy(&mut books, "2023-07-12", 0, 10, 70);
    let washed: Vec<_> =
        books.journal().washed.iter().map(|w| (w.sale.0, w.quantity, w.disallowed)).collect();
    let s = Shares::whole;
    // The fund replaces five shares of the first sale. The stock replaces its other five, then five of the
    // second sale.
    assert_eq!(washed, [(1, s(5), m(50)), (1, s(5), m(50)), (2, s(5), m(150))]);
    assert_eq!(books.income(2023).net_short, m(-150), "five shares of the second sale stay lost");
    assert_eq!(books.lots(TWIN).iter().next().unwrap().basis, m(250));
    assert_eq!(books.lots(STOCK).iter().map(|l| l.basis).collect::<Vec<_>>(), [m(400), m(500)]);
}

/// A loss in December disallowed by a purchase in January changes the year of the sale, for the manager who
/// sold.
#[test]
fn a_disallowed_loss_leaves_the_year_of_the_sale() {
    let mut books = books();
    buy(&mut books, "2023-02-01", 1, 10, 100);
    sell(&mut books, "2023-12-20", 1, 10, 80);
    assert_eq!(books.income_of(MandateId(1), 2023).net_short, m(-200));
    buy(&mut books, "2024-01-10", 0, 10, 80);
    assert_eq!(books.income_of(MandateId(1), 2023).net_short, m(0));
    assert_eq!((books.income(2024).net_short, books.income_of(MandateId(0), 2023).net_short), (m(0), m(0)));
}

/// Income by kind, in taxable accounts only. A dividend on shares sold within 60 days becomes ordinary in the
/// dividend's own year.
#[test]
fn income_by_kind_and_an_early_sale() {
    let mut books = books();
    buy(&mut books, "2023-12-01", 0, 10, 100);
    let paid = |books: &mut Ledger, pocket, kind, dollars: i32| {
        books
            .income_received(day("2023-12-15"), PocketId(pocket), STOCK, kind, m(dollars), Shares::whole(10))
            .unwrap();
    };
    paid(&mut books, 0, IncomeKind::QualifiedDividend, 30);
    paid(&mut books, 0, IncomeKind::OrdinaryDividend, 5);
    paid(&mut books, 0, IncomeKind::Interest, 7);
    paid(&mut books, 2, IncomeKind::QualifiedDividend, 1_000);
    let of = |books: &Ledger| {
        let i = books.income(2023);
        (i.qualified, i.ordinary, i.interest)
    };
    assert_eq!(of(&books), (m(30), m(5), m(7)));
    // Four of ten shares, held for 14 + 1 + 18 days of the window.
    sell(&mut books, "2024-01-02", 0, 4, 100);
    assert_eq!(of(&books), (m(18), m(17), m(7)));
    assert_eq!(books.balance(PocketId(2)), m(101_000), "the IRA has its cash");
}

/// A joint household with 1,000,000 of wages pays 37% on income, and 20% plus 3.8% on long-term gains. A
/// year's return is due on April 15 of the next year.
#[test]
fn returns_are_due_in_april_and_carry_losses() {
    let law = Law::of(2026, FilingStatus::Joint).unwrap();
    let opening = Carryforward { short: m(2_000), long: m(0) };
    let mut returns = TaxReturns::new(Laws::fixed(law, 0.0, 2023), Outside::default(), 2023, opening);
    let mut books = books();
    buy(&mut books, "2023-01-03", 0, 100, 100);
    sell(&mut books, "2023-06-01", 0, 100, 90);
    // A loss of 1,000 and 2,000 carried in: deducting 3,000 saves 1,110. Without the portfolio, deducting
    // 2,000 saves 740.
    assert_eq!(returns.accrued(&books, day("2023-12-29")), m(-370));
    assert!(returns.due(&books, day("2024-04-14")).is_none());
    let row = returns.due(&books, day("2024-04-16")).unwrap();
    assert_eq!((row.year, row.tax, row.paid_on), (2023, m(-370), Some(day("2024-04-16"))));
    assert_eq!((row.net_short, row.ordinary_offset, row.carry_short), (m(-1_000), m(3_000), m(0)));
    returns.file(&books);
    assert!(returns.due(&books, day("2024-04-16")).is_none(), "one return a year");
    assert_eq!(returns.accrued(&books, day("2024-12-31")), m(0), "nothing is carried either way");
    // A loss of 10,000 in 2024: 3,000 is deducted, and 7,000 carries into 2025, with a gain of 8,000.
    buy(&mut books, "2024-05-01", 0, 100, 200);
    sell(&mut books, "2024-09-02", 0, 100, 100);
    assert_eq!(returns.carried_into(&books, 2025, true), Carryforward { short: m(7_000), long: m(0) });
    buy(&mut books, "2025-01-10", 0, 100, 100);
    sell(&mut books, "2025-02-03", 0, 100, 180);
    // 1,110 saved, and 1,000 taxed at 40.8%; both returns are still open.
    assert_eq!(returns.accrued(&books, day("2025-02-03")), m(-1_110) + m(408));
}

/// Half of a purchase is sold at a loss: the other half belongs to the same purchase and replaces nothing
/// (Rev. Rul. 56-602).
#[test]
fn a_purchase_is_not_its_own_replacement() {
    let mut books = books();
    buy(&mut books, "2023-06-20", 0, 10, 100);
    sell(&mut books, "2023-07-03", 0, 5, 80);
    assert_eq!(
        (books.income(2023).net_short, books.lots(STOCK).iter().next().unwrap().basis),
        (m(-100), m(500))
    );
    assert!(books.journal().washed.is_empty());
}

/// The household has the losses carried in with and without the portfolio; only the difference is the
/// portfolio's tax.
#[test]
fn what_is_brought_along_is_carried_on_both_sides() {
    let law = Law::of(2026, FilingStatus::Joint).unwrap();
    let opening = Carryforward { short: m(0), long: m(10_000) };
    let mut returns = TaxReturns::new(Laws::fixed(law, 0.0, 2023), Outside::default(), 2023, opening);
    let mut books = books();
    buy(&mut books, "2023-01-03", 0, 100, 100);
    // A gain of 4,000 leaves 6,000 of the losses, of which 3,000 are deducted, as they would be without the
    // portfolio.
    sell(&mut books, "2023-06-01", 0, 100, 140);
    assert_eq!(returns.accrued(&books, day("2023-12-29")), m(0));
    assert_eq!(returns.carried_into(&books, 2024, true).long, m(3_000));
    returns.file(&books);
    // In 2024 the last 3,000 are deducted with the portfolio, and 3,000 of 7,000 without it: no difference
    // yet. In 2025 nothing is left to deduct with the portfolio, and 3,000 without it: 1,110 more tax.
    assert_eq!(returns.accrued(&books, day("2024-12-31")), m(0));
    assert_eq!(returns.accrued(&books, day("2025-12-31")), m(1_110));
    returns.file(&books);
    assert_eq!(returns.accrued(&books, day("2025-12-31")), m(1_110));
}

/// A business is sold on June 14, 2023 at a long-term gain of 100,000, and another at a loss of 30,000 on
/// August 1, 2024. Both are in the return without the portfolio too.
///
/// The portfolio loses 20,000 in March 2023. Before the sale 3,000 of it are deducted at 37%. From the sale
/// on all of it offsets the gain at 23.8%. In 2024 the portfolio gains 10,000, which the outside loss
/// absorbs: the deduction is 3,000 with the portfolio and without it, and 17,000 or 27,000 carry into 2025. A
/// gain of 20,000 in 2025 then leaves 3,000 taxed at 23.8% with the portfolio, and 3,000 deducted at 37%
/// without it.
#[test]
fn dated_gains_from_outside_count_from_their_day_on() {
    let law = Law::of(2026, FilingStatus::Joint).unwrap();
    let gain =
        |date: &str, dollars: i32| OutsideGain { date: day(date), amount: m(dollars), term: Term::Long };
    let mut returns =
        TaxReturns::new(Laws::fixed(law, 0.0, 2023), Outside::default(), 2023, Carryforward::default())
            .with_outside_gains(vec![gain("2023-06-14", 100_000), gain("2024-08-01", -30_000)]);
    let mut books = books();
    buy(&mut books, "2023-01-03", 0, 500, 100);
    sell(&mut books, "2023-03-01", 0, 500, 60);
    assert_eq!(returns.accrued(&books, day("2023-06-13")), m(-1_110), "the sale is not known yet");
    assert_eq!(returns.accrued(&books, day("2023-06-14")), m(-4_760));
    assert_eq!(returns.carried_into(&books, 2024, true), Carryforward::default());
    assert_eq!(returns.carried_into(&books, 2024, false).short, m(17_000), "as it seems to the unaware");
    assert_eq!(returns.due(&books, day("2024-04-15")).unwrap().tax, m(-4_760));
    returns.file(&books);
    assert_eq!(returns.carried_into(&books, 2024, false).short, m(17_000), "also once it is filed");
    assert_eq!(returns.outside(2024, Some(day("2024-07-31"))).net_long, m(0));
    assert_eq!(returns.outside(2024, Some(day("2024-08-01"))).net_long, m(-30_000));
    assert_eq!(returns.outside(2024, None).net_long, m(0));
    // Bought in March 2023 and held for more than a year.
    buy(&mut books, "2023-05-02", 0, 500, 100);
    sell(&mut books, "2024-06-03", 0, 500, 120);
    assert_eq!(returns.accrued(&books, day("2024-07-31")), m(2_380), "the loss is not known yet");
    assert_eq!(returns.accrued(&books, day("2024-12-31")), m(0));
    assert_eq!(returns.carried_into(&books, 2025, true).long, m(17_000));
    buy(&mut books, "2024-01-02", 0, 500, 100);
    sell(&mut books, "2025-03-03", 0, 500, 140);
    assert_eq!(returns.accrued(&books, day("2025-03-03")), m(714 + 1_110));
}
