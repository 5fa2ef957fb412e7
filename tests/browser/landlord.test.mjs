// The landlord's journey: his file in, the preview, the partial out; and
// everything that is not his file.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { csv, encrypted, HEADERS, ods, rows, withTheOtherReading, write, xlsx } from './files.mjs';
import { appendToWorkers, trapInWorkers } from './plants.mjs';

const CHECKBOX = "J'ai vérifié ce qui sortira";
const DOWNLOAD = "Télécharger l'agrégat partiel";
const EXAMPLE = 'Essayer avec des données fictives';

const ready = () => !document.getElementById('verifie').disabled;
const alertText = () => document.getElementById('alerte-bailleur').innerText.replaceAll('\u00a0', ' ');
const locked = () => ({
  results: document.getElementById('resultats-bailleur').hidden || document.getElementById('section-sortie').hidden,
  checkbox: document.getElementById('verifie').disabled,
  button: document.getElementById('telecharger-partiel').disabled,
});
const LOCKED = { results: true, checkbox: true, button: true };

export const takePartial = async (visit) => {
  await visit.until('l’aperçu', ready);
  await visit.click('checkbox', CHECKBOX);
  return visit.download(() => visit.click('button', DOWNLOAD));
};

// What the command line makes of the same file on the same day.
async function native(t, ops, partial, ...more) {
  const out = join(await t.temporary(), 'x.partiel.json');
  const day = JSON.parse(partial.toString()).produit_le;
  const { code, stderr } = await t.cli('agreger', ops, '--produit-le', day, '-o', out, ...more);
  t.assert.equal(code, 0, stderr);
  return readFile(out);
}

const formats = { 'habellis.csv': csv, 'habellis.xlsx': xlsx, 'habellis.ods': ods };

export default [
  {
    name: 'the same rows in three formats give the partial of the command line',
    run: async (t) => {
      const made = Object.fromEntries(Object.entries(formats).map(([name, make]) => [name, make(rows('Habellis'))]));
      const paths = await write(t, made);
      const visit = await t.openPage();
      let first;
      for (const [name, path] of Object.entries(paths)) {
        await visit.chooseFile('Fichier OPS', path);
        const partial = await takePartial(visit);
        t.assert.equal(partial.name, 'habellis-cucm-ops-2024.partiel.json');
        t.assert.ok(partial.bytes.equals(await native(t, path, partial.bytes)), `${name} as the command line`);
        first ??= partial.bytes;
        t.assert.ok(partial.bytes.equals(first), `${name} as the others`);
      }
      t.assert.match(await visit.text('#qualite'), /Lignes lues\s+900/);
      await visit.screenshot('bailleur');
    },
  },
  {
    name: 'an old .xls of the example with its campaign and a higher threshold',
    run: async (t) => {
      const here = import.meta.dirname;
      const xls = join(here, '../fixtures/exemple-300.xls');
      const campaign = join(here, '../../domain/exemple-fictif.campagne.json');
      const visit = await t.openPage();
      await visit.chooseFile('Campagne (facultatif)', campaign);
      await visit.until('les bailleurs', () =>
        [...document.getElementById('choix-bailleur').options].some((one) => one.text === 'Bailleur fictif A'),
      );
      t.assert.match(await visit.text('#lue-campagne-bailleur'), /Campagne lue.*2\s*bailleurs, seuil de\s*11/);
      await visit.chooseFile('Fichier OPS', xls);
      await visit.until('l’aperçu', ready);
      await visit.evaluate(() => {
        const input = document.getElementById('seuil');
        input.value = '15';
        input.dispatchEvent(new Event('change', { bubbles: true }));
      });
      await visit.until('le nouvel aperçu', () => document.getElementById('sortie-entete').innerText.includes('seuil de 15'));
      const { name, bytes } = await takePartial(visit);
      t.assert.equal(name, 'exemple-a-exemple-fictif.partiel.json');
      const expected = await native(t, xls, bytes, '--campagne', campaign, '--seuil', '15');
      t.assert.ok(bytes.equals(expected));
    },
  },
  {
    name: 'a dropped file is read, and no download is offered before the check',
    run: async (t) => {
      const paths = await write(t, { 'habellis.xlsx': xlsx(rows('Habellis')) });
      const visit = await t.openPage();
      t.assert.deepEqual(await visit.evaluate(locked), LOCKED);
      await visit.dropFiles('[data-depot="fichier-ops"]', paths['habellis.xlsx']);
      await visit.until('l’aperçu', ready);
      t.assert.deepEqual(await visit.evaluate(locked), { results: false, checkbox: false, button: true });
      const { bytes } = await takePartial(visit);
      t.assert.ok(bytes.equals(await native(t, paths['habellis.xlsx'], bytes)));
      // Unchecked again, it is locked again.
      await visit.click('checkbox', CHECKBOX);
      t.assert.equal((await visit.evaluate(locked)).button, true);
    },
  },
  {
    name: 'the preview shows what the file holds, table by table',
    run: async (t) => {
      const paths = await write(t, { 'habellis.csv': csv(rows('Habellis')) });
      const visit = await t.openPage();
      await visit.chooseFile('Fichier OPS', paths['habellis.csv']);
      const { bytes } = await takePartial(visit);
      const file = JSON.parse(bytes.toString());
      const levels = new Map(file.zonages[0].mailles.map(({ id, niveau }) => [id, niveau]));
      const plain = [...file.tableaux.entries()].filter(([, { dimensions }]) => dimensions.length === 1);
      for (const [at, table] of plain) {
        await visit.select('Tableau', String(at));
        await visit.select('Niveau', 'Communes');
        const shown = await visit.evaluate(() =>
          [...document.querySelectorAll('#sortie-tableau tbody tr')].map((line) =>
            [...line.querySelectorAll('td')].map((cell) =>
              cell.className === 'masque' ? cell.innerText : Number(cell.innerText.replace(/\s/g, '')),
            ),
          ),
        );
        const written = table.lignes
          .filter(({ maille }) => levels.get(maille) === 'commune')
          .map(({ population, logements, repondants, effectifs }) =>
            // Tables of persons carry dwellings in place of a population.
            [population ?? logements, repondants, ...effectifs].map((count) => count ?? 'masqué'),
          );
        t.assert.deepEqual(shown, written, table.id);
      }
      t.assert.equal(await visit.evaluate(() => document.querySelector('#sortie-texte pre').textContent), bytes.toString());
    },
  },
  {
    name: 'the fictitious example goes to the end and verifies',
    run: async (t) => {
      const visit = await t.openPage();
      await visit.click('button', EXAMPLE);
      const { name, bytes } = await takePartial(visit);
      t.assert.equal(name, 'exemple-a-exemple-fictif.partiel.json');
      const paths = await write(t, { [name]: bytes });
      t.assert.equal((await t.cli('verifier', paths[name])).code, 0);
      await visit.screenshot('bailleur exemple');
      t.assert.deepEqual(await visit.accessibility(), []);
    },
  },
  {
    name: 'names of the landlord that the campaign does not know are asked about, one by one',
    run: async (t) => {
      const exact = rows('Habellis');
      const named = exact.map((row, at) => (at % 3 === 1 ? ['Habitat Bellis', ...row.slice(1)] : row));
      const other = exact.slice(1, 4).map((row) => ["Office d'ailleurs", ...row.slice(1)]);
      const paths = await write(t, { 'ops.csv': csv([...named, ...other]), 'exact.csv': csv(exact) });
      const visit = await t.openPage();
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      t.assert.match(await visit.until('le refus', alertText), /« Habitat Bellis ».*nom par nom/s);
      await visit.click('button', 'Dire de qui sont ces lignes');
      t.assert.equal(await visit.evaluate(() => document.activeElement.id), 'titre-correspondance');
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('bailleur noms à reconnaître');
      await visit.evaluate(() => {
        document.querySelector('#correspondance [data-valeur="Habitat Bellis"]').value = 'habellis';
        document.querySelector('#correspondance [data-valeur="Office d\'ailleurs"]').value = 'autre_bailleur';
      });
      await visit.click('button', 'Confirmer la correspondance');
      const { bytes } = await takePartial(visit);
      t.assert.ok(bytes.equals(await native(t, paths['exact.csv'], bytes)));
      t.assert.match(await visit.text('#qualite'), /bailleur.*3/s);
    },
  },
  {
    name: 'a file without landlord asks for the choice, which mends it',
    run: async (t) => {
      const unnamed = rows('').map((row, at) => (at === 0 ? row : ['', ...row.slice(1)]));
      const paths = await write(t, { 'ops.csv': csv(unnamed) });
      const visit = await t.openPage();
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      t.assert.match(await visit.until('le refus', alertText), /Choisissez le bailleur/);
      t.assert.deepEqual(await visit.evaluate(locked), LOCKED);
      await visit.select('Bailleur', 'Habellis');
      const { bytes } = await takePartial(visit);
      t.assert.equal(await visit.evaluate(alertText), '');
      t.assert.ok(bytes.equals(await native(t, paths['ops.csv'], bytes, '--bailleur', 'habellis')));
      // What the choice did is said beside it, and it is not to be made again next year.
      t.assert.match(await visit.text('#etat-reglages'), /relu avec eux/);
      const profile = await visit.download(() => visit.click('button', 'Enregistrer la correspondance'));
      t.assert.deepEqual(JSON.parse(profile.bytes).bailleur, 'habellis');
      const kept = await write(t, { [profile.name]: profile.bytes });
      const later = await t.openPage();
      await later.chooseFile('Correspondance (facultatif)', kept[profile.name]);
      await later.chooseFile('Fichier OPS', paths['ops.csv']);
      t.assert.ok((await takePartial(later)).bytes.equals(bytes));
      t.assert.match(await later.text('#etat-bailleur'), /au nom de «\s*Habellis\s*»/);
    },
  },
  {
    name: 'whose file it is, is said where the eye is, and a menu leads to what was read',
    run: async (t) => {
      const unnamed = rows('').map((row, at) => (at === 0 ? row : ['', ...row.slice(1)]));
      const company = rows('OPAC Saône-et-Loire', 9).map((row, at) => (at === 0 ? ['Société', ...row.slice(1)] : row));
      const strangers = rows('Habitat Sud').map((row, at) => (at === 0 ? ['Société', ...row.slice(1)] : row));
      const paths = await write(t, { 'sans.csv': csv(unnamed), 'opac.csv': csv(company), 'autre.csv': csv(strangers) });
      const visit = await t.openPage();
      const menu = () => [...document.querySelectorAll('#sommaire-bailleur button')]
        .filter((one) => one.checkVisibility()).map((one) => one.textContent);
      await visit.select('Bailleur', 'Habellis');
      await visit.chooseFile('Fichier OPS', paths['sans.csv']);
      await visit.until('l’aperçu', ready);
      t.assert.match(await visit.text('#etat-bailleur'), /au nom de «\s*Habellis\s*»/);
      // On a small screen all this is seen without scrolling.
      const at = await visit.evaluate(() => document.getElementById('etat-bailleur').getBoundingClientRect().bottom
        - document.getElementById('fichier-ops').getBoundingClientRect().bottom);
      t.assert.ok(at > 0 && at < 400, `${at} pixels under the file`);
      t.assert.deepEqual(await visit.evaluate(menu), ['Contrôle qualité', 'Correspondance des colonnes', 'Ce qui sortira', 'Valider et télécharger']);
      await visit.click('button', 'Ce qui sortira');
      t.assert.equal(await visit.evaluate(() => document.activeElement.id), 'titre-sortie');
      await visit.click('button', 'Valider et télécharger');
      t.assert.equal(await visit.evaluate(() => document.activeElement.id), 'verifie');
      // Another screen is read from its top, and this one again.
      t.assert.ok((await visit.evaluate(() => window.scrollY)) > 100);
      await visit.evaluate(() => document.getElementById('onglet-bureau-etudes').click());
      t.assert.equal(await visit.evaluate(() => window.scrollY), 0);
      await visit.evaluate(() => document.getElementById('onglet-bailleur').click());
      // The next file is another landlord's: the choice is not read into it.
      await visit.chooseFile('Fichier OPS', paths['opac.csv']);
      t.assert.match(await visit.until('le refus', alertText), /aucune des 900 lignes lues n'est du bailleur choisi.*OPAC/s);
      t.assert.deepEqual(await visit.evaluate(menu), ['Contrôle qualité']);
      await visit.click('button', 'Choisir le bailleur');
      t.assert.equal(await visit.evaluate(() => document.activeElement.id), 'choix-bailleur');
      await visit.select('Bailleur', "d'après le fichier");
      await visit.until('l’aperçu', ready);
      t.assert.match(await visit.text('#etat-bailleur'), /au nom de «\s*OPAC/);
      // A landlord of another campaign is told what he lacks.
      await visit.chooseFile('Fichier OPS', paths['autre.csv']);
      t.assert.match(await visit.until('le refus', alertText), /Habitat Sud.*campagne de la page.*\.campagne\.json/s);
    },
  },
  {
    name: 'a landlord chosen in a list that a campaign replaces is chosen no more',
    run: async (t) => {
      const paths = await write(t, { 'a.csv': csv(rows('Bailleur fictif A')) });
      const visit = await t.openPage();
      await visit.select('Bailleur', 'Habellis');
      await visit.chooseFile('Campagne (facultatif)', join(import.meta.dirname, '../../domain/exemple-fictif.campagne.json'));
      await visit.chooseFile('Fichier OPS', paths['a.csv']);
      await visit.until('un avis', () => !document.getElementById('verifie').disabled || document.getElementById('alerte-bailleur').innerText);
      t.assert.equal(await visit.evaluate(() => document.getElementById('choix-bailleur').value), '');
      t.assert.doesNotMatch(await visit.evaluate(alertText), /habellis/i);
    },
  },
  {
    name: 'a stricter campaign that comes after the file is followed',
    run: async (t) => {
      const campaign = await readFile(join(import.meta.dirname, '../../domain/cucm-ops-2024.campagne.json'), 'utf8');
      const paths = await write(t, {
        'ops.csv': csv(rows('Habellis')),
        'stricte.campagne.json': campaign.replace('"seuil": 11', '"seuil": 20'),
        'fausse.campagne.json': '{"format": "autre"}',
      });
      const visit = await t.openPage();
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      await visit.until('l’aperçu', ready);
      await visit.chooseFile('Campagne (facultatif)', paths['stricte.campagne.json']);
      await visit.until('le nouvel aperçu', () => document.getElementById('sortie-entete').innerText.includes('seuil de 20'));
      t.assert.equal(await visit.evaluate(() => document.getElementById('seuil').value), '20');
      const { bytes } = await takePartial(visit);
      const expected = await native(t, paths['ops.csv'], bytes, '--campagne', paths['stricte.campagne.json']);
      t.assert.ok(bytes.equals(expected));
      await visit.chooseFile('Campagne (facultatif)', paths['fausse.campagne.json']);
      t.assert.match(await visit.until('le refus', alertText), /n'est pas une campagne.*ce qui est affiché n'a pas changé/s);
      // What is shown is still that of the stricter one, whose file is back in its place.
      t.assert.deepEqual(await visit.evaluate(locked), { results: false, checkbox: false, button: false });
      t.assert.equal(await visit.evaluate(() => document.getElementById('campagne-bailleur').files[0].name), 'stricte.campagne.json');
      t.assert.match(await visit.text('#sortie-entete'), /seuil de 20/);
    },
  },
  {
    name: 'the reading of the rule is the campaign’s, and can be tightened',
    run: async (t) => {
      const paths = await withTheOtherReading(t);
      const visit = await t.openPage();
      await visit.chooseFile('Campagne (facultatif)', paths['population.campagne.json']);
      await visit.until('les lectures', () => document.getElementById('lecture').options.length === 2);
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      const options = ['--campagne', paths['population.campagne.json']];
      const loose = await takePartial(visit);
      t.assert.equal(JSON.parse(loose.bytes).regles.seuil_porte_sur, 'population');
      t.assert.ok(loose.bytes.equals(await native(t, paths['ops.csv'], loose.bytes, ...options)));
      await visit.select('Lecture de la règle', 'effectif, plus stricte');
      await visit.until('le nouvel aperçu', () => document.getElementById('sortie-entete').innerText.includes('sur chaque effectif'));
      const strict = await takePartial(visit);
      const expected = await native(t, paths['ops.csv'], strict.bytes, ...options, '--seuil-porte-sur', 'effectif');
      t.assert.ok(strict.bytes.equals(expected));
    },
  },
  {
    name: 'a lower threshold is refused and the field says so',
    run: async (t) => {
      const paths = await write(t, { 'ops.csv': csv(rows('Habellis')) });
      const visit = await t.openPage();
      await visit.evaluate(() => (document.getElementById('seuil').value = '10'));
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      t.assert.match(await visit.until('le refus', alertText), /Le seuil 10 est inférieur .* 11/);
      t.assert.equal(await visit.evaluate(() => document.getElementById('seuil').ariaInvalid), 'true');
      t.assert.match(await visit.text('#erreur-seuil'), /Le seuil 10 est inférieur .* 11/);
      t.assert.deepEqual(await visit.evaluate(locked), LOCKED);
      t.assert.deepEqual(await visit.accessibility(), []);
      // Mended, the field says nothing more.
      await visit.evaluate(() => {
        const input = document.getElementById('seuil');
        input.value = '11';
        input.dispatchEvent(new Event('change'));
      });
      await visit.until('l’aperçu', ready);
      t.assert.equal(await visit.text('#erreur-seuil'), '');
    },
  },
  {
    name: 'what is no OPS file is refused in French, and the page goes on',
    run: async (t) => {
      const good = xlsx(rows('Habellis'));
      const without = rows('Habellis').map((row) => row.filter((_, at) => at !== 3));
      const bad = {
        'vide.xlsx': [Buffer.alloc(0), /le fichier est vide/],
        'tronque.xlsx': [good.subarray(0, good.length >> 1), /incomplet|abîmé/],
        'protege.xlsx': [encrypted(), /protégé par un mot de passe/],
        'page.xls': [Buffer.from('<html><body><table><tr><td>Commune</td></tr></table></body></html>'), /formats acceptés/],
        'sans-commune.csv': [csv(without), /aucune colonne ne s'appelle « Commune ».*Dites ci-dessous quelle colonne/],
        'entete.ods': [ods([HEADERS]), /aucune ligne de logement/],
      };
      const paths = await write(t, {
        ...Object.fromEntries(Object.entries(bad).map(([name, [bytes]]) => [name, bytes])),
        'bon.xlsx': good,
      });
      const visit = await t.openPage();
      for (const [name, [, pattern]] of Object.entries(bad)) {
        await visit.chooseFile('Fichier OPS', paths[name]);
        const sentence = await visit.until(name, (name) => {
          const text = document.getElementById('alerte-bailleur').innerText.replaceAll('\u00a0', ' ');
          return text.includes(name) && text;
        }, name);
        t.assert.match(sentence, pattern);
        t.assert.deepEqual(await visit.evaluate(locked), LOCKED, name);
      }
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('bailleur refus');
      await visit.chooseFile('Fichier OPS', paths['bon.xlsx']);
      await takePartial(visit);
    },
  },
  {
    name: 'a near header is pointed at, and nothing is guessed',
    run: async (t) => {
      const near = rows('Habellis').map((row, at) => (at === 0 ? row.map((h) => (h === 'Commune' ? 'Communne' : h)) : row));
      const paths = await write(t, { 'ops.csv': csv(near) });
      const visit = await t.openPage();
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      t.assert.match(await visit.until('le refus', alertText), /aucune colonne ne s'appelle « Commune »/);
      t.assert.match(
        (await visit.text('#correspondance')).replaceAll('\u00a0', ' '),
        /La colonne D « Communne » ressemble à « Commune »/,
      );
      t.assert.deepEqual(await visit.evaluate(locked), LOCKED);
    },
  },
  {
    name: 'the near header is confirmed, and the profile serves next time',
    run: async (t) => {
      const near = rows('Habellis').map((row, at) => (at === 0 ? row.map((h) => (h === 'Commune' ? 'Communne' : h)) : row));
      const paths = await write(t, { 'proche.csv': csv(near), 'exact.csv': csv(rows('Habellis')) });
      const visit = await t.openPage();
      await visit.chooseFile('Fichier OPS', paths['proche.csv']);
      await visit.byRole('button', 'Confirmer la correspondance');
      t.assert.equal(await (await visit.byLabel('Commune')).evaluate((select) => select.value), 'Communne');
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('bailleur correspondance');
      await visit.click('button', 'Confirmer la correspondance');
      const partial = await takePartial(visit);
      t.assert.ok(partial.bytes.equals(await native(t, paths['exact.csv'], partial.bytes)), 'as with the exact header');
      t.assert.match(await visit.evaluate(() => document.getElementById('correspondance').textContent), /confirmée par vous/);
      // What became of it is told where the button was.
      t.assert.match(await visit.text('#etat-correspondance'), /^Vos choix sont pris en compte/);
      t.assert.deepEqual(await visit.accessibility(), []);
      const profile = await visit.download(() => visit.click('button', 'Enregistrer la correspondance'));
      t.assert.equal(profile.name, 'a-conserver-correspondance.json');
      t.assert.deepEqual(JSON.parse(profile.bytes.toString()).colonnes, { commune: ['Communne'] });

      const later = await write(t, { [profile.name]: profile.bytes });
      const next = await t.openPage();
      await next.chooseFile('Correspondance (facultatif)', later[profile.name]);
      await next.chooseFile('Fichier OPS', paths['proche.csv']);
      t.assert.ok((await takePartial(next)).bytes.equals(partial.bytes));
    },
  },
  {
    name: 'a column that is needed and the landlord are asked for together',
    run: async (t) => {
      const near = rows('Habellis').map((row, at) => (at === 0 ? row.map((h) => (h === 'Commune' ? 'Communne' : h)) : row));
      const bare = near.map((row) => row.filter((_, column) => near[0][column] !== 'Bailleur'));
      t.assert.ok(bare[0].length < near[0].length);
      const paths = await write(t, { 'proche.csv': csv(bare), 'exact.csv': csv(rows('Habellis')) });
      const visit = await t.openPage();
      await visit.chooseFile('Fichier OPS', paths['proche.csv']);
      const whose = await visit.byLabel('De qui vient ce fichier');
      const needed = await visit.byLabel('Commune');
      t.assert.equal(await needed.evaluate((select) => select.getAttribute('aria-required')), 'true');
      t.assert.equal(await visit.evaluate(() => document.querySelectorAll('#correspondance [aria-required]').length), 1);
      t.assert.match((await visit.text('#correspondance')).replaceAll('\u00a0', ' '), /Le bouton confirme d'un coup 1 colonne proposée/);
      t.assert.deepEqual(await visit.accessibility(), []);
      await whose.select('habellis');
      await visit.click('button', 'Confirmer la correspondance');
      const partial = await takePartial(visit);
      t.assert.ok(partial.bytes.equals(await native(t, paths['exact.csv'], partial.bytes)), 'as with its name in the file');
      // Chosen once: it is the setting now.
      t.assert.equal(await (await visit.byLabel('Bailleur')).evaluate((select) => select.value), 'habellis');
    },
  },
  {
    name: 'a value that was not understood is given its meaning',
    run: async (t) => {
      const odd = rows('Habellis').map((row) => row.map((cell) => (cell === 'Loué' ? 'Bail 7' : cell)));
      const paths = await write(t, { 'etrange.csv': csv(odd), 'exact.csv': csv(rows('Habellis')) });
      const visit = await t.openPage();
      await visit.chooseFile('Fichier OPS', paths['etrange.csv']);
      await visit.until('le choix', () => document.querySelector('#correspondance [data-valeur="Bail 7"]') !== null);
      await visit.evaluate(() => {
        document.querySelector('#correspondance [data-valeur="Bail 7"]').value = 'loue';
      });
      // Over the checkbox, by its name, with how many rows it is on.
      const reminder = (await visit.text('#rappel-sortie')).replaceAll('\u00a0', ' ');
      t.assert.match(reminder, /« Bail 7 » \(Occupation, \d+ lignes\) n'est pas comprise/);
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('bailleur valeurs à préciser');
      await visit.click('button', 'Confirmer la correspondance');
      const partial = await takePartial(visit);
      t.assert.ok(partial.bytes.equals(await native(t, paths['exact.csv'], partial.bytes)), 'as with the known value');
    },
  },
  {
    name: 'a file that names no commune of the territory gives nothing',
    run: async (t) => {
      const far = rows('Habellis').map((row, at) => (at === 0 ? row : row.with(3, 'Dijon')));
      const paths = await write(t, { 'ops.csv': csv(far) });
      const visit = await t.openPage();
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      t.assert.match(await visit.until('le refus', alertText), /aucune des 900 lignes lues.*Dijon/);
      t.assert.deepEqual(await visit.evaluate(locked), LOCKED);
    },
  },
  {
    name: 'reading shows its progress and is cancelled, by keyboard too',
    run: async (t) => {
      // A worker that reads for ever.
      const endless = `wasm_bindgen.worker_run = () => {
        self.postMessage({ Progress: { step: 'reading', rows: 12000, per_mille: 400 } });
        for (;;);
      };`;
      const paths = await write(t, { 'ops.csv': csv(rows('Habellis')) });
      const visit = await t.openPage({ plant: appendToWorkers(endless) });
      for (const press of [() => visit.click('button', 'Annuler'), () => visit.page.keyboard.press('Enter')]) {
        await visit.select('Bailleur', 'Habellis');
        await visit.chooseFile('Fichier OPS', paths['ops.csv']);
        await visit.until('la progression', () =>
          document.getElementById('texte-bailleur').innerText.replace(/\s/g, ' ').includes('12 000 lignes lues'),
        );
        const bar = await visit.byRole('progressbar', 'Lecture du fichier');
        t.assert.equal(await bar.evaluate((one) => one.value), 400);
        // The page answers while the worker works.
        await visit.click('tab', 'Collectivité');
        await visit.click('tab', 'Bailleur');
        await (await visit.byRole('button', 'Annuler')).focus();
        await press();
        await visit.until('l’arrêt', () => document.getElementById('avancement-bailleur').hidden);
        t.assert.match(await visit.text('#etat-bailleur'), /annulée/);
        t.assert.equal(await visit.evaluate(() => document.activeElement.id), 'fichier-ops');
        // What was chosen is kept.
        t.assert.equal(await visit.evaluate(() => document.getElementById('choix-bailleur').value), 'habellis');
        t.assert.equal(await visit.evaluate(() => document.getElementById('fichier-ops').files.length), 1);
        t.assert.deepEqual(await visit.evaluate(locked), LOCKED);
      }
    },
  },
  {
    name: 'a worker that falls is said in French and the page goes on',
    run: async (t) => {
      const paths = await write(t, { 'ops.csv': csv(rows('Habellis')) });
      const visit = await t.openPage({ plant: trapInWorkers() });
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      t.assert.match(await visit.until('la phrase', alertText), /arrêté de façon imprévue/);
      t.assert.deepEqual(await visit.evaluate(locked), LOCKED);
      await visit.click('tab', "Bureau d'études");
      await visit.byLabel('Agrégats partiels');
    },
  },
  {
    name: 'everything is wiped',
    run: async (t) => {
      const paths = await write(t, { 'ops.csv': csv(rows('Habellis')) });
      const visit = await t.openPage();
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      await visit.until('l’aperçu', ready);
      await visit.click('button', 'Tout effacer');
      t.assert.deepEqual(await visit.evaluate(locked), LOCKED);
      const left = await visit.evaluate(() => ({
        files: document.getElementById('fichier-ops').files.length,
        text: ['qualite', 'correspondance', 'sortie-entete', 'sortie-tableau', 'sortie-masque', 'etat-lectures', 'sortie-lectures', 'sortie-texte']
          .map((id) => document.getElementById(id).innerHTML)
          .join(''),
        focus: document.activeElement.id,
      }));
      t.assert.deepEqual(left, { files: 0, text: '', focus: 'fichier-ops' });
      // The same file can be chosen again at once.
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      await takePartial(visit);
    },
  },
  {
    name: 'markup in a file stays text',
    run: async (t) => {
      const attack = '<img src=x onerror="document.title=`pris`">';
      const hostile = rows('Habellis').map((row, at) =>
        at === 0 ? [...row, attack] : [...row.with(1, attack).with(2, attack), attack],
      );
      const paths = await write(t, { '<b>ops.csv': csv(hostile) });
      const visit = await t.openPage();
      await visit.chooseFile('Fichier OPS', paths['<b>ops.csv']);
      await visit.until('l’aperçu', ready);
      await visit.select('Niveau', 'Programmes');
      const seen = await visit.evaluate(() => ({
        inside: document.querySelectorAll('#resultats-bailleur img, #resultats-bailleur b').length,
        text: document.getElementById('sortie-tableau').innerText.includes('<img src=x'),
        title: document.title,
      }));
      t.assert.deepEqual(seen, { inside: 0, text: true, title: 'Indicateurs de mixité géographique (OPS)' });
    },
  },
];
