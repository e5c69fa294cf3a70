// Converts the core's figures to the charts' input.

import type { ArmSummary, Averages, Closes, SimulationSummary, Study, Work } from 'unisleeve';

import type { Config } from '../state/config';
import { planOf } from '../state/plan';
import { setupName } from './setups';

const P = ['p5', 'p10', 'p25', 'p50', 'p75', 'p90', 'p95'] as const;
type Curves = Record<(typeof P)[number], number[]>;

const startYear = (iso: string): number => Number(iso.slice(0, 4));

export const armOf = (summary: SimulationSummary, arm: string): Averages | undefined =>
  summary.averages.find((a) => a.arm === arm);

/** The years of the fan: today, the end of each year, and at the last one the value after all tax. */
export function fan(summary: SimulationSummary, config: Config, age: number) {
  const curves = (arm: string): Curves => {
    const rows = summary.fans.find((f) => f.arm === arm)?.by_year ?? [];
    return Object.fromEntries(P.map((p, i) => [p, rows.map((row) => row[i] ?? 0)])) as Curves;
  };
  const first = startYear(summary.start);
  const uma = curves('uma');
  const years = uma.p50.map((_, i) => first + i);
  const turn = first + planOf(config).yearsUntil;
  const { takenOut } = planOf(config);
  const events =
    takenOut > 0 && years.includes(turn) && turn > first ? [{ year: turn, label: 'Withdrawals begin' }] : [];
  return { years, age, uma, sma: curves('sma'), events };
}

/**
 * An arm's value in comparisons, as in the core's headline: wealth with everything sold, plus what was paid
 * out before.
 */
export const worthOf = (arm: ArmSummary | undefined): number =>
  (arm?.wealth_after_liquidation ?? 0) + (arm?.paid_out ?? 0);

export function byYear(summary: SimulationSummary, key: 'taxes_by_year' | 'losses_by_year') {
  const uma = armOf(summary, 'uma')?.[key] ?? [];
  const sma = armOf(summary, 'sma')?.[key] ?? [];
  const first = startYear(summary.start);
  return { years: uma.map((_, i) => first + i), uma, sma };
}

const ENDINGS = [
  ['Keep everything', 'Nothing is sold; tax already due is taken off.'],
  ['Sell everything', 'Every gain is taxed in the last year.'],
  ['Leave it at death', 'Heirs take it at its value then, and gains are never taxed.'],
  ['Give a part away', 'Part of it goes to charity, the rest is sold.'],
] as const;

export function endings(summary: SimulationSummary) {
  const spread = (row: Averages['endings'][number] | undefined) => ({
    p5: row?.[0] ?? null,
    p50: row?.[3] ?? null,
    p95: row?.[6] ?? null,
  });
  return ENDINGS.map(([name, explanation], i) => ({
    name,
    explanation,
    uma: spread(armOf(summary, 'uma')?.endings[i]),
    sma: spread(armOf(summary, 'sma')?.endings[i]),
  }));
}

/** Annual work of each setup. */
export function work({ work: all }: SimulationSummary, years: number, config: Config) {
  const row = (name: string, of: (work: Work) => number | null) => ({
    name,
    setups: all.map((one) => {
      const value = of(one);
      return { arm: one.arm, name: setupName(one.arm, config), value: value === null ? null : value / years };
    }),
  });
  const priced = all.some(({ dollars }) => dollars !== null);
  return [
    row('Tasks: days on which a manager acts', ({ tasks }) => tasks),
    row('Instructions between advisor and specialist', ({ tickets }) => tickets),
    row('Transfers of money between managers', ({ transfers }) => transfers),
    row('Hours', ({ hours }) => hours),
    ...(priced ? [row('Dollars for these hours', ({ dollars }) => dollars)] : []),
    row('Orders', ({ orders }) => orders),
  ];
}

const MECHANISMS = [
  ['harvest', 'Harvesting losses', 'Losses realized in order to offset gains.'],
  ['deferral', 'Deferring gains', 'Gains not realized yet, or realized before they had to be.'],
  ['character', 'Long-term instead of short', 'Gains that wait for the lower rate.'],
  ['income', 'Dividends and interest', 'What is paid out is taxed at once.'],
  ['carried', 'Losses carried in', 'Losses from before, used up.'],
  ['household', 'Cash needs', 'Tax on what is sold because the household needs cash.'],
] as const;

/** The difference of UMA over SMA in a single future, split into tax mechanisms and fees. */
export function mechanisms(study: Study) {
  const { uma, sma } = study.summary.arms;
  const gain = (uma?.wealth_after_liquidation ?? 0) - (sma?.wealth_after_liquidation ?? 0);
  const steps: { name: string; explanation: string; dollars: number }[] = MECHANISMS.map(
    ([key, name, explanation]) => ({
      name,
      explanation,
      dollars: (uma?.tax_alpha_split?.[key].dollars ?? 0) - (sma?.tax_alpha_split?.[key].dollars ?? 0),
    }),
  );
  if (uma?.fees_paid || sma?.fees_paid) {
    const explanation =
      'What managers charge, with what it would have earned until the end, less tax on that.';
    steps.push({
      name: 'Management fees',
      explanation,
      dollars: (sma?.fees_at_end ?? 0) - (uma?.fees_at_end ?? 0),
    });
  }
  if (uma && sma && uma.paid_out !== sma.paid_out) {
    const explanation = 'Less paid out before the end, as money ran out, leaves more in the portfolio.';
    steps.push({ name: 'Paid out before', explanation, dollars: sma.paid_out - uma.paid_out });
  }
  const rest = gain - steps.reduce((sum, { dollars }) => sum + dollars, 0);
  return {
    steps: [
      ...steps,
      {
        name: 'Everything else',
        explanation: 'Other holdings, other returns on them, trading costs and tax at the end.',
        dollars: rest,
      },
    ],
    uma: uma?.wealth_after_liquidation ?? null,
    sma: sma?.wealth_after_liquidation ?? null,
  };
}

/**
 * The same split, averaged over the futures. Every step is a mean, so the steps add up to the difference of
 * the means.
 */
export function meanMechanisms(futures: readonly ReturnType<typeof mechanisms>[]) {
  const mean = (of: (one: ReturnType<typeof mechanisms>) => number | null): number =>
    futures.reduce((sum, one) => sum + (of(one) ?? 0), 0) / Math.max(1, futures.length);
  // Some futures lack some steps.
  const [all = []] = futures.map(({ steps }) => steps).sort((a, b) => b.length - a.length);
  return {
    steps: all.map((step) => ({
      ...step,
      dollars: mean(({ steps }) => steps.find(({ name }) => name === step.name)?.dollars ?? 0),
    })),
    uma: mean(({ uma }) => uma),
    sma: mean(({ sma }) => sma),
  };
}

export function oneFuture(study: Study) {
  const series = (
    [
      ['uma', 'UMA', false],
      ['sma', 'SMA', true],
    ] as const
  ).flatMap(([arm, name, dashed]) =>
    study.wealth[arm] ? [{ name, tone: arm, dashed, values: [...study.wealth[arm]] }] : [],
  );
  return { x: [...study.days], series };
}

const ARMS = [
  ['uma', 'UMA', false],
  ['sma', 'SMA', true],
  ['shadow', 'Shadow', false],
] as const;

/** One column of the closes, by session. */
export function closes(study: Study, of: (closes: Closes) => Float64Array | undefined) {
  const series = ARMS.flatMap(([arm, name, dashed]) => {
    const column = study.closes[arm];
    return column ? [{ name, tone: arm, dashed, values: [...(of(column) ?? [])] }] : [];
  });
  return { x: [...study.days], series };
}

/** Expected tracking error at the end of each year, mean over the futures. */
export function trackingByYear(summary: SimulationSummary) {
  const rows = (arm: string) => armOf(summary, arm)?.tracking_error_by_year ?? [];
  const first = startYear(summary.start);
  return {
    x: rows('uma').map((_, i) => first + i),
    series: ARMS.flatMap(([arm, name, dashed]) =>
      armOf(summary, arm) ? [{ name, tone: arm, dashed, values: rows(arm) }] : [],
    ),
  };
}

export function harvest(study: Study) {
  const rows = (arm: string) => study.summary.arms[arm]?.harvest_yield ?? [];
  const first = startYear(study.summary.start);
  return {
    x: rows('uma').map(({ year }) => first + year - 1),
    series: [
      { name: 'UMA', tone: 'uma' as const, values: rows('uma').map((row) => row.harvest_yield) },
      {
        name: 'SMA',
        tone: 'sma' as const,
        dashed: true,
        values: rows('sma').map((row) => row.harvest_yield),
      },
    ],
  };
}
