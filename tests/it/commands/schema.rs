//! `ringback schema`: the schema for editors.

use std::fs;

use crate::support::ringback::run;

#[test]
fn the_schema_is_that_of_the_repository() {
    let folder = tempfile::tempdir().unwrap();
    let outcome = run(folder.path(), &[], &["schema"]);
    let kept =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/flow.schema.json")).unwrap();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(0), kept.as_str()), "{outcome}");
}
