// Keeps the page for a visit without a network. offline.mjs puts before these lines: BUILD, a hash of all files; FILES, the assets that
// every visit needs; LATE, those that are fetched when they are asked for. Only this page's own files are kept or fetched.

const page = new URL('./', self.location).href;
const mine = `unisleeve ${page} `;
const name = mine + BUILD;
const assets = new Set([...FILES, ...LATE].map((file) => page + file));
const kept = (url) => caches.match(url, { cacheName: name, ignoreVary: true });

self.addEventListener('install', (event) => {
  // The page itself from the server: an older one in the browser's own store would ask for other assets.
  const files = [new Request(page, { cache: 'reload' }), ...FILES];
  event.waitUntil(
    caches
      .open(name)
      .then((cache) => cache.addAll(files))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names.filter((old) => old.startsWith(mine) && old !== name).map((old) => caches.delete(old)),
        ),
      )
      .then(() => self.clients.claim()),
  );
});

// The page is the server's, which may be newer; the kept one when no answer comes.
async function newest(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const found = await kept(page);
    if (found) {
      return found;
    }
    throw error;
  }
}

// An asset's name carries a hash of its content: a kept one is the right one.
async function same(url) {
  const found = await kept(url);
  if (found) {
    return found;
  }
  const answer = await fetch(url);
  if (answer.ok) {
    const copy = answer.clone();
    // Kept or not, the page has its answer.
    caches
      .open(name)
      .then((cache) => cache.put(url, copy))
      .catch(() => {});
  }
  return answer;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = request.url.replace(/[?#].*$/, '');
  if (
    request.method === 'GET' &&
    request.mode === 'navigate' &&
    (url === page || url === `${page}index.html`)
  ) {
    event.respondWith(newest(request));
  } else if (request.method === 'GET' && assets.has(url)) {
    event.respondWith(same(url));
  }
});
