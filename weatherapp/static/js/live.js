// Says when the page has lost contact, keeps tables open and focus in its place when parts are
// redrawn, and counts new alerts in the title while nobody looks.
(() => {
  "use strict";

  // htmx redraws what is shown already, so it comes after the first drawing: on a slow line its bytes
  // would stand in the way of those that the page is drawn with. A timer also runs in a hidden tab.
  const { htmx } = document.currentScript.dataset;
  const fetchHtmx = () => document.head.append(Object.assign(document.createElement("script"), { src: htmx }));
  addEventListener("load", () => setTimeout(fetchHtmx, 100));

  const tellContact = (isLost) => {
    for (const note of document.querySelectorAll(".lost-contact")) note.hidden = !isLost;
  };
  for (const event of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(event, () => tellContact(true));
  }
  // Also the answer that nothing has changed, which redraws nothing.
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.xhr?.status === 204) tellContact(false);
  });

  const open = new Set();
  document.addEventListener(
    "toggle",
    (event) => {
      const { id, open: isOpen } = event.target;
      if (isOpen) open.add(id);
      else open.delete(id);
    },
    true,
  );
  document.addEventListener("htmx:load", () => {
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  });

  // htmx finds what had the focus by its id. A link without one is found by where it leads; where
  // it is gone, the focus stays in the content and does not fall back to the top of the page.
  let focused = null;
  document.addEventListener("htmx:beforeSwap", () => {
    focused = document.activeElement;
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (!focused || focused.isConnected || document.activeElement !== document.body) return;
    const leads = focused.getAttribute("href");
    const same = leads && document.querySelector(`main a[href="${CSS.escape(leads)}"]`);
    (same || document.getElementById("content"))?.focus({ preventScroll: true });
  });

  let said = document.title; // as the site has it
  let shown = said;
  let news = 0; // alerts that were raised since anybody looked
  const showTitle = () => {
    shown = news ? `(${news}) ${said.replace(/^\(\d+\) /, "")}` : said;
    if (document.title !== shown) document.title = shown;
  };
  document.addEventListener("htmx:afterSettle", () => {
    if (document.title !== shown) said = document.title;
    for (const part of document.querySelectorAll("[data-new-alerts]")) {
      if (document.visibilityState !== "visible") news += Number(part.dataset.newAlerts);
      part.removeAttribute("data-new-alerts");
    }
    showTitle();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    news = 0;
    showTitle();
  });
})();
