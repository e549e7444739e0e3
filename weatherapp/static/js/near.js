// Shows the button "Places near me", and asks for the position only when it is pressed.
(() => {
  "use strict";

  const DIGITS = 2; // of a degree: about a kilometre
  for (const box of navigator.geolocation ? document.querySelectorAll("[data-near]") : []) {
    const button = box.querySelector("button");
    const denied = box.querySelector("[data-near-denied]");
    const go = ({ coords }) => {
      const at = [coords.latitude, coords.longitude].map((degrees) => degrees.toFixed(DIGITS));
      location.assign(`${box.dataset.near}?near=${at.join(",")}`);
    };
    const say = () => {
      denied.hidden = false;
      button.disabled = false;
    };
    button.addEventListener("click", () => {
      button.disabled = true;
      denied.hidden = true;
      navigator.geolocation.getCurrentPosition(go, say, { timeout: 15000, maximumAge: 600000 });
    });
    box.hidden = false;
  }
})();
