import * as z from 'zod/mini';
import { fetchJson } from '@/lib/client/fetch-json';
import { routes } from '@/lib/client/routes';

/** Makes another organisation the current one and starts there afresh: nothing of the former stays in memory. */
export async function switchTenant(tenantId: string): Promise<void> {
  await fetchJson('/api/v1/tenants/current', z.unknown(), { method: 'POST', body: { tenant: tenantId } });
  window.location.assign(routes.home());
}
