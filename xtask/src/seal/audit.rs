//! Reads a sealed page as a stranger would, and says what should not be there.
//!
//! The browser enforces the policy; this makes sure that the policy is the one
//! we mean, and that nothing in the file even tries.

use std::io::Write as _;

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use super::markup::Document;
use super::wasm::Module;
use super::{imports, policy};

/// Names that reach the network, keep something on the machine, or run text as
/// code: as whole words, so that no writing of them (`self['fetch']`) passes.
/// The markup is read too.
const FORBIDDEN: [&str; 30] = [
    "fetch",
    "fetchLater",
    "XMLHttpRequest",
    "WebSocket",
    "WebSocketStream",
    "WebTransport",
    "sendBeacon",
    "RTCPeerConnection",
    "webkitRTCPeerConnection",
    "importScripts",
    "EventSource",
    "FontFace",
    "serviceWorker",
    "SharedWorker",
    "BroadcastChannel",
    "PushManager",
    "opener",
    "navigation",
    "eval",
    "instantiateStreaming",
    "compileStreaming",
    "localStorage",
    "sessionStorage",
    "indexedDB",
    "CacheStorage",
    "caches",
    "getDirectory",
    "cookie",
    "cookieStore",
    // The page holds the file that was chosen: only its worker may read it, with
    // a function that pages do not have.
    "FileReader",
];

/// Forbidden too, but not words: text run as code, another window, and names
/// written so that no reader finds them.
const FORBIDDEN_TEXTS: [&str; 5] = ["new Function", ".open(", "\\x", "\\u", "\\0"];

/// The only addresses that a page or its wasm may hold: names of vocabularies,
/// which nothing ever asks for.
const NAMES: &str = include_str!("../../data/adresses.txt");

/// The largest sealed page, compressed as a host would, in bytes.
const SIZE_LIMIT: usize = 1_200_000;

/// Elements that load or embed, whatever their attributes.
const FORBIDDEN_ELEMENTS: [&str; 8] = [
    "iframe", "object", "embed", "base", "frame", "audio", "video", "portal",
];

/// The blocks of a sealed page, in order.
const BLOCKS: [&str; 7] = [WASM, UNPACKER, "lock", "worker", "glue", "boot", SELF_TEST];

/// The block of the program, packed.
pub(super) const WASM: &str = "wasm";

/// The block of the module that unpacks it, as it is.
pub(super) const UNPACKER: &str = "unpack";

/// The block that tries every way out, for the user to see it fail.
const SELF_TEST: &str = "autotest";

/// The words that only this block may hold.
const TRIED: [&str; 9] = [
    "FontFace",
    "fetch",
    "XMLHttpRequest",
    "WebSocket",
    "WebTransport",
    "sendBeacon",
    "RTCPeerConnection",
    "importScripts",
    "EventSource",
];

/// The only host it may name, or a name under it for each way: it cannot exist.
const NOWHERE: &str = "envoi.invalid";
const WAY_OF_NOWHERE: &str = "${path}.";

/// What this block may do beside: open a request, and import.
const TRIED_TEXTS: [&str; 1] = [".open("];

/// How an address begins, in that block.
const ADDRESSES: [&str; 4] = ["//", "stun:", "stuns:", "turn:"];

/// A browser looks for the encoding in this many bytes.
const ENCODING_WITHIN: usize = 1024;

/// Everything that is wrong with a sealed page; nothing when it is sound.
pub(crate) fn problems(page: &str) -> Vec<String> {
    let document = Document::read(page);
    let mut problems = Vec::new();
    blocks(&document, &mut problems);
    head(page, &document, &mut problems);
    words(&document, &mut problems);
    references(&document, &mut problems);
    problems
}

/// The addresses of the self-test that are not nowhere.
fn elsewhere(text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    // Its comments have slashes too.
    for line in text.lines().filter(|line| !line.trim().starts_with("//")) {
        for start in ADDRESSES {
            for (at, _) in line.match_indices(start) {
                let host = &line[at + start.len()..];
                let host = host.strip_prefix(WAY_OF_NOWHERE).unwrap_or(host);
                let end = host.strip_prefix(NOWHERE);
                if !end.is_some_and(|end| end.starts_with(['\'', '/'])) {
                    problems.push(format!(
                        "une adresse dans {SELF_TEST} : « {} »",
                        line.trim()
                    ));
                }
            }
        }
    }
    problems
}

/// Everything that is wrong with the wasm of a sealed page: what it can do, and
/// the texts that it carries.
pub(crate) fn wasm_problems(page: &str) -> Result<Vec<String>> {
    let document = Document::read(page);
    let packed = document
        .block(WASM)
        .context("la page n'a pas de bloc wasm")?;
    let wasm = unpacked(packed.content)?;
    let module = Module::read(&wasm)?;
    let glue = document.block("glue").context("la page n'a pas de colle")?;
    let mut problems = imports::problems(&module.imports, glue.content, imports::COMMITTED)?;
    let fingerprint = super::hex(&Sha256::digest(&wasm));
    if packed.attribute("data-sha256") != Some(fingerprint.as_str()) {
        problems.push("l'empreinte au pied de la page n'est pas celle du wasm".to_owned());
    }
    problems.extend(data_problems(&module.data));
    let unpacker = document
        .block(UNPACKER)
        .context("la page n'a pas de quoi déballer le wasm")?;
    let unpacker = BASE64
        .decode(unpacker.content)
        .context("le bloc qui déballe le wasm n'est pas du base64")?;
    let unpacker = Module::read(&unpacker)?;
    problems.extend(unpacker.imports.iter().map(|name| {
        format!("ce qui déballe le wasm importe « {name} » : il ne doit rien importer")
    }));
    problems.extend(data_problems(&unpacker.data));
    Ok(problems)
}

/// The wasm of its block, as anyone gets it by `base64 -d | lzip -d`.
pub(super) fn unpacked(block: &str) -> Result<Vec<u8>> {
    let packed = BASE64
        .decode(block)
        .context("le bloc wasm n'est pas du base64")?;
    unpack::unpacked(&packed).context("le bloc wasm n'est pas une archive lzip entière")
}

/// The slip that is saved is a page too, and says its own policy: the name of an
/// attribute, that no other value may follow.
const POLICY_ATTRIBUTE: &[u8] =
    b"http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';";

/// Compilers lay strings end to end: an address is allowed when it begins with
/// a name of the list.
fn data_problems(data: &[u8]) -> Vec<String> {
    let excerpt = |at: usize| {
        let end = data.len().min(at + 60);
        String::from_utf8_lossy(&data[at..end]).into_owned()
    };
    let mut problems: Vec<String> = FORBIDDEN
        .iter()
        .filter(|word| has_word(data, word))
        .map(|word| format!("« {word} » dans les données du wasm"))
        .collect();
    for at in 0..data.len() {
        let rest = &data[at..];
        let address = rest.len() >= 4 && rest[..4].eq_ignore_ascii_case(b"http");
        let own_policy = rest.starts_with(POLICY_ATTRIBUTE) && data[..at].ends_with(b"<meta ");
        if address && !own_policy && !names().any(|name| rest.starts_with(name.as_bytes())) {
            problems.push(format!(
                "une adresse dans les données du wasm : « {} »",
                excerpt(at)
            ));
        }
        // Another scheme: ws://, ftp://…
        let http = [b"http".as_slice(), b"https"]
            .iter()
            .any(|scheme| data[..at].ends_with(scheme));
        if rest.starts_with(b"://") && !http {
            problems.push(format!(
                "une adresse dans les données du wasm : « {} »",
                excerpt(at.saturating_sub(8))
            ));
        }
    }
    problems
}

fn names() -> impl Iterator<Item = &'static str> {
    NAMES
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Whether a name stands there, not as a part of a longer one.
fn has_word(text: &[u8], word: &str) -> bool {
    let part = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'))
    };
    text.windows(word.len()).enumerate().any(|(at, window)| {
        window == word.as_bytes()
            && !part(at.checked_sub(1).and_then(|before| text.get(before)))
            && !part(text.get(at + word.len()))
    })
}

/// Whether a script loads another: the word of the language, whatever stands
/// between it and what it loads.
fn imports_something(text: &str) -> bool {
    text.match_indices("import").any(|(at, word)| {
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        !text[..at].ends_with(part)
            && text[at + word.len()..]
                .trim_start()
                .starts_with(['(', '.', '/', '\'', '"', '`', '{', '*'])
    })
}

/// What a host that compresses would send, in bytes.
pub(crate) fn compressed_size(page: &[u8]) -> Result<usize> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(page).context("compression de la page")?;
    Ok(packed.finish().context("compression de la page")?.len())
}

/// Whether the page, compressed as hosts do, is larger than it should be.
pub(crate) fn size_problem(page: &[u8]) -> Result<Option<String>> {
    let size = compressed_size(page)?;
    Ok((size > SIZE_LIMIT).then(|| {
        format!("la page pèse {size} octets une fois compressée ; la limite est {SIZE_LIMIT}")
    }))
}

/// Everything that is wrong with the fingerprints beside the page.
pub(crate) fn fingerprint_problem(page: &[u8], sums: &str) -> Option<String> {
    let expected = format!("{}  index.html\n", super::hex(&Sha256::digest(page)));
    (sums != expected).then(|| {
        format!(
            "{} ne donne pas l'empreinte de index.html",
            super::FINGERPRINTS
        )
    })
}

fn blocks(document: &Document<'_>, problems: &mut Vec<String>) {
    let scripts: Vec<_> = document
        .raw
        .iter()
        .filter(|raw| raw.name == "script")
        .collect();
    let ids: Vec<&str> = scripts
        .iter()
        .map(|raw| raw.attribute("id").unwrap_or("sans nom"))
        .collect();
    if ids != BLOCKS {
        problems.push(format!("les blocs script sont {ids:?}, et non {BLOCKS:?}"));
    }
    for script in scripts {
        let id = script.attribute("id").unwrap_or("sans nom");
        if script.is_active() != matches!(id, "glue" | "boot" | SELF_TEST) {
            problems.push(format!("le bloc « {id} » n'a pas le type attendu"));
        }
    }
}

fn head(page: &str, document: &Document<'_>, problems: &mut Vec<String>) {
    let active = |name: &'static str| -> Vec<&str> {
        document
            .raw
            .iter()
            .filter(|raw| raw.name == name && raw.is_active())
            .map(|raw| raw.content)
            .collect()
    };
    let expected = policy::content(&active("script"), &active("style"));
    match policy::of_page(page) {
        Some(found) if found == expected => {}
        Some(_) => problems.push(
            "la politique de sécurité n'est pas celle des scripts et styles de la page".to_owned(),
        ),
        None => problems.push("la page n'a pas de politique de sécurité".to_owned()),
    }
    if !page.contains(&format!("<head>\n{}", policy::meta(&expected))) {
        problems.push("la politique de sécurité n'est pas en tête de <head>".to_owned());
    }
    match page.find("<meta charset=\"utf-8\">") {
        Some(at) if at + "<meta charset=\"utf-8\">".len() <= ENCODING_WITHIN => {}
        _ => problems.push(format!(
            "l'encodage n'est pas annoncé dans les {ENCODING_WITHIN} premiers octets"
        )),
    }
    if !page.contains("<meta name=\"referrer\" content=\"no-referrer\">") {
        problems.push("la page ne demande pas que son adresse soit tue".to_owned());
    }
    if !page.contains("<link rel=\"icon\" href=\"data:,\">") {
        problems.push("sans icône vide, le navigateur irait chercher /favicon.ico".to_owned());
    }
}

fn words(document: &Document<'_>, problems: &mut Vec<String>) {
    let scanned = document
        .raw
        .iter()
        .filter(|raw| !matches!(raw.attribute("id"), Some(WASM | UNPACKER)))
        .map(|raw| (raw.attribute("id").unwrap_or(raw.name), raw.content))
        .chain([("balises", document.markup.as_str())]);
    for (place, text) in scanned {
        // The policy's own word: it lets the wasm be compiled, not text be run.
        // And the space of French, which hides no name.
        let text = text
            .replace("'wasm-unsafe-eval'", "")
            .replace("\\u00a0", "");
        for word in FORBIDDEN {
            let allowed = place == SELF_TEST && TRIED.contains(&word);
            if !allowed && has_word(text.as_bytes(), word) {
                problems.push(format!("« {word} » dans {place}"));
            }
        }
        for forbidden in FORBIDDEN_TEXTS {
            let allowed = place == SELF_TEST && TRIED_TEXTS.contains(&forbidden);
            if !allowed && text.contains(forbidden) {
                problems.push(format!("« {forbidden} » dans {place}"));
            }
        }
        if place != SELF_TEST && imports_something(&text) {
            problems.push(format!("un « import » dans {place}"));
        }
        // '//exemple.fr' takes the scheme of the page.
        if ["'//", "\"//", "`//"]
            .iter()
            .any(|start| text.contains(start))
        {
            problems.push(format!("une adresse sans protocole dans {place}"));
        }
        // An attribute's name, and the policy's own place.
        let mut text = text.replace("<meta http-equiv=", "<meta ");
        for name in names() {
            // The whole name, between quotes: not the beginning of an address.
            for quote in ['"', '\'', '`'] {
                text = text.replace(&format!("{quote}{name}{quote}"), "");
            }
        }
        if place == SELF_TEST {
            problems.extend(elsewhere(&text));
            // « XMLHttpRequest » holds the letters too.
            text = text.replace("XMLHttpRequest", "");
            text = text.replace(&format!("`https://{WAY_OF_NOWHERE}{NOWHERE}"), "");
            text = text.replace(&format!("'https://{NOWHERE}"), "");
        }
        if let Some(at) = text.to_ascii_lowercase().find("http") {
            let found: String = text[at..].chars().take(40).collect();
            problems.push(format!("une adresse dans {place} : « {found} »"));
        }
    }
    for css in document.contents_of("style") {
        let css = css.to_ascii_lowercase();
        if css.contains("@import")
            || css.matches("url(").count()
                != css.matches("url(data:").count() + css.matches("url(\"data:").count()
        {
            problems.push("la feuille de style va chercher un fichier".to_owned());
        }
    }
}

fn references(document: &Document<'_>, problems: &mut Vec<String>) {
    let markup = document.markup.to_ascii_lowercase();
    for element in FORBIDDEN_ELEMENTS {
        let opening = format!("<{element}");
        if markup.match_indices(&opening).any(|(at, _)| {
            !markup[at + opening.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
        }) {
            problems.push(format!("un élément <{element}>"));
        }
    }
    for (name, value) in attributes(&markup) {
        let loads = LOADING_ATTRIBUTES.contains(&name);
        if loads && !value.starts_with('#') && !value.starts_with("data:") {
            let value: String = value.chars().take(40).collect();
            problems.push(format!("{name} vers « {value} »"));
        }
        if name.starts_with("on") {
            problems.push(format!("un script dans l'attribut {name}"));
        }
    }
    if markup.contains("http-equiv=\"refresh\"") || markup.contains("http-equiv=refresh") {
        problems.push("une redirection".to_owned());
    }
}

/// Attributes that name something to load, or to go to.
const LOADING_ATTRIBUTES: [&str; 14] = [
    "src",
    "srcdoc",
    "href",
    "srcset",
    "imagesrcset",
    "action",
    "formaction",
    "ping",
    "poster",
    "data",
    "background",
    "manifest",
    "cite",
    "xlink:href",
];

/// Every `name=value` of a markup, as a browser would take it: whatever white
/// space or slash stands before the name, with or without quotes.
fn attributes(markup: &str) -> impl Iterator<Item = (&str, &str)> {
    markup.match_indices('=').filter_map(|(at, _)| {
        let before = markup[..at].trim_end();
        let part = |c: char| !c.is_whitespace() && !matches!(c, '/' | '"' | '\'' | '<' | '>');
        let name = &before[before.trim_end_matches(part).len()..];
        let value = markup[at + 1..]
            .trim_start()
            .trim_start_matches(['"', '\'']);
        (!name.is_empty()).then_some((name, value))
    })
}
