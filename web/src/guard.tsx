// Settings that the page can't draw must not leave it empty: it begins anew with its opening case, and says so.

import { Component } from 'preact';

import { Page } from './page';

interface Fall {
  /** How often it has begun anew. */
  count: number;
  told: string;
}

export class Guard extends Component<object, Fall> {
  override state: Fall = { count: 0, told: '' };

  override componentDidCatch(error: unknown): void {
    // The link would bring the same settings back.
    history.replaceState(null, '', location.pathname + location.search);
    const why = error instanceof Error ? error.message : String(error);
    this.setState(({ count }) => ({
      count: count + 1,
      told: `The page could not show these settings (${why}) and is back at its opening case.`,
    }));
  }

  override render(_: unknown, { count, told }: Fall) {
    // More often than this it is the page itself that fails.
    return count > 3 ? <p>{told}</p> : <Page key={count} told={told} />;
  }
}
