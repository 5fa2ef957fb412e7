//! What a workbook says of itself: its sheets and their parts, how it counts
//! days, which of its cell formats show days or times.

use std::collections::HashMap;
use std::io::{Read, Seek};

use super::super::SheetInfo;
use super::super::package::Package;
use super::super::xml::{Attributes, Scanner, Token, decode};
use crate::intake::cell::Epoch;
use crate::intake::error::{Bound, Problem};
use crate::intake::limits::MAX_SHEETS;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outline {
    pub(super) sheets: Vec<SheetInfo>,
    /// The part of each sheet.
    pub(super) parts: Vec<String>,
    /// The part of the shared strings.
    pub(super) strings: Option<String>,
    pub(super) epoch: Epoch,
    /// For each cell format, does it show a day or a time?
    pub(super) moments: Vec<bool>,
}

/// A relation: its type and its target.
type Relations = HashMap<String, (String, String)>;

impl Outline {
    /// `None` when the workbook is not of the usual shape.
    pub(super) fn read<S: Read + Seek>(package: &mut Package<S>) -> Result<Option<Self>, Problem> {
        let Some(document) = relations(package, "_rels/.rels")?
            .into_values()
            .find(|(kind, _)| kind.ends_with("/relationships/officeDocument"))
        else {
            return Ok(None);
        };
        let document = document.1.trim_start_matches('/').to_owned();
        let (folder, file) = match document.rfind('/') {
            Some(at) => document.split_at(at + 1),
            None => ("", document.as_str()),
        };
        let relations = relations(package, &format!("{folder}_rels/{file}.rels"))?;
        let styles = format!("{folder}styles.xml");
        let strings = format!("{folder}sharedStrings.xml");
        let mut outline = Self {
            sheets: Vec::new(),
            parts: Vec::new(),
            strings: package.find(&strings).map(str::to_owned),
            epoch: Epoch::From1900,
            moments: match package.has(&styles) {
                true => match moments(package, &styles)? {
                    Some(moments) => moments,
                    None => return Ok(None),
                },
                false => Vec::new(),
            },
        };
        if !outline.workbook(package, &document, folder, &relations)? {
            return Ok(None);
        }
        for part in outline.parts.iter().chain(&outline.strings) {
            let root = root(package, part)?;
            if !matches!(root.as_deref(), Some(b"worksheet" | b"sst")) {
                return Ok(None);
            }
        }
        Ok(Some(outline))
    }

    /// Reads the list of sheets; false when it is not of the usual shape.
    fn workbook<S: Read + Seek>(
        &mut self,
        package: &mut Package<S>,
        document: &str,
        folder: &str,
        relations: &Relations,
    ) -> Result<bool, Problem> {
        if !package.has(document) {
            return Ok(false);
        }
        let mut xml = Scanner::new(package.part(document)?);
        loop {
            let (name, attributes) = match xml.next()? {
                Token::Open {
                    name, attributes, ..
                } => (name, attributes),
                Token::End => break,
                _ => continue,
            };
            match name {
                b"workbookPr" => {
                    if let Some(value) = attributes.get(b"date1904")? {
                        self.epoch = match value {
                            b"1" | b"true" => Epoch::From1904,
                            _ => Epoch::From1900,
                        };
                    }
                }
                b"sheet" => {
                    let Some((sheet, relation)) = sheet(attributes)? else {
                        return Ok(false);
                    };
                    let Some((kind, target)) = relations.get(&relation) else {
                        return Ok(false);
                    };
                    if !kind.ends_with("/worksheet") {
                        continue;
                    }
                    if self.sheets.len() == MAX_SHEETS {
                        return Err(Problem::too_much(
                            Bound::Sheets,
                            MAX_SHEETS as u64 + 1,
                            MAX_SHEETS as u64,
                        ));
                    }
                    self.sheets.push(sheet);
                    self.parts.push(match target.strip_prefix('/') {
                        Some(absolute) => absolute.to_owned(),
                        None => format!("{folder}{target}"),
                    });
                }
                _ => {}
            }
        }
        drop(xml);
        for part in &mut self.parts {
            match package.find(part) {
                Some(name) => *part = name.to_owned(),
                None => return Ok(false),
            }
        }
        Ok(!self.sheets.is_empty())
    }
}

/// A sheet of the list, and the identifier of its relation.
fn sheet(attributes: Attributes<'_>) -> Result<Option<(SheetInfo, String)>, Problem> {
    let (mut name, mut relation, mut visible) = (String::new(), None, true);
    for found in attributes {
        let (key, value) = found?;
        match key {
            b"name" => decode(value, &mut name)?,
            b"state" => visible = value == b"visible",
            _ if key == b"id" || key.ends_with(b":id") => relation = Some(text(value)?),
            _ => {}
        }
    }
    Ok(relation.map(|relation| (SheetInfo::new(&name, visible), relation)))
}

fn text(raw: &[u8]) -> Result<String, Problem> {
    let mut out = String::new();
    decode(raw, &mut out)?;
    Ok(out)
}

fn relations<S: Read + Seek>(package: &mut Package<S>, part: &str) -> Result<Relations, Problem> {
    let mut all = Relations::new();
    if !package.has(part) {
        return Ok(all);
    }
    let mut xml = Scanner::new(package.part(part)?);
    loop {
        match xml.next()? {
            Token::Open {
                name: b"Relationship",
                attributes,
                ..
            } => {
                let get = |key| attributes.get(key)?.map(text).transpose();
                let kind = get(b"Type")?.unwrap_or_default();
                let target = get(b"Target")?.unwrap_or_default();
                // Those of the package are found by their type.
                let id = get(b"Id")?.unwrap_or_default();
                all.insert(id, (kind, target));
            }
            Token::End => return Ok(all),
            _ => {}
        }
    }
}

/// The first tag of a part, if it is text of one byte a letter.
fn root<S: Read + Seek>(package: &mut Package<S>, part: &str) -> Result<Option<Vec<u8>>, Problem> {
    let mut xml = Scanner::new(package.part(part)?);
    loop {
        match xml.next() {
            Ok(Token::Open { name, .. }) => return Ok(Some(name.to_vec())),
            // A byte order mark, a line feed.
            Ok(Token::Text(text)) if text.len() <= 4 => {}
            // What is wrong will be told by whoever reads it.
            _ => return Ok(None),
        }
    }
}

/// Which cell formats show a day or a time.
fn moments<S: Read + Seek>(
    package: &mut Package<S>,
    part: &str,
) -> Result<Option<Vec<bool>>, Problem> {
    let mut xml = Scanner::new(package.part(part)?);
    let mut custom = HashMap::new();
    let (mut all, mut inside, mut usual) = (Vec::new(), false, false);
    loop {
        match xml.next()? {
            Token::Open {
                name,
                attributes,
                empty,
            } => match name {
                b"styleSheet" => usual = true,
                b"cellXfs" => inside = !empty,
                b"numFmt" => {
                    let (id, code) = (attributes.get(b"numFmtId")?, attributes.get(b"formatCode")?);
                    if let (Some(id), Some(code)) = (id, code) {
                        custom.insert(id.to_vec(), shows_moment(&text(code)?));
                    }
                }
                b"xf" if inside => {
                    let id = attributes.get(b"numFmtId")?.unwrap_or_default();
                    let known = custom.get(id).copied();
                    all.push(known.unwrap_or_else(|| builtin_moment(id)));
                }
                _ => {}
            },
            Token::Close { name: b"cellXfs" } => inside = false,
            Token::End => return Ok(usual.then_some(all)),
            _ => {}
        }
    }
}

/// The formats of days and times that every workbook has without declaring
/// them; those of elapsed time (46) are none.
fn builtin_moment(id: &[u8]) -> bool {
    let id = std::str::from_utf8(id).ok().and_then(|id| id.parse().ok());
    matches!(id, Some(14_u16..=22 | 27..=36 | 45 | 47 | 50..=58))
}

/// Does the first section of a number format show a day or a time? Letters out
/// of quotes, brackets and escapes say so; `[h]` is elapsed time, « General »
/// and `AM/PM` are words.
fn shows_moment(code: &str) -> bool {
    let mut chars = code.chars();
    let mut half_day = false;
    while let Some(c) = chars.next() {
        match c.to_ascii_lowercase() {
            ';' => return false,
            '"' => {
                chars.by_ref().find(|c| *c == '"');
            }
            '[' => {
                let rest = chars.as_str();
                let end = rest.find(']').unwrap_or(rest.len());
                let inside = rest[..end].to_ascii_lowercase();
                let letter = inside.chars().next();
                if matches!(letter, Some('h' | 'm' | 's'))
                    && inside.chars().all(|c| Some(c) == letter)
                {
                    return false;
                }
                chars.by_ref().find(|c| *c == ']');
            }
            '\\' | '_' | '*' => {
                chars.next();
            }
            'a' if !half_day => half_day = true,
            'p' | 'm' | '/' if half_day => return true,
            'd' | 'm' | 'h' | 'y' | 's' if !half_day => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_show_a_day_or_a_time() {
        for code in [
            "dd/mm/yyyy",
            "d-mmm-yy",
            "[$-40C]d mmmm yyyy;@",
            "h:mm:ss",
            "h:mm AM/PM",
            "yyyy\\-mm\\-dd",
        ] {
            assert!(shows_moment(code), "{code}");
        }
        for code in [
            "General",
            "0.00",
            "# ##0 \"days\"",
            "[Red]0;[yellow]0",
            "[h]:mm",
            "[mm]:ss",
            "_d0",
            "0;d",
            "@",
        ] {
            assert!(!shows_moment(code), "{code}");
        }
        assert!(builtin_moment(b"14") && builtin_moment(b"22"));
        assert!(!builtin_moment(b"46") && !builtin_moment(b"2") && !builtin_moment(b""));
    }
}
