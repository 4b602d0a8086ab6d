// Suggestions under the search field: posts, organisations and categories that go on from what is typed
// (ARIA APG combobox, grouped list, manual selection). The list itself comes from the board; without scripts the field searches.
(() => {
  "use strict";
  const field = document.querySelector("[data-suggestions]");
  if (!field) return;
  const LEAST_LETTERS = 2;
  const PAUSE_MS = 150;
  const QUIET_MS = 900;
  const SCROLLED_PX = 24;
  const form = field.form;
  const said = document.getElementById("suggestions-said");
  let asking = null;
  let waiting = 0;
  let telling = 0;
  let openedAt = 0;

  const list = () => document.getElementById("suggestions");
  const options = () => [...list().querySelectorAll("[role=option]")];
  const chosen = () => list().querySelector("[aria-selected=true]");
  const isOpen = () => !list().hidden;

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-haspopup", "listbox");
  field.setAttribute("aria-controls", "suggestions");
  field.setAttribute("aria-expanded", "false");

  // Said once the letters pause, so that the count is heard after them and not over them.
  const tell = (words) => {
    clearTimeout(telling);
    telling = setTimeout(() => { said.textContent = words; }, words ? QUIET_MS : 0);
  };

  const mark = (option) => {
    options().forEach((each) => each.setAttribute("aria-selected", String(each === option)));
    if (!option) { field.removeAttribute("aria-activedescendant"); return; }
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };

  const stop = () => {
    clearTimeout(waiting);
    asking?.abort();
    asking = null;
  };

  const close = () => {
    mark(null);
    list().hidden = true;
    field.setAttribute("aria-expanded", "false");
    tell("");
  };

  const open = () => {
    const any = options().length > 0 && document.activeElement === field;
    if (!any) { close(); return; }
    if (!isOpen()) openedAt = scrollY;
    list().hidden = false;
    field.setAttribute("aria-expanded", "true");
  };

  // The form holds the filters in force: a category is added to them.
  const question = () => {
    const asked = new URL(field.dataset.suggestions, location.href);
    for (const [name, value] of new FormData(form)) {
      if (name !== "q") asked.searchParams.append(name, value);
    }
    asked.searchParams.set("q", field.value.trim());
    return asked;
  };

  const ask = async () => {
    stop();
    const mine = new AbortController();
    asking = mine;
    const headers = { "HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#suggestions" };
    try {
      const answer = await fetch(question(), { headers, signal: mine.signal });
      const html = answer.ok ? await answer.text() : "";
      if (asking !== mine) return;
      const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("suggestions");
      if (!fresh) { close(); return; }
      list().replaceWith(document.adoptNode(fresh));
      field.removeAttribute("aria-activedescendant");
      open();
      if (document.activeElement === field) tell(fresh.dataset.said);
    } catch (error) {
      if (error.name !== "AbortError") close();
    } finally {
      if (asking === mine) asking = null;
    }
  };

  field.addEventListener("input", () => {
    stop();
    clearTimeout(telling);
    if (field.value.trim().length < LEAST_LETTERS) {
      list().replaceChildren();
      close();
      return;
    }
    waiting = setTimeout(ask, PAUSE_MS);
  });

  const step = (by) => {
    const all = options();
    const at = all.indexOf(chosen());
    if (at < 0) return all.at(by > 0 ? 0 : -1);
    // After the last (or before the first) comes the field itself: what was typed can be searched as it is.
    return all[at + by] ?? null;
  };

  const keys = {
    ArrowDown: () => mark(step(1)),
    ArrowUp: () => mark(step(-1)),
    Home: () => mark(options()[0]),
    End: () => mark(options().at(-1)),
  };

  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const arrow = event.key === "ArrowDown" || event.key === "ArrowUp";
    if (arrow && !isOpen() && options().length) open();
    if (event.key === "Enter") {
      const option = isOpen() ? chosen() : null;
      if (option) { event.preventDefault(); option.click(); return; }
      stop();
      close();
    } else if (event.key === "Escape" && (isOpen() || asking)) {
      // The first Escape closes the list and keeps the words; the next one empties the field, as everywhere.
      event.preventDefault();
      stop();
      close();
    } else if (isOpen() && keys[event.key] && (arrow || chosen())) {
      // Home and End move within the words until the arrows have entered the list.
      event.preventDefault();
      keys[event.key]();
    }
  });

  // A press on the list must not take the focus away before the click chooses.
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest?.("#suggestions")) event.preventDefault();
  });

  // The way back to this page must not find the list still open.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#suggestions [role=option]")) { stop(); close(); }
  });

  document.addEventListener("pointerdown", (event) => {
    if (isOpen() && event.target !== field && !event.target.closest?.("#suggestions")) close();
  });

  // Who scrolls wants the results under the list; arrows that bring an option into sight do not count.
  document.addEventListener("scroll", () => {
    if (isOpen() && !chosen() && Math.abs(scrollY - openedAt) > SCROLLED_PX) { stop(); close(); }
  }, { passive: true });

  field.addEventListener("blur", () => { stop(); close(); });
  form.addEventListener("submit", () => { stop(); close(); });
})();
