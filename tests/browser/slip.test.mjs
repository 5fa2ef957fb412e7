// The slip that goes with a partial, on the screen, saved and printed.

import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';

import { csv, rows, write } from './files.mjs';
import { takePartial } from './landlord.test.mjs';

const plain = (text) => text.replace(/[\u00a0\u202f]/g, ' ');

export default [
  {
    name: 'the slip names the very file that leaves, and is saved as it is shown',
    run: async (t) => {
      const paths = await write(t, { 'ops.csv': csv(rows('Habellis')) });
      const visit = await t.openPage();
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      const partial = await takePartial(visit);
      const shown = plain(await visit.text('#bordereau'));
      const sum = createHash('sha256').update(partial.bytes).digest('hex');
      const { empreinte, logiciel } = JSON.parse(partial.bytes.toString());
      for (const said of [
        partial.name,
        sum,
        empreinte,
        'Lignes lues\n900',
        `${logiciel.nom} ${logiciel.version}`,
        (await visit.evaluate(() => globalThis.opsMixite.wasmSha256)),
        'Source OPS 2024',
      ]) {
        t.assert.ok(shown.includes(said), `${said} dans ${shown}`);
      }
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('bordereau écran');

      const slip = await visit.download(() => visit.click('button', 'Enregistrer le bordereau'));
      t.assert.equal(slip.name, 'a-conserver-bordereau-habellis-cucm-ops-2024.html');
      const saved = await write(t, { [slip.name]: slip.bytes });
      const again = await t.openPage({ ready: false, address: pathToFileURL(saved[slip.name]).href });
      const facts = await again.evaluate(() => ({
        text: document.body.innerText,
        active: document.querySelectorAll('script, img, iframe, link, form, a, [onload], [onerror], [hidden]').length,
        comments: document.documentElement.outerHTML.includes('<!--'),
      }));
      t.assert.deepEqual([facts.active, facts.comments], [0, false]);
      t.assert.ok(plain(facts.text).includes(shown.trim()), plain(facts.text));
      await again.screenshot('bordereau enregistré');
    },
  },
  {
    name: 'the slip is printed alone',
    run: async (t) => {
      const print = [
        () => {
          globalThis.print = () => {
            globalThis.printed = document.body.className;
          };
        },
      ];
      const visit = await t.openPage({ plant: print });
      await visit.click('button', 'Essayer avec des données fictives');
      await visit.until('l’aperçu', () => !document.getElementById('verifie').disabled);
      await visit.click('button', 'Imprimer le bordereau');
      t.assert.equal(await visit.evaluate(() => globalThis.printed), 'impression-bordereau');
      t.assert.equal(await visit.evaluate(() => document.body.className), '');
      if (t.browser !== 'chromium') return;
      await visit.page.emulateMediaType('print');
      const seen = await visit.evaluate(() => {
        document.body.className = 'impression-bordereau';
        const visible = (id) => document.getElementById(id).checkVisibility();
        return ['bordereau', 'qualite', 'sortie-tableau', 'enregistrer-bordereau', 'identite'].map(visible);
      });
      t.assert.deepEqual(seen, [true, false, false, false, false]);
      await visit.screenshot('bordereau imprimé');
    },
  },
];
