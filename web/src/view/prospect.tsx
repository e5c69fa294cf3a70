// The result in plain words, for the client.

import { DifferenceHistogram } from '../charts/difference-histogram';
import { Endings } from '../charts/endings';
import { Lines } from '../charts/lines';
import { WealthFan } from '../charts/wealth-fan';
import { YearBars } from '../charts/year-bars';
import type { Answer } from '../run/runner';
import { byYear, endings, fan, oneFuture } from './figures';
import { HeadlineBlock } from './headline';

export interface ViewProps {
  answer: Answer;
  /** The last complete summary. While new settings are computed, it belongs to the old ones. */
  last: Answer | null;
  age: number;
}

export function Prospect({ answer, last, age }: ViewProps) {
  const summary = last?.summary ?? null;
  const isOld = last !== null && last.config !== answer.config;
  return (
    <>
      <HeadlineBlock answer={answer} big />
      {summary && last ? (
        <div class={isOld ? 'old' : undefined}>
          {isOld && <p class="note">Futures of the earlier settings; the new ones follow.</p>}
          <WealthFan
            {...fan(summary, last.config, age)}
            title="What may be left, after tax"
            caption="Tax due is taken off; gains not yet realized are taxed when sold. Half of the futures run through the dark band. Other holdings and luck are in the difference."
            level={3}
          />
        </div>
      ) : (
        <Lines
          title="One future"
          caption="Wealth after tax that is due. The other futures follow."
          file="one-future"
          xUnit="day"
          unit="money"
          zero
          {...oneFuture(answer.study)}
        />
      )}
      {summary && summary.gains.length >= 10 && (
        <div class={isOld ? 'old' : undefined}>
          <DifferenceHistogram
            differences={summary.gains}
            title="All of the difference, future by future"
            caption="UMA less SMA after tax at the end, with other holdings and luck in it. It does not show what one manager is worth."
          />
        </div>
      )}
      {summary && last && (
        <div class={`pair ${isOld ? 'old' : ''}`}>
          <YearBars
            title="Tax each year"
            caption="What the portfolio adds to the household’s tax bill, on average."
            file="taxes-by-year"
            below="a saving"
            {...byYear(summary, 'taxes_by_year')}
          />
          <Endings endings={endings(summary)} />
        </div>
      )}
    </>
  );
}
