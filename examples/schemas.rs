//! Writes the JSON Schemas of the files under `docs/schema/`.

use std::{fs, io, path::Path};

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema");
    fs::create_dir_all(&folder)?;
    for schema in ops_mixite::schema::all() {
        fs::write(folder.join(schema.name), schema.text)?;
    }
    Ok(())
}
