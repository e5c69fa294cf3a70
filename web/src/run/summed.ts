// A summary of one future or more: of none there is no difference.

import type { Paired, SimulationSummary } from 'unisleeve';

export type Summed = SimulationSummary & { gain: Paired };

export const isSummed = (summary: SimulationSummary): summary is Summed => summary.gain !== null;
