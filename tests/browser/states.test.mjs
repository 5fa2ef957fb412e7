// Every state of the three screens, one after the other: empty, reading,
// cancelled, warning, error, mapping, unknown values, done, nothing to publish.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { base, partials } from './consultant.test.mjs';
import { csv, HEADERS, rows, write } from './files.mjs';
import { Inspection } from './inspection.mjs';
import { appendToWorkers, REFUSALS, trapInWorkers } from './plants.mjs';

// A worker that says how far it is and never ends.
const ENDLESS = `wasm_bindgen.worker_run = () => {
  self.postMessage({ Progress: { step: 'reading', rows: 12000, per_mille: 400 } });
};`;

// A worker that gives the partial and compares for ever.
const COMPARING = `{
  const post = self.postMessage.bind(self);
  self.postMessage = (message) => {
    post(message);
    if (message.Aggregated) for (;;);
  };
}`;

const previewed = () => !document.getElementById('verifie').disabled;
const text = (visit, id, pattern) =>
  visit.until(`${id} ${pattern}`, (id, source) => new RegExp(source).test(document.getElementById(id).innerText.replace(/\s/g, ' ')), id, pattern.source);

const renamed = (from, to) => rows('Habellis').map((row, at) => (at === 0 ? row.map((h) => (h === from ? to : h)) : row));

async function landlordFiles(t) {
  const unnamed = rows('Autre office');
  const odd = rows('Habellis').map((row) => row.map((cell) => (cell === 'Loué' ? 'Bail 7' : cell)));
  const flawed = rows('Habellis').map((row, at) => (at % 50 === 7 ? row.with(10, '432').with(4, 'Péniche') : row));
  return write(t, {
    'bon.csv': csv(rows('Habellis')),
    'proche.csv': csv(renamed('Commune', 'Communne')),
    'valeurs.csv': csv(odd),
    'constats.csv': csv(flawed),
    'autre-nom.csv': csv(unnamed),
    'petit.csv': csv(rows('Habellis').slice(0, 6)),
    'sans-commune.csv': csv(rows('Habellis').map((row) => row.toSpliced(3, 1))),
    'page.xls': Buffer.from('<html><body><table><tr><td>Commune</td></tr></table></body></html>'),
    'vide.csv': csv([HEADERS]),
  });
}

export default [
  {
    name: 'every state of the landlord’s screen',
    schemes: ['file'],
    run: async (t) => {
      const look = new Inspection(t);
      const paths = await landlordFiles(t);
      const visit = await t.openPage();
      await look.of(visit, 'bailleur vide');
      const choose = (name) => visit.chooseFile('Fichier OPS', paths[name]);

      await choose('page.xls');
      await text(visit, 'alerte-bailleur', /page.xls/);
      await look.of(visit, 'bailleur erreur');
      await choose('vide.csv');
      await text(visit, 'alerte-bailleur', /aucune ligne/);
      await look.of(visit, 'bailleur fichier sans ligne');
      await choose('sans-commune.csv');
      await text(visit, 'alerte-bailleur', /Commune/);
      await look.of(visit, 'bailleur colonne absente');
      await choose('petit.csv');
      await text(visit, 'alerte-bailleur', /petit.csv|publi/);
      await look.of(visit, 'bailleur rien de publiable');
      await choose('proche.csv');
      await visit.byRole('button', 'Confirmer la correspondance');
      await look.of(visit, 'bailleur correspondance');
      await choose('valeurs.csv');
      await visit.until('le choix', () => document.querySelector('#correspondance [data-valeur]') !== null);
      await look.of(visit, 'bailleur valeurs inconnues');
      await choose('autre-nom.csv');
      await text(visit, 'alerte-bailleur', /Autre office/);
      await look.of(visit, 'bailleur à choisir');
      await visit.select('Bailleur', 'Habellis');
      await visit.until('l’aperçu', previewed);
      await text(visit, 'qualite', /Attention/);
      await look.of(visit, 'bailleur avertissement');
      await visit.select('Bailleur', 'd\'après le fichier');
      await choose('constats.csv');
      await visit.until('l’aperçu', previewed);
      await look.of(visit, 'bailleur constats');
      await visit.evaluate(() => (document.getElementById('seuil').value = '10'));
      await choose('bon.csv');
      await text(visit, 'alerte-bailleur', /inférieur/);
      await look.of(visit, 'bailleur seuil refusé');
      await visit.evaluate(() => {
        const field = document.getElementById('seuil');
        field.value = '11';
        field.dispatchEvent(new Event('change', { bubbles: true }));
      });
      await visit.until('l’aperçu', previewed);
      await visit.select('Niveau', 'Programmes');
      await text(visit, 'etat-lectures', /sont comparées/);
      await look.of(visit, 'bailleur aperçu');
      await visit.click('checkbox', "J'ai vérifié ce qui sortira");
      await visit.download(() => visit.click('button', "Télécharger l'agrégat partiel"));
      await look.of(visit, 'bailleur terminé');
      await look.printed(visit, 'impression-bordereau', 'bordereau imprimé');
      await visit.click('button', 'Tout effacer');
      await look.of(visit, 'bailleur effacé');
      look.verify();
    },
  },
  {
    name: 'the landlord’s reading, its end, its fall, and the self-test',
    schemes: ['file'],
    run: async (t) => {
      const look = new Inspection(t);
      const paths = await landlordFiles(t);
      const visit = await t.openPage({ plant: appendToWorkers(ENDLESS) });
      await visit.chooseFile('Fichier OPS', paths['bon.csv']);
      await text(visit, 'texte-bailleur', /12 000 lignes/);
      await look.of(visit, 'bailleur lecture');
      await visit.click('button', 'Annuler');
      await text(visit, 'etat-bailleur', /annulée/);
      await look.of(visit, 'bailleur annulé');

      const comparing = await t.openPage({ plant: appendToWorkers(COMPARING) });
      await comparing.chooseFile('Fichier OPS', paths['bon.csv']);
      await text(comparing, 'etat-lectures', /est calculée/);
      await look.of(comparing, 'bailleur comparaison des lectures');

      const fallen = await t.openPage({ plant: trapInWorkers() });
      await fallen.chooseFile('Fichier OPS', paths['bon.csv']);
      await text(fallen, 'alerte-bailleur', /imprévue/);
      await look.of(fallen, 'bailleur panne');

      // Firefox says it once more of a page opened from the disk, a while after.
      const tested = await t.openPage({ ignore: [...REFUSALS, /may not load data from/] });
      await tested.click('button', 'Vérifier que la page ne peut rien envoyer');
      await text(tested, 'verifier-envoi-etat', /Essai terminé/);
      tested.requests.length = 0;
      await look.of(tested, 'bailleur essai d’envoi');
      look.verify();
    },
  },
  {
    name: 'every state of the consultant’s screen',
    schemes: ['file'],
    run: async (t) => {
      const look = new Inspection(t);
      const { habellis, opac71 } = await partials(t);
      const folder = await t.temporary();
      const bad = join(folder, 'modifie.partiel.json');
      await writeFile(bad, (await readFile(opac71, 'utf8')).replace('Résidence', 'Residence'));
      const heavy = join(folder, 'enorme.partiel.json');
      await writeFile(heavy, Buffer.alloc(120 << 20, ' '));
      const visit = await t.openPage({ hash: '#bureau-etudes' });
      await look.of(visit, 'bureau d’études vide');
      await visit.chooseFile('Agrégats partiels', bad, heavy);
      await text(visit, 'alerte-bureau-etudes', /Aucun agrégat/);
      await look.of(visit, 'bureau d’études tout est refusé');
      await visit.chooseFile('Agrégats partiels', habellis);
      await text(visit, 'controle', /absents/);
      await look.of(visit, 'bureau d’études refus et absents');
      await visit.chooseFile('Agrégats partiels', opac71);
      await text(visit, 'controle', /Tous les bailleurs/);
      await visit.download(() => visit.click('button', 'Télécharger la base agrégée'));
      await look.of(visit, 'bureau d’études terminé');

      // Preparing a campaign: faults, then one that is loaded.
      await visit.click('button', 'Télécharger la campagne');
      await text(visit, 'alerte-preparation', /champs sont à corriger/);
      await look.of(visit, 'préparation fautes');
      await visit.page.click('#prepa-embarquee');
      await text(visit, 'etat-prepa-depart', /Campagne lue/);
      await look.of(visit, 'préparation remplie');

      const busy = await t.openPage({ hash: '#bureau-etudes', plant: appendToWorkers(ENDLESS) });
      await busy.chooseFile('Agrégats partiels', habellis);
      await text(busy, 'texte-bureau-etudes', /./);
      await look.of(busy, 'bureau d’études lecture');
      await busy.click('button', 'Annuler');
      await text(busy, 'etat-bureau-etudes', /annulée/);
      await look.of(busy, 'bureau d’études annulé');
      look.verify();
    },
  },
  {
    name: 'every state of the collectivité’s screen',
    schemes: ['file'],
    run: async (t) => {
      const look = new Inspection(t);
      const path = await base(t);
      const visit = await t.openPage({ hash: '#collectivite' });
      await look.of(visit, 'collectivité vide');
      const { habellis } = await partials(t);
      await visit.chooseFile('Base agrégée', habellis);
      await text(visit, 'alerte-collectivite', /base/);
      await look.of(visit, 'collectivité erreur');
      await visit.chooseFile('Base agrégée', path);
      await text(visit, 'chiffres', /Source OPS 2024/);
      const views = await visit.evaluate(() => [...document.getElementById('choix-vue').options].map((one) => one.text));
      t.assert.ok(views.length >= 6);
      for (const view of views) {
        await visit.select('Représentation', view);
        await look.of(visit, `collectivité ${view}`);
      }
      await visit.select('Représentation', views[0]);
      await visit.select('Maille', 'Programmes');
      await visit.click('button', 'Statut');
      await look.of(visit, 'collectivité programmes triés');
      await visit.download(() => visit.click('button', 'Image SVG'));
      await look.of(visit, 'collectivité image');
      await look.printed(visit, 'impression-fiche', 'fiche imprimée');
      await visit.select('Maille', 'Communes');
      const other = () => document.getElementById('choix-comparaison').options[2].text;
      await visit.select('Comparer avec', await visit.evaluate(other));
      await look.of(visit, 'collectivité comparaison');
      await look.printed(visit, 'impression-fiche', 'comparaison imprimée');

      const busy = await t.openPage({ hash: '#collectivite', plant: appendToWorkers(ENDLESS) });
      await busy.chooseFile('Base agrégée', path);
      await text(busy, 'texte-collectivite', /./);
      await look.of(busy, 'collectivité lecture');
      await busy.click('button', 'Annuler');
      await look.of(busy, 'collectivité annulé');
      look.verify();
    },
  },
  {
    name: 'the fictitious data on the three screens, and a look that can fail',
    schemes: ['file'],
    run: async (t) => {
      const look = new Inspection(t);
      for (const [hash, ready] of [
        ['#bailleur', 'sortie-tableau'],
        ['#bureau-etudes', 'fusion'],
        ['#collectivite', 'chiffres'],
      ]) {
        const visit = await t.openPage({ hash });
        await visit.page.click(`#exemple-${hash.slice(1)}`);
        await visit.until(ready, (id) => document.getElementById(id).innerText !== '', ready);
        await look.of(visit, `données fictives ${hash.slice(1)}`);
        if (hash !== '#collectivite') continue;
        await visit.evaluate(() => {
          const wrong = document.createElement('p');
          wrong.id = 'faute';
          wrong.textContent = 'Total : 12345 ménages, 12.5 % le 2024-01-01';
          Object.assign(wrong.style, { width: '900px', maxWidth: 'none', color: '#aaa', transition: 'color 1s' });
          document.getElementById('contenu').append(wrong);
        });
        look.verify();
        await look.of(visit, 'fautif');
        const told = look.faults.join('\n');
        for (const fault of ['color-contrast', 'espace sécable', 'milliers', 'point décimal', 'date', 'bouge : faute', 'déborde']) {
          t.assert.ok(told.includes(fault), `${fault} dans ${told}`);
        }
      }
    },
  },
];
