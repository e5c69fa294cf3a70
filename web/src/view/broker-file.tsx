// Holdings from a broker's file: chosen or dropped, reviewed, then imported or discarded.

import { useRef, useState } from 'preact/hooks';

import sample from '../../../core/import/src/fixtures/lots.csv?raw';
import { type Usable, usable } from '../state/broker';
import { Review, type Taken } from './broker-review';
import { ChooseFile } from './open-file';
import { save } from './save';

const ACCEPT = '.csv,.txt,.xml,text/csv,text/xml,application/xml';

interface BrokerFileProps {
  /** First day of the futures. No lot may be younger. */
  before: string;
  /** Whether the household already has holdings. */
  hasLots: boolean;
  /** Applies holdings. Resolves to the fault, or null. */
  take: (taken: Taken) => Promise<string | null>;
}

export function BrokerFile({ before, hasLots, take }: BrokerFileProps) {
  const [found, setFound] = useState<Usable | null>(null);
  const [fault, setFault] = useState('');
  const [note, setNote] = useState('');
  const [isOver, setIsOver] = useState(false);
  // If two files are chosen in quick succession, the last one counts.
  const latest = useRef<File | null>(null);

  const open = async (file: File): Promise<void> => {
    latest.current = file;
    setFound(null);
    setFault('');
    setNote(`Reading ${file.name}\u2026`);
    try {
      const { read } = await import('../run/importer');
      const holdings = await read(file);
      if (latest.current === file) {
        setFound(usable(holdings, file.name, before));
        setNote('');
      }
    } catch (error) {
      if (latest.current === file) {
        setNote('');
        setFault(
          error instanceof WebAssembly.RuntimeError
            ? `${file.name} could not be read.`
            : (error as Error).message,
        );
      }
    }
  };

  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setIsOver(false);
    const [file, second] = event.dataTransfer?.files ?? [];
    if (second) {
      setFault(`${event.dataTransfer?.files.length} files: expected one at a time.`);
    } else if (file) {
      void open(file);
    }
  };

  const finish = async (taken: Taken): Promise<void> => {
    setFault('');
    const wrong = await take(taken);
    if (wrong === null) {
      setFound(null);
    } else {
      setFault(wrong);
    }
  };

  return (
    <div
      class={`drop${isOver ? ' over' : ''}`}
      role="group"
      aria-label="Holdings from a broker"
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <p class="buttons">
        <ChooseFile label="From a broker’s file" accept={ACCEPT} choose={open} />
        <button type="button" onClick={() => save('lots-sample.csv', 'text/csv', sample)}>
          Sample of lots
        </button>
      </p>
      <p class="help">
        Or drop it here: positions of Schwab or Fidelity, an IBKR Flex statement with open lots, or a table
        with the columns symbol, quantity, basis, acquired, value. It does not leave this browser.
      </p>
      <p class="help" role="status">
        {note}
      </p>
      <div id="broker-fault" role="alert">
        {fault !== '' && <p class="fault">{fault}</p>}
      </div>
      {found && (
        <Review found={found} before={before} hasLots={hasLots} take={finish} cancel={() => setFound(null)} />
      )}
    </div>
  );
}
