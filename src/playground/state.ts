import { type DetectOptions, type FilterOptions, operatorNames, parseKernel, type StoreOptions } from '../core.ts';

export const TABS = ['edges', 'filter', 'learn'] as const;
export type Tab = (typeof TABS)[number];

/** Pictures that the page brings along, by the paths that commands in a checkout name them by. */
export const SAMPLES = [
  'samples/chelsea.png',
  'samples/camera.png',
  'samples/astronaut.png',
  'samples/rocket.jpg',
  'samples/retina.jpg',
] as const;

/** Pairs to learn from: a before and its after. */
export const SAMPLE_PAIRS = {
  'a filter': ['samples/pair/before.png', 'samples/pair/after.png'],
  'a detector': ['samples/edges/photo.png', 'samples/edges/canny.png'],
} as const;

/** What each choice is where nothing else was chosen; empty is left out of calls. */
const DEFAULTS = {
  tab: 'edges',
  /** A sample, or the name of a picture of the visitor's own. */
  picture: SAMPLES[0] as string,
  /** A name, or a kernel in any notation. */
  operator: 'sobel',
  convention: '',
  aperture: '',
  sigma: '',
  color: '',
  magnitude: '',
  thin: '',
  threshold: '',
  low: '',
  high: '',
  kernel: 'gaussian:2',
  rounding: '',
  border: '',
  map: '',
};

/** All that was chosen, each as the command line takes it. */
export type State = Readonly<typeof DEFAULTS>;

export const FIRST_STATE: State = DEFAULTS;

/** Choices of the tab of edges that `detect` takes as they are. */
const EDGE_CHOICES = [
  'convention',
  'aperture',
  'sigma',
  'color',
  'magnitude',
  'thin',
  'threshold',
  'low',
  'high',
  'border',
  'map',
] as const;

/** The state that an address says after its `#`; what it does not know it leaves out. */
export function stateOf(hash: string): State {
  const said = new URLSearchParams(hash.replace(/^#/, ''));
  const known = Object.keys(DEFAULTS).flatMap((name) => {
    const value = said.get(name);
    return value === null ? [] : [[name, value]];
  });
  const state = { ...DEFAULTS, ...(Object.fromEntries(known) as Partial<State>) };
  return (TABS as readonly string[]).includes(state.tab) ? state : { ...state, tab: DEFAULTS.tab };
}

/** What an address says of a state: what is not as it was at first. */
export function addressOf(state: State): string {
  const names = Object.keys(DEFAULTS) as (keyof State)[];
  const said = new URLSearchParams(
    names.filter((name) => state[name] !== DEFAULTS[name]).map((name): [string, string] => [name, state[name]]),
  );
  return `#${said}`;
}

/** Whether a picture is one that comes with the page. */
export function isSample(picture: string): boolean {
  return [...SAMPLES, ...Object.values(SAMPLE_PAIRS).flat()].includes(picture as never);
}

/**
 * What `detectEdges` is told.
 *
 * @throws ExpectationError where the operator is neither a name nor a kernel
 */
export function detectOptions(state: State): DetectOptions & { store: StoreOptions } {
  const { operator, aperture, sigma, thin, ...others } = state;
  const given = {
    operator: operatorNames.includes(operator) ? operator : parseKernel(operator),
    convention: others.convention,
    aperture: aperture && Number(aperture),
    sigma: sigma && (sigma === 'none' ? sigma : sigmaOf(sigma)),
    color: others.color,
    magnitude: others.magnitude,
    thin: thin === '' ? '' : true,
    threshold: levelOf(others.threshold),
    low: levelOf(others.low),
    high: levelOf(others.high),
    border: others.border,
  };
  return { ...withoutEmpty<DetectOptions>(given), store: withoutEmpty({ map: others.map }) };
}

/** What `filterPicture` is told beside the kernel. */
export function filterOptions({ border, map, rounding }: State): FilterOptions & { store: StoreOptions } {
  return { ...withoutEmpty<FilterOptions>({ border }), store: withoutEmpty({ map, rounding }) };
}

function sigmaOf(text: string): number | number[] {
  const all = text.split(',').map(Number);
  return all.length === 1 ? all[0] : all;
}

function levelOf(text: string): number | string {
  return /^[\d.]+$/.test(text) ? Number(text) : text;
}

function withoutEmpty<T>(given: Readonly<Record<string, unknown>>): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')) as T;
}

/** The words of the command that makes what the page shows. */
export function commandWords(state: State): string[] {
  const { tab, picture, operator, kernel, border, map, rounding } = state;
  if (tab === 'edges') {
    const words = ['corr2d', 'detect', picture];
    if (operator !== DEFAULTS.operator) words.push('--operator', operator);
    for (const name of EDGE_CHOICES) {
      if (state[name] !== '') words.push(...(name === 'thin' ? ['--thin'] : [`--${name}`, state[name]]));
    }
    return [...words, '-o', 'edges.png'];
  }
  const words = ['corr2d', 'filter', picture, '-k', kernel];
  if (border !== '') words.push('--border', border);
  if (map !== '') words.push('--map', map);
  if (rounding !== '') words.push('--rounding', rounding);
  return [...words, '-o', 'filtered.png'];
}

/** The call of the library that makes what the page shows, as a module to run. */
export function libraryCall(state: State): string {
  return state.tab === 'edges' ? callOfEdges(state) : callOfFilter(state);
}

function callOfEdges(state: State): string {
  const { operator, store, ...options } = detectOptions(state);
  const isNamed = typeof operator === 'string';
  const names = ['detectEdges', ...(isNamed ? [] : ['parseKernel']), 'readImage', 'writeImage'];
  const given = [
    `operator: ${isNamed ? quotedText(operator) : `parseKernel(${quotedText(state.operator)})`}`,
    ...optionTexts(options),
    storeText(store),
  ];
  return [
    `import { ${names.join(', ')} } from 'corr2d';`,
    '',
    `const picture = await readImage(${quotedText(state.picture)});`,
    `const { map } = detectEdges(picture, { ${given.join(', ')} });`,
    `await writeImage('edges.png', map);`,
  ].join('\n');
}

function callOfFilter(state: State): string {
  const { store, ...options } = filterOptions(state);
  const given = [...optionTexts(options), storeText(store)].join(', ');
  return [
    "import { filterPicture, parseKernel, readImage, writeImage } from 'corr2d';",
    '',
    `const picture = await readImage(${quotedText(state.picture)});`,
    `const filtered = filterPicture(picture, parseKernel(${quotedText(state.kernel)}), { ${given} });`,
    `await writeImage('filtered.png', filtered);`,
  ].join('\n');
}

function optionTexts(options: object): string[] {
  return Object.entries(options).map(([name, value]) => `${name}: ${valueText(value)}`);
}

function storeText(store: StoreOptions): string {
  const given = optionTexts(store);
  return given.length === 0 ? 'store: {}' : `store: { ${given.join(', ')} }`;
}

/** As code of this style is written: in single quotes. */
function quotedText(text: string): string {
  return `'${JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll("'", String.raw`\'`)}'`;
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? quotedText(value) : JSON.stringify(value);
}
