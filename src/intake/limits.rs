//! The bounds of a file that is read, so that a hostile or broken one costs
//! seconds and little memory. Exceeding one is an error that gives both numbers.

/// Largest file, in bytes (a landlord's file has a few tens of millions).
pub const MAX_FILE_BYTES: u64 = 1 << 30;
/// Most entries in the zip of a workbook.
pub const MAX_ENTRIES: usize = 10_000;
/// Largest entry of a workbook once inflated, in bytes.
pub const MAX_ENTRY_BYTES: u64 = 2 << 30;
/// Largest entry that is kept whole (shared strings, styles…) once inflated.
pub const MAX_KEPT_BYTES: u64 = 256 << 20;
/// From this inflated size on, [`MAX_RATIO`] applies.
pub const RATIO_FROM_BYTES: u64 = 64 << 20;
/// Largest ratio between an inflated entry and its bytes in the file.
pub const MAX_RATIO: u64 = 200;
/// Most rows in a sheet (Excel's own bound).
pub const MAX_ROWS: u32 = 1_048_576;
/// Most columns in a sheet (Excel's own bound).
pub const MAX_COLUMNS: usize = 16_384;
/// Longest cell, in bytes of UTF-8 (Excel stops at 32 767 characters).
pub const MAX_CELL_BYTES: usize = 131_072;
/// Longest row, in bytes of UTF-8.
pub const MAX_ROW_BYTES: usize = 4 << 20;
/// Longest run of XML without a tag, comment or section, in bytes.
pub const MAX_XML_RUN: usize = 1 << 20;
/// Most shared strings in a workbook.
pub const MAX_SHARED_STRINGS: usize = 8_000_000;
/// Most sheets that are looked at.
pub const MAX_SHEETS: usize = 256;
/// Rows within which the header must stand.
pub const HEADER_ROWS: usize = 40;
/// Most columns of which the header is looked at.
pub const HEADER_COLUMNS: usize = 2_000;
/// Most distinct values listed for one variable in the report.
pub const MAX_LISTED_VALUES: usize = 50;
/// Most rows listed that the RPLS return does not know.
pub const MAX_UNMATCHED: usize = 200;
/// Longest value quoted in the report, in characters.
pub const MAX_QUOTED_CHARS: usize = 60;
/// Most occupants of one dwelling that are believed.
pub const MAX_OCCUPANTS: u16 = 30;
/// Oldest age that is believed.
pub const MAX_AGE: u8 = 110;
/// Youngest tenant that is believed.
pub const MIN_HOLDER_AGE: u8 = 16;
/// Largest income that is believed, in euros a year.
pub const MAX_INCOME: u64 = 10_000_000;
/// Largest surface of a dwelling that is believed, in m².
pub const MAX_SURFACE: u64 = 900;
/// Most rooms of a dwelling that are believed.
pub const MAX_ROOMS: u8 = 20;
/// Rows under the header whose cells are looked at for the identity of persons.
pub const IDENTITY_ROWS: u32 = 200;
