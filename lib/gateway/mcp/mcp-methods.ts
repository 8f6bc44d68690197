/**
 * The methods of the Model Context Protocol that pass the proxy, beside `tools/call`, which waits for authority. A method
 * that is not listed could act without anybody's authority, so it does not pass unless the operator names it.
 */
export const CLIENT_METHODS: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'tools/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'logging/setLevel',
]);

/** What a server may ask of the agent's side. */
export const SERVER_METHODS: ReadonlySet<string> = new Set([
  'ping',
  'roots/list',
  'sampling/createMessage',
  'elicitation/create',
]);

/** Notifications change nothing by themselves; a `tools/call` without an id is not one. */
export function isNotificationMethod(method: string): boolean {
  return method.startsWith('notifications/');
}
