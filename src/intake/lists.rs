//! The lists of a campaign (communes, landlords, *table de passage*) from any
//! spreadsheet: only the columns of the list are taken, equal lines once.

use std::collections::HashSet;
use std::io::{Read, Seek};

use super::error::{IntakeError, Problem};
use super::source;
use crate::campaign::lists::{self, Header, ListKind};

/// Reads a list; `source`, `size` and `name` as in [`read`](super::read). Gives
/// the lines as the text that a person edits.
///
/// # Errors
/// When the bytes cannot be read as a table, or no sheet names the columns.
pub fn read_list<S: Read + Seek>(
    source: S,
    size: u64,
    name: &str,
    kind: ListKind,
) -> Result<String, IntakeError> {
    read_problem(source, size, kind).map_err(|problem| IntakeError::Refused {
        file: name.to_owned(),
        problem,
    })
}

fn read_problem<S: Read + Seek>(source: S, size: u64, kind: ListKind) -> Result<String, Problem> {
    source::reading(
        source,
        size,
        |problem| problem,
        |book| read_book(book, kind),
    )
}

fn read_book(book: &mut dyn source::Book, kind: ListKind) -> Result<String, Problem> {
    let heads = book.heads()?;
    let found = heads.iter().enumerate().find_map(|(sheet, head)| {
        let mut rows = head.rows.iter();
        rows.find_map(|(number, texts)| {
            let header = kind.header(texts.iter().map(String::as_str))?;
            Some((sheet, *number, header))
        })
    });
    let (sheet, number, header): (usize, u32, Header) = found.ok_or_else(|| Problem::NotAList {
        columns: kind.columns().map(str::to_lowercase).collect(),
    })?;
    let mut seen = HashSet::new();
    let mut all: Vec<Vec<String>> = Vec::new();
    book.scan(sheet, &mut |at, row, _| {
        if at > number {
            let fields = header.arrange(|column| one_line(&row.get(column).text()));
            if !fields.is_empty() && seen.insert(fields.clone()) {
                all.push(fields);
            }
        }
        // One line too many is kept, for the reader of the form to say so.
        Ok(all.len() <= lists::MAX_LINES)
    })?;
    Ok(lists::text(all.iter().map(Vec::as_slice)))
}

/// A cell on several lines, on one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: ListKind, file: &str) -> Result<String, IntakeError> {
        read_list(
            std::io::Cursor::new(file.as_bytes()),
            file.len() as u64,
            "liste.csv",
            kind,
        )
    }

    #[test]
    fn a_table_de_passage_is_taken_from_a_larger_table() {
        let file = "Table de passage 2024\nQuartier;Numéro de programme;Surface;Bailleur;Code INSEE\n\
                    Harfleur;0123;45;habellis;71153\nHarfleur;0123;60;habellis;71153\n;0456;45;opac71;71306\n";
        assert_eq!(
            read(ListKind::Passage, file).unwrap(),
            "habellis;0123;71153;Harfleur\nopac71;0456;71306\n"
        );
    }

    #[test]
    fn a_file_without_the_columns_is_refused_with_their_names() {
        let error = read(ListKind::Landlords, "Nom;Ville\nHabellis;Dijon\n").unwrap_err();
        let sentence = error.to_string();
        assert!(
            sentence.contains("« liste.csv »") && sentence.contains("id, nom, siren, alias"),
            "{sentence}"
        );
        assert!(read(ListKind::Communes, "").is_err());
    }
}
