// Reasons for trades: the orders of one day in one run, or the differences between UMA and SMA.

import { useMemo, useState } from 'preact/hooks';
import type { Study } from 'unisleeve';

import { Choice } from '../charts/choice';
import { csv, download } from '../charts/csv';
import { nearest } from '../charts/scale';
import { dayName } from '../format/date';
import { dollars, signedMoney } from '../format/money';
import { basisPoints, NONE } from '../format/number';
import type { Cell } from '../format/unit';
import { Grid } from './measures';
import { type Order, ordersOf, sideBySide, totals, tradingDays, why } from './orders';
import { shortName } from './setups';

const BOTH = 'both';

export function Trades({ study }: { study: Study }) {
  const [view, look] = useState(BOTH);
  // When the arm or the settings change, the selected day stays, or moves to the nearest day with trades.
  const [wanted, want] = useState<number | null>(null);
  const all = study.summary.arm_order;
  const hasBoth = all.includes('uma') && all.includes('sma');
  const shown =
    view === BOTH && !hasBoth ? (all[0] ?? '') : view !== BOTH && !all.includes(view) ? BOTH : view;
  const arms = shown === BOTH ? ['uma', 'sma'] : [shown];
  const { days, busiest } = useMemo(() => tradingDays(study, arms), [study, shown]);
  const index = nearest(days, wanted ?? busiest);
  const day = days[index] ?? 0;
  const orders = useMemo(() => arms.map((arm) => ordersOf(study, arm, day)), [study, shown, day]);
  const date = dayName(day);
  const told = arms.map((arm, i) => `${shortName(arm)} ${counted(orders[i] ?? [])}`).join(', ');
  const options = [
    ...(hasBoth ? [{ value: BOTH, label: 'UMA and SMA' }] : []),
    ...all.map((arm) => ({ value: arm, label: shortName(arm) })),
  ];
  const go = (to: number): void => want(days[Math.max(0, Math.min(days.length - 1, to))] ?? null);

  return (
    <section class="c-figure why" aria-label="Why this trade">
      <h3 class="c-title">Why this trade</h3>
      <p class="c-caption">
        Each order of a day with its gain and what led to it. It opens on the day on which most losses were
        sold; arrow keys on the slider go from day to day.
      </p>
      {days.length === 0 ? (
        <p class="c-empty">Nothing was traded.</p>
      ) : (
        <>
          <div class="c-controls">
            <Choice name="Arm" options={options} value={shown} onChange={look} />
          </div>
          <div class="why-day">
            <button
              type="button"
              disabled={index === 0}
              onClick={() => go(index - 1)}
              aria-label="Earlier day of trading"
            >
              ←
            </button>
            <input
              type="range"
              min={0}
              max={days.length - 1}
              step={1}
              value={index}
              aria-label="Day of trading"
              aria-valuetext={`${date}: ${told}`}
              onInput={(event) => go(event.currentTarget.valueAsNumber)}
            />
            <button
              type="button"
              disabled={index === days.length - 1}
              onClick={() => go(index + 1)}
              aria-label="Later day of trading"
            >
              →
            </button>
          </div>
          <p class="c-readout">
            <span class="c-reading-head">{date}</span>
            {arms.map((arm, i) => (
              <span key={arm} class="c-reading">
                <span class={`c-mark ${arm} block`} />
                {shortName(arm)} <b>{counted(orders[i] ?? [])}</b>
              </span>
            ))}
          </p>
          <Sums arms={arms} orders={orders} date={date} />
          {shown === BOTH ? (
            <Differences uma={orders[0] ?? []} sma={orders[1] ?? []} date={date} />
          ) : (
            <Orders arm={shown} orders={orders[0] ?? []} date={date} />
          )}
          <p class="buttons">
            <button
              type="button"
              onClick={() =>
                save(
                  `orders-${arms.join('-')}`,
                  arms.flatMap((arm) => ordersOf(study, arm, null)),
                )
              }
            >
              CSV of all days
            </button>
          </p>
        </>
      )}
    </section>
  );
}

const isOrder = ({ side }: Order): boolean => side !== 'other';

function counted(orders: readonly Order[]): string {
  const count = orders.filter(isOrder).length;
  const others = orders.length - count;
  return `${count === 1 ? '1 order' : `${count} orders`}${others > 0 ? `, ${others} without one` : ''}`;
}

const exact = (x: number): number => Math.round(x * 1e6) / 1e6;
const gain = ({ isTaxed }: Order, x: number): string =>
  isTaxed ? (Math.abs(x) < 0.5 ? NONE : dollars(x)) : 'not taxed';
const SIDES = { bought: 'Bought', sold: 'Sold', other: 'No order' } as const;

const FILE = [
  'Date',
  'Arm',
  'Account',
  'Security',
  'Side',
  'Shares',
  'Dollars',
  'Short-term gain',
  'Long-term gain',
  'Loss washed',
  'Trading cost',
  'Tax, bp',
  'Risk, bp',
  'Targets, bp',
  'Cause',
  'Why',
];

function file(orders: readonly Order[]): Cell[][] {
  return orders.map((o) => [
    dayName(o.day),
    shortName(o.arm),
    o.account,
    o.symbol,
    o.side,
    exact(o.shares),
    exact(o.dollars),
    exact(o.short),
    exact(o.long),
    exact(o.washed),
    exact(o.cost),
    ...[o.priced?.tax, o.priced?.risk, o.priced?.targets].map((x) =>
      x === undefined ? null : exact(x * 1e4),
    ),
    o.cause,
    why(o),
  ]);
}

const save = (title: string, orders: readonly Order[]): void =>
  download(`${title}.csv`, csv([FILE, ...file(orders)]));

const SUMS = [
  ['Orders', 'orders'],
  ['Sold', 'sold'],
  ['Bought', 'bought'],
  ['Short-term gain or loss', 'short'],
  ['Long-term gain or loss', 'long'],
  ['Losses washed', 'washed'],
  ['Trading cost', 'cost'],
] as const;

function Sums({
  arms,
  orders,
  date,
}: {
  arms: readonly string[];
  orders: readonly (readonly Order[])[];
  date: string;
}) {
  const sums = orders.map(totals);
  return (
    <Grid
      title="The day in sum"
      caption="Gains and losses of taxed accounts, less what wash sales disallow."
      file={`day-${date}`}
      columns={['', ...arms.map(shortName)]}
      rows={SUMS.map(([label, key]) => [
        label,
        ...sums.map((sum) => (key === 'orders' ? String(sum[key]) : dollars(sum[key]))),
      ])}
      data={SUMS.map(([label, key]) => [label, ...sums.map((sum) => exact(sum[key]))])}
      level={4}
    />
  );
}

const LEAST_SEEN =
  'The largest first. Tax, risk and targets in hundredths of a percent of the manager’s money, as the optimiser priced them: below zero is tax saved or risk removed.';

function Orders({ arm, orders, date }: { arm: string; orders: readonly Order[]; date: string }) {
  const several = new Set(orders.map(({ account }) => account)).size > 1;
  const sorted = [...orders].sort((a, b) => Math.abs(b.dollars) - Math.abs(a.dollars));
  return (
    <Grid
      title={`Orders of ${shortName(arm)}`}
      caption={LEAST_SEEN}
      file={`orders-${arm}-${date}`}
      columns={[
        'Security',
        ...(several ? ['Account'] : []),
        'Order',
        'Dollars',
        'Why',
        'Short-term',
        'Long-term',
        'Tax',
        'Risk',
        'Targets',
        'Cost',
      ]}
      words={['Why']}
      rows={sorted.map((o) => [
        o.symbol,
        ...(several ? [o.account] : []),
        SIDES[o.side],
        dollars(o.dollars),
        why(o),
        gain(o, o.short),
        gain(o, o.long),
        basisPoints(o.priced?.tax),
        basisPoints(o.priced?.risk),
        basisPoints(o.priced?.targets),
        dollars(o.cost),
      ])}
      head={FILE}
      data={file(sorted)}
      level={4}
      tall
    />
  );
}

function Differences({ uma, sma, date }: { uma: readonly Order[]; sma: readonly Order[]; date: string }) {
  const rows = sideBySide(uma, sma);
  const side = (dollars: number): string => (Math.abs(dollars) < 0.5 ? NONE : signedMoney(dollars));
  const realized = (orders: readonly Order[]): string => {
    const taxed = orders.filter(({ isTaxed }) => isTaxed);
    const sum = taxed.reduce((all, { short, long }) => all + short + long, 0);
    return Math.abs(sum) < 0.5 ? NONE : signedMoney(sum);
  };
  const reasons = (orders: readonly Order[]): string => [...new Set(orders.map(why))].join(' ') || NONE;
  const without = (arm: 'uma' | 'sma'): number =>
    rows.filter((row) => row[`${arm}Orders`].length === 0).length;
  const [umaAlone, smaAlone] = [without('sma'), without('uma')];
  const against = rows.filter((row) => row.uma * row.sma < 0).length;
  const counts = [
    [rows.length - umaAlone - smaAlone, 'by both'],
    [against, 'of them in opposite directions'],
    [umaAlone, 'by UMA alone'],
    [smaAlone, 'by SMA alone'],
  ] as const;
  return (
    <>
      <p class="why-both">
        {rows.length === 1 ? 'One security was traded' : `${rows.length} securities were traded`}:{' '}
        {counts.flatMap(([count, words]) => (count > 0 ? [`${count} ${words}`] : [])).join(', ')}.
      </p>
      <Grid
        title="What each did"
        caption="Dollars bought (+) and sold (−), the largest differences first; gain or loss recognized on what was sold."
        file={`orders-uma-sma-${date}`}
        columns={['Security', 'UMA', 'SMA', 'UMA, gain', 'SMA, gain', 'Why UMA', 'Why SMA']}
        words={['Why UMA', 'Why SMA']}
        rows={rows.map((row) => [
          row.symbol,
          side(row.uma),
          side(row.sma),
          realized(row.umaOrders),
          realized(row.smaOrders),
          reasons(row.umaOrders),
          reasons(row.smaOrders),
        ])}
        head={FILE}
        data={file([...uma, ...sma])}
        level={4}
        tall
      />
    </>
  );
}
