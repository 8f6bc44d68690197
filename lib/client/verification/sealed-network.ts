/**
 * Imported by the worker that reads dropped files: before any of them is opened, every way out is taken away. A file must
 * not be able to make its verifier speak to anybody, whatever it makes of the code that reads it.
 */
const WAYS_OUT = [
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'WebTransport',
  'EventSource',
  'BroadcastChannel',
  'importScripts',
];

/** Takes the ways out of this scope away for good. */
export function sealNetwork(): void {
  for (const name of WAYS_OUT)
    if (name in globalThis)
      Object.defineProperty(globalThis, name, { value: undefined, writable: false, configurable: false });
}
