//! Changes caused by turning on a switch, on top of a few combinations of the others.

use unisleeve_core::engine::{ArmResult, RiskTimeline, run};
use unisleeve_core::mandates::{
    Config, Habits, Practice, Setup, Switch, Switches, effective, partial, separate,
};
use unisleeve_core::market::Market;
use unisleeve_core::units::Fingerprint;

/// The best separate managers with these switches on. If the configuration gives a notice or a lag, they have
/// it, so that the switch `lag` has something to act on.
fn setup(switches: Switches, config: &Config, market: &mut Market) -> Setup {
    let best = Habits::preset(Practice::Best, config);
    let (notice, lag) = (config.sma.notice.unwrap_or(0), config.sma.lag.unwrap_or(0));
    let habits = Habits { notice, lag, ..best };
    let switches = effective(switches, &habits, config);
    if notice + lag == 0 || switches == Switches::ALL {
        return partial(switches, config, market).expect("a setup");
    }
    let setup = separate(habits, config, market).expect("a setup");
    Setup { switches, ..setup }
}

/// Runs a household with these switches on.
///
/// # Panics
/// When the run fails.
pub fn run_with(switches: Switches, config: &Config, market: &Market) -> ArmResult {
    assert_eq!(config.faults(), []);
    let mut market = market.clone();
    let setup = setup(switches, config, &mut market);
    let span = (config.start, config.end);
    let timeline = RiskTimeline::new(&market, setup.universe(), span, &config.trading, config.risk);
    run(&setup, config, &market, &timeline).expect("a run")
}

/// Fingerprint of what clients and tax authorities see: trades, cash and values, without managers and
/// reasons.
pub fn books(result: &ArmResult) -> String {
    let mut f = Fingerprint::default();
    for t in &result.journal.trades {
        f.date(t.date);
        f.bytes(t.side.as_str().as_bytes());
        f.int(i64::from(t.security.0));
        for n in [t.quantity.raw(), t.amount.raw(), t.basis.raw()] {
            f.int(n);
        }
    }
    for m in &result.journal.marks {
        for n in [m.value, m.cash, m.accrued_tax, m.flow, m.tax_paid] {
            f.int(n.raw());
        }
    }
    f.finish()
}

/// The combinations to which each switch is added.
fn sets() -> [Switches; 4] {
    let none = Switches::NONE;
    [
        none,
        none.with(Switch::Gains),
        none.with(Switch::Wash).with(Switch::Pool),
        none.with(Switch::Risk).with(Switch::Joint),
    ]
}

/// Turns on each of these switches and returns those that changed anything, with the combination they were
/// added to.
///
/// # Panics
/// When a run fails, trades nothing or ends in ruin, because it would test little.
pub fn changes(switches: &[Switch], config: &Config, market: &Market) -> Vec<(Switch, String)> {
    let mut found = Vec::new();
    for set in sets() {
        let off = run_with(set, config, market);
        assert!(off.ruin.is_none() && !off.journal.trades.is_empty());
        for switch in switches.iter().filter(|s| !set.has(**s)) {
            let on = run_with(set.with(*switch), config, market);
            assert!(on.ruin.is_none());
            if books(&off) != books(&on) {
                let last = |r: &ArmResult| r.journal.marks.last().expect("a mark").value;
                let what = format!("{} on {}: {} {}", switch.as_str(), set.name(), last(&off), last(&on));
                found.push((*switch, what));
            }
        }
    }
    found
}
