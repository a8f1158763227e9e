import type { JSX } from 'preact';

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly values: readonly string[];
  /** What stands for what is left out. */
  readonly usual?: string;
  readonly onChange: (value: string) => void;
}

/** One of several; the first is what is taken where nothing is chosen, where there is such. */
export function Choice({ label, value, values, usual, onChange }: ChoiceProps): JSX.Element {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {usual !== undefined && <option value="">{usual}</option>}
        {values.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

interface SliderProps {
  readonly label: string;
  /** Empty by default. */
  readonly value: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  /** Where the slider stands for what is left out, and what is said of that; none where it cannot be left out. */
  readonly usual?: { readonly at: number; readonly text: string };
  readonly onChange: (value: string) => void;
}

/** A number by a slider and, exactly, by its digits. */
export function Slider({ label, value, least, most, step, usual, onChange }: SliderProps): JSX.Element {
  const shown = value === '' ? (usual?.at ?? least) : Number(value);
  return (
    <div class="field slider">
      <span>
        {label} <output>{value === '' ? (usual?.text ?? shown) : value}</output>
      </span>
      <input
        type="range"
        aria-label={label}
        min={least}
        max={most}
        step={step}
        value={shown}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      <input
        type="number"
        aria-label={`${label}, exactly`}
        min={least}
        step="any"
        value={value}
        placeholder={usual?.text}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {usual !== undefined && value !== '' && (
        <button type="button" aria-label={`${label} as usual`} onClick={() => onChange('')}>
          ×
        </button>
      )}
    </div>
  );
}

/** The kinds of thresholds that have a number: how it is written, and what a slider offers. */
const NUMBERS = {
  value: { first: '0.2', unit: 'of white', most: 1, step: 0.005, textOf: (number: string) => number },
  '% of largest': {
    first: '20%',
    unit: '% of largest',
    most: 100,
    step: 0.5,
    textOf: (number: string) => `${number}%`,
  },
  quantile: { first: 'q90', unit: 'quantile in %', most: 100, step: 0.5, textOf: (number: string) => `q${number}` },
} as const;

const LEVELS = [...(Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]), 'otsu', 'median'] as const;
type LevelKind = (typeof LEVELS)[number];

interface LevelProps {
  readonly label: string;
  /** As the command takes it; empty where there is none. */
  readonly value: string;
  readonly none: string;
  readonly onChange: (value: string) => void;
}

/** A threshold: a share of white, of the largest response or of the samples, or one that the picture tells. */
export function Level({ label, value, none, onChange }: LevelProps): JSX.Element {
  const kind = kindOf(value);
  const numbers = kind === undefined || kind === 'otsu' || kind === 'median' ? undefined : NUMBERS[kind];
  const choose = (chosen: string): void =>
    onChange(chosen in NUMBERS ? NUMBERS[chosen as keyof typeof NUMBERS].first : chosen);
  return (
    <>
      <Choice label={label} value={kind ?? ''} values={LEVELS} usual={none} onChange={choose} />
      {numbers && (
        <Slider
          label={`${label}, ${numbers.unit}`}
          value={value.replace(/[%q]/g, '')}
          least={0}
          most={numbers.most}
          step={numbers.step}
          onChange={(number) => onChange(numbers.textOf(number))}
        />
      )}
    </>
  );
}

function kindOf(value: string): LevelKind | undefined {
  if (value === '') return undefined;
  if (value === 'otsu' || value === 'median') return value;
  return value.endsWith('%') ? '% of largest' : value.startsWith('q') ? 'quantile' : 'value';
}
