//! Writes the files of the fictitious example, to try the page or the command
//! line: `cargo run --release --example exemple -- DOSSIER [LOGEMENTS [FORMAT…]]`.

#[path = "../tests/intake/writers.rs"]
#[allow(dead_code)]
mod writers;

use std::path::PathBuf;

use ops_mixite::example::{DWELLINGS, Landlord, SEED, table, to_csv};

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next().map(PathBuf::from) else {
        eprintln!("Utilisation : cargo run --example exemple -- DOSSIER [LOGEMENTS [FORMAT…]]");
        std::process::exit(2);
    };
    let asked = arguments.next().and_then(|n| n.parse().ok());
    let formats: Vec<String> = arguments.collect();
    std::fs::create_dir_all(&folder)?;
    let campaign = include_str!("../domain/exemple-fictif.campagne.json");
    std::fs::write(folder.join("exemple-fictif.campagne.json"), campaign)?;
    for (landlord, name) in [(Landlord::A, "bailleur-a"), (Landlord::B, "bailleur-b")] {
        let table = table(landlord, SEED, asked.unwrap_or(DWELLINGS));
        let sheets = writers::one(writers::typed(&table));
        for extension in ["csv", "xlsx", "ods", "xlsb"] {
            if !formats.is_empty() && !formats.iter().any(|f| f == extension) {
                continue;
            }
            let bytes = match extension {
                "csv" => to_csv(&table).into_bytes(),
                "xlsx" => writers::xlsx(&sheets),
                "ods" => writers::ods(&sheets),
                _ => writers::xlsb(&sheets),
            };
            let path = folder.join(format!("{name}.{extension}"));
            println!("{} : {} octets", path.display(), bytes.len());
            std::fs::write(path, bytes)?;
        }
    }
    Ok(())
}
