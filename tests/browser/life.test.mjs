// What remains of a file: no worker once its work is done or stopped, nothing
// stored, nothing given to a service of the browser.

import { csv, rows, write } from './files.mjs';
import { throughEveryScreen } from './journey.mjs';

// Counts the workers that the page makes and ends; with `endless`, a worker
// reads for ever. Other plants would be overwritten: all in one.
function counted(endless) {
  const Plain = globalThis.Worker;
  globalThis.workers = { made: 0, ended: 0 };
  globalThis.Worker = class Worker extends Plain {
    constructor(...args) {
      super(...args);
      globalThis.workers.made += 1;
    }

    terminate() {
      super.terminate();
      globalThis.workers.ended += 1;
    }
  };
  if (!endless) return;
  const PlainBlob = globalThis.Blob;
  const text = `wasm_bindgen.worker_run = () => {
    self.postMessage({ Progress: { step: 'reading', rows: 12000, per_mille: 400 } });
    for (;;);
  };`;
  globalThis.Blob = class Blob extends PlainBlob {
    constructor(parts, options) {
      super(options?.type === 'text/javascript' ? [...parts, '\n', text] : parts, options);
    }
  };
}

const workers = () => globalThis.workers;
const reading = () => document.getElementById('texte-bailleur').innerText.replace(/\s/g, ' ').includes('12 000 lignes lues');

// Everything that a page can leave on a machine.
const stored = async () => {
  const attempt = async (read) => {
    try {
      return await read();
    } catch {
      // The browser gives this place none at all.
      return [];
    }
  };
  return {
    local: await attempt(() => Object.keys(localStorage)),
    session: await attempt(() => Object.keys(sessionStorage)),
    databases: await attempt(async () => (await indexedDB.databases()).map(({ name }) => name)),
    caches: await attempt(() => caches.keys()),
    cookies: await attempt(() => document.cookie.split(';').filter((one) => one !== '')),
    files: await attempt(async () => {
      const names = [];
      for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
      return names;
    }),
  };
};
const NOTHING = { local: [], session: [], databases: [], caches: [], cookies: [], files: [] };

export default [
  {
    name: 'the worker ends when the partial is back, and on an error',
    run: async (t) => {
      const far = rows('Habellis').map((row, at) => (at === 0 ? row : row.with(3, 'Dijon')));
      const paths = await write(t, { 'bon.csv': csv(rows('Habellis')), 'loin.csv': csv(far) });
      const visit = await t.openPage({ plant: [counted, false] });
      await visit.chooseFile('Fichier OPS', paths['bon.csv']);
      await visit.until('l’aperçu', () => !document.getElementById('verifie').disabled);
      t.assert.deepEqual(await visit.evaluate(workers), { made: 1, ended: 1 });
      await visit.chooseFile('Fichier OPS', paths['loin.csv']);
      await visit.until('le refus', () => document.getElementById('alerte-bailleur').innerText.includes('Dijon'));
      t.assert.deepEqual(await visit.evaluate(workers), { made: 2, ended: 2 });
    },
  },
  {
    name: 'the worker ends when everything is wiped, and when the page is left',
    run: async (t) => {
      const paths = await write(t, { 'ops.csv': csv(rows('Habellis')) });
      const visit = await t.openPage({ plant: [counted, true] });
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      await visit.until('la lecture', reading);
      t.assert.deepEqual(await visit.evaluate(workers), { made: 1, ended: 0 });
      await visit.click('button', 'Tout effacer');
      t.assert.deepEqual(await visit.evaluate(workers), { made: 1, ended: 1 });

      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      await visit.until('la lecture', reading);
      t.assert.deepEqual(await visit.evaluate(workers), { made: 2, ended: 1 });
      await visit.evaluate(() => globalThis.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
      t.assert.deepEqual(await visit.evaluate(workers), { made: 2, ended: 2 });
      // Shown again, the page says so and starts anew.
      t.assert.match(await visit.text('#etat-bailleur'), /annulée/);
      t.assert.equal(await visit.evaluate(() => document.getElementById('avancement-bailleur').hidden), true);
    },
  },
  {
    name: 'the three screens leave nothing on the machine',
    run: async (t) => {
      const visit = await t.openPage();
      await throughEveryScreen(visit);
      t.assert.deepEqual(await visit.evaluate(stored), NOTHING);
      // The same look sees what is there.
      await visit.evaluate(() => sessionStorage.setItem('essai', 'x'));
      t.assert.deepEqual((await visit.evaluate(stored)).session, ['essai']);
      await visit.evaluate(() => sessionStorage.clear());
    },
  },
  {
    name: 'what is shown is given to no spelling, translation nor form memory',
    run: async (t) => {
      const near = rows('Habellis').map((row, at) => (at === 0 ? row.map((h) => (h === 'Commune' ? 'Communne' : h)) : row));
      const paths = await write(t, { 'proche.csv': csv(near) });
      const visit = await t.openPage();
      await visit.chooseFile('Fichier OPS', paths['proche.csv']);
      await visit.byRole('button', 'Confirmer la correspondance');
      const facts = await visit.evaluate(() => {
        const fields = [...document.querySelectorAll('#panneau-bailleur :is(select, textarea, input:not([type=file]))')];
        const regions = [...document.querySelectorAll('.resultats, .alerte, .etat, .avancement')];
        return {
          fields: fields.length,
          remembered: fields.filter((one) => one.getAttribute('autocomplete') !== 'off').map((one) => one.id),
          regions: regions.length,
          given: regions.filter((one) => one.translate || one.spellcheck).map((one) => one.id),
        };
      });
      t.assert.ok(facts.fields > 8 && facts.regions > 8, JSON.stringify(facts));
      t.assert.deepEqual([facts.remembered, facts.given], [[], []]);
    },
  },
];
