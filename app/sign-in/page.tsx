import type { Metadata } from 'next';
import Link from 'next/link';
import { BrandMark } from '@/components/frame/brand-mark';
import { routes } from '@/lib/client/routes';
import { signInOptions } from '@/lib/server/identity/sign-in-options';
import { parseCallbackPath } from './parse-callback-path';
import { SignInForm } from './sign-in-form';

export const metadata: Metadata = { title: 'Sign in' };

/** The door: the organisation's sign-in, or in the demo its people by one click. */
export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const [options, search] = await Promise.all([signInOptions(), searchParams]);
  return (
    <main className="door">
      <div className="door-box">
        <Link className="brand" href={routes.home()}>
          <BrandMark />
          Countersign
        </Link>
        <SignInForm
          demoAccounts={options.demoAccounts}
          demoPassword={options.demoPassword}
          password={options.password}
          oidcName={options.oidcName}
          callbackPath={parseCallbackPath(search.callbackUrl)}
          failed={search.error !== undefined}
        />
        <p className="t2">
          Were you handed evidence? <a href="/verify">Verify it here</a>, without signing in.
        </p>
      </div>
    </main>
  );
}
