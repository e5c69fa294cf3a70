// The assumptions behind the figures, and what is needed to repeat them.

import type { Answer } from '../run/runner';

export function Notes({ answer }: { answer: Answer }) {
  const { study, summary } = answer;
  const facts = [
    ['Version', study.summary.version],
    ['Seed', String(study.summary.seed)],
    ...(summary
      ? ([
          ['Settings', summary.config_hash],
          [`${summary.paths} futures`, summary.hash],
        ] as const)
      : []),
    // A single future is a run of its own, with dates in its settings.
    ['One future', study.summary.result_hash],
    ['Its settings', study.summary.config_hash],
  ] as const;
  const first = summary?.assumptions ?? [];
  const more = study.summary.assumptions.filter((sentence) => !first.includes(sentence));
  return (
    <footer>
      <section>
        <h2>What the figures assume</h2>
        <ul>
          {first.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        <details>
          <summary>{more.length} assumptions of each future</summary>
          <ul>
            {more.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </details>
      </section>
      <section>
        <h2>To repeat this</h2>
        <p>
          The same settings give the same figures to the last bit, here and at a terminal. Hashes are SHA-256.
          Nothing leaves this browser.
        </p>
        <dl class="facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <code data-fact={name}>{value}</code>
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </footer>
  );
}
