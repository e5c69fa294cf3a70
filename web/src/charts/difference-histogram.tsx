// Distribution over all paths of UMA's final value minus SMA's.

import { useRef, useState } from 'preact/hooks';

import { signedMoney } from '../format/money';
import { defined, number, type Value } from '../format/number';
import { axisFormat } from '../format/unit';
import { crisp, ValueAxis } from './axes';
import { Figure, type FigureOptions, Picture, Plot, type Table } from './figure';
import { linear, niceStep, quantile, wholeStep } from './scale';
import { type Reading, Readout } from './scrub';
import { clamp, type Size, textWidth, widest } from './size';

export interface DifferenceHistogramProps extends FigureOptions {
  /** UMA minus SMA after tax at the end, in dollars. The index is the path's number. */
  differences: readonly Value[];
  /** Number of a path to mark. */
  chosen?: number | null | undefined;
  /** Receives the numbers of a bar's paths, lowest difference first. */
  onChoose?: ((paths: number[]) => void) | undefined;
}

interface Path {
  number: number;
  dollars: number;
}

interface Bin {
  from: number;
  to: number;
  paths: Path[];
  /** How many of them count as equal. */
  equal: number;
}

/** Differences below this, in dollars, count as equal. */
const EQUAL = 0.5;

interface Facts {
  sorted: Path[];
  ahead: number;
  behind: number;
  median: Value;
  /** Mean of the lowest tenth of the paths, at least one path. */
  worst: Value;
}

function facts(differences: readonly Value[]): Facts {
  const sorted = differences.flatMap((dollars, number) => (defined(dollars) ? [{ number, dollars }] : []));
  sorted.sort((a, b) => a.dollars - b.dollars);
  const tail = sorted.slice(0, Math.max(1, Math.ceil(sorted.length / 10)));
  return {
    sorted,
    ahead: sorted.filter(({ dollars }) => dollars >= EQUAL).length,
    behind: sorted.filter(({ dollars }) => dollars <= -EQUAL).length,
    median: quantile(
      sorted.map(({ dollars }) => dollars),
      0.5,
    ),
    worst: sorted.length > 0 ? tail.reduce((sum, { dollars }) => sum + dollars, 0) / tail.length : null,
  };
}

function tally({ sorted, ahead, behind }: Facts): string {
  const all = sorted.length;
  const equal = all - ahead - behind;
  if (equal === all) {
    return all === 1 ? 'Equal in the one future' : `Equal in all ${number(all)} futures`;
  }
  const share = all === 100 || all < 20 ? '' : ` (${Math.round((ahead / all) * 100)}%)`;
  return `UMA ahead in ${number(ahead)} of ${number(all)}${share}${equal > 0 ? `, equal in ${number(equal)}` : ''}`;
}

/** Bars of a round width with an edge at zero, so that no bar mixes gains and losses. */
function bins({ sorted }: Facts, most: number): Bin[] {
  const [low, high] = [Math.min(sorted[0]?.dollars ?? 0, 0), Math.max(sorted.at(-1)?.dollars ?? 0, 0)];
  const step = niceStep(Math.max(high - low, 100), most);
  if (low > -EQUAL && high < EQUAL) {
    return [{ from: -step / 2, to: step / 2, paths: sorted, equal: sorted.length }];
  }
  const first = Math.floor(low / step);
  const count = Math.max(1, Math.floor(high / step) + 1 - first);
  const made = Array.from(
    { length: count },
    (_, i): Bin => ({
      from: (first + i) * step,
      to: (first + i + 1) * step,
      paths: [],
      equal: 0,
    }),
  );
  for (const path of sorted) {
    // Equal paths are counted separately, at the foot of the bar right of zero.
    const equal = Math.abs(path.dollars) < EQUAL;
    const bin = made[clamp((equal ? 0 : Math.floor(path.dollars / step)) - first, 0, count - 1)];
    bin?.paths.push(path);
    if (bin && equal) {
      bin.equal += 1;
    }
  }
  return made;
}

const count = (n: number): string => (n === 1 ? '1 future' : `${number(n)} futures`);

export function DifferenceHistogram(props: DifferenceHistogramProps) {
  const { differences, chosen, onChoose, level } = props;
  const { title = 'UMA less SMA at the end, after tax' } = props;
  const {
    caption = `Every future counts once: right of zero the UMA ends ahead, left of it the SMA.${onChoose ? ' Choose a bar to see its futures.' : ''}`,
  } = props;
  const [pointed, point] = useState<Bin | null>(null);
  const all = facts(differences);
  const table = (): Table => ({
    columns: [
      { name: 'Future', unit: 'year' },
      { name: 'UMA less SMA', unit: 'money' },
    ],
    rows: all.sorted.map((path) => [path.number, path.dollars]),
    every: Math.max(1, Math.floor(all.sorted.length / 200)),
  });
  const readings: Reading[] = pointed
    ? [
        {
          name: `${signedMoney(pointed.from)} to ${signedMoney(pointed.to)}`,
          value: count(pointed.paths.length),
        },
      ]
    : [
        { name: 'Median', value: signedMoney(all.median) },
        { name: 'Mean of the worst tenth', value: signedMoney(all.worst) },
        ...(defined(chosen) && defined(differences[chosen])
          ? [{ name: `▲ Path ${chosen}`, value: signedMoney(differences[chosen]) }]
          : []),
      ];
  return (
    <Figure
      title={title}
      caption={caption}
      level={level}
      file="uma-less-sma"
      table={table}
      empty={all.sorted.length === 0 && 'There is no difference to show yet: no future has been computed.'}
    >
      <Readout head={tally(all)} readings={readings} />
      <Plot draw={(size) => <Drawing {...props} {...{ size, all, point }} />} />
    </Figure>
  );
}

interface DrawingProps extends DifferenceHistogramProps {
  size: Size;
  all: Facts;
  point: (bin: Bin | null) => void;
}

function Drawing({ differences, chosen, onChoose, size, all, point }: DrawingProps) {
  const { width, em } = size;
  const box = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(-1);

  const made = bins(all, clamp(Math.min(width / (1.6 * em), 2.5 * Math.sqrt(all.sorted.length)), 6, 40));
  const alone = made.length === 1;
  const bar = (made[0]?.to ?? 1) - (made[0]?.from ?? 0);
  // A single bar gets empty space on both sides, so that it does not fill the plot.
  const [low, high] = [
    (made[0]?.from ?? 0) - (alone ? 3 * bar : 0),
    (made.at(-1)?.to ?? 1) + (alone ? 3 * bar : 0),
  ];
  const tallest = Math.max(1, ...made.map(({ paths }) => paths.length));
  const step = wholeStep(tallest, 4);
  const ticks = Array.from({ length: Math.floor(tallest / step) + 1 }, (_, i) => i * step);

  const left = Math.ceil(Math.max(widest(ticks.map(number), em) + 12, 2.8 * em));
  const right = width - em * 2.2;
  const top = em * 4.9;
  const bottom = top + clamp(width * 0.28, 9 * em, 20 * em);
  const height = bottom + em * 3.6;
  const x = linear([low, high], [left, right]);
  const y = linear([0, tallest], [bottom, top]);

  const tick = niceStep(high - low, (right - left) / (6 * em));
  const showTick = axisFormat('money', tick, Math.max(-low, high));
  const labelled = Array.from(
    { length: Math.floor(high / tick + 1e-9) - Math.ceil(low / tick - 1e-9) + 1 },
    (_, i) => (Math.ceil(low / tick - 1e-9) + i) * tick,
  );

  const across = (from: number, to: number) => ({
    x: x(from) + 0.75,
    width: Math.max(x(to) - x(from) - 1.5, 1),
  });
  const mark = (value: Value, text: string, row: number, name: string) => {
    if (!defined(value)) {
      return null;
    }
    const at = crisp(x(clamp(value, low, high)));
    const line = em * (1 + 1.4 * row);
    const long = textWidth(text, em, true);
    const after = at + 6 + long < width;
    const start = after ? at + 6 : Math.max(at - 6, long);
    return (
      <g class={name}>
        <line class="c-mark-line" x1={at} x2={at} y1={line - em * 0.7} y2={bottom} />
        <text class={`c-label ${after ? '' : 'c-end'}`} x={start} y={line}>
          {text}
        </text>
      </g>
    );
  };
  const place = defined(chosen) ? differences[chosen] : null;

  // All bars share one stop of the Tab key. Arrow keys move between them.
  const current = clamp(
    active < 0 ? made.findIndex(({ paths }) => paths.length > 0) : active,
    0,
    made.length - 1,
  );
  const move = (event: KeyboardEvent, from: number): void => {
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: made.length - 1 }[event.key];
    if (to === undefined) {
      return;
    }
    event.preventDefault();
    const next = clamp(to, 0, made.length - 1);
    setActive(next);
    box.current?.querySelectorAll('button')[next]?.focus();
  };

  const label = `${tally(all)}. Median ${signedMoney(all.median)}, mean of the worst tenth ${signedMoney(all.worst)}; from ${signedMoney(all.sorted[0]?.dollars)} to ${signedMoney(all.sorted.at(-1)?.dollars)}.`;
  return (
    <>
      <Picture width={width} height={height} label={label}>
        <text class="c-tick c-halo" x={0} y={top - em}>
          Futures
        </text>
        <ValueAxis ticks={ticks} y={y} left={left} right={right} show={number} />
        {made.map(({ from, to, paths, equal }) => (
          <g key={from}>
            {paths.length > equal && (
              <rect
                class={`c-fill ${from < 0 ? 'sma' : 'uma'}`}
                {...across(from, to)}
                y={y(paths.length)}
                height={y(equal) - y(paths.length)}
              />
            )}
            {equal > 0 && (
              <rect class="c-fill shadow" {...across(from, to)} y={y(equal)} height={bottom - y(equal)} />
            )}
          </g>
        ))}
        <line class="c-zero" x1={crisp(x(0))} x2={crisp(x(0))} y1={top} y2={bottom + 4} />
        {/* The median lies right of the worst tenth: its line begins under the other's label. */}
        {mark(all.worst, `Mean of the worst tenth ${signedMoney(all.worst)}`, 0, 'worst')}
        {mark(all.median, `Median ${signedMoney(all.median)}`, 1, 'median')}
        {defined(place) && (
          <path class="c-pin" d={`M${x(place)} ${bottom + 1}l${em * 0.4} ${em * 0.65}h${-em * 0.8}z`} />
        )}
        {labelled.map((at) => (
          <text key={at} class="c-tick c-middle" x={x(at)} y={bottom + em * 1.8}>
            {at > 0 ? '+' : ''}
            {showTick(at)}
          </text>
        ))}
        <text class="c-label sma" x={left} y={height - em * 0.3}>
          {all.behind > 0 ? '← SMA ahead' : ''}
        </text>
        <text class="c-label uma c-end" x={right} y={height - em * 0.3}>
          {all.ahead > 0 ? 'UMA ahead →' : ''}
        </text>
      </Picture>
      <div
        ref={box}
        class="c-columns"
        role="group"
        aria-label="Bars: arrow keys go from one to the next"
        onPointerLeave={() => point(null)}
      >
        {made.map((bin, i) => (
          <button
            key={bin.from}
            type="button"
            class="c-column"
            tabIndex={i === current ? 0 : -1}
            aria-label={`${signedMoney(bin.from)} to ${signedMoney(bin.to)}: ${count(bin.paths.length)}`}
            style={{
              left: `${x(bin.from)}px`,
              width: `${x(bin.to) - x(bin.from)}px`,
              top: `${top}px`,
              height: `${bottom - top}px`,
            }}
            onKeyDown={(event) => move(event, i)}
            onFocus={() => point(bin)}
            onBlur={() => point(null)}
            onPointerEnter={() => point(bin)}
            onClick={() => {
              setActive(i);
              if (bin.paths.length > 0) {
                onChoose?.(bin.paths.map((path) => path.number));
              }
            }}
          />
        ))}
      </div>
    </>
  );
}
