/** The part of a package-lock.json (lockfileVersion 3) that completing it reads and writes. */
export interface LockFile {
  packages: Record<string, LockEntry>;
}

export interface LockEntry {
  version?: string;
  resolved?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string | string[];
  cpu?: string | string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

/** Where npm would look for `name` as a dependency of the package at `from`: innermost node_modules first. */
function findPlace(lock: LockFile, from: string, name: string): string | null {
  for (let at = from; ; ) {
    const place = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (lock.packages[place]) return place;
    if (at === '') return null;
    const outer = at.lastIndexOf('/node_modules/');
    at = outer < 0 ? '' : at.slice(0, outer);
  }
}

/** The platform that a binary package's name speaks of, such as `@next/swc-linux-arm64-musl`; null when none. */
export function platformOfName(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> | null {
  const words = name.split('/').at(-1)?.replace('windows', 'win32').split('-') ?? [];
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.find((word) => PROCESSORS.includes(word));
  if (!os && !cpu) return null;
  const libc = words.includes('musl') ? 'musl' : words.includes('gnu') ? 'glibc' : undefined;
  return { ...(os ? { os: [os] } : {}), ...(cpu ? { cpu: [cpu] } : {}), ...(libc ? { libc: [libc] } : {}) };
}

/** Optional dependencies that some package names and the lock lacks, as `name@version`. */
export function listMissing(lock: LockFile): { from: string; name: string; version: string }[] {
  return Object.entries(lock.packages).flatMap(([from, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => findPlace(lock, from, name) === null)
      .map(([name, version]) => ({ from, name, version })),
  );
}

/** Packages whose download address the lock carries: it must work with whichever registry a machine uses. */
export function listAddresses(lock: LockFile): string[] {
  return Object.entries(lock.packages)
    .filter(([, entry]) => entry.resolved !== undefined)
    .map(([place]) => place);
}

/**
 * Adds what npm leaves out when a platform's binary cannot be fetched on the machine that resolves: an entry of version
 * and platform only, so that `npm ci` accepts the lock everywhere and fetches the binary where it is needed. Exact
 * versions only. Returns the lock with its packages in npm's order.
 */
export function completeLock(lock: LockFile): LockFile {
  const packages = { ...lock.packages };
  for (const { from, name, version } of listMissing(lock)) {
    const platform = platformOfName(name);
    if (platform === null || !/^\d+\.\d+\.\d+[\w.+-]*$/.test(version)) continue;
    packages[`node_modules/${name}`] = {
      version,
      ...platform,
      ...(lock.packages[from]?.dev ? { dev: true } : {}),
      optional: true,
    };
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  return { ...lock, packages: Object.fromEntries(sorted) };
}
