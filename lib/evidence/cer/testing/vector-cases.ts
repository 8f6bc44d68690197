/**
 * The published Certified Execution Records, and what is expected of each: the verdict of NexArt's own package where it
 * gives one, and for the rest the policy that stands beside the name. Paths start at the root of the collection. Tests only.
 */
import { hasFile, readJson, type VectorCase, type VectorFiles } from '@/lib/core/testing/vector-case';
import { verifyCer } from '../verify-cer';

/** Our answer where it is not the package's own: steps are in an order that their own records contradict. */
const POLICY: Readonly<Record<string, string>> = {
  'note-project-swapped-and-rehashed-chain-broken.json': 'invalid',
};

interface SdkVerdict {
  file: string;
  sdkOk: boolean;
}

interface RealVerdict {
  file: string;
  expect?: string;
  findings?: readonly string[];
}

export function listCerVectors(files: VectorFiles): VectorCase[] {
  const made = listOf<SdkVerdict>(files, 'cer').map(({ file, sdkOk }) =>
    caseOf(files, `cer/${file}`, sdkOk ? 'valid' : 'invalid'),
  );
  const real = listOf<RealVerdict>(files, 'cer/nexart-real').map(({ file, expect, findings = [] }) =>
    caseOf(
      files,
      `cer/nexart-real/${file}`,
      POLICY[file] ?? expect ?? (findings.length > 0 ? 'invalid' : 'valid'),
    ),
  );
  return [...made, ...real].filter((one) => one !== null);
}

function listOf<T>(files: VectorFiles, folder: string): readonly T[] {
  return hasFile(files, `${folder}/index.json`) ? readJson<T[]>(files, `${folder}/index.json`) : [];
}

/** The index names more records than the collection holds. */
function caseOf(files: VectorFiles, path: string, expect: string): VectorCase | null {
  if (!hasFile(files, path)) return null;
  return {
    name: path.slice('cer/'.length),
    expect,
    run: async () => (await verifyCer(files.readFile(path), [])).verdict,
  };
}
