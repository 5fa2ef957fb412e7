//! What is wrong with the bytes of a file, within the sentence of the error that
//! says it (`intake::Problem`).

// What a file is that is no OPS file.
pub(crate) const PDF: &str = "c'est un document PDF";
pub(crate) const RTF: &str = "c'est un document RTF";
pub(crate) const PICTURE: &str = "c'est une image";
pub(crate) const SEVEN_ZIP: &str = "c'est une archive 7-Zip : extrayez-en d'abord le fichier OPS";
pub(crate) const RAR: &str = "c'est une archive RAR : extrayez-en d'abord le fichier OPS";
pub(crate) const GZIP: &str = "c'est une archive gzip : extrayez-en d'abord le fichier OPS";
pub(crate) const SQLITE: &str = "c'est une base SQLite";
pub(crate) const ACCESS: &str = "c'est une base Access";
pub(crate) const PROGRAM: &str = "c'est un programme";
pub(crate) const WORD: &str = "c'est un document Word";
pub(crate) const WORD_OR_POWERPOINT: &str = "c'est un document Word ou PowerPoint, pas un classeur";
pub(crate) const NOT_EXCEL: &str = "ce n'est pas un classeur Excel";
pub(crate) const BEFORE_EXCEL_97: &str = "c'est un classeur d'une version d'Excel antérieure à 97";
pub(crate) const OPEN_DOCUMENT: &str = "c'est un document OpenDocument, pas un classeur";
pub(crate) const FLAT_OPEN_DOCUMENT: &str = "c'est un document OpenDocument à plat (.fods)";
pub(crate) const SPREADSHEET_XML: &str = "c'est un classeur « Feuille de calcul XML 2003 »";
pub(crate) const XML: &str = "c'est un fichier XML";
pub(crate) const HTML: &str = "c'est une page web (HTML), même si son nom dit autre chose : ouvrez-la dans votre tableur et enregistrez-la comme classeur";
pub(crate) const JSON: &str = "c'est un fichier JSON, pas un classeur. Un agrégat partiel va dans l'onglet « Bureau d'études », une base agrégée dans l'onglet « Collectivité », une campagne sous « Campagne (facultatif) »";
pub(crate) const ZIP: &str = "c'est une archive zip, pas un classeur";
pub(crate) const NEITHER: &str = "ce n'est ni un classeur ni un fichier texte";

// What of it is missing.
pub(crate) const CUT_IN_DATA: &str = "il s'arrête au milieu des données";
pub(crate) const HEADER_CUT: &str = "son en-tête n'est pas entier";
pub(crate) const SECTOR_BEYOND: &str = "un secteur est au-delà de la fin du fichier";
pub(crate) const NO_CONTENTS: &str =
    "la table des matières de l'archive, qui en est la fin, manque ou est illisible";
pub(crate) const CUT_IN_RECORD: &str = "il s'arrête au milieu d'un enregistrement";
pub(crate) const CUT_BEFORE_END: &str = "il s'arrête avant la fin du classeur";
pub(crate) const SHARED_TEXTS_MISSING: &str = "il manque des textes partagés";
pub(crate) const SHEET_BEYOND: &str = "une feuille est au-delà de la fin du fichier";
pub(crate) const SHEET_CUT: &str = "une feuille s'arrête avant sa fin";
pub(crate) const SHEET_CUT_BEFORE_TAG: &str = "une feuille s'arrête avant sa balise de fin";
pub(crate) const SHEET_DATA_CUT: &str = "une feuille s'arrête avant sa balise de fin </sheetData>";
pub(crate) const PART_CUT_IN_RECORD: &str = "une partie s'arrête au milieu d'un enregistrement";

// What of it is broken.
pub(crate) const COMPRESSED_DATA: &str = "des données compressées sont incorrectes";
pub(crate) const SHORT_RECORD: &str = "un enregistrement est plus court que prévu";
pub(crate) const OTHER_COMPRESSION: &str = "sa compression n'est pas celle d'un classeur";
pub(crate) const PART_MISSING: &str = "il manque une partie du classeur";
pub(crate) const PART_MALFORMED: &str = "une partie du classeur est mal formée";
pub(crate) const PART_DOCTYPE: &str =
    "une partie contient une déclaration de type de document, qu'aucun tableur n'écrit";
pub(crate) const CONTENT_MALFORMED: &str = "« content.xml » est mal formé";
pub(crate) const SHEET_MISSING: &str = "il y manque une feuille que le classeur annonce";
pub(crate) const SHEET_LIST_MALFORMED: &str = "la liste de ses feuilles est mal formée";
pub(crate) const CELL_OUTSIDE: &str = "une cellule est hors de la feuille";
pub(crate) const NO_SUCH_TEXT: &str = "une cellule renvoie à un texte qui n'existe pas";
pub(crate) const SHARED_TEXT_CUT: &str = "un texte partagé est coupé au milieu d'un caractère";
pub(crate) const CHARACTER_CUT: &str = "un caractère est coupé en deux";
pub(crate) const TEXT_ENCODING: &str = "un texte est mal codé";

// What of a cell is malformed, see [`cell`].
pub(crate) const CELL_TYPE: &str = "son type";
pub(crate) const CELL_END: &str = "sa fin manque";
pub(crate) const CELL_BOOLEAN: &str = "son booléen";
pub(crate) const CELL_NUMBER: &str = "son nombre";
pub(crate) const CELL_CONTENT: &str = "son contenu";

// What of the structure of an old workbook is, see [`structure`].
pub(crate) const SECTOR_SIZE: &str = "taille de secteur";
pub(crate) const SECTOR_TABLE: &str = "table des secteurs";
pub(crate) const DIRECTORY: &str = "répertoire";
pub(crate) const CHAIN: &str = "chaîne de secteurs";
pub(crate) const ENDLESS_CHAIN: &str = "chaîne de secteurs sans fin";
pub(crate) const SMALL_SECTORS: &str = "petits secteurs";
pub(crate) const ENDLESS_SMALL_CHAIN: &str = "chaîne de petits secteurs sans fin";

/// A malformed cell.
pub(crate) fn cell(what: &str) -> String {
    format!("une cellule est mal formée ({what})")
}

/// A broken structure.
pub(crate) fn structure(what: &str) -> String {
    format!("sa structure interne est incohérente ({what})")
}

/// A part that has fewer bytes than it should.
pub(crate) fn short(name: &str, bytes: u64, expected: u64) -> String {
    format!("« {name} » compte {bytes} octets au lieu de {expected}")
}

/// A part that has fewer bytes than it announces.
pub(crate) fn shorter_than_said(name: &str, bytes: u64, said: u64) -> String {
    format!("« {name} » compte {bytes} octets au lieu des {said} annoncés")
}

/// A part that ends too soon.
pub(crate) fn cut(name: &str) -> String {
    format!("« {name} » s'arrête trop tôt")
}

/// A part that ends before its closing tag.
pub(crate) fn cut_before_tag(name: &str) -> String {
    format!("« {name} » s'arrête avant sa balise de fin")
}

/// A sheet that ends before this closing tag.
pub(crate) fn sheet_cut_before(tag: &str) -> String {
    format!("{SHEET_CUT_BEFORE_TAG} </{tag}>")
}

/// A part that the workbook lacks.
pub(crate) fn part_missing(part: &str) -> String {
    format!("il y manque la partie « {part} »")
}

/// A part that is not the one that was written.
pub(crate) fn check_sum(name: &str) -> String {
    format!("le contenu de « {name} » ne correspond pas à sa somme de contrôle")
}

/// A declaration that no spreadsheet writes.
pub(crate) fn doctype(name: &str) -> String {
    format!("« {name} » contient une déclaration de type de document, qu'aucun tableur n'écrit")
}

/// A part with too many bytes between two tags; the one that is read when it has no name.
pub(crate) fn long_run(name: Option<&str>, most: usize) -> String {
    let part = name.map_or_else(|| "une partie".to_owned(), super::report::quoted);
    format!("{part} contient plus de {most} octets d'un seul tenant, sans balise")
}

/// An archive that holds another file.
pub(crate) fn nested(name: &str) -> String {
    format!("c'est une archive zip qui contient « {name} » : extrayez-en d'abord le fichier OPS")
}

/// Rows that are not in order.
pub(crate) fn disorder(row: u64, last: u64) -> String {
    format!("la ligne {row} vient après la ligne {last}")
}

/// A row that is too long.
pub(crate) fn long_row(row: u32, most: usize) -> String {
    format!(
        "autour de la ligne {row}, une ligne dépasse {most} octets : un guillemet n'y est sans doute jamais refermé"
    )
}

/// A quotation mark that is not closed.
pub(crate) fn open_quote(row: u32) -> String {
    format!("un guillemet ouvert n'est jamais refermé, avant la ligne {row}")
}

/// Encoding and separator of a text.
pub(crate) fn dialect(encoding: &str, separator: u8) -> String {
    let separator = match separator {
        b'\t' => "tabulation".to_owned(),
        byte => format!("« {} »", char::from(byte)),
    };
    format!("{encoding}, séparateur {separator}")
}
