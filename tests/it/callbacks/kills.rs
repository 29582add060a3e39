//! A service that is killed between a result and its texts.

use super::{ANN, PAID, Paying, call_back, told};
use crate::support::database::each_database;

#[tokio::test]
async fn a_result_that_was_taken_outlives_the_service() {
    each_database(async |database| {
        let Paying { bench, name } = Paying::waiting(database).await;
        assert_eq!(call_back(&bench.service, &name, PAID).await, told(202, ""));
        let bench = bench.restart(&[]);
        assert_eq!(call_back(&bench.service, &name, PAID).await, told(202, ""));
        bench.texts(1).await;
        bench.keeps(ANN, &["12.5 for Funghi. Thanks! accepted"]).await;
        assert_eq!(bench.state(ANN).await, "ORDERED");
    })
    .await;
}
