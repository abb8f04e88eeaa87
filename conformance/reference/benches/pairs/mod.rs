//! Two sides that do the same, timed in turn, so that a slow moment of the machine meets both.

use std::time::{Duration, Instant};

/// So many rounds are counted, after one that is not.
const ROUNDS: usize = 21;
/// The ranks that bound the median of so many rounds with a probability of 95 % (order statistics of a binomial).
const BOUNDS: (usize, usize) = (5, 15);

/// Prints how many times as fast ours is as theirs: the median of the rounds, and its interval.
///
/// # Errors
/// What goes wrong on either side.
pub(crate) fn pair(
    name: &str,
    mut ours: impl FnMut() -> anyhow::Result<()>,
    mut theirs: impl FnMut() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    ours()?;
    theirs()?;
    let mut rounds: Vec<(Duration, Duration)> = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        // Who goes second finds a warmer machine, so they take turns at that, too.
        let (own, other) = if round % 2 == 0 {
            let own = timed(&mut ours)?;
            (own, timed(&mut theirs)?)
        } else {
            let other = timed(&mut theirs)?;
            (timed(&mut ours)?, other)
        };
        rounds.push((own, other));
    }
    let mut ratios: Vec<f64> =
        rounds.iter().map(|(own, other)| other.as_secs_f64() / own.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    let own = median(rounds.iter().map(|(own, _)| own.as_secs_f64()));
    let other = median(rounds.iter().map(|(_, other)| other.as_secs_f64()));
    println!(
        "{name:<40} {:.2} times as fast [{:.2}, {:.2}]   ours {:.2} ms, theirs {:.2} ms",
        ratios[ROUNDS / 2],
        ratios[BOUNDS.0],
        ratios[BOUNDS.1],
        own * 1e3,
        other * 1e3,
    );
    Ok(())
}

fn timed(side: &mut impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    side()?;
    Ok(begun.elapsed())
}

fn median(times: impl Iterator<Item = f64>) -> f64 {
    let mut times: Vec<f64> = times.collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
