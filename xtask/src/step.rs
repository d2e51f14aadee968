//! A step of set-up: what it is for, whether it is done already, and what does it.

use std::time::Instant;

use anyhow::{Context, Result};

type Look = Box<dyn Fn() -> Result<bool>>;
type Act = Box<dyn Fn() -> Result<()>>;

/// One thing that has to be in place before the work can start.
pub(crate) struct Step {
    name: &'static str,
    purpose: String,
    done: Look,
    act: Act,
}

impl Step {
    pub(crate) fn new(
        name: &'static str,
        purpose: impl Into<String>,
        done: impl Fn() -> Result<bool> + 'static,
        act: impl Fn() -> Result<()> + 'static,
    ) -> Self {
        Self { name, purpose: purpose.into(), done: Box::new(done), act: Box::new(act) }
    }
}

/// Takes the steps in their order, saying of each what it is for and what became of it.
pub(crate) fn take(steps: &[Step]) -> Result<()> {
    for (index, step) in steps.iter().enumerate() {
        let head = format!("[{}/{}] {}: {}", index + 1, steps.len(), step.name, step.purpose);
        if (step.done)().with_context(|| format!("cannot tell whether {} is done", step.name))? {
            println!("{head} (done already)");
            continue;
        }
        println!("{head}");
        let started = Instant::now();
        (step.act)().with_context(|| format!("the step {:?} failed", step.name))?;
        println!("      done in {}", seconds(started));
    }
    Ok(())
}

/// Elapsed time in words short enough for a progress line.
pub(crate) fn seconds(since: Instant) -> String {
    let all = since.elapsed().as_secs();
    if all < 60 {
        format!("{:.1} s", since.elapsed().as_secs_f64())
    } else {
        format!("{} min {} s", all / 60, all % 60)
    }
}
