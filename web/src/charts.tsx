// After-tax wealth of the arms, and UMA less SMA.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

import { day, shortDollars } from './format';
import type { Answer } from './messages';

/** What is drawn, in the order of the key. Colours are properties in style.css. */
const LINES = [
  { arm: 'uma', label: 'UMA', colour: '--uma', width: 2 },
  { arm: 'sma', label: 'SMA', colour: '--sma', width: 2 },
  { arm: 'shadow', label: 'Shadow', colour: '--shadow', width: 1 },
] as const;

const LABEL_HEIGHT = 16;

function property(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The names of lines at their right ends, moved apart where they would overlap. */
function directLabels(labels: readonly string[]): uPlot.Plugin {
  const draw = (u: uPlot): void => {
    const { ctx, bbox } = u;
    const ratio = uPlot.pxRatio;
    const places = labels.flatMap((label, i) => {
      const curve = u.data[i + 1];
      const last = curve?.[curve.length - 1];
      return last == null ? [] : [{ label, y: u.valToPos(last, 'y', true) }];
    });
    places.sort((a, b) => a.y - b.y);
    const gap = LABEL_HEIGHT * ratio;
    for (let i = 1; i < places.length; i++) {
      const [above, below] = [places[i - 1], places[i]];
      if (above && below && below.y - above.y < gap) {
        below.y = above.y + gap;
      }
    }
    ctx.save();
    ctx.font = `600 ${13 * ratio}px ${property('--font')}`;
    ctx.fillStyle = property('--ink');
    ctx.textAlign = 'left';
    ctx.textBaseline = 'middle';
    for (const { label, y } of places) {
      ctx.fillText(label, bbox.left + bbox.width + 6 * ratio, y);
    }
    ctx.restore();
  };
  return { hooks: { draw } };
}

/** A line at zero. */
function zeroLine(): uPlot.Plugin {
  const drawAxes = (u: uPlot): void => {
    const { ctx, bbox } = u;
    const y = Math.round(u.valToPos(0, 'y', true));
    ctx.save();
    ctx.strokeStyle = property('--ink-soft');
    ctx.lineWidth = uPlot.pxRatio;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.restore();
  };
  return { hooks: { drawAxes } };
}

interface ChartProps {
  data: uPlot.AlignedData;
  series: uPlot.Series[];
  plugins: uPlot.Plugin[];
  range: (min: number, max: number) => [number, number];
  show: (x: number) => string;
  height: number;
  label: string;
  /** Told the index of the session under the pointer, or null. */
  point: (index: number | null) => void;
}

function Chart({ data, series, plugins, range, show, height, label, point }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);

  useLayoutEffect(() => {
    const target = box.current;
    if (!target) {
      return;
    }
    const font = `12px ${property('--font')}`;
    const axis = {
      font,
      stroke: () => property('--ink-soft'),
      grid: { stroke: () => property('--line'), width: 1 },
      ticks: { show: false },
    };
    const made = new uPlot(
      {
        width: target.clientWidth,
        height,
        padding: [8, 68, 0, 0],
        legend: { show: false },
        cursor: {
          sync: { key: 'wealth' },
          drag: { x: false, y: false },
          y: false,
          points: { size: 7 },
        },
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
        scales: { y: { range: (_, min, max) => range(min, max) } },
        axes: [
          { ...axis, grid: { show: false }, space: 48, size: 28 },
          { ...axis, size: 60, space: 36, values: (_, splits) => splits.map(show) },
        ],
        series: [{}, ...series],
        plugins,
        hooks: { setCursor: [(u) => point(u.cursor.idx ?? null)] },
      },
      data,
      target,
    );
    chart.current = made;
    const sizes = new ResizeObserver(() => made.setSize({ width: target.clientWidth, height }));
    sizes.observe(target);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const redraw = (): void => made.redraw(false, true);
    scheme.addEventListener('change', redraw);
    return () => {
      scheme.removeEventListener('change', redraw);
      sizes.disconnect();
      made.destroy();
    };
    // Made once; data that change are set below.
  }, [height]);

  useEffect(() => chart.current?.setData(data), [data]);

  return <div class="chart" ref={box} role="img" aria-label={label} />;
}

const line = (colour: string, width: number): uPlot.Series => ({
  stroke: () => property(colour),
  width,
  points: { show: false },
});

export function Charts({ answer }: { answer: Answer }) {
  const { days, wealth } = answer;
  const [pointed, point] = useState<number | null>(null);
  const [narrow, setNarrow] = useState(() => matchMedia('(max-width: 40rem)').matches);
  useEffect(() => {
    const query = matchMedia('(max-width: 40rem)');
    const listen = (): void => setNarrow(query.matches);
    query.addEventListener('change', listen);
    return () => query.removeEventListener('change', listen);
  }, []);

  const [curves, difference] = useMemo((): [uPlot.AlignedData, uPlot.AlignedData] => {
    const seconds = Float64Array.from(days, (d) => d * 86_400);
    const empty = new Float64Array(days.length);
    const uma = wealth['uma'] ?? empty;
    const sma = wealth['sma'] ?? empty;
    return [
      [seconds, ...LINES.map(({ arm }) => wealth[arm] ?? empty)],
      [seconds, uma.map((x, i) => x - (sma[i] ?? 0))],
    ];
  }, [days, wealth]);

  const at = pointed !== null && pointed < days.length ? pointed : days.length - 1;
  const value = (arm: string): number => wealth[arm]?.[at] ?? 0;
  const gap = value('uma') - value('sma');
  const date = day(days[at] ?? 0);
  const ends = LINES.map(({ arm, label }) => `${label} ${shortDollars(wealth[arm]?.at(-1) ?? 0)}`).join(', ');
  return (
    <>
      <figure>
        <figcaption>
          <h2>Wealth after tax</h2>
          <ul class="key">
            {LINES.map(({ arm, label }) => (
              <li key={arm}>
                <span class={`swatch ${arm}`} /> {label} <b>{shortDollars(value(arm))}</b>
              </li>
            ))}
            <li class="date">{date}</li>
          </ul>
        </figcaption>
        <Chart
          data={curves}
          series={LINES.map(({ colour, width }) => line(colour, width))}
          plugins={[directLabels(LINES.map(({ label }) => label))]}
          range={(_, max) => [0, Math.max(max, 1) * 1.06]}
          show={(x) => shortDollars(x, 1)}
          height={narrow ? 260 : 340}
          label={`Wealth after tax by day. At the end: ${ends}. The years are in a table below.`}
          point={point}
        />
      </figure>
      <figure>
        <figcaption>
          <h2>UMA less SMA</h2>
          <ul class="key">
            <li>
              <span class="swatch ink" /> {gap < 0 ? 'SMA ahead by' : 'UMA ahead by'} <b>{shortDollars(Math.abs(gap))}</b>
            </li>
            <li class="date">{date}</li>
          </ul>
        </figcaption>
        <Chart
          data={difference}
          series={[line('--ink', 1.5)]}
          plugins={[zeroLine()]}
          range={(min, max) => {
            const [low, high] = [Math.min(min, 0), Math.max(max, 0)];
            const room = Math.max((high - low) * 0.1, 50);
            return [low - room, high + room];
          }}
          show={(x) => (x > 0 ? '+' : '') + shortDollars(x, 1)}
          height={narrow ? 150 : 180}
          label={`UMA less SMA by day. At the end: ${shortDollars((wealth['uma']?.at(-1) ?? 0) - (wealth['sma']?.at(-1) ?? 0))}.`}
          point={point}
        />
      </figure>
      <p class="small">
        Shadow: the same policy in funds of the same indexes, brought back to its weights every month whatever the tax. Wealth is the
        value of all holdings less tax accrued and not yet paid.
      </p>
    </>
  );
}
