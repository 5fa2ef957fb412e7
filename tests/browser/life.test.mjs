// What remains of a file: no worker once its work is done or stopped, nothing
// stored, nothing given to a service of the browser.

import { csv, rows, write } from './files.mjs';
import { throughEveryScreen } from './journey.mjs';
import { TRAP } from './plants.mjs';

// A worker that reads for ever.
const READS_FOR_EVER = `wasm_bindgen.worker_run = () => {
  self.postMessage({ Progress: { step: 'reading', rows: 12000, per_mille: 400 } });
  for (;;);
};`;

// A worker that gives the partial, then does something else than to compare.
const oncePartialIsBack = (act) => `{
  const post = self.postMessage.bind(self);
  self.postMessage = (message) => {
    post(message);
    if (message.Aggregated) { ${act} }
  };
}`;
const COMPARES_FOR_EVER = oncePartialIsBack('for (;;);');
const FALLS_COMPARING = oncePartialIsBack(TRAP);

// Counts the workers that the page makes and ends, and adds a text to each.
// Other plants would be overwritten: all in one.
function counted(text) {
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
  if (!text) return;
  const PlainBlob = globalThis.Blob;
  globalThis.Blob = class Blob extends PlainBlob {
    constructor(parts, options) {
      super(options?.type === 'text/javascript' ? [...parts, '\n', text] : parts, options);
    }
  };
}

const workers = () => globalThis.workers;
const previewed = () => !document.getElementById('verifie').disabled;
const readings = (word) => document.getElementById('etat-lectures').innerText.includes(word);
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
    name: 'the worker ends when the two readings are compared, and on an error',
    run: async (t) => {
      const far = rows('Habellis').map((row, at) => (at === 0 ? row : row.with(3, 'Dijon')));
      const paths = await write(t, { 'bon.csv': csv(rows('Habellis')), 'loin.csv': csv(far) });
      const visit = await t.openPage({ plant: [counted, ''] });
      await visit.chooseFile('Fichier OPS', paths['bon.csv']);
      await visit.until('la comparaison', readings, 'sont comparées');
      t.assert.deepEqual(await visit.evaluate(workers), { made: 1, ended: 1 });
      t.assert.equal(await visit.evaluate(previewed), true);
      t.assert.match(await visit.evaluate(() => document.getElementById('sortie-lectures').textContent), /Lecture «\seffectif\s»/);
      await visit.chooseFile('Fichier OPS', paths['loin.csv']);
      await visit.until('le refus', () => document.getElementById('alerte-bailleur').innerText.includes('Dijon'));
      t.assert.deepEqual(await visit.evaluate(workers), { made: 2, ended: 2 });
    },
  },
  {
    name: 'the worker ends when everything is wiped, and when the page is left',
    run: async (t) => {
      const paths = await write(t, { 'ops.csv': csv(rows('Habellis')) });
      const visit = await t.openPage({ plant: [counted, READS_FOR_EVER] });
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
    name: 'the partial is saved while the readings are compared, and what ends the screen ends the comparison',
    run: async (t) => {
      const paths = await write(t, { 'un.csv': csv(rows('Habellis')), 'deux.csv': csv(rows('Habellis')) });
      const visit = await t.openPage({ plant: [counted, COMPARES_FOR_EVER] });
      const previewOf = async (name, nth) => {
        await visit.chooseFile('Fichier OPS', paths[name]);
        await visit.until('la lecture', (nth) => globalThis.workers.made === nth, nth);
        await visit.until('l’aperçu', previewed);
        t.assert.equal(await visit.evaluate(readings, 'est calculée'), true);
      };
      await previewOf('un.csv', 1);
      t.assert.equal(await visit.evaluate(() => document.getElementById('avancement-bailleur').hidden), true);
      await visit.click('checkbox', "J'ai vérifié ce qui sortira");
      const { name } = await visit.download(() => visit.click('button', "Télécharger l'agrégat partiel"));
      t.assert.match(name, /\.partiel\.json$/);
      t.assert.deepEqual(await visit.evaluate(workers), { made: 1, ended: 0 });
      await visit.screenshot('comparaison en cours');

      // Another file, everything wiped, the page left: each ends the comparison.
      await previewOf('deux.csv', 2);
      t.assert.deepEqual(await visit.evaluate(workers), { made: 2, ended: 1 });
      await visit.click('button', 'Tout effacer');
      t.assert.deepEqual(await visit.evaluate(workers), { made: 2, ended: 2 });
      t.assert.equal(await visit.text('#etat-lectures'), '');
      await previewOf('un.csv', 3);
      await visit.evaluate(() => globalThis.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
      t.assert.deepEqual(await visit.evaluate(workers), { made: 3, ended: 3 });
      // Shown again, what will leave is still there, and whole.
      t.assert.equal(await visit.evaluate(previewed), true);
      t.assert.equal(await visit.evaluate(readings, 's\'est arrêtée'), true);
    },
  },
  {
    name: 'a fall of the comparison takes nothing from the partial',
    run: async (t) => {
      const paths = await write(t, { 'ops.csv': csv(rows('Habellis')) });
      const visit = await t.openPage({ plant: [counted, FALLS_COMPARING] });
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      await visit.until('la chute', readings, 's\'est arrêtée');
      t.assert.deepEqual(await visit.evaluate(workers), { made: 1, ended: 1 });
      t.assert.equal(await visit.text('#alerte-bailleur'), '');
      await visit.click('checkbox', "J'ai vérifié ce qui sortira");
      await visit.download(() => visit.click('button', "Télécharger l'agrégat partiel"));
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
