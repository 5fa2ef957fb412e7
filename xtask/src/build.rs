//! The build: trunk with the project's own tools, made reproducible.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context as _, Result, anyhow};

use crate::{process, project};

/// Builds and seals `dist/index.html`. The tools must be there.
pub(crate) fn page() -> Result<()> {
    println!("→ Construction de la page (trunk, puis scellement)");
    let tools = project::tools().join("bin");
    let mut trunk = process::command(tools.join(format!("trunk{}", std::env::consts::EXE_SUFFIX)));
    trunk
        .args(["build", "--release", "--offline", "--locked", "--quiet"])
        .env("PATH", path_with(&tools)?)
        // Trunk takes any value but « true » or « false » for a mistake.
        .env_remove("NO_COLOR")
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        // Its errors are sentences; its own stack helps nobody.
        .env("RUST_BACKTRACE", "0");
    for variable in process::BUILD_VARIABLES {
        trunk.env_remove(variable);
    }
    let flags = match remap_flags() {
        Some(flags) => format!("{flags} {FEATURES}"),
        None => {
            println!(
                "  (un chemin contient une espace : la page portera des noms de dossiers de cette machine, \
                 et son empreinte ne sera pas celle d'une autre)"
            );
            FEATURES.to_owned()
        }
    };
    trunk.env(WASM_FLAGS, flags);
    process::run(&mut trunk)
}

/// Sixteen bytes at once, of which inflating and finding a separator make use
/// (Chromium 91, Firefox 89, Safari 16.4; `boot.js` tells an older browser). The page
/// is the lighter for it.
pub(crate) const FEATURES: &str = "-Ctarget-feature=+simd128";
/// Where cargo finds the flags of the compiler for the page.
pub(crate) const WASM_FLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// Our tools first on the path: trunk looks for wasm-bindgen there.
fn path_with(first: &std::path::Path) -> Result<OsString> {
    let rest = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::iter::once(first.to_path_buf()).chain(std::env::split_paths(&rest)))
        .context("le PATH ne peut pas recevoir .tools/bin")
}

/// Compiler flags that take this machine's folders out of the wasm: panics
/// quote the path of their source. The same sources then give the same bytes
/// wherever they stand. `None` when a path cannot be written in the variable,
/// which cargo splits on white space.
fn remap_flags() -> Option<String> {
    let cargo_home = project::cargo_home()?;
    let sysroot = PathBuf::from(process::output(
        process::command("rustc").args(["--print", "sysroot"]),
    )?);
    let pairs = [
        (cargo_home.join("registry").join("src"), "registre"),
        (sysroot.join("lib/rustlib/src/rust"), "rust"),
        (project::root(), "ops-mixite"),
    ];
    let flags: Option<Vec<String>> = pairs
        .iter()
        .map(|(from, to)| {
            let from = from.to_str()?;
            (!from.contains(char::is_whitespace))
                .then(|| format!("--remap-path-prefix={from}=/{to}"))
        })
        .collect();
    Some(flags?.join(" "))
}

/// The module that unpacks the program, for the seal: built within trunk's build,
/// with the flags that [`page`] gave it.
pub(crate) fn unpacker() -> Result<Vec<u8>> {
    const TARGET: &str = "wasm32-unknown-unknown";
    process::run(process::cargo().args([
        "build",
        "--release",
        "--quiet",
        "--locked",
        "--offline",
        "--package",
        "unpack",
        "--target",
        TARGET,
    ]))?;
    let path = target_folder()?
        .join(TARGET)
        .join("release")
        .join("unpack.wasm");
    std::fs::read(&path).with_context(|| format!("lecture de {}", path.display()))
}

/// The command line for the browser tests, which compare its files with those of
/// the page.
pub(crate) fn command_line() -> Result<PathBuf> {
    process::run(process::cargo().args(["build", "--quiet", "--locked", "--bin", "ops-mixite"]))?;
    Ok(target_folder()?
        .join("debug")
        .join(format!("ops-mixite{}", std::env::consts::EXE_SUFFIX)))
}

/// Where cargo puts what it builds.
fn target_folder() -> Result<PathBuf> {
    let metadata = process::output(process::cargo().args([
        "metadata",
        "--format-version",
        "1",
        "--no-deps",
        "--locked",
    ]))
    .ok_or_else(|| anyhow!("« cargo metadata » a échoué"))?;
    let metadata: serde_json::Value =
        serde_json::from_str(&metadata).context("réponse de « cargo metadata »")?;
    let target = metadata["target_directory"]
        .as_str()
        .ok_or_else(|| anyhow!("« cargo metadata » ne dit pas où est le dossier target"))?;
    Ok(PathBuf::from(target))
}

/// Where the release is put together: a folder of its own, so that its builds
/// and those of every day do not undo each other.
pub(crate) fn release_folder() -> PathBuf {
    project::root().join("target").join("livraison")
}

/// The command line as it is handed over: optimised, and without the folders of
/// this machine.
pub(crate) fn released_command_line() -> Result<PathBuf> {
    let mut cargo = process::cargo();
    cargo
        .args([
            "build",
            "--release",
            "--quiet",
            "--locked",
            "--bin",
            "ops-mixite",
        ])
        .arg("--target-dir")
        .arg(release_folder());
    let flags = remap_flags()
        .ok_or_else(|| anyhow!("un chemin contient une espace : le programme porterait des noms de dossiers de cette machine"))?;
    process::run(cargo.env("RUSTFLAGS", flags))?;
    Ok(release_folder()
        .join("release")
        .join(format!("ops-mixite{}", std::env::consts::EXE_SUFFIX)))
}
