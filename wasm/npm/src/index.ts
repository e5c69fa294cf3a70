// The package: runs the core in workers, with progress, cancellation and transferable typed arrays.

export type {
  AccountConfig,
  ArmSummary,
  AssetClass,
  Averages,
  ClassDrift,
  Closes,
  Config,
  DifferenceRow,
  Ending,
  Fan,
  Flow,
  Gift,
  HouseholdConfig,
  LegacyLot,
  Paired,
  PolicySleeve,
  Restrictions,
  Scenario,
  SimulationConfig,
  SimulationSummary,
  Summary,
  TaxConfig,
  Trades,
  TradingConfig,
  Unmatched,
  Verdict,
  Work,
} from '../pkg/unisleeve_wasm.js';
export type { EngineOptions } from './engine.js';
export { Engine } from './engine.js';
export { Failure } from './failure.js';
export type { Defaults, Study } from './messages.js';
export type { Progress, SimulateOptions } from './simulate.js';
