// Tells a reader in another zone what time it is where they are.
(() => {
  "use strict";

  for (const line of document.querySelectorAll(".reader-time")) {
    const now = new Date();
    if (-now.getTimezoneOffset() * 60 === Number(line.dataset.offsetS)) continue;
    const time = line.querySelector("time");
    time.dateTime = now.toISOString();
    time.textContent = now.toLocaleTimeString(document.documentElement.lang, {
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    line.hidden = false;
  }
})();
