//! Prices, dividends, index and funds along one path.

use chrono::{Datelike, NaiveDate};

use super::calendar::Calendar;
use super::config::Scenario;
use super::events::Plan;
use super::factors::StepFactors;
use super::funds::{Earned, FundState, class_income};
use super::names::{DIVIDEND_DAYS, Names};
use super::rng::{Mixture, Purpose, Stream};
use super::timetable::Timetable;
use crate::{Action, Distribution};
use unisleeve_numeric::{fill_normals, median, sort_pairs};
use unisleeve_units::{IncomeKind, Price, SecurityId};

/// Caps of an index by date, not normalized: the members and their weights from the close of each date on.
pub type Weights = Vec<(NaiveDate, Vec<(SecurityId, f64)>)>;

/// Output of a walk. Closes are by session; within a session stocks, funds, additions.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    pub closes: Vec<Price>,
    pub distributions: Vec<(usize, Distribution)>,
    pub actions: Vec<(usize, Action)>,
    pub weights: Weights,
}

/// State of a walk.
#[derive(Debug, Clone)]
pub(super) struct State {
    /// Price of each stock in dollars; zero once its listing has ended.
    pub price: Vec<f64>,
    /// Number of shares that the index counts; zero where the stock is not a member.
    pub shares: Vec<f64>,
    /// Trading days so far.
    pub day: usize,
    /// Funds.
    pub funds: Vec<FundState>,
    /// Deviation of log volatility from its mean, in standard deviations.
    pub log_volatility: f64,
}

/// Random streams of a walk.
pub(super) struct Draws {
    specific: Stream,
    victims: Stream,
    funds: Vec<Stream>,
}

impl Draws {
    /// The streams of a path.
    pub(super) fn new(scenario: &Scenario, path: u64) -> Self {
        let stream = |purpose, which| Stream::new(scenario.seed, path, purpose, which);
        Self {
            specific: stream(Purpose::Specific, 0),
            victims: stream(Purpose::Victims, 0),
            funds: (0..scenario.funds.len()).map(|k| stream(Purpose::Fund, k)).collect(),
        }
    }
}

/// A walk through the sessions of one path.
pub(super) struct Walk<'a> {
    pub scenario: &'a Scenario,
    pub calendar: &'a Calendar,
    pub table: &'a Timetable,
    pub names: &'a Names,
    /// Number of index members at the first session; later stocks are additions.
    pub members: usize,
    /// Class of each fund.
    pub fund_classes: &'a [usize],
    pub mixture: &'a Mixture,
    /// Half of each stock's variance from sectors and styles, for a session variance of one.
    pub common: Vec<f64>,
    /// Stocks by the day of the dividend cycle on which they pay.
    pub payers: Vec<Vec<u32>>,
    /// Number of additions that have joined so far, in order of listing.
    pub next_addition: usize,
    /// Announced mergers: `(stock, session of the payment)`.
    pub deals: Vec<(usize, usize)>,
    /// Failed companies: `(stock, last session)`.
    pub failed: Vec<(usize, usize)>,
    /// Stocks that may merge or fail this month.
    pub smaller_half: Vec<usize>,
    /// Log drift of each stock beyond its class's, a year.
    pub tilt: Vec<f64>,
}

/// Largest price in dollars.
const HIGHEST: f64 = 1e9;

/// Rounds a price to millionths of a dollar; at least one millionth, at most [`HIGHEST`].
fn rounded(price: f64) -> Price {
    let raw = (price * 1e6 + 0.5) as i64;
    Price::from_raw(raw.clamp(1, HIGHEST as i64 * 1_000_000))
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        scenario: &'a Scenario,
        (calendar, table): (&'a Calendar, &'a Timetable),
        names: &'a Names,
        fund_classes: &'a [usize],
        mixture: &'a Mixture,
    ) -> Self {
        let model = &scenario.stocks;
        let common = (0..names.len()).map(|i| {
            let mut variance = model.sector_volatility * model.sector_volatility;
            for (loadings, volatility) in names.styles.iter().zip(&model.style_volatilities) {
                variance += loadings[i] * loadings[i] * volatility * volatility;
            }
            0.5 * variance
        });
        let mut payers = vec![Vec::new(); DIVIDEND_DAYS];
        for i in 0..names.len() {
            if names.yields[i] > 0.0 {
                payers[names.pay_day[i] as usize].push(i as u32);
            }
        }
        Self {
            scenario,
            calendar,
            table,
            names,
            members: scenario.names,
            fund_classes,
            mixture,
            common: common.collect(),
            payers,
            next_addition: 0,
            deals: Vec::new(),
            failed: Vec::new(),
            smaller_half: Vec::new(),
            tilt: vec![0.0; names.len()],
        }
    }

    /// Identifier of a stock in the panel, where funds come before additions.
    fn id(&self, stock: usize) -> SecurityId {
        SecurityId(if stock < self.members { stock } else { stock + self.fund_classes.len() } as u32)
    }

    /// Walks the sessions of `steps`, starting at session `first`. `plan` holds the company events; the
    /// history has none.
    pub(super) fn run(
        &mut self,
        first: usize,
        steps: &[StepFactors],
        plan: Option<&Plan>,
        draws: &mut Draws,
        state: &mut State,
        record: &mut Record,
    ) {
        let roots = self.mixture.roots();
        let total = self.names.len();
        let mut growth = vec![1.0; total];
        let mut bits = vec![0u64; total];
        let mut normals = vec![0.0; total];
        let width = total + self.fund_classes.len();
        record.closes.reserve(steps.len() * width);
        if plan.is_some() {
            self.new_month(state);
        }
        for (at, step) in steps.iter().enumerate() {
            let t = first + at;
            let listed =
                plan.map_or(self.members, |p| self.members + p.listings.partition_point(|l| *l <= t));
            draws.specific.fill(&mut bits[..listed]);
            fill_normals(&bits[..listed], &mut normals[..listed]);
            let own = (&bits[..listed], &normals[..listed]);
            self.grow(t, step, own, &roots, &mut growth[..listed]);
            if let Some(plan) = plan {
                self.strike(t, plan, &mut draws.victims, &mut growth);
            }
            let earned = self.prices(t, &growth[..listed], state, record);
            self.fund_prices(t, step, earned, &mut draws.funds, state, record);
            self.write(listed, state, record);
            state.day += self.calendar.days[t] as usize;
            if let Some(plan) = plan.filter(|_| self.calendar.month_ends[t]) {
                self.month_end(t, plan, state, record);
                self.new_month(state);
            }
        }
    }

    /// Growth factors of the stocks' total return over a session. A stock with an announced merger grows by
    /// the drift alone.
    fn grow(
        &self,
        t: usize,
        step: &StepFactors,
        (bits, normals): (&[u64], &[f64]),
        roots: &[f64; 256],
        growth: &mut [f64],
    ) {
        let n = bits.len();
        let names = self.names;
        let years = self.calendar.years[t];
        let drift = self.table.drift(t, 0);
        let half_market = 0.5 * step.market_variance;
        let scale = step.variance.sqrt();
        let (beta, sector, common) = (&names.beta[..n], &names.sector[..n], &self.common[..n]);
        let (tilt, own) = (&self.tilt[..n], &names.specific[..n]);
        for i in 0..n {
            let b = beta[i];
            growth[i] = drift + tilt[i] * years + b * step.market - half_market * (b * b)
                + step.sectors[sector[i] as usize]
                - common[i] * step.variance;
        }
        for (loadings, f) in names.styles.iter().zip(&step.styles) {
            for (g, l) in growth.iter_mut().zip(&loadings[..n]) {
                *g += l * f;
            }
        }
        for i in 0..n {
            let q = own[i] * scale * roots[(bits[i] & 255) as usize];
            growth[i] += q * normals[i] - 0.5 * q * q;
        }
        for g in growth.iter_mut() {
            *g = libm::exp(*g);
        }
        let calm = libm::exp(drift);
        for (stock, _) in &self.deals {
            growth[*stock] = calm;
        }
    }

    /// Draws which companies merge or fail in a session.
    fn strike(&mut self, t: usize, plan: &Plan, victims: &mut Stream, growth: &mut [f64]) {
        for done in &plan.mergers[t] {
            if self.smaller_half.is_empty() {
                return;
            }
            let stock = self.smaller_half.swap_remove(victims.below(self.smaller_half.len()));
            growth[stock] *= 1.0 + self.scenario.turnover.merger_premium;
            self.deals.push((stock, *done));
        }
        for done in &plan.failures[t] {
            if self.smaller_half.is_empty() {
                return;
            }
            let stock = self.smaller_half.swap_remove(victims.below(self.smaller_half.len()));
            growth[stock] *= 1.0 - self.scenario.turnover.delisting_loss;
            self.failed.push((stock, *done));
        }
    }

    /// Moves prices and pays dividends. Returns the index's growth factor with dividends, and its income by
    /// kind as a fraction of the value before.
    fn prices(&self, t: usize, growth: &[f64], state: &mut State, record: &mut Record) -> (f64, [f64; 3]) {
        let (mut before, mut after) = (0.0, 0.0);
        let mut income = [0.0; 3];
        for ((price, shares), g) in state.price.iter_mut().zip(&state.shares).zip(growth) {
            before += shares * *price;
            *price *= g;
            after += shares * *price;
        }
        for day in state.day..state.day + self.calendar.days[t] as usize {
            for i in &self.payers[day % DIVIDEND_DAYS] {
                let stock = *i as usize;
                let Some(g) = growth.get(stock) else { continue };
                let price = state.price[stock];
                if price <= 0.0 {
                    continue;
                }
                // A quarter of the yield on the price before; after a crash at most half of what is left.
                let regular = self.names.yields[stock] * 0.25 * (price / g);
                let paid = if regular < 0.5 * price { regular } else { 0.5 * price };
                let per_share = Price::from_raw((paid * 1e6) as i64);
                let is_ordinary = self.names.ordinary[stock];
                let kind =
                    if is_ordinary { IncomeKind::OrdinaryDividend } else { IncomeKind::QualifiedDividend };
                let paid = per_share.to_f64();
                state.price[stock] -= paid;
                income[usize::from(is_ordinary)] += state.shares[stock] * paid;
                if per_share.is_positive() {
                    record
                        .distributions
                        .push((t, Distribution { security: self.id(stock), kind, per_share }));
                }
            }
        }
        (after / before, income.map(|x| x / before))
    }

    fn fund_prices(
        &self,
        t: usize,
        step: &StepFactors,
        (index, dividends): (f64, [f64; 3]),
        streams: &mut [Stream],
        state: &mut State,
        record: &mut Record,
    ) {
        let month = self.calendar.dates[t].month();
        let years = self.calendar.years[t];
        for (k, fund) in self.scenario.funds.iter().enumerate() {
            let class = self.fund_classes[k];
            let (growth, income) = if class == 0 {
                (index, dividends)
            } else {
                let of = &self.scenario.classes[class];
                let variance = of.volatility * of.volatility * step.class_variance;
                let log = self.table.drift(t, class) + step.classes[class - 1] - 0.5 * variance;
                (libm::exp(log), class_income(of, years))
            };
            let earned = Earned { growth, income, days: f64::from(self.calendar.days[t]), years };
            let pays = self.calendar.month_ends[t] && month.is_multiple_of(12 / fund.payments);
            let security = SecurityId((self.members + k) as u32);
            let paid = state.funds[k].step(fund, &earned, pays, &mut streams[k]);
            for (kind, per_share) in paid.into_iter().flatten() {
                if per_share.is_positive() {
                    record.distributions.push((t, Distribution { security, kind, per_share }));
                }
            }
        }
    }

    /// Writes the session's closes.
    fn write(&self, listed: usize, state: &State, record: &mut Record) {
        let close = |p: &f64| if *p > 0.0 { rounded(*p) } else { Price::ZERO };
        record.closes.extend(state.price[..self.members].iter().map(close));
        record.closes.extend(state.funds.iter().map(|f| rounded(f.price())));
        record.closes.extend(state.price[self.members..listed].iter().map(close));
        record.closes.extend((listed..self.names.len()).map(|_| Price::ZERO));
    }

    /// At a month's end: ends listings, drops stocks from the index and adds others.
    fn month_end(&mut self, t: usize, plan: &Plan, state: &mut State, record: &mut Record) {
        let mut left = 0;
        for list in [&mut self.deals, &mut self.failed] {
            for (stock, done) in list.iter().filter(|(_, done)| *done == t) {
                left += usize::from(state.shares[*stock] > 0.0);
                state.shares[*stock] = 0.0;
                state.price[*stock] = 0.0;
                if done + 1 < self.calendar.dates.len() {
                    let id = if *stock < self.members { *stock } else { stock + self.fund_classes.len() };
                    let security = SecurityId(id as u32);
                    record.actions.push((t + 1, Action::Delisting { security }));
                }
            }
            list.retain(|(_, done)| *done != t);
        }
        let mut caps = self.caps(state);
        let dropped = plan.deletions[t].min(caps.len() / 2);
        sort_pairs(&mut caps);
        for (_, stock) in caps.drain(..dropped) {
            state.shares[stock] = 0.0;
            left += 1;
        }
        if left == 0 {
            return;
        }
        let typical = median(caps.iter().map(|c| c.0).collect()).unwrap_or(1.0);
        for _ in 0..left {
            let stock = self.members + self.next_addition;
            if plan.listings.get(self.next_addition).is_none_or(|l| *l > t) {
                break;
            }
            state.shares[stock] = self.names.cap[stock] * typical / state.price[stock];
            self.next_addition += 1;
        }
        record.weights.push(self.weights(t, state));
    }

    /// Caps of the index's members at a session's close.
    pub(super) fn weights(&self, t: usize, state: &State) -> (NaiveDate, Vec<(SecurityId, f64)>) {
        let held = (0..self.names.len()).filter(|i| state.shares[*i] > 0.0);
        (self.calendar.dates[t], held.map(|i| (self.id(i), state.shares[i] * state.price[i])).collect())
    }

    /// Caps of members without an announced merger that have not failed.
    fn caps(&self, state: &State) -> Vec<(f64, usize)> {
        let mut caps: Vec<(f64, usize)> = (0..self.names.len())
            .filter(|i| state.shares[*i] > 0.0)
            .map(|i| (state.shares[i] * state.price[i], i))
            .collect();
        caps.retain(|(_, i)| !self.deals.iter().chain(&self.failed).any(|(s, _)| s == i));
        caps
    }

    /// Sets which stocks may merge or fail in the next month, and the drifts that offset it. The expected
    /// return of every stock stays that of the class despite possible premiums and losses, and that of the
    /// index stays despite the leaders' excess.
    fn new_month(&mut self, state: &State) {
        let (t, s) = (&self.scenario.turnover, &self.scenario.stocks);
        let mut caps = self.caps(state);
        self.tilt.fill(0.0);
        let half = caps.len() / 2;
        sort_pairs(&mut caps);
        self.smaller_half = caps[..half].iter().map(|(_, i)| *i).collect();
        self.smaller_half.sort_unstable();
        if s.leaders > 0 && s.leaders_excess != 0.0 {
            let rest = caps.len().saturating_sub(s.leaders);
            let sum = |part: &[(f64, usize)]| part.iter().map(|c| c.0).sum::<f64>();
            let (others, leaders) = (sum(&caps[..rest]), sum(&caps[rest..]));
            for (at, (_, i)) in caps.iter().enumerate() {
                self.tilt[*i] =
                    if at < rest { -s.leaders_excess * leaders / others } else { s.leaders_excess };
            }
        }
        let rate = |a_year: f64| self.members as f64 * a_year / half as f64;
        let jump = rate(t.mergers) * t.merger_premium - rate(t.delistings) * t.delisting_loss;
        for i in &self.smaller_half {
            self.tilt[*i] -= jump;
        }
    }
}
