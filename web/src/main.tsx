import { render } from 'preact';

import './look/tokens.css';
import './look/base.css';
import './charts/charts.css';
import './look/form.css';
import './look/view.css';
import './look/print.css';
import { Guard } from './guard';

const root = document.getElementById('page');
if (root) {
  render(<Guard />, root);
}
