/** Called once when the server starts: background work of this process. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { getConfig } = await import('./lib/server/config');
  getConfig();
  if (process.env.OTEL_EXPORTER_OTLP_ENDPOINT) {
    const { startTelemetry } = await import('./lib/server/telemetry/start-telemetry');
    const telemetry = startTelemetry();
    process.once('SIGTERM', () => void telemetry.stop());
    process.once('SIGINT', () => void telemetry.stop());
  }
  const { startServices } = await import('./lib/server/health/start-services');
  startServices();
}
