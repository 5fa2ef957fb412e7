//! The three screens (*les trois écrans*) and the worker's entry point.

/// The half that knows the browser.
#[cfg(target_arch = "wasm32")]
pub mod browser {
    use js_sys::{Array, Function, Object, Reflect};
    use wasm_bindgen::prelude::*;

    /// Takes over the page once the wasm is ready.
    #[wasm_bindgen]
    pub fn page_main() {}

    /// Answers one request inside the worker.
    #[wasm_bindgen]
    pub fn worker_run(demande: JsValue, fichiers: Array) {
        let scope = js_sys::global();
        let answer = Object::new();
        let _ = Reflect::set(&answer, &"echo".into(), &demande);
        let _ = Reflect::set(&answer, &"fichiers".into(), &fichiers.length().into());
        if let Ok(post) = Reflect::get(&scope, &"postMessage".into()) {
            let _ = Function::from(post).call1(&scope, &answer);
        }
    }
}
