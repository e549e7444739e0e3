// Says how old a page is that was kept for offline, lists what is kept, and starts the worker that keeps.
(() => {
  "use strict";

  const { worker } = document.currentScript.dataset;
  const language = document.documentElement.lang;

  const say = (at) => {
    const isToday = at.toDateString() === new Date().toDateString();
    const time = { hour: "2-digit", minute: "2-digit", hour12: false };
    const day = isToday ? {} : { day: "numeric", month: "long", weekday: "long" };
    return new Intl.DateTimeFormat(language, { ...day, ...time }).format(at);
  };

  const tellAge = () => {
    const keptAt = document.querySelector('meta[name="kept-at"]')?.content;
    const bar = document.getElementById("offline");
    if (!keptAt || !bar) return;
    bar.textContent = bar.dataset.text.replace("{time}", say(new Date(keptAt)));
    bar.hidden = false;
  };

  const readTitle = async (response) => {
    const kept = new DOMParser().parseFromString(await response.text(), "text/html");
    return kept.title;
  };

  const listKept = async () => {
    const list = document.getElementById("kept-pages");
    if (!list || !("caches" in window)) return;
    for (const name of await caches.keys()) {
      if (!name.startsWith("pages-")) continue;
      const cache = await caches.open(name);
      for (const request of (await cache.keys()).reverse()) {
        const response = await cache.match(request, { ignoreVary: true });
        const keptAt = new Date(response.headers.get("X-Kept-At"));
        const link = document.createElement("a");
        link.href = request.url;
        link.textContent = await readTitle(response);
        const item = document.createElement("li");
        item.append(link, ` (${say(keptAt)})`);
        list.append(item);
      }
    }
    if (list.children.length) list.parentElement.hidden = false;
  };

  document.addEventListener("DOMContentLoaded", () => {
    tellAge();
    listKept();
  });
  // After all that the page itself needs.
  window.addEventListener("load", () => {
    if (worker && "serviceWorker" in navigator) {
      navigator.serviceWorker.register(worker).catch(() => {}); // the site works without
    }
  });
})();
