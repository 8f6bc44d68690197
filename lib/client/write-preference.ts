const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Remembers how a person wants to see pages. A cookie, so that the server draws the first page that way already. */
export function writePreference(name: string, value: string): void {
  const secure = window.location.protocol === 'https:' ? '; secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser we serve
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_SECONDS}; samesite=lax${secure}`;
}
