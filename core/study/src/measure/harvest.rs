//! Harvested losses, realized gains and wash sales.

use unisleeve_books::journal::Journal;
use unisleeve_units::{AccountKind, Money};

/// Sums over all sales in taxable accounts, in dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Harvest {
    /// Recognized losses, positive.
    pub losses: Money,
    /// Recognized gains.
    pub gains: Money,
    /// Losses disallowed as wash sales, positive.
    pub washed: Money,
}

/// Sums recognized losses and gains row by row of the trade file, and disallowed losses.
pub fn harvest(journal: &Journal, kind_of: impl Fn(usize) -> AccountKind) -> Harvest {
    let mut sum = Harvest::default();
    for row in journal.trade_rows() {
        if !kind_of(row.trade.account.index()).is_taxable() {
            continue;
        }
        let recognized = row.recognized();
        if recognized.is_negative() {
            sum.losses -= recognized;
        } else {
            sum.gains += recognized;
        }
        sum.washed += row.disallowed;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::testing::day;
    use super::*;
    use unisleeve_books::journal::{Reason, Side, Trade, Washed};
    use unisleeve_units::TradeIndex;
    use unisleeve_units::{AccountId, LotId, MandateId, Price, SecurityId, Shares, SleeveId, Term};

    /// A sale of 10 shares for 100 dollars.
    fn sale(account: u16, basis: i32) -> Trade {
        Trade {
            date: day("2001-06-04"),
            account: AccountId(account),
            sleeve: SleeveId(0),
            mandate: MandateId(0),
            security: SecurityId(0),
            side: Side::Sell,
            quantity: Shares::whole(10),
            price: Price::whole(10),
            amount: Money::whole(100),
            cost: Money::ZERO,
            lot: LotId(0),
            acquired: day("2001-01-02"),
            holding_start: day("2001-01-02"),
            basis: Money::whole(basis),
            term: Some(Term::Short),
            reason: Reason::default(),
        }
    }

    /// Gains of 30, and losses of 50 and 20, of which 8 are disallowed. A loss of 900 and a gain of 90 in an
    /// IRA do not count.
    #[test]
    fn taxable_accounts_alone_and_after_wash_sales() {
        let part =
            |quantity, amount, basis| (Shares::whole(quantity), Money::whole(amount), Money::whole(basis));
        let (quantity, amount, basis) = part(4, 40, 48);
        let washed = Washed {
            sale: TradeIndex(2),
            date: day("2001-06-20"),
            quantity,
            amount,
            cost: Money::ZERO,
            basis,
            disallowed: Money::whole(8),
            replacement: LotId(9),
            for_good: false,
        };
        let trades = vec![sale(0, 70), sale(0, 150), sale(0, 120), sale(1, 1_000), sale(1, 10)];
        let journal = Journal { trades, washed: vec![washed], ..Journal::default() };
        let kind_of = |account| if account == 1 { AccountKind::Ira } else { AccountKind::Taxable };
        let m = Money::whole;
        assert_eq!(harvest(&journal, kind_of), Harvest { losses: m(62), gains: m(30), washed: m(8) });
    }
}
