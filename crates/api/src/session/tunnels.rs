//! Tunnels of a session: their secrets, kept beside the password and by the same rules.

use evaldesk_core::connection::{
    ConnectionProfile, Secret, SecretPolicy, SecretStore as _, SshAuth, SshTunnel, Tunnel,
};
use evaldesk_core::{Error, ErrorKind};

use super::Session;
use crate::Result;

impl Session {
    /// A profile's tunnel, not open yet.
    ///
    /// # Errors
    /// `SecretUnavailable` where its password or passphrase is asked each time and was not typed.
    pub(crate) async fn tunnel(&self, profile: &ConnectionProfile) -> Result<Option<Tunnel>> {
        let Some(ssh) = &profile.ssh else { return Ok(None) };
        let secret = self.tunnel_secret(profile, ssh).await?;
        Ok(Some(Tunnel::new(ssh, secret, self.0.ssh.clone())))
    }

    /// The tunnel of a profile that is being tested. The kept secret goes only where it was kept for.
    pub(crate) async fn tunnel_to_test(
        &self,
        profile: &ConnectionProfile,
        typed: Option<Secret>,
    ) -> Result<Option<Tunnel>> {
        let Some(ssh) = &profile.ssh else { return Ok(None) };
        let kept_for_it = self.profile(&profile.id).is_ok_and(|saved| saved.ssh.as_ref() == Some(ssh));
        let secret = match typed {
            Some(typed) => Some(typed),
            None if kept_for_it => self.tunnel_secret(profile, ssh).await?,
            None => None,
        };
        Ok(Some(Tunnel::new(ssh, secret, self.0.ssh.clone())))
    }

    /// Keeps a typed secret of a tunnel in memory.
    pub(crate) fn remember_tunnel(&self, connection: &str, secret: Secret) -> Result<()> {
        let profile = self.profile(connection)?;
        self.remember(&SshTunnel::secret_key(profile.secret_key()), secret);
        Ok(())
    }

    /// Keeps a tunnel's secret where the profile says, and takes it out of the keyring where it says no longer.
    pub(crate) async fn keep_tunnel(&self, profile: &ConnectionProfile, typed: Option<Secret>) -> Result<()> {
        let key = SshTunnel::secret_key(profile.secret_key());
        match (profile.ssh.as_ref().map(|ssh| ssh.secret_policy), typed) {
            (Some(SecretPolicy::Keyring), Some(secret)) => {
                self.secrets().set(&key, secret).await?;
                self.unremember(&key).await;
            }
            (Some(SecretPolicy::Keyring), None) => {}
            (Some(_), Some(secret)) => self.remember(&key, secret),
            _ => self.unkeep(profile, &key).await?,
        }
        Ok(())
    }

    /// Forgets a tunnel's secret with its connection.
    pub(crate) async fn forget_tunnel(&self, profile: &ConnectionProfile) -> evaldesk_core::Result<()> {
        self.unkeep(profile, &SshTunnel::secret_key(profile.secret_key())).await
    }

    /// Only where one can have been kept: the keyring of somebody who never had a tunnel is not asked.
    async fn unkeep(&self, profile: &ConnectionProfile, key: &str) -> evaldesk_core::Result<()> {
        self.unremember(key).await;
        let saved = self.profile(&profile.id).ok().and_then(|saved| saved.ssh);
        match saved.filter(|ssh| ssh.secret_policy == SecretPolicy::Keyring && ssh.auth != SshAuth::Agent) {
            Some(_) => self.secrets().remove(key).await,
            None => Ok(()),
        }
    }

    async fn tunnel_secret(&self, profile: &ConnectionProfile, ssh: &SshTunnel) -> Result<Option<Secret>> {
        let key = SshTunnel::secret_key(profile.secret_key());
        if let Some(typed) = self.0.asked.get(&key).await? {
            return Ok(Some(typed));
        }
        match (ssh.auth, ssh.secret_policy) {
            (SshAuth::Agent, _) | (_, SecretPolicy::None) => Ok(None),
            (_, SecretPolicy::Keyring) => Ok(self.secrets().get(&key).await?),
            // A key may have no passphrase: it is asked for when it turns out to have one.
            (SshAuth::Key, _) => Ok(None),
            (SshAuth::Password, _) => Err(ask(profile, ssh).into()),
        }
    }
}

fn ask(profile: &ConnectionProfile, ssh: &SshTunnel) -> Error {
    Error::new(
        ErrorKind::SecretUnavailable,
        format!("the password of the SSH server {} for {} is not known", ssh.host, profile.name),
    )
    .hint("Type the tunnel's password; it stays in memory until Evaldesk is closed.")
}
