//! What the command line says. A reader who has seen enough (`campus-ops openapi | head`)
//! is no failure: the rest stays unsaid.

use std::{
    fmt::Display,
    io::{self, ErrorKind, Write},
};

/// A line on standard output.
pub fn line(text: impl Display) -> io::Result<()> {
    unless_gone(writeln!(io::stdout().lock(), "{text}"))
}

/// A text that ends its own lines.
pub fn text(text: impl Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    unless_gone(write!(out, "{text}").and_then(|()| out.flush()))
}

/// A line on standard error; where that is closed nobody can be told.
pub fn complain(text: impl Display) {
    drop(writeln!(io::stderr().lock(), "{text}"));
}

fn unless_gone(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
