//! Does the audit see? Each plant is the real page with one hole made in it, its
//! policy made anew so that nothing but the hole is wrong; the audit must refuse
//! every one. It runs with each check: an audit that has gone blind says so.

use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest as _, Sha256};

use super::markup::Document;
use super::{audit, hex, policy};

/// A hole: what it is called, the text it replaces in the page, and by what.
type Hole = (&'static str, &'static str, &'static str);

/// Holes in the texts of the page. The text that goes stands in it once at least;
/// the first one is replaced.
const HOLES: [Hole; 12] = [
    (
        "une requête dans la colle",
        "    function initSync(",
        "    fetch(location);\n    function initSync(",
    ),
    (
        "un import du wasm qui envoie",
        "arg0.closePath()",
        "navigator.sendBeacon(arg0)",
    ),
    (
        "un import du wasm qui fait autre chose sous le même nom",
        "arg0.closePath()",
        "arg0.navigate(arg1)",
    ),
    (
        "une action parmi les porteurs de valeurs",
        "const len1 = WASM_VECTOR_LEN;",
        "const len1 = emit(WASM_VECTOR_LEN);",
    ),
    (
        "une requête dans le fil",
        "wasm_bindgen.worker_run(",
        "self['fetch'](data); wasm_bindgen.worker_run(",
    ),
    (
        "un nom de plus laissé au fil",
        "'FileReaderSync',",
        "'FileReaderSync', 'fetch',",
    ),
    (
        "du texte exécuté dans l'amorce",
        "boot();",
        "eval('1'); boot();",
    ),
    (
        "une adresse dans l'amorce",
        "boot();",
        "document.title = 'https://exemple.fr'; boot();",
    ),
    (
        "un nom écrit pour n'être pas lu",
        "boot();",
        "self['\\x66etch'](1); boot();",
    ),
    (
        "un autotest qui vise ailleurs",
        "https://${path}.envoi.invalid/",
        "https://${path}.exemple.fr/",
    ),
    (
        "une image de plus",
        "<footer ",
        "<img alt=\"\"src=//exemple.fr><footer ",
    ),
    ("un script de plus", "</body>", "<script>1</script></body>"),
];

/// Holes in the policy alone.
const HOLES_IN_POLICY: [Hole; 4] = [
    (
        "une connexion permise",
        "connect-src 'none'",
        "connect-src 'self'",
    ),
    (
        "du texte exécuté permis",
        "'wasm-unsafe-eval'",
        "'unsafe-eval'",
    ),
    (
        "un formulaire permis",
        "form-action 'none'",
        "form-action *",
    ),
    (
        "Trusted Types oubliés",
        "; require-trusted-types-for 'script'",
        "",
    ),
];

/// The plants that the audit lets through, and how many it was given.
pub(crate) fn unseen(page: &str) -> Result<(Vec<String>, usize)> {
    let mut planted: Vec<(&str, String)> = Vec::new();
    for (name, from, to) in HOLES {
        planted.push((name, with_policy(&holed(page, from, to)?)?));
    }
    for (name, from, to) in HOLES_IN_POLICY {
        planted.push((name, holed(page, from, to)?));
    }
    planted.push((
        "une adresse dans les données du wasm",
        other_wasm(
            page,
            b"http://www.w3.org/2000/svg",
            b"http://exemple.invalid/svg",
        )?,
    ));
    planted.push((
        "une redirection dans le bordereau que le wasm écrit",
        other_wasm(
            page,
            b"http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'",
            b"http-equiv=\"Refresh\" content=\"0;url=https://exemple.invalid     ",
        )?,
    ));
    planted.push((
        "l'empreinte d'un autre programme au pied de la page",
        holed(page, "data-sha256=\"", "data-sha256=\"0")?,
    ));
    planted.push((
        "de quoi déballer le wasm qui demande autre chose au navigateur",
        other_unpacker(page)?,
    ));
    let count = planted.len();
    let mut unseen = Vec::new();
    for (name, page) in planted {
        if audit::problems(&page).is_empty() && audit::wasm_problems(&page)?.is_empty() {
            unseen.push(format!("le contrôle ne voit pas : {name}"));
        }
    }
    Ok((unseen, count))
}

fn holed(page: &str, from: &str, to: &str) -> Result<String> {
    ensure!(
        page.contains(from),
        "la page ne contient plus « {from} », où le contrôle est mis à l'essai"
    );
    Ok(page.replacen(from, to, 1))
}

/// The page under the policy that fits its scripts.
fn with_policy(page: &str) -> Result<String> {
    let old = policy::of_page(page).context("la page n'a pas de politique de sécurité")?;
    let document = Document::read(page);
    let active = |name: &str| -> Vec<&str> {
        let active = document.raw.iter().filter(|raw| raw.is_active());
        active
            .filter(|raw| raw.name == name)
            .map(|raw| raw.content)
            .collect()
    };
    let new = policy::content(&active("script"), &active("style"));
    Ok(page.replacen(old, &new, 1))
}

/// A preset that packs at once: this page is only read back.
const FAST: u32 = 0;

/// The page with these bytes of its wasm replaced by as many, and the fingerprint
/// that goes with it.
fn other_wasm(page: &str, from: &[u8], to: &[u8]) -> Result<String> {
    ensure!(from.len() == to.len(), "un module change de longueur");
    let document = Document::read(page);
    let block = document
        .block(audit::WASM)
        .context("la page n'a pas de bloc wasm")?;
    let mut wasm = audit::unpacked(block.content)?;
    let old = hex(&Sha256::digest(&wasm));
    let at = wasm.windows(from.len()).position(|bytes| bytes == from);
    let at = at.context("le wasm ne contient plus le texte où le contrôle est mis à l'essai")?;
    wasm[at..at + to.len()].copy_from_slice(to);
    let packed = BASE64.encode(super::packed(&wasm, FAST)?);
    Ok(page
        .replacen(block.content, &packed, 1)
        .replacen(&old, &hex(&Sha256::digest(&wasm)), 1))
}

/// The smallest module that imports a function.
pub(super) const IMPORTING: &[u8] =
    b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x07\x01\x01a\x01b\0\0";

/// The page with a module in the place of its unpacker that imports one function.
fn other_unpacker(page: &str) -> Result<String> {
    let document = Document::read(page);
    let block = document
        .block(audit::UNPACKER)
        .context("la page n'a pas de quoi déballer le wasm")?;
    holed(page, block.content, &BASE64.encode(IMPORTING))
}
