/** A key as it is printed on a keyboard. Hidden from screen readers: the shortcut sheet tells them. */
export function Kbd({ children }: { children: string }) {
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: <kbd> takes no focus
  return <kbd aria-hidden="true">{children}</kbd>;
}
