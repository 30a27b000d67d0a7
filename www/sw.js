// Keeps the newest release of the page for when there is no network.
//
// A release is what one index.html refers to, and it has a cache of its own, named after the digest of that
// index.html. Navigation asks the network first, so a new release is seen at once; its files are then fetched into
// a new cache, and the older caches go when it is complete. Index.html is stored last: a cache that has it is whole.

const PREFIX = "brokerlab-";
const INDEX = new URL("./", self.registration.scope).href;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(fetchFresh(INDEX).then((response) => response.text()).then(keep));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(INDEX)) return;
  if (request.mode === "navigate") {
    event.respondWith(navigate(event));
  } else if (isHashed(request.url)) {
    event.respondWith(cacheFirst(request));
  } else {
    event.respondWith(networkFirst(request));
  }
});

async function navigate(event) {
  const page = new URL(event.request.url);
  // Another document in the folder (a picture opened in a tab) is no page of ours.
  if (page.pathname !== new URL(INDEX).pathname && !page.pathname.endsWith("/index.html")) {
    return networkFirst(event.request);
  }
  try {
    const response = await fetch(event.request);
    if (response.ok) {
      const html = await response.clone().text();
      // Opened before the page asks for its files: from now on only this release answers them.
      const cache = await caches.open(await nameOf(html));
      const done = (await cache.match(INDEX)) ? tidy(html) : keep(html);
      event.waitUntil(done.catch(() => {}));
    }
    return response;
  } catch (error) {
    const kept = await anyRelease(INDEX);
    if (kept) return kept;
    throw error;
  }
}

// A file whose name carries its digest: the newest release decides, for a file may be built otherwise (another
// wasm-opt) under the same name.
async function cacheFirst(request) {
  const newest = (await names()).at(-1);
  const kept = newest && (await (await caches.open(newest)).match(request.url));
  return kept ?? networkFirst(request);
}

async function networkFirst(request) {
  try {
    const response = await fetch(request);
    if (response.ok) return response;
    return (await anyRelease(request.url)) ?? response;
  } catch (error) {
    const kept = await anyRelease(request.url);
    if (kept) return kept;
    throw error;
  }
}

// Fetches all that the page refers to into the cache of its release.
async function keep(html) {
  const cache = await caches.open(await nameOf(html));
  await Promise.all(
    referred(html).map(async (url) => {
      if (!(await cache.match(url))) await cache.put(url, await fetchFresh(url));
    }),
  );
  // Made anew: the answer to a navigation must not be one that was redirected.
  await cache.put(INDEX, new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } }));
  await tidy(html);
}

// Forgets all other releases.
async function tidy(html) {
  const name = await nameOf(html);
  await Promise.all((await names()).filter((other) => other !== name).map((other) => caches.delete(other)));
}

async function fetchFresh(url) {
  const response = await fetch(url, { cache: "no-cache" });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}

// Scripts, styles, the program, icons and texts: every name of such a file in the page, in quotes or (minified) without.
function referred(html) {
  const found = html.matchAll(/["'=]([^"'=\s<>]+\.(?:js|css|wasm|svg|png|webmanifest|woff2|json|bin))(?=["'\s>])/g);
  const urls = [...found].map(([, name]) => new URL(name, INDEX).href).filter((url) => url.startsWith(INDEX));
  return [...new Set(urls)];
}

function isHashed(url) {
  return /-[0-9a-f]{8,}(_bg|_later)?\.(js|css|wasm)$/.test(new URL(url).pathname);
}

async function nameOf(html) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(html));
  return PREFIX + Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// In the order in which the caches were made.
async function names() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX));
}

async function anyRelease(url) {
  for (const name of (await names()).reverse()) {
    const kept = await (await caches.open(name)).match(url);
    if (kept) return kept;
  }
  return undefined;
}
