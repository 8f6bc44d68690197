/** One of the console's own keys, as people and strangers see it. */
export interface ConsoleKeyView {
  keyid: string;
  purpose: string;
  validFrom: string;
  retiredAt: string | null;
  compromised: boolean;
  /** Signs now, in this console's key directory. */
  current: boolean;
}
