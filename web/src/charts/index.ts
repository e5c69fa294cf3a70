import './charts.css';

export { DifferenceHistogram, type DifferenceHistogramProps } from './difference-histogram';
export { type Ending, Endings, type EndingsProps, type Spread } from './endings';
export { Figure, type FigureOptions, type Table } from './figure';
export type { Every, Flow, Span } from './flow';
export { Flows, type FlowsProps } from './flows';
export { Frontier, type FrontierPoint, type FrontierProps } from './frontier';
export { Lines, type LinesProps, type Series, type Tone } from './lines';
export { Transition, type TransitionBudget, type TransitionProps } from './transition';
export { Waterfall, type WaterfallProps, type WaterfallStep } from './waterfall';
export { type Percentiles, WealthFan, type WealthFanProps } from './wealth-fan';
export { Workload, type WorkloadProps } from './workload';
export { YearBars, type YearBarsProps } from './year-bars';
