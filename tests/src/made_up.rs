//! Made-up arms of known truth: managers who follow simple rules in a market of three asset classes, with lots
//! and their own tax arithmetic. They share no code with the engine.
//!
//! Twenty years in quarters. Stocks are eight names, the other two classes one fund each. Tax is at two flat
//! rates, with netting, $3,000 a year against other income and a carryforward; it is paid in the second
//! quarter of the next year.

use unisleeve_core::study::difference::{ByKind, ByTerm, ClassSession, Series, Session, Year};

use crate::random::Random;

/// Quarters of a run.
pub const QUARTERS: usize = 80;
/// Asset classes.
pub const CLASSES: usize = 3;
const NAMES: [usize; CLASSES] = [8, 1, 1];
const MOST_NAMES: usize = 8;
/// Weights of what is brought in.
const OPENING: [f64; CLASSES] = [0.5, 0.2, 0.3];
const START: f64 = 1_000_000.0;
const LOSS_LIMIT: f64 = 3_000.0;

/// The market and the household.
#[derive(Debug, Clone, Copy)]
pub struct World {
    /// Expected return of each class, a year.
    pub returns: [f64; CLASSES],
    /// Volatility of each class, a year.
    pub volatility: [f64; CLASSES],
    /// Dividends of each class, a year. The last class pays interest.
    pub yields: [f64; CLASSES],
    /// Basis of the stocks brought in, a fraction of their value. Below 1 they are long-term.
    pub basis: f64,
    /// Long-term loss carried in, dollars.
    pub carry: f64,
    /// Flow at the end of each year, dollars.
    pub flow: f64,
    /// Tax rates on short-term and long-term gain.
    pub rates: ByTerm,
}

impl Default for World {
    fn default() -> Self {
        Self {
            returns: [0.08, 0.07, 0.03],
            volatility: [0.16, 0.17, 0.05],
            yields: [0.015, 0.025, 0.03],
            basis: 1.0,
            carry: 0.0,
            flow: 0.0,
            rates: ByTerm { short: 0.408, long: 0.238 },
        }
    }
}

/// Which lots are sold first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LotChoice {
    /// Those with the highest basis per share.
    HighestBasis,
    /// The oldest.
    Oldest,
}

/// How a portfolio is managed.
#[derive(Debug, Clone, Copy)]
pub struct Manager {
    /// Weights to which the portfolio is rebalanced at the start and each year.
    pub weights: [f64; CLASSES],
    /// Cash held, a fraction of the portfolio.
    pub cash: f64,
    /// Which lots are sold first.
    pub lots: LotChoice,
    /// Whether lots of the first two classes with a loss of more than 5% are sold and bought back each
    /// quarter. There is no wash-sale rule.
    pub harvests: bool,
    /// Whether long-term gains are realized each year, and the lots bought back.
    pub realizes: bool,
    /// Fraction of every lot that is sold and bought back each quarter.
    pub churn: f64,
    /// Fee a year, a fraction of the value.
    pub fee: f64,
    /// Cost of trades, a fraction of the amount.
    pub cost: f64,
    /// What the manager's stocks earn beyond the class, a year.
    pub luck: f64,
    /// Standard deviation of that a year, drawn from the path's second stream of numbers.
    pub spread: f64,
}

impl Default for Manager {
    fn default() -> Self {
        Self {
            weights: OPENING,
            cash: 0.0,
            lots: LotChoice::HighestBasis,
            harvests: false,
            realizes: false,
            churn: 0.0,
            fee: 0.0,
            cost: 0.0,
            luck: 0.0,
            spread: 0.0,
        }
    }
}

/// Price returns by quarter, class and name, and standard normals for the luck of a manager.
#[derive(Debug, Clone)]
pub struct Path {
    returns: Vec<[[f64; MOST_NAMES]; CLASSES]>,
    luck: Vec<f64>,
}

impl Path {
    /// The path of a seed.
    pub fn new(world: &World, seed: u64) -> Self {
        const LOADINGS: [f64; CLASSES] = [0.9, 0.8, 0.1];
        let mut random = Random::new(seed);
        let mut path = Self { returns: Vec::new(), luck: Vec::new() };
        for _ in 0..QUARTERS {
            let market = random.normal();
            let mut quarter = [[0.0; MOST_NAMES]; CLASSES];
            for c in 0..CLASSES {
                let own = (1.0 - LOADINGS[c] * LOADINGS[c]).sqrt() * random.normal();
                let drift = (world.returns[c] - world.yields[c]) / 4.0;
                let class = drift + world.volatility[c] / 2.0 * (LOADINGS[c] * market + own);
                for name in quarter[c].iter_mut().take(NAMES[c]) {
                    let specific = if NAMES[c] > 1 { 0.125 * random.normal() } else { 0.0 };
                    *name = (class + specific).clamp(-0.6, 2.0);
                }
            }
            path.returns.push(quarter);
        }
        path.luck = (0..QUARTERS).map(|_| random.normal()).collect();
        path
    }
}

#[derive(Debug, Clone, Copy)]
struct Lot {
    class: usize,
    name: usize,
    quantity: f64,
    basis: f64,
    bought: i32,
}

/// Amounts taxed in a year.
#[derive(Debug, Clone, Copy, Default)]
struct Taxed(ByKind);

/// Losses carried, positive.
type Carry = ByTerm;

/// Gains taxed by term, loss deducted from other income, and what is carried forward.
fn net(gain: ByTerm, carry: Carry, limit: f64) -> (ByTerm, f64, Carry) {
    let (mut short, mut long) = (gain.short - carry.short, gain.long - carry.long);
    if short < 0.0 && long > 0.0 {
        let offset = long.min(-short);
        (short, long) = (short + offset, long - offset);
    } else if long < 0.0 && short > 0.0 {
        let offset = short.min(-long);
        (short, long) = (short - offset, long + offset);
    }
    let from_short = limit.min((-short).max(0.0));
    let from_long = (limit - from_short).min((-long).max(0.0));
    let left = Carry { short: (-short).max(0.0) - from_short, long: (-long).max(0.0) - from_long };
    (ByTerm { short: short.max(0.0), long: long.max(0.0) }, from_short + from_long, left)
}

/// Tax of a year, and the losses carried out of it.
fn bill(taxed: &ByKind, carry: Carry, rates: ByTerm) -> (f64, Carry) {
    let (gain, deducted, left) = net(taxed.gain, carry, LOSS_LIMIT);
    let income = taxed.qualified * rates.long + (taxed.ordinary - deducted) * rates.short;
    (gain.times(rates) + income, left)
}

/// Tax of the sale of everything: an unused loss has no value.
fn sale_tax(gain: ByTerm, carry: Carry, rates: ByTerm) -> f64 {
    net(gain, carry, 0.0).0.times(rates)
}

/// A manager's books during a run.
struct Books<'a> {
    world: &'a World,
    manager: &'a Manager,
    prices: [[f64; MOST_NAMES]; CLASSES],
    lots: Vec<Lot>,
    cash: f64,
    quarter: usize,
    years: Vec<Taxed>,
    /// The session so far, and purchases less sales by class.
    session: Session,
    net: [f64; CLASSES],
}

impl Books<'_> {
    fn price(&self, lot: &Lot) -> f64 {
        lot.quantity * self.prices[lot.class][lot.name]
    }

    fn values(&self) -> [f64; CLASSES] {
        let mut values = [0.0; CLASSES];
        for lot in &self.lots {
            values[lot.class] += self.price(lot);
        }
        values
    }

    /// Values of the names of a class.
    fn names(&self, class: usize) -> [f64; MOST_NAMES] {
        let mut values = [0.0; MOST_NAMES];
        for lot in self.lots.iter().filter(|l| l.class == class) {
            values[lot.name] += self.price(lot);
        }
        values
    }

    fn value(&self) -> f64 {
        self.values().iter().sum::<f64>() + self.cash
    }

    fn is_short(&self, lot: &Lot) -> bool {
        self.quarter as i32 - lot.bought <= 4
    }

    /// Sells a quantity of a lot. Returns its proceeds before costs.
    fn sell(&mut self, at: usize, quantity: f64) -> f64 {
        let lot = self.lots[at];
        let amount = quantity * self.prices[lot.class][lot.name];
        let basis = lot.basis * quantity / lot.quantity;
        let is_short = self.is_short(&lot);
        let year = &mut self.years[self.session.year].0.gain;
        let class = &mut self.session.classes[lot.class];
        for by_term in [year, &mut class.realized] {
            *(if is_short { &mut by_term.short } else { &mut by_term.long }) += amount - basis;
        }
        *(if is_short { &mut class.sold.short } else { &mut class.sold.long }) += amount;
        self.lots[at].quantity -= quantity;
        self.lots[at].basis -= basis;
        self.net[lot.class] -= amount;
        self.trade(amount);
        amount
    }

    fn buy(&mut self, class: usize, name: usize, amount: f64) {
        if amount > 0.0 {
            let quantity = amount / self.prices[class][name];
            self.lots.push(Lot { class, name, quantity, basis: amount, bought: self.quarter as i32 });
            self.net[class] += amount;
            self.trade(-amount);
        }
    }

    /// Books the cash of a trade and its cost.
    fn trade(&mut self, amount: f64) {
        let cost = amount.abs() * self.manager.cost;
        self.cash += amount - cost;
        self.session.costs += cost;
    }

    /// Harvests, realizes gains and churns, in lots that are bought back.
    fn turn_over(&mut self) {
        let manager = *self.manager;
        let mut back = [[0.0; MOST_NAMES]; CLASSES];
        for at in 0..self.lots.len() {
            let lot = self.lots[at];
            let value = self.price(&lot);
            let is_harvested = manager.harvests && lot.class < 2 && value < 0.95 * lot.basis;
            let is_realized = manager.realizes
                && self.quarter.is_multiple_of(4)
                && value > lot.basis
                && !self.is_short(&lot);
            let part = if is_harvested || is_realized { 1.0 } else { manager.churn };
            if part > 0.0 && lot.quantity > 0.0 {
                back[lot.class][lot.name] += self.sell(at, part * lot.quantity);
            }
        }
        for class in 0..CLASSES {
            for name in 0..NAMES[class] {
                self.buy(class, name, back[class][name] * (1.0 - 2.0 * manager.cost));
            }
        }
        self.lots.retain(|l| l.quantity > 1e-12);
    }

    /// Rebalances to the weights at the start and at each year's end, and otherwise invests or raises cash in
    /// proportion.
    fn rebalance(&mut self) {
        let (values, total) = (self.values(), self.value());
        let held: f64 = values.iter().sum();
        let keep = self.manager.cash * total;
        let mut missing = [0.0; CLASSES];
        for class in 0..CLASSES {
            let target = if self.quarter.is_multiple_of(4) {
                self.manager.weights[class] * (total - keep)
            } else {
                values[class] * (1.0 + (self.cash - keep) / held)
            };
            missing[class] = (target - values[class]).max(0.0);
            let excess = (values[class] - target).max(0.0);
            if excess > 0.0 {
                self.raise(class, (excess / values[class]).min(1.0));
            }
        }
        let missing_all: f64 = missing.iter().sum();
        let free = (self.cash - keep).max(0.0) / (1.0 + self.manager.cost);
        for class in 0..CLASSES {
            if missing[class] > 0.0 {
                let dollars = missing[class] * (free / missing_all).min(1.0);
                let names = self.names(class);
                let held: f64 = names.iter().sum();
                for (name, value) in names.iter().enumerate().take(NAMES[class]) {
                    let part = if held > 0.0 { value / held } else { 1.0 / NAMES[class] as f64 };
                    self.buy(class, name, dollars * part);
                }
            }
        }
    }

    /// Sells a fraction of every name of a class, lots in the manager's order.
    fn raise(&mut self, class: usize, fraction: f64) {
        for name in 0..NAMES[class] {
            let mut of_name: Vec<usize> = (0..self.lots.len())
                .filter(|at| (self.lots[*at].class, self.lots[*at].name) == (class, name))
                .collect();
            let per_share = |at: &usize| self.lots[*at].basis / self.lots[*at].quantity;
            match self.manager.lots {
                LotChoice::HighestBasis => of_name.sort_by(|a, b| per_share(b).total_cmp(&per_share(a))),
                LotChoice::Oldest => of_name.sort_by_key(|at| self.lots[*at].bought),
            }
            let mut left = fraction * of_name.iter().map(|at| self.lots[*at].quantity).sum::<f64>();
            for at in of_name {
                let quantity = left.min(self.lots[at].quantity);
                if quantity > 0.0 {
                    self.sell(at, quantity);
                    left -= quantity;
                }
            }
        }
        self.lots.retain(|l| l.quantity > 1e-12);
    }
}

/// Runs a manager along a path.
pub fn run(world: &World, manager: &Manager, path: &Path) -> Series {
    let mut series = Series { brought: vec![0.0; CLASSES], ..Series::default() };
    let mut books = Books {
        world,
        manager,
        prices: [[1.0; MOST_NAMES]; CLASSES],
        lots: Vec::new(),
        cash: 0.0,
        quarter: 0,
        years: Vec::new(),
        session: Session::default(),
        net: [0.0; CLASSES],
    };
    let opening = Carry { short: 0.0, long: world.carry };
    let mut carry = opening;
    let mut paid: Vec<usize> = Vec::new();
    for quarter in 0..=QUARTERS {
        let year = quarter.saturating_sub(1) / 4;
        books.quarter = quarter;
        books.years.resize(year + 1, Taxed::default());
        books.session =
            Session { year, classes: vec![ClassSession::default(); CLASSES], ..Session::default() };
        books.net = [0.0; CLASSES];
        let mut before = books.values();
        if quarter == 0 {
            for class in 0..CLASSES {
                let basis = if class == 0 { world.basis } else { 1.0 };
                let value = START * OPENING[class];
                before[class] = value;
                series.brought[class] = value * (1.0 - basis);
                for name in 0..NAMES[class] {
                    let value = value / NAMES[class] as f64;
                    let bought = if basis < 1.0 { -20 } else { 0 };
                    books.lots.push(Lot { class, name, quantity: value, basis: value * basis, bought });
                }
            }
            books.session.flow = START;
        } else {
            earn(&mut books, path);
        }
        if quarter % 4 == 2 && year > 0 {
            let (tax, left) = bill(&books.years[year - 1].0, carry, world.rates);
            carry = left;
            books.cash -= tax;
            books.session.tax_paid = tax;
            paid.push(quarter);
        }
        if quarter > 0 {
            if quarter % 4 == 0 {
                books.cash += world.flow;
                books.session.flow = world.flow;
            }
            books.session.fees = books.value() * manager.fee / 4.0;
            books.cash -= books.session.fees;
        }
        if quarter < QUARTERS {
            if quarter > 0 {
                books.turn_over();
            }
            books.rebalance();
        }
        let after = books.values();
        books.session.value = books.value();
        for (c, class) in books.session.classes.iter_mut().enumerate() {
            class.before = before[c];
            class.taxable = before[c];
            class.gain = after[c] - before[c] - books.net[c];
        }
        series.sessions.push(std::mem::take(&mut books.session));
    }
    finish(&mut series, &books, opening, carry, &paid);
    series
}

/// Price returns and dividends of a quarter.
fn earn(books: &mut Books<'_>, path: &Path) {
    let quarter = books.quarter - 1;
    let (world, manager) = (books.world, books.manager);
    let luck = manager.luck / 4.0 + manager.spread / 2.0 * path.luck[quarter];
    for class in 0..CLASSES {
        for name in 0..NAMES[class] {
            let luck = if class == 0 { luck } else { 0.0 };
            books.prices[class][name] *= 1.0 + path.returns[quarter][class][name] + luck;
        }
        let income = books.values()[class] * world.yields[class] / 4.0;
        books.cash += income;
        let year = &mut books.years[books.session.year].0;
        let session = &mut books.session.classes[class];
        session.income = income;
        if class < 2 {
            year.qualified += income;
            session.qualified = income;
        } else {
            year.ordinary += income;
            session.ordinary = income;
        }
    }
}

/// Tax of the years that are still open, the sale of everything, and what one more dollar would cost.
fn finish(series: &mut Series, books: &Books<'_>, opening: Carry, carry: Carry, paid: &[usize]) {
    const MORE: f64 = 1_000.0;
    let rates = books.world.rates;
    let mut left = carry;
    for year in books.years.iter().skip(paid.len()) {
        let (tax, next) = bill(&year.0, left, rates);
        series.accrued += tax;
        left = next;
    }
    let sale = &mut series.sale;
    (sale.value, sale.gain) = (vec![ByTerm::default(); CLASSES], vec![ByTerm::default(); CLASSES]);
    let mut gain = ByTerm::default();
    for lot in &books.lots {
        let value = books.price(lot);
        for (to, amount) in [
            (&mut sale.value[lot.class], value),
            (&mut sale.gain[lot.class], value - lot.basis),
            (&mut gain, value - lot.basis),
        ] {
            *(if books.is_short(lot) { &mut to.short } else { &mut to.long }) += amount;
        }
    }
    sale.tax = sale_tax(gain, left, rates);
    let more = |short: f64, long: f64| ByTerm { short: gain.short + short, long: gain.long + long };
    sale.marginal = ByTerm {
        short: (sale_tax(more(MORE, 0.0), left, rates) - sale.tax) / MORE,
        long: (sale_tax(more(0.0, MORE), left, rates) - sale.tax) / MORE,
    };
    // The bills of all years, with one more dollar of one kind in one year.
    let bills = |more: Option<(usize, Kind)>| {
        let (mut carry, mut taxes) = (opening, Vec::new());
        for (y, year) in books.years.iter().enumerate() {
            let mut taxed = year.0;
            if let Some((_, kind)) = more.filter(|(at, _)| *at == y) {
                *kind(&mut taxed) += MORE;
            }
            let (tax, next) = bill(&taxed, carry, rates);
            taxes.push(tax);
            carry = next;
        }
        taxes.push(sale_tax(gain, carry, rates));
        taxes
    };
    let base = bills(None);
    for y in 0..books.years.len() {
        let mut year = Year {
            paid: paid.get(y).copied(),
            marginal: vec![ByKind::default(); books.years.len() - y],
            marginal_at_sale: ByKind::default(),
        };
        for kind in KINDS {
            let with = bills(Some((y, kind)));
            let change = |at: usize| (with[at] - base[at]) / MORE;
            for (later, marginal) in year.marginal.iter_mut().enumerate() {
                *kind(marginal) = change(y + later);
            }
            *kind(&mut year.marginal_at_sale) = change(books.years.len());
        }
        series.years.push(year);
    }
}

type Kind = fn(&mut ByKind) -> &mut f64;
const KINDS: [Kind; 4] =
    [|k| &mut k.gain.short, |k| &mut k.gain.long, |k| &mut k.qualified, |k| &mut k.ordinary];
