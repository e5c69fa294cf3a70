// The household's plan: pay in until an age, withdraw from then on. In the configuration these are two yearly
// flows. Other flows (a house, a gift, a bonus) are kept unchanged.

import type { Flow } from 'unisleeve';

import { later } from '../format/date';
import type { Config } from './config';

export interface Plan {
  /** Contributions until retirement, in dollars a year. */
  paidIn: number;
  /** Withdrawals from retirement on, in dollars a year. */
  takenOut: number;
  /** Years from the start until withdrawals begin. */
  yearsUntil: number;
}

const isYearly = (flow: Flow): boolean => flow.every === 'year';

function parts(config: Config): { into: number; out: number } {
  const { flows } = config.household;
  return {
    into: flows.findIndex((flow) => isYearly(flow) && flow.amount > 0 && Boolean(flow.to)),
    out: flows.findIndex((flow) => isYearly(flow) && flow.amount < 0 && !flow.to),
  };
}

const yearOf = (iso: string): number => Number(iso.slice(0, 4));

export function planOf(config: Config): Plan {
  const { into, out } = parts(config);
  const { flows } = config.household;
  const { start } = config.simulation.scenario;
  const turn = flows[out]?.from ?? (flows[into]?.to ? later(flows[into].to ?? start, 0, 1) : start);
  return {
    paidIn: flows[into]?.amount ?? 0,
    takenOut: -(flows[out]?.amount ?? 0),
    yearsUntil: Math.max(0, yearOf(turn) - yearOf(start)),
  };
}

export function withPlan(config: Config, changed: Partial<Plan>): Config {
  const plan = { ...planOf(config), ...changed };
  const { into, out } = parts(config);
  const { start } = config.simulation.scenario;
  const turn = later(start, plan.yearsUntil);
  const others = config.household.flows.filter((_, i) => i !== into && i !== out);
  const flows: Flow[] = [];
  if (plan.paidIn > 0 && plan.yearsUntil > 0) {
    flows.push({ amount: plan.paidIn, every: 'year', from: start, to: later(turn, 0, -1) });
  }
  if (plan.takenOut > 0) {
    flows.push({ amount: -plan.takenOut, every: 'year', from: turn });
  }
  return { ...config, household: { ...config.household, flows: [...flows, ...others] } };
}
