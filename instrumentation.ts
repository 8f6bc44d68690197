/** Called once when the server starts: background work of this process. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { startServices } = await import('./lib/server/health/start-services');
  startServices();
}
