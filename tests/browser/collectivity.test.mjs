// The collectivité's journey: the base in, a chart and its figures.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { base, partials } from './consultant.test.mjs';
import { csv, rows, write } from './files.mjs';

const open = (t) => t.openPage({ hash: '#collectivite' });
const drawn = () => document.querySelectorAll('#chiffres tbody tr').length > 0;

const VIEW = 'Représentation';
const opened = async (t, path) => {
  const visit = await open(t);
  await visit.chooseFile('Base agrégée', path);
  await visit.until('les chiffres', drawn);
  return visit;
};

// The base of an earlier survey of the same territory.
const earlier = async (t) => {
  const url = new URL('../../domain/cucm-ops-2024.campagne.json', import.meta.url);
  const campaign = JSON.parse(await readFile(url, 'utf8'));
  Object.assign(campaign, { id: 'cucm-ops-2022', date_reference: '2022-01-01', mention: 'Source OPS 2022' });
  const path = join(await t.temporary(), 'cucm-2022.campagne.json');
  await writeFile(path, JSON.stringify(campaign));
  return base(t, ['--campagne', path]);
};

// Contours of the communes of a base: boxes side by side.
const contours = async (t, path) => {
  const file = JSON.parse(await readFile(path, 'utf8'));
  const communes = file.zonages[0].mailles.filter(({ niveau }) => niveau === 'commune');
  const features = communes.map(({ id }, rank) => {
    const [x, y] = [4.2 + (rank % 4) * 0.1, 46.6 + Math.floor(rank / 4) * 0.07];
    const ring = [[x, y], [x + 0.1, y], [x + 0.1, y + 0.07], [x, y + 0.07], [x, y]];
    return { type: 'Feature', properties: { code: id }, geometry: { type: 'Polygon', coordinates: [ring] } };
  });
  const out = join(await t.temporary(), 'communes.geojson');
  await writeFile(out, JSON.stringify({ type: 'FeatureCollection', features }));
  return out;
};

const alternative = () => document.getElementById('graphique').getAttribute('aria-label');

// The screen with the base of two landlords, and that base.
const withBase = async (t) => {
  const path = await base(t);
  return { visit: await opened(t, path), file: JSON.parse(await readFile(path, 'utf8')) };
};

// By how much the table of the fiche is wider than its place.
const ficheSpill = () => {
  const box = document.querySelector('#fiche .defile');
  return box.scrollWidth - box.clientWidth;
};

// A share of the base as the page writes it.
const percent = (part, round = Math.round) => {
  // In tenths of a per cent, from the five decimals of the file.
  const tenths = round(Math.round(part * 1e5) / 1e2);
  return `${(tenths / 10).toFixed(1).replace('.', ',')}\u202f%`;
};
const said = ({ part, min, max }) => {
  if (part !== undefined) return percent(part);
  // Bounds hold the value whatever is left out of them.
  return min === undefined ? 'masqué' : `entre ${percent(min, Math.floor)} et ${percent(max, Math.ceil)}`;
};

// How many colours the canvas shows: one when nothing is drawn.
const colours = () => {
  const canvas = document.getElementById('graphique');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
};

export default [
  {
    name: 'the base is read, charted and put in a table',
    run: async (t) => {
      const { visit, file } = await withBase(t);
      await visit.select('Indicateur', 'Familles monoparentales');
      await visit.select('Maille', 'Communes');
      const shown = await visit.evaluate(() =>
        Object.fromEntries(
          [...document.querySelectorAll('#chiffres tbody tr:not(.reference)')].map((line) => [
            line.querySelector('th').innerText,
            line.querySelector('td').innerText,
          ]),
        ),
      );
      const level = new Map(file.zonages[0].mailles.map(({ id, niveau, nom }) => [id, { niveau, nom }]));
      const wanted = file.resultats
        .filter(({ indicateur, maille }) => indicateur === 'mono' && level.get(maille).niveau === 'commune')
        .map((result) => [level.get(result.maille).nom, said(result)]);
      t.assert.ok(wanted.length >= 5);
      t.assert.deepEqual(shown, Object.fromEntries(wanted));
      t.assert.match(await visit.text('#chiffres'), /Source OPS 2024/);
      t.assert.match(await visit.text('#chiffres'), /ménages dont la situation familiale est connue/);
      // The canvas is drawn, sharp, and says in words what it shows.
      t.assert.ok((await visit.evaluate(colours)) > 3);
      const alternative = await visit.evaluate(() => document.getElementById('graphique').getAttribute('aria-label'));
      t.assert.match(alternative, /Familles monoparentales.*Le Creusot.*Source OPS 2024/);
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('collectivité');
    },
  },
  {
    name: 'the parts of the screen are reached from its top, and the address keeps the choice',
    run: async (t) => {
      const visit = await open(t);
      await visit.page.click('#exemple-collectivite');
      await visit.until('les chiffres', drawn);
      await visit.select('Indicateur', 'Familles monoparentales');
      const before = await visit.evaluate(() => location.hash);
      for (const [button, heading] of [['Fiche', 'titre-fiche'], ['Ségrégation', 'titre-segregation']]) {
        await visit.click('button', button);
        t.assert.equal(await visit.evaluate(() => document.activeElement.id), heading);
      }
      t.assert.equal(await visit.evaluate(() => location.hash), before);
    },
  },
  {
    name: 'the chart follows the width and the density of the screen',
    run: async (t) => {
      const visit = await open(t);
      await visit.page.click('#exemple-collectivite');
      await visit.until('les chiffres', drawn);
      const width = () => document.getElementById('graphique').width;
      const wide = await visit.evaluate(width);
      await visit.resize(400, 800);
      await visit.until('le dessin étroit', (wide) => document.getElementById('graphique').width < wide / 2, wide);
      t.assert.ok((await visit.evaluate(colours)) > 3);
      const spill = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
      t.assert.equal(await visit.evaluate(spill), 0, 'nothing spills over a phone');
      // A table that goes on to the right says so, and only then.
      const cue = () => {
        const frame = document.getElementById('chiffres-defile');
        return [frame.scrollWidth > frame.clientWidth, frame.dataset.plus ?? ''];
      };
      await visit.until('la suite à droite', () => document.getElementById('chiffres-defile').dataset.plus !== undefined);
      const [wider, words] = await visit.evaluate(cue);
      t.assert.ok(wider && /La suite du tableau est à droite/.test(words), words);
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('collectivité téléphone');
      await visit.resize(1366, 800);
      await visit.until('le tableau entier', () => document.getElementById('chiffres-defile').dataset.plus === undefined);
      t.assert.equal((await visit.evaluate(cue))[0], false);
    },
  },
  {
    name: 'a dropped base, drawn when its tab is seen',
    run: async (t) => {
      const path = await base(t);
      const visit = await t.openPage();
      await visit.dropFiles('[data-depot="base"]', path);
      await visit.until('les chiffres', drawn);
      await visit.click('tab', 'Collectivité');
      await visit.until('le dessin', colours);
      t.assert.ok((await visit.evaluate(colours)) > 3);
    },
  },
  {
    name: 'the chart is saved as an image, dense or drawn',
    run: async (t) => {
      const visit = await open(t);
      await visit.chooseFile('Base agrégée', await base(t));
      await visit.until('les chiffres', drawn);
      await visit.select('Indicateur', 'Familles monoparentales');
      const svg = await visit.download(() => visit.click('button', 'Image SVG'));
      t.assert.equal(svg.name, 'cucm-ops-2024-mono-commune.svg');
      const text = svg.bytes.toString();
      t.assert.match(text, /^<svg /);
      for (const words of ['Familles monoparentales', 'Le Creusot', 'Source OPS 2024']) t.assert.ok(text.includes(words), words);
      const png = await visit.download(() => visit.click('button', 'Image PNG'));
      t.assert.equal(png.name, 'cucm-ops-2024-mono-commune.png');
      t.assert.equal(png.bytes.subarray(1, 4).toString(), 'PNG');
      // Twice the pixels of the drawing.
      t.assert.equal(png.bytes.readUInt32BE(16), 2 * Number(/width="(\d+)"/.exec(text)[1]));
      t.assert.equal(png.bytes.readUInt32BE(20), 2 * Number(/height="(\d+)"/.exec(text)[1]));
      await visit.until('la phrase', () => document.getElementById('etat-image').innerText.includes('.png'));
    },
  },
  {
    name: 'every way of showing an indicator is drawn, with its table, or says what it lacks',
    run: async (t) => {
      const path = await base(t);
      const visit = await opened(t, path);
      const titles = {
        Classement: /^[^–]+ – communes\. EPCI/,
        "Écarts à l'EPCI": /écart à l'EPCI/,
        Composition: /^Situation familiale – communes/,
      };
      for (const [view, title] of Object.entries(titles)) {
        await visit.select(VIEW, view);
        t.assert.match(await visit.until(view, alternative), title);
        t.assert.ok((await visit.evaluate(colours)) > 3, view);
        t.assert.match(await visit.text('#chiffres'), /Source OPS 2024/);
        t.assert.deepEqual(await visit.accessibility(), [], view);
        await visit.screenshot(`collectivité ${view}`);
      }
      t.assert.match(await visit.text('#chiffres thead'), /Personne seule/i);
      for (const [view, words] of [['Carte', /GeoJSON/], ['Évolution', /base agrégée d.une enquête plus ancienne/]]) {
        await visit.select(VIEW, view);
        t.assert.match(await visit.text('#sans-graphique'), words);
        t.assert.equal(await visit.evaluate(() => document.getElementById('avec-graphique').hidden), true);
        t.assert.deepEqual(await visit.accessibility(), [], view);
      }
      const { zonages } = JSON.parse(await readFile(path, 'utf8'));
      const districts = zonages.some(({ mailles }) => mailles.some(({ niveau }) => niveau === 'qpv_situation'));
      await visit.select(VIEW, 'En QPV et hors QPV');
      if (districts) {
        t.assert.match(await visit.evaluate(alternative), /^En QPV et hors QPV/);
        t.assert.match(await visit.text('#chiffres thead'), /Hors QPV/i);
      } else {
        t.assert.match(await visit.text('#sans-graphique'), /ne distingue pas les quartiers prioritaires/);
      }
      t.assert.deepEqual(await visit.accessibility(), []);
    },
  },
  {
    name: 'contours that are dropped make a map, and hostile ones a sentence',
    run: async (t) => {
      const path = await base(t);
      const visit = await opened(t, path);
      await visit.select(VIEW, 'Carte');
      await visit.dropFiles('[data-depot="contours"]', await contours(t, path));
      await visit.until('la carte', () => !document.getElementById('avec-graphique').hidden);
      t.assert.match(await visit.evaluate(alternative), /\d\smaille.*Source OPS 2024/);
      t.assert.ok((await visit.evaluate(colours)) > 5);
      t.assert.ok(await visit.evaluate(drawn), 'its table is under it');
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('collectivité carte');
      const svg = await visit.download(() => visit.click('button', 'Image SVG'));
      t.assert.match(svg.name, /-commune-carte\.svg$/);
      t.assert.match(svg.bytes.toString(), /<polygon /);
      const bad = join(await t.temporary(), 'profond.geojson');
      const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
      await writeFile(bad, `{"type":"FeatureCollection","features":[{"properties":{"code":"1"},"geometry":{"type":"Polygon","coordinates":${deep}}}]}`);
      await visit.chooseFile('Contours (facultatif)', bad);
      const sentence = await visit.until('le refus', () => document.getElementById('alerte-contours').innerText);
      t.assert.match(sentence, /«\sprofond\.geojson\s».*GeoJSON/s);
      // Where one looks: under the field, which names it for those who do not see.
      const distance = () => {
        const [field, alert] = ['contours', 'alerte-contours'].map((id) => document.getElementById(id).getBoundingClientRect());
        return alert.top - field.bottom;
      };
      t.assert.ok((await visit.evaluate(distance)) < 120);
      t.assert.match(await visit.evaluate(() => document.getElementById('contours').getAttribute('aria-describedby')), /alerte-contours/);
      t.assert.equal(await visit.text('#alerte-collectivite'), '');
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('collectivité contours refusés');
      t.assert.ok(await visit.evaluate(drawn), 'the base stays');
    },
  },
  {
    name: 'an earlier base gives changes in points, and never against time',
    run: async (t) => {
      const [now, before] = [await base(t), await earlier(t)];
      const visit = await opened(t, now);
      await visit.chooseFile('Base antérieure (facultatif)', before);
      await visit.until('la base antérieure', () => /antérieure/.test(document.getElementById('etat-collectivite').innerText));
      await visit.select(VIEW, 'Évolution');
      t.assert.match(await visit.evaluate(alternative), /évolution depuis le 1er janvier 2022.*Source OPS 2024 et Source OPS 2022/);
      const cells = await visit.evaluate(() =>
        [...document.querySelectorAll('#chiffres tbody tr:not(.reference)')].map((line) => [...line.querySelectorAll('td')].map((cell) => cell.innerText)),
      );
      t.assert.ok(cells.length >= 5);
      for (const [, was, , is, points] of cells) {
        t.assert.equal(/pts?$/.test(points), was === 'publié' && is === 'publié', `${was} ${is} ${points}`);
      }
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('collectivité évolution');
      // The other way round.
      const back = await opened(t, before);
      await back.chooseFile('Base antérieure (facultatif)', now);
      const sentence = await back.until('le refus', () => document.getElementById('alerte-base-anterieure').innerText);
      t.assert.match(sentence, /«\scucm\.base\.json\s».*enquête ancienne/s);
    },
  },
  {
    name: 'what is chosen is in the address, without data, and the browser goes back',
    run: async (t) => {
      const path = await base(t);
      const visit = await t.openPage({ hash: '#collectivite?indicateur=mono&maille=programme&vue=ecarts' });
      await visit.chooseFile('Base agrégée', path);
      await visit.until('les chiffres', drawn);
      const state = () => ['indicateur', 'maille', 'vue'].map((name) => document.getElementById(`choix-${name}`).value).join(' ');
      t.assert.equal(await visit.evaluate(state), 'mono programme ecarts');
      await visit.select('Indicateur', 'Personnes seules');
      await visit.select('Maille', 'Communes');
      const hash = () => decodeURIComponent(window.location.hash);
      t.assert.equal(await visit.evaluate(hash), '#collectivite?indicateur=seule&maille=commune&vue=ecarts');
      await visit.evaluate(() => window.history.back());
      await visit.until('le retour', (state) => state === ['indicateur', 'maille', 'vue'].map((name) => document.getElementById(`choix-${name}`).value).join(' '), 'seule programme ecarts');
      t.assert.match(await visit.evaluate(alternative), /Personnes seules – programmes/);
      await visit.evaluate(() => window.history.forward());
      await visit.until('l’avance', () => document.getElementById('choix-maille').value === 'commune');
      // Another tab and back: the state is kept.
      await visit.click('tab', 'Bailleur');
      await visit.click('tab', 'Collectivité');
      t.assert.equal(await visit.evaluate(hash), '#collectivite?indicateur=seule&maille=commune&vue=ecarts');
    },
  },
  {
    name: 'a table is sorted by its buttons, by keyboard too',
    run: async (t) => {
      const visit = await opened(t, await base(t));
      const names = () => [...document.querySelectorAll('#chiffres tbody tr:not(.reference) th')].map((th) => th.innerText);
      const sorted = () => [...document.querySelectorAll('#chiffres th[aria-sort]')].map((th) => `${th.innerText.replace(/\W*$/u, '')} ${th.getAttribute('aria-sort')}`);
      t.assert.deepEqual(await visit.evaluate(sorted), ['Part descending']);
      await visit.evaluate(() => document.getElementById('tri-0').focus());
      await visit.page.keyboard.press('Enter');
      t.assert.deepEqual(await visit.evaluate(sorted), ['Maille ascending']);
      const found = await visit.evaluate(names);
      t.assert.deepEqual(found, [...found].sort((a, b) => a.localeCompare(b, 'fr')));
      t.assert.equal(await visit.evaluate(() => document.activeElement.id), 'tri-0', 'the focus stays');
      await visit.page.keyboard.press('Enter');
      t.assert.deepEqual(await visit.evaluate(names), found.reverse());
      // Under the mouse the words of a head are still read.
      await visit.page.hover('#tri-1');
      const contrast = () => {
        const button = document.querySelector('#tri-1:hover');
        const light = (colour) => {
          const [r, g, b] = colour.match(/\d+/g).map((n) => n / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const { color, backgroundColor } = getComputedStyle(button);
        const [low, high] = [light(color), light(backgroundColor)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
      };
      t.assert.ok((await visit.evaluate(contrast)) >= 4.5, 'the head under the mouse');
      // On paper they are there too.
      if (t.browser === 'chromium') {
        await visit.page.emulateMediaType('print');
        const heads = () => [...document.querySelectorAll('#chiffres thead th')].filter((th) => th.innerText.trim().length > 3).length;
        t.assert.equal(await visit.evaluate(heads), 8);
        await visit.page.emulateMediaType('screen');
      }
      t.assert.deepEqual(await visit.accessibility(), []);
    },
  },
  {
    name: 'key figures, heat table, segregation and profile stand on the screen',
    run: async (t) => {
      const path = await base(t);
      const file = JSON.parse(await readFile(path, 'utf8'));
      const visit = await opened(t, path);
      const rows = (id) => visit.evaluate((id) => document.querySelectorAll(`#${id} tbody tr`).length, id);
      const communes = file.zonages[0].mailles.filter(({ niveau }) => niveau === 'commune');
      const readable = communes.filter(({ id }) => file.resultats.some(({ zonage, maille, statut }) => zonage === file.zonages[0].id && maille === id && /^(publie|borne)$/.test(statut)));
      t.assert.ok(readable.length >= 5);
      t.assert.equal(await rows('chaleur'), readable.length + 1);
      t.assert.match(await visit.text('#cles'), /Personnes seules\s+\d+,\d/);
      const indices = file.segregation.filter(({ niveau, tableau, groupe }) => niveau === 'commune' && tableau === 'situation_familiale' && (!groupe || groupe.join() === 'personne_seule'));
      const shown = await visit.text('#segregation');
      // Three significant digits.
      const read = (value) => value.toFixed(Math.min(6, 2 - Math.min(0, Math.floor(Math.log10(value))))).replace('.', ',');
      for (const { valeur } of indices) t.assert.ok(shown.includes(read(valeur)), `${valeur}`);
      t.assert.match(shown, /Dissimilarité de 0,\d+\s: il faudrait que \d+,\d\s% des ménages du groupe/);
      t.assert.ok(indices.length >= 6);
      t.assert.match(shown, /mailles publiées, qui rassemblent/);
      t.assert.match(await visit.text('#fiche'), /Profil de fragilité/);
      for (const id of ['cles', 'chaleur', 'segregation', 'fiche']) t.assert.match(await visit.text(`#${id}`), /Source OPS 2024/);
      await visit.select('Maille', 'Programmes');
      t.assert.ok((await rows('chaleur')) > communes.length + 1);
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.resize(375, 800);
      const spill = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
      t.assert.equal(await visit.evaluate(spill), 0, 'nothing spills over a phone');
    },
  },
  {
    name: 'the fiche of a maille is printed alone, on one page',
    run: async (t) => {
      const { visit, file } = await withBase(t);
      await visit.select('Maille de la fiche', 'Le Creusot');
      const place = file.zonages[0].mailles.find(({ nom }) => nom === 'Le Creusot').id;
      const results = file.resultats.filter(({ maille, zonage }) => maille === place && zonage === file.zonages[0].id);
      const rows = await visit.evaluate(() => document.querySelectorAll('#fiche tbody tr:not(.theme, .parmi)').length);
      t.assert.equal(rows, results.length);
      t.assert.match(await visit.text('#fiche'), /Le Creusot.*Habellis, OPAC Saône-et-Loire.*Source OPS 2024/s);
      // The whole of the table is on a laptop's screen, without scrolling sideways.
      t.assert.equal(await visit.evaluate(ficheSpill), 0);
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('collectivité fiche');
      // What is on paper while the button prints.
      await visit.evaluate(() => {
        window.print = () => {
          window.printed = document.body.className;
          window.printedAs = document.title;
        };
      });
      const title = await visit.evaluate(() => document.title);
      await visit.click('button', 'Imprimer la fiche');
      const printed = await visit.evaluate(() => window.printed);
      t.assert.equal(printed, 'impression-fiche');
      t.assert.match(await visit.evaluate(() => window.printedAs), /^Fiche\s: Le Creusot$/);
      t.assert.deepEqual(await visit.evaluate(() => [document.body.className, document.title]), ['', title]);
      await visit.evaluate((name) => document.body.classList.add(name), printed);
      const pdf = Buffer.from(await visit.page.pdf({ preferCSSPageSize: true }));
      t.assert.equal(pdf.subarray(0, 5).toString('latin1'), '%PDF-');
      if (t.browser === 'chromium') {
        // Firefox packs the pages of a PDF in compressed streams: only here can
        // they be counted.
        const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g);
        t.assert.equal(pages.length, 1);
        await visit.page.emulateMediaType('print');
        const seen = () => [...document.querySelectorAll('canvas, #chiffres, .entete, #fiche')].filter((e) => e.checkVisibility()).map((e) => e.id);
        t.assert.deepEqual(await visit.evaluate(seen), ['fiche']);
        await visit.resize(703, 1032);
        await visit.screenshot('fiche imprimée');
      }
    },
  },
  {
    name: 'a fiche has its own level, is searched, and is read beside another',
    run: async (t) => {
      const { visit, file } = await withBase(t);
      const chart = await visit.text('#chiffres caption');
      await visit.select('Maille de la fiche', 'Le Creusot');
      await visit.select('Comparer avec', 'Montceau-les-Mines');
      t.assert.match(await visit.text('#fiche h4'), /^Le Creusot et Montceau-les-Mines$/);
      const rows = (columns) =>
        [...document.querySelectorAll('#fiche tbody tr:not(.theme, .parmi)')].map((row) => [
          row.cells[0].firstChild.textContent.trim(),
          ...columns.map((at) => row.cells[at].innerText.trim()),
        ]);
      const compared = await visit.evaluate(rows, [1, 4, 7]);
      t.assert.ok(compared.length > 10, `${compared.length} lignes`);
      // Each side is its fiche's; a gap stands where both are exact, and is theirs.
      for (const [at, name] of [[1, 'Le Creusot'], [2, 'Montceau-les-Mines']]) {
        await visit.select('Maille de la fiche', name);
        await visit.select('Comparer avec', '');
        t.assert.deepEqual(compared.map((row) => [row[0], row[at]]), await visit.evaluate(rows, [1]), name);
      }
      const number = (text) => Number(text.replace('−', '-').replace(',', '.'));
      const ends = (text) => {
        const read = text.match(/^(?:entre\s)?([+−\d,]+)(?:\s%)?(?:\s+et\s([+−\d,]+))?\s(?:%|pts?)$/);
        return read && [number(read[1]), number(read[2] ?? read[1])];
      };
      let gaps = 0;
      let bounded = 0;
      for (const [label, one, other, gap] of compared) {
        const [here, there] = [ends(one), ends(other)];
        if (!here || !there) {
          t.assert.equal(gap, '–', label);
          continue;
        }
        const read = ends(gap);
        const wanted = [here[0] - there[1], here[1] - there[0]];
        t.assert.ok(read.every((end, at) => Math.abs(end - wanted[at]) < 0.21), `${label} : ${gap}`);
        t.assert.equal(read[0] < read[1], here[0] < here[1] || there[0] < there[1], `${label} : ${gap}`);
        gaps += 1;
        bounded += Number(read[0] < read[1]);
      }
      t.assert.ok(bounded > 0 && bounded < gaps, `${bounded} écarts encadrés`);
      t.assert.ok(gaps > 3 && gaps < compared.length, `${gaps} écarts`);
      await visit.select('Maille de la fiche', 'Le Creusot');
      await visit.select('Comparer avec', 'Montceau-les-Mines');
      t.assert.equal(await visit.evaluate(ficheSpill), 0);
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('collectivité comparaison');
      // Another level for the fiche alone: nothing to compare with yet, and the chart stays.
      await visit.select('Niveau de la fiche', 'Programmes');
      const programmes = file.zonages[0].mailles.filter(({ niveau }) => niveau === 'programme');
      const [fiches, other] = await visit.evaluate(() => [
        document.getElementById('choix-fiche').options.length,
        document.getElementById('choix-comparaison').value,
      ]);
      t.assert.deepEqual([fiches, other], [programmes.length, '']);
      t.assert.equal(await visit.text('#chiffres caption'), chart);
      t.assert.ok(programmes.length > 12, `${programmes.length} programmes`);
      // What is searched is chosen in the lists; the fiche that is open stays meanwhile.
      const before = await visit.text('#fiche h4');
      const field = await visit.page.$('#recherche-fiche');
      await field.type('zzz');
      await visit.until('rien', () => /Aucune maille/.test(document.getElementById('aide-recherche-fiche').innerText));
      t.assert.equal(await visit.text('#fiche h4'), before);
      await field.click({ count: 3 });
      await field.type('opac creusot');
      await visit.until('des mailles', () => /trouvée/.test(document.getElementById('aide-recherche-fiche').innerText));
      const found = await visit.evaluate(() => [...document.getElementById('choix-fiche').options].map((one) => one.text));
      const held = found.filter((text) => /OPAC.*Le Creusot|Le Creusot.*OPAC/.test(text));
      t.assert.ok(held.length > 0 && held.length >= found.length - 1, found.join('\n'));
      // A button opens the first of them.
      const button = await visit.page.$('#trouvees-fiche button');
      const named = await button.evaluate((one) => one.textContent.replace(/^Ouvrir\s:\s/, ''));
      await button.click();
      await visit.until('sa fiche', (name) => name.startsWith(document.querySelector('#fiche h4').textContent), named);
      t.assert.deepEqual(await visit.accessibility(), []);
      // The level of the fiche is its own until it is that of the chart.
      await visit.select('Maille', 'Programmes');
      await visit.select('Maille', 'Communes');
      t.assert.equal(await visit.evaluate(() => document.getElementById('choix-niveau-fiche').value), 'commune');
      await visit.select('Niveau de la fiche', 'Programmes');
      await visit.select('Maille', await visit.evaluate(() => [...document.getElementById('choix-maille').options].at(-1).value));
      t.assert.equal(await visit.evaluate(() => document.getElementById('choix-niveau-fiche').value), 'programme');
    },
  },
  {
    name: 'a base of many communes is shown page by page on both screens',
    schemes: ['file'],
    run: async (t) => {
      const COMMUNES = 1_100;
      const PAGE = 200;
      const CHOICES = 500;
      const text = await readFile(new URL('../../domain/cucm-ops-2024.campagne.json', import.meta.url), 'utf8');
      // In letters, and in their order: digits tell no commune from another.
      const letter = (rank) => String.fromCharCode(97 + (rank % 26));
      const names = Array.from({ length: COMMUNES }, (_, at) => `Ville${letter(at / 676)}${letter(at / 26)}${letter(at)}`);
      const communes = names.map((nom, at) => ({ code: String(at + 1).padStart(5, '0'), nom }));
      const campaign = { ...JSON.parse(text), id: 'nombreuses', communes, passage: [] };
      const header = ['Bailleur', 'Numéro de programme', 'Commune', 'Occupation', "Bénéficiaire de l'APL"];
      const dwelling = (commune, at) => ['Habellis', '1', commune, 'Loué', at % 2 ? 'oui' : 'non'];
      const body = names.flatMap((name) => Array.from({ length: 24 }, (_, at) => dwelling(name, at)));
      const paths = await write(t, { 'c.campagne.json': JSON.stringify(campaign), 'ops.csv': csv([header, ...body]) });
      const partial = join(await t.temporary(), 'h.partiel.json');
      const done = await t.cli('agreger', paths['ops.csv'], '--campagne', paths['c.campagne.json'], '-o', partial);
      t.assert.equal(done.code, 0, done.stderr);

      const merging = await t.openPage({ hash: '#bureau-etudes' });
      await merging.dropFiles('[data-depot="partiels"]', partial, paths['c.campagne.json']);
      await merging.until('la fusion', () => document.querySelectorAll('#fusion tbody tr').length > 0);
      const present = await merging.evaluate(() => {
        const table = [...document.querySelectorAll('#fusion table')].find((one) => /Bailleurs présents/.test(one.caption.innerText));
        return table.tBodies[0].rows.length;
      });
      // The EPCI, then a page of communes.
      t.assert.equal(present, 1 + PAGE);
      t.assert.match(await merging.text('#fusion'), /200 communes sur 1.100/);
      const { bytes } = await merging.download(() => merging.click('button', 'Télécharger la base agrégée'));
      const path = join(await t.temporary(), 'nombreuses.base.json');
      await writeFile(path, bytes);

      const visit = await opened(t, path);
      const shown = () => ({
        figures: document.querySelectorAll('#chiffres tbody tr').length,
        heat: document.querySelectorAll('#chaleur tbody tr').length,
        choices: document.querySelectorAll('#choix-fiche option').length,
      });
      // The EPCI stands above each page.
      t.assert.deepEqual(await visit.evaluate(shown), { figures: 1 + PAGE, heat: 1 + PAGE, choices: CHOICES });
      // A fiche is searched among more than its list shows.
      t.assert.match(await visit.text('#aide-recherche-fiche'), /1.100 mailles.*500/);
      const field = await visit.page.$('#recherche-fiche');
      await field.type(names[1_000].toUpperCase());
      // The one that is found, and the one that is open.
      t.assert.equal((await visit.evaluate(shown)).choices, 2);
      await visit.select('Maille de la fiche', names[1_000]);
      t.assert.match(await visit.text('#fiche h4'), new RegExp(names[1_000]));
      await visit.evaluate(() => document.getElementById('tri-0').click());
      const first = () => document.querySelectorAll('#chiffres tbody th')[1].innerText.trim();
      t.assert.equal(await visit.evaluate(first), names[0]);
      for (let page = 1; page * PAGE < COMMUNES; page += 1) {
        await visit.evaluate(() => [...document.querySelectorAll('#chiffres [data-table]')].at(-1).click());
        t.assert.equal(await visit.evaluate(first), names[page * PAGE]);
      }
      t.assert.equal((await visit.evaluate(shown)).figures, 1 + (COMMUNES % PAGE));
    },
  },
  {
    name: 'bounds stand among exact shares, and what cannot be read after them all',
    run: async (t) => {
      const path = await base(t);
      const file = JSON.parse(await readFile(path, 'utf8'));
      const visit = await opened(t, path);
      const named = new Map(file.zonages[0].mailles.filter(({ niveau }) => niveau === 'commune').map(({ id, nom }) => [id, nom]));
      const names = () => [...document.querySelectorAll('#chiffres tbody tr:not(.reference) th')].map((th) => th.innerText.trim());
      let mixed = 0;
      for (const indicator of ['lt40', 'mono', 'seule', 'apl', 'age65', 'couple_enf']) {
        const results = file.resultats.filter(({ indicateur, maille, zonage }) => indicateur === indicator && zonage === file.zonages[0].id && named.has(maille));
        if (results.length === 0) continue;
        const middle = ({ part, min, max }) => (part ?? (min + max) / 2);
        const known = results.filter((one) => Number.isFinite(middle(one)));
        if (known.some(({ statut }) => statut === 'borne')) mixed += 1;
        const wanted = [...known].sort((a, b) => middle(b) - middle(a)).map(({ maille }) => named.get(maille));
        await visit.evaluate((key) => {
          const select = document.getElementById('choix-indicateur');
          select.value = key;
          select.dispatchEvent(new Event('change'));
        }, indicator);
        const found = await visit.evaluate(names);
        t.assert.deepEqual(found.slice(0, known.length), wanted, indicator);
        await visit.evaluate(() => document.getElementById('tri-1').click());
        const up = await visit.evaluate(names);
        if (await visit.evaluate(() => document.querySelector('#tri-1').closest('th').getAttribute('aria-sort') === 'descending')) continue;
        t.assert.deepEqual(up.slice(0, known.length), wanted.reverse(), `${indicator}, from the least`);
        await visit.evaluate(() => document.getElementById('tri-1').click());
      }
      t.assert.ok(mixed > 0, 'the base has bounds');
    },
  },
  {
    name: 'where nothing can be read a sentence says so, and what to do',
    run: async (t) => {
      const paths = await write(t, { 'ops.csv': csv(rows('Habellis', 7, 120)) });
      const [partial, out] = [join(await t.temporary(), 'h.partiel.json'), join(await t.temporary(), 'h.base.json')];
      for (const words of [['agreger', paths['ops.csv'], '-o', partial], ['fusionner', partial, '-o', out]]) {
        const { code, stderr } = await t.cli(...words);
        t.assert.equal(code, 0, stderr);
      }
      const visit = await opened(t, out);
      await visit.select('Maille', 'Programmes');
      await visit.select('Indicateur', 'Familles monoparentales');
      const said = await visit.text('#sans-graphique');
      for (const words of [/Rien n'est publiable ici/, /moins de 11/, /«\sHabellis\s»/, /Choisissez «\sCommunes\s»/, /Regrouper les petits programmes/]) t.assert.match(said, words);
      t.assert.equal(await visit.evaluate(() => document.getElementById('avec-graphique').hidden), true);
      t.assert.match(await visit.text('#chaleur'), /aucun indicateur publiable/);
      t.assert.deepEqual(await visit.accessibility(), []);
      await visit.screenshot('collectivité rien de publiable');
    },
  },
  {
    name: 'what is no base is refused by name',
    run: async (t) => {
      const { habellis } = await partials(t);
      const visit = await open(t);
      await visit.chooseFile('Base agrégée', habellis);
      const sentence = await visit.until('le refus', () => document.getElementById('alerte-collectivite').innerText);
      t.assert.match(sentence, /base/);
      t.assert.equal(await visit.evaluate(() => document.getElementById('resultats-collectivite').hidden), true);
      await visit.chooseFile('Base agrégée', await base(t));
      await visit.until('les chiffres', drawn);
      t.assert.equal(await visit.text('#alerte-collectivite'), '');
      // A wrong file, a damaged one, one of a later version: named, and the base on screen stays.
      const folder = await t.temporary();
      const good = await readFile(await base(t), 'utf8');
      const bad = {
        'version.base.json': [good.replace('"version": 1', '"version": 7'), /version 7/],
        'coupe.base.json': [good.slice(0, good.length / 2), /pas une base agrégée lisible/],
        'modifie.base.json': [good.replace('Le Creusot', 'Le Creuzot'), /empreinte/],
        'habellis.partiel.json': [await readFile(habellis, 'utf8'), /agrégat partiel/],
        'ops.csv': [csv(rows('Habellis', 7, 60)), /est un tableau, pas une base agrégée.*supprimez-le.*demandez au bureau d'études/],
      };
      await visit.select('Indicateur', 'Familles monoparentales');
      const before = await visit.text('#chiffres');
      for (const [name, [text, reason]] of Object.entries(bad)) {
        const path = join(folder, name);
        await writeFile(path, text);
        await visit.chooseFile('Base agrégée', path);
        const sentence = await visit.until(name, (reason) => {
          const said = document.getElementById('alerte-collectivite').innerText;
          return new RegExp(reason).test(said) && said;
        }, reason.source);
        t.assert.match(sentence, /base affichée n.a pas changé/);
        t.assert.equal(await visit.text('#chiffres'), before);
      }
    },
  },
];
