// All results of one case.

import { Endings } from '../charts/endings';
import { Lines } from '../charts/lines';
import { Waterfall } from '../charts/waterfall';
import { WealthFan } from '../charts/wealth-fan';
import { Workload } from '../charts/workload';
import { YearBars } from '../charts/year-bars';
import { yearsBetween } from '../format/date';
import { Closes } from './closes';
import { byYear, endings, fan, harvest, mechanisms, oneFuture, trackingByYear, work } from './figures';
import { Measures } from './measures';
import type { ViewProps } from './prospect';
import { Trades } from './trades';

export function Details({ answer, last, age }: ViewProps) {
  const summary = last?.summary ?? null;
  const isOld = last !== null && last.config !== answer.config;
  const { study } = answer;
  return (
    <>
      {isOld && (
        <p class="note">Figures over all futures are those of the earlier settings; the new ones follow.</p>
      )}
      {summary && last && (
        <div class={`stack ${isOld ? 'old' : ''}`}>
          <WealthFan {...fan(summary, last.config, age)} />
          <div class="pair">
            <YearBars
              title="Tax by year"
              caption="The household’s tax with the portfolio less its tax without, mean over futures."
              file="taxes-by-year"
              below="a saving"
              {...byYear(summary, 'taxes_by_year')}
            />
            <YearBars
              title="Losses harvested by year"
              caption="Recognized losses, mean over futures. They dwindle as prices leave costs behind."
              file="losses-by-year"
              {...byYear(summary, 'losses_by_year')}
            />
          </div>
          <div class="pair">
            <Endings endings={endings(summary)} />
            <Workload measures={work(summary, yearsBetween(summary.start, summary.end), last.config)} />
          </div>
          <Lines
            title="Tracking error by year"
            caption="Expected at each year’s end against the policy mix, mean over futures."
            file="tracking-error-by-year"
            unit="rate"
            zero
            {...trackingByYear(summary)}
          />
        </div>
      )}
      <div class="stack">
        <h3 class="part">One future, closely</h3>
        <Lines
          title="Wealth after tax that is due"
          caption="The first of the futures, session by session."
          file="one-future"
          xUnit="day"
          unit="money"
          zero
          {...oneFuture(study)}
        />
        <div class="pair">
          <Waterfall
            {...mechanisms(study)}
            caption="From SMA’s wealth to UMA’s in this future: what each mechanism of tax adds, and the rest."
          />
          <Lines
            title="Harvest and its decay"
            caption="Losses harvested in a year as a part of the portfolio’s value."
            file="harvest"
            unit="rate"
            zero
            {...harvest(study)}
          />
        </div>
        <Closes study={study} />
        <Trades study={study} />
        <Measures study={study} summary={summary} />
      </div>
    </>
  );
}
