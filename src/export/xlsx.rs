//! The workbook of Excel.

use std::collections::HashMap;

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, XlsxError,
};

use super::ExportError;
use super::sheet::{Sheet, Style, Value};

impl From<XlsxError> for ExportError {
    fn from(error: XlsxError) -> Self {
        Self::Workbook(error.to_string())
    }
}

fn format(style: Style) -> Format {
    let format = Format::new();
    match style {
        Style::Title => format.set_bold().set_font_size(14),
        Style::Source => format.set_italic(),
        Style::Header => format
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_background_color(Color::RGB(0xE8_EDF2))
            .set_border_bottom(FormatBorder::Thin),
        // The format of text: a name edited by hand stays text.
        Style::Text => format.set_num_format("@"),
        Style::Count => format.set_num_format("#,##0"),
        Style::Share => format.set_num_format("0.0%"),
        Style::Points => format.set_num_format("+0.0;-0.0;0.0"),
        Style::Index => format.set_num_format("0.0000"),
        Style::Sign => format
            .set_num_format("@")
            .set_align(FormatAlign::Right)
            .set_font_color(Color::RGB(0x59_5959)),
    }
}

/// Writes the workbook. The date of its properties is that of the data: equal
/// sheets give equal bytes.
pub(super) fn write(sheets: &[Sheet], date: &str) -> Result<Vec<u8>, ExportError> {
    let formats: HashMap<Style, Format> = Style::ALL
        .iter()
        .map(|style| (*style, format(*style)))
        .collect();
    let mut workbook = Workbook::new();
    let parts: Vec<u16> = date
        .split('-')
        .filter_map(|part| part.parse().ok())
        .collect();
    let &[year, month, day] = parts.as_slice() else {
        return Err(ExportError::Workbook(format!(
            "la date « {date} » n'est pas lisible"
        )));
    };
    let created = ExcelDateTime::from_ymd(year, month as u8, day as u8)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    for sheet in sheets {
        let page = workbook.add_worksheet();
        page.set_name(&sheet.name)?;
        // A4, as wide as the page.
        page.set_landscape()
            .set_paper_size(9)
            .set_print_fit_to_pages(1, 0);
        for (column, width) in (0..).zip(&sheet.widths) {
            page.set_column_width(column, f64::from(*width))?;
        }
        let rows = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
        if sheet.frozen > 0 {
            let frozen = sheet.frozen as u32;
            page.set_freeze_panes(frozen, sheet.frozen_columns as u16)?;
            page.set_repeat_rows(frozen - 1, frozen - 1)?;
            let last = (sheet.widths.len() as u16).saturating_sub(1);
            page.autofilter(frozen - 1, 0, rows.max(frozen) - 1, last)?;
        }
        for (rank, row) in (0..).zip(&sheet.rows) {
            for (column, cell) in (0..).zip(row) {
                let format = &formats[&cell.style];
                match &cell.value {
                    Value::Empty => {}
                    Value::Text(text) => {
                        page.write_string_with_format(rank, column, text, format)?;
                    }
                    Value::Number(number, _) => {
                        page.write_number_with_format(rank, column, *number, format)?;
                    }
                }
            }
        }
    }
    Ok(workbook.save_to_buffer()?)
}
