// Several curves over years or days.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

import { dayName, yearName } from '../format/date';
import { defined, type Value } from '../format/number';
import { capital } from '../format/text';
import { axisFormat, short, type Unit } from '../format/unit';
import { crisp, Lonely, TimeAxis, timeHeight, ValueAxis } from './axes';
import { Figure, type FigureOptions, Picture, Plot, type Table } from './figure';
import { linePath, thin } from './paths';
import { axis, dayTicks, linear, spread, yearTicks } from './scale';
import { Readout, Scrub } from './scrub';
import { clamp, type Size, widest } from './size';

export type Tone = 'uma' | 'sma' | 'shadow' | 'ink' | 'good' | 'bad';

export interface Series {
  name: string;
  tone: Tone;
  dashed?: boolean | undefined;
  values: readonly Value[];
}

export interface LinesProps extends FigureOptions {
  title: string;
  caption: string;
  /** Name of the data file, without its extension. */
  file: string;
  /** Years, or days since 1970-01-01; ascending. */
  x: readonly number[];
  xUnit?: 'year' | 'day' | undefined;
  unit: Unit;
  series: readonly Series[];
  /** Reference levels, such as a limit on tracking error. */
  levels?: readonly { value: number; label: string }[] | undefined;
  /** Whether the axis starts at zero; otherwise it starts at the lowest value. */
  zero?: boolean | undefined;
  /** Shown beside the title. */
  controls?: ComponentChildren;
}

const LEAST: Partial<Record<Unit, number>> = { money: 100, rate: 0.001, number: 4 };

export function Lines(props: LinesProps) {
  const { title, caption, file, x, xUnit = 'year', unit, series, level, controls } = props;
  const [pointed, point] = useState<number | null>(null);
  const index = Math.min(pointed ?? x.length - 1, x.length - 1);
  const name = (i: number): string => (xUnit === 'day' ? dayName(x[i] ?? 0) : capital(yearName(x[i] ?? 0)));
  const words = `${name(index)}: ${series.map((one) => `${one.name} ${short(unit, one.values[index])}`).join(', ')}`;
  const table = (): Table => ({
    columns: [
      { name: xUnit === 'day' ? 'Date' : 'Year', unit: xUnit === 'day' ? 'text' : 'year' },
      ...series.map((one) => ({ name: one.name, unit })),
    ],
    rows: x.map((value, i) => [
      xUnit === 'day' ? dayName(value) : value,
      ...series.map((one) => one.values[i]),
    ]),
    every: Math.max(1, Math.floor(x.length / 200)),
  });
  return (
    <Figure
      title={title}
      caption={caption}
      level={level}
      file={file}
      table={table}
      controls={controls}
      empty={!series.some((one) => one.values.some(defined)) && 'There are no figures to draw yet.'}
    >
      <Readout
        head={name(index)}
        readings={series.map((one) => ({
          name: one.name,
          mark: `${one.tone} ${one.dashed ? 'dashed' : ''}`,
          value: short(unit, one.values[index]),
        }))}
      />
      <Plot draw={(size) => <Drawing {...props} {...{ size, xUnit, index, pointed, point, words }} />} />
    </Figure>
  );
}

interface DrawingProps extends LinesProps {
  size: Size;
  xUnit: 'year' | 'day';
  index: number;
  pointed: number | null;
  point: (index: number | null) => void;
  words: string;
}

function Drawing({
  title,
  x,
  xUnit,
  unit,
  series,
  levels = [],
  zero = false,
  size,
  index,
  pointed,
  point,
  words,
}: DrawingProps) {
  const { width, em } = size;
  const top = em * 0.8;
  const main = clamp(width * 0.3, 11 * em, 22 * em);
  const bottom = top + main;
  const all = axis([...series.flatMap((one) => [...one.values]), ...levels.map(({ value }) => value)], {
    count: main / (3.2 * em),
    zero,
    least: LEAST[unit] ?? 1,
  });
  const show = axisFormat(unit, all.step, Math.max(...all.domain.map(Math.abs)));
  // Names a line beside it where there is room. The legend above the chart has every name.
  const room = widest(
    series.map((one) => one.name),
    em,
    true,
  );
  const named = room < width * 0.28;
  const left = Math.ceil(widest(all.ticks.map(show), em) + 10);
  const right = width - (named ? Math.ceil(room + 12) : em);
  const last = x.length - 1;
  const place = linear(
    [x[0] ?? 0, x[last] ?? 0],
    last > 0 ? [left, right - 4] : [(left + right) / 2, (left + right) / 2],
  );
  const y = linear(all.domain, [bottom, top]);
  const xs = x.map(place);
  const ticks =
    xUnit === 'day'
      ? dayTicks(x[0] ?? 0, x[last] ?? 0, right - left, 4 * em).map(({ at, label }) => ({
          at: place(at),
          label,
        }))
      : yearTicks(x[0] ?? 0, x[last] ?? 0, right - left, 4 * em).map((year) => ({
          at: place(year),
          label: String(year),
        }));
  const drawn = series.map((one) => {
    const ys = one.values.map((value) => (defined(value) ? y(value) : null));
    const [seenX, seenY] = xs.length > 2 * width ? thin(xs, ys) : [xs, ys];
    return { ...one, ys, d: linePath(seenX, seenY), end: ys.findLast(defined) };
  });
  const ends = spread(
    drawn.map(({ end }) => end ?? bottom),
    em * 1.25,
    top,
    bottom,
  );
  return (
    <>
      <Picture width={width} height={bottom + timeHeight(em, false)} label={`${title}. ${words}.`}>
        <ValueAxis ticks={all.ticks} y={y} left={left} right={right} show={show} />
        {levels.map(({ value, label }) => (
          <g key={label}>
            <line class="c-level" x1={left} x2={right} y1={crisp(y(value))} y2={crisp(y(value))} />
            <text
              class="c-tick c-halo"
              x={left + 6}
              y={y(value) + (y(value) < top + em * 1.2 ? em * 1.15 : -em * 0.4)}
            >
              {label}
            </text>
          </g>
        ))}
        {drawn.map((one) => (
          <path key={one.name} class={`c-line ${one.tone} ${one.dashed ? 'dashed' : ''}`} d={one.d} />
        ))}
        {xs.length <= width &&
          drawn.map((one) => <Lonely key={one.name} xs={xs} ys={one.ys} tone={one.tone} r={em * 0.35} />)}
        {named &&
          drawn.map((one, i) =>
            defined(one.end) ? (
              <text key={one.name} class={`c-label ${one.tone}`} x={right + 6} y={ends[i]} dy="0.35em">
                {one.name}
              </text>
            ) : null,
          )}
        {pointed !== null && (
          <g>
            <line
              class="c-cursor"
              x1={crisp(xs[index] ?? 0)}
              x2={crisp(xs[index] ?? 0)}
              y1={top}
              y2={bottom}
            />
            {series.map((one) => {
              const value = one.values[index];
              return defined(value) ? (
                <circle
                  key={one.name}
                  class={`c-dot ${one.tone}`}
                  cx={xs[index]}
                  cy={y(value)}
                  r={em * 0.28}
                />
              ) : null;
            })}
          </g>
        )}
        <TimeAxis ticks={ticks} top={bottom} left={left} em={em} />
      </Picture>
      <Scrub
        xs={xs}
        top={top}
        height={main}
        index={index}
        onIndex={point}
        name={`${title}: ${xUnit}`}
        text={words}
      />
    </>
  );
}
