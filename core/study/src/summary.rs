//! The summary of a study: the content of `summary.json` and of the page.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::difference::{DifferenceRow, one_run};
use super::law_words::{law_sentences, left_out};
use super::{Headline, MATCH, Study, StudyArm, missing_sessions};
use crate::measure::{ArmMeasures, TaxAlphaSplit, TaxSavings, Work, tax_alpha_split, tax_savings};
use sha2::{Digest, Sha256};
use unisleeve_mandates::{ArmKind, Config, Execution, Unmatched, unmatched, unmatched_sentence};
use unisleeve_market::Market;
use unisleeve_tax::{FilingStatus, IncomeChange, Itemized, LawMode, OutsideGain, State, TaxRates};
use unisleeve_units::hex;
use unisleeve_units::{Money, Rate};

/// Results of a study with everything needed to check and repeat them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Summary {
    /// Version of this library.
    pub version: &'static str,
    /// Seed.
    pub seed: u64,
    /// SHA-256 of the configuration as canonical JSON.
    pub config_hash: String,
    /// SHA-256 of the market data.
    pub data_hash: String,
    /// SHA-256 of all arms' journals.
    pub result_hash: String,
    /// First session.
    pub start: NaiveDate,
    /// Last session.
    pub end: NaiveDate,
    /// Length of the return periods behind tracking errors.
    pub tracking_error_periods: &'static str,
    /// Accounts and how they are taxed.
    pub accounts: Vec<AccountSummary>,
    /// The inputs of all tax figures.
    pub tax_inputs: TaxInputs,
    /// UMA minus each setup with separate managers, by ending.
    pub difference: Vec<DifferenceRow<f64>>,
    /// The work in each setup.
    pub work: Vec<Work>,
    /// UMA minus SMA.
    pub headline: Option<Headline>,
    /// Whether `uma_equal_te` and `sma` have equal realized tracking error (to 1%). `None` where this was not
    /// attempted.
    pub equal_tracking_error: Option<bool>,
    /// Names of the arms in the order of the result table.
    pub arm_order: Vec<&'static str>,
    /// Figures by arm.
    pub arms: BTreeMap<&'static str, ArmSummary>,
    /// Ends of the configured dates that the prices do not reach, as sentences. Empty where they reach both.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shortened: Vec<String>,
    /// Names in restrictions that match nothing in the market.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unmatched_restrictions: Vec<Unmatched>,
    /// Assumptions behind the results, as sentences.
    pub assumptions: Vec<String>,
    /// The configuration.
    pub config: Config,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct AccountSummary {
    /// Name.
    pub account: String,
    /// `taxable`, `ira` or `roth`.
    pub kind: &'static str,
}

/// Tax inputs, under the names that files use. Amounts in dollars; income is per year.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct TaxInputs {
    /// Whether one year's law applies throughout.
    pub law: LawMode,
    /// Year of the law, where it applies throughout.
    pub year: i32,
    /// Filing status.
    pub status: FilingStatus,
    /// Growth of the brackets, an annual fraction.
    pub inflation: f64,
    /// Ordinary taxable income without the portfolio.
    pub ordinary_taxable: Money,
    /// Modified adjusted gross income without the portfolio and without capital gains.
    pub magi: Money,
    /// Net investment income without the portfolio and without capital gains.
    pub outside_net_investment_income: Money,
    /// Net short-term gain from outside the portfolio, each year.
    pub outside_net_short: Money,
    /// Net long-term gain from outside the portfolio, each year.
    pub outside_net_long: Money,
    /// Qualified dividends from outside the portfolio.
    pub outside_qualified: Money,
    /// Dated gains from outside the portfolio.
    pub outside_gains: Vec<OutsideGain>,
    /// Dated changes of the income from outside the portfolio.
    pub outside_income: Vec<IncomeChange>,
    /// Flat state rate.
    pub state_rate: Rate,
    /// State whose rules apply.
    #[cfg_attr(feature = "typescript", tsify(type = "string | null"))]
    pub state: Option<State>,
    /// State tax on a further $10,000 of short-term gain in the first year, per dollar.
    pub state_short: f64,
    /// State tax on a further $10,000 of long-term gain in the first year, per dollar.
    pub state_long: f64,
    /// Itemized deductions, for the alternative minimum tax.
    pub deduction: Option<Itemized>,
    /// Income that only the alternative minimum tax counts.
    pub amt_preferences: Money,
    /// Short-term loss carried into the first year.
    pub carry_short: Money,
    /// Long-term loss carried into the first year.
    pub carry_long: Money,
    /// Flat rate on short-term gain at liquidation.
    pub liquidation_short: f64,
    /// Flat rate on long-term gain at liquidation and on gains taxed later.
    pub liquidation_long: f64,
    /// Fraction of the final value given to charity.
    pub charity_share: Rate,
    /// Flat rate on short-term gain of a person who receives the portfolio.
    pub donee_short: f64,
    /// Flat rate on long-term gain of a person who receives the portfolio.
    pub donee_long: f64,
    /// Discount factor `D` on tax paid later.
    pub deferral_discount: f64,
    /// Discount factor on tax saved by a carryforward.
    pub carryforward_discount: f64,
}

/// One arm's figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct ArmSummary {
    /// Risk aversion of the run.
    pub risk_aversion: f64,
    /// Measures of the run.
    #[serde(flatten)]
    pub measures: ArmMeasures,
    /// Tax alpha before liquidation, an annual fraction.
    pub tax_alpha_before_liquidation: Option<f64>,
    /// Tax alpha after liquidation, an annual fraction.
    pub tax_alpha_after_liquidation: Option<f64>,
    /// First day on which requested payments could not be made.
    pub ruin: Option<NaiveDate>,
    /// Largest certified gap of the optimizations, as a fraction of the portfolio value.
    pub worst_gap: Option<f64>,
    /// Sources of tax alpha before liquidation. `None` without a shadow portfolio.
    pub tax_alpha_split: Option<TaxAlphaSplit>,
    /// Tax saved relative to the shadow portfolio, a different figure from tax alpha.
    pub tax_savings: Option<TaxSavings>,
}

/// SHA-256 of a configuration as canonical JSON, with keys in the order of the type's fields.
pub fn config_hash(config: &Config) -> String {
    let json = serde_json::to_vec(config).unwrap_or_default();
    hex(&Sha256::digest(&json))
}

/// Summarizes a study. `notes` are caveats of the data.
pub fn summary(study: &Study, config: &Config, market: &Market, notes: &[String]) -> Summary {
    let outside = &config.tax.outside;
    let state_rates = config.state_rates();
    let shadow = study.arms.iter().find(|a| a.result.setup.kind == ArmKind::Shadow);
    let mut assumptions = assumptions(study, config);
    let unmatched_restrictions = unmatched(config, market);
    assumptions.extend(unmatched_sentence(&unmatched_restrictions));
    assumptions.extend_from_slice(notes);
    // Inserted one by one: collecting would sort them, which adds code for a few entries.
    let mut arms = BTreeMap::new();
    for a in &study.arms {
        arms.insert(a.name, arm_summary(a, shadow, study.rates));
    }
    Summary {
        version: env!("CARGO_PKG_VERSION"),
        seed: config.seed,
        config_hash: config_hash(config),
        data_hash: market.hash().to_owned(),
        result_hash: study.hash.clone(),
        start: study.span.0,
        end: study.span.1,
        tracking_error_periods: "daily",
        accounts: study
            .arms
            .first()
            .map(|a| &a.result.accounts)
            .into_iter()
            .flatten()
            .map(|a| AccountSummary { account: a.name.clone(), kind: a.kind.as_str() })
            .collect(),
        tax_inputs: TaxInputs {
            law: config.tax.law,
            year: config.tax.year,
            status: config.tax.status,
            inflation: config.tax.inflation,
            ordinary_taxable: outside.ordinary_taxable,
            magi: outside.magi,
            outside_net_investment_income: outside.net_investment_income,
            outside_net_short: outside.net_short,
            outside_net_long: outside.net_long,
            outside_qualified: outside.qualified_dividends,
            outside_gains: config.household.outside_gains.clone(),
            outside_income: config.household.outside_income.clone(),
            state_rate: outside.state_rate,
            state: outside.state,
            state_short: state_rates.short,
            state_long: state_rates.long,
            deduction: outside.deduction,
            amt_preferences: outside.amt_preferences,
            carry_short: config.tax.carry_short,
            carry_long: config.tax.carry_long,
            liquidation_short: study.rates.short,
            liquidation_long: study.rates.long,
            charity_share: config.ending.charity_share,
            donee_short: study.donee.short,
            donee_long: study.donee.long,
            deferral_discount: config.tax.deferral.discount(),
            carryforward_discount: config.tax.deferral.carryforward_discount(),
        },
        difference: one_run(&study.differences, &|_| None),
        work: work(study, config),
        headline: study.headline,
        equal_tracking_error: study.matched,
        arm_order: study.arms.iter().map(|a| a.name).collect(),
        arms,
        shortened: missing_sessions(config, market).iter().map(ToString::to_string).collect(),
        unmatched_restrictions,
        assumptions,
        config: config.clone(),
    }
}

/// The work of UMA and of each setup with separate managers.
fn work(study: &Study, config: &Config) -> Vec<Work> {
    let arms = study.arms.iter().filter(|a| ArmKind::COMPARED.iter().any(|k| k.as_str() == a.name));
    arms.map(|a| Work::of(a.name, &a.measures.workload, &config.workload)).collect()
}

fn arm_summary(arm: &StudyArm, shadow: Option<&StudyArm>, rates: TaxRates) -> ArmSummary {
    let gaps = arm.result.journal.solves.iter().map(|s| s.objective - s.lower_bound);
    ArmSummary {
        risk_aversion: arm.risk_aversion,
        measures: arm.measures.clone(),
        tax_alpha_before_liquidation: arm.tax_alpha.and_then(|t| t.before_liquidation),
        tax_alpha_after_liquidation: arm.tax_alpha.and_then(|t| t.after_liquidation),
        ruin: arm.result.ruin.map(|r| r.date),
        worst_gap: gaps.reduce(|a, b| if b > a { b } else { a }),
        tax_alpha_split: shadow.and_then(|s| {
            let alpha = arm.tax_alpha.and_then(|t| t.before_liquidation);
            tax_alpha_split(&arm.result, &s.result, rates, alpha)
        }),
        tax_savings: shadow.map(|s| tax_savings(&arm.result.journal, &s.result.journal)),
    }
}

fn assumptions(study: &Study, config: &Config) -> Vec<String> {
    let tax = &config.tax;
    let last_year = &study.bench.terms.endings.outside;
    let mut list = law_sentences(config);
    list.extend([
        "The portfolio's tax is the household's tax with the portfolio minus without it; it is paid, or a saving \
         credited, on 15 April or the next session, out of the portfolio."
            .to_owned(),
        format!(
            "Liquidation and gains taxed later: {:.1}% short-term, {:.1}% long-term, flat.",
            study.rates.short * 100.0,
            study.rates.long * 100.0
        ),
        format!(
            "A dollar of tax in {} years is worth {:.3} today; a dollar saved by a carryforward {:.3}.",
            tax.deferral.years,
            tax.deferral.discount(),
            tax.deferral.carryforward_discount()
        ),
        "Endings are figured on the last day from the open lots; all subtract the tax accrued until then, none tests for \
         wash sales or counts estate and gift tax, and losses carried forward beyond that year are worth nothing."
            .to_owned(),
        format!(
            "Sold through the brackets: everything within the household's return of the last year, with its brackets, net \
             investment income tax, alternative minimum tax and state tax{}.",
            match last_year.state {
                Some(state) => format!(" of {}", state.name()),
                None => format!(" of {:.1}%", last_year.state_rate.to_f64() * 100.0),
            }
        ),
        "Left at death: the heirs' basis is market value for gains and losses alike, and losses carried forward are lost; \
         one owner, no community property."
            .to_owned(),
        format!(
            "Given to a person: who sells on the same day at {:.1}% short-term and {:.1}% long-term, with the household's \
             basis and term; unrealized losses and losses carried forward do not pass on.",
            study.donee.short * 100.0,
            study.donee.long * 100.0
        ),
        format!(
            "Given to charity: {:.1}% of the final value to a public charity, long-term lots with the most gain for each \
             dollar first, in kind; deducted in the last year up to 30% of adjusted gross income{}; the household itemises, \
             the state follows the federal deduction, and what is carried forward (five years) is shown, not valued.",
            config.ending.charity_share.to_f64() * 100.0,
            if study.bench.terms.endings.law.year < 2026 {
                ""
            } else {
                ", less 0.5% of it, a dollar in the top bracket saving 35 cents of federal tax"
            }
        ),
        format!(
            "Half of a spread of {} basis points is paid on every trade, in every arm{}; no other fees.",
            config.trading.spread_bps,
            if config.trading.impact > 0.0 {
                format!(
                    ", and for its size {} times daily volatility times the root of its part of a day's volume",
                    config.trading.impact
                )
            } else {
                String::new()
            }
        ),
        match config.trading.execution {
            Execution::Close => "Trades settle at the close of the day on which they are decided.",
            Execution::NextClose => {
                "Trades settle at the close after the one on which they are decided, purchases within the cash that the day's \
                 sales bring."
            }
        }
        .to_owned(),
        "Tax bills and withdrawals come out of taxable accounts first, then out of IRAs, then out of Roth accounts; what leaves \
         an IRA in cash is ordinary income of an owner past 59 and a half; wealth counts an IRA before that tax. Each account pays its own fee."
            .to_owned(),
        "A dividend is qualified only on shares held for more than 60 of the 121 days around its ex-date.".to_owned(),
        left_out(),
    ]);
    if !tax.wash_sale_rule {
        list.push(
            "Every loss counts: the wash-sale rule (section 1091) is switched off. That is not the law."
                .to_owned(),
        );
    }
    if study.matched.is_some() {
        list.push(format!(
            "All arms run at the same risk aversion, except uma_equal_te: UMA at the one that gives it the realized \
             tracking error of sma (to {:.0}%).",
            MATCH * 100.0
        ));
        list.push(
            "A headline figure is the median of five runs whose risk aversion differs by up to 4%, with their range: the \
             range shows how much one path's luck weighs, and is not a confidence interval. The table of arms shows the \
             middle run."
                .to_owned(),
        );
    }
    list
}
