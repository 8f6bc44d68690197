/** Run by itself so that it can be killed: takes the one delivery that is due and sends it. */
import { claimDelivery } from '@/lib/server/notifications/claim-delivery';
import { runDelivery } from '@/lib/server/notifications/run-delivery';

const delivery = await claimDelivery(Date.now());
if (!delivery) throw new Error('nothing is due');
await runDelivery(delivery, { signal: new AbortController().signal });
