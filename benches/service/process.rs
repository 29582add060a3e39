//! What processes cost, from `/proc`: CPU time and peak memory.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

/// The unit of times in `/proc/PID/stat`: `USER_HZ` is 100 wherever Linux runs today.
const TICK: Duration = Duration::from_millis(10);

/// What a process, and all below it, has used since it began.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    /// In user and kernel mode.
    pub(crate) cpu: Duration,
    /// The sum of each process's own peak of resident memory, in bytes. Pages
    /// that processes share are counted for each.
    pub(crate) peak: u64,
}

/// What this process and its children, and theirs, have used.
pub(crate) fn tree(root: u32) -> Usage {
    let parents: HashMap<u32, u32> =
        processes().filter_map(|pid| Some((pid, parent(pid)?))).collect();
    let is_below = |mut pid: u32| {
        while pid != root {
            match parents.get(&pid) {
                Some(&parent) if parent != 0 => pid = parent,
                _ => return false,
            }
        }
        true
    };
    parents.keys().filter(|&&pid| is_below(pid)).fold(Usage::default(), |sum, &pid| {
        let usage = of(pid);
        Usage { cpu: sum.cpu + usage.cpu, peak: sum.peak + usage.peak }
    })
}

/// What one process has used; nothing if it is not there.
pub(crate) fn of(pid: u32) -> Usage {
    let ticks = stat(pid).map_or(0, |fields| {
        let field = |number: usize| fields.get(number - 3).and_then(|text| text.parse().ok());
        // utime and stime; see proc_pid_stat(5).
        field(14).unwrap_or(0) + field(15).unwrap_or(0)
    });
    Usage { cpu: TICK * ticks, peak: peak(pid) }
}

/// Lets the peak of a process's memory begin anew. Where that is not allowed
/// the peak is that since the process began.
pub(crate) fn reset_peak(pid: u32) {
    drop(fs::write(format!("/proc/{pid}/clear_refs"), "5"));
}

/// The name of a process's program.
pub(crate) fn program(pid: u32) -> Option<String> {
    Some(fs::read_to_string(format!("/proc/{pid}/comm")).ok()?.trim().to_owned())
}

fn processes() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn parent(pid: u32) -> Option<u32> {
    stat(pid)?.get(1)?.parse().ok()
}

/// The fields of `/proc/PID/stat` from the third on: the second is a name, and may hold anything.
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

fn peak(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: Option<u64> =
        line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok());
    kilobytes.unwrap_or(0) * 1024
}
