/** The code that the settings page offers to paste, for a console at `origin` and a producer registered there. */
export function gatewayCode(origin: string, producerId: string): string {
  return `import { readFileSync } from 'node:fs';
import { createGateway } from '@/lib/gateway/create-gateway';

const seed = new Uint8Array(Buffer.from(readFileSync('gateway.seed', 'utf8').trim(), 'hex'));
const jwks = JSON.parse(readFileSync('console.jwks.json', 'utf8')); // saved once from ${origin}/.well-known/jwks.json
const gateway = createGateway({ origin: '${origin}', producerId: '${producerId}', seed, jwks });

const outcome = await gateway.guard(
  {
    subject: { type: 'agent', id: 'payments-agent' },
    resource: { type: 'account', id: 'acct-7' },
    action: { name: 'payment.create', properties: { amount: '18500.00', currency: 'INR' } },
    context: { session: 'session-1' },
  },
  async () => ({ value: await pay('acct-7', '18500.00') }),
);
if (outcome.status !== 'executed') console.warn(outcome.status);`;
}
