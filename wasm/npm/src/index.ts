// The package: the core in workers, with progress, cancelling and typed arrays that are handed over.

export type {
  ArmSummary,
  Averages,
  Config,
  Fan,
  Flow,
  Paired,
  PolicySleeve,
  Scenario,
  SimulationConfig,
  SimulationSummary,
  Summary,
} from '../pkg/unisleeve_wasm.js';
export type { EngineOptions } from './engine.js';
export { Engine } from './engine.js';
export { Failure } from './failure.js';
export type { Defaults, Study } from './messages.js';
export type { Progress, SimulateOptions } from './simulate.js';
