//! Finds the name that a misspelled one was probably meant to be.

/// The longest name that is compared, since the work grows with the product of
/// both lengths.
const MAX_LENGTH: usize = 64;

/// Returns the candidate nearest to `wrong`, if at most a third of its letters
/// differ.
#[must_use]
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong: Vec<char> = wrong.to_lowercase().chars().take(MAX_LENGTH + 1).collect();
    if wrong.len() > MAX_LENGTH {
        return None;
    }
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= MAX_LENGTH)
        .map(|candidate| (distance(&wrong, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| {
            *distance <= (wrong.len().max(candidate.chars().count()) / 3).max(1)
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
        // A single letter is one change from any other: no advice.
        .filter(|candidate| candidate.len() > 1)
}

/// Returns how many letters must be inserted, removed, replaced, or swapped
/// with their neighbour (optimal string alignment).
fn distance(left: &[char], right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, r) in right.iter().enumerate() {
            let replaced = last[j] + usize::from(l != r);
            let mut best = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *l == right[j - 1] && left[i - 1] == *r {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_candidate_within_a_third() {
        for (wrong, expected) in [
            ("optins", Some("options")),
            ("Otions", Some("options")),
            ("sya", Some("say")),
            ("aks", Some("ask")),
            ("question", None),
            ("", None),
        ] {
            assert_eq!(nearest(wrong, ["ask", "say", "options", "x"]), expected, "{wrong}");
        }
    }
}
