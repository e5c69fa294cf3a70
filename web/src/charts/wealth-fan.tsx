// The household's wealth after tax, year by year, over all paths.

import { useState } from 'preact/hooks';

import { yearName } from '../format/date';
import { money, signedMoney } from '../format/money';
import { defined, type Value } from '../format/number';
import { capital } from '../format/text';
import { axisFormat } from '../format/unit';
import { crisp, Lonely, namesWidth, TimeAxis, timeHeight, ValueAxis } from './axes';
import { Choice } from './choice';
import { Figure, type FigureOptions, Picture, Plot, type Table } from './figure';
import { bandPath, linePath } from './paths';
import { axis, linear, spread, yearTicks } from './scale';
import { Readout, Scrub } from './scrub';
import { clamp, type Size, textWidth, widest } from './size';

const PERCENTILES = ['p5', 'p10', 'p25', 'p50', 'p75', 'p90', 'p95'] as const;

/** One value for each year. */
export type Percentiles = Record<(typeof PERCENTILES)[number], readonly Value[]>;

export interface WealthFanProps extends FigureOptions {
  /** Ends of years, ascending. Numbers below 1,000 count from the start. */
  years: readonly number[];
  /** Age of the client in the first of `years`. */
  age?: number | null | undefined;
  uma: Percentiles;
  sma: Percentiles;
  /** Median over the paths of UMA minus SMA. Without it, the difference of the medians is drawn. */
  difference?: readonly Value[] | undefined;
  events?: readonly { year: number; label: string }[] | undefined;
}

type Arm = 'uma' | 'sma';
type Shown = Arm | 'both';
type Reach = 'nine' | 'half';

const ARMS = ['uma', 'sma'] as const;
const NAMES = { uma: 'UMA', sma: 'SMA' } as const;

export function WealthFan(props: WealthFanProps) {
  const { years, age, uma, sma, difference, level } = props;
  const {
    title = 'Wealth after tax',
    caption = 'Half of the futures run through the dark band, nine of ten through the light one. Other holdings and luck are in the difference.',
  } = props;
  const [shown, setShown] = useState<Shown>('uma');
  const [reach, setReach] = useState<Reach>('nine');
  const [pointed, point] = useState<number | null>(null);

  const index = Math.min(pointed ?? years.length - 1, years.length - 1);
  // The gap between the medians differs from the median gap in the headline.
  const apart = difference ? 'UMA less SMA, median of the futures' : 'UMA’s median less SMA’s';
  const gaps = difference ?? years.map((_, i) => less(uma.p50[i], sma.p50[i]));
  const ageAt = (i: number): string =>
    defined(age) ? `, age ${age + (years[i] ?? 0) - (years[0] ?? 0)}` : '';
  const range = (arm: Percentiles, i: number): string =>
    reach === 'nine'
      ? `${money(arm.p5[i])} to ${money(arm.p95[i])}`
      : `${money(arm.p25[i])} to ${money(arm.p75[i])}`;
  const words = (i: number): string =>
    `${yearName(years[i] ?? 0)}${ageAt(i)}: UMA ${money(uma.p50[i])}, ${range(uma, i)}; SMA ${money(sma.p50[i])}, ${range(sma, i)}; ` +
    `${apart} ${signedMoney(gaps[i])}`;

  const table = (): Table => ({
    columns: [
      { name: 'Year', unit: 'year' },
      ...(defined(age) ? [{ name: 'Age', unit: 'year' } as const] : []),
      ...ARMS.flatMap((arm) =>
        PERCENTILES.map((p) => ({ name: `${NAMES[arm]}, ${p.slice(1)}th`, unit: 'money' }) as const),
      ),
      { name: apart, unit: 'money' },
    ],
    rows: years.map((year, i) => [
      year,
      ...(defined(age) ? [age + year - (years[0] ?? 0)] : []),
      ...[uma, sma].flatMap((arm) => PERCENTILES.map((p) => arm[p][i] ?? null)),
      gaps[i] ?? null,
    ]),
  });

  const nothing = !ARMS.some((arm) => props[arm].p50.some(defined));
  return (
    <Figure
      title={title}
      caption={caption}
      level={level}
      file="wealth-after-tax"
      table={table}
      empty={nothing && 'There is no wealth to show yet: no future has been computed.'}
      controls={
        <>
          <Choice
            name="Bands of"
            value={shown}
            onChange={setShown}
            options={[
              { value: 'uma', label: 'UMA' },
              { value: 'sma', label: 'SMA' },
              { value: 'both', label: 'Both' },
            ]}
          />
          <Choice
            name="Futures"
            value={reach}
            onChange={setReach}
            options={[
              { value: 'nine', label: '9 in 10' },
              { value: 'half', label: 'Half' },
            ]}
          />
        </>
      }
    >
      <Readout
        head={`${capital(yearName(years[index] ?? 0))}${ageAt(index)}`}
        readings={[
          { name: 'UMA', mark: 'uma', value: money(uma.p50[index]), note: range(uma, index) },
          { name: 'SMA', mark: 'sma dashed', value: money(sma.p50[index]), note: range(sma, index) },
          { name: difference ? 'Difference' : 'Between the medians', value: signedMoney(gaps[index]) },
        ]}
      />
      <Plot
        draw={(size) => (
          <Drawing {...props} {...{ size, gaps, apart, shown, reach, index, pointed, point, words }} />
        )}
      />
    </Figure>
  );
}

const less = (a: Value | undefined, b: Value | undefined): Value => (defined(a) && defined(b) ? a - b : null);

interface DrawingProps extends WealthFanProps {
  size: Size;
  gaps: readonly Value[];
  /** Description of the gaps. */
  apart: string;
  shown: Shown;
  reach: Reach;
  index: number;
  pointed: number | null;
  point: (index: number | null) => void;
  words: (index: number) => string;
}

function Drawing({
  years,
  age,
  uma,
  sma,
  events = [],
  size,
  gaps,
  apart,
  shown,
  reach,
  index,
  pointed,
  point,
  words,
}: DrawingProps) {
  const { width, em } = size;
  const arms = { uma, sma };
  const last = years.length - 1;
  const narrow = width < 34 * em;

  const inView = ARMS.flatMap((arm) => {
    const bands = shown === arm || shown === 'both';
    const curves = !bands
      ? (['p50'] as const)
      : reach === 'nine'
        ? (['p5', 'p95', 'p50'] as const)
        : (['p25', 'p75', 'p50'] as const);
    return curves.flatMap((p) => [...arms[arm][p]]);
  });
  const main = clamp(width * 0.42, 16 * em, 30 * em);
  const wealth = axis(inView, { count: main / (4 * em), zero: true, least: 100 });
  const gap = axis(gaps, { count: 2, zero: true, least: 100 });
  const showWealth = axisFormat('money', wealth.step, wealth.domain[1]);
  const gapFormat = axisFormat('money', gap.step, Math.max(...gap.domain.map(Math.abs)));
  const showGap = (x: number): string => (x > 0 ? '+' : '') + gapFormat(x);

  const ends = ARMS.map((arm) => `${NAMES[arm]}${narrow ? '' : ` ${money(arms[arm].p50[last])}`}`);
  const left = Math.ceil(
    Math.max(
      widest(wealth.ticks.map(showWealth), em),
      widest(gap.ticks.map(showGap), em),
      defined(age) ? namesWidth(em) : 0,
    ) + 10,
  );
  const right = width - Math.ceil(widest([...ends, signedMoney(gaps[last])], em, true) + 12);
  const bar = clamp(((right - left) / Math.max(last, 1)) * 0.7, 1.5, 2 * em);
  const x = linear(
    [years[0] ?? 0, years[last] ?? 0],
    last > 0 ? [left + bar / 2, right - bar / 2] : [(left + right) / 2, (left + right) / 2],
  );

  const flags = placeFlags();
  const top = em * (0.8 + 1.4 * flags.rows);
  const bottom = top + main;
  const stripTop = bottom + timeHeight(em, defined(age)) + em * 1.9;
  const strip = 5 * em;
  const height = stripTop + strip + em * 0.5;

  const y = linear(wealth.domain, [bottom, top]);
  const z = linear(gap.domain, [stripTop + strip, stripTop]);
  const xs = years.map(x);
  const pixels = (values: readonly Value[]): Value[] =>
    values.map((value) => (defined(value) ? y(value) : null));

  const endsAt = spread(
    ARMS.map((arm) => y(arms[arm].p50[last] ?? 0)),
    em * 1.25,
    top,
    bottom - em * 0.4,
  );
  const ticks = yearTicks(years[0] ?? 0, years[last] ?? 0, right - left, 4 * em).map((year) => ({
    at: x(year),
    label: String(year),
    under: defined(age) ? String(age + year - (years[0] ?? 0)) : undefined,
  }));

  // A flag stands above the later flags that its label overlaps, so that no line crosses its text.
  function placeFlags(): { rows: number; row: number[] } {
    const later: { from: number; row: number }[] = [];
    for (const { year, label } of [...events].reverse()) {
      const room = textWidth(label, em) + em;
      const from = x(year) + room > width ? x(year) - room : x(year);
      const row = later.reduce(
        (least, other) => (other.from < from + room ? Math.max(least, other.row + 1) : least),
        0,
      );
      later.push({ from, row });
    }
    return {
      rows: Math.max(0, ...later.map(({ row }) => row + 1)),
      row: later.map(({ row }) => row).reverse(),
    };
  }

  const band = (arm: Arm, low: 'p5' | 'p25', high: 'p95' | 'p75') => {
    const [under, over] = [pixels(arms[arm][low]), pixels(arms[arm][high])];
    if (shown === 'both' && arm === 'sma') {
      // Two overlapping tints are hard to read, so the second fan is drawn by its edges.
      return [under, over].map((edge, i) => (
        <path key={low + i} class={`c-edge ${low}`} d={linePath(xs, edge)} />
      ));
    }
    if (last === 0 && defined(under[0]) && defined(over[0])) {
      // A single year has no area.
      return <line class={`c-whisker ${arm}`} x1={xs[0]} x2={xs[0]} y1={under[0]} y2={over[0]} />;
    }
    return <path class={`c-band ${arm} ${low}`} d={bandPath(xs, under, over)} />;
  };

  return (
    <>
      <Picture
        width={width}
        height={height}
        label={`Median wealth after tax by year, with the range of the paths. In ${words(last)}.`}
      >
        <ValueAxis ticks={wealth.ticks} y={y} left={left} right={right} show={showWealth} />
        {ARMS.filter((arm) => shown === arm || shown === 'both').map((arm) => (
          <g key={arm}>
            {reach === 'nine' && band(arm, 'p5', 'p95')}
            {band(arm, 'p25', 'p75')}
          </g>
        ))}
        {events.map(({ year, label }, i) => {
          const at = crisp(x(year));
          const flag = top - em * 0.7 - (flags.row[i] ?? 0) * em * 1.4;
          const before = at + textWidth(label, em) + em > width;
          return (
            <g key={label + year}>
              <line class="c-event" x1={at} x2={at} y1={flag - em * 0.7} y2={bottom} />
              <text class={`c-tick c-halo ${before ? 'c-end' : ''}`} x={at + (before ? -5 : 5)} y={flag}>
                {label}
              </text>
            </g>
          );
        })}
        {/* The SMA's dashes over the UMA's line: both can be seen where they coincide. */}
        <path class="c-line uma wide" d={linePath(xs, pixels(uma.p50))} />
        <path class="c-line sma wide dashed" d={linePath(xs, pixels(sma.p50))} />
        <Lonely xs={xs} ys={pixels(sma.p50)} tone="sma" r={em * 0.45} />
        <Lonely xs={xs} ys={pixels(uma.p50)} tone="uma" r={em * 0.3} />
        {ARMS.map((arm, i) =>
          defined(arms[arm].p50[last]) ? (
            <text key={arm} class={`c-label ${arm}`} x={right + 6} y={endsAt[i]} dy="0.35em">
              {ends[i]}
            </text>
          ) : null,
        )}
        <TimeAxis
          ticks={ticks}
          top={bottom}
          left={left}
          em={em}
          names={defined(age) ? ['Year', 'Age'] : undefined}
        />

        <text class="c-tick" x={left} y={stripTop - em * 0.7}>
          {apart}
        </text>
        <ValueAxis ticks={gap.ticks} y={z} left={left} right={right} show={showGap} />
        {gaps.map((value, i) =>
          defined(value) && Math.abs(value) >= 0.5 ? (
            <rect
              key={i}
              class={`c-fill ${value < 0 ? 'sma' : 'uma'}`}
              x={(xs[i] ?? 0) - bar / 2}
              width={bar}
              y={Math.min(z(value), z(0))}
              height={Math.max(Math.abs(z(value) - z(0)), 1)}
            />
          ) : null,
        )}
        {defined(gaps[last]) && (
          <text
            class={`c-label ${Math.abs(gaps[last]) < 0.5 ? '' : gaps[last] < 0 ? 'sma' : 'uma'}`}
            x={right + 6}
            y={z(gaps[last])}
            dy="0.35em"
          >
            {signedMoney(gaps[last])}
          </text>
        )}

        {pointed !== null && (
          <g>
            {[
              [top, bottom],
              [stripTop, stripTop + strip],
            ].map(([from, to]) => (
              <line
                key={from}
                class="c-cursor"
                x1={crisp(xs[index] ?? 0)}
                x2={crisp(xs[index] ?? 0)}
                y1={from}
                y2={to}
              />
            ))}
            {/* The smaller disc on the larger: both can be seen where they coincide. */}
            {(['sma', 'uma'] as const).map((arm) => {
              const value = arms[arm].p50[index];
              return defined(value) ? (
                <circle
                  key={arm}
                  class={`c-dot ${arm}`}
                  cx={xs[index]}
                  cy={y(value)}
                  r={em * (arm === 'sma' ? 0.45 : 0.28)}
                />
              ) : null;
            })}
          </g>
        )}
      </Picture>
      <Scrub
        xs={xs}
        top={top}
        height={stripTop + strip - top}
        index={index}
        onIndex={point}
        name="Year"
        text={words(index)}
      />
    </>
  );
}
