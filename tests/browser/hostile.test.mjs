// Files made to take the page over: headers, communes, programme names and values of
// the landlord's file, and every name of the campaign, hold markup, scripts, templates
// and addresses. They go through the three screens and out by every file that the page
// saves, and stay text everywhere.

import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

import { csv, reopen, rows, write } from './files.mjs';
import { takePartial } from './landlord.test.mjs';

// No digit: a name with a number would be taken for an address and replaced.
const PAYLOADS = [
  '<img src=x onerror="globalThis.pris=true">',
  '"><script>globalThis.pris=true</script>',
  "'><svg onload=globalThis.pris=true>",
  '</textarea></title></style><iframe srcdoc="<script>parent.pris=true</script>">',
  '{{constructor.constructor("globalThis.pris=true")()}}',
  '${globalThis.pris=true}<%= pris %>#{pris}',
  '<a href="javascript:globalThis.pris=true">lien</a>',
  'javascript:globalThis.pris=true',
  'data:text/html,<script>parent.pris=true</script>',
  '=HYPERLINK("https://envoi.invalid/";"lien")',
  "@SUM(A:A)+cmd|' /C calc'!A",
  ']]><x xmlns="urn:x"/><!--',
];
// The shortest word of each that a screen or a file must show as it stands.
const SEEN = ['<img src=x onerror=', '{{constructor', '${globalThis.pris', 'javascript:globalThis'];

// The names that the campaign gives, each a payload and something to tell it by.
const LANDLORDS = [`${PAYLOADS[0]} Habitat`, `${PAYLOADS[1]}${PAYLOADS[4]} Logis`];
const TERRITORY = `${PAYLOADS[2]} Communauté`;
const MENTION = `${PAYLOADS[5]} Source OPS 2024`;
const COMMUNE = `${PAYLOADS[6]} Torcy`;
const SECTEUR = `${PAYLOADS[9]} Centre`;

async function campaign() {
  const file = JSON.parse(await readFile(new URL('../../domain/cucm-ops-2024.campagne.json', import.meta.url)));
  file.id = 'campagne-hostile';
  file.territoire.nom = TERRITORY;
  file.mention = MENTION;
  file.bailleurs = LANDLORDS.map((nom, at) => ({ id: `bailleur-${at}`, nom, alias: [`${PAYLOADS[7]} ${at}`] }));
  file.communes.find(({ nom }) => nom === 'Torcy').nom = COMMUNE;
  file.passage = file.bailleurs.map(({ id }) => ({ bailleur: id, programme: '100', commune: '71153', secteur: SECTEUR }));
  return JSON.stringify(file, null, 2);
}

// Each programme is called after a payload; two communes and many cells too.
function hostile(landlord, seed) {
  const lines = rows(landlord, seed).map((row) => (row[3] === 'Torcy' ? row.with(3, COMMUNE) : row));
  const programmes = [...new Set(lines.slice(1).map((row) => row[1]))].sort();
  return lines.map((row, at) => {
    if (at === 0) return [...row, ...PAYLOADS];
    const name = PAYLOADS[programmes.indexOf(row[1]) % PAYLOADS.length];
    const payload = PAYLOADS[at % PAYLOADS.length];
    const changed = row.with(2, name);
    // Communes of nowhere, and values that mean nothing.
    if (at % 30 === 0) changed[3] = payload;
    if (at % 31 === 0) changed[8] = payload;
    if (at % 37 === 0) changed[6] = payload;
    return [...changed, ...PAYLOADS.map(() => payload)];
  });
}

// What a payload would leave in the page if it were read as markup. The shares that
// the fiche draws are its own: no payload stands in a cell of that class.
const traces = () => ({
  pris: globalThis.pris,
  introduced: document.querySelectorAll('main :is(img, script, svg:not(.dessin > svg), iframe, a, style, object, embed, [onerror], [onload], [srcdoc])').length,
  scripts: document.scripts.length,
  title: document.title,
});

export default [
  {
    name: 'hostile files go through the three screens and every file that is saved, as text',
    run: async (t) => {
      const visit = await t.openPage();
      const sound = await visit.evaluate(traces);
      t.assert.equal(sound.introduced, 0);
      const unharmed = async (where) => t.assert.deepEqual(await visit.evaluate(traces), sound, where);
      const holds = (text, where, words = SEEN) => {
        for (const word of words) t.assert.ok(text.includes(word), `${word} dans ${where}`);
      };
      const contentOf = (id) => visit.evaluate((id) => document.getElementById(id).textContent, id);
      // What a spreadsheet opens: no field that it would run.
      const inert = (text, where) => {
        for (const start of [';=', ';"=', ';@', ';"@', '\n=', '\n@', '\n"=', '\n"@']) {
          t.assert.ok(!text.includes(start), `un champ commence par ${JSON.stringify(start)} dans ${where}`);
        }
      };
      const save = (button) => visit.download(() => visit.click('button', button));

      const paths = await write(t, { 'hostile.campagne.json': await campaign() });
      const hostileCampaign = paths['hostile.campagne.json'];
      await visit.chooseFile('Campagne (facultatif)', hostileCampaign);
      await visit.until('les bailleurs', (name) => document.getElementById('choix-bailleur').textContent.includes(name), LANDLORDS[1]);
      const partials = {};
      for (const [at, seed] of [7, 11].entries()) {
        const file = `${PAYLOADS[0].replaceAll(/[/<>"]/g, '')}.csv`;
        const paths = await write(t, { [file]: csv(hostile(LANDLORDS[at], seed)) });
        await visit.chooseFile('Fichier OPS', paths[file]);
        const { name, bytes } = await takePartial(visit);
        t.assert.equal(name, `bailleur-${at}-campagne-hostile.partiel.json`);
        partials[name] = bytes;
        await visit.select('Niveau', 'Programmes');
        holds(await contentOf('sortie-tableau'), 'l’aperçu');
        holds(await contentOf('sortie-entete'), 'l’en-tête de l’aperçu', [LANDLORDS[at], MENTION]);
        holds(await contentOf('qualite'), 'le contrôle qualité');
        holds(await contentOf('correspondance'), 'la correspondance');
        holds(await contentOf('passage'), 'les secteurs', [SECTEUR]);
        holds(await contentOf('bordereau'), 'le bordereau', [LANDLORDS[at], MENTION]);

        const report = (await save('Enregistrer le contrôle qualité')).bytes.toString();
        holds(report.replaceAll('""', '"'), 'le fichier du contrôle qualité', [...SEEN, COMMUNE]);
        inert(report, 'le fichier du contrôle qualité');
        const table = (await save('Enregistrer la table de passage')).bytes.toString();
        holds(table.replaceAll('""', '"'), 'la table de passage', [COMMUNE, `'${SECTEUR}`]);
        inert(table, 'la table de passage');

        const slip = await save('Enregistrer le bordereau');
        const saved = await write(t, { [slip.name]: slip.bytes });
        const opened = await t.openPage({ ready: false, address: pathToFileURL(saved[slip.name]).href });
        const facts = await opened.evaluate(() => ({
          pris: globalThis.pris,
          text: document.body.innerText,
          active: document.querySelectorAll('script, img, svg, iframe, link, form, a, textarea, [onload], [onerror], [srcdoc]').length,
          policy: document.querySelector('meta[http-equiv="Content-Security-Policy"]').content,
        }));
        t.assert.deepEqual([facts.pris, facts.active], [undefined, 0]);
        t.assert.match(facts.policy, /^default-src 'none';/);
        holds(facts.text, 'le bordereau enregistré', [LANDLORDS[at], MENTION]);
        await unharmed('bailleur');
        // A page behind another is not painted, and its preview would be waited for.
        await visit.page.bringToFront();
      }

      await visit.click('tab', "Bureau d'études");
      // The landlord's screen has a field of the same name.
      await (await visit.page.$('#campagne-bureau-etudes')).uploadFile(hostileCampaign);
      const first = Object.keys(partials)[0];
      const alone = await write(t, { [first]: partials[first] });
      await visit.chooseFile('Agrégats partiels', alone[first]);
      await visit.until('le contrôle', () => document.querySelectorAll('#controle tbody tr').length === 1);
      holds(await contentOf('controle'), 'le bailleur attendu', [LANDLORDS[1]]);
      await visit.chooseFile('Agrégats partiels', ...Object.values(await write(t, partials)).slice(1));
      await visit.until('la fusion', () => document.querySelectorAll('#controle tbody tr').length === 2);
      holds(await contentOf('controle'), 'le contrôle', LANDLORDS);
      holds(await contentOf('fusion'), 'la fusion', [...LANDLORDS, COMMUNE, MENTION]);
      const base = await save('Télécharger la base agrégée');
      await unharmed('bureau d’études');

      for (const [format, part, formula] of [
        ['Excel', 'xl/sharedStrings.xml', /<f[ >]/],
        ['OpenDocument', 'content.xml', /table:formula/],
      ]) {
        const parts = reopen((await save(`Exporter en ${format}`)).bytes);
        for (const [name, text] of Object.entries(parts)) {
          t.assert.doesNotMatch(text, formula, name);
          t.assert.doesNotMatch(text, /<(img|script|svg|iframe|a|text:a|x|hyperlink)[ >]/i, name);
        }
        const unescaped = parts[part].replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&amp;', '&');
        holds(unescaped, part, [...SEEN, ...LANDLORDS, TERRITORY, COMMUNE, MENTION]);
        t.assert.ok(parts[part].includes('&lt;img src=x'), part);
      }
      const table = (await save('Exporter en CSV')).bytes.toString();
      holds(table.replaceAll('""', '"'), 'le CSV', [...SEEN, TERRITORY, COMMUNE, MENTION]);
      inert(table, 'le CSV');

      // The form opens the campaign and saves the same names.
      await visit.chooseFile('Campagne à modifier', hostileCampaign);
      await visit.until('la campagne', () => document.getElementById('prepa-id').value === 'campagne-hostile');
      const again = JSON.parse((await save('Télécharger la campagne')).bytes.toString());
      t.assert.deepEqual(again.bailleurs.map(({ nom }) => nom), LANDLORDS);
      t.assert.deepEqual([again.territoire.nom, again.mention, again.passage[0].secteur], [TERRITORY, MENTION, SECTEUR]);
      await unharmed('préparation');

      await visit.click('tab', 'Collectivité');
      const file = await write(t, { 'hostile.base.json': base.bytes });
      await visit.chooseFile('Base agrégée', file['hostile.base.json']);
      await visit.until('les chiffres', () => document.getElementById('chiffres').innerText !== '');
      holds(await contentOf('base-entete'), 'l’en-tête de la base', [...LANDLORDS, TERRITORY, MENTION]);
      await visit.select('Maille', 'Programmes');
      holds(await contentOf('chiffres'), 'les chiffres');
      // Every way of drawing, in a picture that other programs open.
      const views = await visit.evaluate(() => [...document.getElementById('choix-vue').options].map((one) => one.value));
      let pictures = 0;
      for (const view of views) {
        await visit.select('Représentation', view);
        await unharmed(view);
        if (await visit.evaluate(() => document.getElementById('avec-graphique').hidden)) continue;
        const picture = (await save('Image SVG')).bytes.toString();
        pictures += 1;
        t.assert.doesNotMatch(picture, /<(img|script|iframe|a|foreignObject|x)[ >]| on[a-z]+="/i);
        t.assert.equal(picture.match(/<svg[ >]/g).length, 1);
        t.assert.ok(picture.includes('&lt;img src=x') || picture.includes('javascript:') || picture.includes('${globalThis'), picture.slice(0, 400));
      }
      t.assert.ok(pictures >= 3, `${pictures} images`);
      await visit.select('Représentation', views[0]);
      await visit.download(() => visit.click('button', 'Image PNG'));

      const fiches = await visit.evaluate(() => [...document.getElementById('choix-fiche').options].map((one) => one.value));
      t.assert.ok(fiches.length > 5);
      for (const fiche of fiches) {
        await visit.select('Maille de la fiche', fiche);
        await unharmed(fiche);
      }
      holds(await contentOf('choix-fiche'), 'les mailles de la fiche');
      await visit.select('Maille', 'Communes');
      await visit.select('Maille de la fiche', COMMUNE);
      holds(await contentOf('fiche'), 'la fiche', [...LANDLORDS, TERRITORY, COMMUNE, MENTION]);
      const others = await visit.evaluate(() => [...document.getElementById('choix-comparaison').options].map((one) => one.value));
      t.assert.ok(others.length > 2, `${others.length} mailles à comparer`);
      for (const other of others.slice(1, 4)) {
        await visit.select('Comparer avec', other);
        await unharmed(other);
      }
      holds(await contentOf('fiche'), 'la comparaison', [...LANDLORDS, TERRITORY, COMMUNE, MENTION]);
      await visit.select('Comparer avec', others[0]);
      await visit.evaluate(() => {
        globalThis.print = () => (globalThis.printed = document.getElementById('fiche').checkVisibility());
      });
      await visit.click('button', 'Imprimer la fiche');
      t.assert.equal(await visit.evaluate(() => globalThis.printed), true);
      await unharmed('collectivité');
      await visit.screenshot('fichier hostile');
      // The same look sees markup that would have been let in.
      await visit.evaluate(() => globalThis.opsMixite.setHtml(document.getElementById('fiche'), '<a href="#">lien</a>'));
      t.assert.notDeepEqual(await visit.evaluate(traces), sound);
    },
  },
  {
    name: 'a name from right to left turns nothing around it',
    run: async (t) => {
      const commune = 'Ville דיור';
      const lines = rows('Habellis').map((row, at) => (at > 0 && at % 30 === 0 ? row.with(3, commune) : row));
      const file = JSON.parse(await campaign());
      file.bailleurs[0] = { id: 'habellis', nom: 'مسكن الغد', alias: ['Habellis'] };
      file.bailleurs[1] = { id: 'autre', nom: 'دار' };
      file.passage = [];
      const paths = await write(t, { 'ops.csv': csv(lines.map((row) => (row[3] === 'Torcy' ? row.with(3, 'Blanzy') : row))), 'c.campagne.json': JSON.stringify(file) });
      const visit = await t.openPage();
      await visit.chooseFile('Campagne (facultatif)', paths['c.campagne.json']);
      await visit.chooseFile('Fichier OPS', paths['ops.csv']);
      const partial = await takePartial(visit);
      // Where the name and what follows it in the sentence are drawn, from the left.
      const drawn = (region, name) => {
        const walker = document.createTreeWalker(document.getElementById(region), NodeFilter.SHOW_TEXT);
        const places = [];
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          const box = (from, to) => {
            const range = document.createRange();
            range.setStart(node, from);
            range.setEnd(node, to);
            return range.getBoundingClientRect();
          };
          const at = node.data.indexOf(name);
          if (at >= 0) {
            places.push({ name: box(at, at + name.length).left, after: [] });
            if (node.data.length > at + name.length) places.at(-1).after.push(box(at + name.length, at + name.length + 1).left);
          }
          const digit = node.data.search(/\d/);
          if (at < 0 && places.length > 0 && digit >= 0) places.at(-1).after.push(box(digit, digit + 1).left);
        }
        return places;
      };
      const [{ name, after }] = await visit.evaluate(drawn, 'qualite', 'דיור');
      t.assert.ok(after[0] > name, `${commune} à ${name}, son nombre à ${after[0]}`);
      const isolated = (region) => visit.evaluate((region) => [...document.querySelectorAll(`#${region} bdi`)].map((one) => one.textContent.trim()), region);
      t.assert.deepEqual(await isolated('bordereau'), ['مسكن الغد']);
      await visit.screenshot('noms de droite à gauche, bailleur');
      await visit.click('tab', "Bureau d'études");
      await (await visit.page.$('#campagne-bureau-etudes')).uploadFile(paths['c.campagne.json']);
      const saved = await write(t, { [partial.name]: partial.bytes });
      await visit.chooseFile('Agrégats partiels', saved[partial.name]);
      await visit.until('la fusion', () => document.getElementById('fusion').innerText !== '');
      t.assert.deepEqual(await isolated('controle'), ['دار']);
      await visit.screenshot('noms de droite à gauche, bureau d’études');
    },
  },
];
