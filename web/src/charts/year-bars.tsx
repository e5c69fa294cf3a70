// Two bars a year, for taxes paid or losses harvested.

import { useState } from 'preact/hooks';

import { yearName } from '../format/date';
import { defined, type Value } from '../format/number';
import { capital } from '../format/text';
import { axisFormat, short, type Unit } from '../format/unit';
import { crisp, TimeAxis, timeHeight, ValueAxis } from './axes';
import { Figure, type FigureOptions, Picture, Plot, type Table } from './figure';
import { axis, linear, yearTicks } from './scale';
import { Readout, Scrub } from './scrub';
import { clamp, type Size, widest } from './size';

export interface YearBarsProps extends FigureOptions {
  title: string;
  caption: string;
  /** Name of the data file, without its extension. */
  file: string;
  years: readonly number[];
  uma: readonly Value[];
  sma: readonly Value[];
  unit?: Unit | undefined;
  /** Meaning of a negative bar, such as `a saving`. */
  below?: string | undefined;
  /** Figures of the neighboring chart. Both charts share one axis, so that their bars can be compared. */
  beside?: readonly Value[] | undefined;
}

const ARMS = ['uma', 'sma'] as const;

export function YearBars(props: YearBarsProps) {
  const { title, caption, file, years, uma, sma, unit = 'money', level } = props;
  const [pointed, point] = useState<number | null>(null);
  const total = (values: readonly Value[]): Value => {
    const known = values.filter(defined);
    return known.length > 0 ? known.reduce((a, b) => a + b, 0) : null;
  };
  const head =
    pointed === null
      ? years.length === 1
        ? 'One year'
        : `All ${years.length} years`
      : capital(yearName(years[pointed] ?? 0));
  const read = (values: readonly Value[]): Value =>
    pointed === null ? total(values) : (values[pointed] ?? null);
  const table = (): Table => ({
    columns: [
      { name: 'Year', unit: 'year' },
      { name: 'UMA', unit },
      { name: 'SMA', unit },
    ],
    rows: years.map((year, i) => [year, uma[i], sma[i]]),
  });
  const readings = [
    { name: 'UMA', mark: 'uma block', value: short(unit, read(uma)) },
    { name: 'SMA', mark: 'sma block', value: short(unit, read(sma)) },
  ];
  const words = `${head}: ${readings.map(({ name, value }) => `${name} ${value}`).join(', ')}`;
  return (
    <Figure
      title={title}
      caption={caption}
      level={level}
      file={file}
      table={table}
      empty={![...uma, ...sma].some(defined) && 'There are no figures by year yet.'}
    >
      <Readout head={head} readings={readings} />
      <Plot draw={(size) => <Drawing {...props} unit={unit} {...{ size, pointed, point, words }} />} />
    </Figure>
  );
}

interface DrawingProps extends YearBarsProps {
  size: Size;
  unit: Unit;
  pointed: number | null;
  point: (index: number | null) => void;
  words: string;
}

function Drawing({
  title,
  years,
  uma,
  sma,
  unit,
  below,
  beside = [],
  size,
  pointed,
  point,
  words,
}: DrawingProps) {
  const { width, em } = size;
  const top = em * 0.8;
  const main = clamp(width * 0.3, 10 * em, 20 * em);
  const bottom = top + main;
  const values = axis([...uma, ...sma, ...beside], {
    count: main / (3.2 * em),
    zero: true,
    least: unit === 'money' ? 100 : unit === 'rate' ? 0.001 : 1,
  });
  const show = axisFormat(unit, values.step, Math.max(...values.domain.map(Math.abs)));
  const left = Math.ceil(widest(values.ticks.map(show), em) + 10);
  const right = width - em * 1.3;
  const slot = (right - left) / Math.max(years.length, 1);
  const centre = (i: number): number => left + slot * (i + 0.5);
  // With few years, bars would be very wide. A bar is at most a few letters wide.
  const bar = Math.min(slot * 0.4, 2.2 * em);
  const y = linear(values.domain, [bottom, top]);
  const ticks = yearTicks(years[0] ?? 0, years.at(-1) ?? 0, right - left, 4 * em).flatMap((year) => {
    const i = years.indexOf(year);
    return i < 0 ? [] : [{ at: centre(i), label: String(year) }];
  });
  const arms = { uma, sma };
  return (
    <>
      <Picture width={width} height={bottom + timeHeight(em, false)} label={`${title} by year. ${words}.`}>
        {pointed !== null && (
          <rect class="c-slot" x={centre(pointed) - slot / 2} width={slot} y={top} height={main} />
        )}
        <ValueAxis ticks={values.ticks} y={y} left={left} right={right} show={show} />
        {years.map((year, i) => (
          <g key={year}>
            {ARMS.map((arm, k) => {
              const value = arms[arm][i];
              return defined(value) && value !== 0 ? (
                <rect
                  key={arm}
                  class={`c-fill ${arm}`}
                  x={centre(i) + (k - 1) * bar + (slot > 10 ? k * 0.5 : 0)}
                  width={Math.max(bar - (slot > 10 ? 0.5 : 0), 0.5)}
                  y={Math.min(y(value), y(0))}
                  height={Math.max(Math.abs(y(value) - y(0)), 0.75)}
                />
              ) : null;
            })}
          </g>
        ))}
        <line class="c-zero" x1={left} x2={right} y1={crisp(y(0))} y2={crisp(y(0))} />
        {below && values.domain[0] < 0 && (
          <text class="c-tick c-halo c-end" x={right} y={bottom - em * 0.4}>
            below zero: {below}
          </text>
        )}
        <TimeAxis ticks={ticks} top={bottom} left={left} em={em} />
      </Picture>
      <Scrub
        xs={years.map((_, i) => centre(i))}
        top={top}
        height={main}
        index={pointed ?? years.length - 1}
        onIndex={point}
        name={`${title}: year`}
        text={words}
      />
    </>
  );
}
