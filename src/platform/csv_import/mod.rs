//! Lists that come as CSV: UTF-8 or GB18030, with a header, at most 10,000 rows, all or
//! nothing. Every wrong cell is reported with its line and column, so that a file can be
//! mended in one go.

mod request;

use std::{collections::BTreeSet, str::FromStr};

use csv::StringRecord;
use serde_json::json;

pub use self::request::{CsvFile, ImportMode, ImportOut, takes_list};
use super::{
    fault::{Fault, FieldError, Problem, Refuse, Words},
    http::strict::is_text,
};

crate::refusals! {
    /// Why a list is not taken.
    pub enum Refusal {
        Encoding = 400 "import.encoding", "文件编码须为 UTF-8 或 GB18030", "The file must be UTF-8 or GB18030";
        Unreadable = 400 "import.csv", "文件不是有效的 CSV", "The file is not valid CSV";
        Columns = 422 "import.columns", "表头不正确", "The header is not as expected";
        TooManyRows = 422 "import.too_many_rows", "最多 10000 行", "At most 10,000 rows";
        Rows = 422 "import.rows", "部分行有误，未导入任何内容", "Some rows are wrong; nothing was imported";
    }
}

pub const MAX_ROWS: usize = 10_000;
/// So many wrong cells are told one by one; of the others the answer says how many there are.
pub const MAX_ERRORS: usize = 200;

/// The columns a list may have, in any order.
pub struct Columns {
    pub required: &'static [&'static str],
    pub optional: &'static [&'static str],
    /// Columns of known sources that say nothing we keep.
    pub ignored: &'static [&'static str],
}

/// A list whose header fits.
pub struct Sheet {
    header: Vec<String>,
    rows: Vec<(u64, StringRecord)>,
}

/// One row, read cell by cell; what is wrong is noted and reading goes on.
pub struct Row<'s> {
    pub line: u64,
    header: &'s [String],
    cells: &'s StringRecord,
    errors: &'s mut Vec<FieldError>,
}

impl Sheet {
    /// Reads the file; refuses columns it does not know, by name.
    pub fn read(bytes: &[u8], columns: &Columns) -> Result<Self, Fault> {
        let text = decode(bytes)?.replace("\r\n", "\n").replace('\r', "\n");
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
        let mut header = None;
        let mut rows = Vec::new();
        let mut record = StringRecord::new();
        while reader.read_record(&mut record).map_err(|_| Refusal::Unreadable)? {
            let line = lines.of(&record);
            match &header {
                None => header = Some(known_header(&record, columns)?),
                Some(_) if record.iter().all(|cell| cell.trim().is_empty()) => {}
                Some(_) if rows.len() == MAX_ROWS => return Err(Refusal::TooManyRows.into()),
                Some(_) => rows.push((line, record.clone())),
            }
        }
        let header = header.ok_or(Refusal::Columns)?;
        Ok(Self { header, rows })
    }

    /// Parses all rows, or says what is wrong with each.
    pub fn parse<T>(&self, read: impl Fn(&mut Row<'_>) -> Option<T>) -> Result<Vec<T>, Fault> {
        let mut errors = Vec::new();
        let mut values = Vec::with_capacity(self.rows.len());
        for (line, cells) in &self.rows {
            let mut row = Row { line: *line, header: &self.header, cells, errors: &mut errors };
            if cells.len() != self.header.len() {
                row.wrong(
                    "",
                    "import.cells",
                    words("列数与表头不符", "Not as many cells as the header"),
                );
                continue;
            }
            values.extend(read(&mut row));
        }
        refuse(errors)?;
        Ok(values)
    }
}

/// Refuses the list when there is any error.
pub fn refuse(mut errors: Vec<FieldError>) -> Result<(), Fault> {
    if errors.is_empty() {
        return Ok(());
    }
    let all = errors.len();
    errors.truncate(MAX_ERRORS);
    let mut problem = Problem { errors, ..Refusal::Rows.problem() };
    if all > MAX_ERRORS {
        let more = all - MAX_ERRORS;
        problem = problem.detail(
            format!("共有 {all} 处错误，仅列出前 {MAX_ERRORS} 处，另有 {more} 处"),
            format!("{all} errors: the first {MAX_ERRORS} are listed, and there are {more} more"),
        );
    }
    Err(problem.into())
}

/// What is wrong with a cell; `data` has the line (the header is line 1) and the column.
pub fn cell_error(line: u64, column: &str, code: &'static str, message: Words) -> FieldError {
    let mut error = FieldError::new(format!("/{line}/{column}"), code, message);
    error.data = Some(json!({ "line": line, "column": column }));
    error
}

impl Row<'_> {
    /// Notes what is wrong with a cell.
    pub fn wrong(&mut self, column: &str, code: &'static str, message: Words) {
        self.errors.push(cell_error(self.line, column, code, message));
    }

    /// The trimmed text of a cell; `None` when it is blank or there is no such column.
    pub fn text(&self, column: &str) -> Option<&str> {
        let index = self.header.iter().position(|name| name == column)?;
        let text = self.cells.get(index)?.trim();
        if text.is_empty() { None } else { Some(text) }
    }

    /// A cell that may be blank; noted when it is there and cannot be read.
    pub fn optional<T: FromStr>(
        &mut self,
        column: &str,
        expected: &Words,
    ) -> Result<Option<T>, Noted> {
        self.optional_with(column, expected, |text| text.parse().ok())
    }

    /// A cell that must be there; noted when it is blank or cannot be read.
    pub fn required<T: FromStr>(&mut self, column: &str, expected: &Words) -> Result<T, Noted> {
        self.required_with(column, expected, |text| text.parse().ok())
    }

    /// A text of at most so many characters; may be blank.
    pub fn short(&mut self, column: &str, most: usize) -> Result<Option<String>, Noted> {
        let expected = at_most(most);
        self.optional_with(column, &expected, |text| fits(text, most))
    }

    /// The same where it must be there.
    pub fn needed(&mut self, column: &str, most: usize) -> Result<String, Noted> {
        let expected = at_most(most);
        self.required_with(column, &expected, |text| fits(text, most))
    }

    /// Several words in one cell, with `;` or `、` between; none when it is blank.
    pub fn list(&self, column: &str) -> Vec<String> {
        let text = self.text(column).unwrap_or("");
        let words = text.split([';', '；', '、']).map(str::trim).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    }

    pub fn optional_with<T>(
        &mut self,
        column: &str,
        expected: &Words,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Noted> {
        let Some(text) = self.text(column) else { return Ok(None) };
        match read(text) {
            Some(value) => Ok(Some(value)),
            None => {
                let message =
                    Words::new(format!("须为{}", expected.zh), format!("Expected {}", expected.en));
                self.wrong(column, "import.value", message);
                Err(Noted)
            }
        }
    }

    pub fn required_with<T>(
        &mut self,
        column: &str,
        expected: &Words,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<T, Noted> {
        match self.optional_with(column, expected, read)? {
            Some(value) => Ok(value),
            None => {
                self.wrong(column, "import.required", words("不能为空", "It must not be blank"));
                Err(Noted)
            }
        }
    }
}

/// The cell was wrong and stands in the list of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noted;

/// `true`, `1`, `yes`, `是`, and their opposites.
pub fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "1" | "yes" | "是" => Some(true),
        "false" | "0" | "no" | "否" => Some(false),
        _ => None,
    }
}

fn at_most(most: usize) -> Words {
    Words::new(format!("至多 {most} 字"), format!("at most {most} characters"))
}

fn fits(text: &str, most: usize) -> Option<String> {
    (text.chars().count() <= most).then(|| text.to_owned())
}

fn words(zh: &str, en: &str) -> Words {
    Words::new(zh, en)
}

fn decode(bytes: &[u8]) -> Result<String, Fault> {
    let plain = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let (text, wrong) = match std::str::from_utf8(plain) {
        Ok(text) => (text.into(), false),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(bytes),
    };
    // Every other byte of a UTF-16 file is zero.
    if wrong || !is_text(&text) { Err(Refusal::Encoding.into()) } else { Ok(text.into_owned()) }
}

fn known_header(record: &StringRecord, columns: &Columns) -> Result<Vec<String>, Fault> {
    let header: Vec<String> = record.iter().map(|name| name.trim().to_lowercase()).collect();
    let mut problem = Refusal::Columns.problem();
    let mut seen = BTreeSet::new();
    for name in &header {
        let lists = [columns.required, columns.optional, columns.ignored];
        if !lists.iter().any(|list| list.contains(&name.as_str())) {
            let message =
                Words::new(format!("未知的列：{name}"), format!("Unknown column: {name}"));
            problem = problem.error(cell_error(1, name, "import.unknown_column", message));
        } else if !seen.insert(name.as_str()) {
            let message =
                Words::new(format!("重复的列：{name}"), format!("Column given twice: {name}"));
            problem = problem.error(cell_error(1, name, "import.repeated_column", message));
        }
    }
    for name in columns.required.iter().filter(|name| !seen.contains(**name)) {
        let message = Words::new(format!("缺少列：{name}"), format!("Missing column: {name}"));
        problem = problem.error(cell_error(1, name, "import.missing_column", message));
    }
    if problem.errors.is_empty() { Ok(header) } else { Err(problem.into()) }
}

/// Counts lines up to where a record begins; the reader itself counts blank lines late.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, record: &StringRecord) -> u64 {
        let start = record.position().map_or(self.at as u64, csv::Position::byte);
        let start = usize::try_from(start).unwrap_or(self.text.len());
        while self.at < self.text.len() && (self.at < start || self.text[self.at] == b'\n') {
            self.line += u64::from(self.text[self.at] == b'\n');
            self.at += 1;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: Columns =
        Columns { required: &["code", "name"], optional: &["open"], ignored: &["note"] };

    fn read(bytes: &[u8]) -> Result<Vec<(u64, u32, String)>, Fault> {
        Sheet::read(bytes, &COLUMNS)?.parse(|row| {
            let code = row.required::<u32>("code", &words("数字", "a number"));
            let name = row.required::<String>("name", &words("名称", "a name"));
            Some((row.line, code.ok()?, name.ok()?))
        })
    }

    fn errors(bytes: &[u8]) -> Vec<(String, &'static str)> {
        match read(bytes) {
            Err(Fault::Refused(p)) => {
                p.errors.iter().map(|e| (e.pointer.clone(), e.code)).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn both_encodings_and_any_order() {
        let text = "\u{feff}name,note,code\r\n中山大学,x,1\r\n";
        let plain = text.trim_start_matches('\u{feff}');
        let (gb, ..) = encoding_rs::GB18030.encode(plain);
        let expected = vec![(2, 1, "中山大学".to_owned())];
        assert_eq!(read(text.as_bytes()).unwrap(), expected);
        assert_eq!(read(&gb).unwrap(), expected);
        for bytes in [&b"code,name\n1,a\0b\n"[..], b"c\0o\0d\0e\0"] {
            assert!(
                matches!(read(bytes), Err(Fault::Refused(p)) if p.code.name == "import.encoding")
            );
        }
        assert!(
            matches!(read(b"code,name\n1,\xff\xff\n"), Err(Fault::Refused(p)) if p.code.name == "import.encoding")
        );
    }

    #[test]
    fn each_wrong_cell_has_its_line() {
        let text = "code,name\r\n\r\n1,a\r\n2,\"b\r\nc\"\r\n\r\nx,d\r\n4\r\n,\r\n5,\r\n";
        let expected =
            [("/7/code", "import.value"), ("/8/", "import.cells"), ("/10/name", "import.required")];
        let expected: Vec<_> = expected.map(|(p, c)| (p.to_owned(), c)).into();
        assert_eq!(errors(text.as_bytes()), expected);
    }

    #[test]
    fn of_many_wrong_cells_the_first_are_told() {
        let text = format!("code,name\n{}", "x,\n".repeat(MAX_ROWS));
        let Err(Fault::Refused(problem)) = read(text.as_bytes()) else { panic!("it was taken") };
        assert_eq!(problem.errors.len(), MAX_ERRORS);
        assert!(problem.detail.unwrap().en.contains("19800 more"));
        assert_eq!(errors(b"code,name\nx,\n").len(), 2);
    }

    #[test]
    fn the_header_is_checked_by_name() {
        let expected = [
            ("/1/colour", "import.unknown_column"),
            ("/1/code", "import.repeated_column"),
            ("/1/name", "import.missing_column"),
        ];
        let expected: Vec<_> = expected.map(|(p, c)| (p.to_owned(), c)).into();
        assert_eq!(errors(b"code,colour,code\n"), expected);
        assert!(matches!(read(b""), Err(Fault::Refused(p)) if p.code.name == "import.columns"));
    }

    #[test]
    fn ten_thousand_rows_and_no_more() {
        let rows = |n: usize| format!("code,name\n{}", "1,a\n".repeat(n));
        assert_eq!(read(rows(MAX_ROWS).as_bytes()).unwrap().len(), MAX_ROWS);
        assert!(
            matches!(read(rows(MAX_ROWS + 1).as_bytes()), Err(Fault::Refused(p)) if p.code.name == "import.too_many_rows")
        );
    }
}
