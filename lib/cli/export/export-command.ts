import { PersonClient, PersonRequestError } from '../person-client';
import { withProgress } from '../progress';
import { Refusal } from '../refusal';
import { EXPORT_USAGE, type ExportSettings, packagePath, parseExportSettings } from './export-settings';
import { type SavedPackage, savePackage } from './save-package';

const USAGE_EXIT_CODE = 64;

/**
 * `countersign export`: saves evidence packages as a signed-in person, over the console's own HTTP API. A search that one
 * package cannot hold is saved as several, to its end.
 * @returns 0 when everything was saved, 64 for wrong arguments
 */
export async function exportCommand(args: string[]): Promise<number> {
  const settings = parseExportSettings(args);
  const password = process.env.COUNTERSIGN_PASSWORD;
  if (!settings || !password) {
    console.error(EXPORT_USAGE);
    return USAGE_EXIT_CODE;
  }
  const saved = await exportAll(settings, password);
  if (settings.json) console.log(JSON.stringify({ format: 'countersign/export/v1', packages: saved }));
  else
    for (const { path, decisions, size, digest } of saved)
      console.log(`${path}  ${decisions} decisions, ${size} bytes\n  ${digest}`);
  return 0;
}

async function exportAll(settings: ExportSettings, password: string): Promise<SavedPackage[]> {
  const { email, organisation, request, out } = settings;
  try {
    const person = await PersonClient.signIn(settings.console, email, password, organisation);
    const saved: SavedPackage[] = [];
    let asked = request;
    for (;;) {
      const path = packagePath(out, saved.length + 1);
      // Standard output belongs to whoever reads the JSON.
      const one = settings.json
        ? await savePackage(person, asked, path)
        : await withProgress(`Saving ${path}`, (say) => savePackage(person, asked, path, say));
      saved.push(one);
      const { scope } = asked;
      if (one.more === null || scope.kind !== 'search') return saved;
      asked = { ...asked, scope: { ...scope, cursor: one.more } };
    }
  } catch (error) {
    if (error instanceof PersonRequestError)
      throw new Refusal(
        error.code === 'sign_in_refused'
          ? 'The console does not know this person and password.'
          : `The console refused: ${error.code}. ${settings.console}/problems/${error.code} says what it means.`,
      );
    throw error;
  }
}
