//! Orders that trade at the next close depend only on the previous session. Today's close changes their cost,
//! not the orders.

use unisleeve_core::books::journal::Side;
use unisleeve_core::engine::{ArmResult, is_rebalancing};
use unisleeve_core::mandates::{ArmKind, Cadence, Config, Execution};
use unisleeve_core::market::{Action, Market, Panel};
use unisleeve_core::units::{Money, Price, Ratio, SecurityId, Shares};
use unisleeve_tests::markets::{Bench, Synthetic, fingerprint};

const SYNTHETIC: Synthetic = Synthetic { seed: 3, stocks: 12, end: "2003-12-31", dividends: true };
const KINDS: [ArmKind; 3] = [ArmKind::Uma, ArmKind::SmaBest, ArmKind::Shadow];

fn config(execution: Execution) -> Config {
    let mut config = SYNTHETIC.config(0.7);
    config.trading.execution = execution;
    config
}

/// Multiplies closes from a session on by a factor.
fn scaled(mut panel: Panel, from: usize, factor: f64) -> Panel {
    let n = panel.securities.len();
    for price in &mut panel.closes[from * n..] {
        *price = Price::from_f64(price.to_f64() * factor).unwrap();
    }
    panel
}

fn orders(result: &ArmResult, panel: &Panel, session: usize) -> Vec<(Side, SecurityId, Shares)> {
    let date = panel.sessions[session];
    result
        .journal
        .trades
        .iter()
        .filter(|t| t.date == date)
        .map(|t| (t.side, t.security, t.quantity))
        .collect()
}

/// Prices of a rebalancing day fall by 10% or by 12%. With orders at the next close, the sales are the same
/// in both cases, to the share, and so are the names bought. The arm SMA is left out: its managers ask each
/// other for dollars, so lower prices mean larger sales.
#[test]
fn the_day_s_own_close_does_not_change_an_order() {
    let panel = SYNTHETIC.panel();
    let sessions = &panel.sessions;
    let starts = sessions.partition_point(|d| *d < config(Execution::Close).start);
    let days = (starts + 1..sessions.len())
        .filter(|t| is_rebalancing(Cadence::Monthly, Some(sessions[t - 1]), sessions[*t]))
        .filter(|t| ![1, 4].contains(&chrono::Datelike::month(&sessions[*t])));
    let (mut orders_seen, mut moved) = (0, 0);
    for session in days {
        for execution in [Execution::NextClose, Execution::Close] {
            let config = config(execution);
            let worlds = [0.9, 0.88].map(|factor| {
                Bench::new(&KINDS, &config, &Market::new(scaled(panel.clone(), session, factor)).unwrap())
            });
            for kind in [ArmKind::Uma, ArmKind::Shadow] {
                let [mut a, mut b] =
                    worlds.each_ref().map(|w| orders(&w.run(kind, &config).unwrap(), &panel, session));
                // Purchases depend on the proceeds of sales, so their sizes are not compared.
                for (_, _, shares) in a.iter_mut().chain(&mut b).filter(|(side, ..)| *side == Side::Buy) {
                    *shares = Shares::ZERO;
                }
                match execution {
                    Execution::NextClose => assert_eq!(a, b, "{kind:?} on {}", sessions[session]),
                    Execution::Close => moved += usize::from(a != b),
                }
                orders_seen += a.len();
            }
        }
    }
    assert!(orders_seen > 100 && moved > 5, "{orders_seen} orders, {moved} moved where orders see the close");
}

/// One manager or two give the same result to the cent, as with orders at the close that they are decided on.
#[test]
fn one_direct_index_is_the_same_under_either_manager() {
    let mut config = SYNTHETIC.config(1.0);
    config.trading.execution = Execution::NextClose;
    let bench = Bench::new(&[ArmKind::Uma, ArmKind::SmaBest], &config, &SYNTHETIC.market());
    let values = |kind| {
        let run = bench.run(kind, &config).unwrap();
        run.journal.marks.iter().map(|m| (m.value, m.accrued_tax)).collect::<Vec<(Money, Money)>>()
    };
    assert_eq!(values(ArmKind::Uma), values(ArmKind::SmaBest));
}

/// A 2:1 split on a rebalancing day halves the share price and changes nothing else in the half year after.
/// Yesterday's price is restated before it is used. Shares are rounded to a millionth, so later a choice that
/// is worth the same either way, within the certified gap, may be made differently.
#[test]
fn a_split_on_the_day_changes_no_dollar() {
    let mut panel = SYNTHETIC.panel();
    let n = panel.securities.len();
    // Even prices, so that half of one is exact.
    for price in &mut panel.closes {
        *price = Price::from_raw(price.raw() / 1000 * 1000);
    }
    let starts = panel.sessions.partition_point(|d| *d < config(Execution::Close).start);
    let session = (starts + 30..panel.sessions.len())
        .find(|t| is_rebalancing(Cadence::Monthly, Some(panel.sessions[t - 1]), panel.sessions[*t]))
        .unwrap();
    let mut split = panel.clone();
    for t in session..panel.sessions.len() {
        let price = &mut split.closes[t * n];
        *price = Price::from_raw(price.raw() / 2);
    }
    for (s, d) in &mut split.distributions {
        if *s >= session && d.security == SecurityId(0) {
            d.per_share = Price::from_raw(d.per_share.raw() / 2);
        }
    }
    let ratio = Ratio::parse("2:1").unwrap();
    split.actions.push((session, Action::Split { security: SecurityId(0), ratio }));
    let config = config(Execution::NextClose);
    let values = |panel: Panel| {
        let bench = Bench::new(&KINDS, &config, &Market::new(panel).unwrap());
        KINDS.map(|k| bench.run(k, &config).unwrap().journal.marks)
    };
    for (a, b) in values(panel).iter().zip(values(split)) {
        for (a, b) in a.iter().zip(b).take(session - starts + 126) {
            assert!((a.value - b.value).abs() < Money::ONE, "{} {} {}", a.date, a.value, b.value);
        }
    }
}

/// Without the key the summary does not mention it. With the key the run differs.
#[test]
fn it_is_told_apart_from_the_close() {
    let [a, b] = [Execution::Close, Execution::NextClose].map(|execution| {
        let config = config(execution);
        fingerprint(&Bench::new(&KINDS, &config, &SYNTHETIC.market()).run(ArmKind::Uma, &config).unwrap())
    });
    assert_ne!(a, b);
}
