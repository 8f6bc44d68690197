import type { Ref, SelectHTMLAttributes } from 'react';
import { Icon } from './icon';

/** One choice of a list. */
export type SelectOption = { value: string; label: string; disabled?: boolean };

/**
 * One of several choices: the platform's own list, which phones, screen readers and keyboards know best.
 * `placeholder` stands while nothing is chosen and cannot be chosen. `compact` is the height of a button, for filters.
 */
export function Select({
  options,
  placeholder,
  compact = false,
  ...rest
}: {
  options: readonly SelectOption[];
  placeholder?: string;
  compact?: boolean;
  ref?: Ref<HTMLSelectElement>;
} & Omit<SelectHTMLAttributes<HTMLSelectElement>, 'className' | 'multiple' | 'size'>) {
  return (
    <span className={compact ? 'select compact' : 'select'}>
      <select {...rest}>
        {placeholder !== undefined && (
          <option value="" disabled>
            {placeholder}
          </option>
        )}
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </span>
  );
}
