import type { JSX } from 'preact';
import { EDGE_COLORS, MAGNITUDE_NORMS, operatorFacts, RESPONSE_MAPS } from '../../core.ts';
import { BORDER_NAMES } from '../../planes/border.ts';
import type { State } from '../state.ts';
import { Choice, Level, Slider } from './fields.tsx';

interface FieldsProps {
  readonly state: State;
  readonly onChange: (change: Partial<State>) => void;
}

const OWN = 'a kernel of your own';

/** What `detect` can be told, of the library's own table of operators. */
export function EdgeFields({ state, onChange }: FieldsProps): JSX.Element {
  const facts = operatorFacts.find(({ name }) => name === state.operator);
  const choose = (name: string): void =>
    onChange({
      operator: name === OWN ? '3x3:-1,-1,-1,-1,8,-1,-1,-1,-1' : name,
      aperture: '',
      convention: '',
      magnitude: '',
    });
  const isCanny = state.operator === 'canny';
  return (
    <>
      <Choice
        label="operator"
        value={facts?.name ?? OWN}
        values={[...operatorFacts.map(({ name }) => name), OWN]}
        onChange={choose}
      />
      {facts ? (
        <p class="quiet">{facts.description}</p>
      ) : (
        <KernelText value={state.operator} onChange={(operator) => onChange({ operator })} />
      )}
      {facts && facts.conventions.length > 1 && (
        <Choice
          label="convention"
          value={state.convention}
          values={facts.conventions.filter((name) => name !== 'corr2d')}
          usual="corr2d"
          onChange={(convention) => onChange({ convention })}
        />
      )}
      {facts && facts.apertures.length > 0 && (
        <Choice
          label="aperture"
          value={state.aperture}
          values={facts.apertures.map(String)}
          usual="as usual"
          onChange={(aperture) => onChange({ aperture })}
        />
      )}
      <Slider
        label="σ, smoothing"
        value={state.sigma}
        least={0.2}
        most={10}
        step={0.1}
        usual={{ at: 0.2, text: facts?.options.includes('sigma') || isCanny ? 'as usual' : 'none' }}
        onChange={(sigma) => onChange({ sigma })}
      />
      {!isCanny && (
        <Level
          label="threshold"
          value={state.threshold}
          none="none: strengths"
          onChange={(threshold) => onChange({ threshold, low: '', high: '' })}
        />
      )}
      <Level
        label="high"
        value={state.high}
        none={isCanny ? 'as usual' : 'none'}
        onChange={(high) => onChange({ high, threshold: '' })}
      />
      <Level
        label="low"
        value={state.low}
        none={isCanny ? 'as usual' : 'none'}
        onChange={(low) => onChange({ low, threshold: '' })}
      />
      <MoreFields state={state} onChange={onChange} />
    </>
  );
}

function MoreFields({ state, onChange }: FieldsProps): JSX.Element {
  return (
    <details>
      <summary>more</summary>
      {state.operator !== 'canny' && (
        <label class="check">
          <input
            type="checkbox"
            checked={state.thin !== ''}
            onChange={(event) => onChange({ thin: event.currentTarget.checked ? 'yes' : '' })}
          />
          thin lines
        </label>
      )}
      <Choice
        label="colour"
        value={state.color}
        values={EDGE_COLORS}
        usual="as usual"
        onChange={(color) => onChange({ color })}
      />
      <Choice
        label="magnitude"
        value={state.magnitude}
        values={MAGNITUDE_NORMS}
        usual="as usual"
        onChange={(magnitude) => onChange({ magnitude })}
      />
      <Choice
        label="map"
        value={state.map}
        values={RESPONSE_MAPS}
        usual="as usual"
        onChange={(map) => onChange({ map })}
      />
      <Choice
        label="border"
        value={state.border}
        values={BORDER_NAMES}
        usual="as usual"
        onChange={(border) => onChange({ border })}
      />
    </details>
  );
}

interface KernelTextProps {
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** A kernel in whatever notation the library reads. */
export function KernelText({ value, onChange }: KernelTextProps): JSX.Element {
  return (
    <label class="field">
      <span>kernel: a name, or taps in any notation</span>
      <textarea
        rows={4}
        spellcheck={false}
        value={value}
        placeholder="gaussian:2, [[1,-1]], 3x3:0,-1,0,-1,5,-1,0,-1,0, rows of numbers…"
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}
