/** How every Chromium of the checks is started: no sandbox (containers lack what it needs), no talk to anybody. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
