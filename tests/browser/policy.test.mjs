// The browser holds the page to its policy: no way out of the page nor of its
// worker, no text run as code. The same attempts, from a page without a policy,
// are heard: the test can fail.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { Canary, tryEveryWayOut } from './canary.mjs';
import { Harness } from './harness.mjs';
import { throughEveryScreen } from './journey.mjs';
import { REFUSALS, appendToWorkers } from './plants.mjs';

// Answers `{ probe: address }` once everything was tried.
const PROBE = `{
  const work = self.onmessage;
  self.onmessage = async (event) => {
    if (event.data?.probe === undefined) return work?.(event);
    self.postMessage({ tried: await (${tryEveryWayOut})(event.data.probe) });
  };
}`;

// The Chromium that first obeys the Connection-Allowlist header, of itself or when asked.
const CONNECTION_ALLOWLIST_SINCE = 152;
const CONNECTION_ALLOWLIST_TRIED_SINCE = 148;
const ASKED = ['--enable-features=ConnectionAllowlists,OverrideConnectionAllowlistOriginTrial'];
const EMPTY_ALLOWLIST = { 'connection-allowlist': '();webrtc=block' };

const major = async (browser) => Number(/\/(\d+)/.exec(await browser.version())[1]);

const askWorker = (kind, probe) =>
  new Promise((done, fail) => {
    const worker = globalThis.opsMixite[kind]();
    worker.onmessage = ({ data }) => done(data.tried);
    worker.onerror = (event) => fail(new Error(event.message));
    worker.postMessage({ probe });
  });

// Long enough for a request that was queued to show up.
const settle = () => new Promise((done) => setTimeout(done, 1_000));

async function withCanary(use, page) {
  const canary = await new Canary().start(page);
  try {
    await use(canary);
  } finally {
    await canary.stop();
  }
}

// Where the Connection-Allowlist header is sent and known.
const allowlisted = async (t, visit) =>
  t.scheme === 'http' &&
  t.browser === 'chromium' &&
  (await major(visit.page.browser())) >= CONNECTION_ALLOWLIST_SINCE;

// What Firefox lets a worker do in spite of the policy of its page (ESR 140 does):
// why the worker that reads rows is locked.
const PAST_THE_POLICY = { chromium: [], firefox: ['/eventsource', '/font', '/nested'] };

// The whole journey of the three roles, then every way out, from the page, from a
// worker like the one that reads rows and from one without its lock: nothing is
// heard, but WebRTC from the page where no browser lets a policy forbid it, and
// what the lock is there for.
async function nothingGetsOut(t, canary, address) {
  const ignore = address === undefined ? REFUSALS : [/./];
  const visit = await t.openPage({ plant: appendToWorkers(PROBE), ignore, address });
  let told = canary.heard.length;
  // What was heard since the last time.
  const heard = async () => {
    await settle();
    // The driver sees requests that the policy then stops: the canary judges.
    visit.requests.length = 0;
    const more = canary.heard.slice(told);
    told = canary.heard.length;
    return more;
  };
  await throughEveryScreen(visit);
  t.assert.deepEqual(visit.requests, [], 'the journey made a request');
  t.assert.deepEqual(await heard(), []);
  t.assert.equal(canary.datagrams, 0);

  const target = { address: canary.address, udp: canary.udp };
  const tried = {};
  const toldBy = {};
  for (const [place, attempt] of [
    ['worker', () => visit.evaluate(askWorker, 'newWorker', target)],
    ['bare', () => visit.evaluate(askWorker, 'newBareWorker', target)],
    ['page', () => visit.evaluate(tryEveryWayOut, target)],
  ]) {
    const datagrams = canary.datagrams;
    tried[place] = await attempt();
    toldBy[place] = { heard: await heard(), datagrams: canary.datagrams - datagrams };
  }
  t.assert.ok(tried.worker.length >= 8 && tried.bare.length >= 8 && tried.page.length >= 14, JSON.stringify(tried));
  const { worker, bare, page } = toldBy;
  const beyond = bare.heard.filter((path) => !PAST_THE_POLICY[t.browser].includes(path));
  t.assert.deepEqual(
    { worker, bare: { heard: beyond, datagrams: bare.datagrams }, page: { heard: page.heard } },
    { worker: { heard: [], datagrams: 0 }, bare: { heard: [], datagrams: 0 }, page: { heard: [] } },
    HEARD,
  );
  // Firefox asks no server that stands on the machine itself: nothing to learn.
  if (t.browser === 'chromium') {
    t.assert.equal(page.datagrams > 0, !(await allowlisted(t, visit)), 'WebRTC from the page');
  }
}
const HEARD = 'the canary heard something';

export default [
  {
    name: 'nothing gets out of the page nor of its worker, on the journey of the three roles nor on purpose',
    run: (t) => withCanary((canary) => nothingGetsOut(t, canary)),
  },
  {
    name: 'the same test sees a page whose policy was taken away',
    schemes: ['http'],
    run: async (t) => {
      const sealed = await readFile(fileURLToPath(t.harness.addresses.file), 'utf8');
      const open = sealed.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
      t.assert.notEqual(open, sealed);
      await withCanary(async (canary) => {
        await t.assert.rejects(nothingGetsOut(t, canary, `${canary.address}/`), { message: new RegExp(HEARD) });
        const count = (path) => canary.heard.filter((heard) => heard.replace(/\?$/, '') === path).length;
        for (const both of ['/fetch', '/xhr', '/websocket', '/eventsource']) {
          t.assert.ok(count(both) >= 2, `${both} in ${canary.heard}`);
        }
      }, open);
    },
  },
  {
    name: 'where the header is known, the hosted page cannot even navigate away',
    schemes: ['http'],
    run: (t) =>
      withCanary(async (canary) => {
        const visit = await t.openPage({ ignore: REFUSALS });
        const known = await allowlisted(t, visit);
        await visit.page.evaluate((address) => void (location.href = `${address}/navigation`), canary.address);
        await settle();
        // Elsewhere the page could: no policy of ours forbids a link. The worker,
        // which alone reads rows, has nothing to navigate.
        t.assert.equal(canary.heard.includes('/navigation'), !known);
        visit.requests.length = 0;
      }),
  },
  {
    name: 'that header alone: what SECURITY.md says of it, in a browser asked to obey and in one that ignores it',
    schemes: ['http'],
    run: async (t) => {
      // A browser of its own: in the others, it would hide what the policy does.
      const harness = new Harness({ browser: t.browser, executable: t.harness.executable, url: t.harness.addresses.http, file: fileURLToPath(t.harness.addresses.file) });
      await harness.launch(ASKED);
      const sites = [];
      try {
        const version = t.browser === 'chromium' ? await major(harness.browser) : 0;
        const obeys = version >= CONNECTION_ALLOWLIST_TRIED_SINCE;
        for (const [headers, closed] of [[EMPTY_ALLOWLIST, obeys], [{}, false]]) {
          await withCanary(async (canary) => {
            const site = await new Canary().start(undefined, headers);
            sites.push(site);
            const page = await harness.browser.newPage();
            await page.goto(`${site.address}/`);
            await page.evaluate((address) => {
              const link = document.createElement('link');
              Object.assign(link, { rel: 'preconnect', href: address });
              document.head.append(link);
            }, canary.address);
            await settle();
            // Firefox connects in advance on a delay of its own: nothing to learn.
            if (t.browser === 'chromium') t.assert.equal(canary.connections > 0, !closed, 'preconnect');
            await page.evaluate(tryEveryWayOut, { address: canary.address, udp: canary.udp });
            await settle();
            t.assert.equal(canary.heard.length === 0, closed, String(canary.heard));
            const datagrams = canary.datagrams;
            const made = await page.evaluate(() => {
              try {
                new RTCPeerConnection().close();
                return true;
              } catch {
                return false;
              }
            });
            // Where it can be made it asks, but in the versions that know the header by
            // themselves: there it closes WebRTC too.
            const asks = !closed || (made && version < CONNECTION_ALLOWLIST_SINCE);
            if (t.browser === 'chromium') t.assert.equal(datagrams > 0, asks, 'WebRTC');
            await page.evaluate((address) => void (location.href = `${address}/navigation`), canary.address);
            await settle();
            t.assert.equal(canary.heard.includes('/navigation'), !closed);
          });
        }
      } finally {
        for (const site of sites) await site.stop();
        await harness.close();
      }
    },
  },
  {
    name: 'the same attempts without the policy are heard',
    schemes: ['http'],
    run: (t) =>
      withCanary(async (canary) => {
        const visit = await t.openPage({ address: `${canary.address}/`, ready: false, ignore: [/./] });
        await visit.evaluate(tryEveryWayOut, { address: canary.address, udp: canary.udp });
        await visit.evaluate(
          (text, probe) =>
            new Promise((done) => {
              const worker = new Worker(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));
              worker.onmessage = done;
              worker.postMessage({ probe });
            }),
          PROBE,
          { address: canary.address, udp: canary.udp },
        );
        await settle();
        const count = (path) => canary.heard.filter((heard) => heard.replace(/\?$/, '') === path).length;
        for (const both of ['/fetch', '/xhr', '/websocket', '/eventsource']) {
          t.assert.ok(count(both) >= 2, `${both} in ${canary.heard}`);
        }
        for (const one of ['/beacon', '/img', '/iframe', '/link', '/script', '/form', '/font', '/import', '/nested', '/importscripts', '/worker']) {
          t.assert.ok(count(one) >= 1, `${one} in ${canary.heard}`);
        }
        t.assert.ok(canary.datagrams >= 1, 'datagrams are heard');
        // The driver tells of requests too: the check that every test ends with
        // can fail.
        t.assert.ok(visit.requests.length > 0);
        visit.requests.length = 0;
      }),
  },
  {
    name: 'no text is run as code, and only the named policy writes HTML',
    run: async (t) => {
      const visit = await t.openPage({ ignore: REFUSALS });
      const outcome = await visit.evaluate(async () => {
        const refused = (act) => {
          try {
            act();
            return false;
          } catch {
            return true;
          }
        };
        // The driver's own call may evaluate text: the page's tasks may not.
        await new Promise((done) => setTimeout(done));
        const inline = document.createElement('script');
        const typed = 'trustedTypes' in globalThis;
        try {
          inline.textContent = 'globalThis.introduced = true';
          document.body.append(inline);
        } catch {
          // Trusted Types refuse it sooner than the policy on scripts.
        }
        const area = document.createElement('div');
        globalThis.opsMixite.setHtml(area, '<p>écrit</p>');
        return {
          typed,
          evalRefused: refused(() => globalThis.eval('1')),
          functionRefused: refused(() => new Function('return 1')()),
          introduced: globalThis.introduced === true,
          html: area.innerHTML,
          plainHtmlRefused: refused(() => (document.createElement('div').innerHTML = '<p></p>')),
          otherPolicyRefused: refused(() => globalThis.trustedTypes.createPolicy('autre', {})),
          secondPolicyRefused: refused(() => globalThis.trustedTypes.createPolicy('ops-mixite', {})),
          workerRefused: refused(() => new Worker('blob:autre')),
        };
      });
      const { typed, plainHtmlRefused, otherPolicyRefused, secondPolicyRefused, workerRefused, ...rest } = outcome;
      t.assert.deepEqual(rest, {
        evalRefused: true,
        functionRefused: true,
        introduced: false,
        html: '<p>écrit</p>',
      });
      if (t.browser === 'chromium') t.assert.equal(typed, true);
      if (typed) {
        t.assert.deepEqual(
          { plainHtmlRefused, otherPolicyRefused, secondPolicyRefused, workerRefused },
          { plainHtmlRefused: true, otherPolicyRefused: true, secondPolicyRefused: true, workerRefused: true },
        );
      }
    },
  },
];
