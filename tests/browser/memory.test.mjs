// A large file within the memory that the page promises: 150 000 dwellings in
// 30 columns, at most 96 MiB of wasm memory in the worker that reads them. A wasm
// memory never shrinks: its last size is its height.

import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';

import { rows, zip } from './files.mjs';
import { takePartial } from './landlord.test.mjs';
import { appendToWorkers, tellMemory } from './plants.mjs';

const DWELLINGS = 150_000;
const COLUMNS = 30;
const MOST_MEBIBYTES = 96;

// Tells the size of the worker's memory with each of its messages, on a channel
// opened before the worker is locked: after, nothing is left to open one.
const tell = appendToWorkers(
  tellMemory('(size) => channel.postMessage(size)'),
  "const channel = new BroadcastChannel('memoire');",
);

// A row of 30 cells: an identifier and an address of its own, ages, activities,
// and columns of no use.
function* large() {
  const [header, ...body] = rows('Habellis', 11, 3_000);
  const more = (n, name) => Array.from({ length: n }, (_, at) => `${name} ${at + 1}`);
  yield ['Identifiant logement', 'Adresse', ...header, ...more(5, 'Âge'), ...more(3, 'Activité'), ...more(6, 'Divers')];
  for (let at = 0; at < DWELLINGS; at += 1) {
    const row = body[at % body.length];
    const let_ = row[8] !== '';
    const ages = let_ ? [row[10], '35', '12', '', ''] : ['', '', '', '', ''];
    const activities = let_ ? ['CDI', '', ''] : ['', '', ''];
    const rest = ['a', 'b', String(at % 97), 'oui', '', '12,5'];
    yield [`${7_100_000_000 + at}`, `${at} rue des Essais`, ...row, ...ages, ...activities, ...rest];
  }
}

const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const xml = (text) => `<?xml version="1.0" encoding="UTF-8"?>${text}`;

// As Excel does: texts are shared.
function xlsx() {
  const strings = new Map();
  const shared = (text) => {
    if (!strings.has(text)) strings.set(text, strings.size);
    return strings.get(text);
  };
  const letters = Array.from({ length: COLUMNS }, (_, at) => (at < 26 ? '' : 'A') + String.fromCharCode(65 + (at % 26)));
  const lines = [];
  let number = 0;
  for (const row of large()) {
    number += 1;
    const cells = row.map((text, at) => {
      if (text === '') return '';
      const place = `${letters[at]}${number}`;
      return /^\d+$/.test(text) && number > 1 ? `<c r="${place}"><v>${text}</v></c>` : `<c r="${place}" t="s"><v>${shared(text)}</v></c>`;
    });
    lines.push(Buffer.from(`<row r="${number}">${cells.join('')}</row>`));
  }
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const packaged = 'http://schemas.openxmlformats.org/package/2006';
  const texts = [...strings.keys()].map((text) => Buffer.from(`<si><t>${escape(text)}</t></si>`));
  return zip({
    '[Content_Types].xml': xml(`<Types xmlns="${packaged}/content-types"/>`),
    '_rels/.rels': xml(
      `<Relationships xmlns="${packaged}/relationships"><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    'xl/workbook.xml': xml(
      `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="OPS" sheetId="1" r:id="r1"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': xml(
      `<Relationships xmlns="${packaged}/relationships"><Relationship Id="r1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/>` +
        `<Relationship Id="r2" Type="${office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
    ),
    'xl/sharedStrings.xml': Buffer.concat([
      Buffer.from(xml(`<sst xmlns="${main}" count="${texts.length}" uniqueCount="${texts.length}">`)),
      ...texts,
      Buffer.from('</sst>'),
    ]),
    'xl/worksheets/sheet1.xml': Buffer.concat([
      Buffer.from(xml(`<worksheet xmlns="${main}"><sheetData>`)),
      ...lines,
      Buffer.from('</sheetData></worksheet>'),
    ]),
  });
}

function ods() {
  const lines = [];
  for (const row of large()) {
    const cells = row.map((text) => {
      if (text === '') return '<table:table-cell/>';
      const body = `<text:p>${escape(text)}</text:p></table:table-cell>`;
      if (/^\d+$/.test(text)) return `<table:table-cell office:value-type="float" office:value="${text}">${body}`;
      return `<table:table-cell office:value-type="string">${body}`;
    });
    lines.push(Buffer.from(`<table:table-row>${cells.join('')}</table:table-row>`));
  }
  const names = ['office', 'table', 'text']
    .map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`)
    .join(' ');
  return zip({
    mimetype: 'application/vnd.oasis.opendocument.spreadsheet',
    'META-INF/manifest.xml': '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
    'content.xml': Buffer.concat([
      Buffer.from(xml(`<office:document-content ${names}><office:body><office:spreadsheet><table:table table:name="OPS">`)),
      ...lines,
      Buffer.from('</table:table></office:spreadsheet></office:body></office:document-content>'),
    ]),
  });
}

const measure = (name, make) => ({
  name: `150 000 dwellings in ${name} are read in bounded memory`,
  // A channel needs an origin.
  schemes: ['http'],
  run: async (t) => {
    const path = join(await t.temporary(), `grand.${name}`);
    await writeFile(path, make());
    const visit = await t.openPage({ plant: tell });
    await visit.evaluate(() => {
      globalThis.sizes = [];
      globalThis.channel = new BroadcastChannel('memoire');
      globalThis.channel.onmessage = ({ data }) => globalThis.sizes.push(data);
    });
    await visit.chooseFile('Fichier OPS', path);
    await takePartial(visit);
    t.assert.match(await visit.text('#qualite'), /Lignes lues\s+150\s000/);
    const mebibytes = (await visit.evaluate(() => Math.max(...globalThis.sizes))) / 2 ** 20;
    console.log(`        ${name} : ${mebibytes.toFixed(1)} Mio de mémoire wasm pour 150 000 × 30`);
    t.assert.ok(mebibytes > 1 && mebibytes <= MOST_MEBIBYTES, `${mebibytes} MiB`);
  },
});

export default [measure('xlsx', xlsx), measure('ods', ods)];
