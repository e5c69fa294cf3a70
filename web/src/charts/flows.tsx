// Cash flows over the years, edited by dragging or typing.

import { useRef, useState } from 'preact/hooks';

import { dollars } from '../format/money';
import { defined } from '../format/number';
import { axisFormat } from '../format/unit';
import { crisp, namesWidth, TimeAxis, timeHeight, ValueAxis } from './axes';
import { Figure, type FigureOptions, Picture, Plot, type Table } from './figure';
import {
  amountWords,
  dollarsOf,
  during,
  type Every,
  type Flow,
  keyStep,
  lastYear,
  moved,
  type Part,
  type Span,
  words,
  yearly,
} from './flow';
import { type Axis, axis, linear, niceStep, yearTicks } from './scale';
import { clamp, type Size, textWidth, widest } from './size';

export interface FlowsProps extends FigureOptions {
  flows: readonly Flow[];
  /** First and last year of the plan. */
  span: Span;
  /** Age of the client in the first year. */
  age?: number | null | undefined;
  onChange: (flows: Flow[]) => void;
}

export function Flows(props: FlowsProps) {
  const { flows, span, onChange, level } = props;
  const { title = 'Money in and out' } = props;
  const {
    caption = 'Drag a bar through time, its ends to begin or stop, its edge to change the amount; or type below.',
  } = props;
  const [active, setActive] = useState<number | null>(null);
  const [first, last] = span;
  const change = (i: number, flow: Flow): void => onChange(flows.map((old, k) => (k === i ? flow : old)));
  const add = (sign: number): void => {
    // A few years after the start, so that it can be seen and dragged.
    const from = Math.round(first + (last - first) / 4);
    onChange([...flows, { amount: sign * 20_000, every: 'year', from, to: Math.min(from + 9, last) }]);
    setActive(flows.length);
  };
  const table = (): Table => ({
    columns: [
      { name: 'Year', unit: 'year' },
      { name: 'In', unit: 'money' },
      { name: 'Out', unit: 'money' },
      { name: 'Net', unit: 'money' },
    ],
    rows: yearsOf(span).map((year) => {
      const sums = [1, -1].map((sign) =>
        flows.reduce((sum, flow) => sum + (Math.sign(flow.amount) === sign ? during(flow, year) : 0), 0),
      );
      return [year, sums[0] ?? 0, sums[1] ?? 0, (sums[0] ?? 0) + (sums[1] ?? 0)];
    }),
  });
  return (
    <Figure title={title} caption={caption} level={level} file="money-in-and-out" table={table}>
      <Plot draw={(size) => <Drawing {...props} {...{ size, active, setActive, change }} />} />
      {flows.length === 0 && <p class="c-empty">No money goes in or out yet.</p>}
      <ul class="c-flow-rows">
        {flows.map((flow, i) => (
          <Row
            key={i}
            flow={flow}
            span={span}
            name={`Flow ${i + 1}`}
            active={i === active}
            onFocus={() => setActive(i)}
            onChange={(next) => change(i, next)}
            onRemove={() => {
              onChange(flows.filter((_, k) => k !== i));
              setActive(null);
            }}
          />
        ))}
      </ul>
      <div class="c-flow-add">
        <button type="button" onClick={() => add(1)}>
          + Money in
        </button>
        <button type="button" onClick={() => add(-1)}>
          − Money out
        </button>
      </div>
    </Figure>
  );
}

const yearsOf = ([first, last]: Span): number[] =>
  Array.from({ length: Math.max(last - first + 1, 1) }, (_, i) => first + i);

interface RowProps {
  flow: Flow;
  span: Span;
  name: string;
  active: boolean;
  onFocus: () => void;
  onChange: (flow: Flow) => void;
  onRemove: () => void;
}

function Row({ flow, span, name, active, onFocus, onChange, onRemove }: RowProps) {
  const [first, last] = span;
  // A half-typed year may be any number. It takes effect when the field loses focus.
  const year = (part: 'from' | 'to', text: string): void => {
    const typed = Number(text);
    if (text.trim() !== '' && Number.isFinite(typed)) {
      onChange(moved(flow, part, Math.round(typed) - flow[part], span));
    }
  };
  return (
    <li class={`c-flow-row ${active ? 'c-active' : ''}`} onFocusIn={onFocus}>
      <select
        aria-label={`${name}: direction`}
        value={flow.amount < 0 ? 'out' : 'in'}
        onChange={(event) =>
          onChange({
            ...flow,
            amount: Math.abs(flow.amount) * (event.currentTarget.value === 'out' ? -1 : 1),
          })
        }
      >
        <option value="in">In</option>
        <option value="out">Out</option>
      </select>
      <label class="c-dollars">
        <span aria-hidden="true">$</span>
        <input
          type="text"
          inputMode="decimal"
          aria-label={`${name}: dollars`}
          value={dollars(Math.abs(flow.amount)).slice(1)}
          onChange={(event) => {
            const typed = dollarsOf(event.currentTarget.value);
            if (typed !== null) {
              onChange({ ...flow, amount: typed * (flow.amount < 0 ? -1 : 1) });
            }
            // Text that can't be read, or that means the same as before, is replaced by the current amount.
            event.currentTarget.value = dollars(typed ?? Math.abs(flow.amount)).slice(1);
          }}
        />
      </label>
      <select
        aria-label={`${name}: how often`}
        value={flow.every}
        onChange={(event) => onChange({ ...flow, every: event.currentTarget.value as Every })}
      >
        <option value="month">a month</option>
        <option value="year">a year</option>
        <option value="once">once</option>
      </select>
      <label>
        {flow.every === 'once' ? 'in' : 'from'}
        <input
          type="number"
          min={first}
          max={last}
          aria-label={`${name}: first year`}
          value={flow.from}
          onChange={(event) => year('from', event.currentTarget.value)}
        />
      </label>
      {flow.every !== 'once' && (
        <label>
          to
          <input
            type="number"
            min={first}
            max={last}
            aria-label={`${name}: last year`}
            value={flow.to}
            onChange={(event) => year('to', event.currentTarget.value)}
          />
        </label>
      )}
      <button type="button" class="c-remove" aria-label={`Remove flow ${words(flow)}`} onClick={onRemove}>
        ×
      </button>
    </li>
  );
}

/** The vertical position of each flow in each year. Flows of the same direction are stacked. */
interface Piece {
  year: number;
  from: number;
  to: number;
}

function stack(flows: readonly Flow[], span: Span): Piece[][] {
  const [up, down] = [new Map<number, number>(), new Map<number, number>()];
  return flows.map((flow) => {
    const sums = flow.amount < 0 ? down : up;
    return yearsOf(span).flatMap((year) => {
      if (year < flow.from || year > lastYear(flow)) {
        return [];
      }
      const from = sums.get(year) ?? 0;
      const to = from + yearly(flow);
      sums.set(year, to);
      return [{ year, from, to }];
    });
  });
}

/** Room above and below for a bar to grow into. */
function roomy(pieces: readonly Piece[][]): Axis {
  const tops = pieces.flat().map(({ to }) => to);
  const [low, high] = [Math.min(0, ...tops), Math.max(0, ...tops)];
  const spare = Math.max((high - low) * 0.25, 5_000);
  return axis([low - spare, high + spare], { count: 5, zero: true, round: false });
}

interface DrawingProps extends FlowsProps {
  size: Size;
  active: number | null;
  setActive: (i: number | null) => void;
  change: (i: number, flow: Flow) => void;
}

interface Grip {
  i: number;
  part: Part;
  flow: Flow;
  x: number;
  y: number;
}

function Drawing({ flows, span, age, size, active, setActive, change }: DrawingProps) {
  const { width, em } = size;
  const [first, last] = span;
  // The scale is fixed during a drag. Otherwise the bar would move away from the pointer.
  const [still, setStill] = useState<Axis | null>(null);
  const grip = useRef<Grip | null>(null);

  const pieces = stack(flows, span);
  const values = still ?? roomy(pieces);
  const show = axisFormat('money', values.step, Math.max(...values.domain.map(Math.abs)));
  const top = em * 0.8;
  const main = clamp(width * 0.28, 12 * em, 18 * em);
  const bottom = top + main;
  const height = bottom + timeHeight(em, defined(age));
  const left = Math.ceil(
    Math.max(widest(values.ticks.map(show), em), defined(age) ? namesWidth(em) : 0) + 10,
  );
  const right = width - 22;
  const x = linear([first, last + 1], [left, right]);
  const y = linear(values.domain, [bottom, top]);
  const perYear = x(1) - x(0);
  const perDollar = Math.abs(y(1) - y(0));

  const seize = (i: number, part: Part) => (event: PointerEvent & { currentTarget: Element }) => {
    const flow = flows[i];
    if (!flow || event.button !== 0) {
      return;
    }
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = { i, part, flow, x: event.clientX, y: event.clientY };
    setStill(values);
    setActive(i);
  };
  const drag = (event: PointerEvent): void => {
    if (!grip.current) {
      return;
    }
    const { i, part, flow, x: fromX, y: fromY } = grip.current;
    if (part !== 'amount') {
      change(i, moved(flow, part, Math.round((event.clientX - fromX) / perYear), span));
      return;
    }
    const times = flow.every === 'month' ? 12 : 1;
    const step = niceStep(2 / perDollar / times, 1);
    change(i, {
      ...flow,
      amount: Math.round((flow.amount + (fromY - event.clientY) / perDollar / times) / step) * step,
    });
  };
  const release = (): void => {
    grip.current = null;
    setStill(null);
  };
  const press = (i: number, part: Part) => (event: KeyboardEvent) => {
    const flow = flows[i];
    const sign = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[
      event.key
    ];
    if (!flow || sign === undefined) {
      return;
    }
    event.preventDefault();
    change(i, moved(flow, part, sign * (part === 'amount' ? keyStep(flow.amount) : 1), span));
  };
  const grips = { onPointerMove: drag, onPointerUp: release, onPointerCancel: release };

  const handle = (i: number, part: Part, px: number, py: number, name: string, now: number, text: string) => (
    <div
      key={`${i}${part}`}
      class={`c-grip ${part} ${(flows[i]?.amount ?? 0) < 0 ? 'down' : 'up'}`}
      role="slider"
      tabIndex={0}
      aria-label={name}
      aria-orientation={part === 'amount' ? 'vertical' : 'horizontal'}
      aria-valuenow={now}
      aria-valuemin={part === 'amount' ? -1e9 : first}
      aria-valuemax={part === 'amount' ? 1e9 : last}
      aria-valuetext={text}
      style={{ left: `${px}px`, top: `${py}px` }}
      onPointerDown={seize(i, part)}
      {...grips}
      onKeyDown={press(i, part)}
      onFocus={() => setActive(i)}
    />
  );

  const taken: { x: number; y: number; half: number }[] = [];
  const marks = flows.map((flow, i) => {
    const run = pieces[i] ?? [];
    const middle = run[Math.floor((run.length - 1) / 2)];
    if (!middle) {
      return null;
    }
    const centre = (x(flow.from) + x(lastYear(flow) + 1)) / 2;
    const edge = clamp(y(middle.to), top, bottom);
    const label = amountWords(flow);
    const half = textWidth(label, em, true) / 2;
    const at = clamp(centre, left + half, Math.max(width - half, left + half));
    // Inside the bar where it fits, otherwise beyond its edge.
    const inside =
      half * 2 + em < x(lastYear(flow) + 1) - x(flow.from) &&
      Math.abs(y(middle.to) - y(middle.from)) > 1.9 * em;
    const under = inside
      ? (edge + y(middle.from)) / 2 + em * 0.35
      : edge + (flow.amount < 0 ? em * 1.7 : -em * 0.9);
    // A label that would cover another is left out. The rows below show every flow.
    const free = taken.every(
      (other) => Math.abs(other.x - at) > other.half + half || Math.abs(other.y - under) > em * 1.2,
    );
    if (free) {
      taken.push({ x: at, y: under, half });
    }
    return { run, middle, centre, edge, label: free ? label : null, inside, at, under };
  });

  const ticks = yearTicks(first, last, right - left, 4 * em).map((year) => ({
    at: x(year + 0.5),
    label: String(year),
    under: defined(age) ? String(age + year - first) : undefined,
  }));
  return (
    <>
      <Picture
        width={width}
        height={height}
        label={flows.length > 0 ? `Cash flows: ${flows.map(words).join('; ')}.` : 'No cash flows.'}
      >
        <ValueAxis
          ticks={values.ticks}
          y={y}
          left={left}
          right={right}
          show={(v) => (v > 0 ? '+' : '') + show(v)}
        />
        {marks.map((mark, i) =>
          mark ? (
            <g
              key={i}
              class={`c-flow ${(flows[i]?.amount ?? 0) < 0 ? 'out' : 'in'} ${i === active ? 'c-active' : ''}`}
              onPointerDown={seize(i, 'all')}
              {...grips}
            >
              <path d={outline(mark.run)} />
              {mark.label && (
                <text
                  class={`c-strong c-middle ${mark.inside ? 'c-inside' : 'c-halo'}`}
                  x={mark.at}
                  y={mark.under}
                >
                  {mark.label}
                </text>
              )}
            </g>
          ) : null,
        )}
        <line class="c-zero" x1={left} x2={right} y1={crisp(y(0))} y2={crisp(y(0))} />
        <TimeAxis
          ticks={ticks}
          top={bottom}
          left={left}
          em={em}
          names={defined(age) ? ['Year', 'Age'] : undefined}
        />
      </Picture>
      {marks.map((mark, i) => {
        const flow = flows[i];
        if (!mark || !flow) {
          return null;
        }
        const name = `Flow ${i + 1}`;
        const ends = [mark.run[0], mark.run.at(-1)].map((piece) =>
          clamp((y(piece?.from ?? 0) + y(piece?.to ?? 0)) / 2, top, bottom),
        );
        return (
          <div key={i}>
            {handle(i, 'amount', mark.centre, mark.edge, `${name}: amount`, flow.amount, amountWords(flow))}
            {handle(
              i,
              'from',
              x(flow.from),
              ends[0] ?? 0,
              `${name}: ${flow.every === 'once' ? 'year' : 'first year'}`,
              flow.from,
              String(flow.from),
            )}
            {flow.every !== 'once' &&
              handle(i, 'to', x(flow.to + 1), ends[1] ?? 0, `${name}: last year`, flow.to, String(flow.to))}
          </div>
        );
      })}
    </>
  );

  /** Along the outer edge of the pieces and back along the inner edge. */
  function outline(run: readonly Piece[]): string {
    const inner = run.map((piece) => [x(piece.year), x(piece.year + 1), y(piece.from)] as const);
    const outer = run.map(
      (piece) => [x(piece.year), x(piece.year + 1), clamp(y(piece.to), top, bottom)] as const,
    );
    const there = outer.map(([a, b, v]) => `${a} ${v}L${b} ${v}`);
    const back = inner.reverse().map(([a, b, v]) => `${b} ${v}L${a} ${v}`);
    return `M${[...there, ...back].join('L')}Z`;
  }
}
