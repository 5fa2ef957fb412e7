//! `cargo xtask verify FILE`: is this file the one that these sources make?
//!
//! The sources of the commit are laid out again in a folder of their own, built
//! there with the same tools, and the bytes compared.

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
    let folder = Folder::new()?;
    let again = rebuilt(&folder.0)?;
    let (given, again) = (Sha256::digest(&given), Sha256::digest(&again));
    println!(
        "\n{}  {}\n{}  reconstruit depuis les sources",
        hex(&given),
        file.display(),
        hex(&again)
    );
    if given == again {
        println!("✓ Les mêmes octets : ce fichier est celui de ces sources.");
        Ok(ExitCode::SUCCESS)
    } else {
        println!(
            "✗ Ce fichier n’est pas celui de ces sources. Le pied de la page donne son commit : \
             comparez avec « git rev-parse HEAD »."
        );
        Ok(ExitCode::FAILURE)
    }
}

/// The page, built in a folder where nothing of this one's builds is.
fn rebuilt(folder: &Path) -> Result<Vec<u8>> {
    let changes = process::output(process::command("git").args(["status", "--porcelain"]))
        .context("la vérification demande git et les sources d’un commit")?;
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
    link_tools(folder)?;
    let mut build = process::cargo();
    build
        .current_dir(folder)
        .env_remove("CARGO_TARGET_DIR")
        .args(["xtask", "build"]);
    process::run(&mut build)?;
    let page = folder.join("dist").join("index.html");
    std::fs::read(&page).with_context(|| format!("lecture de {}", page.display()))
}

/// The build tools, pinned and already compiled: only their copies.
fn link_tools(folder: &Path) -> Result<()> {
    let (from, to) = (project::tools().join("bin"), folder.join(".tools/bin"));
    std::fs::create_dir_all(&to).with_context(|| format!("création de {}", to.display()))?;
    for entry in
        std::fs::read_dir(&from).with_context(|| format!("lecture de {}", from.display()))?
    {
        let entry = entry?;
        std::fs::copy(entry.path(), to.join(entry.file_name()))
            .with_context(|| format!("copie de {}", entry.path().display()))?;
    }
    Ok(())
}

/// A folder that goes away with the command.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self> {
        let path =
            std::env::temp_dir().join(format!("ops-mixite-verification-{}", std::process::id()));
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
