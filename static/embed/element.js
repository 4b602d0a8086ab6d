/*! <babillard-widget> 1.3.0 | MIT, (c) 2026 Babillard contributors: see LICENSE beside this file */
(() => {
  if (customElements.get("babillard-widget")) return;
  const base = new URL(document.currentScript.src).origin, wait = 8e3, sheet = new CSSStyleSheet();

  sheet.replaceSync(`:host{display:block}.contenu{line-height:1.5;overflow-wrap:anywhere;font-family:var(--babillard-police,inherit);color:var(--babillard-texte,inherit);background:var(--babillard-fond,none)}
[hidden]{display:none}*{margin:0;font-size:1em}ul{padding:0}.title{font-size:1.35em;margin:0 0 .5em}
a{color:var(--babillard-lien,inherit)}a,button,input{display:inline-flex;align-items:center;min-height:44px;font:inherit}.annonce a{min-height:24px;color:inherit;font-size:1.15em}
:focus-visible{outline:3px solid;outline-offset:2px}nav,form,.foot,.top{display:flex;flex-wrap:wrap;gap:0 1.25em;margin:.5em 0}[aria-current]{font-weight:700}input{flex:1;min-width:0}
.annonce{padding:.75em 0;list-style:none;border-bottom:1px solid var(--babillard-bordure,#8888)}.top{margin:0}.frais{margin-left:auto}.mark{padding:0 .5em;border:2px solid;font-weight:700;text-transform:uppercase}iframe{display:block;width:100%;border:0}.counter{font-size:1.25em}`);

  const make = (tag, part = "", textContent, more) => Object.assign(document.createElement(tag), { part, className: part, textContent }, more);
  const link = (href, text, more) => make("a", "", text, { href, target: "_blank", ...more });
  const langOf = (made) => made.closest("[lang]")?.lang ?? "";
  let blocked, frames = new Set();

  addEventListener("message", ({ origin, source, data }) => {
    if (!source || origin !== base || data?.babillard !== "height" || !(data.value > 0 && data.value < 20000)) return;
    for (const frame of [...document.querySelectorAll("iframe"), ...frames]) {
      if (frame.contentWindow !== source || !frame.src.startsWith(base + "/embed/")) continue;
      frame.style.height = Math.ceil(data.value) + "px";
      // A bare frame in its browser's language: the page's own is asked for.
      const lang = langOf(frame);
      if (data.lang && lang && !lang.startsWith(data.lang)) source.location.replace(`${frame.src + (frame.src.includes("?") ? "&" : "?")}lang=${lang}`);
      frame.heard?.(data.list);
    }
  });

  customElements.define("babillard-widget", class extends HTMLElement {
    static observedAttributes = ["widget", "lang", "mode", "theme"];

    connectedCallback() {
      if (!this.shadowRoot) {
        this.dress = new CSSStyleSheet();
        this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet, this.dress];
        this.slotted = make("slot");
        this.box = make("div", "contenu");
        this.shadowRoot.append(this.slotted, this.box);
      }
      this.start();
    }

    disconnectedCallback() { clearTimeout(this.timer); this.turn = {}; }
    attributeChangedCallback() { if (this.isConnected && this.shadowRoot) this.start(); }
    start() { this.getAttribute("mode") === "frame" ? this.frame() : this.load({}); }

    address(end, asked) {
      const query = new URLSearchParams({ ...asked, lang: langOf(this), theme: this.getAttribute("theme") ?? "", site: location.host });
      return `${base}/embed/${encodeURIComponent(this.getAttribute("widget"))}${end}?${query}`;
    }

    show(...parts) { this.box.replaceChildren(...parts); this.slotted.hidden = parts.length > 0; }

    fail() {
      this.show();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.start(), 3e4);
    }

    async load(asked, focused) {
      const turn = this.turn = {};
      let answer;
      try {
        answer = await fetch(this.address(".json", asked), { credentials: "omit", signal: AbortSignal.timeout(wait) });
        if (!answer.ok) throw answer.status;
        const data = await answer.json();
        if (turn !== this.turn) return;
        const here = location.origin.replace("//www.", "//");
        if (data.sites.length && !data.sites.some((site) => site.replace("//www.", "//") === here)) throw here;
        if (data.layout === "map") this.frame(); else this.draw(data, asked, focused);
      } catch {
        if (turn === this.turn) { if (answer) this.fail(); else this.frame(); }
      }
    }

    draw(data, asked, focused) {
      const { words } = data, parts = [];
      const on = (made, what) => {
        made.addEventListener(what.field ? "submit" : "click", (event) => {
          if (blocked && what.url || event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          what.url ? this.frame(what) : this.load(what.field ? { ...asked, page: 1, q: what.field.value } : what, true);
        });
        return made;
      };
      const go = (text, more, ariaCurrent) => on(make("a", "lien", text, { href: this.address("", more), ariaCurrent }), more);
      const named = data.title || words.empty && data.count, title = make(`h${data.level}`, "title", named, { tabIndex: -1 });
      if (named) parts.push(title);
      parts.push(make("p", "intro", data.intro));
      if (data.search) {
        const form = make("form", "recherche", "", { role: "search" });
        const field = make("input", "champ", "", { type: "search", maxLength: 200, value: asked.q ?? "", ariaLabel: data.search });
        form.append(field, make("button", "bouton", data.search));
        parts.push(on(form, { field }));
      }
      if (data.tabs.length) {
        const nav = make("nav", "onglets", "", { ariaLabel: words.filters });
        nav.append(...data.tabs.map((tab) => go(tab.label, tab.ask, tab.current ? "page" : null)));
        parts.push(nav);
      }
      const list = make("ul", "annonces");
      if (data.items.length) parts.push(list); else parts.push(make("p", "vide", words.empty));
      list.append(...data.items.map((item) => {
          const one = make("li", `annonce annonce-${item.purpose}`);
          const top = make("p", "top"), name = make(`h${Math.min(6, data.level + 1)}`, "titre");
          top.append(make("span", "mark", item.label), make("span", "combien", item.how_many), make("span", "frais", item.top));
          name.append(on(link(item.url, item.title, { lang: item.lang }), item));
          one.append(top, name, make("p", "organisme", item.line));
          return one;
      }));
      const foot = make("p", "foot");
      if (data.previous) foot.append(go(words.previous, data.previous));
      if (data.following) foot.append(go(words.following, data.following));
      foot.append(link(data.board_url, words.all));
      if (words.publish) foot.append(link(data.publish_url, words.publish));
      this.dress.replaceSync(data.style);
      this.box.lang = data.language;
      this.box.className = "contenu " + data.look;
      this.show(...parts, foot);
      if (focused) title.focus();
    }

    frame(item) {
      this.turn = {};
      clearTimeout(this.timer);
      const frame = make("iframe", "cadre", "", { src: item?.answer ?? this.address("", {}), title: item?.title ?? (this.title || this.textContent.trim() || "Babillard") });
      frame.style.height = 0;
      frame.heard = (list) => {
        clearTimeout(this.timer);
        if (item && !this.slotted.hidden) frame.focus();
        this.slotted.hidden = true;
        if (item && list) this.load({}, true);
      };
      frames.add(frame);
      // A page that allows no frame: posts open in a new tab.
      document.addEventListener("securitypolicyviolation", (event) => {
        if (!item || blocked || event.effectiveDirective !== "frame-src") return;
        blocked = open(item.url, "_blank", "noopener") ?? true;
        this.start();
      });
      this.box.replaceChildren(frame);
      this.slotted.hidden = false;
      this.timer = setTimeout(() => this.fail(), wait);
    }
  });
})();
