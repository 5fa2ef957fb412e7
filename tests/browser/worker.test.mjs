// The worker runs the wasm of the page, and its fall leaves the page standing.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { appendToWorkers, trapInWorkers } from './plants.mjs';

// Sends one request, with one file, to a new worker; gives its first answer.
const ask = (demande) =>
  new Promise((done, fail) => {
    const worker = globalThis.opsMixite.newWorker();
    worker.onmessage = ({ data }) => done(data);
    worker.onerror = (event) => fail(new Error(event.message));
    worker.postMessage({ demande, fichiers: [new File(['contenu'], 'essai.csv')] });
  });

// Answers in place of Rust, from a worker whose wasm did start.
const ECHO = `wasm_bindgen.worker_run = (demande, fichiers) => {
  const text = new FileReaderSync().readAsText(fichiers[0]);
  self.postMessage({ demande, text, exported: typeof wasm_bindgen.page_main });
};`;

// Every name a worker has, but constants, when its own text has run.
const NAMES = `{
  const names = new Set();
  for (let holder = globalThis; holder !== Object.prototype; holder = Object.getPrototypeOf(holder)) {
    for (const name of Reflect.ownKeys(holder)) {
      const { value, get } = Reflect.getOwnPropertyDescriptor(holder, name);
      if (get !== undefined || ['function', 'object'].includes(typeof value)) names.add(String(name));
    }
  }
  self.onmessage = () => self.postMessage([...names]);
}`;

const namesIn = (kind) =>
  new Promise((done, fail) => {
    const worker = globalThis.opsMixite[kind]();
    worker.onmessage = ({ data }) => done(data);
    worker.onerror = (event) => fail(new Error(event.message));
    worker.postMessage('noms');
  });

export default [
  {
    name: 'the worker that reads rows has no name left but those of its lock',
    run: async (t) => {
      const lock = await readFile(join(import.meta.dirname, '../../www/lock.js'), 'utf8');
      const list = lock.slice(lock.indexOf('new Set(['), lock.indexOf(']);'));
      const kept = new Set([...list.matchAll(/'([^']+)'/g)].map(([, name]) => name));
      const visit = await t.openPage({ plant: appendToWorkers(NAMES) });
      for (const kind of ['newWorker', 'newTestWorker']) {
        const names = await visit.evaluate(namesIn, kind);
        t.assert.deepEqual(names.filter((name) => !kept.has(name)), [], kind);
        t.assert.ok(names.includes('postMessage'));
      }
      // The same look sees what a worker has without it.
      const bare = await visit.evaluate(namesIn, 'newBareWorker');
      for (const way of ['fetch', 'EventSource', 'indexedDB', 'navigator', 'importScripts']) t.assert.ok(bare.includes(way), way);
    },
  },
  {
    name: 'a worker gets the module, then the request and its files',
    run: async (t) => {
      const visit = await t.openPage({ plant: appendToWorkers(ECHO) });
      for (const demande of ['première', 'seconde']) {
        t.assert.deepEqual(await visit.evaluate(ask, demande), { demande, text: 'contenu', exported: 'function' });
      }
    },
  },
  {
    name: 'a trap in the worker is said without a word of the data, and the page goes on',
    run: async (t) => {
      const visit = await t.openPage({ plant: trapInWorkers() });
      // Twice: the page makes a new worker after a fall.
      t.assert.deepEqual(await visit.evaluate(ask, 'secret'), { panne: true });
      t.assert.deepEqual(await visit.evaluate(ask, 'secret'), { panne: true });
      t.assert.equal(await visit.evaluate(() => document.getElementById('demarrage').hidden), true);
    },
  },
  {
    name: 'a module that cannot start is said the same way',
    run: async (t) => {
      const visit = await t.openPage({ plant: appendToWorkers('wasm_bindgen.initSync = () => { throw new Error("x"); };') });
      t.assert.deepEqual(await visit.evaluate(ask, 'secret'), { panne: true });
    },
  },
];
