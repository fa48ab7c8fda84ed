//! The program as an operator has it: a folder, a database, the binary.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::SocketAddr,
    path::PathBuf,
    process::{self, Child, Command, Stdio},
};

use tempfile::TempDir;

use crate::{
    actor::PASSWORD,
    postgres::{admin, server_url, url_of},
    stage::Staff,
};

/// A fresh folder and database, marked for training, with the autumn of 2011 in it.
pub struct House {
    program: PathBuf,
    folder: TempDir,
    /// Server and name of the database, when it is PostgreSQL.
    postgres: Option<(String, String)>,
}

/// The running server; killed when something goes wrong before [`Server::stop`].
pub struct Server {
    process: Child,
    pub address: SocketAddr,
}

impl House {
    pub fn build(program: PathBuf) -> Self {
        let postgres = server_url().map(|server| {
            let name = format!("season_day_{}", process::id());
            admin(&server, &format!("CREATE DATABASE {name}"));
            (server, name)
        });
        let house = Self { program, folder: tempfile::tempdir().unwrap(), postgres };
        house.run(&["migrate", "--training"], None);
        house.run(&["seed", "--season", "2011-autumn"], None);
        house
    }

    pub fn database(&self) -> &'static str {
        if self.postgres.is_some() { "PostgreSQL" } else { "SQLite" }
    }

    /// Makes the accounts.
    pub fn hire(&self, staff: &[Staff]) {
        for Staff { name, role, phone, place } in staff {
            let user = ["user", "create", "--role", role, "--phone", phone, "--name", name];
            let how = ["--password-stdin", "--no-password-change"];
            self.run(&[&user[..], place, &how].concat(), Some(PASSWORD));
        }
    }

    /// Runs a command to its end, which must be a good one; answers what it printed.
    pub fn run(&self, args: &[&str], input: Option<&str>) -> String {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap_or_else(|error| self.missing(&error));
        let mut stdin = process.stdin.take().expect("it is piped");
        stdin.write_all(input.unwrap_or("").as_bytes()).unwrap();
        drop(stdin);
        let output = process.wait_with_output().unwrap();
        let said = |bytes| String::from_utf8_lossy(bytes).into_owned();
        let (out, err) = (said(&output.stdout), said(&output.stderr));
        assert!(output.status.success(), "campus-ops {}: {out}{err}", args.join(" "));
        out
    }

    /// Starts the server with the training clock at this time.
    pub fn serve(&self, clock: &str) -> Server {
        let args = ["serve", "--listen", "127.0.0.1:0", "--rate-limit", "off", "--clock", clock];
        let mut command = self.command(&args);
        let mut process =
            command.stdout(Stdio::piped()).spawn().unwrap_or_else(|error| self.missing(&error));
        let mut line = String::new();
        let mut out = BufReader::new(process.stdout.take().expect("it is piped"));
        out.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://");
        let address = address.unwrap_or_else(|| panic!("the server does not start: {line}"));
        let address = address.parse().unwrap();
        // Whatever else it prints must not fill the pipe.
        std::thread::spawn(move || out.read_to_end(&mut Vec::new()));
        Server { process, address }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(args).args(["--log", "error", "--data-dir"]).arg(self.folder.path());
        command.env_remove("DATABASE_URL");
        if let Some((server, name)) = &self.postgres {
            command.env("DATABASE_URL", url_of(server, name));
        }
        command
    }

    fn missing(&self, error: &std::io::Error) -> ! {
        panic!("{}: {error}", self.program.display())
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.postgres {
            admin(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

impl Server {
    /// Asks it to stop as a service manager does; it must end well.
    pub fn stop(mut self) {
        let id = self.process.id().to_string();
        // The shell's own `kill`: not every machine has the program.
        let asked = Command::new("sh").args(["-c", "kill -TERM \"$0\"", &id]).status().unwrap();
        assert!(asked.success(), "the server cannot be asked to stop");
        let ended = self.process.wait().unwrap();
        assert!(ended.success(), "the server ended badly: {ended}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After `stop` it has been waited for, and there is nothing left to kill.
        if matches!(self.process.try_wait(), Ok(None)) {
            self.process.kill().unwrap();
            self.process.wait().unwrap();
        }
    }
}
