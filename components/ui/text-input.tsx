import type { InputHTMLAttributes, Ref } from 'react';

/** One line of text. `mono` for identifiers and amounts. */
export function TextInput({
  mono = false,
  ...rest
}: { mono?: boolean; ref?: Ref<HTMLInputElement> } & Omit<
  InputHTMLAttributes<HTMLInputElement>,
  'className'
>) {
  return <input {...rest} className={mono ? 'input mono' : 'input'} />;
}
