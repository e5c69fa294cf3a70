//! One rebalancing of an arm: what each mandate must do, in which order, and the transfers of cash between
//! them.

use chrono::Datelike;
use thiserror::Error;

use super::DecisionContext;
use super::advisor::{settle, split, to_cents};
use super::cells::{cell_value, held};
use super::decide::{Brief, Decision, Demand, Memory, Wish, decide};
use super::execute::{execute, exits, top_up};
use super::reserve::{Kept, Reserve};
use unisleeve_books::household::{Ledger, LedgerError};
use unisleeve_books::journal::{SolveRow, TicketKind, TicketRow};
use unisleeve_mandates::Switch;
use unisleeve_solver::lp::LpError;
use unisleeve_solver::small_lp::SmallSimplex;
use unisleeve_solver::{ProblemError, Solution};
use unisleeve_tax::TaxRates;
use unisleeve_units::{AccountId, MandateId, Money, PocketId, SecurityId};

/// Reason why a rebalancing failed.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum RebalanceError {
    /// An optimization problem could not be solved.
    #[error("{mandate}: {error}")]
    Problem {
        /// Name of the mandate.
        mandate: String,
        /// Reason.
        error: ProblemError,
    },
    /// The linear program of the advisor's split could not be solved.
    #[error(transparent)]
    Lp(#[from] LpError),
    /// The ledger refused an order.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Cash that a manager has raised and that is transferred later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// Pocket that pays.
    pub from: PocketId,
    /// Pocket that receives.
    pub to: PocketId,
    /// Dollars, positive.
    pub amount: Money,
}

/// Who acts in a rebalancing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All mandates.
    All,
    /// Only the advisor, with the cash it has, after money has arrived.
    Advisor,
}

/// Rebalances an arm. Afterwards the advisor's pocket in each account can pay what `reserve` demands, as far
/// as the holdings allow it. Returns the cash that managers promise to transfer later.
///
/// Mandates that give money are solved first, then the advisor, then mandates that receive money; otherwise
/// the order of the setup applies.
///
/// # Errors
/// If a problem can't be solved or the ledger refuses an order. Orders already sent stay booked.
pub fn rebalance(
    ctx: &DecisionContext<'_>,
    ledger: &mut Ledger,
    memory: &mut Memory,
    reserve: &Reserve,
    scope: Scope,
) -> Result<Vec<Promise>, RebalanceError> {
    exits(ctx, ledger)?;
    // The advisor's linear program uses the optimizer's net tax rates, as far as the advisor may see them.
    let law = ctx.returns.law(ctx.view.date().year());
    let rates = ctx.tax_view(ledger, &law, ctx.setup.advisor()).rates(0.0, 0.0).net();
    let mut round =
        Round { ctx, ledger, memory, rates, reserve, promises: Vec::new(), orders: None, planned: None };
    if ctx.setup.mandates.len() == 1 {
        let brief = round.household();
        let kept = Kept {
            all: round.accounts().map(|a| reserve.of(a)).collect(),
            due: round.accounts().map(|a| reserve.need(a)).collect(),
        };
        round.trade(0, &brief, &kept)?;
    } else if scope == Scope::Advisor {
        let owed = vec![Money::ZERO; ctx.setup.accounts.len()];
        round.advisor_alone(&owed)?;
    } else {
        round.separately()?;
    }
    Ok(round.promises)
}

struct Round<'a, 'b> {
    ctx: &'a DecisionContext<'b>,
    ledger: &'a mut Ledger,
    memory: &'a mut Memory,
    rates: TaxRates,
    reserve: &'a Reserve,
    promises: Vec<Promise>,
    /// Orders of all mandates, if the household's plan has decided them already.
    orders: Option<Vec<Wish>>,
    /// The household plan's solution, with its certificate.
    planned: Option<Solution>,
}

impl Round<'_, '_> {
    fn accounts(&self) -> impl Iterator<Item = AccountId> + use<> {
        (0..self.ctx.setup.accounts.len() as u16).map(AccountId)
    }

    fn free(&self, account: AccountId, mandate: MandateId) -> Money {
        self.ctx.free_cash(self.ledger, self.ctx.setup.pocket(account, mandate))
    }

    /// The problem of all sleeves together: a cash row for each account, the bands, and the policy mix as
    /// benchmark.
    fn household(&self) -> Brief {
        let setup = self.ctx.setup;
        let demands = self
            .accounts()
            .map(|account| {
                let mut dollars = Money::ZERO;
                for m in 0..setup.mandates.len() {
                    dollars += self.free(account, MandateId(m as u16));
                }
                dollars -= self.reserve.of(account);
                let name = if account.is_main() {
                    "cash".to_owned()
                } else {
                    format!("cash of {}", setup.accounts[account.index()].name)
                };
                let cells = (0..setup.cells.len()).filter(|c| setup.cells[*c].account == account).collect();
                Demand { name, cells, dollars: dollars.to_f64() }
            })
            .collect();
        Brief {
            mandate: setup.advisor(),
            cells: (0..setup.cells.len()).collect(),
            base: self.ctx.wealth - self.reserve.buffer(),
            shares: self.ctx.sleeves.iter().map(|s| s.weight).collect(),
            demands,
            bands: true,
            others: Vec::new(),
        }
    }

    /// Cash target of a mandate other than the advisor, in an account. Zero if cash is pooled.
    fn own_target(&self, account: AccountId, mandate: MandateId) -> Money {
        if self.ctx.setup.switches.has(Switch::Pool) {
            return Money::ZERO;
        }
        let value = self.value(account, mandate).to_f64();
        Money::from_f64(value * self.ctx.config.trading.cash_buffer).unwrap_or(Money::ZERO)
    }

    fn value(&self, account: AccountId, mandate: MandateId) -> Money {
        let setup = self.ctx.setup;
        let cells = setup.cells_of(mandate).filter(|c| setup.cells[*c].account == account);
        cells.map(|c| cell_value(self.ctx, self.ledger, c)).sum::<Money>() + self.free(account, mandate)
    }

    /// Solves each mandate by itself, within the dollars it is given.
    fn separately(&mut self) -> Result<(), RebalanceError> {
        let (ctx, setup) = (self.ctx, self.ctx.setup);
        let advisor = setup.advisor();
        let count = setup.mandates.len();
        let targets: Vec<Vec<Money>> = (0..count)
            .map(|m| {
                let m = MandateId(m as u16);
                let own = |a| if m == advisor { Money::ZERO } else { self.own_target(a, m) };
                self.accounts().map(own).collect()
            })
            .collect();
        let held_back: Money = targets.iter().flatten().copied().sum();
        // The household's buffer is the same in total, whichever mandate holds it.
        let advisor_targets = self.reserve.less(held_back);
        let invest: Vec<Money> = self
            .accounts()
            .map(|a| {
                let cash: Money = (0..count).map(|m| self.free(a, MandateId(m as u16))).sum();
                let kept: Money = targets.iter().map(|t| t[a.index()]).sum();
                cash - kept - self.reserve.need(a) - advisor_targets[a.index()]
            })
            .collect();
        let cells: Vec<usize> = (0..setup.cells.len()).collect();
        let mut plan = Decision::default();
        let mut dollars = if setup.switches.has(Switch::Joint) && ctx.sleeves.len() > 1 {
            plan = self.plan(count)?;
            // If all mandates are measured against the same mix, each would decide within its dollars what
            // the plan already contains. The plan uses each mandate's own view of tax and wash sales, so its
            // orders are final.
            if setup.switches.has(Switch::Risk) {
                self.orders = Some(core::mem::take(&mut plan.wishes));
                self.planned = plan.solution.take();
            }
            let mut dollars: Vec<Money> = plan.by_cell.iter().map(|d| to_cents(*d)).collect();
            settle(ctx, &cells, &invest, &mut dollars);
            dollars
        } else {
            split(ctx, self.ledger, &SmallSimplex, &cells, &invest, self.rates)?
        };
        self.leave_small_moves_out(&mut dollars, &targets);
        // Dollars that each mandate receives (negative: gives) in each account.
        let asks: Vec<Vec<Money>> = (0..count)
            .map(|m| {
                let mandate = MandateId(m as u16);
                self.accounts()
                    .map(|a| {
                        let mine = setup.cells_of(mandate).filter(|c| setup.cells[*c].account == a);
                        let work: Money = mine.map(|c| dollars[c]).sum();
                        work + targets[m][a.index()] - self.free(a, mandate)
                    })
                    .collect()
            })
            .collect();
        // The advisor passes money on, so mandates that give come first, then the advisor, then mandates that
        // receive.
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|m| {
            let ask: Money = asks[*m].iter().copied().sum();
            let turn = if *m == advisor.index() {
                1
            } else if ask.is_positive() {
                2
            } else {
                0
            };
            (turn, *m)
        });
        // Cash that the advisor must keep for mandates that receive money after it.
        let mut owed: Vec<Money> = self
            .accounts()
            .map(|a| (0..count - 1).map(|m| asks[m][a.index()].max(Money::ZERO)).sum())
            .collect();
        let mut done: Vec<bool> = vec![false; count];
        for m in order {
            let mandate = MandateId(m as u16);
            if mandate == advisor {
                if self.promises.is_empty() {
                    let keep: Vec<Money> = self
                        .accounts()
                        .map(|a| owed[a.index()] + self.reserve.need(a) + advisor_targets[a.index()])
                        .collect();
                    let others = self.others(mandate, &done, &dollars, &plan);
                    self.advise(&dollars, &keep, others)?;
                } else {
                    // Money requested from others is still on its way. The advisor pays from cash and funds
                    // meanwhile.
                    self.orders = None;
                    self.advisor_alone(&owed)?;
                }
            } else {
                let others = self.others(mandate, &done, &dollars, &plan);
                self.manage(mandate, &asks[m], &targets[m], &mut owed, others)?;
            }
            done[m] = true;
        }
        Ok(())
    }

    /// Whether the advisor's cash in an account is less than the account must pay today.
    fn is_short(&self, account: AccountId) -> bool {
        self.free(account, self.ctx.setup.advisor()) < self.reserve.need(account)
    }

    /// Cancels moves of money to or from a manager that are below `trading.min_trade`, because they would
    /// force orders as small. The advisor's largest sleeve in the account takes the money instead. If the
    /// account is short of cash for its payments, managers still give small amounts.
    fn leave_small_moves_out(&self, dollars: &mut [Money], targets: &[Vec<Money>]) {
        let setup = self.ctx.setup;
        let advisor = setup.advisor();
        for a in self.accounts() {
            let cells_of = |m: MandateId| setup.cells_of(m).filter(move |c| setup.cells[*c].account == a);
            let largest = |cells: &mut dyn Iterator<Item = usize>, dollars: &[Money]| {
                cells.max_by_key(|c| (dollars[*c].abs(), setup.cells.len() - c))
            };
            let is_short = self.is_short(a);
            for m in (0..setup.mandates.len() as u16).map(MandateId).filter(|m| *m != advisor) {
                let work: Money = cells_of(m).map(|c| dollars[c]).sum();
                let ask = work + targets[m.index()][a.index()] - self.free(a, m);
                let is_small = !ask.is_zero() && ask.abs() < self.ctx.config.trading.min_trade;
                if !is_small || (is_short && ask.is_negative()) {
                    continue;
                }
                let (theirs, ours) =
                    (largest(&mut cells_of(m), dollars), largest(&mut cells_of(advisor), dollars));
                if let (Some(theirs), Some(ours)) = (theirs, ours) {
                    dollars[theirs] -= ask;
                    dollars[ours] += ask;
                }
            }
        }
    }

    /// Solves the household's joint problem, which sets the dollars of each sleeve.
    fn plan(&mut self, slot: usize) -> Result<Decision, RebalanceError> {
        let brief = self.household();
        decide(self.ctx, self.ledger, self.memory, slot, &brief).map_err(|error| self.problem(&brief, error))
    }

    fn problem(&self, brief: &Brief, error: ProblemError) -> RebalanceError {
        let mandate = self.ctx.setup.mandates[brief.mandate.index()].name.clone();
        RebalanceError::Problem { mandate, error }
    }

    /// Dollars by security that the other mandates hold, or will hold after their turn. `None` if each
    /// mandate is measured against its own indices only.
    fn others(
        &self,
        mandate: MandateId,
        done: &[bool],
        dollars: &[Money],
        plan: &Decision,
    ) -> Option<Vec<(SecurityId, f64)>> {
        let (ctx, setup) = (self.ctx, self.ctx.setup);
        if !setup.switches.has(Switch::Risk) {
            return None;
        }
        let mut others = Vec::new();
        for (c, cell) in setup.cells.iter().enumerate() {
            let m = setup.mandate_of(cell.sleeve);
            if m == mandate {
                continue;
            }
            if !done[m.index()] && !plan.will_hold.is_empty() {
                let planned = plan.will_hold.iter().filter(|(at, ..)| *at == c);
                others.extend(planned.map(|(_, s, dollars)| (*s, *dollars)));
                continue;
            }
            let spec = &ctx.sleeves[cell.sleeve.index()];
            for holding in &spec.holdings {
                let lots = held(ctx, self.ledger, c, holding.security).to_f64();
                if lots != 0.0 {
                    others.push((holding.security, lots));
                }
            }
            if let (false, Some(index)) = (done[m.index()], spec.index) {
                let more = dollars[c].to_f64();
                others.extend(ctx.known.index_weights(index).into_iter().map(|(s, w)| (s, w * more)));
            }
        }
        Some(others)
    }

    /// Brief of a mandate. With `others` the benchmark is the whole policy mix; without, the mandate's own
    /// indices.
    fn brief(
        &self,
        mandate: MandateId,
        value: Money,
        demands: Vec<Demand>,
        others: Option<Vec<(SecurityId, f64)>>,
    ) -> Brief {
        let (ctx, setup) = (self.ctx, self.ctx.setup);
        let mut sum = 0.0;
        for s in &setup.mandates[mandate.index()].sleeves {
            sum += ctx.sleeves[s.index()].weight;
        }
        let whole = others.is_some();
        let share = |(s, spec): (usize, &unisleeve_mandates::SleeveSpec)| {
            let mine = setup.mandates[mandate.index()].sleeves.iter().any(|x| x.index() == s);
            match (whole, mine && sum > 0.0) {
                (true, _) => spec.weight,
                (false, true) => spec.weight / sum,
                (false, false) => 0.0,
            }
        };
        Brief {
            mandate,
            cells: setup.cells_of(mandate).collect(),
            base: if whole { ctx.wealth - self.reserve.buffer() } else { value },
            shares: ctx.sleeves.iter().enumerate().map(share).collect(),
            demands,
            bands: false,
            others: others.unwrap_or_default(),
        }
    }

    /// A specialist's turn: receives money, trades, gives money.
    fn manage(
        &mut self,
        mandate: MandateId,
        asks: &[Money],
        targets: &[Money],
        owed: &mut [Money],
        others: Option<Vec<(SecurityId, f64)>>,
    ) -> Result<(), RebalanceError> {
        let (ctx, setup) = (self.ctx, self.ctx.setup);
        let (advisor, date) = (setup.advisor(), ctx.view.date());
        let mut gives = vec![Money::ZERO; asks.len()];
        let mut is_short = vec![false; asks.len()];
        let (mut demands, mut value) = (Vec::new(), Money::ZERO);
        for account in self.accounts() {
            let a = account.index();
            let (pocket, theirs) = (setup.pocket(account, mandate), setup.pocket(account, advisor));
            if asks[a].is_positive() {
                let need = self.reserve.need(account);
                let give = asks[a].min(self.ledger.balance(theirs) - need).max(Money::ZERO);
                self.ledger.transfer(date, theirs, pocket, give)?;
                owed[a] -= asks[a];
                self.ticket(mandate, TicketKind::Invest, give);
            }
            gives[a] = (-asks[a]).max(Money::ZERO);
            is_short[a] = self.is_short(account);
            self.ticket(mandate, TicketKind::Raise, gives[a]);
            let mine: Vec<usize> =
                setup.cells_of(mandate).filter(|c| setup.cells[*c].account == account).collect();
            if mine.is_empty() {
                continue;
            }
            value += self.value(account, mandate) - gives[a] - targets[a];
            let dollars = self.free(account, mandate) - gives[a] - targets[a];
            let name = setup.mandates[mandate.index()].name.clone();
            demands.push(Demand { name, cells: mine, dollars: dollars.to_f64() });
        }
        let brief = self.brief(mandate, value, demands, others);
        let mut kept = Kept { all: gives.clone(), due: vec![Money::ZERO; gives.len()] };
        for account in self.accounts() {
            let a = account.index();
            let pocket = setup.pocket(account, mandate);
            let promised = ctx.promised.get(pocket.index()).copied().unwrap_or_default();
            kept.all[a] += targets[a] + promised;
            if is_short[a] {
                kept.due[a] = gives[a] + promised;
            }
        }
        self.trade(mandate.index(), &brief, &kept)?;
        for account in self.accounts().filter(|a| gives[a.index()].is_positive()) {
            let (pocket, theirs) = (setup.pocket(account, mandate), setup.pocket(account, advisor));
            let paid = gives[account.index()].min(self.free(account, mandate)).max(Money::ZERO);
            if setup.switches.has(Switch::Lag) || ctx.config.sma.lag == 0 {
                self.ledger.transfer(date, pocket, theirs, paid)?;
            } else if paid.is_positive() {
                self.promises.push(Promise { from: pocket, to: theirs, amount: paid });
            }
        }
        Ok(())
    }

    /// The advisor's turn, given the dollars of each sleeve. `keep` dollars stay in its pocket of each
    /// account.
    fn advise(
        &mut self,
        dollars: &[Money],
        keep: &[Money],
        others: Option<Vec<(SecurityId, f64)>>,
    ) -> Result<(), RebalanceError> {
        let (ctx, setup) = (self.ctx, self.ctx.setup);
        let advisor = setup.advisor();
        let mut value = Money::ZERO;
        for account in self.accounts() {
            value += self.value(account, advisor) - keep[account.index()];
        }
        let is_one = setup.accounts.len() == 1;
        let demand = |c: usize| {
            let cell = setup.cells[c];
            let sleeve = &ctx.sleeves[cell.sleeve.index()].name;
            let account = &setup.accounts[cell.account.index()].name;
            let name = if is_one { sleeve.clone() } else { format!("{sleeve} in {account}") };
            Demand { name, cells: vec![c], dollars: dollars[c].to_f64() }
        };
        let brief = self.brief(advisor, value, setup.cells_of(advisor).map(demand).collect(), others);
        let due = self.accounts().map(|a| self.reserve.need(a)).collect();
        self.trade(advisor.index(), &brief, &Kept { all: keep.to_vec(), due })
    }

    /// The advisor divides the cash in its own pockets, without what it owes to others, over its own sleeves.
    fn advisor_alone(&mut self, owed: &[Money]) -> Result<(), RebalanceError> {
        let setup = self.ctx.setup;
        let advisor = setup.advisor();
        let cells: Vec<usize> = setup.cells_of(advisor).collect();
        if cells.is_empty() {
            return Ok(());
        }
        let keep: Vec<Money> = self.accounts().map(|a| owed[a.index()] + self.reserve.of(a)).collect();
        let invest: Vec<Money> = self.accounts().map(|a| self.free(a, advisor) - keep[a.index()]).collect();
        let dollars = split(self.ctx, self.ledger, &SmallSimplex, &cells, &invest, self.rates)?;
        self.advise(&dollars, &keep, None)
    }

    /// Records an instruction to another manager if the amount is positive.
    fn ticket(&mut self, mandate: MandateId, kind: TicketKind, amount: Money) {
        if amount.is_positive() {
            let date = self.ctx.view.date();
            self.ledger.journal_mut().tickets.push(TicketRow { date, mandate, kind, amount });
        }
    }

    /// Solves one brief and executes its orders.
    fn trade(&mut self, slot: usize, brief: &Brief, kept: &Kept) -> Result<(), RebalanceError> {
        let (ctx, setup) = (self.ctx, self.ctx.setup);
        let mut decision = match &self.orders {
            Some(all) => {
                let mine = |w: &&Wish| brief.cells.contains(&w.cell);
                Decision { wishes: all.iter().filter(mine).cloned().collect(), ..Decision::default() }
            }
            None => decide(ctx, self.ledger, self.memory, slot, brief).map_err(|e| self.problem(brief, e))?,
        };
        if brief.mandate == setup.advisor() {
            decision.solution = decision.solution.or_else(|| self.planned.take());
        }
        let orders = execute(ctx, self.ledger, &decision.wishes, kept)?;
        for account in self.accounts() {
            top_up(ctx, self.ledger, (account, brief.mandate), kept.due(account))?;
        }
        if let Some(s) = decision.solution {
            self.ledger.journal_mut().solves.push(SolveRow {
                date: ctx.view.date(),
                mandate: brief.mandate,
                objective: s.objective,
                lower_bound: s.lower_bound,
                steps: s.steps,
                orders,
            });
        }
        Ok(())
    }
}
