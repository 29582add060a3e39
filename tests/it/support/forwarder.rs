//! A forwarder that passes bytes on as they are and adds no header, as `ssh -R`,
//! socat and a container's port do.

use std::net::SocketAddr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::{CancellationToken, DropGuard};

/// Forwards until it goes out of scope.
pub(crate) struct Forwarder {
    address: SocketAddr,
    _ends: DropGuard,
}

impl Forwarder {
    /// From a free port of this machine.
    pub(crate) async fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let ending = CancellationToken::new();
        let forwarding = async move {
            // With the set, all connections end.
            let mut connections = JoinSet::new();
            while let Ok((mut near, _)) = listener.accept().await {
                connections.spawn(async move {
                    let Ok(mut far) = TcpStream::connect(target).await else { return };
                    // Whoever hangs up first ends it.
                    drop(copy_bidirectional(&mut near, &mut far).await);
                });
            }
        };
        tokio::spawn(ending.clone().run_until_cancelled_owned(forwarding));
        Self { address, _ends: ending.drop_guard() }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}
