//! What people call their runs, the hostile names included.

use super::dirt::Dirt;
use super::run::RunStory;

/// Names that break a page that trusts them.
const HOSTILE: [&str; 6] = [
    "refund: O'Brien \"express\" \\ 100 %; drop table evaluation_runs; --",
    "<script>alert(\"billing\")</script> <b>bold</b> &amp; &lt;",
    "\u{202e}gnippihs\u{202c} החזר כספי مرتجع",
    "triage 🧾👩🏽‍💻🇳🇱 zero\u{200b}width",
    "search: first line\nsecond line\tafter a tab",
    "   ${7*7} {{7*7}} %s %00 ../../etc/passwd   ",
];

/// The run's name: every third is named after the model that it tries.
pub(super) fn name(run: &RunStory, focus: Option<&str>) -> String {
    match run.dirt {
        Some(Dirt::RunHostileName) => HOSTILE[hostile_place(run.index) % HOSTILE.len()].to_owned(),
        Some(Dirt::RunLongName) => long(run),
        _ => {
            let last = focus.filter(|_| run.index % 3 == 1).unwrap_or(run.language);
            format!("{}: {}, {last}", run.agent.topic, run.scenario)
        }
    }
}

/// The cycle of 60 runs has two hostile ones; counted on, every name gets its turn.
fn hostile_place(index: u32) -> usize {
    (index / 60 * 2 + u32::from(index % 60 > 40)) as usize
}

fn long(run: &RunStory) -> String {
    let mut name =
        format!("{}: {} with every variant that came up in the meeting", run.agent.topic, run.scenario);
    while name.chars().count() < 320 {
        name.push_str(", then the same again with the prompt of the other team");
    }
    name
}

/// The run's description; many have none.
pub(super) fn description(run: &RunStory) -> Option<&'static str> {
    match run.index % 5 {
        0 => Some("Nightly comparison of the live prompt with the candidates."),
        2 => Some("Before the rollout: is the cheaper model good enough?\nAsked for by support."),
        3 if run.judged => Some("Judged by gpt-4o, three repetitions and more."),
        _ => None,
    }
}
