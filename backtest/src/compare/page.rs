//! The comparison as one page that opens offline: a waterfall and a table for each figure.

use std::fmt::Write as _;

use unisleeve_core::setup::Switch;

use super::CompareSummary;
use super::text::{amount, figure_title, ruin, title};
use super::worth::{Spread, Worth};

const STYLE: &str = include_str!("page.css");

/// What each switch means, in plain words.
fn meaning(switch: Switch) -> &'static str {
    match switch {
        Switch::Wash => {
            "wash: every manager sees all of the household's trades, retirement accounts included"
        }
        Switch::Gains => "gains: every manager sees the household's gains as of today",
        Switch::Pool => "pool: one pool of cash",
        Switch::Joint => "joint: money between sleeves follows from the whole problem",
        Switch::Risk => "risk: the whole portfolio is held to the policy mix",
        Switch::Lag => "lag: no waiting for money from another manager",
        Switch::Fees => "fees: the unified schedule of fees",
    }
}

/// The page.
pub(super) fn page(s: &CompareSummary) -> Vec<u8> {
    let mut html = String::new();
    let _ = write!(
        html,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>SMA against UMA, switch by switch</title><style>{STYLE}</style></head><body><main>\
         <h1>SMA against UMA, switch by switch</h1>\
         <p>SMA: specialists run the direct index beside an advisor who runs the funds. UMA: one manager runs all of it. \
         Between the two lie seven switches; each bar is what one of them is worth, averaged over all orders of switching \
         on (its Shapley value). The bars add up to UMA less SMA.</p>"
    );
    let starts = s.start_dates;
    let _ = match starts {
        1 => write!(html, "<p class=\"soft\">One path of history: a result, not a forecast.</p>"),
        _ => write!(
            html,
            "<p class=\"soft\">{starts} start dates on one history; they overlap, so they are fewer than {starts} \
             independent trials. Bars are means, thin lines the range.</p>"
        ),
    };
    if let Some(ruin) = ruin(s) {
        let _ = write!(html, "<p>{ruin}</p>");
    }
    html.push_str("<ul>");
    for switch in Switch::ALL {
        let acts = if s.acting.contains(&switch) { "" } else { " (can't act in this household)" };
        let _ = write!(html, "<li>{}{acts}</li>", meaning(switch));
    }
    html.push_str("</ul>");
    for w in &s.worth {
        let _ = write!(html, "<section><h2>{}, {}</h2>", figure_title(w.figure), title(w.equal));
        html.push_str(&waterfall(w, starts > 1));
        html.push_str(&table(w, starts > 1));
        html.push_str("</section>");
    }
    html.push_str(
        "<section><h2>Work</h2><div class=\"scroll\"><table><tr><th>Setup</th><th>Tasks</th><th>Tickets</th>\
                   <th>Transfers</th><th>Orders</th><th>Hours</th></tr>",
    );
    for w in &s.workload {
        let hours = w.hours.map_or("-".to_owned(), |h| format!("{h:.0}"));
        let _ = write!(
            html,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{hours}</td></tr>",
            w.setup.to_uppercase(),
            w.tasks,
            w.tickets,
            w.transfers,
            w.orders
        );
    }
    html.push_str("</table></div></section><section><h2>What the figures rest on</h2><ul>");
    for a in &s.assumptions {
        let _ = write!(html, "<li>{}</li>", a.replace('&', "&amp;").replace('<', "&lt;"));
    }
    let _ = write!(
        html,
        "</ul><p class=\"soft\">Unisleeve {}, seed {}, configuration {}, data {}</p></section></main></body></html>",
        s.version, s.seed, s.config_hash, s.data_hash
    );
    html.into_bytes()
}

/// Bars that start where the one before ended, from SMA at zero to UMA.
fn waterfall(w: &Worth, ranges: bool) -> String {
    const WIDTH: f64 = 900.0;
    const HEIGHT: f64 = 300.0;
    const TOP: f64 = 30.0;
    const BOTTOM: f64 = 40.0;
    let mut at = 0.0;
    let mut bars: Vec<(&str, f64, f64, &Spread)> = Vec::new();
    for x in &w.switches {
        bars.push((x.switch.as_str(), at, at + x.shapley.mean, &x.shapley));
        at += x.shapley.mean;
    }
    bars.push(("UMA less SMA", 0.0, w.total.mean, &w.total));
    let ends = bars.iter().flat_map(
        |(_, a, b, s)| {
            if ranges { vec![*a, *b, a + s.low, a + s.high] } else { vec![*a, *b] }
        },
    );
    let (low, high) = ends.fold((0.0f64, 0.0f64), |(l, h), x| (l.min(x), h.max(x)));
    let span = if high > low { high - low } else { 1.0 };
    let y = |x: f64| TOP + (high - x) / span * (HEIGHT - TOP - BOTTOM);
    let label = format!("{}: {} in all", figure_title(w.figure), amount(w.figure, w.total.mean));
    let mut svg = format!("<svg role=\"img\" aria-label=\"{label}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\">");
    let _ = write!(svg, "<line x1=\"0\" x2=\"{WIDTH}\" y1=\"{0:.1}\" y2=\"{0:.1}\"/>", y(0.0));
    let step = WIDTH / bars.len() as f64;
    let last = bars.len() - 1;
    for (i, (name, from, to, spread)) in bars.iter().enumerate() {
        let middle = (i as f64 + 0.5) * step;
        let (top, bottom) = if to > from { (y(*to), y(*from)) } else { (y(*from), y(*to)) };
        let class = if i == last {
            "total"
        } else if to >= from {
            "up"
        } else {
            "down"
        };
        let _ = write!(
            svg,
            "<rect class=\"{class}\" x=\"{:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
            middle - 0.3 * step,
            0.6 * step,
            (bottom - top).max(1.0)
        );
        if ranges {
            let _ = write!(
                svg,
                "<line class=\"range\" x1=\"{middle:.1}\" x2=\"{middle:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/>",
                y(from + spread.low),
                y(from + spread.high)
            );
        }
        let above = if ranges { top.min(y(from + spread.high)) } else { top };
        let _ = write!(
            svg,
            "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\
             <text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{name}</text>",
            above - 6.0,
            amount(w.figure, spread.mean),
            HEIGHT - 12.0
        );
    }
    svg.push_str("</svg>");
    svg
}

fn table(w: &Worth, ranges: bool) -> String {
    let mut html =
        String::from("<div class=\"scroll\"><table><tr><th>Switch</th><th>Worth</th><th>On the ladder</th>");
    if ranges {
        html.push_str("<th>Lowest</th><th>Highest</th><th>Above zero</th>");
    }
    html.push_str("</tr>");
    let row = |html: &mut String, name: &str, s: &Spread, ladder: Option<&Spread>| {
        let value = |x: f64| amount(w.figure, x);
        let ladder = ladder.map_or(String::new(), |l| value(l.mean));
        let _ = write!(html, "<tr><td>{name}</td><td>{}</td><td>{ladder}</td>", value(s.mean));
        if ranges {
            let _ = write!(
                html,
                "<td>{}</td><td>{}</td><td>{:.0}%</td>",
                value(s.low),
                value(s.high),
                s.ahead * 100.0
            );
        }
        html.push_str("</tr>");
    };
    for x in &w.switches {
        row(&mut html, x.switch.as_str(), &x.shapley, Some(&x.ladder));
    }
    row(&mut html, "UMA less SMA", &w.total, None);
    html.push_str("</table></div>");
    html
}
