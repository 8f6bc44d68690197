/**
 * Where to go after signing in, from a query parameter (attacker-controlled): a path of this console, else the start.
 * What a browser would read as another site (`//evil`, `/\evil`, `https:`), and the sign-in page itself, become the start.
 */
export function parseCallbackPath(value: string | string[] | undefined): string {
  if (typeof value !== 'string' || value.length > 2048 || !value.startsWith('/')) return '/';
  let url: URL;
  try {
    url = new URL(value, 'http://console.invalid');
  } catch {
    return '/';
  }
  if (url.origin !== 'http://console.invalid' || url.pathname.startsWith('//')) return '/';
  if (url.pathname === '/sign-in' || url.pathname.startsWith('/api/')) return '/';
  return `${url.pathname}${url.search}${url.hash}`;
}
