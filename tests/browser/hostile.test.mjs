// A file made to take the page over: its headers, communes, programme names and
// values hold markup, scripts, templates and addresses. It goes through the
// three screens and out by every export, and stays text everywhere.

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

// Each programme is called after a payload; two communes and many cells too.
function hostile(landlord, seed) {
  const lines = rows(landlord, seed);
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
    name: 'a hostile file goes through the three screens and every export as text',
    run: async (t) => {
      const visit = await t.openPage();
      const sound = await visit.evaluate(traces);
      t.assert.equal(sound.introduced, 0);
      const unharmed = async (where) => t.assert.deepEqual(await visit.evaluate(traces), sound, where);
      const holds = (text, where) => {
        for (const word of SEEN) t.assert.ok(text.includes(word), `${word} dans ${where}`);
      };

      const partials = {};
      const slips = [];
      for (const [landlord, seed] of [['Habellis', 7], ['OPAC Saône-et-Loire', 11]]) {
        const file = `${PAYLOADS[0].replaceAll(/[/<>"]/g, '')}.csv`;
        const paths = await write(t, { [file]: csv(hostile(landlord, seed)) });
        await visit.chooseFile('Fichier OPS', paths[file]);
        const { name, bytes } = await takePartial(visit);
        partials[name] = bytes;
        await visit.select('Niveau', 'Programmes');
        holds(await visit.evaluate(() => document.getElementById('sortie-tableau').textContent), 'l’aperçu');
        holds(await visit.evaluate(() => document.getElementById('qualite').textContent), 'le contrôle qualité');
        holds(await visit.evaluate(() => document.getElementById('correspondance').textContent), 'la correspondance');
        slips.push(await visit.download(() => visit.click('button', 'Enregistrer le bordereau')));
        await unharmed('bailleur');
      }
      for (const { bytes } of slips) t.assert.doesNotMatch(bytes.toString(), /pris/);

      await visit.click('tab', "Bureau d'études");
      await visit.chooseFile('Agrégats partiels', ...Object.values(await write(t, partials)));
      await visit.until('la fusion', () => document.querySelectorAll('#controle tbody tr').length === 2);
      const base = await visit.download(() => visit.click('button', 'Télécharger la base agrégée'));
      await unharmed('bureau d’études');

      for (const [format, part, formula] of [
        ['Excel', 'xl/sharedStrings.xml', /<f[ >]/],
        ['OpenDocument', 'content.xml', /table:formula/],
      ]) {
        const parts = reopen((await visit.download(() => visit.click('button', `Exporter en ${format}`))).bytes);
        for (const [name, text] of Object.entries(parts)) {
          t.assert.doesNotMatch(text, formula, name);
          t.assert.doesNotMatch(text, /<(img|script|svg|iframe|a|text:a|x|hyperlink)[ >]/i, name);
        }
        const unescaped = parts[part].replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'");
        holds(unescaped, part);
        t.assert.ok(parts[part].includes('&lt;img src=x'), part);
      }
      const table = (await visit.download(() => visit.click('button', 'Exporter en CSV'))).bytes.toString();
      holds(table.replaceAll('""', '"'), 'le CSV');
      for (const start of [';=', ';"=', ';@', ';"@', '\n=', '\n@']) t.assert.ok(!table.includes(start), `un champ commence par ${start}`);

      await visit.click('tab', 'Collectivité');
      const paths = await write(t, { 'hostile.base.json': base.bytes });
      await visit.chooseFile('Base agrégée', paths['hostile.base.json']);
      await visit.until('les chiffres', () => document.getElementById('chiffres').innerText !== '');
      await visit.select('Maille', 'Programmes');
      holds(await visit.evaluate(() => document.getElementById('chiffres').textContent), 'les chiffres');
      const picture = (await visit.download(() => visit.click('button', 'Image SVG'))).bytes.toString();
      t.assert.doesNotMatch(picture, /<(img|script|iframe|a|foreignObject|x)[ >]| on[a-z]+="/i);
      t.assert.equal(picture.match(/<svg[ >]/g).length, 1);
      t.assert.ok(picture.includes('&lt;img src=x') || picture.includes('javascript:'), picture.slice(0, 400));
      await visit.download(() => visit.click('button', 'Image PNG'));
      const fiches = await visit.evaluate(() => [...document.getElementById('choix-fiche').options].map((one) => one.value));
      for (const fiche of fiches) await visit.select('Maille de la fiche', fiche);
      await unharmed('collectivité');
      await visit.screenshot('fichier hostile');
      // The same look sees markup that would have been let in.
      await visit.evaluate(() => globalThis.opsMixite.setHtml(document.getElementById('fiche'), '<a href="#">lien</a>'));
      t.assert.notDeepEqual(await visit.evaluate(traces), sound);
    },
  },
];
