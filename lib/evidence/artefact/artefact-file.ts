import { err, ok, type Result } from '@/lib/core/result';
import type { RandomAccess } from '../package/random-access';

/** A file that somebody dropped: its name and its bytes are attacker-controlled. */
export interface ArtefactFile extends RandomAccess {
  readonly name: string;
}

export type ReadErrorCode = 'artefact_too_large' | 'artefact_unreadable';

/** All bytes of a file of at most `maxBytes`. */
export async function readWhole(
  file: ArtefactFile,
  maxBytes: number,
): Promise<Result<Uint8Array, ReadErrorCode>> {
  if (file.size > maxBytes) return err('artefact_too_large', `${file.size} bytes`);
  try {
    const bytes = await file.read(0, file.size);
    return bytes.length === file.size ? ok(bytes) : err('artefact_unreadable', 'fewer bytes than it has');
  } catch {
    return err('artefact_unreadable');
  }
}

/** The name without folders, as it is shown and compared. */
export function baseName(name: string): string {
  return name.split(/[\\/]/).at(-1) ?? name;
}
