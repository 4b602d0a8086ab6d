// Inside a widget's frame: tells the page around how high it is, and asks it to follow a link where a sandbox cannot. Without it everything still works.
(() => {
  "use strict";
  if (window.parent === window) {
    document.documentElement.classList.add("alone");
    return;
  }
  const box = document.getElementById("widget");
  // WordPress gives its word in the address, at once or a moment later.
  const secretNow = () => /[#&?]secret=([A-Za-z0-9]{1,32})/.exec(location.hash)?.[1];
  let secret = secretNow();
  let told = 0;

  const tell = () => {
    const high = Math.ceil(box.getBoundingClientRect().height + box.offsetTop);
    if (Math.abs(high - told) < 2) return;
    told = high;
    if (secret) window.parent.postMessage({ message: "height", value: high, secret }, "*");
    // In its browser's language, not yet in that of the page around, which its script knows.
    const lang = "follows" in box.dataset ? document.documentElement.lang : "";
    window.parent.postMessage({ babillard: "height", value: high, list: "list" in box.dataset, lang }, "*");
  };
  new ResizeObserver(tell).observe(box);
  addEventListener("load", tell);
  addEventListener("hashchange", () => {
    secret = secretNow();
    told = 0;
    tell();
  });

  // Which site is around is told to the first page alone: the links hand it on, and nothing else.
  const around = () => {
    try {
      const { host } = new URL(document.referrer);
      return host === location.host ? "" : host;
    } catch {
      return "";
    }
  };
  const site = new URLSearchParams(location.search).get("site") || around();
  if (site) {
    for (const link of document.querySelectorAll('a[href^="/embed/"]')) {
      const address = new URL(link.href);
      address.searchParams.set("site", site);
      link.href = address.href;
    }
    const search = document.querySelector("form[role=search]");
    if (search && !search.elements.site) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "site", value: site });
      search.prepend(field);
    }
    for (const form of document.querySelectorAll("form[method=post]")) {
      const address = new URL(form.action);
      address.searchParams.set("site", site);
      form.action = address.href;
    }
  }

  // A frame without an origin of its own may send no form: a post opens on the board instead.
  if (window.origin === "null") {
    for (const link of document.querySelectorAll("a[data-post]:not([target])")) {
      link.dataset.inside = link.href;
      link.pathname = link.pathname.replace(/\/answer$/, "");
      link.target = "_blank";
      link.rel = "noopener";
      const said = document.createElement("span");
      Object.assign(said, { className: "hidden", lang: document.documentElement.lang, textContent: " " + box.dataset.tab });
      link.append(said);
    }
  }

  // After a step inside the frame: begin where the news is, however far the page around was scrolled.
  if (document.referrer.startsWith(location.origin + "/embed/")) {
    const news = document.querySelector("#error-summary, [role=status], h1");
    news.tabIndex = -1;
    news.focus();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[target=_blank]");
    if (link && secret) {
      event.preventDefault();
      window.parent.postMessage({ message: "link", value: link.href, secret }, "*");
      return;
    }
    // Where new tabs are forbidden too, the post is at least read here.
    if (link?.dataset.inside) {
      event.preventDefault();
      if (!window.open(link.href)) location.assign(link.dataset.inside);
      return;
    }
    const inside = event.target.closest?.("a[href]:not([target=_blank])");
    if (inside && secret) {
      event.preventDefault();
      location.assign(inside.href + "#?secret=" + secret);
    }
  });

  // A sandbox without forms sends none: the words go by a link.
  const form = document.querySelector("form[role=search]");
  const search = (event) => {
    if (window.origin !== "null") return;
    event.preventDefault();
    const asked = new URLSearchParams(new FormData(form));
    location.assign(`${form.action}?${asked}${location.hash}`);
  };
  form?.querySelector("button").addEventListener("click", search);
  form?.querySelector("[type=search]").addEventListener("keydown", (event) => { if (event.key === "Enter") search(event); });
})();
