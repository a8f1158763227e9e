import { type JSX, render } from 'preact';
import type { PageData } from '../data.ts';
import { EvaluationView } from './EvaluationView.tsx';
import { LearnView } from './LearnView.tsx';
import { PicturesView } from './PicturesView.tsx';
import { PictureView } from './PictureView.tsx';
import { TrainView } from './TrainView.tsx';
import { VerifyView } from './VerifyView.tsx';
import './page.css';

const data = JSON.parse(document.getElementById('data')?.textContent ?? '{}') as PageData;
const page = document.getElementById('page') as HTMLElement;

render(viewOf(data), page);

function viewOf(shown: PageData): JSX.Element {
  switch (shown.kind) {
    case 'verify':
      return <VerifyView data={shown} />;
    case 'pictures':
      return <PicturesView data={shown} />;
    case 'learn':
      return <LearnView data={shown} />;
    case 'train':
      return <TrainView data={shown} />;
    case 'picture':
      return <PictureView data={shown} />;
    case 'evaluation':
      return <EvaluationView data={shown} />;
  }
}
