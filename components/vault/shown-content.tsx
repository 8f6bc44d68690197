import { Fingerprint } from '@/components/ui/fingerprint';
import { Id } from '@/components/ui/id';
import { JsonTree } from '@/components/ui/json-tree';
import { MarkedText } from '@/components/ui/marked-text';
import { NotInspectable } from '@/components/ui/not-inspectable';
import { Word } from '@/components/ui/word';
import type { HashedContent } from '@/lib/vault/hash-content';

/** A content in clear (attacker-controlled), and what this browser found when it hashed it. */
export function ShownContent({
  title,
  mediaType,
  hashed,
}: {
  title: string;
  mediaType: string;
  hashed: HashedContent;
}) {
  const { text, byteCount, computed, matches } = hashed;
  return (
    <>
      <p role="status">
        {matches === true ? (
          <Word tone="valid">re-hashed here</Word>
        ) : matches === false ? (
          <Word tone="invalid">INVALID</Word>
        ) : (
          <Word tone="not-checked">NOT CHECKED</Word>
        )}{' '}
        SHA3-512 over salt and {byteCount.toLocaleString('en')} bytes is <Fingerprint digest={computed} />{' '}
        <Id value={computed} />
        {matches === true && ', as the signed record says.'}
        {matches === false && ': the signed records name another digest. This is not what was signed.'}
        {matches === null && '; the signed records name no digest for it.'}
      </p>
      {text === null ? (
        <NotInspectable>
          {byteCount.toLocaleString('en')} bytes of {mediaType} that are no text.
        </NotInspectable>
      ) : mediaType.endsWith('json') ? (
        <JsonTree json={text} title={title} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <pre className="vtext" tabIndex={0}>
          <MarkedText text={text} />
        </pre>
      )}
    </>
  );
}
