//! `cargo run --release -p mesures --features fusion -- [BAILLEURS] [MAILLES] [COMMUNES] [TABLEAUX] [BASE]`:
//! what a merge costs, natively. With a fifth word, the base is written under that
//! name. In WebAssembly, as the page runs it: `cargo xtask bench fusion`.

use mesures::fusion::{Asked, measured};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let default = Asked::default();
    let number = |rank: usize, default| {
        let word: Option<&String> = words.get(rank);
        word.and_then(|word| word.parse().ok()).unwrap_or(default)
    };
    let (said, base) = measured(Asked {
        landlords: number(0, default.landlords),
        mailles: number(1, default.mailles),
        communes: number(2, default.communes),
        tables: number(3, default.tables),
    });
    println!("{said}");
    if let (Some(path), Some(base)) = (words.get(4), base) {
        std::fs::write(path, base).expect("the file can be written");
    }
}
