// The collectivité's journey: the base in, a chart and its figures.

import { readFile } from 'node:fs/promises';

import { base, partials } from './consultant.test.mjs';

const open = (t) => t.openPage({ hash: '#collectivite' });
const drawn = () => document.querySelectorAll('#chiffres tbody tr').length > 0;

// How many colours the canvas shows: one when nothing is drawn.
const colours = () => {
  const canvas = document.getElementById('graphique');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
};

export default [
  {
    name: 'the base is read, charted and put in a table',
    run: async (t) => {
      const path = await base(t);
      const file = JSON.parse(await readFile(path, 'utf8'));
      const visit = await open(t);
      await visit.chooseFile('Base agrégée', path);
      await visit.until('les chiffres', drawn);
      await visit.select('Indicateur', 'Familles monoparentales');
      await visit.select('Maille', 'Communes');
      const shown = await visit.evaluate(() =>
        Object.fromEntries(
          [...document.querySelectorAll('#chiffres tbody tr:not(.reference)')].map((line) => [
            line.querySelector('th').innerText,
            line.querySelector('td').innerText,
          ]),
        ),
      );
      const level = new Map(file.zonages[0].mailles.map(({ id, niveau, nom }) => [id, { niveau, nom }]));
      const wanted = file.resultats
        .filter(({ indicateur, maille }) => indicateur === 'mono' && level.get(maille).niveau === 'commune')
        .map(({ maille, part }) => {
          const percent = part === undefined ? 'masqué' : `${((Math.round(part * 1e5) + 50 - ((Math.round(part * 1e5) + 50) % 100)) / 1e3).toFixed(1).replace('.', ',')}\u202f%`;
          return [level.get(maille).nom, percent];
        });
      t.assert.ok(wanted.length >= 5);
      t.assert.deepEqual(shown, Object.fromEntries(wanted));
      t.assert.match(await visit.text('#chiffres'), /Source OPS 2024/);
      t.assert.match(await visit.text('#chiffres'), /ménages dont la situation familiale est connue/);
      // The canvas is drawn, sharp, and says in words what it shows.
      t.assert.ok((await visit.evaluate(colours)) > 3);
      const alternative = await visit.evaluate(() => document.getElementById('graphique').getAttribute('aria-label'));
      t.assert.match(alternative, /Familles monoparentales.*Le Creusot.*Source OPS 2024/);
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('collectivité');
    },
  },
  {
    name: 'the chart follows the width and the density of the screen',
    run: async (t) => {
      const visit = await open(t);
      await visit.page.click('#exemple-collectivite');
      await visit.until('les chiffres', drawn);
      const width = () => document.getElementById('graphique').width;
      const wide = await visit.evaluate(width);
      await visit.page.setViewport({ width: 400, height: 800 });
      await visit.until('le dessin étroit', (wide) => document.getElementById('graphique').width < wide / 2, wide);
      t.assert.ok((await visit.evaluate(colours)) > 3);
      const spill = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
      t.assert.equal(await visit.evaluate(spill), 0, 'nothing spills over a phone');
      await visit.screenshot('collectivité téléphone');
    },
  },
  {
    name: 'a dropped base, drawn when its tab is seen',
    run: async (t) => {
      const path = await base(t);
      const visit = await t.openPage();
      await visit.dropFiles('[data-depot="base"]', path);
      await visit.until('les chiffres', drawn);
      await visit.click('tab', 'Collectivité');
      await visit.until('le dessin', colours);
      t.assert.ok((await visit.evaluate(colours)) > 3);
    },
  },
  {
    name: 'the chart is saved as an image, dense or drawn',
    run: async (t) => {
      const visit = await open(t);
      await visit.chooseFile('Base agrégée', await base(t));
      await visit.until('les chiffres', drawn);
      await visit.select('Indicateur', 'Familles monoparentales');
      const svg = await visit.download(() => visit.click('button', 'Image SVG'));
      t.assert.equal(svg.name, 'cucm-ops-2024-mono-commune.svg');
      const text = svg.bytes.toString();
      t.assert.match(text, /^<svg /);
      for (const words of ['Familles monoparentales', 'Le Creusot', 'Source OPS 2024']) t.assert.ok(text.includes(words), words);
      const png = await visit.download(() => visit.click('button', 'Image PNG'));
      t.assert.equal(png.name, 'cucm-ops-2024-mono-commune.png');
      t.assert.equal(png.bytes.subarray(1, 4).toString(), 'PNG');
      // Twice the pixels of the drawing.
      t.assert.equal(png.bytes.readUInt32BE(16), 2 * Number(/width="(\d+)"/.exec(text)[1]));
      t.assert.equal(png.bytes.readUInt32BE(20), 2 * Number(/height="(\d+)"/.exec(text)[1]));
      await visit.until('la phrase', () => document.getElementById('etat-image').innerText.includes('.png'));
    },
  },
  {
    name: 'the fiche of a maille is printed alone, on one page',
    run: async (t) => {
      const visit = await open(t);
      const path = await base(t);
      const file = JSON.parse(await readFile(path, 'utf8'));
      await visit.chooseFile('Base agrégée', path);
      await visit.until('les chiffres', drawn);
      await visit.select('Maille de la fiche', 'Le Creusot');
      const place = file.zonages[0].mailles.find(({ nom }) => nom === 'Le Creusot').id;
      const results = file.resultats.filter(({ maille, zonage }) => maille === place && zonage === file.zonages[0].id);
      const rows = await visit.evaluate(() => document.querySelectorAll('#fiche tbody tr').length);
      t.assert.equal(rows, results.length);
      t.assert.match(await visit.text('#fiche'), /Le Creusot.*Source OPS 2024/s);
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('collectivité fiche');
      // What is on paper while the button prints.
      await visit.evaluate(() => {
        window.print = () => (window.printed = document.body.className);
      });
      await visit.click('button', 'Imprimer la fiche');
      const printed = await visit.evaluate(() => window.printed);
      t.assert.equal(printed, 'impression-fiche');
      t.assert.equal(await visit.evaluate(() => document.body.className), '');
      await visit.evaluate((name) => document.body.classList.add(name), printed);
      const pdf = Buffer.from(await visit.page.pdf({ preferCSSPageSize: true }));
      t.assert.equal(pdf.subarray(0, 5).toString('latin1'), '%PDF-');
      if (t.browser === 'chromium') {
        // Firefox packs the pages of a PDF in compressed streams: only here can
        // they be counted.
        const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g);
        t.assert.equal(pages.length, 1);
        await visit.page.emulateMediaType('print');
        const seen = () => [...document.querySelectorAll('canvas, #chiffres, .entete, #fiche')].filter((e) => e.checkVisibility()).map((e) => e.id);
        t.assert.deepEqual(await visit.evaluate(seen), ['fiche']);
        await visit.page.setViewport({ width: 703, height: 1032 });
        await visit.screenshot('fiche imprimée');
      }
    },
  },
  {
    name: 'what is no base is refused by name',
    run: async (t) => {
      const { habellis } = await partials(t);
      const visit = await open(t);
      await visit.chooseFile('Base agrégée', habellis);
      const sentence = await visit.until('le refus', () => document.getElementById('alerte-collectivite').innerText);
      t.assert.match(sentence, /base/);
      t.assert.equal(await visit.evaluate(() => document.getElementById('resultats-collectivite').hidden), true);
      await visit.chooseFile('Base agrégée', await base(t));
      await visit.until('les chiffres', drawn);
      t.assert.equal(await visit.text('#alerte-collectivite'), '');
    },
  },
];
