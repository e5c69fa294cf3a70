//! The result of a backtest: the core's summary, the ladder and the vintages.

use serde::Serialize;
use unisleeve_core::study::Summary;

use super::ladder::Ladder;
use super::vintages::Vintages;

/// The content of summary.json.
#[derive(Debug, Serialize)]
pub(crate) struct FullSummary {
    #[serde(flatten)]
    pub study: Summary,
    /// From SMA to UMA, switch by switch; `None` if either did not run.
    pub ladder: Option<Ladder>,
    /// UMA and SMA from later start dates; `None` if fewer than two fit into the span.
    pub vintages: Option<Vintages>,
}

impl FullSummary {
    /// Assumptions behind the ladder and the vintages.
    pub(crate) fn further_assumptions(&self) -> Vec<String> {
        let ladder = self.ladder.iter().map(|_| {
            "From SMA to UMA: switches turned on one after the other in the order shown; in another order a switch may be worth \
             more or less. A switch that can't act in this household is worth nothing."
                .to_owned()
        });
        let vintages = self.vintages.iter().map(|v| {
            format!(
                "Other start dates: a study of its own from each, {} years long, which opens with the household as configured; \
                 flows keep their dates. All setups run at the same risk aversion. The 95% interval of a setup effect is that \
                 of its mean over the start dates, by a stationary bootstrap of blocks of {} of them, since runs that \
                 overlap are no independent samples.",
                v.years, v.years
            )
        });
        ladder.chain(vintages).collect()
    }
}
