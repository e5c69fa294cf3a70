// A summary of at least one future. Without any future there is no difference to report.

import type { SimulationSummary } from 'unisleeve';

export const isSummed = (summary: SimulationSummary): boolean => summary.difference.length > 0;
