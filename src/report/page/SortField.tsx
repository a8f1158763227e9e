import type { JSX } from 'preact';

interface SortFieldProps<Sort extends string> {
  readonly sorts: readonly Sort[];
  readonly value: Sort;
  readonly onSort: (sort: Sort) => void;
}

/** The order of a list. */
export function SortField<Sort extends string>({ sorts, value, onSort }: SortFieldProps<Sort>): JSX.Element {
  return (
    <label>
      sorted by{' '}
      <select value={value} onChange={(event) => onSort(event.currentTarget.value as Sort)}>
        {sorts.map((name) => (
          <option>{name}</option>
        ))}
      </select>
    </label>
  );
}
