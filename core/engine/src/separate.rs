//! Separate managers in turn: what the advisor moves between them, and what each of them trades.

use super::decide::{Decision, Demand};
use super::delay::Delay;
use super::requests::{Late, Promise, Request};
use super::reserve::Kept;
use super::round::{RebalanceError, Round, Turn};
use super::split::{Division, SplitError, raisable, settle, split, to_cents};
use unisleeve_books::journal::TicketKind;
use unisleeve_mandates::{Funding, Switch};
use unisleeve_solver::small_lp::SmallSimplex;
use unisleeve_units::{AccountId, MandateId, Money, SecurityId};

/// What the advisor wants moved.
#[derive(Debug, Clone, Default)]
struct Moves {
    /// Dollars that each cell of the setup invests (negative: gives up).
    dollars: Vec<Money>,
    /// Dollars that each mandate receives (negative: gives), by mandate and account.
    asks: Vec<Vec<Money>>,
    /// The household's plan, if the moves come from one.
    plan: Decision,
}

/// Cash that mandates keep, in dollars.
struct Targets {
    /// Of each mandate but the advisor, by mandate and account.
    own: Vec<Vec<Money>>,
    /// Of the advisor, by account.
    advisor: Vec<Money>,
}

impl Round<'_, '_> {
    /// Each mandate acts by itself, within the dollars it is given. Specialists act if they are told to, if the
    /// advisor moves money between sleeves, and if a request to them is due.
    pub(super) fn separately(&mut self, turn: Turn, specialists: bool) -> Result<(), RebalanceError> {
        let (ctx, setup) = (self.ctx, self.ctx.setup);
        let advisor = setup.advisor();
        let count = setup.mandates.len();
        let targets = self.targets();
        let is_between = matches!(turn, Turn::Fund | Turn::Rebalance);
        let moves = match turn {
            Turn::Rest | Turn::Own => Moves {
                dollars: vec![Money::ZERO; setup.cells.len()],
                asks: vec![vec![Money::ZERO; setup.accounts.len()]; count],
                plan: Decision::default(),
            },
            Turn::Fund if self.is_by_rule(turn) => self.funded()?,
            Turn::Fund | Turn::Rebalance => self.moved(turn, &targets)?,
        };
        let asks = &moves.asks;
        let is_due = |m: usize| ctx.requests.iter().any(|r| r.mandate.index() == m && r.at <= ctx.session);
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
                let has_come = self.has_come.iter().any(|x| x.is_positive());
                if is_between && !self.is_under_way() {
                    let keep = self.keep(turn, &owed, &targets);
                    let others = self.others(mandate, &done, &moves.dollars, &moves.plan);
                    self.advise(&moves.dollars, &keep, others)?;
                } else if turn != Turn::Rest || has_come {
                    // Money requested from others is still on its way. The advisor pays from cash and funds
                    // meanwhile.
                    self.orders = None;
                    let keep = self.keep(turn, &owed, &targets);
                    self.advisor_alone(turn, &keep)?;
                }
            } else if is_between || specialists || is_due(m) {
                let others = self.others(mandate, &done, &moves.dollars, &moves.plan);
                self.manage(mandate, &asks[m], &targets.own[m], &mut owed, others)?;
            }
            done[m] = true;
        }
        Ok(())
    }

    /// Whether a rule alone decides who pays today.
    fn is_by_rule(&self, turn: Turn) -> bool {
        turn == Turn::Fund && self.ctx.setup.habits.funding != Funding::LeastCost
    }

    /// Cash targets. The household's buffer is the same in total, whichever mandate holds it.
    fn targets(&self) -> Targets {
        let advisor = self.ctx.setup.advisor();
        let of = |m: MandateId| {
            let own = |a| if m == advisor { Money::ZERO } else { self.own_target(a, m) };
            self.accounts().map(own).collect()
        };
        let own: Vec<Vec<Money>> =
            (0..self.ctx.setup.mandates.len() as u16).map(|m| of(MandateId(m))).collect();
        let held_back: Money = own.iter().flatten().copied().sum();
        Targets { advisor: self.reserve.less(held_back), own }
    }

    /// Cash target of a mandate other than the advisor, in an account. Zero if cash is pooled.
    fn own_target(&self, account: AccountId, mandate: MandateId) -> Money {
        if self.ctx.setup.switches.has(Switch::Pool) {
            return Money::ZERO;
        }
        let value = self.value(account, mandate).to_f64();
        Money::from_f64(value * self.ctx.setup.habits.buffer).unwrap_or(Money::ZERO)
    }

    /// Cash that the advisor's pockets keep. A need between rebalancings is paid from its buffer first.
    fn keep(&self, turn: Turn, owed: &[Money], targets: &Targets) -> Vec<Money> {
        let buffer = |a: usize| if self.is_by_rule(turn) { Money::ZERO } else { targets.advisor[a] };
        self.accounts().map(|a| owed[a.index()] + self.reserve.need(a) + buffer(a.index())).collect()
    }

    /// Whether money that specialists were asked for has not arrived yet.
    fn is_under_way(&self) -> bool {
        let raises = |r: &Request| r.dollars.is_negative();
        let is_open = |r: &&Request| r.at > self.ctx.session;
        !self.promises.is_empty()
            || self.requests.iter().any(raises)
            || self.ctx.requests.iter().filter(is_open).any(raises)
            || self.ctx.promised.iter().any(|p| p.is_positive())
    }

    /// The advisor's moves at a rebalancing, or at the least cost if cash is short. Money under way counts as
    /// arrived, so that it is not asked for again.
    fn moved(&mut self, turn: Turn, targets: &Targets) -> Result<Moves, RebalanceError> {
        let (ctx, setup) = (self.ctx, self.ctx.setup);
        let count = setup.mandates.len();
        let cells: Vec<usize> = (0..setup.cells.len()).collect();
        let is_joint = setup.switches.has(Switch::Joint) && ctx.sleeves.len() > 1;
        let pending = ctx.pending(self.ledger);
        let invest: Vec<Money> = self
            .accounts()
            .map(|a| {
                let cash: Money = (0..count).map(|m| self.free(a, MandateId(m as u16))).sum();
                let kept: Money = targets.own.iter().map(|t| t[a.index()]).sum();
                let here = |c: &&usize| setup.cells[**c].account == a;
                let asked: Money = cells.iter().filter(here).map(|c| pending[*c]).sum();
                // The household's plan divides the cash at hand.
                let under_way = if is_joint { Money::ZERO } else { ctx.on_its_way(a) - asked };
                cash + under_way - kept - self.reserve.need(a) - targets.advisor[a.index()]
            })
            .collect();
        let mut plan = Decision::default();
        let mut dollars = if is_joint {
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
            let rebalances = turn == Turn::Rebalance;
            let (cells, invest, before) = (cells.as_slice(), invest.as_slice(), pending.as_slice());
            self.split(count, Division { cells, invest, before, rates: self.rates, rebalances })?
        };
        self.leave_small_moves_out(&mut dollars, targets);
        let ask = |m: usize, a: AccountId| self.ask(MandateId(m as u16), a, &dollars, targets);
        let asks = (0..count).map(|m| self.accounts().map(|a| ask(m, a)).collect()).collect();
        Ok(Moves { dollars, asks, plan })
    }

    /// Dollars that a mandate receives (negative: gives) in an account so that its cells invest `dollars`.
    fn ask(&self, mandate: MandateId, account: AccountId, dollars: &[Money], targets: &Targets) -> Money {
        let setup = self.ctx.setup;
        let mine = setup.cells_of(mandate).filter(|c| setup.cells[*c].account == account);
        let work: Money = mine.map(|c| dollars[c]).sum();
        let asked = self.ctx.asked(mandate, account);
        let to_invest = asked.invest_now + asked.invest_later;
        work + to_invest + targets.own[mandate.index()][account.index()] - self.free(account, mandate)
    }

    /// Who pays what the advisor's cash can't, by the rule of `funding`. Money under way counts as paid.
    fn funded(&mut self) -> Result<Moves, RebalanceError> {
        let (ctx, setup) = (self.ctx, self.ctx.setup);
        let advisor = setup.advisor();
        let cells: Vec<usize> = (0..setup.cells.len()).collect();
        let pending = ctx.pending(self.ledger);
        let invest: Vec<Money> = self
            .accounts()
            .map(|a| {
                let here = cells.iter().filter(|c| setup.cells[**c].account == a);
                let coming: Money = here.map(|c| (-pending[*c]).max(Money::ZERO)).sum();
                let cash = self.free(a, advisor) + ctx.on_its_way(a) + coming;
                (cash - self.reserve.need(a)).min(Money::ZERO)
            })
            .collect();
        let division = Division {
            cells: &cells,
            invest: &invest,
            before: &pending,
            rates: self.rates,
            rebalances: false,
        };
        let dollars = self.split(setup.mandates.len(), division)?;
        let ask = |m: u16, a: AccountId| -> Money {
            let mine = setup.cells_of(MandateId(m)).filter(|c| setup.cells[*c].account == a);
            mine.map(|c| dollars[c]).sum()
        };
        let count = setup.mandates.len() as u16;
        let asks = (0..count).map(|m| self.accounts().map(|a| ask(m, a)).collect()).collect();
        Ok(Moves { dollars, asks, plan: Decision::default() })
    }

    fn split(&mut self, slot: usize, division: Division<'_>) -> Result<Vec<Money>, RebalanceError> {
        split(self.ctx, self.ledger, self.memory, slot, &SmallSimplex, division).map_err(|e| match e {
            SplitError::Linear(error) => RebalanceError::Lp(error),
            SplitError::Quadratic(error) => {
                let mandate = self.ctx.setup.mandates[self.ctx.setup.advisor().index()].name.clone();
                RebalanceError::Problem { mandate, error }
            }
        })
    }

    /// Cancels moves of money to or from a manager that are below `trading.min_trade`, because they would
    /// force orders as small, or below `sma.min_transfer`. The advisor's largest sleeve in the account takes
    /// the money instead. If the account is short of cash for its payments, managers still give small amounts.
    fn leave_small_moves_out(&self, dollars: &mut [Money], targets: &Targets) {
        let setup = self.ctx.setup;
        let advisor = setup.advisor();
        let least = self.ctx.config.trading.min_trade.max(setup.habits.min_transfer);
        for a in self.accounts() {
            let cells_of = |m: MandateId| setup.cells_of(m).filter(move |c| setup.cells[*c].account == a);
            let largest = |cells: &mut dyn Iterator<Item = usize>, dollars: &[Money]| {
                cells.max_by_key(|c| (dollars[*c].abs(), setup.cells.len() - c))
            };
            let is_short = self.is_short(a);
            for m in (0..setup.mandates.len() as u16).map(MandateId).filter(|m| *m != advisor) {
                let ask = self.ask(m, a, dollars, targets);
                let is_small = !ask.is_zero() && ask.abs() < least;
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

    /// A specialist's turn: receives money, trades, gives money. New requests wait for the notice; requests of
    /// earlier days that are due are carried out.
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
        let a_year = ctx.view.sessions_a_year();
        let (notice, lag) = (Delay::of(setup.notice(), a_year), Delay::of(setup.lag(), a_year));
        let waits = notice.sessions > 0;
        let mut gives = vec![Money::ZERO; asks.len()];
        let mut is_short = vec![false; asks.len()];
        let mut holds = vec![Money::ZERO; asks.len()];
        let (mut demands, mut value) = (Vec::new(), Money::ZERO);
        for account in self.accounts() {
            let a = account.index();
            let (pocket, theirs) = (setup.pocket(account, mandate), setup.pocket(account, advisor));
            let asked = ctx.asked(mandate, account);
            let request = |dollars| Request { at: ctx.session + notice.sessions, mandate, account, dollars };
            let (mut to_invest, mut to_raise) = (asked.invest_later, asked.raise_later);
            let mut works_late = asked.invest_now;
            if asks[a].is_positive() {
                let need = self.reserve.need(account);
                let give = asks[a].min(self.ledger.balance(theirs) - need).max(Money::ZERO);
                self.ledger.transfer(date, theirs, pocket, give)?;
                owed[a] -= asks[a];
                self.ticket(mandate, TicketKind::Invest, give);
                if waits && give.is_positive() {
                    self.requests.push(request(give));
                    to_invest += give;
                } else {
                    works_late += give;
                }
            }
            self.work_late(account, works_late, notice);
            gives[a] = self.within_budget(mandate, account, asked.raise_now);
            let raise = (-asks[a]).max(Money::ZERO);
            self.ticket(mandate, TicketKind::Raise, raise);
            if waits && raise.is_positive() {
                self.requests.push(request(-raise));
                to_raise += raise;
            } else {
                gives[a] += raise;
            }
            is_short[a] = self.is_short(account);
            let mine: Vec<usize> =
                setup.cells_of(mandate).filter(|c| setup.cells[*c].account == account).collect();
            if mine.is_empty() {
                continue;
            }
            // Cash that is asked for later is not invested before.
            let cash = self.free(account, mandate) - gives[a] - targets[a] - to_invest;
            holds[a] = to_invest + to_raise.min(cash.max(Money::ZERO));
            value += self.value(account, mandate) - gives[a] - targets[a] - holds[a];
            let dollars = self.free(account, mandate) - gives[a] - targets[a] - holds[a];
            let name = setup.mandates[mandate.index()].name.clone();
            demands.push(Demand { name, cells: mine, dollars: dollars.to_f64() });
        }
        let brief = self.brief(mandate, value, demands, others);
        let mut kept = Kept { all: gives.clone(), due: vec![Money::ZERO; gives.len()] };
        for account in self.accounts() {
            let a = account.index();
            let pocket = setup.pocket(account, mandate);
            let promised = ctx.promised.get(pocket.index()).copied().unwrap_or_default();
            kept.all[a] += targets[a] + promised + holds[a];
            if is_short[a] {
                kept.due[a] = gives[a] + promised;
            }
        }
        self.trade(mandate.index(), &brief, &kept)?;
        for account in self.accounts().filter(|a| gives[a.index()].is_positive()) {
            let (pocket, theirs) = (setup.pocket(account, mandate), setup.pocket(account, advisor));
            let paid = gives[account.index()].min(self.free(account, mandate)).max(Money::ZERO);
            if lag.sessions == 0 {
                self.ledger.transfer(date, pocket, theirs, paid)?;
                self.has_come[account.index()] += paid;
                self.work_late(account, paid, lag);
            } else if paid.is_positive() {
                let at = ctx.session + lag.sessions;
                self.promises.push(Promise { at, from: pocket, to: theirs, amount: paid });
            }
        }
        Ok(())
    }

    /// What a specialist raises today for an earlier request. Prices may have moved since: it raises no more
    /// than the rest of its gains budget allows, unless the account is short of cash for its payments.
    fn within_budget(&self, mandate: MandateId, account: AccountId, raise: Money) -> Money {
        let setup = self.ctx.setup;
        let cells: Vec<usize> =
            setup.cells_of(mandate).filter(|c| setup.cells[*c].account == account).collect();
        match self.ctx.budget_left(self.ledger, &cells) {
            Some(left) if raise.is_positive() && !self.is_short(account) => {
                let cash = self.free(account, mandate).max(Money::ZERO).to_f64();
                let most = cash + raisable(self.ctx, self.ledger, &cells, self.rates, left);
                raise.min(Money::from_f64(most).unwrap_or(raise))
            }
            _ => raise,
        }
    }

    /// Records money that works from today on, but in truth a part of a session later.
    fn work_late(&mut self, account: AccountId, amount: Money, delay: Delay) {
        if amount.is_positive() && delay.rest > 0.0 {
            self.late.push(Late { account, amount, rest: delay.rest });
        }
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

    /// The advisor divides the cash in its own pockets over its own sleeves. `keep` dollars stay in its pocket
    /// of each account.
    fn advisor_alone(&mut self, turn: Turn, keep: &[Money]) -> Result<(), RebalanceError> {
        let setup = self.ctx.setup;
        let advisor = setup.advisor();
        let cells: Vec<usize> = setup.cells_of(advisor).collect();
        if cells.is_empty() {
            return Ok(());
        }
        let most = |x: Money| if self.is_by_rule(turn) { x.min(Money::ZERO) } else { x };
        let invest: Vec<Money> =
            self.accounts().map(|a| most(self.free(a, advisor) - keep[a.index()])).collect();
        let division = Division {
            cells: &cells,
            invest: &invest,
            before: &[],
            rates: self.rates,
            rebalances: turn == Turn::Rebalance,
        };
        let dollars = self.split(setup.mandates.len() + 1, division)?;
        self.advise(&dollars, keep, None)
    }
}
