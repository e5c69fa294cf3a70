//! Measures how the time of a cold solve grows with names, lots and factors, for our solver and for an
//! interior-point method on the same convex problem. Writes `docs/growth.svg` and prints the table of
//! `docs/speed.md`.
#![expect(
    clippy::disallowed_methods,
    reason = "a bench reads the clock; the last digits of a drawing do not matter"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use unisleeve_core::solver::Solver;
use unisleeve_tests::instance::{Instance, Shape, random};
use unisleeve_tests::oracle::{Open, Program};
use unisleeve_tests::random::Random;

/// Default tolerance of the interior-point method.
const USUAL_TOLERANCE: f64 = 1e-8;
/// Number of solves; the shortest time is used.
const OURS: usize = 60;
const THEIRS: usize = 5;

/// One size: the value of the varied dimension, and both times in milliseconds.
struct Measured {
    size: usize,
    ours: f64,
    theirs: f64,
}

fn least(times: usize, mut one: impl FnMut() -> f64) -> f64 {
    (0..times).map(|_| one()).fold(f64::INFINITY, f64::min)
}

fn measure(size: usize, names: usize, lots: usize, factors: usize) -> Measured {
    let shape = Shape { names, factors, lots, at_a_loss: 0.0, rows: 1, bands: 0 };
    let mut instance: Instance = random(&mut Random::new(1), shape);
    instance.problem.risk_aversion = 25.0;
    let mut solver = Solver::default();
    let ours = least(OURS, || {
        let start = Instant::now();
        black_box(solver.solve(black_box(&instance.problem), None).expect("feasible"));
        start.elapsed().as_secs_f64() * 1e3
    });
    let open = vec![Open::Both; names];
    // Building its problem is not timed.
    let theirs = least(THEIRS, || {
        let program = Program::new(&instance, &open, USUAL_TOLERANCE);
        let start = Instant::now();
        black_box(program.solve().expect("feasible"));
        start.elapsed().as_secs_f64() * 1e3
    });
    Measured { size, ours, theirs }
}

/// A panel of the chart: its heading and the sizes on its axis.
type Panel = (&'static str, Vec<Measured>);

const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 60.0;
const TOP: f64 = 60.0;
const GAP: f64 = 40.0;
/// Range of the time axis, in powers of ten of a millisecond.
const DECADES: (i32, i32) = (-2, 4);
/// Blue and orange can be told apart with any kind of color vision. The marks also differ in shape.
const OUR_COLOUR: &str = "#0072b2";
const THEIR_COLOUR: &str = "#d55e00";

fn chart(panels: &[Panel]) -> String {
    let height = |ms: f64| {
        let (low, high) = (f64::from(DECADES.0), f64::from(DECADES.1));
        TOP + HEIGHT * (high - ms.log10()) / (high - low)
    };
    let whole = LEFT + panels.len() as f64 * (WIDTH + GAP);
    let mut svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {whole} {}' font-family='sans-serif' font-size='12'>\n\
         <rect width='100%' height='100%' fill='white'/>\n\
         <text x='{LEFT}' y='20' font-size='14'>Time of one cold solve, milliseconds: \
         <tspan fill='{OUR_COLOUR}'>\u{25cf} Unisleeve</tspan> \
         <tspan fill='{THEIR_COLOUR}'>\u{25a0} Clarabel</tspan></text>\n",
        TOP + HEIGHT + 50.0
    );
    for (at, (heading, sizes)) in panels.iter().enumerate() {
        let left = LEFT + at as f64 * (WIDTH + GAP);
        // A size of zero is drawn at one, because a logarithmic axis has no zero.
        let place = |size: usize| (size.max(1) as f64).ln();
        let (first, last) = (place(sizes[0].size), place(sizes[sizes.len() - 1].size));
        let across = |size: usize| left + 15.0 + (WIDTH - 30.0) * (place(size) - first) / (last - first);
        let _ = writeln!(
            svg,
            "<text x='{}' y='{}' text-anchor='middle'>{heading}</text>",
            left + WIDTH / 2.0,
            TOP - 12.0
        );
        for decade in DECADES.0..=DECADES.1 {
            let y = height(10f64.powi(decade));
            let right = left + WIDTH;
            let _ = writeln!(svg, "<line x1='{left}' y1='{y:.1}' x2='{right}' y2='{y:.1}' stroke='#ddd'/>");
            if at == 0 {
                let (x, y, label) = (left - 6.0, y + 4.0, 10f64.powi(decade));
                let _ = writeln!(svg, "<text x='{x}' y='{y:.1}' text-anchor='end'>{label}</text>");
            }
        }
        for m in sizes {
            let (x, y) = (across(m.size), TOP + HEIGHT + 18.0);
            let _ = writeln!(svg, "<text x='{x:.1}' y='{y}' text-anchor='middle'>{}</text>", m.size);
        }
        let line = |svg: &mut String, colour: &str, of: fn(&Measured) -> f64| {
            let points: Vec<String> =
                sizes.iter().map(|m| format!("{:.1},{:.1}", across(m.size), height(of(m)))).collect();
            let _ = writeln!(
                svg,
                "<polyline points='{}' fill='none' stroke='{colour}' stroke-width='2'/>",
                points.join(" ")
            );
        };
        line(&mut svg, OUR_COLOUR, |m| m.ours);
        line(&mut svg, THEIR_COLOUR, |m| m.theirs);
        for m in sizes {
            let (x, y, z) = (across(m.size), height(m.ours), height(m.theirs));
            let _ = writeln!(svg, "<circle cx='{x:.1}' cy='{y:.1}' r='4' fill='{OUR_COLOUR}'/>");
            let (x, z) = (x - 4.0, z - 4.0);
            let _ = writeln!(svg, "<rect x='{x:.1}' y='{z:.1}' width='8' height='8' fill='{THEIR_COLOUR}'/>");
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn main() -> std::io::Result<()> {
    let panels: Vec<Panel> = vec![
        (
            "names (10 lots, 20 factors)",
            [50, 100, 200, 500, 1000, 3000].map(|n| measure(n, n, 10, 20)).into(),
        ),
        (
            "lots of a name at most (500 names, 20 factors)",
            [1, 2, 5, 10, 20, 40].map(|l| measure(l, 500, l, 20)).into(),
        ),
        ("factors (500 names, 10 lots)", [0, 5, 10, 20, 40, 60].map(|k| measure(k, 500, 10, k)).into()),
    ];
    for (heading, sizes) in &panels {
        println!("\n| {heading} | Unisleeve, ms | Clarabel, ms | times |\n|---|---|---|---|");
        for Measured { size, ours, theirs } in sizes {
            println!("| {size} | {ours:.3} | {theirs:.1} | {:.0} |", theirs / ours);
        }
    }
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/growth.svg");
    std::fs::write(docs, chart(&panels))
}
