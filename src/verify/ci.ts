import { detectProvider } from 'std-env';
import { isSet } from './isSet.ts';

/**
 * The CI system that this runs in, by name or as `CI`, which most of them set: goldens are accepted by people, who look at them.
 * Jenkins, TeamCity, Azure Pipelines and others are known by variables of their own. `CI=0` and `CI=false` say that it is none.
 */
export function ciSystem(): string | undefined {
  const { CI = '' } = process.env;
  if (CI !== '' && !isSet(CI)) return undefined;
  const { name, ci } = detectProvider();
  if (name !== '' && ci !== false) return name;
  return isSet(CI) ? 'CI' : undefined;
}
