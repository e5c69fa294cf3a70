// Shows the holdings in a broker's file, lets the visitor complete them, and imports all or some.

import { useId, useState } from 'preact/hooks';

import { later } from '../format/date';
import { cents, dollars } from '../format/money';
import { count } from '../format/number';
import { dateOf, numberOf, quoted } from '../format/typed';
import { holdingsFrom, isRetirement, type Position, positionsOf, type Usable } from '../state/broker';
import { type Holding, MOST_NAMES } from '../state/holdings';

export interface Taken {
  holdings: Holding[];
  /** The household's new cash in dollars; null leaves it unchanged. */
  cash: number | null;
  /** Whether they are added to the existing holdings. */
  isAdded: boolean;
}

interface ReviewProps {
  found: Usable;
  before: string;
  hasLots: boolean;
  take: (taken: Taken) => Promise<void>;
  cancel: () => void;
}

const MOST_FAULTS = 20;

export function Review({ found, before, hasLots, take, cancel }: ReviewProps) {
  const { read, faults, accounts } = found;
  const id = useId();
  const [without, setWithout] = useState<ReadonlySet<string>>(() => new Set(accounts.filter(isRetirement)));
  const lots = found.lots.filter(({ account }) => !without.has(account));
  const positions = positionsOf(lots);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    () =>
      new Set(
        positionsOf(found.lots)
          .slice(0, MOST_NAMES)
          .map(({ symbol }) => symbol),
      ),
  );
  const [typed, setTyped] = useState<ReadonlyMap<string, string>>(new Map());
  const [since, setSince] = useState(later(before, -2));
  const [hasCash, setHasCash] = useState(false);
  const [wrong, setWrong] = useState('');
  const [isBusy, setIsBusy] = useState(false);

  const undated = lots.filter(({ acquired }) => acquired === null).length;
  const left = positions.filter(({ symbol }) => !chosen.has(symbol));

  const finish = async (isAdded: boolean): Promise<void> => {
    const some = positions.filter(({ symbol }) => chosen.has(symbol));
    const prices = new Map(
      some.map(({ symbol, price }) => [symbol, price ?? numberOf(typed.get(symbol) ?? '') ?? 0]),
    );
    const unpriced = some.filter(({ symbol }) => !(Number(prices.get(symbol)) > 0));
    const day = dateOf(since);
    if (unpriced.length > 0) {
      const names = unpriced.map(({ symbol }) => symbol).join(', ');
      setWrong(
        `Price of ${names.length > 60 ? `${unpriced.length} holdings` : names}: expected dollars a share, or no tick.`,
      );
      return;
    }
    if (undated > 0 && (day === null || day >= before || day < '1950-01-01')) {
      setWrong(`${quoted(since)}: expected a day from 1950 to before ${before}.`);
      return;
    }
    setWrong('');
    setIsBusy(true);
    const wanted = lots.filter(({ symbol }) => chosen.has(symbol));
    await take({
      holdings: holdingsFrom(wanted, prices, day ?? before),
      cash: hasCash ? read.cash : null,
      isAdded,
    });
    setIsBusy(false);
  };

  return (
    <div class="review">
      <p role="status">
        Read as {read.source}: {several(found.lots.length, 'lot')} in{' '}
        {several(positionsOf(found.lots).length, 'position')}
        {read.cash !== null && `, ${dollars(read.cash)} of cash`}
        {faults.length > 0 && `; ${several(faults.length, 'fault')}`}.
      </p>
      {faults.length > 0 && (
        <div role="alert">
          {faults.slice(0, MOST_FAULTS).map((sentence) => (
            <p class="fault" key={sentence}>
              {sentence}
            </p>
          ))}
          {faults.length > MOST_FAULTS && <p class="fault">And {count(faults.length - MOST_FAULTS)} more.</p>}
          <p class="help">These rows are not in the table below.</p>
        </div>
      )}
      {read.notes.map((sentence) => (
        <p class="help" key={sentence}>
          {sentence}
        </p>
      ))}
      {(accounts.length > 1 || accounts.some(isRetirement)) && (
        <fieldset>
          <legend>Taxable accounts: their lots are taken</legend>
          {accounts.map((account) => (
            <label class="check" key={account}>
              <input
                type="checkbox"
                checked={!without.has(account)}
                onChange={() => setWithout(toggled(without, account))}
              />{' '}
              {account}
            </label>
          ))}
        </fieldset>
      )}
      {undated > 0 && (
        <div class="field">
          <label for={`${id}-since`}>Bought on</label>
          <input
            id={`${id}-since`}
            type="text"
            value={since}
            aria-describedby={`${id}-since-help`}
            onInput={(event) => setSince(event.currentTarget.value)}
          />
          <p class="help" id={`${id}-since-help`}>
            The file has no date for {several(undated, 'lot')}. A day more than a year before {before} makes
            their gains long-term.
          </p>
        </div>
      )}
      {positions.length > 0 && (
        <div class="scroll" tabIndex={0} role="group" aria-label="What the file holds">
          <table>
            <thead>
              <tr>
                <th scope="col">Holding</th>
                <th scope="col">Cost basis</th>
                <th scope="col">Price</th>
              </tr>
            </thead>
            <tbody>{positions.map(row)}</tbody>
          </table>
        </div>
      )}
      {left.length > 0 && (
        <p class="help">
          {several(left.length, 'position')} without a tick {left.length === 1 ? 'stays' : 'stay'} out; at
          most {MOST_NAMES} names are taken.
        </p>
      )}
      {read.cash !== null && (
        <label class="check">
          <input type="checkbox" checked={hasCash} onChange={() => setHasCash(!hasCash)} /> Set the cash to
          invest to {dollars(read.cash)}
          {accounts.length > 1 && ', the cash of all accounts'}
        </label>
      )}
      <div role="alert">{wrong !== '' && <p class="fault">{wrong}</p>}</div>
      <p class="buttons">
        {positions.length > 0 && (
          <button
            type="button"
            class="primary"
            disabled={isBusy || left.length === positions.length}
            onClick={() => void finish(true)}
          >
            {isBusy ? 'Sizing simulated stocks…' : hasLots ? 'Add to the holdings' : 'Take these holdings'}
          </button>
        )}
        {positions.length > 0 && hasLots && (
          <button
            type="button"
            disabled={isBusy || left.length === positions.length}
            onClick={() => void finish(false)}
          >
            Replace the holdings
          </button>
        )}
        <button type="button" disabled={isBusy} onClick={cancel}>
          Cancel
        </button>
      </p>
    </div>
  );

  function row({ symbol, lots: number, shares: held, basis, price }: Position) {
    return (
      <tr key={symbol}>
        <th scope="row">
          <label class="check">
            <input
              type="checkbox"
              checked={chosen.has(symbol)}
              onChange={() => setChosen(toggled(chosen, symbol))}
            />{' '}
            {symbol}
          </label>
          <small>
            {several(number, 'lot')}, {count(held, 3)} shares
          </small>
        </th>
        <td>{dollars(basis)}</td>
        <td>
          {price === null ? (
            <input
              type="text"
              class="price"
              aria-label={`Price of ${symbol}`}
              value={typed.get(symbol) ?? ''}
              onInput={(event) => setTyped(new Map(typed).set(symbol, event.currentTarget.value))}
            />
          ) : (
            cents(price)
          )}
        </td>
      </tr>
    );
  }
}

const several = (n: number, what: string): string => `${count(n)} ${what}${n === 1 ? '' : 's'}`;

function toggled(all: ReadonlySet<string>, one: string): Set<string> {
  const next = new Set(all);
  if (!next.delete(one)) {
    next.add(one);
  }
  return next;
}
