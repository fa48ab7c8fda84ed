//! Keys are files of the data folder, never rows: `keys/<use>/<kid>.pem` for signing keys
//! (ES256, PKCS#8), `keys/<use>.key` for secrets. What is missing is made at first start,
//! readable by the owner alone.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey};
use p256::{
    SecretKey,
    elliptic_curve::sec1::ToEncodedPoint,
    pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, LineEnding},
};

use super::{MacKey, random};

/// How many keys of one use verify at a time: the newest, and the one before it.
const MOST_KEYS: usize = 2;

/// Keys of one use, at most two at a time: the newest signs, all verify.
#[derive(Clone)]
pub struct SigningKeys {
    keys: Vec<SigningKey>,
}

/// An ES256 key with its name.
#[derive(Clone)]
pub struct SigningKey {
    /// At most three characters: it stands in every pass, and a pass must fit its QR code.
    pub kid: String,
    pub encoding: EncodingKey,
    pub decoding: DecodingKey,
    /// Public point, base64url, for a JWK (RFC 7517).
    pub x: String,
    pub y: String,
}

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("cannot read or write the key file {path}: {cause}")]
    File { path: PathBuf, cause: io::Error },
    #[error("{0} is no usable key")]
    Unusable(PathBuf),
}

impl SigningKeys {
    /// Loads the keys of `use_`; makes the first one when there is none.
    pub fn load(folder: &Path, use_: &str) -> Result<Self, KeyError> {
        let folder = folder.join(use_);
        let mut files = pem_files(&folder)?;
        if files.is_empty() {
            let file = folder.join("1.pem");
            let pem = secret_key().to_pkcs8_pem(LineEnding::LF);
            let pem = pem.map_err(|_| KeyError::Unusable(file.clone()))?;
            write_secret(&file, pem.as_bytes())?;
            files = pem_files(&folder)?;
        }
        // Older files may stay in the folder; what they signed no longer verifies.
        let files = &files[files.len().saturating_sub(MOST_KEYS)..];
        let keys = files.iter().map(|file| read_signing_key(file)).collect::<Result<_, _>>()?;
        Ok(Self { keys })
    }

    /// The key that signs now.
    pub fn current(&self) -> &SigningKey {
        // `load` never leaves the list empty, and files sort by their number.
        &self.keys[self.keys.len() - 1]
    }

    pub fn find(&self, kid: &str) -> Option<&SigningKey> {
        self.keys.iter().find(|key| key.kid == kid)
    }

    pub fn iter(&self) -> impl Iterator<Item = &SigningKey> {
        self.keys.iter()
    }
}

/// Loads the secret `name`, or makes it.
pub fn secret(folder: &Path, name: &str) -> Result<MacKey, KeyError> {
    let file = folder.join(format!("{name}.key"));
    if !file.exists() {
        write_secret(&file, URL_SAFE_NO_PAD.encode(random::bytes::<32>()).as_bytes())?;
    }
    let text = fs::read_to_string(&file).map_err(|cause| failed(&file, cause))?;
    let bytes = URL_SAFE_NO_PAD.decode(text.trim()).ok();
    let bytes = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    bytes.map(MacKey::new).ok_or(KeyError::Unusable(file))
}

fn failed(path: &Path, cause: io::Error) -> KeyError {
    KeyError::File { path: path.to_owned(), cause }
}

fn pem_files(folder: &Path) -> Result<Vec<PathBuf>, KeyError> {
    fs::create_dir_all(folder).map_err(|cause| failed(folder, cause))?;
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|cause| failed(folder, cause))? {
        let path = entry.map_err(|cause| failed(folder, cause))?.path();
        if path.extension().is_some_and(|extension| extension == "pem") {
            files.push(path);
        }
    }
    files.sort_by_key(|path| (path.as_os_str().len(), path.clone()));
    Ok(files)
}

#[expect(clippy::expect_used, reason = "one in 2^32 tries would fail, and the next one follows")]
fn secret_key() -> SecretKey {
    (0..64).find_map(|_| SecretKey::from_slice(&random::bytes::<32>()).ok()).expect("a scalar")
}

fn read_signing_key(file: &Path) -> Result<SigningKey, KeyError> {
    let unusable = || KeyError::Unusable(file.to_owned());
    let pem = fs::read_to_string(file).map_err(|cause| failed(file, cause))?;
    let secret = SecretKey::from_pkcs8_pem(&pem).map_err(|_| unusable())?;
    let public = secret.public_key();
    let public_pem = public.to_public_key_pem(LineEnding::LF).map_err(|_| unusable())?;
    let point = public.to_encoded_point(false);
    let (Some(x), Some(y)) = (point.x(), point.y()) else { return Err(unusable()) };
    let kid = file.file_stem().and_then(|name| name.to_str());
    let kid = kid.filter(|kid| kid.len() <= 3).ok_or_else(unusable)?;
    Ok(SigningKey {
        kid: kid.to_owned(),
        encoding: EncodingKey::from_ec_pem(pem.as_bytes()).map_err(|_| unusable())?,
        decoding: DecodingKey::from_ec_pem(public_pem.as_bytes()).map_err(|_| unusable())?,
        x: URL_SAFE_NO_PAD.encode(x),
        y: URL_SAFE_NO_PAD.encode(y),
    })
}

/// Makes the file, whole at once. Where another process was first, its file stays.
fn write_secret(file: &Path, content: &[u8]) -> Result<(), KeyError> {
    use std::io::Write;
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|cause| failed(folder, cause))?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let draft = folder.join(format!(".{}.new", random::readable(12)));
    let mut out = options.open(&draft).map_err(|cause| failed(&draft, cause))?;
    let written = out.write_all(content).and_then(|()| out.sync_all()).and_then(|()| {
        match fs::hard_link(&draft, file) {
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            linked => linked,
        }
    });
    fs::remove_file(&draft).map_err(|cause| failed(&draft, cause))?;
    written.map_err(|cause| failed(file, cause))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, sync::Barrier, thread};

    use super::*;

    #[test]
    fn servers_that_start_together_have_the_same_keys() {
        const SERVERS: usize = 16;
        let folder = tempfile::tempdir().unwrap();
        let start = Barrier::new(SERVERS);
        let server = || {
            start.wait();
            let keys = SigningKeys::load(folder.path(), "access").unwrap();
            secret(folder.path(), "refresh").unwrap();
            keys.current().x.clone()
        };
        let found: BTreeSet<String> = thread::scope(|scope| {
            let servers: Vec<_> = (0..SERVERS).map(|_| scope.spawn(server)).collect();
            servers.into_iter().map(|server| server.join().unwrap()).collect()
        });
        assert_eq!(found.len(), 1);
        let files = |folder: &Path| fs::read_dir(folder).unwrap().count();
        assert_eq!(files(&folder.path().join("access")), 1);
        assert_eq!(files(folder.path()), 2);
    }
}
