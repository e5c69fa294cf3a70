//! The advisor's ways of dividing money, compared on random holdings: three stocks in a direct index, an
//! international fund and a bond fund, in a taxable account and an IRA.

use chrono::{Days, NaiveDate};

use super::super::decide::Memory;
use super::super::{DecisionContext, RiskTimeline};
use super::linear::linear;
use super::quadratic::quadratic;
use super::stretches::gain_of;
use super::target::to_target;
use super::task::Task;
use unisleeve_books::household::{Ledger, Order, Pocket, TaxReturns};
use unisleeve_books::journal::Reason;
use unisleeve_mandates::bands::{BEYOND_BAND, Band};
use unisleeve_mandates::{
    AccountConfig, ArmKind, Config, Funding, HouseholdConfig, PolicySleeve, Setup, arm,
};
use unisleeve_market::{Market, Panel, Security, View};
use unisleeve_solver::small_lp::SmallSimplex;
use unisleeve_tax::{Carryforward, TaxRates, last_long_start};
use unisleeve_units::{AccountId, AccountKind, MandateId, Money, Price, Rate, Shares};

/// `SplitMix64` (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }
}

const RATES: TaxRates = TaxRates { short: 0.3, long: 0.15 };

struct Stage {
    market: Market,
    config: Config,
    setup: Setup,
    timeline: RiskTimeline,
    ledger: Ledger,
    returns: TaxReturns,
    date: NaiveDate,
    invest: Vec<Money>,
}

impl Stage {
    /// Random prices and lots. With `ira`, a quarter of the money is there.
    fn new(seed: u64, ira: bool, budget: Option<Money>) -> Self {
        let mut rng = Random(seed);
        let first = NaiveDate::from_ymd_opt(2023, 1, 2).unwrap();
        let sessions: Vec<NaiveDate> = first.iter_days().take(320).collect();
        let volatility = [0.02, 0.02, 0.02, 0.011, 0.004];
        let mut prices = [100.0; 5];
        let mut closes = Vec::new();
        for _ in &sessions {
            let common = rng.between(-0.015, 0.015);
            for (i, p) in prices.iter_mut().enumerate() {
                let own = volatility[i] * rng.between(-1.0, 1.0);
                *p *= 1.0 + own + if i < 4 { common } else { 0.0 };
                closes.push(Price::from_f64(*p).unwrap());
            }
        }
        let securities = ["A", "B", "C", "INTL", "BOND"].map(|symbol| Security {
            symbol: symbol.to_owned(),
            name: symbol.to_owned(),
            kind: if symbol.len() == 1 { "stock" } else { "fund" }.to_owned(),
            ..Security::default()
        });
        let panel = Panel { sessions, securities: securities.into(), closes, ..Panel::default() };
        let mut market = Market::new(panel).unwrap();
        let sleeve = |name: &str, weight, stocks: &[&str], fund: &str| PolicySleeve {
            name: name.to_owned(),
            weight,
            stocks: stocks.iter().map(|s| (*s).to_owned()).collect(),
            fund: fund.to_owned(),
            ..PolicySleeve::default()
        };
        let accounts = if ira {
            vec![AccountConfig {
                name: "ira".to_owned(),
                kind: AccountKind::Ira,
                cash: Money::whole(1),
                born: None,
            }]
        } else {
            Vec::new()
        };
        let mut config = Config {
            start: first + Days::new(300),
            end: first + Days::new(319),
            household: HouseholdConfig { accounts, ..HouseholdConfig::default() },
            policy: vec![
                sleeve("direct", 0.45, &["A", "B", "C"], "INTL"),
                sleeve("international", 0.2, &[], "INTL"),
                sleeve("bonds", 0.35, &[], "BOND"),
            ],
            ..Config::default()
        };
        config.tax.gains_budget = budget;
        assert_eq!(config.faults(), []);
        let setup = arm(ArmKind::SmaBest, &config, &mut market).unwrap();
        let span = (config.start, config.end);
        let timeline = RiskTimeline::new(&market, setup.universe(), span, &config.trading, config.risk);
        let mut pockets = Vec::new();
        for account in 0..setup.accounts.len() as u16 {
            for mandate in 0..setup.mandates.len() as u16 {
                let (account, mandate) = (AccountId(account), MandateId(mandate));
                pockets.push(Pocket { account, mandate, balance: Money::ZERO });
            }
        }
        let mut ledger = Ledger::new(setup.accounts.clone(), pockets, setup.identical.clone(), 2023);
        let date = config.start;
        let view = market.sessions(date, date).next().unwrap();
        for cell in &setup.cells {
            let scale = if cell.account.is_main() { 1.0 } else { 0.3 };
            for holding in &setup.sleeves(date)[cell.sleeve.index()].holdings {
                let price = view.close(holding.security).unwrap();
                for _ in 0..3 {
                    let dollars = scale * rng.between(10_000.0, 90_000.0);
                    let acquired = date - Days::new(rng.between(10.0, 2_000.0) as u64);
                    let order = Order {
                        date,
                        pocket: setup.pocket(cell.account, setup.mandate_of(cell.sleeve)),
                        sleeve: cell.sleeve,
                        security: holding.security,
                        price,
                        cost_rate: Rate::ZERO,
                        reason: Reason::default(),
                    };
                    let basis = Money::from_f64(dollars * rng.between(0.3, 1.1)).unwrap();
                    let quantity = Shares::from_f64(dollars / price.to_f64()).unwrap();
                    ledger.transfer_lot_in(&order, quantity, basis, acquired).unwrap();
                }
            }
        }
        let invest = setup.accounts.iter().map(|_| Money::whole(rng.between(-9_000.0, 9_000.0) as i32));
        let invest = invest.collect();
        let laws = config.tax.laws(2023).unwrap();
        let returns = TaxReturns::new(laws, config.tax.outside, 2023, Carryforward::default());
        Self { market, config, setup, timeline, ledger, returns, date, invest }
    }

    fn see<T>(&self, look: impl FnOnce(&DecisionContext<'_>) -> T) -> T {
        let view: View<'_> = self.market.sessions(self.date, self.date).next().unwrap();
        let mut wealth = self.invest.iter().copied().sum::<Money>();
        for s in self.setup.universe() {
            wealth += Money::of(self.ledger.held(s), view.close(s).unwrap());
        }
        look(&DecisionContext {
            view,
            known: view,
            long_from: last_long_start(self.date),
            config: &self.config,
            setup: &self.setup,
            sleeves: self.setup.sleeves(self.date),
            returns: &self.returns,
            risk: self.timeline.at(self.date).unwrap(),
            places: &self.timeline.places,
            later_rate: 0.15,
            wealth,
            budget_parts: &[0.5, 0.5],
            promised: &[],
            session: 0,
            requests: &[],
        })
    }
}

fn cells(stage: &Stage) -> Vec<usize> {
    (0..stage.setup.cells.len()).collect()
}

/// The household's objective of a split, from the definition: each sleeve moves along its index.
fn objective(ctx: &DecisionContext<'_>, task: &Task<'_>, split: &[Money]) -> f64 {
    let moved: Vec<f64> = task.cells.iter().map(|c| split[*c].to_f64()).collect();
    let mut total = 0.0;
    for x in task.values.iter().chain(&moved) {
        total += x;
    }
    let mut weights: Vec<f64> = ctx.sleeves.iter().map(|s| -s.weight).collect();
    let mut cost = 0.0;
    for (i, u) in moved.iter().enumerate() {
        weights[task.sleeve(ctx, i)] += (task.values[i] + u) / total;
        if *u > 0.0 {
            cost += ctx.half() * u;
        }
        let mut left = -u;
        for part in &task.sellable[i] {
            if left > 0.0 {
                cost += part.cost * if left < part.dollars { left } else { part.dollars };
                left -= part.dollars;
            }
        }
    }
    let mut active = vec![0.0; ctx.risk.specific.len()];
    for (weight, sleeve) in weights.iter().zip(ctx.sleeves) {
        for (security, w) in ctx.known.index_weights(sleeve.index.unwrap()) {
            active[ctx.place(security).unwrap()] += weight * w;
        }
    }
    let te = ctx.risk.tracking_error(&active);
    let mut beyond = 0.0;
    for band in Band::of_policy(ctx.sleeves, ctx.config.band()) {
        let mut drift: f64 = 0.0;
        for s in &band.sleeves {
            drift += weights[*s];
        }
        let over = drift.abs() - band.width;
        beyond += if over > 0.0 { over } else { 0.0 };
    }
    0.5 * ctx.config.trading.risk_aversion * te * te + cost / total + BEYOND_BAND * beyond
}

/// From the same holdings, the split by risk is at least as good for the household as any price of drift, and
/// as going to the policy weights.
#[test]
fn the_split_by_risk_is_the_best_in_the_household_s_objective() {
    const SEEDS: u64 = 60;
    for ira in [false, true] {
        let (mut mean, mut apart) = ([0.0; 4], 0.0);
        for seed in 0..SEEDS {
            let mut stage = Stage::new(seed, ira, None);
            let cells = cells(&stage);
            let by_risk = stage.see(|ctx| {
                let task = Task::new(ctx, &stage.ledger, &cells, &stage.invest, &[], RATES);
                let split = quadratic(ctx, &stage.ledger, &mut Memory::default(), 0, &task).unwrap();
                objective(ctx, &task, &split)
            });
            let mut others = Vec::new();
            for price in [0.0, 0.01, 0.1] {
                stage.setup.habits.drift_price = price;
                others.push(stage.see(|ctx| {
                    let task = Task::new(ctx, &stage.ledger, &cells, &stage.invest, &[], RATES);
                    objective(ctx, &task, &linear(ctx, &stage.ledger, &SmallSimplex, &task).unwrap())
                }));
            }
            others.push(stage.see(|ctx| {
                let task = Task::new(ctx, &stage.ledger, &cells, &stage.invest, &[], RATES);
                objective(ctx, &task, &to_target(ctx, &stage.ledger, &task, Funding::LeastCost))
            }));
            for (mean, other) in mean.iter_mut().zip(others) {
                // The solver's certificate closes to a tenth of a basis point.
                assert!(by_risk <= other + 1e-5, "seed {seed}, ira {ira}: {by_risk} {other}");
                *mean += 1e4 * (other - by_risk) / SEEDS as f64;
                apart = if other - by_risk > apart { other - by_risk } else { apart };
            }
        }
        println!(
            "seeds 0 to {}, ira {ira}: better by {mean:?} basis points (prices 0, 0.01, 0.1, target)",
            SEEDS - 1
        );
        assert!(apart > 1e-4, "the ways differ");
    }
}

/// Every way keeps to the gains budget if no payment forces gains, and adds up to what is invested.
#[test]
fn every_way_keeps_to_the_gains_budget() {
    const BUDGET: i32 = 6_000;
    for seed in 0..60 {
        let mut stage = Stage::new(seed, true, Some(Money::whole(BUDGET)));
        for x in &mut stage.invest {
            *x = x.abs();
        }
        let cells = cells(&stage);
        stage.see(|ctx| {
            let task = Task::new(ctx, &stage.ledger, &cells, &stage.invest, &[], RATES);
            let splits = [
                linear(ctx, &stage.ledger, &SmallSimplex, &task).unwrap(),
                quadratic(ctx, &stage.ledger, &mut Memory::default(), 0, &task).unwrap(),
                to_target(ctx, &stage.ledger, &task, Funding::LeastCost),
            ];
            for (way, split) in splits.iter().enumerate() {
                for (theirs, left) in task.budgets(ctx, &stage.ledger) {
                    let mut gain = 0.0;
                    for i in theirs {
                        // The manager sells what realizes least.
                        let mut parts = task.sellable[i].clone();
                        parts.sort_by(|a, b| a.gain.total_cmp(&b.gain));
                        gain += gain_of(&parts, -split[cells[i]].to_f64());
                    }
                    assert!(gain <= left + 1.0, "seed {seed}, way {way}: {gain} of {left}");
                }
                for (a, invest) in stage.invest.iter().enumerate() {
                    let mine = cells.iter().filter(|c| stage.setup.cells[**c].account.index() == a);
                    assert_eq!(mine.map(|c| split[*c]).sum::<Money>(), *invest, "seed {seed}, way {way}");
                }
            }
        });
    }
}
