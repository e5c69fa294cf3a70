//! The text that the command prints.

use std::fmt::Write;

use unisleeve_core::study::simulate::Paired;

use super::summary::Summary;
use crate::render::difference::text::text as difference;
use crate::render::format::{dollars, more_dollars, more_percent, percent};
use crate::render::setups::Setups;

/// The figures as a table.
pub(super) fn table(summary: &Summary) -> String {
    let s = &summary.figures;
    let mut t = String::new();
    let done = s.simulation.paths;
    let stopped = if (done as u64) < summary.asked {
        format!(" (stopped: {} were asked for)", summary.asked)
    } else {
        String::new()
    };
    let _ = writeln!(t, "{done} futures{stopped} from {} to {}, seed {}\n", s.start, s.end, s.seed);
    let setups = Setups::of(&summary.config);
    t.push_str(&difference(&s.simulation.difference, &s.work, setups, "mean"));
    let [uma, sma] = s.simulation.ruined;
    if uma + sma > 0 {
        let _ = writeln!(
            t,
            "Money ran out in {uma} of {done} futures with UMA and in {sma} with SMA: they paid less than was asked.\n\
             Differences count what was left and what had been paid out, each dollar as it was paid.\n"
        );
    }
    let _ = writeln!(
        t,
        "Detail: all of the difference to {}, with other holdings and luck in it",
        setups.name("sma")
    );
    if let Some(gain) = &s.simulation.gain {
        let _ =
            writeln!(t, "{:32} {}", "wealth, UMA less SMA", with_interval(gain, &|x| more_dollars(Some(x))));
        let _ = writeln!(
            t,
            "{:32} above zero in {} of futures, median {}, mean of the worst tenth {}",
            "",
            percent(Some(gain.ahead), 0),
            more_dollars(Some(gain.percentiles[3])),
            more_dollars(Some(gain.worst_tenth))
        );
    }
    let lines = [
        ("tax alpha a year, UMA less SMA", &s.simulation.tax_alpha),
        ("the same after liquidation", &s.simulation.tax_alpha_after_liquidation),
    ];
    for (name, paired) in lines {
        if let Some(paired) = paired {
            let _ = writeln!(t, "{name:32} {}", with_interval(paired, &|x| more_percent(Some(x), 3)));
        }
    }
    for (name, te) in ["UMA", "SMA"].iter().zip(s.simulation.tracking_error) {
        let _ = writeln!(t, "{:32} {}", format!("tracking error of {name}"), percent(te, 2));
    }
    let _ = writeln!(
        t,
        "\nwealth after tax at the end      {:>14} {:>14} {:>14} {:>14}",
        "5%", "median", "95%", "ran out"
    );
    // Futures in which an arm could not pay what was due.
    let ruined = |arm: &str| {
        let found = s.simulation.averages.iter().find(|a| a.arm == arm);
        found.map_or_else(String::new, |a| format!("{} of {done}", a.ruined))
    };
    for fan in &s.simulation.fans {
        let [low, .., high] = fan.wealth;
        let _ = writeln!(
            t,
            "{:32} {:>14} {:>14} {:>14} {:>14}",
            setups.name(&fan.arm),
            dollars(Some(low)),
            dollars(Some(fan.wealth[3])),
            dollars(Some(high)),
            ruined(&fan.arm)
        );
    }
    if !summary.frontier.is_empty() {
        let _ = writeln!(
            t,
            "\nrisk aversion   UMA: tracking error, tax alpha     SMA: tracking error, tax alpha"
        );
        for p in &summary.frontier {
            let cell = |x: Option<f64>| percent(x, 2);
            let _ = writeln!(
                t,
                "{:>13} {:>20} {:>10} {:>20} {:>10}",
                p.risk_aversion,
                cell(p.tracking_error[0]),
                cell(p.tax_alpha[0]),
                cell(p.tracking_error[1]),
                cell(p.tax_alpha[1])
            );
        }
    }
    if !summary.transition.is_empty() {
        let _ = writeln!(
            t,
            "\nUMA, gains a year up to    tracking error after 1, 2, 3, 5, 10 years      tax in all"
        );
        for p in &summary.transition {
            let limit = p.gains_budget.map_or("no limit".to_owned(), |b| dollars(Some(f64::from(b))));
            let after = |year: usize| percent(p.tracking_error_by_year[0].get(year - 1).copied(), 2);
            let years: Vec<String> = [1, 2, 3, 5, 10].map(|y| format!("{:>7}", after(y))).into();
            let tax = p.taxes_by_year[0].iter().sum();
            let _ = writeln!(t, "{limit:>26} {} {:>15}", years.join(" "), dollars(Some(tax)));
        }
    }
    let _ = writeln!(t);
    for a in &s.assumptions {
        let _ = writeln!(t, "- {a}");
    }
    let _ = writeln!(t, "\nresult {}", &s.simulation.hash[..16]);
    t
}

fn with_interval(p: &Paired, show: &dyn Fn(f64) -> String) -> String {
    match p.interval {
        Some([low, high]) => {
            format!("{} (95% interval of the mean {} to {})", show(p.mean), show(low), show(high))
        }
        None => show(p.mean),
    }
}
