//! What a message brought in addition to its text, as the page shows it: files, a
//! place, a tap, a reaction. It is read from the parameters that the transcript
//! keeps.

use serde::Serialize;
use serde_json::{Map, Value};

use super::phone::{Files, path_in};
use crate::message::Media;
use crate::store::transcript::Entry;

/// What came with a message.
#[derive(Debug, Default, Serialize)]
pub(super) struct SentData {
    media: Vec<MediaData>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<LocationData>,
    /// The id of the message that it is a reaction to.
    #[serde(skip_serializing_if = "Option::is_none")]
    reaction_to: Option<String>,
    /// Whether an option was tapped.
    tapped: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile_name: Option<String>,
}

/// A file.
#[derive(Debug, Serialize)]
struct MediaData {
    url: String,
    #[serde(rename = "type")]
    media_type: String,
    /// The path at which the page finds it, if the page attached it.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// Its name, as long as the file is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

/// A place.
#[derive(Debug, Serialize)]
struct LocationData {
    latitude: String,
    longitude: String,
    label: Option<String>,
    address: Option<String>,
}

impl SentData {
    pub(super) fn of(entry: &Entry, files: &Files) -> Self {
        let parameters: Map<String, Value> = entry
            .parameters
            .as_deref()
            .and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or_default();
        let text = |name: &str| parameters.get(name).and_then(Value::as_str).map(str::to_owned);
        let place = || {
            let (latitude, longitude) = (text("Latitude")?, text("Longitude")?);
            let (label, address) = (text("Label"), text("Address"));
            Some(LocationData { latitude, longitude, label, address })
        };
        let is_reaction = text("MessageType").is_some_and(|kind| kind == "reaction");
        Self {
            media: entry.media.iter().map(|media| MediaData::of(media, files)).collect(),
            place: place(),
            reaction_to: text("OriginalRepliedMessageSid").filter(|_| is_reaction),
            tapped: parameters.contains_key("ButtonText") || parameters.contains_key("ListTitle"),
            profile_name: text("ProfileName"),
        }
    }
}

impl MediaData {
    fn of(media: &Media, files: &Files) -> Self {
        let found = path_in(&media.url);
        let kept = found.as_ref().and_then(|(id, _)| files.find(*id));
        Self {
            url: media.url.clone(),
            media_type: media.content_type.clone(),
            path: found.map(|(_, path)| path),
            name: kept.map(|file| file.name),
        }
    }
}
