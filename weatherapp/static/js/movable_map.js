// The map that is moved by hand. Nothing of it is loaded before its button is pressed; until then, and without
// this script, the page has the drawn map alone.
(() => {
  "use strict";

  const box = document.querySelector(".movable");
  if (!box) return;
  const part = (name) => box.querySelector(`.movable-${name}`);
  const { script, styles, tiles, places, page, view, zoomIn, zoomOut } = box.dataset;
  const [opener, opened, stage] = [part("open"), part("open-part"), part("map")];
  const language = document.documentElement.lang;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const REFRESH_MS = 60_000;
  const PATIENCE_MS = 10_000; // so long no tile may come before the reader is told
  const APART = 28; // px between two marks: a finger tells them apart
  const MOST_NAMES = 10;
  const MOST_STEPS = 20; // of the drawn map's zoom, which the site's list follows
  const MOST_ZOOM = 16; // what every source of tiles has
  let map = null;
  let answer = { total: 0, places: [] };
  let asked = "";
  let drawn = "";

  const say = (name, isSaid) => {
    const note = box.querySelector(`[data-say="${name}"]`);
    if (note.hidden === isSaid) note.hidden = !isSaid; // else it would be read out again
  };
  const load = (tag, attributes) =>
    new Promise((resolve, reject) => {
      const element = Object.assign(document.createElement(tag), attributes);
      element.addEventListener("load", resolve);
      element.addEventListener("error", () => {
        element.remove();
        reject(new Error(`${tag} did not load`));
      });
      document.head.append(element);
    });

  // The smallest view of the drawn map that holds what is to be seen, in steps that many readers share.
  const nameView = () => {
    const bounds = map.getBounds();
    const middle = bounds.getCenter().wrap();
    const squeeze = Math.max(Math.cos((middle.lat * Math.PI) / 180), 0.2);
    const width = bounds.getEast() - bounds.getWest();
    const height = bounds.getNorth() - bounds.getSouth();
    const needed = Math.max(width, (height * 1.5) / squeeze) * 1.1;
    const zoom = Math.min(Math.max(Math.floor(2 * Math.log2(360 / needed)), 0), MOST_STEPS);
    const grid = 18 / 2 ** (zoom / 2);
    const snap = (degrees, step) => (Math.round(degrees / step) * step).toFixed(2);
    const at = `${snap(middle.lat, grid * 2 ** Math.floor(Math.log2(squeeze)))},${snap(middle.lng, grid)}`;
    return zoom ? `at=${at}&zoom=${zoom}` : "at=0,0&zoom=0";
  };

  const makeMark = (place) => {
    const template = box.querySelector(`template[data-standing="${place.standing}"]`);
    const link = template.content.firstElementChild.cloneNode(true);
    link.href = place.url;
    link.setAttribute("aria-label", link.getAttribute("aria-label").replace("{name}", () => place.name));
    link.querySelector(".movable-name").textContent = place.name;
    // Who has just moved the map by this mark did not mean to open it.
    link.addEventListener("click", (event) => {
      if (event.detail && map.dragging.moved()) event.preventDefault();
    });
    return link;
  };

  // The worst first: a mark that would touch one before it is left out, and told.
  const choose = () => {
    const middle = map.getCenter().lng;
    const size = map.getSize();
    const kept = [];
    let seen = 0;
    for (const place of answer.places) {
      const [latitude, longitude] = place.at;
      const turned = longitude + 360 * Math.round((middle - longitude) / 360);
      const point = map.latLngToContainerPoint([latitude, turned]);
      if (point.x < 0 || point.y < 0 || point.x > size.x || point.y > size.y) continue;
      seen += 1;
      const isFree = kept.every(
        ({ point: other }) => Math.abs(other.x - point.x) >= APART || Math.abs(other.y - point.y) >= APART,
      );
      if (isFree) kept.push({ place, point, at: [latitude, turned], isLate: point.x > size.x * 0.7 });
    }
    const isWhole = answer.total === answer.places.length;
    return { kept, total: isWhole ? seen : answer.total };
  };

  const tell = (shown, total) => {
    const note = part("shown");
    const number = (value) => value.toLocaleString(language);
    const some = note.dataset.some.replace("{shown}", number(shown)).replace("{total}", number(total));
    const text = shown < total ? some : shown ? note.dataset.all : note.dataset.none;
    if (note.textContent !== text) note.textContent = text;
  };

  const draw = (marks) => {
    const { kept, total } = choose();
    tell(kept.length, total);
    const key = JSON.stringify(kept.map(({ place, at, isLate }) => [place, at, isLate]));
    if (key === drawn) return;
    drawn = key;
    const pane = map.getPane("markerPane");
    const focused = pane.contains(document.activeElement) ? document.activeElement.href : "";
    marks.clearLayers();
    stage.classList.toggle("has-names", kept.length <= MOST_NAMES);
    for (const { place, at, isLate } of kept) {
      const icon = L.divIcon({
        html: makeMark(place),
        className: `movable-mark${isLate ? " is-late" : ""}`,
        iconSize: [26, 26],
      });
      L.marker(at, { icon, keyboard: false, interactive: false }).addTo(marks);
    }
    if (!focused) return;
    const links = [...pane.querySelectorAll("a")];
    (links.find(({ href }) => href === focused) ?? stage).focus({ preventScroll: true });
  };

  const ask = async (marks, { isForced = false } = {}) => {
    const wanted = nameView();
    if (wanted === asked && !isForced) return;
    const isMoved = wanted !== asked;
    asked = wanted;
    try {
      const response = await fetch(`${places}?${wanted}`);
      if (!response.ok) throw new Error(`${response.status}`);
      const found = await response.json();
      if (asked !== wanted) return; // the map has been moved on meanwhile
      answer = found;
      say("places", false);
      draw(marks);
      // The list below is of the same part of the world.
      if (isMoved) htmx.ajax("GET", `${page}?${wanted}`, { target: "#live", swap: "outerHTML" });
    } catch {
      if (asked !== wanted) return;
      asked = ""; // the next move, or the next minute, asks again
      say("places", true);
    }
  };

  const watchTiles = (layer) => {
    let late = 0;
    const wait = () => {
      clearTimeout(late);
      late = setTimeout(() => say("tiles", true), PATIENCE_MS);
    };
    layer.on("loading", wait);
    layer.on("load", () => clearTimeout(late));
    layer.on("tileerror", () => say("tiles", true));
    layer.on("tileload", () => {
      clearTimeout(late);
      say("tiles", false);
    });
  };

  const start = () => {
    const moves = !still.matches;
    map = L.map(stage, {
      attributionControl: false, // stands below the map, as text of the page
      zoomControl: false,
      worldCopyJump: true,
      maxZoom: MOST_ZOOM,
      inertia: moves,
      fadeAnimation: moves,
      zoomAnimation: moves,
      markerZoomAnimation: moves,
    });
    if (!moves) {
      const panBy = map.panBy.bind(map);
      map.panBy = (offset, options) => panBy(offset, { ...options, animate: false });
    }
    L.control.zoom({ zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(map);
    // Before the places, of which there may be many to go through by keyboard.
    stage.prepend(stage.querySelector(".leaflet-control-container"));
    // The world about once across, not several times beside itself.
    map.setMinZoom(Math.max(Math.round(Math.log2(stage.clientWidth / 256)), 0));
    const [south, west, north, east] = view.split(",").map(Number);
    map.fitBounds([[Math.max(south, -80), west], [Math.min(north, 80), east]], { animate: false });
    // Some hosts of tiles answer only to a site that they know. They are told its name, and no page of it.
    const layer = L.tileLayer(tiles, { maxZoom: MOST_ZOOM, referrerPolicy: "origin" });
    watchTiles(layer);
    layer.addTo(map);
    const marks = L.layerGroup().addTo(map);
    map.on("moveend resize", () => {
      draw(marks);
      ask(marks);
    });
    setInterval(() => {
      if (!opened.hidden && document.visibilityState === "visible") ask(marks, { isForced: true });
    }, REFRESH_MS);
    return ask(marks);
  };

  const show = (isOpen) => {
    box.classList.toggle("is-open", isOpen);
    opened.hidden = !isOpen;
    opener.hidden = part("before").hidden = isOpen;
  };

  opener.addEventListener("click", async () => {
    opener.disabled = true;
    say("script", false);
    try {
      if (!window.L) {
        await load("link", { rel: "stylesheet", href: styles });
        await load("script", { src: script });
      }
      show(true);
      if (map) map.invalidateSize();
      else start();
      stage.focus({ preventScroll: true });
    } catch {
      show(false);
      say("script", true);
    } finally {
      opener.disabled = false;
    }
  });
  part("close").addEventListener("click", () => {
    show(false);
    opener.focus();
  });
  box.hidden = false;
})();
