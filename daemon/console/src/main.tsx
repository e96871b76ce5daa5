import { render } from 'preact';
import { takeToken } from './api/token';
import { App } from './app';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/tables.css';
import './styles/job.css';
import './styles/edit.css';
import './styles/fleet.css';
import { followLinks } from './ui/router';
import { applyTheme } from './ui/theme';

takeToken();
applyTheme();
followLinks();
render(<App />, document.getElementById('app')!);
