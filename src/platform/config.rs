//! Settings: a file, then the environment, then flags; the later wins. One struct is read
//! from all three, so that a name means the same everywhere.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use serde::Deserialize;

use super::db::{OpenError, Target};

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One object a line, for log collectors.
    Json,
}

/// Whether request limits apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Switch {
    On,
    Off,
}

/// Every setting, each of which may be missing.
#[derive(Clone, Debug, Default, Args, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Folder of database, keys and files [default: ./data]
    #[arg(long, global = true, env = "CAMPUS_OPS_DATA_DIR", value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,

    /// sqlite:PATH or postgres://… [default: SQLite in the data folder]
    #[arg(long, global = true, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// Log lines as text or JSON [default: text]
    #[arg(long, global = true, env = "CAMPUS_OPS_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,

    /// What is logged, as info or campus_ops=debug [default: info]
    #[arg(long, global = true, env = "CAMPUS_OPS_LOG", value_name = "FILTER")]
    pub log: Option<String>,

    /// Address to serve on; port 0 picks a free one [default: 127.0.0.1:8080]
    #[arg(long, global = true, env = "CAMPUS_OPS_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,

    /// Request limits; off is for tests and load [default: on]
    #[arg(long, global = true, env = "CAMPUS_OPS_RATE_LIMIT", value_name = "SWITCH")]
    pub rate_limit: Option<Switch>,

    /// Hosts that links of WLAN login pages may lead to, with commas between
    /// [default: mm.10086.cn,10086.cn]
    #[arg(long, global = true, env = "CAMPUS_OPS_PORTAL_HOSTS", value_name = "HOSTS")]
    #[arg(value_delimiter = ',')]
    pub portal_hosts: Option<Vec<String>>,
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("cannot read {path}: {cause}")]
    File { path: PathBuf, cause: String },
    #[error(transparent)]
    Database(#[from] OpenError),
}

impl Settings {
    /// These settings, completed by a file's.
    pub fn over_file(self, file: Option<&Path>) -> Result<Self, ConfigError> {
        let Some(path) = file else { return Ok(self) };
        let failed = |cause: String| ConfigError::File { path: path.to_owned(), cause };
        let text = fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
        let file: Self = toml::from_str(&text).map_err(|error| failed(error.to_string()))?;
        Ok(Self {
            data_dir: self.data_dir.or(file.data_dir),
            database_url: self.database_url.or(file.database_url),
            log_format: self.log_format.or(file.log_format),
            log: self.log.or(file.log),
            listen: self.listen.or(file.listen),
            rate_limit: self.rate_limit.or(file.rate_limit),
            portal_hosts: self.portal_hosts.or(file.portal_hosts),
        })
    }

    pub fn data_dir(&self) -> PathBuf {
        self.data_dir.clone().unwrap_or_else(|| PathBuf::from("./data"))
    }

    pub fn keys_dir(&self) -> PathBuf {
        self.data_dir().join("keys")
    }

    /// The database of these settings.
    pub fn target(&self) -> Result<Target, ConfigError> {
        match &self.database_url {
            Some(url) => Ok(url.parse()?),
            None => Ok(Target::Sqlite(self.data_dir().join("campus-ops.sqlite"))),
        }
    }

    pub fn listen(&self) -> SocketAddr {
        self.listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080)))
    }

    pub fn limits_apply(&self) -> bool {
        self.rate_limit != Some(Switch::Off)
    }

    /// Hosts that links of WLAN login pages may lead to.
    pub fn portal_hosts(&self) -> Vec<String> {
        let standard = || ["mm.10086.cn", "10086.cn"].map(str::to_owned).to_vec();
        self.portal_hosts.clone().unwrap_or_else(standard)
    }
}
