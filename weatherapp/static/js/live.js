// Says when the page has lost contact, and keeps tables open when they are redrawn.
(() => {
  "use strict";

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
})();
