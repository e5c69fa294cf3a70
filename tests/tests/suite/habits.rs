//! The habits of separate managers, one at a time. Each test changes one habit of the best practice, in a
//! household where it acts, and in one where it has nothing to act on. There nothing moves, to the cent.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use unisleeve_core::books::journal::{CashKind, Side, SleeveMark, TicketKind, Trade};
use unisleeve_core::engine::ArmResult;
use unisleeve_core::mandates::{
    AccountConfig, ArmKind, Cadence, Config, DriftBy, Every, Flow, FundLots, Funding, HarvestRate,
    HouseholdConfig, LegacyLot, PolicySleeve, Practice, SmaConfig, sample_config_with,
};
use unisleeve_core::market::{Market, Panel};
use unisleeve_core::study::measure::drift;
use unisleeve_core::units::{AccountKind, Money, Price, Shares, SleeveId};
use unisleeve_tests::day;
use unisleeve_tests::markets::{Synthetic, run_arm, security};
use unisleeve_tests::random::Random;
use unisleeve_tests::switching::books;

const MARKET: Synthetic = Synthetic { seed: 3, stocks: 8, end: "2004-12-31", dividends: true };
const DIRECT: SleeveId = SleeveId(0);
const BONDS: SleeveId = SleeveId(1);

/// A household with 60% in a direct index and 40% in a bond fund, as two asset classes.
fn household() -> Config {
    let mut config = MARKET.config(0.6);
    for (i, s) in config.policy.iter_mut().enumerate() {
        ["stocks", "bonds"][i].clone_into(&mut s.asset_class);
    }
    config
}

/// The same policy, but most of the money is in old stocks with large gains.
fn appreciated() -> Config {
    let mut config = household();
    config.household.cash = Money::whole(160_000);
    config.household.lots = (0..8)
        .map(|i| LegacyLot {
            symbol: format!("S{i}"),
            quantity: Shares::whole(1_000),
            basis: Money::whole(1_000),
            acquired: day("1995-01-03"),
            account: None,
            keep: false,
        })
        .collect();
    config
}

/// A household with nothing but the direct index: no money moves between managers.
fn one_sleeve() -> Config {
    let mut config = MARKET.config(1.0);
    config.household.flows = vec![flow(-3_000, Every::Month, "2002-03-15")];
    config
}

fn flow(dollars: i32, every: Every, from: &str) -> Flow {
    Flow { amount: Money::whole(dollars), every, from: day(from), to: None }
}

fn run_in(config: &Config, market: &Market, change: impl Fn(&mut SmaConfig)) -> ArmResult {
    let mut config = config.clone();
    config.sma = SmaConfig { practice: Some(Practice::Best), ..SmaConfig::default() };
    change(&mut config.sma);
    assert_eq!(config.faults(), []);
    run_arm(ArmKind::Sma, &config, market).unwrap()
}

/// Separate managers of the best practice with a change.
fn run(config: &Config, change: impl Fn(&mut SmaConfig)) -> ArmResult {
    run_in(config, &MARKET.market(), change)
}

/// Asserts that a change moves nothing.
fn nothing_moves(config: &Config, what: &str, change: impl Fn(&mut SmaConfig)) {
    let (best, changed) = (run(config, |_| ()), run(config, change));
    assert!(!best.journal.trades.is_empty(), "{what}: nothing traded");
    assert_eq!(books(&best), books(&changed), "{what}");
}

/// Marks of both sleeves on a day.
fn marks(arm: &ArmResult, date: &str) -> [SleeveMark; 2] {
    let of = |sleeve| {
        let mut marks = arm.journal.sleeve_marks.iter();
        *marks.find(|m| m.date == day(date) && m.sleeve == sleeve).expect("a mark")
    };
    [of(DIRECT), of(BONDS)]
}

/// Days on which a sleeve traded, apart from sales that pay for something.
fn days_traded(arm: &ArmResult, sleeve: SleeveId) -> BTreeSet<NaiveDate> {
    arm.journal.trades.iter().filter(|t| t.sleeve == sleeve).map(|t| t.date).collect()
}

fn month(date: NaiveDate) -> (i32, u32) {
    (date.year(), date.month())
}

fn last_value(arm: &ArmResult) -> f64 {
    arm.journal.marks.last().unwrap().value.to_f64()
}

/// A withdrawal between two rebalancings: each rule takes it from the sleeves that it names.
#[test]
fn funding_says_who_pays() {
    const PAID: &str = "2003-02-18";
    let mut config = household();
    config.household.flows = vec![flow(-12_000, Every::Once, PAID)];
    let sold = |rule| {
        let arm = run(&config, |s| s.funding = Some(rule));
        let cash = arm.journal.marks.iter().take_while(|m| m.date < day(PAID)).last().unwrap().cash.to_f64();
        let marks = marks(&arm, PAID);
        let before = marks.map(|m| (m.value - m.net).to_f64());
        (marks.map(|m| -m.net.to_f64()), before, 12_000.0 - cash)
    };
    let near = |a: f64, b: f64, what: &str| assert!((a - b).abs() < 60.0, "{what}: {a}, expected {b}");
    let (found, before, needed) = sold(Funding::ProRata);
    let total = before[0] + before[1];
    for i in 0..2 {
        near(found[i], needed * before[i] / total, "pro rata");
    }
    let (found, _, needed) = sold(Funding::FundsFirst);
    near(found[0], 0.0, "funds first");
    near(found[1], needed, "funds first");
    let (found, before, needed) = sold(Funding::OverweightFirst);
    let total = before[0] + before[1];
    let excess = [before[0] - 0.6 * total, before[1] - 0.4 * total];
    for i in 0..2 {
        let first = excess[i].max(0.0).min(needed);
        let rest = needed - excess[0].max(excess[1]).min(needed);
        near(found[i], first + rest * (before[i] - first) / (total - needed + rest), "overweight first");
    }
    for rule in [Funding::ProRata, Funding::FundsFirst, Funding::OverweightFirst] {
        nothing_moves(&one_sleeve(), "funding", |s| s.funding = Some(rule));
    }
}

/// An advisor who does not regard tax goes to the policy weights each time; one who does stays within the band
/// and realizes less gain.
#[test]
fn without_regard_to_tax_the_advisor_goes_to_target() {
    let mut config = appreciated();
    config.trading.band = 0.05;
    let (best, blind) = (run(&config, |_| ()), run(&config, |s| s.tax_aware = Some(false)));
    let left = |arm: &ArmResult| drift(arm).iter().map(|c| c.largest_left.unwrap()).fold(0.0, f64::max);
    assert!(left(&blind) < 0.002 && left(&best) > 0.01, "{} {}", left(&blind), left(&best));
    nothing_moves(&one_sleeve(), "tax_aware", |s| s.tax_aware = Some(false));
}

/// Where the advisor does not see the lots of an appreciated sleeve, it sells them as if they cost nothing.
#[test]
fn unseen_lots_have_no_tax() {
    let gained = |config: &Config, sees: bool| {
        let arm = run(config, |s| {
            (s.funding, s.sees_lots) = (Some(Funding::ProRata), Some(sees));
        });
        let first = arm.journal.trades.first().unwrap().date;
        let sales = arm.journal.trades.iter().filter(|t| t.date == first && t.side == Side::Sell);
        (sales.map(Trade::gain).sum::<Money>(), books(&arm))
    };
    let (seen, unseen) = (gained(&appreciated(), true), gained(&appreciated(), false));
    assert!(unseen.0 > seen.0 + Money::whole(1_000), "{} {}", seen.0, unseen.0);
    // Nothing is taxed in a Roth account.
    let mut roth = household();
    roth.household = HouseholdConfig {
        cash: Money::from_raw(100),
        accounts: vec![AccountConfig {
            name: "roth".to_owned(),
            kind: AccountKind::Roth,
            cash: Money::whole(500_000),
            born: None,
        }],
        ..HouseholdConfig::default()
    };
    assert_eq!(gained(&roth, true).1, gained(&roth, false).1);
}

/// Two lots of the fund: the old one cost the least. FIFO sells it first, HIFO and the least tax do not.
#[test]
fn fund_lots_are_sold_in_the_order_of_the_habit() {
    let mut config = household();
    config.household.cash = Money::whole(100_000);
    for (basis, acquired) in [(20_000, "1996-03-01"), (90_000, "1998-03-02"), (60_000, "2000-03-01")] {
        config.household.lots.push(LegacyLot {
            symbol: "BONDS".to_owned(),
            quantity: Shares::whole(1_000),
            basis: Money::whole(basis),
            acquired: day(acquired),
            account: None,
            keep: false,
        });
    }
    let first_sold = |lots| {
        let arm = run(&config, |s| s.fund_lots = Some(lots));
        let mut sales = arm.journal.trades.iter().filter(|t| t.side == Side::Sell && t.sleeve == BONDS);
        sales.next().expect("bonds are sold down to their band").acquired
    };
    assert_eq!(first_sold(FundLots::Fifo), day("1996-03-01"));
    assert_eq!(first_sold(FundLots::Hifo), day("1998-03-02"));
    assert_eq!(first_sold(FundLots::MinTax), day("1998-03-02"));
    for lots in [FundLots::Fifo, FundLots::Hifo] {
        nothing_moves(&one_sleeve(), "fund_lots", |s| s.fund_lots = Some(lots));
    }
}

/// The advisor trades its funds on its own days, the specialist on its own.
#[test]
fn each_manager_has_its_calendar() {
    let config = household();
    let arm = run(&config, |s| {
        (s.cadence, s.specialist_cadence) = (Some(Cadence::Yearly), Some(Cadence::Monthly));
    });
    assert_eq!(arm.journal.rebalancings.len(), 3);
    let months = |days: &BTreeSet<NaiveDate>| days.iter().copied().map(month).collect::<BTreeSet<_>>().len();
    let (direct, bonds) = (days_traded(&arm, DIRECT), days_traded(&arm, BONDS));
    assert!(months(&direct) > 30, "{direct:?}");
    // Tax bills are raised in between.
    assert!(months(&bonds) <= 6, "{bonds:?}");
    nothing_moves(&config, "the same calendars", |s| {
        (s.cadence, s.specialist_cadence) = (Some(Cadence::Monthly), Some(Cadence::Monthly));
    });
}

/// A look at the bands moves money only if one is broken.
#[test]
fn a_look_acts_only_beyond_the_band() {
    let run_with = |band: f64, look| {
        let mut config = household();
        config.trading.band = band;
        config.tax.outside.state_rate = unisleeve_core::units::Rate::ZERO;
        run(&config, |s| {
            (s.cadence, s.look) = (Some(Cadence::Yearly), Some(look));
        })
    };
    let (never, looks) = (run_with(0.02, Cadence::Never), run_with(0.02, Cadence::Monthly));
    let worst = |arm: &ArmResult| {
        let of = |marks: &[SleeveMark]| {
            let (a, b) = (marks[0].value.to_f64(), marks[1].value.to_f64());
            (a / (a + b) - 0.6).abs()
        };
        arm.journal.sleeve_marks.chunks(2).map(of).fold(0.0, f64::max)
    };
    assert!(worst(&looks) < 0.045 && worst(&never) > 0.05, "{} {}", worst(&looks), worst(&never));
    assert_eq!(books(&run_with(1.0, Cadence::Never)), books(&run_with(1.0, Cadence::Monthly)));
}

/// With three days of notice and two of lag the specialist trades on the third session after the request and
/// its money comes on the fifth. The household is paid on the day. The request is made once.
#[test]
fn notice_and_lag_delay_what_a_specialist_gives() {
    const PAID: &str = "2003-02-18";
    let mut config = household();
    config.household.flows = vec![flow(-90_000, Every::Once, PAID)];
    let arm = run(&config, |s| {
        (s.notice, s.lag) = (Some(3), Some(2));
        s.funding = Some(Funding::ProRata);
    });
    let window = |d: NaiveDate| (day(PAID)..=day("2003-02-28")).contains(&d);
    let raised: Vec<_> = arm.journal.tickets.iter().filter(|t| window(t.date)).collect();
    assert_eq!(raised.len(), 1, "{raised:?}");
    assert_eq!((raised[0].date, raised[0].kind), (day(PAID), TicketKind::Raise));
    let net: BTreeMap<NaiveDate, f64> = arm
        .journal
        .sleeve_marks
        .iter()
        .filter(|m| m.sleeve == DIRECT && window(m.date) && m.net.abs() > Money::whole(1_000))
        .map(|m| (m.date, -m.net.to_f64()))
        .collect();
    assert_eq!(net.keys().copied().collect::<Vec<_>>(), [day("2003-02-21")]);
    assert!((net[&day("2003-02-21")] - raised[0].amount.to_f64()).abs() < 100.0, "{net:?} {raised:?}");
    let came: Vec<_> = arm.journal.transfers.iter().filter(|t| window(t.date)).map(|t| t.date).collect();
    assert_eq!(came, [day("2003-02-25")]);
    let paid = arm.journal.cash.iter().find(|c| c.kind == CashKind::Withdrawal).unwrap();
    assert_eq!((paid.date, paid.amount), (day(PAID), Money::whole(-90_000)));
    nothing_moves(&one_sleeve(), "notice", |s| s.notice = Some(3));
    nothing_moves(&one_sleeve(), "lag", |s| s.lag = Some(3));
}

/// Money given to a specialist is transferred at once and invested after the notice.
#[test]
fn new_money_waits_for_the_notice() {
    const PAID: &str = "2003-03-03";
    let mut config = household();
    config.household.flows = vec![flow(100_000, Every::Once, PAID)];
    let arm = run(&config, |s| s.notice = Some(4));
    let moved = arm.journal.transfers.iter().filter(|t| t.date == day(PAID)).map(|t| t.amount).sum::<Money>();
    assert!(moved > Money::whole(30_000), "{moved}");
    let bought = |date: &str| marks(&arm, date)[0].net;
    assert!(bought(PAID).abs() < Money::whole(500), "{}", bought(PAID));
    assert!((bought("2003-03-07") - moved).abs() < Money::whole(500), "{} {moved}", bought("2003-03-07"));
}

/// The first session of each month.
fn monthly(panel: &Panel) -> Panel {
    let n = panel.securities.len();
    let firsts: Vec<usize> = (0..panel.sessions.len())
        .filter(|t| *t == 0 || month(panel.sessions[t - 1]) != month(panel.sessions[*t]))
        .collect();
    Panel {
        sessions: firsts.iter().map(|t| panel.sessions[*t]).collect(),
        closes: firsts.iter().flat_map(|t| panel.closes[t * n..(t + 1) * n].iter().copied()).collect(),
        distributions: panel
            .distributions
            .iter()
            .filter_map(|(t, d)| Some((firsts.iter().position(|f| f == t)?, *d)))
            .collect(),
        ..panel.clone()
    }
}

/// A specialist runs the stock fund and the advisor the bond fund, in a Roth account: what the advisor sells
/// until money arrives has no tax. They bring the policy's mix along, because the day on which so much is first
/// invested would outweigh the rest.
fn two_funds(market: &Market) -> Config {
    let mut config = household();
    config.end = day("2006-12-29");
    config.household.flows = vec![flow(-4_000, Every::Month, "2002-03-01")];
    let account =
        AccountConfig { name: "roth".to_owned(), kind: AccountKind::Roth, cash: Money::ZERO, born: None };
    (config.household.cash, config.household.accounts) = (Money::ZERO, vec![account]);
    let first = market.sessions(config.start, config.end).next().unwrap();
    for (i, (fund, dollars)) in [("INDEX", 300_000), ("BONDS", 200_000)].into_iter().enumerate() {
        let sleeve = &mut config.policy[i];
        sleeve.stocks.clear();
        fund.clone_into(&mut sleeve.fund);
        let price = first.close(market.find(fund).unwrap()).unwrap();
        config.household.lots.push(LegacyLot {
            symbol: fund.to_owned(),
            quantity: Money::whole(dollars).shares_at(price),
            basis: Money::whole(dollars),
            acquired: day("2000-01-03"),
            account: Some("roth".to_owned()),
            keep: false,
        });
    }
    "stock manager".clone_into(&mut config.policy[0].manager);
    config
}

/// A delay below a session moves no session. Its cost, a year and on average over markets, is that in daily
/// steps to a basis point.
#[test]
fn a_day_s_lag_costs_the_same_in_monthly_steps() {
    const SEEDS: u64 = 32;
    const DELAYS: [(u32, u32); 2] = [(0, 1), (1, 1)];
    let mut mean = [[0.0; 2]; 2];
    for seed in 0..SEEDS {
        let daily = Synthetic { seed, stocks: 20, end: "2006-12-29", dividends: false }.panel();
        for (step, panel) in [monthly(&daily), daily].into_iter().enumerate() {
            let market = Market::new(panel).unwrap();
            let config = two_funds(&market);
            let value = |notice, lag| {
                let arm = run_in(&config, &market, |s| {
                    (s.notice, s.lag) = (Some(notice), Some(lag));
                    s.drift_by = Some(DriftBy::Price);
                });
                let idle = arm.journal.cash.iter().any(|c| c.kind == CashKind::Idle);
                assert_eq!(idle, step == 0 && notice + lag > 0, "in daily steps every day is a session");
                last_value(&arm)
            };
            let at_once = value(0, 0);
            for (mean, (notice, lag)) in mean.iter_mut().zip(DELAYS) {
                let points = 1e4 * (at_once - value(notice, lag)) / (0.5 * (at_once + 500_000.0)) / 5.0;
                mean[step] += points / SEEDS as f64;
            }
        }
    }
    println!("seeds 0 to {}: {mean:?} basis points a year, each monthly and daily", SEEDS - 1);
    for ([in_months, in_days], delay) in mean.into_iter().zip(DELAYS) {
        assert!(in_months > 0.0 && (in_months - in_days).abs() < 1.0, "{delay:?}: {in_months} {in_days}");
    }
}

/// The specialist keeps its buffer.
#[test]
fn a_specialist_keeps_its_buffer() {
    let arm = run(&household(), |s| s.buffer = Some(0.03));
    let of = |arm: &ArmResult| {
        let date = *arm.journal.rebalancings.last().unwrap();
        let mark = arm.journal.marks.iter().find(|m| m.date == date).unwrap();
        mark.cash.to_f64() / mark.value.to_f64()
    };
    assert!((of(&arm) - 0.6 * 0.03).abs() < 0.001, "{}", of(&arm));
    nothing_moves(&household(), "the buffer of the household", |s| s.buffer = Some(0.0));
    let mut buffered = household();
    buffered.trading.cash_buffer = 0.02;
    nothing_moves(&buffered, "the buffer of the household", |s| s.buffer = Some(0.02));
}

/// The panel with a fund `BONDS2` that follows `BONDS` closely.
fn with_pair() -> Market {
    let mut panel = MARKET.panel();
    let n = panel.securities.len();
    let mut rng = Random::new(11);
    let closes = panel.closes.chunks(n).flat_map(|row| {
        let close = row[n - 1].to_f64() * (1.0 + 0.0005 * rng.normal());
        row.iter().copied().chain([Price::from_f64(close).unwrap()]).collect::<Vec<_>>()
    });
    panel.closes = closes.collect();
    panel.securities.push(security("BONDS2", "fund"));
    Market::new(panel).unwrap()
}

/// Losses of a fund are harvested with its pair, in UMA and in SMA by habit.
#[test]
fn fund_sleeves_are_harvested_with_their_pair() {
    let market = with_pair();
    let mut config = household();
    config.tax.outside.net_short = Money::whole(50_000);
    config.policy[1].pair = "BONDS2".to_owned();
    let pair = market.find("BONDS2").unwrap();
    let losses = |arm: &ArmResult| {
        let sales = arm.journal.trades.iter().filter(|t| t.sleeve == BONDS && t.side == Side::Sell);
        let held_pair = arm.journal.trades.iter().any(|t| t.security == pair);
        (sales.map(Trade::gain).filter(|g| g.is_negative()).sum::<Money>(), held_pair)
    };
    let best = run_in(&config, &market, |_| ());
    assert!(losses(&best).1 && losses(&best).0 < Money::whole(-1_000), "{:?}", losses(&best));
    let plain = run_in(&config, &market, |s| s.harvest_funds = Some(false));
    assert!(!losses(&plain).1 && losses(&plain).0 > losses(&best).0, "{:?}", losses(&plain));
    assert!(losses(&run_arm(ArmKind::Uma, &config, &market).unwrap()).1);
    nothing_moves(&household(), "a sleeve without a pair", |s| s.harvest_funds = Some(false));
}

/// Moves of money below the minimum are not made, unless a payment needs them.
#[test]
fn small_moves_between_managers_are_not_made() {
    let config = household();
    let moves = |least: i32| {
        let arm = run(&config, |s| s.min_transfer = Some(Money::whole(least)));
        let paid = |d: NaiveDate| arm.journal.cash.iter().any(|c| c.date == d && c.kind == CashKind::Tax);
        let free = arm.journal.transfers.iter().filter(|t| !paid(t.date));
        free.map(|t| t.amount).collect::<Vec<_>>()
    };
    let (all, large) = (moves(0), moves(4_000));
    assert!(all.iter().any(|m| *m < Money::whole(4_000)), "{all:?}");
    assert!(!large.is_empty() && large.iter().all(|m| *m >= Money::whole(4_000)), "{large:?}");
    nothing_moves(&one_sleeve(), "min_transfer", |s| s.min_transfer = Some(Money::whole(4_000)));
}

/// A specialist who takes every loss to be worth the top rates harvests more for a household in a low bracket.
/// For one that pays the top rates, the rates are nearly the same.
#[test]
fn the_top_rate_harvests_more() {
    let harvested = |config: &Config, rate| {
        let arm = run(config, |s| s.harvest_rate = Some(rate));
        let sales = arm.journal.trades.iter().filter(|t| t.sleeve == DIRECT && t.side == Side::Sell);
        -sales.map(Trade::gain).filter(|g| g.is_negative()).sum::<Money>().to_f64()
    };
    let mut low = household();
    low.tax.outside.ordinary_taxable = Money::whole(60_000);
    low.tax.outside.magi = Money::whole(80_000);
    let (own, top) = (harvested(&low, HarvestRate::Household), harvested(&low, HarvestRate::Top));
    assert!(top > 1.5 * own, "{own} {top}");
    // The advisor's funds are not the specialist's.
    let mut funds = household();
    for (i, fund) in ["INDEX", "BONDS"].into_iter().enumerate() {
        funds.policy[i] =
            PolicySleeve { fund: fund.to_owned(), stocks: Vec::new(), ..funds.policy[i].clone() };
    }
    nothing_moves(&funds, "no specialist", |s| s.harvest_rate = Some(HarvestRate::Top));
}

/// By risk, two asset classes that move alike may drift apart; by a price they may not.
#[test]
fn drift_by_risk_and_by_price() {
    let price = |s: &mut SmaConfig, price: f64| {
        (s.drift_by, s.drift_price) = (Some(DriftBy::Price), Some(price));
    };
    let risk = run(&household(), |s| s.drift_by = Some(DriftBy::Risk));
    let dear = run(&household(), |s| price(s, 0.2));
    let free = run(&household(), |s| price(s, 0.0));
    let left = |arm: &ArmResult| drift(arm)[0].average_left.unwrap();
    println!("{} {} {}", left(&risk), left(&dear), left(&free));
    assert!(left(&dear) < left(&risk) && left(&risk) < left(&free));
    nothing_moves(&one_sleeve(), "drift_by", |s| price(s, 0.05));
}

/// Habits that contradict each other are refused, with the key, the value and what was expected.
#[test]
fn contradicting_habits_are_refused() {
    let faults = |sma: &str| {
        let config = sample_config_with(&format!("{{\"sma\": {sma}}}")).unwrap();
        config.faults().into_iter().map(|f| format!("{}: {}", f.key, f.message)).collect::<Vec<_>>()
    };
    let lots = "sma.funding: least_cost with sees_lots = false: expected overweight_first, pro_rata or \
                funds_first, which need no lots";
    assert_eq!(faults(r#"{"sees_lots": false}"#), [lots]);
    assert_eq!(faults(r#"{"practice": "typical", "funding": "least_cost"}"#), [lots]);
    assert_eq!(faults(r#"{"sees_lots": false, "funding": "pro_rata"}"#), [""; 0]);
    let drift = "sma.drift_price: a price with drift_by = \"risk\": expected one of the two";
    assert_eq!(faults(r#"{"drift_by": "risk", "drift_price": 0.02}"#), [drift]);
    for practice in Practice::ALL {
        assert_eq!(faults(&format!("{{\"practice\": \"{}\"}}", practice.as_str())), [""; 0]);
    }
    let unknown = sample_config_with(r#"{"sma": {"practice": "ideal"}}"#).unwrap_err();
    assert!(
        unknown.contains("ideal") && Practice::ALL.iter().all(|p| unknown.contains(p.as_str())),
        "{unknown}"
    );
}
