// The page stays at hand while a file is read: no long task, progress that
// follows the rows, a cancel that waits for nothing. Counts, never times.

import { stat } from 'node:fs/promises';

import { csv, rows, write } from './files.mjs';

const DWELLINGS = 40_000;
// The worker's own: a message at least every so many rows.
const ROWS_PER_MESSAGE = 2_000;

// Notes what the worker says and when the page ends it, and the long tasks of
// the page between the first sign of progress and the last.
function watched() {
  const notes = { progress: [], opening: [], ended: 0, late: 0, long: 0, reading: false };
  globalThis.notes = notes;
  const Plain = globalThis.Worker;
  globalThis.Worker = class Worker extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        if (this.ended) notes.late += 1;
        const progress = data?.Progress;
        if (progress?.step === 'opening') notes.opening.push(progress.per_mille);
        if (progress?.step === 'reading') notes.progress.push([progress.rows, progress.per_mille]);
        notes.reading = progress?.step === 'reading';
        if (!notes.reading) observer?.takeRecords();
      });
    }

    terminate() {
      super.terminate();
      this.ended = true;
      notes.ended += 1;
    }
  };
  const known = PerformanceObserver.supportedEntryTypes.includes('longtask');
  const observer = known
    ? new PerformanceObserver((list) => {
        if (notes.reading && notes.progress.length > 1) notes.long += list.getEntries().length;
      })
    : undefined;
  observer?.observe({ entryTypes: ['longtask'] });
  notes.observed = known;
}

const large = async (t) => {
  const [header, ...body] = rows('Habellis', 11, 4_000);
  const all = [header, ...Array.from({ length: DWELLINGS }, (_, at) => body[at % body.length])];
  return (await write(t, { 'grand.csv': csv(all) }))['grand.csv'];
};

export default [
  {
    name: 'progress follows the rows, and no task of the page is long meanwhile',
    schemes: ['file'],
    run: async (t) => {
      const path = await large(t);
      // A machine that is busy elsewhere may hold up any task: one reading
      // without a long one shows that the page makes none.
      let notes;
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const visit = await t.openPage({ plant: [watched] });
        await visit.chooseFile('Fichier OPS', path);
        await visit.until('l’aperçu', () => !document.getElementById('verifie').disabled);
        notes = await visit.evaluate(() => globalThis.notes);
        t.assert.ok(notes.progress.length >= DWELLINGS / ROWS_PER_MESSAGE, `${notes.progress.length} messages`);
        // The first pass, for the encoding, is told by the bytes it went through.
        const megabytes = (await stat(path)).size >> 20;
        t.assert.ok(megabytes > 2 && notes.opening.length >= megabytes, `${notes.opening.length} messages for ${megabytes} MiB`);
        t.assert.deepEqual(notes.opening, notes.opening.toSorted((a, b) => a - b));
        for (let at = 1; at < notes.progress.length; at += 1) {
          const [rowsRead, share] = notes.progress[at];
          const [before, shareBefore] = notes.progress[at - 1];
          t.assert.ok(rowsRead >= before && share >= shareBefore, 'progress goes forward');
          t.assert.ok(rowsRead - before <= 2 * ROWS_PER_MESSAGE, `${rowsRead - before} rows in silence`);
        }
        if (notes.long === 0) break;
      }
      // Only Chromium tells its long tasks.
      if (notes.observed) t.assert.equal(notes.long, 0);
    },
  },
  {
    name: '« Annuler » ends the worker in the task of the click, and nothing comes after',
    schemes: ['file'],
    run: async (t) => {
      const path = await large(t);
      const visit = await t.openPage({ plant: [watched] });
      await visit.chooseFile('Fichier OPS', path);
      await visit.until('la lecture', () => globalThis.notes.progress.length > 0);
      const ended = await visit.evaluate(() => {
        document.getElementById('annuler-bailleur').click();
        return globalThis.notes.ended;
      });
      t.assert.equal(ended, 1);
      await visit.until('l’annulation', () => document.getElementById('etat-bailleur').innerText.includes('annulée'));
      t.assert.equal((await visit.evaluate(() => globalThis.notes)).late, 0);
    },
  },
];
