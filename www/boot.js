// The bootstrap of the sealed page: the only script of our own that the
// security policy lets run, by its fingerprint. It unpacks the wasm, hands it
// to the glue, and offers Rust the three things the browser keeps behind
// Trusted Types: writing HTML, and starting a worker.
(() => {
  'use strict';

  const start = document.getElementById('demarrage');
  const block = (id) => document.getElementById(id).textContent;

  // What the user reads when the page cannot run. Static sentences only: an
  // error's own text could quote data.
  const say = (sentence) => {
    start.textContent = sentence;
    start.hidden = false;
  };
  const TOO_OLD =
    "Votre navigateur est trop ancien pour cette page : ouvrez-la avec une version récente d'Edge, de Chrome ou de Firefox.";
  const NOT_STARTED =
    "La page n'a pas pu démarrer. Rechargez-la ; si cela ne suffit pas, redemandez le fichier : le vôtre est peut-être incomplet.";
  const BROKEN =
    "La page a rencontré une erreur interne et ne répond plus. Rien n'a été envoyé. Rechargez-la pour recommencer.";

  // The blob addresses a worker may be made from: one for each set of blocks.
  const workerUrls = new Map();
  let module = null;

  const policy = globalThis.trustedTypes?.createPolicy('ops-mixite', {
    // Rust's views are escaped by construction.
    createHTML: (html) => html,
    createScriptURL: (url) => {
      if (![...workerUrls.values()].includes(url)) throw new TypeError('ops-mixite');
      return url;
    },
  });

  const setHtml = (element, html) => {
    element.innerHTML = policy ? policy.createHTML(html) : html;
  };

  // A worker made from a blob inherits the policy of the page, so it can reach
  // no network. The address of its text, which holds no data, lives as long as
  // the page: revoking it while a browser still loads the worker would lose the
  // worker.
  const workerOf = (...blocks) => {
    const key = blocks.join();
    if (!workerUrls.has(key)) {
      const text = new Blob(blocks.flatMap((id) => [block(id), '\n']), { type: 'text/javascript' });
      workerUrls.set(key, URL.createObjectURL(text));
    }
    const url = workerUrls.get(key);
    return new Worker(policy ? policy.createScriptURL(url) : url);
  };

  // The worker that reads rows: the lock first, then the compiled module as its
  // first message.
  const newWorker = () => {
    const worker = workerOf('lock', 'glue', 'worker');
    worker.postMessage({ module });
    return worker;
  };

  // One made the same way, that only tries to get out; and one without the lock,
  // to see what the browser alone forbids.
  const newTestWorker = () => workerOf('lock', 'autotest');
  const newBareWorker = () => workerOf('autotest');

  const wasmBlock = document.getElementById('wasm');
  globalThis.opsMixite = Object.freeze({
    version: wasmBlock.dataset.version,
    wasmSha256: wasmBlock.dataset.sha256,
    setHtml,
    newWorker,
    newTestWorker,
    newBareWorker,
  });

  // Which program this is. A file cannot hold its own fingerprint: this is that
  // of the wasm within.
  const { version, commit, sha256 } = wasmBlock.dataset;
  const source = commit === 'aucun' ? "construction d'essai" : `commit ${commit}`;
  document.getElementById('identite').textContent =
    `Version ${version}, ${source}. Empreinte du programme (SHA-256 du wasm)\u00a0: ${sha256}. ` +
    'Celle du fichier entier ne peut pas être écrite dedans\u00a0: elle est publiée à côté, dans SHA256SUMS.';

  // The bytes of a block, which is let go.
  const bytesOf = (id) => {
    const element = document.getElementById(id);
    const bytes = Uint8Array.from(atob(element.textContent), (c) => c.charCodeAt(0));
    element.remove();
    return bytes;
  };

  // The small module that unpacks the program imports nothing: it is given bytes in
  // its memory, and leaves others there.
  const unpacked = async () => {
    const { instance } = await WebAssembly.instantiate(bytesOf('unpack'));
    const { memory, place, unpack, whole } = instance.exports;
    const packed = bytesOf('wasm');
    const at = place(packed.length);
    new Uint8Array(memory.buffer, at, packed.length).set(packed);
    const length = unpack();
    if (length === 0) throw new RangeError('unpack');
    const start = whole();
    return memory.buffer.slice(start, start + length);
  };

  // The youngest thing that the program asks of a browser: sixteen bytes at once
  // (Chromium 91, Firefox 89, Safari 16.4), in the smallest module that does so.
  const SIMD = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
  ];

  const boot = async () => {
    if (typeof WebAssembly !== 'object' || !WebAssembly.validate(new Uint8Array(SIMD))) {
      say(TOO_OLD);
      return;
    }
    const program = unpacked();
    try {
      module = await WebAssembly.compile(await program);
      wasm_bindgen.initSync({ module });
      // Once the wasm has trapped its memory can no longer be trusted.
      const trapped = (error) => {
        if (error instanceof WebAssembly.RuntimeError) say(BROKEN);
      };
      addEventListener('error', (event) => trapped(event.error));
      addEventListener('unhandledrejection', (event) => trapped(event.reason));
      wasm_bindgen.page_main();
      start.hidden = true;
      start.textContent = '';
    } catch (error) {
      // What unpacks is as old as wasm, and checks what it unpacks: a whole program
      // that does not compile is one that this browser does not know how to read.
      const whole = await program.then(() => true, () => false);
      say(whole && error instanceof WebAssembly.CompileError ? TOO_OLD : NOT_STARTED);
      throw error;
    }
  };
  boot();
})();
