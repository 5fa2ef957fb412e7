//! .csv and .txt: text with separators, its encoding told by rule.
//!
//! Encoding: the byte order mark decides; else the file is UTF-8 if all of it
//! is valid UTF-8; else it is the encoding, of windows-1252 and Mac OS Roman,
//! in which more of its bytes are accented letters of French. Separator: of
//! `;`, `,`, tab and `|`, the one that makes a header of most known columns.

use std::io::{Read, Seek};

use csv_core::ReadRecordResult;
use encoding_rs::{Decoder, Encoding, MACINTOSH, UTF_8, WINDOWS_1252};

use super::window::Window;
use super::{Book, Head, SheetInfo, Sink};
use crate::intake::cell::{Epoch, Row, Value};
use crate::intake::columns::Names;
use crate::intake::error::{Bound, Problem};
use crate::intake::limits::{HEADER_ROWS, MAX_COLUMNS, MAX_ROW_BYTES, MAX_ROWS};
use crate::intake::report::Format;
use crate::words::damage as words;

pub(crate) struct Text<S> {
    source: Window<S>,
    encoding: &'static Encoding,
    separator: u8,
    sheets: Vec<SheetInfo>,
    /// Bytes read and decoded at once.
    piece: usize,
}

const PIECE: usize = 64 * 1024;

const SEPARATORS: [u8; 4] = [b';', b',', b'\t', b'|'];

/// What a file of markup is, when the first bytes are markup.
pub(crate) fn markup(start: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(start).to_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if !text.starts_with('<') {
        return text.starts_with(['{', '[']).then_some(words::JSON);
    }
    Some(
        if text.contains("<html") || text.contains("<!doctype html") || text.contains("<table") {
            words::HTML
        } else if text.contains("urn:schemas-microsoft-com:office:spreadsheet") {
            words::SPREADSHEET_XML
        } else if text.contains("office:document") {
            words::FLAT_OPEN_DOCUMENT
        } else {
            words::XML
        },
    )
}

impl<S: Read + Seek> Text<S> {
    pub(crate) fn open(mut source: Window<S>) -> Result<Self, Problem> {
        let encoding = encoding(&mut source)?;
        let mut text = Self {
            source,
            encoding,
            separator: b';',
            sheets: vec![SheetInfo {
                name: String::new(),
                visible: true,
            }],
            piece: PIECE,
        };
        let names = Names::new();
        let mut best = None;
        for separator in SEPARATORS {
            text.separator = separator;
            let mut head = Head::default();
            let mut rows = 0;
            let scanned = text.scan(0, &mut |number, row, _| {
                rows += 1;
                Ok(head.push(number, row) && rows < 4 * HEADER_ROWS)
            });
            match scanned {
                // What was read before the trouble is enough to choose; the
                // reading itself will say what is wrong.
                Ok(()) | Err(Problem::TooMuch { .. } | Problem::Damaged { .. }) => {}
                Err(e) => return Err(e),
            }
            let known =
                |row: &[String]| row.iter().filter(|h| names.recognise(h).is_some()).count();
            let score = head
                .rows
                .iter()
                .map(|(_, row)| (known(row), row.len()))
                .max();
            if score > best.and_then(|(score, _)| score) {
                best = Some((score, separator));
            }
        }
        text.separator = best.map_or(b';', |(_, separator)| separator);
        Ok(text)
    }
}

fn encoding<S: Read + Seek>(source: &mut Window<S>) -> Result<&'static Encoding, Problem> {
    let start = source.start(4096)?;
    if let Some((encoding, _)) = Encoding::for_bom(&start) {
        return Ok(encoding);
    }
    if start.contains(&0) {
        return Err(Problem::WrongKind {
            what: words::NEITHER.to_owned(),
        });
    }
    let mut whole = Utf8Check::default();
    each_piece(source, |bytes| {
        if memchr::memchr(0, bytes).is_some() {
            return Err(Problem::WrongKind {
                what: words::NEITHER.to_owned(),
            });
        }
        whole.feed(bytes);
        Ok(())
    })?;
    if whole.end() {
        return Ok(UTF_8);
    }
    // Only then do its accents tell: few files are gone through once more.
    let (mut windows, mut mac) = (0_u64, 0_u64);
    each_piece(source, |bytes| {
        for byte in bytes.iter().filter(|b| !b.is_ascii()) {
            // é è ê à â ç ô ù û î ï ë and É in either encoding.
            windows +=
                u64::from(b"\xe9\xe8\xea\xe0\xe2\xe7\xf4\xf9\xfb\xee\xef\xeb\xc9".contains(byte));
            mac +=
                u64::from(b"\x8e\x8f\x90\x88\x89\x8d\x99\x9d\x9e\x94\x95\x91\x83".contains(byte));
        }
        Ok(())
    })?;
    Ok(match mac > windows {
        true => MACINTOSH,
        false => WINDOWS_1252,
    })
}

/// Hands over the bytes of a source from its start, piece by piece.
fn each_piece<S: Read + Seek>(
    source: &mut Window<S>,
    mut each: impl FnMut(&[u8]) -> Result<(), Problem>,
) -> Result<(), Problem> {
    source.rewind()?;
    let mut buffer = vec![0; PIECE];
    loop {
        match source.read(&mut buffer)? {
            0 => return Ok(()),
            n => each(&buffer[..n])?,
        }
    }
}

/// Is a stream of bytes valid UTF-8?
#[derive(Default)]
struct Utf8Check {
    /// The bytes of a character that is not whole yet.
    pending: Vec<u8>,
    broken: bool,
}

impl Utf8Check {
    fn feed(&mut self, bytes: &[u8]) {
        if self.broken {
            return;
        }
        let mut rest = bytes;
        while !self.pending.is_empty() && !rest.is_empty() {
            self.pending.push(rest[0]);
            rest = &rest[1..];
            match std::str::from_utf8(&self.pending) {
                Ok(_) => self.pending.clear(),
                Err(e) if e.error_len().is_none() => {}
                Err(_) => {
                    self.broken = true;
                    return;
                }
            }
        }
        if let Err(e) = std::str::from_utf8(rest) {
            match e.error_len() {
                Some(_) => self.broken = true,
                None => self.pending.extend_from_slice(&rest[e.valid_up_to()..]),
            }
        }
    }

    fn end(&self) -> bool {
        !self.broken && self.pending.is_empty()
    }
}

/// Decodes the source to UTF-8, piece by piece, with a line feed at the end.
///
/// REASON: that last line feed ends a record that none would end, unless a
/// quote is still open: so an open quote is seen rather than swallowing rows.
struct Decoded<'a, S> {
    source: &'a mut Window<S>,
    decoder: Decoder,
    raw: Vec<u8>,
    text: String,
    /// What of the text was used.
    used: usize,
    ended: bool,
}

impl<'a, S: Read + Seek> Decoded<'a, S> {
    fn new(
        source: &'a mut Window<S>,
        encoding: &'static Encoding,
        piece: usize,
    ) -> Result<Self, Problem> {
        source.rewind()?;
        Ok(Self {
            source,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; piece],
            text: String::new(),
            used: 0,
            ended: false,
        })
    }

    /// The text not used yet; empty at the end.
    fn available(&mut self) -> Result<&[u8], Problem> {
        while self.used == self.text.len() && !self.ended {
            self.text.clear();
            self.used = 0;
            let n = self.source.read(&mut self.raw)?;
            let room = self
                .decoder
                .max_utf8_buffer_length(n)
                .unwrap_or(4 * self.raw.len());
            self.text.reserve(room + 1);
            let _ = self
                .decoder
                .decode_to_string(&self.raw[..n], &mut self.text, n == 0);
            if n == 0 {
                self.ended = true;
                self.text.push('\n');
            }
        }
        Ok(&self.text.as_bytes()[self.used..])
    }

    /// The next line, without the byte that ends it, which is given beside: nothing
    /// where a quote comes first, or where what was decoded holds no end of line.
    fn plain_line(&self) -> Option<(&str, u8)> {
        let rest = &self.text[self.used..];
        let end = memchr::memchr3(b'"', b'\n', b'\r', rest.as_bytes())?;
        let last = rest.as_bytes()[end];
        (last != b'"').then(|| (&rest[..end], last))
    }
}

/// Counts the ends of lines, a carriage return and a line feed being one.
#[derive(Default)]
struct Lines {
    count: u32,
    after_return: bool,
}

impl Lines {
    fn feed(&mut self, bytes: &[u8]) {
        for at in memchr::memchr2_iter(b'\r', b'\n', bytes) {
            let after_return = match at.checked_sub(1) {
                Some(before) => bytes[before] == b'\r',
                None => self.after_return,
            };
            self.count += u32::from(bytes[at] == b'\r' || !after_return);
        }
        if let Some(last) = bytes.last() {
            self.after_return = *last == b'\r';
        }
    }

    /// Counts the end of one line, of so many bytes before it.
    fn end(&mut self, length: usize, last: u8) {
        let second_of_two = length == 0 && last == b'\n' && self.after_return;
        self.count += u32::from(!second_of_two);
        self.after_return = last == b'\r';
    }
}

impl<S: Read + Seek> Book for Text<S> {
    fn format(&self) -> Format {
        Format::Csv
    }

    fn dialect(&self) -> Option<String> {
        Some(words::dialect(self.encoding.name(), self.separator))
    }

    fn epoch(&self) -> Option<Epoch> {
        None
    }

    fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    fn scan(&mut self, _: usize, sink: &mut Sink<'_>) -> Result<(), Problem> {
        let size = self.source.size().max(1);
        let watch = self.source.watch();
        let told = || (watch.get() * 1000 / size).min(1000) as u16;
        let within = |number: u32| match number > MAX_ROWS {
            true => Err(Problem::too_much(
                Bound::Rows,
                u64::from(number),
                u64::from(MAX_ROWS),
            )),
            false => Ok(()),
        };
        let mut decoded = Decoded::new(&mut self.source, self.encoding, self.piece)?;
        let mut parser = csv_core::ReaderBuilder::new()
            .delimiter(self.separator)
            .build();
        let (mut fields, mut ends) = (vec![0; 4096], vec![0; 64]);
        let (mut filled, mut count) = (0, 0);
        // A row's number is the one a spreadsheet gives: ends of lines within
        // quotes are not ends of rows.
        let (mut lines, mut quoted) = (Lines::default(), 0_u32);
        let mut row = Row::default();
        // Is the parser between two lines? It is not before the first: there it
        // drops a mark.
        let mut between = false;
        loop {
            // A line without quotes is read where it stands. The parser takes the
            // others: those with a quote, or cut where one piece of the text ends.
            if between && let Some((line, last)) = decoded.plain_line() {
                let length = line.len();
                if length == 0 || row.put_line(line, self.separator) {
                    decoded.used += length + 1;
                    lines.end(length, last);
                    if length == 0 {
                        continue;
                    }
                    let number = lines.count - quoted;
                    within(number)?;
                    if !sink(number, &row, told())? {
                        return Ok(());
                    }
                    continue;
                }
            }
            let input = decoded.available()?;
            let at_end = input.is_empty();
            let (result, used, written, ended) =
                parser.read_record(input, &mut fields[filled..], &mut ends[count..]);
            lines.feed(&input[..used]);
            decoded.used += used;
            filled += written;
            count += ended;
            let number = lines.count - quoted;
            between = matches!(result, ReadRecordResult::Record);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if fields.len() >= MAX_ROW_BYTES => {
                    return Err(Problem::damaged(words::long_row(number, MAX_ROW_BYTES)));
                }
                ReadRecordResult::OutputFull => fields.resize(fields.len() * 2, 0),
                ReadRecordResult::OutputEndsFull if ends.len() > MAX_COLUMNS => {
                    return Err(Problem::too_much(
                        Bound::Columns,
                        ends.len() as u64,
                        MAX_COLUMNS as u64,
                    ));
                }
                ReadRecordResult::OutputEndsFull => ends.resize(ends.len() * 2, 0),
                ReadRecordResult::Record if at_end => {
                    return Err(Problem::damaged(words::open_quote(number + 1)));
                }
                ReadRecordResult::Record => {
                    within(number)?;
                    let mut inner = Lines::default();
                    inner.feed(&fields[..filled]);
                    quoted += inner.count;
                    row.clear();
                    let cut = || Problem::damaged(words::CHARACTER_CUT);
                    let texts = std::str::from_utf8(&fields[..filled]).map_err(|_| cut())?;
                    let mut start = 0;
                    for (column, end) in ends[..count].iter().enumerate() {
                        let text = texts.get(start..*end).ok_or_else(cut)?;
                        row.put(column, Value::Text(text))?;
                        start = *end;
                    }
                    (filled, count) = (0, 0);
                    let number = lines.count - quoted;
                    if !sink(number, &row, told())? {
                        return Ok(());
                    }
                }
                ReadRecordResult::End => return Ok(()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn rows(bytes: &[u8]) -> Result<Vec<(u32, Vec<String>)>, Problem> {
        rows_by(bytes, PIECE)
    }

    fn rows_by(bytes: &[u8], piece: usize) -> Result<Vec<(u32, Vec<String>)>, Problem> {
        let mut book = Text::open(Window::new(Cursor::new(bytes), bytes.len() as u64))?;
        book.piece = piece;
        let mut rows = Vec::new();
        book.scan(0, &mut |number, row, _| {
            let texts = (0..row.width())
                .map(|c| row.get(c).text().into_owned())
                .collect();
            rows.push((number, texts));
            Ok(true)
        })?;
        Ok(rows)
    }

    fn row(number: u32, texts: &[&str]) -> (u32, Vec<String>) {
        (number, texts.iter().map(|t| (*t).to_owned()).collect())
    }

    #[test]
    fn rows_have_the_numbers_that_a_spreadsheet_gives() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["Commune;Occupation", "", "A;\"b", "c\"", "D;e"].join(end);
            let expected = vec![
                row(1, &["Commune", "Occupation"]),
                row(3, &["A", &format!("b{end}c")]),
                row(4, &["D", "e"]),
            ];
            assert_eq!(rows(text.as_bytes()).unwrap(), expected, "{end:?}");
            assert_eq!(
                rows(format!("{text}{end}").as_bytes()).unwrap(),
                expected,
                "{end:?}"
            );
        }
    }

    #[test]
    fn an_open_quote_swallows_nothing_in_silence() {
        let problem = rows(b"Commune;Occupation\nA;\"b\nC;d\n").unwrap_err();
        assert_eq!(problem.code(), "fichier-abime");
        // A quote within a cell is a character like another.
        assert_eq!(
            rows(b"Commune;Occupation\nA;5\"\n").unwrap()[1],
            row(2, &["A", "5\""])
        );
    }

    proptest::proptest! {
        /// In pieces of one byte every line but the blank ones goes through the parser.
        #[test]
        fn lines_read_where_they_stand_are_those_of_the_parser(
            text in "([a é;\"\n\r]|;;|\r\n|a;b\n){0,60}",
            piece in 2_usize..40,
        ) {
            let said = |piece| {
                let text = format!("Commune;Occupation\n{text}");
                rows_by(text.as_bytes(), piece).map_err(|problem| problem.to_string())
            };
            let parsed = said(1);
            proptest::prop_assert_eq!(&said(PIECE), &parsed);
            proptest::prop_assert_eq!(&said(piece), &parsed);
        }
    }

    #[test]
    fn a_long_line_is_bounded_as_the_parser_bounds_it() {
        let wide = format!("Commune;Occupation\n{}\n", "a;".repeat(MAX_COLUMNS + 1));
        let long = format!("Commune;Occupation\nb;{}\n", "a".repeat(140_000));
        for text in [wide, long] {
            let said = |piece| rows_by(text.as_bytes(), piece).map_err(|p| p.to_string());
            let (whole, parsed) = (said(PIECE), said(1));
            assert!(whole.is_err());
            assert_eq!(whole, parsed);
        }
    }

    #[test]
    fn encodings_are_told_by_rule() {
        let text = "Commune;Occupation\nÉcuisses;loué à côté\n";
        let encode = |e: &'static Encoding| e.encode(text).0.into_owned();
        let mut marked = b"\xef\xbb\xbf".to_vec();
        marked.extend_from_slice(text.as_bytes());
        let utf16: Vec<u8> = std::iter::once(0xFEFF)
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let mac = b"Commune;Occupation\n\x83cuisses;lou\x8e \x88 c\x99t\x8e\n".to_vec();
        for bytes in [
            text.as_bytes().to_vec(),
            marked,
            utf16,
            encode(WINDOWS_1252),
            mac,
        ] {
            assert_eq!(
                rows(&bytes).unwrap()[1],
                row(2, &["Écuisses", "loué à côté"])
            );
        }
    }

    #[test]
    fn separators_are_told_by_the_header() {
        for separator in [";", ",", "\t", "|"] {
            let text =
                format!("Titre, avec ; tout\nCommune{separator}Occupation\nMary{separator}loué\n");
            assert_eq!(
                rows(text.as_bytes()).unwrap()[1],
                row(2, &["Commune", "Occupation"])
            );
        }
    }

    #[test]
    fn a_character_cut_between_two_reads_is_whole() {
        let mut check = Utf8Check::default();
        for byte in "aé€😀".as_bytes() {
            check.feed(&[*byte]);
        }
        assert!(check.end());
        check.feed(&[0xC3]);
        assert!(!check.end());
    }

    #[test]
    fn too_wide_a_row_is_an_error() {
        let wide = ";".repeat(200_000);
        assert_eq!(rows(wide.as_bytes()).unwrap_err().code(), "limite-depassee");
    }
}
