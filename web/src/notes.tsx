// What the figures rest on, and what it takes to repeat them.

import { save } from './save';
import type { Config, Summary } from './summary';

interface Props {
  summary: Summary;
  notes: string[];
  config: Config;
}

export function Notes({ summary, notes, config }: Props) {
  const assumptions = summary.assumptions.filter((sentence) => !notes.includes(sentence));
  const facts = [
    ['Version', summary.version],
    ['Seed', String(summary.seed)],
    ['Dates', `${summary.start} to ${summary.end}`],
    ['Settings', summary.config_hash],
    ['Prices', summary.data_hash],
    ['Result', summary.result_hash],
  ] as const;
  return (
    <footer>
      <section id="prices">
        <h2>What is wrong with the prices</h2>
        <ul>
          {notes.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </section>
      <section>
        <h2>What the figures assume</h2>
        <ul>
          {assumptions.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </section>
      <section>
        <h2>To repeat this run</h2>
        <p>
          The same settings over the same prices give the same result to the last bit, here and at a terminal. Hashes are SHA-256.
        </p>
        <dl class="facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <code id={`fact-${name.toLowerCase()}`}>{value}</code>
              </dd>
            </div>
          ))}
        </dl>
        <p class="buttons">
          <button
            type="button"
            onClick={() => save('unisleeve-settings.json', 'application/json', JSON.stringify(config, null, 2))}
          >
            Download settings (JSON)
          </button>
        </p>
      </section>
    </footer>
  );
}
