//! `cargo xtask verify FILE`: is this file the one that these sources make?
//! `cargo xtask reproduire`: do these sources make one file, wherever they stand?
//!
//! The sources of the commit are laid out again in a folder of their own, built
//! there with the same tools, and the bytes compared. The second asks more: two
//! folders, and two homes of cargo, where the sources of the libraries stand.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail, ensure};
use sha2::{Digest as _, Sha256};

use crate::seal::hex;
use crate::{process, project, setup};

/// The command: success when the bytes are equal.
pub(crate) fn command(file: &Path) -> Result<ExitCode> {
    let given = std::fs::read(file).with_context(|| format!("lecture de {}", file.display()))?;
    setup::for_build()?;
    let folder = Folder::new("verification")?;
    let again = rebuilt(&folder.0, None)?;
    Ok(compared(
        [
            (&file.display().to_string(), &given),
            ("reconstruit depuis les sources", &again),
        ],
        "ce fichier est celui de ces sources.",
        "Ce fichier n'est pas celui de ces sources. Le pied de la page donne son commit : \
         comparez avec « git rev-parse HEAD ».",
    ))
}

/// The command: success when two builds give the same bytes. The first is the
/// page that stands in `dist/`, where one build was just made, or one more.
pub(crate) fn reproduce(page_is_built: bool) -> Result<ExitCode> {
    setup::for_build()?;
    let (name, first) = if page_is_built {
        let page = project::sealed_page();
        let bytes = std::fs::read(&page)
            .with_context(|| format!("lecture de {} ; « cargo xtask build »", page.display()))?;
        ("dist/index.html", bytes)
    } else {
        let folder = Folder::new("premier")?;
        ("premier dossier", rebuilt(&folder.0, None)?)
    };
    let home = Folder::new("cargo")?;
    copy_cargo_home(&home.0)?;
    let folder = Folder::new("second")?;
    let second = rebuilt(&folder.0, Some(&home.0))?;
    Ok(compared(
        [(name, &first), ("autre dossier, autre CARGO_HOME", &second)],
        "la construction est reproductible.",
        "La construction n'est pas reproductible : un dossier, une date ou un outil de cette \
         machine entre dans la page (ou dist/ vient d'autres sources).",
    ))
}

/// Says both fingerprints and what their equality means.
fn compared(builds: [(&str, &[u8]); 2], same: &str, other: &str) -> ExitCode {
    println!();
    for (name, bytes) in builds {
        println!("{}  {name}", hex(&Sha256::digest(bytes)));
    }
    let [(_, one), (_, two)] = builds;
    if one == two {
        println!("✓ Les mêmes octets : {same}");
        ExitCode::SUCCESS
    } else {
        println!("✗ {other}");
        ExitCode::FAILURE
    }
}

/// Another home for cargo: the packages that this one downloaded, which it lays
/// out anew.
fn copy_cargo_home(to: &Path) -> Result<()> {
    let from = project::cargo_home().context("le dossier de cargo est introuvable")?;
    for part in ["registry/index", "registry/cache"] {
        copy_folder(&from.join(part), &to.join(part))?;
    }
    let settings = from.join("config.toml");
    if settings.exists() {
        std::fs::copy(&settings, to.join("config.toml"))
            .with_context(|| format!("copie de {}", settings.display()))?;
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to).with_context(|| format!("création de {}", to.display()))?;
    for entry in
        std::fs::read_dir(from).with_context(|| format!("lecture de {}", from.display()))?
    {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy_folder(&from, &to)?;
        } else {
            std::fs::copy(&from, &to).with_context(|| format!("copie de {}", from.display()))?;
        }
    }
    Ok(())
}

/// The page, built in a folder where nothing of this one's builds is.
fn rebuilt(folder: &Path, cargo_home: Option<&Path>) -> Result<Vec<u8>> {
    let changes = process::output(process::command("git").args(["status", "--porcelain"]))
        .context("la vérification demande git et les sources d'un commit")?;
    ensure!(
        changes.is_empty(),
        "les sources ont des changements qui ne sont dans aucun commit"
    );
    println!("→ Copie des sources dans {}", folder.display());
    process::run(
        process::command("git")
            .args(["clone", "--quiet", "--no-hardlinks", "."])
            .arg(folder),
    )?;
    copy_folder(
        &project::tools().join("bin"),
        &folder.join(".tools").join("bin"),
    )?;
    let mut build = process::cargo();
    build
        .current_dir(folder)
        .env_remove("CARGO_TARGET_DIR")
        .args(["xtask", "build"]);
    if let Some(home) = cargo_home {
        build.env("CARGO_HOME", home);
    }
    process::run(&mut build)?;
    let page = folder.join("dist").join("index.html");
    std::fs::read(&page).with_context(|| format!("lecture de {}", page.display()))
}

/// A folder that goes away with the command.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Result<Self> {
        let path = std::env::temp_dir().join(format!("ops-mixite-{name}-{}", std::process::id()));
        if path.exists() {
            bail!("{} existe déjà", path.display());
        }
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Left behind, it would only take room.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_bytes_are_success_and_others_are_not() {
        let outcome = |two: &[u8]| compared([("un", b"octets"), ("deux", two)], "", "");
        let shown = |code: ExitCode| format!("{code:?}");
        assert_eq!(shown(outcome(b"octets")), shown(ExitCode::SUCCESS));
        assert_eq!(shown(outcome(b"octet")), shown(ExitCode::FAILURE));
    }

    #[test]
    fn a_folder_is_copied_whole_and_goes_away() {
        let (from, to) = (
            Folder::new("essai-de").unwrap(),
            Folder::new("essai-vers").unwrap(),
        );
        std::fs::create_dir_all(from.0.join("a/b")).unwrap();
        std::fs::write(from.0.join("a/b/c"), "texte").unwrap();
        copy_folder(&from.0, &to.0).unwrap();
        assert_eq!(std::fs::read(to.0.join("a/b/c")).unwrap(), b"texte");
        let gone = to.0.clone();
        drop(to);
        assert!(!gone.exists());
    }
}
