// Every chart with plausible and with extreme data, for visual checks. Not part of the built page.

import type { ComponentChildren } from 'preact';
import { render } from 'preact';
import { useState } from 'preact/hooks';

import '../look/tokens.css';
import '../look/base.css';
import './charts.css';
import './gallery.css';
import { differences, fan, holed, range, uniform, wander } from './gallery-data';
import {
  DifferenceHistogram,
  Endings,
  type Flow,
  Flows,
  Frontier,
  Lines,
  Transition,
  type TransitionBudget,
  Waterfall,
  WealthFan,
  Workload,
  YearBars,
} from './index';

const none = fan(0, 0, 0);

function Fans() {
  const uma = fan(31, 3e6, 0.042, 40_000);
  const sma = fan(31, 3e6, 0.0405, 40_000);
  const events = [
    { year: 2031, label: 'Retirement' },
    { year: 2033, label: 'Withdrawals start' },
    { year: 2056, label: 'Plan ends' },
  ];
  return (
    <>
      <WealthFan years={range(2026, 31)} age={58} uma={uma} sma={sma} events={events} />
      <WealthFan
        title="Equal arms, ten years, no age"
        years={range(1, 11)}
        uma={fan(11, 8e5, 0.05)}
        sma={fan(11, 8e5, 0.05)}
      />
      <WealthFan
        title="Sixty years, huge"
        years={range(2026, 60)}
        age={35}
        uma={fan(60, 9e8, 0.06)}
        sma={fan(60, 9e8, 0.058)}
        events={[{ year: 2050, label: 'Retirement' }]}
      />
      <WealthFan
        title="Money runs out; years missing"
        years={range(2026, 25)}
        age={70}
        uma={holed(fan(25, 1e6, 0.03, 70_000), [5, 6, 14])}
        sma={fan(25, 1e6, 0.028, 70_000)}
      />
      <WealthFan
        title="One year"
        years={[2026]}
        age={61}
        uma={fan(1, 2e6, 0)}
        sma={fan(1, 1.98e6, 0)}
        events={[{ year: 2026, label: 'Retirement' }]}
      />
      <WealthFan title="Nothing" years={[]} uma={none} sma={none} />
    </>
  );
}

function Histograms() {
  const many = differences(500, 48_000, 42_000);
  const [chosen, choose] = useState<readonly number[]>([17]);
  return (
    <>
      <DifferenceHistogram differences={many} chosen={chosen[0]} onChoose={choose} />
      <p class="told">Paths told: {chosen.slice(0, 12).join(', ')}</p>
      <DifferenceHistogram
        title="A hundred paths, the SMA mostly ahead"
        differences={differences(100, -22_000, 18_000)}
      />
      <DifferenceHistogram title="All equal" differences={range(0, 100).map(() => 0)} />
      <DifferenceHistogram title="One path" differences={[-1234]} />
      <DifferenceHistogram title="Huge, one missing" differences={[null, ...differences(40, 3e9, 5e9)]} />
      <DifferenceHistogram title="Nothing" differences={[]} />
    </>
  );
}

function Falls() {
  const steps = [
    {
      name: 'Wash sales seen',
      explanation: 'Losses are no longer disallowed because another manager bought the same stock.',
      dollars: 14_200,
    },
    {
      name: 'Gains known today',
      explanation: 'Harvesting follows this year’s gains instead of last year’s questionnaire.',
      dollars: 31_800,
    },
    {
      name: 'One pool of cash',
      explanation: 'Less cash waits, and withdrawals sell what costs least tax.',
      dollars: 9_400,
    },
    {
      name: 'Sleeves decided together',
      explanation: 'Dollars move between sleeves within the policy’s bands.',
      dollars: -6_100,
    },
    {
      name: 'One measure of risk',
      explanation: 'The whole portfolio against the policy, not each part against its index.',
      dollars: 12_700,
    },
    { name: 'No waiting for cash', dollars: 0 },
    { name: 'Fees', explanation: 'Both schedules are equal by default.', dollars: null },
  ];
  return (
    <>
      <Waterfall steps={steps} sma={4_102_300} uma={4_164_300} />
      <Waterfall
        title="The SMA ends ahead; totals unknown"
        steps={steps.slice(0, 4).map((one) => ({ ...one, dollars: -(one.dollars ?? 0) * 1.5 }))}
      />
      <Waterfall
        title="All zero"
        steps={steps.slice(0, 2).map((one) => ({ ...one, dollars: 0 }))}
        sma={1e6}
        uma={1e6}
      />
      <Waterfall title="Nothing" steps={[]} />
    </>
  );
}

function Bars() {
  const next = uniform(3);
  const years = range(2026, 20);
  const sma = years.map((_, i) => -9_000 + 1_500 * i + 12_000 * (next() - 0.5));
  const uma = sma.map((x) => x - 6_000 * next());
  const long = range(2026, 60);
  return (
    <>
      <YearBars
        title="Taxes by year"
        caption="What the household pays because of the portfolio; below zero it saves tax elsewhere."
        file="taxes"
        years={years}
        uma={uma}
        sma={sma}
        below="tax saved"
      />
      <YearBars
        title="Losses harvested, sixty years"
        caption="Losses realized and allowed."
        file="losses"
        years={long}
        uma={long.map((_, i) => 90_000 * Math.exp(-i / 9))}
        sma={long.map((_, i) => 70_000 * Math.exp(-i / 7))}
      />
      <YearBars
        title="One year"
        caption="Three of the four numbers that could be missing."
        file="one"
        years={[2026]}
        uma={[12_500]}
        sma={[null]}
      />
      <YearBars
        title="All zero"
        caption="Nothing was harvested."
        file="zero"
        years={range(1, 10)}
        uma={range(1, 10).map(() => 0)}
        sma={range(1, 10).map(() => 0)}
      />
      <YearBars title="Nothing" caption="No data." file="nothing" years={[]} uma={[]} sma={[]} />
    </>
  );
}

function Curves() {
  const days = range(14_610, 3_650);
  const years = range(2026, 16);
  return (
    <>
      <Lines
        title="Tracking error over time"
        caption="Forecast of the whole household’s tracking error, session by session."
        file="tracking-error"
        x={days}
        xUnit="day"
        unit="rate"
        zero
        series={[
          { name: 'UMA', tone: 'uma', values: wander(days.length, 0.011, 1) },
          { name: 'SMA', tone: 'sma', values: wander(days.length, 0.014, 2) },
        ]}
        levels={[{ value: 0.02, label: 'Limit 2%' }]}
      />
      <Lines
        title="Losses harvested so far"
        caption="Sum since the start, with years missing in one line."
        file="losses-so-far"
        x={years}
        unit="money"
        series={[
          { name: 'UMA', tone: 'uma', values: years.map((_, i) => 2.4e5 * (1 - Math.exp(-i / 5))) },
          {
            name: 'SMA',
            tone: 'sma',
            dashed: true,
            values: years.map((_, i) => (i === 6 || i === 7 ? null : 2.2e5 * (1 - Math.exp(-i / 5)))),
          },
          { name: 'Shadow', tone: 'shadow', values: years.map(() => 0) },
        ]}
      />
      <Lines
        title="Four months of days"
        caption="A short span has months under it."
        file="short"
        x={days.slice(0, 120)}
        xUnit="day"
        unit="rate"
        series={[{ name: 'Drift', tone: 'ink', values: wander(120, 0.03, 5) }]}
      />
      <Lines
        title="One point"
        caption="A single year."
        file="point"
        x={[2026]}
        unit="number"
        series={[{ name: 'Orders', tone: 'ink', values: [412] }]}
      />
      <Lines title="Nothing" caption="No data." file="nothing" x={[]} unit="number" series={[]} />
    </>
  );
}

function Frontiers() {
  const [current, choose] = useState(10);
  const points = (shift: number) =>
    [2, 5, 10, 20, 50, 100].map((riskAversion) => ({
      riskAversion,
      trackingError: 0.004 + 0.045 / Math.sqrt(riskAversion),
      taxAlpha: 0.019 - 0.0022 * Math.sqrt(riskAversion / 2) + shift,
    }));
  return (
    <>
      <Frontier
        uma={points(0.0012)}
        sma={points(0).map((p) => ({ ...p, trackingError: p.trackingError * 1.06 }))}
        current={current}
        onChoose={choose}
      />
      <Frontier title="Equal arms, not to be chosen" uma={points(0)} sma={points(0)} current={20} />
      <Frontier
        title="One point, the other missing"
        uma={[{ riskAversion: 10, trackingError: 0.012, taxAlpha: -0.001 }]}
        sma={[{ riskAversion: 10, trackingError: null, taxAlpha: null }]}
        current={10}
        onChoose={choose}
      />
      <Frontier title="Nothing" uma={[]} sma={[]} />
    </>
  );
}

function Transitions() {
  const [chosen, choose] = useState<number | null>(25_000);
  const years = range(2026, 11);
  const budgets: TransitionBudget[] = [0, 10_000, 25_000, 50_000, 100_000, null].map((budget) => ({
    budget,
    trackingError: years.map(
      (_, i) => 0.012 + 0.062 * Math.exp((-i * (budget ?? 400_000)) / 180_000) - 0.0008 * i,
    ),
    taxPaid: budget === null ? 148_000 : Math.min(budget * 2.2, 131_000),
  }));
  return (
    <>
      <Transition years={years} budgets={budgets} chosen={chosen} onChoose={choose} />
      <Transition
        title="One year, one budget"
        years={[2026]}
        budgets={[{ budget: null, trackingError: [0.03], taxPaid: null }]}
      />
      <Transition title="Nothing" years={[]} budgets={[]} />
    </>
  );
}

function Ends() {
  const spread = (median: number) => ({ p5: median * 0.45, p50: median, p95: median * 2.1 });
  return (
    <>
      <Endings
        endings={[
          {
            name: 'Keep everything',
            explanation: 'Nothing is sold; tax on gains is still ahead.',
            uma: spread(4.32e6),
            sma: spread(4.25e6),
            difference: 71_000,
          },
          {
            name: 'Sell everything',
            explanation: 'All gains are taxed on the last day.',
            uma: spread(3.78e6),
            sma: spread(3.77e6),
            difference: 9_000,
          },
          {
            name: 'Leave it at death',
            explanation: 'Heirs take the market value as their basis.',
            uma: spread(4.35e6),
            sma: spread(4.26e6),
            difference: 88_000,
          },
          {
            name: 'Give a fifth to charity',
            explanation: 'The lots with the largest gains go, untaxed.',
            uma: spread(3.62e6),
            sma: spread(3.63e6),
            difference: -4_000,
          },
        ]}
      />
      <Endings
        title="Below zero, huge, missing"
        endings={[
          {
            name: 'Sell everything',
            uma: { p5: -2e8, p50: 3e9, p95: 9e9 },
            sma: { p5: null, p50: null, p95: null },
          },
          {
            name: 'Keep everything',
            uma: { p5: -1e9, p50: 0, p95: 1e9 },
            sma: { p5: -1e9, p50: 0, p95: 1e9 },
          },
        ]}
      />
      <Endings title="Nothing" endings={[]} />
    </>
  );
}

const setups = (uma: number | null, sma: number | null) => [
  { arm: 'uma', name: 'UMA', value: uma },
  { arm: 'sma', name: 'SMA, diligent', value: sma },
];

function Works() {
  return (
    <>
      <Workload
        measures={[
          {
            name: 'Tasks',
            explanation: 'Reviews, raises of cash, answers to the manager.',
            setups: setups(18, 41),
          },
          {
            name: 'Tickets',
            explanation: 'Requests from one manager to the other.',
            setups: setups(0, 14),
          },
          { name: 'Orders', setups: setups(1240, 1184) },
          { name: 'Hours', setups: setups(3.4, 9.8) },
        ]}
      />
      <Workload title="One missing" measures={[{ name: 'Hours', setups: setups(null, 2) }]} />
      <Workload title="Nothing" measures={[]} />
    </>
  );
}

function Cash() {
  const [flows, change] = useState<Flow[]>([
    { amount: 2_000, every: 'month', from: 2026, to: 2033 },
    { amount: -96_000, every: 'year', from: 2034, to: 2055 },
    { amount: 150_000, every: 'once', from: 2038, to: 2038 },
    { amount: -20_000, every: 'year', from: 2040, to: 2043 },
  ]);
  const [few, changeFew] = useState<Flow[]>([]);
  return (
    <>
      <Flows flows={flows} span={[2026, 2055]} age={58} onChange={change} />
      <p class="told">Flows told: {JSON.stringify(flows)}</p>
      <Flows title="None yet, five years" flows={few} span={[1, 5]} onChange={changeFew} />
    </>
  );
}

function Group({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <section id={name}>
      <h2>{name}</h2>
      <div class="gallery">{children}</div>
    </section>
  );
}

render(
  <main class="gallery-page">
    <h1>Charts</h1>
    <Group name="WealthFan">
      <Fans />
    </Group>
    <Group name="DifferenceHistogram">
      <Histograms />
    </Group>
    <Group name="Waterfall">
      <Falls />
    </Group>
    <Group name="YearBars">
      <Bars />
    </Group>
    <Group name="Lines">
      <Curves />
    </Group>
    <Group name="Frontier">
      <Frontiers />
    </Group>
    <Group name="Transition">
      <Transitions />
    </Group>
    <Group name="Endings">
      <Ends />
    </Group>
    <Group name="Workload">
      <Works />
    </Group>
    <Group name="Flows">
      <Cash />
    </Group>
  </main>,
  document.getElementById('page') as HTMLElement,
);
