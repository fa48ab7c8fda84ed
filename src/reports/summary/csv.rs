//! A report as a table for a spreadsheet (RFC 4180 with a byte-order mark, so that Excel
//! reads Chinese). A cell that a spreadsheet would take for a formula is defused.

use crate::platform::fault::Fault;

const BYTE_ORDER_MARK: &str = "\u{feff}";
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Text that no spreadsheet takes for a formula.
pub fn defused(cell: &str) -> String {
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() }
}

/// Lines of cells; the first holds the names of the columns.
pub fn table(lines: &[Vec<String>]) -> Result<String, Fault> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for line in lines {
        writer.write_record(line.iter().map(|cell| defused(cell))).map_err(Fault::bug)?;
    }
    let bytes = writer.into_inner().map_err(Fault::bug)?;
    Ok(format!("{BYTE_ORDER_MARK}{}", String::from_utf8(bytes).map_err(Fault::bug)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_commas_are_quoted() {
        let line = ["=1+1", "@x", "-3", "a,b", "中山"].map(str::to_owned).to_vec();
        assert_eq!(table(&[line]).unwrap(), "\u{feff}'=1+1,'@x,'-3,\"a,b\",中山\r\n");
    }
}
