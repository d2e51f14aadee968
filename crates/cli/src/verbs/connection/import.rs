//! `evaldesk connection import`: what was found, and taking it.

use clap::Args;
use evaldesk_api::commands::{
    ConnectionImportArguments, ConnectionImportPlanArguments, NoArguments, connection_discover,
    connection_import, connection_import_plan,
};
use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::connection::Secret;
use evaldesk_api::core::connection::import::{
    FoundPassword, ImportDiscovery, ImportFound, ImportKind, ImportPlan, ImportSource,
};
use evaldesk_api::{ErrorReport, Result};

use super::super::Context;
use crate::print::{self, Align, Table};

/// Where to import from, and what.
#[derive(Args)]
pub(crate) struct Import {
    #[command(flatten)]
    from: From,
    /// What to take, by the names of the list; nothing named only lists
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Take everything that can be taken and is not saved yet
    #[arg(long, conflicts_with = "names")]
    all: bool,
    /// Keep no password: ask each time
    #[arg(long)]
    ask: bool,
}

/// One source.
#[derive(Args)]
#[group(multiple = false)]
struct From {
    /// Rails' config/database.yml; its Ruby is read where it names variables, and never run
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "config/database.yml")]
    database_yml: Option<String>,
    /// DATABASE_URL, DATABASE_HOST and its like, PGHOST and its like
    #[arg(long)]
    environment: bool,
    /// libpq's password file
    #[arg(long)]
    pgpass: bool,
    /// libpq's service files
    #[arg(long)]
    service: bool,
    /// Servers of this machine, by their sockets
    #[arg(long)]
    sockets: bool,
    /// What `evaldesk connection export` wrote
    #[arg(long, value_name = "FILE")]
    file: Option<String>,
}

impl From {
    fn source(self, url: Option<String>) -> Option<ImportSource> {
        let path = self.database_yml.map(|path| ImportSource::DatabaseYml { path });
        let file = self.file.map(|path| ImportSource::File { path });
        let url = url.map(|text| ImportSource::Url { text: Secret::new(text) });
        path.or(file)
            .or_else(|| self.environment.then_some(ImportSource::Environment))
            .or_else(|| self.pgpass.then_some(ImportSource::Pgpass))
            .or_else(|| self.service.then_some(ImportSource::Service))
            .or_else(|| self.sockets.then_some(ImportSource::Sockets))
            .or(url)
    }
}

pub(super) async fn run(context: &Context, import: Import) -> Result<()> {
    let Some(source) = import.from.source(context.common.url.clone()) else {
        return discover(context, import.all || !import.names.is_empty()).await;
    };
    let arguments = ConnectionImportPlanArguments { source: source.clone() };
    let plan = connection_import_plan(&context.session, arguments).await?;
    let names = if import.all { new_ones(&plan) } else { import.names };
    if names.is_empty() {
        return show(context, &plan, import.all);
    }
    remarks(&plan);
    let arguments = ConnectionImportArguments { source, names, ask: import.ask };
    let imported = connection_import(&context.session, arguments).await?;
    context.show(&imported, |imported| {
        for profile in imported {
            print::note(&format!("Saved {} ({}, {}).", profile.name, profile.address(), profile.database));
        }
    })
}

/// Without a source there is only a list to choose from.
async fn discover(context: &Context, wants: bool) -> Result<()> {
    if wants {
        return Err(ErrorReport::new(ErrorKind::InvalidArguments, "import from where?").hint(
            "Name one source: --database-yml, --environment, --pgpass, --service, --sockets, --file or --url.",
        ));
    }
    let found = connection_discover(&context.session, NoArguments {}).await?;
    context.show(&found, |found| {
        found.iter().for_each(show_discovery);
        let next = "`evaldesk connection import --SOURCE NAME` saves one, --all every new one.";
        print::note(if found.is_empty() { "No connection is written down on this computer." } else { next });
    })
}

fn show_discovery(found: &ImportDiscovery) {
    let flag = match found.kind {
        ImportKind::Environment => "--environment",
        ImportKind::DatabaseYml => "--database-yml",
        ImportKind::Service => "--service",
        ImportKind::Pgpass => "--pgpass",
        ImportKind::Sockets => "--sockets",
    };
    print::line(&match &found.path {
        Some(path) => format!("{flag}  {}", print::tame(path)),
        None => flag.to_owned(),
    });
    table(&found.plan).print();
    if let Some(problem) = &found.problem {
        print::note(&print::tame(problem));
    }
    remarks(&found.plan);
}

fn new_ones(plan: &ImportPlan) -> Vec<String> {
    let new = plan.found.iter().filter(|found| found.problem.is_none() && found.exists.is_none());
    new.map(|found| found.profile.name.clone()).collect()
}

fn show(context: &Context, plan: &ImportPlan, all: bool) -> Result<()> {
    context.show(plan, |plan| {
        table(plan).print();
        remarks(plan);
        if all {
            print::note("Nothing of it is new.");
        }
    })
}

fn table(plan: &ImportPlan) -> Table {
    let mut table = Table::new(
        &["Name", "Address", "Database", "User", "Password", "State"].map(|head| (head, Align::Left)),
    );
    for found in &plan.found {
        let profile = &found.profile;
        let password = if found.password == FoundPassword::Carried { "found" } else { "none" };
        let cells = [&profile.name, &profile.address(), &profile.database, &profile.user];
        table.row(cells.into_iter().cloned().chain([password.to_owned(), state(found)]));
    }
    table
}

fn state(found: &ImportFound) -> String {
    match (&found.problem, &found.exists) {
        (Some(_), _) => "not usable".to_owned(),
        (None, Some(exists)) => format!("saved as {exists}"),
        (None, None) => "new".to_owned(),
    }
}

/// What was read and is worth a word, by line.
fn remarks(plan: &ImportPlan) {
    for problem in &plan.problems {
        let line = problem.line.map(|line| format!("line {line}: ")).unwrap_or_default();
        print::note(&print::tame(&format!("{line}{}", problem.message)));
    }
    for found in &plan.found {
        // Where it cannot be used, why not is all there is to say.
        if let Some(words) = found.problem.as_ref().or(found.note.as_ref()) {
            print::note(&print::tame(&format!("{}: {words}", found.profile.name)));
        }
    }
    plan.notes.iter().for_each(|note| print::note(note));
}
