import { formatAmount } from './format-amount';

/** Money with its currency: sans in a sentence, mono and right-aligned with `column`. `value` is a decimal string. */
export function Amount({
  value,
  currency,
  column = false,
}: {
  value: string;
  currency: string;
  column?: boolean;
}) {
  return <span className={column ? 'amt' : 'nw'}>{formatAmount(value, currency)}</span>;
}
