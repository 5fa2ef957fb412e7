//! Every French sentence that is not an error of a module's own enum: one file for
//! each screen or area. `tests/words.rs` looks for what stands elsewhere.
//!
//! * Everywhere: [`numbers`] as they are written in French, [`labels`] of tables,
//!   modalités, units, levels, indicators, `heads` of columns that several tables
//!   share, [`ui`] for what all screens say.
//! * Beside the screens: [`help`] (questions, words of the trade), [`accessibility`].
//! * The landlord's screen: `quality` and `findings` of his file, `mapping` of its
//!   columns, `passage`, `preview`, `why` cells are hidden, the `slip`;
//!   `report` is the quality report as a file, `landlord` is whose file it is.
//! * The consultant's: [`prepare`], `control`.
//! * The collectivité's: [`collectivity`], `fiche`, `segregation`, [`charts`],
//!   [`nothing`] where nothing is to be read.
//! * [`export`], and the [`command_line`].
//! * What a file is refused for, within the sentence of an error: `damage` to a
//!   workbook, a `document`, a `campaign`, a `partial` and its `counts`,
//!   [`refusals`]; `attack` is what the gate says.

pub mod accessibility;
pub(crate) mod attack;
pub(crate) mod campaign;
pub mod charts;
pub mod collectivity;
#[cfg(feature = "cli")]
pub mod command_line;
pub(crate) mod control;
pub(crate) mod counts;
pub(crate) mod damage;
pub(crate) mod document;
pub mod export;
pub(crate) mod fiche;
pub(crate) mod findings;
pub(crate) mod heads;
pub mod help;
pub mod labels;
pub(crate) mod landlord;
pub(crate) mod mapping;
pub mod nothing;
pub mod numbers;
pub(crate) mod partial;
pub(crate) mod passage;
pub mod prepare;
pub(crate) mod preview;
pub(crate) mod quality;
pub mod refusals;
pub(crate) mod report;
pub(crate) mod segregation;
pub(crate) mod slip;
pub mod ui;
pub(crate) mod why;

/// What a name is sorted by in French: letters without accents, in small.
///
/// ```
/// use ops_mixite::words::alphabetical;
/// assert!(alphabetical("Écuisses") < alphabetical("Le Breuil"));
/// assert_eq!(alphabetical("ÇŒur-d’Ô"), "coeur-d’o");
/// ```
pub fn alphabetical(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'à' | 'â' | 'ä' => key.push('a'),
            'ç' => key.push('c'),
            'é' | 'è' | 'ê' | 'ë' => key.push('e'),
            'î' | 'ï' => key.push('i'),
            'ô' | 'ö' => key.push('o'),
            'ù' | 'û' | 'ü' => key.push('u'),
            'ÿ' => key.push('y'),
            'œ' => key.push_str("oe"),
            'æ' => key.push_str("ae"),
            other => key.push(other),
        }
    }
    key
}
