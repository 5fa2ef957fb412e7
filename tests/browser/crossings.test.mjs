// Two variables crossed, from the landlord's screen to the collectivité's.

import { join } from 'node:path';

import { csv, rows, withTheOtherReading, write } from './files.mjs';
import { takePartial } from './landlord.test.mjs';

const TITLE = 'Ressources selon le financement';
const ID = 'ressources_plus_x_financement';
const WIDTH = 6;
const EXAMPLE = 'Essayer avec des données fictives';

const cells = (selector) =>
  [...document.querySelectorAll(`${selector} tbody tr`)].map((line) =>
    [...line.querySelectorAll('td')].map((cell) =>
      cell.className === 'masque' ? null : Number(cell.firstChild.textContent.replace(/\s/g, '')),
    ),
  );

// The partial of a landlord, made by the command line.
const partial = async (t, id, lines) => {
  const { 'ops.csv': ops } = await write(t, { 'ops.csv': csv(lines) });
  const out = join(await t.temporary(), `${id}.partiel.json`);
  const { code, stderr } = await t.cli('agreger', ops, '--produit-le', '2026-11-26', '-o', out);
  t.assert.equal(code, 0, stderr);
  return out;
};

const charted = () => document.querySelectorAll('#chiffres tbody tr').length > 0;

export default [
  {
    name: 'the landlord sees a crossing over the EPCI, and what is withdrawn by its name',
    run: async (t) => {
      const paths = await withTheOtherReading(t);
      const visit = await t.openPage();
      await visit.click('button', EXAMPLE);
      const file = JSON.parse((await takePartial(visit)).bytes);
      const at = file.tableaux.findIndex(({ id }) => id === ID);
      const [{ effectifs, repondants, population }] = file.tableaux[at].lignes;
      await visit.select('Tableau', String(at));
      await visit.select('Niveau', 'EPCI');
      const wanted = Array.from({ length: effectifs.length / WIDTH }, (_, row) => effectifs.slice(WIDTH * row, WIDTH * (row + 1)));
      t.assert.deepEqual(await visit.evaluate(cells, '#sortie-tableau'), [...wanted, [repondants], [population]]);
      t.assert.ok(effectifs.filter((count) => count >= 11).length > 10);
      await visit.screenshot('croisement du bailleur');
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.select('Niveau', 'Communes');
      t.assert.match(await visit.text('#sortie-tableau'), /n.est publié que pour l.EPCI/);

      await visit.chooseFile('Campagne (facultatif)', paths['population.campagne.json']);
      await visit.until('les lectures', () => document.getElementById('lecture').options.length === 2);
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      await visit.until('le nouvel aperçu', () => document.getElementById('sortie-entete').innerText.includes('sur la population'));
      t.assert.match(await visit.text('#sortie-masque'), new RegExp(`Tableaux retirés.*${TITLE}`, 's'));
      const choices = await visit.evaluate(() => [...document.getElementById('choix-tableau').options].map(({ text }) => text));
      t.assert.ok(!choices.includes(TITLE), choices.join());
      await visit.screenshot('croisements retirés');
    },
  },
  {
    name: 'the collectivité reads the sums of two landlords, or whose partial lacks the crossing',
    run: async (t) => {
      const visit = await t.openPage({ hash: '#collectivite' });
      await visit.click('button', EXAMPLE);
      await visit.until('les chiffres', charted);
      await visit.select('Croisement', TITLE);
      const shown = await visit.evaluate(cells, '#croisement');
      const counts = shown.flatMap((row) => row.slice(0, WIDTH));
      t.assert.ok(counts.filter((count) => count >= 22).length > 5, counts.join());
      t.assert.match(await visit.text('#croisement'), /Données fictives/);
      t.assert.equal(await visit.evaluate(() => document.getElementById('choix-maille-croisement').options.length), 1);
      await visit.screenshot('croisement');
      t.assert.deepEqual(await visit.accessibility(), []);

      const one = await partial(t, 'habellis', rows('Habellis', 7));
      const other = await partial(t, 'opac71', rows('OPAC Saône-et-Loire', 11, 60));
      const out = join(await t.temporary(), 'cucm.base.json');
      const { code, stderr } = await t.cli('fusionner', one, other, '-o', out);
      t.assert.equal(code, 0, stderr);
      const without = await t.openPage({ hash: '#collectivite' });
      await without.chooseFile('Base agrégée', out);
      await without.until('les chiffres', charted);
      await without.select('Croisement', TITLE);
      t.assert.match(await without.text('#croisement'), /L.agrégat de.*OPAC Saône-et-Loire.*\(1 sur 2\).*Source OPS 2024/s);
      t.assert.deepEqual(await without.evaluate(cells, '#croisement'), []);
      await without.screenshot('croisement absent');
      t.assert.deepEqual(await without.accessibility(), []);

      // The consultant is told too.
      const consultant = await t.openPage({ hash: '#bureau-etudes' });
      await consultant.chooseFile('Agrégats partiels', one, other);
      await consultant.until('qui contribue', () => document.body.innerText.includes('Tableaux absents de'));
      t.assert.match(await consultant.text('#panneau-bureau-etudes'), new RegExp(`Tableaux absents de l.agrégat du bailleur OPAC Saône-et-Loire.*${TITLE}`));
      await consultant.screenshot('tableaux absents');
    },
  },
];
