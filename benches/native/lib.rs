//! Measures of the project that are no test: the stages of a landlord's file
//! (`stages.rs`), and the merge of many partials.

#[cfg(feature = "fusion")]
pub mod fusion;

/// The merge, in WebAssembly: what it took, in words.
#[cfg(all(feature = "fusion", target_arch = "wasm32"))]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn fusion(landlords: usize, mailles: usize, communes: usize) -> String {
    let asked = fusion::Asked {
        landlords,
        mailles,
        communes,
        ..fusion::Asked::default()
    };
    fusion::measured(asked).0
}
