import { parseArgs } from 'node:util';
import { startTimestampAuthority } from './timestamp-authority';

/**
 * The demo time-stamping authority as a process of its own:
 * `node --import tsx lib/demo/witnesses/timestamp-authority-process.ts --port 3318 --directory <its own>`.
 * When it listens it writes one line of JSON, `{"url":"http://127.0.0.1:3318/"}`; SIGTERM and the end of the process that
 * started it (over the IPC channel, where there is one) end it.
 */
const { values } = parseArgs({ options: { port: { type: 'string' }, directory: { type: 'string' } } });
const port = Number(values.port ?? 'none');
if (!values.directory || !Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error('Usage: timestamp-authority-process --port <0–65535> --directory <path>');
  process.exit(2);
}
try {
  const authority = await startTimestampAuthority({ port, directory: values.directory });
  const end = (): void => {
    authority.stop().then(() => process.exit(0));
  };
  process.once('SIGTERM', end).once('SIGINT', end);
  if (process.channel) process.once('disconnect', end);
  console.log(JSON.stringify({ url: authority.url }));
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(`The demo time-stamping authority could not be started: ${reason}`);
  process.exit(1);
}
