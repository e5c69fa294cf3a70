// How fast transferred holdings can approach the benchmark, and the tax cost, for several annual gains
// budgets.

import { useId } from 'preact/hooks';

import { money } from '../format/money';
import { defined, percent, type Value } from '../format/number';
import { axisFormat } from '../format/unit';
import { Lonely, TimeAxis, timeHeight, ValueAxis } from './axes';
import { Figure, type FigureOptions, Picture, Plot, type Table } from './figure';
import { linePath } from './paths';
import { axis, linear, spread, yearTicks } from './scale';
import { clamp, type Size, widest } from './size';

export interface TransitionBudget {
  /** Gains allowed a year in dollars. 0 allows none; null means no limit. */
  budget: number | null;
  /** Annual fractions, one for each of `years`. */
  trackingError: readonly Value[];
  /** Total over all years, in dollars. */
  taxPaid: Value;
}

export interface TransitionProps extends FigureOptions {
  years: readonly number[];
  budgets: readonly TransitionBudget[];
  chosen?: number | null | undefined;
  onChoose?: ((budget: number | null) => void) | undefined;
}

const nameOf = (budget: number | null): string =>
  budget === null ? 'No limit' : budget === 0 ? 'None' : money(budget);

export function Transition(props: TransitionProps) {
  const { years, budgets, chosen, onChoose, level } = props;
  const { title = 'How fast to leave the old holdings' } = props;
  const {
    caption = 'The more gains may be realized a year, the sooner the portfolio follows its benchmark, and the more tax is paid.',
  } = props;
  const group = useId();
  const most = Math.max(0, ...budgets.map(({ taxPaid }) => (defined(taxPaid) ? Math.abs(taxPaid) : 0))) || 1;
  const table = (): Table => ({
    columns: [
      { name: 'Gains a year', unit: 'text' },
      { name: 'Tax paid', unit: 'money' },
      ...years.map((year) => ({ name: `Tracking error ${year}`, unit: 'rate' as const })),
    ],
    rows: budgets.map((one) => [
      nameOf(one.budget),
      one.taxPaid,
      ...years.map((_, i) => one.trackingError[i]),
    ]),
  });
  return (
    <Figure
      title={title}
      caption={caption}
      level={level}
      file="transition"
      table={table}
      empty={
        !budgets.some((one) => one.trackingError.some(defined)) &&
        'There is no transition to show: the household has no old holdings, or none was computed.'
      }
    >
      <div class="c-transition">
        <Plot draw={(size) => <Drawing {...props} size={size} />} />
        <fieldset class="c-budgets">
          <legend>
            <span>Gains a year</span> <span>Tax paid</span>
          </legend>
          {budgets.map(({ budget, taxPaid }) => (
            <label key={String(budget)} class={budget === chosen ? 'c-chosen' : ''}>
              <input
                type="radio"
                name={group}
                checked={budget === chosen}
                disabled={!onChoose}
                onChange={() => onChoose?.(budget)}
              />
              <span class="c-budget-name">{nameOf(budget)}</span>
              <span class="c-budget-bar">
                {defined(taxPaid) && (
                  <span class="c-budget-fill" style={{ width: `${(Math.abs(taxPaid) / most) * 100}%` }} />
                )}
              </span>
              <span class="c-budget-tax">{money(taxPaid)}</span>
            </label>
          ))}
        </fieldset>
      </div>
    </Figure>
  );
}

function Drawing({ years, budgets, chosen, onChoose, size }: TransitionProps & { size: Size }) {
  const { width, em } = size;
  const top = em * 2.2;
  const main = clamp(width * 0.5, 12 * em, 20 * em);
  const bottom = top + main;
  const errors = axis(
    budgets.flatMap((one) => [...one.trackingError]),
    { count: main / (3.2 * em), zero: true, least: 0.002 },
  );
  const show = axisFormat('rate', errors.step, 0);
  const names = budgets.map(({ budget }) => nameOf(budget));
  const left = Math.ceil(widest(errors.ticks.map(show), em) + 10);
  const right = width - Math.ceil(widest(names, em, true) + 12);
  const last = years.length - 1;
  const x = linear(
    [years[0] ?? 0, years[last] ?? 0],
    last > 0 ? [left, right - 4] : [(left + right) / 2, (left + right) / 2],
  );
  const y = linear(errors.domain, [bottom, top]);
  const xs = years.map(x);
  const drawn = budgets.map((one) => one.trackingError.map((value) => (defined(value) ? y(value) : null)));
  const endsAt = spread(
    drawn.map((ys) => ys.findLast(defined) ?? bottom),
    em * 1.25,
    top,
    bottom - em * 0.4,
  );
  /** The budget whose line is nearest to the pointer. */
  const choose = (event: MouseEvent & { currentTarget: HTMLElement }): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    const i = clamp(Math.round(x.invert(px) - (years[0] ?? 0)), 0, last);
    const distances = drawn.map((ys) => Math.abs((ys[i] ?? Infinity) - py));
    const best = distances.indexOf(Math.min(...distances));
    const budget = budgets[best]?.budget;
    if (budget !== undefined && (distances[best] ?? Infinity) < 2 * em) {
      onChoose?.(budget);
    }
  };
  const order = budgets
    .map((_, i) => i)
    .sort((a, b) => Number(budgets[a]?.budget === chosen) - Number(budgets[b]?.budget === chosen));
  const label = `Tracking error by year. ${budgets
    .map(
      (one, i) =>
        `Gains ${names[i]}: ${percent(one.trackingError[0])} at first, ${percent(one.trackingError[last])} at last, tax ${money(one.taxPaid)}`,
    )
    .join('; ')}.`;
  return (
    <div class={onChoose ? 'c-clickable' : ''} onClick={choose}>
      <Picture width={width} height={bottom + timeHeight(em, false)} label={label}>
        <text class="c-tick" x={0} y={em}>
          Tracking error a year
        </text>
        <ValueAxis ticks={errors.ticks} y={y} left={left} right={right} show={show} />
        {order.map((i) => (
          <g key={names[i]} class={`c-way ${budgets[i]?.budget === chosen ? 'c-chosen' : ''}`}>
            <path class="c-line" d={linePath(xs, drawn[i] ?? [])} />
            <Lonely xs={xs} ys={drawn[i] ?? []} tone="" r={em * 0.35} />
            <text class="c-label" x={right + 6} y={endsAt[i]} dy="0.35em">
              {names[i]}
            </text>
          </g>
        ))}
        <TimeAxis
          ticks={yearTicks(years[0] ?? 0, years[last] ?? 0, right - left, 4 * em).map((year) => ({
            at: x(year),
            label: String(year),
          }))}
          top={bottom}
          left={left}
          em={em}
        />
      </Picture>
    </div>
  );
}
