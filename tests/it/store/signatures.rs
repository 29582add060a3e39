//! Whose signatures are: the first message's, until that message is forgotten.

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use ringback::server::retention::prune;
use ringback::store::{SignatureClaims, SignatureOwner, Writer};

use super::{migrated, now, sender};
use crate::support::database::{each_database, select};

fn owner(id: &str) -> SignatureOwner {
    SignatureOwner { message_id: id.to_owned(), sender: sender("+15550000001") }
}

/// Claims signatures 0, 1, … for this message; whose they are then.
async fn claim(writer: &mut Writer, id: &str, count: u16, at: Timestamp) -> Vec<String> {
    let signature = |n: u16| {
        let mut signature = [0xff; 20];
        signature[..2].copy_from_slice(&n.to_be_bytes());
        signature
    };
    let claims: SignatureClaims = (0..count).map(|n| (signature(n), owner(id))).collect();
    let owners = writer.claim_signatures(&claims, at).await.unwrap();
    assert_eq!(owners.len(), usize::from(count));
    (0..count).map(|n| owners[&signature(n)].message_id.clone()).collect()
}

#[tokio::test]
async fn a_signature_stays_whoever_s_it_was_first() {
    each_database(async |database| {
        let store = migrated(database.url()).await;
        let mut writer = store.writer().await.unwrap();
        assert_eq!(claim(&mut writer, "SM1", 3, now()).await, ["SM1"; 3]);
        assert_eq!(claim(&mut writer, "SM2", 5, now()).await, ["SM1", "SM1", "SM1", "SM2", "SM2"]);
        let mut other = store.writer().await.unwrap();
        assert_eq!(claim(&mut other, "SM1", 4, now()).await, ["SM1", "SM1", "SM1", "SM2"]);
        // More than a statement takes.
        assert_eq!(claim(&mut other, "SM3", 600, now()).await[5..], ["SM3"; 595]);
    })
    .await;
}

#[tokio::test]
async fn processes_that_claim_at_once_agree() {
    each_database(async |database| {
        let store = migrated(database.url()).await;
        let ids: Vec<String> = (0..8).map(|n| format!("SM{n}")).collect();
        let claims = ids.iter().map(async |id| {
            let mut writer = store.writer().await.unwrap();
            claim(&mut writer, id, 20, now()).await
        });
        let owners = join_all(claims).await;
        for other in &owners {
            assert_eq!(other, &owners[0]);
        }
        assert_eq!(select(database.url(), "SELECT message_id FROM signatures").await, owners[0]);
    })
    .await;
}

#[tokio::test]
async fn old_signatures_go_after_their_messages() {
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        let hours = SignedDuration::from_hours;
        claim(&mut writer, "SMold", 1_200, now() - hours(2)).await;
        let kept = async || {
            let count = "SELECT CAST(COUNT(*) AS CHAR) FROM signatures";
            select(url, count).await[0].parse::<usize>().unwrap()
        };
        // Its message may have been taken up to now, and is then kept as long.
        assert_eq!(prune(&store, now() - hours(1)).await.unwrap(), 0);
        assert_eq!(kept().await, 1_200);
        // What comes again is as new.
        claim(&mut writer, "SMold", 3, now()).await;
        assert_eq!(prune(&store, now()).await.unwrap(), 0, "they are no messages");
        assert_eq!(kept().await, 3);
        assert_eq!(
            claim(&mut writer, "SMnew", 4, now()).await,
            ["SMold", "SMold", "SMold", "SMnew"]
        );
    })
    .await;
}
