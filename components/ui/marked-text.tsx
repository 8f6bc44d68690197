import { classifyText } from '@/lib/core/visible-text';

/**
 * Text from outside, with every code point that hides or deceives shown by its number. A look-alike keeps its own shape
 * and gets the number beside it; everything else is replaced by the number.
 */
export function MarkedText({ text }: { text: string }) {
  return (
    <bdi>
      {classifyText(text).map((part, at) =>
        part.kind === 'plain' ? (
          part.text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other identity than their place
          <span key={at}>
            {part.kind === 'look-alike' && part.text}
            <span className="cp" title={part.name}>
              {part.code}
              <span className="vh"> {part.name}</span>
            </span>
          </span>
        ),
      )}
    </bdi>
  );
}
