//! The files that the page has attached, in memory: bounded in number and in
//! bytes. The oldest are forgotten first.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use uuid::Uuid;

use super::number::PhoneChannel;

/// The bytes of all files together.
const MAX_BYTES: usize = 64_000_000;

/// The number of files.
const MAX_FILES: usize = 500;

/// The largest picture by SMS, in bytes (Twilio docs, messaging/api/message-resource).
const SMS_PICTURE: usize = 5_000_000;

/// The largest other file by SMS.
const SMS_OTHER: usize = 500_000;

/// The largest file by any channel; WhatsApp takes that much.
pub(super) const LARGEST: usize = 16_000_000;

/// A file.
#[derive(Clone, Debug)]
pub(in crate::simulator) struct KeptFile {
    /// Its id, which is the last part of its path.
    pub(in crate::simulator) id: Uuid,
    /// The name that it had on the person's disk.
    pub(in crate::simulator) name: String,
    /// Its MIME type in small letters, without parameters.
    pub(in crate::simulator) media_type: String,
    /// What is in it.
    pub(in crate::simulator) content: Bytes,
}

impl KeptFile {
    /// Returns an error, in words, if a phone cannot send the file by a channel.
    pub(super) fn check(&self, channel: PhoneChannel) -> Result<(), String> {
        let most = largest(channel, &self.media_type);
        if self.content.len() <= most {
            return Ok(());
        }
        let most = match most {
            SMS_OTHER => "500 kB".to_owned(),
            bytes => format!("{} MB", bytes / 1_000_000),
        };
        Err(format!("by {} a file of this type has at most {most}\n", channel.name()))
    }
}

/// Returns how many bytes a file of a type may have on a channel.
fn largest(channel: PhoneChannel, media_type: &str) -> usize {
    match (channel, media_type) {
        (PhoneChannel::Sms, "image/jpeg" | "image/png" | "image/gif") => SMS_PICTURE,
        (PhoneChannel::Sms, _) => SMS_OTHER,
        (PhoneChannel::Whatsapp | PhoneChannel::Rcs, _) => LARGEST,
    }
}

/// The files that are kept, oldest first.
#[derive(Debug, Default)]
pub(in crate::simulator) struct Files(Mutex<VecDeque<KeptFile>>);

impl Files {
    /// Keeps a file.
    pub(super) fn keep(&self, file: KeptFile) {
        let mut files = self.get();
        files.push_back(file);
        let mut bytes: usize = files.iter().map(|file| file.content.len()).sum();
        while bytes > MAX_BYTES || files.len() > MAX_FILES {
            let Some(oldest) = files.pop_front() else { break };
            bytes -= oldest.content.len();
        }
    }

    /// Returns a file, if it is still kept.
    pub(in crate::simulator) fn find(&self, id: Uuid) -> Option<KeptFile> {
        self.get().iter().find(|file| file.id == id).cloned()
    }

    fn get(&self) -> MutexGuard<'_, VecDeque<KeptFile>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(media_type: &str, size: usize) -> KeptFile {
        KeptFile {
            id: Uuid::new_v4(),
            name: "a".to_owned(),
            media_type: media_type.to_owned(),
            content: Bytes::from(vec![0; size]),
        }
    }

    #[test]
    fn each_channel_has_its_limits() {
        for (channel, media_type, most, words) in [
            (
                PhoneChannel::Sms,
                "image/jpeg",
                5_000_000,
                "by SMS a file of this type has at most 5 MB\n",
            ),
            (
                PhoneChannel::Sms,
                "image/png",
                5_000_000,
                "by SMS a file of this type has at most 5 MB\n",
            ),
            (
                PhoneChannel::Sms,
                "image/webp",
                500_000,
                "by SMS a file of this type has at most 500 kB\n",
            ),
            (
                PhoneChannel::Sms,
                "audio/ogg",
                500_000,
                "by SMS a file of this type has at most 500 kB\n",
            ),
            (
                PhoneChannel::Whatsapp,
                "audio/ogg",
                16_000_000,
                "by WhatsApp a file of this type has at most 16 MB\n",
            ),
            (
                PhoneChannel::Rcs,
                "image/png",
                16_000_000,
                "by RCS a file of this type has at most 16 MB\n",
            ),
        ] {
            assert_eq!(file(media_type, most).check(channel), Ok(()), "{channel:?} {media_type}");
            let refused = file(media_type, most + 1).check(channel);
            assert_eq!(refused, Err(words.to_owned()), "{channel:?} {media_type}");
        }
    }

    #[test]
    fn the_oldest_are_forgotten_first() {
        let files = Files::default();
        let (first, second) = (file("a/b", 16_000_000), file("a/b", 16_000_000));
        files.keep(first.clone());
        files.keep(second.clone());
        for _ in 0..2 {
            files.keep(file("a/b", 16_000_000));
        }
        assert!(files.find(first.id).is_some());
        files.keep(file("a/b", 1));
        assert!(files.find(first.id).is_none());
        assert_eq!(files.find(second.id).map(|file| file.content.len()), Some(16_000_000));
        for _ in 0..MAX_FILES {
            files.keep(file("a/b", 0));
        }
        assert!(files.find(second.id).is_none());
    }
}
