//! Measures of the project that are no test: the stages of a landlord's file
//! (`stages.rs`), the merge of many partials, the protector and the gate.

#[cfg(feature = "fusion")]
mod clock;
#[cfg(feature = "fusion")]
pub mod fusion;
#[cfg(all(feature = "fusion", target_arch = "wasm32"))]
#[path = "../../tests/common/landlords.rs"]
#[allow(dead_code)]
mod landlords;
#[cfg(all(feature = "fusion", target_arch = "wasm32"))]
mod secret;

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

    /// The protector and the gate, of the landlord of this rank.
    #[wasm_bindgen]
    pub fn secret(rank: usize) -> String {
        let (rows, programmes) = crate::secret::SHAPES[rank];
        let said = crate::secret::measured(rows, programmes);
        match rank {
            0 => format!("{}\n{said}", crate::secret::HEADER),
            _ => said,
        }
    }
}
