//! Every French sentence that is not an error of a module's own enum.
//!
//! * [`help`], [`accessibility`]: what is folded beside them: questions, words
//!   of the trade, the accessibility statement.
//! * [`labels`]: names of tables, modalités, units, levels, indicators.
//! * [`numbers`]: numbers as they are written in French.
//! * [`charts`], [`collectivity`]: drawings, and the screen that shows them.
//! * [`prepare`]: what the screen that prepares a campaign says.
//! * [`refusals`]: what is said of a table in place of a document.
//! * [`ui`]: what the three screens say.

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
