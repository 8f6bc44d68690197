import { routes } from '@/lib/client/routes';

/** Ends the session on the server and leaves for the sign-in page. Loaded only when used. */
export async function endSession(): Promise<void> {
  const { signOut } = await import('next-auth/react');
  await signOut({ callbackUrl: routes.signIn() });
}
