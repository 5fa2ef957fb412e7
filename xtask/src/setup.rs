//! Set-up of a bare machine that has Rust (and Node for the browser tests).
//!
//! Each step looks first whether its work is done, says what it does and why,
//! and, when it cannot, what to type by hand.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, anyhow, bail};
use sha2::{Digest as _, Sha256};

use crate::{process, project};

/// Node's oldest version that the browser tests run on.
const NODE_OLDEST: u32 = 20;

/// One browser the page is tested in.
pub(crate) struct Browser {
    /// As the test harness names it.
    pub(crate) id: &'static str,
    /// As a person names it.
    pub(crate) name: &'static str,
    programs: &'static [&'static str],
    /// Where it stands when it is not on the path.
    elsewhere: &'static [&'static str],
    package: &'static str,
}

/// The browsers of the tests.
pub(crate) const BROWSERS: [Browser; 2] = [
    Browser {
        id: "chromium",
        name: "Chromium",
        programs: &[
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
        ],
        elsewhere: &["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"],
        package: "chromium",
    },
    Browser {
        id: "firefox",
        name: "Firefox",
        programs: &["firefox-esr", "firefox"],
        elsewhere: &["/Applications/Firefox.app/Contents/MacOS/firefox"],
        package: "firefox-esr",
    },
];

impl Browser {
    /// The executable, if this machine has one.
    pub(crate) fn find(&self) -> Option<PathBuf> {
        process::find(self.programs).or_else(|| {
            self.elsewhere
                .iter()
                .map(PathBuf::from)
                .find(|path| path.is_file())
        })
    }

    /// How to get it by hand.
    pub(crate) fn advice(&self) -> String {
        format!(
            "{} est introuvable. Sur Debian : « apt-get install {} » ; ailleurs, installez-le et \
             mettez l'un de ces noms sur le PATH : {}. Sans navigateur : « cargo xtask test --sans-navigateur ».",
            self.name,
            self.package,
            self.programs.join(", ")
        )
    }
}

/// Everything `cargo xtask build` needs.
pub(crate) fn for_build() -> Result<()> {
    wasm_target()?;
    dependencies()?;
    trunk()?;
    wasm_bindgen()
}

/// What judges the dependencies.
pub(crate) fn for_dependencies_check() -> Result<()> {
    install_tool(
        "cargo-deny",
        "cargo-deny",
        project::CARGO_DENY_VERSION,
        // Without what would fetch: it only ever reads what is here.
        &["--no-default-features"],
        "il vérifie licences, origines et interdits des dépendances",
    )
}

/// Everything the browser tests need. A missing browser is not an error here:
/// the tests say so, with the others run.
pub(crate) fn for_browser_tests() -> Result<()> {
    browsers();
    npm_packages(
        &project::browser_tests(),
        "paquets npm des tests",
        "ils pilotent les navigateurs",
    )
}

/// Where Chromium is.
pub(crate) fn chromium() -> Result<PathBuf> {
    BROWSERS
        .iter()
        .find(|browser| browser.id == "chromium")
        .and_then(Browser::find)
        .ok_or_else(|| anyhow!("Chromium est introuvable : « cargo xtask setup » l'installe"))
}

/// What the measures are compared with.
pub(crate) fn for_benches() -> Result<()> {
    npm_packages(
        &project::browser_benches(),
        "paquets npm des mesures",
        "SheetJS, le lecteur auquel la page est comparée ; il n'entre jamais dans la page",
    )
}

/// Everything that reopens the exports: a Python of the project's own, in
/// `.tools`, with the libraries of `tests/exports/requirements.txt`.
pub(crate) fn for_export_tests() -> Result<PathBuf> {
    let wanted_path = project::export_tests().join("requirements.txt");
    let wanted = std::fs::read(&wanted_path)
        .with_context(|| format!("lecture de {}", wanted_path.display()))?;
    let wanted = crate::seal::hex(&Sha256::digest(&wanted));
    let folder = project::tools().join("python");
    let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let inner = programs.join(format!("python{}", std::env::consts::EXE_SUFFIX));
    // Written last, so an interrupted installation is done again.
    let mark = folder.join(".verrou-installe");
    if std::fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted)
        && process::output(process::command(&inner).arg("--version")).is_some()
    {
        done("openpyxl et odfpy");
        return Ok(inner);
    }
    doing(
        "Installation d'openpyxl et d'odfpy dans .tools/python",
        "ils rouvrent les exports Excel et OpenDocument, sans rien partager avec ce qui les écrit",
    );
    let outer = process::find(&["python3", "python"]).ok_or_else(|| {
        anyhow!(
            "Python est introuvable : installez Python 3.9 ou plus récent (python.org ; sur Debian : \
             « apt-get install python3 python3-venv »)"
        )
    })?;
    let by_hand = "à la main, dans ce dossier : « python3 -m venv .tools/python », puis \
                   « .tools/python/bin/python -m pip install --no-deps -r tests/exports/requirements.txt » ; \
                   sur Debian, le premier demande le paquet python3-venv";
    std::fs::remove_dir_all(&folder).ok();
    process::run(process::command(outer).args(["-m", "venv"]).arg(&folder)).context(by_hand)?;
    process::run(
        process::command(&inner)
            .args(["-m", "pip", "install", "--quiet", "--no-deps"])
            .args(["--disable-pip-version-check", "-r"])
            .arg(&wanted_path),
    )
    .context(by_hand)?;
    std::fs::write(&mark, wanted).with_context(|| format!("écriture de {}", mark.display()))?;
    done("openpyxl et odfpy");
    Ok(inner)
}

fn doing(step: &str, why: &str) {
    println!("→ {step} : {why}");
}

fn done(step: &str) {
    println!("✓ {step}");
}

fn wasm_target() -> Result<()> {
    let sysroot = process::output(process::command("rustc").args(["--print", "sysroot"]))
        .ok_or_else(|| anyhow!("rustc est introuvable : installez Rust par rustup"))?;
    let target = Path::new(&sysroot).join("lib/rustlib/wasm32-unknown-unknown/lib");
    if target.is_dir() {
        done("cible wasm32-unknown-unknown");
        return Ok(());
    }
    doing(
        "Ajout de la cible wasm32-unknown-unknown",
        "la page est du Rust compilé pour le navigateur",
    );
    process::run(process::command("rustup").args(["target", "add", "wasm32-unknown-unknown"]))
        .context("à la main : « rustup target add wasm32-unknown-unknown » dans ce dossier")
}

fn dependencies() -> Result<()> {
    // Trunk builds offline: what is missing comes now. Silent when all is here.
    process::run(process::cargo().args(["fetch", "--locked", "--quiet"])).context(
        "les dépendances n'ont pas pu être téléchargées ; à la main : « cargo fetch --locked »",
    )?;
    done("dépendances de Cargo.lock");
    Ok(())
}

fn trunk() -> Result<()> {
    let version = project::TRUNK_VERSION;
    // Without TLS nor update check: it only ever runs offline.
    install_tool(
        "trunk",
        "trunk",
        version,
        &["--no-default-features"],
        "il assemble la page",
    )
}

fn wasm_bindgen() -> Result<()> {
    let version = project::wasm_bindgen_version()?;
    let why = "il relie le wasm à la page, à la version exacte de Cargo.lock";
    install_tool(
        "wasm-bindgen-cli",
        "wasm-bindgen",
        &version,
        &["--bin", "wasm-bindgen"],
        why,
    )
}

fn install_tool(
    package: &str,
    binary: &str,
    version: &str,
    options: &[&str],
    why: &str,
) -> Result<()> {
    let tools = project::tools();
    let installed = tools
        .join("bin")
        .join(format!("{binary}{}", std::env::consts::EXE_SUFFIX));
    let expected = format!("{binary} {version}");
    if process::output(process::command(&installed).arg("--version"))
        .is_some_and(|line| line == expected)
    {
        done(&format!("{package} {version}"));
        return Ok(());
    }
    doing(
        &format!(
            "Compilation de {package} {version} dans .tools, une fois pour toutes, en quelques minutes \
             (cargo l'affiche en anglais ; s'il y signale des versions retirées, « yanked », elles \
             sont de cet outil et non de la page)"
        ),
        why,
    );
    // A folder of its own: neither the project's nor one the caller chose for it.
    let scratch = tools.join("build");
    let mut install = process::cargo();
    install
        .args([
            "install",
            package,
            "--version",
            version,
            "--locked",
            "--force",
        ])
        .args(options)
        .arg("--root")
        .arg(&tools)
        .env("CARGO_TARGET_DIR", &scratch)
        // Tools that run for a second: their release profile costs more minutes
        // to compile than it will ever give back.
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    process::run(&mut install).with_context(|| {
        format!(
            "{package} n'a pas pu être installé ; à la main, dans ce dossier : « cargo install {package} \
             --version {version} --locked {} --root .tools »",
            options.join(" ")
        )
    })?;
    // Hundreds of megabytes that no later step reads.
    std::fs::remove_dir_all(&scratch).ok();
    done(&format!("{package} {version}"));
    Ok(())
}

fn browsers() {
    let missing: Vec<&Browser> = BROWSERS
        .iter()
        .filter(|browser| browser.find().is_none())
        .collect();
    if !missing.is_empty() {
        apt_install(&missing);
    }
    for browser in &BROWSERS {
        match browser.find() {
            Some(path) => done(&format!("{} : {}", browser.name, path.display())),
            None => println!("✗ {}", browser.advice()),
        }
    }
}

/// Asks apt, where there is one and we may use it without a question.
fn apt_install(missing: &[&Browser]) {
    let Some(apt) = process::find(&["apt-get"]) else {
        return;
    };
    let root = process::output(process::command("id").arg("-u")).is_some_and(|id| id == "0");
    let sudo = !root && process::output(process::command("sudo").args(["-n", "true"])).is_some();
    if !root && !sudo {
        return;
    }
    let apt_get = |arguments: &[&str]| {
        let mut command = if sudo {
            let mut command = process::command("sudo");
            command
                .args(["-n", "env", "DEBIAN_FRONTEND=noninteractive"])
                .arg(&apt);
            command
        } else {
            process::command(&apt)
        };
        command
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive");
        process::run(&mut command)
    };
    let names: Vec<&str> = missing.iter().map(|browser| browser.name).collect();
    doing(
        &format!("Installation par apt de {}", names.join(" et ")),
        "les tests ouvrent la page pour de vrai",
    );
    if let Err(error) = apt_get(&["update", "--quiet"]) {
        println!("  {error:#}");
    }
    // One by one: a distribution may have the one and not the other.
    for package in missing
        .iter()
        .map(|browser| browser.package)
        .chain(["fonts-dejavu-core"])
    {
        if let Err(error) = apt_get(&[
            "install",
            "--yes",
            "--quiet",
            "--no-install-recommends",
            package,
        ]) {
            println!("  {error:#}");
        }
    }
}

/// Node, checked.
pub(crate) fn node() -> Result<PathBuf> {
    let advice = format!(
        "installez Node {NODE_OLDEST} ou plus récent (nodejs.org, ou le paquet de votre système)"
    );
    let node = process::find(&["node", "nodejs"])
        .ok_or_else(|| anyhow!("Node est introuvable : {advice}"))?;
    let version = process::output(process::command(&node).arg("--version")).unwrap_or_default();
    match node_major(&version) {
        Some(major) if major >= NODE_OLDEST => Ok(node),
        _ => bail!("la version « {version} » de Node ne convient pas : {advice}"),
    }
}

fn node_major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Installs what a `package-lock.json` says, unless that was done.
fn npm_packages(folder: &Path, name: &str, why: &str) -> Result<()> {
    node()?;
    let lock = folder.join("package-lock.json");
    let lock = std::fs::read(&lock).with_context(|| format!("lecture de {}", lock.display()))?;
    let wanted = crate::seal::hex(&Sha256::digest(&lock));
    // Written last, so an interrupted installation is done again.
    let mark = folder.join("node_modules").join(".verrou-installe");
    if std::fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        done(name);
        return Ok(());
    }
    doing(
        &format!("Installation des {name}, dans {}", folder.display()),
        why,
    );
    let by_hand = format!("à la main : « npm ci » dans {}", folder.display());
    let npm = process::find(&["npm"])
        .ok_or_else(|| anyhow!("npm est introuvable ; il vient d'ordinaire avec Node"))?;
    let mut install = Command::new(npm);
    install
        .args(["ci", "--no-audit", "--no-fund"])
        .current_dir(folder)
        .stdin(std::process::Stdio::null());
    process::run(&mut install).context(by_hand)?;
    std::fs::write(&mark, wanted).with_context(|| format!("écriture de {}", mark.display()))?;
    done(name);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_of_node_is_read() {
        assert_eq!(node_major("v20.20.2"), Some(20));
        assert_eq!(node_major("v8.1.0"), Some(8));
        assert_eq!(node_major(""), None);
        assert_eq!(node_major("20.1"), None);
    }

    #[test]
    fn the_advice_names_the_package_and_the_way_out() {
        for browser in &BROWSERS {
            let advice = browser.advice();
            assert!(
                advice.contains(browser.package) && advice.contains("--sans-navigateur"),
                "{advice}"
            );
        }
    }
}
