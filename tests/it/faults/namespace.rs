//! A part of the file tree that is a test's own: what is mounted there is seen
//! by the processes that a test starts in it, and by no other.
//!
//! It is a mount namespace (`unshare`, `nsenter`), so it needs no place on the
//! machine, and the kernel takes it away with the last process in it, however
//! that ended. Root may make one; elsewhere a user namespace is tried first.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Gone with this value, and with the processes that were started in it.
#[derive(Debug)]
pub(super) struct Namespace {
    holder: Child,
    /// How another process gets in, but for whose it is.
    enter: &'static [&'static str],
}

impl Namespace {
    /// One in which this script of `sh` has run as root, with these arguments;
    /// `None` where the rights for it are missing.
    pub(super) fn after(script: &str, arguments: &[&Path]) -> Option<Self> {
        Self::made(&["--mount"], &["--mount"], script, arguments)
            .or_else(|| Self::of_users(script, arguments))
    }

    /// The same in a user namespace, where somebody who is not root may mount
    /// what harms nobody.
    pub(super) fn of_users(script: &str, arguments: &[&Path]) -> Option<Self> {
        let enter = &["--user", "--preserve-credentials", "--mount"];
        Self::made(&["--map-root-user", "--mount"], enter, script, arguments)
    }

    fn made(
        make: &[&str],
        enter: &'static [&'static str],
        script: &str,
        arguments: &[&Path],
    ) -> Option<Self> {
        // It lives until its input ends: with this value, or with this process.
        let held = format!("set -e\n{script}\necho ready\nexec cat >&2");
        let mut holder = Command::new("unshare")
            .args(make)
            .args(["sh", "-c", &held, "sh"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut said = String::new();
        BufReader::new(holder.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let namespace = Self { holder, enter };
        (said == "ready\n").then_some(namespace)
    }

    /// The command that starts another one inside, in this folder.
    pub(super) fn starting_in(&self, folder: &Path) -> Vec<String> {
        let target = ["nsenter".to_owned(), format!("--target={}", self.holder.id())];
        let enter = self.enter.iter().map(|&option| option.to_owned());
        let folder = ["env".to_owned(), "-C".to_owned(), folder.to_str().unwrap().to_owned()];
        target.into_iter().chain(enter).chain(folder).collect()
    }

    /// Where this process, outside, finds what is there inside.
    pub(super) fn seen_from_outside(&self, path: &Path) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.holder.id()));
        root.join(path.strip_prefix("/").unwrap())
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        drop(self.holder.kill());
        drop(self.holder.wait());
    }
}
