import { createFirstLink } from '@/lib/server/identity/create-first-link';
import { signInOptions } from '@/lib/server/identity/sign-in-options';

/** Says where the console runs and how to get in: the demo's accounts, or the first administrator's one-time link. */
export async function printWelcome(origin: string, demo: boolean): Promise<void> {
  console.log(`\nCountersign is running at ${origin}\n`);
  if (demo) {
    const { demoAccounts, demoPassword } = await signInOptions();
    const width = Math.max(0, ...demoAccounts.map((account) => account.email.length));
    if (demoAccounts.length > 0) console.log(`Sign in with the password ${demoPassword} as`);
    for (const account of demoAccounts)
      console.log(`  ${account.email.padEnd(width)}  ${account.role}, ${account.tenant}`);
  } else {
    const secret = await createFirstLink();
    if (secret)
      console.log(
        `Become its first administrator (this link works once, for 24 hours):\n  ${origin}/join#${secret}`,
      );
  }
  console.log('\nCtrl-C stops it.');
}
