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
      { words: 'programmes distincts, 34 communes', asked: [700, 10_000, 34] },
      { words: '5 000 communes partagées, un programme dans chacune', asked: [700, 10_001, 5_000] },
      { words: 'une grande métropole', asked: [60, 600, 60] },
    ],
  },
  secret: {
    title: 'Protection et attaque\n',
    // Ranks among the landlords that it knows.
    shapes: [0, 1, 2, 3].map((rank) => ({ asked: [rank] })),
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
  const { words, asked } = shapes[Number(shape)];
  const said = createRequire(import.meta.url)(resolve(module))[measure](...asked);
  console.log(words ? `\n- ${words}\n${said}` : said.trimEnd());
}
