//! Rolls out the strategy for one client in every setup: the trades, tax and time until the lots are in line
//! with it.

use serde::Serialize;
use unisleeve_core::books::journal::Side;
use unisleeve_core::engine::{ArmResult, RiskTimeline, Standing, standing};
use unisleeve_core::mandates::{ArmKind, Config, ConfigFault, PolicySleeve, Restrictions, Setup, arm};
use unisleeve_core::market::{Market, View};
use unisleeve_core::study::difference::{PathDifference, differences};
use unisleeve_core::study::measure::orders;
use unisleeve_core::study::{Bench, StudyArm};
use unisleeve_core::tax::{Outside, TaxRates};
use unisleeve_core::units::{Money, SecurityId, Shares, SleeveId};

use super::clients::Terms;
use super::lots::Client;

/// A sleeve, a security in it, and its shares.
type Position = (SleeveId, SecurityId, Shares);

/// What all rollouts share.
pub(super) struct Strategy<'a> {
    pub config: &'a Config,
    pub market: &'a Market,
    pub timeline: &'a RiskTimeline,
    /// Policies that clients may name, with their sleeves.
    pub policies: &'a [(String, Vec<PolicySleeve>)],
}

/// The result of one client in one setup.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Row {
    pub client: String,
    /// `uma`, `sma`, `sma_best` or `sma_typical`.
    pub setup: &'static str,
    /// Value at the start, dollars.
    pub value: f64,
    /// Tax on what the rollout realized, dollars. A negative amount is saved.
    pub tax: f64,
    pub net_short: f64,
    pub net_long: f64,
    /// Largest distance of an asset class from its weight before the rollout. The next field is the distance
    /// after it.
    pub drift_before: Option<f64>,
    pub drift_after: Option<f64>,
    /// Ex-ante tracking error before the rollout. The next field is the one after it.
    pub te_before: Option<f64>,
    pub te_after: Option<f64>,
    pub orders: usize,
    pub transfers: usize,
    pub tickets: usize,
    /// First session (counted from 1) at whose close everything was in line; `None` if there was no such
    /// session.
    pub days: Option<usize>,
    /// Why the client was never in line or could not be run; empty otherwise.
    pub why: String,
}

impl Row {
    /// The row of a client that could not be run.
    fn failed(client: &str, setup: &'static str, why: String) -> Self {
        Self {
            client: client.to_owned(),
            setup,
            value: 0.0,
            tax: 0.0,
            net_short: 0.0,
            net_long: 0.0,
            drift_before: None,
            drift_after: None,
            te_before: None,
            te_after: None,
            orders: 0,
            transfers: 0,
            tickets: 0,
            days: None,
            why,
        }
    }
}

/// Net gain from outside the portfolio, dollars, short-term and long-term each. It is large enough to absorb
/// every loss: of a client only the tax rates are known.
const PLENTY: i32 = 100_000_000;

/// The setups, in the order of files.
pub(super) const SETUPS: [ArmKind; 4] = [ArmKind::Uma, ArmKind::Sma, ArmKind::SmaBest, ArmKind::SmaTypical];

/// The rollout of one client.
#[derive(Debug, Clone)]
pub(super) struct RolledOut {
    pub client: String,
    /// One row for each of the [`SETUPS`].
    pub rows: [Row; 4],
    /// UMA minus each setup with separate managers. Empty where a setup could not run.
    pub differences: Vec<PathDifference>,
}

/// Rolls out the strategy for a client, in every setup.
pub(super) fn roll_out(strategy: &Strategy<'_>, client: &Client, terms: Option<&Terms>) -> RolledOut {
    let failed = |why: &str| RolledOut {
        client: client.name.clone(),
        rows: SETUPS.map(|kind| Row::failed(&client.name, kind.as_str(), why.to_owned())),
        differences: Vec::new(),
    };
    let Some(terms) = terms else {
        return failed("its terms are missing: expected a row of the clients' file");
    };
    let (config, bench) = match bench(strategy, client, terms) {
        Ok(both) => both,
        Err(why) => return failed(&why),
    };
    let mut arms = Vec::new();
    let rows = SETUPS.map(|kind| {
        let name = kind.as_str();
        let done =
            bench.setups.iter().find(|s| s.kind == kind).ok_or_else(|| format!("{name}: no such setup"));
        let row = done.and_then(|setup| {
            let gamma = config.trading.risk_aversion;
            let arm = bench.arm(setup, name, &config, gamma).map_err(|e| e.to_string())?;
            let row = row(client, setup, &arm, &config, &bench);
            arms.push(arm);
            row
        });
        row.unwrap_or_else(|why| Row::failed(&client.name, name, why))
    });
    let differences =
        if arms.len() == SETUPS.len() { differences(&arms, &config, &bench) } else { Vec::new() };
    RolledOut { client: client.name.clone(), rows, differences }
}

fn faults(found: Vec<ConfigFault>) -> String {
    found.into_iter().map(|f| format!("{}: {}", f.key, f.message)).collect::<Vec<_>>().join("; ")
}

/// A client's configuration, and its setups over the market with the strategy's risk models.
fn bench(strategy: &Strategy<'_>, client: &Client, terms: &Terms) -> Result<(Config, Bench), String> {
    let mut config = strategy.config.clone();
    config.household = client.household.clone();
    config.tax.flat = Some(terms.rates);
    config.tax.outside =
        Outside { net_short: Money::whole(PLENTY), net_long: Money::whole(PLENTY), ..Outside::default() };
    config.restrictions = both(&config.restrictions, &terms.restrictions);
    if !terms.policy.is_empty() {
        let named = strategy.policies.iter().find(|(name, _)| *name == terms.policy);
        let (_, policy) =
            named.ok_or_else(|| format!("policy {}: expected a name of the policies' file", terms.policy))?;
        config.policy.clone_from(policy);
    }
    let found = config.faults();
    if !found.is_empty() {
        return Err(faults(found));
    }
    let mut market = strategy.market.clone();
    let setups = SETUPS.map(|kind| arm(kind, &config, &mut market));
    let setups = setups.into_iter().collect::<Result<Vec<_>, _>>().map_err(faults)?;
    // The models are the strategy's: none is estimated here.
    let mut bench = Bench::new(&config, market, Vec::new(), &mut |_| ()).map_err(|e| e.to_string())?;
    bench.terms.endings.rates =
        TaxRates { short: terms.rates.short.to_f64(), long: terms.rates.long.to_f64() };
    Ok((config, Bench { setups, timeline: strategy.timeline.clone(), ..bench }))
}

fn row(
    client: &Client,
    setup: &Setup,
    arm: &StudyArm,
    config: &Config,
    bench: &Bench,
) -> Result<Row, String> {
    let (result, market) = (&arm.result, &bench.market);
    let stand = |view: &View<'_>, positions: &[(SleeveId, SecurityId, Shares)], cash: Money| {
        standing(setup, &bench.timeline, view, positions, cash, config.band())
    };
    let views: Vec<View<'_>> = market.sessions(config.start, config.end).collect();
    let (first, last) = views.first().zip(views.last()).ok_or("no session: expected prices")?;
    let lots = config.household.lots.iter().zip(&setup.legacy);
    let positions: Vec<_> =
        lots.map(|(lot, (cell, security))| (cell.sleeve, *security, lot.quantity)).collect();
    let accounts: Money = config.household.accounts.iter().map(|a| a.cash).sum();
    let before = stand(first, &positions, config.household.cash + accounts);
    let after = at_end(result, |positions, cash| stand(last, positions, cash));
    let days = days_to(result, &views, &stand);
    let marks = &result.journal.marks;
    let accrued = marks.last().map_or(Money::ZERO, |m| m.accrued_tax);
    let tax = accrued + marks.iter().map(|m| m.tax_paid).sum::<Money>();
    let years = &result.journal.tax_years;
    let [short, long] =
        [years.iter().map(|y| y.net_short).sum::<Money>(), years.iter().map(|y| y.net_long).sum::<Money>()];
    Ok(Row {
        client: client.name.clone(),
        setup: arm.name,
        value: before.value.to_f64(),
        tax: tax.to_f64(),
        net_short: short.to_f64(),
        net_long: long.to_f64(),
        drift_before: before.drift,
        drift_after: after.drift,
        te_before: before.tracking_error,
        te_after: after.tracking_error,
        orders: orders(&result.journal),
        transfers: result.journal.transfers.len(),
        tickets: result.journal.tickets.len(),
        days,
        why: if days.is_some() { String::new() } else { why(config, market, &after) },
    })
}

fn both(ours: &Restrictions, theirs: &Restrictions) -> Restrictions {
    let join = |a: &[String], b: &[String]| [a, b].concat();
    Restrictions {
        exclude: join(&ours.exclude, &theirs.exclude),
        exclude_sectors: join(&ours.exclude_sectors, &theirs.exclude_sectors),
        exclude_lists: join(&ours.exclude_lists, &theirs.exclude_lists),
        do_not_sell: join(&ours.do_not_sell, &theirs.do_not_sell),
        position_cap: match (ours.position_cap, theirs.position_cap) {
            (Some(a), Some(b)) => Some(if a < b { a } else { b }),
            (a, b) => a.or(b),
        },
    }
}

fn at_end(
    result: &ArmResult,
    stand: impl Fn(&[(SleeveId, SecurityId, Shares)], Money) -> Standing,
) -> Standing {
    let positions: Vec<_> = result.lots.iter().map(|(s, lot)| (lot.sleeve, *s, lot.quantity)).collect();
    stand(&positions, result.journal.marks.last().map_or(Money::ZERO, |m| m.cash))
}

/// The first session (counted from 1) at whose close everything was in line; `None` if there was no such
/// session. Later market moves are drift and do not make the rollout incomplete.
fn days_to(
    result: &ArmResult,
    views: &[View<'_>],
    stand: &dyn Fn(&View<'_>, &[Position], Money) -> Standing,
) -> Option<usize> {
    let mut held: Vec<Position> = Vec::new();
    let mut trades = result.journal.trades.iter().peekable();
    for (at, (view, mark)) in views.iter().zip(&result.journal.marks).enumerate() {
        let mut changed = at == 0;
        while let Some(t) = trades.next_if(|t| t.date <= view.date()) {
            let quantity = if t.side == Side::Sell { -t.quantity } else { t.quantity };
            let key = (t.sleeve, t.security);
            match held.binary_search_by_key(&key, |p| (p.0, p.1)) {
                Ok(p) => held[p].2 += quantity,
                Err(p) => held.insert(p, (t.sleeve, t.security, quantity)),
            }
            changed = true;
        }
        if changed && stand(view, &held, mark.cash).is_in_line() {
            return Some(at + 1);
        }
    }
    None
}

/// Why the holdings are not in line, in words; empty if they are.
fn why(config: &Config, market: &Market, after: &Standing) -> String {
    let mut reasons = Vec::new();
    for (class, distance) in &after.off {
        let side = if *distance > 0.0 { "above" } else { "below" };
        reasons.push(format!("{class} {:.1}% {side} its weight", 100.0 * distance.abs()));
    }
    for security in &after.excluded {
        let symbol = market.securities().get(security.index()).map_or("", |s| s.symbol.as_str());
        let kept = config.restrictions.do_not_sell.iter().any(|s| s.eq_ignore_ascii_case(symbol));
        let because = match (kept, config.tax.gains_budget) {
            (true, _) => "it must not be sold",
            (false, Some(_)) => "the gains budget is spent",
            (false, None) => "it had no price to be sold at",
        };
        reasons.push(format!("{symbol} is excluded and still held: {because}"));
    }
    reasons.join("; ")
}
