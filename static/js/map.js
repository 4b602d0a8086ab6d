// The map above the list: what the list holds, counted at coarse points. It reads what the page says in words, and leads back to it.
(() => {
  "use strict";
  const L = window.L;
  const box = document.getElementById("map");
  if (!L || !box) return;

  const words = JSON.parse(box.dataset.words);
  const HOME = [[45.0, -76.5], [49.5, -64.0]];
  const WIDE = 116, HIGH = 40, MOST_OF_THEM = 0.85, CLOSE = 13;
  const said = document.getElementById("map-said");
  const places = () => document.getElementById("map-places");
  const many = (n, one, several) => (n === 1 ? words[one] : words[several].replace("{n}", n));

  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(box, {
    zoomAnimation: !still, markerZoomAnimation: !still, fadeAnimation: false, inertia: !still, zoomControl: false, attributionControl: false, scrollWheelZoom: false,
    zoomSnap: 0.5, minZoom: 3, maxZoom: CLOSE, maxBounds: [[-62, -200], [85, 200]], maxBoundsViscosity: 0.8,
  });
  L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
  const sources = L.control.attribution({ prefix: false }).addTo(map);
  sources.addAttribution(words.sources);
  // The wheel scrolls the page until the map has been chosen.
  map.on("focus click", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());

  /* Points and groups */

  let points = [], groups = [], wanted = null, circle = null;
  const markers = L.layerGroup().addTo(map);
  const keyOf = (point) => `${point.at[0].toFixed(2)},${point.at[1].toFixed(2)}`;

  const grouped = () => {
    const zoom = map.getZoom(), found = [], around = map.getBounds().pad(0.3);
    for (const point of points) {
      if (!around.contains(point.at)) continue;
      const here = map.project(point.at, zoom);
      const near = found.find((group) => Math.abs(group.here.x - here.x) < WIDE && Math.abs(group.here.y - here.y) < HIGH);
      const group = near ?? { here, key: keyOf(point), at: point.at, points: [], needs: 0, offers: 0 };
      if (!near) found.push(group);
      group.points.push(point);
      group.needs += point.needs;
      group.offers += point.offers;
    }
    return found;
  };

  const countWords = ({ needs, offers }) => [
    ...(needs ? [many(needs, "need", "needs")] : []),
    ...(offers ? [many(offers, "offer", "offers")] : []),
  ].join(", ");

  const nameOf = (group) => (group.points.length === 1
    ? group.points[0].label
    : words.places.replace("{n}", group.points.length).replace("{place}", group.points[0].label));

  const face = (group) => {
    const tag = document.createElement("span");
    tag.className = "map-tag";
    for (const [kind, count] of [["need", group.needs], ["offer", group.offers]]) {
      if (!count) continue;
      const part = document.createElement("span");
      part.className = `map-count ${kind}`;
      part.append(document.getElementById(`map-sign-${kind}`).content.cloneNode(true), String(count));
      tag.append(part);
    }
    return tag;
  };

  const mark = (group) => {
    const icon = L.divIcon({ className: group.points.length > 1 ? "map-marker is-group" : "map-marker", html: face(group), iconSize: null });
    const marker = L.marker(group.at, { icon, keyboard: true, riseOnHover: true }).addTo(markers);
    const element = marker.getElement();
    element.setAttribute("aria-label", words.labelled.replace("{name}", nameOf(group)).replace("{counts}", countWords(group)));
    element.dataset.key = group.key;
    element.addEventListener("keydown", (event) => {
      if (event.key === " " || event.key === "Enter") { event.preventDefault(); open(group); }
    });
    marker.on("click", () => open(group));
  };

  const focusOn = (key) => [...box.querySelectorAll(".map-marker")].find((each) => each.dataset.key === key)?.focus({ preventScroll: true });

  const redraw = () => {
    const focused = wanted ?? document.activeElement?.dataset?.key;
    wanted = null;
    markers.clearLayers();
    const view = map.getBounds();
    groups = grouped().filter((group) => view.contains(group.at));
    groups.forEach(mark);
    if (focused) focusOn(focused);
    map.fire("redrawn");
  };
  const busy = () => groups.map((group) => {
    const at = map.latLngToLayerPoint(group.at);
    return [at.x - WIDE / 2, at.y - 17, at.x + WIDE / 2, at.y + 17];
  });

  /* What is at a point */

  const popup = L.popup({ className: "map-popup", autoPanPaddingTopLeft: [8, 8], autoPanPaddingBottomRight: [8, 44] });
  let opened = null;

  const show = (group, content) => {
    opened = group.key;
    const width = Math.min(300, box.clientWidth - 84);
    Object.assign(popup.options, { minWidth: width, maxWidth: width, maxHeight: Math.min(300, box.clientHeight - 130) });
    box.classList.add("has-popup");
    popup.setLatLng(group.at).setContent(content).openOn(map);
    const element = popup.getElement();
    element.setAttribute("role", "dialog");
    element.setAttribute("aria-label", nameOf(group));
    element.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", words.close);
    content.querySelector("a")?.focus({ preventScroll: true });
  };

  const text = (tag, words_, className = "") => {
    const element = document.createElement(tag);
    element.textContent = words_;
    if (className) element.className = className;
    return element;
  };

  const pointUrl = (point) => {
    const url = new URL(places().dataset.point, location.href);
    url.searchParams.set("at", keyOf(point));
    return url;
  };

  const manyPlaces = (group) => {
    const list = document.createElement("ul");
    for (const point of group.points) {
      const link = text("a", point.label), item = document.createElement("li");
      link.href = pointUrl(point);
      item.append(link, " ", text("span", countWords(point)));
      list.append(item);
    }
    const content = text("div", "", "map-point");
    content.append(list);
    return content;
  };

  const onePlace = async (group) => {
    const content = text("div", words.waiting, "map-point");
    show(group, content);
    const headers = { "HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#map-point" };
    try {
      const answer = await fetch(pointUrl(group.points[0]), { headers });
      if (!answer.ok) throw new Error(String(answer.status));
      const block = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("map-point");
      if (opened === group.key) show(group, block);
    } catch {
      content.textContent = words.failed;
    }
  };

  const open = (group) => {
    const bounds = L.latLngBounds(group.points.map((point) => point.at));
    if (group.points.length === 1) { onePlace(group); return; }
    if (map.getZoom() >= map.getMaxZoom()) { show(group, manyPlaces(group)); return; }
    wanted = group.key;
    const closer = Math.min(Math.max(map.getBoundsZoom(bounds.pad(0.2)), map.getZoom() + 1), map.getMaxZoom());
    map.setView(closer > map.getZoom() + 1 ? bounds.getCenter() : group.at, closer);
  };

  map.on("popupclose", () => {
    opened = null;
    box.classList.remove("has-popup");
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !opened) return;
    const key = opened;
    event.stopPropagation();
    map.closePopup();
    focusOn(key);
  });

  /* The area */

  // The widest circle that is in sight whole, a little less: what is listed around it stands on the map, and nothing beside it.
  const INSIDE = 0.95;
  const inSight = () => {
    const view = map.getBounds(), { lat, lng } = map.getCenter().wrap();
    const at = L.latLng(lat.toFixed(2), lng.toFixed(2)), seen = map.getCenter();
    const edges = [[view.getNorth(), seen.lng], [view.getSouth(), seen.lng], [seen.lat, view.getWest()], [seen.lat, view.getEast()]];
    const km = Math.min(...edges.map((edge) => map.distance(seen, edge))) / 1000;
    return { at, km: Math.max(1, Math.floor(km * INSIDE)) };
  };

  const here = document.getElementById("map-here");
  let proposed = null;
  const propose = (shows) => {
    proposed?.remove();
    const { at, km } = inSight();
    proposed = shows && !here.disabled ? L.circle(at, { radius: km * 1000, interactive: false, className: "map-area" }).addTo(map) : null;
  };
  const offerArea = () => {
    const far = inSight().km > words.largest_km;
    here.disabled = far;
    here.querySelector("span").textContent = far ? words.too_far : words.here;
    propose(false);
  };
  for (const event of ["pointerenter", "focus"]) here.addEventListener(event, () => propose(true));
  for (const event of ["pointerleave", "blur"]) here.addEventListener(event, () => propose(false));
  here.addEventListener("click", () => {
    const { at, km } = inSight();
    const url = new URL(places().dataset.here, location.href);
    url.searchParams.set("near", `${at.lat.toFixed(2)},${at.lng.toFixed(2)}`);
    url.searchParams.set("radius_km", km);
    location.assign(url);
  });

  // A post on the other side of the ocean must not make a dot of everything else: most of them, the closest together.
  const close = () => {
    const total = points.reduce((sum, point) => sum + point.needs + point.offers, 0);
    const middle = (n) => points.map((point) => point.at[n]).sort((a, b) => a - b)[points.length >> 1];
    const centre = [middle(0), middle(1)], kept = [];
    let held = 0;
    for (const point of [...points].sort((a, b) => map.distance(centre, a.at) - map.distance(centre, b.at))) {
      if (held > total * MOST_OF_THEM) break;
      held += point.needs + point.offers;
      kept.push(point);
    }
    return kept;
  };

  // A circle is shown whole, with all that is listed in it.
  const look = () => {
    const [latitude, longitude, km] = places().dataset.area.split(",");
    circle?.remove();
    circle = null;
    if (km) {
      const centre = [Number(latitude), Number(longitude)];
      circle = L.circle(centre, { radius: km * 1000, interactive: false, className: "map-area" }).addTo(map);
      map.setView(centre, Math.min(map.getBoundsZoom(circle.getBounds()), map.getMaxZoom()), { animate: false });
      return;
    }
    const found = L.latLngBounds(close().map((point) => point.at));
    map.fitBounds(found.isValid() ? found : HOME, { maxZoom: 11, padding: [48, 24], animate: false });
  };

  /* The same posts as the list */

  let asked = "", total = 0;
  // What the list holds and the map does not show here is said.
  const sum = document.getElementById("map-sum");
  const compare = () => {
    const held = groups.reduce((n, group) => n + group.needs + group.offers, 0);
    sum.hidden = held >= total;
    sum.textContent = words.part.replace("{n}", held).replace("{total}", total);
  };
  map.on("redrawn", compare);

  const load = async () => {
    asked = places().dataset.points;
    const mine = asked;
    try {
      const answer = await fetch(asked, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      if (mine !== asked) return;
      points = found.points.map(([latitude, longitude, label, needs, offers]) => ({ at: [latitude, longitude], label, needs, offers }));
      total = found.total;
      map.closePopup();
      look();
      redraw();
      box.dataset.total = total;
      said.textContent = words.shown.replace("{n}", points.length);
    } catch {
      said.textContent = words.failed;
      said.classList.remove("visually-hidden");
    }
  };

  document.addEventListener("htmx:after:swap", () => {
    if (places() && places().dataset.points !== asked) load();
  });

  map.fitBounds(HOME, { animate: false });
  map.on("moveend", () => { redraw(); offerArea(); });
  offerArea();
  window.mapGround(map, box.dataset.outlines.split(" "), box.dataset.towns, busy).catch(() => { said.textContent = words.failed; });
  window.mapStreets?.(map, words, CLOSE);
  load();
})();
