// The three journeys by keyboard alone: nothing is clicked, nothing is focused
// by the test. What has the focus can be seen, is in the order of the page, and
// is never lost.

import { readFile } from 'node:fs/promises';

import { base, partials } from './consultant.test.mjs';
import { csv, rows, write } from './files.mjs';

// More than any screen has.
const MANY = 400;

// What has the focus, as a person who does not see hears it.
const focused = () => {
  const one = document.activeElement;
  if (one === null || one === document.body) return null;
  const plain = (text) => text.replace(/\s+/g, ' ').trim();
  const label = one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent;
  return { id: one.id, name: plain(label).slice(0, 80), kind: one.type ?? one.tagName.toLowerCase() };
};

// Is it seen? An outline, of three pixels, inside the window.
const visible = () => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const faults = [];
  if (style.outlineStyle === 'none' || Number.parseFloat(style.outlineWidth) < 2) faults.push('sans contour');
  if (box.width === 0 || box.height === 0) faults.push('sans surface');
  if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) faults.push('hors de l’écran');
  return faults.map((fault) => `${one.id || one.textContent.slice(0, 40)} : ${fault}`);
};

// The focus is drawn a frame after it moves.
async function seen(t, visit) {
  for (let frames = 10; frames > 0 && (await visit.evaluate(visible)).length > 0; frames -= 1) {
    await visit.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  }
  t.assert.deepEqual(await visit.evaluate(visible), []);
}

// Presses Tab until the name is reached; each stop on the way is looked at.
async function reach(t, visit, name, key = 'Tab') {
  for (let at = 0; at < MANY; at += 1) {
    const here = await visit.evaluate(focused);
    if (here !== null && here.name.startsWith(name)) return here;
    if (key === 'Shift+Tab') {
      await visit.page.keyboard.down('Shift');
      await visit.page.keyboard.press('Tab');
      await visit.page.keyboard.up('Shift');
    } else {
      await visit.page.keyboard.press(key);
    }
    if ((await visit.evaluate(focused)) !== null) await seen(t, visit);
  }
  throw new Error(`le clavier n’atteint pas « ${name} »`);
}

// Gives a file to the input that has the focus. Firefox does not let its
// driver answer the box of the system: there the file is put in the input.
async function give(t, visit, label, ...paths) {
  await reach(t, visit, label);
  if (t.browser === 'chromium') {
    const box = visit.page.waitForFileChooser();
    // A round trip, so that the box is waited for before the key is pressed.
    await visit.evaluate(focused);
    await visit.page.keyboard.press(' ');
    await (await box).accept(paths);
  } else {
    const input = await visit.page.evaluateHandle(() => document.activeElement);
    await input.asElement().uploadFile(...paths);
  }
}

async function press(t, visit, name, key = 'Enter') {
  await reach(t, visit, name);
  await visit.page.keyboard.press(key);
}

const save = (t, visit, name) => visit.download(() => press(t, visit, name));

const kept = async (t, visit, what) => t.assert.notEqual(await visit.evaluate(focused), null, `le focus est perdu : ${what}`);

export default [
  {
    name: 'a landlord goes from his file to his partial',
    schemes: ['file'],
    run: async (t) => {
      const near = rows('Habellis').map((row, at) => (at === 0 ? row.map((h) => (h === 'Commune' ? 'Communne' : h)) : row));
      const paths = await write(t, { 'proche.csv': csv(near) });
      const visit = await t.openPage();
      await visit.page.keyboard.press('Tab');
      t.assert.equal((await visit.evaluate(focused)).name, 'Aller au contenu');
      await visit.page.keyboard.press('Enter');
      t.assert.equal((await visit.evaluate(focused)).id, 'contenu');
      await give(t, visit, 'Fichier OPS', paths['proche.csv']);
      await visit.until('la correspondance', () => document.getElementById('correspondance').innerText.includes('Communne'));
      await kept(t, visit, 'le fichier demande une réponse');
      await press(t, visit, 'Confirmer la correspondance');
      await visit.until('l’aperçu', () => !document.getElementById('verifie').disabled);
      t.assert.equal((await visit.evaluate(focused)).id, 'titre-correspondance', 'le focus revient où l’on répondait');
      // The help unfolds, and a table is chosen.
      await press(t, visit, 'Pourquoi cette case est-elle masquée');
      t.assert.match(await visit.text('#aides-sortie'), /par soustraction/);
      await reach(t, visit, 'Tableau', 'Shift+Tab');
      const before = await visit.text('#sortie-tableau');
      await visit.page.keyboard.press('ArrowDown');
      await visit.until('l’autre tableau', (before) => document.getElementById('sortie-tableau').innerText !== before, before);
      await press(t, visit, "J'ai vérifié ce qui sortira", ' ');
      const { name, bytes } = await save(t, visit, "Télécharger l'agrégat partiel");
      t.assert.equal(name, 'habellis-cucm-ops-2024.partiel.json');
      t.assert.equal(JSON.parse(bytes.toString()).bailleur.id, 'habellis');
      await kept(t, visit, 'le fichier est enregistré');
      await press(t, visit, 'Tout effacer');
      t.assert.equal((await visit.evaluate(focused)).id, 'fichier-ops');
    },
  },
  {
    name: 'a consultant goes from partials to the base, and prepares a campaign',
    schemes: ['file'],
    run: async (t) => {
      const { habellis, opac71 } = await partials(t);
      const expected = await readFile(await base(t));
      const visit = await t.openPage();
      await reach(t, visit, 'Bailleur');
      await visit.page.keyboard.press('ArrowRight');
      t.assert.equal((await visit.evaluate(focused)).name, "Bureau d'études");
      await give(t, visit, 'Agrégats partiels', habellis, opac71);
      await visit.until('deux agrégats', () => document.querySelectorAll('#controle .accepte').length === 2);
      await kept(t, visit, 'les agrégats sont contrôlés');
      const { bytes } = await save(t, visit, 'Télécharger la base agrégée');
      t.assert.ok(bytes.equals(expected));
      const sheet = await save(t, visit, 'Exporter en Excel');
      t.assert.match(sheet.name, /\.xlsx$/);
      await kept(t, visit, 'l’export est enregistré');
      // One taken out: the focus is not left on a button that is gone.
      await reach(t, visit, 'Retirer', 'Shift+Tab');
      await visit.page.keyboard.press('Enter');
      await visit.until('un agrégat', () => document.querySelectorAll('#controle .accepte').length === 1);
      t.assert.equal((await visit.evaluate(focused)).id, 'partiels');
      await press(t, visit, 'Partir de la campagne de la CUCM');
      await reach(t, visit, 'Identifiant de la campagne');
      await visit.page.keyboard.down('Control');
      await visit.page.keyboard.press('KeyA');
      await visit.page.keyboard.up('Control');
      await visit.page.keyboard.type('cucm essai');
      await press(t, visit, 'Télécharger la campagne');
      t.assert.equal((await visit.evaluate(focused)).id, 'prepa-id', 'le premier champ à corriger');
      for (let left = 'cucm essai'.length; left > 0; left -= 1) await visit.page.keyboard.press('Backspace');
      await visit.page.keyboard.type('cucm-essai');
      const made = await save(t, visit, 'Télécharger la campagne');
      t.assert.equal(made.name, 'cucm-essai.campagne.json');
    },
  },
  {
    name: 'a collectivité goes from the base to a picture and a fiche',
    schemes: ['file'],
    run: async (t) => {
      const path = await base(t);
      const visit = await t.openPage({
        plant: [
          () => {
            globalThis.print = () => {
              globalThis.printed = document.body.className;
            };
          },
        ],
      });
      await reach(t, visit, 'Bailleur');
      await visit.page.keyboard.press('End');
      t.assert.equal((await visit.evaluate(focused)).name, 'Collectivité');
      await give(t, visit, 'Base agrégée', path);
      await visit.until('les chiffres', () => document.querySelectorAll('#chiffres tbody tr').length > 0);
      await kept(t, visit, 'la base est lue');
      for (const [label, what] of [
        ['Indicateur', () => document.querySelector('#chiffres caption').innerText],
        ['Maille', () => document.querySelector('#chiffres caption').innerText],
        ['Représentation', () => document.getElementById('graphique').getAttribute('aria-label')],
      ]) {
        await reach(t, visit, label);
        const before = await visit.evaluate(what);
        await visit.page.keyboard.press('ArrowDown');
        await visit.until(label, () => document.activeElement.tagName === 'SELECT');
        t.assert.notEqual(await visit.evaluate(what), before, label);
        await kept(t, visit, label);
        // Back to what can be drawn: of some indicators and mailles nothing can be read.
        if (label !== 'Représentation') await visit.page.keyboard.press('ArrowUp');
      }
      const svg = await save(t, visit, 'Image SVG');
      t.assert.match(svg.name, /\.svg$/);
      await press(t, visit, 'Imprimer la fiche');
      t.assert.equal(await visit.evaluate(() => globalThis.printed), 'impression-fiche');
    },
  },
  {
    name: 'Tab goes through every screen in the order of the page and out of it',
    schemes: ['file'],
    run: async (t) => {
      const { habellis } = await partials(t);
      const fill = {
        bailleur: async (visit) => {
          await visit.page.click('#exemple-bailleur');
          await visit.until('l’aperçu', () => !document.getElementById('verifie').disabled);
        },
        'bureau-etudes': async (visit) => {
          await visit.chooseFile('Agrégats partiels', habellis);
          await visit.until('le contrôle', () => document.querySelector('#controle .accepte') !== null);
        },
        collectivite: async (visit) => {
          await visit.page.click('#exemple-collectivite');
          await visit.until('les chiffres', () => document.querySelector('#chiffres tbody tr') !== null);
        },
      };
      for (const [screen, filled] of Object.entries(fill)) {
        const visit = await t.openPage({ hash: `#${screen}` });
        await filled(visit);
        // From the top, as after a reload; what comes before belongs to the browser.
        await visit.evaluate(() => {
          document.querySelector('.evitement').focus();
          globalThis.stops = [document.activeElement];
        });
        let out = false;
        for (let at = 0; at < MANY && !out; at += 1) {
          await visit.page.keyboard.press('Tab');
          // A date has a stop for each of its parts.
          out = await visit.evaluate(() => {
            const one = document.activeElement;
            if (one === null || one === document.body || one === stops[0]) return true;
            if (stops.at(-1) !== one) stops.push(one);
            return false;
          });
          if (!out) await seen(t, visit);
        }
        t.assert.ok(out, `${screen} : le clavier ne sort pas de la page`);
        const facts = await visit.evaluate(() => {
          const follows = (a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
          const able = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea, summary, [tabindex="0"]';
          const all = [...document.querySelectorAll(able)].filter((one) => one.checkVisibility() && one.tabIndex >= 0);
          return {
            disordered: stops.filter((one, at) => at > 0 && !follows(stops[at - 1], one)).map((one) => one.id || one.textContent),
            missed: all.filter((one) => !stops.includes(one)).map((one) => one.id || one.textContent.slice(0, 40)),
            stops: stops.length,
          };
        });
        t.assert.deepEqual([facts.disordered, facts.missed], [[], []], screen);
        t.assert.ok(facts.stops > 15, `${screen} : ${facts.stops}`);
      }
    },
  },
];
