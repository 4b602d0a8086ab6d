// What pages gain when scripts run; without it everything still works. No inline code, no evaluation: the page's policy allows 'self' only.
(() => {
  "use strict";

  // A hidden tab stops asking: only requests that a clock started are dropped.
  document.addEventListener("htmx:before:request", (event) => {
    const source = event.detail?.ctx?.sourceElement;
    const trigger = source?.getAttribute?.("hx-trigger") ?? "";
    if (document.hidden && /\bevery\b/.test(trigger)) event.preventDefault();
  });

  // One search, one address: a form that asks sends only what was filled in.
  document.addEventListener("formdata", (event) => {
    if (event.target.method !== "get") return;
    const empty = [...event.formData].filter(([, value]) => value === "").map(([name]) => name);
    empty.forEach((name) => event.formData.delete(name));
    if (event.formData.has("place") || event.formData.has("near")) return;
    event.formData.delete("radius_km");
    if (event.formData.get("sort") === "nearest") event.formData.delete("sort");
  });

  // Another order is asked at once, by the form that the list belongs to.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-reorders]")) event.target.form?.dispatchEvent(new Event("reorder"));
  });

  const showCopyButtons = (root) => {
    if (!navigator.clipboard) return;
    root.querySelectorAll("[data-copy][hidden]").forEach((button) => { button.hidden = false; });
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (button) {
      const field = document.getElementById(button.dataset.copyFrom ?? "");
      await navigator.clipboard.writeText(field ? field.value : new URL(button.dataset.copy, location.href).href);
      const words = button.querySelector("span");
      if (words) words.textContent = button.dataset.copied;
    }
    // A menu closes when one presses elsewhere.
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });

  // A part that htmx put in says where to go on, and what happened to those who do not see it.
  const heard = new WeakSet(document.querySelectorAll("[data-news]"));
  const goOn = () => {
    document.querySelectorAll("[data-news]").forEach((part) => {
      if (heard.has(part)) return;
      heard.add(part);
      const status = document.querySelector(`[data-says="${part.id}"]`);
      if (status) status.textContent = part.dataset.news;
      part.querySelector("[autofocus]")?.focus();
      // Who leaves and comes back finds as many lines; the browser puts in again what counts as typed.
      if (!part.dataset.address) return;
      history.replaceState(history.state, "", part.dataset.address);
      part.querySelectorAll("input:not([type=hidden], [type=checkbox], [type=radio]), textarea").forEach((field) => {
        const words = field.value;
        field.defaultValue = "";
        field.value = words;
      });
    });
  };

  // What was said beside a form while its server was silent is no longer true once it answers.
  document.addEventListener("htmx:before:swap", (event) => {
    const said = document.getElementById("live-said");
    const { response, sourceElement } = event.detail?.ctx ?? {};
    if (said && response?.status < 400 && sourceElement?.closest("form") === said.closest("form")) said.replaceChildren();
  });

  // Words that were typed and not sent are asked about before the page is left. The browser is only asked to wait while there are some.
  const unsent = new Set(document.querySelectorAll("[data-warns=unsent]"));
  const wait = (event) => event.preventDefault();
  const weigh = () => (unsent.size ? window.addEventListener : window.removeEventListener)("beforeunload", wait);
  const typed = (event) => {
    const form = event.target.form?.closest("[data-warns]");
    if (form) unsent.add(form);
    weigh();
  };
  const settle = (form) => {
    if (form) unsent.delete(form); else unsent.clear();
    weigh();
  };
  document.addEventListener("input", typed);
  document.addEventListener("change", typed);
  document.addEventListener("submit", (event) => { if (!event.defaultPrevented) settle(event.target); });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-discards]")) settle();
    const button = event.target.closest?.("[data-warns] button[hx-post]");
    if (button) typed({ target: button });
  });
  weigh();

  document.addEventListener("htmx:after:swap", () => {
    showCopyButtons(document);
    goOn();
  });
  showCopyButtons(document);
})();
