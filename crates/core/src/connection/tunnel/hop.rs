//! The hosts on the way, one after the other, with what the config says of each.

use std::path::PathBuf;

use super::config::{HostSettings, identity_path, look_up};
use super::place::SshPlace;
use super::settings::{SshAuth, SshTunnel};
use crate::{Error, ErrorKind, Result};

/// A jump host may have jump hosts of its own; a circle must end.
const MOST: usize = 8;

/// The keys that ssh looks for where none is named.
const USUAL_KEYS: [&str; 3] = ["id_ed25519", "id_ecdsa", "id_rsa"];

/// One SSH server on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hop {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    /// By which name known_hosts knows it.
    pub(super) known_as: String,
    pub(super) key_files: Vec<PathBuf>,
    /// Whether the key files were named, rather than the usual ones.
    pub(super) keys_are_named: bool,
    /// Of the agent's keys only those whose file is named.
    pub(super) identities_only: bool,
    pub(super) auth: SshAuth,
}

/// What is written of a hop: `user@host:port`.
struct Written {
    user: Option<String>,
    host: String,
    port: Option<u16>,
}

/// The hosts on the way to the one that forwards, which is the last.
///
/// # Errors
/// `InvalidArguments` for what cannot be read, `Precondition` where the config wants a program to be run.
pub(super) fn route(tunnel: &SshTunnel, place: &SshPlace) -> Result<Vec<Hop>> {
    let last = Written { user: tunnel.user.clone(), host: tunnel.host.trim().to_owned(), port: tunnel.port };
    let mut named = tunnel.jump.iter().map(|jump| parse(jump)).collect::<Result<Vec<_>>>()?;
    let settings = look_up(place, &last.host, last.user.as_deref())?;
    if named.is_empty() {
        named = jumps_of(&settings, &last.host)?;
    }
    let mut hops = Vec::new();
    for jump in named {
        before(&jump, place, &mut hops, 0)?;
    }
    let mut hop = hop(last, settings, place)?;
    hop.auth = tunnel.auth;
    if let Some(file) = &tunnel.key_file {
        (hop.key_files, hop.keys_are_named) = (vec![place.path(file)], true);
    }
    hops.push(hop);
    Ok(hops)
}

/// A jump host, after those that the config wants before it.
fn before(jump: &Written, place: &SshPlace, hops: &mut Vec<Hop>, depth: usize) -> Result<()> {
    let settings = look_up(place, &jump.host, jump.user.as_deref())?;
    if hops.len() >= MOST || depth >= MOST {
        return Err(Error::new(
            ErrorKind::InvalidArguments,
            format!("more than {MOST} jump hosts lead to {}", jump.host),
        )
        .hint("Look for a circle in the ProxyJump lines of ~/.ssh/config."));
    }
    // Only where the way does not go on from another host already, as ssh has it.
    if hops.is_empty() {
        for earlier in jumps_of(&settings, &jump.host)? {
            before(&earlier, place, hops, depth + 1)?;
        }
    }
    let written = Written { user: jump.user.clone(), host: jump.host.clone(), port: jump.port };
    hops.push(hop(written, settings, place)?);
    Ok(())
}

fn jumps_of(settings: &HostSettings, host: &str) -> Result<Vec<Written>> {
    let is_set = |value: &&String| !value.eq_ignore_ascii_case("none");
    if settings.proxy_command.as_ref().filter(is_set).is_some() {
        return Err(Error::new(
            ErrorKind::Precondition,
            format!("~/.ssh/config reaches {host} by a ProxyCommand, and no program is run from there"),
        )
        .hint("Name the jump host by ProxyJump, or in the connection's tunnel."));
    }
    let jump = settings.proxy_jump.as_ref().filter(is_set);
    jump.map_or_else(|| Ok(Vec::new()), |list| list.split(',').map(parse).collect())
}

fn parse(text: &str) -> Result<Written> {
    let text = text.trim().strip_prefix("ssh://").unwrap_or(text.trim());
    let (user, address) =
        text.rsplit_once('@').map_or((None, text), |(user, host)| (Some(user.to_owned()), host));
    let (host, port) = match address.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, rest)) => (host, rest.strip_prefix(':')),
        // An IPv6 address without brackets has no port.
        None if address.matches(':').count() > 1 => (address, None),
        None => address.split_once(':').map_or((address, None), |(host, port)| (host, Some(port))),
    };
    let port = port.map(str::parse).transpose().ok().filter(|port| *port != Some(0));
    match port {
        Some(port) if !host.is_empty() && user.as_deref() != Some("") => {
            Ok(Written { user, host: host.to_owned(), port })
        }
        _ => Err(Error::new(ErrorKind::InvalidArguments, format!("the jump host {text} cannot be read"))
            .hint("The form is user@host:port, of which user and port may be left out.")),
    }
}

fn hop(written: Written, settings: HostSettings, place: &SshPlace) -> Result<Hop> {
    let user = written.user.or(settings.user).or_else(|| place.user.clone()).ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidArguments,
            format!("no user is named for the SSH server {}", written.host),
        )
        .hint("Name the user in the connection's tunnel.")
    })?;
    let host = settings.host_name.unwrap_or_else(|| written.host.clone());
    let named: Vec<PathBuf> =
        settings.identity_files.iter().map(|file| identity_path(place, file, &host, &user)).collect();
    let keys_are_named = !named.is_empty();
    let usual = || USUAL_KEYS.iter().filter_map(|name| place.in_ssh(name)).collect();
    Ok(Hop {
        port: written.port.or(settings.port).unwrap_or(22),
        known_as: settings.host_key_alias.unwrap_or_else(|| host.clone()),
        key_files: if keys_are_named { named } else { usual() },
        keys_are_named,
        identities_only: settings.identities_only.unwrap_or(false),
        auth: SshAuth::Agent,
        host,
        user,
    })
}

impl Hop {
    /// "host:port", for messages.
    pub(super) fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(config: &str, tunnel: &SshTunnel) -> Result<Vec<String>> {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(home.path().join(".ssh")).unwrap();
        std::fs::write(home.path().join(".ssh/config"), config).unwrap();
        let place =
            SshPlace { home: Some(home.path().to_owned()), user: Some("me".into()), ..SshPlace::default() };
        let hops = route(tunnel, &place)?;
        Ok(hops.iter().map(|hop| format!("{}@{}", hop.user, hop.address())).collect())
    }

    fn to(host: &str, jump: &[&str]) -> SshTunnel {
        SshTunnel {
            host: host.to_owned(),
            jump: jump.iter().map(|jump| (*jump).to_owned()).collect(),
            ..SshTunnel::default()
        }
    }

    #[test]
    fn an_alias_stands_for_what_the_config_says() {
        let config = "Host prod\n HostName db.example\n Port 2222\n User deploy\n ProxyJump gate,inner:2200\nHost gate\n HostName gate.example\n User ops\n";
        let hops = check(config, &to("prod", &[])).unwrap();
        assert_eq!(hops, ["ops@gate.example:22", "me@inner:2200", "deploy@db.example:2222"]);
    }

    #[test]
    fn what_the_profile_says_comes_before_the_config() {
        let config = "Host prod\n HostName db.example\n Port 2222\n User deploy\n ProxyJump gate\n";
        let tunnel = SshTunnel {
            user: Some("root".into()),
            port: Some(22),
            ..to("prod", &["a@[::1]:2200", "fe80::1"])
        };
        assert_eq!(check(config, &tunnel).unwrap(), ["a@::1:2200", "me@fe80::1:22", "root@db.example:22"]);
    }

    #[test]
    fn a_jump_host_may_have_one_of_its_own_and_a_circle_ends() {
        let config = "Host inner\n ProxyJump gate\n";
        assert_eq!(check(config, &to("db", &["inner"])).unwrap(), ["me@gate:22", "me@inner:22", "me@db:22"]);
        let circle = "Host a\n ProxyJump b\nHost b\n ProxyJump a\n";
        assert_eq!(check(circle, &to("a", &[])).unwrap_err().kind(), ErrorKind::InvalidArguments);
    }

    #[test]
    fn a_program_of_the_config_is_not_run_and_nonsense_is_named() {
        let refused = check("Host *\n ProxyCommand nc %h %p\n", &to("db", &[])).unwrap_err();
        assert!(refused.message().contains("ProxyCommand"), "{refused}");
        for jump in ["@host", "host:notaport", "host:0", ":22"] {
            assert_eq!(
                check("", &to("db", &[jump])).unwrap_err().kind(),
                ErrorKind::InvalidArguments,
                "{jump}"
            );
        }
    }
}
