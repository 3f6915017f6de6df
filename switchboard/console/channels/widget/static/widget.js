// Puts the chat of a desk on this page: <script src="https://desk.example.com/widget.js" async></script>
// The chat is a frame of the desk's own origin, which this page cannot read. It tells this page its size and, where a browser
// keeps nothing for frames of other sites, what opens the talk again, for this page to keep.
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || document.getElementById("switchboard-chat")) return;
  const desk = new URL(script.src).origin;
  const frame = document.createElement("iframe");
  frame.id = "switchboard-chat";
  frame.title = script.dataset.title || "Chat";
  frame.src = `${desk}/widget/frame`;
  const set = (sizes) => Object.assign(frame.style, sizes);
  const closed = { width: "76px", height: "76px", maxWidth: "", maxHeight: "" };
  const open = { width: "400px", height: "640px", maxWidth: "100vw", maxHeight: "100dvh" };
  set({ position: "fixed", right: "0", bottom: "0", border: "0", zIndex: "2147483000", background: "transparent", colorScheme: "light" });
  set(closed);
  addEventListener("message", (event) => {
    if (event.origin !== desk || event.source !== frame.contentWindow) return;
    const what = event.data?.switchboard;
    if (what === "open" || what === "closed") set(what === "open" ? open : closed);
    try {
      if (what === "keep") localStorage.setItem(frame.id, JSON.stringify(event.data.kept));
      if (what === "kept?") frame.contentWindow.postMessage({ switchboard: "kept", kept: JSON.parse(localStorage.getItem(frame.id) || "[]") }, desk);
    } catch {
      // it keeps nothing here, either: the chat lasts as long as the page
    }
  });
  const put = () => document.body.append(frame);
  if (document.body) put();
  else addEventListener("DOMContentLoaded", put);
})();
