import { fingerprintOf, rootBytes } from '@/lib/evidence/trust/root-bytes';
import { type TrustRoot, trustRoot } from '@/lib/evidence/trust/trust-root';

/** What this person pinned in this browser, in IndexedDB. Another browser, or another profile, knows nothing of it. */
const DATABASE = 'countersign-trust';
const ROOTS = 'roots';
export const PINNED_BY = 'you in this browser';

const keyOf = (root: Pick<TrustRoot, 'kind' | 'fingerprint'>) => `${root.kind} ${root.fingerprint}`;

function openTrust(): Promise<IDBDatabase | null> {
  return new Promise((resolve) => {
    let request: IDBOpenDBRequest;
    try {
      request = indexedDB.open(DATABASE, 1);
    } catch {
      resolve(null);
      return;
    }
    request.onupgradeneeded = () => request.result.createObjectStore(ROOTS);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
    request.onblocked = () => resolve(null);
  });
}

/** Every pinned root, oldest first. One that no longer fits its own fingerprint is left out. */
export async function listPinnedRoots(): Promise<TrustRoot[]> {
  const database = await openTrust();
  if (!database) return [];
  const kept = await new Promise<unknown[]>((resolve) => {
    const request = database.transaction(ROOTS).objectStore(ROOTS).getAll();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve([]);
  });
  database.close();
  return kept
    .flatMap((value) => {
      const root = trustRoot.safeParse(value);
      const bytes = root.success ? rootBytes(root.data) : null;
      return root.success && bytes?.ok && fingerprintOf(bytes.value) === root.data.fingerprint
        ? [root.data]
        : [];
    })
    .sort((a, b) => ((a.pinned?.at ?? '') < (b.pinned?.at ?? '') ? -1 : 1));
}

async function change(apply: (store: IDBObjectStore) => void): Promise<boolean> {
  const database = await openTrust();
  if (!database) return false;
  const done = await new Promise<boolean>((resolve) => {
    const transaction = database.transaction(ROOTS, 'readwrite');
    apply(transaction.objectStore(ROOTS));
    transaction.oncomplete = () => resolve(true);
    transaction.onabort = () => resolve(false);
    transaction.onerror = () => resolve(false);
  });
  database.close();
  return done;
}

/** Pins roots from now on. False when this browser keeps nothing. */
export function pinRoots(roots: readonly TrustRoot[], at: string): Promise<boolean> {
  return change((store) => {
    for (const root of roots) store.put({ ...root, pinned: { by: PINNED_BY, at } }, keyOf(root));
  });
}

export function unpinRoot(root: TrustRoot): Promise<boolean> {
  return change((store) => store.delete(keyOf(root)));
}
