use unisleeve_core::*;
fn main() {
    let panel = market::unpack(&std::fs::read("backtest/sample/sample.bin").unwrap()).unwrap();
    let market = market::Market::new(panel).unwrap();
    let mut config = setup::Config::default();
    if let Some(g) = std::env::args().nth(1) { config.trading.risk_aversion = g.parse().unwrap(); }
    if let Some(g) = std::env::args().nth(2) { config.trading.spread_bps = g.parse().unwrap(); }
    let t = std::time::Instant::now();
    let s = study::study(&config, &market, study::Scope::Full, &mut |p| eprintln!("{:?} {p}", t.elapsed())).unwrap();
    eprintln!("{:?} matched {:?}", t.elapsed(), s.matched);
    for a in &s.arms { let m=&a.measures;
        println!("{} gamma {:.1} before {} after {} te {:.4}/{:.4} alpha {:.4?} taxes {} harv {} gains {} wash {} carry {} {} turn {:.3} orders {} cost {} tr {} trades {} lots {} ret {:.4}", a.name, a.risk_aversion, m.wealth_before_liquidation, m.wealth_after_liquidation, m.tracking_error_ex_post.unwrap(), m.tracking_error_ex_ante.unwrap(), a.tax_alpha.map(|t|(t.before_liquidation.unwrap(),t.after_liquidation.unwrap())), m.taxes_paid, m.losses_harvested, m.gains_realized, m.losses_washed, m.carry_short, m.carry_long, m.turnover.unwrap(), m.orders, m.trading_cost, m.transfers, a.result.journal.trades.len(), a.result.lots.len(), m.pre_tax_return.unwrap());
        for s in &a.result.journal.solves { if s.objective-s.lower_bound > 0.001 { println!("{:?}", s); } }
 let gap: Vec<f64> = a.result.journal.solves.iter().map(|s| (s.objective-s.lower_bound)*1e4).collect();
        let mut g = gap.clone(); g.sort_by(f64::total_cmp); if !g.is_empty() { println!("   solves {} gap median {:.3} max {:.3} min {:.2e} steps {:.1}", g.len(), g[g.len()/2], g[g.len()-1], g[0], a.result.journal.solves.iter().map(|s|s.steps as f64).sum::<f64>()/g.len() as f64); }
        if let Some(r)=a.result.ruin { println!("   ruin {r:?}"); }
    }
}
