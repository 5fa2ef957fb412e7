// The lock of a worker, the first thing that runs there: it takes away every
// name that the browser gives a worker but those below, for good. What remains
// cannot reach a network, keep anything, nor make another worker that could:
// there is nothing left to forbid, should a browser forget the policy here, as
// Firefox ESR 140 does for two ways out (SECURITY.md).
{
  const KEPT = new Set([
    // The language.
    'Array', 'ArrayBuffer', 'BigInt', 'Boolean', 'DataView', 'Date', 'Error', 'FinalizationRegistry', 'JSON', 'Map',
    'Math', 'Number', 'Object', 'Promise', 'RangeError', 'Reflect', 'Set', 'String', 'Symbol',
    'TypeError', 'Uint8Array', 'WebAssembly', 'globalThis',
    // Text and bytes, and a file read where it stands.
    'Blob', 'File', 'FileReaderSync', 'TextDecoder', 'TextEncoder',
    // Words with the page that made this worker.
    'close', 'onmessage', 'postMessage', 'self',
  ]);
  // Numbers like NaN stay where they are; a function that stays stops the worker
  // before it starts.
  const isConstant = ({ value }) => !['function', 'object'].includes(typeof value);
  for (let holder = globalThis; holder !== Object.prototype; holder = Object.getPrototypeOf(holder)) {
    for (const name of Reflect.ownKeys(holder)) {
      if (KEPT.has(name) || Reflect.deleteProperty(holder, name)) continue;
      const left = Reflect.getOwnPropertyDescriptor(holder, name);
      if ('get' in left || !isConstant(left)) throw new Error('verrou');
    }
  }
}
