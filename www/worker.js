// The worker: the same wasm as the page, in a thread that can reach nothing.
// Its text follows the glue in one blob. The first message brings the compiled
// module; each later one is a request, answered by Rust through postMessage.
{
  let ready = false;
  self.onmessage = ({ data }) => {
    try {
      if (!ready) {
        wasm_bindgen.initSync({ module: data.module });
        ready = true;
        return;
      }
      wasm_bindgen.worker_run(data.demande, data.fichiers);
    } catch {
      // Not a word of the error: it could quote a row. After a trap the memory
      // of the wasm is no longer sound, so this worker ends.
      self.postMessage({ panne: true });
      self.close();
    }
  };
}
