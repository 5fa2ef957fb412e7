// Code that tests put in the page before its own scripts run, and what the
// browser may then say.

// What a policy that works makes browsers write in their console.
export const REFUSALS = [
  /Content.Security.Policy/i,
  /Connection-Allowlist/i,
  /violat/i,
  /Refused to/i,
  /blocked/i,
  /can’t establish a connection|can't establish a connection/i,
  /Failed to load resource/i,
  /may not load data from/i,
  /downloadable font: /,
];

// Adds text at the end of every worker that the page makes, and before its lock
// when something must be had that the lock takes away.
export function appendToWorkers(text, before = '') {
  return [
    (text, before) => {
      const Plain = globalThis.Blob;
      globalThis.Blob = class Blob extends Plain {
        constructor(parts, options) {
          super(options?.type === 'text/javascript' ? [before, '\n', ...parts, '\n', text] : parts, options);
        }
      };
    },
    text,
    before,
  ];
}

// Text for a worker: before each of its messages it hands the size of its wasm
// memory to `told`, which may use `post`, its own way to the page. A wasm memory
// never shrinks: its last size is its height.
export function tellMemory(told) {
  return `{
  const { initSync } = wasm_bindgen;
  let memory;
  wasm_bindgen.initSync = (...given) => {
    const exports = initSync(...given);
    memory = exports.memory;
    return exports;
  };
  const post = self.postMessage.bind(self);
  self.postMessage = (...given) => {
    (${told})(memory.buffer.byteLength);
    post(...given);
  };
}`;
}

// Plants that keep the height of the worker's memory in `globalThis.octetsDuFil`. Each
// size goes in a message of its own, which the page does not hear.
export const hearMemory = () => [
  appendToWorkers(tellMemory('(octets) => post({ octets })')),
  [
    () => {
      globalThis.octetsDuFil = 0;
      const Real = globalThis.Worker;
      globalThis.Worker = class extends Real {
        constructor(url) {
          super(url);
          this.addEventListener('message', (event) => {
            if (event.data?.octets === undefined) return;
            globalThis.octetsDuFil = Math.max(globalThis.octetsDuFil, event.data.octets);
            event.stopImmediatePropagation();
          });
        }
      };
    },
  ],
];

// A wasm module whose only function, `f`, is the instruction `unreachable`:
// what a Rust panic comes to.
export const TRAP = `new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11,
]))).exports.f();`;

// Makes every request to the worker end in a real trap.
export const trapInWorkers = () => appendToWorkers(`wasm_bindgen.worker_run = () => { ${TRAP} };`);
