//! MySQL's and MariaDB's error numbers, sorted by what to do about them
//! ("Server Error Message Reference" of MySQL, "MariaDB Error Code Reference").
//!
//! Errors in the statement or its values are not listed, and count as refused.
//! So does `ER_NET_PACKET_TOO_LARGE` (1153), since half a batch may pass.

/// The kinds of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Another transaction was in the way, and this one is rolled back.
    Conflict,
    /// A lock was not granted in time.
    Locked,
    /// The log-in failed.
    LogIn,
    /// The server accepts no connection without TLS.
    WantsTls,
    /// The database does not exist.
    Missing,
    /// Nobody can use the database at present.
    Away,
    /// The statement cannot be executed.
    Refused,
}

/// Returns the kind of this number.
pub(super) fn kind(number: u16) -> Kind {
    match number {
        1020 // ER_CHECKREAD
        | 1213 // ER_LOCK_DEADLOCK, also where Galera's certification fails
        | 1297 // ER_GET_TEMPORARY_ERRMSG
        | 1412 // ER_TABLE_DEF_CHANGED
        | 1613 // ER_XA_RBTIMEOUT
        | 1614 // ER_XA_RBDEADLOCK
        | 1615 // ER_NEED_REPREPARE
        | 3101 // ER_TRANSACTION_ROLLBACK_DURING_COMMIT: of two nodes, another was first
        => Kind::Conflict,
        1205 // ER_LOCK_WAIT_TIMEOUT
        | 1689 // ER_LOCK_ABORTED
        | 3058 // ER_USER_LOCK_DEADLOCK
        | 3572 // ER_LOCK_NOWAIT
        => Kind::Locked,
        1044 // ER_DBACCESS_DENIED_ERROR
        | 1045 // ER_ACCESS_DENIED_ERROR
        | 1130 // ER_HOST_NOT_PRIVILEGED
        | 1251 // ER_NOT_SUPPORTED_AUTH_MODE
        | 1698 // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
        | 1820 // ER_MUST_CHANGE_PASSWORD
        | 1862 // ER_MUST_CHANGE_PASSWORD_LOGIN
        | 1873 // ER_ACCESS_DENIED_CHANGE_USER_ERROR
        | 3118 // ER_ACCOUNT_HAS_BEEN_LOCKED
        | 3955 // ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK
        | 4150 // ER_USER_IS_BLOCKED (MariaDB)
        | 4151 // ER_ACCOUNT_HAS_BEEN_LOCKED (MariaDB)
        => Kind::LogIn,
        3159 // ER_SECURE_TRANSPORT_REQUIRED
        => Kind::WantsTls,
        1046 // ER_NO_DB_ERROR: it was dropped under the connection
        | 1049 // ER_BAD_DB_ERROR
        => Kind::Missing,
        number if AWAY.contains(&number) || is_a_client_s(number) => Kind::Away,
        _ => Kind::Refused,
    }
}

/// Returns whether a commit failed because another node was first: group
/// replication ends such a transaction with `ER_ERROR_DURING_COMMIT` and the
/// engine's own number for a deadlock.
pub(super) fn is_deadlock(number: u16, message: &str) -> bool {
    number == 1180 && message.starts_with("Got error 149 ")
}

/// Returns whether the error is that of a proxy: `MaxScale` uses the numbers of
/// the client library (`CR_SERVER_LOST`, 2013), `ProxySQL` those from 9001 on.
fn is_a_client_s(number: u16) -> bool {
    matches!(number, 2000..3000 | 9001..9100)
}

/// Errors after which nobody can use the database at present.
#[rustfmt::skip]
const AWAY: &[u16] = &[
    // The server's machine has run out of something.
    1021, // ER_DISK_FULL
    1037, // ER_OUTOFMEMORY
    1038, // ER_OUT_OF_SORTMEMORY
    1041, // ER_OUT_OF_RESOURCES
    1114, // ER_RECORD_FILE_FULL
    1135, // ER_CANT_CREATE_THREAD
    1206, // ER_LOCK_TABLE_FULL
    1461, // ER_MAX_PREPARED_STMT_COUNT_REACHED
    1637, // ER_TOO_MANY_CONCURRENT_TRXS
    1878, // ER_TEMP_FILE_WRITE_FAILURE
    3019, // ER_INNODB_UNDO_LOG_FULL
    4139, // ER_INDEX_FILE_FULL
    // Its files cannot be read or written.
    1004, // ER_CANT_CREATE_FILE
    1016, // ER_CANT_OPEN_FILE
    1017, // ER_FILE_NOT_FOUND
    1023, // ER_ERROR_ON_CLOSE
    1024, // ER_ERROR_ON_READ
    1026, // ER_ERROR_ON_WRITE
    1030, // ER_GET_ERRNO
    1033, // ER_NOT_FORM_FILE
    1034, // ER_NOT_KEYFILE
    1180, // ER_ERROR_DURING_COMMIT
    1181, // ER_ERROR_DURING_ROLLBACK
    1194, // ER_CRASHED_ON_USAGE
    1195, // ER_CRASHED_ON_REPAIR
    1296, // ER_GET_ERRMSG
    1712, // ER_INDEX_CORRUPT
    1815, // ER_INTERNAL_ERROR
    1877, // ER_TABLE_CORRUPT
    // It accepts nobody at present.
    1040, // ER_CON_COUNT_ERROR
    1042, // ER_BAD_HOST_ERROR
    1043, // ER_HANDSHAKE_ERROR
    1129, // ER_HOST_IS_BLOCKED
    1203, // ER_TOO_MANY_USER_CONNECTIONS
    1226, // ER_USER_LIMIT_REACHED
    3032, // ER_SERVER_OFFLINE_MODE
    3168, // ER_SERVER_ISNT_AVAILABLE
    // It shuts down, or has ended the connection or the statement.
    1053, // ER_SERVER_SHUTDOWN
    1077, // ER_NORMAL_SHUTDOWN
    1078, // ER_GOT_SIGNAL
    1079, // ER_SHUTDOWN_COMPLETE
    1080, // ER_FORCING_CLOSE
    1152, // ER_ABORTING_CONNECTION
    1184, // ER_NEW_ABORTING_CONNECTION
    1317, // ER_QUERY_INTERRUPTED
    1927, // ER_CONNECTION_KILLED
    1969, // ER_STATEMENT_TIMEOUT
    3024, // ER_QUERY_TIMEOUT
    3169, // ER_SESSION_WAS_KILLED
    4031, // ER_CLIENT_INTERACTION_TIMEOUT
    // The connection to it is broken.
    1081, // ER_IPSOCK_ERROR
    1154, // ER_NET_READ_ERROR_FROM_PIPE
    1155, // ER_NET_FCNTL_ERROR
    1156, // ER_NET_PACKETS_OUT_OF_ORDER
    1157, // ER_NET_UNCOMPRESS_ERROR
    1158, // ER_NET_READ_ERROR
    1159, // ER_NET_READ_INTERRUPTED
    1160, // ER_NET_ERROR_ON_WRITE
    1161, // ER_NET_WRITE_INTERRUPTED
    1189, // ER_SOURCE_NET_READ
    1190, // ER_SOURCE_NET_WRITE
    1218, // ER_CONNECT_TO_SOURCE
    1429, // ER_CONNECT_TO_FOREIGN_DATA_SOURCE
    1430, // ER_QUERY_ON_FOREIGN_DATA_SOURCE
    // It is read-only.
    1036, // ER_OPEN_AS_READONLY
    1223, // ER_CANT_UPDATE_WITH_READLOCK
    1290, // ER_OPTION_PREVENTS_STATEMENT
    1792, // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
    1836, // ER_READ_ONLY_MODE
    // A cluster: a node of Galera without a majority, or one that is joining, answers `WSREP has
    // not yet prepared node for application use` with this number; group replication takes no
    // transaction, or does not see in time what was committed before.
    1047, // ER_UNKNOWN_COM_ERROR
    3100, // ER_RUN_HOOK_ERROR
    3796, // ER_GRP_TRX_CONSISTENCY_NOT_ALLOWED
    3797, // ER_GRP_TRX_CONSISTENCY_BEFORE
    3798, // ER_GRP_TRX_CONSISTENCY_AFTER_ON_TRX_BEGIN
    3799, // ER_GRP_TRX_CONSISTENCY_BEGIN_NOT_ALLOWED
];

/// Returns whether a process meets this error if another one changes tables at
/// the same time: on the nodes of a cluster no lock separates them.
pub(super) fn is_race(number: u16) -> bool {
    matches!(
        number,
        1022 // ER_DUP_KEY
        | 1050 // ER_TABLE_EXISTS_ERROR
        | 1051 // ER_BAD_TABLE_ERROR
        | 1054 // ER_BAD_FIELD_ERROR
        | 1060 // ER_DUP_FIELDNAME
        | 1061 // ER_DUP_KEYNAME
        | 1062 // ER_DUP_ENTRY
        | 1068 // ER_MULTIPLE_PRI_KEY
        | 1072 // ER_KEY_COLUMN_DOES_NOT_EXITS
        | 1091 // ER_CANT_DROP_FIELD_OR_KEY
        | 1146 // ER_NO_SUCH_TABLE
        | 1176 // ER_KEY_DOES_NOT_EXITS
        | 1243 // ER_UNKNOWN_STMT_HANDLER: Galera has broken off a `PREPARE`
        | 1826 // ER_DUP_CONSTRAINT_NAME
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_that_another_node_beat_is_told_from_a_broken_one() {
        let deadlock = "Got error 149 - 'Lock deadlock; Retry transaction' during COMMIT";
        assert!(is_deadlock(1180, deadlock));
        assert!(!is_deadlock(1181, deadlock));
        assert!(!is_deadlock(1180, "Got error 28 - 'No space left on device' during COMMIT"));
    }

    #[test]
    fn each_is_sorted_by_what_to_do() {
        let sorted: [(_, &[u16]); 6] = [
            (Kind::Conflict, &[1213, 1020, 1412, 1615, 3101]),
            (Kind::Locked, &[1205, 3572, 1689]),
            (Kind::LogIn, &[1044, 1045, 1130, 1698, 3118, 4151]),
            (Kind::Missing, &[1046, 1049]),
            (
                Kind::Away,
                &[
                    1021, 1030, 1036, 1040, 1047, 1053, 1080, 1114, 1152, 1154, 1155, 1156, 1157,
                    1158, 1159, 1160, 1161, 1180, 1184, 1203, 1218, 1226, 1290, 1317, 1792, 1815,
                    1836, 1927, 1969, 2002, 2003, 2006, 2013, 3024, 3032, 3100, 3168, 3169, 3797,
                    4031, 9001,
                ],
            ),
            // About the statement, its values, or the rights to it.
            (
                Kind::Refused,
                &[
                    1054, 1062, 1064, 1105, 1142, 1146, 1153, 1227, 1264, 1364, 1366, 1406, 1644,
                    3819, 4025, 4166,
                ],
            ),
        ];
        for (expected, numbers) in sorted {
            for number in numbers {
                assert_eq!(kind(*number), expected, "{number}");
            }
        }
    }
}
