import type { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { route } from '@/lib/server/http';
import { getAuthOptions } from '@/lib/server/identity/auth-options';

interface Context {
  params: Promise<{ nextauth: string[] }>;
}

const handler = route(
  async (request: NextRequest, context: Context): Promise<Response> =>
    NextAuth(request as never, context as never, getAuthOptions()) as Promise<Response>,
);

export { handler as GET, handler as POST };
