//! Harvesting on real prices agrees qualitatively with the literature: S&P 500 members from 2013 to 2018, a
//! direct index alone against its fund. The printed figures appear in docs/literature.md beside the published
//! ones.
//!
//! | shape | source |
//! |---|---|
//! | the first year's harvest is the largest, later ones fall | Berkin and Ye (2003); Vanguard (2022) |
//! | new money brings new losses | Berkin and Ye (2003) |
//! | harvesting more often harvests more: a year < a quarter < a month | Vanguard (2022) |
//! | 0.5 to 2.5% a year at first if every loss is used, far less with nothing to offset | CBL (2020) |
//! | the wash-sale rule costs some | CBL (2020): 1.08% without, 0.82% with it |
//!
//! CBL is Chaudhuri, Burnham and Lo.

use std::path::PathBuf;

use unisleeve::readers::{load_config, load_market};
use unisleeve_core::mandates::{ArmKind, Cadence, Config, Every, Flow, arm, sample_config};
use unisleeve_core::market::Market;
use unisleeve_core::study::Bench;
use unisleeve_core::study::measure::{ArmMeasures, tax_alpha};
use unisleeve_core::units::Money;
use unisleeve_tests::data::folder;
use unisleeve_tests::day;
use unisleeve_tests::markets::sample;

struct Harvest {
    measures: ArmMeasures,
    /// Annual tax alpha, kept and liquidated.
    alpha: f64,
    liquidated: f64,
}

impl Harvest {
    /// Harvest yield of each year since inception; zero where the portfolio harvested nothing.
    fn yields(&self) -> Vec<f64> {
        self.measures.harvest_yield.iter().map(|y| y.harvest_yield.unwrap_or(0.0)).collect()
    }
}

/// Runs a direct index under one manager and compares it with the shadow portfolio.
fn harvest(name: &str, config: &Config, market: &Market) -> Harvest {
    assert_eq!(config.faults(), []);
    let mut market = market.clone();
    let mut setup = |kind| arm(kind, config, &mut market).expect("a setup");
    let setups = vec![setup(ArmKind::Uma), setup(ArmKind::Shadow)];
    let bench = Bench::new(config, market, setups, &mut |_| ()).expect("a bench");
    let run =
        |at: usize| bench.arm(&bench.setups[at], "arm", config, config.trading.risk_aversion).expect("a run");
    let (index, shadow) = (run(0), run(1));
    let alpha = tax_alpha(
        (&index.result.journal.marks, &index.measures.liquidation),
        (&shadow.result.journal.marks, &shadow.measures.liquidation),
    );
    let found = Harvest {
        alpha: alpha.before_liquidation.expect("a tax alpha"),
        liquidated: alpha.after_liquidation.expect("a tax alpha"),
        measures: index.measures,
    };
    let yields: Vec<String> = found.yields().iter().map(|y| format!("{:.2}%", 100.0 * y)).collect();
    println!(
        "{name}: tax alpha {:.0} bp kept, {:.0} bp liquidated; tracking error {:.2}%; harvest yields {}",
        1e4 * found.alpha,
        1e4 * found.liquidated,
        100.0 * found.measures.tracking_error_ex_post.unwrap_or(0.0),
        yields.join(" ")
    );
    found
}

/// The configuration of Chaudhuri, Burnham and Lo with its market. Without the data it prints a notice and
/// returns `None`.
fn literature() -> Option<(Config, Market)> {
    let data = folder("the shape of harvesting on S&P 500 members")?;
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/literature");
    let config = load_config(&beside.join("chaudhuri.toml")).expect("a configuration");
    let files = config.data.clone().expect("data");
    let loaded = load_market(&config, &files, &beside, Some(&data)).expect("a market");
    Some((config, loaded.market))
}

#[test]
fn harvesting_has_the_shape_of_the_literature() {
    let Some((config, market)) = literature() else { return };
    let at = |cadence| {
        let mut config = config.clone();
        config.trading.cadence = cadence;
        harvest(&format!("{cadence:?}"), &config, &market)
    };
    let (year, quarter) = (at(Cadence::Yearly), at(Cadence::Quarterly));
    let (month, daily) = (at(Cadence::Monthly), at(Cadence::Daily));
    assert!(year.alpha < quarter.alpha && quarter.alpha < month.alpha, "more often, more");
    assert!(daily.alpha > month.alpha, "days add to months");
    let yields = month.yields();
    assert!(yields.iter().skip(1).all(|y| *y < yields[0]), "the first year harvests most: {yields:?}");
    assert!(
        yields[3] + yields[4] < 0.6 * yields[0],
        "years four and five together, a part of the first: {yields:?}"
    );

    let mut early = config.clone();
    early.end = day("2015-02-10");
    let early = harvest("Monthly, two years", &early, &market);
    assert!((0.005..0.025).contains(&early.alpha), "{}", early.alpha);

    // The same years for a rich household, with gains to offset and without any.
    let mut rich = config.clone();
    rich.end = day("2015-02-10");
    rich.household.cash = Money::whole(10_000_000);
    let mut idle = rich.clone();
    rich.tax.outside.net_short = Money::whole(2_000_000);
    rich.tax.outside.net_long = Money::whole(2_000_000);
    (idle.tax.outside.net_short, idle.tax.outside.net_long) = (Money::ZERO, Money::ZERO);
    let used = harvest("Monthly, two years, $10m, gains to offset", &rich, &market);
    let unused = harvest("Monthly, two years, $10m, nothing to offset", &idle, &market);
    assert!(unused.alpha < 0.4 * used.alpha, "{} {}", unused.alpha, used.alpha);

    let mut saving = config.clone();
    saving.household.flows =
        vec![Flow { amount: Money::whole(2_000), every: Every::Month, from: day("2013-03-01"), to: None }];
    let saving = harvest("Monthly, 2% paid in each month", &saving, &market).yields();
    assert!(saving[3] + saving[4] > 1.2 * (yields[3] + yields[4]), "{saving:?} {yields:?}");

    let mut lawless = config.clone();
    lawless.tax.wash_sale_rule = false;
    lawless.trading.cadence = Cadence::Daily;
    let lawless = harvest("Daily, without the wash-sale rule", &lawless, &market);
    assert!(lawless.alpha > daily.alpha, "the rule costs some");
    assert_eq!(lawless.measures.losses_washed, Money::ZERO);
}

/// After some years without new money almost nothing is left to harvest.
#[test]
fn harvests_of_the_sample_fade() {
    let mut config = sample_config();
    config.policy.truncate(1);
    config.policy[0].weight = 1.0;
    config.household.flows.clear();
    config.tax.outside.net_short = Money::whole(200_000);
    let yields = harvest("the sample, from 2000", &config, &sample()).yields();
    let mean = |years: &[f64]| years.iter().sum::<f64>() / years.len() as f64;
    assert!(yields[0] > 0.03, "{yields:?}");
    assert!(mean(&yields[10..]) < 0.2 * yields[0], "{yields:?}");
}
