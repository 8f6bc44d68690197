/** RFC 8785 (JCS) by its author's own test data: what each input prints as, in text and in bytes. Tests only. */
import { utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { formatCanonicalJson, parseJson } from '@/lib/core/json';
import { readText, type VectorCase, type VectorFiles } from './vector-case';

export function listJcsVectors(files: VectorFiles): VectorCase[] {
  return files.listFiles('ed25519/jcs/input').flatMap((file) => {
    const print = (): string => {
      const parsed = parseJson(readText(files, `ed25519/jcs/input/${file}`), { allowFloats: true });
      return parsed.ok ? formatCanonicalJson(parsed.value) : parsed.code;
    };
    const hex = `ed25519/jcs/outhex/${file.replace('.json', '.txt')}`;
    return [
      {
        name: `${file} as text`,
        expect: readText(files, `ed25519/jcs/output/${file}`).trimEnd(),
        run: print,
      },
      {
        name: `${file} as bytes`,
        expect: readText(files, hex).replace(/\s/g, ''),
        run: () => formatHex(utf8(print())),
      },
    ];
  });
}
