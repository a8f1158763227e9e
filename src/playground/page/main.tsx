import { render } from 'preact';
import { App } from './App.tsx';
import './site.css';

render(<App />, document.getElementById('page') as HTMLElement);
