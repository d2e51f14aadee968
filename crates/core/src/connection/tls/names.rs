//! Whose certificate it is, as libpq reads it: the names of subjectAltName, and where there is none of that kind, the
//! subject's common name (<https://www.postgresql.org/docs/current/libpq-ssl.html#LIBQ-SSL-CERTIFICATES>).

use rustls::pki_types::ServerName;
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

/// Whether the subject's common name, or a dNSName that is written like the address, is the server's.
pub(super) fn belongs_to(certificate: &[u8], server: &ServerName<'_>) -> bool {
    let Ok((_, certificate)) = X509Certificate::from_der(certificate) else { return false };
    let names = Names::of(&certificate);
    let wanted = server.to_str();
    match server {
        ServerName::DnsName(_) if names.dns.is_empty() => {
            names.common.is_some_and(|name| matches(&name, &wanted))
        }
        ServerName::DnsName(_) => names.dns.iter().any(|name| matches(name, &wanted)),
        ServerName::IpAddress(_) => {
            names.dns.contains(&wanted.to_string())
                || (!names.has_addresses && names.common.as_deref() == Some(&*wanted))
        }
        _ => false,
    }
}

/// The names of a certificate, for an error.
pub(super) fn shown(certificate: &[u8]) -> String {
    let Ok((_, certificate)) = X509Certificate::from_der(certificate) else { return "nobody".to_owned() };
    let names = Names::of(&certificate);
    let mut all = [names.dns, names.addresses].concat();
    if all.is_empty() {
        all.extend(names.common);
    }
    if all.is_empty() { "nobody".to_owned() } else { all.join(", ") }
}

struct Names {
    dns: Vec<String>,
    addresses: Vec<String>,
    has_addresses: bool,
    common: Option<String>,
}

impl Names {
    fn of(certificate: &X509Certificate<'_>) -> Self {
        let alternative = certificate.subject_alternative_name().ok().flatten();
        let alternative = alternative.map(|names| names.value.general_names.as_slice()).unwrap_or_default();
        let (mut dns, mut addresses) = (Vec::new(), Vec::new());
        for name in alternative {
            match name {
                GeneralName::DNSName(name) => dns.push((*name).to_owned()),
                GeneralName::IPAddress(bytes) => addresses.extend(address(bytes)),
                _ => {}
            }
        }
        // The last of several is the most specific, and the one that OpenSSL takes.
        let common = certificate.subject().iter_common_name().last().and_then(|name| name.as_str().ok());
        Self { dns, has_addresses: !addresses.is_empty(), addresses, common: common.map(str::to_owned) }
    }
}

fn address(bytes: &[u8]) -> Option<String> {
    let four = <[u8; 4]>::try_from(bytes).ok().map(std::net::IpAddr::from);
    four.or_else(|| <[u8; 16]>::try_from(bytes).ok().map(std::net::IpAddr::from))
        .map(|address| address.to_string())
}

/// A star stands for the whole first label, and for nothing with a dot in it.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_ascii_lowercase(), name.to_ascii_lowercase());
    match pattern.strip_prefix("*.") {
        Some(rest) => name.split_once('.').is_some_and(|(label, tail)| !label.is_empty() && tail == rest),
        None => pattern == name && !pattern.contains('\0'),
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_one_label() {
        for (pattern, name, expected) in [
            ("db.example", "DB.example", true),
            ("*.example", "db.example", true),
            ("*.example", "a.db.example", false),
            ("*.example", ".example", false),
            ("*", "db", false),
            ("db.*", "db.example", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
