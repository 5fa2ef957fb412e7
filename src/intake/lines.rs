//! Lines of CSV for the landlord's own use: UTF-8 with mark, `;`, CRLF, as
//! French spreadsheets open it. What a spreadsheet would take for a formula is
//! written so that it stays text.

/// First characters of what a spreadsheet takes for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A file under way.
pub(super) struct Lines(String);

impl Default for Lines {
    fn default() -> Self {
        Self("\u{feff}".to_owned())
    }
}

impl Lines {
    pub(super) fn line<T: AsRef<str>>(&mut self, cells: &[T]) {
        for (rank, cell) in cells.iter().enumerate() {
            if rank > 0 {
                self.0.push(';');
            }
            self.cell(cell.as_ref());
        }
        self.0.push_str("\r\n");
    }

    fn cell(&mut self, cell: &str) {
        let text = if cell.starts_with(FORMULA) {
            format!("'{cell}")
        } else {
            cell.to_owned()
        };
        if text.contains([';', '"', '\n', '\r']) {
            self.0.push('"');
            self.0.push_str(&text.replace('"', "\"\""));
            self.0.push('"');
        } else {
            self.0.push_str(&text);
        }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

/// A cell as it was before [`Lines`] kept it from being a formula.
pub(super) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA) => rest,
        _ => cell,
    }
}
