import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { BrandMark } from '@/components/frame/brand-mark';
import { MINIMUM_PASSWORD_CHARACTERS } from '@/lib/identity/password-rule';
import { signInOptions } from '@/lib/server/identity/sign-in-options';
import { JoinForm } from './join-form';

export const metadata: Metadata = { title: 'First administrator' };

/** Where the one-time link leads. Its secret stays in the fragment, so that no server log and no proxy ever holds it. */
export default async function JoinPage() {
  await headers();
  const { oidcName } = await signInOptions();
  return (
    <main className="door">
      <div className="door-box">
        <p className="brand">
          <BrandMark />
          Countersign
        </p>
        <JoinForm oidcName={oidcName} minimumPasswordCharacters={MINIMUM_PASSWORD_CHARACTERS} />
      </div>
    </main>
  );
}
