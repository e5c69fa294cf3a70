//! The holding period test for qualified dividends (IRC 1(h)(11)(B)(iii), 246(c)(3); Pub. 550, "Qualified
//! Dividends").
//!
//! A dividend is qualified only on shares held for more than 60 days of the 121-day window that begins 60
//! days before the ex-date. The day of sale counts; the day of purchase does not, and neither do the days of
//! shares that these replaced in a wash sale (246(c)(3)(B)). A dividend counts as qualified when it is paid.
//! If an early sale makes it ordinary, the change is booked in the year of the dividend, because that year's
//! return is not yet due.

use chrono::NaiveDate;

use unisleeve_units::{AccountId, MandateId, Money, SecurityId, Shares};

/// Days on either side of the ex-date that belong to the window.
const SIDE: i64 = 60;
/// The holding period must exceed this many days of the window.
const NEEDED: i64 = 60;

/// Number of days in the window around `ex` on which shares bought on `acquired` and sold on `sold` were
/// held.
pub fn days_in_window(ex: NaiveDate, acquired: NaiveDate, sold: NaiveDate) -> i64 {
    let last = (sold - ex).num_days().min(SIDE);
    let before_first = (acquired - ex).num_days().max(-SIDE - 1);
    (last - before_first).max(0)
}

/// Whether shares bought on `acquired` and sold on `sold` were held long enough for a dividend with ex-date
/// `ex`.
pub fn held_long_enough(ex: NaiveDate, acquired: NaiveDate, sold: NaiveDate) -> bool {
    days_in_window(ex, acquired, sold) > NEEDED
}

/// A dividend that an early sale may still turn into an ordinary one.
#[derive(Debug, Clone, Copy)]
struct Watched {
    ex: NaiveDate,
    /// Day of payment; the dividend is income of its year.
    paid: NaiveDate,
    account: AccountId,
    mandate: MandateId,
    /// Amount paid, and the number of shares it was paid on.
    amount: Money,
    shares: Shares,
    /// The amount that still counts as qualified.
    left: Money,
}

/// A part of a dividend that a sale turned into an ordinary one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disqualified {
    /// Day of payment; the dividend is income of its year.
    pub paid: NaiveDate,
    /// Mandate that received the dividend.
    pub mandate: MandateId,
    /// Dollars, positive.
    pub amount: Money,
}

/// Dividends with an ex-date in the last 60 days, by security.
#[derive(Debug, Clone, Default)]
pub struct DividendWatch {
    recent: Vec<Vec<Watched>>,
}

impl DividendWatch {
    /// An empty watch for `securities` securities.
    pub fn new(securities: usize) -> Self {
        Self { recent: vec![Vec::new(); securities] }
    }

    /// Records a dividend of `amount` dollars paid on `shares` shares that were bought before its ex-date.
    /// The dates are the ex-date and the day of payment.
    pub fn paid(
        &mut self,
        security: SecurityId,
        (ex, paid): (NaiveDate, NaiveDate),
        account: AccountId,
        mandate: MandateId,
        amount: Money,
        shares: Shares,
    ) {
        let Some(recent) = self.recent.get_mut(security.index()) else { return };
        recent.retain(|w| (ex - w.ex).num_days() < SIDE);
        recent.push(Watched { ex, paid, account, mandate, amount, shares, left: amount });
    }

    /// Shares bought on `acquired` moved between accounts: their dividends move to the account `to`.
    pub fn moved(
        &mut self,
        security: SecurityId,
        (from, to): (AccountId, AccountId),
        mandate: MandateId,
        quantity: Shares,
        acquired: NaiveDate,
    ) {
        let Some(recent) = self.recent.get_mut(security.index()) else { return };
        for at in 0..recent.len() {
            let w = &mut recent[at];
            if (w.account, w.mandate) != (from, mandate) || acquired >= w.ex {
                continue;
            }
            let shares = quantity.min(w.shares);
            let amount = w.amount.prorate(shares, w.shares);
            let moved = Watched { account: to, shares, amount, left: amount.min(w.left), ..*w };
            w.shares -= shares;
            w.amount -= moved.amount;
            w.left -= moved.left;
            recent.push(moved);
        }
        recent.retain(|w| w.shares.is_positive());
    }

    /// The dividends that stop being qualified because `quantity` shares bought on `acquired` leave on
    /// `sold`.
    pub fn left(
        &mut self,
        security: SecurityId,
        account: AccountId,
        mandate: MandateId,
        quantity: Shares,
        acquired: NaiveDate,
        sold: NaiveDate,
    ) -> impl Iterator<Item = Disqualified> {
        let recent = self.recent.get_mut(security.index()).map_or(&mut [][..], Vec::as_mut_slice);
        recent
            .iter_mut()
            .filter(move |w| (w.account, w.mandate) == (account, mandate) && acquired < w.ex)
            .filter(move |w| !held_long_enough(w.ex, acquired, sold))
            .map(move |w| {
                let amount = w.amount.prorate(quantity.min(w.shares), w.shares).min(w.left);
                w.left -= amount;
                Disqualified { paid: w.paid, mandate, amount }
            })
    }

    /// Restates shares after a split or an exchange into the security `into`, for one account or, with
    /// `None`, for all. `scale` maps old shares to new ones.
    pub fn restate(
        &mut self,
        security: SecurityId,
        into: SecurityId,
        account: Option<AccountId>,
        scale: impl Fn(Shares) -> Shares,
    ) {
        let Some(recent) = self.recent.get_mut(security.index()) else { return };
        let (mut moved, kept): (Vec<_>, Vec<_>) =
            recent.drain(..).partition(|w| account.is_none_or(|a| a == w.account));
        *recent = kept;
        for w in &mut moved {
            w.shares = scale(w.shares).max(Shares::from_raw(1));
        }
        if let Some(recent) = self.recent.get_mut(into.index()) {
            recent.extend(moved);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Pub. 550: bought on July 5, ex-date July 12, sold on August 8: 34 days.
    #[test]
    fn the_day_of_sale_counts_and_the_day_of_purchase_does_not() {
        let ex = d("2024-07-12");
        assert_eq!(days_in_window(ex, d("2024-07-05"), d("2024-08-08")), 34);
        // From the day before the ex-date to the end of the window: 61 days, the minimum for a new holder.
        assert_eq!(days_in_window(ex, d("2024-07-11"), d("2025-07-11")), 61);
        assert!(held_long_enough(ex, d("2024-07-11"), d("2024-09-10")));
        assert!(!held_long_enough(ex, d("2024-07-11"), d("2024-09-09")));
        // A long-time holder may sell on the ex-date.
        assert_eq!(days_in_window(ex, d("2020-01-02"), d("2024-07-12")), 61);
        assert!(held_long_enough(ex, d("2020-01-02"), ex));
        assert_eq!(days_in_window(ex, d("2024-05-12"), ex), 61);
        assert!(!held_long_enough(ex, d("2024-05-13"), ex));
    }

    #[test]
    fn early_sales_take_back_no_more_than_was_paid() {
        let (s, a, m) = (SecurityId(0), AccountId::MAIN, MandateId(0));
        let mut watch = DividendWatch::new(1);
        watch.paid(s, (d("2024-07-12"), d("2024-07-12")), a, m, Money::from_raw(10_001), Shares::whole(3));
        let mut total = Money::ZERO;
        for _ in 0..5 {
            total += watch
                .left(s, a, m, Shares::ONE, d("2024-07-05"), d("2024-08-08"))
                .map(|q| q.amount)
                .sum::<Money>();
        }
        assert_eq!(total, Money::from_raw(10_001));
        // Bought on the ex-date: the shares do not receive that dividend.
        watch.paid(s, (d("2024-08-09"), d("2024-08-09")), a, m, Money::ONE, Shares::ONE);
        assert_eq!(watch.left(s, a, m, Shares::ONE, d("2024-08-09"), d("2024-08-20")).count(), 0);
    }
}
