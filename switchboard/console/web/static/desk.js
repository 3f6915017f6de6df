// What pages do beside their links and forms, which work without it: keys, live lines each once, and titles with counts.
(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const typing = (at) => at.closest("input, textarea, select, [contenteditable]");

  // What was done is said once: no reload of the page, and no link to it, says it again.
  const address = new URL(location.href);
  if (address.searchParams.has("told")) {
    for (const name of ["told", "of"]) address.searchParams.delete(name);
    history.replaceState(history.state, "", address);
  }

  // Keys: j and k go through the rows, and what has a data-hotkey is done, opened or written into.
  function move(step) {
    const rows = all("[data-keys] .row a");
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
  function press(key) {
    const target = document.querySelector(`[data-hotkey="${key}"]`);
    if (!target) return false;
    const folded = target.closest("details");
    if (target.matches("summary") && folded) {
      folded.open = true;
      const field = folded.querySelector("textarea, input:not([type=hidden]), select");
      if (field) field.focus();
    } else if (target.matches("button")) {
      if (folded && !folded.open) {
        folded.open = true; // what must be said first is written first
        return folded.querySelector("textarea, input:not([type=hidden])")?.focus(), true;
      }
      target.focus(); // a second key, Enter, does it: nobody approves by a slip
    } else target.focus();
    target.scrollIntoView({ block: "nearest" });
    return true;
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const keys = { j: () => move(1), k: () => move(-1), q: () => location.assign("/"), "/": () => document.querySelector("#q")?.focus() };
    if (keys[event.key]) keys[event.key]();
    else if (!/^[a-z]$/.test(event.key) || !press(event.key)) return;
    event.preventDefault();
  });

  // A line that is there already is not shown again, whoever sends it twice.
  document.addEventListener("htmx:sseBeforeMessage", (event) => {
    const number = event.detail.lastEventId;
    if (event.detail.type === "entry" && number && document.getElementById(`e${number}`)) event.preventDefault();
    const note = event.detail.type === "note" && /id="(note\d+)"/.exec(event.detail.data);
    if (note && document.getElementById(note[1])) event.preventDefault();
  });
  document.addEventListener("htmx:sseMessage", (event) => {
    if (event.detail.type !== "entry") return;
    const lines = document.getElementById("lines");
    const newest = lines.lastElementChild;
    const before = newest && newest.previousElementSibling;
    if (newest && newest.matches(".steps") && before && before.matches(".steps")) {
      before.querySelector("ol").append(...newest.querySelectorAll("ol > li"));
      const count = before.querySelectorAll("ol > li").length;
      before.querySelector(".count").textContent = `${count} steps`;
      before.querySelector(".last").textContent = newest.querySelector(".last").textContent;
      newest.remove();
    }
  });

  // What somebody is writing is never taken from under their hands.
  const isBusy = (part) =>
    (part.contains(document.activeElement) && typing(document.activeElement)) ||
    all("textarea, input:not([type=hidden])", part).some((field) => field.value !== field.defaultValue) ||
    part.querySelector("[data-typed]") !== null ||
    all("details.edit[open], details.no[open]", part).length > 0;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const part = event.detail.target;
    if (part.matches("[data-forms]") && isBusy(part)) {
      event.detail.shouldSwap = false;
      document.getElementById("moved").hidden = false;
    }
  });

  // Who asked for it is told of what begins to wait while they look at something else: how much, and no customer's words.
  const asking = document.getElementById("notify");
  const isLet = () => "Notification" in window && Notification.permission === "granted";
  let known = Number(document.getElementById("rows")?.dataset.waiting);
  if (asking && "Notification" in window && Notification.permission === "default") {
    asking.hidden = false;
    asking.addEventListener("click", async () => { asking.hidden = (await Notification.requestPermission()) !== "default"; });
  }
  function notify(waiting) {
    if (waiting > known && isLet() && document.hidden) {
      const told = new Notification(document.title, { body: `${waiting} wait for a person.`, tag: "switchboard-waiting" });
      told.addEventListener("click", () => { window.focus(); told.close(); });
    }
    known = waiting;
  }

  // Rows that come anew keep the place of who goes through them, and the title its count.
  let focused = "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "rows") focused = document.activeElement.closest("[data-key]")?.dataset.key || "";
  });
  document.addEventListener("htmx:afterSettle", () => {
    const rows = document.getElementById("rows");
    const waiting = document.getElementById("decide");
    if (waiting) {
      const calls = all(".decide", waiting).length;
      document.title = (calls ? `(${calls}) ` : "") + document.title.replace(/^\(\d+\) /, "");
    }
    if (!rows) return;
    document.title = rows.dataset.title;
    notify(Number(rows.dataset.waiting));
    if (focused) document.querySelector(`[data-key="${CSS.escape(focused)}"] a`)?.focus();
    focused = "";
  });
  // A view that is kept is what is looked at now, also where only the rows were drawn anew.
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-view]")) event.target.elements.query.value = location.search.slice(1);
  });
  document.addEventListener("htmx:sseOpen", () => document.documentElement.classList.remove("offline"));
  // A server that refuses a stream has too many of them: then the page is looked at again, unless somebody writes in it.
  let again = 0;
  document.addEventListener("htmx:sseError", (event) => {
    document.documentElement.classList.add("offline");
    if (event.detail.source.readyState !== EventSource.CLOSED || again) return;
    again = setInterval(() => {
      if (!document.documentElement.classList.contains("offline")) again = clearInterval(again);
      else if (!isBusy(document.body)) location.reload();
    }, 30000);
  });
})();
