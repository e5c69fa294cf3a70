// Gifts of shares over the years, one row each.

import { useEffect, useState } from 'preact/hooks';

import { faultAt } from '../run/faults';
import { EVERY, type GiftRow, giftOf, newRow, rowOf, withGifts } from '../state/gifts';
import type { Editing } from './field';

const COLUMNS = [
  ['amount', 'Dollars', ''],
  ['from', 'First day', ''],
  ['to', 'Last day', 'the end'],
] as const;

export function Gifts({ editing }: { editing: Editing }) {
  const { state, change, faults, mistype } = editing;
  const settled = JSON.stringify(state.config.household.gifts ?? []);
  // The typed rows and the gifts they stand for. If the gifts change elsewhere, the rows are rebuilt from
  // them.
  const [typed, setTyped] = useState<{ rows: readonly GiftRow[]; of: string } | null>(null);
  const rows = typed?.of === settled ? typed.rows : (state.config.household.gifts ?? []).map(rowOf);
  const read = rows.map((row) => giftOf(row, state.config));

  /** Updates the gifts once every row can be read. */
  const put = (next: readonly GiftRow[]): void => {
    const found = next.map((row) => giftOf(row, state.config));
    const gifts = found.flatMap((one) => ('gift' in one ? [one.gift] : []));
    const isWhole = gifts.length === found.length;
    const config = withGifts(state.config, gifts);
    setTyped({ rows: next, of: isWhole ? JSON.stringify(config.household.gifts ?? []) : settled });
    mistype('gifts', isWhole ? null : 'Gifts');
    if (isWhole) {
      change({ ...state, config });
    }
  };
  useEffect(() => {
    if (typed && typed.of !== settled) {
      setTyped(null);
      mistype('gifts', null);
    }
  }, [settled]);
  const edit = (at: number, part: Partial<GiftRow>): void =>
    put(rows.map((row, i) => (i === at ? { ...row, ...part } : row)));

  return (
    <div class="gifts">
      {rows.length === 0 && <p>No gifts.</p>}
      <ul>
        {rows.map((row, i) => {
          const one = read[i];
          const wrong = one && 'faults' in one ? one.faults : {};
          const core = faultAt(faults, `household.gifts.${i}`);
          return (
            <li key={i}>
              <label>
                How often
                <select
                  id={`gift-${i}-every`}
                  aria-label={`Gift ${i + 1}: how often`}
                  value={row.every}
                  onChange={(event) => edit(i, { every: event.currentTarget.value as GiftRow['every'] })}
                >
                  {EVERY.map(([value, label]) => (
                    <option key={value} value={value}>
                      {label}
                    </option>
                  ))}
                </select>
              </label>
              {COLUMNS.filter(([part]) => part !== 'to' || row.every !== 'once').map(
                ([part, label, empty]) => (
                  <label key={part}>
                    {part === 'from' && row.every === 'once' ? 'Day' : label}
                    <input
                      id={`gift-${i}-${part}`}
                      type="text"
                      inputMode={part === 'amount' ? 'decimal' : 'text'}
                      autocomplete="off"
                      maxLength={16}
                      placeholder={empty}
                      aria-label={`Gift ${i + 1}: ${label.toLowerCase()}`}
                      aria-describedby={`gift-${i}-fault gifts-help`}
                      aria-invalid={wrong[part] !== undefined || (part === 'amount' && core !== undefined)}
                      value={row[part]}
                      onInput={(event) => edit(i, { [part]: event.currentTarget.value })}
                    />
                  </label>
                ),
              )}
              <button
                type="button"
                class="quiet"
                aria-label={`Remove gift ${i + 1}`}
                onClick={() => put(rows.filter((_, k) => k !== i))}
              >
                {'\u00d7'}
              </button>
              <p class="fault" id={`gift-${i}-fault`} role="alert">
                {Object.values(wrong).join('\n') || core}
              </p>
            </li>
          );
        })}
      </ul>
      <p class="buttons">
        <button type="button" onClick={() => put([...rows, newRow(state.config)])}>
          + Gift
        </button>
      </p>
      <p class="help" id="gifts-help">
        Shares given to a charity or a person, in both setups: those held for more than a year with the most
        gain go first, and their gain is never taxed here. When there are too few of them, less is given. A
        deduction for charity is not counted. <span class="origin">Default: none.</span>
      </p>
    </div>
  );
}
