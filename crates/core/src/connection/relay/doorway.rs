//! The socket that the driver connects to.

use std::io;
use std::path::{Path, PathBuf};

#[cfg(unix)]
pub(super) type Driver = tokio::net::UnixStream;
#[cfg(not(unix))]
pub(super) type Driver = tokio::net::TcpStream;

/// The port in the socket's name; it says nothing else.
pub(in crate::connection) const PORT: u16 = 5432;

/// Short, since the path of a socket may have a hundred letters and no more, and on every Unix.
#[cfg(unix)]
const BASE: &str = "/tmp";

/// An open door. It is gone with the value.
#[cfg(unix)]
pub(super) struct Doorway {
    listener: tokio::net::UnixListener,
    folder: PathBuf,
}

#[cfg(unix)]
impl Doorway {
    /// Opens one in a new folder that nobody else may enter.
    pub(super) fn open() -> io::Result<Self> {
        use std::os::unix::fs::DirBuilderExt as _;
        let name = format!("evaldesk-{}", uuid::Uuid::now_v7().simple());
        let folder = Path::new(BASE).join(name);
        // It fails where the name is taken: nobody can have prepared the folder for us.
        std::fs::DirBuilder::new().mode(0o700).create(&folder)?;
        match tokio::net::UnixListener::bind(folder.join(format!(".s.PGSQL.{PORT}"))) {
            Ok(listener) => Ok(Self { listener, folder }),
            Err(error) => {
                let _ = std::fs::remove_dir_all(&folder);
                Err(error)
            }
        }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The next one to come in; only this user can.
    pub(super) async fn accept(&self) -> io::Result<Driver> {
        self.listener.accept().await.map(|(driver, _)| driver)
    }
}

#[cfg(unix)]
impl Drop for Doorway {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
