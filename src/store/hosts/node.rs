//! Whether a server of a list can be written to, and has caught up with its
//! cluster.
//!
//! A server may accept connections and yet refuse every message: a replica is
//! read-only, and a node of a cluster may be joining or in a minority. All of
//! this is read, and nothing is written: a row that is written to a node
//! outside its cluster would keep it from joining again.

use std::collections::HashMap;
use std::fmt;

use sqlx::mysql::MySqlRow;
use sqlx::{MySqlConnection, Row as _};

use crate::store::StoreError;

/// What a server says about itself. A server leaves out a variable that it does
/// not know, so one statement does for all kinds.
const VARIABLES: &str = "SHOW GLOBAL VARIABLES WHERE Variable_name IN \
     ('read_only', 'super_read_only', 'innodb_read_only', 'wsrep_on', \
      'group_replication_group_name')";

/// The state of a node of Galera.
const GALERA: &str = "SHOW GLOBAL STATUS WHERE Variable_name = 'wsrep_ready'";

/// The state of this member of a replication group, and whether it is in touch
/// with a majority. Needs a right that not every user has.
const MEMBERS: &str = "SELECT \
     CAST(COALESCE(MAX(IF(member_id = @@server_uuid, member_state, NULL)), 'OFFLINE') AS CHAR), \
     IF(2 * SUM(member_state <> 'UNREACHABLE') > COUNT(*), 'ON', 'OFF') \
     FROM performance_schema.replication_group_members";

/// Why a server that accepts connections cannot be written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// It is a replica, or somebody made it so.
    ReadOnly,
    /// Its cluster does not let it take part, for this reason.
    OutsideCluster(String),
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReadOnly => f.write_str("it is read-only"),
            Self::OutsideCluster(reason) => f.write_str(reason),
        }
    }
}

/// Fails if the server cannot be written to; otherwise waits until it has
/// applied all that was committed on other nodes.
pub(super) async fn admit(connection: &mut MySqlConnection) -> Result<(), StoreError> {
    let (cluster, unfit) = look(connection).await?;
    match unfit {
        Some(unfit) => Err(StoreError::Unavailable(unfit.to_string())),
        None => catch_up(cluster, connection).await,
    }
}

/// Returns why the server cannot be written to; `None` if it can.
pub(super) async fn unfit(connection: &mut MySqlConnection) -> Result<Option<Unfit>, StoreError> {
    Ok(look(connection).await?.1)
}

async fn look(connection: &mut MySqlConnection) -> Result<(Cluster, Option<Unfit>), StoreError> {
    let node = Node(pairs(connection, VARIABLES).await?);
    let cluster = node.cluster();
    if node.is_read_only() {
        return Ok((cluster, Some(Unfit::ReadOnly)));
    }
    let reason = match cluster {
        Cluster::None => None,
        Cluster::Galera => {
            let status = pairs(connection, GALERA).await?;
            let is_ready = status.get("wsrep_ready").is_some_and(|ready| ready == "ON");
            (!is_ready).then(|| "it is not ready in its cluster".to_owned())
        }
        Cluster::Group => member_trouble(connection).await?,
    };
    Ok((cluster, reason.map(Unfit::OutsideCluster)))
}

/// Waits until a node has applied all that was committed before. It does so
/// once, since all connections go to one host from then on. To wait in each
/// transaction would cost a round of the cluster, and change little: what two
/// nodes write at the same time, they find out at the commit.
async fn catch_up(cluster: Cluster, connection: &mut MySqlConnection) -> Result<(), StoreError> {
    let statements = match cluster {
        Cluster::None => return Ok(()),
        Cluster::Galera => {
            "SET SESSION wsrep_sync_wait = 1; BEGIN; COMMIT; \
             SET SESSION wsrep_sync_wait = DEFAULT"
        }
        Cluster::Group => {
            "SET SESSION group_replication_consistency = 'BEFORE'; BEGIN; COMMIT; \
             SET SESSION group_replication_consistency = DEFAULT"
        }
    };
    sqlx::raw_sql(statements).execute(connection).await?;
    Ok(())
}

/// Returns why a member of a group cannot be written to, if that is known.
async fn member_trouble(connection: &mut MySqlConnection) -> Result<Option<String>, StoreError> {
    let members = match pairs(connection, MEMBERS).await.map_err(StoreError::from) {
        Ok(members) => members,
        // The user lacks the right. A write will show it.
        Err(StoreError::Refused(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(members.iter().find_map(|(state, has_majority)| match state.as_str() {
        "ONLINE" if has_majority == "ON" => None,
        "ONLINE" => Some("it is cut off from the majority of its group".to_owned()),
        state => Some(format!("its group has it as {state}")),
    }))
}

/// What a server replicates with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cluster {
    None,
    Galera,
    Group,
}

/// The variables of a server.
struct Node(HashMap<String, String>);

impl Node {
    fn is_on(&self, name: &str) -> bool {
        !matches!(self.0.get(name).map_or("", String::as_str), "" | "OFF" | "0")
    }

    fn is_read_only(&self) -> bool {
        let names = ["read_only", "super_read_only", "innodb_read_only"];
        names.into_iter().any(|name| self.is_on(name))
    }

    fn cluster(&self) -> Cluster {
        if self.is_on("wsrep_on") {
            Cluster::Galera
        } else if self.is_on("group_replication_group_name") {
            Cluster::Group
        } else {
            Cluster::None
        }
    }
}

/// Returns the pairs in the rows of a statement. It is sent as text: a node
/// that is not ready prepares no statement.
async fn pairs(
    connection: &mut MySqlConnection,
    statement: &'static str,
) -> Result<HashMap<String, String>, sqlx::Error> {
    let rows = sqlx::raw_sql(statement).fetch_all(connection).await?;
    // Some servers call these texts binary.
    let pair = |row: &MySqlRow| Ok((row.try_get_unchecked(0)?, row.try_get_unchecked(1)?));
    rows.iter().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(variables: &[(&str, &str)]) -> Node {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Node(variables.iter().map(owned).collect())
    }

    #[test]
    fn a_server_is_read_only_by_any_of_its_variables() {
        for (variables, is_read_only) in [
            (&[("read_only", "OFF"), ("innodb_read_only", "OFF")] as &[_], false),
            (&[("read_only", "OFF"), ("super_read_only", "OFF")], false),
            (&[("read_only", "ON"), ("super_read_only", "OFF")], true),
            (&[("read_only", "OFF"), ("innodb_read_only", "ON")], true),
            // MariaDB 12.
            (&[("read_only", "NO_LOCK_NO_ADMIN")], true),
            (&[("read_only", "0")], false),
            (&[], false),
        ] {
            assert_eq!(node(variables).is_read_only(), is_read_only, "{variables:?}");
        }
    }

    #[test]
    fn a_cluster_is_told_by_its_variables() {
        for (variables, expected) in [
            (&[("wsrep_on", "ON")] as &[_], Cluster::Galera),
            (&[("wsrep_on", "OFF"), ("read_only", "OFF")], Cluster::None),
            (&[("group_replication_group_name", "5fbd1c2e")], Cluster::Group),
            (&[("group_replication_group_name", "")], Cluster::None),
            (&[], Cluster::None),
        ] {
            assert_eq!(node(variables).cluster(), expected, "{variables:?}");
        }
    }
}
