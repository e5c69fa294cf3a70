//! Ledger events, each with its wash-sale check: a purchase, and a sale from 20 open lots. Also a history of
//! a million rows, from bytes to a statement.

use std::fmt::Write as _;
use std::hint::black_box;

use chrono::{Days, NaiveDate};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use unisleeve_core::books::history::{Settings, book, parse_trades};
use unisleeve_core::books::household::{Disposal, Entry, Incoming, LotBook, Outgoing};
use unisleeve_core::books::journal::{Reason, Side};
use unisleeve_core::tax::{FilingStatus, LotMethod, PriorPurchases, TaxRates};
use unisleeve_core::units::{AccountId, AccountKind, MandateId, Money, Price, SecurityId, Shares, SleeveId};

const RATES: TaxRates = TaxRates { short: 0.408, long: 0.238 };
const OPEN_LOTS: usize = 20;
const EVENTS: u64 = 2_000;

fn start() -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, 1, 2).expect("a date")
}

fn entry(day: u64) -> Entry {
    Entry {
        date: start() + Days::new(day),
        account: AccountId(0),
        sleeve: SleeveId(0),
        mandate: MandateId(0),
        security: SecurityId(0),
        reason: Reason::default(),
    }
}

/// A price that varies from day to day; about half of the sales are at a loss.
fn price(day: u64) -> Price {
    Price::from_raw(100_000_000 + ((day * 7_919) % 40_000_000) as i64)
}

fn buy(book: &mut LotBook, day: u64) {
    let (e, p, q) = (entry(day), price(day), Shares::whole(10));
    let incoming = Incoming {
        side: Side::Buy,
        quantity: q,
        price: p,
        amount: Money::of(q, p),
        cost: Money::ZERO,
        acquired: e.date,
        holding_start: e.date,
        purchased: true,
        replaced: Shares::ZERO,
        gift: None,
    };
    book.receive(&e, &incoming).expect("within range");
}

/// Sells ten shares by the least-tax method.
fn sell(book: &mut LotBook, day: u64) {
    let (e, p) = (entry(day), price(day + 3));
    let lots = book.lots(e.security).iter();
    let parts: Vec<Outgoing> = LotMethod::MinTax
        .choose(lots, Shares::whole(10), e.date, p, RATES)
        .into_iter()
        .map(|(piece, quantity)| Outgoing {
            piece,
            quantity,
            amount: Money::of(quantity, p),
            cost: Money::ZERO,
        })
        .collect();
    book.sell(&e, p, &parts, Disposal::Order).expect("shares that are held");
}

/// A million rows over 20 years: 1,000 symbols in two taxable accounts and an IRA.
fn rows(count: u64) -> String {
    let mut text = String::from("date,account,action,symbol,quantity,amount,lot,acquired\n");
    let mut seed = 7u64;
    let mut next = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed >> 33
    };
    let mut held = vec![0u64; 3_000];
    for i in 0..count {
        let at = (next() % 3_000) as usize;
        let date = start() + Days::new(i * 7_300 / count);
        let amount = 10 * (50 + next() % 100);
        let buys = held[at] == 0 || (next() % 2 == 0 && held[at] < 200);
        held[at] = if buys { held[at] + 10 } else { held[at] - 10 };
        let action = if buys { "buy" } else { "sell" };
        let account = ["T1", "T2", "IRA"][at % 3];
        let _ = writeln!(text, "{date},{account},{action},S{},10,{amount}.00,,", at / 3);
    }
    text
}

fn benches(c: &mut Criterion) {
    let mut full = LotBook::new(vec![AccountKind::Taxable], 1, vec![0], 2020);
    for lot in 0..OPEN_LOTS as u64 {
        buy(&mut full, lot * 7);
    }
    let mut group = c.benchmark_group("ledger");
    group.throughput(Throughput::Elements(2 * EVENTS));
    // A purchase and a sale a week apart, so that each is within 30 days of several others.
    group.bench_function("buy and sell, 20 open lots", |b| {
        b.iter_batched(
            || full.clone(),
            |mut book| {
                for event in 0..EVENTS {
                    let day = 140 + event;
                    buy(&mut book, day);
                    sell(&mut book, day);
                }
                book
            },
            BatchSize::LargeInput,
        );
    });
    let settings = Settings {
        method: LotMethod::MinTax,
        rates: RATES,
        status: FilingStatus::Single,
        prior: PriorPurchases::Count,
        accounts: None,
        identical: Vec::new(),
        dividend_kinds: Vec::new(),
        exempt: Vec::new(),
        averaged: None,
    };
    let text = rows(1_000_000);
    group.throughput(Throughput::Elements(1_000_000));
    group.sample_size(10);
    group.bench_function("history of 1,000,000 rows", |b| {
        b.iter(|| {
            let (history, faults) = parse_trades(black_box(text.as_bytes()), None);
            book(&history, &settings, faults).expect("no faults").years.len()
        });
    });
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
