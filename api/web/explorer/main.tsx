import { render } from 'preact';
import { Page } from './Page.tsx';
import './explorer.css';

render(<Page />, document.getElementById('page')!);
