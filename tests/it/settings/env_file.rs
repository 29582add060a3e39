//! The file `.env`: what of it counts, and what is refused without a word of what it says.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::support::ringback::run;

/// Makes a `.env`.
type Make = fn(&Path);

fn of(text: impl AsRef<[u8]>) -> impl Fn(&Path) {
    move |path| fs::write(path, &text).unwrap()
}

/// Refused with this line, while `--help` helps.
fn refused(make: impl Fn(&Path), expected: &str) {
    let folder = tempfile::tempdir().unwrap();
    make(&folder.path().join(".env"));
    let outcome = run(folder.path(), &[], &[]);
    assert_eq!(outcome.code, Some(1), "{expected}: {outcome}");
    assert!(outcome.stderr.starts_with(&format!("error: {expected}\n")), "{expected}: {outcome}");
    assert!(outcome.stderr.contains("\nhint: "), "{outcome}");
    assert!(!outcome.stderr.contains("s3cret"), "{outcome}");
    let helped = run(folder.path(), &[], &["--help"]);
    assert_eq!((helped.code, helped.stderr.as_str()), (Some(0), ""), "{helped}");
}

#[test]
fn a_line_that_is_no_setting_is_named_by_its_number() {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    let marked = [b"\xff\xfe".to_vec(), utf16("A=b\nTWILIO_AUTH_TOKEN=s3cret\n")].concat();
    for (text, expected) in [
        (b"A=b\nTWILIO_AUTH_TOKEN=s3\0cret\n".to_vec(), "`.env`, line 2, holds a NUL character"),
        (b"TWILIO_AUTH_TOKEN='s3cret\0'".to_vec(), "`.env`, line 1, holds a NUL character"),
        (b"A=b\n# s3cret\0\n".to_vec(), "`.env`, line 2, holds a NUL character"),
        (b"A\0=s3cret".to_vec(), "`.env`, line 1, holds a NUL character"),
        (utf16("A=s3cret\n"), "`.env`, line 1, holds a NUL character"),
        (marked, "`.env`, line 1, is not UTF-8"),
        (b"A=b\r\nTWILIO_AUTH_TOKEN=s3cret\xe9\r\n".to_vec(), "`.env`, line 2, is not UTF-8"),
        (
            b"A=b\rTWILIO_AUTH_TOKEN=s3cret\r".to_vec(),
            "`.env`, line 1, holds a carriage return that ends no line",
        ),
        (
            b"A=b\r\nB='s3cret\rC=d'\r\n".to_vec(),
            "`.env`, line 2, holds a carriage return that ends no line",
        ),
        (b"A=b\n=s3cret\n".to_vec(), "`.env`, line 2, is not `NAME=value`"),
        (b"A=b\n1A=s3cret\n".to_vec(), "`.env`, line 2, is not `NAME=value`"),
        (b"A=b\nA s3cret=b\n".to_vec(), "`.env`, line 2, is not `NAME=value`"),
        (b"ABC=1\nA\n".to_vec(), "`.env`, line 2, is not `NAME=value`"),
        (b"A=b\ns3cret # s3cret\n".to_vec(), "`.env`, line 2, is not `NAME=value`"),
    ] {
        refused(of(text), expected);
    }
}

#[test]
fn what_is_no_file_or_too_large_is_not_read() {
    let cases: [(Make, &str); 4] = [
        (|path| fs::create_dir(path).unwrap(), "`.env` is not a file but a folder"),
        (
            |path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success()),
            "`.env` is not a file but a pipe or a device",
        ),
        (|path| symlink("/dev/zero", path).unwrap(), "`.env` is not a file but a pipe or a device"),
        (
            |path| fs::write(path, "# s3cret s3cret\n".repeat(70_000)).unwrap(),
            "`.env` is larger than 1 MiB",
        ),
    ];
    for (make, expected) in cases {
        refused(make, expected);
    }
}

#[test]
fn files_of_any_editor_are_read_and_none_in_part() {
    for text in [
        "BIND=from-file",
        "BIND=from-file ",
        "BIND=from-file \n",
        "\u{feff}BIND=from-file\n",
        "\u{feff}# a comment\r\n\r\nBIND=from-file\r\n",
        "export BIND='from-file' # a comment",
        "A='two\nlines'\nBIND=from-file",
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".env"), text).unwrap();
        let outcome = run(folder.path(), &[], &[]);
        assert!(outcome.stderr.contains("`from-file`"), "{text:?}: {outcome}");
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(".env"), "BIND=from-file\nbroken").unwrap();
    let outcome = run(folder.path(), &[], &[]);
    assert!(
        outcome.stderr.contains("line 2") && !outcome.stderr.contains("from-file"),
        "{outcome}"
    );
}
