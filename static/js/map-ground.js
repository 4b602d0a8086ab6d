// What lies under the markers of the map: vendored outlines, drawn in the colours of the page, and the names of towns.
(() => {
  "use strict";
  const L = window.L;
  if (!L) return;

  // A line is whole numbers: its first point, then each step from the last.
  const unpack = (numbers, scale) => {
    const points = [];
    let x = 0, y = 0;
    for (let n = 0; n < numbers.length; n += 2) {
      x += numbers[n];
      y += numbers[n + 1];
      points.push([y / scale, x / scale]);
    }
    return points;
  };

  const LAYERS = ["land", "lakes", "rivers", "provinces", "borders"];

  const draw = (map, zones) => {
    const renderer = L.svg({ padding: 0.4, pane: "ground" });
    for (const layer of LAYERS) {
      for (const { scale, [layer]: shapes } of zones) {
        const options = { renderer, pane: "ground", interactive: false, className: `map-${layer}` };
        const lines = layer === "rivers" || layer === "provinces" || layer === "borders";
        if (lines) L.polyline(shapes.map((line) => unpack(line, scale)), options).addTo(map);
        else L.polygon(shapes.map((rings) => rings.map((ring) => unpack(ring, scale))), options).addTo(map);
      }
    }
  };

  const LETTER = 7.6, LINE = 18, ASIDE = 9, UNDER = 20, MOST = 90;
  const meet = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];

  // Names are decoration: the same places are said in words beside the map.
  const Towns = L.Layer.extend({
    initialize(towns, busy) { this._towns = towns; this._busy = busy; },

    onAdd(map) {
      this._box = L.DomUtil.create("div", "map-towns leaflet-zoom-hide", map.getPane("towns"));
      this._box.setAttribute("aria-hidden", "true");
      map.on("redrawn", this._write, this);
      this._write();
    },

    onRemove(map) {
      map.off("redrawn", this._write, this);
      this._box.remove();
    },

    // Beside its dot; where a marker stands, under or over it.
    _room(name, at, taken) {
      const width = name.length * LETTER + 6;
      const ways = [[at.x + ASIDE, at.y - LINE / 2, true], [at.x - width / 2, at.y + UNDER, false], [at.x - width / 2, at.y - UNDER - LINE, false]];
      for (const [x, y, dot] of ways) {
        const room = [dot ? at.x - 5 : x, y, x + width, y + LINE];
        if (!taken.some((other) => meet(room, other))) return { x, y, dot, room };
        if (!taken.busy.some((other) => meet(room, other))) return null;
      }
      return null;
    },

    _write() {
      const bounds = this._map.getBounds().pad(0.05), zoom = this._map.getZoom();
      const taken = this._busy(), written = [];
      taken.busy = [...taken];
      for (const [name, latitude, longitude, from] of this._towns) {
        if (from > zoom || written.length >= MOST) break;
        if (!bounds.contains([latitude, longitude])) continue;
        const free = this._room(name, this._map.latLngToLayerPoint([latitude, longitude]), taken);
        if (!free) continue;
        taken.push(free.room);
        const label = L.DomUtil.create("span", `map-town${from <= 6 ? " is-large" : ""}${free.dot ? " has-dot" : ""}`);
        label.textContent = name;
        L.DomUtil.setPosition(label, L.point(free.x, free.y));
        written.push(label);
      }
      this._box.replaceChildren(...written);
    },
  });

  const json = (url) => fetch(url).then((answer) => {
    if (!answer.ok) throw new Error(url);
    return answer.json();
  });

  // Draws the ground of `map` from files of this board; `busy` says where names must not stand.
  window.mapGround = async (map, outlines, towns, busy) => {
    map.createPane("ground").style.zIndex = 200;
    map.createPane("towns").style.zIndex = 420;
    const [names, ...zones] = await Promise.all([json(towns), ...outlines.map(json)]);
    draw(map, zones);
    new Towns(names, busy).addTo(map);
  };
})();
