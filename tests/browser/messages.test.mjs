// What crosses from the worker to the page: marks planted in every column of a file
// come back in the marked samples alone (`exemple`), headers as headers, and nothing
// of a row anywhere else, in any message, whatever becomes of the file.

import { csv, HEADERS, rows, write } from './files.mjs';

const MARK = 'Jetonne';
const NUMBER = '918273645';
const HEAD = 'Entêtonne';

// Keeps every message that a worker sends, in the page that receives it.
const listening = [
  () => {
    globalThis.messages = [];
    const Plain = globalThis.Worker;
    globalThis.Worker = class Worker extends Plain {
      constructor(...all) {
        super(...all);
        this.addEventListener('message', ({ data }) => globalThis.messages.push(data));
      }
    };
  },
];

// Every text of the messages that holds one of the words, under the names that lead
// to it; blocks of bytes are read as text.
const found = (words) => {
  const places = [];
  const look = (value, path) => {
    if (ArrayBuffer.isView(value)) value = new TextDecoder().decode(value);
    if (['string', 'number', 'bigint'].includes(typeof value)) {
      const text = String(value);
      if (words.some((word) => text.includes(word))) places.push([path.join('.'), text.slice(0, 120)]);
    } else if (value instanceof Map) {
      for (const [key, inner] of value) {
        look(key, [...path, 'clé']);
        look(inner, [...path, String(key)]);
      }
    } else if (Array.isArray(value)) {
      for (const inner of value) look(inner, path);
    } else if (value !== null && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) look(inner, [...path, key]);
    }
  };
  for (const message of globalThis.messages) look(message, []);
  return places;
};

const at = (name) => HEADERS.indexOf(name);

// Marks in each column but those given, on one row in ten; and columns of no use.
function marked({ landlord = 'Habellis', spared = [0, 1, 2, 3] } = {}) {
  return rows(landlord).map((row, rank) => {
    if (rank === 0) return [...row, `${HEAD} inconnue`, 'Nom du titulaire', 'Numéro de téléphone'];
    const cells = row.map((cell, column) =>
      rank % 10 === 1 && !spared.includes(column) ? (rank % 20 === 1 ? `${MARK} ${column}` : NUMBER) : cell,
    );
    if (rank % 100 === 5) cells[at('Commune')] = `${MARK} en Bresse`;
    return [...cells, `${MARK} ${rank}`, `${MARK} ${rank}`, NUMBER];
  });
}

const FILES = {
  'lu.csv': marked(),
  'bailleur.csv': marked().map((row, rank) => (rank === 0 ? row : row.with(0, `${MARK} Habitat`))),
  'commune.csv': marked().map((row, rank) => (rank === 0 ? row : row.with(at('Commune'), `${MARK} le Grand`))),
  'sans-entete.csv': marked().slice(1).map((row) => row.with(at('Commune'), `${MARK} le Petit`)),
  'entete.csv': marked().map((row, rank) => (rank === 0 ? row.with(at('Commune'), 'Comune').with(at('Occupation'), `${HEAD} occupée`) : row)),
  'passage.csv': [
    ['Numéro de programme', 'Commune', 'Secteur'],
    ['101', `${MARK} le Vieux`, 'Centre'],
  ],
  'secteur.csv': [
    ['Numéro de programme', 'Commune', 'Secteur'],
    ['101', 'Le Creusot', `${MARK} nord`],
  ],
};

export default [
  {
    name: 'no message from the worker holds a value of a row, but marked samples',
    schemes: ['http'],
    run: async (t) => {
      const paths = await write(t, Object.fromEntries(Object.entries(FILES).map(([name, lines]) => [name, csv(lines)])));
      const visit = await t.openPage({ plant: listening });
      const over = () =>
        globalThis.messages.some((one) => ['OtherReading', 'Failed', 'panne'].some((name) => name in one));
      const check = async (what, samples) => {
        await visit.until(`la fin de ${what}`, over);
        const places = await visit.evaluate(found, [MARK, NUMBER]);
        // Without a header, a row stands in its place until the user says so.
        const marks = what === 'sans-entete.csv' ? /\.(exemple|column\.header)$/ : /\.exemple$/;
        t.assert.deepEqual(places.filter(([path]) => !marks.test(path)), [], what);
        t.assert.equal(places.length > 0, samples, `${what} : ${places.length} exemples`);
        const heads = await visit.evaluate(found, [HEAD]);
        t.assert.deepEqual(heads.filter(([path]) => !/\.(header|exemple)$/.test(path)), [], what);
        await visit.evaluate(() => { globalThis.messages = []; });
      };
      for (const file of ['lu.csv', 'bailleur.csv', 'commune.csv', 'sans-entete.csv', 'entete.csv']) {
        await visit.chooseFile('Fichier OPS', paths[file]);
        await check(file, true);
        // The page does show them: to the landlord, on his own screen.
        t.assert.ok((await visit.text('main')).includes(MARK), file);
      }
      await visit.select('Bailleur', 'habellis');
      await visit.chooseFile('Fichier OPS', paths['bailleur.csv']);
      await check('le nom que le fichier donne au bailleur', true);
      for (const file of ['passage.csv', 'secteur.csv']) {
        await visit.chooseFile('Table de passage (facultatif)', paths[file]);
        await visit.chooseFile('Fichier OPS', paths['lu.csv']);
        await check(file, true);
      }
      // His file in the place of another: refused, and not quoted.
      for (const label of ['Table de passage (facultatif)', 'Fichier RPLS (facultatif)', 'Correspondance (facultatif)']) {
        await visit.chooseFile(label, paths['commune.csv']);
        await visit.chooseFile('Fichier OPS', paths['lu.csv']);
        await visit.until(`la fin avec ${label}`, over);
        const unmarked = (await visit.evaluate(found, [MARK, NUMBER])).filter(([path]) => !path.endsWith('.exemple'));
        t.assert.deepEqual(unmarked, [], label);
        await visit.evaluate(() => { globalThis.messages = []; });
      }
      // The same look sees a value that is not marked.
      await visit.evaluate((mark) => globalThis.messages.push({ Failed: { Sentence: `la valeur « ${mark} »` } }), MARK);
      t.assert.equal((await visit.evaluate(found, [MARK])).length, 1);
    },
  },
];
