//! Where things are, and which versions the project is pinned to.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

/// The version of trunk the page is built with.
pub(crate) const TRUNK_VERSION: &str = "0.21.14";

/// The version of cargo-deny that judges the dependencies.
pub(crate) const CARGO_DENY_VERSION: &str = "0.20.2";

/// Where cargo keeps what it downloads.
pub(crate) fn cargo_home() -> Option<PathBuf> {
    std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask stands in a folder of the workspace")
        .to_path_buf()
}

/// The folder of the build tools, owned by the project.
pub(crate) fn tools() -> PathBuf {
    root().join(".tools")
}

/// The sealed page.
pub(crate) fn sealed_page() -> PathBuf {
    root().join("dist").join("index.html")
}

/// The browser tests and their packages.
pub(crate) fn browser_tests() -> PathBuf {
    root().join("tests").join("browser")
}

/// The measures in a browser, and what they are compared with.
pub(crate) fn browser_benches() -> PathBuf {
    root().join("benches").join("browser")
}

/// The tests that reopen the exports.
pub(crate) fn export_tests() -> PathBuf {
    root().join("tests").join("exports")
}

/// The version of wasm-bindgen the page is linked with: the command-line tool
/// must be exactly the same.
pub(crate) fn wasm_bindgen_version() -> Result<String> {
    let path = root().join("Cargo.lock");
    let lock =
        std::fs::read_to_string(&path).with_context(|| format!("lecture de {}", path.display()))?;
    locked_version(&lock, "wasm-bindgen")
}

/// The version of one package in the text of a `Cargo.lock`.
fn locked_version(lock: &str, package: &str) -> Result<String> {
    let name = format!("name = \"{package}\"");
    let mut versions = lock.split("[[package]]").filter_map(|block| {
        let mut lines = block.lines().map(str::trim);
        lines.any(|line| line == name).then(|| {
            lines
                .find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
                .unwrap_or_default()
                .to_owned()
        })
    });
    match (versions.next(), versions.next()) {
        (Some(version), None) if !version.is_empty() => Ok(version),
        (Some(_), _) => {
            bail!("Cargo.lock donne plusieurs versions de {package}, ou aucune lisible")
        }
        (None, _) => bail!("{package} n'est pas dans Cargo.lock"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "wasm-bindgen-shared"
version = "0.2.100"

[[package]]
name = "wasm-bindgen"
version = "0.2.129"
dependencies = [
 "wasm-bindgen-shared",
]

[[package]]
name = "twice"
version = "1.0.0"

[[package]]
name = "twice"
version = "2.0.0"
"#;

    #[test]
    fn the_locked_version_is_that_of_the_exact_name() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen").unwrap(), "0.2.129");
    }

    #[test]
    fn two_majors_or_none_are_refused() {
        assert!(locked_version(LOCK, "twice").is_err());
        assert!(locked_version(LOCK, "wasm").is_err());
    }

    #[test]
    fn the_projects_own_lock_names_wasm_bindgen() {
        assert!(wasm_bindgen_version().unwrap().starts_with("0.2."));
    }
}
