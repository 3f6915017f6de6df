// The chat in its frame. What is kept here is a token that opens this visitor's one conversation, and what could not be sent.
// The conversation itself is the desk's: it comes entry by entry, each once, and goes on after the last one that is shown.
(() => {
  "use strict";
  const get = (id) => document.getElementById(id);
  const [launch, chat, lines, waiting, scroll, text] = ["launch", "chat", "lines", "waiting", "scroll", "text"].map(get);
  const words = get("texts").dataset;
  const kept = (() => {
    try {
      localStorage.setItem("switchboard:try", "1");
      localStorage.removeItem("switchboard:try");
      return localStorage;
    } catch { // a browser that keeps nothing for frames of other sites: then the site's page keeps it
      const here = new Map(), keep = () => parent.postMessage({ switchboard: "keep", kept: [...here] }, "*");
      const isKept = new Promise((done) => {
        addEventListener("message", (event) => {
          if (event.source !== parent || event.data?.switchboard !== "kept") return;
          for (const [key, value] of event.data.kept) here.set(String(key), String(value));
          done();
        });
        parent.postMessage({ switchboard: "kept?" }, "*");
        setTimeout(done, 2000);
      });
      return {
        isKept,
        getItem: (key) => here.get(key) ?? null,
        setItem: (key, value) => { here.set(key, value); keep(); },
        removeItem: (key) => { here.delete(key); keep(); },
      };
    }
  })();
  const TOKEN = "switchboard:visitor", UNSENT = "switchboard:unsent", OPEN = "switchboard:open";
  const token = () => kept.getItem(TOKEN);
  const unsent = () => { try { return JSON.parse(kept.getItem(UNSENT)) || []; } catch { return []; } };
  const keepUnsent = (all) => kept.setItem(UNSENT, JSON.stringify(all));
  const pause = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));
  let stand = { upto: -1, waiting: [] }, newest = 0, failed = new Map();

  // Opened and closed, by a button, a key, and as it was when the page was left.
  function show(isOpen, byHand) {
    chat.hidden = !isOpen;
    launch.hidden = isOpen;
    launch.setAttribute("aria-expanded", String(isOpen));
    parent.postMessage({ switchboard: isOpen ? "open" : "closed" }, "*"); // only a page of the list has this frame
    kept.setItem(OPEN, isOpen ? "1" : "");
    if (isOpen) launch.querySelector(".new").hidden = true;
    if (isOpen) scroll.scrollTop = scroll.scrollHeight;
    if (byHand) (isOpen ? text : launch).focus();
  }
  launch.addEventListener("click", () => show(true, true));
  get("shut").addEventListener("click", () => show(false, true));
  chat.addEventListener("keydown", (event) => { if (event.key === "Escape") show(false, true); });

  // What is shown: all of it as text, never as markup.
  function bubble(who, name, said) {
    const item = document.createElement("li"), by = document.createElement("b");
    item.className = `said ${who}`;
    by.textContent = who === "you" ? words.you : name || words.desk;
    if (!name) by.className = "away";
    item.append(by, said);
    return item;
  }
  function draw(change) {
    const isAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;
    change();
    if (isAtEnd) scroll.scrollTop = scroll.scrollHeight;
  }
  function told(number, line) {
    if (number <= newest) return;
    newest = number;
    draw(() => lines.append(bubble(line.who, line.name, line.text)));
    if (line.who !== "you" && chat.hidden) launch.querySelector(".new").hidden = false;
  }
  function stands(now) {
    if (!now.waiting || now.upto < stand.upto) return; // an answer that was overtaken
    stand = now;
    get("stand").textContent = now.waits || now.instead || "";
    get("stand").className = now.working ? "works" : "";
    get("danger").textContent = now.danger;
    get("danger").hidden = !now.danger;
    drawWaiting();
  }
  function drawWaiting() {
    draw(() => {
      waiting.replaceChildren(...stand.waiting.map((said) => bubble("you", "", said)), ...unsent().map((one) => {
        const item = bubble("you", "", one.text), why = failed.get(one.id);
        if (why) {
          const again = document.createElement("button");
          again.type = "button";
          again.textContent = `${why} ${words.again}`;
          again.addEventListener("click", () => { failed.delete(one.id); send(); });
          item.classList.add("unsent");
          item.append(again);
        }
        return item;
      }));
    });
  }
  function trouble(why) {
    get("trouble").textContent = why;
    get("trouble").hidden = !why;
  }

  // What is written is kept here until the desk has it, and goes under the same name each time, so that it counts once.
  async function ask(path, body) {
    const headers = { "content-type": "application/json", ...(token() ? { "x-visitor": token() } : {}) };
    return fetch(path, { method: "POST", headers, body: JSON.stringify(body), cache: "no-store" });
  }
  async function come() {
    const found = await ask("/widget/visitors", {});
    if (found.ok) kept.setItem(TOKEN, (await found.json()).token);
    return found;
  }
  let sending = false;
  async function send() {
    drawWaiting();
    if (sending) return;
    sending = true;
    for (let one; (one = unsent().find((each) => !failed.has(each.id))); ) {
      try {
        let found = token() ? null : await come();
        if (!found || found.ok) found = await ask("/widget/messages", one);
        if (found.status === 401) { // the conversation is over for this browser, and another one begins
          forget();
          await pause(1);
          continue;
        }
        if (found.status === 429 || found.status >= 500) {
          trouble(found.status === 429 ? words.many : words.offline);
          await pause(Math.min(60, Number(found.headers.get("retry-after")) || 2));
          continue;
        }
        if (found.ok) {
          keepUnsent(unsent().filter((each) => each.id !== one.id));
          stands(await found.json());
          drawWaiting();
          follow();
        } else failed.set(one.id, found.status === 413 || found.status === 422 ? words.long : words.unsent);
        trouble("");
      } catch {
        trouble(words.offline);
        await pause(2);
      }
    }
    sending = false;
    drawWaiting();
  }
  get("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const said = text.value.trim();
    if (!said) return;
    text.value = "";
    grow();
    const id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    keepUnsent([...unsent(), { id, text: said }]);
    scroll.scrollTop = scroll.scrollHeight;
    send();
  });
  const grow = () => { text.style.height = "auto"; text.style.height = `${text.scrollHeight + 2}px`; };
  text.addEventListener("input", grow);
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    get("form").requestSubmit();
  });

  // What the desk says, entry by entry; after a break from the one that was seen last.
  let following = false;
  async function follow() {
    if (following) return;
    following = true;
    for (let wait = 1; token(); wait = Math.min(30, 2 * wait)) {
      try {
        const found = await fetch("/widget/events", { headers: { "x-visitor": token(), "last-event-id": String(newest) }, cache: "no-store" });
        if (found.status === 401) forget();
        if (found.status === 401 || found.status === 409) break; // nothing is said yet
        if (found.ok) {
          wait = 0.5;
          trouble("");
          await read(found.body.getReader());
        } else wait = Number(found.headers.get("retry-after")) || wait;
      } catch {
        trouble(words.offline);
      }
      await pause(wait);
    }
    following = false;
  }
  async function read(stream) {
    const decoder = new TextDecoder();
    for (let left = "", piece; !(piece = await stream.read()).done; ) {
      const events = (left + decoder.decode(piece.value, { stream: true })).split("\n\n");
      left = events.pop();
      for (const one of events) {
        const fields = Object.fromEntries(one.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
        if (fields.event === "entry") told(Number(fields.id), JSON.parse(fields.data));
        if (fields.event === "state") stands(JSON.parse(fields.data));
      }
    }
  }
  function forget() {
    kept.removeItem(TOKEN);
    newest = 0;
    stand = { upto: -1, waiting: [] };
    lines.replaceChildren();
  }

  Promise.resolve(kept.isKept).then(() => {
    show(kept.getItem(OPEN) === "1", false);
    follow();
    send();
  });
})();
