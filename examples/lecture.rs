//! Time and memory of reading: `cargo run --release --example lecture -- [rows]`
//! writes the fictitious example in each format and reads it.

use std::io::Cursor;

#[path = "../benches/native/clock.rs"]
#[allow(dead_code)]
mod clock;
#[path = "../tests/intake/writers.rs"]
#[allow(dead_code)]
mod writers;

use ops_mixite::campaign::Campaign;
use ops_mixite::example::{HEADERS, Landlord, SEED, table, to_csv};
use ops_mixite::intake::{self, Options};

/// The largest memory of the process so far, where the system tells.
fn peak() -> String {
    clock::peak().map_or_else(|| "?".to_owned(), |mib| format!("{mib} Mio"))
}

/// A native tool may look at the clock.
#[allow(clippy::disallowed_methods)]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let rows = arguments
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(30_000);
    // With a file, only it is read: its own peak of memory is then seen.
    if let Some(path) = arguments.next() {
        let file = std::fs::File::open(&path).expect("the file opens");
        let size = file.metadata().expect("it has a size").len();
        time(&path, file, size);
        return;
    }
    let began = now();
    let table = table(Landlord::A, SEED, rows);
    println!(
        "{rows} lignes × {} colonnes faites en {:?}",
        HEADERS.len(),
        began.elapsed()
    );
    let sheets = writers::one(writers::typed(&table));
    for (name, bytes) in [
        ("csv", to_csv(&table).into_bytes()),
        ("xlsx", writers::xlsx(&sheets)),
        ("xlsb", writers::xlsb(&sheets)),
        ("ods", writers::ods(&sheets)),
    ] {
        let path = std::env::temp_dir().join(format!("lecture-{rows}.{name}"));
        std::fs::write(&path, &bytes).expect("the folder for temporary files is writable");
        let size = bytes.len() as u64;
        time(&path.display().to_string(), Cursor::new(bytes), size);
    }
}

fn time<S: std::io::Read + std::io::Seek>(name: &str, source: S, size: u64) {
    let (before, began) = (peak(), now());
    let report = intake::read(
        source,
        size,
        name,
        &Campaign::example(),
        &Options::default(),
        &mut (),
        &mut |dwelling| {
            std::hint::black_box(dwelling);
        },
    )
    .expect("the example is read");
    println!(
        "{name} : {} logements, {} ko, {:?} ; mémoire au plus {before} puis {}",
        report.rows_kept,
        size / 1000,
        began.elapsed(),
        peak()
    );
}
