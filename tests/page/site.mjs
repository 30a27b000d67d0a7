// A second server, for tests that change what is served: a new release, or a server that goes away.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { DIST } from "./browser.mjs";

const KINDS = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};

// Serves dist/ below `base`. `change(name, bytes)` may return other bytes for a file, or null for "not found".
export async function serveChanged({ base = "/", change = (_name, bytes) => bytes } = {}) {
  const asked = [];
  const site = { change, asked };
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://site").pathname;
    const name = path.startsWith(base) ? path.slice(base.length) || "index.html" : "..";
    asked.push(name);
    const bytes = name.includes("..") ? null : await readFile(join(DIST, name)).catch(() => null);
    const body = bytes && site.change(name, bytes);
    if (!body) return response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": KINDS[extname(name)] ?? "application/octet-stream", "Cache-Control": "no-cache" });
    response.end(body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  site.address = `http://127.0.0.1:${server.address().port}${base}`;
  site.close = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return site;
}
