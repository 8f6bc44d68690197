import { getSecretIn } from '@/lib/server/keys/key-directory';

/** What the server and every verb of this process read as their configuration (lib/server/config.ts). */
export function consoleEnvironment(options: {
  dataDirectory: string;
  appUrl: string;
  origin: string;
  demo: boolean;
}): Record<string, string> {
  return {
    COUNTERSIGN_DATABASE_URL: options.appUrl,
    COUNTERSIGN_DATA: options.dataDirectory,
    COUNTERSIGN_ORIGIN: options.origin,
    COUNTERSIGN_DEMO: options.demo ? '1' : '0',
    COUNTERSIGN_CHECKPOINT_SECONDS:
      process.env.COUNTERSIGN_CHECKPOINT_SECONDS ?? (options.demo ? '10' : '600'),
    NEXTAUTH_URL: options.origin,
    NEXTAUTH_SECRET: Buffer.from(getSecretIn(options.dataDirectory, 'session.secret')).toString('base64url'),
  };
}
