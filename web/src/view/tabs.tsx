// Three views of one answer. Arrow keys move between the tabs.

export type View = 'prospect' | 'compare' | 'research';

const VIEWS = [
  ['prospect', 'Prospect'],
  ['compare', 'Compare'],
  ['research', 'Research'],
] as const;

export function Tabs({ view, choose }: { view: View; choose: (view: View) => void }) {
  const move = (event: KeyboardEvent): void => {
    const at = VIEWS.findIndex(([id]) => id === view);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: VIEWS.length - 1 }[event.key];
    if (to === undefined) {
      return;
    }
    event.preventDefault();
    const next = VIEWS[(to + VIEWS.length) % VIEWS.length]?.[0] ?? view;
    choose(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="View" onKeyDown={move}>
      {VIEWS.map(([id, name]) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`tab-${id}`}
          aria-controls="view"
          aria-selected={view === id}
          tabIndex={view === id ? 0 : -1}
          onClick={() => choose(id)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
