// Transferred holdings: typed or pasted as rows, with faults reported by row.

import { useState } from 'preact/hooks';

import { dollars } from '../format/money';
import { count } from '../format/number';
import { type Faults, faultAt } from '../run/faults';
import type { Runner } from '../run/runner';
import {
  type Fault,
  type Holding,
  holdingsOf,
  nameOf,
  SAMPLE,
  symbolsFor,
  withHoldings,
  withoutHoldings,
} from '../state/holdings';
import { renamed } from '../state/restrictions';
import { BrokerFile } from './broker-file';
import type { Taken } from './broker-review';
import type { Editing } from './field';
import { OpenFile } from './open-file';
import { save } from './save';

export function Holdings({ editing, runner }: { editing: Editing; runner: Runner }) {
  const { state, change, faults } = editing;
  const { config } = state;
  const lots = config.household.lots ?? [];
  const [text, setText] = useState('');
  const [rowFaults, setRowFaults] = useState<Fault[]>([]);
  const [note, setNote] = useState('');

  const use = async (source: string): Promise<void> => {
    const read = holdingsOf(source, config.simulation.scenario.start);
    if ('faults' in read) {
      setRowFaults(read.faults);
      setNote('');
      return;
    }
    setRowFaults([]);
    const { holdings } = read;
    setNote('Sizing simulated stocks\u2026');
    const fault = await bring({ holdings, cash: null, isAdded: false });
    if (fault === null) {
      setText('');
    } else {
      setNote('');
      setRowFaults([{ line: 0, message: fault }]);
    }
  };

  /** Applies holdings. Resolves to the fault, or null. */
  const bring = async ({ holdings, cash, isAdded }: Taken): Promise<string | null> => {
    try {
      const prices = await runner.pricesOf(config, symbolsFor(holdings, config, isAdded));
      const next = renamed(config, withHoldings(config, holdings, prices, isAdded));
      change({
        ...state,
        config: cash === null ? next : { ...next, household: { ...next.household, cash } },
      });
      setNote(`${summed(holdings)} came in.`);
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  };

  const remove = (at: number): void => {
    change({
      ...state,
      config: { ...config, household: { ...config.household, lots: lots.filter((_, i) => i !== at) } },
    });
  };

  return (
    <div class="holdings">
      {lots.length > 0 && (
        <div class="scroll" tabIndex={0} role="group" aria-label="Holdings">
          <table>
            <thead>
              <tr>
                <th scope="col">Holding</th>
                <th scope="col">Simulated shares</th>
                <th scope="col">Cost basis</th>
                <th scope="col">
                  <span class="visually-hidden">Remove</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {lots.map((lot, i) => (
                <tr key={i} class={lotFault(faults, i) ? 'bad' : undefined}>
                  <th scope="row">
                    {nameOf(config, lot.symbol)}{' '}
                    <small>
                      as {lot.symbol}, bought {lot.acquired}
                    </small>
                  </th>
                  <td>{count(lot.quantity)}</td>
                  <td>{dollars(lot.basis)}</td>
                  <td>
                    <button
                      type="button"
                      class="quiet"
                      aria-label={`Remove ${nameOf(config, lot.symbol)}`}
                      onClick={() => remove(i)}
                    >
                      {'\u00d7'}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p class="help">
        Simulated stocks are made up (S001, S002 …): a holding stands as a simulated stock worth as much on
        the first day, with its own basis and date. What the company itself may do is not known here.
      </p>
      <BrokerFile before={config.simulation.scenario.start} hasLots={lots.length > 0} take={bring} />
      <label for="holdings-text">Type or paste holdings</label>
      <textarea
        id="holdings-text"
        rows={4}
        spellcheck={false}
        placeholder={'symbol, value, basis, date\nNVDA, 216000, 24000, 2016-05-02'}
        value={text}
        aria-describedby="holdings-faults holdings-help"
        aria-invalid={rowFaults.length > 0}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <div id="holdings-faults" role="alert">
        {[
          ...rowFaults.map(({ line, message }) => `${line > 0 ? `Row ${line}: ` : ''}${message}`),
          ...coreFaults(faults),
        ].map((sentence) => (
          <p class="fault" key={sentence}>
            {sentence}
          </p>
        ))}
      </div>
      <p class="help" id="holdings-help" role="status">
        {note ||
          'Columns symbol, value, basis, date; or with a first row of names: symbol, shares, price, basis, date.'}
      </p>
      <p class="buttons">
        <button type="button" class="primary" disabled={text.trim() === ''} onClick={() => void use(text)}>
          Use these holdings
        </button>
        <OpenFile
          label="From a file"
          accept=".csv,.txt,text/csv"
          open={(content) => void use(content)}
          fail={(message) => setRowFaults([{ line: 0, message }])}
        />
        <button type="button" onClick={() => save('holdings-sample.csv', 'text/csv', SAMPLE)}>
          Sample file
        </button>
        {lots.length > 0 && (
          <button
            type="button"
            onClick={() => change({ ...state, config: renamed(config, withoutHoldings(config)) })}
          >
            Remove all
          </button>
        )}
      </p>
    </div>
  );

  function summed(holdings: readonly Holding[]): string {
    return `${count(holdings.length)} ${holdings.length === 1 ? 'holding' : 'holdings'} worth ${dollars(holdings.reduce((sum, { value }) => sum + value, 0))}`;
  }
}

const lotFault = (faults: Faults, at: number): string | undefined => faultAt(faults, `household.lots.${at}`);

const coreFaults = (faults: Faults): string[] =>
  [...faults.byKey]
    .filter(([key]) => key.startsWith('household.lots'))
    .map(([key, message]) => `Holding ${Number(/\d+/.exec(key)?.[0] ?? 0) + 1}: ${message}`);
