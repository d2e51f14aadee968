//! Files that hold what is nobody else's affair: statements, addresses, a password.

use std::fs::OpenOptions;

/// What opens or makes a file that only its owner may read and write.
pub(crate) fn private_file() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only unix has a mode to set"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}
