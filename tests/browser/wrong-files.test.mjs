// Files made to make the page fall, on every input of the three screens: one sentence
// in French, what is on screen stays, the page goes on. And what is dropped or pasted
// that is no file.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { base, partials } from './consultant.test.mjs';
import { csv, rows, write, xlsx, zip } from './files.mjs';
import { takePartial } from './landlord.test.mjs';

const CAMPAIGN = new URL('../../domain/cucm-ops-2024.campagne.json', import.meta.url);
// Larger than any document may be.
const HUGE = 200 << 20;

// What a reader of JSON may be given in place of a document of a format; `good` is
// the text of a sound one, with a key and its value to be spoilt.
function documents(format, good, [key, value]) {
  const spelt = `"${key}": ${value}`;
  const with_ = (instead) => {
    if (!good.includes(spelt)) throw new Error(`${spelt} manque`);
    return good.replace(spelt, instead);
  };
  return {
    'vide.json': '',
    'zeros.json': Buffer.alloc(4_096),
    'nul.json': with_(`"${key}": "a\0b"`),
    'coupe.json': good.slice(0, good.length / 2),
    'profond.json': `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
    'profond-dedans.json': with_(`"${key}": ${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`),
    'immense-nombre.json': with_(`"${key}": 1e999`),
    'long-nombre.json': with_(`"${key}": ${'9'.repeat(100_000)}`),
    'type.json': with_(`"${key}": [{"a": null}]`),
    'double.json': with_(`${spelt}, ${spelt}`),
    'inconnue.json': with_(`${spelt}, "${'é'.repeat(100_000)}": 1`),
    'nom.json': JSON.stringify({ format: `${format}${'x'.repeat(1 << 20)}`, version: 1 }),
    'version.json': JSON.stringify({ format, version: 18446744073709551615n.toString() }),
    'invisible.json': with_(`"${key}": "a\u202eb"`),
    'prototype.json': '{"__proto__": {"format": 1}, "constructor": {"prototype": {}}}',
    'texte.json': 'bonjour',
    'tableur.json': xlsx([['a'], ['b']]),
  };
}

// The same in place of a table.
const tables = () => ({
  'vide.csv': '',
  'zeros.csv': Buffer.alloc(1 << 20),
  'document.csv': '{"format": "ops-mixite/base"}',
  'page.xls': '<html><table><tr><td>a</td></tr></table></html>',
  'coupe.xlsx': xlsx(rows('Habellis', 7, 50)).subarray(0, 900),
  'faux.xlsx': zip({ 'mimetype': 'x', 'xl/workbook.xml': '<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>' }),
  'profond.xlsx': zip({ 'a': '', 'xl/workbook.xml': '<a>'.repeat(200_000) }),
  'bombe.xlsx': zip({ 'a': '', 'xl/workbook.xml': Buffer.alloc(64 << 20, ' ') }),
  'large.csv': `${'a;'.repeat(200_000)}\n${'1;'.repeat(200_000)}`,
  'longue.csv': 'x'.repeat(8 << 20),
});

// What gives a sentence away that was not written for a reader of French.
const ENGLISH = /\b(expected|invalid|unknown|missing|trailing|error|recursion|field|column|line|undefined|null|NaN|EOF|unreachable|panicked)\b/;

const ENDING = /[.?!»]$/;

// What a sentence must be.
function sound(t, said, where) {
  const text = said.replace(/\s+/g, ' ').trim();
  t.assert.ok(text.length > 20 && text.length < 2_500, `${where} : ${text.length} caractères : ${text.slice(0, 300)}`);
  t.assert.doesNotMatch(text.replace(/«[^»]*»/g, ''), ENGLISH, where);
  t.assert.match(text, ENDING, where);
  t.assert.doesNotMatch(text, /s'est arrêté de façon imprévue/, where);
}

// Gives each file to an input; `said` is the region that answers, `kept` what must be
// the same afterwards.
async function refuseAll(t, visit, { input, files, said, kept }) {
  const before = kept === undefined ? undefined : await visit.evaluate(kept);
  for (const [name, path] of Object.entries(await write(t, files))) {
    const where = `${input}, ${name}`;
    // The sentence of the last file must not pass for this one's.
    await visit.evaluate((said) => (document.getElementById(said).textContent = ''), said);
    await (await visit.page.$(`#${input}`)).uploadFile(path);
    const text = await visit.until(where, (said) => document.getElementById(said).innerText, said);
    sound(t, text, where);
    if (kept !== undefined) t.assert.deepEqual(await visit.evaluate(kept), before, where);
  }
}

const huge = async (t, format) => {
  const path = join(await t.temporary(), 'enorme.json');
  const start = Buffer.from(`{"format": "${format}", "version": 1, "x": "`);
  await writeFile(path, Buffer.concat([start, Buffer.alloc(HUGE, 'a'), Buffer.from('"}')]));
  return path;
};

const previewed = () => !document.getElementById('verifie').disabled;

// What the landlord has on screen and may save.
const landlordScreen = () => ({
  preview: document.getElementById('sortie-texte').textContent,
  table: document.getElementById('sortie-tableau').textContent,
  slip: document.getElementById('bordereau').textContent,
  ready: !document.getElementById('verifie').disabled,
  files: ['fichier-ops', 'campagne-bailleur', 'correspondance-bailleur', 'fichier-rpls', 'passage-bailleur'].map((id) => document.getElementById(id).files[0]?.name),
  landlord: document.getElementById('choix-bailleur').innerText,
});
const collectivityScreen = () => ({
  figures: document.getElementById('chiffres').textContent,
  drawing: document.getElementById('graphique').getAttribute('aria-label'),
  files: ['base', 'base-anterieure', 'contours'].map((id) => document.getElementById(id).files[0]?.name),
});
const consultantScreen = () => ({
  merged: document.getElementById('fusion').textContent,
  control: document.getElementById('controle').textContent,
  files: ['partiels', 'campagne-bureau-etudes'].map((id) => document.getElementById(id).files[0]?.name),
});

const PROFILE = JSON.stringify({ format: 'ops-mixite/correspondance', version: 1, colonnes: { commune: ['Commune'] } }, null, 1);

// What a user may drop or paste that is no file; a folder is one, to a browser.
const drop = (selector, kind) => {
  const data = new DataTransfer();
  if (kind === 'folder') data.items.add(new File([], 'dossier'));
  if (kind === 'link') data.setData('text/uri-list', 'https://envoi.invalid/');
  if (kind !== 'folder') data.setData('text/plain', '<img src=x onerror="globalThis.pris=true">');
  if (kind !== 'folder') data.setData('text/html', '<img src=x onerror="globalThis.pris=true">');
  const target = document.querySelector(selector);
  for (const type of ['dragenter', 'dragover', 'drop']) {
    const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data });
    target.dispatchEvent(event);
    // Otherwise the browser opens what was dropped in place of the page.
    if (type !== 'dragenter' && !event.defaultPrevented) return `${type} suit son cours`;
  }
  // A frame that has a message of its own says it there.
  const own = target.querySelector('[role=alert]');
  return (own ?? target.closest('[data-ecran], [role=tabpanel]').querySelector('[role=alert]')).innerText;
};
const paste = (selector) => {
  const data = new DataTransfer();
  data.setData('text/html', '<img src=x onerror="globalThis.pris=true">');
  data.items.add(new File(['{}'], 'a.json'));
  document.querySelector(selector).dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }));
};
// No driver makes a folder be dropped: the browser's answer about the entry is made up.
const folders = [
  () => {
    DataTransferItem.prototype.webkitGetAsEntry = function () {
      return this.kind === 'file' ? { isDirectory: true } : null;
    };
  },
];

export default [
  {
    name: 'the landlord’s optional files: what is wrong is said, and the preview stays',
    run: async (t) => {
      const campaign = await readFile(CAMPAIGN, 'utf8');
      const paths = await write(t, { 'ops.csv': csv(rows('Habellis')), 'bonne.campagne.json': campaign, 'profil.json': PROFILE });
      const visit = await t.openPage();
      await visit.chooseFile('Campagne (facultatif)', paths['bonne.campagne.json']);
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      await visit.until('l’aperçu', previewed);
      await visit.chooseFile('Correspondance (facultatif)', paths['profil.json']);
      await visit.until('l’aperçu, encore', () => !document.getElementById('verifie').disabled && document.getElementById('avancement-bailleur').hidden);
      const all = { said: 'alerte-bailleur', kept: landlordScreen };
      t.assert.equal((await visit.evaluate(landlordScreen)).files[2], 'profil.json');
      await refuseAll(t, visit, { ...all, input: 'campagne-bailleur', files: documents('ops-mixite/campagne', campaign, ['mention', '"Source OPS 2024"']) });
      await refuseAll(t, visit, { ...all, input: 'correspondance-bailleur', files: documents('ops-mixite/correspondance', PROFILE, ['version', '1']) });
      await refuseAll(t, visit, { ...all, input: 'fichier-rpls', files: tables() });
      await refuseAll(t, visit, { ...all, input: 'passage-bailleur', files: tables() });
      await visit.screenshot('fichier facultatif refusé');
      // What is on screen is still what leaves.
      const { bytes } = await takePartial(visit);
      t.assert.equal(bytes.toString(), (await visit.evaluate(landlordScreen)).preview.slice(-bytes.toString().length));
      // A 200 MB document is refused by its size.
      await (await visit.page.$('#campagne-bailleur')).uploadFile(await huge(t, 'ops-mixite/campagne'));
      await visit.until('la taille', (size) => document.getElementById('alerte-bailleur').innerText.replace(/\s/g, '').includes(size), String(HUGE + 59).slice(0, 6));
    },
  },
  {
    name: 'the landlord’s file: what is wrong is said, and a good one is read afterwards',
    run: async (t) => {
      const paths = await write(t, { 'ops.csv': csv(rows('Habellis')) });
      const visit = await t.openPage();
      await refuseAll(t, visit, { input: 'fichier-ops', said: 'alerte-bailleur', files: { ...tables(), 'objet.csv': 'Commune\n__proto__\nconstructor' } });
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      await takePartial(visit);
    },
  },
  {
    name: 'the consultant’s files: what is wrong is said, and the merge stays',
    run: async (t) => {
      const made = await partials(t);
      const campaign = await readFile(CAMPAIGN, 'utf8');
      const visit = await t.openPage({ hash: '#bureau-etudes' });
      await visit.chooseFile('Agrégats partiels', made.habellis);
      await visit.until('la fusion', () => document.getElementById('fusion').innerText !== '');
      await refuseAll(t, visit, {
        input: 'campagne-bureau-etudes',
        said: 'alerte-bureau-etudes',
        kept: consultantScreen,
        files: documents('ops-mixite/campagne', campaign, ['mention', '"Source OPS 2024"']),
      });
      await visit.screenshot('campagne refusée');
      // The files of a merge are judged each on its line; the good one counts.
      const bad = documents('ops-mixite/partiel', await readFile(made.opac71, 'utf8'), ['mention', '"Source OPS 2024"']);
      const merged = await visit.text('#fusion');
      await visit.chooseFile('Agrégats partiels', ...Object.values(await write(t, bad)));
      const lines = await visit.until('le contrôle', (count) => {
        const all = [...document.querySelectorAll('#controle tbody tr')].map((line) => [line.cells[0].innerText, line.querySelector('.motif').innerText]);
        return all.length === count && all;
      }, 1 + Object.keys(bad).length);
      for (const [file, reason] of lines.slice(1)) sound(t, reason, file);
      t.assert.equal(await visit.text('#fusion'), merged);
      await visit.download(() => visit.click('button', 'Télécharger la base agrégée'));
      // The form beside.
      const all = { said: 'alerte-preparation', kept: () => document.getElementById('prepa-communes').value };
      await visit.click('button', 'Partir de la campagne de la CUCM');
      await refuseAll(t, visit, { ...all, input: 'prepa-existante', files: documents('ops-mixite/campagne', campaign, ['mention', '"Source OPS 2024"']) });
      for (const input of ['prepa-fichier-communes', 'prepa-fichier-bailleurs', 'prepa-fichier-passage', 'prepa-essai']) {
        await refuseAll(t, visit, { ...all, input, files: tables() });
      }
      await visit.download(() => visit.click('button', 'Télécharger la campagne'));
    },
  },
  {
    name: 'the collectivité’s files: what is wrong is said, and the base stays',
    run: async (t) => {
      const path = await base(t);
      const good = await readFile(path, 'utf8');
      const shape = { type: 'Feature', properties: { code: '71153' }, geometry: { type: 'Polygon', coordinates: [[[4.4, 46.8], [4.5, 46.8], [4.4, 46.9], [4.4, 46.8]]] } };
      const contours = JSON.stringify({ type: 'FeatureCollection', name: 'x', features: [shape] }, null, 1);
      const paths = await write(t, { 'bons.geojson': contours });
      const visit = await t.openPage({ hash: '#collectivite' });
      await visit.chooseFile('Base agrégée', path);
      await visit.until('les chiffres', () => document.getElementById('chiffres').innerText !== '');
      await visit.chooseFile('Contours (facultatif)', paths['bons.geojson']);
      await visit.until('les contours', () => /[Cc]ontours/.test(document.getElementById('etat-collectivite').innerText));
      await visit.select('Représentation', 'Carte');
      t.assert.equal(await visit.evaluate(() => document.getElementById('avec-graphique').hidden), false);
      const all = { said: 'alerte-collectivite', kept: collectivityScreen };
      await visit.chooseFile('Base agrégée', path);
      await visit.until('la base, encore', () => document.getElementById('avancement-collectivite').hidden && document.getElementById('chiffres').innerText !== '');
      const bad = documents('ops-mixite/base', good, ['mention', '"Source OPS 2024"']);
      const figures = (screen) => ({ ...screen, files: undefined });
      const before = figures(await visit.evaluate(collectivityScreen));
      await refuseAll(t, visit, { ...all, kept: undefined, input: 'base', files: bad });
      t.assert.deepEqual(figures(await visit.evaluate(collectivityScreen)), before);
      await refuseAll(t, visit, { ...all, said: 'alerte-base-anterieure', input: 'base-anterieure', files: bad });
      // A collection without a single shape, or with shapes that are none.
      const of = (change) => JSON.stringify({ type: 'FeatureCollection', features: [{ ...shape, ...change }] });
      const { 'inconnue.json': _, ...spoilt } = documents('FeatureCollection', contours, ['type', '"FeatureCollection"']);
      await refuseAll(t, visit, {
        ...all,
        said: 'alerte-contours',
        input: 'contours',
        files: {
          ...spoilt,
          'sans.geojson': '{"type": "FeatureCollection", "features": []}',
          'infini.geojson': of({ geometry: { type: 'Polygon', coordinates: [[[1e300, 0], [0, 1e300], [1, 1], [0, 0]]] } }),
          'point.geojson': of({ geometry: { type: 'Point', coordinates: [0, 0] } }),
          'plat.geojson': of({ geometry: { type: 'Polygon', coordinates: 7 } }),
        },
      });
      await visit.screenshot('contours refusés');
      await (await visit.page.$('#base')).uploadFile(await huge(t, 'ops-mixite/base'));
      await visit.until('la taille', () => /\d{9} octets/.test(document.getElementById('alerte-collectivite').innerText.replace(/(?<=\d)\s(?=\d)/g, '')));
      t.assert.deepEqual(figures(await visit.evaluate(collectivityScreen)), before);
      await visit.download(() => visit.click('button', 'Image SVG'));
    },
  },
  {
    name: 'a folder, a link, a text, what is pasted: nothing moves',
    run: async (t) => {
      const paths = await write(t, { 'ops.csv': csv(rows('Habellis')) });
      const visit = await t.openPage({ plant: folders });
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      await visit.until('l’aperçu', previewed);
      const address = await visit.evaluate(() => location.href);
      const before = await visit.evaluate(landlordScreen);
      for (const selector of await visit.evaluate(() => [...document.querySelectorAll('[data-depot]')].map((zone) => `[data-depot="${zone.dataset.depot}"]`))) {
        t.assert.match(await visit.evaluate(drop, selector, 'folder'), /^C.est un dossier/, selector);
        for (const kind of ['link', 'text']) t.assert.match(await visit.evaluate(drop, selector, kind), /n'est pas un fichier/, `${kind}, ${selector}`);
        t.assert.equal(await visit.evaluate((selector) => document.querySelector(`${selector} input`).files.length, selector), selector.includes('fichier-ops') ? 1 : 0);
      }
      // Beside the frames.
      for (const kind of ['folder', 'link', 'text']) t.assert.doesNotMatch(await visit.evaluate(drop, '#sortie-tableau', kind), /suit son cours/);
      for (const selector of ['body', '#fichier-ops', '#prepa-communes']) await visit.evaluate(paste, selector);
      t.assert.deepEqual(await visit.evaluate(landlordScreen), before);
      t.assert.equal(await visit.evaluate(() => location.href), address);
      t.assert.equal(await visit.evaluate(() => globalThis.pris), undefined);
      await takePartial(visit);
    },
  },
  {
    name: 'a real folder, a real file: dropped by the browser itself',
    run: async (t) => {
      // Firefox has no command for it.
      if (t.browser !== 'chromium') return;
      const paths = await write(t, { 'ops.csv': csv(rows('Habellis')) });
      const visit = await t.openPage();
      const devtools = await visit.page.createCDPSession();
      const dropped = async (path) => {
        const { x, y } = await visit.evaluate(() => {
          const zone = document.querySelector('[data-depot="fichier-ops"]');
          zone.scrollIntoView({ block: 'center' });
          const box = zone.getBoundingClientRect();
          return { x: box.x + 20, y: box.y + 20 };
        });
        const data = { items: [], files: [path], dragOperationsMask: 1 };
        for (const type of ['dragEnter', 'dragOver', 'drop']) await devtools.send('Input.dispatchDragEvent', { type, x, y, data });
      };
      await dropped(await t.temporary());
      await visit.until('le dossier', () => /^C.est un dossier/.test(document.getElementById('alerte-bailleur').innerText));
      await dropped(paths['ops.csv']);
      await takePartial(visit);
      t.assert.equal(await visit.text('#alerte-bailleur'), '');
    },
  },
];
