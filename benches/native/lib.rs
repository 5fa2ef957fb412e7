//! Measures of the project that are no test: the stages of a landlord's file
//! (`stages.rs`), the merge of many partials, the protector and the gate.

#[cfg(feature = "fusion")]
mod clock;
#[cfg(feature = "fusion")]
pub mod fusion;
#[cfg(feature = "fusion")]
#[path = "../../tests/common/landlords.rs"]
#[allow(dead_code)]
mod landlords;
#[cfg(feature = "fusion")]
pub mod secret;

/// What WebAssembly is asked, and says in words.
#[cfg(all(feature = "fusion", target_arch = "wasm32"))]
pub mod asked {
    use wasm_bindgen::prelude::wasm_bindgen;

    use crate::fusion::Asked;

    /// The merge.
    #[wasm_bindgen]
    pub fn fusion(landlords: usize, mailles: usize, communes: usize) -> String {
        let asked = Asked {
            landlords,
            mailles,
            communes,
            ..Asked::default()
        };
        crate::fusion::measured(asked).0
    }

    /// The protector and the gate.
    #[wasm_bindgen]
    pub fn secret(rows: usize, programmes: usize) -> String {
        crate::secret::measured(rows, programmes)
    }
}
