//! What it takes to get in beside the profile: the password, and the tunnel.

use super::{ConnectionProfile, Secret, Tunnel};
use crate::{Error, ErrorKind, Result};

/// The password and the way there. Cloning shares the tunnel, and with it the one SSH session.
#[derive(Debug, Clone, Default)]
pub struct Access {
    pub password: Option<Secret>,
    /// Needed where the profile names an SSH server.
    pub tunnel: Option<Tunnel>,
}

impl Access {
    /// Without a tunnel.
    pub fn by_password(password: Option<&Secret>) -> Self {
        Self { password: password.cloned(), tunnel: None }
    }

    /// The tunnel of a profile, if it has one.
    ///
    /// # Errors
    /// `Precondition` where the profile has one and none was given: nothing may go there by another way.
    pub(super) fn tunnel_of(&self, profile: &ConnectionProfile) -> Result<Option<&Tunnel>> {
        match (&profile.ssh, &self.tunnel) {
            (None, _) => Ok(None),
            (Some(_), Some(tunnel)) => Ok(Some(tunnel)),
            (Some(_), None) => Err(Error::new(
                ErrorKind::Precondition,
                format!("{} is reached through an SSH tunnel, and this program opens none", profile.name),
            )
            .hint("Open the connection by its name, so that its tunnel is opened with it.")),
        }
    }
}
