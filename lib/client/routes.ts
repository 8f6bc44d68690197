/** Every address of the console, in one place. Nothing here may carry personal data: only ids, tokens and queries. */
export const routes = {
  home: () => '/',
  queue: () => '/queue',
  escalation: (escalationId: string) => `/queue/${encodeURIComponent(escalationId)}`,
  decisions: (query?: string) => (query ? `/decisions?q=${encodeURIComponent(query)}` : '/decisions'),
  decision: (decisionId: string) => `/decisions/${encodeURIComponent(decisionId)}`,
  trace: (traceId: string) => `/traces/${encodeURIComponent(traceId)}`,
  lineage: (node?: string, more: { view?: 'touched' | 'way'; to?: string; way?: 'causal' | 'any' } = {}) =>
    node ? `/lineage?${new URLSearchParams({ node, ...more })}` : '/lineage',
  changes: () => '/changes',
  integrity: () => '/integrity',
  completeness: () => '/integrity/completeness',
  insights: () => '/insights',
  attention: () => '/insights/attention',
  reviewing: () => '/reviewing',
  vault: (tab?: string) => (tab ? `/vault?tab=${encodeURIComponent(tab)}` : '/vault'),
  passkeys: () => '/passkeys',
  settings: () => '/settings',
  person: (personId: string) => `/settings/people/${encodeURIComponent(personId)}`,
  signIn: (callbackPath?: string) =>
    callbackPath ? `/sign-in?callbackUrl=${encodeURIComponent(callbackPath)}` : '/sign-in',
} as const;
