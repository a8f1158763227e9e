import { render } from 'preact';
import type { PageData } from '../data.ts';
import { PicturesView } from './PicturesView.tsx';
import { VerifyView } from './VerifyView.tsx';
import './page.css';

const data = JSON.parse(document.getElementById('data')?.textContent ?? '{}') as PageData;
const page = document.getElementById('page') as HTMLElement;

render(data.kind === 'verify' ? <VerifyView data={data} /> : <PicturesView data={data} />, page);
