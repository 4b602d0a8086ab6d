// Streets from another server: it is asked for nothing before the button that names it is pressed, and nothing is remembered.
(() => {
  "use strict";
  const L = window.L;
  if (!L) return;
  const CLOSE = 16;

  // Leaflet ends a request by showing an empty data: picture, which the policy of the page refuses: no picture does it too.
  const Streets = L.TileLayer.extend({
    _removeTile(key) {
      this._tiles[key]?.el.removeAttribute("src");
      return L.GridLayer.prototype._removeTile.call(this, key);
    },

    _abortLoading() {
      for (const [key, { el, coords }] of Object.entries(this._tiles)) {
        if (coords.z === this._tileZoom) continue;
        el.onload = el.onerror = L.Util.falseFn;
        if (el.complete) continue;
        el.removeAttribute("src");
        el.remove();
        delete this._tiles[key];
        this.fire("tileabort", { tile: el, coords });
      }
    },
  });

  const plain = (text) => {
    const span = document.createElement("span");
    span.textContent = text;
    return span.innerHTML;
  };

  window.mapStreets = (map, words, closest) => {
    const button = document.getElementById("map-streets");
    const on = button.textContent;
    let tiles = null;
    button.addEventListener("click", () => {
      if (tiles) tiles.remove();
      tiles = tiles ? null : new Streets(button.dataset.url, { maxZoom: CLOSE, attribution: plain(button.dataset.attribution) }).addTo(map);
      map.setMaxZoom(tiles ? CLOSE : closest);
      map.getContainer().classList.toggle("has-streets", Boolean(tiles));
      button.textContent = tiles ? words.streets_off : on;
    });
  };
})();
