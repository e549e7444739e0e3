"use strict";
// Says beside each value which unit it is typed in, as soon as another quantity is chosen.
for (const select of document.querySelectorAll('select[name^="condition-"][name$="-quantity"]')) {
  const units = select.closest("fieldset").querySelectorAll("[data-unit]");
  select.addEventListener("change", () => {
    const [, unit = ""] = select.selectedOptions[0].textContent.split(", ");
    for (const shown of units) shown.textContent = unit;
  });
}
