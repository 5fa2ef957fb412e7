// Runs the merge of many partials in WebAssembly, as wasm-bindgen made it for
// Node (the engine of Chromium), and prints what it took.
//
//   node fusion.mjs MODULE
//
// `cargo xtask bench fusion` calls it. Each shape has a memory of its own: that
// of WebAssembly never shrinks.

import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// Landlords, mailles of each, communes that all of them share.
const SHAPES = [
  ['programmes distincts, 34 communes', 700, 10_000, 34],
  ['5 000 communes partagées, un programme dans chacune', 700, 10_001, 5_000],
  ['une grande métropole', 60, 600, 60],
];

const [module, shape] = process.argv.slice(2);
if (shape === undefined) {
  console.log(`\nFusion en WebAssembly (V8 ${process.versions.v8}), millisecondes de processeur`);
  for (const rank of SHAPES.keys()) {
    const child = fork(fileURLToPath(import.meta.url), [module, String(rank)]);
    const code = await new Promise((done) => child.once('exit', done));
    if (code !== 0) process.exitCode = 1;
  }
} else {
  const [words, ...numbers] = SHAPES[Number(shape)];
  const { fusion } = createRequire(import.meta.url)(resolve(module));
  console.log(`\n- ${words}\n${fusion(...numbers)}`);
}
