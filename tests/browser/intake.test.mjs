// The landlord's file as it comes: other files beside it, other dresses, what is
// kept of it on his machine, and nothing of it anywhere else.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { csv, HEADERS, ods, rows, write, xlsx } from './files.mjs';
import { takePartial } from './landlord.test.mjs';

const ready = () => !document.getElementById('verifie').disabled;
const alertText = () => document.getElementById('alerte-bailleur').innerText.replace(/\s/g, ' ');
const plain = (text) => text.replace(/\s+/g, ' ');
const cucm = () => readFile(join(import.meta.dirname, '../../domain/cucm-ops-2024.campagne.json'), 'utf8');

async function native(t, ops, partial, ...more) {
  const out = join(await t.temporary(), 'x.partiel.json');
  const day = JSON.parse(partial.toString()).produit_le;
  const { code, stderr } = await t.cli('agreger', ops, '--produit-le', day, '-o', out, ...more);
  t.assert.equal(code, 0, stderr);
  return readFile(out);
}

// The rows with an identifier for each dwelling, and without their financing,
// which goes to an RPLS return.
function parted(all) {
  const financing = HEADERS.indexOf('Financement du logement');
  const id = (at) => String(1_000_000_000 + at);
  const ops = all.map((row, at) => [at === 0 ? 'Identifiant logement' : id(at), ...row.toSpliced(financing, 1)]);
  const rpls = all.map((row, at) => (at === 0 ? ['IDENT_REP', 'FINAN', 'SURFHAB'] : [id(at), row[financing], '60']));
  return { ops, rpls };
}

// The secteurs of two communes, known by another landlord's programmes.
async function withSecteurs() {
  const campaign = JSON.parse(await cucm());
  campaign.passage = [
    { bailleur: 'opac71', programme: '1', commune: '71153', secteur: 'Harfleur' },
    { bailleur: 'opac71', programme: '2', commune: '71153', secteur: 'Tennis' },
    { bailleur: 'opac71', programme: '3', commune: '71306', secteur: 'Bois du Verne' },
  ];
  return Buffer.from(JSON.stringify(campaign, null, 2));
}

export default [
  {
    name: 'an RPLS return completes the file, and what it does not know is listed',
    run: async (t) => {
      const { ops, rpls } = parted(rows('Habellis'));
      const paths = await write(t, {
        'ops.csv': csv(ops),
        // Three dwellings are missing from it.
        'rpls.xlsx': xlsx(rpls.toSpliced(1, 3)),
        'public.csv': csv(rpls.map((row) => row.slice(1))),
      });
      const visit = await t.openPage();
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      await visit.until('l’aperçu', ready);
      await visit.chooseFile('Fichier RPLS (facultatif)', paths['rpls.xlsx']);
      await visit.until('le rapprochement', () => document.getElementById('qualite').textContent.includes('RPLS'));
      const { bytes } = await takePartial(visit);
      t.assert.ok(bytes.equals(await native(t, paths['ops.csv'], bytes, '--rpls', paths['rpls.xlsx'])));
      t.assert.ok(JSON.parse(bytes).tableaux.some(({ id }) => id === 'financement'));
      const quality = plain(await visit.evaluate(() => document.getElementById('qualite').textContent));
      t.assert.match(quality, /897 logements rapprochés sur 900 \(99,7 %\)/);
      t.assert.match(quality, /Logements absents de la déclaration \(3\) ?ligne 2, colonne A/);
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('bailleur rpls');
      await visit.chooseFile('Fichier RPLS (facultatif)', paths['public.csv']);
      t.assert.match(await visit.until('le refus', alertText), /« public.csv ».*public du RPLS n'en a jamais/);
    },
  },
  {
    name: 'the quality report is kept as a file, of a file that is refused too',
    run: async (t) => {
      const odd = rows('Habellis').map((row, at) => (at === 3 ? row.with(7, 'Bail 7') : row));
      const paths = await write(t, { 'ops.xlsx': xlsx(odd), 'vide.csv': csv([HEADERS]) });
      const visit = await t.openPage();
      await visit.chooseFile('Fichier OPS', paths['ops.xlsx']);
      await visit.until('l’aperçu', ready);
      t.assert.deepEqual(await visit.accessibility(), []);
      const KEEP = 'Enregistrer le contrôle qualité';
      const report = await visit.download(() => visit.click('button', KEEP));
      t.assert.equal(report.name, 'a-conserver-qualite.csv');
      const lines = report.bytes.toString().split('\r\n');
      t.assert.ok(
        lines.some((line) => /^valeur-inconnue;alerte;Occupation;1;.*feuille « OPS », ligne 4, colonne H \(« Occupation »\)/.test(line)),
        report.bytes.toString(),
      );
      t.assert.ok(lines.includes('Occupation;Bail 7;1;feuille « OPS », ligne 4, colonne H (« Occupation »)'));
      t.assert.ok(lines.some((line) => line.startsWith('Torcy;71540;Occupation;')));
      await visit.chooseFile('Fichier OPS', paths['vide.csv']);
      await visit.until('le refus', alertText);
      const refused = await visit.download(() => visit.click('button', KEEP));
      t.assert.match(refused.bytes.toString(), /aucune-ligne;bloque;;1;/);
      t.assert.deepEqual(await visit.accessibility(), []);
    },
  },
  {
    name: 'programmes are given their secteur, and the table serves next time',
    run: async (t) => {
      const paths = await write(t, {
        'ops.csv': csv(rows('Habellis')),
        'c.campagne.json': await withSecteurs(),
        'ailleurs.csv': csv([['Programme', 'Commune', 'Secteur'], ['100', 'Le Creusot', 'Inconnu ici']]),
      });
      const options = ['--campagne', paths['c.campagne.json']];
      const visit = await t.openPage();
      await visit.chooseFile('Campagne (facultatif)', paths['c.campagne.json']);
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      const before = await takePartial(visit);
      t.assert.match(await visit.text('#passage'), /Donner un secteur aux programmes qui n'en ont pas/);
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('bailleur secteurs');
      await visit.select('100 Résidence 100, Le Creusot', 'Harfleur');
      await visit.click('button', 'Appliquer les secteurs');
      await visit.until('le secteur', () => document.getElementById('sortie-texte').textContent.includes('71153/Harfleur'));
      const after = await takePartial(visit);
      t.assert.ok(!after.bytes.equals(before.bytes));
      const mailles = JSON.parse(after.bytes).zonages[0].mailles;
      t.assert.equal(mailles.find(({ id }) => id === 'habellis/100@71153').parent, '71153/Harfleur');
      const table = await visit.download(() => visit.click('button', 'Enregistrer la table de passage'));
      t.assert.equal(table.name, 'a-conserver-passage.csv');
      t.assert.match(table.bytes.toString(), /^100;Résidence 100;71153;Le Creusot;Harfleur;\r$/m);

      Object.assign(paths, await write(t, { [table.name]: table.bytes }));
      const own = ['--passage', paths[table.name]];
      t.assert.ok(after.bytes.equals(await native(t, paths['ops.csv'], after.bytes, ...options, ...own)));
      const next = await t.openPage();
      await next.chooseFile('Campagne (facultatif)', paths['c.campagne.json']);
      await next.chooseFile('Table de passage (facultatif)', paths[table.name]);
      await next.chooseFile('Fichier OPS', paths['ops.csv']);
      t.assert.ok((await takePartial(next)).bytes.equals(after.bytes));
      await next.chooseFile('Table de passage (facultatif)', paths['ailleurs.csv']);
      t.assert.match(
        await next.until('le refus', alertText),
        /ligne 2, colonne C .* pas de secteur « Inconnu ici » à Le Creusot \(secteurs possibles : « Harfleur », « Tennis »\)/,
      );
    },
  },
  {
    name: 'columns of any name are chosen, several for one variable, and a commune is confirmed',
    run: async (t) => {
      // The age of the tenant in two columns, under names that say nothing.
      const at = (name) => HEADERS.indexOf(name);
      const [commune, age] = [at('Commune'), at('Âge du titulaire du bail')];
      const exact = rows('Habellis').map((row, rank) => {
        const name = rank === 0 ? ['Age occupant 1', 'Age occupant 2'] : [row[age], ''];
        return [...row, ...name];
      });
      const odd = exact.map((row, rank) =>
        rank === 0 ? row.with(commune, 'Zone géo').with(-2, 'Colonne A').with(-1, 'Colonne B') : row,
      );
      const paths = await write(t, { 'ops.csv': csv(odd), 'exact.csv': csv(exact) });
      const visit = await t.openPage();
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      t.assert.match(await visit.until('la question', alertText), /aucune colonne ne s'appelle « Commune » .*rien n'est à changer dans le fichier/);
      await visit.select('Commune', 'Zone géo');
      await visit.evaluate(() => {
        for (const box of document.querySelectorAll('#colonne-age_occupants input')) box.checked = box.value.startsWith('Colonne ');
      });
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('bailleur colonnes à choisir');
      await visit.click('button', 'Confirmer la correspondance');
      const all = await takePartial(visit);
      t.assert.ok(all.bytes.equals(await native(t, paths['exact.csv'], all.bytes)), 'as with the exact headers');
      t.assert.ok(JSON.parse(all.bytes).tableaux.some(({ id }) => id === 'age_occupants'));

      // Confirming again without a change keeps what was said.
      t.assert.deepEqual(
        await visit.evaluate(() => [...document.querySelectorAll('#colonne-age_occupants input:checked')].map((one) => one.value)),
        ['Colonne A', 'Colonne B'],
      );
      await visit.evaluate(() => {
        document.querySelector('#correspondance [data-valeur="Torcy"]').value = 'hors_territoire';
      });
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('bailleur communes à confirmer');
      await visit.click('button', 'Confirmer la correspondance');
      const without = await takePartial(visit);
      const communes = (bytes) => JSON.parse(bytes).zonages[0].mailles.filter(({ niveau }) => niveau === 'commune').map(({ id }) => id);
      t.assert.ok(communes(all.bytes).includes('71540') && !communes(without.bytes).includes('71540'));
      const profile = await visit.download(() => visit.click('button', 'Enregistrer la correspondance'));
      t.assert.deepEqual(JSON.parse(profile.bytes.toString()), {
        format: 'ops-mixite/correspondance',
        version: 1,
        colonnes: { commune: ['Zone géo'], age_occupants: ['Colonne A', 'Colonne B'] },
        // Pressed without a choice, the button confirmed the other name.
        valeurs: { commune: { 'Saint-Vallier': '71486', Torcy: 'hors_territoire' } },
      });
      Object.assign(paths, await write(t, { [profile.name]: profile.bytes }));
      const again = await native(t, paths['ops.csv'], without.bytes, '--correspondance', paths[profile.name]);
      t.assert.ok(without.bytes.equals(again));

      // What was said can be said otherwise.
      t.assert.match(await visit.text('#correspondance'), /Revenir sur vos réponses \(2\)/);
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.evaluate(() => {
        document.querySelector('#correspondance [data-valeur="Torcy"]').value = '71540';
      });
      await visit.click('button', 'Confirmer la correspondance');
      t.assert.ok((await takePartial(visit)).bytes.equals(all.bytes));
    },
  },
  {
    name: 'five dresses of the same rows give the same partial',
    schemes: ['http'],
    run: async (t) => {
      const all = rows('Habellis');
      const at = (name) => HEADERS.indexOf(name);
      const born = all.map((row, rank) => {
        const column = at('Âge du titulaire du bail');
        if (rank === 0) return row.with(column, 'Année de naissance titulaire');
        return row[column] === '' ? row : row.with(column, String(2023 - Number(row[column])));
      });
      const worded = all.map((row, rank) => {
        if (rank === 0) return row.map((header) => header.toUpperCase());
        const [type, income, apl] = [at('Typologie du logement'), at('Revenu fiscal de référence'), at("Bénéficiaire de l'APL")];
        const amount = row[income] === '' ? 'NC' : `${Number(row[income]).toLocaleString('fr-FR')},00 €`;
        return row
          .with(type, row[type].replace('T', 'F'))
          .with(income, amount)
          .with(apl, { oui: 'VRAI', non: 'FAUX' }[row[apl]] ?? '');
      });
      const blank = HEADERS.map(() => '');
      const titled = [blank.with(0, 'Occupation du parc social au 1er janvier 2024'), blank, ...all, blank.with(0, 'TOTAL')];
      const tabbed = all.map((row) => row.join('\t')).join('\r\n');
      const dresses = {
        'plain.csv': csv(all),
        'latin.txt': Buffer.from(tabbed, 'latin1'),
        'titres.xlsx': xlsx(titled),
        'naissances.ods': ods(born),
        'mots.xlsx': xlsx(worded),
      };
      const paths = await write(t, dresses);
      const visit = await t.openPage();
      let first;
      for (const [name, path] of Object.entries(paths)) {
        await visit.chooseFile('Fichier OPS', path);
        const { bytes } = await takePartial(visit);
        first ??= bytes;
        t.assert.ok(bytes.equals(first), name);
        t.assert.ok(bytes.equals(await native(t, path, bytes)), `${name} as the command line`);
      }
    },
  },
  {
    name: 'nothing that identifies is in any file that the page saves',
    schemes: ['http'],
    run: async (t) => {
      const secrets = [];
      const dressed = rows('Habellis').map((row, at) => {
        if (at === 0) return ['Identifiant logement', 'Adresse', 'Nom du locataire', 'Contact', ...row.map((h) => (h === 'Occupation' ? 'Occupatoin' : h))];
        const own = [`IDLOG${at}X`, `${at} impasse Secrète`, `DURANDEAU${at}`, `personne${at}@exemple.fr`];
        secrets.push(...own);
        return [...own, ...row];
      });
      const paths = await write(t, { 'ops.csv': csv(dressed), 'c.campagne.json': await withSecteurs() });
      const visit = await t.openPage();
      await visit.chooseFile('Campagne (facultatif)', paths['c.campagne.json']);
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      await visit.click('button', 'Confirmer la correspondance');
      const saved = [await takePartial(visit)];
      for (const button of ['correspondance', 'contrôle qualité', 'table de passage']) {
        const determiner = button.startsWith('contrôle') ? 'le' : 'la';
        saved.push(await visit.download(() => visit.click('button', `Enregistrer ${determiner} ${button}`)));
      }
      t.assert.deepEqual(saved.slice(1).map(({ name }) => name), [
        'a-conserver-correspondance.json',
        'a-conserver-qualite.csv',
        'a-conserver-passage.csv',
      ]);
      for (const { name, bytes } of saved) {
        const text = bytes.toString();
        const found = secrets.filter((secret) => text.includes(secret));
        t.assert.deepEqual(found, [], name);
      }
    },
  },
];
