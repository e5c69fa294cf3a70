// Annual work in each setup.

import { defined, number, type Value } from '../format/number';
import { Figure, type FigureOptions, type Table } from './figure';

export interface WorkloadProps extends FigureOptions {
  /** Annual counts, such as tasks, tickets, orders, hours. */
  measures: readonly { name: string; explanation?: string | undefined; uma: Value; sma: Value }[];
}

const ARMS = ['uma', 'sma'] as const;
const NAMES = { uma: 'UMA', sma: 'SMA' } as const;

export function Workload({ measures, title = 'Work a year', caption, level }: WorkloadProps) {
  const table = (): Table => ({
    columns: [
      { name: 'A year', unit: 'text' },
      { name: 'UMA', unit: 'number' },
      { name: 'SMA', unit: 'number' },
    ],
    rows: measures.map(({ name, uma, sma }) => [name, uma, sma]),
  });
  return (
    <Figure
      title={title}
      caption={caption ?? 'Both setups for one household; each kind of work has a scale of its own.'}
      level={level}
      file="work"
      table={table}
      empty={
        !measures.some(({ uma, sma }) => defined(uma) || defined(sma)) && 'The work has not been counted yet.'
      }
    >
      <ul class="c-works">
        {measures.map((measure) => {
          const most = Math.max(...ARMS.map((arm) => measure[arm] ?? 0)) || 1;
          return (
            <li key={measure.name} class="c-work">
              <div class="c-name">{measure.name}</div>
              {measure.explanation && <div class="c-note">{measure.explanation}</div>}
              {ARMS.map((arm) => {
                const value = measure[arm];
                return (
                  <div key={arm} class="c-work-row">
                    <span class={`c-work-arm ${arm}`}>{NAMES[arm]}</span>
                    <span class="c-work-track">
                      {defined(value) && (
                        <span
                          class={`c-work-bar ${arm}`}
                          style={{ width: `${(Math.max(value, 0) / most) * 100}%` }}
                        />
                      )}
                      <span class="c-work-value">{number(value)}</span>
                    </span>
                  </div>
                );
              })}
            </li>
          );
        })}
      </ul>
    </Figure>
  );
}
