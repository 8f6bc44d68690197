import { getConfig } from '../config';
import { ServiceError } from '../errors';

/**
 * Lets a changing request pass only when a page of this console sent it: `Sec-Fetch-Site: same-origin` (Fetch Metadata),
 * or, where the browser sends none, an `Origin` equal to the console's.
 * @throws ServiceError `cross_site_request`
 */
export function requireSameOrigin(request: Request): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const site = request.headers.get('sec-fetch-site');
  const same = site === null ? request.headers.get('origin') === getConfig().origin : site === 'same-origin';
  if (!same) throw new ServiceError('cross_site_request', 'Only pages of this console may ask for that.');
}
