import type { Ref, TextareaHTMLAttributes } from 'react';

/** Several lines of text; it grows with what is typed. */
export function TextArea({
  rows = 3,
  ...rest
}: { ref?: Ref<HTMLTextAreaElement> } & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'className'>) {
  return <textarea {...rest} rows={rows} className="input area" />;
}
