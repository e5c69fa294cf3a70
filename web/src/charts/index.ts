import './charts.css';

export { DifferenceHistogram, type DifferenceHistogramProps } from './difference-histogram';
export { Endings, type Ending, type EndingsProps, type Spread } from './endings';
export { Figure, type FigureOptions, type Table } from './figure';
export { Flows, type FlowsProps } from './flows';
export type { Every, Flow, Span } from './flow';
export { Frontier, type FrontierPoint, type FrontierProps } from './frontier';
export { Lines, type LinesProps, type Series, type Tone } from './lines';
export { Transition, type TransitionBudget, type TransitionProps } from './transition';
export { Waterfall, type WaterfallProps, type WaterfallStep } from './waterfall';
export { WealthFan, type Percentiles, type WealthFanProps } from './wealth-fan';
export { Workload, type WorkloadProps } from './workload';
export { YearBars, type YearBarsProps } from './year-bars';
