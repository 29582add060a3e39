//! Migrations: at once, again, and after one was killed.

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
