// The list of places under a field: htmx fills it, the keyboard chooses (ARIA APG combobox, list autocomplete, manual selection).
// Without scripts the field is a plain text field and the server reads what was typed.
(() => {
  "use strict";
  if (document.documentElement.dataset.placesReady) return;
  document.documentElement.dataset.placesReady = "yes";

  const fieldOf = (node) => node?.closest?.("[data-combobox]");
  const listOf = (field) => document.getElementById(field.dataset.combobox);
  const statusOf = (field) => field.parentElement.querySelector("[data-combobox-status]");
  const optionsOf = (list) => (list ? [...list.querySelectorAll("[data-value]")] : []);

  // Once chosen or closed with Escape, the list stays shut until somebody types again.
  const settled = new WeakSet();

  const dress = (field) => {
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", field.dataset.combobox);
    if (!field.hasAttribute("aria-expanded")) field.setAttribute("aria-expanded", "false");
  };

  const close = (field) => {
    const list = listOf(field);
    if (list) list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    optionsOf(list).forEach((option) => option.setAttribute("aria-selected", "false"));
  };

  const open = (field) => {
    const list = listOf(field);
    const options = optionsOf(list);
    if (!options.length || document.activeElement !== field) { close(field); return; }
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.labels?.[0]?.textContent.trim() ?? "");
    options.forEach((option, n) => {
      option.id = `${list.id}-${n}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
    });
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
  };

  const move = (field, to) => {
    const options = optionsOf(listOf(field));
    options.forEach((option, n) => option.setAttribute("aria-selected", String(n === to)));
    if (to < 0) { field.removeAttribute("aria-activedescendant"); return; }
    field.setAttribute("aria-activedescendant", options[to].id);
    options[to].scrollIntoView({ block: "nearest" });
  };

  const choose = (field, option) => {
    field.value = option.dataset.value;
    settled.add(field);
    close(field);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  document.addEventListener("keydown", (event) => {
    const field = fieldOf(event.target);
    if (!field || event.isComposing) return;
    const list = listOf(field);
    const options = optionsOf(list);
    const shown = options.length > 0 && !list.hidden;
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!options.length) return;
      event.preventDefault();
      if (!shown) open(field);
      const step = event.key === "ArrowDown" ? 1 : -1;
      const from = at < 0 && step < 0 ? options.length : at;
      move(field, shown || at >= 0 ? (from + step + options.length) % options.length : step > 0 ? 0 : options.length - 1);
    } else if (event.key === "Enter" && shown && at >= 0) {
      event.preventDefault();
      choose(field, options[at]);
    } else if (event.key === "Escape") {
      settled.add(field);
      if (!shown) return;
      event.preventDefault();
      close(field);
    } else if (event.key === "Tab" && shown) {
      close(field);
    }
  });

  // The press must not take the focus away before the click chooses.
  document.addEventListener("pointerdown", (event) => {
    if (event.target.closest?.(".place-options [data-value]")) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const option = event.target.closest?.(".place-options [data-value]");
    document.querySelectorAll("[data-combobox]").forEach((field) => {
      if (option && listOf(field)?.contains(option)) choose(field, option);
      else if (event.target !== field) close(field);
    });
  });

  document.addEventListener("focusout", (event) => {
    const field = fieldOf(event.target);
    if (field) close(field);
  });

  document.addEventListener("input", (event) => {
    const field = fieldOf(event.target);
    if (field) settled.delete(field);
  });

  document.addEventListener("focusin", (event) => {
    const field = fieldOf(event.target);
    if (field) dress(field);
  });

  // htmx has put a new list in the place of the old one.
  document.addEventListener("htmx:after:swap", () => {
    document.querySelectorAll("[data-combobox]").forEach((field) => {
      dress(field);
      const list = listOf(field);
      if (document.activeElement !== field || !list || settled.has(field)) return;
      open(field);
      const status = statusOf(field);
      if (status) status.textContent = list.dataset.said ?? "";
    });
  });

  document.querySelectorAll("[data-combobox]").forEach(dress);
})();
