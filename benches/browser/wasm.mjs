// Runs a measure in WebAssembly, as wasm-bindgen made it for Node (the engine of
// Chromium), and prints what it took.
//
//   node wasm.mjs MODULE fusion|secret
//
// `cargo xtask bench fusion` and `bench secret` call it. Each shape has a memory of
// its own: that of WebAssembly never shrinks.

import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const MEASURES = {
  fusion: {
    title: 'Fusion',
    // Landlords, mailles of each, communes that all of them share.
    shapes: [
      ['programmes distincts, 34 communes', 700, 10_000, 34],
      ['5 000 communes partagées, un programme dans chacune', 700, 10_001, 5_000],
      ['une grande métropole', 60, 600, 60],
    ],
  },
  secret: {
    title:
      'Protection et attaque\n\n| lignes / programmes | lecture | secret | attaque | cases attaquées | à retirer | mémoire |\n| --- | --- | --- | --- | --- | --- | --- |',
    // Dwellings, programmes.
    shapes: [
      ['', 10_000, 600],
      ['', 30_000, 600],
      ['', 100_000, 2_000],
      ['', 300_000, 6_000],
    ],
  },
};

const [module, measure, shape] = process.argv.slice(2);
const { title, shapes } = MEASURES[measure];
if (shape === undefined) {
  console.log(`\nEn WebAssembly (V8 ${process.versions.v8}), millisecondes de processeur : ${title}`);
  for (const rank of shapes.keys()) {
    const child = fork(fileURLToPath(import.meta.url), [module, measure, String(rank)]);
    const code = await new Promise((done) => child.once('exit', done));
    if (code !== 0) process.exitCode = 1;
  }
} else {
  const [words, ...numbers] = shapes[Number(shape)];
  const said = createRequire(import.meta.url)(resolve(module))[measure](...numbers);
  console.log(words ? `\n- ${words}\n${said}` : said.trimEnd());
}
