//! Reads the answer of `SHOW GRANTS`: which rights an account has on a database.

/// Returns whether these grants give a right on all tables of a database. The
/// rights of a role are not in them, so a role is taken to give all.
pub(super) fn granted<'a>(grants: &'a [String], database: &'a str) -> impl Fn(&str) -> bool + 'a {
    move |right| {
        grants.iter().any(|grant| {
            let Some(rest) = grant.strip_prefix("GRANT ") else { return false };
            let Some((rights, object)) = rest.split_once(" ON ") else { return true };
            let object = object.split_once(" TO ").map_or(object, |(object, _)| object);
            covers(object, database)
                && rights.split(", ").any(|known| known == right || known == "ALL PRIVILEGES")
        })
    }
}

/// Returns whether the object of a grant is all tables of a database, or more.
fn covers(object: &str, database: &str) -> bool {
    let Some(pattern) = object.strip_suffix(".*") else { return false };
    let pattern = pattern.trim_matches('`').replace("``", "`");
    pattern == "*" || is_like(&pattern, database)
}

/// Compares as `LIKE` does: in the name of a database, `_` and `%` are patterns
/// unless a backslash is before them.
fn is_like(pattern: &str, text: &str) -> bool {
    let mut signs = pattern.chars();
    match signs.next() {
        None => text.is_empty(),
        Some('%') => {
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            let rest = signs.as_str();
            ends.into_iter().any(|at| is_like(rest, text.get(at..).unwrap_or_default()))
        }
        Some(sign) => {
            let (wanted, rest) = match sign {
                '\\' => (signs.next(), signs.as_str()),
                '_' => (None, signs.as_str()),
                sign => (Some(sign), signs.as_str()),
            };
            let mut letters = text.chars();
            letters.next().is_some_and(|letter| {
                wanted.is_none_or(|wanted| wanted == letter) && is_like(rest, letters.as_str())
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_is_granted_on_the_database_or_on_all() {
        for (grant, select, drop) in [
            ("GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION", true, true),
            ("GRANT ALL PRIVILEGES ON `ring_back`.* TO `bot`@`%`", true, true),
            ("GRANT SELECT, INSERT, DROP ON `ring\\_back`.* TO `bot`@`%`", true, true),
            ("GRANT SELECT, INSERT ON `ring%`.* TO `bot`@`%`", true, false),
            ("GRANT SELECT ON `ringXback`.* TO `bot`@`%`", false, false),
            ("GRANT SELECT ON `ring`.* TO `bot`@`%`", false, false),
            ("GRANT SELECT ON `ring_back`.`messages` TO `bot`@`%`", false, false),
            ("GRANT USAGE ON *.* TO `bot`@`%` IDENTIFIED BY PASSWORD '*0'", false, false),
            ("GRANT `reader`@`%` TO `bot`@`%`", true, true),
            ("SET DEFAULT ROLE `reader` FOR `bot`@`%`", false, false),
        ] {
            let grants = [grant.to_owned()];
            let has = granted(&grants, "ring_back");
            assert_eq!((has("SELECT"), has("DROP")), (select, drop), "{grant}");
        }
    }
}
