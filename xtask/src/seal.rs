//! The seal: what trunk built becomes one HTML file that can reach nothing.
//!
//! The wasm is packed into a data block, beside the small one that unpacks it,
//! wasm-bindgen's glue loses the loader that fetches, the bootstrap and the glue
//! are let run by their fingerprint alone, and the policy stands first in the
//! head. The file is then read again by [`audit`], as a stranger would.

pub(crate) mod audit;
mod glue;
mod imports;
mod markup;
pub(crate) mod plants;
pub(crate) mod policy;
mod wasm;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use lzma_rust2::{LzipOptions, LzipWriter, LzmaOptions};
use sha2::{Digest as _, Sha256};

use crate::{build, headers, process, project};

/// The fingerprints that travel with the page.
pub(crate) const FINGERPRINTS: &str = "SHA256SUMS";

/// The headers for hosts, beside the page.
pub(crate) const HOSTING: &str = "hebergement";

/// What goes into one sealed page.
struct Parts<'a> {
    /// index.html as trunk wrote it, with [`MARK`] where the blocks go.
    shell: &'a str,
    wasm: &'a [u8],
    /// The module that unpacks it (`www/unpack`).
    unpacker: &'a [u8],
    glue: &'a str,
    boot: &'a str,
    self_test: &'a str,
    lock: &'a str,
    worker: &'a str,
    /// The commit the page is built from, or a word that says there is none.
    commit: &'a str,
}

/// How the tag that trunk leaves for us begins (`pattern_script` in Trunk.toml).
const MARK: &str = "<script type=\"text/plain\" data-scelle ";

/// Called by trunk when its own work is done: seals its staging folder.
pub(crate) fn hook() -> Result<()> {
    let Some(staging) = std::env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from) else {
        bail!("le scellement est appelé par trunk : lancez « cargo xtask build »");
    };
    let page = staging.join("index.html");
    let shell = read(&page)?;
    let mark = Mark::find(&shell)?;
    let wasm_path = staging.join(&mark.wasm);
    let wasm =
        std::fs::read(&wasm_path).with_context(|| format!("lecture de {}", wasm_path.display()))?;
    let wasm = wasm::without_custom(&wasm)?;
    let unpacker = wasm::without_custom(&build::unpacker()?)?;
    let www = project::root().join("www");
    let sealed = assemble(&Parts {
        shell: &shell,
        wasm: &wasm,
        unpacker: &unpacker,
        glue: &read(&staging.join(&mark.js))?,
        boot: &read(&www.join("boot.js"))?,
        self_test: &read(&www.join("autotest.js"))?,
        lock: &read(&www.join("lock.js"))?,
        worker: &read(&www.join("worker.js"))?,
        commit: &commit()?,
    })?;
    let problems = audit::problems(&sealed);
    ensure!(
        problems.is_empty(),
        "la page scellée est refusée :\n- {}",
        problems.join("\n- ")
    );

    // Nothing of trunk's own may travel with the page.
    for entry in std::fs::read_dir(&staging).context("lecture du dossier de trunk")? {
        let path = entry?.path();
        if path.is_dir() {
            bail!(
                "trunk a produit un dossier inattendu, que la page ne saurait emporter : {}",
                path.display()
            );
        }
        std::fs::remove_file(&path).with_context(|| format!("retrait de {}", path.display()))?;
    }
    let fingerprint = hex(&Sha256::digest(sealed.as_bytes()));
    write(&page, &sealed)?;
    write(
        &staging.join(FINGERPRINTS),
        &format!("{fingerprint}  index.html\n"),
    )?;
    let hosting = staging.join(HOSTING);
    std::fs::create_dir(&hosting).with_context(|| format!("création de {}", hosting.display()))?;
    let policy = policy::of_page(&sealed).context("la page scellée n'a pas de politique")?;
    for (name, writer) in headers::HOSTS {
        write(&hosting.join(name), &writer(&headers::of(policy)))?;
    }
    println!(
        "✓ dist/index.html : {} octets, {} une fois compressée par l'hébergeur (wasm : {}, déballé)\n  \
         SHA-256 {fingerprint}",
        sealed.len(),
        audit::compressed_size(sealed.as_bytes())?,
        wasm.len()
    );
    Ok(())
}

/// The commit of the sources, when they are exactly those of a commit.
fn commit() -> Result<String> {
    let git = |arguments: &[&str]| process::output(process::command("git").args(arguments));
    let clean = git(&["status", "--porcelain"]).is_some_and(|changes| changes.is_empty());
    let commit = git(&["rev-parse", "HEAD"]).filter(|_| clean);
    let commit = commit.unwrap_or_else(|| NO_COMMIT.to_owned());
    ensure!(
        commit == NO_COMMIT || commit.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "git donne un commit d'une forme inconnue : « {commit} »"
    );
    Ok(commit)
}

/// What stands for the commit of sources that are in none.
const NO_COMMIT: &str = "aucun";

/// The tag trunk left, and the files it names.
struct Mark {
    tag: String,
    js: String,
    wasm: String,
}

impl Mark {
    fn find(shell: &str) -> Result<Self> {
        let missing =
            "index.html ne porte pas, une seule fois, la marque que Trunk.toml y fait mettre";
        ensure!(shell.matches(MARK).count() == 1, missing);
        let start = shell.find(MARK).context(missing)?;
        let end = start + shell[start..].find("</script>").context(missing)? + "</script>".len();
        let tag = &shell[start..end];
        let attribute = |name: &str| {
            let value = tag
                .split_once(&format!("{name}=\""))
                .and_then(|(_, rest)| rest.split_once('"'));
            value.map(|(value, _)| value.to_owned()).context(missing)
        };
        Ok(Self {
            js: attribute("data-js")?,
            wasm: attribute("data-wasm")?,
            tag: tag.to_owned(),
        })
    }
}

/// The sealed page. Pure: the same parts give the same bytes.
fn assemble(parts: &Parts<'_>) -> Result<String> {
    let mark = Mark::find(parts.shell)?;
    let glue = glue::without_loader(parts.glue)?;
    for (name, text) in [
        ("la colle de wasm-bindgen", glue.as_str()),
        ("boot.js", parts.boot),
        ("autotest.js", parts.self_test),
        ("lock.js", parts.lock),
        ("worker.js", parts.worker),
    ] {
        let lower = text.to_ascii_lowercase();
        for closing in ["</script", "<!--", "<script"] {
            ensure!(
                !lower.contains(closing),
                "{name} contient « {closing} », qui couperait le bloc en deux"
            );
        }
    }
    // Each script on lines of its own; the fingerprint covers the exact content.
    let glue = format!("\n{}\n", glue.trim());
    let boot = format!("\n{}\n", parts.boot.trim());
    let self_test = format!("\n{}\n", parts.self_test.trim());
    let blocks = format!(
        "<script type=\"application/octet-stream\" id=\"wasm\" data-version=\"{version}\" data-commit=\"{commit}\" data-sha256=\"{fingerprint}\">{wasm}</script>\n\
         <script type=\"application/octet-stream\" id=\"unpack\">{unpacker}</script>\n\
         <script type=\"text/plain\" id=\"lock\">\n{lock}\n</script>\n\
         <script type=\"text/plain\" id=\"worker\">\n{worker}\n</script>\n\
         <script id=\"glue\">{glue}</script>\n\
         <script id=\"boot\">{boot}</script>\n\
         <script id=\"autotest\">{self_test}</script>",
        version = env!("CARGO_PKG_VERSION"),
        commit = parts.commit,
        fingerprint = hex(&Sha256::digest(parts.wasm)),
        wasm = BASE64.encode(packed(parts.wasm, PRESET)?),
        unpacker = BASE64.encode(parts.unpacker),
        lock = parts.lock.trim(),
        worker = parts.worker.trim(),
    );
    let page = parts.shell.replacen(&mark.tag, &blocks, 1);
    let styles = markup::Document::read(&page).contents_of("style");
    let policy = policy::content(&[&glue, &boot, &self_test], &styles);
    ensure!(
        page.matches("<head>").count() == 1,
        "index.html doit avoir un seul <head>, sans attribut"
    );
    Ok(page.replacen("<head>", &format!("<head>\n{}", policy::meta(&policy)), 1))
}

/// The slowest of the presets: some seconds, once a build.
const PRESET: u32 = 9;

/// A window as large as the program will be, in bytes: all of it is searched, and
/// no more is asked of the browser that unpacks.
const WINDOW: u32 = 4 << 20;

/// Lzip, which holds no date and no name: the same bytes every time, and a
/// technician can open the block with `base64 -d | lzip -d`.
fn packed(bytes: &[u8], preset: u32) -> Result<Vec<u8>> {
    let mut options = LzipOptions::with_preset(preset);
    options.lzma_options.dict_size = WINDOW;
    if preset == PRESET {
        options.lzma_options.nice_len = LzmaOptions::NICE_LEN_MAX;
    }
    let mut writer = LzipWriter::new(Vec::new(), options);
    writer.write_all(bytes).context("compression du wasm")?;
    writer.finish().context("compression du wasm")
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("lecture de {}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| format!("écriture de {}", path.display()))
}

#[cfg(test)]
mod tests;
