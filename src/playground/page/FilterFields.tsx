import type { JSX } from 'preact';
import { type KernelName, kernelNames, RESPONSE_MAPS } from '../../core.ts';
import { BORDER_NAMES } from '../../planes/border.ts';
import { ROUNDINGS } from '../../planes/samples.ts';
import type { State } from '../state.ts';
import { KernelText } from './EdgeFields.tsx';
import { Choice, Slider } from './fields.tsx';

interface FieldsProps {
  readonly state: State;
  readonly onChange: (change: Partial<State>) => void;
}

const OWN = 'taps of your own';

/** Wider kernels are typed, not slid to. */
const MOST_BY_SLIDER = 20;

/** What `filter` can be told: a kernel by its name with sliders for its arguments, or in any notation. */
export function FilterFields({ state, onChange }: FieldsProps): JSX.Element {
  const [name, given] = splitName(state.kernel);
  const known = kernelNames.find((one) => one.name === name);
  const separator = separatorOf(known);
  const values = given === '' ? [] : given.split(separator);
  const choose = (chosen: string): void =>
    onChange({ kernel: chosen === OWN ? '[[0,-1,0],[-1,5,-1],[0,-1,0]]' : chosen });
  const setArgument = (at: number, value: string): void => {
    const all = Array.from({ length: Math.max(at + 1, values.length) }, (_, i) =>
      i === at ? value : (values[i] ?? String(known?.parameters[i].default ?? known?.parameters[i].least)),
    );
    while (all.at(-1) === '') all.pop();
    onChange({ kernel: all.length === 0 ? name : `${name}:${all.join(separator)}` });
  };
  return (
    <>
      <Choice
        label="kernel"
        value={known?.name ?? OWN}
        values={[...kernelNames.map((one) => one.name), OWN]}
        onChange={choose}
      />
      {known && <p class="quiet">{known.description}</p>}
      {known?.parameters.map((parameter, i) => (
        <Slider
          key={parameter.name}
          label={parameter.name}
          value={values[i] ?? ''}
          least={parameter.least}
          most={parameter.least < 0 ? parameter.most : Math.min(parameter.most, MOST_BY_SLIDER)}
          step={parameter.whole ? 1 : 0.1}
          usual={{
            at: parameter.default ?? parameter.least,
            text: parameter.default === undefined ? 'as usual' : String(parameter.default),
          }}
          onChange={(value) => setArgument(i, value)}
        />
      ))}
      <KernelText value={state.kernel} onChange={(kernel) => onChange({ kernel })} />
      <Choice
        label="border"
        value={state.border}
        values={BORDER_NAMES}
        usual="as usual"
        onChange={(border) => onChange({ border })}
      />
      <Choice
        label="map"
        value={state.map}
        values={RESPONSE_MAPS}
        usual="as usual"
        onChange={(map) => onChange({ map })}
      />
      <Choice
        label="rounding"
        value={state.rounding}
        values={ROUNDINGS}
        usual="as usual"
        onChange={(rounding) => onChange({ rounding })}
      />
    </>
  );
}

function splitName(kernel: string): [name: string, given: string] {
  const [, name, given = ''] = /^([a-z][\w-]*)(?::(.*))?$/i.exec(kernel.trim()) ?? ['', ''];
  return [name.toLowerCase(), given];
}

/** What stands between a name's arguments. */
function separatorOf(known: KernelName | undefined): string {
  const first = known?.parameters[0]?.name ?? '';
  return known?.usage[known.name.length + 1 + first.length] ?? ',';
}
