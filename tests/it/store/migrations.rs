//! Migrations: at once, again, and after one was killed.

use std::collections::HashSet;

use futures_util::future::join_all;
use ringback::store::url::DatabaseUrl;
use ringback::store::{Saved, Store};

use super::{message, migrated, take};
use crate::support::database::{each_database, on_mysql, run_sql, select};

#[tokio::test]
async fn two_processes_that_start_at_once_do_not_collide() {
    each_database(async |database| {
        let url = database.url();
        let stores: Vec<Store> =
            (0..4).map(|_| Store::new(&DatabaseUrl::parse(url).unwrap()).unwrap()).collect();
        for migrated in join_all(stores.iter().map(Store::migrate)).await {
            migrated.unwrap();
        }
        stores[0].ready().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_database_that_is_not_migrated_is_not_ready() {
    each_database(async |database| {
        let url = database.url();
        let store = Store::new(&DatabaseUrl::parse(url).unwrap()).unwrap();
        store.ready().await.unwrap_err();
        store.migrate().await.unwrap();
        store.ready().await.unwrap();
    })
    .await;
}

/// MySQL commits each change of a table by itself, so a process that is killed
/// leaves a file begun: marked so, and done in part or whole.
#[tokio::test]
async fn a_migration_that_was_killed_midway_is_run_again() {
    on_mysql(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let versions =
            select(url, "SELECT CAST(version AS CHAR) FROM _sqlx_migrations ORDER BY version")
                .await;
        assert!(versions.len() >= 10);
        for version in versions {
            let wound = format!(
                "UPDATE _sqlx_migrations SET success = FALSE WHERE version = {version}; \
                 DELETE FROM _sqlx_migrations WHERE version > {version}"
            );
            run_sql(url, &wound).await;
            store.migrate().await.unwrap_or_else(|error| panic!("{version}: {error}"));
        }
        let mut writer = store.writer().await.unwrap();
        assert_eq!(take(&mut writer, vec![message("SM1", "+1")]).await.unwrap(), Saved::Done);
    })
    .await;
}

#[tokio::test]
async fn a_newer_release_may_have_migrated_further() {
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        run_sql(url,
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (9999, 'of the future', TRUE, '', 0)",
        )
        .await;
        store.migrate().await.unwrap();
    })
    .await;
}

/// `GET_LOCK` is each node's own, so two processes that start on two nodes of a
/// cluster migrate at the same time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn processes_that_no_lock_keeps_apart_migrate_together() {
    for round in 0..3 {
        on_mysql(async |database| {
            let migrating: Vec<_> = (0..3)
                .map(|_| {
                    let store = Store::new(&DatabaseUrl::parse(database.url()).unwrap()).unwrap();
                    tokio::spawn(async move {
                        store.migrate_without_lock().await?;
                        store.key("test", uuid::Uuid::new_v4().to_string()).await
                    })
                })
                .collect();
            let mut keys = HashSet::new();
            for migrated in join_all(migrating).await {
                let key = migrated.unwrap().unwrap_or_else(|error| panic!("{round}: {error}"));
                keys.insert(key);
            }
            assert_eq!(keys.len(), 1, "{keys:?}");
            let applied = "SELECT CAST(COUNT(*) AS CHAR) FROM _sqlx_migrations WHERE success";
            let applied = select(database.url(), applied).await;
            let store = migrated(database.url()).await;
            let all = "SELECT CAST(COUNT(*) AS CHAR) FROM _sqlx_migrations";
            assert_eq!(applied, select(database.url(), all).await, "{round}");
            store.ready().await.unwrap();
            let mut writer = store.writer().await.unwrap();
            assert_eq!(take(&mut writer, vec![message("SM1", "+1")]).await.unwrap(), Saved::Done);
        })
        .await;
    }
}
