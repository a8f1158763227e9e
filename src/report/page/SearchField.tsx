import type { JSX } from 'preact';

interface SearchFieldProps {
  readonly value: string;
  readonly onSearch: (part: string) => void;
}

/** A part of the names that are to be shown. */
export function SearchField({ value, onSearch }: SearchFieldProps): JSX.Element {
  return (
    <input
      type="search"
      placeholder="part of a name"
      aria-label="search names"
      value={value}
      onInput={(event) => onSearch(event.currentTarget.value)}
    />
  );
}
