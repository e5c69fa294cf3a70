// Securities that must not be held or sold, and additional accounts.

import { useState } from 'preact/hooks';
import type { AccountConfig } from 'unisleeve';

import { numberOf, quoted } from '../format/typed';
import { faultAt } from '../run/faults';
import { nameOf } from '../state/holdings';
import { set } from '../state/path';
import { symbolOf, unmatchedWords } from '../state/restrictions';
import type { Editing } from './field';

const LISTS = [
  [
    'exclude',
    'Stocks not to hold',
    'A holding by its own name, or simulated names, S001 up to the number of stocks: S004, S017.',
  ],
  [
    'exclude_sectors',
    'Sectors not to hold',
    'Names of the simulated sectors: Energy, Utilities, Financials, Health Care.',
  ],
  ['do_not_sell', 'Stocks not to sell', 'None of their lots is sold: for a legacy holding that must stay.'],
] as const;

export function Restrictions({ editing }: { editing: Editing }) {
  const { state, change, faults, unmatched } = editing;
  const { config } = state;
  return (
    <>
      {LISTS.map(([key, label, help]) => (
        <div class="field" key={key}>
          <div class="field-head">
            <label for={key}>{label}</label>
            <span class="unit">separated by commas</span>
          </div>
          <Names
            id={key}
            names={(config.restrictions?.[key] ?? []).map((name) =>
              key === 'exclude_sectors' ? name : nameOf(config, name),
            )}
            change={(names) =>
              change({
                ...state,
                config: set(
                  config,
                  `restrictions.${key}`,
                  names.map((name) => (key === 'exclude_sectors' ? name : symbolOf(config, name))),
                ),
              })
            }
          />
          <p class="fault" id={`${key}-fault`} role="alert">
            {[faultAt(faults, `restrictions.${key}`), ...unmatchedWords(config, key, unmatched)]
              .filter(Boolean)
              .join('\n')}
          </p>
          <p class="help" id={`${key}-help`}>
            {help}
          </p>
        </div>
      ))}
    </>
  );
}

function Names({
  id,
  names,
  change,
}: {
  id: string;
  names: readonly string[];
  change: (names: string[]) => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <input
      id={id}
      type="text"
      autocomplete="off"
      maxLength={400}
      aria-describedby={`${id}-fault ${id}-help`}
      value={draft ?? names.join(', ')}
      onInput={(event) => {
        setDraft(event.currentTarget.value);
        change(
          event.currentTarget.value
            .split(',')
            .map((name) => name.trim())
            .filter(Boolean),
        );
      }}
      onBlur={() => setDraft(null)}
    />
  );
}

const KINDS = [
  ['ira', 'IRA', 'Cash in a traditional IRA'],
  ['roth', 'Roth', 'Cash in a Roth account'],
] as const;

/** Cash of an IRA and of a Roth account, one account of each kind. */
export function Accounts({ editing }: { editing: Editing }) {
  const { state, change, faults, typos, mistype } = editing;
  const accounts = state.config.household.accounts ?? [];
  const put = (next: AccountConfig[]): void =>
    change({ ...state, config: set(state.config, 'household.accounts', next) });
  return (
    <>
      {KINDS.map(([kind, name, label]) => {
        const at = accounts.findIndex((account) => account.kind === kind);
        const id = `account-${kind}`;
        return (
          <div class="field" key={kind}>
            <div class="field-head">
              <label for={id}>{label}</label>
              <span class="unit">dollars</span>
            </div>
            <input
              id={id}
              type="text"
              inputMode="decimal"
              autocomplete="off"
              maxLength={16}
              placeholder="none"
              aria-describedby={`${id}-fault ${id}-help`}
              aria-invalid={typos.has(id)}
              defaultValue={at < 0 ? '' : String(accounts[at]?.cash ?? '')}
              onInput={(event) => {
                const text = event.currentTarget.value;
                const cash = text.trim() === '' ? 0 : numberOf(text);
                const isBad = cash === null || cash < 0 || cash > 1e10;
                mistype(id, isBad ? `${quoted(text)}: expected dollars of zero or more.` : null);
                if (isBad) {
                  return;
                }
                const others = accounts.filter((_, i) => i !== at);
                put(cash > 0 ? [...others, { name, kind, cash }] : others);
              }}
            />
            <p class="fault" id={`${id}-fault`} role="alert">
              {typos.get(id) ?? (at >= 0 ? faultAt(faults, `household.accounts.${at}`) : undefined)}
            </p>
            <p class="help" id={`${id}-help`}>
              {kind === 'ira'
                ? 'Nothing inside is taxed as it happens; funds alone are held there.'
                : 'Nothing inside is taxed; funds alone are held there.'}{' '}
              <span class="origin">Default: none.</span>
            </p>
          </div>
        );
      })}
    </>
  );
}
