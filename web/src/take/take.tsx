// Output of a case: a link, a file, a print.

import { useRef, useState } from 'preact/hooks';

import { count } from '../format/number';
import type { State } from '../state/fields';
import { fragmentOf, LONGEST } from '../state/link';
import { configOf, jsonOf } from '../state/read';
import { OpenFile } from '../view/open-file';
import { save } from '../view/save';

interface TakeProps {
  state: State;
  load: (state: State) => Promise<void>;
  print: (sheet: 'proposal' | 'instructions') => void;
  canPrint: boolean;
}

export function Take({ state, load, print, canPrint }: TakeProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [withHoldings, setWithHoldings] = useState(false);
  const [link, setLink] = useState('');
  const [note, setNote] = useState('');
  const [fault, setFault] = useState('');

  const share = async (holdings: boolean): Promise<void> => {
    setWithHoldings(holdings);
    setNote('');
    try {
      const fragment = await fragmentOf(state, holdings);
      setLink(`${location.href.replace(/#.*$/, '')}${fragment && `#${fragment}`}`);
      setFault('');
    } catch (error) {
      setLink('');
      setFault((error as Error).message);
    }
  };
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(link);
      setNote('Copied.');
    } catch {
      setNote('Select the link and copy it.');
    }
  };
  const open = async (text: string): Promise<void> => {
    try {
      await load({ ...state, config: configOf(jsonOf(text)) });
      setFault('');
      dialog.current?.close();
    } catch (error) {
      setFault((error as Error).message);
    }
  };

  return (
    <>
      <button
        type="button"
        onClick={() => {
          dialog.current?.showModal();
          void share(false);
        }}
      >
        Share and save
      </button>
      <dialog ref={dialog} class="take" aria-labelledby="take-title">
        <div class="panel-head">
          <h2 id="take-title">Take it with you</h2>
          <button type="button" class="quiet" aria-label="Close" onClick={() => dialog.current?.close()}>
            {'\u00d7'}
          </button>
        </div>
        <section>
          <h3>A link</h3>
          <p class="help">
            What differs from the opening case, in the link itself: no server sees it. At most{' '}
            {count(LONGEST)} characters.
          </p>
          <label class="check">
            <input
              type="checkbox"
              checked={withHoldings}
              onChange={(event) => void share(event.currentTarget.checked)}
            />{' '}
            With holdings
          </label>
          <div class="with-button">
            <input
              id="link"
              type="text"
              readOnly
              aria-label="Link"
              value={link}
              onFocus={(event) => event.currentTarget.select()}
            />
            <button type="button" disabled={link === ''} onClick={() => void copy()}>
              Copy
            </button>
          </div>
          <p class="help" role="status">
            {note}
          </p>
        </section>
        <section>
          <h3>A file</h3>
          <p class="help">
            All settings as JSON. <code>unisleeve simulate FILE.json</code> runs it to the same figures. It
            has no place for an age: dates of flows stay, and the age on the page (now {state.age}) stays as
            it is. A link holds it.
          </p>
          <p class="buttons">
            <button
              type="button"
              onClick={() =>
                save(
                  'unisleeve-settings.json',
                  'application/json',
                  `${JSON.stringify(state.config, null, 2)}\n`,
                )
              }
            >
              Save settings
            </button>
            <OpenFile
              label="Open settings"
              accept=".json,application/json"
              open={(text) => void open(text)}
              fail={setFault}
            />
          </p>
        </section>
        <section>
          <h3>On paper</h3>
          <p class="buttons">
            <button type="button" disabled={!canPrint} onClick={() => print('proposal')}>
              Print the proposal
            </button>
            <button type="button" onClick={() => print('instructions')}>
              Print instructions
            </button>
          </p>
          <p class="help">
            The proposal for a client, two pages. The instructions for manager and compliance, one page:
            policy, restrictions, budgets.
          </p>
        </section>
        <p class="fault" role="alert">
          {fault}
        </p>
      </dialog>
    </>
  );
}
