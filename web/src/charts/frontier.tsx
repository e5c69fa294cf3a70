// Tax alpha against tracking error, for both setups at several risk aversions.

import { useId, useState } from 'preact/hooks';

import { defined, number, percent, type Value } from '../format/number';
import { axisFormat } from '../format/unit';
import { crisp, ValueAxis } from './axes';
import { Figure, type FigureOptions, Picture, Plot, type Table } from './figure';
import { linePath } from './paths';
import { axis, linear, spread } from './scale';
import { Readout } from './scrub';
import { clamp, type Size, widest } from './size';

export interface FrontierPoint {
  riskAversion: number;
  /** Annual fractions. */
  trackingError: Value;
  taxAlpha: Value;
}

export interface FrontierProps extends FigureOptions {
  uma: readonly FrontierPoint[];
  sma: readonly FrontierPoint[];
  /** The current risk aversion. */
  current?: number | null | undefined;
  onChoose?: ((riskAversion: number) => void) | undefined;
}

const ARMS = ['uma', 'sma'] as const;
const NAMES = { uma: 'UMA', sma: 'SMA' } as const;

const known = (p: FrontierPoint): p is FrontierPoint & { trackingError: number; taxAlpha: number } =>
  defined(p.trackingError) && defined(p.taxAlpha);

export function Frontier(props: FrontierProps) {
  const { uma, sma, current, onChoose, level } = props;
  const { title = 'Tax alpha against tracking error' } = props;
  const {
    caption = `Up is more tax saved, right is further from the benchmark; each number is a risk aversion.${onChoose ? ' Choose a point to use it.' : ''}`,
  } = props;
  const [pointed, point] = useState<number | null>(null);
  const shown = pointed ?? current ?? null;
  const at = (points: readonly FrontierPoint[]): FrontierPoint | undefined =>
    points.find((p) => p.riskAversion === shown);
  const note = (p: FrontierPoint | undefined): string | undefined =>
    p && known(p) ? `at ${percent(p.trackingError)}` : undefined;
  const levels = [...new Set([...uma, ...sma].map((p) => p.riskAversion))].sort((a, b) => a - b);
  const find = (points: readonly FrontierPoint[], riskAversion: number) =>
    points.find((p) => p.riskAversion === riskAversion);
  const table = (): Table => ({
    columns: [
      { name: 'Risk aversion', unit: 'number' },
      ...ARMS.flatMap((arm) => [
        { name: `${NAMES[arm]} tracking error`, unit: 'rate' } as const,
        { name: `${NAMES[arm]} tax alpha`, unit: 'rate' } as const,
      ]),
    ],
    rows: levels.map((riskAversion) => [
      riskAversion,
      ...[uma, sma].flatMap((points) => {
        const p = find(points, riskAversion);
        return [p?.trackingError, p?.taxAlpha];
      }),
    ]),
  });
  return (
    <Figure
      title={title}
      caption={caption}
      level={level}
      file="tax-alpha-against-tracking-error"
      table={table}
      empty={![...uma, ...sma].some(known) && 'The frontier has not been computed yet.'}
    >
      <Readout
        head={shown === null ? 'Tax alpha a year' : `Risk aversion ${number(shown)}`}
        readings={
          shown === null
            ? []
            : [
                { name: 'UMA', mark: 'uma', value: percent(at(uma)?.taxAlpha), note: note(at(uma)) },
                { name: 'SMA', mark: 'sma dashed', value: percent(at(sma)?.taxAlpha), note: note(at(sma)) },
              ]
        }
      />
      <Plot draw={(size) => <Drawing {...props} {...{ size, shown, point, levels }} />} />
    </Figure>
  );
}

interface DrawingProps extends FrontierProps {
  size: Size;
  shown: number | null;
  point: (riskAversion: number | null) => void;
  levels: readonly number[];
}

function Drawing({ uma, sma, current, onChoose, size, shown, point, levels }: DrawingProps) {
  const { width, em } = size;
  const group = useId();
  const arms = { uma: uma.filter(known), sma: sma.filter(known) };
  const both = [...arms.uma, ...arms.sma];

  const top = em * 2.2;
  const main = clamp(width * 0.42, 13 * em, 26 * em);
  const bottom = top + main;
  const height = bottom + em * 3.7;
  const alphas = axis(
    both.map((p) => p.taxAlpha),
    { count: main / (3.4 * em), least: 0.001 },
  );
  const showAlpha = axisFormat('rate', alphas.step, 0);
  const left = Math.ceil(widest(alphas.ticks.map(showAlpha), em) + 10);
  const right = width - Math.ceil(widest(['UMA', 'SMA'], em, true) + 14);
  const errors = axis(
    both.map((p) => p.trackingError),
    { count: (right - left) / (6 * em), least: 0.002 },
  );
  const showError = axisFormat('rate', errors.step, 0);
  const x = linear(errors.domain, [left, right]);
  const y = linear(alphas.domain, [bottom, top]);

  const ordered = (points: typeof both) => [...points].sort((a, b) => a.trackingError - b.trackingError);
  const ends = ARMS.map((arm) => ordered(arms[arm]).at(-1));
  const endsAt = spread(
    ends.map((p) => (p ? y(p.taxAlpha) : bottom)),
    em * 1.25,
    top,
    bottom,
  );

  /** The risk aversion of the point near the pointer, if there is one. */
  const near = (event: PointerEvent | MouseEvent): number | null => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    let best: number | null = null;
    let least = 2.2 * em;
    for (const p of both) {
      const distance = Math.hypot(x(p.trackingError) - px, y(p.taxAlpha) - py);
      if (distance < least) {
        [best, least] = [p.riskAversion, distance];
      }
    }
    return best;
  };
  const pair = ARMS.map((arm) => arms[arm].find((p) => p.riskAversion === shown));
  const label = `Tax alpha a year against tracking error. ${ARMS.map((arm) => {
    const points = ordered(arms[arm]);
    const [first, last] = [points[0], points.at(-1)];
    return `${NAMES[arm]} from ${percent(first?.taxAlpha)} at ${percent(first?.trackingError)} to ${percent(last?.taxAlpha)} at ${percent(last?.trackingError)}`;
  }).join('; ')}.`;

  return (
    <>
      <Picture width={width} height={height} label={label}>
        <text class="c-tick" x={0} y={em}>
          Tax alpha a year
        </text>
        <ValueAxis ticks={alphas.ticks} y={y} left={left} right={right} show={showAlpha} />
        {errors.ticks.map((tick) => (
          <g key={tick}>
            <line class="c-axis-tick" x1={crisp(x(tick))} x2={crisp(x(tick))} y1={bottom} y2={bottom + 4} />
            <text class="c-tick c-middle" x={x(tick)} y={bottom + em * 1.6}>
              {showError(tick)}
            </text>
          </g>
        ))}
        <text class="c-tick c-end" x={right} y={height - em * 0.4}>
          Tracking error a year →
        </text>
        {pair[0] && pair[1] && (
          <line
            class="c-pair"
            x1={x(pair[0].trackingError)}
            y1={y(pair[0].taxAlpha)}
            x2={x(pair[1].trackingError)}
            y2={y(pair[1].taxAlpha)}
          />
        )}
        {ARMS.map((arm) => (
          <path
            key={arm}
            class={`c-line ${arm} ${arm === 'sma' ? 'dashed' : ''}`}
            d={linePath(
              ordered(arms[arm]).map((p) => x(p.trackingError)),
              ordered(arms[arm]).map((p) => y(p.taxAlpha)),
            )}
          />
        ))}
        {ARMS.map((arm, i) =>
          ends[i] ? (
            <text
              key={arm}
              class={`c-label ${arm}`}
              x={Math.min(x(ends[i].trackingError) + em * 1.1, right + 8)}
              y={endsAt[i]}
              dy="0.35em"
            >
              {NAMES[arm]}
            </text>
          ) : null,
        )}
        {/* Open squares under smaller discs: both can be seen where they coincide. */}
        {(['sma', 'uma'] as const).map((arm) =>
          arms[arm].map((p) => {
            const [px, py] = [x(p.trackingError), y(p.taxAlpha)];
            const chosen = p.riskAversion === current;
            const r = em * (chosen ? 0.5 : p.riskAversion === shown ? 0.45 : 0.32);
            return (
              <g key={arm + p.riskAversion}>
                {arm === 'uma' ? (
                  <circle class={`c-dot ${arm}`} cx={px} cy={py} r={r} />
                ) : (
                  <rect class={`c-open ${arm}`} x={px - r} y={py - r} width={r * 2} height={r * 2} />
                )}
                {chosen && <circle class="c-ring" cx={px} cy={py} r={em * 0.8} />}
              </g>
            );
          }),
        )}
        {arms.uma.map((p) => (
          <text
            key={p.riskAversion}
            class={`c-halo c-end ${p.riskAversion === current ? 'c-strong' : ''}`}
            x={x(p.trackingError) - em * 0.5}
            y={y(p.taxAlpha) - em * 0.7}
          >
            {number(p.riskAversion)}
          </text>
        ))}
      </Picture>
      {onChoose && (
        <fieldset
          class="c-points"
          onPointerMove={(event) => point(near(event))}
          onPointerLeave={() => point(null)}
          onClick={(event) => {
            const chosen = near(event);
            // Browsers send clicks without a position for arrow keys.
            if (chosen !== null && event.detail > 0) {
              onChoose(chosen);
            }
          }}
        >
          <legend>Risk aversion</legend>
          {levels.map((riskAversion) => {
            const p =
              arms.uma.find((one) => one.riskAversion === riskAversion) ??
              arms.sma.find((one) => one.riskAversion === riskAversion);
            return p ? (
              <input
                key={riskAversion}
                type="radio"
                name={group}
                aria-label={`${number(riskAversion)}: tax alpha ${percent(p.taxAlpha)} at tracking error ${percent(p.trackingError)}`}
                checked={riskAversion === current}
                style={{ left: `${x(p.trackingError)}px`, top: `${y(p.taxAlpha)}px` }}
                onChange={() => onChoose(riskAversion)}
                onFocus={() => point(riskAversion)}
                onBlur={() => point(null)}
              />
            ) : null;
          })}
        </fieldset>
      )}
    </>
  );
}
