//! The tasks that the comparison covers, each in both setups, from the example files in
//! `docs/examples/tasks`.

use std::path::Path;

use chrono::{Datelike, NaiveDate};
use unisleeve::readers::load_config;
use unisleeve_core::books::journal::{CashKind, CashRow, Side, TicketKind, Trade};
use unisleeve_core::engine::ArmResult;
use unisleeve_core::mandates::{ArmKind, Config, Practice};
use unisleeve_core::market::Market;
use unisleeve_core::study::measure::{Workload, workload};
use unisleeve_core::tax::{Carryforward, Income, State, bill};
use unisleeve_core::units::{AccountId, MandateId, Money, Price, SecurityId};
use unisleeve_tests::day;
use unisleeve_tests::markets::{Bench, sample};

struct Task {
    config: Config,
    market: Market,
    uma: ArmResult,
    sma: ArmResult,
}

impl Task {
    /// Runs an example in both setups and checks what holds for every task.
    fn run(name: &str) -> Self {
        Self::of(name, config(name))
    }

    /// As [`Self::run`], with separate managers who act at once and whenever UMA may.
    fn at_their_best(name: &str) -> Self {
        let mut config = config(name);
        config.sma.practice = Some(Practice::Best);
        Self::of(name, config)
    }

    fn of(name: &str, config: Config) -> Self {
        let market = sample();
        let bench = Bench::new(&[ArmKind::Uma, ArmKind::Sma], &config, &market);
        let run = |kind| bench.run(kind, &config).unwrap_or_else(|e| panic!("{name}: {e}"));
        let (uma, sma) = (run(ArmKind::Uma), run(ArmKind::Sma));
        for arm in [&uma, &sma] {
            assert!(arm.ruin.is_none(), "{name}: ruin {:?}", arm.ruin);
            assert!(arm.journal.marks.iter().all(|m| !m.cash.is_negative()));
            for s in &arm.journal.solves {
                assert!(
                    s.lower_bound <= s.objective + 1e-10,
                    "{name} {}: certificate {} {} {}",
                    s.date,
                    s.objective,
                    s.lower_bound,
                    s.steps
                );
            }
        }
        assert_eq!(uma.setup.mandates.len(), 1);
        assert!(sma.setup.mandates.len() > 1);
        // The client's flows are the same on the same days in both setups, except for the value of a closed
        // account.
        if config.household.closings.is_empty() {
            assert_eq!(client_flows(&uma), client_flows(&sma), "{name}");
        }
        Self { config, market, uma, sma }
    }

    fn arms(&self) -> [&ArmResult; 2] {
        [&self.uma, &self.sma]
    }

    fn security(&self, symbol: &str) -> SecurityId {
        self.market.find(symbol).expect("a symbol of the sample")
    }

    fn close(&self, security: SecurityId, date: NaiveDate) -> Price {
        let view = self.market.sessions(date, date).next().expect("a session");
        view.last_close(security).expect("a price")
    }
}

fn config(name: &str) -> Config {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../docs/examples/tasks/{name}.toml"));
    load_config(&path).unwrap_or_else(|e| panic!("{name}: {e:?}"))
}

fn client_flows(arm: &ArmResult) -> Vec<(NaiveDate, Money)> {
    let is_flow = |k| matches!(k, CashKind::Contribution | CashKind::Withdrawal);
    arm.journal.cash.iter().filter(|c| is_flow(c.kind)).map(|c| (c.date, c.amount)).collect()
}

fn trades(arm: &ArmResult, side: Side) -> impl Iterator<Item = &Trade> {
    arm.journal.trades.iter().filter(move |t| t.side == side)
}

fn trades_until(arm: &ArmResult, date: NaiveDate) -> impl Iterator<Item = &Trade> {
    arm.journal.trades.iter().filter(move |t| t.date <= date)
}

fn trading_days(arm: &ArmResult) -> Vec<NaiveDate> {
    let mut days: Vec<NaiveDate> = arm.journal.trades.iter().map(|t| t.date).collect();
    days.dedup();
    days
}

fn work(arm: &ArmResult) -> Workload {
    workload(&arm.journal, arm.setup.mandates.len())
}

#[test]
fn opening_with_cash() {
    let task = Task::at_their_best("opening_with_cash");
    for arm in task.arms() {
        let first = &arm.journal.marks[0];
        assert!(first.cash < Money::whole(100), "{} left in cash", first.cash);
        assert!(first.value > Money::whole(1_999_000));
    }
    // A separate manager must receive money. A single manager of everything needs no instruction.
    assert!(work(&task.sma).tickets > 0 && work(&task.sma).transfers > 0);
    assert_eq!((work(&task.uma).tickets, work(&task.uma).transfers), (0, 0));
    assert!(work(&task.sma).tasks > work(&task.uma).tasks);
}

#[test]
fn opening_with_a_concentrated_stock() {
    let task = Task::run("opening_with_a_concentrated_stock");
    let xom = task.security("XOM");
    let budget = task.config.tax.gains_budget.expect("a budget");
    for arm in task.arms() {
        let opening: Vec<_> = trades(arm, Side::TransferIn).collect();
        assert_eq!((opening.len(), opening[0].basis), (1, Money::whole(240_000)));
        // The position goes to the manager of the direct index.
        assert_eq!(opening[0].sleeve.0, 0);
        for year in &arm.journal.tax_years {
            // When gains were realized against a loss, the manager could not know that a later purchase would
            // disallow it.
            let washed = arm.journal.washed.iter().filter(|w| w.date.year() == year.year);
            let net = year.net_short + year.net_long - washed.map(|w| w.disallowed).sum();
            println!(
                "{:?} {} net {} {} after {net}",
                arm.setup.kind, year.year, year.net_short, year.net_long
            );
            // Gains beyond the budget were realized by sales on days on which a tax bill was paid.
            let bills: Vec<NaiveDate> =
                arm.journal.cash.iter().filter(|c| c.kind == CashKind::Tax).map(|c| c.date).collect();
            let on_bills =
                trades(arm, Side::Sell).filter(|t| t.date.year() == year.year && bills.contains(&t.date));
            let forced: Money = on_bills.map(|t| t.gain().max(Money::ZERO)).sum();
            assert!(
                net <= budget + forced,
                "{:?} {}: {net}, {forced} on days of bills",
                arm.setup.kind,
                year.year
            );
            assert!(forced < budget, "{:?} {}: {forced} in April", arm.setup.kind, year.year);
        }
        let sold: Money = trades(arm, Side::Sell).filter(|t| t.security == xom).map(|t| t.amount).sum();
        assert!(sold > Money::whole(200_000), "{:?}: only {sold} sold in five years", arm.setup.kind);
        let year_one: Money = trades(arm, Side::Sell)
            .filter(|t| t.security == xom && t.date.year() == 2004)
            .map(|t| t.amount)
            .sum();
        assert!(year_one < Money::whole(160_000), "{:?}: {year_one} in the first year", arm.setup.kind);
    }
}

#[test]
fn opening_with_funds() {
    let task = Task::run("opening_with_funds");
    let (ko, msft, spx) = (task.security("KO"), task.security("MSFT"), task.security("SPX"));
    for arm in task.arms() {
        let sleeve = |s: SecurityId| {
            let t = trades(arm, Side::TransferIn).find(|t| t.security == s).expect("a lot");
            arm.setup.phases[0].sleeves[t.sleeve.index()].name.clone()
        };
        assert_eq!((sleeve(spx).as_str(), sleeve(ko).as_str()), ("S&P 500 fund", "legacy"));
        assert!(trades(arm, Side::Sell).all(|t| t.security != ko), "a lot that must be kept was sold");
        assert!(trades(arm, Side::Buy).all(|t| t.security != ko && t.security != msft));
        assert!(
            trades(arm, Side::Sell).any(|t| t.security == msft),
            "{:?} keeps what nobody asks for",
            arm.setup.kind
        );
    }
}

#[test]
fn new_cash() {
    let task = Task::run("new_cash");
    let paid_in: Money = client_flows(&task.uma).iter().map(|f| f.1).sum();
    // 59 months from February 2004 to December 2008.
    assert_eq!(paid_in, Money::whole(500_000 + 59 * 4_000 + 250_000));
    for arm in task.arms() {
        let after = arm.journal.marks.iter().find(|m| m.date > day("2006-06-05")).expect("a mark");
        assert!(after.cash.to_f64() < 0.02 * after.value.to_f64(), "{} in cash", after.cash);
    }
}

#[test]
fn cash_out() {
    let task = Task::run("cash_out");
    let taken: Money = client_flows(&task.sma).iter().map(|f| f.1).filter(|m| m.is_negative()).sum();
    assert_eq!(taken, Money::whole(-59 * 5_000 - 200_000));
    let large =
        |arm: &ArmResult| client_flows(arm).iter().any(|f| *f == (day("2007-03-14"), Money::whole(-200_000)));
    assert!(task.arms().into_iter().all(large));
    assert!(task.sma.journal.tickets.iter().any(|t| t.kind == TicketKind::Raise));
}

#[test]
fn rebalancing_by_calendar() {
    let task = Task::at_their_best("rebalancing_by_calendar");
    for arm in task.arms() {
        for date in trading_days(arm) {
            // The first session of a quarter, or a tax bill.
            let is_quarter = date.month() % 3 == 1 && date.day() < 7;
            assert!(
                is_quarter || date.month() == 4 && (15..19).contains(&date.day()),
                "{:?} {date}",
                arm.setup.kind
            );
        }
    }
}

#[test]
fn rebalancing_by_bands() {
    let task = Task::at_their_best("rebalancing_by_bands");
    for arm in task.arms() {
        let days = trading_days(arm);
        assert!((2..60).contains(&days.len()), "{:?}: {} trading days", arm.setup.kind, days.len());
        assert!(days.iter().any(|d| d.day() > 7), "only by the calendar: {days:?}");
    }
}

#[test]
fn strategy_change() {
    let task = Task::run("strategy_change");
    let (ko, pep) = (task.security("KO"), task.security("PEP"));
    let (xom, bonds) = (task.security("XOM"), task.security("UST10"));
    let change = day("2006-07-03");
    for arm in task.arms() {
        assert!(trades(arm, Side::Buy).any(|t| t.security == ko && t.date < change));
        assert!(
            arm.lots.iter().all(|(s, _)| *s != ko && *s != pep),
            "{:?} holds an excluded stock",
            arm.setup.kind
        );
        assert!(trades(arm, Side::Buy).all(|t| t.date < change || ![ko, pep, xom].contains(&t.security)));
        let end = arm.journal.marks.last().expect("a mark");
        let held = arm.lots.iter().filter(|(s, _)| *s == bonds).map(|(_, l)| l.quantity).sum();
        let weight = Money::of(held, task.close(bonds, end.date)).to_f64() / end.value.to_f64();
        assert!((0.55..0.68).contains(&weight), "{:?}: {weight} in bonds", arm.setup.kind);
    }
    let told = |arm: &ArmResult| arm.journal.tickets.iter().filter(|t| t.kind == TicketKind::Change).count();
    assert_eq!((told(&task.uma), told(&task.sma)), (0, 1));
}

#[test]
fn fund_swap() {
    let task = Task::run("fund_swap");
    let spx = task.security("SPX");
    for arm in task.arms() {
        assert!(trades(arm, Side::Buy).any(|t| t.security == spx));
        assert!(trades(arm, Side::Buy).all(|t| t.security != spx || t.date < day("2006-01-03")));
        assert!(trades(arm, Side::Sell).any(|t| t.security == spx && t.date >= day("2006-01-03")));
    }
}

#[test]
fn allocation_model() {
    let task = Task::run("allocation_model");
    assert_eq!(task.config.changes.len(), 2);
    for arm in task.arms() {
        assert_eq!(arm.setup.phases.len(), 3);
        assert!(trading_days(arm).contains(&day("2007-07-02")));
    }
}

#[test]
fn wash_sales() {
    let task = Task::run("wash_sales");
    assert_eq!(task.sma.setup.mandates.len(), 3);
    let acting = task.sma.setup.acting(&task.config);
    assert!(acting.has(unisleeve_core::mandates::Switch::Wash));
    let washed = |arm: &ArmResult| -> Money { arm.journal.washed.iter().map(|w| w.disallowed).sum() };
    let harvested = |arm: &ArmResult| -> Money {
        trades(arm, Side::Sell).map(Trade::gain).filter(|g| g.is_negative()).sum()
    };
    for arm in task.arms() {
        // Money never moves between a retirement account and another account.
        assert!(arm.journal.transfers.iter().all(|t| {
            let account = |p: usize| p / arm.setup.mandates.len();
            account(t.from.index()) == account(t.to.index())
        }));
        assert!(arm.lots.iter().any(|(_, l)| l.account == AccountId(1)));
    }
    // The manager who sees all trades has the smaller fraction of losses disallowed.
    let part = |arm| washed(arm).to_f64() / -harvested(arm).to_f64();
    assert!(part(&task.uma) < part(&task.sma), "{} against {}", part(&task.uma), part(&task.sma));
}

#[test]
fn tax_year_end() {
    let task = Task::run("tax_year_end");
    for arm in task.arms() {
        for y in &arm.journal.tax_years {
            let Some(paid) = y.paid_on else { continue };
            let due = NaiveDate::from_ymd_opt(y.year + 1, 4, 15).expect("a date");
            assert!(paid >= due && (paid - due).num_days() < 5, "{} paid on {paid}", y.year);
        }
        assert!(arm.journal.cash.iter().any(|c| matches!(c.kind, CashKind::Tax | CashKind::TaxCredit)));
    }
}

#[test]
fn gifting() {
    let task = Task::run("gifting");
    for arm in task.arms() {
        let gifts: Vec<&Trade> = trades(arm, Side::GiftOut).collect();
        let mut given = [Money::ZERO; 4];
        for g in &gifts {
            assert!(g.quantity.is_negative() && !g.basis.is_positive());
            assert!(g.holding_start < g.date - chrono::Days::new(365), "a short-term lot was given");
            let value = -Money::of(g.quantity, task.close(g.security, g.date));
            assert!(value > -g.basis, "a loss was given away");
            given[(g.date.year() - 2005) as usize] += value;
        }
        assert!(
            given.iter().all(|x| (Money::whole(29_900)..=Money::whole(30_000)).contains(x)),
            "{:?}: {given:?}",
            arm.setup.kind
        );
    }
}

#[test]
fn closing_in_cash() {
    let task = Task::run("closing_in_cash");
    for arm in task.arms() {
        assert_eq!(arm.closed.len(), 1);
        assert!(arm.closed[0].cash > Money::whole(800_000) && arm.closed[0].in_kind.is_zero());
        assert!(arm.lots.is_empty());
        let end = arm.journal.marks.last().expect("a mark");
        // The remainder is kept for the tax on the sale.
        assert!(end.value == end.cash && end.value > Money::whole(10_000));
        assert!((end.value - end.accrued_tax).abs() < Money::whole(100), "{} {}", end.value, end.accrued_tax);
        let bill = arm.journal.tax_years.iter().find(|y| y.year == 2008).expect("a return");
        assert!(bill.paid_on.is_none(), "due in April after the end");
    }
}

#[test]
fn closing_in_kind() {
    let task = Task::run("closing_in_kind");
    for arm in task.arms() {
        let joint = AccountId(1);
        assert_eq!((arm.closed.len(), arm.closed[0].account), (1, joint));
        assert!(arm.closed[0].in_kind > Money::whole(200_000));
        assert!(arm.lots.iter().all(|(_, l)| l.account != joint));
        assert!(trades(arm, Side::TransferOut).all(|t| t.account == joint && t.date == day("2007-09-04")));
        assert!(arm.journal.trades.iter().all(|t| t.account != joint || t.date <= day("2007-09-04")));
    }
}

#[test]
fn restrictions() {
    let task = Task::run("restrictions");
    let never = ["XOM", "KO", "PEP"].map(|s| task.security(s));
    let jnj = task.security("JNJ");
    for arm in task.arms() {
        assert!(trades(arm, Side::Buy).all(|t| !never.contains(&t.security)));
        assert!(trades(arm, Side::Sell).all(|t| t.security != jnj));
        for t in
            trades(arm, Side::Buy).filter(|t| task.market.securities()[t.security.index()].kind != "fund")
        {
            let mark = arm.journal.marks.iter().find(|m| m.date == t.date).expect("a mark");
            let bought: Money = trades(arm, Side::Buy)
                .filter(|o| (o.date, o.security) == (t.date, t.security))
                .map(|o| o.amount)
                .sum();
            assert!(bought.to_f64() < 0.0301 * mark.value.to_f64(), "{}: {bought}", t.date);
        }
    }
}

#[test]
fn control_arms() {
    let config = config("control_arms");
    let market = sample();
    let bench = Bench::new(&[ArmKind::FundPairs, ArmKind::UmaSubset, ArmKind::Funds], &config, &market);
    let pairs = bench.run(ArmKind::FundPairs, &config).expect("a run");
    let funds = bench.run(ArmKind::Funds, &config).expect("a run");
    let subset = bench.run(ArmKind::UmaSubset, &config).expect("a run");
    let stocks = |arm: &ArmResult| {
        let mut held: Vec<SecurityId> = trades(arm, Side::Buy)
            .map(|t| t.security)
            .filter(|s| market.securities()[s.index()].kind != "fund")
            .collect();
        held.sort();
        held.dedup();
        held.len()
    };
    assert_eq!((stocks(&subset), stocks(&pairs), stocks(&funds)), (10, 0, 0));
    let losses = |arm: &ArmResult| -> Money {
        trades(arm, Side::Sell).map(Trade::gain).filter(|g| g.is_negative()).sum()
    };
    assert!(losses(&pairs) < losses(&funds), "pairs harvest: {} against {}", losses(&pairs), losses(&funds));
}

#[test]
fn lag_and_fees() {
    let task = Task::run("lag_and_fees");
    let (mut found, mut billed) = ([0.0; 2], 0);
    for (arm, sum) in task.arms().into_iter().zip(&mut found) {
        // Fees are charged on the first session of a quarter for the days since the last charge: 55 basis
        // points of everything, or 50 plus 20 on the direct index.
        let mut charged = task.config.start;
        let paid = |kind: CashKind, date| -> f64 {
            arm.journal
                .cash
                .iter()
                .filter(|c| c.kind == kind && c.date == date)
                .map(|c| -c.amount.to_f64())
                .sum()
        };
        for days in arm.journal.marks.windows(2) {
            let (before, date) = (days[0].date, days[1].date);
            if before.month0() / 3 == date.month0() / 3 {
                assert!(paid(CashKind::Fee, date).abs() < 1e-9, "{:?}: a fee on {date}", arm.setup.kind);
                continue;
            }
            // The value before the day's payments and trades, with their cost added back.
            let put_back = [CashKind::Fee, CashKind::Tax, CashKind::Withdrawal, CashKind::Cost];
            let value = days[1].value.to_f64() + put_back.map(|k| paid(k, date)).iter().sum::<f64>();
            let is_direct = |t: &&Trade| t.sleeve.0 == 0 && (t.date < date || matches!(t.side, Side::Split));
            let direct: f64 = trades_until(arm, date)
                .filter(is_direct)
                .map(|t| {
                    let sign = if t.side == Side::Sell { -1.0 } else { 1.0 };
                    sign * t.quantity.to_f64() * task.close(t.security, date).to_f64()
                })
                .sum();
            let yearly = match arm.setup.kind {
                ArmKind::Uma => 0.0055 * value,
                _ => 0.0050 * value + 0.0020 * direct,
            };
            let due = yearly * (date - charged).num_days() as f64 / 365.0;
            assert!(
                (paid(CashKind::Fee, date) - due).abs() < 0.01,
                "{:?} {date}: {} paid of {due}",
                arm.setup.kind,
                paid(CashKind::Fee, date)
            );
            charged = date;
            *sum += due;
            billed += 1;
        }
    }
    assert_eq!(billed, 2 * 19, "five years of quarters but the first, in each arm");
    assert!(found[1] > found[0], "59 basis points of the separate managers against 55");
    promises_are_kept(&task);
}

/// Money that the advisor requests from the specialist arrives after notice and lag, in full and once. Until then
/// nobody invests it.
fn promises_are_kept(task: &Task) {
    let journal = &task.sma.journal;
    let habits = &task.sma.setup.habits;
    let lag = habits.lag as usize;
    let delay = habits.notice as usize + lag;
    let session = |date: NaiveDate| journal.marks.iter().position(|m| m.date == date).expect("a session");
    let specialist = task.sma.setup.pocket(AccountId(0), MandateId(0));
    let arrived: Vec<(usize, Money)> = journal
        .transfers
        .iter()
        .filter(|t| t.from == specialist)
        .map(|t| (session(t.date), t.amount))
        .collect();
    let asked: Vec<(usize, Money)> = journal
        .tickets
        .iter()
        .filter(|t| t.kind == TicketKind::Raise)
        .map(|t| (session(t.date) + delay, t.amount))
        .filter(|(due, _)| *due < journal.marks.len())
        .collect();
    assert!(asked.len() > 10, "{} requests", asked.len());
    assert_eq!(arrived.len(), asked.len());
    for ((due, asked), (came, paid)) in asked.iter().zip(&arrived) {
        assert_eq!(due, came, "{delay} sessions");
        assert!(paid <= asked && *asked - *paid < Money::ONE, "{paid} of {asked}");
    }
    // At each close the specialist still holds the money in transit.
    let mut balance = Money::ZERO;
    let mut cash = journal.cash.iter().filter(|c| c.pocket == specialist).peekable();
    for (at, mark) in journal.marks.iter().enumerate() {
        while let Some(row) = cash.next_if(|c| c.date <= mark.date) {
            balance += row.amount;
        }
        let promised: Money =
            arrived.iter().filter(|(came, _)| *came > at && *came <= at + lag).map(|(_, m)| *m).sum();
        assert!(balance >= promised, "{}: {balance} held, {promised} promised", mark.date);
    }
}

/// Under the law of each year: the tax of 2002 is at 20% on gains, that of 2004 at 15%; the IRA's first distribution is
/// of the year in which its owner reaches 70 1/2; income falls in 2006.
#[test]
fn retirement() {
    let task = Task::run("retirement");
    for arm in task.arms() {
        let rows = |kind| arm.journal.cash.iter().filter(move |c| c.kind == kind);
        let moved: Vec<_> = rows(CashKind::Distribution).filter(|c| c.amount.is_positive()).collect();
        assert!(moved.iter().all(|c| c.account.is_main() && c.date.month() == 12));
        let years: Vec<i32> = moved.iter().map(|c| c.date.year()).collect();
        // None in 2009 (P.L. 110-458, section 201).
        assert_eq!(years, [2006, 2007, 2008, 2010, 2011, 2012], "{}", arm.setup.kind.as_str());
        let taxed: Money = arm.journal.tax_years.iter().map(|y| y.distributions).sum();
        let out = |k: CashKind| matches!(k, CashKind::Distribution | CashKind::Withdrawal | CashKind::Tax);
        let left = |c: &&CashRow| !c.account.is_main() && out(c.kind);
        assert_eq!(taxed, -arm.journal.cash.iter().filter(left).map(|c| c.amount).sum::<Money>());
    }
}

/// The gain of 2011 pays Washington's tax alone: 7% above $278,000.
#[test]
fn move_to_another_state() {
    let task = Task::run("move_to_another_state");
    let of = |year: i32| task.config.outside_in(year);
    assert_eq!(of(2009).state.map(State::code), Some("NYC"));
    assert_eq!(of(2010).state.map(State::code), Some("WA"));
    let laws = task.config.tax.laws(2006).unwrap();
    let gain = of(2011).with_gains(&task.config.household.outside_gains, 2011, day("2011-12-31"));
    let bill = bill(&laws.of(2011), &gain, &Income::default(), Carryforward::default());
    assert_eq!(bill.state_tax, Money::whole(43_540));
}
