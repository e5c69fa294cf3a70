//! Which sessions are rebalancing days, and which flows fall on a session.

use chrono::{Datelike, NaiveDate};

use unisleeve_mandates::{Cadence, Every, Flow};
use unisleeve_units::Money;

/// Whether `date` is the first session of a period of the cadence. `previous` is the session before; without
/// one, the session is the first of the run, which always counts.
pub fn is_rebalancing(cadence: Cadence, previous: Option<NaiveDate>, date: NaiveDate) -> bool {
    let period = |d: NaiveDate| match cadence {
        Cadence::Daily => d.num_days_from_ce(),
        // Weeks begin on Monday, as did day 1 of the common era.
        Cadence::Weekly => (d.num_days_from_ce() - 1) / 7,
        Cadence::Never => 0,
        Cadence::Monthly => d.year() * 12 + d.month0() as i32,
        Cadence::Quarterly => d.year() * 4 + d.month0() as i32 / 3,
        Cadence::Yearly => d.year(),
    };
    previous.is_none_or(|p| period(p) != period(date))
}

/// Contributions and withdrawals that fall on the session `date`, in dollars, both positive.
///
/// `previous` is the session before, `None` at the first; `start` is the start of the run. A flow whose date
/// is not a session falls on the next session. A monthly or yearly flow falls on the first session of each
/// period, and on the first session on which it is in force.
pub fn flows_due(
    flows: &[Flow],
    start: NaiveDate,
    previous: Option<NaiveDate>,
    date: NaiveDate,
) -> (Money, Money) {
    let (mut paid_in, mut taken_out) = (Money::ZERO, Money::ZERO);
    for flow in flows {
        if flow.to.is_some_and(|to| date > to) {
            continue;
        }
        let due = match flow.every {
            Every::Once => flow.from <= date && previous.map_or(flow.from >= start, |p| flow.from > p),
            Every::Month | Every::Year => {
                let cadence = if flow.every == Every::Month { Cadence::Monthly } else { Cadence::Yearly };
                // The first session of a period, or the first session on which the flow is in force.
                let since = previous.filter(|p| *p >= flow.from);
                let first_in_period = is_rebalancing(cadence, previous, date);
                let starts_here =
                    since.is_none() && previous.is_some_and(|p| !is_rebalancing(cadence, Some(p), date));
                date >= flow.from && (first_in_period || starts_here)
            }
        };
        if due {
            if flow.amount.is_negative() {
                taken_out += -flow.amount;
            } else {
                paid_in += flow.amount;
            }
        }
    }
    (paid_in, taken_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn flows_fall_on_the_first_session_of_their_period() {
        let yearly =
            Flow { amount: Money::ONE, every: Every::Year, from: d("2001-01-01"), to: Some(d("2002-12-31")) };
        let due = |flow: Flow, p: Option<&str>, date: &str| {
            flows_due(&[flow], d("2000-01-01"), p.map(d), d(date)).0.is_positive()
        };
        assert!(!due(yearly, None, "2000-01-03"));
        assert!(due(yearly, Some("2000-12-29"), "2001-01-02"));
        assert!(!due(yearly, Some("2001-01-02"), "2001-01-03"));
        assert!(due(yearly, Some("2001-12-31"), "2002-01-02"));
        assert!(!due(yearly, Some("2002-12-31"), "2003-01-02"));
        let once = Flow { every: Every::Once, from: d("2001-06-02"), to: None, ..yearly };
        assert!(due(once, Some("2001-06-01"), "2001-06-04"));
        assert!(!due(once, Some("2001-06-04"), "2001-06-05"));
        assert!(due(Flow { from: d("2000-01-02"), ..once }, None, "2000-01-03"));
        assert!(!due(Flow { from: d("1999-06-02"), ..once }, None, "2000-01-03"), "before the run");
        // A flow that starts within a month falls on its first day and then on the first session of each
        // month.
        let monthly = Flow { every: Every::Month, from: d("2001-06-15"), to: None, ..yearly };
        assert!(!due(monthly, Some("2001-06-13"), "2001-06-14"));
        assert!(due(monthly, Some("2001-06-14"), "2001-06-15"));
        assert!(!due(monthly, Some("2001-06-15"), "2001-06-18"));
        assert!(due(monthly, Some("2001-06-29"), "2001-07-02"));
    }

    /// Over a year of daily sessions, each period has exactly one first session.
    #[test]
    fn periods_begin_once() {
        let firsts = |cadence: Cadence| {
            let days = d("2023-12-31").iter_days().take(367);
            let pairs: Vec<NaiveDate> = days.collect();
            let begins = pairs.windows(2).filter(|w| is_rebalancing(cadence, Some(w[0]), w[1]));
            begins.map(|w| w[1].to_string()).collect::<Vec<_>>()
        };
        let quarters = ["2024-01-01", "2024-04-01", "2024-07-01", "2024-10-01"];
        assert_eq!(firsts(Cadence::Quarterly), quarters);
        assert_eq!(firsts(Cadence::Yearly), ["2024-01-01"]);
        assert_eq!(firsts(Cadence::Monthly).len(), 12);
        assert!(firsts(Cadence::Monthly).iter().all(|d| d.ends_with("-01")));
        assert_eq!(firsts(Cadence::Daily).len(), 366);
        assert!(firsts(Cadence::Never).is_empty());
        let weeks = firsts(Cadence::Weekly);
        assert_eq!((weeks.len(), weeks[0].as_str()), (53, "2024-01-01"), "Mondays");
        assert!(is_rebalancing(Cadence::Never, None, d("2024-01-01")), "the run's first session");
    }

    /// A flow still falls on its last day. Contributions and withdrawals are added up separately.
    #[test]
    fn a_flow_ends_after_its_last_day() {
        let flow = |dollars, to: &str| Flow {
            amount: Money::whole(dollars),
            every: Every::Month,
            from: d("2001-01-01"),
            to: Some(d(to)),
        };
        let flows = [flow(500, "2001-06-01"), flow(-200, "2001-06-01"), flow(-30, "2001-05-31")];
        let due = |p: &str, date: &str| flows_due(&flows, d("2000-01-03"), Some(d(p)), d(date));
        assert_eq!(due("2001-05-31", "2001-06-01"), (Money::whole(500), Money::whole(200)));
        assert_eq!(due("2001-04-30", "2001-05-01"), (Money::whole(500), Money::whole(230)));
        assert_eq!(due("2001-06-29", "2001-07-02"), (Money::ZERO, Money::ZERO));
    }
}
