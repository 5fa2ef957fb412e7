use super::*;

const SHELL: &str = "<!DOCTYPE html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n\
<link rel=\"icon\" href=\"data:,\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<style>p { color: black }\n</style>\n</head>\n<body>\n\
<!-- a comment with <script> in it -->\n<p id=\"demarrage\">…</p>\n\
<script type=\"text/plain\" data-scelle data-js=\"a.js\" data-wasm=\"a_bg.wasm\"></script>\n</body>\n</html>\n";

/// The frame of what wasm-bindgen writes, with one export.
const GLUE: &str = "let wasm_bindgen = (function(exports) {
    let script_src;
    if (typeof document !== 'undefined' && document.currentScript !== null) {
        script_src = new URL(document.currentScript.src, location.href).toString();
    }

    function page_main() {
        wasm.page_main();
    }
    exports.page_main = page_main;

    let wasmModule, wasmInstance, wasm;
    async function __wbg_load(module, imports) {
        return await WebAssembly.instantiateStreaming(module, imports);
    }

    function initSync(module) {
        return new WebAssembly.Instance(module, {});
    }

    async function __wbg_init(module_or_path) {
        module_or_path = fetch(module_or_path ?? script_src);
        return __wbg_load(await module_or_path, {});
    }

    return Object.assign(__wbg_init, { initSync }, exports);
})({ __proto__: null });
";

fn parts() -> Parts<'static> {
    Parts {
        shell: SHELL,
        wasm: b"\0asm\x01\0\0\0",
        unpacker: b"\0asm\x01\0\0\0",
        glue: GLUE,
        boot: "boot();",
        self_test: "verify();",
        commit: "aucun",
        lock: "lock();",
        worker: "work();",
    }
}

fn sealed() -> String {
    assemble(&parts()).unwrap()
}

#[test]
fn a_sealed_page_passes_its_own_audit() {
    assert_eq!(audit::problems(&sealed()), Vec::<String>::new());
}

#[test]
fn sealing_twice_gives_the_same_bytes() {
    assert_eq!(sealed(), sealed());
}

#[test]
fn the_wasm_comes_back_out_of_its_block() {
    let page = sealed();
    let document = markup::Document::read(&page);
    let block = document.block(audit::WASM).unwrap();
    assert_eq!(audit::unpacked(block.content).unwrap(), parts().wasm);
    // The standard format, which other tools open; it has no room for a date.
    let packed = BASE64.decode(block.content).unwrap();
    assert!(packed.starts_with(b"LZIP\x01"));
}

#[test]
fn the_policy_stands_first_and_names_the_scripts_by_fingerprint() {
    let page = sealed();
    let policy = policy::of_page(&page).unwrap();
    assert_eq!(
        policy.matches("'sha256-").count(),
        4,
        "glue, boot, self-test, style: {policy}"
    );
    assert!(policy.starts_with("default-src 'none'; connect-src 'none'; script-src 'sha256-"));
    assert!(
        page.find("<head>\n<meta http-equiv=\"Content-Security-Policy\"")
            .is_some()
    );
}

#[test]
fn the_glue_loses_its_loader_and_keeps_init_sync() {
    let glue = glue::without_loader(GLUE).unwrap();
    for gone in [
        "fetch",
        "Streaming",
        "__wbg_init",
        "__wbg_load",
        "script_src",
    ] {
        assert!(!glue.contains(gone), "{gone} is left in {glue}");
    }
    assert!(glue.contains("exports.page_main = page_main;"));
    assert!(glue.contains("function initSync(module) {"));
    assert!(
        glue.ends_with(
            "    return Object.assign(exports, { initSync });\n})({ __proto__: null });\n"
        )
    );
}

#[test]
fn a_glue_of_another_shape_stops_the_seal() {
    for (from, to) in [
        ("let script_src;", "let scriptSrc;"),
        ("async function __wbg_load(", "function load("),
        ("async function __wbg_init(", "async function init("),
        (
            "Object.assign(__wbg_init, { initSync }, exports)",
            "exports",
        ),
        (
            "let wasm_bindgen = (function(exports) {",
            "export default (",
        ),
    ] {
        let other = GLUE.replacen(from, to, 1);
        assert_ne!(other, GLUE);
        assert!(
            glue::without_loader(&other).is_err(),
            "accepted without « {from} »"
        );
    }
}

#[test]
fn a_script_that_would_close_its_block_is_refused() {
    for boot in ["'</script>'", "'<!--'", "'</SCRIPT'"] {
        assert!(assemble(&Parts { boot, ..parts() }).is_err(), "{boot}");
    }
}

#[test]
fn a_shell_without_its_mark_is_refused() {
    let shell = SHELL.replace("data-scelle", "data-autre");
    assert!(
        assemble(&Parts {
            shell: &shell,
            ..parts()
        })
        .is_err()
    );
}

#[test]
fn an_unpacker_that_imports_is_seen() {
    let importing = assemble(&Parts {
        unpacker: plants::IMPORTING,
        ..parts()
    });
    for (page, count) in [(importing.unwrap(), 1), (sealed(), 0)] {
        let problems = audit::wasm_problems(&with_an_import(&page)).unwrap();
        let found = problems
            .iter()
            .filter(|problem| problem.contains("déballe"));
        assert_eq!(found.count(), count);
    }
}

/// The page with an import in its glue, without which the list of imports is not read.
fn with_an_import(page: &str) -> String {
    let glue = GLUE.replace(
        "    let wasmModule",
        "        const import0 = {\n            __proto__: null,\n            __wbg_x_1: function() {\n            },\n        };\n    let wasmModule",
    );
    assert_ne!(glue, GLUE);
    page.replace(
        &glue::without_loader(GLUE).unwrap(),
        &glue::without_loader(&glue).unwrap(),
    )
}

#[test]
fn every_way_out_is_seen_in_every_script() {
    for way in [
        "fetch('x')",
        "new XMLHttpRequest()",
        "new WebSocket(x)",
        "navigator.sendBeacon(x)",
        "new RTCPeerConnection()",
        "importScripts(x)",
        "new EventSource(x)",
        "eval(x)",
        "new Function(x)",
        "import('x')",
        "'https://exemple.fr'",
        "'HTTP://exemple.fr'",
        "self['fetch'](x)",
        "const { fetch: f } = self",
        "window.eval (x)",
        "navigator.serviceWorker",
        "localStorage.x = y",
        "import ('x')",
        "import/**/('x')",
        "import 'x'",
        "self['\\x66etch'](x)",
        "self['\\u0066etch'](x)",
        "location = '//exemple.fr'",
        "window.open(x)",
        "caches.keys()",
        "new FontFace('x', y)",
        "new FileReader()",
        "new BroadcastChannel('x')",
        "document.cookie = y",
    ] {
        for page in [
            assemble(&Parts {
                boot: way,
                ..parts()
            }),
            assemble(&Parts {
                worker: way,
                ..parts()
            }),
            assemble(&Parts {
                lock: way,
                ..parts()
            }),
        ] {
            assert!(!audit::problems(&page.unwrap()).is_empty(), "{way}");
        }
    }
}

#[test]
fn the_self_test_may_try_the_ways_out_towards_nowhere_alone() {
    let problems = |self_test| {
        audit::problems(
            &assemble(&Parts {
                self_test,
                ..parts()
            })
            .unwrap(),
        )
    };
    for allowed in [
        "fetch('https://envoi.invalid/fetch');",
        "new WebSocket('wss://envoi.invalid/x');",
        "const NOWHERE = 'https://envoi.invalid';",
        "const web = (path) => `https://${path}.envoi.invalid/`;",
        "new XMLHttpRequest();",
        "request.open('POST', 'https://envoi.invalid/x'); import(to);",
    ] {
        assert_eq!(problems(allowed), Vec::<String>::new(), "{allowed}");
    }
    for refused in [
        "fetch('https://envoi.fr/');",
        "fetch('https://envoi.invalid.fr/');",
        "const web = (path) => `https://${path}.exemple.fr/`;",
        "const web = (path) => `https://${data}.envoi.invalid/`;",
        "fetch('//exemple.fr/');",
        "new WebSocket('wss://exemple.fr');",
        "new RTCPeerConnection({ iceServers: [{ urls: 'stun:exemple.fr' }] });",
        "eval('1');",
        "localStorage.x = 1;",
        "import('//exemple.fr/x');",
        "self['\\x66etch'](x)",
    ] {
        assert!(!problems(refused).is_empty(), "{refused}");
    }
}

#[test]
fn a_forbidden_name_within_a_longer_word_is_another_word() {
    let boot =
        "const prefetched = medieval(); reimport (x); const important = new FileReaderSync();";
    let page = assemble(&Parts { boot, ..parts() }).unwrap();
    assert_eq!(audit::problems(&page), Vec::<String>::new());
}

/// A page whose wasm carries one segment of data and imports nothing.
fn with_data(data: &str) -> String {
    let length = u8::try_from(data.len()).unwrap();
    assert!(length < 100);
    let mut wasm = b"\0asm\x01\0\0\0\x0b".to_vec();
    wasm.extend([length + 6, 1, 0, 0x41, 0, 0x0b, length]);
    wasm.extend(data.as_bytes());
    assemble(&Parts {
        wasm: &wasm,
        ..parts()
    })
    .unwrap()
}

#[test]
fn the_texts_of_the_wasm_are_read() {
    for (data, count) in [
        ("rien de tel", 0),
        ("xhttp://www.w3.org/2000/svgsuite", 0),
        ("xhttps://exemple.fr", 1),
        ("xHTTP://EXEMPLE.FR", 2),
        ("http://", 1),
        ("wss://exemple.fr", 1),
        ("Reflect fetch", 1),
        ("prefetched", 0),
    ] {
        let page = with_an_import(&with_data(data));
        let found: Vec<String> = audit::wasm_problems(&page)
            .unwrap()
            .into_iter()
            .filter(|problem| problem.contains("données du wasm"))
            .collect();
        assert_eq!(found.len(), count, "{data}: {found:?}");
    }
}

#[test]
fn a_namespace_is_a_name_but_an_address_under_it_is_not() {
    let boot = "document.createElementNS('http://www.w3.org/2000/svg', 'svg');";
    assert!(audit::problems(&assemble(&Parts { boot, ..parts() }).unwrap()).is_empty());
    let boot = "open('http://www.w3.org/2000/svg?donnees');";
    assert_eq!(
        audit::problems(&assemble(&Parts { boot, ..parts() }).unwrap()).len(),
        1
    );
}

#[test]
fn markup_that_loads_is_seen() {
    for markup in [
        "<img src=\"logo.png\">",
        "<a href=\"page.html\">",
        "<iframe></iframe>",
        "<form action=\"/envoi\">",
        "<IMG SRC='x'>",
        "<img/src=x>",
        "<img\nsrc = x>",
        "<img alt=\"\"src=x>",
        "<p onclick=\"x()\">",
        "<svg><image xlink:href=\"x\"/></svg>",
        "<link rel=\"preconnect\" href=\"//exemple.fr\">",
        "<meta http-equiv=\"refresh\" content=\"0\">",
        "<script></script>",
        "<style>p { background: url(x.png) }</style>",
        "<style>@import 'x.css';</style>",
        "<base href=\"#\">",
    ] {
        let shell = SHELL.replace("<p id", &format!("{markup}<p id"));
        let page = assemble(&Parts {
            shell: &shell,
            ..parts()
        })
        .unwrap();
        assert!(!audit::problems(&page).is_empty(), "{markup}");
    }
}

#[test]
fn one_changed_byte_of_a_script_is_seen() {
    let page = sealed();
    let tampered = page.replace("boot();", "boot() ;");
    assert_ne!(page, tampered);
    assert_eq!(
        audit::problems(&tampered).len(),
        2,
        "policy not of the scripts, not first in head"
    );
}

#[test]
fn a_late_encoding_a_missing_icon_or_a_referrer_is_seen() {
    for (from, to) in [
        ("<meta charset=\"utf-8\">", ""),
        ("<link rel=\"icon\" href=\"data:,\">", ""),
        ("<meta name=\"referrer\" content=\"no-referrer\">", ""),
    ] {
        let shell = SHELL.replace(from, to);
        assert_eq!(
            audit::problems(
                &assemble(&Parts {
                    shell: &shell,
                    ..parts()
                })
                .unwrap()
            )
            .len(),
            1,
            "{from}"
        );
    }
}

#[test]
fn the_fingerprint_file_must_be_that_of_the_page() {
    let page = sealed();
    let sums = format!("{}  index.html\n", hex(&Sha256::digest(page.as_bytes())));
    assert_eq!(audit::fingerprint_problem(page.as_bytes(), &sums), None);
    assert!(audit::fingerprint_problem(b"autre", &sums).is_some());
}
