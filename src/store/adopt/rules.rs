//! The rules for a table on `MySQL`, one function for each.

use std::collections::BTreeSet;

use super::facts::{Column, Facts, Foreign, Index, PRIMARY};
use super::shape::{
    ADDED, Holds, KEY, MIGRATIONS, ORIGINAL, OURS, SESSIONS, is_often_left_out, is_written,
};
use super::{Finding, alter, quoted, set_aside};

/// The columns of all tables that contain what people write, including flows.
const WRITTEN_BY_PEOPLE: [&str; 10] = [
    "user_name",
    "favorite_song",
    "answers",
    "stack",
    "contact",
    "callback",
    "body",
    "media",
    "parameters",
    "sources",
];

/// The columns besides the sessions' key that distinguish rows.
const EXACT: [&str; 2] = [KEY, "message_id"];

/// The engines whose rows belong to the server itself, so that another engine may hold them.
const LOCAL: [&str; 5] = ["myisam", "aria", "memory", "csv", "archive"];

/// Returns whether the keys' column is still to be changed, which not every key survives.
pub(super) fn may_lose_keys(facts: &Facts, applied: &BTreeSet<i64>) -> bool {
    !applied.contains(&3) || key_column(facts).is_some() || primary_key(facts).is_some()
}

/// Returns everything that prevents the use of a table.
pub(super) fn findings(facts: &Facts, applied: &BTreeSet<i64>) -> Vec<Finding> {
    if facts.table == MIGRATIONS {
        return engine(facts).into_iter().collect();
    }
    if let Some(finding) = another_s(facts, applied) {
        return vec![finding];
    }
    let mut findings = vec![engine(facts), partitions(facts)];
    findings.extend(further_columns(facts));
    findings.extend(texts(facts, applied));
    findings.extend(keys(facts));
    if facts.table == SESSIONS {
        findings.extend(names_that_are_taken(facts, applied));
        findings.extend(foreign_keys(facts, applied));
        findings.push(key_column(facts));
        findings.push(primary_key(facts));
        findings.extend(other_columns(facts));
        findings.extend(left_out_columns(facts));
        findings.extend(other_unique_keys(facts));
    }
    findings.into_iter().flatten().collect()
}

/// Finds a view, or a table that shares only its name with ours.
fn another_s(facts: &Facts, applied: &BTreeSet<i64>) -> Option<Finding> {
    let table = &facts.table;
    let rename = format!("RENAME TABLE {} TO {};", quoted(table), set_aside(table));
    if facts.kind == "SYSTEM VERSIONED" {
        let drop = alter(table, &["DROP SYSTEM VERSIONING".to_owned()]);
        return Some(Finding::yours(table, "keeps the history of its rows", drop));
    }
    if facts.kind != "BASE TABLE" {
        let what = format!("is a {}, not a table", facts.kind.to_lowercase());
        return Some(Finding::yours(table, what, rename));
    }
    let missing =
        |names: &[&'static str]| names.iter().copied().find(|name| facts.column(name).is_none());
    let missing = match OURS.iter().find(|ours| ours.name == table) {
        Some(ours) if !applied.contains(&ours.made_by) => missing(ours.columns),
        Some(_) => None,
        None => missing(&[KEY]),
    }?;
    let what = format!("is another program's: it has no column `{missing}`");
    Some(Finding::yours(table, what, rename))
}

fn engine(facts: &Facts) -> Option<Finding> {
    let engine = facts.engine.to_lowercase();
    if engine == "innodb" {
        return None;
    }
    // A format of the former engine would be refused.
    let change = "ENGINE = InnoDB, ROW_FORMAT = DYNAMIC".to_owned();
    let what = format!(
        "uses the engine {}, under which nothing is rolled back, or nobody has tried it",
        facts.engine
    );
    Some(if LOCAL.contains(&engine.as_str()) {
        Finding::ours(&facts.table, what, vec![change])
    } else {
        Finding::yours(&facts.table, what, alter(&facts.table, &[change]))
    })
}

/// Finds partitions, since one may be missing for a row; hash partitions cover every row.
fn partitions(facts: &Facts) -> Option<Finding> {
    let by = facts.partitioned_by.as_ref().filter(|by| !by.ends_with("KEY"))?;
    let what = format!("is partitioned by {by}");
    let remove = format!("ALTER TABLE {} REMOVE PARTITIONING;", quoted(&facts.table));
    Some(Finding::yours(&facts.table, what, remove))
}

/// Finds columns that nobody here writes, but that need a value.
fn further_columns(facts: &Facts) -> Vec<Option<Finding>> {
    let ours: Vec<&str> = OURS.iter().flat_map(|table| table.columns).copied().collect();
    let is_ours = |column: &Column| {
        if facts.table == SESSIONS {
            is_written(&column.name)
        } else {
            ours.contains(&&*column.name)
        }
    };
    let wanting = |column: &&Column| !is_ours(column) && !column.fills_itself();
    let finding = |column: &Column| {
        let what =
            format!("has a column {} that takes no NULL and has no default", quoted(&column.name));
        let mut changes = Vec::new();
        if facts.table == SESSIONS && facts.primary().is_some_and(|key| key.has(&column.name)) {
            changes.push("DROP PRIMARY KEY".to_owned());
            changes.push(format!("MODIFY phone_number {}", ORIGINAL[0].definition));
            changes.push("ADD PRIMARY KEY (phone_number)".to_owned());
        }
        changes.push(column.with_null());
        Some(Finding::yours(&facts.table, what, alter(&facts.table, &changes)))
    };
    facts.columns.iter().filter(wanting).map(finding).collect()
}

/// Finds columns that cannot hold every character, or that do not distinguish
/// two addresses or ids that differ only in case.
fn texts(facts: &Facts, applied: &BTreeSet<i64>) -> Vec<Option<Finding>> {
    // The second migration converts the whole table.
    if facts.table == SESSIONS && !applied.contains(&2) {
        return Vec::new();
    }
    let finding = |column: &Column| {
        let is_key = facts.table != SESSIONS && EXACT.contains(&&*column.name);
        let wanted = if is_key {
            "CHARACTER SET ascii COLLATE ascii_bin"
        } else if WRITTEN_BY_PEOPLE.contains(&&*column.name) {
            "CHARACTER SET utf8mb4"
        } else {
            return None;
        };
        let is_right = match (&column.charset, &column.collation) {
            (Some(charset), Some(collation)) => {
                if is_key {
                    collation.ends_with("_bin")
                } else {
                    charset == "utf8mb4"
                }
            }
            _ => true,
        };
        if is_right {
            return None;
        }
        let collation = column.collation.as_deref().unwrap_or_default();
        let what = format!("has {} in the collation {collation}", quoted(&column.name));
        let null = if column.takes_null { "NULL" } else { "NOT NULL" };
        let change = format!("MODIFY {} {} {wanted} {null}", quoted(&column.name), column.kind);
        Some(Finding::ours(&facts.table, what, vec![change]))
    };
    facts.columns.iter().map(finding).collect()
}

/// Finds missing unique keys of our own tables; rows are found by the names of these keys.
fn keys(facts: &Facts) -> Vec<Option<Finding>> {
    let keys = OURS.iter().find(|ours| ours.name == facts.table).map_or(&[][..], |ours| ours.keys);
    let finding = |(name, columns): &(&str, &[&str])| {
        let is_there =
            |index: &Index| index.name.eq_ignore_ascii_case(name) && index.is_just(columns);
        if facts.indexes.iter().any(is_there) {
            return None;
        }
        let what = format!("has no unique key `{name}` on exactly `{}`", columns.join("`, `"));
        let mut changes = Vec::new();
        if facts.indexes.iter().any(|index| index.name.eq_ignore_ascii_case(name)) {
            changes.push(format!("DROP INDEX {}", quoted(name)));
        }
        let kind =
            if *name == PRIMARY { "PRIMARY KEY".to_owned() } else { format!("UNIQUE KEY {name}") };
        changes.push(format!("ADD {kind} ({})", columns.join(", ")));
        Some(Finding::ours(&facts.table, what, changes))
    };
    keys.iter().map(finding).collect()
}

/// Finds columns that a migration is about to add.
fn names_that_are_taken(facts: &Facts, applied: &BTreeSet<i64>) -> Vec<Option<Finding>> {
    let mut findings = Vec::new();
    for (migration, columns) in ADDED {
        let is_whole = columns.iter().all(|(name, data_types)| {
            facts.column(name).is_some_and(|column| data_types.contains(&&*column.data_type))
        });
        // Complete: the migration was killed before it was marked as done.
        if applied.contains(&migration) || is_whole {
            continue;
        }
        for (name, _) in columns.iter().filter(|(name, _)| facts.column(name).is_some()) {
            let what = format!("has a column `{name}` of another program");
            findings.push(Some(Finding::yours(SESSIONS, what, aside(name))));
        }
    }
    findings
}

/// Finds foreign keys. A new sender is in no other table; and while another
/// table refers to the key, its column cannot be changed.
fn foreign_keys(facts: &Facts, applied: &BTreeSet<i64>) -> Vec<Option<Finding>> {
    let is_harm = |key: &&Foreign| {
        if key.is_own {
            is_written(&key.column_name)
        } else {
            !applied.contains(&3) && key.referenced.as_deref().is_some_and(is_written)
        }
    };
    let finding = |key: &Foreign| {
        let what = if key.is_own {
            format!("refers to another table with {}", quoted(&key.column_name))
        } else {
            format!(
                "is referred to by the table {}, so that its key cannot be changed",
                quoted(&key.table_name)
            )
        };
        let drop = format!(
            "ALTER TABLE {}.{} DROP FOREIGN KEY {};",
            quoted(&key.schema_name),
            quoted(&key.table_name),
            quoted(&key.name)
        );
        Some(Finding::yours(SESSIONS, what, drop))
    };
    facts.foreign.iter().filter(is_harm).map(finding).collect()
}

/// Checks that the key's column can hold every address, and distinguishes all of them.
fn key_column(facts: &Facts) -> Option<Finding> {
    let key = facts.column(KEY)?;
    if key.is_key() {
        return None;
    }
    let what = format!(
        "has `phone_number` as {}, which cannot hold every address, or takes two for one",
        key.kind
    );
    Some(Finding::ours(
        SESSIONS,
        what,
        vec![format!("MODIFY phone_number {}", ORIGINAL[0].definition)],
    ))
}

/// Checks that each sender has one row, which is found by the primary key.
fn primary_key(facts: &Facts) -> Option<Finding> {
    let mut changes = Vec::new();
    match facts.primary() {
        Some(key) if key.is_just(&[KEY]) => return None,
        None => {}
        Some(key) => {
            changes.push("DROP PRIMARY KEY".to_owned());
            // The server's own column, which is dropped with its key.
            if key.has("my_row_id") {
                changes.push("DROP COLUMN my_row_id".to_owned());
            } else if key.parts.len() > 1 || !key.columns().starts_with("`phone_number`") {
                changes.push(format!("ADD UNIQUE KEY ({})", key.columns()));
            }
        }
    }
    changes.push(format!("MODIFY phone_number {}", ORIGINAL[0].definition));
    changes.push("ADD PRIMARY KEY (phone_number)".to_owned());
    Some(Finding::ours(SESSIONS, "has not exactly `phone_number` as its primary key", changes))
}

/// Checks that the other four columns of the original can hold what is written to them.
fn other_columns(facts: &Facts) -> Vec<Option<Finding>> {
    let finding = |wanted: &super::shape::Column| {
        let name = wanted.name;
        let Some(column) = facts.column(name) else {
            let add = vec![format!("ADD COLUMN {name} {}", wanted.definition)];
            return Some(Finding::ours(SESSIONS, format!("has no column `{name}`"), add));
        };
        let what =
            format!("has `{name}` as {}, which does not hold all that is written", column.kind);
        let ours = |change| Some(Finding::ours(SESSIONS, what.clone(), vec![change]));
        let modify = || ours(format!("MODIFY {name} {}", wanted.definition));
        let is_text = column.data_type.ends_with("text") || column.data_type.ends_with("char");
        let is_choice = ["enum", "set"].contains(&&*column.data_type);
        let fits = match wanted.holds {
            _ if column.is_generated => None,
            Holds::Time if column.data_type == "date" => {
                return ours("MODIFY last_interaction DATETIME NULL".to_owned());
            }
            Holds::Time => {
                let is_time = ["timestamp", "datetime"].contains(&&*column.data_type);
                (is_time || is_text && column.length >= 23).then_some(true)
            }
            Holds::Text(..) | Holds::Address if !(is_text || is_choice || column.is_number()) => {
                None
            }
            Holds::Text(most) => {
                let bytes = if column.data_type.ends_with("text") { 4 } else { 1 };
                let is_long = is_text && column.length.unsigned_abs() >= most * bytes;
                Some(is_long)
            }
            Holds::Address => Some(true),
        };
        match fits {
            None => Some(Finding::yours(SESSIONS, what, aside(name))),
            Some(false) => modify(),
            Some(true) if wanted.takes_null && !column.takes_null => {
                let what = format!("has a column `{name}` that takes no NULL");
                Some(Finding::ours(SESSIONS, what, vec![column.with_null()]))
            }
            Some(true) => None,
        }
    };
    ORIGINAL[1..].iter().map(finding).collect()
}

/// Finds columns that would not be NULL in a row that leaves them out.
fn left_out_columns(facts: &Facts) -> Vec<Option<Finding>> {
    let is_harm = |column: &&Column| is_often_left_out(&column.name) && !column.is_null_by_itself();
    let finding = |column: &Column| {
        let what = format!("has a column {} that is not NULL by default", quoted(&column.name));
        Some(Finding::ours(SESSIONS, what, vec![column.with_null()]))
    };
    facts.columns.iter().filter(is_harm).map(finding).collect()
}

/// Finds keys through which one sender's message would change another's row.
fn other_unique_keys(facts: &Facts) -> Vec<Option<Finding>> {
    let is_harm = |index: &&Index| {
        let repeats = |(column, _): &(Option<String>, Option<i64>)| {
            column.as_ref().and_then(|name| facts.column(name)).is_some_and(Column::repeats)
        };
        index.is_unique
            && index.name != PRIMARY
            && !index.has(KEY)
            && index.parts.iter().all(repeats)
    };
    let finding = |index: &Index| {
        let what = format!("has a unique key {} that two senders may share", quoted(&index.name));
        let drop = alter(SESSIONS, &[format!("DROP INDEX {}", quoted(&index.name))]);
        Some(Finding::yours(SESSIONS, what, drop))
    };
    facts.indexes.iter().filter(is_harm).map(finding).collect()
}

/// Renames a column, so that its name is free for ours.
fn aside(column: &str) -> String {
    alter(SESSIONS, &[format!("RENAME COLUMN {column} TO {}", set_aside(column))])
}
