// A minimal static server: files of one folder on 127.0.0.1.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** Serves a folder below `/some/where/`, to test that the page works at any path. Resolves to its address. */
export async function serve(folder) {
  const prefix = '/some/where/';
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://127.0.0.1').pathname;
    const file = normalize(path.slice(prefix.length)) || 'index.html';
    try {
      if (!path.startsWith(prefix) || file.startsWith('..')) {
        throw new Error('outside');
      }
      const name = file === '.' ? 'index.html' : file;
      const bytes = await readFile(join(folder, name));
      // Names of assets contain a hash of their content, so browsers may cache them.
      const age = name.startsWith('assets') ? 'max-age=31536000, immutable' : 'no-cache';
      response
        .writeHead(200, {
          'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
          'cache-control': age,
        })
        .end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return { address: `http://127.0.0.1:${port}${prefix}`, close: () => server.close() };
}
