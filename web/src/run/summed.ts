// A summary of at least one future. Without any future there is no difference to report.

import type { Paired, SimulationSummary } from 'unisleeve';

export type Summed = SimulationSummary & { gain: Paired };

export const isSummed = (summary: SimulationSummary): summary is Summed => summary.gain !== null;
