import type { FaultPlan } from '../s3-server/faults.ts';
import { randomFaults } from './random-faults.ts';

/** Nearly one request in six. */
const RATES = {
  delay: 0.04,
  conflict: 0.02,
  refused: 0.02,
  refusedAfter: 0.02,
  closedBefore: 0.015,
  closedAfter: 0.015,
  late: 0.01,
  doubled: 0.02,
};

/** Everything that a network and a server may do wrong, and nothing else: 409 and 412 answer puts with a condition only. */
export function stormyNetwork(seed: number): FaultPlan {
  const plan = randomFaults({ seed, rates: RATES });
  return request => {
    const fault = plan(request);
    const isConditional = 'if-match' in request.headers || 'if-none-match' in request.headers;
    const isConflict = fault?.kind === 'answer' && fault.status < 500;
    return isConflict && !isConditional ? undefined : fault;
  };
}
