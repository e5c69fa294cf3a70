// Light, dark, or the system's theme. The choice lasts while the page is open; nothing is stored.

import { useEffect, useState } from 'preact/hooks';

type Choice = 'auto' | 'light' | 'dark';

export function Theme() {
  const [choice, choose] = useState<Choice>('auto');
  useEffect(() => {
    if (choice === 'auto') {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = choice;
    }
  }, [choice]);
  return (
    <select
      aria-label="Colors"
      value={choice}
      onChange={(event) => choose(event.currentTarget.value as Choice)}
    >
      <option value="auto">Auto</option>
      <option value="light">Light</option>
      <option value="dark">Dark</option>
    </select>
  );
}
