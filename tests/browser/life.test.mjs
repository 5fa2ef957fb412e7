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

// A worker that does its work, but for one that is given a second file.
const READS_FOR_EVER_BESIDE = `{
  const run = wasm_bindgen.worker_run;
  wasm_bindgen.worker_run = (demand, files) => {
    if (files.length < 2) return run(demand, files);
    self.postMessage({ Progress: { step: 'reading', rows: 12000, per_mille: 400 } });
    for (;;);
  };
}`;

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

// Everything that a page can leave on a machine, or to the page that comes after it
// in the same tab.
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
    name: globalThis.name === '' ? [] : [globalThis.name],
    history: history.state === null ? [] : [history.state],
    files: await attempt(async () => {
      const names = [];
      for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
      return names;
    }),
  };
};
const NOTHING = { local: [], session: [], databases: [], caches: [], cookies: [], name: [], history: [], files: [] };

// Leaves a trace in each place that this browser gives the page; tells which.
const store = async () => {
  const ways = {
    local: () => localStorage.setItem('essai', 'x'),
    session: () => sessionStorage.setItem('essai', 'x'),
    databases: () =>
      new Promise((done, fail) => {
        const request = indexedDB.open('essai');
        request.onsuccess = () => (request.result.close(), done());
        request.onerror = fail;
      }),
    caches: () => caches.open('essai'),
    cookies: () => {
      document.cookie = 'essai=x';
      if (document.cookie === '') throw new Error('refusé');
    },
    name: () => (globalThis.name = 'essai'),
    history: () => history.replaceState('essai', ''),
    files: async () => (await navigator.storage.getDirectory()).getFileHandle('essai', { create: true }),
  };
  const left = [];
  for (const [place, way] of Object.entries(ways)) {
    try {
      await way();
      left.push(place);
    } catch {
      // The browser gives none here.
    }
  }
  return left;
};
const clean = async () => {
  const ways = [
    () => localStorage.clear(),
    () => sessionStorage.clear(),
    () => new Promise((done) => (indexedDB.deleteDatabase('essai').onsuccess = done)),
    () => caches.delete('essai'),
    () => (document.cookie = 'essai=; max-age=0'),
    () => (globalThis.name = ''),
    () => history.replaceState(null, ''),
    async () => (await navigator.storage.getDirectory()).removeEntry('essai'),
  ];
  for (const way of ways) {
    try {
      await way();
    } catch {
      // Nothing was left there.
    }
  }
};
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
      // The same look sees what is there, wherever it is.
      const left = await visit.evaluate(store);
      t.assert.ok(['session', 'name', 'history'].every((place) => left.includes(place)), left.join());
      if (t.scheme === 'http') t.assert.equal(left.length, Object.keys(NOTHING).length, left.join());
      const found = await visit.evaluate(stored);
      for (const place of left) t.assert.equal(found[place].length, 1, place);
      await visit.evaluate(clean);
      t.assert.deepEqual(await visit.evaluate(stored), NOTHING);
    },
  },
  {
    name: 'what is shown is given to no spelling, translation nor form memory',
    run: async (t) => {
      const near = rows('Habellis').map((row, at) => (at === 0 ? row.map((h) => (h === 'Commune' ? 'Communne' : h)) : row));
      const paths = await write(t, { 'proche.csv': csv(near) });
      const visit = await t.openPage();
      const look = () => {
        const fields = [...document.querySelectorAll('main :is(select, textarea, input:not([type=file]))')];
        const shown = [...document.querySelectorAll('main *')].filter((one) => one instanceof HTMLElement);
        const name = (one) => one.id || one.className || one.tagName;
        return {
          fields: fields.length,
          shown: shown.length,
          remembered: fields.filter((one) => one.getAttribute('autocomplete') !== 'off').map(name),
          given: shown.filter((one) => one.translate !== false || one.spellcheck !== false).map(name),
          // What stands outside says nothing of a file.
          outside: [...document.querySelectorAll('body > :not(#application), .entete, .pied')].filter((one) => one.textContent.includes('Communne')).map(name),
        };
      };
      await visit.chooseFile('Fichier OPS', paths['proche.csv']);
      await visit.byRole('button', 'Confirmer la correspondance');
      const mapping = await visit.evaluate(look);
      await throughEveryScreen(visit);
      const full = await visit.evaluate(look);
      for (const facts of [mapping, full]) {
        t.assert.ok(facts.fields > 30 && facts.shown > 400, JSON.stringify(facts));
        t.assert.deepEqual([facts.remembered, facts.given, facts.outside], [[], [], []]);
      }
      // The same look sees what would be given.
      await visit.evaluate(() => {
        const field = document.createElement('input');
        field.id = 'essai';
        Object.assign(field, { translate: true, spellcheck: true });
        document.querySelector('main').append(field);
      });
      const planted = await visit.evaluate(look);
      t.assert.deepEqual([planted.remembered, planted.given], [['essai'], ['essai']]);
    },
  },
  {
    name: 'every screen ends its worker when the page is left',
    run: async (t) => {
      const paths = await write(t, { 'a.json': '{}', 'a.csv': csv(rows('Habellis', 7, 20)) });
      const visit = await t.openPage({ plant: [counted, READS_FOR_EVER] });
      const leave = () => visit.evaluate(() => globalThis.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
      const inputs = ['fichier-ops', 'partiels', 'prepa-existante', 'prepa-fichier-communes', 'base'];
      for (const [at, input] of inputs.entries()) {
        const path = input === 'fichier-ops' || input.includes('communes') ? paths['a.csv'] : paths['a.json'];
        await (await visit.page.$(`#${input}`)).uploadFile(path);
        await visit.until(input, (made) => globalThis.workers.made === made, at + 1);
        t.assert.deepEqual(await visit.evaluate(workers), { made: at + 1, ended: at }, input);
        await leave();
        t.assert.deepEqual(await visit.evaluate(workers), { made: at + 1, ended: at + 1 }, input);
      }
    },
  },
  {
    name: 'a page that is really left keeps no worker, and comes back without what was read',
    schemes: ['http'],
    run: async (t) => {
      // The driver of Firefox does not tell of workers.
      if (t.browser !== 'chromium') return;
      const paths = await write(t, { 'ops.csv': csv(rows('Habellis')) });
      const visit = await t.openPage({ plant: [counted, READS_FOR_EVER] });
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      await visit.until('la lecture', reading);
      t.assert.equal(visit.page.workers().length, 1);
      await visit.page.goto('about:blank');
      t.assert.equal(visit.page.workers().length, 0);
      visit.asked = t.harness.addresses.http;
      await visit.page.goBack();
      await visit.until('la page', () => document.getElementById('demarrage')?.hidden === true);
      t.assert.equal(visit.page.workers().length, 0);
      t.assert.equal(await visit.evaluate(() => document.getElementById('resultats-bailleur').hidden), true);
    },
  },
  {
    name: 'an optional file that is tried and stopped leaves the preview, and no worker',
    run: async (t) => {
      const paths = await write(t, { 'ops.csv': csv(rows('Habellis')), 'rpls.csv': csv([['a'], ['b']]) });
      const visit = await t.openPage({ plant: [counted, READS_FOR_EVER_BESIDE] });
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      await visit.until('la comparaison', readings, 'sont comparées');
      const screen = () => [document.getElementById('sortie-texte').textContent, document.getElementById('verifie').disabled, document.getElementById('fichier-rpls').files.length];
      const before = await visit.evaluate(screen);
      const stops = {
        annuler: () => visit.click('button', 'Annuler'),
        partir: () => visit.evaluate(() => globalThis.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))),
      };
      for (const [at, [name, stop]] of Object.entries(stops).entries()) {
        await visit.chooseFile('Fichier RPLS (facultatif)', paths['rpls.csv']);
        await visit.until('la lecture', reading);
        // Meanwhile the preview is there, and cannot be saved.
        t.assert.deepEqual(await visit.evaluate(screen), [before[0], true, 1]);
        t.assert.equal(await visit.evaluate(() => document.getElementById('telecharger-partiel').disabled), true);
        await stop();
        t.assert.deepEqual(await visit.evaluate(screen), before, name);
        t.assert.deepEqual(await visit.evaluate(workers), { made: 2 + at, ended: 2 + at });
        t.assert.match(await visit.text('#etat-bailleur'), /n'est pas retenu/);
      }
    },
  },
];
