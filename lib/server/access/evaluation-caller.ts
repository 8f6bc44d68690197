import type { ProducerCaller } from '../machine-auth/require-producer';

/** Who asks: of the tenant, authenticated by the caller of this verb. */
export type EvaluationCaller = Pick<ProducerCaller, 'producerId' | 'tenant'> &
  Partial<Pick<ProducerCaller, 'publicKey'>>;
