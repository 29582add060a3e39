//! The versions of the flows: in the order in which they appeared.

use ringback::conversation::{Source, Version};
use ringback::store::Store;

use super::{migrated, now};
use crate::support::database::{each_database, run_sql, select};

fn version(text: &str) -> Version {
    Version::of(&[Source { name: "flows/a.yaml".to_owned(), text: text.to_owned() }])
}

async fn serve(store: &Store, text: &str) -> i64 {
    store.serve_version(&version(text), now()).await.unwrap()
}

#[tokio::test]
async fn a_version_is_kept_when_it_appears_and_when_it_comes_back() {
    each_database(async |database| {
        let store = migrated(database.url()).await;
        // What a YAML file may hold, down to the last byte.
        let strange = "flow: \"Zo\u{eb} \u{1f600}\"\\\r\n\t'--' % \0";
        assert_eq!(serve(&store, "one").await, 1);
        assert_eq!(serve(&store, "one").await, 1);
        assert_eq!(serve(&store, strange).await, 2);
        assert_eq!(serve(&store, "one").await, 3);
        assert_eq!(serve(&store, "one").await, 3);
        let kept = store.version(2).await.unwrap().unwrap();
        let expected = version(strange);
        assert_eq!((kept.hash, kept.sources), (expected.hash, Some(expected.sources)));
        assert_eq!((kept.id, kept.first_served_at), (2, Some(now())));
        let mut writer = store.writer().await.unwrap();
        assert_eq!(writer.place_of_version(&version("one").hash).await.unwrap(), Some(3));
        assert_eq!(writer.place_of_version("never").await.unwrap(), None);
        assert_eq!(writer.version(1).await.unwrap().map(|version| version.id), Some(1));
        assert_eq!(writer.version(4).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn processes_that_start_at_once_serve_the_same() {
    each_database(async |database| {
        let store = migrated(database.url()).await;
        let ids = futures_util::future::join_all((0..8).map(|_| serve(&store, "one"))).await;
        let hashes = "SELECT DISTINCT hash FROM flow_versions";
        assert_eq!(select(database.url(), hashes).await, [version("one").hash]);
        // However often it appeared, the last place is its own.
        let last = *ids.iter().max().unwrap();
        assert_eq!(serve(&store, "one").await, last);
    })
    .await;
}

#[tokio::test]
async fn what_was_made_unreadable_by_hand_is_no_error() {
    each_database(async |database| {
        let store = migrated(database.url()).await;
        serve(&store, "one").await;
        run_sql(database.url(), "UPDATE flow_versions SET sources = '{}'").await;
        let kept = store.version(1).await.unwrap().unwrap();
        assert_eq!(kept.sources, None);
    })
    .await;
}
