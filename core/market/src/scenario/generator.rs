//! Draws the markets of a scenario.

use chrono::NaiveDate;

use super::calendar::{Calendar, calendar};
use super::config::{Scenario, Step};
use super::events::Plan;
use super::factors::{FactorModel, FactorStreams};
use super::faults::{ScenarioError, ScenarioFault};
use super::funds::FundState;
use super::names::Names;
use super::risk::risk;
use super::rng::{HISTORY, Mixture, Purpose, Stream};
use super::timetable::Timetable;
use super::walk::{Draws, Record, State, Walk};
use crate::{Drift, Market, Panel, Security};
use unisleeve_numeric::RiskModel;
use unisleeve_units::{Price, Rate, SecurityId};

/// Sector names. With more sectors than these, all are numbered.
const SECTORS: [&str; 11] = [
    "Information Technology",
    "Health Care",
    "Financials",
    "Consumer Discretionary",
    "Communication Services",
    "Industrials",
    "Consumer Staples",
    "Energy",
    "Utilities",
    "Real Estate",
    "Materials",
];

/// Draws the markets of a scenario: one history and any number of futures.
///
/// Path `k` depends only on the scenario and on `k`, not on which other paths are drawn, in what order or on
/// which thread.
///
/// ```
/// use unisleeve_market::scenario::{Generator, Scenario, Step};
///
/// let scenario = Scenario { names: 20, years: 1.0, step: Step::Monthly, ..Scenario::default() };
/// let generator = Generator::new(scenario)?;
/// let market = generator.path(0)?;
/// assert_eq!(market.hash(), generator.path(0)?.hash());
/// assert!(market.index("US stocks").is_some());
/// # Ok::<(), unisleeve_market::scenario::ScenarioError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Generator {
    scenario: Scenario,
    calendar: Calendar,
    /// Number of sessions before the start.
    before: usize,
    table: Timetable,
    names: Names,
    model: FactorModel,
    fund_classes: Vec<usize>,
    volatilities: Vec<f64>,
    mixture: Mixture,
    securities: Vec<Security>,
    history: Record,
    state: State,
}

impl Generator {
    /// Checks the scenario, and draws its stocks and its history.
    ///
    /// # Errors
    /// All faults of the scenario, or a stock class whose volatility or correlations can't be reached.
    pub fn new(scenario: Scenario) -> Result<Self, ScenarioError> {
        let faults = scenario.faults();
        if !faults.is_empty() {
            return Err(ScenarioError::Faults { faults });
        }
        let fault = |key: &str, message: String| ScenarioError::Faults {
            faults: vec![ScenarioFault { key: key.to_owned(), message }],
        };
        let seed = scenario.seed;
        let (calendar, before) =
            calendar(scenario.start, scenario.years, scenario.step, scenario.history_sessions());
        let table = Timetable::new(&scenario, &calendar, before);
        let stream = |purpose, which| Stream::new(seed, HISTORY, purpose, which);
        let mut names = Names::draw(&scenario, scenario.names, stream(Purpose::Names, 0), false);
        names.centre();
        let volatility = scenario.classes[0].volatility;
        let beside = names.variance_beside_market(&scenario.stocks);
        if volatility * volatility <= beside {
            let least = beside.sqrt();
            let message = format!(
                "{volatility}: expected more than {least:.4}, which sectors and single names have in the index by themselves"
            );
            return Err(fault("classes[0].volatility", message));
        }
        let market = (volatility * volatility - beside).sqrt();
        let model = FactorModel::new(&scenario, market).map_err(|at| {
            fault(&format!("correlations[{at}]"), "expected correlations that returns can have".to_owned())
        })?;
        let days = match scenario.step {
            Step::Daily => 1.0,
            Step::Weekly => 5.0,
            Step::Monthly => 21.0,
        };
        // The excess kurtosis of a sum of independent days falls with the number of days.
        let mixture = Mixture::new(3.0 + (scenario.stocks.specific_kurtosis - 3.0) / days);
        let class = |name: &str| scenario.classes.iter().position(|c| c.name == name).unwrap_or(0);
        let fund_classes: Vec<usize> = scenario.funds.iter().map(|f| class(&f.class)).collect();
        let volatilities = scenario.classes.iter().map(|c| c.volatility).collect();
        let securities = securities(&scenario, &names, scenario.names, 0);
        let mut state = State {
            shares: names.cap.iter().zip(&names.price).map(|(c, p)| c / p).collect(),
            price: names.price.clone(),
            day: 0,
            funds: vec![FundState::new(); scenario.funds.len()],
            log_volatility: stream(Purpose::Volatility, 1).normal(),
        };
        let mut streams = FactorStreams::new(seed, HISTORY, false, scenario.classes.len());
        let steps = model.draw(&calendar, 0..before, &table.turns, &mut state.log_volatility, &mut streams);
        let mut history = Record::default();
        let mut walk = Walk::new(&scenario, (&calendar, &table), &names, &fund_classes, &mixture);
        walk.run(0, &steps, None, &mut Draws::new(&scenario, HISTORY), &mut state, &mut history);
        // Caps at the first close.
        let members =
            (0..names.len()).map(|i| (SecurityId(i as u32), state.shares[i] * history.closes[i].to_f64()));
        history.weights.push((calendar.dates[0], members.collect()));
        Ok(Self {
            scenario,
            calendar,
            before,
            table,
            names,
            model,
            fund_classes,
            volatilities,
            mixture,
            securities,
            history,
            state,
        })
    }

    /// The scenario.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// First session of the futures.
    pub fn start(&self) -> NaiveDate {
        self.calendar.dates[self.before]
    }

    /// Last session of the futures.
    pub fn end(&self) -> NaiveDate {
        self.calendar.dates[self.calendar.dates.len() - 1]
    }

    /// Builds path number `path`: the history, one future, the stock index under the name of the first asset
    /// class, and the risk model that the prices were drawn from.
    ///
    /// # Errors
    /// When the simulated prices do not form a valid market. No scenario is known to cause this.
    pub fn path(&self, path: u64) -> Result<Market, ScenarioError> {
        let (panel, weights, risk) = self.draw(path);
        let mut market = Market::new(panel)?.with_scenario_risk(risk);
        market.add_index(self.scenario.stock_class(), &weights, Drift::Price)?;
        Ok(market)
    }

    /// The panel of path number `path`, and the dated caps of the stock index.
    pub fn panel(&self, path: u64) -> (Panel, super::Weights) {
        let (panel, weights, _) = self.draw(path);
        (panel, weights)
    }

    fn draw(&self, path: u64) -> (Panel, super::Weights, RiskModel) {
        let s = &self.scenario;
        let plan = Plan::draw(s, &self.calendar, self.before, path);
        let additions = plan.listings.len();
        let mut added = Names::draw(s, additions, Stream::new(s.seed, path, Purpose::Additions, 0), true);
        // An addition has the mean size loading of the members (unweighted), as most members are small.
        if let (Some(added), Some(members)) = (added.styles.first_mut(), self.names.styles.first()) {
            added.fill(members.iter().sum::<f64>() / members.len() as f64);
        }
        let names = self.names.clone().with(added);
        let is_mirror = s.antithetic && path % 2 == 1;
        let factors = path - u64::from(is_mirror);
        let mut streams = FactorStreams::new(s.seed, factors, is_mirror, s.classes.len());
        let mut state = self.state.clone();
        let caps: Vec<f64> = state.shares.iter().zip(&state.price).map(|(s, p)| s * p).collect();
        let risk = risk(s, &self.model, &names, &caps, &self.fund_classes);
        let span = self.before..self.calendar.dates.len();
        let mut steps =
            self.model.draw(&self.calendar, span, &self.table.turns, &mut state.log_volatility, &mut streams);
        self.table.pin(&self.model, &self.volatilities, self.before, &mut steps);
        state.price.extend(&names.price[s.names..]);
        state.shares.resize(names.len(), 0.0);
        let mut record = self.history_with(additions);
        let mut walk = Walk::new(s, (&self.calendar, &self.table), &names, &self.fund_classes, &self.mixture);
        let mut draws = Draws::new(s, path);
        walk.run(self.before, &steps, Some(&plan), &mut draws, &mut state, &mut record);
        let mut securities = self.securities.clone();
        securities.extend(self::securities(s, &names, names.len(), s.names));
        let panel = Panel {
            sessions: self.calendar.dates.clone(),
            securities,
            closes: record.closes,
            distributions: record.distributions,
            actions: record.actions,
            ..Panel::default()
        };
        (panel, record.weights, risk)
    }

    /// The history with columns for additions, which have no prices in it.
    fn history_with(&self, additions: usize) -> Record {
        let width = self.securities.len();
        let sessions = self.calendar.dates.len();
        let mut closes = Vec::with_capacity(sessions * (width + additions));
        for row in self.history.closes.chunks_exact(width) {
            closes.extend_from_slice(row);
            closes.resize(closes.len() + additions, Price::ZERO);
        }
        Record {
            closes,
            distributions: self.history.distributions.clone(),
            actions: Vec::new(),
            weights: self.history.weights.clone(),
        }
    }
}

/// Stocks from `from` up to but not including `to`. Where `from` is 0, the funds follow.
fn securities(scenario: &Scenario, names: &Names, to: usize, from: usize) -> Vec<Security> {
    let class = scenario.stock_class();
    let sector = |s: u32| {
        let given = SECTORS.get(s as usize).filter(|_| scenario.sectors <= SECTORS.len());
        given.map_or_else(|| format!("Sector {}", s + 1), |g| (*g).to_owned())
    };
    let stocks = (from..to).map(|i| Security {
        symbol: format!("S{:03}", i + 1),
        name: format!("Stock {}", i + 1),
        sector: sector(names.sector[i]),
        asset_class: class.to_owned(),
        kind: "stock".to_owned(),
        expense_ratio: Rate::ZERO,
    });
    let funds = scenario.funds.iter().filter(|_| from == 0).map(|f| Security {
        symbol: f.symbol.clone(),
        name: format!("Fund of {}", f.class),
        sector: String::new(),
        asset_class: f.class.clone(),
        kind: "fund".to_owned(),
        expense_ratio: Rate::from_f64(f.expense_ratio).unwrap_or_default(),
    });
    stocks.chain(funds).collect()
}
