//! Which PostgreSQL versions a test run takes: `EVALDESK_TEST_PG=15`, `12,17` or `all`; else oldest, usual, newest.

const ALL: [u32; 7] = [12, 13, 14, 15, 16, 17, 18];
const WITHOUT_BEING_ASKED: [u32; 3] = [12, 15, 18];

/// The major versions of this run, oldest first.
pub fn versions() -> Vec<u32> {
    match std::env::var("EVALDESK_TEST_PG").ok().as_deref().map(str::trim) {
        None | Some("") => WITHOUT_BEING_ASKED.to_vec(),
        Some("all") => ALL.to_vec(),
        Some(list) => parse(list),
    }
}

/// The oldest version of this run.
pub fn oldest() -> u32 {
    *versions().first().unwrap()
}

/// The newest version of this run.
pub fn newest() -> u32 {
    *versions().last().unwrap()
}

/// The version for what does not depend on it: 15 if it is among them.
pub fn usual() -> u32 {
    if versions().contains(&15) { 15 } else { newest() }
}

fn parse(list: &str) -> Vec<u32> {
    let mut chosen: Vec<u32> = list
        .split(',')
        .map(|major| {
            major
                .trim()
                .parse()
                .unwrap_or_else(|_| panic!("EVALDESK_TEST_PG={list}: {major:?} is no major version"))
        })
        .collect();
    chosen.sort_unstable();
    chosen
}
