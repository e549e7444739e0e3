// Keeps the last pages that a reader has seen, for when there is no network. Network first, always: whoever
// is online never reads anything old. Without this file, or without a store, the site works as before.
"use strict";

const RELEASE = "{{ release|escapejs }}";
const OFFLINE = "{{ offline|escapejs }}";
const STATIC = "{{ static|escapejs }}";
const ASSETS = {{ assets|safe }};
const [PAGES, FILES] = [`pages-${RELEASE}`, `files-${RELEASE}`];
const [MOST_PAGES, MOST_FILES] = [30, 60];
// Never kept: operators', one person's own, what programs ask, and what only makes sense when it is new.
const APART = /^\/(admin|api|health|offline|predictions|preferences|queue-status|status|subscriptions)(\/|$)|\/(subscribed?|predict)$/;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const files = await caches.open(FILES);
    await files.addAll([OFFLINE, ...ASSETS]);
    await self.skipWaiting();
  })());
});

// A new release draws its pages with its own files: those of the release before go together.
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name !== PAGES && name !== FILES) await caches.delete(name);
    }
    await self.clients.claim();
    // What is open now was fetched before this worker could keep it.
    for (const { url } of await self.clients.matchAll({ type: "window" })) await quietly(keepOpen(url));
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(givePage(event, pathname));
  else if (pathname.startsWith(STATIC)) event.respondWith(giveFile(event));
});

async function givePage(event, pathname) {
  try {
    const response = await fetch(event.request);
    if (!APART.test(pathname)) event.waitUntil(quietly(keepPage(event.request, response.clone())));
    return response;
  } catch (error) {
    const kept = APART.test(pathname) ? undefined : await find(PAGES, event.request);
    const page = kept ? await mark(kept) : await find(FILES, OFFLINE);
    if (page) return page;
    throw error;
  }
}

async function giveFile(event) {
  try {
    const response = await fetch(event.request);
    if (response.ok) event.waitUntil(quietly(keep(FILES, event.request, response.clone(), MOST_FILES)));
    return response;
  } catch (error) {
    const kept = await find(FILES, event.request);
    if (kept) return kept;
    throw error;
  }
}

async function keepOpen(url) {
  if (APART.test(new URL(url).pathname)) return;
  const request = new Request(url, { headers: { Accept: "text/html" } });
  await keepPage(request, await fetch(request));
}

async function keepPage(request, response) {
  const header = (name) => response.headers.get(name) ?? "";
  const isPage = response.ok && !response.redirected && header("Content-Type").startsWith("text/html");
  if (!isPage || /no-store|private/.test(header("Cache-Control"))) return;
  const headers = new Headers(response.headers);
  headers.set("X-Kept-At", new Date().toISOString());
  const body = await response.blob();
  await keep(PAGES, addressOf(request), new Response(body, { headers }), MOST_PAGES);
  await followLanguage(header("Content-Language"));
}

// The page for who is offline was fetched in the language of then.
async function followLanguage(language) {
  const known = await find(FILES, OFFLINE);
  if (!language || known?.headers.get("Content-Language") === language) return;
  await (await caches.open(FILES)).add(OFFLINE);
}

// The newest last, so that the first ones are those to be left out.
async function keep(name, request, response, most) {
  const cache = await caches.open(name);
  await cache.delete(request, { ignoreVary: true });
  await cache.put(request, response);
  const known = (await cache.keys()).filter(({ url }) => new URL(url).pathname !== OFFLINE);
  for (const old of known.slice(0, Math.max(known.length - most, 0))) await cache.delete(old);
}

// What is kept is this reader's: language and units of then are better than nothing.
async function find(name, request) {
  const cache = await caches.open(name);
  return cache.match(name === PAGES ? addressOf(request) : request, { ignoreVary: true });
}

// A choice of language or units in the address leads to the same page.
function addressOf(request) {
  const url = new URL(request.url);
  for (const choice of ["lang", "units"]) url.searchParams.delete(choice);
  url.hash = "";
  return url.href;
}

// The page says itself how old it is: js/offline.js reads the mark.
async function mark(response) {
  const html = await response.text();
  const at = response.headers.get("X-Kept-At");
  const headers = new Headers(response.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  return new Response(html.replace("<head>", `<head><meta name="kept-at" content="${at}">`), { headers });
}

// A full disk is no reason to show no page.
async function quietly(work) {
  try {
    await work;
  } catch (error) {
    console.debug("Not kept for offline:", error.name);
  }
}
