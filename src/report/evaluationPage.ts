import type { EdgeScores } from '../evaluate/scoreEdges.ts';
import { version } from '../files/version.ts';
import type { EvaluationPage } from './data.ts';
import { hrefOf } from './hrefOf.ts';

/** What a page tells of an evaluation, before links are made. */
interface ToldEvaluation extends Pick<EvaluationPage, 'maps' | 'truth' | 'failures'> {
  readonly options?: unknown;
  readonly scores: EdgeScores | undefined;
  /** In the order of the scores' pictures. */
  readonly pictures: readonly { readonly name: string; readonly map: string }[];
}

/** @param path where the page will lie */
export function evaluationPage({ scores, pictures, options, ...told }: ToldEvaluation, path: string): EvaluationPage {
  const shown = scores && { ods: scores.ods, ois: scores.ois, ap: scores.ap, curve: scores.curve };
  return {
    kind: 'evaluation',
    version,
    ...told,
    options: options as EvaluationPage['options'],
    ...(shown === undefined ? {} : { scores: shown }),
    pictures: pictures.map(({ name, map }, i) => ({
      name,
      href: hrefOf(map, path),
      ...(scores as EdgeScores).pictures[i],
    })),
  };
}
