//! What a decision may look at, tested on a small market: three stocks and two funds with constant prices,
//! except for one fall of stock A. The household has one taxable account and an IRA.

use chrono::{Datelike, Days, NaiveDate};

use super::decide::{Piece, position};
use super::execute::{exits, top_up};
use super::location::location;
use super::{DecisionContext, give};
use crate::RiskTimeline;
use unisleeve_books::household::{Ledger, Order, Pocket, TaxReturns};
use unisleeve_books::journal::{CashKind, Reason, Side};
use unisleeve_mandates::{
    AccountConfig, ArmKind, Band, Cell, Config, Flow, HouseholdConfig, PolicySleeve, Setup, Switch, Switches,
    Told, arm, partial,
};
use unisleeve_market::{Distribution, Market, Panel, Security, View};
use unisleeve_tax::{Carryforward, OutsideGain, last_long_start};
use unisleeve_units::{
    AccountId, AccountKind, IncomeKind, MandateId, Money, PocketId, Price, Rate, SecurityId, Shares,
    SleeveId, Term,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

const FROM: &str = "2024-01-01";
const TO: &str = "2025-12-31";

/// A household in this market. The close of A falls from 100 to 80 on 2024-06-03.
struct Stage {
    market: Market,
    config: Config,
    setup: Setup,
    timeline: RiskTimeline,
    ledger: Ledger,
    returns: TaxReturns,
}

impl Stage {
    /// Builds SMA with `switches` on, or another kind of arm.
    fn new(kind: ArmKind, switches: &[Switch], change: impl FnOnce(&mut Config)) -> Self {
        let sessions: Vec<NaiveDate> = day(FROM).iter_days().take_while(|d| *d <= day(TO)).collect();
        let symbols = ["A", "B", "C", "FUND", "INDEX"];
        let securities = symbols.map(|symbol| Security {
            symbol: symbol.to_owned(),
            name: symbol.to_owned(),
            kind: if symbol.len() == 1 { "stock" } else { "fund" }.to_owned(),
            ..Security::default()
        });
        let closes = sessions.iter().flat_map(|d| {
            let a = if *d < day("2024-06-03") { 100 } else { 80 };
            [a, 50, 20, 10, 25].map(Price::whole)
        });
        // FUND pays interest of half a percent a month; nothing else pays.
        let paid = Distribution {
            security: SecurityId(3),
            kind: IncomeKind::Interest,
            per_share: Price::from_f64(0.05).unwrap(),
        };
        let distributions =
            sessions.iter().enumerate().filter(|(_, d)| d.day() == 15).map(|(s, _)| (s, paid)).collect();
        let panel = Panel {
            closes: closes.collect(),
            sessions,
            securities: securities.into(),
            distributions,
            ..Panel::default()
        };
        let mut market = Market::new(panel).unwrap();
        let mut config = Config {
            start: day("2024-02-01"),
            end: day(TO),
            household: HouseholdConfig {
                cash: Money::whole(1_000_000),
                accounts: vec![AccountConfig {
                    name: "ira".to_owned(),
                    kind: AccountKind::Ira,
                    cash: Money::whole(100_000),
                    born: None,
                }],
                flows: Vec::<Flow>::new(),
                ..HouseholdConfig::default()
            },
            policy: vec![
                PolicySleeve {
                    name: "direct".to_owned(),
                    weight: 0.6,
                    stocks: ["A", "B", "C"].map(str::to_owned).into(),
                    fund: "INDEX".to_owned(),
                    ..PolicySleeve::default()
                },
                PolicySleeve {
                    name: "rest".to_owned(),
                    weight: 0.4,
                    fund: "FUND".to_owned(),
                    ..PolicySleeve::default()
                },
            ],
            ..Config::default()
        };
        change(&mut config);
        assert_eq!(config.faults(), []);
        let on = switches.iter().fold(unisleeve_mandates::Switches::NONE, |on, s| on.with(*s));
        let setup = if kind == ArmKind::Sma {
            partial(on, &config, &mut market).unwrap()
        } else {
            arm(kind, &config, &mut market).unwrap()
        };
        let span = (config.start, config.end);
        let timeline = RiskTimeline::new(&market, setup.universe(), span, &config.trading, config.risk);
        let mut pockets = Vec::new();
        for account in 0..setup.accounts.len() as u16 {
            for mandate in 0..setup.mandates.len() as u16 {
                let (account, mandate) = (AccountId(account), MandateId(mandate));
                pockets.push(Pocket { account, mandate, balance: Money::ZERO });
            }
        }
        let mut ledger = Ledger::new(setup.accounts.clone(), pockets, setup.identical.clone(), 2024);
        for p in 0..ledger.pockets().len() {
            let paid_in = Money::whole(500_000);
            ledger
                .book_cash(config.start, PocketId(p as u16), CashKind::Contribution, None, paid_in)
                .unwrap();
        }
        let laws = config.tax.laws(2024).unwrap();
        let returns = TaxReturns::new(laws, config.tax.outside, 2024, Carryforward::default());
        Self { market, config, setup, timeline, ledger, returns }
    }

    fn view(&self, date: &str) -> View<'_> {
        self.market.sessions(day(date), day(date)).next().unwrap()
    }

    fn see<T>(&self, date: &str, promised: &[Money], look: impl FnOnce(&DecisionContext<'_>) -> T) -> T {
        let view = self.view(date);
        look(&DecisionContext {
            view,
            known: view,
            long_from: last_long_start(day(date)),
            config: &self.config,
            setup: &self.setup,
            sleeves: self.setup.sleeves(day(date)),
            returns: &self.returns,
            risk: self.timeline.at(day(date)).unwrap(),
            places: &self.timeline.places,
            later_rate: 0.238,
            wealth: Money::whole(1_000_000),
            budget_parts: &[0.25, 0.75],
            promised,
            session: 0,
            requests: &[],
        })
    }

    fn id(&self, symbol: &str) -> SecurityId {
        self.market.find(symbol).unwrap()
    }

    fn order(&self, date: &str, account: u16, symbol: &str) -> Order {
        let sleeve = SleeveId(u16::from(symbol == "FUND"));
        Order {
            date: day(date),
            pocket: self.setup.pocket(AccountId(account), self.setup.mandate_of(sleeve)),
            sleeve,
            security: self.id(symbol),
            price: self.view(date).close(self.id(symbol)).unwrap(),
            cost_rate: Rate::ZERO,
            reason: Reason::default(),
        }
    }

    fn buy(&mut self, date: &str, account: u16, symbol: &str, shares: i32) {
        let order = self.order(date, account, symbol);
        self.ledger.buy(&order, Shares::whole(shares)).unwrap();
    }

    /// Sells all shares of a symbol in an account.
    fn sell(&mut self, date: &str, account: u16, symbol: &str) {
        let order = self.order(date, account, symbol);
        let lots = self.ledger.lots(order.security).iter().filter(|l| l.account == AccountId(account));
        let pieces: Vec<_> = lots.map(|l| (l.piece, l.quantity)).collect();
        self.ledger.sell(&order, &pieces).unwrap();
    }

    /// Pieces of a stock in the taxable account, and the loss that a dollar bought would disallow.
    fn pieces(&self, date: &str, symbol: &str) -> (Vec<Piece>, f64) {
        self.see(date, &[], |ctx| {
            let security = self.id(symbol);
            let is_it = |c: &&usize| {
                self.setup.cells[**c].account.is_main() && self.setup.cells[**c].sleeve == SleeveId(0)
            };
            let cells: Vec<usize> = (0..self.setup.cells.len()).collect();
            let cell = *cells.iter().find(is_it).unwrap();
            let holding = *ctx.sleeves[0].holdings.iter().find(|h| h.security == security).unwrap();
            let found = position(ctx, &self.ledger, cell, &holding, ctx.place(security).unwrap(), 0.0);
            (found.pieces, found.disallows)
        })
    }
}

fn sma() -> Stage {
    Stage::new(ArmKind::Sma, &[], |_| ())
}

/// Cash promised to the advisor is not the manager's to invest.
#[test]
fn cash_that_is_promised_is_not_free() {
    let stage = sma();
    let (specialist, advisor) = (MandateId(0), stage.setup.advisor());
    assert_ne!(specialist, advisor);
    let pockets = [specialist, advisor].map(|m| stage.setup.pocket(AccountId::MAIN, m));
    let mut promised = vec![Money::ZERO; stage.ledger.pockets().len()];
    promised[pockets[0].index()] = Money::whole(120_000);
    let free = |promised: &[Money]| {
        stage.see("2024-03-01", promised, |ctx| pockets.map(|p| ctx.free_cash(&stage.ledger, p)))
    };
    assert_eq!(free(&promised), [380_000, 500_000].map(Money::whole));
    assert_eq!(free(&[]), [500_000, 500_000].map(Money::whole));
}

/// A gains budget of 20,000. A separate manager has its part, less its own gains. A manager that sees the
/// household's gains has what all of them left. The parts add up to the budget.
#[test]
fn a_manager_has_its_share_of_the_gains_budget() {
    let budget = |config: &mut Config| config.tax.gains_budget = Some(Money::whole(20_000));
    for (switches, left, after) in [
        // A quarter and three quarters of 20,000; the first is reduced by the manager's own gain of 1,500.
        (vec![], [5_000, 15_000], [3_500, 15_000]),
        (vec![Switch::Gains], [20_000, 20_000], [18_500, 18_500]),
    ] {
        let mut stage = Stage::new(ArmKind::Sma, &switches, budget);
        let of = |m| stage.setup.cells_of(m).collect::<Vec<usize>>();
        let cells = [of(MandateId(0)), of(stage.setup.advisor())];
        let found = |stage: &Stage, date: &str| {
            let left =
                |c: &Vec<usize>| stage.see(date, &[], |ctx| ctx.budget_left(&stage.ledger, c).unwrap());
            [left(&cells[0]), left(&cells[1])].map(|x| Money::from_f64(x).unwrap())
        };
        assert_eq!(found(&stage, "2024-03-01"), left.map(Money::whole), "{switches:?}");
        // A gain of 1,500: 100 shares transferred in at 65 and sold at 80.
        let order = stage.order("2024-06-10", 0, "A");
        stage
            .ledger
            .transfer_lot_in(&order, Shares::whole(100), Money::whole(6_500), day("2020-01-02"))
            .unwrap();
        stage.sell("2024-06-10", 0, "A");
        assert_eq!(found(&stage, "2024-07-01"), after.map(Money::whole), "{switches:?}");
        // Each year has its own budget.
        assert_eq!(found(&stage, "2025-07-01"), left.map(Money::whole), "{switches:?}");
    }
    let without = Stage::new(ArmKind::Uma, &[], |_| ());
    let none = without.see("2024-03-01", &[], |ctx| ctx.budget_left(&without.ledger, &[0]));
    assert_eq!(none, None);
}

/// The 30 days before a sale (IRC 1091): a purchase of 10 shares 30 days ago replaces as many of the 100 sold
/// today; one 31 days ago replaces none.
#[test]
fn a_planner_looks_back_thirty_days() {
    for (days, washed) in [(0, 10), (29, 10), (30, 10), (31, 0), (32, 0)] {
        let mut stage = sma();
        stage.buy("2024-02-05", 0, "A", 100);
        let sold = day("2024-07-31");
        let bought = sold.checked_sub_days(Days::new(days)).unwrap().to_string();
        stage.buy(&bought, 0, "A", 10);
        let (pieces, _) = stage.pieces("2024-07-31", "A");
        let half = stage.config.trading.spread_bps / 20_000.0;
        let old = pieces.iter().find(|p| p.quantity == Shares::whole(100)).unwrap();
        // Bought at 100, now 80: each dollar sold loses a quarter and half the spread.
        assert!((old.gain + 0.25 + half).abs() < 1e-12, "{}", old.gain);
        // The new shares were bought at 80 and lose half the spread.
        let total = 100.0 * (0.25 + half) + 10.0 * half;
        let expected = f64::from(washed) * (0.25 + half) / total;
        assert!((old.washed - expected).abs() < 1e-12, "{days} days: {}", old.washed);
        assert!((old.counted() - old.gain * (1.0 - expected)).abs() < 1e-12, "{days} days");
        // The new shares do not replace themselves, and the old ones were bought too early to replace them.
        let new = pieces.iter().find(|p| p.quantity == Shares::whole(10)).unwrap();
        assert!(new.washed.abs() < 1e-15, "{days} days");
    }
}

/// As many shares bought as sold, or more: every loss is disallowed, and the planner counts on none.
#[test]
fn a_loss_is_washed_in_whole_by_as_many_shares() {
    for (bought, part) in [(25, 0.25), (100, 1.0), (300, 1.0)] {
        let mut stage = Stage::new(ArmKind::Sma, &[], |c| c.trading.spread_bps = 0.0);
        stage.buy("2024-02-05", 0, "A", 100);
        stage.buy("2024-07-15", 0, "A", bought);
        let old = stage.pieces("2024-07-31", "A").0[0];
        assert!((old.washed - part).abs() < 1e-12, "{bought}: {}", old.washed);
        // What the ledger books if all of the old shares are sold.
        let order = stage.order("2024-07-31", 0, "A");
        stage.ledger.sell(&order, &[(old.id, old.quantity)]).unwrap();
        let booked = stage.ledger.income(2024).net_short.to_f64();
        assert!((old.counted() * old.dollars - booked).abs() < 1e-6, "{bought}: {booked}");
    }
}

/// The 30 days after a sale: buying in this time would disallow its loss; a day later it would not.
#[test]
fn a_purchase_disallows_for_thirty_days() {
    let mut stage = sma();
    stage.buy("2024-02-05", 0, "A", 100);
    stage.sell("2024-07-01", 0, "A");
    // The loss is 20 a share, and a dollar buys an eightieth of a share.
    for (date, disallows) in [("2024-07-01", 0.25), ("2024-07-31", 0.25), ("2024-08-01", 0.0)] {
        let (_, found) = stage.pieces(date, "A");
        assert!((found - disallows).abs() < 1e-12, "{date}: {found}");
    }
}

/// A separate manager does not see purchases elsewhere; one with the household's view does.
#[test]
fn purchases_of_others_are_seen_only_with_the_switch() {
    let identical = |config: &mut Config| config.identical = vec![vec!["A".to_owned(), "FUND".to_owned()]];
    for (switches, washed) in [(vec![], false), (vec![Switch::Wash], true)] {
        let mut stage = Stage::new(ArmKind::Sma, &switches, identical);
        stage.buy("2024-02-05", 0, "A", 100);
        // The advisor buys an identical fund.
        stage.buy("2024-07-15", 0, "FUND", 10);
        assert_eq!(stage.pieces("2024-07-31", "A").0[0].washed > 0.0, washed, "{switches:?}");
    }
}

/// A holding is long-term from the day after the first anniversary of its purchase. In an IRA nothing is a
/// gain.
#[test]
fn pieces_know_their_term_and_their_account() {
    let mut stage = sma();
    stage.buy("2024-02-05", 0, "A", 100);
    for (date, term) in [("2025-02-05", Term::Short), ("2025-02-06", Term::Long)] {
        assert_eq!(stage.pieces(date, "A").0[0].term, term, "{date}");
    }
    stage.buy("2024-02-05", 1, "FUND", 7);
    let found = stage.see("2024-07-01", &[], |ctx| {
        let in_ira = |c: &usize| stage.setup.cells[*c] == Cell { account: AccountId(1), sleeve: SleeveId(1) };
        let cell = (0..stage.setup.cells.len()).find(in_ira).unwrap();
        let holding = *ctx.sleeves[1].holdings.iter().find(|h| h.security == stage.id("FUND")).unwrap();
        position(ctx, &stage.ledger, cell, &holding, 0, 0.0)
    });
    assert_eq!((found.pieces[0].quantity, found.for_good), (Shares::whole(7), true));
    assert!(found.pieces[0].counted().abs() < 1e-15 && found.pieces[0].washed.abs() < 1e-15);
}

/// Without the switch, a manager sees its own gains of this year and the others' of last year. With it, the
/// household's as of today.
#[test]
fn a_separate_manager_knows_last_year_s_gains_of_others() {
    for (switches, seen) in [(vec![], (1_000, 300)), (vec![Switch::Gains], (1_700, 0))] {
        let mut stage = Stage::new(ArmKind::Sma, &switches, |_| ());
        let gain = |stage: &mut Stage, date: &str, symbol: &str, basis: i32| {
            let order = stage.order(date, 0, symbol);
            stage
                .ledger
                .transfer_lot_in(&order, Shares::whole(100), Money::whole(basis), day("2020-01-02"))
                .unwrap();
            stage.sell(date, 0, symbol);
        };
        // The advisor's fund (10 a share): 300 last year, 700 this year. The specialist's stock (50): 500 and
        // 1,000.
        gain(&mut stage, "2024-03-01", "FUND", 700);
        gain(&mut stage, "2024-03-01", "B", 4_500);
        gain(&mut stage, "2025-03-03", "FUND", 300);
        gain(&mut stage, "2025-03-03", "B", 4_000);
        let law = stage.returns.law(2025);
        let view = stage.see("2025-06-02", &[], |ctx| ctx.tax_view(&stage.ledger, &law, MandateId(0)));
        assert_eq!(view.so_far.net_long, Money::whole(seen.0 + seen.1), "{switches:?}");
    }
}

/// A gain from outside on June 14 is known to the advisor and to one manager on that day. A specialist learns
/// of it as its habit says: at once, on the first session of December, or never.
#[test]
fn a_specialist_learns_of_outside_gains_as_its_habit_says() {
    let gain = OutsideGain { date: day("2024-06-14"), amount: Money::whole(90_000), term: Term::Long };
    let late = OutsideGain { date: day("2024-12-10"), amount: Money::whole(7_000), term: Term::Short };
    let mut stage = sma();
    let law = stage.returns.law(2024);
    stage.returns = stage.returns.with_outside_gains(vec![gain, late]);
    let specialist = MandateId(0);
    let mut seen = |told: Told, switches: Switches, mandate: MandateId, date: &str| {
        stage.setup.habits.knows_outside_gains = told;
        stage.setup.switches = switches;
        let outside = stage.see(date, &[], |ctx| ctx.tax_view(&stage.ledger, &law, mandate).outside);
        (outside.net_long.to_f64(), outside.net_short.to_f64())
    };
    let (none, advisor) = (Switches::NONE, MandateId(1));
    let (nothing, first, both) = ((0.0, 0.0), (90_000.0, 0.0), (90_000.0, 7_000.0));
    assert_eq!(seen(Told::Never, none, advisor, "2024-06-13"), nothing);
    assert_eq!(seen(Told::Never, none, advisor, "2024-06-14"), first);
    assert_eq!(seen(Told::AtOnce, none, specialist, "2024-06-13"), nothing);
    assert_eq!(seen(Told::AtOnce, none, specialist, "2024-06-14"), first);
    assert_eq!(seen(Told::Yearly, none, specialist, "2024-11-30"), nothing);
    assert_eq!(seen(Told::Yearly, none, specialist, "2024-12-01"), first);
    assert_eq!(seen(Told::Yearly, none, specialist, "2024-12-20"), first, "later ones are not told");
    assert_eq!(seen(Told::AtOnce, none, specialist, "2024-12-20"), both);
    assert_eq!(seen(Told::Never, none, specialist, "2024-12-20"), nothing);
    assert_eq!(seen(Told::Never, none.with(Switch::Gains), specialist, "2024-12-20"), both);
}

/// Half of the money is in the IRA. FUND (40%) pays 6% a year, INDEX nothing. With the bonds in the IRA there
/// is room left, so its price is that of INDEX, zero: only FUND in the taxable account costs something, 40.8%
/// of 6% for each of ten years at 4%. With one account, or without a choice, nothing costs.
#[test]
fn a_dollar_pays_for_the_wrong_account() {
    let location_of = |change: &dyn Fn(&mut Config)| {
        let stage = Stage::new(ArmKind::Uma, &[], |c| {
            c.policy[0].weight = 0.2;
            let index =
                PolicySleeve { name: "index".to_owned(), fund: "INDEX".to_owned(), ..c.policy[1].clone() };
            c.policy.push(index);
            change(c);
        });
        let cells: Vec<usize> = (0..stage.setup.cells.len()).collect();
        let costs = stage.see("2025-06-02", &[], |ctx| location(ctx, &stage.ledger, MandateId(0), &cells));
        let named = |c: &usize| {
            let cell = stage.setup.cells[*c];
            (stage.setup.sleeves(day(FROM))[cell.sleeve.index()].name.clone(), cell.account.is_main())
        };
        cells.iter().map(named).zip(costs).collect::<Vec<((String, bool), f64)>>()
    };
    let (mut annuity, mut discount) = (0.0, 1.0);
    for _ in 0..10 {
        discount /= 1.04;
        annuity += discount;
    }
    let costs = location_of(&|_| ());
    assert_eq!(costs.len(), 5, "the direct index is in the taxable account alone: {costs:?}");
    for ((name, is_main), cost) in costs {
        let expected = if name == "rest" && is_main { 0.06 * 0.408 * annuity } else { 0.0 };
        assert!((cost - expected).abs() < 1e-6, "{name}, {is_main}: {cost}, expected {expected}");
    }
    for change in [&(|c: &mut Config| c.household.accounts.clear()) as &dyn Fn(&mut Config), &|c| {
        c.household.accounts[0].kind = AccountKind::Taxable;
    }] {
        assert!(location_of(change).iter().all(|(_, cost)| *cost == 0.0));
    }
}

/// A spread of 8 basis points costs 4 on each order.
#[test]
fn an_order_pays_half_the_spread() {
    let stage = Stage::new(ArmKind::Uma, &[], |c| c.trading.spread_bps = 8.0);
    let found = stage
        .see("2024-03-01", &[], |ctx| (ctx.half_spread(), ctx.cost_rate(stage.id("A"), Money::whole(9))));
    assert_eq!(found, (Rate::from_raw(400), Rate::from_raw(400)));
}

/// Shares of a security sold to raise cash go in one order. Its pieces were bought within 30 days of each
/// other and do not replace each other; each keeps its own basis and holding period. Shares that stay do
/// replace those sold.
#[test]
fn cash_is_raised_from_a_name_in_one_order() {
    let raised = |dollars: i32| {
        let mut stage = Stage::new(ArmKind::Sma, &[], |c| c.trading.spread_bps = 0.0);
        stage.buy("2024-05-20", 0, "A", 10);
        stage.buy("2024-05-28", 0, "A", 10);
        let mut ledger = stage.ledger.clone();
        let pocket = stage.setup.pocket(AccountId::MAIN, MandateId(0));
        let keep = ledger.balance(pocket) + Money::whole(dollars);
        stage
            .see("2024-06-10", &[], |ctx| top_up(ctx, &mut ledger, (AccountId::MAIN, MandateId(0)), keep))
            .unwrap();
        let sales: Vec<_> =
            ledger.journal().trades.iter().filter(|t| t.side == Side::Sell).cloned().collect();
        assert!(ledger.balance(pocket) >= keep - Money::whole(1));
        let washed: Money = ledger.journal().washed.iter().map(|w| w.disallowed).sum();
        (sales, washed, ledger.income(2024).net_short)
    };
    // All 20 shares, bought at 100 and now at 80.
    let (sales, washed, net) = raised(1_600);
    assert_eq!((sales.len(), washed, net), (2, Money::ZERO, Money::whole(-400)));
    assert!(sales.iter().all(|t| t.holding_start == t.acquired && t.basis == Money::whole(1_000)));
    // 15 shares: the last five, bought on another day than the first ten, replace five of those.
    let (sales, washed, net) = raised(1_200);
    assert_eq!(
        sales.iter().map(|t| t.holding_start).collect::<Vec<_>>(),
        ["2024-05-20", "2024-05-28"].map(day)
    );
    assert!((washed - Money::whole(100)).abs() < Money::from_raw(50), "{washed}");
    assert!((net + Money::whole(200)).abs() < Money::from_raw(100), "{net}");
}

/// Gifts in kind take lots held for more than a year at a gain, with the largest gain per dollar first. The
/// last lot is given in part.
#[test]
fn gifts_take_the_most_gain_held_long() {
    let mut stage = Stage::new(ArmKind::Uma, &[], |_| ());
    let bring = |stage: &mut Stage, account: u16, symbol: &str, basis: i32, acquired: &str| {
        let order = stage.order("2024-06-10", account, symbol);
        let lot = stage.ledger.transfer_lot_in(&order, Shares::whole(10), Money::whole(basis), day(acquired));
        lot.unwrap()
    };
    // The price of A is 80, of B 50, of C 20.
    let half = bring(&mut stage, 0, "A", 400, "2020-01-02");
    let most = bring(&mut stage, 0, "B", 100, "2020-01-02");
    let loss = bring(&mut stage, 0, "C", 300, "2020-01-02");
    let short = bring(&mut stage, 0, "C", 1, "2023-06-10");
    let ira = bring(&mut stage, 1, "FUND", 1, "2020-01-02");
    let mut ledger = stage.ledger.clone();
    let given = stage.see("2024-06-10", &[], |ctx| give(ctx, &mut ledger, Money::whole(580))).unwrap();
    let gifts: Vec<_> = ledger.journal().trades.iter().filter(|t| t.side == Side::GiftOut).collect();
    assert_eq!(
        gifts.iter().map(|t| (t.lot, t.quantity)).collect::<Vec<_>>(),
        [(most, -Shares::whole(10)), (half, -Shares::ONE),]
    );
    assert_eq!((given, gifts[1].basis), (Money::whole(580), Money::whole(-40)));
    // All that may be given: no losses, no short-term lots, nothing from an IRA.
    let mut ledger = stage.ledger.clone();
    let given = stage.see("2024-06-10", &[], |ctx| give(ctx, &mut ledger, Money::whole(9_999))).unwrap();
    assert_eq!(given, Money::whole(1_300));
    let left: Vec<_> =
        ["A", "B", "C", "FUND"].iter().flat_map(|s| ledger.lots(stage.id(s))).map(|l| l.id).collect();
    assert!(
        left.contains(&loss) && left.contains(&short) && left.contains(&ira) && left.len() == 3,
        "{left:?}"
    );
    // A day later the third lot with a gain is long-term too.
    let mut ledger = stage.ledger.clone();
    let given = stage.see("2024-06-11", &[], |ctx| give(ctx, &mut ledger, Money::whole(9_999))).unwrap();
    assert_eq!(given, Money::whole(1_500));
}

/// Excluded lots are sold with the least gain first, as far as the year's gains budget lasts.
#[test]
fn excluded_names_leave_within_the_budget() {
    let sold = |budget: Option<i32>| {
        let mut stage = Stage::new(ArmKind::Uma, &[], |c| {
            c.restrictions.exclude = vec!["A".to_owned()];
            c.tax.gains_budget = budget.map(Money::whole);
        });
        // Lots of ten shares, at a price of 80: a loss of 100, a gain of 100, a gain of 300.
        for basis in [500, 900, 700] {
            let order = stage.order("2024-06-10", 0, "A");
            stage
                .ledger
                .transfer_lot_in(&order, Shares::whole(10), Money::whole(basis), day("2020-01-02"))
                .unwrap();
        }
        let mut ledger = stage.ledger.clone();
        stage.see("2024-06-10", &[], |ctx| exits(ctx, &mut ledger)).unwrap();
        let sales = ledger.journal().trades.iter().filter(|t| t.side == Side::Sell);
        sales.map(|t| t.basis).collect::<Vec<_>>()
    };
    let all = [900, 700, 500].map(Money::whole);
    assert_eq!(sold(None), all);
    assert_eq!(sold(Some(300)), all, "100 lost and 400 gained");
    assert_eq!(sold(Some(250)), all[..2]);
    assert_eq!(sold(Some(0)), all[..2], "the loss pays for the first gain");
}

/// Sleeves of a class share its band, at the sum of their weights. A single class has no band.
#[test]
fn a_class_s_band_is_at_the_weight_of_its_sleeves() {
    let stage = Stage::new(ArmKind::Uma, &[], |c| {
        let bonds = PolicySleeve {
            name: "more stocks".to_owned(),
            weight: 0.15,
            fund: "INDEX".to_owned(),
            asset_class: "stocks".to_owned(),
            ..PolicySleeve::default()
        };
        c.policy[0].asset_class = "stocks".to_owned();
        c.policy[0].weight = 0.45;
        c.policy[1].asset_class = "bonds".to_owned();
        c.policy.push(bonds);
    });
    let bands = Band::of_policy(stage.setup.sleeves(day("2024-03-01")), 0.05);
    let found: Vec<_> = bands.iter().map(|b| (b.name.as_str(), b.sleeves.clone(), b.width)).collect();
    assert_eq!(found, [("stocks", vec![0, 2], 0.05), ("bonds", vec![1], 0.05)]);
    assert!((bands[0].weight - 0.60).abs() < 1e-12 && (bands[1].weight - 0.40).abs() < 1e-12, "{bands:?}");
    assert_eq!(Band::of_policy(&stage.setup.sleeves(day("2024-03-01"))[..1], 0.05), []);
}
