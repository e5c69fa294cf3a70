// Annual work in each setup.

import { defined, number, type Value } from '../format/number';
import { Figure, type FigureOptions, type Table } from './figure';

export interface WorkloadProps extends FigureOptions {
  /** Annual counts, such as tasks, tickets, orders, hours, of the same setups each. */
  measures: readonly {
    name: string;
    explanation?: string | undefined;
    setups: readonly { arm: string; name: string; value: Value }[];
  }[];
}

/** Setups with separate managers share a color. */
const tone = (arm: string): string => (arm === 'uma' ? 'uma' : 'sma');

export function Workload({ measures, title = 'Work a year', caption, level }: WorkloadProps) {
  const table = (): Table => ({
    columns: [
      { name: 'A year', unit: 'text' },
      ...(measures[0]?.setups ?? []).map(({ name }) => ({ name, unit: 'number' as const })),
    ],
    rows: measures.map(({ name, setups }) => [name, ...setups.map(({ value }) => value)]),
  });
  return (
    <Figure
      title={title}
      caption={caption ?? 'All setups for one household; each kind of work has a scale of its own.'}
      level={level}
      file="work"
      table={table}
      empty={
        !measures.some(({ setups }) => setups.some(({ value }) => defined(value))) &&
        'The work has not been counted yet.'
      }
    >
      <ul class="c-works">
        {measures.map((measure) => {
          const most = Math.max(...measure.setups.map(({ value }) => value ?? 0)) || 1;
          return (
            <li key={measure.name} class="c-work">
              <div class="c-name">{measure.name}</div>
              {measure.explanation && <div class="c-note">{measure.explanation}</div>}
              {measure.setups.map(({ arm, name, value }) => (
                <div key={arm} class="c-work-row">
                  <span class={`c-work-arm ${tone(arm)}`}>{name}</span>
                  <span class="c-work-track">
                    {defined(value) && (
                      <span
                        class={`c-work-bar ${tone(arm)}`}
                        style={{ width: `${(Math.max(value, 0) / most) * 100}%` }}
                      />
                    )}
                    <span class="c-work-value">{number(value)}</span>
                  </span>
                </div>
              ))}
            </li>
          );
        })}
      </ul>
    </Figure>
  );
}
