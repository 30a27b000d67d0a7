
// The second part of the program: what the page needs only when somebody uses it (prepare/src/split.rs, which adds
// this to the script of the first part). It is fetched when somebody touches the page, and at once where a link asks
// for a certain moment, and in a worker. What is wanted before it is there waits for it.

const SECOND = new URL("LATER", import.meta.url);
let fetched;
let bytes;
let atOnce = typeof document === "undefined" || location.hash.length > 1;

async function fetchSecond() {
  const [answer] = await Promise.all([fetch(SECOND), ...sheets()]);
  if (!answer.ok) throw new Error(`${SECOND}: ${answer.status}`);
  bytes = await answer.arrayBuffer();
}

// The style sheets of what it draws. One that cannot be had stops nothing.
function sheets() {
  if (typeof document === "undefined") return [];
  return [...document.querySelectorAll("link[rel=later]")].map(
    (sheet) =>
      new Promise((done) => {
        sheet.onload = sheet.onerror = done;
        sheet.rel = "stylesheet";
      }),
  );
}

async function later(first = wasm) {
  if (first?.THERE.value) return;
  try {
    await (fetched ??= fetchSecond());
    // Before the first part is there it is only fetched.
    if (!first || first.THERE.value) return;
    await WebAssembly.instantiate(bytes, { "": first });
    there(first);
  } catch {
    // Asked for again when it is needed; then a failure is told.
    fetched = bytes = undefined;
  }
}

function laterNow() {
  try {
    sheets();
    new WebAssembly.Instance(moduleNow(), { "": wasm });
    there(wasm);
  } catch (error) {
    bytes = undefined;
    if (typeof document !== "undefined" && !document.querySelector(".unfetched")) {
      const notice = document.createElement("p");
      notice.className = "unfetched";
      notice.setAttribute("role", "alert");
      notice.textContent = "A part of Brokerlab could not be fetched. Look at the network, then load this page again.";
      document.body.append(notice);
    }
    throw error;
  }
}

// What came before may be something else than was asked for, and not be known for that yet.
function moduleNow() {
  try {
    if (bytes) return new WebAssembly.Module(bytes);
  } catch {}
  return new WebAssembly.Module(fetchNow());
}

function fetchNow() {
  const request = new XMLHttpRequest();
  request.open("GET", SECOND, false);
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) throw new Error(`${SECOND}: ${request.status}`);
  return Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0));
}

function there(first) {
  first.THERE.value = 1;
  bytes = undefined;
}

function touched() {
  atOnce = true;
  later();
}

if (atOnce) later();
else {
  for (const sign of ["pointermove", "pointerdown", "touchstart", "wheel", "keydown"]) {
    addEventListener(sign, touched, { once: true, capture: true, passive: true });
  }
}
