//! One round of decisions: its state, and the steps that every kind of round takes.

use chrono::Datelike;
use thiserror::Error;

use super::DecisionContext;
use super::cells::{cell_value, held};
use super::decide::{Brief, Decision, Demand, Memory, Wish, decide};
use super::execute::{execute, top_up};
use super::requests::{Late, Promise, Request};
use super::reserve::{Kept, Reserve};
use unisleeve_books::household::{Ledger, LedgerError};
use unisleeve_books::journal::{SolveRow, TicketKind, TicketRow};
use unisleeve_mandates::Switch;
use unisleeve_solver::lp::LpError;
use unisleeve_solver::{ProblemError, Solution};
use unisleeve_tax::TaxRates;
use unisleeve_units::{AccountId, MandateId, Money, SecurityId};

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

/// What the advisor does on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Nothing, unless cash arrives.
    Rest,
    /// It invests or raises cash in its own sleeves, after money has arrived.
    Own,
    /// Cash is short between its rebalancings: the habit `funding` decides who pays.
    Fund,
    /// It rebalances between sleeves.
    Rebalance,
}

/// The state of a round.
pub(super) struct Round<'a, 'b> {
    pub(super) ctx: &'a DecisionContext<'b>,
    pub(super) ledger: &'a mut Ledger,
    pub(super) memory: &'a mut Memory,
    /// Net tax rates as the advisor sees them.
    pub(super) rates: TaxRates,
    pub(super) reserve: &'a Reserve,
    pub(super) promises: Vec<Promise>,
    pub(super) requests: Vec<Request>,
    pub(super) late: Vec<Late>,
    /// Cash that the advisor has received from specialists today, by account.
    pub(super) has_come: Vec<Money>,
    /// Orders of all mandates, if the household's plan has decided them already.
    pub(super) orders: Option<Vec<Wish>>,
    /// The household plan's solution, with its certificate.
    pub(super) planned: Option<Solution>,
}

impl<'a, 'b> Round<'a, 'b> {
    pub(super) fn new(
        ctx: &'a DecisionContext<'b>,
        ledger: &'a mut Ledger,
        memory: &'a mut Memory,
        reserve: &'a Reserve,
    ) -> Self {
        // The advisor divides money by the optimizer's net tax rates, as far as it may see them.
        let law = ctx.returns.law(ctx.view.date().year());
        let rates = ctx.tax_view(ledger, &law, ctx.setup.advisor()).rates(0.0, 0.0).net();
        Self {
            ctx,
            ledger,
            memory,
            rates,
            reserve,
            promises: Vec::new(),
            requests: Vec::new(),
            late: Vec::new(),
            has_come: vec![Money::ZERO; ctx.setup.accounts.len()],
            orders: None,
            planned: None,
        }
    }
}

impl Round<'_, '_> {
    pub(super) fn accounts(&self) -> impl Iterator<Item = AccountId> + use<> {
        (0..self.ctx.setup.accounts.len() as u16).map(AccountId)
    }

    pub(super) fn free(&self, account: AccountId, mandate: MandateId) -> Money {
        self.ctx.free_cash(self.ledger, self.ctx.setup.pocket(account, mandate))
    }

    /// One manager trades all sleeves.
    pub(super) fn as_one(&mut self) -> Result<(), RebalanceError> {
        let brief = self.household();
        let kept = Kept {
            all: self.accounts().map(|a| self.reserve.of(a)).collect(),
            due: self.accounts().map(|a| self.reserve.need(a)).collect(),
        };
        self.trade(0, &brief, &kept)
    }

    /// The problem of all sleeves together: a cash row for each account, the bands, and the policy mix as
    /// benchmark.
    pub(super) fn household(&self) -> Brief {
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

    pub(super) fn value(&self, account: AccountId, mandate: MandateId) -> Money {
        let setup = self.ctx.setup;
        let cells = setup.cells_of(mandate).filter(|c| setup.cells[*c].account == account);
        cells.map(|c| cell_value(self.ctx, self.ledger, c)).sum::<Money>() + self.free(account, mandate)
    }

    /// Whether the advisor's cash in an account is less than the account must pay today.
    pub(super) fn is_short(&self, account: AccountId) -> bool {
        self.free(account, self.ctx.setup.advisor()) < self.reserve.need(account)
    }

    /// Solves the household's joint problem, which sets the dollars of each sleeve.
    pub(super) fn plan(&mut self, slot: usize) -> Result<Decision, RebalanceError> {
        let brief = self.household();
        decide(self.ctx, self.ledger, self.memory, slot, &brief).map_err(|error| self.problem(&brief, error))
    }

    pub(super) fn problem(&self, brief: &Brief, error: ProblemError) -> RebalanceError {
        let mandate = self.ctx.setup.mandates[brief.mandate.index()].name.clone();
        RebalanceError::Problem { mandate, error }
    }

    /// Dollars by security that the other mandates hold, or will hold after their turn. `None` if each
    /// mandate is measured against its own indices only.
    pub(super) fn others(
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
    pub(super) fn brief(
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

    /// Records an instruction to another manager if the amount is positive.
    pub(super) fn ticket(&mut self, mandate: MandateId, kind: TicketKind, amount: Money) {
        if amount.is_positive() {
            let date = self.ctx.view.date();
            self.ledger.journal_mut().tickets.push(TicketRow { date, mandate, kind, amount });
        }
    }

    /// Solves one brief and executes its orders.
    pub(super) fn trade(&mut self, slot: usize, brief: &Brief, kept: &Kept) -> Result<(), RebalanceError> {
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
