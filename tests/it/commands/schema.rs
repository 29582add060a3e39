//! `ringback schema`: the schemas for editors.

use std::fs;
use std::path::Path;

use crate::support::ringback::run;

#[test]
fn the_schemas_are_those_of_the_repository() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, name) in
        [(&["schema"][..], "flow.schema.json"), (&["schema", "--language"], "language.schema.json")]
    {
        let outcome = run(folder.path(), &[], arguments);
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
        let kept = fs::read_to_string(kept).unwrap();
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(0), kept.as_str()), "{outcome}");
    }
}
