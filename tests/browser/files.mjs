// Files that the journeys give to the page: fictitious landlords of the CUCM
// campaign, written as .csv, .xlsx and .ods, and files that are none of it.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

export const HEADERS = [
  'Bailleur',
  'Numéro de programme',
  'Nom du programme',
  'Commune',
  'Type de logement',
  'Typologie du logement',
  'Financement du logement',
  'Occupation',
  'Situation familiale',
  "Nombre total d'occupants",
  'Âge du titulaire du bail',
  'Revenu fiscal de référence',
  "Bénéficiaire de l'APL",
  "Bénéficiaire de l'ASPA",
];

const COMMUNES = ['Le Creusot', 'Montceau-les-Mines', 'Torcy', 'Blanzy', 'Saint-Vallier'];
const SITUATIONS = ['Personne seule', 'Famille monoparentale', 'Couple sans enfant', 'Couple avec enfant(s)'];

// A small seeded generator (Lehmer): the same rows on every machine.
function seeded(seed) {
  let state = seed;
  return (bound) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % bound;
  };
}

// A file of Habellis, and the CUCM's campaign in the reading `population`.
export async function withTheOtherReading(t) {
  const campaign = await readFile(join(import.meta.dirname, '../../domain/cucm-ops-2024.campagne.json'), 'utf8');
  return write(t, {
    'ops.csv': csv(rows('Habellis')),
    'population.campagne.json': campaign.replace('"effectif"', '"population"'),
  });
}

// The rows of a landlord, header first: enough dwellings in few programmes for
// most counts to reach the threshold.
export function rows(landlord, seed = 7, count = 900) {
  const draw = seeded(seed);
  const one = () => {
    const commune = draw(COMMUNES.length);
    const programme = 100 + commune * 2 + draw(2);
    const let_ = draw(12) > 0;
    const situation = draw(SITUATIONS.length);
    const occupants = [1, 2 + draw(3), 2, 3 + draw(3)][situation];
    const household = [
      SITUATIONS[situation],
      String(occupants),
      String(20 + draw(70)),
      String(draw(45_000)),
      ['oui', 'non'][draw(2)],
      ['oui', 'non', 'non'][draw(3)],
    ];
    return [
      landlord,
      String(programme),
      `Résidence ${programme}`,
      COMMUNES[commune],
      draw(3) > 0 ? 'Collectif' : 'Individuel',
      `T${1 + draw(5)}`,
      ['PLAI', 'PLUS', 'PLS'][draw(3)],
      let_ ? 'Loué' : 'Vacant',
      ...(let_ ? household : household.map(() => '')),
    ];
  };
  return [HEADERS, ...Array.from({ length: count }, one)];
}

const escape = (text) =>
  text.replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character]);

export function csv(rows) {
  const cell = (text) => (/[;"\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return Buffer.from(rows.map((row) => row.map(cell).join(';')).join('\r\n') + '\r\n');
}

export function xlsx(rows) {
  const cell = (text) => {
    if (text === '') return '<c/>';
    if (/^\d+$/.test(text)) return `<c><v>${text}</v></c>`;
    return `<c t="inlineStr"><is><t>${escape(text)}</t></is></c>`;
  };
  const lines = rows.map((row) => `<row>${row.map(cell).join('')}</row>`).join('');
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const packaged = 'http://schemas.openxmlformats.org/package/2006';
  const xml = (text) => `<?xml version="1.0" encoding="UTF-8"?>${text}`;
  return zip({
    '[Content_Types].xml': xml(
      `<Types xmlns="${packaged}/content-types"><Default Extension="xml" ContentType="application/xml"/>` +
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>' +
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    ),
    '_rels/.rels': xml(
      `<Relationships xmlns="${packaged}/relationships"><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    'xl/workbook.xml': xml(
      `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="OPS" sheetId="1" r:id="r1"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': xml(
      `<Relationships xmlns="${packaged}/relationships"><Relationship Id="r1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    ),
    'xl/worksheets/sheet1.xml': xml(`<worksheet xmlns="${main}"><sheetData>${lines}</sheetData></worksheet>`),
  });
}

export function ods(rows) {
  const cell = (text) => {
    if (text === '') return '<table:table-cell/>';
    const body = `<text:p>${escape(text)}</text:p></table:table-cell>`;
    if (/^\d+$/.test(text)) return `<table:table-cell office:value-type="float" office:value="${text}">${body}`;
    return `<table:table-cell office:value-type="string">${body}`;
  };
  const lines = rows.map((row) => `<table:table-row>${row.map(cell).join('')}</table:table-row>`).join('');
  const names = ['office', 'table', 'text']
    .map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`)
    .join(' ');
  const mime = 'application/vnd.oasis.opendocument.spreadsheet';
  return zip({
    mimetype: mime,
    'META-INF/manifest.xml':
      '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">' +
      `<manifest:file-entry manifest:full-path="/" manifest:media-type="${mime}"/>` +
      '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
    'content.xml':
      `<?xml version="1.0" encoding="UTF-8"?><office:document-content ${names}><office:body><office:spreadsheet>` +
      `<table:table table:name="OPS">${lines}</table:table></office:spreadsheet></office:body></office:document-content>`,
  });
}

// A zip archive; the first entry is stored, as an OpenDocument file wants.
export function zip(parts) {
  const locals = [];
  const centrals = [];
  let at = 0;
  for (const [rank, [name, text]] of Object.entries(parts).entries()) {
    const bytes = Buffer.from(text);
    const stored = rank === 0;
    const packed = stored ? bytes : deflateRawSync(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    centrals.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, rest, Buffer.from(name)]));
    locals.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(centrals.length, 8);
  end.writeUInt16LE(centrals.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}

// The texts of the parts of a zip archive, by name.
export function reopen(bytes) {
  const parts = {};
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, packed] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const local = bytes.readUInt32LE(at + 42);
    const body = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(body, body + packed);
    parts[bytes.toString('utf8', at + 46, at + 46 + name)] = (method === 0 ? content : inflateRawSync(content)).toString();
    at += 46 + name + extra + comment;
  }
  return parts;
}

// What Excel writes when a workbook has a password: a compound file that holds
// an encrypted package. Only its directory matters here.
export function encrypted() {
  const header = Buffer.alloc(512);
  header.write('d0cf11e0a1b11ae1', 0, 'hex');
  header.writeUInt16LE(0x3e, 0x18);
  header.writeUInt16LE(3, 0x1a);
  header.writeUInt16LE(0xfffe, 0x1c);
  header.writeUInt16LE(9, 0x1e);
  header.writeUInt16LE(6, 0x20);
  header.writeUInt32LE(1, 0x2c);
  header.writeUInt32LE(1, 0x30);
  header.writeUInt32LE(4096, 0x38);
  header.writeUInt32LE(0xfffffffe, 0x3c);
  header.writeUInt32LE(0xfffffffe, 0x44);
  header.fill(0xff, 0x4c);
  header.writeUInt32LE(0, 0x4c);
  const table = Buffer.alloc(512, 0xff);
  table.writeUInt32LE(0xfffffffd, 0);
  table.writeUInt32LE(0xfffffffe, 4);
  const directory = Buffer.concat([
    entry('Root Entry', 5, 1),
    entry('EncryptedPackage', 2),
    entry('EncryptionInfo', 2),
    Buffer.alloc(128),
  ]);
  return Buffer.concat([header, table, directory]);
}

function entry(name, kind, child = 0xffffffff) {
  const bytes = Buffer.alloc(128);
  bytes.write(name, 0, 'utf16le');
  bytes.writeUInt16LE((name.length + 1) * 2, 64);
  bytes[66] = kind;
  bytes[67] = 1;
  bytes.writeUInt32LE(0xffffffff, 68);
  bytes.writeUInt32LE(0xffffffff, 72);
  bytes.writeUInt32LE(child, 76);
  bytes.writeUInt32LE(0xfffffffe, 116);
  return bytes;
}

// Writes files into a folder of the test; gives their paths.
export async function write(t, files) {
  const folder = await t.temporary();
  const paths = {};
  for (const [name, bytes] of Object.entries(files)) {
    paths[name] = join(folder, name);
    await writeFile(paths[name], bytes);
  }
  return paths;
}
