// The package: the core in workers, with progress, cancelling and typed arrays that are handed over.

export { Failure } from './desk.js';
export { Engine } from './engine.js';
export type { EngineOptions, Progress, SimulateOptions } from './engine.js';
export type { Config, Defaults, SimulationSummary, Study, Summary } from './messages.js';
