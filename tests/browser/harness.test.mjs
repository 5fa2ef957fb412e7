// The helpers that every other test leans on, tried on a form of our own put
// in the sealed page: finding by name, choosing, dropping, downloading.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FORM = `<div id="essai">
  <label>Fichier d’essai <input id="essai-fichiers" type="file" multiple></label>
  <label for="essai-choix">Maille d’essai</label>
  <select id="essai-choix"><option value="c">Commune</option><option value="s">Secteur</option></select>
  <button id="essai-bouton" type="button">Enregistrer l’essai</button>
  <div role="tablist"><div role="tab" tabindex="0" aria-label="Onglet d’essai"></div></div>
  <p id="essai-depot">Déposer ici</p>
  <output id="essai-dit"></output>
</div>`;

const build = (form) => {
  const area = document.createElement('div');
  document.body.append(area);
  globalThis.opsMixite.setHtml(area, form);
  const byId = (id) => document.getElementById(id);
  const say = async (files) => {
    const read = await Promise.all([...files].map(async (file) => `${file.name}=${await file.text()}`));
    byId('essai-dit').textContent = read.join(';');
  };
  byId('essai-fichiers').addEventListener('change', (event) => say(event.target.files));
  byId('essai-choix').addEventListener('change', (event) => (byId('essai-dit').textContent = event.target.value));
  byId('essai-depot').addEventListener('dragover', (event) => event.preventDefault());
  byId('essai-depot').addEventListener('drop', (event) => {
    event.preventDefault();
    say(event.dataTransfer.files);
  });
  let count = 0;
  byId('essai-bouton').addEventListener('click', () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([`{"essai": ${(count += 1)}}\n`], { type: 'application/json' }));
    link.download = 'essai.partiel.json';
    link.click();
  });
};

async function open(t) {
  const visit = await t.openPage();
  await visit.evaluate(build, FORM);
  const folder = await t.temporary();
  const paths = [join(folder, 'un.csv'), join(folder, 'deux é.csv')];
  await writeFile(paths[0], 'a;1');
  await writeFile(paths[1], 'b;é');
  return { visit, paths };
}

const said = () => document.getElementById('essai-dit').textContent;

export default [
  {
    name: 'elements are found by role and accessible name',
    run: async (t) => {
      const { visit } = await open(t);
      for (const [role, name] of [['button', 'Enregistrer l’essai'], ['tab', 'Onglet d’essai']]) {
        const tag = await (await visit.byRole(role, name)).evaluate((element) => element.localName);
        t.assert.equal(tag, role === 'tab' ? 'div' : 'button');
      }
      const field = await visit.byLabel('Maille d’essai');
      t.assert.equal(await field.evaluate((element) => element.id), 'essai-choix');
    },
  },
  {
    name: 'files are chosen and dropped',
    run: async (t) => {
      const { visit, paths } = await open(t);
      await visit.chooseFile('Fichier d’essai', ...paths);
      t.assert.equal(await visit.until('les fichiers choisis', said), 'un.csv=a;1;deux é.csv=b;é');
      await visit.dropFiles('#essai-depot', paths[1]);
      await visit.until('le fichier déposé', () => document.getElementById('essai-dit').textContent === 'deux é.csv=b;é');
    },
  },
  {
    name: 'a choice is made by value or by text',
    run: async (t) => {
      const { visit } = await open(t);
      await visit.select('Maille d’essai', 'Secteur');
      t.assert.equal(await visit.evaluate(said), 's');
      await visit.select('Maille d’essai', 'c');
      t.assert.equal(await visit.evaluate(said), 'c');
    },
  },
  {
    name: 'a download gives the name and the bytes, again and again',
    run: async (t) => {
      const { visit } = await open(t);
      for (const count of [1, 2]) {
        const { name, bytes } = await visit.download(() => visit.click('button', 'Enregistrer l’essai'));
        t.assert.equal(name, 'essai.partiel.json');
        t.assert.equal(bytes.toString(), `{"essai": ${count}}\n`);
      }
    },
  },
  {
    name: 'the findings of axe are told',
    schemes: ['file'],
    run: async (t) => {
      const { visit } = await open(t);
      await visit.evaluate(() => document.getElementById('essai-choix').labels[0].remove());
      const findings = await visit.accessibility();
      t.assert.ok(findings.some(({ id }) => id === 'select-name'), JSON.stringify(findings));
    },
  },
];
