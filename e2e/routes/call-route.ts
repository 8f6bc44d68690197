import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Handler = (
  request: Request,
  context: { params: Promise<Record<string, string | string[]>> },
) => Promise<Response>;

export interface RouteFile {
  /** `api/v1/escalations/[escalationId]` */
  path: string;
  methods: string[];
  handlers: Record<string, Handler>;
}

const APP = join(process.cwd(), 'app');
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Every route handler of the console, imported: the code that production runs, without Next in front of it. */
export async function loadRoutes(): Promise<RouteFile[]> {
  const files = readdirSync(APP, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /(^|\/)route\.ts$/.test(file))
    .sort();
  return Promise.all(
    files.map(async (file) => {
      const handlers = (await import(/* @vite-ignore */ pathToFileURL(join(APP, file)).href)) as Record<
        string,
        Handler
      >;
      const methods = METHODS.filter((method) => typeof handlers[method] === 'function');
      return { path: file.replace(/\/route\.ts$/, ''), methods, handlers };
    }),
  );
}

/** The parameters of `pathname` under a route's path, decoded as Next decodes them; null when it is another route's. */
export function matchPath(route: string, pathname: string): Record<string, string | string[]> | null {
  const wanted = route.split('/');
  const given = pathname.split('/').filter((part) => part !== '');
  const params: Record<string, string | string[]> = {};
  for (const [index, segment] of wanted.entries()) {
    const rest = /^\[\.\.\.(\w+)\]$/.exec(segment);
    if (rest) {
      params[rest[1] as string] = given.slice(index).map(decodeURIComponent);
      return given.length > index ? params : null;
    }
    const name = /^\[(\w+)\]$/.exec(segment)?.[1];
    const part = given[index];
    if (part === undefined || (!name && part !== segment)) return null;
    if (name) params[name] = decodeURIComponent(part);
  }
  return given.length === wanted.length ? params : null;
}

/** The request as the console's own address would receive it. Static paths win over parameters, as in Next. */
export async function callRoute(routes: readonly RouteFile[], request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const found = routes
    .flatMap((route) => {
      const params = matchPath(route.path, pathname);
      return params ? [{ route, params }] : [];
    })
    .sort((a, b) => a.route.path.split('[').length - b.route.path.split('[').length)[0];
  const handler = found?.route.handlers[request.method];
  if (!found || !handler) throw new Error(`no handler for ${request.method} ${pathname}`);
  return handler(request, { params: Promise.resolve(found.params) });
}
