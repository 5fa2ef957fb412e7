//! wasm-bindgen's glue, without its asynchronous loader.
//!
//! The loader fetches the wasm by its address; the sealed page has the wasm
//! within and starts it with `initSync`. A new version of wasm-bindgen may
//! write its glue otherwise: then the seal stops, it never guesses.

use anyhow::{Context as _, Result, ensure};

/// How the glue notes where it was loaded from, for the loader.
const ADDRESS: &str = "    let script_src;
    if (typeof document !== 'undefined' && document.currentScript !== null) {
        script_src = new URL(document.currentScript.src, location.href).toString();
    }
";

/// Where the loader's functions begin, and what follows each.
const CUTS: [(&str, &str); 2] = [
    ("    async function __wbg_load(", "    function initSync("),
    ("    async function __wbg_init(", EXPORTS),
];

/// What the glue hands out: the loader itself, with everything as properties.
const EXPORTS: &str = "    return Object.assign(__wbg_init, { initSync }, exports);\n";
/// What it hands out without the loader.
const EXPORTS_SEALED: &str = "    return Object.assign(exports, { initSync });\n";

/// The glue without anything that loads.
pub(crate) fn without_loader(glue: &str) -> Result<String> {
    ensure!(
        glue.matches(ADDRESS).count() == 1,
        "la colle de wasm-bindgen ne commence pas comme attendu"
    );
    let mut text = glue.replacen(ADDRESS, "", 1);
    for (start, end) in CUTS {
        let pattern = || {
            format!(
                "la colle de wasm-bindgen n'a pas la forme attendue autour de « {} »",
                start.trim()
            )
        };
        ensure!(text.matches(start).count() == 1, pattern());
        let from = text.find(start).with_context(pattern)?;
        let length = text[from..].find(end).with_context(pattern)?;
        text.replace_range(from..from + length, "");
    }
    ensure!(
        text.matches(EXPORTS).count() == 1,
        "la colle de wasm-bindgen n'exporte pas comme attendu"
    );
    let text = text.replacen(EXPORTS, EXPORTS_SEALED, 1);
    ensure!(
        text.starts_with("let wasm_bindgen = (function(exports) {"),
        "la colle n'est pas celle de « no-modules »"
    );
    ensure!(
        text.contains("    function initSync("),
        "la colle de wasm-bindgen n'a plus d'initSync"
    );
    for left in ["__wbg_load", "__wbg_init(", "script_src", "module_or_path"] {
        ensure!(
            !text.contains(left),
            "il reste « {left} » dans la colle de wasm-bindgen"
        );
    }
    Ok(text)
}
