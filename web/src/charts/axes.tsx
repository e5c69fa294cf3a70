import { defined, type Value } from '../format/number';
import type { Scale } from './scale';

interface ValueAxisProps {
  ticks: readonly number[];
  y: Scale;
  /** Edges of the plotting area. */
  left: number;
  right: number;
  show: (x: number) => string;
}

/** Gridlines with their values at the left. The line at zero is stronger. */
export function ValueAxis({ ticks, y, left, right, show }: ValueAxisProps) {
  return (
    <g>
      {ticks.map((tick) => {
        const at = crisp(y(tick));
        return (
          <g key={tick}>
            <line class={tick === 0 ? 'c-zero' : 'c-grid'} x1={left} x2={right} y1={at} y2={at} />
            <text class="c-tick c-end" x={left - 8} y={at} dy="0.35em">
              {show(tick)}
            </text>
          </g>
        );
      })}
    </g>
  );
}

interface TimeAxisProps {
  ticks: readonly { at: number; label: string; under?: string | undefined }[];
  /** Vertical pixel of the top of the labels. */
  top: number;
  left: number;
  em: number;
  /** Names of the two rows, shown at the left. */
  names?: readonly [string, string] | undefined;
}

/** Years, with ages under them. */
export function TimeAxis({ ticks, top, left, em, names }: TimeAxisProps) {
  const rows = [top + em * 1.65, top + em * 2.9] as const;
  return (
    <g>
      {names?.map((name, i) => (
        <text key={name} class="c-tick c-end" x={left - em * 1.8} y={rows[i]}>
          {name}
        </text>
      ))}
      {ticks.map(({ at, label, under }) => (
        <g key={label + at}>
          <line class="c-axis-tick" x1={crisp(at)} x2={crisp(at)} y1={top} y2={top + 4} />
          <text class="c-tick c-middle" x={at} y={rows[0]}>
            {label}
          </text>
          {under && (
            <text class="c-tick c-middle" x={at} y={rows[1]}>
              {under}
            </text>
          )}
        </g>
      ))}
    </g>
  );
}

/** Height in pixels of the time labels below a plotting area. */
export const timeHeight = (em: number, ages: boolean): number => em * (ages ? 3.4 : 2.15);

/** Width in pixels of the names of two rows beside it. */
export const namesWidth = (em: number): number => em * 4.6;

/** Points without neighbors, which a line would not show. */
export function Lonely({
  xs,
  ys,
  tone,
  r,
}: {
  xs: readonly number[];
  ys: readonly (Value | undefined)[];
  tone: string;
  r: number;
}) {
  return (
    <>
      {ys.map((y, i) =>
        defined(y) && !defined(ys[i - 1]) && !defined(ys[i + 1]) ? (
          <circle key={i} class={`c-dot ${tone}`} cx={xs[i]} cy={y} r={r} />
        ) : null,
      )}
    </>
  );
}

/** Centers a hairline on a pixel, so that it is not blurred. */
export const crisp = (x: number): number => Math.round(x) + 0.5;
