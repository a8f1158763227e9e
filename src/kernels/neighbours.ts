import type { Parameter } from './recipe.ts';

/** How many neighbours a Laplacian sees: those beside, above and below, or all. */
export const NEIGHBOURS: Parameter = { name: 'neighbours', default: 4, least: 4, most: 8, choices: [4, 8] };
