//! `evaldesk connection trust-host`

use evaldesk_api::Result;
use evaldesk_api::commands::{HostTrustArguments, connection_trust_host};

use super::Context;
use crate::print;

pub(super) async fn trust(context: &Context, name: String, fingerprint: String) -> Result<()> {
    let profile = context.session.profile(&name)?;
    let arguments = HostTrustArguments {
        connection: Some(profile.id),
        profile: None,
        fingerprint: fingerprint.clone(),
        ssh_secret: None,
    };
    let done = connection_trust_host(&context.session, arguments).await?;
    context.show(&done, |_| print::note(&format!("{fingerprint} is known from now on.")))
}
