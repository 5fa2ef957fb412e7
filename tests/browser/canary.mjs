// A server that must never hear from the sealed page, and the attempts to make
// it hear.

import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';

const EMPTY = '<!DOCTYPE html><title>canari</title><link rel="icon" href="data:,">';

export class Canary {
  // `page`: what it serves, to try a page that it also listens to; `headers`: with it.
  async start(page = EMPTY, headers = {}) {
    this.heard = [];
    // WebRTC asks its own address of a STUN server, WebTransport speaks QUIC:
    // both begin by a datagram.
    this.datagrams = 0;
    this.socket = createSocket('udp4');
    this.socket.on('message', () => (this.datagrams += 1));
    await new Promise((done) => this.socket.bind(0, '127.0.0.1', done));
    this.udp = `127.0.0.1:${this.socket.address().port}`;
    // A connection opened in advance asks nothing.
    this.connections = 0;
    this.server = createServer((request, response) => {
      this.heard.push(request.url);
      response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/html; charset=utf-8', ...headers });
      response.end(request.url === '/' ? page : EMPTY);
    });
    this.server.on('connection', () => (this.connections += 1));
    this.server.on('upgrade', (request, socket) => {
      this.heard.push(request.url);
      socket.destroy();
    });
    await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
    this.address = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  async stop() {
    this.socket.close();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

// Runs in a page or in a worker: tries every way out that exists there, each
// under a path of its own, and says what was tried. Stands alone: it is also
// sent as text.
export async function tryEveryWayOut({ address, udp }) {
  const socket = address.replace('http', 'ws');
  const ended = (target, ...types) =>
    new Promise((done) => {
      for (const type of types) target.addEventListener(type, done);
      // A way out that says nothing is given a moment.
      setTimeout(done, 2_000);
    });
  const ways = {
    fetch: () => fetch(`${address}/fetch`, { method: 'POST', body: 'donnée', mode: 'no-cors' }),
    xhr: async () => {
      const request = new XMLHttpRequest();
      request.open('POST', `${address}/xhr`);
      const end = ended(request, 'loadend');
      request.send('donnée');
      await end;
    },
    websocket: () => ended(new WebSocket(`${socket}/websocket`), 'open', 'error'),
    eventsource: async () => {
      const source = new EventSource(`${address}/eventsource`);
      await ended(source, 'open', 'error');
      source.close();
    },
  };
  if (typeof RTCPeerConnection === 'function') {
    ways.webrtc = async () => {
      const connection = new RTCPeerConnection({ iceServers: [{ urls: `stun:${udp}` }] });
      connection.createDataChannel('donnée');
      await connection.setLocalDescription(await connection.createOffer());
      // Long enough for a server to be asked.
      await new Promise((done) => setTimeout(done, 1_500));
      connection.close();
    };
  }
  if (typeof WebTransport === 'function') {
    ways.webtransport = async () => {
      const session = new WebTransport(`https://${udp}/webtransport`);
      session.closed.catch(() => {});
      await Promise.race([session.ready.catch(() => {}), new Promise((done) => setTimeout(done, 1_500))]);
      session.close();
    };
  }
  ways.font = () => new FontFace('donnée', `url(${address}/font)`).load();
  ways.import = () => import(`${address}/import`);
  if (typeof document === 'undefined') {
    // A worker of the worker, which may be held to less.
    ways.nested = async () => {
      const text = `new EventSource('${address}/nested'); setTimeout(() => postMessage('fini'), 500);`;
      await ended(new Worker(URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))), 'message', 'error');
    };
    ways.importscripts = () => importScripts(`${address}/importscripts`);
    ways.worker = () => ended(new Worker(`${address}/worker`), 'error', 'message');
  } else {
    const load = (name, attribute) => async () => {
      const element = document.createElement(name);
      const end = ended(element, 'load', 'error');
      element[attribute] = `${address}/${name}`;
      if (name === 'link') element.rel = 'stylesheet';
      document.body.append(element);
      await end;
      element.remove();
    };
    ways.beacon = () => navigator.sendBeacon(`${address}/beacon`, 'donnée');
    ways.img = load('img', 'src');
    ways.iframe = load('iframe', 'src');
    ways.link = load('link', 'href');
    ways.video = load('video', 'src');
    ways.script = load('script', 'src');
    ways.form = async () => {
      const form = document.createElement('form');
      form.action = `${address}/form`;
      form.target = '_blank';
      document.body.append(form);
      form.submit();
      form.remove();
    };
  }
  // A way that neither ends nor is refused is left to itself: the others are tried.
  const moment = () => new Promise((done) => setTimeout(done, 5_000));
  const tried = [];
  for (const [name, way] of Object.entries(ways)) {
    try {
      await Promise.race([way(), moment()]);
    } catch {
      // Refused at once: that is what the policy is for.
    }
    tried.push(name);
  }
  return tried;
}
