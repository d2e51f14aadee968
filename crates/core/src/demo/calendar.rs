//! When the runs happened: five months with a weekday rhythm, nightly builds at two and people at work.
//!
//! A later run always has a later time, so ids and created_at tell the same order.

use chrono::{DateTime, Datelike, Days, Duration, Utc, Weekday};

/// How far back the history goes.
const DAYS: u64 = 150;
/// The part of a day's runs that the nightly build starts.
const NIGHTLY: f64 = 0.3;

/// The days of the history with how much of it falls on each, added up.
#[derive(Debug, Clone)]
pub(super) struct Calendar {
    days: Vec<(DateTime<Utc>, f64)>,
    until: DateTime<Utc>,
}

impl Calendar {
    /// The five months that end at `until`.
    pub(super) fn new(until: DateTime<Utc>) -> Self {
        let today = until.date_naive();
        let mut days = Vec::new();
        let mut sum = 0.0;
        for back in (0..=DAYS).rev() {
            let Some(date) = today.checked_sub_days(Days::new(back)) else { continue };
            let midnight = date.and_time(chrono::NaiveTime::MIN).and_utc();
            let weight = busyness(midnight.weekday());
            let part = if back == 0 { fraction(until - midnight) } else { 1.0 };
            // The work grows slowly over the months.
            sum += weight * part * (1.0 + (DAYS - back) as f64 / DAYS as f64 * 0.6);
            days.push((midnight, sum));
        }
        Self { days, until }
    }

    /// When the run at this part (0..1) of the history began.
    pub(super) fn at(&self, part: f64) -> DateTime<Utc> {
        let total = self.days.last().map_or(0.0, |day| day.1);
        let wanted = part * total;
        let index = self.days.partition_point(|day| day.1 <= wanted).min(self.days.len().saturating_sub(1));
        let Some(&(midnight, sum)) = self.days.get(index) else { return self.until };
        let before = index.checked_sub(1).map_or(0.0, |before| self.days[before].1);
        let inside = if sum > before { ((wanted - before) / (sum - before)).clamp(0.0, 1.0) } else { 0.0 };
        self.time_of_day(midnight, inside)
    }

    fn time_of_day(&self, midnight: DateTime<Utc>, inside: f64) -> DateTime<Utc> {
        // The day that is not over yet is squeezed into the part that is.
        let so_far = self.until - midnight;
        if so_far < Duration::days(1) {
            let micros = so_far.num_microseconds().unwrap_or(0) as f64;
            return midnight + Duration::microseconds((micros * inside * 0.9) as i64);
        }
        let hour = if inside < NIGHTLY {
            2.0 + inside / NIGHTLY * 1.5
        } else {
            8.0 + (inside - NIGHTLY) / (1.0 - NIGHTLY) * 10.0
        };
        midnight + Duration::microseconds((hour * 3_600_000_000.0) as i64)
    }

    /// How many days before the end of the history a moment lies.
    pub(super) fn days_before_end(&self, at: DateTime<Utc>) -> f64 {
        fraction(self.until - at)
    }

    /// When the history ends.
    pub(super) fn until(&self) -> DateTime<Utc> {
        self.until
    }
}

fn busyness(day: Weekday) -> f64 {
    match day {
        Weekday::Sat => 0.18,
        Weekday::Sun => 0.12,
        Weekday::Fri => 0.8,
        Weekday::Tue | Weekday::Wed => 1.15,
        Weekday::Mon | Weekday::Thu => 1.0,
    }
}

fn fraction(time: Duration) -> f64 {
    time.num_seconds() as f64 / 86_400.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_runs_are_later_and_weekends_quiet() {
        let until: DateTime<Utc> = "2025-11-20T14:30:00Z".parse().unwrap();
        let calendar = Calendar::new(until);
        let times: Vec<_> = (0..300).map(|run| calendar.at((f64::from(run) + 0.5) / 300.0)).collect();
        assert!(times.is_sorted());
        assert!(*times.last().unwrap() < until);
        let weekend = times.iter().filter(|at| at.weekday().num_days_from_monday() > 4).count();
        assert!((3..40).contains(&weekend), "{weekend}");
    }
}
