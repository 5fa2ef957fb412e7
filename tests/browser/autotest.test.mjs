// The button that tries every way out: what it says in each browser, and that
// it would say otherwise if the policy let something through.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { REFUSALS } from './plants.mjs';

const BUTTON = 'Vérifier que la page ne peut rien envoyer';

// The table, by place then by way out: { verdict, reason }.
async function outcome(t, visit) {
  await visit.click('button', BUTTON);
  await visit.until('la fin de l’essai', () => document.getElementById('verifier-envoi-etat').innerText.startsWith('Essai terminé'));
  // Folded at first: only its text is shown then.
  t.assert.equal(await visit.evaluate(() => document.querySelector('#verifier-envoi-resultat details').open), false);
  await visit.evaluate(() => document.querySelector('#verifier-envoi-resultat summary').click());
  const lines = await visit.evaluate(() =>
    [...document.querySelectorAll('#verifier-envoi-resultat tbody tr')].map((row) => [...row.cells].map((cell) => cell.innerText)),
  );
  // What the test provoked is no request of the page's own.
  visit.requests.length = 0;
  const by = (place) => Object.fromEntries(lines.filter((line) => line[1] === place).map(([name, , verdict, reason]) => [name, { verdict, reason }]));
  return { worker: by('le fil qui lit les lignes'), page: by('la page') };
}

// What SECURITY.md foretells in a browser, as { worker, page, rules }: the verdicts that
// each way out may have there, more than one where versions differ, and the rule that
// the page's table then gives as its proof. What is not tried has a dash there.
async function foretold(browser) {
  const text = await readFile(join(import.meta.dirname, '../../SECURITY.md'), 'utf8');
  const lines = text.split('\n').filter((line) => line.startsWith('| ')).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
  const head = lines.findIndex(([first]) => first === 'voie');
  const column = (place) => lines[head].findIndex((name) => name.startsWith(place) && name.includes({ chromium: 'Chrome', firefox: 'Firefox' }[browser]));
  const ways = lines.slice(head + 2);
  const told = (at) => Object.fromEntries(ways.map((way) => [way[0], way[at].replaceAll('`', '').split(' ou ')]).filter(([, [one]]) => one !== '–'));
  return { worker: told(column('fil')), page: told(column('page')), rules: told(lines[head].findIndex((name) => name.startsWith('règle citée'))) };
}

export default [
  {
    name: 'the self-test says in each browser what SECURITY.md foretells',
    run: async (t) => {
      const visit = await t.openPage({ ignore: REFUSALS });
      const { worker, page } = await outcome(t, visit);
      const told = await foretold(t.browser);
      for (const [place, ways] of Object.entries({ worker, page })) {
        t.assert.deepEqual(Object.keys(ways).sort(), Object.keys(told[place]).sort(), place);
        for (const [name, { verdict }] of Object.entries(ways)) {
          t.assert.ok(told[place][name].includes(verdict), `${name}, ${place} : ${verdict}`);
        }
      }
      const proven = Object.entries(page).filter(([, { verdict }]) => verdict === 'bloquée');
      t.assert.deepEqual(proven.map(([name]) => name).sort(), Object.keys(told.rules).sort());
      for (const [name, { reason }] of proven) {
        t.assert.ok(told.rules[name].some((rule) => reason === `Voie refusée par la règle ${rule}.`), `${name} : ${reason}`);
      }
      t.assert.match(page['Appel vidéo (WebRTC)'].reason, /ne peut pas porter une ligne/);
      for (const name of ['Requête (fetch)', 'Flux continu (EventSource)', 'Police de caractères', "Autre fil d'exécution (Worker)"]) {
        t.assert.match(worker[name].reason, /^Fonction retirée de ce fil avant toute lecture\./, name);
      }
      const blocked = (ways) => Object.values(ways).filter(({ verdict }) => verdict === 'bloquée').length;
      t.assert.ok([10, 11].includes(blocked(worker)) && blocked(page) === 13, `${blocked(worker)}, ${blocked(page)}`);
      // One plain conclusion, that says no more than the table.
      const said = await visit.text('#verifier-envoi-etat');
      const rows = blocked(worker) === 11
        ? 'Vos lignes ne peuvent pas sortir\u00a0: les 11 voies du fil qui lit le fichier sont bloquées.'
        : 'Dans le fil qui lit le fichier, 10 voies sur 11 sont bloquées\u00a0; le navigateur ne dit rien de\u00a0: ';
      t.assert.ok(said.includes(rows), said);
      t.assert.ok(said.includes("La page, elle, n'en reçoit aucune. Elle bloque aussi 13 voies sur 15"), said);
      // The detail counts the same: 11 and 15 tried, and the one that is not.
      t.assert.match(await visit.text('#verifier-envoi-resultat summary'), /^Le détail des 26 voies essayées, et une qui ne peut pas l'être$/);
      for (const [ways, after] of [[worker, 'Dans le fil'], [page, 'La page']]) {
        for (const [name, { verdict }] of Object.entries(ways)) {
          if (verdict === 'blocage non confirmé') t.assert.ok(said.slice(said.indexOf(after)).includes(name), name);
        }
      }
      // No attempt brought another tab in front of the page.
      t.assert.equal(await visit.evaluate(() => document.visibilityState), 'visible');
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('autotest');
    },
  },
  {
    name: 'a failed request alone is not called blocked',
    run: async (t) => {
      // The browser's word is kept from the page.
      const plant = [
        () => {
          globalThis.addEventListener('securitypolicyviolation', (event) => event.stopImmediatePropagation(), true);
        },
      ];
      const visit = await t.openPage({ ignore: REFUSALS, plant });
      const { page } = await outcome(t, visit);
      for (const name of ['Requête (fetch)', 'Image', 'Formulaire', 'Module (import)']) {
        t.assert.equal(page[name].verdict, 'blocage non confirmé', name);
      }
    },
  },
  {
    name: 'the footer says the version, the commit and the fingerprint of the program',
    run: async (t) => {
      const visit = await t.openPage();
      t.assert.match(
        await visit.text('#identite'),
        /^Version \d+\.\d+\.\d+, (construction d'essai|commit [0-9a-f]{40})\. Empreinte du programme \(SHA-256 du wasm\)\s: [0-9a-f]{64}\./,
      );
    },
  },
];
