// The campaign of another EPCI: made on the consultant's screen, used on the
// landlord's, merged on the consultant's.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { csv, rows, write, xlsx } from './files.mjs';

const SAVE = 'Télécharger la campagne';
const COMMUNES = [
  ['Population', 'Nom', 'Code'],
  ['21000', 'Le Creusot', '71153'],
  ['18000', 'Montceau-les-Mines', '71306'],
  ['3000', 'Torcy', '71540'],
  ['5000', 'Blanzy', '71040'],
  ['8000', 'Saint-Vallier', '71486'],
];
const PASSAGE = [
  ['bailleur', 'programme', 'commune', 'secteur', 'qpv'],
  ['un', '100', 'Le Creusot', 'Harfleur', ''],
  ['un', '101', '71153', 'Centre', ''],
];
const FIELDS = {
  'Identifiant de la campagne': 'autre-epci',
  'Nom du territoire': 'Autre communauté',
  'SIREN du territoire': '200 000 001',
  'Date de référence': '2024-01-01',
  Mention: 'Source OPS 2024',
  'Bailleurs de la campagne': 'un;Bailleur Un;;Un SA\ndeux;Bailleur Deux',
};

const open = async (t) => {
  const visit = await t.openPage({ hash: '#bureau-etudes' });
  await visit.byRole('heading', 'Préparer une campagne');
  return visit;
};

const put = async (visit, label, value) => {
  const field = await visit.byLabel(label);
  await field.evaluate((field, value) => {
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  }, value);
};

const value = async (visit, label) => (await visit.byLabel(label)).evaluate((field) => field.value);

const state = (visit, words) =>
  visit.until(`« ${words} »`, (words) => document.getElementById('etat-preparation').innerText.includes(words), words);

// Makes the campaign of FIELDS; gives its path.
async function make(t, visit) {
  const paths = await write(t, { 'communes.csv': csv(COMMUNES), 'passage.xlsx': xlsx(PASSAGE) });
  for (const [label, text] of Object.entries(FIELDS)) await put(visit, label, text);
  await visit.chooseFile('Fichier des communes (facultatif)', paths['communes.csv']);
  await state(visit, 'communes.csv');
  await visit.dropFiles('[data-depot="prepa-fichier-passage"]', paths['passage.xlsx']);
  await state(visit, 'passage.xlsx');
  await visit.select('Plafonds PLUS', '2024, autres régions');
  const { name, bytes } = await visit.download(() => visit.click('button', SAVE));
  t.assert.equal(name, 'autre-epci.campagne.json');
  const file = await write(t, { [name]: bytes });
  return { path: file[name], campaign: JSON.parse(bytes.toString()) };
}

export default [
  {
    name: 'the readings of the threshold are compared level by level, on the example and on a file',
    run: async (t) => {
      const visit = await open(t);
      await visit.click('button', 'Comparer sur des données fictives');
      await state(visit, 'Comparaison faite');
      const table = () =>
        visit.evaluate(() =>
          [...document.querySelectorAll('#prepa-comparaison tbody tr')].map((line) =>
            [...line.children].map((cell) => cell.innerText.replace(/\s/g, ' ')),
          ),
        );
      const example = await table();
      t.assert.deepEqual(example.slice(0, 2).map(([level]) => level), ['EPCI', 'Communes']);
      const published = (cell) => Number(cell.split(' sur ')[0].replace(/ /g, ''));
      for (const [level, strict, , , loose] of example)
        t.assert.ok(published(loose) >= published(strict), `${level}: the strict reading publishes no more`);
      const programmes = example.find(([level]) => level === 'Programmes');
      t.assert.ok(published(programmes[4]) > published(programmes[1]));
      t.assert.match(await visit.text('#prepa-comparaison'), /Bailleur fictif A.*seuil de 11/s);
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('préparer, comparaison des lectures');

      // On a file, the campaign of the form must be whole: what lacks is told.
      const paths = await write(t, { 'ops.csv': csv(rows('Habellis', 7)) });
      await visit.chooseFile("Fichier OPS d'essai (facultatif)", paths['ops.csv']);
      await visit.until('ce qui manque', () => /à corriger/.test(document.getElementById('alerte-preparation').innerText));
      t.assert.equal((await visit.text('#prepa-comparaison')).trim(), '');
      await visit.click('button', 'Partir de la campagne de la CUCM');
      await put(visit, 'Seuil de la campagne', '15');
      await visit.chooseFile("Fichier OPS d'essai (facultatif)", paths['ops.csv']);
      await state(visit, 'Comparaison faite');
      t.assert.match(await visit.text('#prepa-comparaison'), /Habellis, .*seuil de 15/s);
      t.assert.notDeepEqual(await table(), example);
    },
  },
  {
    name: 'a campaign is made for another EPCI, and serves from rows to base',
    run: async (t) => {
      const visit = await open(t);
      const { path, campaign } = await make(t, visit);
      t.assert.deepEqual(campaign.communes.at(0), { code: '71153', nom: 'Le Creusot' });
      t.assert.equal(campaign.communes.length, 5);
      t.assert.deepEqual(campaign.bailleurs, [
        { id: 'un', nom: 'Bailleur Un', alias: ['Un SA'] },
        { id: 'deux', nom: 'Bailleur Deux' },
      ]);
      t.assert.deepEqual(campaign.passage.at(0), { bailleur: 'un', programme: '100', commune: '71153', secteur: 'Harfleur' });
      t.assert.deepEqual(campaign.plafonds_plus.categories, [22642, 30238, 36362, 43899, 51641, 58200]);
      t.assert.deepEqual(campaign.regles, { seuil: 11, seuil_porte_sur: 'effectif', taux_reponse_min: 0.6 });
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('préparer une campagne');

      // One landlord on his screen, the other by the command line.
      const ops = await write(t, { 'un.csv': csv(rows('Un SA', 7)), 'deux.csv': csv(rows('Bailleur Deux', 11)) });
      const other = await t.openPage({ hash: '#bailleur' });
      await (await other.page.$('#campagne-bailleur')).uploadFile(path);
      await other.chooseFile('Fichier OPS', ops['un.csv']);
      await other.until('l’aperçu', () => document.getElementById('verifie').disabled === false);
      await other.page.click('#verifie');
      const saved = await other.download(() => other.click('button', "Télécharger l'agrégat partiel"));
      const kept = await write(t, { [saved.name]: saved.bytes });
      const second = join(await t.temporary(), 'deux.partiel.json');
      const { code, stderr } = await t.cli('agreger', ops['deux.csv'], '--campagne', path, '-o', second);
      t.assert.equal(code, 0, stderr);
      const partials = [kept[saved.name], second];
      const last = await open(t);
      await (await last.page.$('#campagne-bureau-etudes')).uploadFile(path);
      await last.chooseFile('Agrégats partiels', ...partials);
      await last.until('deux agrégats', () => document.querySelectorAll('#controle .accepte').length === 2);
      t.assert.match(await last.text('#fusion'), /Qui contribue où[^]*Bailleur Deux, Bailleur Un/);
      const { name, bytes } = await last.download(() => last.click('button', 'Télécharger la base agrégée'));
      t.assert.equal(name, 'autre-epci.base.json');
      const base = JSON.parse(bytes.toString());
      t.assert.deepEqual(base.partiels.map((p) => p.bailleur), ['deux', 'un']);
      t.assert.equal(base.territoire.nom, 'Autre communauté');
      t.assert.ok(base.zonages[0].mailles.some((m) => m.id === '71153/Harfleur'));
    },
  },
  {
    name: 'faults stand under their fields, nothing typed is lost, and the keyboard suffices',
    run: async (t) => {
      const visit = await open(t);
      const wrong = { ...FIELDS, 'SIREN du territoire': '12', 'Communes du territoire': '71153;Le Creusot\n715;Torcy' };
      for (const [label, text] of Object.entries(wrong)) await put(visit, label, text);
      await put(visit, 'Seuil de la campagne', '5');
      await (await visit.byRole('button', SAVE)).focus();
      await visit.page.keyboard.press('Enter');
      const alert = await visit.until('l’alerte', () => document.getElementById('alerte-preparation').innerText);
      t.assert.match(alert, /6 champs sont à corriger/);
      const faults = await visit.evaluate(() =>
        [...document.querySelectorAll('#section-preparation [aria-invalid]')].map((field) => {
          const ids = field.getAttribute('aria-describedby').split(' ');
          return [field.id, document.getElementById(ids.at(-1)).innerText.replace(/\s+/g, ' ').trim()];
        }),
      );
      const expected = {
        'prepa-siren': /neuf chiffres/,
        'prepa-communes': /Ligne 2 : « 715 »/,
        'prepa-seuil': /au moins 11/,
        'prepa-millesime': /année/,
        'prepa-zone': /à remplir/,
        'prepa-plafonds': /sept montants/,
      };
      t.assert.deepEqual(faults.map(([id]) => id).sort(), Object.keys(expected).sort());
      for (const [id, sentence] of faults) t.assert.match(sentence, expected[id]);
      // The focus is on the first field to mend.
      t.assert.equal(await visit.evaluate(() => document.activeElement.id), 'prepa-siren');
      for (const [label, text] of Object.entries(wrong)) t.assert.equal(await value(visit, label), text);
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('préparer une campagne fautes');

      // A file that is no list, and one that is no campaign, take nothing away.
      const bad = await write(t, { 'autre.csv': Buffer.from('a;b\n1;2\n'), 'rien.json': Buffer.from('{}') });
      await visit.chooseFile('Fichier des bailleurs (facultatif)', bad['autre.csv']);
      await visit.until('la liste refusée', () => /id, nom, siren, alias/.test(document.getElementById('alerte-preparation').innerText));
      await visit.chooseFile('Campagne à modifier', bad['rien.json']);
      await visit.until('la campagne refusée', () => /pas une campagne/.test(document.getElementById('alerte-preparation').innerText));
      for (const [label, text] of Object.entries(wrong)) t.assert.equal(await value(visit, label), text);
    },
  },
  {
    name: 'an existing campaign is opened, changed and saved',
    run: async (t) => {
      const visit = await open(t);
      const example = join(import.meta.dirname, '../../domain/exemple-fictif.campagne.json');
      const before = JSON.parse(await readFile(example, 'utf8'));
      await visit.chooseFile('Campagne à modifier', example);
      await visit.until('la campagne lue', () => document.getElementById('etat-prepa-depart').innerText.includes('Campagne lue'));
      t.assert.equal(await value(visit, 'Identifiant de la campagne'), before.id);
      await put(visit, 'Identifiant de la campagne', 'exemple-2');
      await put(visit, 'Taux de réponse minimal, en %', '62,5');
      await visit.page.click('#prepa-regrouper');
      const { name, bytes } = await visit.download(() => visit.click('button', SAVE));
      t.assert.equal(name, 'exemple-2.campagne.json');
      const after = JSON.parse(bytes.toString());
      const rules = { seuil: 11, seuil_porte_sur: 'effectif', taux_reponse_min: 0.625, regrouper_petits_programmes: true };
      t.assert.deepEqual(after, { ...before, id: 'exemple-2', regles: rules });
      await visit.page.click('#prepa-embarquee');
      await visit.until('la campagne de la CUCM', () => document.getElementById('prepa-id').value === 'cucm-ops-2024');
      t.assert.equal((await value(visit, 'Communes du territoire')).trim().split('\n').length, 34);
      // Changed, it is another campaign: not under the same identifier.
      await put(visit, 'Seuil de la campagne', '12');
      await visit.click('button', SAVE);
      const why = await visit.until('le refus', () => document.getElementById('prepa-id-erreur').innerText);
      t.assert.match(why, /contenu différent.*«\scucm-ops-2024-2\s»/);
      await put(visit, 'Identifiant de la campagne', 'cucm-ops-2024-2');
      const second = await visit.download(() => visit.click('button', SAVE));
      t.assert.equal(second.name, 'cucm-ops-2024-2.campagne.json');
    },
  },
];
