//! A household's return of one year: without a state, with a state's rules, and with alternative minimum tax due.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use unisleeve_core::tax::{Carryforward, FilingStatus, Income, Law, Outside, State, bill};
use unisleeve_core::units::Money;

fn returns(c: &mut Criterion) {
    let law = Law::of(2026, FilingStatus::Joint).expect("a known year");
    let m = Money::whole;
    let none = Carryforward::default();
    let outside =
        |state| Outside { ordinary_taxable: m(368_000), magi: m(400_000), state, ..Outside::default() };
    let small =
        Income { net_short: m(-12_000), net_long: m(35_000), qualified: m(20_000), ..Income::default() };
    let large = Income { net_long: m(2_500_000), ..small };
    let mut group = c.benchmark_group("return of a year");
    for (name, state, income) in [
        ("federal", None, small),
        ("federal, minimum tax due", None, large),
        ("Pennsylvania", Some(State::Pa), small),
        ("California", Some(State::Ca), small),
        ("New York City", Some(State::Nyc), small),
        ("New York City, minimum tax due", Some(State::Nyc), large),
    ] {
        let outside = outside(state);
        let is_due = bill(&law, &outside, &income, none).amt.is_positive();
        assert_eq!(is_due, name.contains("minimum"), "{name}");
        group.bench_function(name, |b| {
            b.iter(|| bill(black_box(&law), black_box(&outside), black_box(&income), none));
        });
    }
    group.finish();
}

criterion_group!(benches, returns);
criterion_main!(benches);
