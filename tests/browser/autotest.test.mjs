// The button that tries every way out: what it says in each browser, and that
// it would say otherwise if the policy let something through.

import { REFUSALS } from './plants.mjs';

const BUTTON = 'Vérifier que la page ne peut rien envoyer';

// The table, by place then by way out: { verdict, reason }.
async function outcome(visit) {
  await visit.click('button', BUTTON);
  await visit.until('la fin de l’essai', () => document.getElementById('verifier-envoi-etat').innerText.startsWith('Essai terminé'));
  const lines = await visit.evaluate(() =>
    [...document.querySelectorAll('#verifier-envoi-resultat tbody tr')].map((row) => [...row.cells].map((cell) => cell.innerText)),
  );
  // What the test provoked is no request of the page's own.
  visit.requests.length = 0;
  const by = (place) => Object.fromEntries(lines.filter((line) => line[1] === place).map(([name, , verdict, reason]) => [name, { verdict, reason }]));
  return { worker: by('le fil qui lit les lignes'), page: by('la page') };
}

// What Firefox stops without a word: the canary of policy.test.mjs shows that
// nothing comes out of them.
const UNSAID = { chromium: [], firefox: ['EventSource', 'WebTransport'] };

const names = (ways, verdict) => Object.keys(ways).filter((name) => ways[name].verdict === verdict);

export default [
  {
    name: 'every way out of the worker is blocked, and those of the page that can be',
    run: async (t) => {
      const visit = await t.openPage({ ignore: REFUSALS });
      const { worker, page } = await outcome(visit);
      t.assert.equal(Object.keys(worker).length, 9);
      t.assert.deepEqual(names(worker, 'blocage non confirmé'), UNSAID[t.browser], JSON.stringify(worker));
      t.assert.equal(Object.keys(page).length, 13);
      const unsaid = names(page, 'blocage non confirmé');
      t.assert.ok(unsaid.includes('WebRTC'), JSON.stringify(page));
      t.assert.ok(unsaid.every((name) => ['WebRTC', ...UNSAID[t.browser]].includes(name)), JSON.stringify(page));
      t.assert.deepEqual(names(page, 'non essayée'), ['Lien ou changement d’adresse']);
      t.assert.match(page['WebRTC'].reason, /ne peut pas porter une ligne/);
      const counted = `${9 - UNSAID[t.browser].length} voies bloquées sur 9 ; depuis la page, ${12 - unsaid.length} voies bloquées sur 12`;
      t.assert.ok((await visit.text('#verifier-envoi-etat')).includes(counted));
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
      const { page } = await outcome(visit);
      for (const name of ['Requête (fetch)', 'Image', 'Formulaire']) {
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
        /^Version \d+\.\d+\.\d+, commit (aucun|[0-9a-f]{40})\. Empreinte du programme \(SHA-256 du wasm\) : [0-9a-f]{64}\./,
      );
    },
  },
];
