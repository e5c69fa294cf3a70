//! Delays in trading days, on markets whose sessions may be weeks or months apart.

/// A delay, in sessions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Delay {
    /// Whole sessions.
    pub sessions: usize,
    /// The rest, a fraction of the time between two sessions. It moves no session: its cost is charged as
    /// idle cash.
    pub rest: f64,
}

/// Trading days in a year.
const TRADING_DAYS: f64 = 252.0;

impl Delay {
    /// A delay of trading days where a year has so many sessions.
    pub(super) fn of(days: u32, sessions_a_year: f64) -> Self {
        let steps = f64::from(days) * sessions_a_year / TRADING_DAYS;
        let whole = libm::floor(steps);
        Self { sessions: whole as usize, rest: steps - whole }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_sessions_and_a_rest() {
        assert_eq!(Delay::of(3, 252.0), Delay { sessions: 3, rest: 0.0 });
        let monthly = Delay::of(3, 12.0);
        assert!(monthly.sessions == 0 && (monthly.rest - 1.0 / 7.0).abs() < 1e-12, "{monthly:?}");
        let weekly = Delay::of(6, 52.0);
        assert!(
            weekly.sessions == 1 && (weekly.rest - (6.0 * 52.0 / 252.0 - 1.0)).abs() < 1e-12,
            "{weekly:?}"
        );
    }
}
