// If settings make the page fail to render, it restarts with the opening case and says so.

import { Component } from 'preact';

import { Page } from './page';

interface Fall {
  /** Number of restarts so far. */
  count: number;
  told: string;
}

export class Guard extends Component<object, Fall> {
  override state: Fall = { count: 0, told: '' };

  override componentDidCatch(error: unknown): void {
    // The link would load the same settings again.
    history.replaceState(null, '', location.pathname + location.search);
    const why = error instanceof Error ? error.message : String(error);
    this.setState(({ count }) => ({
      count: count + 1,
      told: `The page could not show these settings (${why}) and is back at its opening case.`,
    }));
  }

  override render(_: unknown, { count, told }: Fall) {
    // After more restarts than this, the page itself is at fault.
    return count > 3 ? <p>{told}</p> : <Page key={count} told={told} />;
  }
}
