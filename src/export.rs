//! Exports of a base: a workbook for Excel, the same for LibreOffice, and a
//! long table for statistical software.
//!
//! The two workbooks are written from one list of [`sheet::Sheet`]s, so that
//! they cannot say different things. Everything comes from a [`Base`], hence
//! from files that were proved safe. Equal bases give equal bytes.
//!
//! Text is always text: names that begin like a formula stay names.

mod csv;
mod ods;
mod package;
pub mod sheet;
mod xlsx;

use crate::base::Base;

/// Most rows of a sheet: the limit of Excel and of LibreOffice.
pub const MAX_ROWS: usize = 1_048_576;
/// Most characters in a cell of a workbook (UTF-16 units): the limit of Excel.
pub const MAX_CELL: usize = 32_767;

/// Why an export cannot be made.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExportError {
    /// More rows than a sheet holds.
    #[error(
        "La feuille « {sheet} » compterait {rows} lignes ; un classeur en admet {MAX_ROWS} au plus. Exportez en CSV, qui n'a pas de limite."
    )]
    TooManyRows {
        /// The sheet.
        sheet: String,
        /// Its rows.
        rows: usize,
    },
}

/// A format of export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Workbook of Excel.
    Xlsx,
    /// Workbook of LibreOffice (OpenDocument).
    Ods,
    /// Long table: UTF-8 with its mark, `;` between fields.
    Csv,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Xlsx, Self::Ods, Self::Csv];

    /// The extension of its files, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Ods => "ods",
            Self::Csv => "csv",
        }
    }

    /// The media type of its files.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ods => ods::MEDIA_TYPE,
            Self::Csv => "text/csv;charset=utf-8",
        }
    }
}

/// Writes a base in a format.
///
/// # Errors
/// When a sheet would hold more rows than workbooks can.
pub fn write(base: &Base, format: Format) -> Result<Vec<u8>, ExportError> {
    match format {
        Format::Xlsx => Ok(xlsx::write(
            &sheet::sheets(base)?,
            &base.file().reference_date,
        )),
        Format::Ods => Ok(ods::write(
            &sheet::sheets(base)?,
            &base.file().reference_date,
        )),
        Format::Csv => Ok(csv::write(base)),
    }
}

#[cfg(test)]
mod tests;
