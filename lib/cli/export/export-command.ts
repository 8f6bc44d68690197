import { PersonClient, PersonRequestError } from '../person-client';
import { withProgress } from '../progress';
import { Refusal } from '../refusal';
import {
  cerPath,
  EXPORT_USAGE,
  type ExportSettings,
  packagePath,
  parseExportSettings,
} from './export-settings';
import { saveCer } from './save-cer';
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
  if (settings.cer) return exportCer(settings, password);
  const saved = await signedIn(settings, password, (person) => exportAll(settings, person));
  if (settings.json) console.log(JSON.stringify({ format: 'countersign/export/v1', packages: saved }));
  else
    for (const { path, decisions, size, digest } of saved)
      console.log(`${path}  ${decisions} decisions, ${size} bytes\n  ${digest}`);
  return 0;
}

async function exportCer(settings: ExportSettings, password: string): Promise<number> {
  const { request, out, json } = settings;
  const saved = await signedIn(settings, password, (person) => saveCer(person, request, cerPath(out)));
  if (json) console.log(JSON.stringify({ format: 'countersign/cer-export/v1', ...saved }));
  else console.log(`${saved.path}  ${saved.size} bytes\n  ${saved.certificateHash}`);
  return 0;
}

async function exportAll(settings: ExportSettings, person: PersonClient): Promise<SavedPackage[]> {
  const { request, out } = settings;
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
}

/** What the console refuses becomes a sentence. */
async function signedIn<T>(
  { console: origin, email, organisation }: ExportSettings,
  password: string,
  work: (person: PersonClient) => Promise<T>,
): Promise<T> {
  try {
    return await work(await PersonClient.signIn(origin, email, password, organisation));
  } catch (error) {
    if (error instanceof PersonRequestError)
      throw new Refusal(
        error.code === 'sign_in_refused'
          ? 'The console does not know this person and password.'
          : `The console refused: ${error.code}. ${origin}/problems/${error.code} says what it means.`,
      );
    throw error;
  }
}
