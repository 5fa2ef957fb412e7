// The consultant's journey: partials in, the base out; and partials that are
// refused by name.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { csv, rows, write, xlsx } from './files.mjs';

const DOWNLOAD = 'Télécharger la base agrégée';
const EXAMPLE = 'Essayer avec des données fictives';

// Partials that the command line makes.
export async function partials(t, day = '2026-11-23', campaign = []) {
  const landlords = { habellis: rows('Habellis', 7), opac71: rows('OPAC Saône-et-Loire', 11) };
  const made = {};
  for (const [id, lines] of Object.entries(landlords)) {
    const paths = await write(t, { 'ops.csv': csv(lines) });
    made[id] = join(await t.temporary(), `${id}.partiel.json`);
    const { code, stderr } = await t.cli('agreger', paths['ops.csv'], '--produit-le', day, ...campaign, '-o', made[id]);
    t.assert.equal(code, 0, stderr);
  }
  return made;
}

export async function base(t, campaign = []) {
  const { habellis, opac71 } = await partials(t, undefined, campaign);
  const out = join(await t.temporary(), 'cucm.base.json');
  const { code, stderr } = await t.cli('fusionner', habellis, opac71, ...campaign, '-o', out);
  t.assert.equal(code, 0, stderr);
  return out;
}

const open = async (t) => {
  const visit = await t.openPage({ hash: '#bureau-etudes' });
  await visit.byRole('tabpanel', "Bureau d'études");
  return visit;
};

// The lines of the control table, once there are so many.
const lines = (visit, count) =>
  visit.until(`${count} lignes de contrôle`, (count) => {
    const all = [...document.querySelectorAll('#controle tbody tr')].map((line) =>
      line.innerText.replace(/\s+/g, ' '),
    );
    return all.length === count && all;
  }, count);

export default [
  {
    name: 'two partials give the base of the command line, chosen or dropped',
    run: async (t) => {
      const { habellis, opac71 } = await partials(t);
      const expected = await readFile(await base(t));
      const visit = await open(t);
      await visit.chooseFile('Agrégats partiels', habellis, opac71);
      const found = await lines(visit, 2);
      t.assert.match(found[0], /^habellis\.partiel\.json Habellis 23 novembre 2026 seuil de 11.* Accepté .*attaquées/);
      const chosen = await visit.download(() => visit.click('button', DOWNLOAD));
      t.assert.equal(chosen.name, 'cucm-ops-2024.base.json');
      t.assert.ok(chosen.bytes.equals(expected));
      await visit.screenshot('bureau d’études');
      t.assert.deepEqual(await visit.accessibility(), []);

      // Dropped one after the other, in the other order: the same base.
      const other = await open(t);
      await other.dropFiles('[data-depot="partiels"]', opac71);
      await lines(other, 1);
      t.assert.match(await other.text('#controle'), /absents.*Habellis/s);
      await other.dropFiles('[data-depot="partiels"]', habellis);
      await lines(other, 2);
      t.assert.match(await other.text('#controle'), /Tous les bailleurs de la campagne sont là/);
      const dropped = await other.download(() => other.click('button', DOWNLOAD));
      t.assert.ok(dropped.bytes.equals(expected));
    },
  },
  {
    name: 'the base is exported as the command line exports it',
    run: async (t) => {
      const { habellis, opac71 } = await partials(t);
      const folder = await t.temporary();
      const formats = { Excel: 'xlsx', OpenDocument: 'ods', CSV: 'csv' };
      const visit = await open(t);
      await visit.chooseFile('Agrégats partiels', habellis, opac71);
      await lines(visit, 2);
      for (const [format, extension] of Object.entries(formats)) {
        const out = join(folder, `attendu.${extension}`);
        const { code, stderr } = await t.cli('fusionner', habellis, opac71, '-o', join(folder, 'base.json'), `--${extension}`, out);
        t.assert.equal(code, 0, stderr);
        const { name, bytes } = await visit.download(() => visit.click('button', `Exporter en ${format}`));
        t.assert.equal(name, `cucm-ops-2024.${extension}`);
        t.assert.ok(bytes.equals(await readFile(out)), `${extension}: the same bytes`);
        await visit.until('la phrase', (name) => document.getElementById('etat-base').innerText.includes(name), name);
      }
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('bureau d’études exports');
    },
  },
  {
    name: 'the rows of a landlord among the partials are named for what they are, and not read',
    run: async (t) => {
      const { habellis } = await partials(t);
      const table = rows('Habellis', 7, 60);
      const paths = await write(t, { 'ops.xlsx': xlsx(table), 'ops.csv': csv(table), 'ops.partiel.json': csv(table) });
      const visit = await open(t);
      await visit.chooseFile('Agrégats partiels', habellis, ...Object.values(paths));
      const found = await lines(visit, 4);
      t.assert.match(found[0], /Accepté/);
      for (const line of found.slice(1)) {
        t.assert.match(line, /Refusé.*est un tableau, pas un agrégat partiel.*supprimez-le.*demandez au bailleur le seul fichier \.partiel\.json/s);
        t.assert.ok(!line.includes('Harfleur') && !line.includes('JSON'), line);
      }
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('bureau d’études fichier de lignes');
      // Without one of the landlords, under a name that says so.
      const { name } = await visit.download(() => visit.click('button', DOWNLOAD));
      t.assert.equal(name, 'cucm-ops-2024-incomplete.base.json');
      const exported = await visit.download(() => visit.click('button', 'Exporter en CSV'));
      t.assert.match(exported.name, /^cucm-ops-2024-incomplete\./);
    },
  },
  {
    name: 'each refusal is named, and the good files stay',
    run: async (t) => {
      const { habellis, opac71 } = await partials(t);
      const later = (await partials(t, '2026-11-24')).habellis;
      const folder = await t.temporary();
      const bad = {
        'modifie.partiel.json': (await readFile(opac71, 'utf8')).replace('Résidence', 'Residence'),
        'version.partiel.json': (await readFile(opac71, 'utf8')).replace('"version": 1', '"version": 2'),
        'base.json': await readFile(await base(t), 'utf8'),
        'texte.json': 'bonjour',
        'second.partiel.json': await readFile(later, 'utf8'),
      };
      for (const [name, text] of Object.entries(bad)) await writeFile(join(folder, name), text);
      const visit = await open(t);
      await visit.chooseFile('Agrégats partiels', habellis, ...Object.keys(bad).map((name) => join(folder, name)));
      const found = await lines(visit, 6);
      t.assert.match(found[0], /Accepté/);
      const reasons = [/empreinte ne correspond pas/, /version 2/, /c'est une base agrégée.*« Collectivité »/, /pas un agrégat partiel lisible/, /figure deux fois/];
      for (const [at, reason] of reasons.entries()) t.assert.match(found[at + 1], new RegExp(`Refusé.*${reason.source}`));
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('bureau d’études refus');
      // Taken out one by one, the good one remains and its base can be had.
      for (let left = 5; left > 0; left -= 1) {
        await visit.evaluate(() => [...document.querySelectorAll('[data-retirer]')].at(-1).click());
        await lines(visit, left);
      }
      t.assert.equal(await visit.evaluate(() => document.getElementById('partiels').files.length), 1);
      await visit.download(() => visit.click('button', DOWNLOAD));
    },
  },
  {
    name: 'a file of 200 MB is refused by its size, and the good one stays',
    run: async (t) => {
      const { habellis } = await partials(t);
      const huge = join(await t.temporary(), 'enorme.partiel.json');
      await writeFile(huge, Buffer.alloc(200 << 20, ' '));
      const visit = await open(t);
      await visit.chooseFile('Agrégats partiels', huge, habellis);
      const found = await lines(visit, 2);
      t.assert.match(found[0], /^enorme\.partiel\.json .*Refusé.*209715200 octets/);
      t.assert.match(found[1], /Accepté/);
      // Beside a refusal, the end of the work is not told in the colour of success.
      t.assert.match(await visit.text('#etat-bureau-etudes'), /1.agrégat accepté, 1.refusé/);
      const colours = await visit.evaluate(() => ['#etat-bureau-etudes .reserve', '#etat-bureau-etudes']
        .map((one) => getComputedStyle(document.querySelector(one)).color));
      t.assert.notEqual(colours[0], colours[1]);
      await visit.download(() => visit.click('button', DOWNLOAD));
    },
  },
  {
    name: 'with no good file there is no base',
    run: async (t) => {
      const paths = await write(t, { 'rien.json': '{}' });
      const visit = await open(t);
      await visit.chooseFile('Agrégats partiels', paths['rien.json']);
      await lines(visit, 1);
      t.assert.match(await visit.text('#alerte-bureau-etudes'), /Aucun agrégat n'est accepté/);
      t.assert.equal(await visit.evaluate(() => document.getElementById('section-fusion').hidden), true);
    },
  },
  {
    name: 'the partials of another campaign do not merge with the CUCM’s',
    run: async (t) => {
      const { habellis } = await partials(t);
      const campaign = join(import.meta.dirname, '../../domain/exemple-fictif.campagne.json');
      const visit = await open(t);
      // The landlord's screen has a field of the same name.
      await (await visit.page.$('#campagne-bureau-etudes')).uploadFile(campaign);
      await visit.chooseFile('Agrégats partiels', habellis);
      const [line] = await lines(visit, 1);
      t.assert.match(line, /Refusé.*« cucm-ops-2024 ».*« exemple-fictif »/);
    },
  },
  {
    name: 'a campaign among the partials serves as the campaign, unless there is one',
    run: async (t) => {
      const text = await readFile(join(import.meta.dirname, '../../domain/cucm-ops-2024.campagne.json'), 'utf8');
      const ours = join(await t.temporary(), 'essai.campagne.json');
      await writeFile(ours, text.replace('"cucm-ops-2024"', '"essai"'));
      const { habellis, opac71 } = await partials(t, undefined, ['--campagne', ours]);
      const held = (visit) => visit.evaluate(() => document.getElementById('campagne-bureau-etudes').files[0]?.name);
      const visit = await open(t);
      // As a whole folder is dropped.
      await visit.dropFiles('[data-depot="partiels"]', habellis, ours, opac71);
      const found = await lines(visit, 2);
      for (const line of found) t.assert.match(line, /Accepté/);
      t.assert.equal(await held(visit), 'essai.campagne.json');
      t.assert.match(await visit.text('#etat-bureau-etudes'), /terminés.*essai\.campagne\.json.*sert de campagne/s);
      t.assert.deepEqual(await visit.accessibility(), []);
      const { name } = await visit.download(() => visit.click('button', DOWNLOAD));
      t.assert.equal(name, 'essai.base.json');

      // A second campaign is no partial: it is named, and the first stays.
      const other = join(await t.temporary(), 'autre.campagne.json');
      await writeFile(other, text);
      await visit.dropFiles('[data-depot="partiels"]', other);
      const [, , refused] = await lines(visit, 3);
      t.assert.match(refused, /Refusé.*fichier de campagne/);
      t.assert.equal(await held(visit), 'essai.campagne.json');

      // The campaign alone is taken and said, before any partial.
      const alone = await open(t);
      await alone.dropFiles('[data-depot="partiels"]', ours);
      await alone.until('la phrase', () => /sert de campagne/.test(document.getElementById('etat-bureau-etudes').innerText));
      const read = await alone.until('la campagne lue', () => document.getElementById('lue-campagne-bureau-etudes').innerText);
      t.assert.match(read, /^Campagne lue\s: «\sessai\s» \(Communauté Urbaine Creusot Montceau\), 34\scommunes, 2\sbailleurs, seuil de 11/);
      await alone.dropFiles('[data-depot="partiels"]', habellis);
      const [line] = await lines(alone, 1);
      t.assert.match(line, /Accepté/);
      t.assert.match(await alone.text('#lue-campagne-bureau-etudes'), /«\sessai\s»/);
    },
  },
  {
    name: 'a partial received twice counts once, and its line says so',
    run: async (t) => {
      const { habellis, opac71 } = await partials(t);
      const copy = join(await t.temporary(), 'copie de habellis.json');
      await writeFile(copy, await readFile(habellis));
      const visit = await open(t);
      await visit.chooseFile('Agrégats partiels', habellis, copy, opac71);
      const [, again, last] = await lines(visit, 3);
      t.assert.match(again, /Déjà reçu Déjà reçu \(même empreinte\), compté une fois/);
      t.assert.match(last, /Accepté/);
      t.assert.match(await visit.text('#controle caption'), /2\sagrégats acceptés, aucun refusé, 1\sdéjà reçu/);
      const { bytes } = await visit.download(() => visit.click('button', DOWNLOAD));
      t.assert.ok(bytes.equals(await readFile(await base(t))));
    },
  },
  {
    name: 'the fictitious example is merged',
    run: async (t) => {
      const visit = await open(t);
      await visit.page.click('#exemple-bureau-etudes');
      const found = await lines(visit, 2);
      t.assert.match(found[1], /Bailleur fictif B/);
      t.assert.match(await visit.text('#fusion'), /Données fictives/);
      const { name, bytes } = await visit.download(() => visit.click('button', DOWNLOAD));
      t.assert.equal(name, 'exemple-fictif.base.json');
      t.assert.equal(JSON.parse(bytes.toString()).mention, 'Données fictives');
      await visit.byRole('button', EXAMPLE);
    },
  },
];
