// Lets the page work without a network after its first visit. The page never depends on it: where there is no
// service worker (private windows, plain http, old browsers) all but that works.
if ("serviceWorker" in navigator) {
  addEventListener("load", () => {
    navigator.serviceWorker.register("./sw.js").catch(() => {});
  });
}
