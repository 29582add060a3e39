//! A small disk of a test's own, which can be filled to its last byte.
//!
//! It is a file system in its own right, so what a full one says is the
//! kernel's own `ENOSPC`, at whichever call meets it. Root gets an ext4 in a
//! file, whoever may make user namespaces a tmpfs.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::namespace::Namespace;
use crate::support::leave_to;

/// What is mounted is in nobody's way: it is seen inside only.
const EXT4: &str = "mkfs.ext4 -q -F -m 0 \"$1\"; mount -o loop \"$1\" \"$2\"";
const TMPFS: &str = "size=$(stat -c %s \"$1\"); mount -t tmpfs -o size=\"$size\" tmpfs \"$2\"";

/// A disk that only processes see which are started in its [`Namespace`].
#[derive(Debug)]
pub(super) struct Disk {
    pub(super) namespace: Namespace,
    folder: TempDir,
}

impl Disk {
    /// One of so many megabytes; `None` where the rights to mount one are missing.
    pub(super) fn of_megabytes(size: u64) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let (image, place) = (folder.path().join("image"), folder.path().join("disk"));
        fs::create_dir(&place).unwrap();
        // Takes no room but what is written to.
        File::create(&image).unwrap().set_len(size << 20).unwrap();
        let arguments = [image.as_path(), place.as_path()];
        let (kind, namespace) = Namespace::after(EXT4, &arguments)
            .map(|namespace| ("ext4", namespace))
            .or_else(|| Some(("tmpfs", Namespace::after(TMPFS, &arguments)?)))?;
        eprintln!("the disk is a file system of its own: {kind} of {size} MB");
        Some(Self { namespace, folder })
    }

    /// Where it is for those inside.
    pub(super) fn inside(&self) -> PathBuf {
        self.folder.path().join("disk")
    }

    /// Where it is for this process.
    pub(super) fn outside(&self) -> PathBuf {
        self.namespace.seen_from_outside(&self.inside())
    }

    /// From now on there is room for nothing.
    pub(super) fn fill(&self) {
        let mut ballast = File::create(self.ballast()).unwrap();
        // The last byte, too: in ever smaller pieces.
        for size in [1 << 16, 1 << 10, 1] {
            let piece = vec![0x5a; size];
            let full = loop {
                if let Err(error) = ballast.write_all(&piece) {
                    break error;
                }
            };
            assert_eq!(full.kind(), ErrorKind::StorageFull, "{full}");
        }
    }

    /// There is room again.
    pub(super) fn make_room(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }

    /// Copies these of its files, as they are now, to where everybody sees them.
    pub(super) fn copy(&self, files: &[&str], to: &Path) {
        for file in files {
            let from = self.outside().join(file);
            if from.exists() {
                fs::copy(from, to.join(file)).unwrap();
            }
        }
    }

    fn ballast(&self) -> PathBuf {
        self.outside().join("ballast")
    }
}

#[test]
fn a_full_disk_is_full_and_empty_again() {
    let Some(disk) = Disk::of_megabytes(8) else {
        return leave_to(
            "of_files_that_may_not_grow_end_by_themselves",
            "no right to mount a disk",
        );
    };
    let file = disk.outside().join("file");
    disk.fill();
    // A file's name may find room in a folder that is there; its content does not.
    let written = fs::write(&file, [0; 8192]);
    assert_eq!(written.unwrap_err().kind(), ErrorKind::StorageFull);
    disk.make_room();
    fs::write(&file, [0; 8192]).unwrap();
    assert!(!disk.inside().join("file").exists(), "it is mounted for everybody");
}
