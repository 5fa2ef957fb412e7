// Runs the browser tests of the sealed page in one browser.
//
//   node run.mjs chromium|firefox [--executable PATH] [--url http://…/] [--file PATH]
//                                 [--cli PATH] [--filter TEXT]
//
// `cargo xtask test` calls it with everything; by hand, only the browser is
// needed once the page is built: the executable is looked for on the PATH and
// a plain static server is started. Ends with « N passed, N failed ».

import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { Harness, SCHEMES } from './harness.mjs';

// A test that hangs must not hang the run; none comes near this.
const TEST_MILLISECONDS = 180_000;

const here = dirname(fileURLToPath(import.meta.url));

const options = readOptions(process.argv.slice(2));
// Told, the run ends: what a test that failed left open must not keep it.
process.exit((await main(options)) ? 0 : 1);

function readOptions(words) {
  const options = { browser: words[0], file: resolve(here, '../../dist/index.html') };
  for (let at = 1; at < words.length; at += 2) {
    const name = words[at].replace(/^--/, '');
    if (!['executable', 'url', 'file', 'cli', 'filter'].includes(name) || words[at + 1] === undefined) {
      console.error(`Option inconnue ou sans valeur : ${words[at]}`);
      process.exit(2);
    }
    options[name] = words[at + 1];
  }
  if (!['chromium', 'firefox'].includes(options.browser)) {
    console.error('Utilisation : node run.mjs chromium|firefox [options]');
    process.exit(2);
  }
  return options;
}

async function main({ filter = '', ...settings }) {
  if (settings.url === undefined) settings.url = await plainServer(settings.file);
  const harness = new Harness(settings);
  let passed = 0;
  let failed = 0;
  try {
    await harness.clearScreenshots();
    await harness.launch();
    for (const test of await collect(filter)) {
      const problem = await attempt(harness, test);
      if (problem === null) {
        passed += 1;
        console.log(`ok      ${test.title}`);
      } else {
        failed += 1;
        console.log(`FAILED  ${test.title}\n${indent(problem)}`);
      }
    }
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${settings.browser}\n${indent(String(error?.stack ?? error))}`);
  } finally {
    await harness.close();
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0;
}

// Every test of every *.test.mjs, once per scheme it asks for.
async function collect(filter) {
  const files = (await readdir(here)).filter((name) => name.endsWith('.test.mjs')).sort();
  const tests = [];
  for (const file of files) {
    const { default: list } = await import(pathToFileURL(resolve(here, file)));
    for (const { name, run, schemes = SCHEMES } of list) {
      for (const scheme of schemes) {
        const title = `${file.replace('.test.mjs', '')} · ${name} (${scheme})`;
        if (title.includes(filter)) tests.push({ title, run, scheme });
      }
    }
  }
  return tests;
}

// Null when it passes, else what went wrong.
async function attempt(harness, { title, run, scheme }) {
  const session = harness.session(scheme, title);
  let timer;
  const hang = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('le test ne finit pas')), TEST_MILLISECONDS);
  });
  try {
    await Promise.race([run(session).then(() => session.verify()), hang]);
    await session.closePages();
    return null;
  } catch (error) {
    await session.screenshotAll('echec').catch(() => {});
    // A page in trouble may take the browser with it: the next test gets a new one.
    await harness.relaunch();
    return [String(error?.stack ?? error), ...session.notes()].join('\n');
  } finally {
    clearTimeout(timer);
    await session.removeFolders();
  }
}

// As dumb as a host can be, but for the header that the tests try.
async function plainServer(file) {
  const page = readFileSync(file);
  const server = createServer((request, response) => {
    const found = ['/', '/index.html'].includes(request.url);
    response.writeHead(found ? 200 : 404, {
      'content-type': 'text/html; charset=utf-8',
      'connection-allowlist': '();webrtc=block',
    });
    response.end(found ? page : '');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  return `http://127.0.0.1:${server.address().port}/`;
}

function indent(text) {
  return text.replace(/^/gm, '        ');
}
