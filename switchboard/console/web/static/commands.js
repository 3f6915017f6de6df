// The command bar: all links and deeds of the page by their names, from the keyboard. Without it each is where it stands.
(() => {
  "use strict";
  const MOST = 40;
  const made = (name, given = {}) => Object.assign(document.createElement(name), given);
  const named = (at) => (at.ariaLabel || at.innerText || at.textContent).replace(/\s+/g, " ").trim();
  const input = made("input", { type: "text", placeholder: "Go to, or do …", autocomplete: "off", spellcheck: false, maxLength: 80 });
  const list = made("ul", { id: "commands-list", role: "listbox", ariaLabel: "Commands" });
  const dialog = made("dialog", { id: "commands", ariaLabel: "Commands" });
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "true", "aria-controls": "commands-list", "aria-label": "Command" }))
    input.setAttribute(name, value);
  const none = made("p", { className: "quiet", role: "status" });
  dialog.append(input, list, none);
  let every = [], found = [], at = 0;

  const links = "header.top a[href], nav a[href], .beside a[href]";
  const deeds = "main summary:not(.steps summary, .more > summary, .quoted > summary), main button, header.top button";
  const isFolded = (one) => (one.matches("summary") ? one.parentElement.parentElement : one).closest("details:not([open])");
  function gathered() {
    const places = [...document.querySelectorAll(links)].map((target) => ({ target, kind: "Go to", label: named(target) }));
    const things = [...document.querySelectorAll(deeds)].filter((one) => one.offsetParent && !isFolded(one)).map((target) => ({ target, kind: "Do", label: named(target) }));
    const field = document.querySelector("#q");
    if (field) places.push({ target: field, kind: "Go to", label: "Search" });
    const seen = new Set();
    return [...things, ...places].filter((one) => one.label && !seen.has(one.kind + one.label) && seen.add(one.kind + one.label));
  }
  function draw() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    found = every.filter((one) => words.every((word) => `${one.kind} ${one.label}`.toLowerCase().includes(word))).slice(0, MOST);
    at = Math.min(at, Math.max(0, found.length - 1));
    list.replaceChildren(...found.map((one, number) => {
      const row = made("li", { id: `command-${number}`, role: "option", ariaSelected: String(number === at) });
      row.append(made("small", { textContent: one.kind }), made("span", { textContent: one.label }));
      return row;
    }));
    none.textContent = found.length ? "" : "Nothing is called like that here.";
    input.setAttribute("aria-activedescendant", found.length ? `command-${at}` : "");
    list.children[at]?.scrollIntoView({ block: "nearest" });
  }
  function choose() {
    const target = found[at]?.target;
    if (!target) return;
    dialog.close();
    if (target.matches("a")) return target.click();
    const folded = target.matches("summary") ? target.closest("details") : null;
    if (folded) folded.open = true;
    // A button is only gone to: the next Enter presses it, so that nobody does by a slip what cannot be undone.
    (folded?.querySelector("textarea, input:not([type=hidden]), select, button") || target).focus();
    target.scrollIntoView({ block: "nearest" });
  }
  function open() {
    if (!dialog.isConnected) document.body.append(dialog);
    every = gathered();
    [input.value, at] = ["", 0];
    dialog.showModal();
    draw();
    input.focus();
  }
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const isAsked = ((event.ctrlKey || event.metaKey) && event.key === "k") || (event.key === ":" && !typing && !event.ctrlKey && !event.metaKey);
    if (!isAsked) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else open();
  });
  input.addEventListener("input", () => { at = 0; draw(); });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) at = (at + step + found.length) % Math.max(1, found.length);
    else if (event.key !== "Enter") return;
    event.preventDefault();
    if (step) draw();
    else choose();
  });
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[role=option]");
    if (!row) return;
    at = [...list.children].indexOf(row);
    choose();
  });
})();
